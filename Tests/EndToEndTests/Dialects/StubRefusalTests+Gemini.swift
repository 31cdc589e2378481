import Foundation
import TestSupport
import XCTest

extension StubRefusalTests {
    func testGeminisRefusals() throws {
        func user(_ parts: [[String: Any]]) -> [String: Any] { ["role": "user", "parts": parts] }
        func model(_ parts: [[String: Any]]) -> [String: Any] { ["role": "model", "parts": parts] }
        func tool(_ parameters: [String: Any], name: String = "look") -> [[String: Any]] {
            [["functionDeclarations": [["name": name, "parameters": parameters]]]]
        }
        func object(_ property: [String: Any]) -> [String: Any] { ["type": "OBJECT", "properties": ["a": property]] }
        let call: [String: Any] = ["functionCall": ["name": "look", "args": [String: Any]()]]
        let result: [String: Any] = ["functionResponse": ["name": "look", "response": ["a": 1]]]
        let hello = user([["text": "hello"]])
        try check(
            .gemini, question: .init(tools: ["look"]),
            [
                ("contents is not specified", { $0["contents"] = nil }),
                ("contents is not specified", { $0["contents"] = [Any]() }),
                (#"Unknown name \"messages\": Cannot find field."#, { $0["messages"] = [Any]() }),
                (
                    #"Unknown name \"max_tokens\" at 'generation_config'"#,
                    { $0["generationConfig"] = ["max_tokens": 7] }
                ),
                ("temperature must be in the range", { $0["generationConfig"] = ["temperature": 2.5] }),
                (
                    "at most 5 stop sequences",
                    { $0["generationConfig"] = ["stopSequences": ["a", "b", "c", "d", "e", "f"]] }
                ),
                (
                    "Invalid value at 'generation_config.max_output_tokens'",
                    { $0["generationConfig"] = ["maxOutputTokens": "7"] }
                ),
                ("Please use a valid role", { $0["contents"] = [["role": "assistant", "parts": [["text": "x"]]]] }),
                ("contents.parts must not be empty", { $0["contents"] = [user([])] }),
                ("required oneof field 'data'", { $0["contents"] = [user([["text": ""]])] }),
                (
                    #"Unknown name \"type\" at 'contents[0].parts[0]'"#,
                    { $0["contents"] = [user([["type": "text", "text": "x"]])] }
                ),
                (
                    "Base64 decoding failed",
                    { $0["contents"] = [user([["inlineData": ["mimeType": "image/png", "data": "?"]]])] }
                ),
                (
                    "function call turn comes immediately after a user turn",
                    { $0["contents"] = [hello, model([["text": "so"]]), model([call]), user([result])] }
                ),
                (
                    "number of function response parts is equal",
                    { $0["contents"] = [hello, model([call, call]), user([result])] }
                ),
                (
                    "function response turn comes immediately after a function call turn",
                    { $0["contents"] = [hello, model([["text": "so"]]), user([result])] }
                ),
                (
                    "function response names match",
                    {
                        let other = ["functionResponse": ["name": "toolu_1", "response": ["a": 1]]]
                        $0["contents"] = [hello, model([call]), user([other])]
                    }
                ),
                (
                    "type.googleapis.com/google.protobuf.Struct",
                    {
                        let text = ["functionResponse": ["name": "look", "response": "bright"]]
                        $0["contents"] = [hello, model([call]), user([text])]
                    }
                ),
                (
                    "Corrupted thought signature",
                    {
                        $0["contents"] = [
                            hello, model([call.merging(["thoughtSignature": "aGk="]) { $1 }]), user([result]),
                        ]
                    }
                ),
                (
                    "missing a thought_signature in functionCall parts",
                    {
                        $0["generationConfig"] = ["thinkingConfig": ["thinkingLevel": "low"]]
                        $0["contents"] = [hello, model([call]), user([result])]
                    }
                ),
                (
                    "only one of thinking budget and thinking level",
                    {
                        $0["generationConfig"] = ["thinkingConfig": ["thinkingLevel": "low", "thinkingBudget": 5]]
                    }
                ),
                (
                    #"Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters'"#,
                    { $0["tools"] = tool(object(["type": "STRING"]).merging(["additionalProperties": false]) { $1 }) }
                ),
                (
                    #"Unknown name \"$ref\" at 'tools[0].function_declarations[0].parameters.properties[0].value'"#,
                    { $0["tools"] = tool(object(["$ref": "#/$defs/a"])) }
                ),
                (#"Unknown name \"const\""#, { $0["tools"] = tool(object(["const": 1])) }),
                (
                    #"Unknown name \"$schema\""#,
                    { $0["tools"] = tool(object(["type": "STRING"]).merging(["$schema": "x"]) { $1 }) }
                ),
                ("items: missing field", { $0["tools"] = tool(object(["type": "ARRAY"])) }),
                (
                    "enum: only allowed for STRING type",
                    { $0["tools"] = tool(object(["type": "INTEGER", "enum": ["1"]])) }
                ),
                ("TYPE_STRING), 1", { $0["tools"] = tool(object(["type": "STRING", "enum": [1]])) }),
                (
                    "should be non-empty for OBJECT type",
                    { $0["tools"] = tool(["type": "OBJECT", "properties": [String: Any]()]) }
                ),
                (
                    "required[0]: property is not defined",
                    { $0["tools"] = tool(object(["type": "STRING"]).merging(["required": ["b"]]) { $1 }) }
                ),
                (
                    "Invalid value at 'tools[0].function_declarations[0].parameters.type'",
                    { $0["tools"] = tool(["type": ["object", "null"]]) }
                ),
                (
                    "format: only 'enum' and 'date-time'",
                    { $0["tools"] = tool(object(["type": "STRING", "format": "uri"])) }
                ),
                ("Invalid function name", { $0["tools"] = tool(object(["type": "STRING"]), name: "1a") }),
                ("Invalid function name", { $0["tools"] = tool(object(["type": "STRING"]), name: "a/b") }),
                (#"Unknown name \"function\" at 'tools[0]'"#, { $0["tools"] = [["function": ["name": "look"]]] }),
                (
                    "allowed_function_names only when function calling mode is ANY",
                    {
                        $0["toolConfig"] = ["functionCallingConfig": ["allowedFunctionNames": ["look"]]]
                    }
                ),
                (
                    "only allowed for response_mime_type",
                    { $0["generationConfig"] = ["responseSchema": ["type": "STRING"]] }
                ),
            ])
        // A turn of the same role may follow, and both spellings are taken.
        var question = DialectSpeech.Question()
        question.more = [user([["text": "more"]])]
        question.extra = ["system_instruction": ["parts": [["text": "x"]]], "generation_config": ["top_k": 4]]
        XCTAssertEqual(try send(.gemini, question).status, 200)
    }
}

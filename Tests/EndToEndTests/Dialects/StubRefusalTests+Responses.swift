import Foundation
import TestSupport
import XCTest

extension StubRefusalTests {
    /// Beside the words: what the error says apart.
    private func check(
        _ changes: [(words: String, param: String?, code: String?, change: [String: Any?])], line: UInt = #line
    ) throws {
        let caller = HTTPCaller(port: port)
        func answer(_ body: [String: Any]) throws -> HTTPAnswer {
            try caller.send(
                "POST", "/v1/responses", headers: DialectSpeech.responses.headers(key: key),
                body: Array(try JSONSerialization.data(withJSONObject: body, options: [.withoutEscapingSlashes])))
        }
        let good = DialectSpeech.responses.body(.init(tools: ["look"]))
        XCTAssertEqual(try answer(good).status, 200, line: line)
        for (words, param, code, change) in changes {
            var body = good
            for (name, value) in change { body[name] = value }
            let answer = try answer(body)
            XCTAssertEqual(answer.status, 400, "\(words): \(answer.text)", line: line)
            XCTAssertEqual(answer.errorType, "invalid_request_error", answer.text, line: line)
            XCTAssertTrue(answer.text.contains(words), "\(words): \(answer.text)", line: line)
            XCTAssertEqual(answer.errorParam, param, answer.text, line: line)
            XCTAssertEqual(answer.errorCode, code, answer.text, line: line)
        }
    }

    func testResponsesRefusalsOfParameters() throws {
        func integer(_ code: String) -> String { "integer_\(code)_value" }
        try check([
            ("Missing required parameter: 'input'", "input", "missing_required_parameter", ["input": nil]),
            ("Missing required parameter: 'model'", "model", "missing_required_parameter", ["model": nil]),
            ("Unknown parameter: 'stop'", "stop", "unknown_parameter", ["stop": ["x"]]),
            ("Unknown parameter: 'seed'", "seed", "unknown_parameter", ["seed": 7]),
            ("has moved to 'input'", "messages", "unsupported_parameter", ["messages": [Any]()]),
            ("has moved to 'max_output_tokens'", "max_tokens", "unsupported_parameter", ["max_tokens": 40]),
            ("has moved to 'text.format'", "response_format", "unsupported_parameter", ["response_format": [:]]),
            ("expected one of a string or array", "input", "invalid_type", ["input": 7]),
            ("Invalid 'input': empty array", "input", "empty_array", ["input": [Any]()]),
            (
                "Expected a value >= 16, but got 5", "max_output_tokens", integer("below_min"),
                ["max_output_tokens": 5]
            ),
            ("Expected a value <= 2", "temperature", "decimal_above_max_value", ["temperature": 2.5]),
            ("expected a number", "temperature", "invalid_type", ["temperature": "hot"]),
            ("Expected a value >= 0", "top_p", "decimal_below_min_value", ["top_p": -1]),
            ("Expected a value <= 20", "top_logprobs", integer("above_max"), ["top_logprobs": 21]),
            ("Supported values are: 'auto', and 'disabled'", "truncation", "invalid_value", ["truncation": "on"]),
            ("Invalid value: 'thoughts'", "include[0]", "invalid_value", ["include": ["thoughts"]]),
            ("Invalid value: 'huge'", "reasoning.effort", "invalid_value", ["reasoning": ["effort": "huge"]]),
            ("'reasoning.budget'", "reasoning.budget", "unknown_parameter", ["reasoning": ["budget": 1]]),
            ("expected a boolean", "store", "invalid_type", ["store": "no"]),
            ("only allowed when 'stream'", "stream_options", nil, ["stream_options": ["include_obfuscation": false]]),
            (
                "'stream_options.include_usage'", "stream_options.include_usage", "unknown_parameter",
                ["stream": true, "stream_options": ["include_usage": true]]
            ),
            (
                "string too long", "metadata.k", "string_above_max_length",
                ["metadata": ["k": String(repeating: "x", count: 513)]]
            ),
            ("begins with 'resp'", "previous_response_id", "invalid_value", ["previous_response_id": "chatcmpl-1"]),
            ("not found", "previous_response_id", "previous_response_not_found", ["previous_response_id": "resp_1"]),
        ])
    }

    func testResponsesRefusalsOfTools() throws {
        func tool(_ more: [String: Any], name: Any? = "look") -> [String: Any?] {
            var tool: [String: Any] = ["type": "function"]
            if let name { tool["name"] = name }
            return ["tools": [tool.merging(more) { $1 }]]
        }
        let open: [String: Any] = ["type": "object", "properties": ["place": ["type": "string"]]]
        func format(_ schema: [String: Any], strict: Bool = true) -> [String: Any?] {
            ["text": ["format": ["type": "json_schema", "name": "river", "schema": schema, "strict": strict]]]
        }
        let parameters = "tools[0].parameters"
        let invalid = "invalid_function_parameters"
        try check([
            // As chat completions have it.
            (
                "Missing required parameter: 'tools[0].name'", "tools[0].name", "missing_required_parameter",
                tool(["function": ["name": "look"]], name: nil)
            ),
            ("'tools[0].function'", "tools[0].function", "unknown_parameter", tool(["function": ["name": "look"]])),
            ("does not match pattern", "tools[0].name", "invalid_value", tool([:], name: "a.b")),
            ("schema must be a JSON Schema", parameters, invalid, tool(["parameters": [String: Any]()])),
            (
                "In context=(), 'additionalProperties' is required", parameters, invalid,
                tool(["parameters": open, "strict": true])
            ),
            ("Invalid value: 'retrieval'", "tools[0].type", "invalid_value", ["tools": [["type": "retrieval"]]]),
            ("not found in 'tools'", "tool_choice", nil, ["tool_choice": ["type": "function", "name": "listen"]]),
            (
                "'tool_choice.function'", "tool_choice.function", "unknown_parameter",
                ["tool_choice": ["type": "function", "function": ["name": "look"]]]
            ),
            ("Invalid value: 'any'", "tool_choice", "invalid_value", ["tool_choice": "any"]),
            ("must be specified with 'tools'", "tool_choice", nil, ["tools": nil, "tool_choice": "required"]),
            ("'additionalProperties' is required", "text.format.schema", "invalid_json_schema", format(open)),
            (
                "Missing 'place'", "text.format.schema", "invalid_json_schema",
                format(open.merging(["additionalProperties": false]) { $1 })
            ),
            (
                "Missing required parameter: 'text.format.name'", "text.format.name", "missing_required_parameter",
                ["text": ["format": ["type": "json_schema", "schema": open]]]
            ),
            (
                "'text.format.json_schema'", "text.format.json_schema", "unknown_parameter",
                ["text": ["format": ["type": "json_schema", "json_schema": ["name": "river", "schema": open]]]]
            ),
            ("must contain the word 'json'", "input", nil, ["text": ["format": ["type": "json_object"]]]),
        ])
        // A schema that nobody is held to may be as it likes.
        XCTAssertEqual(
            try send(.responses, .init(extra: format(open, strict: false).compactMapValues { $0 })).status, 200)
    }

    func testResponsesRefusalsOfItems() throws {
        let user: [String: Any] = ["role": "user", "content": "hello"]
        let call: [String: Any] = ["type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"]
        let output: [String: Any] = ["type": "function_call_output", "call_id": "c1", "output": "bright"]
        func said(_ role: String, _ part: [String: Any]) -> [String: Any?] {
            ["input": [["role": role, "content": [part]]]]
        }
        func changed(_ item: [String: Any], _ change: [String: Any]) -> [String: Any] { item.merging(change) { $1 } }
        let long = String(repeating: "c", count: 65)
        let part = "input[0].content[0]"
        try check([
            ("Invalid value: 'tool'", "input[0].role", "invalid_value", ["input": [["role": "tool", "content": "x"]]]),
            ("'input[0].name'", "input[0].name", "unknown_parameter", ["input": [changed(user, ["name": "n"])]]),
            (
                "Missing required parameter: 'input[0].content'", "input[0].content", "missing_required_parameter",
                ["input": [["role": "user"]]]
            ),
            ("expected an array", "input[0].content", "invalid_type", ["input": [["role": "user", "content": 7]]]),
            ("Invalid value: 'text'", part, "invalid_value", said("user", ["type": "text", "text": "x"])),
            (
                "'output_text', and 'refusal'", part, "invalid_value",
                said("assistant", ["type": "input_text", "text": "x"])
            ),
            (
                "Invalid value: 'output_text'", part, "invalid_value",
                said("user", ["type": "output_text", "text": "x"])
            ),
            (
                "'\(part).cache_control'", "\(part).cache_control", "unknown_parameter",
                said("user", ["type": "input_text", "text": "x", "cache_control": ["type": "ephemeral"]])
            ),
            (
                "expected an image URL, but got an object", "\(part).image_url", "invalid_type",
                said("user", ["type": "input_image", "image_url": ["url": "https://a/b.png"]])
            ),
            (
                "Expected a valid URL", "\(part).image_url", "invalid_value",
                said("user", ["type": "input_image", "image_url": "data:image/tiff;base64,aGk="])
            ),
            (
                "Missing required parameter", "\(part).image_url", "missing_required_parameter",
                said("user", ["type": "input_image"])
            ),
            ("Invalid value: 'tool_result'", "input[0]", "invalid_value", ["input": [["type": "tool_result"]]]),
            ("No tool call found for function call output with call_id c1", "input", nil, ["input": [user, output]]),
            ("No tool call found for function call output", "input", nil, ["input": [user, output, call]]),
            ("No tool output found for function call c1", "input", nil, ["input": [user, call]]),
            ("No tool output found for function call c1", "input", nil, ["input": [user, call, user]]),
            (
                "expected a string, but got an object", "input[1].arguments", "invalid_type",
                ["input": [user, changed(call, ["arguments": [String: Any]()]), output]]
            ),
            (
                "Missing required parameter: 'input[2].output'", "input[2].output", "missing_required_parameter",
                ["input": [user, call, changed(output, ["output": NSNull()])]]
            ),
            (
                "maximum length 64, but got a string with length 65", "input[1].call_id", "string_above_max_length",
                ["input": [user, changed(call, ["call_id": long]), changed(output, ["call_id": long])]]
            ),
            (
                "begins with 'fc'", "input[1].id", "invalid_value",
                ["input": [user, changed(call, ["id": "c1"]), output]]
            ),
            ("begins with 'msg'", "input[0].id", "invalid_value", ["input": [changed(user, ["id": "u1"])]]),
            (
                "'input[1].summary'", "input[1].summary", "missing_required_parameter",
                ["input": [user, ["type": "reasoning", "id": "rs_1"]]]
            ),
            (
                "could not be verified", nil, "invalid_encrypted_content",
                [
                    "input": [
                        user, ["type": "reasoning", "id": "rs_1", "summary": [Any](), "encrypted_content": "gAAA"],
                    ]
                ]
            ),
        ])
        // What it never gave out, or has forgotten.
        for item in [
            ["type": "reasoning", "id": "rs_1", "summary": [Any]()], ["type": "item_reference", "id": "msg_1"],
        ] {
            let lost = try send(.responses, .init(extra: ["input": [user, item]]))
            XCTAssertEqual(lost.status, 404)
            XCTAssertEqual(lost.errorParam, "input")
        }
        // Thoughts are followed by what came of them.
        let thought = try ask(.responses, .init(thinks: true))
        let alone = try send(.responses, .init(extra: ["input": [user, thought.items[0], user]]))
        XCTAssertTrue(alone.text.contains("without its required following item"), alone.text)
        XCTAssertEqual(try send(.responses, .init(extra: ["input": [user] + thought.items + [user]])).status, 200)
    }
}

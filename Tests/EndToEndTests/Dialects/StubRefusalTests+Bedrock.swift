import Foundation
import TestSupport
import XCTest

extension StubRefusalTests {
    func testBedrocksRefusals() throws {
        func user(_ content: [[String: Any]]) -> [String: Any] { ["role": "user", "content": content] }
        func assistant(_ content: [[String: Any]]) -> [String: Any] { ["role": "assistant", "content": content] }
        func tool(_ spec: [String: Any]) -> [String: Any] { ["tools": [["toolSpec": spec]]] }
        let call: [String: Any] = ["toolUse": ["toolUseId": "t1", "name": "look", "input": [String: Any]()]]
        let result: [String: Any] = ["toolResult": ["toolUseId": "t1", "content": [["text": "bright"]]]]
        let hello = user([["text": "hello"]])
        try check(
            .bedrock, question: .init(tools: ["look"]),
            [
                ("Value null at 'messages'", { $0["messages"] = nil }),
                ("extraneous key [model] is not permitted", { $0["model"] = "m" }),
                ("extraneous key [max_tokens]", { $0["inferenceConfig"] = ["max_tokens": 7] }),
                ("less than or equal to 1", { $0["inferenceConfig"] = ["temperature": 1.5] }),
                ("greater than or equal to 1", { $0["inferenceConfig"] = ["maxTokens": 0] }),
                ("must start with a user message", { $0["messages"] = [assistant([["text": "x"]]), hello] }),
                ("must alternate between user and assistant", { $0["messages"] = [hello, hello] }),
                (
                    "enum value set: [user, assistant]",
                    { $0["messages"] = [["role": "system", "content": [["text": "x"]]], hello] }
                ),
                ("is empty. Add a ContentBlock", { $0["messages"] = [user([])] }),
                ("is blank. Add text", { $0["messages"] = [user([["text": " "]])] }),
                (
                    "exactly one member",
                    { $0["messages"] = [user([["text": "x", "cachePoint": ["type": "default"]]])] }
                ),
                ("extraneous key [type]", { $0["messages"] = [user([["type": "text", "text": "x"]])] }),
                (
                    "The toolConfig field must be defined",
                    {
                        $0["toolConfig"] = nil
                        $0["messages"] = [hello, assistant([call]), user([result])]
                    }
                ),
                (
                    "Expected toolResult blocks at messages.2.content for the following Ids: t1",
                    { $0["messages"] = [hello, assistant([call]), hello] }
                ),
                (
                    "exceeds the number of toolUse blocks",
                    { $0["messages"] = [hello, assistant([["text": "x"]]), user([result])] }
                ),
                (
                    "without `tool_result` blocks immediately after",
                    { $0["messages"] = [hello, assistant([call]), user([["text": "here"], result])] }
                ),
                (
                    "toolUse.input is invalid. Provide a json object",
                    {
                        let text: [String: Any] = ["toolUse": ["toolUseId": "t1", "name": "look", "input": "{}"]]
                        $0["messages"] = [hello, assistant([text]), user([result])]
                    }
                ),
                (
                    "cannot be empty when status value is error",
                    {
                        let failed: [String: Any] = ["toolUseId": "t1", "status": "error", "content": [Any]()]
                        $0["messages"] = [hello, assistant([call]), user([["toolResult": failed]])]
                    }
                ),
                (
                    "json is invalid. Provide a json object",
                    {
                        let list: [String: Any] = ["toolUseId": "t1", "content": [["json": [1]]]]
                        $0["messages"] = [hello, assistant([call]), user([["toolResult": list]])]
                    }
                ),
                (
                    "image blocks can only be in user messages",
                    {
                        $0["messages"] = [
                            hello, assistant([["image": ["format": "png", "source": ["bytes": "aGk="]]]]),
                        ]
                    }
                ),
                (
                    "document file name can only contain",
                    {
                        let document: [String: Any] = ["format": "pdf", "name": "a.pdf", "source": ["bytes": "aGk="]]
                        $0["messages"] = [user([["text": "x"], ["document": document]])]
                    }
                ),
                (
                    "A text block must be included with documents",
                    {
                        let document: [String: Any] = ["format": "pdf", "name": "a", "source": ["bytes": "aGk="]]
                        $0["messages"] = [user([["document": document]])]
                    }
                ),
                ("length greater than or equal to 1", { $0["toolConfig"] = ["tools": [Any]()] }),
                (
                    "[a-zA-Z0-9_-]+",
                    { $0["toolConfig"] = tool(["name": "a.b", "inputSchema": ["json": ["type": "object"]]]) }
                ),
                (
                    "must be one of the following: object",
                    { $0["toolConfig"] = tool(["name": "a", "inputSchema": ["json": [String: Any]()]]) }
                ),
                (
                    "toolSpec.description",
                    {
                        $0["toolConfig"] = tool([
                            "name": "a", "description": "", "inputSchema": ["json": ["type": "object"]],
                        ])
                    }
                ),
                ("extraneous key [seed]", { $0["additionalModelRequestFields"] = ["seed": 7] }),
                (
                    "budget_tokens: Input should be",
                    { $0["additionalModelRequestFields"] = ["thinking": ["type": "enabled", "budget_tokens": 7]] }
                ),
                (
                    "Invalid `signature` in `thinking` block",
                    {
                        let thought: [String: Any] = ["reasoningText": ["text": "so", "signature": "made up"]]
                        $0["messages"] = [hello, assistant([["reasoningContent": thought]]), hello]
                    }
                ),
                ("satisfy regular expression pattern", { $0["requestMetadata"] = ["a": "{\"b\":1}"] }),
                ("satisfy enum value set: [priority", { $0["serviceTier"] = ["type": "auto"] }),
            ])
        var question = DialectSpeech.Question(model: "unknown")
        question.model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
        XCTAssertEqual(try send(.bedrock, question).status, 200)
        XCTAssertEqual(try bills().last?["model"] as? String, question.model)
    }
}

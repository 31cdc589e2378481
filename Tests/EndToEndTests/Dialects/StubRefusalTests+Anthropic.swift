import Foundation
import TestSupport
import XCTest

extension StubRefusalTests {
    func testAnthropicsRefusals() throws {
        func user(_ content: Any) -> [String: Any] { ["role": "user", "content": content] }
        func assistant(_ content: Any) -> [String: Any] { ["role": "assistant", "content": content] }
        let call: [String: Any] = ["type": "tool_use", "id": "toolu_1", "name": "look", "input": [String: Any]()]
        let result: [String: Any] = ["type": "tool_result", "tool_use_id": "toolu_1", "content": "bright"]
        try check(
            .anthropic, question: .init(tools: ["look"]),
            [
                ("max_tokens: Field required", { $0["max_tokens"] = nil }),
                ("max_tokens: Input should be greater", { $0["max_tokens"] = 0 }),
                ("messages: Field required", { $0["messages"] = nil }),
                ("model: Field required", { $0["model"] = nil }),
                ("messages: at least one message", { $0["messages"] = [Any]() }),
                ("messages: Input should be a valid list", { $0["messages"] = "hello" }),
                ("seed: Extra inputs are not permitted", { $0["seed"] = 7 }),
                ("temperature: Input should be less than or equal to 1", { $0["temperature"] = 1.5 }),
                ("stop_sequences: each stop sequence", { $0["stop_sequences"] = ["\n"] }),
                ("metadata.tag: Extra inputs", { $0["metadata"] = ["tag": "x"] }),
                ("service_tier: Input should be", { $0["service_tier"] = "flex" }),
                ("first message must use the", { $0["messages"] = [assistant("hello")] }),
                (
                    "Unexpected role \\\"system\\\"",
                    { $0["messages"] = [["role": "system", "content": "x"], user("x")] }
                ),
                (
                    "messages.2: a `system` message must follow a `user` message",
                    { $0["messages"] = [user("x"), assistant("y"), ["role": "system", "content": "x"]] }
                ),
                (
                    "messages.2: a `system` message must be followed by an `assistant` message",
                    { $0["messages"] = [user("x"), ["role": "system", "content": "x"], user("y")] }
                ),
                (
                    "messages.0.name: Extra inputs",
                    { $0["messages"] = [["role": "user", "content": "x", "name": "n"]] }
                ),
                ("all messages must have non-empty content", { $0["messages"] = [user("")] }),
                ("text content blocks must be non-empty", { $0["messages"] = [user([["type": "text", "text": ""]])] }),
                (
                    "text content blocks must contain non-whitespace text",
                    { $0["messages"] = [user([["type": "text", "text": " \n"]])] }
                ),
                ("cannot end with trailing whitespace", { $0["messages"] = [user("x"), assistant("so ")] }),
                (
                    "messages.0.content.0: Input tag 'image_url'",
                    { $0["messages"] = [user([["type": "image_url", "image_url": ["url": "x"]]])] }
                ),
                (
                    "media_type: Input should be",
                    {
                        let source = ["type": "base64", "media_type": "image/tiff", "data": "aGk="]
                        $0["messages"] = [user([["type": "image", "source": source]])]
                    }
                ),
                (
                    "invalid base64 data",
                    {
                        let source = [
                            "type": "base64", "media_type": "image/png", "data": "data:image/png;base64,aGk=",
                        ]
                        $0["messages"] = [user([["type": "image", "source": source]])]
                    }
                ),
                (
                    "`tool_use` ids were found without `tool_result` blocks immediately after: toolu_1",
                    { $0["messages"] = [user("x"), assistant([call]), user("and?")] }
                ),
                (
                    "`tool_use` ids were found without",
                    {
                        let text: [String: Any] = ["type": "text", "text": "here"]
                        $0["messages"] = [user("x"), assistant([call]), user([text, result])]
                    }
                ),
                (
                    "unexpected `tool_use_id` found in `tool_result` blocks: toolu_1",
                    { $0["messages"] = [user("x"), assistant("y"), user([result])] }
                ),
                (
                    "tool_use.id: String should match pattern",
                    {
                        $0["messages"] = [
                            user("x"), assistant([call.merging(["id": "a.b"]) { $1 }]), user([result]),
                        ]
                    }
                ),
                (
                    "tool_use.input: Input should be a valid dictionary",
                    {
                        $0["messages"] = [
                            user("x"), assistant([call.merging(["input": "{}"]) { $1 }]), user([result]),
                        ]
                    }
                ),
                (
                    "Invalid `signature` in `thinking` block",
                    {
                        let thought = ["type": "thinking", "thinking": "so", "signature": "made up"]
                        $0["messages"] = [user("x"), assistant([thought]), user("y")]
                    }
                ),
                (
                    "tools.0.custom.name: String should match pattern",
                    { $0["tools"] = [["name": "a b", "input_schema": ["type": "object"]]] }
                ),
                ("tools.0.custom.input_schema: Field required", { $0["tools"] = [["name": "a"]] }),
                (
                    "tools.0.custom.input_schema.type: Field required",
                    { $0["tools"] = [["name": "a", "input_schema": [String: Any]()]] }
                ),
                (
                    "does not support oneOf, allOf, or anyOf at the top level",
                    { $0["tools"] = [["name": "a", "input_schema": ["type": "object", "anyOf": [Any]()]]] }
                ),
                (
                    "tools.0.custom.function: Extra inputs",
                    { $0["tools"] = [["name": "a", "function": ["name": "x"]]] }
                ),
                (
                    "Tool names must be unique",
                    {
                        $0["tools"] = [
                            ["name": "a", "input_schema": ["type": "object"]],
                            ["name": "a", "input_schema": ["type": "object"]],
                        ]
                    }
                ),
                ("tool_choice: Input should be a valid dictionary", { $0["tool_choice"] = "auto" }),
                ("Tool 'other' not found", { $0["tool_choice"] = ["type": "tool", "name": "other"] }),
                (
                    "tool_choice may only be specified while providing",
                    {
                        $0["tools"] = nil
                        $0["tool_choice"] = ["type": "auto"]
                    }
                ),
                ("budget_tokens: Input should be", { $0["thinking"] = ["type": "enabled", "budget_tokens": 100] }),
                (
                    "must be greater than `thinking.budget_tokens`",
                    { $0["thinking"] = ["type": "enabled", "budget_tokens": 5_000] }
                ),
                (
                    "may only be set to 1 when thinking is enabled",
                    {
                        $0["thinking"] = ["type": "adaptive"]
                        $0["temperature"] = 0.5
                    }
                ),
                (
                    "Thinking may not be enabled when tool_choice forces tool use",
                    {
                        $0["thinking"] = ["type": "adaptive"]
                        $0["tool_choice"] = ["type": "any"]
                    }
                ),
                (
                    "'additionalProperties' must be explicitly set to false",
                    {
                        let format: [String: Any] = ["type": "json_schema", "schema": ["type": "object"]]
                        $0["output_config"] = ["format": format]
                    }
                ),
            ])
        // Turns of one role in a row are one turn.
        var question = DialectSpeech.Question()
        question.more = [user("and more"), assistant("so"), assistant("it is"), user("well")]
        XCTAssertEqual(try send(.anthropic, question).status, 200)
    }

    func testAnthropicsSecondVersionTakesNoSamplingParameters() throws {
        let caller = HTTPCaller(port: port)
        func answer(_ version: String, _ extra: [String: Any]) throws -> HTTPAnswer {
            let body = DialectSpeech.anthropic.body(.init()).merging(extra) { $1 }
            return try caller.send(
                "POST", "/v1/messages", headers: [("authorization", "Bearer \(key)"), ("anthropic-version", version)],
                body: Array(try JSONSerialization.data(withJSONObject: body)))
        }
        for (name, value) in [("temperature", 1), ("top_p", 1), ("top_k", 4)] {
            XCTAssertEqual(try answer("2023-06-01", [name: value]).status, 200, name)
            let refused = try answer("2026-10-21", [name: value])
            XCTAssertEqual(refused.status, 400, name)
            XCTAssertTrue(refused.text.contains("\(name): Extra inputs are not permitted"), refused.text)
        }
        XCTAssertEqual(try answer("2026-10-21", [:]).status, 200)
    }
}

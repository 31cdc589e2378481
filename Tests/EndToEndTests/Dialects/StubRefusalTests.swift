import Foundation
import TestSupport
import XCTest

/// What the real providers refuse, the stub refuses, in their words: else nobody would notice what Weir makes of a request.
final class StubRefusalTests: StubTestCase {
    override var arguments: [String] { ["--strict"] }

    /// The body of a good request of a dialect, changed: each change is refused with a message that has `words` in it.
    func check(
        _ dialect: DialectSpeech, question: DialectSpeech.Question = .init(), status: Int = 400,
        _ changes: [(words: String, change: (inout [String: Any]) -> Void)], line: UInt = #line
    ) throws {
        let caller = HTTPCaller(port: port)
        func answer(_ body: [String: Any]) throws -> HTTPAnswer {
            try caller.send(
                "POST", dialect.path(question.model, isStream: question.isStream), headers: dialect.headers(key: key),
                body: Array(try JSONSerialization.data(withJSONObject: body, options: [.withoutEscapingSlashes])))
        }
        let good = dialect.body(question)
        XCTAssertEqual(try answer(good).status, 200, line: line)
        for (words, change) in changes {
            var body = good
            change(&body)
            let answer = try answer(body)
            XCTAssertEqual(answer.status, status, "\(words): \(answer.text)", line: line)
            XCTAssertTrue(answer.text.contains(words), "\(words): \(answer.text)", line: line)
        }
    }

    // MARK: Credentials

    func testCredentialsAreWantedInTheDialectsPlace() throws {
        let caller = HTTPCaller(port: port)
        for (dialect, status, words) in [
            (DialectSpeech.anthropic, 401, "invalid x-api-key"), (.gemini, 400, "API_KEY_INVALID"),
            (.bedrock, 403, "Authentication failed"), (.openai, 401, "Incorrect API key"),
            (.responses, 401, "Incorrect API key"),
        ] {
            let answer = try dialect.send(.init(), as: "other", to: caller)
            XCTAssertEqual(answer.status, status, "\(dialect)")
            XCTAssertTrue(answer.text.contains(words), answer.text)
        }
        for (path, headers, status, words) in [
            ("/v1/messages", [], 401, "x-api-key header is required"),
            ("/v1/messages", [("authorization", "Bearer other")], 401, "invalid x-api-key"),
            ("/v1/messages", [("authorization", "Bearer sk-stub")], 400, "anthropic-version: header is required"),
            ("/v1/messages", [("x-api-key", "sk-stub")], 400, "anthropic-version: header is required"),
            (
                "/v1/messages", [("x-api-key", "sk-stub"), ("anthropic-version", "2020-01-01")], 400,
                "not a valid version"
            ),
            ("/v1beta/models/m:generateContent", [], 403, "unregistered callers"),
            ("/v1beta/models/m:generateContent", [("authorization", "Bearer sk-stub")], 403, "unregistered callers"),
            ("/model/m/converse", [], 403, "Missing Authentication Token"),
            ("/model/m/converse", [("authorization", "AWS4-HMAC-SHA256 Credential=x")], 403, "not a bearer token"),
        ] as [(String, [(String, String)], Int, String)] {
            let answer = try caller.send("POST", path, headers: headers, body: Array("{}".utf8))
            XCTAssertEqual(answer.status, status, path)
            XCTAssertTrue(answer.text.contains(words), answer.text)
        }
        let keyInQuery = "/v1beta/models/m:generateContent?key=sk-stub"
        XCTAssertTrue(
            try caller.send("POST", keyInQuery, body: Array("{}".utf8)).text.contains("contents is not specified"))
    }

    // MARK: OpenAI

    func testOpenAIsRefusalsWhenItIsStrict() throws {
        let user: [String: Any] = ["role": "user", "content": "hello"]
        let call: [String: Any] = ["id": "c1", "type": "function", "function": ["name": "look", "arguments": "{}"]]
        let called: [String: Any] = ["role": "assistant", "content": NSNull(), "tool_calls": [call]]
        try check(
            .openai, question: .init(tools: ["look"]),
            [
                ("Unrecognized request argument supplied: top_k", { $0["top_k"] = 4 }),
                ("Invalid 'temperature'", { $0["temperature"] = 2.5 }),
                ("'max_tokens' and 'max_completion_tokens'", { $0["max_tokens"] = 4 }),
                ("Invalid 'stop'", { $0["stop"] = ["a", "b", "c", "d", "e"] }),
                ("only allowed when 'stream' is enabled", { $0["stream_options"] = ["include_usage": true] }),
                ("Invalid 'tools': empty array", { $0["tools"] = [Any]() }),
                (
                    "'tool_choice' is only allowed",
                    {
                        $0["tools"] = nil
                        $0["tool_choice"] = "auto"
                    }
                ),
                (
                    "Invalid 'tools[0].function.name'",
                    { $0["tools"] = [["type": "function", "function": ["name": "a.b"]]] }
                ),
                (
                    "Unknown parameter: 'tools[0].cache_control'",
                    {
                        $0["tools"] = [
                            ["type": "function", "function": ["name": "a"], "cache_control": ["type": "ephemeral"]]
                        ]
                    }
                ),
                (
                    "messages with role 'tool' must be a response",
                    {
                        $0["messages"] = [user, ["role": "tool", "tool_call_id": "c1", "content": "x"]]
                    }
                ),
                ("must be followed by tool messages", { $0["messages"] = [user, called, user] }),
                ("must be followed by tool messages", { $0["messages"] = [user, called] }),
                (
                    "Unknown parameter: 'messages.[1].reasoning_content'",
                    {
                        $0["messages"] = [user, ["role": "assistant", "content": "x", "reasoning_content": "y"]]
                    }
                ),
                (
                    "expected a string, got null",
                    { $0["messages"] = [user, ["role": "assistant", "content": NSNull()]] }
                ),
                ("Invalid value: 'image'", { $0["messages"] = [["role": "user", "content": [["type": "image"]]]] }),
            ])
    }
}

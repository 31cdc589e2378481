import Shared
import XCTest

@testable import Translate

final class AnthropicAnswerTests: XCTestCase {
    typealias Checks = AnthropicChecks

    private func read(_ members: String) throws -> Answer {
        try AnthropicMessages.answer(
            from: try Checks.json(#"{"type": "message", "role": "assistant", "content": [], \#(members)}"#))
    }

    private func written(_ change: (inout Answer) -> Void) throws -> JSONValue {
        var answer = Answer()
        answer.choices = [Choice()]
        change(&answer)
        return try JSONValue(parsing: AnthropicMessages.body(of: answer, in: Checks.context))
    }

    // MARK: Reading

    func testStopReasonsAreUnderstood() throws {
        let cases: [(String, FinishReason)] = [
            ("end_turn", .stop), ("stop_sequence", .stopSequence), ("max_tokens", .length), ("tool_use", .toolCalls),
            ("refusal", .refusal), ("pause_turn", .pause), ("model_context_window_exceeded", .length),
            ("compaction", .other("compaction")), ("something_new", .other("something_new")),
        ]
        for (word, reason) in cases {
            XCTAssertEqual(try read(#""stop_reason": "\#(word)""#).choices[0].finish, reason, word)
        }
        XCTAssertNil(try read(#""stop_reason": null"#).choices[0].finish)
        let stopped = try read(#""stop_reason": "stop_sequence", "stop_sequence": "END""#)
        XCTAssertEqual(stopped.choices[0].stop, "END")
    }

    func testUsageCountsTheCacheAsInput() throws {
        let answer = try read(
            #"""
            "usage": {"input_tokens": 10, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 30,
              "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10}, "output_tokens": 50,
              "output_tokens_details": {"thinking_tokens": 40}, "service_tier": "batch",
              "server_tool_use": {"web_search_requests": 2}}
            """#)
        XCTAssertEqual(
            answer.usage,
            TokenUsage(
                input: 140, cachedInput: 100, cacheWrite5m: 20, cacheWrite1h: 10, output: 50, reasoning: 40,
                serviceTier: .batch))
        XCTAssertEqual(answer.serviceTier, "batch")
        XCTAssertEqual(answer.usageExtras["server_tool_use"]?["web_search_requests"]?.number?.text, "2")
    }

    func testUsageOfOlderAnswersWasWrittenForFiveMinutes() throws {
        let usage = try read(
            #""usage": {"input_tokens": 1, "cache_creation_input_tokens": 5, "cache_read_input_tokens": null, "output_tokens": 2}"#
        ).usage
        XCTAssertEqual(usage, TokenUsage(input: 6, cacheWrite5m: 5, output: 2))
        XCTAssertEqual(
            try read(#""usage": {"input_tokens": 1, "output_tokens": 2, "speed": "fast"}"#).usage?.serviceTier, .fast)
        XCTAssertNil(try read(#""usage": null"#).usage)
    }

    func testUnknownBlocksAndFieldsAreKept() throws {
        let answer = try AnthropicMessages.answer(
            from: try Checks.json(
                #"{"content": [{"type": "hologram"}, {"type": "text"}, 5], "container": {"id": "c"}, "stop_details": {}}"#
            ))
        XCTAssertEqual(
            answer.choices[0].parts.map(\.content),
            [
                .native(try Checks.json(#"{"type": "hologram"}"#), of: .anthropic),
                .native(try Checks.json(#"{"type": "text"}"#), of: .anthropic),
            ])
        XCTAssertEqual(answer.extras.members.map(\.name), ["container", "stop_details"])
    }

    func testWhatIsNoMessageIsMalformed() {
        for text in ["[]", "{}", #"{"type": "error", "error": {}}"#, #"{"content": "text"}"#] {
            XCTAssertThrowsError(try AnthropicMessages.answer(from: try Checks.json(text)), text) {
                guard case .malformed = $0 as? TranslationError else { return XCTFail("\($0)") }
            }
        }
    }

    // MARK: Writing

    func testAnAnswerHasEverythingThatClientsWant() {
        var answer = Answer()
        answer.choices = [Choice(parts: [Part(.text("Hi"))], finish: .stop)]
        assertJSON(
            AnthropicMessages.body(of: answer, in: Checks.context),
            #"""
            {"id": "msg_req1", "type": "message", "role": "assistant", "model": "public-name",
             "content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn", "stop_sequence": null,
             "usage": {"input_tokens": 7, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
               "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}, "output_tokens": 0,
               "service_tier": "standard"}}
            """#)
    }

    func testWhatTheProviderGaveIsKept() throws {
        let body = try written {
            $0.id = "chatcmpl-1"
            $0.model = "gpt-5"
        }
        XCTAssertEqual(body["id"]?.string, "msg_chatcmpl-1")
        XCTAssertEqual(body["model"]?.string, "gpt-5")
    }

    func testStopReasonsAreAnthropics() throws {
        let cases: [(FinishReason?, String)] = [
            (.stop, "end_turn"), (.stopSequence, "stop_sequence"), (.length, "max_tokens"), (.toolCalls, "tool_use"),
            (.contentFilter, "refusal"), (.refusal, "refusal"), (.pause, "pause_turn"),
            (.other("model_context_window_exceeded"), "model_context_window_exceeded"),
            (.other("compaction"), "compaction"), (.other("MALFORMED_FUNCTION_CALL"), "end_turn"), (nil, "end_turn"),
        ]
        for (reason, word) in cases {
            let body = try written {
                $0.choices[0].finish = reason
                $0.choices[0].stop = "s"
            }
            XCTAssertEqual(body["stop_reason"]?.string, word)
            XCTAssertEqual(body["stop_sequence"]?.string, "s")
        }
    }

    func testAnAnswerWithCallsDoesNotJustEnd() throws {
        for reason in [FinishReason.stop, .other("x")] {
            let body = try written {
                $0.choices[0] = Choice(
                    parts: [Part(.toolCall(ToolCall(id: "a", name: "f", arguments: "{}")))], finish: reason)
            }
            XCTAssertEqual(body["stop_reason"]?.string, "tool_use")
        }
    }

    func testUsageLeavesTheCacheOutOfTheInput() throws {
        let body = try written {
            $0.usage = TokenUsage(
                input: 140, cachedInput: 100, cacheWrite5m: 20, cacheWrite1h: 10, output: 50, reasoning: 40,
                serviceTier: .priority)
            $0.serviceTier = "scale"
        }
        assertJSON(
            try XCTUnwrap(body["usage"]).bytes,
            #"""
            {"input_tokens": 10, "cache_creation_input_tokens": 30, "cache_read_input_tokens": 100,
             "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10}, "output_tokens": 50,
             "output_tokens_details": {"thinking_tokens": 40}, "service_tier": "priority"}
            """#)
    }

    func testBlocksOfAnAnswer() throws {
        let body = try written {
            $0.choices[0].parts = [
                Part(.thinking(Thinking(text: "t", signature: "s", origin: .anthropic))),
                Part(.thinking(Thinking(text: "g", signature: "x", origin: .gemini))),
                Part(.thinking(Thinking(text: "shown", origin: .openai))),
                Part(.thinking(Thinking(sealed: "e", origin: .openai))), Part(.thinking(Thinking(origin: .openai))),
                Part(.text("")), Part(.text("Hi")), Part(.refusal("No")), Part(.image(Media(.data("AAAA")))),
                Part(.toolCall(ToolCall(id: "call_1", name: "f", arguments: #"{"a":1.0}"#))),
                Part(.toolCall(ToolCall(id: "", name: "g", arguments: ""))),
                Part(.toolCall(ToolCall(id: "c", name: "h", arguments: #"{"cut": "#))),
                Part(.native(.object(JSONObject()), of: .gemini)),
            ]
        }
        assertJSON(
            try XCTUnwrap(body["content"]).bytes,
            #"""
            [{"type": "thinking", "thinking": "t", "signature": "s"},
             {"type": "thinking", "thinking": "g", "signature": "weir:gemini:x"},
             {"type": "thinking", "thinking": "shown", "signature": ""},
             {"type": "redacted_thinking", "data": "weir:openai:e"},
             {"type": "text", "text": "Hi"}, {"type": "text", "text": "No"},
             {"type": "tool_use", "id": "call_1", "name": "f", "input": {"a": 1.0}},
             {"type": "tool_use", "id": "toolu_req1_2", "name": "g", "input": {}},
             {"type": "tool_use", "id": "c", "name": "h", "input": {"unparsed": "{\"cut\": "}}]
            """#)
    }

    /// Clients take the last block for the answer.
    func testABareSignatureDoesNotEndAnAnswer() throws {
        let signature = Part(.thinking(Thinking(signature: "x", origin: .gemini)))
        func types(_ parts: [Part]) throws -> [String?] {
            var answer = Answer()
            answer.choices = [Choice(parts: parts)]
            let body = try JSONValue(parsing: AnthropicMessages.body(of: answer, in: AnthropicChecks.context))
            return (body["content"]?.array ?? []).map { $0["type"]?.string }
        }
        XCTAssertEqual(try types([Part(.text("Done.")), signature]), ["text"])
        XCTAssertEqual(try types([signature, Part(.text("Done."))]), ["thinking", "text"])
        let call = Part(.toolCall(ToolCall(id: "t", name: "f", arguments: "{}")))
        XCTAssertEqual(try types([Part(.text("Now.")), signature, call]), ["text", "thinking", "tool_use"])
        XCTAssertEqual(try types([signature]), ["thinking"])
    }

    func testOnlyTheFirstChoiceIsShown() throws {
        let body = try written {
            $0.choices = [Choice(index: 1, parts: [Part(.text("B"))]), Choice(index: 0, parts: [Part(.text("A"))])]
        }
        assertJSON(try XCTUnwrap(body["content"]).bytes, #"[{"type": "text", "text": "A"}]"#)
    }

    func testAnotherProvidersFieldsAreLeftOut() throws {
        let body = try written {
            $0.extras.add("system_fingerprint", .string("fp"), of: .openai)
            $0.usageExtras.add("prompt_tokens_details", .object(JSONObject()), of: .openai)
        }
        XCTAssertNil(body["system_fingerprint"])
        XCTAssertNil(body["usage"]?["prompt_tokens_details"])
    }
}

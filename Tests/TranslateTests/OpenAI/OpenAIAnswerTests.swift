import Shared
import Translate
import XCTest

final class OpenAIAnswerTests: OpenAITestCase {
    private func answer(_ text: String) throws -> Answer { try OpenAIChat.answer(from: json(text)) }

    /// With one choice, whose message and reason are given.
    private func choice(_ message: String, _ rest: String = #""finish_reason":"stop""#) throws -> Choice {
        try XCTUnwrap(answer(#"{"choices":[{"index":0,"message":\#(message),\#(rest)}]}"#).choices.first)
    }

    private func body(_ answer: Answer) -> [UInt8] { OpenAIChat.body(of: answer, in: Self.context) }

    private func message(_ choice: Choice) throws -> JSONValue {
        var answer = Answer()
        answer.choices = [choice]
        return try XCTUnwrap(JSONValue(parsing: body(answer))["choices"]?.array?.first)
    }

    // MARK: Both ways

    func testRealAnswersGoOutAsTheyCame() throws {
        for text in Self.realAnswers { assertJSON(body(try answer(text)), text) }
    }

    private static let realAnswers = [
        #"""
        {"id":"chatcmpl-1","object":"chat.completion","created":1741569952,"model":"gpt-5","service_tier":"default",
         "system_fingerprint":"fp_1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello!","refusal":null,
          "annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t","start_index":0,"end_index":1}}]},
          "logprobs":{"content":[{"token":"Hello","logprob":-0.31725305,"bytes":[72],"top_logprobs":[]}],"refusal":null},
          "finish_reason":"stop"},
         {"index":1,"message":{"role":"assistant","content":null,"refusal":"No."},"logprobs":null,"finish_reason":"length"}],
         "usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,
          "prompt_tokens_details":{"cached_tokens":8,"audio_tokens":1},
          "completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":2,"accepted_prediction_tokens":1,"rejected_prediction_tokens":0}}}
        """#,
        #"""
        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",
          "content":null,"refusal":null,"tool_calls":[
           {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},
           {"id":"call_2","type":"custom","custom":{"name":"sh","input":"ls"}},
           {"id":"call_3","type":"function","index":2,"function":{"name":"g","arguments":"{}"},
            "extra_content":{"google":{"thought_signature":"c2ln"}}}]},"logprobs":null,"finish_reason":"tool_calls"}]}
        """#,
        #"""
        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",
          "content":"","refusal":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},
          "logprobs":null,"finish_reason":"tool_calls"},
         {"index":1,"message":{"role":"assistant","content":null,"refusal":null,
          "audio":{"id":"audio_1","data":"aGk=","expires_at":5,"transcript":"Hi"}},"logprobs":null,"finish_reason":"stop"},
         {"index":2,"message":{"role":"assistant","content":"Hi","refusal":null,"reasoning_content":"hm","reasoning_details":[{"a":1}],
          "images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]},
          "logprobs":null,"finish_reason":"stop","stop_reason":"END","content_filter_results":{"hate":{"filtered":false}}}],
         "usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,"cost":0.01,
          "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0,"cache_write_tokens":3,"text_tokens":5},
          "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"image_tokens":2,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},
         "prompt_filter_results":[]}
        """#,
    ]

    // MARK: Reading

    func testUsageIsNormalized() throws {
        func usage(_ text: String) throws -> TokenUsage? { try answer(#"{"choices":[],\#(text)}"#).usage }
        XCTAssertEqual(
            try usage(
                #"""
                "service_tier":"priority","usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
                 "prompt_tokens_details":{"cached_tokens":40,"audio_tokens":5,"cache_write_tokens":10},
                 "completion_tokens_details":{"reasoning_tokens":20,"audio_tokens":3}}
                """#),
            TokenUsage(
                input: 100, cachedInput: 40, cacheWrite5m: 10, audioInput: 5, output: 50, reasoning: 20, audioOutput: 3,
                serviceTier: .priority))
        // DeepSeek's name for what was cached; xAI, which counts reasoning on top.
        XCTAssertEqual(
            try usage(
                #""usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":15,"prompt_cache_hit_tokens":4}"#),
            TokenUsage(input: 9, cachedInput: 4, output: 6, reasoning: 5))
        XCTAssertNil(try usage(#""usage":null"#))
        XCTAssertNil(try usage(#""usage":{"completion_tokens":1}"#))
    }

    func testContentKeepsItsForm() throws {
        XCTAssertEqual(try choice(#"{"content":"Hi"}"#).form, .text)
        XCTAssertEqual(try choice(#"{"content":""}"#).form, .text)
        XCTAssertEqual(try choice(#"{"content":null}"#).form, .null)
        XCTAssertEqual(try choice("{}").form, .absent)
        XCTAssertEqual(try choice(#"{"content":""}"#).parts, [])
    }

    func testThoughtsAreReadByAnyOfTheirNames() throws {
        let thought = Part(.thinking(Thinking(text: "hm", origin: .openai)))
        for message in [
            #"{"content":"Hi","reasoning_content":"hm"}"#, #"{"content":"Hi","reasoning":"hm"}"#,
            #"{"content":"Hi","reasoning":"hm","reasoning_content":"hm"}"#,
            #"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Hi"}]}"#,
        ] { XCTAssertEqual(try choice(message).parts, [thought, Part(.text("Hi"))], message) }
    }

    func testEveryReasonIsKnown() throws {
        for (word, expected) in [
            ("stop", FinishReason.stop), ("eos", .stop), ("length", .length), ("model_length", .length),
            ("tool_calls", .toolCalls), ("function_call", .toolCalls), ("content_filter", .contentFilter),
            ("insufficient_system_resource", .other("insufficient_system_resource")),
        ] {
            XCTAssertEqual(try choice(#"{"content":"Hi"}"#, #""finish_reason":"\#(word)""#).finish, expected)
        }
        XCTAssertNil(try choice(#"{"content":"Hi"}"#, #""finish_reason":null"#).finish)
    }

    func testAStopThatWasReachedIsNamed() throws {
        let choice = try choice(#"{"content":"Hi"}"#, #""finish_reason":"stop","stop_reason":"END""#)
        XCTAssertEqual(choice.finish, .stopSequence)
        XCTAssertEqual(choice.stop, "END")
        let token = try self.choice(#"{"content":"Hi"}"#, #""finish_reason":"stop","stop_reason":128009"#)
        XCTAssertEqual(token.finish, .stop)
        XCTAssertNil(token.stop)
    }

    func testWhoCallsToolsStopsForThem() throws {
        let calls = #"{"content":null,"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"b":1}}}]}"#
        let choice = try choice(calls)
        XCTAssertEqual(choice.finish, .toolCalls)
        XCTAssertEqual(choice.parts.map(\.content), [.toolCall(ToolCall(id: "a", name: "f", arguments: #"{"b":1}"#))])
    }

    func testCallsInTheOldFormAndOddOnesAreRead() throws {
        XCTAssertEqual(
            try choice(#"{"content":null,"function_call":{"name":"f","arguments":""}}"#).parts.map(\.content),
            [.toolCall(ToolCall(id: "", name: "f", arguments: "{}"))])
        guard case .native = try choice(#"{"tool_calls":[{"function":{"name":7}}]}"#).parts[0].content else {
            return XCTFail("a call without a name is kept as it is")
        }
        XCTAssertEqual(try choice(#"{"content":null,"tool_calls":[]}"#).parts, [])
        XCTAssertEqual(try choice(#"{"content":null,"tool_calls":null}"#).parts, [])
    }

    func testWhatIsNoAnswerIsMalformed() {
        for (text, expected) in [
            ("[]", "the answer is no object"), ("{}", "the answer has no choices"),
            (#"{"error":{"message":"Provider returned error","code":502}}"#, "Provider returned error"),
            (#"{"error":null}"#, "the answer has no choices"),
        ] {
            XCTAssertThrowsError(try answer(text)) {
                XCTAssertEqual($0 as? TranslationError, .malformed(expected))
            }
        }
    }

    func testOddAnswersDoNotFail() throws {
        let odd = try answer(
            #"{"id":5,"created":1.9,"model":null,"usage":[],"choices":[null,{"index":"x","message":"y","finish_reason":""}]}"#
        )
        XCTAssertEqual(odd.createdUnixSeconds, 1)
        XCTAssertEqual(odd.choices.map(\.index), [0, 1])
        XCTAssertNil(odd.choices[1].finish)
    }

    // MARK: Writing

    func testAnAnswerWithoutIdentityGetsOne() throws {
        var answer = Answer()
        answer.choices = [Choice(parts: [Part(.text("Hi"))], finish: .stop)]
        assertJSON(
            body(answer),
            #"""
            {"id":"chatcmpl-0194-f2","object":"chat.completion","created":1700000000,"model":"the-model","choices":[
             {"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},"logprobs":null,"finish_reason":"stop"}]}
            """#)
    }

    func testEveryReasonHasAWord() throws {
        for (reason, expected) in [
            (FinishReason.stop, "stop"), (.stopSequence, "stop"), (.length, "length"), (.toolCalls, "tool_calls"),
            (.contentFilter, "content_filter"), (.refusal, "content_filter"), (.pause, "length"),
            (.other("MALFORMED_FUNCTION_CALL"), "length"),
        ] {
            let choice = Choice(parts: [Part(.text("Hi"))], finish: reason)
            XCTAssertEqual(try message(choice)["finish_reason"], .string(expected))
        }
        XCTAssertEqual(try message(Choice(parts: [Part(.text("Hi"))]))["finish_reason"], .string("stop"))
    }

    func testContentIsNullWhereSomethingElseIsSaid() throws {
        let call = Part(.toolCall(ToolCall(id: "", name: "f", arguments: "")))
        for (parts, form, expected) in [
            ([], .parts, .string("")), ([], .null, .null), ([call], .parts, .null), ([call], .text, .string("")),
            ([Part(.refusal("No."))], .parts, .null), ([Part(.text("a")), Part(.text("b"))], .parts, .string("ab")),
        ] as [([Part], Turn.Form, JSONValue)] {
            XCTAssertEqual(try message(Choice(parts: parts, form: form))["message"]?["content"], expected)
        }
        XCTAssertEqual(
            try message(Choice(parts: [call]))["message"]?["tool_calls"],
            try json(#"[{"id":"call_0194f2_0_1","type":"function","function":{"name":"f","arguments":"{}"}}]"#))
        XCTAssertNil(try message(Choice(parts: [Part(.text("a"))]))["message"]?["tool_calls"])
    }

    func testWhatOtherProvidersSayIsSaidInThisDialect() throws {
        let choice = Choice(
            parts: [
                Part(.thinking(Thinking(text: "hm", signature: "s", origin: .anthropic))),
                Part(.thinking(Thinking(sealed: "x", origin: .anthropic))), Part(.text("Hi")),
                Part(.native(try json(#"{"type":"server_tool_use"}"#), of: .anthropic)),
                Part(.audio(Media(.data("aGk="), type: "audio/L16"))),
            ], finish: .stopSequence)
        var stopped = choice
        stopped.stop = "END"
        assertJSON(
            try message(stopped).bytes,
            #"""
            {"index":0,"message":{"role":"assistant","content":"Hi","refusal":null,"reasoning_content":"hm",
              "audio":{"data":"aGk=","id":"audio_0194-f2","expires_at":1700000000,"transcript":""}},
             "logprobs":null,"finish_reason":"stop","stop_reason":"END"}
            """#)
    }

    func testASignatureTravelsOnce() throws {
        let signed = Part(.toolCall(ToolCall(id: "a-signed-c2ln", name: "f", arguments: "{}", signature: "c2ln")))
        let bare = Part(.toolCall(ToolCall(id: "a", name: "f", arguments: "{}", signature: "c2ln")))
        let calls = try message(Choice(parts: [signed, bare]))["message"]?["tool_calls"]?.array
        XCTAssertNil(calls?[0]["extra_content"])
        XCTAssertEqual(calls?[1]["extra_content"], try json(#"{"google":{"thought_signature":"c2ln"}}"#))
    }

    func testTiersOfOtherProvidersAreNamedAsOpenAIDoes() throws {
        for (name, expected) in [
            ("standard", "default"), ("batch", "default"), ("ON_DEMAND_PRIORITY", "priority"), ("flex", "flex"),
            ("scale", "scale"), ("fast", "fast"), ("on_demand", "on_demand"),
        ] {
            var answer = Answer()
            answer.serviceTier = name
            XCTAssertEqual(try JSONValue(parsing: body(answer))["service_tier"], .string(expected))
        }
    }

    func testUsageOfOtherProvidersAddsUp() throws {
        var answer = Answer()
        answer.usage = TokenUsage(
            input: 100, cachedInput: 60, cacheWrite5m: 10, cacheWrite1h: 5, imageInput: 2, output: 20, reasoning: 8)
        assertJSON(
            try XCTUnwrap(JSONValue(parsing: body(answer))["usage"]).bytes,
            #"""
            {"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,
             "prompt_tokens_details":{"cached_tokens":60,"audio_tokens":0,"image_tokens":2,"cache_write_tokens":15},
             "completion_tokens_details":{"reasoning_tokens":8,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}
            """#)
    }
}

import Shared
import Translate
import XCTest

final class OpenAIStreamReaderTests: OpenAITestCase {
    private static let head: AnswerEvent = {
        var head = AnswerHead(id: "chatcmpl-1", model: "m", createdUnixSeconds: 7)
        head.extras.add("system_fingerprint", .string("fp"), of: .openai)
        return .began(head)
    }()

    private func call(_ index: Int, _ rest: String) -> String {
        chunk(#"{"tool_calls":[{"index":\#(index),\#(rest)}]}"#)
    }

    /// Behind `began`.
    private func body(_ messages: [String]) throws -> [AnswerEvent] {
        let events = try events(messages)
        XCTAssertEqual(events.first, Self.head)
        return Array(events.dropFirst())
    }

    // MARK: Text

    func testARealStreamIsRead() throws {
        XCTAssertEqual(
            try events([
                chunk(#"{"role":"assistant","content":"","refusal":null}"#), chunk(#"{"content":"Hel"}"#),
                chunk(#"{"content":"lo"}"#), chunk("{}", finish: "stop"),
                #"{"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}"#,
                "[DONE]", "[DONE]", "garbage",
            ]),
            [
                Self.head, .opened(part: 0, choice: 0, .text), .text(part: 0, "Hel"), .text(part: 0, "lo"),
                .closed(part: 0), .finished(choice: 0, .stop, stop: nil), .usage(TokenUsage(input: 5, output: 2)),
                .ended,
            ])
    }

    func testThoughtsTextAndRefusalFollowEachOther() throws {
        XCTAssertEqual(
            try body([
                chunk(#"{"role":"assistant","content":null,"reasoning_content":""}"#),
                chunk(#"{"content":null,"reasoning_content":"h"}"#), chunk(#"{"reasoning":"m"}"#),
                chunk(#"{"reasoning":"!","reasoning_content":"!"}"#), chunk(#"{"content":"Hi"}"#),
                chunk(#"{"refusal":"No."}"#), chunk("{}", finish: "stop"), "[DONE]",
            ]),
            [
                .opened(part: 0, choice: 0, .thinking(origin: .openai)), .text(part: 0, "h"), .text(part: 0, "m"),
                .text(part: 0, "!"), .closed(part: 0), .opened(part: 1, choice: 0, .text), .text(part: 1, "Hi"),
                .closed(part: 1), .opened(part: 2, choice: 0, .refusal), .text(part: 2, "No."), .closed(part: 2),
                .finished(choice: 0, .refusal, stop: nil), .ended,
            ])
    }

    func testMistralsPartsAreRead() throws {
        XCTAssertEqual(
            try body([
                chunk(#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}"#),
                chunk(#"{"content":[{"type":"text","text":"Hi"},{"type":"reference","reference_ids":[1]}]}"#),
                chunk("{}", finish: "stop"), "[DONE]",
            ]).filter { if case .closed = $0 { false } else { true } },
            [
                .opened(part: 0, choice: 0, .thinking(origin: .openai)), .text(part: 0, "hm"),
                .opened(part: 1, choice: 0, .text), .text(part: 1, "Hi"),
                .opened(
                    part: 2, choice: 0,
                    .whole(
                        Part(
                            .native(
                                try json(#"{"delta":{"content":[{"type":"reference","reference_ids":[1]}]}}"#),
                                of: .openai)))
                ),
                .finished(choice: 0, .stop, stop: nil), .ended,
            ])
    }

    func testLogprobsComeBeforeTheirText() throws {
        let value = #"{"content":[{"token":"a","logprob":-0.10,"bytes":null,"top_logprobs":[]}],"refusal":null}"#
        XCTAssertEqual(
            try body([
                #"{"id":"chatcmpl-1","created":7,"model":"m","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":"a"},"logprobs":\#(value)}]}"#
            ]),
            [
                .logprobs(choice: 0, try json(value)), .opened(part: 0, choice: 0, .text), .text(part: 0, "a"),
            ])
    }

    func testAnnotationsBelongToTheTextThatIsOpen() throws {
        let events = try body([chunk(#"{"content":"a"}"#), chunk(#"{"annotations":[{"type":"url_citation"}]}"#)])
        XCTAssertEqual(events.last, .citation(part: 0, try json(#"{"type":"url_citation"}"#), of: .openai))
    }

    // MARK: Calls

    func testInterleavedCallsAreToldApart() throws {
        XCTAssertEqual(
            try body([
                chunk(#"{"role":"assistant","content":null}"#),
                call(0, #""id":"a","type":"function","function":{"name":"f","arguments":""}"#),
                call(1, #""id":"b","type":"function","function":{"name":"g","arguments":""}"#),
                call(0, #""function":{"arguments":"{\"x\""}"#), call(1, #""function":{"arguments":"{"}"#),
                call(0, #""function":{"arguments":":1}"}"#), call(1, #""function":{"arguments":"}"}"#),
                chunk("{}", finish: "tool_calls"), "[DONE]",
            ]),
            [
                .opened(part: 0, choice: 0, .toolCall(id: "a", name: "f", signature: nil)),
                .opened(part: 1, choice: 0, .toolCall(id: "b", name: "g", signature: nil)),
                .arguments(part: 0, #"{"x""#), .arguments(part: 1, "{"), .arguments(part: 0, ":1}"),
                .arguments(part: 1, "}"), .closed(part: 0), .closed(part: 1),
                .finished(choice: 0, .toolCalls, stop: nil), .ended,
            ])
    }

    func testArgumentsAreHeldUntilTheNameIsKnown() throws {
        XCTAssertEqual(
            try body([
                chunk(#"{"content":"Let me see."}"#), call(0, #""id":"a","function":{"arguments":"{\"x"}"#),
                call(0, #""function":{"arguments":"\":"}"#), call(0, #""function":{"name":"f","arguments":"1}"}"#),
                chunk("{}", finish: "tool_calls"), "[DONE]",
            ]).dropFirst(2),
            [
                .closed(part: 0), .opened(part: 1, choice: 0, .toolCall(id: "a", name: "f", signature: nil)),
                .arguments(part: 1, #"{"x":1}"#), .closed(part: 1), .finished(choice: 0, .toolCalls, stop: nil), .ended,
            ])
    }

    /// The identities, names and arguments of the calls of a stream.
    private func calls(_ messages: [String]) throws -> [String] {
        var calls: [(part: Int, text: String)] = []
        for event in try events(messages + [chunk("{}", finish: "stop"), "[DONE]"]) {
            switch event {
            case .opened(let part, _, .toolCall(let id, let name, let signature)):
                calls.append((part, "\(id) \(name) \(signature ?? "")"))
            case .arguments(let part, let piece):
                let place = try XCTUnwrap(calls.firstIndex { $0.part == part })
                calls[place].text += piece
            case .finished(_, let reason, _): XCTAssertEqual(reason, .toolCalls)
            default: break
            }
        }
        return calls.map(\.text)
    }

    func testWholeCallsInOneDeltaAreRead() throws {
        XCTAssertEqual(
            try calls([
                chunk(
                    #"""
                    {"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},
                      "extra_content":{"google":{"thought_signature":"c2ln"}}},
                     {"id":"b","type":"function","function":{"name":"g","arguments":{"x":1}}}]}
                    """#)
            ]), ["a f c2ln{}", #"b g {"x":1}"#])
    }

    func testCallsWithoutIndexAreToldApartByIdentityAndName() throws {
        func delta(_ text: String) -> String { chunk(#"{"tool_calls":[{\#(text)}]}"#) }
        XCTAssertEqual(
            try calls([
                delta(#""id":"a","function":{"name":"f","arguments":"{"}"#), delta(#""function":{"arguments":"}"}"#),
                delta(#""id":"b","function":{"name":"f","arguments":"["}"#),
                delta(#""id":"b","function":{"arguments":"]"}"#), delta(#""function":{"name":"h","arguments":"{}"}"#),
            ]), ["a f {}", "b f []", "call_chatcmpl1_0_2 h {}"])
    }

    func testCallsThatAllHaveIndexZeroAreToldApart() throws {
        XCTAssertEqual(
            try calls([
                call(0, #""id":"a","function":{"name":"f","arguments":""}"#),
                call(0, #""id":"","function":{"name":null,"arguments":"{}"}"#),
                call(0, #""id":"b","function":{"name":"f","arguments":"{\"}"}"#),
                call(0, #""id":"","function":{"arguments":"\":1}"}"#),
            ]), ["a f {}", #"b f {"}":1}"#])
    }

    func testANewIdentityWithinACallBeginsNone() throws {
        XCTAssertEqual(
            try calls([
                call(0, #""id":"a1","function":{"name":"f","arguments":""}"#),
                call(0, #""id":"a2","function":{"name":"f","arguments":"{\"x\":"}"#),
                call(0, #""id":"a3","function":{"name":"f","arguments":"[]}"}"#),
                call(0, #""id":"b1","function":{"name":"f","arguments":"{}"}"#),
            ]), [#"a1 f {"x":[]}"#, "b1 f {}"])
    }

    func testCallsWithoutIdentityGetTheSameOneEachTime() throws {
        let messages = [call(1, #""function":{"name":"f","arguments":"{}"}"#)]
        XCTAssertEqual(try calls(messages), ["call_chatcmpl1_0_0 f {}"])
    }

    func testCallsInTheOldFormAreRead() throws {
        XCTAssertEqual(
            try calls([
                chunk(#"{"function_call":{"name":"f","arguments":""}}"#),
                chunk(#"{"function_call":{"arguments":"{}"}}"#),
            ]), ["call_chatcmpl1_0_0 f {}"])
    }

    func testCallsOfCustomToolsAreWholeAtTheirEnd() throws {
        XCTAssertEqual(
            try body([
                call(0, #""id":"a","type":"custom","custom":{"name":"sh","input":"l"}"#),
                call(0, #""custom":{"input":"s"}"#), chunk("{}", finish: "tool_calls"), "[DONE]",
            ]).first,
            .opened(
                part: 0, choice: 0,
                .whole(
                    Part(
                        .native(
                            try json(#"{"id":"a","type":"custom","custom":{"name":"sh","input":"ls"}}"#), of: .openai)))
            ))
    }

    // MARK: The end

    func testEveryReasonIsRead() throws {
        for (word, expected) in [
            ("stop", FinishReason.stop), ("length", .length), ("content_filter", .contentFilter),
            ("abort", .other("abort")),
            ("function_call", .toolCalls), ("tool_calls", .toolCalls),
        ] {
            XCTAssertEqual(
                try body([chunk(#"{"content":"a"}"#, finish: word)]).suffix(2),
                [.finished(choice: 0, expected, stop: nil), .ended])
        }
    }

    func testAStopThatWasReachedIsNamed() throws {
        let last =
            #"{"id":"chatcmpl-1","created":7,"model":"m","system_fingerprint":"fp","choices":[{"index":0,"delta":{},"finish_reason":"stop","stop_reason":"END"}]}"#
        XCTAssertEqual(try body([last]).first, .finished(choice: 0, .stopSequence, stop: "END"))
    }

    func testWithoutDoneAStreamIsWholeOnceAllItsChoicesAre() throws {
        XCTAssertEqual(try body([chunk(#"{"content":"a"}"#, finish: "stop")]).last, .ended)
        XCTAssertEqual(
            try body([chunk(#"{"content":"a"}"#, finish: "stop"), chunk(#"{"content":"b"}"#, index: 1)]).last,
            .text(part: 1, "b"))
    }

    func testWithoutReasonsAStreamIsWholeWithDoneOrItsLastUsage() throws {
        let usage = #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#
        let ending: [AnswerEvent] = [.closed(part: 0), .finished(choice: 0, .stop, stop: nil)]
        XCTAssertEqual(try body([chunk(#"{"content":"a"}"#), "[DONE]"]).suffix(3), ending + [.ended])
        XCTAssertEqual(
            try body([chunk(#"{"content":"a"}"#), usage]).suffix(4),
            ending + [.usage(TokenUsage(input: 1, output: 1)), .ended])
    }

    func testWithoutAnyOfTheseItWasCut() throws {
        XCTAssertEqual(try body([chunk(#"{"content":"a"}"#)]).last, .text(part: 0, "a"))
        XCTAssertEqual(try events([]), [])
    }

    func testAStreamOfNothingButItsEndIsAnEmptyAnswer() throws {
        XCTAssertEqual(try events(["[DONE]"]), [.began(AnswerHead(id: "", model: "")), .ended])
    }

    // MARK: Usage

    func testUsageOnEveryChunkIsToldAsItRunsAndLast() throws {
        func chunk(_ content: String, _ output: Int, finish: String = "null") -> String {
            #"{"id":"i","model":"m","choices":[{"index":0,"delta":{"content":"\#(content)"},"finish_reason":\#(finish)}],"usage":{"prompt_tokens":3,"completion_tokens":\#(output)}}"#
        }
        XCTAssertEqual(
            try events([chunk("a", 1), chunk("b", 2, finish: #""stop""#), "[DONE]"]).dropFirst(),
            [
                .opened(part: 0, choice: 0, .text), .text(part: 0, "a"), .usage(TokenUsage(input: 3, output: 1)),
                .text(part: 0, "b"), .closed(part: 0), .finished(choice: 0, .stop, stop: nil),
                .usage(TokenUsage(input: 3, output: 2)), .ended,
            ])
    }

    func testUsageBeforeTheReasonIsToldAgainBehindIt() throws {
        let usage = TokenUsage(input: 3, output: 1)
        let running =
            #"{"id":"i","choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#
        let last = #"{"id":"i","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#
        XCTAssertEqual(
            try events([running, last, "[DONE]"]).suffix(3),
            [.finished(choice: 0, .stop, stop: nil), .usage(usage), .ended])
    }

    func testTheTierOfAnyChunkCounts() throws {
        let events = try events([
            #"{"id":"i","service_tier":"flex","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#,
            #"{"id":"i","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#,
        ])
        XCTAssertTrue(events.contains(.usage(TokenUsage(input: 3, output: 1, serviceTier: .flex))))
        guard case .began(let head) = events.first else { return XCTFail("\(events)") }
        XCTAssertEqual(head.serviceTier, "flex")
    }

    // MARK: Oddities

    func testAzuresFirstChunkIsNeitherTheBeginningNorTheEnd() throws {
        let events = try events([
            #"{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}"#,
            #"{"id":"chatcmpl-9","created":5,"model":"gpt","choices":[{"index":0,"delta":{"content":"a"},"content_filter_results":{"hate":{"filtered":false}},"finish_reason":null}]}"#,
            #"{"id":"chatcmpl-9","created":5,"model":"gpt","choices":[{"index":0,"delta":{},"content_filter_results":{},"finish_reason":"stop"}]}"#,
            "[DONE]",
        ])
        guard case .began(let head) = events.first else { return XCTFail("\(events)") }
        XCTAssertEqual([head.id, head.model], ["chatcmpl-9", "gpt"])
        XCTAssertEqual(head.createdUnixSeconds, 5)
        XCTAssertEqual(head.extras["prompt_filter_results"], try json(#"[{"prompt_index":0}]"#))
        XCTAssertEqual(
            events.dropFirst(),
            [
                .opened(part: 0, choice: 0, .text), .text(part: 0, "a"), .closed(part: 0),
                .finished(choice: 0, .stop, stop: nil), .ended,
            ])
    }

    func testSeveralChoicesAreKeptApart() throws {
        XCTAssertEqual(
            try body([
                chunk(#"{"role":"assistant","content":"a"}"#), chunk(#"{"content":"x"}"#, index: 1),
                chunk(#"{"content":"b"}"#), chunk("{}", finish: "stop", index: 1), chunk("{}", finish: "length"),
                "[DONE]",
            ]),
            [
                .opened(part: 0, choice: 0, .text), .text(part: 0, "a"), .opened(part: 1, choice: 1, .text),
                .text(part: 1, "x"), .text(part: 0, "b"), .closed(part: 1), .finished(choice: 1, .stop, stop: nil),
                .closed(part: 0), .finished(choice: 0, .length, stop: nil), .ended,
            ])
    }

    func testUnknownMembersOfAChoiceAreKept() throws {
        let events = try body([chunk(#"{"content":"a","audio":{"id":"1"},"x":null}"#)])
        XCTAssertEqual(
            events.suffix(2),
            [
                .opened(
                    part: 1, choice: 0, .whole(Part(.native(try json(#"{"delta":{"audio":{"id":"1"}}}"#), of: .openai)))
                ),
                .closed(part: 1),
            ])
    }

    func testImagesAreParts() throws {
        let events = try body([
            chunk(#"{"content":"","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]}"#)
        ])
        XCTAssertEqual(
            events.first,
            .opened(part: 0, choice: 0, .whole(Part(.image(Media(.data("aGk="), type: "image/png"))))))
    }

    func testKeepAlivesArePings() throws {
        XCTAssertEqual(
            try events(["", chunk(#"{"content":"a"}"#), "", #"{"id":"chatcmpl-1","choices":[]}"#]).suffix(3),
            [.text(part: 0, "a"), .ping, .ping])
    }

    func testErrorsEndTheStream() throws {
        for (message, kind, text) in [
            (
                #"{"error":{"message":"Busy","type":"overloaded_error","code":null}}"#, ProviderError.Kind.overloaded,
                "Busy"
            ),
            (#"{"error":{"message":"Slow","code":429},"id":"x","choices":[]}"#, .rateLimit, "Slow"),
            (#"{"object":"error","message":"Bad","type":"BadRequestError","code":400}"#, .invalidRequest, "Bad"),
            (#"{"error":"Oh"}"#, .server, "Oh"),
        ] {
            let events = try events([chunk(#"{"content":"a"}"#), message, chunk(#"{"content":"b"}"#), "[DONE]"])
            guard case .failed(let error) = events.last else { return XCTFail("\(events)") }
            XCTAssertEqual([error.kind], [kind])
            XCTAssertEqual(error.message, text)
        }
    }

    func testAnEventNamedErrorIsOne() throws {
        var reader = OpenAIChat.streamReader()
        var events: [AnswerEvent] = []
        try Self.feed(#"{"message":"Oh"}"#, named: "error", to: &reader, &events)
        XCTAssertEqual(events, [.failed(ProviderError(status: 0, kind: .server, message: "Oh"))])
    }

    func testWhatIsNoChunkIsMalformed() {
        for message in ["{", "[]", "7", "DONE"] {
            XCTAssertThrowsError(try events([message])) {
                guard case TranslationError.malformed = $0 else { return XCTFail("\($0)") }
            }
        }
    }

    func testOddChunksDoNotFail() throws {
        XCTAssertNoThrow(
            try events([
                #"{"choices":null}"#, #"{"choices":[null,5,{}]}"#, #"{"choices":[{"index":"x","delta":[]}]}"#,
                #"{"choices":[{"delta":{"content":5,"tool_calls":[5,{}],"function_call":"x","images":[{}]}}]}"#, "{}",
            ]))
    }

    func testStateIsBounded() throws {
        let choices = (0..<129).map { chunk(#"{"content":"a"}"#, index: $0) }
        let calls = (0..<1_025).map { call($0, #""id":"\#($0)","function":{"name":"f","arguments":""}"#) }
        let piece = String(repeating: "x", count: 1 << 19)
        let held = Array(repeating: call(0, #""function":{"arguments":"\#(piece)"}"#), count: 3)
        for messages in [choices, calls, held] {
            XCTAssertThrowsError(try events(messages)) {
                guard case TranslationError.tooLarge = $0 else { return XCTFail("\($0)") }
            }
        }
    }
}

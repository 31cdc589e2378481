import Shared
import XCTest

@testable import Translate

final class ResponsesStreamWriterTests: XCTestCase {
    typealias Checks = ResponsesStreamChecks

    private let began = AnswerEvent.began(AnswerHead(id: "", model: ""))
    private let finished = AnswerEvent.finished(choice: 0, .stop, stop: nil)

    private func call(_ part: Int, _ id: String = "t", _ name: String = "f") -> AnswerEvent {
        .opened(part: part, choice: 0, .toolCall(id: id, name: name, signature: nil))
    }
    private func text(_ part: Int) -> AnswerEvent { .opened(part: part, choice: 0, .text) }
    private func thought(_ part: Int, _ origin: Dialect = .responses) -> AnswerEvent {
        .opened(part: part, choice: 0, .thinking(origin: origin))
    }

    /// What stands between the beginning and the end.
    private func outline(_ events: [AnswerEvent]) throws -> [String] {
        let outline = try Checks.outline([began] + events + [finished, .ended])
        XCTAssertEqual(outline.prefix(2), ["created", "in_progress"])
        XCTAssertEqual(outline.last, "completed")
        return Array(outline.dropFirst(2).dropLast())
    }

    // MARK: Bytes

    func testAStreamToTheByte() throws {
        var context = AnswerContext(id: "r1", model: "public", nowUnixSeconds: 7)
        context.echo = [
            .init(name: "parallel_tool_calls", value: .boolean(true)),
            .init(name: "tool_choice", value: .string("auto")), .init(name: "tools", value: .array([])),
        ]
        let output = try Checks.output(
            [
                .began(AnswerHead(id: "", model: "m", createdUnixSeconds: 9)), .ping, text(0),
                .text(part: 0, "Hi \"you\"\n"), .closed(part: 0), finished, .usage(TokenUsage(input: 12, output: 3)),
                .ended,
            ], in: context)
        let head = #""id":"resp_r1","object":"response","created_at":9,"#
        let echo = #""parallel_tool_calls":true,"tool_choice":"auto","tools":[]}"#
        let begun =
            #"{\#(head)"status":"in_progress","error":null,"incomplete_details":null,"model":"m","output":[],"usage":null,\#(echo)"#
        let part = #"{"type":"output_text","annotations":[],"logprobs":[],"text":"Hi \"you\"\n"}"#
        let item =
            #"{"id":"msg_r1_0","type":"message","status":"completed","role":"assistant","content":[\#(part)]}"#
        let usage =
            #"{"input_tokens":12,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":15}"#
        let expected = #"""
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":\#(begun)}

            event: response.in_progress
            data: {"type":"response.in_progress","sequence_number":1,"response":\#(begun)}

            : ping

            event: response.output_item.added
            data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_r1_0","type":"message","status":"in_progress","role":"assistant","content":[]}}

            event: response.content_part.added
            data: {"type":"response.content_part.added","sequence_number":3,"item_id":"msg_r1_0","output_index":0,"content_index":0,"part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_r1_0","output_index":0,"content_index":0,"delta":"Hi \"you\"\n","logprobs":[]}

            event: response.output_text.done
            data: {"type":"response.output_text.done","sequence_number":5,"item_id":"msg_r1_0","output_index":0,"content_index":0,"text":"Hi \"you\"\n","logprobs":[]}

            event: response.content_part.done
            data: {"type":"response.content_part.done","sequence_number":6,"item_id":"msg_r1_0","output_index":0,"content_index":0,"part":\#(part)}

            event: response.output_item.done
            data: {"type":"response.output_item.done","sequence_number":7,"output_index":0,"item":\#(item)}

            event: response.completed
            data: {"type":"response.completed","sequence_number":8,"response":{\#(head)"status":"completed","error":null,"incomplete_details":null,"model":"m","output":[\#(item)],"usage":\#(usage),\#(echo)}


            """#
        XCTAssertEqual(String(decoding: output, as: UTF8.self), expected)
    }

    // MARK: The response

    func testARequestIsRepeatedAndAllEventsHaveOneIdentity() throws {
        let frames = try Checks.frames([.began(AnswerHead(id: "chatcmpl-7", model: "")), finished, .ended])
        XCTAssertEqual(frames.map(\.name), ["response.created", "response.in_progress", "response.completed"])
        for frame in frames {
            let response = frame.data["response"]
            XCTAssertEqual(response?["id"]?.string, "resp_chatcmpl-7")
            XCTAssertEqual(response?["model"]?.string, "public-name")
            XCTAssertEqual(response?["created_at"]?.number?.int64, 1_700_000_000)
            XCTAssertEqual(response?["instructions"]?.string, "Be brief.")
        }
    }

    func testTheLastEventWaitsForTheUsage() throws {
        let usage = AnswerEvent.usage(TokenUsage(input: 3, output: 4))
        let later = AnswerEvent.usage(TokenUsage(input: 3, output: 5))
        XCTAssertEqual(try Checks.frames([began, finished, usage]).count, 2)
        for events in [[began, usage, finished, .ended], [began, finished, usage, .ended]] {
            XCTAssertEqual(try Checks.last(events)["usage"]?["total_tokens"]?.number?.int64, 7)
        }
        let last = try Checks.last([began, finished, usage, later, .ended])
        XCTAssertEqual(last["usage"]?["output_tokens"]?.number?.int64, 5)
        XCTAssertEqual(try Checks.last([began, finished, .ended])["usage"], .null)
    }

    func testAnEmptyAnswerHasNoItems() throws {
        XCTAssertEqual(try outline([]), [])
        XCTAssertEqual(try outline([text(0), .closed(part: 0)]), [])
        XCTAssertEqual(try Checks.outline([.ended]), ["created", "in_progress", "completed"])
    }

    func testAnAnswerThatWasCutIsIncomplete() throws {
        let content = [began, text(0), .text(part: 0, "A"), .closed(part: 0)]
        for (reason, word) in [
            (FinishReason.length, "max_output_tokens"), (.contentFilter, "content_filter"),
            (.refusal, "content_filter"), (.pause, "max_output_tokens"), (.other("odd"), "max_output_tokens"),
        ] {
            let events = content + [.finished(choice: 0, reason, stop: nil), .ended]
            XCTAssertEqual(
                try Checks.outline(events).suffix(2), ["done 0 message incomplete", "incomplete"], "\(reason)")
            let last = try Checks.last(events)
            XCTAssertEqual(last["incomplete_details"]?["reason"]?.string, word)
            XCTAssertEqual(last["status"]?.string, "incomplete")
        }
        for reason in [FinishReason.stop, .stopSequence, .toolCalls] {
            let last = try Checks.last(content + [.finished(choice: 0, reason, stop: "END"), .ended])
            XCTAssertEqual(last["status"]?.string, "completed")
            XCTAssertEqual(last["incomplete_details"], .null)
        }
    }

    func testAFailureIsTheLastEventAndHasWhatWasWhole() throws {
        let error = ProviderError(status: 429, kind: .rateLimit, message: "Slow down")
        let events = [
            began, call(0), .closed(part: 0), text(1), .text(part: 1, "A"), .usage(TokenUsage(input: 1, output: 2)),
            .failed(error), .closed(part: 1), .ended,
        ]
        XCTAssertEqual(
            try Checks.outline(events).dropFirst(6),
            ["added 1 message in_progress", "content_part.added 1", "output_text.delta 1 A", "failed"])
        let last = try Checks.last(events)
        XCTAssertEqual(last["status"]?.string, "failed")
        XCTAssertEqual(last["output"]?.array?.count, 1)
        XCTAssertEqual(last["usage"]?["output_tokens"]?.number?.int64, 2)
        assertJSON(
            try XCTUnwrap(last["error"]).bytes, #"{"code": "rate_limit_exceeded", "message": "Slow down"}"#)
        XCTAssertEqual(try Checks.outline([began, .failed(error)]), ["created", "in_progress", "failed"])
    }

    func testAFailureBeforeTheBeginningIsAnEventOfItsOwn() throws {
        let error = ProviderError(status: 0, kind: .invalidRequest, message: "Too long", param: "input")
        let frames = try Checks.frames([.failed(error), began, .ended])
        XCTAssertEqual(frames.map(\.name), ["error"])
        assertJSON(
            frames[0].data.bytes,
            #"""
            {"type": "error", "sequence_number": 0, "code": "invalid_prompt", "message": "Too long", "param": "input"}
            """#)
    }

    func testAgentsKnowFailuresByTheirCodes() throws {
        let codes: [(ProviderError.Kind, String?, String)] = [
            (.rateLimit, nil, "rate_limit_exceeded"), (.quota, nil, "insufficient_quota"),
            (.invalidRequest, "context_length_exceeded", "context_length_exceeded"),
            (.invalidRequest, "bad", "invalid_prompt"), (.tooLarge, nil, "invalid_prompt"),
            (.overloaded, nil, "server_is_overloaded"), (.server, "api_error", "server_error"),
            (.timeout, nil, "server_error"), (.authentication, nil, "server_error"),
        ]
        for (kind, code, expected) in codes {
            let error = ProviderError(status: 0, kind: kind, message: "No", code: code)
            XCTAssertEqual(try Checks.last([began, .failed(error)])["error"]?["code"]?.string, expected)
        }
    }

    func testNothingComesBehindTheEnd() throws {
        XCTAssertEqual(
            try Checks.outline([began, finished, .ended, .ended, text(0), .text(part: 0, "A")]),
            ["created", "in_progress", "completed"])
        let output = try Checks.output([began, finished, .ended, .ping])
        XCTAssertFalse(String(decoding: output, as: UTF8.self).contains("ping"))
        XCTAssertFalse(String(decoding: output, as: UTF8.self).contains("[DONE]"))
    }

    func testAStreamThatDoesNotBeginBeginsAnyway() throws {
        XCTAssertEqual(
            try Checks.outline([text(0), .text(part: 0, "A")]).prefix(4),
            ["created", "in_progress", "added 0 message in_progress", "content_part.added 0"])
    }

    // MARK: Messages

    func testTextsAndRefusalsThatFollowEachOtherAreOneMessage() throws {
        XCTAssertEqual(
            try outline([
                text(0), .text(part: 0, "A"), .text(part: 0, "B"), .closed(part: 0),
                .opened(part: 1, choice: 0, .refusal), .text(part: 1, "No"), .closed(part: 1),
            ]),
            [
                "added 0 message in_progress", "content_part.added 0", "output_text.delta 0 A", "output_text.delta 0 B",
                "output_text.done 0 AB", "content_part.done 0", "content_part.added 0", "refusal.delta 0 No",
                "refusal.done 0 No", "content_part.done 0", "done 0 message completed",
            ])
    }

    func testARefusalIsAnAnswerThatIsComplete() throws {
        let last = try Checks.last([
            began, .opened(part: 0, choice: 0, .refusal), .text(part: 0, "No"), .closed(part: 0),
            .finished(choice: 0, .refusal, stop: nil), .ended,
        ])
        XCTAssertEqual(last["status"]?.string, "completed")
        assertJSON(
            try XCTUnwrap(last["output"]).bytes,
            #"""
            [{"id": "msg_0194-f2_0", "type": "message", "status": "completed", "role": "assistant",
              "content": [{"type": "refusal", "refusal": "No"}]}]
            """#)
    }

    func testProbabilitiesGoWithTheirText() throws {
        func tokens(_ name: String) throws -> JSONValue {
            try Checks.json(#"{"content": [{"token": "\#(name)", "logprob": -1, "bytes": [65], "top_logprobs": []}]}"#)
        }
        let frames = try Checks.frames([
            began, text(0), .logprobs(choice: 0, try tokens("A")), .text(part: 0, "A"),
            .logprobs(choice: 0, try tokens("B")), .text(part: 0, "B"), .text(part: 0, "C"), .closed(part: 0),
            finished, .ended,
        ])
        let names = frames.compactMap { frame -> [String]? in
            guard frame.name.hasPrefix("response.output_text") else { return nil }
            return frame.data["logprobs"]?.array?.compactMap { $0["token"]?.string }
        }
        XCTAssertEqual(names, [["A"], ["B"], [], ["A", "B"]])
    }

    func testNotesOfThisDialectStandAtTheirText() throws {
        let note = try Checks.json(
            #"{"type": "url_citation", "url": "u", "title": "t", "start_index": 0, "end_index": 1}"#)
        let events: [AnswerEvent] = [
            began, text(0), .text(part: 0, "A"), .citation(part: 0, note, of: .responses),
            .citation(part: 0, .null, of: .anthropic), .closed(part: 0), finished, .ended,
        ]
        XCTAssertEqual(try Checks.outline(events)[5], "output_text.annotation.added 0")
        let item = try Checks.last(events)["output"]?.array?.first
        XCTAssertEqual(item?["content"]?.array?.first?["annotations"], .array([note]))
    }

    // MARK: Thoughts

    func testAThoughtIsASummary() throws {
        let events = [
            began, thought(0), .text(part: 0, "Hm"), .text(part: 0, "!"), .signature(part: 0, "si"),
            .signature(part: 0, "g"), .closed(part: 0), call(1), .arguments(part: 1, "{}"), .closed(part: 1), finished,
            .ended,
        ]
        XCTAssertEqual(
            try Checks.outline(events).dropFirst(2).dropLast(),
            [
                "added 0 reasoning in_progress", "reasoning_summary_part.added 0", "reasoning_summary_text.delta 0 Hm",
                "reasoning_summary_text.delta 0 !", "reasoning_summary_text.done 0 Hm!",
                "reasoning_summary_part.done 0",
                "done 0 reasoning -", "added 1 function_call in_progress", "function_call_arguments.delta 1 {}",
                "function_call_arguments.done 1 {}", "done 1 function_call completed",
            ])
        assertJSON(
            try XCTUnwrap(try Checks.last(events)["output"]?.array?.first).bytes,
            #"""
            {"id": "rs_0194-f2_0", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm!"}],
             "encrypted_content": "sig"}
            """#)
    }

    func testThoughtsOfOthersAreMarkedAsTheirs() throws {
        func encrypted(_ events: [AnswerEvent]) throws -> String? {
            try Checks.last([began] + events + [finished, .ended])["output"]?.array?.first?["encrypted_content"]?
                .string
        }
        XCTAssertEqual(
            try encrypted([
                thought(0, .anthropic), .text(part: 0, "Hm"), .signature(part: 0, "a"), .signature(part: 0, "b"),
                .closed(part: 0),
            ]), ResponsesThoughts.encrypted(Thinking(text: "Hm", signature: "ab", origin: .anthropic)))
        // Nothing is shown of it: there is no summary.
        XCTAssertEqual(
            try outline([thought(0, .gemini), .signature(part: 0, "a"), .closed(part: 0)]),
            ["added 0 reasoning in_progress", "done 0 reasoning -"])
        XCTAssertEqual(
            try encrypted([.opened(part: 0, choice: 0, .sealedThinking("x", origin: .bedrock)), .closed(part: 0)]),
            ResponsesThoughts.encrypted(Thinking(sealed: "x", origin: .bedrock)))
        XCTAssertNil(try encrypted([thought(0, .bedrock), .text(part: 0, "Hm"), .closed(part: 0)]))
    }

    // MARK: Calls

    func testCallsThatCameAtOnceComeOneAfterTheOther() throws {
        XCTAssertEqual(
            try outline([
                call(0, "a"), call(1, "b"), .arguments(part: 1, "{\"x\""), .arguments(part: 0, "{"),
                .arguments(part: 1, ":1}"), .arguments(part: 0, "}"), .closed(part: 0), .closed(part: 1),
            ]),
            [
                "added 0 function_call in_progress", "function_call_arguments.delta 0 {",
                "function_call_arguments.delta 0 }", "function_call_arguments.done 0 {}",
                "done 0 function_call completed", "added 1 function_call in_progress",
                #"function_call_arguments.delta 1 {"x":1}"#, #"function_call_arguments.done 1 {"x":1}"#,
                "done 1 function_call completed",
            ])
    }

    func testACallIsNamedFromItsBeginning() throws {
        let frames = try Checks.frames([
            began, text(0), .text(part: 0, "A"), .closed(part: 0), call(1, "call_9", "look"),
            .arguments(part: 1, "{}"), .closed(part: 1), finished, .ended,
        ])
        let items = frames.filter { $0.name.hasPrefix("response.output_item") }.suffix(2).compactMap(\.data["item"])
        for (item, arguments) in zip(items, ["", "{}"]) {
            XCTAssertEqual(item["id"]?.string, "fc_0194-f2_1")
            XCTAssertEqual(item["call_id"]?.string, "call_9")
            XCTAssertEqual(item["name"]?.string, "look")
            XCTAssertEqual(item["arguments"]?.string, arguments)
        }
    }

    func testACallWithoutArgumentsOrIdentityGetsThem() throws {
        let events = [began, call(0, ""), .closed(part: 0), call(1, ""), .closed(part: 1), finished, .ended]
        XCTAssertEqual(try Checks.outline(events)[3], "function_call_arguments.delta 0 {}")
        let items = try XCTUnwrap(try Checks.last(events)["output"]?.array)
        XCTAssertEqual(items.map { $0["arguments"]?.string }, ["{}", "{}"])
        XCTAssertEqual(Set(items.compactMap { $0["call_id"]?.string }).count, 2)
    }

    func testACallThatWasCutIsIncomplete() throws {
        let events = [
            began, call(0), .arguments(part: 0, "{\"a"), .finished(choice: 0, .length, stop: nil), .ended,
        ]
        XCTAssertEqual(
            try Checks.outline(events).suffix(3),
            ["function_call_arguments.done 0 {\"a", "done 0 function_call incomplete", "incomplete"])
    }

    // MARK: The rest

    func testItemsOfThisDialectPassAndPicturesHaveOne() throws {
        let item = try Checks.json(
            #"""
            {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "q"}}
            """#)
        let events: [AnswerEvent] = [
            began, .opened(part: 0, choice: 0, .whole(Part(.native(item, of: .responses)))), .closed(part: 0),
            .opened(part: 1, choice: 0, .whole(Part(.native(item, of: .openai)))), .closed(part: 1),
            .opened(part: 2, choice: 0, .whole(Part(.image(Media(.data("AAAA")))))), .closed(part: 2), finished, .ended,
        ]
        XCTAssertEqual(
            try Checks.outline(events).dropFirst(2).dropLast(),
            [
                "added 0 web_search_call completed", "done 0 web_search_call completed",
                "added 1 image_generation_call in_progress", "done 1 image_generation_call completed",
            ])
        let output = try XCTUnwrap(try Checks.last(events)["output"]?.array)
        XCTAssertEqual(output.first, item)
        XCTAssertEqual(output.last?["result"]?.string, "AAAA")
    }

    func testOtherChoicesThanTheFirstAreLeftOut() throws {
        XCTAssertEqual(
            try outline([
                .opened(part: 0, choice: 1, .text), .text(part: 0, "B"), text(1), .text(part: 1, "A"),
                .logprobs(choice: 1, .null), .closed(part: 0), .closed(part: 1),
                .finished(choice: 1, .length, stop: nil),
            ]),
            [
                "added 0 message in_progress", "content_part.added 0", "output_text.delta 0 A", "output_text.done 0 A",
                "content_part.done 0", "done 0 message completed",
            ])
    }

    /// A stream and a whole answer that say the same are one response.
    func testTheLastEventIsTheWholeAnswer() throws {
        let parts: [Part] = [
            Part(.thinking(Thinking(text: "Hm", signature: "s", origin: .anthropic))), Part(.text("A")),
            Part(.refusal("No")), Part(.toolCall(ToolCall(id: "", name: "f", arguments: "{}"))),
            Part(.image(Media(.data("AAAA")))), Part(.text("B")),
        ]
        let reasons: [FinishReason] = [.stop, .length, .contentFilter, .refusal, .toolCalls, .pause, .other("odd")]
        for reason in reasons {
            var answer = Answer()
            answer.id = "a-1"
            answer.model = "m"
            answer.choices = [Choice(parts: parts, finish: reason)]
            answer.usage = TokenUsage(input: 3, output: 4)
            let whole = try JSONValue(parsing: OpenAIResponses.body(of: answer, in: Checks.context))
            let streamed = try Checks.last([
                .began(AnswerHead(id: "a-1", model: "m")), thought(0, .anthropic), .text(part: 0, "Hm"),
                .signature(part: 0, "s"), .closed(part: 0), text(1), .text(part: 1, "A"), .closed(part: 1),
                .opened(part: 2, choice: 0, .refusal), .text(part: 2, "No"), .closed(part: 2), call(3, ""),
                .closed(part: 3), .opened(part: 4, choice: 0, .whole(parts[4])), .closed(part: 4), text(5),
                .text(part: 5, "B"), .closed(part: 5), .finished(choice: 0, reason, stop: nil),
                .usage(TokenUsage(input: 3, output: 4)), .ended,
            ])
            XCTAssertEqual(streamed, whole, "\(reason)")
        }
    }

    // MARK: Bounds

    private static let bound = 1 << 14

    func testWhatIsKeptHasABound() throws {
        var writer = ResponsesStreamWriter(in: Checks.context, keptBytesMax: Self.bound)
        var output: [UInt8] = []
        try writer.write(text(0), to: &output)
        let piece = String(repeating: "x", count: Self.bound / 2)
        for _ in 0..<2 { try writer.write(.text(part: 0, piece), to: &output) }
        XCTAssertThrowsError(try writer.write(.text(part: 0, "x"), to: &output)) {
            XCTAssertEqual($0 as? TranslationError, .tooLarge(limit: Self.bound))
        }
        XCTAssertEqual(ResponsesStreamWriter.keptBytesMax, 32 << 20)
    }

    func testItemsThatHaveEndedAndWhatStandsBesideTextsCountToo() throws {
        let piece = String(repeating: "x", count: Self.bound / 4)
        let kinds: [(Int) -> [AnswerEvent]] = [
            { [self.call($0), .arguments(part: $0, piece), .closed(part: $0)] },
            { [self.thought($0), .signature(part: $0, piece), .closed(part: $0)] },
            { [self.text($0), .text(part: $0, piece), .closed(part: $0)] },
            { [.opened(part: $0, choice: 0, .sealedThinking(piece, origin: .responses)), .closed(part: $0)] },
            {
                [
                    self.text($0), .text(part: $0, "A"), .citation(part: $0, .string(piece), of: .responses),
                    .closed(part: $0),
                ]
            },
        ]
        for (number, kind) in kinds.enumerated() {
            var writer = ResponsesStreamWriter(in: Checks.context, keptBytesMax: Self.bound)
            var output: [UInt8] = []
            for event in kind(0) { try writer.write(event, to: &output) }
            XCTAssertThrowsError(
                try (1..<5).flatMap(kind).forEach { try writer.write($0, to: &output) }, "\(number)")
        }
    }
}

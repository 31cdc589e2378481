import Shared
import XCTest

@testable import Translate

final class ResponsesStreamReaderTests: XCTestCase {
    typealias Checks = ResponsesStreamChecks

    private let created = #"{"type":"response.created","response":{"id":"resp_1","model":"m","created_at":7}}"#
    private let completed = #"{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}"#

    private func delta(_ text: String, _ kind: String = "output_text", at place: Int = 0, _ index: Int = 0) -> String {
        #"{"type":"response.\#(kind).delta","item_id":"i\#(place)","output_index":\#(place),"content_index":\#(index),"delta":"\#(text)"}"#
    }

    private func added(_ item: String, at place: Int = 0) -> String {
        #"{"type":"response.output_item.added","output_index":\#(place),"item":\#(item)}"#
    }

    private func done(_ item: String, at place: Int = 0) -> String {
        #"{"type":"response.output_item.done","output_index":\#(place),"item":\#(item)}"#
    }

    private func message(_ text: String, _ id: String = "i0") -> String {
        #"{"id":"\#(id)","type":"message","content":[{"type":"output_text","text":"\#(text)","annotations":[]}]}"#
    }

    private func call(_ place: Int, _ arguments: String = "") -> String {
        #"{"id":"i\#(place)","type":"function_call","call_id":"c\#(place)","name":"f\#(place)","arguments":"\#(arguments)"}"#
    }

    private func opened(call place: Int, part: Int = 0) -> AnswerEvent {
        .opened(part: part, choice: 0, .toolCall(id: "c\(place)", name: "f\(place)", signature: nil))
    }

    private func text(_ text: String, part: Int = 0) -> [AnswerEvent] {
        [.opened(part: part, choice: 0, .text), .text(part: part, text), .closed(part: part)]
    }

    private func finished(_ reason: FinishReason = .stop) -> AnswerEvent { .finished(choice: 0, reason, stop: nil) }

    // MARK: As OpenAI sends it

    func testATextAsOpenAISendsIt() throws {
        let response = #"""
            "id":"resp_67c9","object":"response","created_at":1741290958,"error":null,"incomplete_details":null,
            "instructions":"You are a helpful assistant.","max_output_tokens":null,"model":"gpt-4.1-2025-04-14",
            "parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},
            "store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],
            "top_p":1.0,"truncation":"disabled","user":null,"metadata":{}
            """#
        let item = #""id":"msg_67c9","type":"message","role":"assistant""#
        let place = #""item_id":"msg_67c9","output_index":0,"content_index":0"#
        let content = #"{"type":"output_text","text":"Hi there!","annotations":[]}"#
        let usage = #"""
            {"input_tokens":37,"output_tokens":11,"output_tokens_details":{"reasoning_tokens":4},
             "input_tokens_details":{"cached_tokens":5},"total_tokens":48}
            """#
        let events = try Checks.events([
            #"{"type":"response.created","response":{\#(response),"status":"in_progress","output":[],"usage":null}}"#,
            #"{"type":"response.in_progress","response":{\#(response),"status":"in_progress","output":[]}}"#,
            #"{"type":"response.output_item.added","output_index":0,"item":{\#(item),"status":"in_progress","content":[]}}"#,
            #"{"type":"response.content_part.added",\#(place),"part":{"type":"output_text","text":"","annotations":[]}}"#,
            #"{"type":"response.output_text.delta",\#(place),"delta":"Hi","logprobs":[],"obfuscation":"x8"}"#,
            #"{"type":"response.output_text.delta",\#(place),"delta":" there!","logprobs":[]}"#,
            #"{"type":"response.output_text.done",\#(place),"text":"Hi there!","logprobs":[]}"#,
            #"{"type":"response.content_part.done",\#(place),"part":\#(content)}"#,
            #"{"type":"response.output_item.done","output_index":0,"item":{\#(item),"content":[\#(content)]}}"#,
            #"{"type":"response.completed","response":{\#(response),"status":"completed","output":[{\#(item),"content":[\#(content)]}],"usage":\#(usage),"service_tier":"default"}}"#,
        ])
        guard case .began(let head) = events.first else { return XCTFail("\(events)") }
        XCTAssertEqual(head.id, "resp_67c9")
        XCTAssertEqual(head.model, "gpt-4.1-2025-04-14")
        XCTAssertEqual(head.createdUnixSeconds, 1_741_290_958)
        XCTAssertEqual(
            Array(events.dropFirst()),
            [
                .opened(part: 0, choice: 0, .text), .text(part: 0, "Hi"), .text(part: 0, " there!"), .closed(part: 0),
                finished(), .usage(TokenUsage(input: 37, cachedInput: 5, output: 11, reasoning: 4)), .ended,
            ])
    }

    func testACallBehindAThoughtAsOpenAISendsThem() throws {
        let reasoning = #""id":"rs_1","type":"reasoning""#
        let call = #""id":"fc_1","type":"function_call","call_id":"call_1","name":"get_weather""#
        let summary = #""item_id":"rs_1","output_index":0,"summary_index""#
        XCTAssertEqual(
            try Checks.content([
                created,
                #"{"type":"response.output_item.added","output_index":0,"item":{\#(reasoning),"encrypted_content":"part","summary":[]}}"#,
                #"{"type":"response.reasoning_summary_part.added",\#(summary):0,"part":{"type":"summary_text","text":""}}"#,
                #"{"type":"response.reasoning_summary_text.delta",\#(summary):0,"delta":"**Looking** "}"#,
                #"{"type":"response.reasoning_summary_text.delta",\#(summary):0,"delta":"up"}"#,
                #"{"type":"response.reasoning_summary_text.done",\#(summary):0,"text":"**Looking** up"}"#,
                #"{"type":"response.reasoning_summary_part.done",\#(summary):0,"part":{"type":"summary_text","text":"**Looking** up"}}"#,
                #"{"type":"response.reasoning_summary_part.added",\#(summary):1,"part":{"type":"summary_text","text":""}}"#,
                #"{"type":"response.reasoning_summary_text.delta",\#(summary):1,"delta":"Done"}"#,
                #"{"type":"response.output_item.done","output_index":0,"item":{\#(reasoning),"encrypted_content":"gAAA","summary":[{"type":"summary_text","text":"**Looking** up"},{"type":"summary_text","text":"Done"}]}}"#,
                #"{"type":"response.output_item.added","output_index":1,"item":{\#(call),"status":"in_progress","arguments":""}}"#,
                #"{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":1,"delta":"{\"city\":"}"#,
                #"{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":1,"delta":"\"Paris\"}"}"#,
                #"{"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":1,"arguments":"{\"city\":\"Paris\"}"}"#,
                #"{"type":"response.output_item.done","output_index":1,"item":{\#(call),"status":"completed","arguments":"{\"city\":\"Paris\"}"}}"#,
                completed,
            ]),
            [
                .opened(part: 0, choice: 0, .thinking(origin: .responses)), .text(part: 0, "**Looking** "),
                .text(part: 0, "up"), .text(part: 0, ResponsesThoughts.separator), .text(part: 0, "Done"),
                .signature(part: 0, "gAAA"), .closed(part: 0),
                .opened(part: 1, choice: 0, .toolCall(id: "call_1", name: "get_weather", signature: nil)),
                .arguments(part: 1, #"{"city":"#), .arguments(part: 1, #""Paris"}"#), .closed(part: 1),
                finished(.toolCalls),
            ])
    }

    func testARefusal() throws {
        XCTAssertEqual(
            try Checks.content([
                created, added(#"{"id":"i0","type":"message","content":[]}"#), delta("I ", "refusal"),
                delta("can't", "refusal"),
                #"{"type":"response.refusal.done","item_id":"i0","output_index":0,"content_index":0,"refusal":"I can't"}"#,
                done(#"{"id":"i0","type":"message","content":[{"type":"refusal","refusal":"I can't"}]}"#), completed,
            ]),
            [
                .opened(part: 0, choice: 0, .refusal), .text(part: 0, "I "), .text(part: 0, "can't"), .closed(part: 0),
                finished(.refusal),
            ])
    }

    func testNotesStandAtTheirText() throws {
        let note = #"{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":1}"#
        let content = #"{"type":"output_text","text":"A","annotations":[\#(note)]}"#
        let event =
            #"{"type":"response.output_text.annotation.added","output_index":0,"content_index":0,"annotation":\#(note)}"#
        let part = #"{"type":"response.content_part.done","output_index":0,"content_index":0,"part":\#(content)}"#
        let expected: [AnswerEvent] = [
            .opened(part: 0, choice: 0, .text), .text(part: 0, "A"),
            .citation(part: 0, try Checks.json(note), of: .responses), .closed(part: 0), finished(),
        ]
        XCTAssertEqual(try Checks.content([created, delta("A"), event, part, completed]), expected)
        // A server that says it only at the end.
        XCTAssertEqual(try Checks.content([created, delta("A"), part, completed]), expected)
        let item = #"{"id":"i0","type":"message","content":[\#(content)]}"#
        XCTAssertEqual(try Checks.content([created, delta("A"), done(item), completed]), expected)
    }

    func testProbabilitiesComeBeforeTheirText() throws {
        let tokens = #"[{"token":"A","logprob":-1,"top_logprobs":[]}]"#
        let content = try Checks.content([
            created,
            #"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"A","logprobs":\#(tokens)}"#,
            completed,
        ])
        XCTAssertEqual(
            content,
            [.logprobs(choice: 0, .object(["content": try Checks.json(tokens)]))] + text("A") + [finished()])
    }

    // MARK: Other servers

    func testWhatIsSaidOnlyAtTheEndIsSaidThen() throws {
        let textDone = #"{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"A"}"#
        let part =
            #"{"type":"response.content_part.done","output_index":0,"content_index":0,"part":{"type":"output_text","text":"A"}}"#
        let whole = #"{"type":"response.completed","response":{"status":"completed","output":[\#(message("A"))]}}"#
        for messages in [
            [created, textDone, completed], [created, part, completed], [created, done(message("A")), completed],
            [created, whole], [whole], [done(message("A")), completed], [created, textDone, part, whole],
            [created, delta("A"), textDone, part, done(message("A")), whole],
            [created, added(message("")), whole], [created, added(message("A")), completed],
        ] {
            XCTAssertEqual(try Checks.content(messages), text("A") + [finished()], "\(messages)")
        }
    }

    func testArgumentsThatComeWholeAreSaidOnce() throws {
        let arguments = #"{\"a\":1}"#
        let argumentsDone =
            #"{"type":"response.function_call_arguments.done","item_id":"i0","output_index":0,"arguments":"\#(arguments)"}"#
        let delta = delta(arguments, "function_call_arguments")
        for messages in [
            [added(call(0)), argumentsDone, completed],
            [added(call(0)), argumentsDone, done(call(0, arguments)), completed],
            [added(call(0)), delta, argumentsDone, done(call(0, arguments)), completed],
            [done(call(0, arguments)), completed], [argumentsDone, done(call(0, arguments)), completed],
            [delta, argumentsDone, done(call(0)), completed], [added(call(0, arguments)), completed],
            [added(call(0, arguments)), delta, done(call(0, arguments)), completed],
            [done(call(0, arguments)), argumentsDone, completed],
        ] {
            XCTAssertEqual(
                try Checks.content([created] + messages),
                [
                    opened(call: 0), .arguments(part: 0, #"{"a":1}"#), .closed(part: 0), finished(.toolCalls),
                ], "\(messages)")
        }
    }

    func testACallWithoutArgumentsHasEmptyOnes() throws {
        XCTAssertEqual(
            try Checks.content([created, added(call(0)), done(call(0)), completed]),
            [opened(call: 0), .arguments(part: 0, "{}"), .closed(part: 0), finished(.toolCalls)])
    }

    func testCallsThatAreInterleavedAreKeptApart() throws {
        XCTAssertEqual(
            try Checks.content([
                created, added(call(0)), added(call(1), at: 1), delta("[1", "function_call_arguments", at: 1),
                delta("[0", "function_call_arguments"), delta("]", "function_call_arguments", at: 1),
                done(call(1, "[1]"), at: 1), delta("]", "function_call_arguments"), done(call(0, "[0]")), completed,
            ]),
            [
                opened(call: 0), opened(call: 1, part: 1), .arguments(part: 1, "[1"), .arguments(part: 0, "[0"),
                .arguments(part: 1, "]"), .closed(part: 1), .arguments(part: 0, "]"), .closed(part: 0),
                finished(.toolCalls),
            ])
    }

    func testIdentitiesThatChangeFromEventToEventDoNotMatter() throws {
        XCTAssertEqual(
            try Checks.content([
                created, added(#"{"id":"x1","type":"message","content":[]}"#), delta("A"),
                done(message("A", "x2")), added(call(1), at: 1), done(call(1, "[]"), at: 1), completed,
            ]),
            text("A") + [
                opened(call: 1, part: 1), .arguments(part: 1, "[]"), .closed(part: 1), finished(.toolCalls),
            ])
    }

    func testItemsWithoutAPlaceAreKnownByTheirIdentity() throws {
        func piece(_ text: String, _ id: String) -> String {
            #"{"type":"response.output_text.delta","item_id":"\#(id)","delta":"\#(text)"}"#
        }
        func ended(_ item: String) -> String { #"{"type":"response.output_item.done","item":\#(item)}"# }
        XCTAssertEqual(
            try Checks.content([
                created, piece("A", "a"), piece("B", "b"), ended(message("B", "b")), ended(message("A", "a")),
                completed,
            ]),
            [
                .opened(part: 0, choice: 0, .text), .text(part: 0, "A"), .opened(part: 1, choice: 0, .text),
                .text(part: 1, "B"), .closed(part: 1), .closed(part: 0), finished(),
            ])
        // Nor with an identity in their pieces.
        XCTAssertEqual(
            try Checks.content([
                created, #"{"type":"response.output_text.delta","delta":"A"}"#, ended(message("A", "a")), completed,
            ]), text("A") + [finished()])
    }

    func testItemsThatAllStandAtOnePlaceAreItemsOfTheirOwn() throws {
        XCTAssertEqual(
            try Checks.content([
                created, added(#"{"id":"i0","type":"message","content":[]}"#), delta("A"), done(message("A")),
                added(call(1)), delta("[]", "function_call_arguments"), done(call(1, "[]")), done(call(2, "[2]")),
                completed,
            ]),
            text("A") + [
                opened(call: 1, part: 1), .arguments(part: 1, "[]"), .closed(part: 1),
                opened(call: 2, part: 2), .arguments(part: 2, "[2]"), .closed(part: 2), finished(.toolCalls),
            ])
    }

    func testThoughtsAsOtherServersShowThem() throws {
        let thought: [AnswerEvent] = [
            .opened(part: 0, choice: 0, .thinking(origin: .responses)), .text(part: 0, "Hm"), .closed(part: 0),
            finished(),
        ]
        let item = #"{"id":"i0","type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}]}"#
        for messages in [
            [delta("Hm", "reasoning_text"), done(item)], [delta("Hm", "reasoning")], [done(item)],
            [#"{"type":"response.reasoning_text.done","output_index":0,"content_index":0,"text":"Hm"}"#, done(item)],
            [#"{"type":"response.reasoning_summary_text.done","output_index":0,"summary_index":0,"text":"Hm"}"#],
        ] {
            XCTAssertEqual(try Checks.content([created] + messages + [completed]), thought, "\(messages)")
        }
    }

    func testAThoughtOfWhichNothingIsShownIsSealed() throws {
        XCTAssertEqual(
            try Checks.content([
                created, added(#"{"id":"i0","type":"reasoning","summary":[]}"#),
                done(#"{"id":"i0","type":"reasoning","summary":[],"encrypted_content":"gAAA"}"#), completed,
            ]),
            [
                .opened(part: 0, choice: 0, .sealedThinking("gAAA", origin: .responses)), .closed(part: 0),
                finished(),
            ])
        let empty = #"{"id":"i0","type":"reasoning","summary":[]}"#
        XCTAssertEqual(try Checks.content([created, added(empty), done(empty), completed]), [finished()])
    }

    func testItemsThatOnlyThisDialectHasComeWhole() throws {
        let search = #"{"id":"i0","type":"web_search_call","status":"completed"}"#
        let custom = #"{"id":"i1","type":"custom_tool_call","call_id":"c","name":"f","input":"x"}"#
        XCTAssertEqual(
            try Checks.content([
                created, added(search), #"{"type":"response.web_search_call.searching","output_index":0}"#,
                done(search),
                done(custom, at: 1), completed,
            ]),
            [
                .opened(part: 0, choice: 0, .whole(Part(.native(try Checks.json(search), of: .responses)))),
                .closed(part: 0),
                .opened(part: 1, choice: 0, .whole(Part(.native(try Checks.json(custom), of: .responses)))),
                .closed(part: 1), finished(.toolCalls),
            ])
    }

    func testEventsThatNobodyKnowsAreIgnored() throws {
        XCTAssertEqual(
            try Checks.content([
                created, #"{"type":"codex.rate_limits","plan":1}"#, #"{"type":"response.future.delta","delta":"x"}"#,
                delta("A"), #"{"type":"keepalive","sequence_number":3}"#, "", completed,
            ]),
            [.opened(part: 0, choice: 0, .text), .text(part: 0, "A"), .ping, .ping, .closed(part: 0), finished()])
    }

    func testTheTypeMayStandInTheNameOfTheEvent() throws {
        var reader = OpenAIResponses.streamReader()
        var events: [AnswerEvent] = []
        try Checks.feed(#"{"delta":"A"}"#, named: "response.output_text.delta", to: &reader, &events)
        XCTAssertEqual(events.last, .text(part: 0, "A"))
    }

    // MARK: The end

    func testReasonsForTheEnd() throws {
        func end(_ reason: String) throws -> AnswerEvent? {
            let details = #""status":"incomplete","incomplete_details":{"reason":"\#(reason)"}"#
            return try Checks.content([
                created, delta("A"), #"{"type":"response.incomplete","response":{\#(details)}}"#,
            ]).last
        }
        XCTAssertEqual(try end("max_output_tokens"), finished(.length))
        XCTAssertEqual(try end("content_filter"), finished(.contentFilter))
        XCTAssertEqual(try end("steered"), finished(.other("steered")))
    }

    func testAStreamIsWholeWithItsLastEventOnly() throws {
        XCTAssertFalse(try Checks.events([created, delta("A"), done(message("A"))]).contains(.ended))
        XCTAssertEqual(try Checks.events([created, delta("A"), "[DONE]"]).last, .ended)
        XCTAssertEqual(try Checks.events([created, completed, delta("A"), completed]).filter { $0 == .ended }.count, 1)
        XCTAssertEqual(try Checks.events([]), [])
    }

    func testFailures() throws {
        func failure(_ message: String) throws -> ProviderError? {
            let events = try Checks.events([created, delta("A"), message, completed])
            guard case .failed(let error) = events.last else { return nil }
            return error
        }
        func failed(_ code: String) throws -> ProviderError? {
            try failure(
                #"{"type":"response.failed","response":{"status":"failed","error":{"code":"\#(code)","message":"No"}}}"#
            )
        }
        for (code, kind) in [
            ("rate_limit_exceeded", ProviderError.Kind.rateLimit), ("server_error", .server),
            ("insufficient_quota", .quota), ("context_length_exceeded", .invalidRequest),
            ("invalid_prompt", .invalidRequest), ("invalid_image_url", .invalidRequest),
            ("image_too_large", .invalidRequest), ("server_is_overloaded", .overloaded), ("slow_down", .overloaded),
            ("vector_store_timeout", .timeout), ("bio_policy", .invalidRequest),
        ] {
            XCTAssertEqual(try failed(code)?.kind, kind, code)
            XCTAssertEqual(try failed(code)?.code, code)
            XCTAssertEqual(try failed(code)?.message, "No")
        }
        let flat = try failure(#"{"type":"error","code":"rate_limit_exceeded","message":"Slow","param":null}"#)
        XCTAssertEqual(flat?.kind, .rateLimit)
        XCTAssertEqual(flat?.message, "Slow")
        let nested = try failure(
            #"{"type":"error","error":{"type":"invalid_request_error","code":"context_length_exceeded","message":"Long","param":"input"}}"#
        )
        XCTAssertEqual(nested?.kind, .invalidRequest)
        XCTAssertEqual(nested?.code, "context_length_exceeded")
        XCTAssertEqual(nested?.param, "input")
        XCTAssertEqual(try failure(#"{"error":{"message":"Gone","type":"server_error"}}"#)?.message, "Gone")
    }

    func testAFailureTellsWhatWasUsedAndNothingComesBehindIt() throws {
        let events = try Checks.events([
            created,
            #"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"No"},"usage":{"input_tokens":3,"output_tokens":4}}}"#,
            completed,
        ])
        XCTAssertEqual(events.count, 3)
        XCTAssertEqual(events[1], .usage(TokenUsage(input: 3, output: 4)))
    }

    // MARK: Bounds

    func testWhatIsNoEventIsMalformed() {
        for data in ["{", "[]", "7"] {
            XCTAssertThrowsError(try Checks.events([data])) { error in
                guard case .malformed? = error as? TranslationError else { return XCTFail("\(error)") }
            }
        }
    }

    func testItemsAndHeldArgumentsHaveABound() throws {
        let items = (0...ResponsesStreamParts.countMax).map { added(#"{"type":"message"}"#, at: $0) }
        XCTAssertNoThrow(try Checks.events(Array(items.dropLast())))
        XCTAssertThrowsError(try Checks.events(items)) {
            XCTAssertEqual($0 as? TranslationError, .tooLarge(limit: ResponsesStreamParts.countMax))
        }
        let piece = delta(String(repeating: "x", count: 1 << 19), "function_call_arguments")
        XCTAssertNoThrow(try Checks.events([piece, piece]))
        XCTAssertThrowsError(try Checks.events([piece, piece, piece])) {
            XCTAssertEqual($0 as? TranslationError, .tooLarge(limit: ResponsesStreamParts.heldBytesMax))
        }
    }
}

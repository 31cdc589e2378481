import Shared
import XCTest

@testable import Translate

final class AnthropicStreamReaderTests: XCTestCase {
    typealias Checks = AnthropicChecks

    private let start = #"""
        {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],
        "model":"claude","stop_reason":null,"stop_sequence":null,"container":{"id":"c"},"usage":{"input_tokens":25,
        "cache_read_input_tokens":100,"cache_creation_input_tokens":0,"output_tokens":1,"service_tier":"standard"}}}
        """#
    private let stop = #"{"type":"message_stop"}"#

    private func block(_ index: Int, _ content: String) -> String {
        #"{"type":"content_block_start","index":\#(index),"content_block":\#(content)}"#
    }
    private func delta(_ index: Int, _ delta: String) -> String {
        #"{"type":"content_block_delta","index":\#(index),"delta":\#(delta)}"#
    }
    private func blockStop(_ index: Int) -> String { #"{"type":"content_block_stop","index":\#(index)}"# }
    private func finish(_ reason: String, _ usage: String = #"{"output_tokens":15}"#) -> String {
        #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"usage":\#(usage)}"#
    }

    private var headUsage: TokenUsage { TokenUsage(input: 125, cachedInput: 100, output: 1) }
    private var finalUsage: TokenUsage { TokenUsage(input: 125, cachedInput: 100, output: 15) }
    private var began: AnswerEvent {
        var head = AnswerHead(id: "msg_1", model: "claude", serviceTier: "standard", usage: headUsage)
        var container = JSONObject()
        container["id"] = .string("c")
        head.extras.add("container", .object(container), of: .anthropic)
        return .began(head)
    }

    // MARK: The usual order

    func testATextIsReadPieceByPiece() throws {
        XCTAssertEqual(
            try Checks.events([
                start, block(0, #"{"type":"text","text":""}"#), #"{"type":"ping"}"#,
                delta(0, #"{"type":"text_delta","text":"Hel"}"#), delta(0, #"{"type":"text_delta","text":""}"#),
                delta(0, #"{"type":"text_delta","text":"lo"}"#), blockStop(0), finish("end_turn"), stop,
            ]),
            [
                began, .opened(part: 0, choice: 0, .text), .ping, .text(part: 0, "Hel"), .text(part: 0, "lo"),
                .closed(part: 0), .finished(choice: 0, .stop, stop: nil), .usage(finalUsage), .ended,
            ])
    }

    func testThoughtsCallsAndCitationsAreRead() throws {
        let events = try Checks.events([
            start, block(0, #"{"type":"thinking","thinking":"","signature":""}"#),
            delta(0, #"{"type":"thinking_delta","thinking":"Hm"}"#),
            delta(0, #"{"type":"signature_delta","signature":"sig"}"#), blockStop(0),
            block(1, #"{"type":"redacted_thinking","data":"enc"}"#), blockStop(1),
            block(2, #"{"type":"text","text":"","citations":[]}"#), delta(2, #"{"type":"text_delta","text":"A"}"#),
            delta(2, #"{"type":"citations_delta","citation":{"type":"char_location"}}"#), blockStop(2),
            block(3, #"{"type":"tool_use","id":"toolu_1","name":"f","input":{}}"#),
            delta(3, #"{"type":"input_json_delta","partial_json":""}"#),
            delta(3, #"{"type":"input_json_delta","partial_json":"{\"a\":"}"#),
            delta(3, #"{"type":"input_json_delta","partial_json":"1}"}"#), blockStop(3), finish("tool_use"), stop,
        ])
        XCTAssertEqual(
            events,
            [
                began, .opened(part: 0, choice: 0, .thinking(origin: .anthropic)), .text(part: 0, "Hm"),
                .signature(part: 0, "sig"), .closed(part: 0),
                .opened(part: 1, choice: 0, .sealedThinking("enc", origin: .anthropic)), .closed(part: 1),
                .opened(part: 2, choice: 0, .text), .text(part: 2, "A"),
                .citation(part: 2, try Checks.json(#"{"type":"char_location"}"#), of: .anthropic), .closed(part: 2),
                .opened(part: 3, choice: 0, .toolCall(id: "toolu_1", name: "f", signature: nil)),
                .arguments(part: 3, #"{"a":"#), .arguments(part: 3, "1}"), .closed(part: 3),
                .finished(choice: 0, .toolCalls, stop: nil), .usage(finalUsage), .ended,
            ])
    }

    // MARK: Inputs of calls

    func testAnInputThatCameAtOnceIsSaidWhenNoPiecesCome() throws {
        let call = block(0, #"{"type":"tool_use","id":"t","name":"f","input":{"a": 1.50}}"#)
        XCTAssertEqual(
            try Checks.events([start, call, blockStop(0)]).dropFirst(2),
            [.arguments(part: 0, #"{"a":1.50}"#), .closed(part: 0)])
        let piece = delta(0, #"{"type":"input_json_delta","partial_json":"{\"b\":2}"}"#)
        XCTAssertEqual(
            try Checks.events([start, call, piece, blockStop(0)]).dropFirst(2),
            [.arguments(part: 0, #"{"b":2}"#), .closed(part: 0)])
    }

    func testACallWithoutInputHasAnEmptyOne() throws {
        let call = block(0, #"{"type":"tool_use","id":"t","name":"f"}"#)
        XCTAssertEqual(
            try Checks.events([start, call, blockStop(0)]).dropFirst(2), [.arguments(part: 0, "{}"), .closed(part: 0)])
    }

    // MARK: Blocks that only Anthropic has

    func testACallOfAServersToolIsWhole() throws {
        let events = try Checks.events([
            start, block(0, #"{"type":"server_tool_use","id":"s","name":"web_search","input":{}}"#),
            delta(0, #"{"type":"input_json_delta","partial_json":"{\"query\":"}"#),
            delta(0, #"{"type":"input_json_delta","partial_json":"\"weir\"}"}"#), blockStop(0),
            block(1, #"{"type":"web_search_tool_result","tool_use_id":"s","content":[]}"#), blockStop(1),
        ])
        let call = #"{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"weir"}}"#
        let result = #"{"type":"web_search_tool_result","tool_use_id":"s","content":[]}"#
        XCTAssertEqual(
            events,
            [
                began, .opened(part: 0, choice: 0, .whole(Part(.native(try Checks.json(call), of: .anthropic)))),
                .closed(part: 0),
                .opened(part: 1, choice: 0, .whole(Part(.native(try Checks.json(result), of: .anthropic)))),
                .closed(part: 1),
            ])
    }

    func testPiecesOfAnUnknownBlockGrowItsMembers() throws {
        let events = try Checks.events([
            start, block(0, #"{"type":"compaction","content":null}"#),
            delta(0, #"{"type":"compaction_delta","content":"Sum"}"#),
            delta(0, #"{"type":"compaction_delta","content":"mary","encrypted":{"a":1}}"#), blockStop(0),
        ])
        let whole = #"{"type":"compaction","content":"Summary","encrypted":{"a":1}}"#
        XCTAssertEqual(
            events[1], .opened(part: 0, choice: 0, .whole(Part(.native(try Checks.json(whole), of: .anthropic)))))
    }

    func testABlockThatIsHeldHasABound() throws {
        let piece = String(repeating: "x", count: 1024 * 1024)
        var messages = [start, block(0, #"{"type":"server_tool_use","id":"s","name":"f","input":{}}"#)]
        messages += (0..<4).map { _ in delta(0, #"{"type":"input_json_delta","partial_json":"\#(piece)"}"#) }
        XCTAssertNoThrow(try Checks.events(messages))
        messages.append(delta(0, #"{"type":"input_json_delta","partial_json":"y"}"#))
        XCTAssertThrowsError(try Checks.events(messages)) {
            XCTAssertEqual($0 as? TranslationError, .tooLarge(limit: AnthropicStreamReader.heldBytesMax))
        }
    }

    // MARK: Usage

    func testUsageIsThatOfBothEnds() throws {
        let cases: [(String, TokenUsage)] = [
            (#"{"output_tokens":15}"#, finalUsage),
            (#"{"input_tokens":0,"output_tokens":15,"cache_read_input_tokens":0}"#, finalUsage),
            (#"{"input_tokens":40,"output_tokens":15}"#, TokenUsage(input: 140, cachedInput: 100, output: 15)),
            (
                #"{"output_tokens":15,"output_tokens_details":{"thinking_tokens":9}}"#,
                TokenUsage(input: 125, cachedInput: 100, output: 15, reasoning: 9)
            ),
        ]
        for (usage, expected) in cases {
            let events = try Checks.events([start, finish("end_turn", usage), stop])
            XCTAssertEqual(events.dropLast().last, .usage(expected), usage)
        }
    }

    // MARK: Ends

    func testEveryStopReasonIsRead() throws {
        for (word, reason) in [
            ("end_turn", FinishReason.stop), ("max_tokens", .length), ("tool_use", .toolCalls), ("refusal", .refusal),
            ("pause_turn", .pause), ("model_context_window_exceeded", .length), ("new", .other("new")),
        ] {
            XCTAssertEqual(try Checks.events([start, finish(word)])[1], .finished(choice: 0, reason, stop: nil))
        }
        let stopped = #"{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"}}"#
        XCTAssertEqual(try Checks.events([start, stopped])[1], .finished(choice: 0, .stopSequence, stop: "END"))
    }

    func testAnErrorInTheStreamIsTheEnd() throws {
        let error = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#
        XCTAssertEqual(
            try Checks.events([start, error, blockStop(0), stop], thenEnd: true),
            [
                began,
                .failed(ProviderError(status: 0, kind: .overloaded, message: "Overloaded", code: "overloaded_error")),
            ])
    }

    func testAStreamIsWholeOnceTheReasonForItsEndWasGiven() throws {
        XCTAssertEqual(try Checks.events([start, finish("end_turn")], thenEnd: true).last, .ended)
        XCTAssertEqual(try Checks.events([start, finish("end_turn"), "[DONE]"], thenEnd: true).last, .ended)
        XCTAssertEqual(
            try Checks.events([start, finish("end_turn"), stop], thenEnd: true).filter { $0 == .ended }.count, 1)
        // Cut off: nothing says that it was whole.
        XCTAssertEqual(try Checks.events([start], thenEnd: true), [began])
    }

    func testAnEndWithoutAReasonHasThePlainestOne() throws {
        XCTAssertEqual(
            try Checks.events([start, stop]), [began, .finished(choice: 0, .stop, stop: nil), .ended])
        let call = block(0, #"{"type":"tool_use","id":"t","name":"f","input":{}}"#)
        XCTAssertEqual(
            try Checks.events([start, call, stop]).suffix(2), [.finished(choice: 0, .toolCalls, stop: nil), .ended])
    }

    // MARK: Other orders

    func testABlockNeitherAnnouncedNorEndedIsRead() throws {
        XCTAssertEqual(
            try Checks.events([
                delta(0, #"{"type":"text_delta","text":"A"}"#), delta(4, #"{"type":"thinking_delta","thinking":"B"}"#),
                delta(9, #"{"type":"input_json_delta","partial_json":"{}"}"#), finish("end_turn", "null"), stop,
            ]),
            [
                .began(AnswerHead(id: "", model: "")), .opened(part: 0, choice: 0, .text), .text(part: 0, "A"),
                .opened(part: 1, choice: 0, .thinking(origin: .anthropic)), .text(part: 1, "B"), .closed(part: 0),
                .closed(part: 1), .finished(choice: 0, .stop, stop: nil), .ended,
            ])
    }

    func testABlockTakesThePlaceOfOneThatWasNotEnded() throws {
        XCTAssertEqual(
            try Checks.events([
                start, block(0, #"{"type":"text","text":"A"}"#), block(0, #"{"type":"text","text":"B"}"#), blockStop(0),
                blockStop(7),
            ]).dropFirst(),
            [
                .opened(part: 0, choice: 0, .text), .text(part: 0, "A"), .closed(part: 0),
                .opened(part: 1, choice: 0, .text), .text(part: 1, "B"), .closed(part: 1),
            ])
    }

    func testPiecesOfAnotherKindThanTheirBlockSayNothing() throws {
        let events = try Checks.events([
            start, block(0, #"{"type":"text","text":""}"#),
            delta(0, #"{"type":"input_json_delta","partial_json":"{}"}"#),
            delta(0, #"{"type":"new_delta","text":"x"}"#), delta(0, #"{"type":"text_delta"}"#),
        ])
        XCTAssertEqual(events, [began, .opened(part: 0, choice: 0, .text)])
    }

    func testUnknownEventsArePassedOver() throws {
        XCTAssertEqual(try Checks.events([#"{"type":"content_block_glow","index":0}"#, "", start, start]), [began])
    }

    func testAnEventWithoutATypeGoesByItsName() throws {
        var reader = AnthropicMessages.streamReader()
        var events: [AnswerEvent] = []
        try Checks.read("{}", named: "ping", by: &reader, into: &events)
        XCTAssertEqual(events, [.ping])
    }

    func testWhatIsNoEventIsMalformed() {
        for text in [
            "{", "[]", "hello", #"{"type":"content_block_start","index":0}"#, #"{"type":"content_block_delta"}"#,
        ] {
            XCTAssertThrowsError(try Checks.events([text]), text) {
                guard case .malformed = $0 as? TranslationError else { return XCTFail("\($0)") }
            }
        }
    }

    func testBlocksThatAreOpenAtOnceHaveABound() {
        let blocks = (0..<65).map { block($0, #"{"type":"text","text":""}"#) }
        XCTAssertNoThrow(try Checks.events(Array(blocks.dropLast())))
        XCTAssertThrowsError(try Checks.events(blocks))
    }
}

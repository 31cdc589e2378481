import Shared
import XCTest

@testable import Translate

final class BedrockStreamReaderTests: XCTestCase {
    private typealias Checks = BedrockChecks
    private typealias Message = (String, String)

    private let start: Message = ("messageStart", #"{"p": "abc", "role": "assistant"}"#)
    private let began = AnswerEvent.began(AnswerHead(id: "", model: ""))

    private func delta(_ index: Int, _ delta: String) -> Message {
        ("contentBlockDelta", #"{"contentBlockIndex": \#(index), "delta": \#(delta), "p": "abcdefgh"}"#)
    }

    private func stop(_ index: Int) -> Message { ("contentBlockStop", #"{"contentBlockIndex": \#(index)}"#) }
    private func end(_ reason: String) -> Message { ("messageStop", #"{"stopReason": "\#(reason)"}"#) }
    private let metadata: Message = (
        "metadata", #"{"metrics": {"latencyMs": 9}, "usage": {"inputTokens": 3, "outputTokens": 4, "totalTokens": 7}}"#
    )

    func testATextFromItsBeginningToItsUsage() throws {
        let events = try Checks.events(
            [start, delta(0, #"{"text": "Hel"}"#), delta(0, #"{"text": "lo"}"#), stop(0), end("end_turn"), metadata])
        XCTAssertEqual(
            events,
            [
                began, .opened(part: 0, choice: 0, .text), .text(part: 0, "Hel"), .text(part: 0, "lo"),
                .closed(part: 0),
                .finished(choice: 0, .stop, stop: nil), .usage(TokenUsage(input: 3, output: 4)), .ended,
            ])
    }

    func testTheNumberOfAPartMovesOnWithEachBlock() throws {
        let events = try Checks.events([
            start, delta(0, #"{"reasoningContent": {"text": "Hm"}}"#),
            delta(0, #"{"reasoningContent": {"signature": "c2ln"}}"#),
            stop(0), delta(1, #"{"text": "Let me see"}"#), stop(1),
            ("contentBlockStart", #"{"contentBlockIndex": 2, "start": {"toolUse": {"toolUseId": "a", "name": "f"}}}"#),
            delta(2, #"{"toolUse": {"input": "{\"a\":"}}"#), delta(2, #"{"toolUse": {"input": "1}"}}"#), stop(2),
            ("contentBlockStart", #"{"contentBlockIndex": 3, "start": {"toolUse": {"toolUseId": "b", "name": "g"}}}"#),
            stop(3), end("tool_use"), metadata,
        ])
        XCTAssertEqual(
            Array(events.dropFirst().dropLast(2)),
            [
                .opened(part: 0, choice: 0, .thinking(origin: .bedrock)), .text(part: 0, "Hm"),
                .signature(part: 0, "c2ln"), .closed(part: 0), .opened(part: 1, choice: 0, .text),
                .text(part: 1, "Let me see"), .closed(part: 1),
                .opened(part: 2, choice: 0, .toolCall(id: "a", name: "f", signature: nil)),
                .arguments(part: 2, #"{"a":"#), .arguments(part: 2, "1}"), .closed(part: 2),
                .opened(part: 3, choice: 0, .toolCall(id: "b", name: "g", signature: nil)), .closed(part: 3),
                .finished(choice: 0, .toolCalls, stop: nil),
            ])
    }

    func testEmptyPiecesOpenNothing() throws {
        let events = try Checks.events([
            start, delta(0, #"{"text": ""}"#), delta(0, #"{"reasoningContent": {"text": ""}}"#), stop(0),
            end("end_turn"),
            metadata,
        ])
        XCTAssertFalse(events.contains { if case .opened = $0 { true } else { false } })
    }

    func testCitationsBelongToTheirText() throws {
        let events = try Checks.events([
            start, delta(0, #"{"text": "A"}"#), delta(0, #"{"citation": {"title": "t"}}"#), end("end_turn"), metadata,
        ])
        XCTAssertEqual(events[3], .citation(part: 0, .object(["title": .string("t")]), of: .bedrock))
        XCTAssertEqual(events[4], .closed(part: 0), "what is open is closed at the end")
    }

    func testAModelThatEndsItsTurnWithACallWantsItAnswered() throws {
        let call: Message = (
            "contentBlockStart", #"{"contentBlockIndex": 0, "start": {"toolUse": {"toolUseId": "a", "name": "f"}}}"#
        )
        let events = try Checks.events([start, call, stop(0), end("end_turn"), metadata])
        XCTAssertTrue(events.contains(.finished(choice: 0, .toolCalls, stop: nil)))
    }

    func testTheStopThatItCameTo() throws {
        let events = try Checks.events([
            start,
            (
                "messageStop",
                #"{"stopReason": "stop_sequence", "additionalModelResponseFields": {"stop_sequence": "END"}}"#
            ),
        ])
        XCTAssertEqual(events.last, .finished(choice: 0, .stopSequence, stop: "END"))
    }

    // MARK: Blocks that are told whole

    func testAThoughtThatOnlyItsProviderCanReadIsOneHoweverItIsCut() throws {
        let events = try Checks.events([
            start, delta(0, #"{"reasoningContent": {"redactedContent": "\#(Base64.encode([1, 2]))"}}"#),
            delta(0, #"{"reasoningContent": {"redactedContent": "\#(Base64.encode([3]))"}}"#), stop(0),
            delta(1, #"{"reasoningContent": {"redactedContent": "cmVk"}}"#), stop(1),
        ])
        XCTAssertEqual(
            Array(events.dropFirst()),
            [
                .opened(part: 0, choice: 0, .sealedThinking(Base64.encode([1, 2, 3]), origin: .bedrock)),
                .closed(part: 0),
                .opened(part: 1, choice: 0, .sealedThinking("cmVk", origin: .bedrock)), .closed(part: 1),
            ])
    }

    func testAnImageIsOne() throws {
        let events = try Checks.events([
            start, ("contentBlockStart", #"{"contentBlockIndex": 0, "start": {"image": {"format": "webp"}}}"#),
            delta(0, #"{"image": {"source": {"bytes": "AAAA"}}}"#), stop(0),
        ])
        XCTAssertEqual(
            events[1], .opened(part: 0, choice: 0, .whole(Part(.image(Media(.data("AAAA"), type: "image/webp"))))))
        XCTAssertEqual(events[2], .closed(part: 0))
    }

    func testToolsOfTheProvidersOwnAreNobodysToAnswer() throws {
        let events = try Checks.events([
            start,
            (
                "contentBlockStart",
                #"{"contentBlockIndex": 0, "start": {"toolUse": {"toolUseId": "s", "name": "n", "type": "server_tool_use"}}}"#
            ),
            delta(0, #"{"toolUse": {"input": "{\"q\":"}}"#), delta(0, #"{"toolUse": {"input": "1}"}}"#), stop(0),
            (
                "contentBlockStart",
                #"{"contentBlockIndex": 1, "start": {"toolResult": {"toolUseId": "s", "type": "r"}}}"#
            ),
            delta(1, #"{"toolResult": [{"text": "found"}]}"#), stop(1), end("end_turn"), metadata,
        ])
        let call = #"{"toolUse": {"toolUseId": "s", "name": "n", "type": "server_tool_use", "input": {"q": 1}}}"#
        let result = #"{"toolResult": {"toolUseId": "s", "type": "r", "content": [{"text": "found"}]}}"#
        XCTAssertEqual(
            events[1], .opened(part: 0, choice: 0, .whole(Part(.native(try Checks.json(call), of: .bedrock)))))
        XCTAssertEqual(
            events[3], .opened(part: 1, choice: 0, .whole(Part(.native(try Checks.json(result), of: .bedrock)))))
        XCTAssertTrue(events.contains(.finished(choice: 0, .stop, stop: nil)))
    }

    // MARK: Odd orders

    func testEventsOfAnyOrderAreTaken() throws {
        // Usage before the reason of the end, no beginning, an unknown event, blocks that overlap or are not closed.
        let events = try Checks.events([
            delta(0, #"{"text": "A"}"#), delta(1, #"{"text": "B"}"#), ("somethingNew", "{}"),
            delta(0, #"{"text": "C"}"#),
            delta(0, #"{"reasoningContent": {"text": "D"}}"#), stop(7), metadata, end("end_turn"),
            delta(0, #"{"text": "E"}"#),
        ])
        XCTAssertEqual(
            events,
            [
                began, .opened(part: 0, choice: 0, .text), .text(part: 0, "A"), .opened(part: 1, choice: 0, .text),
                .text(part: 1, "B"), .text(part: 0, "C"), .closed(part: 0),
                .opened(part: 2, choice: 0, .thinking(origin: .bedrock)), .text(part: 2, "D"),
                .usage(TokenUsage(input: 3, output: 4)), .closed(part: 1), .closed(part: 2),
                .finished(choice: 0, .stop, stop: nil), .ended,
            ])
    }

    func testAStreamThatStopsBehindTheReasonOfTheEndIsWhole() throws {
        XCTAssertEqual(try Checks.events([start, end("end_turn")], isEnded: true).last, .ended)
        XCTAssertEqual(
            try Checks.events([start, delta(0, #"{"text": "A"}"#)], isEnded: true).last, .text(part: 0, "A"))
        let whole = try Checks.events([start, end("end_turn"), metadata], isEnded: true)
        XCTAssertEqual(whole.filter { $0 == .ended }.count, 1)
    }

    func testWhatIsNotAsItShouldBeFailsNothing() throws {
        let events = try Checks.events([
            ("messageStart", "{}"), ("contentBlockStart", "{}"), ("contentBlockDelta", #"{"delta": 1}"#),
            (
                "contentBlockDelta",
                #"{"delta": {"text": 1, "new": {}, "toolUse": {"input": "{}"}}, "contentBlockIndex": "a"}"#
            ),
            ("contentBlockStop", "{}"), ("messageStop", "{}"), ("metadata", "{}"),
        ])
        XCTAssertEqual(events, [began, .finished(choice: 0, .other(""), stop: nil), .ended])
    }

    // MARK: Failures

    func testAnExceptionIsAFailureAndTheEnd() throws {
        let cases: [(String, ProviderError.Kind)] = [
            ("throttlingException", .rateLimit), ("modelStreamErrorException", .server),
            ("validationException", .invalidRequest), ("internalServerException", .server),
            ("serviceUnavailableException", .overloaded), ("brandNewException", .server), ("InternalError", .server),
        ]
        for (name, kind) in cases {
            let events = try Checks.events(
                [start, (name, #"{"message": "Oh"}"#), end("end_turn"), metadata], isEnded: true)
            guard events.count == 2, case .failed(let error) = events[1] else { return XCTFail("\(events)") }
            XCTAssertEqual(error.kind, kind, name)
            XCTAssertEqual(error.message, "Oh")
            XCTAssertEqual(error.status, 0)
            XCTAssertEqual(error.code?.lowercased(), name.lowercased())
        }
        guard case .failed(let error) = try Checks.events([("throttlingException", "")]).last else {
            return XCTFail("none")
        }
        XCTAssertEqual(error.message, "ThrottlingException")
    }

    func testWhatIsNoJSONCannotBeTrusted() {
        for data in ["", "{", "[]", "null"] {
            XCTAssertThrowsError(try Checks.events([("contentBlockDelta", data)])) {
                guard case .malformed? = $0 as? TranslationError else { return XCTFail("\($0)") }
            }
        }
    }

    func testWhatIsOpenAtOnceHasABound() throws {
        let blocks = (0..<BedrockStreamReader.openBlocksMax).map { delta($0, #"{"text": "A"}"#) }
        XCTAssertNoThrow(try Checks.events(blocks))
        XCTAssertThrowsError(try Checks.events(blocks + [delta(1_000, #"{"text": "A"}"#)]))
        let image: Message = ("contentBlockStart", #"{"contentBlockIndex": 0, "start": {"image": {"format": "png"}}}"#)
        let megabyte = delta(0, #"{"image": {"source": {"bytes": "\#(String(repeating: "A", count: 1 << 20))"}}}"#)
        XCTAssertNoThrow(try Checks.events([image] + Array(repeating: megabyte, count: 16)))
        XCTAssertThrowsError(try Checks.events([image] + Array(repeating: megabyte, count: 17))) {
            XCTAssertEqual($0 as? TranslationError, .tooLarge(limit: BedrockStreamReader.heldBytesMax))
        }
    }
}

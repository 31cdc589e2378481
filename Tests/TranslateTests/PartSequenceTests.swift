import Shared
import XCTest

@testable import Translate

final class PartSequenceTests: XCTestCase {
    private func row(_ events: AnswerEvent..., isFinished: Bool = true) throws -> [AnswerEvent] {
        var sequence = PartSequence()
        var row: [AnswerEvent] = []
        for event in events { try sequence.take(event, into: &row) }
        if isFinished { sequence.finish(into: &row) }
        return row
    }

    private func text(_ part: Int) -> AnswerEvent { .opened(part: part, choice: 0, .text) }
    private func call(_ part: Int) -> AnswerEvent {
        .opened(part: part, choice: 0, .toolCall(id: "\(part)", name: "f", signature: nil))
    }

    func testWhatIsInARowStaysAsItIs() throws {
        let events: [AnswerEvent] = [
            text(0), .text(part: 0, "a"), .text(part: 0, "b"), .closed(part: 0), call(1), .closed(part: 1),
        ]
        var sequence = PartSequence()
        var row: [AnswerEvent] = []
        for event in events { try sequence.take(event, into: &row) }
        XCTAssertEqual(row, events)
    }

    func testATextWithoutAPieceIsNotThere() throws {
        XCTAssertEqual(try row(text(0), .text(part: 0, ""), .closed(part: 0), text(1)), [])
    }

    func testPiecesOfOtherPartsWaitAndBecomeOne() throws {
        XCTAssertEqual(
            try row(
                call(0), call(1), .arguments(part: 1, "{"), text(2), .arguments(part: 0, "{}"),
                .arguments(part: 1, "}"),
                .closed(part: 1), .closed(part: 0), .text(part: 2, "a")),
            [
                call(0), .arguments(part: 0, "{}"), .closed(part: 0), call(1), .arguments(part: 1, "{}"),
                .closed(part: 1),
                text(2), .text(part: 2, "a"), .closed(part: 2),
            ])
    }

    func testAPartThatIsReleasedBeforeItsEndGoesOnAtOnce() throws {
        XCTAssertEqual(
            try row(
                call(0), call(1), .arguments(part: 1, "{"), .closed(part: 0), .arguments(part: 1, "}"),
                isFinished: false),
            [call(0), .closed(part: 0), call(1), .arguments(part: 1, "{"), .arguments(part: 1, "}")])
    }

    func testOtherChoicesThanTheFirstAreNotThere() throws {
        XCTAssertEqual(
            try row(.opened(part: 0, choice: 1, .text), .text(part: 0, "a"), .closed(part: 0), .ping), [])
    }

    func testWhatWaitsHasABound() throws {
        var sequence = PartSequence()
        var row: [AnswerEvent] = []
        try sequence.take(call(0), into: &row)
        try sequence.take(call(1), into: &row)
        let piece = String(repeating: "a", count: PartSequence.heldBytesMax - 1_000)
        try sequence.take(.arguments(part: 1, piece), into: &row)
        // What is told at once is not held.
        try sequence.take(.arguments(part: 0, piece), into: &row)
        XCTAssertThrowsError(try sequence.take(.arguments(part: 1, piece), into: &row)) {
            XCTAssertEqual($0 as? TranslationError, .tooLarge(limit: PartSequence.heldBytesMax))
        }
    }

    func testWhatWasToldIsHeldNoMore() throws {
        var sequence = PartSequence()
        var row: [AnswerEvent] = []
        let piece = String(repeating: "a", count: PartSequence.heldBytesMax / 2)
        for number in 0..<8 {
            try sequence.take(call(2 * number), into: &row)
            try sequence.take(call(2 * number + 1), into: &row)
            try sequence.take(.arguments(part: 2 * number + 1, piece), into: &row)
            try sequence.take(.closed(part: 2 * number), into: &row)
            try sequence.take(.closed(part: 2 * number + 1), into: &row)
        }
        XCTAssertEqual(row.filter { if case .opened = $0 { true } else { false } }.count, 16)
    }
}

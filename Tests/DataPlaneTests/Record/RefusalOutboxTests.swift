import Shared
import XCTest

@testable import DataPlane

final class RefusalOutboxTests: XCTestCase {
    private static let key = VirtualKeyID("abc123xyz789")!

    private func request(_ text: String = "hello") throws -> ParsedRequest {
        let body = Array(#"{"model":"chat","stream":true,"messages":[{"role":"user","content":"\#(text)"}]}"#.utf8)
        return try unsafe body.withUnsafeBytes { try unsafe RequestParser.parse($0, endpoint: .chatCompletions) }
    }

    func testThoseThatAreAlikeAreOneRow() throws {
        let outbox = RefusalOutbox(MetricsRegistry())
        XCTAssertNil(outbox.batch())
        let request = try request()
        let usage = UsageEstimate(of: request).usage
        for time in 0..<3 {
            outbox.note(
                request, of: Self.key, route: "chat", code: "model_not_found", worst: nil,
                startedUnixMilliseconds: 1_000 + Int64(time))
        }
        outbox.note(
            request, of: Self.key, route: "chat", code: "budget_exceeded", worst: nil, startedUnixMilliseconds: 2_000)
        let rows = try XCTUnwrap(outbox.batch()).refusals
        XCTAssertEqual(rows.map(\.requests), [3, 1])
        XCTAssertEqual(rows.map(\.code), ["model_not_found", "budget_exceeded"])
        XCTAssertEqual(rows[0].beganUnixMilliseconds, 1_000, "the first of them")
        XCTAssertEqual(rows[0].inputTokens, 3 * Int64(usage.input))
        XCTAssertEqual(rows[0].outputTokens, 3 * Int64(usage.output))
        XCTAssertTrue(rows[0].isStream)
        XCTAssertEqual(outbox.batch()?.refusals, rows, "they stay until they are taken")
        // What comes meanwhile is another row.
        outbox.note(
            request, of: Self.key, route: "chat", code: "model_not_found", worst: nil, startedUnixMilliseconds: 3_000)
        XCTAssertEqual(outbox.batch()?.refusals.count, 3)
        outbox.sent(2)
        XCTAssertEqual(outbox.batch()?.refusals.map(\.requests), [1])
        outbox.sent(1)
        XCTAssertNil(outbox.batch())
        let wire = RefusalBatch(refusals: rows)
        XCTAssertEqual(try StrictJSONDecoder.decode(from: CanonicalJSON.encode(wire)), wire)
    }

    func testBothBoundsHold() throws {
        let outbox = RefusalOutbox(MetricsRegistry())
        let request = try request()
        func note(_ count: Int, _ round: Int) {
            for number in 0..<count {
                outbox.note(
                    request, of: Self.key, route: "made-up-\(round)-\(number)", code: "model_not_found", worst: nil,
                    startedUnixMilliseconds: 0)
            }
        }
        note(RefusalOutbox.kindsMax + 5, 0)
        XCTAssertEqual(outbox.batch()?.refusals.count, RefusalBatch.countMax)
        for round in 1..<20 {
            note(RefusalOutbox.kindsMax, round)
            _ = outbox.batch()
        }
        var count = 0
        while let batch = outbox.batch() {
            count += batch.refusals.count
            outbox.sent(batch.refusals.count)
        }
        XCTAssertEqual(count, RefusalOutbox.leavingMax)
    }

    func testATextIsCutAtItsBound() {
        XCTAssertEqual(RefusedRequests.cut(Array("chat".utf8)), "chat")
        for text in [String(repeating: "ä", count: 100), String(repeating: "a", count: 127) + "ä"] {
            let cut = RefusedRequests.cut(Array(text.utf8))
            XCTAssertLessThanOrEqual(cut.utf8.count, RefusedRequests.textBytesMax)
            XCTAssertGreaterThan(cut.utf8.count, RefusedRequests.textBytesMax - 4)
        }
    }
}

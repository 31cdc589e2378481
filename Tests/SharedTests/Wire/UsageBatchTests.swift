import Shared
import TestSupport
import XCTest

final class UsageBatchTests: XCTestCase {
    private let batch = UsageBatch(stream: WireSamples.stream, firstSequence: 41, records: WireSamples.records)

    func testABatchComesBackAsItWent() throws {
        XCTAssertEqual(try UsageBatch.decode(batch.encode()), batch)
        XCTAssertEqual(batch.lastSequence, 40 + UInt64(WireSamples.records.count))
    }

    func testABatchIsTheGoldenBytes() throws {
        try Golden.check(Array((Hex.encode(batch.encode()) + "\n").utf8), against: "wire/usage-batch.hex")
    }

    func testFramesFromTheJournalMakeTheSameBatch() {
        let frames = WireSamples.records.flatMap { $0.encode() }
        XCTAssertEqual(
            UsageBatch.encode(
                stream: batch.stream, firstSequence: 41, recordCount: batch.records.count, frames: frames),
            batch.encode())
    }

    func testEveryTruncationIsRefused() {
        let bytes = batch.encode()
        for count in 0..<bytes.count {
            XCTAssertThrowsError(try UsageBatch.decode(Array(bytes[..<count])), "at \(count)")
        }
    }

    func testBytesBehindTheLastRecordAreRefused() {
        XCTAssertThrowsError(try UsageBatch.decode(batch.encode() + [0])) {
            XCTAssertEqual($0 as? WireError, .trailingBytes)
        }
    }

    func testNothingFollowsTheEndOfAStream() {
        let late = UsageBatch(stream: WireSamples.stream, firstSequence: 1, records: [.streamEnd, .streamEnd])
        XCTAssertThrowsError(try UsageBatch.decode(late.encode())) {
            XCTAssertEqual($0 as? WireError, .badField("streamEnd"))
        }
    }

    func testSequenceNoughtIsRefused() {
        var bytes = batch.encode()
        bytes.replaceSubrange(48..<56, with: [UInt8](repeating: 0, count: 8))
        XCTAssertThrowsError(try UsageBatch.decode(bytes)) {
            XCTAssertEqual($0 as? WireError, .badField("firstSequence"))
        }
    }
}

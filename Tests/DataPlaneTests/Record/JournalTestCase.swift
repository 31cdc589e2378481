import Foundation
import Shared
import XCTest

@testable import DataPlane

/// A folder of its own for each test, and journals in it whose thread is the test itself.
class JournalTestCase: XCTestCase {
    var folder = ""
    let nodeID = ObjectID(high: 1, low: 1)
    let incarnation = ObjectID(high: 2, low: 2)
    let quiet = Logger("test", to: LogOutput(descriptor: -1))

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "weir-journal-\(UUID().uuidString)"
        try DurableFile.createDirectory(folder)
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

    func journal(
        _ incarnation: ObjectID? = nil, segmentBytes: Int = 4_096, bytesMax: Int64 = 1 << 30,
        synchronization: JournalConfiguration.Synchronization = .never
    ) throws -> Journal {
        var configuration = JournalConfiguration()
        configuration.bytesMax = bytesMax
        configuration.segmentBytes = Int64(segmentBytes)
        configuration.freeBytesMin = 0
        configuration.synchronization = synchronization
        return try Journal(
            directory: folder, nodeID: nodeID, incarnation: incarnation ?? self.incarnation,
            configuration: configuration, logger: quiet)
    }

    func intent(_ number: UInt64) -> IntentRecord {
        IntentRecord(
            requestID: ObjectID(high: 9, low: number), startedUnixMilliseconds: 1_760_000_000_000,
            organizationID: .zero,
            teamID: .zero, virtualKeyID: VirtualKeyID("abc123xyz789")!, routeID: .zero, providerID: .zero,
            modelID: .zero,
            priceID: .zero, reserved: Money(nanodollars: 1_000 + Int64(number)), endpoint: .chatCompletions,
            isStream: false, endUser: "")
    }

    func settle(_ number: UInt64) -> SettleRecord {
        SettleRecord(
            intent: intent(number), outcome: .completed, status: 200, attempts: 1,
            usage: TokenUsage(input: 1, output: 2),
            usageReported: true, cost: Money(nanodollars: 7), durationMicroseconds: 1, firstTokenMicroseconds: 1,
            overheadMicroseconds: 1, relayedBytes: 10)
    }

    func correction(_ number: UInt64) -> CorrectionRecord {
        CorrectionRecord(
            requestID: ObjectID(high: 9, low: number), usage: TokenUsage(input: 3, output: 4, serviceTier: .batch),
            cost: Money(nanodollars: 5))
    }

    /// Writes requests from start to end.
    func run(_ numbers: Range<UInt64>, on stream: JournalStream, _ journal: Journal) throws {
        for number in numbers {
            stream.append(settle(number), for: try stream.append(intent(number)))
            journal.maintain()
        }
    }

    /// What a stream of the dead process holds.
    func contents(_ thread: UInt32 = 0) throws -> JournalContents {
        try JournalReader.read(
            streamFolder(Int(thread)), of: StreamID(nodeID: nodeID, incarnation: incarnation, thread: thread))
    }

    func streamFolder(_ thread: Int = 0) -> String { "\(folder)/\(incarnation)/\(thread)" }

    func segmentFiles(_ thread: Int = 0) throws -> [String] {
        try DurableFile.list(streamFolder(thread)).map { "\(streamFolder(thread))/\($0)" }
    }

    /// Everything there is to ship, decoded, in small batches.
    func records(of log: JournalLog, recordsMax: Int = 3) throws -> [JournalRecord] {
        var cursor = JournalCursor(log)
        var records = [JournalRecord]()
        var expected = cursor.sequence
        let frames = ByteBuffer()
        while let batch = cursor.next(recordsMax: recordsMax, bytesMax: 1 << 20, into: frames) {
            XCTAssertEqual(batch.firstSequence, expected)
            let decoded = try UsageBatch.decode(
                UsageBatch.encode(
                    stream: log.stream, firstSequence: batch.firstSequence, recordCount: batch.recordCount,
                    frames: frames.array))
            XCTAssertEqual(decoded.records.count, batch.recordCount)
            records += decoded.records
            expected += UInt64(batch.recordCount)
            frames.removeAll()
        }
        return records
    }
}

import Foundation
import Shared
import Synchronization
import XCTest

@testable import DataPlane

/// A process dies, and the next one finds its directory. "Dying" is dropping the journal without a word.
final class JournalRecoveryTests: JournalTestCase {
    private let next = ObjectID(high: 3, low: 3)

    /// What the dead process wrote: settled requests 1..<upTo, then open ones.
    private func die(settled upTo: UInt64, open: [UInt64], thread: UInt32 = 0) throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: thread)
        try run(1..<upTo, on: stream, journal)
        for number in open { _ = try stream.append(intent(number)) }
    }

    private func earlier() -> [EarlierIncarnation] {
        JournalRecovery.run(directory: folder, nodeID: nodeID, own: next, logger: quiet)
    }

    private func recover() -> [JournalLog] { earlier().flatMap(\.logs) }

    private func interrupted(_ number: UInt64) -> JournalRecord { .settle(JournalRecovery.interrupted(intent(number))) }

    func testOpenIntentsAreSettledAsInterruptedAndTheStreamEnds() throws {
        try die(settled: 4, open: [10, 11])
        let log = try XCTUnwrap(recover().first)
        XCTAssertEqual(log.stream, StreamID(nodeID: nodeID, incarnation: incarnation, thread: 0))
        let all = try records(of: log)
        XCTAssertEqual(all.count, 6 + 2 + 2 + 1)
        XCTAssertEqual(Array(all.suffix(3)), [interrupted(10), interrupted(11), .streamEnd])
        guard case .settle(let settle) = all[8] else { return XCTFail("no settle") }
        XCTAssertEqual(settle.outcome, .interrupted)
        XCTAssertEqual(settle.cost, intent(10).reserved)
        XCTAssertFalse(settle.usageReported)
    }

    func testRecoveringAgainChangesNothing() throws {
        try die(settled: 3, open: [10])
        let first = try records(of: try XCTUnwrap(recover().first))
        for _ in 0..<3 { XCTAssertEqual(try records(of: try XCTUnwrap(recover().first)), first) }
    }

    func testTheDirectoryGoesOnceTheEndIsAcknowledged() throws {
        try die(settled: 100, open: [500])
        let journal = try journal(next)
        let control = try journal.openControlStream()
        let found = earlier()
        journal.adopt(found)
        let log = found[0].logs[0]
        let last = log.lastSequence.load(ordering: .relaxed)
        log.acknowledge(upTo: last - 1)
        journal.closeEarlier(in: control)
        journal.maintain()
        XCTAssertEqual(try records(of: control.log), [], "it has not arrived yet")
        log.acknowledge(upTo: last)
        for _ in 0..<3 { journal.closeEarlier(in: control) }
        journal.maintain()
        XCTAssertEqual(try records(of: control.log), [.incarnationClosed(incarnation)], "said once")
        XCTAssertLessThanOrEqual(try segmentFiles().count, 1, "what is acknowledged gives its room back")
        XCTAssertTrue(DurableFile.exists("\(folder)/\(incarnation)"), "but nobody may forget that it is to be closed")
        control.log.acknowledge(upTo: 1)
        journal.maintain()
        XCTAssertEqual(try DurableFile.list(folder), [next.description])
    }

    func testAProcessThatDiesWhileItRemovesIsNoTrouble() throws {
        try die(settled: 100, open: [500])
        let whole = try records(of: try XCTUnwrap(recover().first))
        // Segments go from the front; at each step the rest is still a stream that ends, with the same numbers.
        while let first = try segmentFiles().first(where: { !$0.hasSuffix(".new") }) {
            try DurableFile.remove(first)
            guard let log = recover().first else { break }
            let rest = try records(of: log)
            XCTAssertEqual(rest, Array(whole.suffix(rest.count)))
            XCTAssertEqual(JournalCursor(log).sequence, UInt64(whole.count - rest.count + 1))
        }
        XCTAssertEqual(earlier().map(\.id), [incarnation], "it is still to be closed")
        XCTAssertTrue(earlier()[0].isShipped)
    }

    func testAProcessThatDiesBeforeTheNewSegmentIsRenamedIsNoTrouble() throws {
        try die(settled: 3, open: [10])
        try DurableFile.write([1, 2, 3], to: streamFolder() + "/00000002.seg.new")
        XCTAssertEqual(try records(of: try XCTUnwrap(recover().first)).last, .streamEnd)
    }

    func testAProcessThatDiesWhileItMakesAnOldSegmentZerosIsNoTrouble() throws {
        try die(settled: 100, open: [500])
        // All of its records are acknowledged, and half of them are still there.
        var bytes = try DurableFile.read(streamFolder() + "/00000001.seg", limit: 1 << 20)
        bytes.replaceSubrange(..<2_048, with: repeatElement(0, count: 2_048))
        try DurableFile.remove(streamFolder() + "/00000000.seg")
        try DurableFile.remove(streamFolder() + "/00000001.seg")
        try DurableFile.write(bytes, to: "\(streamFolder())/\(JournalSegment.spareName)")
        let log = try XCTUnwrap(recover().first)
        let shipped = try records(of: log)
        XCTAssertEqual(
            shipped.count, Int(log.lastSequence.load(ordering: .relaxed)) - Int(JournalCursor(log).sequence) + 1)
        XCTAssertEqual(shipped.last, .streamEnd)
        XCTAssertFalse(shipped.contains(.lost))
        XCTAssertFalse(DurableFile.exists(folder + "/quarantine"))
    }

    func testAStreamThatWasNeverWrittenToGoesWithoutAWord() throws {
        do {
            let journal = try journal()
            _ = try journal.openStream(thread: 0)
        }
        // A begun segment without records still gets its end.
        XCTAssertEqual(try records(of: try XCTUnwrap(recover().first)), [.streamEnd])
        for file in try segmentFiles() { try DurableFile.remove(file) }
        XCTAssertEqual(recover().count, 0)
    }

    func testAFullJournalOfAPredecessorDoesNotKeepAProcessFromStarting() throws {
        try die(settled: 200, open: [500])
        let journal = try journal(next, bytesMax: 5 * 4_096)
        let found = earlier()
        let log = found[0].logs[0]
        journal.adopt(found)
        XCTAssertGreaterThan(journal.allocatedBytes, 5 * 4_096)
        let control = try journal.openControlStream()
        let stream = try journal.openStream(thread: 0)
        XCTAssertThrowsError(try stream.append(intent(1))) { XCTAssertEqual($0 as? JournalError, .full) }
        XCTAssertTrue(journal.refusesIntents)
        // What is needed to get rid of the predecessor is there.
        log.acknowledge(upTo: log.lastSequence.load(ordering: .relaxed))
        journal.closeEarlier(in: control)
        XCTAssertEqual(try records(of: control.log), [.incarnationClosed(incarnation)])
        for _ in 0..<2 { journal.maintain() }
        XCTAssertFalse(journal.isShort)
        XCTAssertFalse(journal.refusesIntents)
        XCTAssertNoThrow(try run(1..<3, on: stream, journal))
    }

    func testAProcessThatDiesAgainAndAgainTakesNoWholeSegmentsEachTime() throws {
        var journal = try journal(segmentBytes: 1 << 20)
        try run(1..<20, on: try journal.openStream(thread: 0), journal)
        for _ in 0..<5 {
            let id = ObjectID.random()
            let found = JournalRecovery.run(directory: folder, nodeID: nodeID, own: id, logger: quiet)
            XCTAssertLessThan(found.flatMap(\.logs).reduce(0) { $0 + $1.allocatedBytes }, 64 * 1_024)
            journal = try self.journal(id, segmentBytes: 1 << 20)
            try run(1..<20, on: try journal.openStream(thread: 0), journal)
            journal.shutdown()
        }
        // The records are what they were, and recovering once more finds no damage.
        let found = JournalRecovery.run(directory: folder, nodeID: nodeID, own: next, logger: quiet)
        for earlier in found where earlier.id != journal.incarnation {
            XCTAssertFalse(earlier.report.isInDoubt)
            XCTAssertEqual(try records(of: earlier.logs[0]).count, 19 * 2 + 1)
        }
    }

    func testTheReserveMakesRoomForAStartAndIsKeptAgain() throws {
        let reserve = JournalReserve(in: folder, byteCount: 8_192)
        try reserve.keep()
        XCTAssertTrue(reserve.isKept)
        let path = "\(folder)/\(JournalReserve.name)"
        XCTAssertEqual(try DurableFile.read(path, limit: 1 << 20).count, 8_192)
        let journal = try journal()
        XCTAssertFalse(DurableFile.exists(path))
        try journal.start()
        while !DurableFile.exists(path) { usleep(1_000) }
        journal.shutdown()
        XCTAssertEqual(earlier().count, 0, "it is no journal")
    }

    func testAStreamWithoutRoomForItsFirstSegmentTakesRequestsOnceThereIsRoom() throws {
        let log = JournalLog(
            stream: StreamID(nodeID: nodeID, incarnation: next, thread: 0), directory: folder, shipsUnsynchronized: true
        )
        let stream = JournalStream(log: log, synchronizesAlways: false)
        XCTAssertThrowsError(try stream.append(intent(1))) { XCTAssertEqual($0 as? JournalError, .full) }
        log.offer(JournalSegment(file: try MappedFile.create(folder + "/00000000.seg", count: 4_096), index: 0))
        stream.append(settle(1), for: try stream.append(intent(1)))
        XCTAssertEqual(try records(of: log).count, 2)
    }

    func testASegmentCountsWhileItIsBegun() throws {
        let asked = Mutex(0)
        let log = JournalLog(
            stream: StreamID(nodeID: nodeID, incarnation: next, thread: 0), directory: folder, shipsUnsynchronized: true
        ) { asked.withLock { $0 += 1 } }
        log.offer(JournalSegment(file: try MappedFile.create(folder + "/00000000.seg", count: 4_096), index: 0))
        XCTAssertEqual(log.allocatedBytes, 4_096)
        let segment = try XCTUnwrap(log.takePrepared())
        XCTAssertEqual(log.allocatedBytes, 4_096, "or another would be made beyond the limit")
        XCTAssertEqual(asked.withLock { $0 }, 0)
        log.begun(segment)
        XCTAssertEqual(log.allocatedBytes, 4_096)
        XCTAssertEqual(asked.withLock { $0 }, 1, "the next one is to be made")
    }

    func testAProcessThatIsAliveIsLeftAlone() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        _ = try stream.append(intent(1))
        XCTAssertEqual(recover().count, 0)
        XCTAssertEqual(try contents().isEnded, false)
        withExtendedLifetime(journal) {}
    }

    func testTwoStreamsOfOneProcessAreBothEnded() throws {
        do {
            let journal = try journal()
            for thread in UInt32(0)..<2 {
                let stream = try journal.openStream(thread: thread)
                try run(1..<4, on: stream, journal)
                _ = try stream.append(intent(UInt64(50 + thread)))
            }
        }
        let logs = recover()
        XCTAssertEqual(logs.map(\.stream.thread), [0, 1])
        XCTAssertEqual(try logs.map { try records(of: $0).last }, [.streamEnd, .streamEnd])
        XCTAssertEqual(try records(of: logs[1])[7], interrupted(51))
    }

    func testALastRecordThatIsTornAnywhereIsAsIfItWereNotThere() throws {
        try die(settled: 3, open: [10])
        let path = try segmentFiles()[0]
        let bytes = try DurableFile.read(path, limit: 1 << 20)
        let end = JournalSegmentHeader.byteCount + 2 * (intent(1).frameBytes + settle(1).frameBytes)
        let last = intent(10).frameBytes
        for kept in 0..<last {
            // What was not written is zeros.
            var torn = bytes
            torn.replaceSubrange(end + kept..<end + last, with: [UInt8](repeating: 0, count: last - kept))
            guard torn != bytes else { continue }
            try DurableFile.write(torn, to: path)
            let contents = try contents()
            XCTAssertEqual(contents.open, [], "kept \(kept)")
            XCTAssertEqual(contents.nextSequence, 5)
        }
        let all = try records(of: try XCTUnwrap(recover().first))
        XCTAssertEqual(all.count, 5)
        XCTAssertEqual(all.last, .streamEnd)
        XCTAssertEqual(try records(of: try XCTUnwrap(recover().first)), all, "and again the same")
    }
}

import Foundation
import Shared
import XCTest

@testable import DataPlane

final class JournalStreamTests: JournalTestCase {
    func testRecordsAreShippedInTheOrderTheyWereWritten() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        let first = try stream.append(intent(1))
        let second = try stream.append(intent(2))
        stream.append(settle(2), for: second)
        stream.append(settle(1), for: first)
        XCTAssertEqual(
            try records(of: stream.log),
            [.intent(intent(1)), .intent(intent(2)), .settle(settle(2)), .settle(settle(1))])
        XCTAssertEqual(journal.unacknowledgedRecords, 4)
        stream.log.acknowledge(upTo: 4)
        XCTAssertTrue(journal.isShipped)
    }

    func testOrderAndNumbersHoldAcrossSegments() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        try run(1..<200, on: stream, journal)
        XCTAssertGreaterThan(try segmentFiles().count, 10)
        let expected = (1..<200).flatMap { [JournalRecord.intent(intent($0)), .settle(settle($0))] }
        XCTAssertEqual(try records(of: stream.log), expected)
        XCTAssertEqual(try records(of: stream.log, recordsMax: 50), expected)
    }

    func testASegmentGoesWhenItsRecordsAreAcknowledged() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        try run(1..<100, on: stream, journal)
        let before = try segmentFiles().count
        stream.log.acknowledge(upTo: 60)
        journal.maintain()
        XCTAssertLessThan(try segmentFiles().count, before)
        stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
        journal.maintain()
        XCTAssertEqual(
            try segmentFiles().count, 3, "the one being written, the one prepared, and one to be used again")
        XCTAssertEqual(journal.allocatedBytes, 3 * 4_096)
    }

    func testASegmentThatIsOverIsUsedAgainWithNothingOfItsPast() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        try run(1..<20, on: stream, journal)
        var first: UInt64 = 1
        var reused = 0
        for round in UInt64(1)..<20 {
            stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
            journal.maintain()
            first = try XCTUnwrap(stream.log.firstSequenceHeld)
            let spare = try inode(stream.log.sparePath)
            try run(round * 20..<round * 20 + 20, on: stream, journal)
            if try segmentFiles().filter({ $0.hasSuffix(".seg") }).map(inode).contains(spare) { reused += 1 }
        }
        XCTAssertEqual(reused, 19, "every time")
        let expected = (1..<UInt64(400)).flatMap { [JournalRecord.intent(intent($0)), .settle(settle($0))] }
        XCTAssertEqual(try records(of: stream.log), Array(expected.dropFirst(Int(first) - 1)))
        let found = try contents()
        XCTAssertEqual(found.nextSequence, 799)
        XCTAssertEqual(found.lost, 0)
        XCTAssertFalse(found.isTorn)
        XCTAssertTrue(found.segments.allSatisfy { $0.rebuilt == nil })
        XCTAssertEqual(found.foreign, [])
    }

    func testASegmentThatSomebodyReadsIsNotUsedAgain() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        try run(1..<40, on: stream, journal)
        // In the segment before the one being written.
        let reading = try XCTUnwrap(stream.log.segments.dropLast().last)
        stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
        journal.maintain()
        XCTAssertEqual(try segmentFiles().count, 2)
        let before = unsafe Array(reading.file.bytes)
        try run(40..<100, on: stream, journal)
        unsafe XCTAssertEqual(Array(reading.file.bytes), before)
    }

    func testWhatIsKeptForLaterGivesItsRoomToAStreamThatNeedsIt() throws {
        let journal = try journal(bytesMax: 5 * 4_096)
        let stream = try journal.openStream(thread: 0)
        try run(1..<20, on: stream, journal)
        stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
        journal.maintain()
        XCTAssertTrue(stream.log.hasSpare)
        let other = try journal.openStream(thread: 1)
        try run(1..<3, on: other, journal)
        XCTAssertEqual(journal.allocatedBytes, 5 * 4_096)
        try run(3..<14, on: other, journal)
        journal.maintain()
        XCTAssertFalse(stream.log.hasSpare)
        XCTAssertFalse(journal.isShort)
        XCTAssertLessThanOrEqual(journal.allocatedBytes, 5 * 4_096)
    }

    private func inode(_ path: String) throws -> UInt64 {
        try XCTUnwrap(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64)
    }

    func testASegmentWithAnOpenIntentStaysAndAllBehindIt() throws {
        let journal = try journal(segmentBytes: 2_048)
        let stream = try journal.openStream(thread: 0)
        let long = try stream.append(intent(1))
        try run(2..<9, on: stream, journal)
        stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
        journal.maintain()
        XCTAssertTrue(try segmentFiles()[0].hasSuffix("00000000.seg"))
        stream.append(settle(1), for: long)
        try run(9..<16, on: stream, journal)
        stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
        journal.maintain()
        XCTAssertFalse(try segmentFiles()[0].hasSuffix("00000000.seg"))
    }

    func testALongRequestDoesNotHoldTheJournal() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        let long = try stream.append(intent(1))
        for round in UInt64(0)..<20 {
            try run(round * 100 + 2..<round * 100 + 100, on: stream, journal)
            stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
            journal.maintain()
            XCTAssertLessThanOrEqual(try segmentFiles().count, Int(JournalStream.segmentsBehindMax) + 4)
        }
        // Its intent is still known to whoever reads the journal, and its settle ends it.
        XCTAssertEqual(try contents().open, [intent(1)])
        stream.append(settle(1), for: long)
        XCTAssertEqual(try contents().open, [])
    }

    func testIntentsAreRefusedWhileEverySettleStillFits() throws {
        let journal = try journal(bytesMax: 3 * 4_096)
        let stream = try journal.openStream(thread: 0)
        var open = [(UInt64, JournalPosition)]()
        var number: UInt64 = 0
        refused: while true {
            number += 1
            do throws(JournalError) { open.append((number, try stream.append(intent(number)))) } catch {
                XCTAssertEqual(error, .full)
                break refused
            }
            journal.maintain()
            XCTAssertLessThan(number, 1_000)
        }
        XCTAssertEqual(stream.refusedIntents, 1)
        XCTAssertGreaterThan(open.count, 10)
        for (number, position) in open {
            stream.append(settle(number), for: position)
            journal.maintain()
        }
        stream.end()
        XCTAssertLessThanOrEqual(journal.allocatedBytes, 3 * 4_096)
        let written = try records(of: stream.log)
        XCTAssertEqual(written.count, open.count * 2 + 1)
        XCTAssertEqual(written.last, .streamEnd)
    }

    func testACorrectionIsARecordAmongTheOthers() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        let open = try stream.append(intent(1))
        XCTAssertTrue(stream.append(correction(7)))
        stream.append(settle(1), for: open)
        XCTAssertTrue(stream.append(correction(1)))
        XCTAssertEqual(
            try records(of: stream.log),
            [.intent(intent(1)), .correction(correction(7)), .settle(settle(1)), .correction(correction(1))])
        XCTAssertEqual(journal.unacknowledgedRecords, 4)
        stream.log.acknowledge(upTo: 4)
        XCTAssertTrue(journal.isShipped)
        // It holds no segment: what was corrected was settled before, or elsewhere.
        for number in UInt64(2)..<100 {
            XCTAssertTrue(stream.append(correction(number)))
            journal.maintain()
        }
        XCTAssertGreaterThan(try segmentFiles().count, 4)
        stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
        journal.maintain()
        XCTAssertEqual(try segmentFiles().count, 3, "the one being written, the one prepared, and one to be used again")
    }

    func testACorrectionTakesNoRoomThatASettleNeeds() throws {
        let journal = try journal(bytesMax: 3 * 4_096)
        let stream = try journal.openStream(thread: 0)
        var open = [(UInt64, JournalPosition)]()
        for number in UInt64(1)...10 { open.append((number, try stream.append(intent(number)))) }
        var corrections: UInt64 = 0
        while stream.append(correction(100 + corrections)) {
            corrections += 1
            journal.maintain()
            XCTAssertLessThan(corrections, 1_000)
        }
        XCTAssertGreaterThan(corrections, 10)
        XCTAssertEqual(stream.refusedIntents, 0)
        XCTAssertThrowsError(try stream.append(intent(11)), "it needs more") {
            XCTAssertEqual($0 as? JournalError, .full)
        }
        for (number, position) in open {
            stream.append(settle(number), for: position)
            journal.maintain()
        }
        stream.end()
        XCTAssertLessThanOrEqual(journal.allocatedBytes, 3 * 4_096)
        XCTAssertEqual(try records(of: stream.log).count, 10 + Int(corrections) + 10 + 1)
    }

    func testABrokenStreamTakesNoCorrection() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        stream.log.isBroken.store(true, ordering: .relaxed)
        XCTAssertFalse(stream.append(correction(1)))
        XCTAssertEqual(stream.log.lastSequence.load(ordering: .relaxed), 0)
    }

    func testAFullJournalTakesRequestsAgainOnceRecordsAreAcknowledged() throws {
        let journal = try journal(bytesMax: 3 * 4_096)
        let stream = try journal.openStream(thread: 0)
        var number: UInt64 = 0
        do { while true { number += 1; try run(number..<number + 1, on: stream, journal) } } catch {
            XCTAssertEqual(error as? JournalError, .full)
        }
        XCTAssertTrue(journal.isShort)
        XCTAssertTrue(journal.refusesIntents)
        stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
        journal.maintain()
        journal.maintain()
        XCTAssertFalse(journal.refusesIntents)
        XCTAssertNoThrow(try run(number..<number + 1, on: stream, journal))
        XCTAssertFalse(journal.isShort)
        XCTAssertFalse(journal.refusesIntents)
    }

    func testOnlyWhatIsOnTheDiskIsShipped() throws {
        let journal = try journal(synchronization: .interval)
        let stream = try journal.openStream(thread: 0)
        stream.append(settle(1), for: try stream.append(intent(1)))
        XCTAssertEqual(try records(of: stream.log), [])
        journal.maintain()
        XCTAssertEqual(try records(of: stream.log).count, 2)
    }

    func testUnderAlwaysARecordIsOnTheDiskAtOnce() throws {
        let journal = try journal(synchronization: .always)
        let stream = try journal.openStream(thread: 0)
        stream.append(settle(1), for: try stream.append(intent(1)))
        XCTAssertEqual(try records(of: stream.log).count, 2)
    }

    func testTwoStreamsDoNotMix() throws {
        let journal = try journal()
        let first = try journal.openStream(thread: 0)
        let second = try journal.openStream(thread: 1)
        try run(1..<30, on: first, journal)
        try run(100..<110, on: second, journal)
        XCTAssertEqual(try records(of: first.log).count, 58)
        XCTAssertEqual(try records(of: second.log).count, 20)
        XCTAssertEqual(second.log.stream.thread, 1)
        XCTAssertEqual(journal.unacknowledgedRecords, 78)
    }

    func testTheCursorGoesBackToWhatTheControlPlaneExpects() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        try run(1..<100, on: stream, journal)
        var cursor = JournalCursor(stream.log)
        while cursor.next(recordsMax: 7, bytesMax: 1 << 20, into: ByteBuffer()) != nil {}
        for wanted in [UInt64(1), 2, 50, 51, 198, 199] {
            XCTAssertTrue(cursor.seek(wanted))
            let batch = cursor.next(recordsMax: 1, bytesMax: 1 << 20, into: ByteBuffer())
            XCTAssertEqual(batch?.firstSequence, wanted == 199 ? nil : wanted)
        }
        XCTAssertFalse(cursor.seek(200), "it was never written")
        stream.log.acknowledge(upTo: 100)
        journal.maintain()
        XCTAssertFalse(cursor.seek(1), "it is gone")
    }

    func testABatchKeepsWithinItsBounds() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        try run(1..<50, on: stream, journal)
        var cursor = JournalCursor(stream.log)
        let frames = ByteBuffer()
        while let batch = cursor.next(recordsMax: 1_000, bytesMax: 1_000, into: frames) {
            XCTAssertLessThanOrEqual(batch.byteCount, 1_000)
            XCTAssertEqual(batch.byteCount, frames.count)
            frames.removeAll()
        }
        XCTAssertEqual(cursor.sequence, 99)
    }

    /// A control plane that is behind leaves many full segments, all of which are read.
    func testWhatIsReadOfFullSegmentsIsNotKeptInMemory() throws {
        let journal = try journal(segmentBytes: 256 << 10, synchronization: .interval)
        let stream = try journal.openStream(thread: 0)
        for number in UInt64(1)..<3_000 {
            stream.append(settle(number), for: try stream.append(intent(number)))
            if number % 100 == 0 { journal.maintain() }
        }
        journal.maintain()
        let paths = try segmentFiles()
        XCTAssertGreaterThan(paths.count, 3)
        var cursor = JournalCursor(stream.log)
        let frames = ByteBuffer()
        var count = 0
        while let batch = cursor.next(recordsMax: 500, bytesMax: 1 << 20, into: frames) {
            count += batch.recordCount
            frames.removeAll()
        }
        XCTAssertEqual(count, 2 * 2_999)
        // The page of its header, and where it ends.
        try withExtendedLifetime(stream) {
            for path in paths.dropLast(2) { XCTAssertLessThanOrEqual(try residentKiB(path), 16, path) }
        }
    }

    /// What is mapped of a file and in memory.
    private func residentKiB(_ path: String) throws -> Int {
        // To its end: it says of itself that it is empty.
        let smaps = try XCTUnwrap(try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps")).readToEnd())
        let lines = String(decoding: smaps, as: UTF8.self).split(separator: "\n")
        // By its number: a segment had no name when it was mapped.
        let number = String(try inode(path))
        let start = try XCTUnwrap(
            lines.firstIndex { $0.split(separator: " ").dropFirst(4).first.map(String.init) == number })
        let line = try XCTUnwrap(lines[start...].first { $0.hasPrefix("Rss:") })
        return try XCTUnwrap(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }

    func testACleanEndLeavesNoDirectory() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        try run(1..<5, on: stream, journal)
        stream.end()
        journal.removeOwnDirectory()
        XCTAssertTrue(DurableFile.exists(streamFolder()), "nothing is acknowledged yet")
        stream.log.acknowledge(upTo: 9)
        journal.removeOwnDirectory()
        XCTAssertEqual(try DurableFile.list(folder), [])
    }

    func testSegmentsAreSoSmallThatEveryThreadGetsItsOwn() {
        var configuration = JournalConfiguration()
        XCTAssertEqual(configuration.fitting(threads: 8).segmentBytes, 16 << 20)
        let fitting = configuration.fitting(threads: 64).segmentBytes
        XCTAssertLessThanOrEqual(65 * 4 * fitting, configuration.bytesMax)
        XCTAssertGreaterThan(fitting, 3 << 20)
        configuration.bytesMax = 9 << 20
        XCTAssertEqual(configuration.validate(under: "journal", threads: 8), [])
        XCTAssertEqual(configuration.fitting(threads: 8).segmentBytes, 256 << 10)
        XCTAssertEqual(configuration.validate(under: "journal", threads: 9).map(\.path), ["journal.bytesMax"])
    }
}

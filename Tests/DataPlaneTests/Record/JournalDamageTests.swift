import Foundation
import Shared
import XCTest

@testable import DataPlane

/// Damage of every kind to the journal of a process that is gone.
final class JournalDamageTests: JournalTestCase {
    private let next = ObjectID(high: 3, low: 3)

    private func die(
        settled upTo: UInt64, open: [UInt64] = [], _ synchronization: JournalConfiguration.Synchronization = .never
    ) throws {
        let journal = try journal(synchronization: synchronization)
        let stream = try journal.openStream(thread: 0)
        try run(1..<upTo, on: stream, journal)
        for number in open { _ = try stream.append(intent(number)) }
    }

    private func recover() -> EarlierIncarnation? {
        JournalRecovery.run(directory: folder, nodeID: nodeID, own: next, logger: quiet).first
    }

    /// What one start finds, which then ends like its predecessor.
    private func find() throws -> (records: [JournalRecord], report: EarlierIncarnation.Report)? {
        guard let found = recover() else { return nil }
        return (try found.logs.first.map { try records(of: $0, recordsMax: 500) } ?? [], found.report)
    }

    private func written(_ upTo: UInt64) -> [JournalRecord] {
        (1..<upTo).flatMap { [JournalRecord.intent(intent($0)), .settle(settle($0))] }
    }

    private func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try DurableFile.read(path, limit: 1 << 20)
        body(&bytes)
        try DurableFile.write(bytes, to: path)
    }

    private func quarantined() -> [String] { (try? DurableFile.list(folder + "/quarantine")) ?? [] }

    func testADamagedRecordInTheMiddleIsOneLostAndTheRestKeepTheirNumbers() throws {
        for synchronization in [JournalConfiguration.Synchronization.never, .interval] {
            try die(settled: 100, synchronization)
            let files = try segmentFiles()
            try change(files[1]) { $0[JournalSegmentHeader.byteCount + 20] ^= 0xff }
            let found = try XCTUnwrap(try find())
            var all = found.records
            XCTAssertEqual(all.removeLast(), .streamEnd)
            let hole = try XCTUnwrap(all.firstIndex(of: .lost))
            // A settle that is lost leaves its intent open.
            let expected = written(100)
            XCTAssertEqual(Array(all[..<hole]), Array(expected[..<hole]))
            XCTAssertEqual(Array(all[(hole + 1)..<198]), Array(expected[(hole + 1)...]))
            XCTAssertLessThanOrEqual(all.count, 199)
            XCTAssertTrue(found.report.isInDoubt)
            XCTAssertEqual(found.report.lostRecords, 1)
            XCTAssertEqual(quarantined().count, 1)
            let again = try XCTUnwrap(try find())
            XCTAssertEqual(again.records, all + [.streamEnd], "and again the same")
            XCTAssertTrue(again.report.isInDoubt, "that is not forgotten")
            try FileManager.default.removeItem(atPath: folder)
            try DurableFile.createDirectory(folder)
        }
    }

    func testCorrectionsBehindDamageAreFoundAgain() throws {
        func die() throws {
            let journal = try journal(segmentBytes: 65_536)
            let stream = try journal.openStream(thread: 0)
            try run(1..<4, on: stream, journal)
            for number in UInt64(1)..<6 { XCTAssertTrue(stream.append(correction(number))) }
            _ = try stream.append(intent(9))
        }
        try die()
        let all: [JournalRecord] =
            written(4) + (UInt64(1)..<6).map { .correction(correction($0)) } + [.intent(intent(9))]
        XCTAssertEqual(try contents().open, [intent(9)])
        // The first correction, and all before it are as they were.
        let damaged = JournalSegmentHeader.byteCount + written(4).reduce(0) { $0 + $1.frameBytes } + 20
        try change(try segmentFiles()[0]) { $0[damaged] ^= 0xff }
        let found = try XCTUnwrap(try find())
        let interrupted = JournalRecord.settle(JournalRecovery.interrupted(intent(9)))
        XCTAssertEqual(
            found.records.filter { $0 != .lost }, all[..<6] + all[7...] + [interrupted, .streamEnd])
        XCTAssertEqual(found.report.lostRecords, 1)
    }

    func testAMissingSegmentIsFilledSoThatTheRestKeepTheirNumbers() throws {
        try die(settled: 100)
        let files = try segmentFiles()
        let count = try contents().segments[2].recordCount
        let first = Int(try contents().segments[2].firstSequence) - 1
        try DurableFile.remove(files[2])
        let found = try XCTUnwrap(recover())
        let all = try records(of: found.logs[0], recordsMax: 100)
        let expected = written(100)
        XCTAssertEqual(Array(all[..<first]), Array(expected[..<first]))
        XCTAssertEqual(Array(all[first..<first + count]), Array(repeating: .lost, count: count))
        XCTAssertEqual(Array(all[(first + count)..<198]), Array(expected[(first + count)...]))
        XCTAssertEqual(found.report.lostRecords, count)
    }

    func testAnUnreadableHeaderTakesNoRecordWithIt() throws {
        try die(settled: 100)
        for position in [0, 3] {
            try change(try segmentFiles()[position]) {
                $0.replaceSubrange(0..<128, with: Array(repeating: 0, count: 128))
            }
        }
        let found = try XCTUnwrap(recover())
        let all = try records(of: found.logs[0], recordsMax: 100).filter { $0 != .lost && $0 != .streamEnd }
        XCTAssertEqual(all, written(100))
    }

    func testPagesOfZerosAfterAPowerFailureAreAHole() throws {
        try die(settled: 8)
        try change(try segmentFiles()[0]) { bytes in
            for index in 512..<1_024 { bytes[index] = 0 }
        }
        let found = try XCTUnwrap(recover())
        let all = try records(of: found.logs[0], recordsMax: 100)
        XCTAssertTrue(found.report.isInDoubt)
        let expected = written(8)
        let rest = all.filter { record in expected.contains(record) }
        XCTAssertEqual(rest, expected.filter { rest.contains($0) }, "in their order")
        XCTAssertGreaterThanOrEqual(rest.count, 14 - 4)
    }

    func testAFileThatWasCutShortIsDamage() throws {
        try die(settled: 100)
        let file = try segmentFiles()[4]
        let before = try contents().segments[4]
        try change(file) { $0.removeLast($0.count - 700) }
        let kept = (700 - JournalSegmentHeader.byteCount) / (intent(1).frameBytes + settle(1).frameBytes) * 2
        let found = try XCTUnwrap(recover())
        let lost = try records(of: found.logs[0], recordsMax: 100).count(where: { $0 == .lost })
        XCTAssertTrue((before.recordCount - kept - 1...before.recordCount - kept).contains(lost), "\(lost)")
        XCTAssertEqual(quarantined(), ["\(incarnation)-0-\(JournalSegment.fileName(4))"])
    }

    func testFilesOfOthersAreSetAsideAndNothingOfThemIsShipped() throws {
        try die(settled: 10)
        try DurableFile.write(Array("shopping list".utf8), to: streamFolder() + "/notes.txt")
        try DurableFile.write(Array(repeating: 7, count: 4_096), to: streamFolder() + "/00000050.seg")
        // A segment of another stream.
        let other = ObjectID(high: 8, low: 8)
        do {
            let journal = try journal(other)
            let stream = try journal.openStream(thread: 0)
            try run(500..<505, on: stream, journal)
        }
        try DurableFile.move("\(folder)/\(other)/0/00000000.seg", to: streamFolder() + "/00000051.seg")
        let found = try XCTUnwrap(recover())
        XCTAssertEqual(try records(of: found.logs[0], recordsMax: 100), written(10) + [.streamEnd])
        XCTAssertEqual(quarantined().count, 3)
    }

    func testAnIncarnationInDoubtIsNeverClosedAndGoesWhenItIsShipped() throws {
        try die(settled: 100)
        try change(try segmentFiles()[1]) { $0[JournalSegmentHeader.byteCount + 20] ^= 0xff }
        let journal = try journal(next)
        let control = try journal.openControlStream()
        let found = try XCTUnwrap(recover())
        journal.adopt([found])
        XCTAssertEqual(journal.damage, .init(lostRecords: 1, unreadableStreams: 0, incarnationsInDoubt: 1))
        XCTAssertNotNil(journal.trouble)
        found.logs[0].acknowledge(upTo: found.logs[0].lastSequence.load(ordering: .relaxed))
        journal.closeEarlier(in: control)
        journal.maintain()
        XCTAssertEqual(try records(of: control.log), [])
        XCTAssertEqual(try DurableFile.list(folder), [next.description, "quarantine"])
        let stream = try journal.openStream(thread: 0)
        XCTAssertNoThrow(try run(1..<3, on: stream, journal), "new work goes on")
    }

    func testAMachineThatWentDownLeavesDoubtUnlessNothingCouldBeLost() throws {
        try die(settled: 5)
        let boot = "\(folder)/\(incarnation)/\(JournalRecovery.bootName)"
        XCTAssertEqual(recover()?.report.isInDoubt, false)
        try FileManager.default.removeItem(atPath: folder)
        try die(settled: 5)
        try DurableFile.write(Array("another start".utf8), to: boot)
        XCTAssertEqual(recover()?.report.isInDoubt, true)
        XCTAssertEqual(recover()?.report.isInDoubt, true, "also for the next process")
        try FileManager.default.removeItem(atPath: folder)
        try die(settled: 5, .always)
        XCTAssertFalse(DurableFile.exists(boot))
    }

    /// Random damage: nothing crashes, nothing appears that was not written, nothing before the damage is lost.
    func testRandomDamageNeverInventsAndNeverLosesWhatIsBeforeIt() throws {
        let seed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init) ?? 20_261_121
        var random = SeededRandom(seed: seed)
        let rounds = 150
        for round in 0..<rounds {
            let requests = UInt64.random(in: 3..<70, using: &random)
            let open = (0..<UInt64.random(in: 0..<4, using: &random)).map { 1_000 + $0 }
            try die(settled: requests, open: open, Bool.random(using: &random) ? .never : .interval)
            let files = try segmentFiles()
            let original = try contents()
            let allowed = Set(
                written(requests) + open.map { .intent(intent($0)) }
                    + open.map { .settle(JournalRecovery.interrupted(intent($0))) }
                    + (1..<requests).map { .settle(JournalRecovery.interrupted(intent($0))) } + [.lost, .streamEnd])
            var untouched = files.count
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let victim = Int.random(in: files.indices, using: &random)
                guard DurableFile.exists(files[victim]) else { continue }
                untouched = min(untouched, victim)
                switch Int.random(in: 0..<6, using: &random) {
                case 0: try DurableFile.remove(files[victim])
                case 1: try change(files[victim]) { $0.removeLast(Int.random(in: 0...$0.count, using: &random)) }
                case 2:
                    try change(files[victim]) { bytes in
                        guard !bytes.isEmpty else { return }
                        bytes[Int.random(in: bytes.indices, using: &random)] ^=
                            1 << UInt8.random(in: 0..<8, using: &random)
                    }
                case 3:
                    try change(files[victim]) { bytes in
                        guard bytes.count > 512 else { return }
                        let page = Int.random(in: 0..<bytes.count / 512, using: &random) * 512
                        for index in page..<page + 512 { bytes[index] = 0 }
                    }
                case 4:
                    try change(files[victim]) { bytes in
                        guard bytes.count > 64 else { return }
                        let start = Int.random(in: 0..<bytes.count - 64, using: &random)
                        for index in start..<start + 64 { bytes[index] = UInt8.random(in: 0...255, using: &random) }
                    }
                default: try DurableFile.write([], to: files[victim])
                }
            }
            let name = "seed \(seed) round \(round)"
            let found = try XCTUnwrap(try find(), name)
            let all = found.records
            XCTAssertEqual(found.report.unreadableStreams, 0, name)
            for record in all { XCTAssertTrue(allowed.contains(record), "\(name): \(record) was never written") }
            let before = original.segments.filter { Int($0.index) < untouched }.last?.lastSequence ?? 0
            let expected = Array((written(requests) + open.map { .intent(intent($0)) }).prefix(Int(before)))
            XCTAssertEqual(Array(all.prefix(Int(before))), expected, name)
            XCTAssertEqual(try find()?.records, all, "\(name): another start finds the same")
            try FileManager.default.removeItem(atPath: folder)
        }
    }
}

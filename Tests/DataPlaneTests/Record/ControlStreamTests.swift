import Shared
import XCTest

@testable import DataPlane

final class ControlStreamTests: JournalTestCase {
    private func returned(_ amount: Int64) -> ReturnRecord {
        ReturnRecord(account: AccountKey(allowanceID: ObjectID(high: 7, low: 7)), window: .whole, amount: amount)
    }

    func testWhatGoesBackIsShippedInOrderWithoutWaitingForTheDisk() throws {
        let journal = try journal(synchronization: .interval)
        let control = try journal.openControlStream()
        var asked = 0
        control.appended = { asked += 1 }
        try control.append(returned(5))
        try control.append(closed: ObjectID(high: 8, low: 8))
        XCTAssertEqual(
            try records(of: control.log), [.returned(returned(5)), .incarnationClosed(ObjectID(high: 8, low: 8))])
        XCTAssertEqual(asked, 2)
        XCTAssertTrue(control.log.stream.isControl)
    }

    func testReturnsGoOnOverSegments() throws {
        let journal = try journal()
        let control = try journal.openControlStream()
        for amount in Int64(1)...1_000 {
            try control.append(returned(amount))
            journal.maintain()
        }
        XCTAssertEqual(try records(of: control.log, recordsMax: 100), (1...1_000).map { .returned(returned($0)) })
    }

    func testIntentsAreRefusedBeforeReturnsAreAndReturnsBeforeClosings() throws {
        let journal = try journal()
        let control = try journal.openControlStream()
        let stream = try journal.openStream(thread: 0)
        var returns = 0
        while let position = try? stream.append(intent(UInt64(returns))) {
            stream.append(settle(UInt64(returns)), for: position)
            for _ in 0..<9 { try control.append(returned(1)) }
            returns += 9
            XCTAssertLessThan(returns, 1_000)
        }
        XCTAssertGreaterThan(returns, 100)
        XCTAssertThrowsError(try stream.append(intent(9_999))) { XCTAssertEqual($0 as? JournalError, .full) }
        let admitted = returns
        while (try? control.append(returned(1))) != nil { returns += 1 }
        XCTAssertGreaterThan(returns, admitted, "what requests in flight hold can still go back")
        for _ in 0..<4 { XCTAssertNoThrow(try control.append(closed: incarnation)) }
        // Nothing is wrong for good: there is room again with the next segment.
        control.log.acknowledge(upTo: UInt64(returns))
        journal.maintain()
        XCTAssertNoThrow(try control.append(returned(1)))
        journal.maintain()
        XCTAssertNoThrow(try stream.append(intent(10_000)))
    }

    func testACleanEndClosesItsOwnIncarnationLast() throws {
        let journal = try journal()
        let control = try journal.openControlStream()
        let stream = try journal.openStream(thread: 0)
        try run(1..<5, on: stream, journal)
        stream.end()
        try control.append(returned(3))
        try control.append(closed: incarnation)
        control.end()
        XCTAssertEqual(
            try records(of: control.log), [.returned(returned(3)), .incarnationClosed(incarnation), .streamEnd])
        for log in journal.logs { log.acknowledge(upTo: log.lastSequence.load(ordering: .relaxed)) }
        journal.removeOwnDirectory()
        XCTAssertEqual(try DurableFile.list(folder), [])
    }

    func testAnInterruptedRequestIsChargedWhatItHeld() throws {
        let account = AccountKey(allowanceID: ObjectID(high: 7, low: 7), subject: 3)
        let window = AccountWindow(startUnixSeconds: 1_760_000_000)
        var held = intent(1)
        held.lines = AllowanceKind.allCases.map {
            ReservationLine(kind: $0, account: account, window: window, amount: Int64($0.rawValue) * 100)
        }
        XCTAssertEqual(
            JournalRecovery.interrupted(held).charges,
            [
                ChargeLine(account: account, window: window, amount: 100),
                ChargeLine(account: account, window: window, amount: 200),
            ])
    }

    func testACopiedIntentIsARepetitionWithItsLines() throws {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        var long = intent(1)
        long.lines = [
            ReservationLine(
                kind: .requests, account: AccountKey(allowanceID: ObjectID(high: 7, low: 7)), window: .whole, amount: 1)
        ]
        let position = try stream.append(long)
        try run(2..<60, on: stream, journal)
        let written = try records(of: stream.log, recordsMax: 100)
        XCTAssertEqual(written.filter { $0 == .intent(long) }.count, 1, "spent once")
        XCTAssertGreaterThan(written.filter { $0 == .repeated(long) }.count, 0)
        XCTAssertEqual(try contents().open, [long])
        var end = settle(1)
        end.intent = long
        stream.append(end, for: position)
        XCTAssertEqual(stream.log.segments.reduce(0) { $0 + $1.openIntents.load(ordering: .relaxed) }, 0)
    }
}

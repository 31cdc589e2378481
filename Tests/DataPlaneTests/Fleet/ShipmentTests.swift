import Shared
import TestSupport
import XCTest

@testable import DataPlane

final class ShipmentTests: JournalTestCase {
    private var random = SeededRandom(seed: 1)

    private func stream(requests: UInt64) throws -> (Journal, JournalStream) {
        let journal = try journal()
        let stream = try journal.openStream(thread: 0)
        try run(1..<requests + 1, on: stream, journal)
        return (journal, stream)
    }

    func testABatchIsSentUntilItIsAcknowledged() throws {
        let (journal, stream) = try stream(requests: 10)
        var shipment = Shipment(stream.log)
        let first = try XCTUnwrap(shipment.next())
        XCTAssertEqual(first.firstSequence, 1)
        XCTAssertEqual(first.recordCount, 20)
        guard case .tryLater(let wait, "away") = shipment.answered(.unavailable("away"), random: &random) else {
            return XCTFail("another step")
        }
        XCTAssertGreaterThan(wait, .zero)
        try run(100..<101, on: stream, journal)
        let body = shipment.body.array
        XCTAssertEqual(try UsageBatch.decode(body).records.count, 20)
        XCTAssertEqual(shipment.next()?.recordCount, 20)
        XCTAssertEqual(shipment.body.array, body, "the same bytes, though more were written meanwhile")
        XCTAssertEqual(shipment.answered(.acknowledged(20), random: &random), .goOn)
        XCTAssertEqual(shipment.next()?.firstSequence, 21)
        XCTAssertEqual(shipment.answered(.acknowledged(22), random: &random), .goOn)
        XCTAssertNil(shipment.next())
        XCTAssertTrue(journal.isShipped)
    }

    func testWaitsGrowWhileItIsAway() throws {
        let (_, stream) = try stream(requests: 1)
        var shipment = Shipment(stream.log)
        var waits = [Duration]()
        for _ in 0..<12 {
            _ = shipment.next()
            if case .tryLater(let wait, _) = shipment.answered(.unavailable(""), random: &random) { waits.append(wait) }
        }
        XCTAssertLessThanOrEqual(waits[0], .milliseconds(100))
        XCTAssertGreaterThan(waits[11], .seconds(2))
        XCTAssertLessThanOrEqual(try XCTUnwrap(waits.max()), .seconds(5))
    }

    func testItFollowsAControlPlaneThatHasLess() throws {
        let (_, stream) = try stream(requests: 100)
        var shipment = Shipment(stream.log)
        _ = shipment.next()
        XCTAssertEqual(shipment.answered(.acknowledged(7), random: &random), .goOn)
        XCTAssertEqual(shipment.next()?.firstSequence, 8)
        XCTAssertEqual(shipment.answered(.expected(3), random: &random), .goOn)
        XCTAssertEqual(shipment.next()?.firstSequence, 3)
    }

    func testItFollowsAControlPlaneThatHasMore() throws {
        let (_, stream) = try stream(requests: 100)
        var shipment = Shipment(stream.log)
        _ = shipment.next()
        XCTAssertEqual(shipment.answered(.expected(151), random: &random), .goOn)
        let batch = try XCTUnwrap(shipment.next())
        XCTAssertEqual(batch.firstSequence, 151)
        XCTAssertEqual(batch.lastSequence, 200)
    }

    func testRecordsThatAreGoneAreMissedLoudly() throws {
        let (journal, stream) = try stream(requests: 100)
        stream.log.acknowledge(upTo: 150)
        journal.maintain()
        var shipment = Shipment(stream.log)
        XCTAssertNotNil(shipment.next())
        XCTAssertEqual(
            shipment.answered(.expected(1), random: &random), .missing(expected: 1, Shipment.missingRetry))
        XCTAssertNotNil(shipment.next(), "it asks again")
    }

    func testAnAcknowledgementBeyondTheEndIsNotBelieved() throws {
        let (journal, stream) = try stream(requests: 2)
        var shipment = Shipment(stream.log)
        _ = shipment.next()
        XCTAssertEqual(shipment.answered(.acknowledged(99), random: &random), .ahead(acknowledged: 99))
        XCTAssertNil(shipment.next())
        XCTAssertTrue(journal.isShipped)
        try run(10..<11, on: stream, journal)
        XCTAssertEqual(shipment.next()?.firstSequence, 5)
    }
}

final class UsageShipperTests: JournalTestCase {
    /// A control plane that applies each record once and loses answers.
    private final class FakeControlPlane {
        var acknowledged: [StreamID: UInt64] = [:]
        var settled: [ObjectID: Int] = [:]
        var outcomes: [ObjectID: RequestOutcome] = [:]
        var ended: Set<StreamID> = []
        var closed: [ObjectID] = []
        var returned: [AccountKey: Int64] = [:]
        var random = SeededRandom(seed: 5)

        func apply(_ bytes: [UInt8]) -> ShipAnswer {
            if random.next() % 4 == 0 { return .unavailable("lost on the way there") }
            guard let batch = try? UsageBatch.decode(bytes) else { return .unavailable("not a batch") }
            let known = acknowledged[batch.stream] ?? 0
            guard batch.firstSequence <= known + 1 else { return .expected(known + 1) }
            for (index, record) in batch.records.enumerated() where batch.firstSequence + UInt64(index) > known {
                switch record {
                case .intent, .repeated, .lost, .correction: break
                case .settle(let settle):
                    settled[settle.intent.requestID, default: 0] += 1
                    outcomes[settle.intent.requestID] = settle.outcome
                case .streamEnd: ended.insert(batch.stream)
                case .returned(let record): returned[record.account, default: 0] += record.amount
                case .incarnationClosed(let incarnation): closed.append(incarnation)
                }
            }
            acknowledged[batch.stream] = max(known, batch.lastSequence)
            if random.next() % 4 == 0 { return .unavailable("lost on the way back") }
            return .acknowledged(acknowledged[batch.stream]!)
        }
    }

    func testEveryRequestArrivesOnceThroughACrashAndLostAnswers() throws {
        // A process that dies with two requests open,
        do {
            let journal = try journal()
            for thread in UInt32(0)..<2 {
                let stream = try journal.openStream(thread: thread)
                let base = UInt64(thread) * 1_000
                try run(base + 1..<base + 60, on: stream, journal)
                _ = try stream.append(intent(base + 900))
            }
        }
        // and its successor, which ships both.
        let next = ObjectID(high: 3, low: 3)
        let journal = try journal(next)
        journal.adopt(JournalRecovery.run(directory: folder, nodeID: nodeID, own: next, logger: quiet))
        nonisolated(unsafe) let controlStream = try journal.openControlStream()
        let stream = try journal.openStream(thread: 0)
        try run(5_001..<5_040, on: stream, journal)
        nonisolated(unsafe) let control = FakeControlPlane()
        let isShipped = try onLoop(timeout: .seconds(60)) { actor in
            let shipper = unsafe UsageShipper(journal: journal, control: controlStream, on: actor.loop) {
                unsafe control.apply($0.array)
            }
            shipper.start()
            return await shipper.drain(deadline: .seconds(50), closingOwn: false)
        }
        XCTAssertTrue(isShipped)
        unsafe XCTAssertEqual(control.settled.count, 59 * 2 + 2 + 39)
        unsafe XCTAssertEqual(Set(control.settled.values), [1], "each once")
        unsafe XCTAssertEqual(control.ended.count, 2)
        unsafe XCTAssertEqual(Set(control.closed), [incarnation])
        for number in [UInt64(900), 1_900] {
            unsafe XCTAssertEqual(control.outcomes[ObjectID(high: 9, low: number)], .interrupted)
        }
        journal.maintain()
        XCTAssertEqual(try DurableFile.list(folder), [next.description], "the dead process's directory is gone")
    }

    func testWhatCannotBeShippedStaysAndIsSaid() throws {
        let journal = try journal()
        nonisolated(unsafe) let controlStream = try journal.openControlStream()
        let stream = try journal.openStream(thread: 0)
        try run(1..<4, on: stream, journal)
        let isShipped = try onLoop { actor in
            let shipper = unsafe UsageShipper(journal: journal, control: controlStream, on: actor.loop) { _ in
                .unavailable("away")
            }
            shipper.start()
            return await shipper.drain(deadline: .milliseconds(100), closingOwn: false)
        }
        XCTAssertFalse(isShipped)
        XCTAssertEqual(journal.unacknowledgedRecords, 6)
    }

    func testAControlPlaneThatIsBackIsNotWaitedFor() throws {
        let journal = try journal()
        nonisolated(unsafe) let controlStream = try journal.openControlStream()
        let stream = try journal.openStream(thread: 0)
        try run(1..<4, on: stream, journal)
        nonisolated(unsafe) var attempts = 0
        // Twelve tries with the waits between them take 17 seconds at least.
        try onLoop(timeout: .seconds(10)) { actor in
            nonisolated(unsafe) let tried = LevelSignal(on: actor.loop)
            let shipper = unsafe UsageShipper(journal: journal, control: controlStream, on: actor.loop) { _ in
                unsafe attempts += 1
                unsafe tried.raise()
                return .unavailable("away")
            }
            shipper.start()
            for level in UInt64(0)..<12 {
                _ = unsafe await tried.wait(beyond: level, timeout: .seconds(5))
                shipper.tryAgain()
            }
            _ = await shipper.drain(deadline: .zero, closingOwn: false)
        }
        unsafe XCTAssertGreaterThanOrEqual(attempts, 12)
    }
}

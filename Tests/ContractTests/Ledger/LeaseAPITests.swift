@testable import ControlPlane
import Foundation
import Shared
import Synchronization
import TestSupport
import XCTest

/// Lending over real sockets by two control planes over one database.
final class LeaseAPITests: XCTestCase {
    private func withPlanes(_ body: ([RunningControlPlane]) throws -> Void) throws {
        let database = try ControlPlaneDatabase.make("leases")
        let planes = [try RunningControlPlane(database), try RunningControlPlane(database)]
        do { try body(planes) } catch {
            for plane in planes { try plane.stop() }
            throw error
        }
        for plane in planes { try plane.stop() }
    }

    private static func add(_ allowance: LedgerAllowance, _ plane: RunningControlPlane) throws {
        try plane.with { services in try await allowance.insert(services.pool) }
    }

    private static func newHolder() -> LeaseHolder { LeaseHolder(nodeID: .random(), incarnation: .random()) }

    private static func lease(
        _ plane: RunningControlPlane, _ holder: LeaseHolder, wait: Int = 0, _ asks: LeaseRequest.Ask...
    ) throws -> [LeaseAnswer.Grant] {
        let request = LeaseRequest(
            nodeID: holder.nodeID, incarnation: holder.incarnation, waitMilliseconds: wait, asks: asks)
        let answer = try plane.call("POST", "/fleet/v1/leases", body: CanonicalJSON.encode(request))
        guard answer.status == 200 else { throw TestFailure("\(answer.status) \(answer.text)") }
        let decoded: LeaseAnswer = try StrictJSONDecoder.decode(from: answer.body)
        return decoded.grants
    }

    private static func ship(
        _ plane: RunningControlPlane, _ holder: LeaseHolder, from first: UInt64 = 1, _ records: JournalRecord...
    ) throws {
        let batch = UsageBatch(
            stream: StreamID(nodeID: holder.nodeID, incarnation: holder.incarnation, thread: 0), firstSequence: first,
            records: records)
        let answer = try plane.call("POST", "/fleet/v1/usage", body: batch.encode())
        guard answer.status == 200 else { throw TestFailure("\(answer.status) \(answer.text)") }
    }

    private static func figures(_ plane: RunningControlPlane, _ allowance: LedgerAllowance) throws -> LedgerFigures {
        let found = try plane.with { services in
            try await LedgerStore.figures(of: [allowance.id], in: services.pool)
        }
        return try XCTUnwrap(found.first?.figures)
    }

    /// What runs on a thread of its own until somebody wants its result.
    private final class Background<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)

        init(_ body: @escaping @Sendable () throws -> Value) {
            Thread.detachNewThread { [self] in
                let outcome = Result { try body() }
                result.withLock { $0 = outcome }
            }
        }

        var isOver: Bool { result.withLock { $0 != nil } }

        func value() throws -> Value {
            try waitUntil("a call in the background ends") { isOver }
            return try result.withLock { try $0!.get() }
        }
    }

    private static func inBackground(
        _ plane: RunningControlPlane, _ holder: LeaseHolder, wait: Int, _ ask: LeaseRequest.Ask
    ) -> Background<[LeaseAnswer.Grant]> {
        nonisolated(unsafe) let plane = plane
        return Background { unsafe try lease(plane, holder, wait: wait, ask) }
    }

    private func waitForWaiters(_ count: Int64, _ plane: RunningControlPlane) throws {
        try waitUntil("\(count) wait") {
            try plane.with { services in
                try await services.pool.first("SELECT count(*) AS n FROM ledger_waiters")?.int64("n")
            } == count
        }
    }

    // MARK: Facts

    func testManyHoldersAtTwoControlPlanesNeverGetMoreThanTheLimit() throws {
        try withPlanes { planes in
            let allowance = LedgerAllowance(limit: 1_000)
            try Self.add(allowance, planes[0])
            let calls = (0..<24).map { index in
                let holder = Self.newHolder()
                nonisolated(unsafe) let plane = planes[index % 2]
                return Background {
                    var total: Int64 = 0
                    for sequence in 1...15 {
                        let grants = unsafe try Self.lease(
                            plane, holder, allowance.ask(Int64(sequence), need: 7, want: 40, knows: total))
                        total = grants[0].grantedTotal
                    }
                    return total
                }
            }
            let granted = try calls.map { try $0.value() }.reduce(0, +)
            XCTAssertLessThanOrEqual(granted, 1_000)
            XCTAssertGreaterThan(granted, 1_000 - 7, "what is left serves nobody's need")
            XCTAssertEqual(try Self.figures(planes[0], allowance).lent, granted)
        }
    }

    func testABlockedAskIsAnsweredAsSoonAsAnotherControlPlaneHearsOfAReturn() throws {
        try withPlanes { planes in
            let allowance = LedgerAllowance(limit: 100)
            try Self.add(allowance, planes[0])
            let (owner, asker) = (Self.newHolder(), Self.newHolder())
            XCTAssertEqual(try Self.lease(planes[0], owner, allowance.ask(1, need: 100))[0].verdict, .granted)

            let blocked = Self.inBackground(planes[1], asker, wait: 2_000, allowance.ask(1, need: 60))
            try waitForWaiters(1, planes[0])
            XCTAssertFalse(blocked.isOver)
            try Self.ship(
                planes[0], owner,
                .returned(ReturnRecord(account: allowance.key, window: .whole, amount: 60)))
            let grant = try blocked.value()[0]
            XCTAssertEqual(grant.verdict, .granted)
            XCTAssertEqual(grant.grantedTotal, 60)
            XCTAssertEqual(grant.lent, 100)
        }
    }

    func testABlockedAskIsExhaustedWhenTheOthersSpendWhatItWaitsFor() throws {
        try withPlanes { planes in
            let allowance = LedgerAllowance(limit: 100)
            try Self.add(allowance, planes[0])
            let (owner, asker) = (Self.newHolder(), Self.newHolder())
            _ = try Self.lease(planes[0], owner, allowance.ask(1, need: 100))
            let blocked = Self.inBackground(planes[1], asker, wait: 2_000, allowance.ask(1, need: 60))
            try waitForWaiters(1, planes[0])
            var settle = UsageSamples.settle(UsageSamples.intent(.random()), index: 0)
            settle.charges = [ChargeLine(account: allowance.key, window: .whole, amount: 50)]
            try Self.ship(planes[0], owner, .settle(settle))
            XCTAssertEqual(try blocked.value()[0].verdict, .exhausted)
        }
    }

    func testWhoWaitsFirstIsServedFirstWhicheverControlPlaneItAsks() throws {
        try withPlanes { planes in
            let allowance = LedgerAllowance(limit: 100)
            try Self.add(allowance, planes[0])
            let owner = Self.newHolder()
            _ = try Self.lease(planes[0], owner, allowance.ask(1, need: 100))
            var waiting: [Background<[LeaseAnswer.Grant]>] = []
            for index in 0..<4 {
                waiting.append(
                    Self.inBackground(planes[index % 2], Self.newHolder(), wait: 2_000, allowance.ask(1, need: 25)))
                try waitForWaiters(Int64(index + 1), planes[0])
            }
            for served in 0..<4 {
                try Self.ship(
                    planes[served % 2], owner, from: UInt64(served + 1),
                    .returned(ReturnRecord(account: allowance.key, window: .whole, amount: 25)))
                XCTAssertEqual(try waiting[served].value()[0].verdict, .granted)
                XCTAssertEqual(waiting.dropFirst(served + 1).map(\.isOver), Array(repeating: false, count: 3 - served))
            }
        }
    }

    func testAHolderHearsOfItsRecallAtTheControlPlaneItPolls() throws {
        try withPlanes { planes in
            let allowance = LedgerAllowance(
                kind: .tokens, period: "sliding", slidingSeconds: 60, limit: 100, isEach: true)
            try Self.add(allowance, planes[0])
            let (owner, asker) = (Self.newHolder(), Self.newHolder())
            let label = "ada lovelace"
            _ = try Self.lease(planes[0], owner, allowance.ask(1, need: 100, endUser: label))
            nonisolated(unsafe) let other = planes[1]
            let poll = Background {
                unsafe try other.call(
                    "GET", "/fleet/v1/recalls?node=\(owner.nodeID)&incarnation=\(owner.incarnation)&wait=10"
                ).body
            }
            // The ask is tried again until the poll has begun and hears of it.
            var sequence: Int64 = 0
            try waitUntil("the recall arrives") {
                sequence += 1
                let grant = try Self.lease(planes[0], asker, allowance.ask(sequence, need: 10, endUser: label))[0]
                XCTAssertEqual(grant.verdict, .blocked)
                return poll.isOver
            }
            let answer: RecallAnswer = try StrictJSONDecoder.decode(from: try poll.value())
            XCTAssertEqual(
                answer.recalls,
                [RecallAnswer.Recall(allowanceID: allowance.id, endUser: label, windowStartUnixSeconds: 0)])
        }
    }

    func testLoweringALimitCallsThoseWhoHoldMore() throws {
        try withPlanes { planes in
            let allowance = LedgerAllowance(limit: 100)
            try Self.add(allowance, planes[0])
            let owner = Self.newHolder()
            _ = try Self.lease(planes[0], owner, allowance.ask(1, need: 80))
            let path = "/fleet/v1/recalls?node=\(owner.nodeID)&incarnation=\(owner.incarnation)"
            XCTAssertEqual(try planes[1].call("GET", path).text, #"{"recalls":[]}"#, "it is known here from now on")
            try planes[0].with { services in
                _ = try await services.pool.execute("UPDATE allowances SET limit_amount = 50")
            }
            let answer: RecallAnswer = try StrictJSONDecoder.decode(
                from: try planes[1].call("GET", path + "&wait=5").body)
            XCTAssertEqual(answer.recalls.map(\.allowanceID), [allowance.id])
            XCTAssertEqual(try Self.lease(planes[0], owner, allowance.ask(2, need: 1, knows: 80))[0].verdict, .blocked)
        }
    }

    func testWithoutTheDatabaseTheAnswerIs503AndWorksAgainAfterwards() throws {
        let server = try TemporaryPostgres()
        let settings = PostgresSettings(connectionString: try server.createDatabase("leases"))
        let plane = try RunningControlPlane(try ControlPlaneDatabase.make(in: settings))
        defer { try? plane.stop() }
        let allowance = LedgerAllowance(limit: 100)
        try Self.add(allowance, plane)
        let holder = Self.newHolder()
        _ = try Self.lease(plane, holder, allowance.ask(1, need: 10))
        try server.stop()
        let request = LeaseRequest(
            nodeID: holder.nodeID, incarnation: holder.incarnation, waitMilliseconds: 500,
            asks: [allowance.ask(2, need: 10, knows: 10)])
        let answer = try plane.call("POST", "/fleet/v1/leases", body: CanonicalJSON.encode(request))
        XCTAssertEqual(answer.status, 503, answer.text)
        XCTAssertEqual(answer.header("retry-after"), "1")
        XCTAssertEqual(answer.header("content-type"), "application/problem+json")
        try server.start()
        try waitUntil("leases are lent again") {
            let answer = try plane.call("POST", "/fleet/v1/leases", body: CanonicalJSON.encode(request))
            guard answer.status == 200 else { return false }
            let decoded: LeaseAnswer = try StrictJSONDecoder.decode(from: answer.body)
            XCTAssertEqual(decoded.grants[0].grantedTotal, 20, "the lost ask granted nothing, or the same")
            return true
        }
    }

    func testWhatIsOutOfBoundsIsRefused() throws {
        try withPlanes { planes in
            let allowance = LedgerAllowance(limit: 100)
            let holder = Self.newHolder()
            func status(_ wait: Int, _ asks: [LeaseRequest.Ask]) throws -> Int {
                let request = LeaseRequest(
                    nodeID: holder.nodeID, incarnation: holder.incarnation, waitMilliseconds: wait, asks: asks)
                return try planes[0].call("POST", "/fleet/v1/leases", body: CanonicalJSON.encode(request)).status
            }
            let most = (0..<LeaseRequest.asksMax).map { allowance.ask(Int64($0 + 1), need: 1) }
            XCTAssertEqual(try status(0, most), 200)
            XCTAssertEqual(try status(0, most + [allowance.ask(1, need: 1)]), 400)
            XCTAssertEqual(try status(LeaseRequest.waitMillisecondsMax, []), 200)
            XCTAssertEqual(try status(LeaseRequest.waitMillisecondsMax + 1, []), 400)
            XCTAssertEqual(try status(-1, []), 400)
            XCTAssertEqual(
                try status(0, [allowance.ask(1, need: 1, endUser: String(repeating: "x", count: 129))]), 400)
            for bad in ["wait=31", "node=x", "incarnation="] {
                let query = "node=\(holder.nodeID)&incarnation=\(holder.incarnation)&wait=0"
                let name = bad.split(separator: "=")[0]
                let parts = query.split(separator: "&").map { $0.hasPrefix(name) ? bad : String($0) }
                XCTAssertEqual(
                    try planes[0].call("GET", "/fleet/v1/recalls?" + parts.joined(separator: "&")).status, 400, bad)
            }
            XCTAssertEqual(
                try Self.lease(planes[0], holder, allowance.ask(1, need: 1))[0].verdict, .unknown,
                "the allowance was never made")
        }
    }
}

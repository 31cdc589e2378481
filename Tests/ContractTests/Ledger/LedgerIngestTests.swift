@testable import ControlPlane
import Shared
import TestSupport
import XCTest

/// What the records of data planes do to the ledger, applied with their events.
final class LedgerIngestTests: XCTestCase {
    private func withIngest(
        _ body: @escaping @Sendable (ControlPlaneServices, UsageIngest) async throws -> Void
    ) throws {
        let database = try ControlPlaneDatabase.make("ledger_ingest")
        try onLoop { actor in
            let services = database.services(on: actor.loop)
            defer { services.pool.close() }
            try await body(
                services, UsageIngest(pool: services.pool, time: services.time, registry: MetricsRegistry()))
        }
    }

    private static func settle(_ allowance: LedgerAllowance, _ amount: Int64, debt: Int64 = 0) -> JournalRecord {
        var settle = UsageSamples.settle(UsageSamples.intent(.random()), index: 0)
        settle.charges = [ChargeLine(account: allowance.key, window: .whole, amount: amount, debt: debt)]
        return .settle(settle)
    }

    private static func figures(_ allowance: LedgerAllowance, _ pool: PostgresPool) async throws -> [Int64] {
        let found = try await LedgerStore.figures(of: [allowance.id], in: pool)
        let account = try XCTUnwrap(found.first)
        return [account.figures.settled, account.figures.lent, account.figures.debt, account.charged]
    }

    private static func grant(
        _ allowance: LedgerAllowance, _ holder: LeaseHolder, _ need: Int64, sequence: Int64 = 1, _ pool: PostgresPool
    ) async throws {
        let answers = try await LedgerStore.ask(
            [.init(ask: allowance.ask(sequence, need: need), holder: holder, waitMilliseconds: 0)], in: pool)
        XCTAssertEqual(answers[0].grant.verdict, .granted)
    }

    func testABatchMovesItsChargesOnceHoweverOftenItComes() throws {
        try withIngest { services, ingest in
            let money = LedgerAllowance(limit: 1_000)
            let requests = LedgerAllowance(kind: .requests, period: "sliding", slidingSeconds: 60, limit: 10)
            for allowance in [money, requests] { try await allowance.insert(services.pool) }
            let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: 0)
            let holder = LeaseHolder(stream)
            try await Self.grant(money, holder, 500, services.pool)
            try await Self.grant(requests, holder, 4, services.pool)

            var intent = UsageSamples.intent(.random())
            intent.lines = [
                ReservationLine(kind: .money, account: money.key, window: .whole, amount: 300),
                ReservationLine(kind: .requests, account: requests.key, window: .whole, amount: 1),
            ]
            let batch = UsageBatch(
                stream: stream, firstSequence: 1,
                records: [
                    .intent(intent), .repeated(intent), Self.settle(money, 120, debt: 30),
                    .returned(ReturnRecord(account: money.key, window: .whole, amount: 100)), Self.settle(money, 80),
                ])
            for _ in 0..<3 { _ = try await ingest.apply(batch) }
            var overlapping = batch
            overlapping.firstSequence = 4
            overlapping.records = [batch.records[3], batch.records[4], Self.settle(money, 1)]
            _ = try await ingest.apply(overlapping)
            var found = try await Self.figures(money, services.pool)
            XCTAssertEqual(found, [231, 199, 30, 231])
            found = try await Self.figures(requests, services.pool)
            XCTAssertEqual(found, [1, 3, 0, 1])
        }
    }

    func testATransactionThatFailsBehindTheLedgerLeavesNothingOfIt() throws {
        try withIngest { services, ingest in
            let money = LedgerAllowance(limit: 1_000)
            try await money.insert(services.pool)
            let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: 0)
            try await Self.grant(money, LeaseHolder(stream), 500, services.pool)
            let batch = UsageBatch(stream: stream, firstSequence: 1, records: [Self.settle(money, 200)])
            // Deferred to the commit: everything was done, and then the connection's transaction is refused.
            try await services.pool.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'
                """)
            try await services.pool.execute(
                """
                CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON usage_streams DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION refuse()
                """)
            do {
                _ = try await ingest.apply(batch)
                XCTFail("the commit was refused")
            } catch {}
            var found = try await Self.figures(money, services.pool)
            XCTAssertEqual(found, [0, 500, 0, 0])
            try await services.pool.execute("DROP TRIGGER refuse ON usage_streams")
            _ = try await ingest.apply(batch)
            found = try await Self.figures(money, services.pool)
            XCTAssertEqual(found, [200, 300, 0, 200])
        }
    }

    func testAClosedIncarnationGivesBackWhatItHadAndAllItsAccountsAreFree() throws {
        try withIngest { services, ingest in
            let money = LedgerAllowance(limit: 1_000)
            let slots = LedgerAllowance(kind: .slots, period: "none", limit: 5)
            for allowance in [money, slots] { try await allowance.insert(services.pool) }
            let old = StreamID(nodeID: .random(), incarnation: .random(), thread: 0)
            let new = StreamID(nodeID: old.nodeID, incarnation: .random(), thread: StreamID.controlThread)
            try await Self.grant(money, LeaseHolder(old), 500, services.pool)
            try await Self.grant(slots, LeaseHolder(old), 5, services.pool)
            try await Self.grant(money, LeaseHolder(new), 100, services.pool)
            _ = try await ingest.apply(
                UsageBatch(stream: old, firstSequence: 1, records: [Self.settle(money, 40), .streamEnd]))
            _ = try await ingest.apply(
                UsageBatch(stream: new, firstSequence: 1, records: [.incarnationClosed(old.incarnation)]))
            var found = try await Self.figures(money, services.pool)
            XCTAssertEqual(found, [40, 100, 0, 40], "the new process keeps its own")
            found = try await Self.figures(slots, services.pool)
            XCTAssertEqual(found, [0, 0, 0, 0])
        }
    }

    func testManyStreamsOverTheSameAccountsNeitherBlockNorLose() throws {
        try withIngest { services, ingest in
            let allowances = (0..<6).map { _ in LedgerAllowance(limit: 1_000_000) }
            for allowance in allowances { try await allowance.insert(services.pool) }
            let done = LevelSignal(on: services.loop)
            for thread in 0..<6 {
                services.loop.launch {
                    let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: UInt32(thread))
                    do {
                        for round in 0..<20 {
                            // Each in an order of its own; a lease for some, debt and new accounts for the rest.
                            let order = allowances.shuffled()
                            if round % 2 == 0 {
                                _ = try await LedgerStore.ask(
                                    order.map {
                                        .init(
                                            ask: $0.ask(Int64(round + 1), need: 10), holder: LeaseHolder(stream),
                                            waitMilliseconds: 0)
                                    }, in: services.pool)
                            }
                            _ = try await ingest.apply(
                                UsageBatch(
                                    stream: stream, firstSequence: UInt64(round * order.count + 1),
                                    records: order.map { Self.settle($0, 7) }))
                        }
                    } catch { XCTFail("\(error)") }
                    done.raise(to: done.level + 1)
                }
            }
            _ = await done.wait(beyond: 5, timeout: .seconds(25))
            for allowance in allowances {
                let found = try await Self.figures(allowance, services.pool)
                XCTAssertEqual(found[0] - 0, 6 * 20 * 7)
                XCTAssertEqual(found[3], 6 * 20 * 7)
            }
        }
    }

    func testWhatIsInDoubtStaysLentUntilItIsWrittenOffAndALateRecordIsNotCountedTwice() throws {
        try withIngest { services, ingest in
            let money = LedgerAllowance(limit: 1_000)
            try await money.insert(services.pool)
            let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: 0)
            try await Self.grant(money, LeaseHolder(stream), 500, services.pool)
            var written = try await LedgerStore.writeOff(money.id, in: services.pool)
            XCTAssertEqual(written, .init(accounts: 0, amount: 0), "its lease has not ended")

            let later = services.time.unixMilliseconds + 121_000
            var found = try await LedgerStore.figures(of: [money.id], now: later, in: services.pool)
            XCTAssertEqual(found[0].figures.inDoubt, 500)
            XCTAssertEqual(found[0].figures.lent, 500, "expiry frees nothing")
            written = try await LedgerStore.writeOff(nil, beyond: .seconds(60), now: later, in: services.pool)
            XCTAssertEqual(written.amount, 0, "not for that long")
            written = try await LedgerStore.writeOff(money.id, now: later, in: services.pool)
            XCTAssertEqual(written, .init(accounts: 1, amount: 500))
            found = try await LedgerStore.figures(of: [money.id], now: later, in: services.pool)
            XCTAssertEqual(
                [found[0].figures.settled, found[0].figures.lent, found[0].figures.writtenOff], [500, 0, 500])

            _ = try await ingest.apply(
                UsageBatch(
                    stream: stream, firstSequence: 1,
                    records: [
                        Self.settle(money, 120),
                        .returned(ReturnRecord(account: money.key, window: .whole, amount: 300)),
                    ]))
            let after = try await Self.figures(money, services.pool)
            XCTAssertEqual(after, [200, 0, 0, 120], "80 are still written off")
        }
    }

    func testDoubtIsWrittenOffByItselfOnlyWhereASettingSaysAfterHowLong() throws {
        try withIngest { services, _ in
            let money = LedgerAllowance(limit: 1_000)
            let rate = LedgerAllowance(kind: .tokens, period: "sliding", slidingSeconds: 60, limit: 1_000)
            for allowance in [money, rate] { try await allowance.insert(services.pool) }
            let holder = LeaseHolder(nodeID: .random(), incarnation: .random())
            for allowance in [money, rate] { try await Self.grant(allowance, holder, 500, services.pool) }
            func keeper(after: Duration) -> LedgerKeeper {
                LedgerKeeper(
                    on: services.loop, pool: services.pool, writeOffAfter: after, registry: MetricsRegistry(),
                    log: Logger("ledger"))
            }
            // More than it took to come here, less than what follows.
            let start = services.time.unixMilliseconds
            try await keeper(after: .zero).writeOff(now: start + 1_000_000_000)
            try await keeper(after: .seconds(600)).writeOff(now: start + 60_000 + 590_000)
            var found = try await LedgerStore.figures(of: [money.id, rate.id], in: services.pool)
            XCTAssertEqual(found.map(\.figures.lent), [500, 500])

            try await keeper(after: .seconds(600)).writeOff(now: start + 60_000 + 601_000)
            found = try await LedgerStore.figures(of: [rate.id], now: start + 661_000, in: services.pool)
            XCTAssertEqual([found[0].figures.settled, found[0].figures.lent], [500, 0], "its lease was of 60 seconds")
            found = try await LedgerStore.figures(of: [money.id], in: services.pool)
            XCTAssertEqual(found[0].figures.lent, 500, "its lease was of 120 seconds")

            try await keeper(after: .seconds(600)).writeOff(now: start + 120_000 + 601_000)
            found = try await LedgerStore.figures(of: [money.id], in: services.pool)
            XCTAssertEqual([found[0].figures.settled, found[0].figures.lent], [500, 0])
        }
    }

    func testOldWindowsGoWithWhatIsInDoubtOfThemAndTheirSumsStay() throws {
        try withIngest { services, _ in
            let daily = LedgerAllowance(period: "day", limit: 1_000)
            try await daily.insert(services.pool)
            let start = services.time.unixMilliseconds
            var spent: Int64 = 0
            for day in 0..<100 {
                let now = start + Int64(day) * 86_400_000
                let holder = LeaseHolder(nodeID: .random(), incarnation: .random())
                let answer = try await LedgerStore.ask(
                    [.init(ask: daily.ask(1, need: 100, window: nil), holder: holder, waitMilliseconds: 0)], now: now,
                    in: services.pool)
                var settle = UsageSamples.settle(UsageSamples.intent(.random()), index: 0)
                settle.charges = [
                    ChargeLine(
                        account: daily.key,
                        window: AccountWindow(startUnixSeconds: answer[0].grant.windowStartUnixSeconds), amount: 60)
                ]
                try await LedgerStore.apply(
                    [LedgerBooking([.settle(settle)], from: holder)], now: now, in: services.pool)
                spent += 60
                var place: LedgerStore.SweepPlace?
                repeat {
                    place = try await LedgerStore.sweep(after: place, now: now, in: services.pool).next
                } while place != nil
            }
            let row = try await services.pool.first(
                """
                SELECT (SELECT count(*) FROM ledger_windows) AS windows, (SELECT count(*) FROM ledger_leases) AS leases,
                    (SELECT count(*) FROM ledger_holders) AS holders, (SELECT holder_count FROM ledger_accounts) AS counted,
                    (SELECT sum(charged)::bigint FROM ledger_windows) + (SELECT charged FROM ledger_forgotten) AS charged
                """)
            // 36 days, and at most a month before them.
            XCTAssertLessThan(try XCTUnwrap(row).int("windows"), 70)
            XCTAssertLessThan(try XCTUnwrap(row).int("leases"), 70)
            XCTAssertLessThan(try XCTUnwrap(row).int("holders"), 70)
            XCTAssertEqual(try row?.int("counted"), try row?.int("holders"))
            XCTAssertEqual(try row?.int64("charged"), spent)
        }
    }

    func testTheSweepForgetsOnlyWhatNobodyNeeds() throws {
        try withIngest { services, _ in
            let rate = LedgerAllowance(kind: .tokens, period: "sliding", slidingSeconds: 60, limit: 100, isEach: true)
            let money = LedgerAllowance(limit: 100)
            for allowance in [rate, money] { try await allowance.insert(services.pool) }
            let holder = LeaseHolder(nodeID: .random(), incarnation: .random())
            let start = services.time.unixMilliseconds
            _ = try await LedgerStore.ask(
                [
                    .init(ask: rate.ask(1, need: 10, endUser: "ada"), holder: holder, waitMilliseconds: 0),
                    .init(ask: money.ask(1, need: 10), holder: holder, waitMilliseconds: 0),
                ], now: start, in: services.pool)
            let account = AccountKey(allowanceID: rate.id, subject: EndUserSubject.of("ada"))
            let returned = JournalRecord.returned(ReturnRecord(account: account, window: .whole, amount: 10))
            try await LedgerStore.apply([LedgerBooking([returned], from: holder)], now: start, in: services.pool)
            var sweep = try await LedgerStore.sweep(now: start + 86_400_000, in: services.pool)
            XCTAssertEqual(sweep.went, 0)
            sweep = try await LedgerStore.sweep(now: start + 40 * 86_400_000, in: services.pool)
            XCTAssertEqual(sweep.went, 2, "the end user's holder and account")
            XCTAssertNil(sweep.next)
            sweep = try await LedgerStore.sweep(now: start + 40 * 86_400_000, in: services.pool)
            XCTAssertEqual(sweep.went, 0)
            let found = try await LedgerStore.figures(of: [rate.id, money.id], in: services.pool)
            XCTAssertEqual(found.map(\.account), [money.key])
            XCTAssertEqual(found[0].figures.lent, 10, "what is lent is never forgotten")
        }
    }
}

@testable import ControlPlane
import Shared
import TestSupport
import XCTest

/// Requests whose providers tell what they took after they were charged all that they could take.
final class UsageCorrectionTests: XCTestCase {
    private typealias Books = CorrectionBooks

    private struct Scene {
        let services: ControlPlaneServices
        let settings: PostgresSettings
        let registry: MetricsRegistry
        let ingest: UsageIngest
        var pool: PostgresPool { services.pool }

        /// Applies the records of a stream of their own, `times` times.
        func apply(_ records: [JournalRecord], from stream: StreamID = Books.newStream(), times: Int = 1) async throws {
            for _ in 0..<times {
                _ = try await ingest.apply(UsageBatch(stream: stream, firstSequence: 1, records: records))
            }
        }

        func assertBalance(_ file: StaticString = #filePath, line: UInt = #line) async throws {
            let differences = try await Books.differences(pool)
            XCTAssertEqual(differences, [], file: file, line: line)
        }

        func event(_ id: ObjectID) async throws -> PostgresRow {
            let row = try await pool.first("SELECT * FROM usage_events WHERE request_id = $1", [.uuid(id)])
            return try XCTUnwrap(row)
        }

        /// Applied, early, late, repeated.
        var counts: [Int] {
            ["", "early_", "late_", "repeated_"].map { kind in
                String(decoding: registry.render(), as: UTF8.self).split(separator: "\n")
                    .first { $0.hasPrefix("weir_control_usage_\(kind)corrections_total ") }
                    .flatMap { $0.split(separator: " ").last.flatMap { Int($0) } } ?? -1
            }
        }
    }

    private func withScene(
        limits: UsageLimits = UsageLimits(), _ body: @escaping @Sendable (Scene) async throws -> Void
    ) throws {
        let database = try ControlPlaneDatabase.make("corrections")
        try onLoop(timeout: .seconds(60)) { actor in
            let services = database.services(on: actor.loop)
            defer { services.pool.close() }
            let registry = MetricsRegistry()
            try await body(
                Scene(
                    services: services, settings: database.settings, registry: registry,
                    ingest: UsageIngest(pool: services.pool, time: services.time, registry: registry, limits: limits)))
        }
    }

    // MARK: Once

    func testTheFirstCorrectionCountsWhoeverElseSawIt() throws {
        try withScene { scene in
            let money = LedgerAllowance(limit: 10_000)
            try await money.insert(scene.pool)
            let id = ObjectID.random()
            let stream = Books.newStream()
            let charge = ChargeLine(account: money.key, window: .whole, amount: 900, debt: 100)
            try await scene.apply([.settle(Books.batch(id, endUser: "ada", [charge]))], from: stream)
            var found = try await Books.figures(money, scene.pool)
            XCTAssertEqual(found, [1_000, 1_000, 1_000], "without a lease all of it is debt")
            try await scene.assertBalance()
            let before = try await scene.event(id)
            XCTAssertNil(try before.optionalUnixMilliseconds("corrected_at"))

            try await scene.apply([Books.correction(id), Books.correction(id, cost: 7)], times: 2)
            try await scene.apply([Books.correction(id, cost: 9)])
            let row = try await scene.event(id)
            let numbers: [(String, Int64)] = [
                ("input_tokens", 480), ("cached_input_tokens", 5), ("cache_write_5m_tokens", 6),
                ("cache_write_1h_tokens", 7), ("audio_input_tokens", 8), ("image_input_tokens", 9),
                ("output_tokens", 70), ("reasoning_tokens", 10), ("audio_output_tokens", 11),
                ("image_output_tokens", 12), ("service_tier", 1), ("cost_nanodollars", 400),
                ("reserved_nanodollars", 1_000),
            ]
            for (column, value) in numbers { XCTAssertEqual(try row.int64(column), value, column) }
            XCTAssertEqual(try row.bool("usage_reported"), true)
            XCTAssertNotNil(try row.optionalUnixMilliseconds("corrected_at"))
            XCTAssertEqual(try row.int64s("charge_values"), [0, 0, 400, 0])
            found = try await Books.figures(money, scene.pool)
            XCTAssertEqual(found, [400, 900, 400], "of the debt what the event had of it")
            try await scene.assertBalance()
            XCTAssertEqual(scene.counts, [1, 0, 0, 2], "a batch that is known says nothing")
            let sums = try await scene.pool.first("SELECT estimated_requests, requests FROM usage_rollups_hourly")
            XCTAssertEqual(try sums?.int64("estimated_requests"), 0)
            XCTAssertEqual(try sums?.int64("requests"), 1)
        }
    }

    func testACorrectionWaitsForItsEvent() throws {
        try withScene { scene in
            let money = LedgerAllowance(limit: 10_000)
            try await money.insert(scene.pool)
            let ids = (0..<3).map { _ in ObjectID.random() }
            func batch(_ id: ObjectID) -> JournalRecord {
                .settle(Books.batch(id, [ChargeLine(account: money.key, window: .whole, amount: 1_000)]))
            }
            // From another replica; in one batch with its event, before and after it.
            try await scene.apply([Books.correction(ids[0])], times: 2)
            try await scene.apply([Books.correction(ids[0], cost: 3)])
            XCTAssertEqual(scene.counts, [0, 2, 0, 0])
            try await scene.apply([batch(ids[0])])
            try await scene.apply([Books.correction(ids[1]), batch(ids[1]), batch(ids[2]), Books.correction(ids[2])])
            for id in ids {
                let row = try await scene.event(id)
                XCTAssertEqual(try row.int64("cost_nanodollars"), 400)
            }
            let found = try await Books.figures(money, scene.pool)
            XCTAssertEqual([found[0], found[2]], [1_200, 1_200])
            try await scene.assertBalance()
            XCTAssertEqual(scene.counts, [3, 2, 0, 0])
        }
    }

    func testAnEventThatComesTwiceIsCorrectedOnce() throws {
        try withScene { scene in
            let id = ObjectID.random()
            try await scene.apply([.settle(Books.batch(id)), Books.correction(id)])
            try await scene.apply([.settle(Books.batch(id)), Books.correction(id)])
            try await scene.assertBalance()
            XCTAssertEqual(scene.counts, [1, 0, 0, 1])
        }
    }

    func testWithoutBatchesNothingIsAsked() throws {
        try withScene { scene in
            var settle = Books.batch()
            settle.intent.endpoint = .chatCompletions
            try await scene.pool.execute("DROP TABLE usage_corrections")
            try await scene.apply([.intent(settle.intent), .settle(settle)])
        }
    }

    // MARK: What is charged

    func testEachKindOfAllowanceGetsItsOwn() throws {
        try withScene { scene in
            let month = LedgerAllowance(period: "month", limit: 10_000, isEach: true)
            let week = LedgerAllowance(period: "sliding", slidingSeconds: 604_800, limit: 10_000)
            let tokens = LedgerAllowance(kind: .tokens, period: "sliding", slidingSeconds: 60, limit: 100_000)
            let requests = LedgerAllowance(kind: .requests, period: "sliding", slidingSeconds: 60, limit: 10)
            for allowance in [month, week, tokens, requests] { try await allowance.insert(scene.pool) }
            let holder = LeaseHolder(Books.newStream())
            let ask = LedgerStore.PendingAsk(
                ask: month.ask(1, need: 1_000, window: nil, endUser: "ada"), holder: holder, waitMilliseconds: 0)
            let grants = try await LedgerStore.ask([ask], in: scene.pool)
            let id = ObjectID.random()
            let intent = ReservationLine(kind: .requests, account: requests.key, window: .whole, amount: 1)
            let settle = Books.batch(
                id, lines: [intent],
                [
                    ChargeLine(
                        account: ask.account,
                        window: AccountWindow(startUnixSeconds: grants[0].grant.windowStartUnixSeconds), amount: 1_000),
                    ChargeLine(account: week.key, window: .whole, amount: 1_000),
                    ChargeLine(account: tokens.key, window: .unleased, amount: 4_500),
                ])
            let stream = StreamID(nodeID: holder.nodeID, incarnation: holder.incarnation, thread: 0)
            try await scene.apply([.intent(settle.intent), .settle(settle)], from: stream)
            try await scene.apply([Books.correction(id)])
            var found = try await Books.figures(month, scene.pool)
            XCTAssertEqual(found, [400, 0, 400])
            found = try await Books.figures(week, scene.pool)
            XCTAssertEqual([found[0], found[2]], [400, 400], "a week is not over")
            found = try await Books.figures(tokens, scene.pool)
            XCTAssertEqual(found, [550, 0, 550])
            let unleased = try await scene.pool.first(
                "SELECT unleased FROM ledger_windows WHERE allowance_id = $1", [.uuid(tokens.id)])
            XCTAssertEqual(try unleased?.int64("unleased"), 550)
            found = try await Books.figures(requests, scene.pool)
            XCTAssertEqual([found[0], found[2]], [1, 1])
            try await scene.assertBalance()
        }
    }

    func testWhatWasMoreThanTheWorstCaseIsADebt() throws {
        try withScene { scene in
            let money = LedgerAllowance(limit: 10_000)
            try await money.insert(scene.pool)
            let stream = Books.newStream()
            let holder = LeaseHolder(stream)
            _ = try await LedgerStore.ask(
                [.init(ask: money.ask(1, need: 2_000), holder: holder, waitMilliseconds: 0)], in: scene.pool)
            let id = ObjectID.random()
            try await scene.apply(
                [
                    .settle(Books.batch(id, [ChargeLine(account: money.key, window: .whole, amount: 1_000)])),
                    Books.correction(id, cost: 1_300, input: 600, output: 5_000),
                ], from: stream)
            let found = try await LedgerStore.figures(of: [money.id], in: scene.pool)
            XCTAssertEqual(
                [found[0].figures.settled, found[0].figures.debt, found[0].figures.lent, found[0].charged],
                [1_300, 300, 1_000, 1_300])
            let row = try await scene.event(id)
            XCTAssertEqual(try row.int64s("charge_values"), [0, 0, 1_000, 300])
            XCTAssertEqual(try row.int64("output_tokens"), 5_000)
            try await scene.assertBalance()
        }
    }

    func testWindowsThatAreOverOrForgottenAndAllowancesThatAreDeleted() throws {
        try withScene { scene in
            let day = LedgerAllowance(period: "day", limit: 10_000)
            let old = LedgerAllowance(period: "day", limit: 10_000)
            let minute = LedgerAllowance(kind: .tokens, period: "sliding", slidingSeconds: 60, limit: 100_000)
            let gone = LedgerAllowance(limit: 10_000)
            for allowance in [day, old, minute, gone] { try await allowance.insert(scene.pool) }
            let yesterday = AccountWindow(
                startUnixSeconds: scene.services.time.unixMilliseconds / 86_400_000 * 86_400 - 86_400)
            let id = ObjectID.random()
            try await scene.apply([
                .settle(
                    Books.batch(
                        id, daysAgo: 1,
                        [
                            ChargeLine(account: day.key, window: yesterday, amount: 1_000),
                            ChargeLine(account: old.key, window: yesterday, amount: 1_000),
                            ChargeLine(account: minute.key, window: .whole, amount: 4_500),
                            ChargeLine(account: gone.key, window: .whole, amount: 1_000),
                        ]))
            ])
            try await scene.pool.execute("DELETE FROM allowances WHERE id = $1", [.uuid(gone.id)])
            try await scene.pool.execute(
                """
                WITH w AS (DELETE FROM ledger_windows WHERE allowance_id = $1 AND window_start <> 0 RETURNING *)
                INSERT INTO ledger_forgotten SELECT allowance_id, charged FROM w WHERE charged > 0
                """, [.uuid(old.id)])
            // As if it had been booked an hour ago.
            try await scene.pool.execute("UPDATE usage_corrections SET booked_ms = booked_ms - 3600000")
            try await scene.apply([Books.correction(id)])
            let rows = try await scene.pool.query(
                "SELECT allowance_id, window_start, settled, charged FROM ledger_windows WHERE charged > 0 OR settled > 0"
            )
            let books = try Dictionary(
                uniqueKeysWithValues: rows.map { (try $0.uuid("allowance_id"), $0) })
            XCTAssertEqual(books.count, 2)
            XCTAssertEqual(try books[day.id]?.int64("window_start"), yesterday.startUnixSeconds)
            XCTAssertEqual(try books[day.id]?.int64("settled"), 400)
            XCTAssertEqual(try books[minute.id]?.int64("settled"), 4_500, "it has slid out by itself")
            XCTAssertEqual(try books[minute.id]?.int64("charged"), 550)
            let forgotten = try await scene.pool.first("SELECT charged FROM ledger_forgotten")
            XCTAssertEqual(try forgotten?.int64("charged"), 400)
            let row = try await scene.event(id)
            XCTAssertEqual(
                try row.int64s("charge_values").enumerated().filter { $0.offset % 4 == 2 }.map(\.element),
                [400, 400, 550, 1_000])
            try await scene.assertBalance()
        }
    }

    func testWhatIsFreedServesWhoWaits() throws {
        try withScene { scene in
            let money = LedgerAllowance(limit: 1_000)
            try await money.insert(scene.pool)
            let (stream, asker) = (Books.newStream(), LeaseHolder(Books.newStream()))
            _ = try await LedgerStore.ask(
                [.init(ask: money.ask(1, need: 900), holder: LeaseHolder(stream), waitMilliseconds: 0)], in: scene.pool)
            let id = ObjectID.random()
            try await scene.apply(
                [.settle(Books.batch(id, [ChargeLine(account: money.key, window: .whole, amount: 600)]))],
                from: stream)
            func ask() async throws -> LeaseAnswer.Verdict {
                let pending = LedgerStore.PendingAsk(
                    ask: money.ask(1, need: 300), holder: asker, waitMilliseconds: 30_000)
                return try await LedgerStore.ask([pending], in: scene.pool)[0].grant.verdict
            }
            var verdict = try await ask()
            XCTAssertEqual(verdict, .blocked, "400 are not settled, and 300 of them are lent")
            let (listens, heard) = (LevelSignal(on: scene.services.loop), LevelSignal(on: scene.services.loop))
            let listener = PostgresListener(
                on: scene.services.loop, settings: scene.settings, channels: [LedgerStore.freedChannel],
                onConnected: { listens.raise() },
                onNotification: { _, payload in if LedgerStore.account(payload) == money.key { heard.raise() } })
            scene.services.loop.launch { await listener.run() }
            defer { listener.stop() }
            _ = await listens.wait(beyond: 0, timeout: .seconds(10))
            try await scene.apply([Books.correction(id, cost: 100)])
            let level = await heard.wait(beyond: 0, timeout: .seconds(10))
            XCTAssertGreaterThan(level, 0, "every control plane hears of it")
            verdict = try await ask()
            XCTAssertEqual(verdict, .granted)
        }
    }

    // MARK: The sums

    func testEndUsersAndTagsBeyondTheirBoundsAreCorrectedWhereTheyWereCounted() throws {
        try withScene(limits: UsageLimits(endUsersPerHourMax: 2)) { scene in
            let ids = (0..<5).map { _ in ObjectID.random() }
            let users = ["ada", "grace", "edsger", "", "a\u{0}da"]
            try await scene.apply(zip(ids, users).map { .settle(Books.batch($0, endUser: $1)) })
            try await scene.assertBalance()
            try await scene.apply(ids.enumerated().map { Books.correction($1, cost: Int64(100 + $0)) })
            try await scene.assertBalance()
            let other = try await scene.pool.first(
                "SELECT cost_nanodollars FROM usage_rollups_hourly_end_user WHERE is_other")
            XCTAssertEqual(try other?.int64("cost_nanodollars"), 102)
        }
    }

    func testSumsStayWithinTheirBounds() throws {
        try withScene { scene in
            let id = ObjectID.random()
            try await scene.apply([.settle(Books.batch(id, cost: .max))])
            // Somebody has mended the sums by hand meanwhile.
            for table in ["usage_rollups_hourly", "usage_rollups_hourly_end_user"] {
                try await scene.pool.execute(
                    "UPDATE \(table) SET cost_nanodollars = 5, output_tokens = $1", [.int64(.max)])
            }
            try await scene.apply([Books.correction(id, cost: 400, output: .max)])
            for table in ["usage_rollups_hourly", "usage_rollups_hourly_end_user"] {
                let row = try await scene.pool.first("SELECT cost_nanodollars, output_tokens FROM \(table)")
                XCTAssertEqual(try row?.int64("cost_nanodollars"), 0)
                XCTAssertEqual(try row?.int64("output_tokens"), .max)
            }
        }
    }

    // MARK: Retention

    func testACorrectionIsForgottenWithItsEvent() throws {
        let limits = UsageLimits(retentionDays: 2)
        try withScene(limits: limits) { scene in
            func keep(in days: Int64) async throws {
                let keeper = UsageKeeper(
                    pool: scene.pool,
                    time: ManualTime(unixMilliseconds: scene.services.time.unixMilliseconds + days * 86_400_000),
                    limits: limits, registry: MetricsRegistry(), log: Logger("test", to: LogOutput(descriptor: -1)))
                try await keeper.keep()
            }
            func rows() async throws -> Int? {
                try await scene.pool.first("SELECT count(*) AS n FROM usage_corrections")?.int("n")
            }
            let ids = (0..<3).map { _ in ObjectID.random() }
            try await scene.apply(ids.map { .settle(Books.batch($0)) } + [Books.correction(ids[0])])
            try await scene.apply([Books.correction(.random())])
            try await keep(in: 1)
            var count = try await rows()
            XCTAssertEqual(count, 4)

            // Its partition is gone, its own row not yet.
            let today = UsagePartitions.day(of: scene.services.time.unixMilliseconds)
            _ = try await UsagePartitionStore.drop(day: today, scene.pool)
            try await scene.apply([Books.correction(ids[1])])
            XCTAssertEqual(scene.counts, [1, 1, 1, 0])
            try await keep(in: 3)
            count = try await rows()
            XCTAssertEqual(count, 1, "the one that waits for its event")
            try await scene.apply([Books.correction(ids[2])])
            XCTAssertEqual(scene.counts, [1, 2, 1, 0], "it may as well not have come yet")
            let cost = try await scene.pool.first("SELECT cost_nanodollars FROM usage_rollups_hourly")
            XCTAssertEqual(try cost?.int64("cost_nanodollars"), 2_400, "sums that nobody corrects stay")
            try await keep(in: 37)
            count = try await rows()
            XCTAssertEqual(count, 0)
        }
    }

    func testAnEventThatComesAfterItsRetentionIsNotCorrected() throws {
        try withScene(limits: UsageLimits(retentionDays: 2)) { scene in
            let id = ObjectID.random()
            try await scene.apply([Books.correction(id), .settle(Books.batch(id, daysAgo: 5))])
            XCTAssertEqual(scene.counts, [0, 1, 0, 0])
            let cost = try await scene.pool.first("SELECT cost_nanodollars FROM usage_rollups_hourly")
            XCTAssertEqual(try cost?.int64("cost_nanodollars"), 1_000)
        }
    }

    // MARK: At once

    func testTwoControlPlanesThatHaveEventsAndCorrectionsAtOnceLoseNone() throws {
        try withScene { scene in
            let allowances = (0..<4).map { _ in LedgerAllowance(limit: 1_000_000_000) }
            for allowance in allowances { try await allowance.insert(scene.pool) }
            let requests = (0..<60).map { _ in ObjectID.random() }
            let other = UsageIngest(pool: scene.pool, time: scene.services.time, registry: MetricsRegistry())
            let done = LevelSignal(on: scene.services.loop)
            // Two streams have the events, in two halves; four have all corrections, each in an order of its own.
            for part in 0..<6 {
                scene.services.loop.launch {
                    let stream = Books.newStream()
                    var records: [JournalRecord] = []
                    if part < 2 {
                        records = requests.enumerated().filter { $0.offset % 2 == part }.map { index, id in
                            .settle(
                                Books.batch(
                                    id, daysAgo: Int64(index % 3), endUser: "u\(index % 5)",
                                    allowances.shuffled().map {
                                        ChargeLine(account: $0.key, window: .whole, amount: 1_000)
                                    }))
                        }
                    } else {
                        records = requests.shuffled().map { Books.correction($0) }
                    }
                    do {
                        for first in stride(from: 0, to: records.count, by: 5) {
                            let some = Array(records[first..<min(first + 5, records.count)])
                            _ = try await (part % 2 == 0 ? scene.ingest : other).apply(
                                UsageBatch(stream: stream, firstSequence: UInt64(first + 1), records: some))
                        }
                    } catch { XCTFail("\(error)") }
                    done.raise(to: done.level + 1)
                }
            }
            let ended = await done.wait(beyond: 5, timeout: .seconds(50))
            XCTAssertEqual(ended, 6)
            try await scene.assertBalance()
            let row = try await scene.pool.first(
                """
                SELECT count(*) AS n, sum(cost_nanodollars)::bigint AS cost,
                    (SELECT count(*) FROM usage_corrections WHERE applied_at IS NOT NULL) AS applied
                FROM usage_events WHERE usage_reported
                """)
            XCTAssertEqual(try row?.int64("n"), 60)
            XCTAssertEqual(try row?.int64("applied"), 60)
            XCTAssertEqual(try row?.int64("cost"), 60 * 400)
            for allowance in allowances {
                let found = try await Books.figures(allowance, scene.pool)
                XCTAssertEqual([found[0], found[2]], [60 * 400, 60 * 400])
            }
        }
    }
}

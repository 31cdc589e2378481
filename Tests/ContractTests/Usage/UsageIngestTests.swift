@testable import ControlPlane
import Shared
import TestSupport
import XCTest

final class UsageIngestTests: XCTestCase {
    private func withIngest(
        _ body: @escaping @Sendable (ControlPlaneServices, UsageIngest) async throws -> Void
    ) throws {
        let database = try ControlPlaneDatabase.make("usage")
        try onLoop { actor in
            let services = database.services(on: actor.loop)
            defer { services.pool.close() }
            try await body(
                services, UsageIngest(pool: services.pool, time: services.time, registry: MetricsRegistry()))
        }
    }

    private struct Sums: Equatable {
        var requests: Int64
        var input: Int64
        var output: Int64
        var cost: Int64
    }

    private static func sums(_ pool: PostgresPool, _ table: String) async throws -> Sums {
        let requests = table == "usage_events" ? "count(*)" : "coalesce(sum(requests), 0)::bigint"
        let row = try await pool.first(
            """
            SELECT \(requests) AS requests, coalesce(sum(input_tokens), 0)::bigint AS input,
                coalesce(sum(output_tokens), 0)::bigint AS output, coalesce(sum(cost_nanodollars), 0)::bigint AS cost
            FROM \(table)
            """)
        let unwrapped = try XCTUnwrap(row)
        return Sums(
            requests: try unwrapped.int64("requests"), input: try unwrapped.int64("input"),
            output: try unwrapped.int64("output"), cost: try unwrapped.int64("cost"))
    }

    private static let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: 0)

    /// Records `first`...: an intent and a settle in turn, so that settles have the even sequences.
    private static func batch(
        _ sequences: ClosedRange<UInt64>, of stream: StreamID = stream, requests: [ObjectID]
    ) -> UsageBatch {
        UsageBatch(
            stream: stream, firstSequence: sequences.lowerBound,
            records: sequences.map { sequence in
                let index = Int((sequence - 1) / 2)
                let intent = UsageSamples.intent(requests[index])
                return sequence % 2 == 1 ? .intent(intent) : .settle(UsageSamples.settle(intent, index: index))
            })
    }

    func testTheSameBatchTwiceAndOverlappingBatchesCountOnce() throws {
        let requests = (0..<6).map { _ in ObjectID.random() }
        try withIngest { services, ingest in
            let first = Self.batch(1...6, requests: requests)
            var acknowledged = try await ingest.apply(first)
            XCTAssertEqual(acknowledged, 6)
            acknowledged = try await ingest.apply(first)
            XCTAssertEqual(acknowledged, 6)
            acknowledged = try await ingest.apply(Self.batch(4...10, requests: requests))
            XCTAssertEqual(acknowledged, 10)
            acknowledged = try await ingest.apply(Self.batch(2...3, requests: requests))
            XCTAssertEqual(acknowledged, 10, "an old batch answers what is known")

            let events = try await Self.sums(services.pool, "usage_events")
            let rollups = try await Self.sums(services.pool, "usage_rollups_hourly")
            XCTAssertEqual(events, Sums(requests: 5, input: 510, output: 55, cost: 15_010))
            XCTAssertEqual(rollups, events)
        }
    }

    func testACopiedIntentIsNoEventAndAClosedIncarnationHasNoOpenStreams() throws {
        let request = ObjectID.random()
        try withIngest { services, ingest in
            let intent = UsageSamples.intent(request)
            _ = try await ingest.apply(
                UsageBatch(
                    stream: Self.stream, firstSequence: 1,
                    records: [
                        .intent(intent), .repeated(intent), .lost, .settle(UsageSamples.settle(intent, index: 0)),
                    ]))
            let events = try await Self.sums(services.pool, "usage_events")
            XCTAssertEqual(events.requests, 1)
            let control = StreamID(
                nodeID: Self.stream.nodeID, incarnation: .random(), thread: StreamID.controlThread)
            for _ in 0..<2 {
                _ = try await ingest.apply(
                    UsageBatch(
                        stream: control, firstSequence: 1, records: [.incarnationClosed(Self.stream.incarnation)]))
            }
            let row = try await services.pool.first("SELECT count(*) AS open FROM usage_streams WHERE NOT ended")
            XCTAssertEqual(try row?.int64("open"), 1, "the one that said so goes on")
        }
    }

    func testAGapIsRefusedWithTheSequenceThatIsMissing() throws {
        let requests = (0..<6).map { _ in ObjectID.random() }
        try withIngest { services, ingest in
            await assertThrows(UsageIngest.Failure.gap(expected: 1)) {
                try await ingest.apply(Self.batch(2...4, requests: requests))
            }
            _ = try await ingest.apply(Self.batch(1...2, requests: requests))
            await assertThrows(UsageIngest.Failure.gap(expected: 3)) {
                try await ingest.apply(Self.batch(5...8, requests: requests))
            }
            let events = try await Self.sums(services.pool, "usage_events")
            XCTAssertEqual(events.requests, 1)
        }
    }

    func testARequestThatComesFromTwoStreamsCountsOnce() throws {
        let requests = (0..<3).map { _ in ObjectID.random() }
        try withIngest { services, ingest in
            let other = StreamID(nodeID: Self.stream.nodeID, incarnation: .random(), thread: 1)
            _ = try await ingest.apply(Self.batch(1...4, requests: requests))
            let acknowledged = try await ingest.apply(Self.batch(1...6, of: other, requests: requests))
            XCTAssertEqual(acknowledged, 6)
            let events = try await Self.sums(services.pool, "usage_events")
            let rollups = try await Self.sums(services.pool, "usage_rollups_hourly")
            XCTAssertEqual(events.requests, 3)
            XCTAssertEqual(rollups, events)
        }
    }

    func testManyStreamsAtOnceOverTheSameSumsNeitherBlockNorLose() throws {
        try withIngest { services, ingest in
            let done = LevelSignal(on: services.loop)
            let streams = 8
            for thread in 0..<streams {
                services.loop.launch {
                    let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: UInt32(thread))
                    let requests = (0..<200).map { _ in ObjectID.random() }
                    do {
                        for start in stride(from: UInt64(1), to: 400, by: 40) {
                            _ = try await ingest.apply(Self.batch(start...(start + 39), of: stream, requests: requests))
                        }
                    } catch { XCTFail("\(error)") }
                    done.raise(to: done.level + 1)
                }
            }
            _ = await done.wait(beyond: UInt64(streams - 1), timeout: .seconds(25))
            let events = try await Self.sums(services.pool, "usage_events")
            let rollups = try await Self.sums(services.pool, "usage_rollups_hourly")
            XCTAssertEqual(events.requests, Int64(streams * 200))
            XCTAssertEqual(rollups, events)
        }
    }

    func testEveryFieldOfASettleStandsInItsRow() throws {
        try withIngest { services, ingest in
            var intent = UsageSamples.intent(.random())
            intent.endUser = "us\u{0}er"
            intent.isStream = true
            let settle = SettleRecord(
                intent: intent, outcome: .cut, status: 502, attempts: 3,
                usage: TokenUsage(
                    input: .max, cachedInput: 1, cacheWrite5m: 2, cacheWrite1h: 3, audioInput: 4,
                    imageInput: 11, output: 5, reasoning: 6, audioOutput: 7, imageOutput: 12, serviceTier: .fast),
                usageReported: false, cost: Money(nanodollars: 8), durationMicroseconds: .max,
                firstTokenMicroseconds: 9,
                overheadMicroseconds: 10, relayedBytes: .max)
            let batch = UsageBatch(stream: Self.stream, firstSequence: 1, records: [.settle(settle), .streamEnd])
            _ = try await ingest.apply(try UsageBatch.decode(batch.encode()))
            let found = try await services.pool.first("SELECT * FROM usage_events")
            let row = try XCTUnwrap(found)
            XCTAssertEqual(try row.uuid("request_id"), intent.requestID)
            XCTAssertEqual(try row.unixMilliseconds("started_at"), intent.startedUnixMilliseconds)
            XCTAssertEqual(
                try row.text("day"), String(RFC3339.text(unixMilliseconds: intent.startedUnixMilliseconds).prefix(10)))
            XCTAssertEqual(try row.uuid("organization_id"), intent.organizationID)
            XCTAssertEqual(try row.uuid("team_id"), intent.teamID)
            XCTAssertEqual(try row.text("virtual_key_id"), intent.virtualKeyID.description)
            XCTAssertEqual(try row.uuid("route_id"), intent.routeID)
            XCTAssertEqual(try row.uuid("provider_id"), intent.providerID)
            XCTAssertEqual(try row.uuid("model_id"), intent.modelID)
            XCTAssertEqual(try row.uuid("price_id"), intent.priceID)
            XCTAssertEqual(
                try row.text("end_user"), "user", "PostgreSQL knows no NUL, and an event is not refused for one")
            XCTAssertEqual(try row.bool("is_stream"), true)
            XCTAssertEqual(try row.bool("usage_reported"), false)
            let numbers: [(String, Int64)] = [
                ("endpoint", 1), ("outcome", 3), ("status", 502), ("attempts", 3), ("input_tokens", 4_294_967_295),
                ("cached_input_tokens", 1), ("cache_write_5m_tokens", 2), ("cache_write_1h_tokens", 3),
                ("audio_input_tokens", 4), ("output_tokens", 5), ("reasoning_tokens", 6), ("audio_output_tokens", 7),
                ("cost_nanodollars", 8), ("reserved_nanodollars", intent.reserved.nanodollars),
                ("duration_microseconds", 4_294_967_295), ("first_token_microseconds", 9),
                ("overhead_microseconds", 10),
                ("relayed_bytes", .max), ("service_tier", 5), ("image_input_tokens", 11), ("image_output_tokens", 12),
            ]
            for (column, value) in numbers { XCTAssertEqual(try row.int64(column), value, column) }
            let stream = try await services.pool.first("SELECT acknowledged_sequence, ended FROM usage_streams")
            XCTAssertEqual(try stream?.int64("acknowledged_sequence"), 2)
            XCTAssertEqual(try stream?.bool("ended"), true)
            let rollup = try await services.pool.first("SELECT estimated_requests FROM usage_rollups_hourly")
            XCTAssertEqual(try rollup?.int64("estimated_requests"), 1)
        }
    }

    func testABrokenClockMakesNoPartitionOfItsOwn() throws {
        try withIngest { services, ingest in
            var records: [JournalRecord] = []
            for started in [Int64.min, 0, services.time.unixMilliseconds, 4_000_000_000_000, .max] {
                var intent = UsageSamples.intent(.random())
                intent.startedUnixMilliseconds = started
                records.append(.settle(UsageSamples.settle(intent, index: 0)))
            }
            _ = try await ingest.apply(UsageBatch(stream: Self.stream, firstSequence: 1, records: records))
            let events = try await Self.sums(services.pool, "usage_events")
            XCTAssertEqual(events.requests, 5)
            let partitions = try await services.pool.first(
                "SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'usage_events'::regclass")
            XCTAssertLessThanOrEqual(try XCTUnwrap(partitions).int("n"), 3)
        }
    }

    func testOldPartitionsAreDroppedAndTheSumsStay() throws {
        try withIngest { services, ingest in
            var records: [JournalRecord] = []
            for days in 0..<4 {
                var intent = UsageSamples.intent(.random())
                intent.startedUnixMilliseconds -= Int64(days) * 86_400_000
                records.append(.settle(UsageSamples.settle(intent, index: days)))
            }
            _ = try await ingest.apply(UsageBatch(stream: Self.stream, firstSequence: 1, records: records))
            try await UsageKeeper(
                pool: services.pool, time: services.time, limits: UsageLimits(retentionDays: 1),
                registry: MetricsRegistry(), log: Logger("test", to: LogOutput(descriptor: -1))
            ).keep()
            let events = try await Self.sums(services.pool, "usage_events")
            let rollups = try await Self.sums(services.pool, "usage_rollups_hourly")
            XCTAssertEqual(events.requests, 2)
            XCTAssertEqual(rollups.requests, 4)
        }
    }

    func testAnEventOlderThanTheRetentionIsInTheSumsOnly() throws {
        try withIngest { services, _ in
            let registry = MetricsRegistry()
            let ingest = UsageIngest(
                pool: services.pool, time: services.time, registry: registry, limits: UsageLimits(retentionDays: 7))
            var records: [JournalRecord] = []
            for days in [0, 10] {
                var intent = UsageSamples.intent(.random())
                intent.startedUnixMilliseconds -= Int64(days) * 86_400_000
                records.append(.settle(UsageSamples.settle(intent, index: days)))
            }
            let batch = UsageBatch(stream: Self.stream, firstSequence: 1, records: records)
            for _ in 1...2 { _ = try await ingest.apply(batch) }
            let events = try await Self.sums(services.pool, "usage_events")
            let rollups = try await Self.sums(services.pool, "usage_rollups_hourly")
            XCTAssertEqual(events.requests, 1)
            XCTAssertEqual(rollups.requests, 2)
            let partitions = try await UsagePartitionStore.list(services.pool)
            XCTAssertEqual(partitions.count, 1)
        }
    }

    func testAPartitionThatWasDroppedMeanwhileIsMadeAgain() throws {
        let requests = (0..<2).map { _ in ObjectID.random() }
        try withIngest { services, ingest in
            _ = try await ingest.apply(Self.batch(1...2, requests: requests))
            let today = UsagePartitions.day(of: services.time.unixMilliseconds)
            let dropped = try await UsagePartitionStore.drop(day: today, services.pool)
            XCTAssertTrue(dropped)
            _ = try await ingest.apply(Self.batch(3...4, requests: requests))
            let events = try await Self.sums(services.pool, "usage_events")
            let rollups = try await Self.sums(services.pool, "usage_rollups_hourly")
            XCTAssertEqual([events.requests, rollups.requests], [1, 2])
        }
    }

    func testABatchAcrossMidnightLiesInTwoPartitions() throws {
        try withIngest { services, ingest in
            let midnight = services.time.unixMilliseconds / 86_400_000 * 86_400_000
            var records: [JournalRecord] = []
            for offset in [Int64(-2), -1, 0, 1] {
                var intent = UsageSamples.intent(.random())
                intent.startedUnixMilliseconds = midnight + offset
                records.append(.settle(UsageSamples.settle(intent, index: 0)))
            }
            _ = try await ingest.apply(UsageBatch(stream: Self.stream, firstSequence: 1, records: records))
            let days = try await services.pool.query(
                "SELECT tableoid::regclass::text AS part, count(*) AS n FROM usage_events GROUP BY 1 ORDER BY 1")
            XCTAssertEqual(try days.map { try $0.int64("n") }, [2, 2])
            let hours = try await services.pool.query(
                "SELECT sum(requests)::bigint AS n FROM usage_rollups_hourly GROUP BY hour ORDER BY hour")
            XCTAssertEqual(try hours.map { try $0.int64("n") }, [2, 2])
        }
    }

    func testEndUsersBeyondTheBoundAreCountedWithoutTheirNames() throws {
        try withIngest { services, _ in
            let limits = UsageLimits(endUsersPerHourMax: 2)
            func records(_ users: [String]) -> [JournalRecord] {
                users.map { user in
                    var intent = UsageSamples.intent(.random())
                    intent.endUser = user
                    return .settle(UsageSamples.settle(intent, index: 0))
                }
            }
            var first: UInt64 = 1
            for users in [["a", "b", "c", ""], ["d", "a", "", "c"]] {
                // Each time a control plane that just started.
                let ingest = UsageIngest(
                    pool: services.pool, time: services.time, registry: MetricsRegistry(), limits: limits)
                _ = try await ingest.apply(
                    UsageBatch(stream: Self.stream, firstSequence: first, records: records(users)))
                first += UInt64(users.count)
            }
            let rows = try await services.pool.query(
                """
                SELECT is_other, end_user, sum(requests)::bigint AS n FROM usage_rollups_hourly_end_user
                GROUP BY 1, 2 ORDER BY 1, 2
                """)
            XCTAssertEqual(try rows.map { try $0.text("end_user") }, ["", "a", "b", ""])
            XCTAssertEqual(try rows.map { try $0.int64("n") }, [2, 2, 1, 3])
            XCTAssertEqual(try rows.last?.bool("is_other"), true)
        }
    }

    func testTagSetsBeyondTheBoundAreCountedWithoutTheirTags() throws {
        try withIngest { services, _ in
            let configurator = Configurator(pool: services.pool)
            try await configurator.addTenancy()
            let keys = ["aaaaaaaaaaa1", "aaaaaaaaaaa2", "aaaaaaaaaaa3"]
            for (index, key) in keys.enumerated() {
                try await configurator.addKey(key, shard: UInt8(index))
                try await services.pool.execute(
                    "UPDATE virtual_keys SET tags = jsonb_build_object('env', $1::text) WHERE key_id = $1",
                    [.text(key)])
            }
            let ingest = UsageIngest(
                pool: services.pool, time: services.time, registry: MetricsRegistry(),
                limits: UsageLimits(tagSetsMax: 2))
            let records = keys.map { key -> JournalRecord in
                var intent = UsageSamples.intent(.random())
                intent.virtualKeyID = VirtualKeyID(key)!
                return .settle(UsageSamples.settle(intent, index: 0))
            }
            _ = try await ingest.apply(UsageBatch(stream: Self.stream, firstSequence: 1, records: records))
            let rows = try await services.pool.query(
                "SELECT sum(requests)::bigint AS n FROM usage_rollups_hourly GROUP BY tag_set < 0 ORDER BY tag_set < 0")
            XCTAssertEqual(try rows.map { try $0.int64("n") }, [2, 1])
        }
    }

    func testTheChargesOfAnEventStandInItAndInTheSumsOfItsDay() throws {
        try withIngest { services, ingest in
            let money = AccountKey(allowanceID: .random(), subject: .max)
            let requests = AccountKey(allowanceID: .random())
            var intent = UsageSamples.intent(.random())
            intent.lines = [
                ReservationLine(
                    kind: .money, account: money, window: AccountWindow(startUnixSeconds: 86_400), amount: 99),
                ReservationLine(kind: .requests, account: requests, window: .whole, amount: 1),
            ]
            var settle = UsageSamples.settle(intent, index: 0)
            settle.charges = [
                ChargeLine(account: money, window: AccountWindow(startUnixSeconds: 86_400), amount: 40, debt: 2)
            ]
            _ = try await ingest.apply(
                UsageBatch(stream: Self.stream, firstSequence: 1, records: [.intent(intent), .settle(settle)]))
            let event = try await services.pool.first("SELECT charge_allowances, charge_values FROM usage_events")
            XCTAssertEqual(try event?.uuids("charge_allowances"), [requests.allowanceID, money.allowanceID])
            XCTAssertEqual(try event?.int64s("charge_values"), [0, 0, 1, 0, -1, 86_400, 40, 2])
            let sums = try await services.pool.first(
                "SELECT window_start, charges, amount, debt FROM usage_charges_daily WHERE allowance_id = $1",
                [.uuid(money.allowanceID)])
            XCTAssertEqual(try sums?.int64("window_start"), 86_400)
            XCTAssertEqual(try sums?.int64("amount"), 40)
            XCTAssertEqual(try sums?.int64("debt"), 2)
        }
    }

    func testTwoControlPlanesThatIngestAtOnceNeitherBlockNorLose() throws {
        try withIngest { services, one in
            let other = UsageIngest(pool: services.pool, time: services.time, registry: MetricsRegistry())
            let done = LevelSignal(on: services.loop)
            // The same streams through both: whoever is second finds the batch applied.
            for (index, ingest) in [one, other, one, other].enumerated() {
                services.loop.launch {
                    do {
                        for start in stride(from: UInt64(1), to: 200, by: 40) {
                            let thread = UInt32(index / 2)
                            let stream = StreamID(
                                nodeID: Self.stream.nodeID, incarnation: Self.stream.incarnation, thread: thread)
                            _ = try await ingest.apply(
                                Self.batch(start...(start + 39), of: stream, requests: Self.sharedRequests[Int(thread)])
                            )
                        }
                    } catch { XCTFail("\(error)") }
                    done.raise(to: done.level + 1)
                }
            }
            _ = await done.wait(beyond: 3, timeout: .seconds(25))
            let events = try await Self.sums(services.pool, "usage_events")
            let rollups = try await Self.sums(services.pool, "usage_rollups_hourly")
            let wide = try await Self.sums(services.pool, "usage_rollups_hourly_end_user")
            XCTAssertEqual(events.requests, 200)
            XCTAssertEqual(rollups, events)
            XCTAssertEqual(wide, events)
        }
    }

    private static let sharedRequests = (0..<2).map { _ in (0..<100).map { _ in ObjectID.random() } }
}

enum UsageSamples {
    static let organization = ObjectID.random()
    static let team = ObjectID.random()
    static let route = ObjectID.random()
    static let provider = ObjectID.random()
    static let model = ObjectID.random()

    static func intent(_ request: ObjectID) -> IntentRecord {
        IntentRecord(
            requestID: request, startedUnixMilliseconds: WallTime.unixMilliseconds(), organizationID: organization,
            teamID: team, virtualKeyID: VirtualKeyID("abcdefghijkl")!, routeID: route, providerID: provider,
            modelID: model, priceID: .zero, reserved: Money(nanodollars: 99), endpoint: .chatCompletions,
            isStream: false,
            endUser: "")
    }

    /// Different numbers for each index, and two outcomes, so that a sum that is off shows.
    static func settle(_ intent: IntentRecord, index: Int) -> SettleRecord {
        SettleRecord(
            intent: intent, outcome: index % 2 == 0 ? .completed : .cancelled, status: 200, attempts: 1,
            usage: TokenUsage(input: UInt32(100 + index), output: UInt32(9 + index)), usageReported: true,
            cost: Money(nanodollars: Int64(3_000 + index)), durationMicroseconds: 1_000, firstTokenMicroseconds: 100,
            overheadMicroseconds: 20, relayedBytes: 500)
    }
}

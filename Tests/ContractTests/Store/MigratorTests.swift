@testable import ControlPlane
import Shared
import TestSupport
import XCTest

final class MigratorTests: XCTestCase {
    private func withPools(
        _ count: Int, _ body: @escaping @Sendable ([PostgresPool]) async throws -> Void
    ) throws {
        let settings = PostgresSettings(connectionString: try TemporaryPostgres.shared.get().createDatabase("migrate"))
        try onLoop { actor in
            let pools = (0..<count).map { _ in PostgresPool(on: actor.loop, options: .init(settings: settings)) }
            defer { for pool in pools { pool.close() } }
            try await body(pools)
        }
    }

    func testTheSecondRunFindsNothingToDo() throws {
        try withPools(1) { pools in
            let migrator = Migrator(pool: pools[0])
            let before = try await migrator.missing()
            XCTAssertEqual(before, Migration.all.map(\.number))
            let first = try await migrator.migrate()
            let second = try await migrator.migrate()
            let after = try await migrator.missing()
            XCTAssertEqual(first, Migration.all.map(\.number))
            XCTAssertEqual(second, [])
            XCTAssertEqual(after, [])
        }
    }

    func testManyAtOnceApplyEachMigrationOnce() throws {
        try withPools(6) { pools in
            let done = LevelSignal(on: pools[0].loop)
            let applied = Box<[Int]>([])
            for pool in pools {
                pool.loop.launch {
                    do { applied.value += try await Migrator(pool: pool).migrate() } catch { XCTFail("\(error)") }
                    done.raise(to: done.level + 1)
                }
            }
            _ = await done.wait(beyond: UInt64(pools.count - 1), timeout: .seconds(20))
            XCTAssertEqual(applied.value.sorted(), Migration.all.map(\.number))
        }
    }

    func testAChangedMigrationAndANewerSchemaAreRefused() throws {
        try withPools(1) { pools in
            let one = Migration(number: 1, name: "one", text: "CREATE TABLE one (n bigint)")
            let two = Migration(number: 2, name: "two", text: "CREATE TABLE two (n bigint); SELECT 1")
            let first = try await Migrator(pool: pools[0], migrations: [one]).migrate()
            XCTAssertEqual(first, [1])
            let second = try await Migrator(pool: pools[0], migrations: [one, two]).migrate()
            XCTAssertEqual(second, [2])
            await assertThrows(MigrationError.newerSchema(database: 2, binary: 1)) {
                try await Migrator(pool: pools[0], migrations: [one]).migrate()
            }
            let changed = Migration(number: 1, name: "one", text: "CREATE TABLE one (n integer)")
            await assertThrows(MigrationError.changed(number: 1)) {
                try await Migrator(pool: pools[0], migrations: [changed, two]).missing()
            }
        }
    }

    func testRoutingRulesComeWithWhatHeldBeforeAndWithTheirBounds() throws {
        try withPools(1) { pools in
            let pool = pools[0]
            let id = "'00000000-0000-0000-0000-000000000001'"
            _ = try await Migrator(pool: pool, migrations: Migration.all.filter { $0.number < 8 }).migrate()
            for statement in [
                "INSERT INTO providers (id, name, dialect, base_url) VALUES (\(id), 'p', 'openai', 'http://127.0.0.1:9')",
                "INSERT INTO models (id, name, kind) VALUES (\(id), 'm', 'chat')",
                "INSERT INTO routes (id, name, strategy) VALUES (\(id), 'r', 'weighted')",
                "INSERT INTO route_targets (route_id, position, provider_id, model_id) VALUES (\(id), 0, \(id), \(id))",
            ] { try await pool.execute(statement) }
            let applied = try await Migrator(pool: pool).migrate()
            XCTAssertEqual(applied, Migration.all.map(\.number).filter { $0 >= 8 })

            let policy = try await PolicyStore.policy(pool)
            XCTAssertNil(policy.providers[0].breaker)
            XCTAssertNil(policy.providers[0].retryBudgetPercent)
            XCTAssertNil(policy.routes[0].retriesMax)
            XCTAssertNil(policy.routes[0].targets[0].on)

            for refused in [
                "UPDATE providers SET breaker_open_seconds = 1",
                """
                UPDATE providers SET breaker_consecutive_failures = 5, breaker_failure_percent = 50, breaker_samples_min = 20,
                    breaker_window_seconds = 10, breaker_open_seconds = 11, breaker_open_seconds_max = 10
                """,
                "UPDATE providers SET retry_budget_percent = 101",
                "UPDATE routes SET strategy = 'sticky'", "UPDATE routes SET sticky_by = 'end_user'",
                "UPDATE routes SET strategy = 'sticky', sticky_by = 'header'",
                "UPDATE routes SET strategy = 'sticky', sticky_by = 'end_user', sticky_header = 'x'",
                "UPDATE routes SET strategy = 'sticky', sticky_by = 'header', sticky_header = 'X'",
                "UPDATE routes SET strategy = 'sticky', sticky_by = 'address'",
                "UPDATE routes SET retries_max = 6", "UPDATE routes SET total_timeout_milliseconds = 0",
                "UPDATE routes SET hedge_percent_max = 5", "UPDATE routes SET hedge_after_milliseconds = 800",
                "UPDATE routes SET hedge_percent_max = 51, hedge_plain_answers = false",
                "UPDATE route_targets SET fallback_on = '{}'", "UPDATE route_targets SET fallback_on = '{slow}'",
                "UPDATE route_targets SET fallback_on = '{NULL}'",
            ] {
                do {
                    try await pool.execute(refused)
                    XCTFail("taken: \(refused)")
                } catch StoreError.other(sqlstate: "23514", _) {}
            }
        }
    }

    func testDialectsComeWithWhatHeldBeforeAndWithTheirBounds() throws {
        try withPools(1) { pools in
            let pool = pools[0]
            let id = "'00000000-0000-0000-0000-000000000001'"
            _ = try await Migrator(pool: pool, migrations: Migration.all.filter { $0.number < 19 }).migrate()
            for statement in [
                """
                INSERT INTO providers (id, name, dialect, base_url, prefix_continuation)
                VALUES (\(id), 'p', 'openai', 'http://127.0.0.1:9', 'prefix')
                """,
                "INSERT INTO models (id, name, kind) VALUES (\(id), 'm', 'chat')",
                "INSERT INTO routes (id, name, strategy) VALUES (\(id), 'r', 'weighted')",
                "INSERT INTO route_targets (route_id, position, provider_id, model_id) VALUES (\(id), 0, \(id), \(id))",
            ] { try await pool.execute(statement) }
            let applied = try await Migrator(pool: pool).migrate()
            XCTAssertEqual(applied, Migration.all.map(\.number).filter { $0 >= 19 })

            let policy = try await PolicyStore.policy(pool)
            let provider = try XCTUnwrap(policy.providers.first)
            XCTAssertEqual(provider.dialect, .openai)
            XCTAssertEqual(provider.prefixContinuation, .prefix)
            XCTAssertNil(provider.quirks)
            XCTAssertEqual([provider.credentialField, provider.query, provider.region], [nil, nil, nil])
            XCTAssertNil(provider.credentialKind)
            XCTAssertNil(provider.pathVersion)
            XCTAssertNil(policy.models[0].unsupportedFeatures)
            XCTAssertNil(policy.routes[0].unsupportedParameters)
            XCTAssertNil(policy.routes[0].keepAliveMilliseconds)
            try await pool.execute("UPDATE models SET unsupported_features = '{tools,begun_answers}'")

            for refused in [
                "UPDATE models SET unsupported_features = '{smell}'",
                "UPDATE models SET unsupported_features = '{NULL}'",
                "UPDATE models SET unsupported_features = array_fill('tools'::text, '{10}')",
                "UPDATE routes SET unsupported_parameters = 'ignore'",
                "UPDATE routes SET keep_alive_milliseconds = 99",
                "UPDATE routes SET keep_alive_milliseconds = 600001",
            ] {
                do {
                    try await pool.execute(refused)
                    XCTFail("taken: \(refused)")
                } catch StoreError.other(sqlstate: "23514", _) {}
            }
        }
    }

    func testEventsOfBeforeCorrectionsAreAsTheyWere() throws {
        try withPools(1) { pools in
            let pool = pools[0]
            _ = try await Migrator(pool: pool, migrations: Migration.all.filter { $0.number < 23 }).migrate()
            let day = UsagePartitions.day(of: WallTime.unixMilliseconds())
            try await UsagePartitionStore.create(day: day, pool)
            let columns = try await pool.query(
                """
                SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
                WHERE attrelid = 'usage_events'::regclass AND attnum > 0 AND attnotnull AND NOT atthasdef
                """)
            let values = try columns.map { column in
                switch try column.text("type") {
                case "uuid": "'00000000-0000-0000-0000-000000000001'::uuid"
                case "date": "(now() AT TIME ZONE 'UTC')::date"
                case "timestamp with time zone": "now()"
                case "text": "''"
                case "boolean": "false"
                default: "1"
                }
            }
            let names = try columns.map { try $0.text("name") }.joined(separator: ", ")
            try await pool.execute("INSERT INTO usage_events (\(names)) SELECT \(values.joined(separator: ", "))")
            let applied = try await Migrator(pool: pool).migrate()
            XCTAssertEqual(applied, Migration.all.map(\.number).filter { $0 >= 23 })
            try await UsagePartitionStore.create(day: day + 1, pool)
            let row = try await pool.first("SELECT corrected_at FROM usage_events")
            XCTAssertNil(try XCTUnwrap(row).optionalUnixMilliseconds("corrected_at"))
        }
    }

    func testAMigrationThatFailsLeavesNothingBehind() throws {
        try withPools(1) { pools in
            let bad = Migration(number: 1, name: "bad", text: "CREATE TABLE half (n bigint); SELECT nonsense")
            do {
                _ = try await Migrator(pool: pools[0], migrations: [bad]).migrate()
                XCTFail("nonsense was accepted")
            } catch MigrationError.failed(let number, .other(let sqlstate, _)) {
                XCTAssertEqual(number, 1)
                XCTAssertEqual(sqlstate, "42703")
            }
            let row = try await pools[0].first("SELECT to_regclass('half') IS NULL AS is_gone")
            XCTAssertEqual(try row?.bool("is_gone"), true)
        }
    }
}

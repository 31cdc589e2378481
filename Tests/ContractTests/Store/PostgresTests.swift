import ControlPlane
import Foundation
import Shared
import TestSupport
import XCTest

/// The store's face of PostgreSQL against a real server.
final class PostgresTests: XCTestCase {
    private static let database = Result { try TemporaryPostgres.shared.get().createDatabase("store") }

    private func withPool(
        connectionsMax: Int = 4, acquireTimeout: Duration = .seconds(2), statementTimeout: Duration = .seconds(5),
        _ body: @escaping @Sendable (PostgresPool) async throws -> Void
    ) throws {
        let settings = PostgresSettings(
            connectionString: try Self.database.get(), statementTimeout: statementTimeout)
        try onLoop { actor in
            let pool = PostgresPool(
                on: actor.loop,
                options: .init(settings: settings, connectionsMax: connectionsMax, acquireTimeout: acquireTimeout))
            defer { pool.close() }
            try await body(pool)
        }
    }

    func testEveryKindOfValueComesBackAsItWasSent() throws {
        let id = ObjectID(high: 0x0123_4567_89ab_cdef, low: .max)
        try withPool { pool in
            let row = try await pool.first(
                """
                SELECT $1::bool AS b, $2::bigint AS i8, $3::int AS i4, $4::smallint AS i2, $5::text AS t, $6::jsonb AS j,
                    $7::uuid AS u, $8::bytea AS y, $9::timestamptz AS z, $10::bigint[] AS ai, $11::text[] AS at,
                    $12::uuid[] AS au, $13::uuid[] AS empty, $14::text AS nothing
                """,
                [
                    .bool(true), .int64(.min), .int64(-2_147_483_648), .int64(-32_768),
                    .text("gr\u{fc}\u{df}e \u{1f600}\n"),
                    .json("{\"a\": [1, null]}"), .uuid(id), .bytes([0, 255, 1]), .timestamp(unixMilliseconds: -1),
                    .int64Array([1, -1, .max]), .textArray(["", "x y"]), .uuidArray([id, .zero]), .uuidArray([]), .null,
                ])
            let unwrapped = try XCTUnwrap(row)
            XCTAssertEqual(try unwrapped.bool("b"), true)
            XCTAssertEqual(try unwrapped.int64("i8"), .min)
            XCTAssertEqual(try unwrapped.int64("i4"), -2_147_483_648)
            XCTAssertEqual(try unwrapped.int64("i2"), -32_768)
            XCTAssertEqual(try unwrapped.text("t"), "gr\u{fc}\u{df}e \u{1f600}\n")
            XCTAssertEqual(try unwrapped.json("j"), "{\"a\": [1, null]}")
            XCTAssertEqual(try unwrapped.uuid("u"), id)
            XCTAssertEqual(try unwrapped.bytes("y"), [0, 255, 1])
            XCTAssertEqual(try unwrapped.unixMilliseconds("z"), -1)
            XCTAssertEqual(try unwrapped.int64s("ai"), [1, -1, .max])
            XCTAssertEqual(try unwrapped.texts("at"), ["", "x y"])
            XCTAssertEqual(try unwrapped.uuids("au"), [id, .zero])
            XCTAssertEqual(try unwrapped.uuids("empty"), [])
            XCTAssertNil(try unwrapped.optionalText("nothing"))
        }
    }

    func testAValueOfTheWrongTypeIsRefusedBeforeItIsSent() throws {
        try withPool { pool in
            await assertThrows(StoreError.mismatch("parameter $1 has type 2950, got int64")) {
                try await pool.query("SELECT $1::uuid AS u", [.int64(1)])
            }
            await assertThrows(StoreError.mismatch("parameter $1 has type 21, got int64")) {
                try await pool.query("SELECT $1::smallint AS i", [.int64(40_000)])
            }
            let row = try await pool.first("SELECT 1 AS one")
            XCTAssertEqual(try row?.int64("one"), 1, "the connection is as good as before")
            XCTAssertThrowsError(try row?.text("one"))
            XCTAssertThrowsError(try row?.int64("two"))
        }
    }

    func testServerErrorsAreSortedByWhatTheCallerCanDo() throws {
        try withPool { pool in
            try await pool.execute(
                "CREATE TABLE parents (id bigint PRIMARY KEY, name text CONSTRAINT parents_name UNIQUE)")
            try await pool.execute(
                "CREATE TABLE children (parent bigint CONSTRAINT children_parent REFERENCES parents)")
            try await pool.execute("INSERT INTO parents VALUES (1, 'a')")
            await assertThrows(StoreError.conflict(constraint: "parents_name")) {
                try await pool.execute("INSERT INTO parents VALUES (2, 'a')")
            }
            await assertThrows(StoreError.reference(constraint: "children_parent")) {
                try await pool.execute("INSERT INTO children VALUES (7)")
            }
            do {
                try await pool.execute("SELECT nonsense")
                XCTFail("nonsense was accepted")
            } catch StoreError.other(let sqlstate, _) { XCTAssertEqual(sqlstate, "42703") }
            XCTAssertEqual(pool.connectionCount, 1, "an error of a statement costs no connection")
        }
    }

    func testATransactionThatThrowsLeavesNothingBehind() throws {
        struct Stop: Error {}
        try withPool { pool in
            try await pool.execute("CREATE TABLE rolled (n bigint)")
            do {
                try await pool.transaction { transaction in
                    try await transaction.execute("INSERT INTO rolled VALUES (1)")
                    throw Stop()
                }
                XCTFail("the error was swallowed")
            } catch is Stop {}
            let count = try await pool.transaction { transaction in
                try await transaction.execute("INSERT INTO rolled VALUES (2)")
                return try await transaction.first("SELECT count(*) AS n FROM rolled")?.int64("n")
            }
            XCTAssertEqual(count, 1)
            XCTAssertEqual(pool.connectionCount, 1)
        }
    }

    func testASerializationFailureRunsTheTransactionAgainWhereAsked() throws {
        try withPool { pool in
            try await pool.execute("CREATE TABLE counters (n bigint)")
            try await pool.execute("INSERT INTO counters VALUES (0)")
            var runs = 0
            try await pool.transaction(isolation: .repeatableRead, attempts: 3) { transaction in
                runs += 1
                _ = try await transaction.first("SELECT n FROM counters")
                if runs == 1 { try await pool.execute("UPDATE counters SET n = n + 1") }
                try await transaction.execute("UPDATE counters SET n = n + 10")
            }
            XCTAssertEqual(runs, 2)
            let row = try await pool.first("SELECT n FROM counters")
            XCTAssertEqual(try row?.int64("n"), 11)
        }
    }

    func testAStatementThatTakesTooLongIsEndedByTheServer() throws {
        try withPool(statementTimeout: .milliseconds(100)) { pool in
            await assertThrows(StoreError.timeout) { try await pool.query("SELECT pg_sleep(10)") }
            let row = try await pool.first("SELECT 1 AS one")
            XCTAssertEqual(try row?.int64("one"), 1)
            XCTAssertEqual(pool.connectionCount, 1, "the server ended it, so the session goes on")
        }
    }

    func testWaitersAreServedInOrderAndRefusedInTime() throws {
        try withPool(connectionsMax: 1, acquireTimeout: .milliseconds(200)) { pool in
            let loop = pool.loop
            let order = Box<[Int]>([])
            let done = LevelSignal(on: loop)
            try await pool.transaction { _ in
                for index in 1...3 {
                    loop.launch {
                        do {
                            _ = try await pool.query("SELECT 1")
                            order.value.append(index)
                        } catch { XCTFail("\(error)") }
                        done.raise(to: done.level + 1)
                    }
                }
                await loop.sleep(for: .milliseconds(20))
                XCTAssertEqual(pool.waiterCount, 3)
            }
            _ = await done.wait(beyond: 2, timeout: .seconds(5))
            XCTAssertEqual(order.value, [1, 2, 3])

            try await pool.transaction { _ in
                await assertThrows(StoreError.unavailable("no free connection to the database in time")) {
                    try await pool.query("SELECT 1")
                }
            }
            XCTAssertEqual(pool.waiterCount, 0)
        }
    }

    func testADatabaseThatIsNotThereIsSaidAtOnce() throws {
        let settings = PostgresSettings(connectionString: "host=/nonexistent dbname=x")
        try onLoop { actor in
            let pool = PostgresPool(on: actor.loop, options: .init(settings: settings))
            let started = MonotonicTime.now()
            for _ in 1...5 {
                do throws(StoreError) {
                    _ = try await pool.query("SELECT 1")
                    XCTFail("there is no such server")
                } catch { XCTAssertTrue(error.isTransient, "\(error)") }
            }
            XCTAssertLessThan(started.duration(to: .now()), .seconds(2))
            XCTAssertFalse(pool.isHealthy)
        }
    }

    func testThePoolRecoversWhenTheServerReturns() throws {
        let server = try TemporaryPostgres()
        let settings = PostgresSettings(connectionString: try server.createDatabase())
        try onLoop { actor in
            let pool = PostgresPool(on: actor.loop, options: .init(settings: settings, connectionsMax: 3))
            defer { pool.close() }
            var changes: [Bool] = []
            pool.onAvailabilityChange = { isAvailable, _ in changes.append(isAvailable) }
            _ = try await pool.query("SELECT 1")

            // A restart that nobody noticed costs no statement.
            try server.stop()
            try server.start()
            _ = try await pool.query("SELECT 1")
            XCTAssertEqual(changes, [])

            try server.stop()
            for _ in 1...3 {
                do {
                    _ = try await pool.query("SELECT 1")
                    XCTFail("the server is stopped")
                } catch StoreError.unavailable {}
            }
            XCTAssertFalse(pool.isHealthy)
            try server.start()
            let deadline = MonotonicTime.now().advanced(by: .seconds(5))
            while !pool.isHealthy, MonotonicTime.now() < deadline {
                do { _ = try await pool.query("SELECT 1") } catch { await actor.loop.sleep(for: .milliseconds(20)) }
            }
            XCTAssertTrue(pool.isHealthy)
            XCTAssertEqual(changes, [false, true])
        }
    }

    func testManyDifferentStatementsDoNotFillTheSession() throws {
        try withPool(connectionsMax: 1) { pool in
            for index in 0..<600 { _ = try await pool.query("SELECT \(index) AS n") }
            let row = try await pool.first("SELECT count(*) AS n FROM pg_prepared_statements")
            XCTAssertLessThanOrEqual(try XCTUnwrap(row).int64("n"), 256)
        }
    }
}

/// A value that closures on one loop share.
final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

func assertThrows<E: Error & Equatable, T>(
    _ expected: E, file: StaticString = #filePath, line: UInt = #line, _ body: () async throws -> T
) async {
    do {
        _ = try await body()
        XCTFail("nothing was thrown, want \(expected)", file: file, line: line)
    } catch let error as E {
        XCTAssertEqual(error, expected, file: file, line: line)
    } catch { XCTFail("\(error), want \(expected)", file: file, line: line) }
}

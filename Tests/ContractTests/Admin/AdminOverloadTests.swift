import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// Limits on concurrency and priorities of keys, from the REST interface to what is published.
final class AdminOverloadTests: XCTestCase {
    private static func provider(_ harness: AdminHarness) async throws -> PolicyDocument.Provider {
        let policy = try await PolicyStore.policy(harness.pool)
        return try XCTUnwrap(policy.providers.first)
    }

    func testALimitIsSetAsAWholeAndCleared() throws {
        try AdminHarness.run { harness in
            let created = await harness.create("providers", #"{"name": "p", "base_url": "http://127.0.0.1:9"}"#)
            XCTAssertEqual(created["concurrency"], .null)
            let path = "/api/v1/providers/\(created.id)"
            let before = try await Self.provider(harness)
            XCTAssertNil(before.concurrency)

            for (body, want) in [
                (#"{"concurrency": {}}"#, PolicyDocument.Concurrency.standard),
                (#"{"concurrency": {"min": 8, "max": 8}}"#, .init(min: 8, max: 8)),
                (
                    #"{"concurrency": {"min": 2, "max": 10000, "queue_max": 0, "queue_wait_ms": 600000}}"#,
                    .init(min: 2, max: 10_000, queueMax: 0, queueWaitMilliseconds: 600_000)
                ),
            ] {
                let reply = await harness.call("PATCH", path, body, ifMatch: "*")
                XCTAssertEqual(reply.status, 200, reply.text)
                XCTAssertEqual(reply["concurrency"], want.json)
                let published = try await Self.provider(harness)
                XCTAssertEqual(published.concurrency, want)
            }
            let read = await harness.call("GET", path)
            XCTAssertEqual(read["concurrency"]?["max"]?.integer, 10_000)
            let cleared = await harness.call("PATCH", path, #"{"concurrency": null}"#, ifMatch: "*")
            XCTAssertEqual(cleared["concurrency"], .null)
            let after = try await Self.provider(harness)
            XCTAssertEqual(after, before)

            for (body, errors) in [
                (#"{"concurrency": {"min": 0}}"#, ["concurrency.min": "got 0, want an integer 1...10000"]),
                (#"{"concurrency": {"max": 10001}}"#, ["concurrency.max": "got 10001, want an integer 1...10000"]),
                (
                    #"{"concurrency": {"queue_max": -1}}"#,
                    ["concurrency.queue_max": "got -1, want an integer 0...10000"]
                ),
                (
                    #"{"concurrency": {"queue_wait_ms": 600001}}"#,
                    ["concurrency.queue_wait_ms": "got 600001, want an integer 0...600000"]
                ),
                (
                    #"{"concurrency": {"min": 5, "max": 4}}"#,
                    ["concurrency.max": "got 4, want at least min (5)"]
                ),
                (
                    #"{"concurrency": {"min": 201}}"#,
                    ["concurrency.max": "is missing, which means 200; want at least min (201)"]
                ),
            ] {
                let refused = await harness.call("PATCH", path, body, ifMatch: "*")
                XCTAssertEqual(refused.errors, errors)
            }
        }
    }

    func testAKeyHasAPriorityThatTravelsWithIt() throws {
        try AdminHarness.run { harness in
            _ = await harness.create("organizations", #"{"name": "o"}"#)
            _ = await harness.create("teams", #"{"name": "t", "organization": "o"}"#)
            let key = await harness.create("virtual-keys", #"{"name": "k", "team": "t"}"#)
            XCTAssertEqual(key["priority"]?.string, "normal")
            for priority in KeyPriority.allCases {
                let reply = await harness.call(
                    "PATCH", "/api/v1/virtual-keys/\(key.id)", #"{"priority": "\#(priority.rawValue)"}"#, ifMatch: "*")
                XCTAssertEqual(reply["priority"]?.string, priority.rawValue, reply.text)
                let shards = try await KeyShardStore.entries((0...255).map { UInt8($0) }, harness.pool)
                XCTAssertEqual(shards.values.flatMap { $0 }.map(\.priority), [priority])
            }
            let refused = await harness.call(
                "PATCH", "/api/v1/virtual-keys/\(key.id)", #"{"priority": "urgent"}"#, ifMatch: "*")
            XCTAssertEqual(refused.errors, ["priority": "got \"urgent\", want one of high, normal, low"])
        }
    }

    func testTheDatabaseKeepsTheBoundsItself() throws {
        let database = try ControlPlaneDatabase.make("overload")
        try onLoop { actor in
            let services = database.services(on: actor.loop)
            defer {
                services.publisher.stop()
                services.pool.close()
            }
            let pool = services.pool
            try await pool.execute(
                "INSERT INTO providers (id, name, dialect, base_url) VALUES (gen_random_uuid(), 'p', 'openai', 'http://127.0.0.1:9')"
            )
            for refused in [
                "concurrency_min = 1",
                "concurrency_min = 2, concurrency_max = 1, concurrency_queue_max = 0, concurrency_queue_wait_ms = 0",
                "concurrency_min = 0, concurrency_max = 1, concurrency_queue_max = 0, concurrency_queue_wait_ms = 0",
                "concurrency_min = 1, concurrency_max = 1, concurrency_queue_max = 0, concurrency_queue_wait_ms = 600001",
            ] {
                do {
                    try await pool.execute("UPDATE providers SET \(refused)")
                    XCTFail("taken: \(refused)")
                } catch StoreError.other(sqlstate: "23514", _) {}
            }
        }
    }
}

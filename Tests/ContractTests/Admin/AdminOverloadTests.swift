import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// Limits on concurrency and priorities of keys, from the REST interface to what is published.
final class AdminOverloadTests: XCTestCase {
    func testALimitIsSetAsAWholeAndCleared() throws {
        try AdminHarness.run { harness in
            let checks = await ProviderGroupChecks("concurrency", \.concurrency, harness)
            try await checks.areTaken([
                ("{}", .standard), (#"{"min": 8, "max": 8}"#, .init(min: 8, max: 8)),
                (
                    #"{"min": 2, "max": 10000, "queue_max": 0, "queue_wait_ms": 600000}"#,
                    .init(min: 2, max: 10_000, queueMax: 0, queueWaitMilliseconds: 600_000)
                ),
            ])
            for (text, member, message) in [
                (#"{"min": 0}"#, "min", "got 0, want an integer 1...10000"),
                (#"{"max": 10001}"#, "max", "got 10001, want an integer 1...10000"),
                (#"{"queue_max": -1}"#, "queue_max", "got -1, want an integer 0...10000"),
                (#"{"queue_wait_ms": 600001}"#, "queue_wait_ms", "got 600001, want an integer 0...600000"),
                (#"{"min": 5, "max": 4}"#, "max", "got 4, want at least min (5)"),
                (#"{"min": 201}"#, "max", "is missing, which means 200; want at least min (201)"),
            ] { await checks.isRefused(text, member, message) }
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
        try ProviderGroupChecks<PolicyDocument.Concurrency>.databaseRefuses(
            [
                "concurrency_min = 1",
                "concurrency_min = 2, concurrency_max = 1, concurrency_queue_max = 0, concurrency_queue_wait_ms = 0",
                "concurrency_min = 0, concurrency_max = 1, concurrency_queue_max = 0, concurrency_queue_wait_ms = 0",
                "concurrency_min = 1, concurrency_max = 1, concurrency_queue_max = 0, concurrency_queue_wait_ms = 600001",
            ], name: "overload")
    }
}

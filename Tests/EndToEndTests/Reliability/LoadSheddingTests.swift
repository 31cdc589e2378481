import Foundation
import Synchronization
import TestSupport
import XCTest

/// A load that one loop cannot serve: who is refused, how, and that it ends.
final class LoadSheddingTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        // Late is what this load makes a loop; what is wanted of it in service is ten times as long.
        try .standard(dataArguments: [
            "--threads=1", "--overload-lag-milliseconds=4", "--overload-interval-milliseconds=300",
        ])
    }

    private struct Tally: Sendable {
        var served = 0
        var refused = 0
        var problems: Set<String> = []
        var waits: Set<String> = []
        var latencies: [Int] = []
    }

    func testALoopThatIsLateRefusesLowKeysFirstAndStopsWhenItIsNot() throws {
        let fleet = try fleet()
        let keys = try ["high", "low"].map { (name: $0, key: try fleet.makeKey($0, ["priority": $0]).text) }
        try fleet.waitUntilConfigured()
        XCTAssertEqual(try fleet.data.metric("weir_shed_requests_total"), 0)
        let tallies = Mutex<[String: Tally]>([:])
        let port = fleet.data.port
        let threads = CallerThreads()
        // Read and searched by the loop, and then there is no such model: no provider is what limits this load.
        let body = chatBody("none", String(repeating: "All work and no play. ", count: 20_000))
        for (name, key) in keys {
            threads.start(name == "high" ? 2 : 40) { _ in
                let caller = HTTPCaller(port: port, timeout: .seconds(30))
                while threads.goOn {
                    do {
                        let began = monotonicMicroseconds()
                        let answer = try caller.chat(key, body)
                        let took = monotonicMicroseconds() - began
                        tallies.withLock { tallies in
                            var tally = tallies[name] ?? Tally()
                            switch (answer.status, answer.errorCode) {
                            case (404, "model_not_found"):
                                tally.served += 1
                                tally.latencies.append(took)
                            case (503, "overloaded"):
                                tally.refused += 1
                                if answer.header("x-should-retry") != "true" || answer.header("x-request-id") == nil {
                                    tally.problems.insert("fields: \(answer.text)")
                                }
                                tally.waits.insert(answer.header("retry-after-ms") ?? "none")
                            default: tally.problems.insert(answer.text)
                            }
                            tallies[name] = tally
                        }
                        // Whoever is told to wait waits, if not as long as he is told.
                        if answer.status == 503 { usleep(100_000) }
                    } catch { tallies.withLock { _ = $0[name, default: Tally()].problems.insert("\(error)") } }
                }
            }
        }
        var lag = 0.0
        try waitUntil("200 low ones are refused", timeout: .seconds(30), detail: { "lag \(lag)\n\(fleet.tails)" }) {
            lag = max(lag, try fleet.data.metric("weir_loop_lag_seconds"))
            return tallies.withLock { $0["low"]?.refused ?? 0 } >= 200
        }
        try threads.stop(patience: .seconds(30))
        let (high, low) = tallies.withLock { ($0["high"] ?? Tally(), $0["low"] ?? Tally()) }
        func share(_ tally: Tally) -> Double {
            Double(tally.refused) / Double(max(1, tally.refused + tally.served))
        }
        print(
            "overload: shed low=\(low.refused) of \(low.refused + low.served) high=\(high.refused) of \(high.refused + high.served) lag_max_ms=\(Int(lag * 1000))"
        )
        XCTAssertEqual(high.problems.union(low.problems), [])
        XCTAssertGreaterThan(high.served, 20)
        XCTAssertLessThan(share(high), share(low) / 2)
        XCTAssertGreaterThan(low.waits.count, 20, "not all come back at once: \(low.waits.sorted())")
        XCTAssertEqual(Int(try fleet.data.metric("weir_shed_requests_total")), low.refused + high.refused)
        // With nothing to do it is in its time again.
        try waitUntil("nothing is refused", timeout: .seconds(30)) {
            try fleet.data.metric("weir_loop_shed_pressure") == 0
        }
        XCTAssertEqual(try fleet.data.caller().chat(keys[1].key, chatBody("chat")).status, 200)
    }
}

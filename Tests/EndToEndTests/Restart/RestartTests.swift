import Foundation
import Glibc
import TestSupport
import XCTest

/// Rolling restarts under load: `make restart`.
///
/// The callers and the provider's ledger are the judges: every request succeeds, no stream is cut, and each bill is one usage event.
final class RestartTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try .standard(
            dataPlanes: 2, stubArguments: ["--first-token-ms=10", "--chunk-ms=3", "--jitter-ms=5"],
            dataArguments: ["--drain-announce-milliseconds=400", "--drain-timeout-milliseconds=15000"])
    }

    /// How often each replica is restarted; `make restart` does it more often.
    private var rounds: Int {
        ProcessInfo.processInfo.environment["WEIR_RESTART_ROUNDS"].flatMap { Int($0) } ?? 1
    }

    /// Streams of about a second, far shorter than the drain time.
    private static let streamFault = "slow;chunk=10;tokens=100"

    private func load(_ callers: RestartCallers, _ count: Int) throws {
        let wanted = callers.begun + count
        try waitUntil("the load goes on", timeout: .seconds(30)) { callers.begun >= wanted }
    }

    func testRollingRestartsFailNoRequestCutNoStreamAndLoseNoEvent() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("second", Self.streamFault)
        let key = try fleet.makeKey("restart")
        try fleet.waitUntilConfigured()
        let before = try fleet.ledgerPositions

        // By signal: two replicas, and callers that go where one is ready.
        let rolling = RestartCallers(8, replicas: fleet.dataPlanes, key: key.text, streamRoute: "second")
        try load(rolling, 20)
        var signals = 0
        for _ in 0..<rounds {
            for node in fleet.dataPlanes {
                let process = try XCTUnwrap(node.process)
                process.send(signal: SIGTERM)
                XCTAssertEqual(process.waitForExit(timeout: .seconds(20)), .status(0), process.tail())
                try node.start()
                signals += 1
                try load(rolling, 20)
            }
        }
        try rolling.stop()

        // By take-over: one replica, and callers that know nothing of it. The number of threads changes each time.
        let node = fleet.data
        let staying = RestartCallers(8, replicas: [node], key: key.text, streamRoute: "second")
        try load(staying, 20)
        var takeOvers = 0
        for round in 0..<rounds {
            for threads in [3, 1, 2] {
                let old = try XCTUnwrap(try node.takeOver(["--threads=\(threads)"]))
                try load(staying, 20)
                XCTAssertEqual(old.waitForExit(timeout: .seconds(20)), .status(0), "round \(round): \(old.tail())")
                takeOvers += 1
            }
        }
        try staying.stop()

        let tallies = [rolling, staying].map { callers in callers.tally.withLock { $0 } }
        let failures = tallies.flatMap(\.failures)
        let cut = tallies.flatMap(\.cutStreams)
        let whole = tallies.flatMap(\.completed)
        let requests = tallies.reduce(0) { $0 + $1.begun }
        try fleet.waitUntilShipped(fleet.dataPlanes[1])
        let verdict = try fleet.journalVerdict(of: node, key: key, since: before, whole: whole)
        XCTAssertEqual(failures.prefix(5), [], "\(failures.count) requests failed")
        XCTAssertEqual(cut.prefix(5), [], "\(cut.count) streams were cut")
        XCTAssertEqual(tallies[1].refusedConnections, 0)
        XCTAssertEqual(whole.count, requests)
        XCTAssertEqual(verdict.bills, requests)
        XCTAssertEqual(verdict.completed, requests)
        XCTAssertEqual(verdict.interrupted, 0)
        verdict.expectNothingLost("restart")
        // What the old processes wrote is over for the ledger too.
        let node1 = try XCTUnwrap(try fleet.list("nodes").first { $0["name"] as? String == node.name })
        XCTAssertEqual(node1["unended_streams"] as? Int, 0)
        print(
            "restart: requests=\(requests) failed=\(failures.count) cut_streams=\(cut.count) streams=\(tallies.reduce(0) { $0 + $1.streams }) signals=\(signals) take_overs=\(takeOvers) events=\(verdict.completed) lost=\(verdict.lost.count) doubled=\(verdict.doubled.count)"
        )
    }

    func testANewProcessThatDoesNotGetReadyLeavesTheOldOneServing() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("not-ready").text
        try fleet.waitUntilConfigured()
        let node = fleet.dataPlanes[1]
        let process = try XCTUnwrap(node.process)
        // Another fleet's snapshots are none to it, so it never gets ready.
        let output = try fleet.run(
            "weir-data",
            node.allArguments + [
                "--take-over", "--take-over-timeout-milliseconds=300", "--fleet-name=other",
            ], environment: node.allEnvironment, expecting: 1)
        XCTAssertTrue(output.contains("not ready in time (no snapshot)"), output)
        try waitUntil("the old one has noticed", detail: { process.tail() }) {
            process.output.contains("the take-over failed, and this process goes on")
        }
        XCTAssertEqual(try node.readiness().status, 200)
        for _ in 0..<5 { XCTAssertEqual(try node.caller().chat(key, chatBody("chat")).status, 200) }
        // Nothing is left behind, and the next one succeeds.
        let old = try XCTUnwrap(try node.takeOver())
        XCTAssertEqual(try node.caller().chat(key, chatBody("chat")).status, 200)
        XCTAssertEqual(old.waitForExit(timeout: .seconds(20)), .status(0), old.tail())
    }

    func testOtherAddressesAreNotTakenOver() throws {
        let node = try fleet().dataPlanes[1]
        let output = try fleet().run(
            "weir-data", node.allArguments + ["--take-over", "--listen-port=\(freePort())"],
            environment: node.allEnvironment, expecting: 1)
        XCTAssertTrue(output.contains("Other addresses need a restart"), output)
        XCTAssertEqual(try node.readiness().status, 200)
    }

    func testWithoutTheFlagASecondProcessStaysOutside() throws {
        let node = try fleet().dataPlanes[1]
        let output = try fleet().run("weir-data", node.allArguments, environment: node.allEnvironment, expecting: 1)
        XCTAssertTrue(output.contains("--take-over"), output)
    }

    func testWhereThereIsNoProcessTheFlagIsAStartLikeAnyOther() throws {
        let fleet = try fleet()
        let node = try fleet.addDataPlane("first", environment: ["STUB_KEY": "sk-stub"])
        node.stop()
        try node.takeOver()
        XCTAssertEqual(try node.readiness().status, 200)
        XCTAssertEqual(node.stop(), .status(0))
    }

    func testWhatAKilledPredecessorLeftIsShippedByItsSuccessor() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("endless", "slow;chunk=20;tokens=3000")
        let key = try fleet.makeKey("killed-predecessor")
        try fleet.waitUntilConfigured()
        let node = try fleet.addDataPlane("left", environment: ["STUB_KEY": "sk-stub"])
        try fleet.waitUntilConfigured()
        let streams = try HeldStreams(2, port: node.port, key: key.text, route: "endless")
        let old = try XCTUnwrap(try node.takeOver())
        XCTAssertTrue(old.isRunning, "it has streams to finish")
        old.kill()
        try waitUntil("the streams have ended") { streams.tally.withLock { $0.ended == 2 } }
        var rows: [UsageRow] = []
        try waitUntil("both are events", timeout: .seconds(15), detail: { "\(rows)\n\(fleet.tails)" }) {
            rows = try fleet.usageRows(of: key)
            return rows.count == 2
        }
        XCTAssertEqual(rows.map(\.outcome), ["interrupted", "interrupted"])
        try waitUntil("its incarnation is over", timeout: .seconds(15)) {
            let names = try FileManager.default.contentsOfDirectory(atPath: node.folder + "/journal")
            return names.filter { $0.count == 36 }.count == 1
        }
        XCTAssertEqual(node.stop(), .status(0))
    }
}

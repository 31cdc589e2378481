import Foundation
import Shared
import TestSupport
import XCTest

/// A long time under a load of every kind: `make soak MINUTES=20`.
///
/// Nothing may be left behind: descriptors, memory, reservations; and no bill without its usage event. In `make test` it takes a minute, in
/// which memory has not settled yet; its slope has a bound that only a gross leak breaks.
final class SoakTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try .standard(stubArguments: ["--first-token-ms=4", "--chunk-ms=1", "--jitter-ms=4"])
    }

    private static let faults = [
        "status-503", "close-before-head", "reset-mid-head", "cut-mid-stream", "reset-mid-stream", "malformed-chunk",
        "malformed-framing", "stall-mid-stream;ms=150", "missing-usage", "missing-done",
    ]

    private var seconds: Int {
        ProcessInfo.processInfo.environment["WEIR_SOAK_SECONDS"].flatMap { Int($0) } ?? 60
    }

    /// 1 MiB in the last ten minutes; a gross leak where there are not so many.
    private var slopeMax: Double { (seconds >= 1_200 ? 102.4 : 60 * 1_024) * Double(Sanitizer.memoryFactor) }

    private struct Sample {
        var minute: Double
        var residentKiB: Double
    }

    func testALongLoadOfEveryKindLeavesNothingBehind() throws {
        let fleet = try fleet()
        let node = fleet.data
        for (index, fault) in Self.faults.enumerated() { try fleet.addFaultyRoute("fault-\(index)", fault) }
        try fleet.addFaultyRoute("steady", "slow;chunk=8;tokens=60")
        try fleet.addFaultyRoute("large", "huge-answer;bytes=2000000")
        let key = try fleet.makeKey("soak")
        let budget = try fleet.makeAllowance(
            "soak", of: key, ["kind": "money", "period": "total", "limit_usd": "100000"])
        let slots = try fleet.makeAllowance("soak-slots", of: key, ["kind": "slots", "limit": 200])
        try fleet.waitUntilConfigured()
        let routes = Self.faults.indices.map { "fault-\($0)" }
        let changed = try XCTUnwrap(
            try fleet.list("routes").first { $0["name"] as? String == "chat" }?["id"] as? String)
        let descriptorsBefore = try descriptors(of: node).lasting

        // What it can do.
        let trial = SoakCallers(8, port: node.port, key: key.text, faults: routes, rate: 0, seed: 1, onlyPlain: true)
        let trialBegan = ContinuousClock.now
        try waitUntil("the trial is over", timeout: .seconds(10)) { ContinuousClock.now - trialBegan > .seconds(2) }
        try trial.stop()
        let capacity = Double(trial.begun) / 2

        var billed = Set<String>()
        var position = 0
        let load = SoakCallers(
            24, port: node.port, key: key.text, faults: routes, rate: max(10, capacity * 0.7), seed: 0x50_41_4b)
        var samples: [Sample] = []
        let began = ContinuousClock.now
        var changes = 0
        while ContinuousClock.now - began < .seconds(seconds) {
            let next = began + .seconds(changes + 1)
            let answer = try fleet.adminAnswer(
                "PATCH", "routes/\(changed)", ["admission_wait_ms": 5_000 + changes % 2], headers: [("if-match", "*")])
            XCTAssertEqual(answer.status, 200, answer.text)
            changes += 1
            collectBills(&billed, &position)
            samples.append(
                Sample(
                    minute: Double((ContinuousClock.now - began).wholeMilliseconds) / 60_000,
                    residentKiB: try node.metric("process_resident_memory_bytes") / 1_024))
            try waitUntil("the next second", timeout: .seconds(5)) { ContinuousClock.now >= next }
        }
        try load.stop()

        try waitUntilQuiet(node)
        try waitUntil("the provider has finished", timeout: .seconds(20)) {
            try fleet.stub.ledger(since: max(0, position - 500)).allSatisfy { $0.delivery != "open" }
        }
        collectBills(&billed, &position)
        try fleet.waitUntilShipped(node)
        let rows = try fleet.usageRows(of: key)
        let events = Dictionary(grouping: rows, by: \.requestID)
        let unjournalled = billed.filter { events[$0] == nil }
        let doubled = events.filter { $0.value.count > 1 }

        let left = try leftDescriptors(of: node, before: descriptorsBefore)
        let leaks = left.count
        // Whatever was held is charged or free by now, and what is free goes back at the end: what is lent then is lost.
        let metrics = try? HTTPCaller(port: node.opsPort).send("GET", "/metrics").text
        let exit = node.stop()
        XCTAssertEqual(exit, .status(0), metrics ?? "")
        let figures = try [budget, slots].map { try fleet.figures(of: $0) }
        let reservationLeaks = figures.count { $0.lent != 0 || $0.inDoubt != 0 }
        let settled = figures[0].settled
        let slope = Self.slope(samples)
        let tally = load.tally.withLock { $0 }

        XCTAssertEqual(tally.surprises.prefix(5), [], "\(tally.surprises.count) surprises")
        XCTAssertGreaterThan(tally.whole, 0)
        XCTAssertEqual(unjournalled.sorted().prefix(5), [], "\(unjournalled.count) bills without an event")
        XCTAssertEqual(doubled.keys.sorted().prefix(5), [])
        XCTAssertEqual(reservationLeaks, 0, "\(figures)")
        XCTAssertEqual(settled, rows.reduce(0) { $0 + $1.costNanodollars })
        XCTAssertEqual(leaks, 0, "descriptors: \(left)")
        XCTAssertLessThan(slope, slopeMax, "KiB a minute: \(samples.map { Int($0.residentKiB) })")
        print(
            "soak: minutes=\(String(format: "%.1f", Double(seconds) / 60)) rss_slope_kib_per_min=\(Int(slope)) fd_leaks=\(leaks) reservation_leaks=\(reservationLeaks) unjournalled=\(unjournalled.count) requests=\(load.begun) per_second=\(load.begun / max(1, seconds)) snapshots=\(changes) rss_mib=\(Int((samples.last?.residentKiB ?? 0) / 1_024)) seed=\(0x50_41_4b)"
        )
    }

    /// The provider's ledger forgets the oldest, so it is read as it grows.
    private func collectBills(_ billed: inout Set<String>, _ position: inout Int) {
        guard let fleet = try? fleet(), let bills = try? fleet.stub.ledger(since: position) else { return }
        for bill in bills {
            position = max(position, bill.sequence)
            billed.insert(bill.requestID)
        }
    }

    private func waitUntilQuiet(_ node: DataNode) throws {
        try waitUntil("no caller is connected", timeout: .seconds(30)) { try node.metric("weir_connections") == 0 }
    }

    /// How many requests a data plane has under way to its control plane at most: each of its conversations sends one at a
    /// time (snapshots, recalls, heartbeats, credentials, leases, usage, explanations, refusals).
    private static let conversations = 8

    private struct Descriptors {
        /// Neither to a caller nor to a provider nor to a control plane: files, listeners, epoll sets.
        var lasting: [OpenDescriptor]
        var toControlPlane: [OpenDescriptor]
        var toOthers: [OpenDescriptor]
    }

    private func descriptors(of node: DataNode) throws -> Descriptors {
        let all = try OpenDescriptor.all(of: XCTUnwrap(node.process?.pid))
        let control = try fleet().controls.map(\.fleetPort)
        return Descriptors(
            lasting: all.filter { $0.peerPort == nil },
            toControlPlane: all.filter { $0.peerPort.map(control.contains) == true },
            toOthers: all.filter { $0.peerPort.map(control.contains) == false })
    }

    /// Kept connections to the provider are no leak: they are closed when nobody has used them for 50 seconds. Those to the
    /// control plane are used on, by chance two at once or three, so that their number says something only at its bound.
    private func leftDescriptors(of node: DataNode, before: [OpenDescriptor]) throws -> [OpenDescriptor] {
        var left: [OpenDescriptor] = []
        try? waitUntil("descriptors are as before", timeout: .seconds(70)) {
            let now = try descriptors(of: node)
            var known = before.map(\.description)
            let new = now.lasting.filter { descriptor in
                guard let index = known.firstIndex(of: descriptor.description) else { return true }
                known.remove(at: index)
                return false
            }
            // A file may have made way for another: what counts is how many there are.
            left = new.suffix(max(0, now.lasting.count - before.count))
            left += now.toOthers + now.toControlPlane.dropFirst(Self.conversations)
            return left.isEmpty
        }
        return left
    }

    /// KiB a minute, by least squares over the last ten minutes, or the second half of fewer.
    private static func slope(_ samples: [Sample]) -> Double {
        guard let end = samples.last?.minute else { return 0 }
        let begin = max(end - 10, end / 2)
        let used = samples.filter { $0.minute >= begin }
        guard used.count > 2 else { return 0 }
        let middle = used.reduce(0) { $0 + $1.minute } / Double(used.count)
        let mean = used.reduce(0) { $0 + $1.residentKiB } / Double(used.count)
        let rise = used.reduce(0) { $0 + ($1.minute - middle) * ($1.residentKiB - mean) }
        let width = used.reduce(0) { $0 + ($1.minute - middle) * ($1.minute - middle) }
        return rise / width
    }
}

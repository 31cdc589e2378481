import TestSupport
import XCTest

/// The journal has no more room, because of its disk or its limit, while the control plane is away: what is refused, what goes on,
/// and that nothing is lost.
final class JournalWallTests: FleetTestCase {
    private static let segmentBytes = 256 << 10
    private static let freeBytesMin = 3 << 20

    /// A second provider, which is stopped to keep streams under way.
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard(dataPlanes: 0)
        do {
            let held = try fleet.addStub("held", ["--key=sk-stub"])
            try fleet.admin("POST", "providers", ["name": "held", "base_url": held.baseURL, "credential": "stub"])
            for (route, fault) in [("held", "slow;chunk=20;tokens=40"), ("endless", "slow;chunk=20;tokens=5000")] {
                try fleet.addRoute(
                    route,
                    [["provider": "held", "model": "gpt-4o-mini", "upstream_model_name": "gpt-4o-mini+\(fault)"]])
            }
            return fleet
        } catch {
            fleet.end()
            throw error
        }
    }

    private var held: StubNode { get throws { try fleet().stubs[1] } }

    private func readiness(_ node: DataNode) throws -> (status: Int, reason: String, journal: String) {
        let answer = try node.readiness()
        return (answer.status, answer.json["status"] as? String ?? "", answer.json["journal"] as? String ?? "")
    }

    private func expectRefusing(_ node: DataNode) throws {
        let readiness = try readiness(node)
        XCTAssertEqual(readiness.status, 503)
        XCTAssertEqual(readiness.reason, "cannot record usage")
        XCTAssertEqual(readiness.journal, "no room for another segment")
        XCTAssertEqual(try node.metric("weir_journal_short"), 1)
    }

    // MARK: The disk

    func testAFullDiskRefusesRequestsAndLosesNone() throws {
        let fleet = try fleet()
        let name = "small-disk"
        let folder = "\(fleet.folder)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let disk: SmallDisk
        do { disk = try SmallDisk(at: folder, byteCount: 16 << 20) } catch let error as SmallDisk.Unavailable {
            throw XCTSkip("\(error)")
        }
        let node = try fleet.addDataPlane(
            name,
            arguments: [
                "--journal-segment-bytes=\(Self.segmentBytes)", "--journal-free-bytes-min=\(Self.freeBytesMin)",
            ],
            environment: ["STUB_KEY": "sk-stub"], wrapper: disk.wrapper)
        defer { node.stop() }
        let key = try fleet.makeKey(name)
        try fleet.waitUntilConfigured()
        let since = try fleet.ledgerPositions

        fleet.stopControl()
        let ending = try HeldStreams(4, port: node.port, key: key.text, route: "held")
        let endless = try HeldStreams(2, port: node.port, key: key.text, route: "endless")
        try held.process.pause()
        // Somebody else fills the disk, almost.
        try disk.fill(leaving: Self.freeBytesMin + Self.segmentBytes)
        let callers = SteadyCallers(8, port: node.port, key: key.text)
        try waitUntil("requests are refused", timeout: .seconds(30), detail: { fleet.tails }) {
            callers.tally.withLock { $0.refused > 50 }
        }
        try expectRefusing(node)
        XCTAssertGreaterThanOrEqual(try disk.freeBytes(), Self.freeBytesMin, "it stops before the wall")
        XCTAssertEqual(ending.tally.withLock { $0.ended }, 0)

        // The wall itself. What is under way ends and is recorded: its room was taken before.
        try disk.fill(leaving: 0)
        try held.process.resume()
        try waitUntil("the streams under way have ended") { ending.tally.withLock { $0.ended == ending.count } }
        XCTAssertEqual(ending.tally.withLock { $0.completed.count }, ending.count)
        try expectRefusing(node)

        // A process that starts on the full disk has no room either, but can ship what its predecessor left.
        XCTAssertNil(node.process?.poll(), "a store into the map found no room")
        node.kill()
        try node.start(waitsUntilReady: false)
        let refused = callers.tally.withLock { $0.refused }
        try waitUntil("the next process refuses", timeout: .seconds(30), detail: { fleet.tails }) {
            callers.tally.withLock { $0.refused > refused + 20 }
        }
        try expectRefusing(node)
        let unshipped = try node.metric("weir_journal_unacknowledged_records")
        XCTAssertGreaterThan(unshipped, 100)
        try fleet.startControl()
        try fleet.waitUntilShipped(node)
        try disk.makeRoom()
        try goOn(node, callers)

        let verdict = try fleet.journalVerdict(
            of: node, key: key, since: since,
            whole: callers.tally.withLock { $0.completed } + ending.tally.withLock { $0.completed })
        verdict.expectNothingLost(name)
        XCTAssertGreaterThanOrEqual(verdict.interrupted, endless.count)
        try waitUntil("nothing is left of the first process") {
            try node.metric("weir_journal_bytes") < Double(4 << 20)
        }
        report(name, verdict, callers, "unshipped=\(Int(unshipped))")
    }

    // MARK: The limit

    func testAJournalAtItsLimitRefusesRequestsAndLosesNone() throws {
        let fleet = try fleet()
        let name = "small-journal"
        let limit = 2 << 20
        let node = try fleet.addDataPlane(
            name, arguments: ["--threads=1", "--journal-bytes-max=\(limit)"], environment: ["STUB_KEY": "sk-stub"])
        defer { node.stop() }
        let key = try fleet.makeKey(name)
        try fleet.waitUntilConfigured()
        let since = try fleet.ledgerPositions

        fleet.stopControl()
        let ending = try HeldStreams(4, port: node.port, key: key.text, route: "held")
        try held.process.pause()
        let callers = SteadyCallers(8, port: node.port, key: key.text)
        try waitUntil("requests are refused", timeout: .seconds(40), detail: { fleet.tails }) {
            callers.tally.withLock { $0.refused > 50 }
        }
        try expectRefusing(node)
        XCTAssertLessThanOrEqual(try node.metric("weir_journal_bytes"), Double(limit))
        try held.process.resume()
        try waitUntil("the streams under way have ended") { ending.tally.withLock { $0.ended == ending.count } }
        XCTAssertEqual(ending.tally.withLock { $0.completed.count }, ending.count)
        let unshipped = try node.metric("weir_journal_unacknowledged_records")
        try fleet.startControl()
        try goOn(node, callers)

        let verdict = try fleet.journalVerdict(
            of: node, key: key, since: since,
            whole: callers.tally.withLock { $0.completed } + ending.tally.withLock { $0.completed })
        verdict.expectNothingLost(name)
        XCTAssertEqual(verdict.interrupted, 0)
        report(name, verdict, callers, "unshipped=\(Int(unshipped))")
    }

    /// Waits until requests pass again, and a few more of them.
    private func goOn(_ node: DataNode, _ callers: SteadyCallers) throws {
        let before = callers.tally.withLock { $0.completed.count }
        try waitUntil("requests pass again", timeout: .seconds(20), detail: { node.process?.tail() ?? "" }) {
            callers.tally.withLock { $0.completed.count } > before + 100
        }
        try waitUntil("it is ready again") { try readiness(node).status == 200 }
        try callers.stop()
        XCTAssertEqual(callers.tally.withLock { $0.surprises.prefix(5) }, [])
        XCTAssertEqual(try readiness(node).journal, "")
        XCTAssertEqual(try node.metric("weir_journal_short"), 0)
    }

    private func report(_ name: String, _ verdict: JournalVerdict, _ callers: SteadyCallers, _ more: String) {
        let refused = callers.tally.withLock { $0.refused }
        print(
            "journal \(name): bills=\(verdict.bills) completed=\(verdict.completed) interrupted=\(verdict.interrupted) "
                + "refused=\(refused) \(more) lost=\(verdict.lost.count) doubled=\(verdict.doubled.count)")
    }
}

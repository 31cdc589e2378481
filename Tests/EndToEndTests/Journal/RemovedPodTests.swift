import Foundation
import TestSupport
import XCTest

/// Data planes that do not come back as they were: what they were lent, and what they had written down.
///
/// Each holds money and slots when it is killed: a slot is never charged, so it is free again only when its process is known to be
/// over, or is written off.
final class RemovedPodTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.lending(dataPlanes: 1)
        do {
            try fleet.addBudgetRoute("held", "slow;chunk=20;tokens=200")
            return fleet
        } catch {
            fleet.end()
            throw error
        }
    }

    /// A data plane that was killed in the midst of streams.
    private struct Victim {
        var node: DataNode
        var key: TestFleet.Key
        var money: String
        var slots: String
        var since: [Int]
        /// Requests whose callers had the whole answer.
        var whole: [String]
        var streams: Int
    }

    private func kill(_ name: String, _ fleet: TestFleet) throws -> Victim {
        let node = try fleet.addDataPlane(name, arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
        let key = try fleet.makeKey(name)
        let money = try fleet.makeAllowance(
            "\(name) money", of: key, ["kind": "money", "period": "total", "limit_nanodollars": 1_000_000_000])
        let slots = try fleet.makeAllowance("\(name) slots", of: key, ["kind": "slots", "limit": 8])
        try fleet.waitUntilConfigured()
        let since = try fleet.ledgerPositions
        let caller = node.caller()
        let whole = try (1...12).map { number in
            let answer = try caller.chat(key.text, chatBody("chat", "request \(number)", stream: number % 3 == 0))
            XCTAssertEqual(answer.status, 200, answer.text)
            return answer.header("x-request-id") ?? ""
        }
        let streams = try HeldStreams(3, port: node.port, key: key.text, route: "held")
        node.kill()
        XCTAssertEqual(streams.tally.withLock { $0.completed }, [], "the streams were under way")
        for allowance in [money, slots] {
            XCTAssertGreaterThan(try fleet.figures(of: allowance).lent, 0, "it held something when it died")
        }
        return Victim(
            node: node, key: key, money: money, slots: slots, since: since, whole: whole, streams: streams.count)
    }

    /// As if everybody had been silent for longer than a lease lasts.
    private func letLeasesEnd(of victim: Victim, _ fleet: TestFleet) throws {
        let owned = "WHERE allowance_id IN ('\(victim.money)', '\(victim.slots)')"
        try fleet.postgres.psql(
            fleet.database,
            "UPDATE ledger_leases SET ends_at_ms = ends_at_ms - 130000 \(owned);"
                + "UPDATE ledger_holders SET last_heard_ms = last_heard_ms - 130000 \(owned)")
    }

    /// Every bill is one event, and the ledger has what the events say, and nothing lent.
    private func expectClosedBooks(_ victim: Victim, on node: DataNode, _ fleet: TestFleet) throws {
        let verdict = try fleet.journalVerdict(
            of: node, key: victim.key, since: victim.since, whole: victim.whole, price: TestFleet.budgetPrice)
        verdict.expectNothingLost(node.name)
        XCTAssertEqual(verdict.completed, victim.whole.count)
        XCTAssertEqual(verdict.interrupted, victim.streams)
        for allowance in [victim.money, victim.slots] {
            var last: TestFleet.AccountFigures?
            try waitUntil("nothing is lent", detail: { "\(last.map { "\($0)" } ?? "")\n\(fleet.tails)" }) {
                last = try fleet.figures(of: allowance)
                return last?.lent == 0
            }
        }
        let charged = try fleet.usageRows(of: victim.key).reduce(0) { $0 + $1.costNanodollars }
        let figures = try fleet.figures(of: victim.money)
        XCTAssertEqual(figures.settled, charged, "\(figures)")
        XCTAssertEqual(figures.debt, 0)
    }

    func testAnotherDataPlaneWithTheFolderOfADeadOneShipsAndClosesIt() throws {
        let fleet = try fleet()
        let victim = try kill("pod-1", fleet)
        try FileManager.default.moveItem(atPath: victim.node.folder, toPath: "\(fleet.folder)/pod-2")
        let heir = try fleet.addDataPlane("pod-2", arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
        defer { heir.stop() }
        try expectClosedBooks(victim, on: heir, fleet)
        try waitUntil("the folder of the dead process is gone") {
            try FileManager.default.contentsOfDirectory(atPath: "\(heir.folder)/journal").count { $0.contains("-") }
                == 1
        }
    }

    func testWhatALostDataPlaneHeldIsInDoubtUntilItIsWrittenOffAndCountsOnceShouldItComeBack() throws {
        let fleet = try fleet()
        let victim = try kill("pod-3", fleet)
        let lost = "\(fleet.folder)/lost"
        try FileManager.default.moveItem(atPath: victim.node.folder, toPath: lost)
        XCTAssertEqual(try fleet.figures(of: victim.money).inDoubt, 0, "its lease has not ended")
        XCTAssertEqual(try fleet.admin("POST", "allowances/\(victim.money)/write-off")["accounts"] as? Int, 0)

        try letLeasesEnd(of: victim, fleet)
        let doubtful = try (money: fleet.figures(of: victim.money), slots: fleet.figures(of: victim.slots))
        // What it had sent before it died may have been booked after that.
        XCTAssertGreaterThan(doubtful.money.lent, 0, "an end frees nothing")
        XCTAssertEqual(doubtful.money.inDoubt, doubtful.money.lent)
        XCTAssertGreaterThan(doubtful.slots.lent, 0)
        XCTAssertEqual(doubtful.slots.inDoubt, doubtful.slots.lent)

        for allowance in [victim.money, victim.slots] {
            let lent = try fleet.figures(of: allowance).lent
            let answer = try fleet.admin("POST", "allowances/\(allowance)/write-off")
            XCTAssertEqual(answer["accounts"] as? Int, 1)
            XCTAssertEqual((answer["amount"] as? NSNumber)?.int64Value, lent, "\(answer)")
        }
        let written = try (money: fleet.figures(of: victim.money), slots: fleet.figures(of: victim.slots))
        XCTAssertEqual(written.money.lent, 0)
        XCTAssertEqual(written.money.inDoubt, 0)
        XCTAssertEqual(written.money.settled, doubtful.money.settled + doubtful.money.lent, "doubt resolves to spent")
        XCTAssertEqual(written.slots.lent, 0)
        XCTAssertEqual(written.slots.settled, 0, "a slot is never spent")
        let other = try fleet.data.caller().chat(victim.key.text, chatBody("chat", "others go on"))
        XCTAssertEqual(other.status, 200, other.text)

        // It was not lost for ever.
        try FileManager.default.moveItem(atPath: lost, toPath: "\(fleet.folder)/pod-4")
        let heir = try fleet.addDataPlane("pod-4", arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
        defer { heir.stop() }
        var found = victim
        found.whole.append(other.header("x-request-id") ?? "")
        try fleet.waitUntilShipped(fleet.data)
        try expectClosedBooks(found, on: heir, fleet)
    }

    func testAMachineThatWentDownLeavesItsLeasesInDoubt() throws {
        let fleet = try fleet()
        let victim = try kill("pod-5", fleet)
        defer { victim.node.stop() }
        let journal = "\(victim.node.folder)/journal"
        let dead = try XCTUnwrap(FileManager.default.contentsOfDirectory(atPath: journal).first { $0.contains("-") })
        try "another start of the machine\n".write(
            toFile: "\(journal)/\(dead)/boot", atomically: true, encoding: .utf8)
        try victim.node.start()

        // All that is on the disk arrives, but nobody knows whether that is all.
        let verdict = try fleet.journalVerdict(
            of: victim.node, key: victim.key, since: victim.since, whole: victim.whole, price: TestFleet.budgetPrice)
        verdict.expectNothingLost("pod-5")
        XCTAssertEqual(verdict.interrupted, victim.streams)
        XCTAssertEqual(try victim.node.metric("weir_journal_incarnations_in_doubt"), 1)
        try waitUntil("the dead process is shipped") { !FileManager.default.fileExists(atPath: "\(journal)/\(dead)") }
        XCTAssertGreaterThan(try fleet.figures(of: victim.slots).lent, 0, "it is not closed")

        try letLeasesEnd(of: victim, fleet)
        let doubtful = try fleet.figures(of: victim.slots)
        XCTAssertEqual(doubtful.inDoubt, doubtful.lent)
        for allowance in [victim.money, victim.slots] {
            try fleet.admin("POST", "allowances/\(allowance)/write-off")
            XCTAssertEqual(try fleet.figures(of: allowance).lent, 0)
        }
        let charged = try fleet.usageRows(of: victim.key).reduce(0) { $0 + $1.costNanodollars }
        XCTAssertGreaterThanOrEqual(try fleet.figures(of: victim.money).settled, charged)
    }
}

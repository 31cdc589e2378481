import Foundation
import Shared
import TestSupport
import XCTest

/// 64 callers on four data planes spend one key's dollar, first in peace, then while processes are killed: `make race`.
///
/// The provider's own ledger is the judge. Without `WEIR_RACE_SEEDS` it is one seed, for `make test`.
final class RaceTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.lending(ownPostgres: true, controlPlanes: 2)
        try fleet.addBudgetRoute("calm", "slow;first=20;chunk=1")
        // Long enough for a few kills.
        try fleet.addBudgetRoute("storm", "slow;first=900;chunk=15")
        try fleet.waitUntilConfigured()
        return fleet
    }

    private static let limit: Int64 = 1_000_000_000
    private static let leastAdmitted: Int64 = 980_000_000
    private static let callers = 64

    private struct Sums {
        var overspent = 0
        var admittedMin = Int64.max
        var falseRefusals = 0
        var lost = 0
        var doubled = 0
    }

    func testBudgetIsSpentToItsEndAndNeverBeyondItWhateverIsKilled() throws {
        let fleet = try fleet()
        let environment = ProcessInfo.processInfo.environment
        let seeds: [UInt64]
        if let only = environment["WEIR_RACE_SEED"].flatMap({ UInt64($0) }) {
            seeds = [only]
        } else {
            seeds = Array(1...(environment["WEIR_RACE_SEEDS"].flatMap { UInt64($0) } ?? 1))
        }
        var sums = Sums()
        for isStorm in [false, true] {
            for seed in seeds { try race(seed, isStorm: isStorm, fleet, &sums) }
        }
        XCTAssertEqual(sums.overspent, 0)
        XCTAssertGreaterThanOrEqual(sums.admittedMin, Self.leastAdmitted)
        XCTAssertEqual(sums.falseRefusals, 0)
        XCTAssertEqual(sums.lost, 0)
        XCTAssertEqual(sums.doubled, 0)
        print(
            "race: seeds=\(seeds.count) overspent=\(sums.overspent) admitted_min=\(dollars(sums.admittedMin)) "
                + "false_refusals=\(sums.falseRefusals) lost=\(sums.lost) doubled=\(sums.doubled)")
    }

    private func race(_ seed: UInt64, isStorm: Bool, _ fleet: TestFleet, _ sums: inout Sums) throws {
        let name = "\(isStorm ? "storm" : "calm")-\(seed)"
        let key = try fleet.makeKey(name)
        let allowance = try fleet.makeAllowance(
            name, of: key, ["kind": "money", "period": "total", "limit_nanodollars": Self.limit])
        try fleet.waitUntilConfigured()
        let before = try fleet.stub.lastSequence()
        let began = ContinuousClock.now

        let callers = RaceCallers(
            count: Self.callers, ports: fleet.dataPlanes.map(\.port), key: key.text, route: isStorm ? "storm" : "calm",
            limit: Self.limit, label: "seed \(seed + 1_000)")
        var killed: [String] = []
        do {
            var killer = Killer(fleet, seed: seed)
            var nextKill = ContinuousClock.now + .seconds(2)
            try waitUntil(
                "\(name): every caller was refused", timeout: .seconds(isStorm ? 180 : 60),
                detail: {
                    "\(callers.tally.withLock { "\($0.completed.count) answered, \($0.retried)" })\n\(fleet.tails)"
                }
            ) {
                if isStorm, ContinuousClock.now >= nextKill {
                    nextKill = ContinuousClock.now + .seconds(2)
                    killed.append(try killer.strike())
                }
                return callers.areDone
            }
        } catch {
            callers.stop()
            throw error
        }
        let took = began.duration(to: .now)
        try fleet.waitUntilSettled(allowance)

        let tally = callers.tally.withLock { $0 }
        let bills = try fleet.stub.ledger(since: before)
        let figures = try fleet.figures(of: allowance)
        let verdict = RaceVerdict(
            limit: Self.limit, bills: bills, rows: try fleet.usageRows(of: key), tally: tally, figures: figures)
        // Where crashes interrupt, the dollar is spent on reservations too.
        let admitted = isStorm ? verdict.charged : verdict.billed
        sums.overspent += verdict.isOverspent ? 1 : 0
        sums.admittedMin = min(sums.admittedMin, admitted)
        sums.falseRefusals += verdict.falseRefusals
        sums.lost += verdict.lost.count
        sums.doubled += verdict.doubled.count
        if !isStorm {
            XCTAssertEqual(tally.broken, 0, "connections broke although nothing was killed")
            XCTAssertEqual(tally.retried, [:], "the control planes were there all the time")
        }
        XCTAssertEqual(verdict.lost, [], name)
        XCTAssertEqual(verdict.doubled, [], name)
        XCTAssertEqual(verdict.problems.prefix(10), [], "\(name): \(verdict.problems.count) problems")
        let again = tally.retried.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
        print(
            "race \(name): requests=\(bills.count) billed=$\(dollars(verdict.billed)) charged=$\(dollars(verdict.charged)) "
                + "refused=\(tally.refusals.count) interrupted=\(verdict.interrupted) again=[\(again)] "
                + "broken=\(tally.broken) killed=[\(killed.joined(separator: " "))] took=\(took.components.seconds)s")
    }
}

/// Kills one process after the other and starts it again, in the order that a seed gives.
private struct Killer {
    private let fleet: TestFleet
    private var random: SeededRandom

    init(_ fleet: TestFleet, seed: UInt64) {
        self.fleet = fleet
        random = SeededRandom(seed: seed)
    }

    /// Returns the name of what was killed, once it runs again.
    mutating func strike() throws -> String {
        let victims = fleet.dataPlanes.count + fleet.controls.count + 1
        let victim = Int(random.next() % UInt64(victims))
        if victim < fleet.dataPlanes.count {
            let node = fleet.dataPlanes[victim]
            node.kill()
            try node.start()
            return node.name
        }
        if victim < victims - 1 {
            let node = fleet.controls[victim - fleet.dataPlanes.count]
            node.kill()
            try node.start(database: fleet.database)
            return node.name
        }
        try fleet.postgres.kill()
        try fleet.postgres.restart()
        return "postgresql"
    }
}

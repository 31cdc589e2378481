import Foundation
import TestSupport
import XCTest

/// PostgreSQL away while four data planes spend: `make outage`.
///
/// Without `WEIR_OUTAGE_SECONDS` it is away for a few seconds, for `make test`.
final class LedgerOutageTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet { try .lending(ownPostgres: true, controlPlanes: 2) }

    private struct Case {
        var name: String
        var key: TestFleet.Key
        var pattern: PacedLoad.Pattern
        var allowance: String?
        var limit: Int64 = 0
        /// Answers that may come while the ledger is away.
        var labels: Set<String>
    }

    private static let away = "503 budget_unavailable"

    func testLeasesAreSpentOthersAreToldToComeBackAndNothingIsLost() throws {
        let fleet = try fleet()
        let outageSeconds = ProcessInfo.processInfo.environment["WEIR_OUTAGE_SECONDS"].flatMap { Double($0) } ?? 6
        let before = outageSeconds < 30 ? 3.0 : 6.0
        let after = outageSeconds < 30 ? 5.0 : 15.0
        let seconds = before + outageSeconds + after
        let cases = try makeCases(fleet, seconds: seconds)
        try fleet.waitUntilConfigured()
        let firstBill = try fleet.stub.lastSequence()

        let start = monotonicMicroseconds() + 200_000
        let ports = fleet.dataPlanes.map(\.port)
        let loads = cases.map { PacedLoad($0.pattern, ports: ports, start: start, check: Self.problem) }
        Self.pause(until: start + Int(before * 1e6))
        try fleet.postgres.stop()
        let stopped = monotonicMicroseconds()
        Self.pause(until: stopped + Int(outageSeconds * 1e6))
        let starting = monotonicMicroseconds()
        try fleet.postgres.start()
        let started = monotonicMicroseconds()
        try waitUntil("the load is over", timeout: .seconds(Int64(after) + 40)) { loads.allSatisfy(\.isDone) }
        // Heartbeats and the shipping of usage work again too, or this would wait in vain.
        try fleet.waitUntilSettled(XCTUnwrap(cases[0].allowance))

        let bills = Dictionary(grouping: try fleet.stub.ledger(since: firstBill), by: \.requestID)
        var lost = Set(bills.keys)
        var doubled = bills.filter { $0.value.count > 1 }.count
        var overspent = 0
        var slowest = 0
        for (number, item) in cases.enumerated() {
            let tally = loads[number].tally.withLock { $0 }
            XCTAssertEqual(tally.problems.prefix(5), [], "\(item.name): \(tally.problems.count) problems")
            let rows = Dictionary(grouping: try fleet.usageRows(of: item.key), by: \.requestID)
            doubled += rows.filter { $0.value.count > 1 }.count
            var charged: Int64 = 0
            for (id, row) in rows.mapValues({ $0[0] }) {
                lost.remove(id)
                let bill = try XCTUnwrap(bills[id]?.first, "\(row) was never billed")
                XCTAssertEqual(row.outcome, "completed", "\(row)")
                XCTAssertEqual(row.costNanodollars, TestFleet.cost(bill), "\(row)")
                charged += row.costNanodollars
            }
            if let allowance = item.allowance {
                switch item.name {
                case "rate":
                    let arrivals = rows.keys.compactMap { bills[$0]?.first }.map { ($0.begunMicroseconds, 1) }
                    let most = RateWindows(arrivals, length: 60_000_000).most
                    XCTAssertLessThanOrEqual(Int64(most), item.limit, item.name)
                    overspent += Int64(most) > item.limit ? 1 : 0
                default:
                    try fleet.waitUntilSettled(allowance, at: charged)
                    XCTAssertEqual(try fleet.figures(of: allowance).debt, 0, item.name)
                    guard item.name != "soft" else { break }
                    XCTAssertLessThanOrEqual(charged, item.limit, item.name)
                    overspent += charged > item.limit ? 1 : 0
                }
            }
            // What began before the end of PostgreSQL may still be answered by it.
            let during = tally.log.filter { $0.microseconds > stopped + 100_000 && $0.microseconds < starting }
            let labels = during.reduce(into: [String: Int]()) { $0[$1.label, default: 0] += 1 }
            XCTAssertEqual(Set(labels.keys).subtracting(item.labels), [], item.name)
            if item.labels.contains("200") { XCTAssertGreaterThan(labels["200"] ?? 0, 0, "\(item.name): \(labels)") }
            var resumed: [Int] = []
            if item.name == "wide" || item.name == "rate" {
                for replica in ports.indices {
                    let first = tally.log.filter { $0.replica == replica && $0.microseconds > starting }
                        .filter { $0.label == "200" || $0.label == "429 rate_limit_exceeded" }.map(\.microseconds).min()
                    resumed.append(((first ?? .max) - started) / 1_000)
                }
                slowest = max(slowest, resumed.max() ?? .max)
            }
            print(
                "outage \(item.name): sent=\(tally.sent) billed=\(rows.count) "
                    + "while_away=\(labels.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }) "
                    + "in_all=\(tally.answers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }) "
                    + "charged=$\(dollars(charged))" + (resumed.isEmpty ? "" : " resumed_ms=\(resumed)"))
        }
        XCTAssertEqual(lost, [])
        XCTAssertEqual(doubled, 0)
        XCTAssertLessThan(slowest, 5_000, "service resumes within seconds")
        print(
            "outage: seconds=\(Int(outageSeconds)) lost=\(lost.count) doubled=\(doubled) overspent=\(overspent) "
                + "resumed_ms=\(slowest)")
    }

    private static func pause(until microseconds: Int) {
        usleep(UInt32(max(0, microseconds - monotonicMicroseconds())))
    }

    private func makeCases(_ fleet: TestFleet, seconds: Double) throws -> [Case] {
        let extra = #","max_tokens":\#(TestFleet.budgetMaxTokens)"#
        func make(
            _ name: String, _ fields: [String: Any]?, perSecond: Double, labels: Set<String>
        ) throws -> Case {
            let key = try fleet.makeKey("outage-\(name)")
            var allowance: String?
            if let fields { allowance = try fleet.makeAllowance("outage-\(name)", of: key, fields) }
            let pattern = PacedLoad.Pattern(
                name: name, key: key.text, body: chatBody("chat", "outage of the ledger", extra: extra),
                due: { number in
                    let due = Double(number) / perSecond
                    return due < seconds ? due : nil
                }, replica: { $0 })
            let limit = (fields?["limit_nanodollars"] ?? fields?["limit"]) as? Int64 ?? 0
            return Case(name: name, key: key, pattern: pattern, allowance: allowance, limit: limit, labels: labels)
        }
        func money(_ limit: Int64, mode: String = "strict") -> [String: Any] {
            ["kind": "money", "period": "total", "limit_nanodollars": limit, "mode": mode]
        }
        return [
            // More than is ever spent.
            try make("wide", money(100_000_000_000), perSecond: 12, labels: ["200", Self.away]),
            // Used up soon after the ledger is back, or before it goes.
            try make("narrow", money(200_000_000), perSecond: 8, labels: ["200", Self.away, "402 budget_exceeded"]),
            try make(
                "rate", ["kind": "requests", "period": "minute", "limit": Int64(100), "mode": "strict"], perSecond: 4,
                labels: ["200", Self.away, "429 rate_limit_exceeded"]),
            try make("soft", money(1_000_000, mode: "soft"), perSecond: 4, labels: ["200"]),
            try make("free", nil, perSecond: 4, labels: ["200"]),
        ]
    }

    /// What an answer has to say (docs/errors.md).
    private static let problem: @Sendable (HTTPAnswer) -> String? = { answer in
        switch answer.status {
        case 200: return nil
        case 402, 429: return answer.errorCode == nil ? answer.text : nil
        case 503:
            guard answer.errorCode == "budget_unavailable", answer.errorType == "server_error",
                let seconds = answer.header("retry-after").flatMap({ Int($0) }), (1...60).contains(seconds)
            else { return "\(answer.headers) \(answer.text)" }
            return nil
        default: return "\(answer.status) \(answer.text.prefix(300))"
        }
    }
}

import Foundation
import Synchronization
import TestSupport
import XCTest

/// Budgets that are reserved many times over, and money that lies where nobody asks for it: who is served after all, and how long it waits.
final class EfficiencyTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.lending(controlPlanes: 2)
        try fleet.addBudgetRoute("short", "slow;tokens=\(answerTokens);first=100;chunk=1")
        try fleet.waitUntilConfigured()
        return fleet
    }

    private static let answerTokens = 90
    /// What a request may be charged is 22 times what it is charged.
    private static let maxTokens = 2_000
    private static let burst = 20

    func testBurstIsServedWholeUnderStrict() throws { try serveBurst(mode: "strict") }

    func testBurstIsServedWholeUnderClamp() throws { try serveBurst(mode: "clamp") }

    /// Twenty at once on four replicas: together they cost 45 % of the budget, and could cost ten times as much as there is.
    private func serveBurst(mode: String) throws {
        let fleet = try fleet()
        // The price of the answer, and of the most that the input can be: the request itself is the only one who knows that.
        let probe = try fleet.makeKey("probe-\(mode)")
        try fleet.makeAllowance(
            "probe-\(mode)", of: probe, ["kind": "money", "period": "total", "limit_nanodollars": 1_000_000_000])
        let key = try fleet.makeKey("burst-\(mode)")
        try fleet.waitUntilConfigured()
        let extra = #","max_tokens":\#(Self.maxTokens)"#
        let probed = try fleet.data.caller().chat(probe.text, chatBody("short", "request 10", extra: extra))
        XCTAssertEqual(probed.status, 200, probed.text)
        let sample = try XCTUnwrap(fleet.events(for: [probed.header("x-request-id") ?? ""]).values.first)
        let budget = 2 * sample.reservedNanodollars
        XCTAssertEqual(Double(20 * sample.costNanodollars) / Double(budget), 0.45, accuracy: 0.03)
        let allowance = try fleet.makeAllowance(
            "burst-\(mode)", of: key,
            ["kind": "money", "period": "total", "limit_nanodollars": budget, "mode": mode])
        try fleet.waitUntilConfigured()

        let before = try fleet.stub.lastSequence()
        let answers = Mutex<[(id: String, label: String, took: Int, clamped: String?)]>([])
        let start = monotonicMicroseconds() + 100_000
        for number in 0..<Self.burst {
            let port = fleet.dataPlanes[number % fleet.dataPlanes.count].port
            let body = chatBody("short", "request \(number + 10)", stream: number % 4 == 1, extra: extra)
            Thread {
                let caller = HTTPCaller(port: port, timeout: .seconds(30))
                try? caller.connectIfNeeded()
                usleep(UInt32(max(0, start - monotonicMicroseconds())))
                let began = monotonicMicroseconds()
                let answer = try? caller.chat(key.text, body)
                answers.withLock {
                    $0.append(
                        (
                            answer?.header("x-request-id") ?? "", answer?.label ?? "broken",
                            monotonicMicroseconds() - began, answer?.header("x-weir-clamped-max-tokens")
                        ))
                }
            }.start()
        }
        try waitUntil("all of the burst were answered", timeout: .seconds(40), detail: { fleet.tails }) {
            answers.withLock { $0.count } == Self.burst
        }
        let all = answers.withLock { $0 }
        XCTAssertEqual(all.map(\.label), Array(repeating: "200", count: Self.burst))
        XCTAssertEqual(all.compactMap(\.clamped), [], "there was room for all of it: nothing to clamp")

        let bills = try fleet.stub.ledger(since: before)
        let billed = bills.reduce(0) { $0 + TestFleet.cost($1) }
        XCTAssertEqual(bills.count, Self.burst)
        try fleet.waitUntilSettled(allowance, at: billed)
        XCTAssertLessThanOrEqual(billed, Int64(budget))
        // What was not the provider's time was waiting.
        let provider = Dictionary(bills.map { ($0.requestID, $0.finishedMicroseconds - $0.begunMicroseconds) }) { $1 }
        let waits = all.map { max(0, $0.took - (provider[$0.id] ?? 0)) }.sorted()
        let longest = (provider.values.max() ?? 0) / 1_000
        print(
            "efficiency burst \(mode): served=\(all.filter { $0.label == "200" }.count)/\(Self.burst) "
                + "billed=\(billed * 100 / Int64(budget))% of the budget, waited p50=\(waits[waits.count / 2] / 1_000)ms "
                + "max=\(waits[waits.count - 1] / 1_000)ms, provider's time max=\(longest)ms")
    }

    /// Three replicas have leases that nobody asks them for; the fourth can spend to where no request fits any more.
    func testOneBusyReplicaSpendsTheLastCentThatFits() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("last-cent")
        let limit: Int64 = 100_000_000
        let allowance = try fleet.makeAllowance(
            "last-cent", of: key,
            ["kind": "money", "period": "total", "limit_nanodollars": limit, "mode": "strict"])
        try fleet.waitUntilConfigured()
        let before = try fleet.stub.lastSequence()
        func body(_ number: Int) -> String {
            chatBody("chat", "request \(number + 10_000)", extra: #","max_tokens":\#(TestFleet.budgetMaxTokens)"#)
        }
        for number in 0..<8 {
            let answer = try fleet.dataPlanes[number % 4].caller().chat(key.text, body(number))
            XCTAssertEqual(answer.status, 200, answer.text)
        }
        let lent = try fleet.figures(of: allowance).lent

        let caller = fleet.dataPlanes[3].caller()
        var served = 8
        var slowest = 0
        var refusal: HTTPAnswer?
        for number in 8..<200 where refusal == nil {
            let began = monotonicMicroseconds()
            let answer = try caller.chat(key.text, body(number))
            if answer.status == 200 {
                served += 1
                slowest = max(slowest, monotonicMicroseconds() - began)
            } else {
                refusal = answer
            }
        }
        XCTAssertEqual(refusal?.label, "402 budget_exceeded", refusal?.text ?? "all were served")
        let settled = try fleet.stub.ledger(since: before).reduce(0) { $0 + TestFleet.cost($1) }
        try fleet.waitUntilSettled(allowance, at: settled)
        let worst = try XCTUnwrap(fleet.usageRows(of: key).map(\.reservedNanodollars).max())
        XCTAssertLessThanOrEqual(settled, limit)
        XCTAssertLessThan(limit - settled, worst, "another request would have fitted")
        XCTAssertEqual(refusal?.errorNanodollars("spent_usd"), settled)
        print(
            "efficiency last cent: served=\(served) lent_when_one_was_left=$\(dollars(lent)) "
                + "left=$\(dollars(limit - settled)) of $\(dollars(limit)), a request needs $\(dollars(Int64(worst))), slowest=\(slowest / 1_000)ms"
        )
    }
}

import Foundation
import TestSupport
import XCTest

/// What a budget is charged for answers whose usage never came, and what it gets back before an answer has ended.
final class UnfinishedAnswerTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet { try .lending(dataPlanes: 1) }

    private static let answered = #","max_tokens":\#(TestFleet.budgetMaxTokens)"#

    func testWhoLeavesIsChargedNoLessThanTheProviderBilled() throws {
        let fleet = try fleet()
        // Most of the bill is reasoning, which no chunk shows.
        try fleet.addBudgetRoute("long", "slow;chunk=20;tokens=90;reasoning=100")
        try fleet.addBudgetRoute("cut", "cut-mid-stream;after=5;tokens=90;reasoning=100")
        try fleet.addBudgetRoute("silent", "stall-before-head")
        let key = try fleet.makeKey("leaving")
        let allowance = try fleet.makeAllowance(
            "leaving", of: key, ["kind": "money", "period": "total", "limit_usd": "1"])
        try fleet.waitUntilConfigured()
        let before = try fleet.stub.lastSequence()
        let port = fleet.dataPlanes[0].port

        var pieces = 0
        _ = try HTTPCaller(port: port).chat(key.text, chatBody("long", stream: true, extra: Self.answered)) { _ in
            pieces += 1
            return pieces < 3
        }
        _ = try HTTPCaller(port: port).chat(key.text, chatBody("cut", stream: true, extra: Self.answered))
        let connection = try RawConnection(port: port)
        let body = chatBody("silent", extra: Self.answered)
        try connection.send(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(key.text)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        try waitUntil("the provider has the third request") { try fleet.stub.lastSequence() >= before + 3 }
        connection.close()
        try fleet.waitUntilSettled(allowance)

        let bills = try fleet.stub.ledger(since: before)
        let rows = try fleet.events(for: bills.map(\.requestID))
        XCTAssertEqual(bills.count, 3)
        for bill in bills {
            let row = try XCTUnwrap(rows[bill.requestID])
            XCTAssertFalse(row.usageReported, "\(row)")
            XCTAssertGreaterThanOrEqual(row.costNanodollars, TestFleet.cost(bill), "\(row) against \(bill)")
            XCTAssertLessThanOrEqual(row.costNanodollars, row.reservedNanodollars, "\(row)")
        }
        XCTAssertEqual(rows.values.map(\.outcome).sorted(), ["cancelled", "cancelled", "cut"])
        XCTAssertEqual(try fleet.figures(of: allowance).settled, rows.values.reduce(0) { $0 + $1.costNanodollars })
    }

    func testWhatIsHeldForInputIsFreeOnceTheProviderHasCountedIt() throws {
        let fleet = try fleet()
        // A long prompt is held by its bytes, some four times what it counts.
        try fleet.admin(
            "POST", "models",
            [
                "name": "wordy", "kind": "chat", "max_output_tokens": 100,
                "prices": [["input_picodollars_per_token": 10_000_000, "output_picodollars_per_token": 1_000]],
            ])
        for (name, fault) in [("counting", "usage-every-chunk;tokens=3000;chunk=20"), ("plain", "none")] {
            try fleet.admin(
                "POST", "routes",
                [
                    "name": name,
                    "targets": [["provider": "stub", "model": "wordy", "upstream_model_name": "wordy+\(fault)"]],
                ])
        }
        let key = try fleet.makeKey("tightening")
        try fleet.makeAllowance("tightening", of: key, ["kind": "money", "period": "total", "limit_usd": "0.07"])
        try fleet.waitUntilConfigured()
        let prompt = String(repeating: "four words of text ", count: 200)
        let port = fleet.dataPlanes[0].port

        var second: HTTPAnswer?
        _ = try HTTPCaller(port: port).chat(key.text, chatBody("counting", prompt, stream: true)) { _ in
            // The first is still under way, and without what was held for its input there would not be room for another.
            second = try? HTTPCaller(port: port).chat(key.text, chatBody("plain", prompt))
            return false
        }
        XCTAssertEqual(second?.status, 200, second?.text ?? "")
        let rows = try fleet.events(for: [second?.header("x-request-id") ?? ""])
        XCTAssertGreaterThan(
            rows.values.first?.reservedNanodollars ?? 0, 36_000_000, "two of these do not fit together")
    }
}

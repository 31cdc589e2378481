import Foundation
import Synchronization
import TestSupport
import XCTest

/// `kill -9` of a data plane under load: `make crash`.
///
/// The provider's ledger is the judge: every request it billed must be one event at the control plane, with the provider's
/// numbers where the answer was finished, marked `interrupted` where the crash came first; and no event without a bill,
/// except for a request that the crash caught between its intent and the provider.
final class CrashTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try .standard(stubArguments: ["--first-token-ms=15", "--chunk-ms=4", "--jitter-ms=10"])
    }

    func testKillingADataPlaneLosesNothingAndDoublesNothing() throws {
        let fleet = try fleet()
        let requests = 200
        let key = try fleet.makeKey("crash").text
        try fleet.waitUntilConfigured()

        // Eight callers; a third of the requests are streams. A request that breaks is not sent again: it is what this is about.
        let begun = Mutex(0)
        let completed = Mutex<[String]>([])
        let port = fleet.data.port
        let callers = (0..<8).map { number in
            let thread = Thread {
                let caller = HTTPCaller(port: port, timeout: .seconds(20), keepsConnection: number % 2 == 0)
                while true {
                    let request = begun.withLock { count -> Int? in
                        guard count < requests else { return nil }
                        count += 1
                        return count
                    }
                    guard let request else { return }
                    let body = chatBody(
                        "chat", "request \(request)", stream: request % 3 == 0, extra: #","max_tokens":40"#)
                    // Refused connections are not requests: the process is being started again.
                    while (try? caller.connectIfNeeded()) == nil { usleep(5_000) }
                    guard let answer = try? caller.chat(key, body), answer.status == 200, answer.ending == .complete,
                        request % 3 != 0 || answer.events.last == "[DONE]"
                    else {
                        caller.close()
                        continue
                    }
                    completed.withLock { $0.append(answer.header("x-request-id") ?? "") }
                }
            }
            thread.start()
            return thread
        }
        for crash in [60, 130] {
            try waitUntil("request \(crash) has begun", timeout: .seconds(60)) { begun.withLock { $0 } >= crash }
            fleet.data.kill()
            try fleet.data.start()
        }
        try waitUntil("all callers are done", timeout: .seconds(60)) { callers.allSatisfy(\.isFinished) }

        // Everything has arrived when the provider has nothing open and the data plane nothing left to ship.
        try waitUntil("the provider has finished", timeout: .seconds(20)) {
            try fleet.stub.ledger().allSatisfy { $0.delivery != "open" }
        }
        try waitUntil("the journal is shipped", timeout: .seconds(30), detail: { fleet.tails }) {
            let node = try fleet.list("nodes").first { $0["name"] as? String == fleet.data.name }
            return node?["unacknowledged_records"] as? Int == 0 && (node?["age_ms"] as? Int ?? .max) < 2_000
        }

        let bills = Dictionary(grouping: try fleet.stub.ledger(), by: \.requestID)
        var rows: [UsageRow] = []
        // A heartbeat can be a second older than the last record.
        try? waitUntil("each bill has its event", timeout: .seconds(5)) {
            rows = try fleet.usageRows()
            return Set(bills.keys).isSubset(of: Set(rows.map(\.requestID)))
        }
        let events = Dictionary(grouping: rows, by: \.requestID)
        let lost = bills.keys.filter { events[$0] == nil }
        let doubled = events.filter { $0.value.count > 1 || bills[$0.key]?.count ?? 0 > 1 }.map(\.key)
        let interrupted = rows.filter { $0.outcome == "interrupted" }

        for (id, rows) in events {
            let row = rows[0]
            guard let bill = bills[id]?.first else {
                XCTAssertEqual(row.outcome, "interrupted", "an event without a bill: \(row)")
                continue
            }
            switch row.outcome {
            case "completed":
                XCTAssertEqual(row.inputTokens, bill.promptTokens)
                XCTAssertEqual(row.outputTokens, bill.completionTokens)
                let cost = TestFleet.cost(TestFleet.chatPrice, input: bill.promptTokens, output: bill.completionTokens)
                XCTAssertEqual(row.costNanodollars, cost)
            case "interrupted":
                // Doubt resolves to spent: never less than the provider's bill.
                let cost = TestFleet.cost(TestFleet.chatPrice, input: bill.promptTokens, output: bill.completionTokens)
                XCTAssertGreaterThanOrEqual(row.costNanodollars, cost, "\(row) against \(bill)")
            default: XCTFail("unexpected outcome: \(row)")
            }
        }
        for id in completed.withLock({ $0 }) {
            XCTAssertEqual(events[id]?.first?.outcome, "completed", "the caller had the whole answer of \(id)")
        }
        // The sums that reports are made of agree with the single events.
        try waitUntil("the sums agree") {
            let total = try fleet.admin("GET", "usage")["total"] as? [String: Any]
            return total?["requests"] as? Int == rows.count
                && (total?["cost_nanodollars"] as? NSNumber)?.int64Value == rows.reduce(0) { $0 + $1.costNanodollars }
        }
        XCTAssertGreaterThan(interrupted.count, 0, "the crashes interrupted nothing: they came too early or too late")
        XCTAssertEqual(lost, [])
        XCTAssertEqual(doubled, [])
        print(
            "crash: requests=\(requests) lost=\(lost.count) doubled=\(doubled.count) interrupted=\(interrupted.count)")
    }
}

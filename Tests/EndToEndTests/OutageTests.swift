import TestSupport
import XCTest

/// Control plane and PostgreSQL away: what is served meanwhile, and what is known afterwards.
final class OutageTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet { try .standard(ownPostgres: true) }

    func testRequestsFlowAndEveryEventArrivesOnceThroughAnOutageOfBoth() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("outage").text
        try fleet.waitUntilConfigured()
        var ids: [String] = []
        func serve(_ count: Int, _ phase: String) throws {
            let caller = fleet.data.caller()
            for number in 1...count {
                let answer = try caller.chat(key, chatBody("chat", "\(phase) \(number)", stream: number % 3 == 0))
                XCTAssertEqual(answer.status, 200, "\(phase): \(answer.text)")
                XCTAssertEqual(answer.ending, .complete, phase)
                ids.append(answer.header("x-request-id") ?? "")
            }
        }
        try serve(10, "before")

        // PostgreSQL alone: the control plane says so, callers see nothing.
        try fleet.postgres.stop()
        try serve(20, "without PostgreSQL")
        XCTAssertEqual(try fleet.adminAnswer("GET", "organizations").status, 503)

        fleet.stopControl()
        try serve(20, "without both")
        // A data plane that starts now has only its disk.
        fleet.data.stop()
        try fleet.data.start()
        try serve(20, "after a restart from disk")
        fleet.data.kill()
        try fleet.data.start()
        try serve(20, "after a crash, from disk")

        try fleet.postgres.start()
        try fleet.startControl()
        try serve(10, "after")

        XCTAssertEqual(Set(ids).count, 100)
        let events = try fleet.events(for: ids)
        XCTAssertEqual(events.count, 100)
        let bills = Dictionary(grouping: try fleet.stub.ledger(), by: \.requestID)
        for (id, event) in events {
            XCTAssertEqual(event.outcome, "completed")
            XCTAssertEqual(bills[id]?.count, 1)
            XCTAssertEqual(event.inputTokens, bills[id]?.first?.promptTokens)
            XCTAssertEqual(event.outputTokens, bills[id]?.first?.completionTokens)
        }
        try waitUntil("the sums agree with the events") {
            let total = try fleet.admin("GET", "usage")["total"] as? [String: Any]
            return total?["requests"] as? Int == 100
                && total?["output_tokens"] as? Int == events.values.reduce(0) { $0 + $1.outputTokens }
        }
        try waitUntil("the journal is acknowledged") {
            try fleet.list("nodes").allSatisfy { $0["unacknowledged_records"] as? Int == 0 }
        }
    }
}

import Glibc
import TestSupport
import XCTest

/// Callers that leave, and a data plane that is told to end.
final class LifecycleTests: FleetTestCase {
    private func key(_ name: String = #function) throws -> String {
        let fleet = try fleet()
        let key = try fleet.makeKey(String(name.prefix { $0 != "(" }))
        try fleet.waitUntilConfigured()
        return key.text
    }

    private func bill(_ fleet: TestFleet, after sequence: Int, _ what: String) throws -> StubNode.Bill {
        var last: StubNode.Bill?
        try waitUntil(what, timeout: .seconds(5), detail: { "\(last.map { "\($0)" } ?? "no bill")" }) {
            last = try fleet.stub.ledger(since: sequence).last
            return last.map { $0.delivery != "open" } ?? false
        }
        return try XCTUnwrap(last)
    }

    func testUpstreamIsCancelledWhenTheCallerLeavesAStream() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("endless", "slow;chunk=20;tokens=2000")
        let key = try key()
        let before = try fleet.stub.lastSequence()
        var pieces = 0
        _ = try fleet.data.caller().chat(key, chatBody("endless", stream: true)) { _ in
            pieces += 1
            return pieces < 3
        }
        let bill = try bill(fleet, after: before, "the provider notices that nobody listens")
        XCTAssertEqual(bill.delivery, "partial")
        XCTAssertLessThan(bill.completionTokens, 200)
        let event = try XCTUnwrap(try fleet.events(for: [bill.requestID])[bill.requestID])
        XCTAssertEqual(event.outcome, "cancelled")
        XCTAssertGreaterThan(event.costNanodollars, 0, "what was produced is charged")
    }

    func testUpstreamIsCancelledWhenTheCallerLeavesBeforeThePlainAnswer() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("silent", "stall-before-head")
        let key = try key()
        let before = try fleet.stub.lastSequence()
        let connection = try RawConnection(port: fleet.data.port)
        let body = chatBody("silent")
        try connection.send(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(key)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        try waitUntil("the provider has the request") { try fleet.stub.lastSequence() > before }
        connection.close()
        let bill = try bill(fleet, after: before, "the provider notices that nobody waits")
        XCTAssertEqual(bill.delivery, "none")
        let event = try XCTUnwrap(try fleet.events(for: [bill.requestID])[bill.requestID])
        XCTAssertEqual(event.outcome, "cancelled")
    }

    func testDrainFinishesStreamsAndShipsTheJournal() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("steady", "slow;chunk=15;tokens=120")
        let key = try key()
        let node = try fleet.addDataPlane("draining", environment: ["STUB_KEY": "sk-stub"])
        try fleet.waitUntilConfigured()
        let process = try XCTUnwrap(node.process)
        var isAsked = false
        let answer = try node.caller().chat(key, chatBody("steady", stream: true)) { _ in
            if !isAsked {
                isAsked = true
                process.send(signal: SIGTERM)
            }
            return true
        }
        XCTAssertEqual(answer.ending, .complete)
        XCTAssertEqual(answer.events.last, "[DONE]")
        XCTAssertEqual(process.waitForExit(timeout: .seconds(15)), .status(0), process.tail())
        let id = try XCTUnwrap(answer.header("x-request-id"))
        // It has ended, so nothing but its own last shipment can have brought the event.
        XCTAssertEqual(try fleet.usageRows().first { $0.requestID == id }?.outcome, "completed")
        XCTAssertNotNil(node.stop())
    }

    func testReadinessGoesOffAndNewConnectionsAreRefusedWhileDraining() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("long", "slow;chunk=20;tokens=100")
        let key = try key()
        let node = try fleet.addDataPlane("refusing", environment: ["STUB_KEY": "sk-stub"])
        try fleet.waitUntilConfigured()
        let process = try XCTUnwrap(node.process)
        var readiness: [Int] = []
        var isRefused = false
        let answer = try node.caller().chat(key, chatBody("long", stream: true)) { _ in
            process.send(signal: SIGTERM)
            readiness.append((try? node.readiness().status) ?? 0)
            isRefused = isRefused || ((try? node.caller().chat(key, chatBody("chat")))?.status ?? 503) == 503
            return true
        }
        XCTAssertEqual(answer.events.last, "[DONE]")
        XCTAssertTrue(readiness.contains { $0 == 503 || $0 == 0 }, "\(readiness)")
        XCTAssertTrue(isRefused)
        process.waitForExit(timeout: .seconds(15))
        node.stop()
    }
}

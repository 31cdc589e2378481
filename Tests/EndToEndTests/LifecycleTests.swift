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
            // A second one would end it at once.
            if readiness.isEmpty { process.send(signal: SIGTERM) }
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

    /// A data plane with a request's stream under way, and what its caller gets in the end.
    private func streamDuringStop(
        _ name: String, arguments: [String], stop: @escaping (ChildProcess, DataNode) throws -> Void
    ) throws -> (answer: HTTPAnswer, process: ChildProcess) {
        let fleet = try fleet()
        try fleet.addFaultyRoute(name, "slow;chunk=20;tokens=3000")
        let key = try key(name)
        let node = try fleet.addDataPlane(name, arguments: arguments, environment: ["STUB_KEY": "sk-stub"])
        defer { node.kill() }
        try fleet.waitUntilConfigured()
        let process = try XCTUnwrap(node.process)
        var isAsked = false
        var failure: (any Error)?
        let answer = try node.caller().chat(key, chatBody(name, stream: true)) { _ in
            if !isAsked {
                isAsked = true
                process.send(signal: SIGTERM)
                do { try stop(process, node) } catch { failure = error }
            }
            return true
        }
        if let failure { throw failure }
        process.waitForExit(timeout: .seconds(15))
        return (answer, process)
    }

    func testAStreamThatOutlivesTheDrainTimeEndsWithAnErrorEvent() throws {
        let (answer, process) = try streamDuringStop(
            "outliving", arguments: ["--drain-timeout-milliseconds=300"], stop: { _, _ in })
        XCTAssertEqual(answer.status, 200)
        XCTAssertEqual(answer.ending, .cut, "never an ending that looks like one")
        XCTAssertFalse(answer.events.contains("[DONE]"))
        XCTAssertTrue(answer.events.last?.contains("stream_interrupted") ?? false, answer.events.last ?? "nothing")
        XCTAssertEqual(process.waitForExit(timeout: .seconds(10)), .status(3), "not all was done")
        let id = try XCTUnwrap(answer.header("x-request-id"))
        let rows = try fleet().usageRows()
        XCTAssertEqual(rows.first { $0.requestID == id }?.outcome, "cut", "\(rows)\n\(process.tail())")
    }

    func testASecondSignalEndsItAtOnce() throws {
        let (answer, process) = try streamDuringStop("twice", arguments: []) { process, _ in
            try waitUntil("the first signal was taken") { process.output.contains("stopping") }
            process.send(signal: SIGTERM)
        }
        XCTAssertNotEqual(answer.ending, .complete)
        XCTAssertEqual(process.waitForExit(timeout: .seconds(5)), .status(3))
    }

    func testCallersAreServedAndToldToGoWhileLoadBalancersNotice() throws {
        let fleet = try fleet()
        let key = try key()
        let node = try fleet.addDataPlane(
            "announcing", arguments: ["--drain-announce-milliseconds=1500"], environment: ["STUB_KEY": "sk-stub"])
        defer { node.stop() }
        try fleet.waitUntilConfigured()
        let process = try XCTUnwrap(node.process)
        let kept = node.caller()
        XCTAssertNil(try kept.chat(key, chatBody("chat")).header("connection"))
        process.send(signal: SIGTERM)
        try waitUntil("it says so") { try node.readiness().status == 503 }
        XCTAssertEqual(try node.readiness().json["reasons"] as? [String], ["draining"])
        let onKept = try kept.chat(key, chatBody("chat"))
        XCTAssertEqual([onKept.status, onKept.header("connection") == "close" ? 1 : 0], [200, 1])
        let onNew = try node.caller().chat(key, chatBody("chat"))
        XCTAssertEqual([onNew.status, onNew.header("connection") == "close" ? 1 : 0], [200, 1])
        XCTAssertEqual(process.waitForExit(timeout: .seconds(10)), .status(0), process.tail())
    }
}

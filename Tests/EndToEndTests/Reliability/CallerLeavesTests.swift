import Foundation
import Glibc
import TestSupport
import XCTest

/// What becomes of answers whose callers leave, at providers that drain and at those that cancel: judged by the provider's own bill.
final class CallerLeavesTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard()
        for transport in ["direct", "curl"] {
            try fleet.admin(
                "POST", "providers",
                [
                    "name": transport, "base_url": fleet.stub.baseURL, "credential": "stub", "transport": transport,
                    "when_caller_leaves": "drain", "idle_timeout_ms": 1_000,
                ])
        }
        try fleet.admin(
            "POST", "providers",
            ["name": "cancel", "base_url": fleet.stub.baseURL, "credential": "stub", "when_caller_leaves": "cancel"])
        try fleet.waitUntilConfigured()
        return fleet
    }

    private func route(_ fleet: TestFleet, _ provider: String, _ fault: String, name: String = #function) throws -> (
        route: String, key: String
    ) {
        let route = "\(name.prefix { $0 != "(" })-\(provider)"
        try fleet.addRoute(
            route,
            [
                [
                    "provider": provider, "model": "gpt-4o-mini",
                    "upstream_model_name": "\(route)-\(UUID().uuidString)+\(fault)",
                ]
            ])
        let key = try fleet.makeKey(route).text
        try fleet.waitUntilConfigured()
        return (route, key)
    }

    /// The caller asks, and leaves when the provider has the request and `after` pieces of the answer are here.
    private func leave(
        _ node: DataNode, _ stub: StubNode, _ key: String, _ body: String, after pieces: Int
    ) throws -> Int {
        let before = try stub.lastSequence()
        guard pieces == 0 else {
            var seen = 0
            _ = try node.caller().chat(key, body) { _ in
                seen += 1
                return seen < pieces
            }
            return before
        }
        let connection = try RawConnection(port: node.port)
        try connection.send(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\nx-weir-explain: 1\r\nauthorization: Bearer \(key)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        try waitUntil("the provider has the request") { try stub.lastSequence() > before }
        connection.close()
        return before
    }

    /// The finished bill of the only request after `sequence`.
    private func bill(_ fleet: TestFleet, after sequence: Int) throws -> StubNode.Bill {
        var last: StubNode.Bill?
        try waitUntil("the provider is done", timeout: .seconds(10), detail: { "\(String(describing: last))" }) {
            last = try fleet.stub.ledger(since: sequence).last
            return last.map { $0.delivery != "open" } ?? false
        }
        return try XCTUnwrap(last)
    }

    private func endings(_ ending: String, _ node: DataNode) throws -> Int {
        let text = try HTTPCaller(port: node.opsPort).send("GET", "/metrics").text
        let line = text.split(separator: "\n").first { $0.hasPrefix(#"weir_orphans_total{ending="\#(ending)"}"#) }
        return line.flatMap { $0.split(separator: " ").last.flatMap { Int($0) } } ?? 0
    }

    // MARK: drain

    /// In the middle of a stream, before its first event, and before and in the middle of a plain answer.
    func testADrainedAnswerIsChargedByTheProvidersOwnFinalUsage() throws {
        let fleet = try fleet()
        let cases = [
            ("middle", "slow;chunk=5;tokens=80", true, 3), ("before", "slow;first=300;tokens=20", true, 0),
            ("plain", "slow;first=300;tokens=30", false, 0), ("large", "huge-answer;bytes=3000000", false, 2),
            ("large-stream", "huge-answer;bytes=800000", true, 2),
        ]
        var left: [(what: String, pieces: Int, bill: StubNode.Bill)] = []
        for transport in ["direct", "curl"] {
            for (what, fault, isStream, pieces) in cases {
                let (route, key) = try route(fleet, transport, fault, name: "drained-\(what)")
                let whole = try endings("whole", fleet.data)
                let before = try leave(
                    fleet.data, fleet.stub, key, chatBody(route, stream: isStream, extra: #","max_tokens":2000000"#),
                    after: pieces)
                left.append(("\(what) \(transport)", pieces, try bill(fleet, after: before)))
                try waitUntil("it is read to its end", detail: { what }) {
                    try endings("whole", fleet.data) == whole + 1
                }
            }
        }
        XCTAssertEqual(try fleet.data.metric("weir_orphans"), 0)
        let events = try fleet.events(for: left.map(\.bill.requestID))
        for (what, pieces, bill) in left {
            XCTAssertEqual(bill.delivery, "whole", what)
            let event = try XCTUnwrap(events[bill.requestID])
            XCTAssertEqual(event.outcome, "cancelled", what)
            XCTAssertEqual(event.status, pieces == 0 ? 499 : 200, what)
            XCTAssertTrue(event.usageReported, what)
            XCTAssertEqual([event.inputTokens, event.outputTokens], [bill.promptTokens, bill.completionTokens], what)
            XCTAssertEqual(
                event.costNanodollars,
                TestFleet.cost(TestFleet.chatPrice, input: bill.promptTokens, output: bill.completionTokens), what)
        }
    }

    /// A hedged request whose caller leaves after the race is one like others.
    func testTheWinnerOfTwoAttemptsIsDrainedToo() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("hedged").text
        try fleet.addRoute(
            "hedged",
            [["provider": "direct", "model": "gpt-4o-mini", "upstream_model_name": "hedged+slow;chunk=5;tokens=80"]],
            fields: ["hedge": ["after_ms": 60_000]])
        try fleet.waitUntilConfigured()
        let before = try leave(fleet.data, fleet.stub, key, chatBody("hedged", stream: true), after: 3)
        let bill = try bill(fleet, after: before)
        let event = try XCTUnwrap(try fleet.events(for: [bill.requestID])[bill.requestID])
        XCTAssertEqual([bill.delivery, event.outcome], ["whole", "cancelled"])
        XCTAssertEqual(event.outputTokens, bill.completionTokens)
    }

    func testTheSlotIsHeldUntilTheProviderIsDone() throws {
        let fleet = try fleet()
        let (route, _) = try route(fleet, "direct", "slow;chunk=20;tokens=60")
        let (other, _) = try self.route(fleet, "cancel", "none")
        let slots = try fleet.makeKey("slots")
        _ = try fleet.makeAllowance("slots of a drain", of: slots, ["kind": "slots", "limit": 1])
        try fleet.waitUntilConfigured()
        let before = try leave(fleet.data, fleet.stub, slots.text, chatBody(route, stream: true), after: 2)
        try waitUntil("the drain is under way") { try fleet.data.metric("weir_orphans") == 1 }
        // It waits for the slot, and gets it when the provider has ended.
        let answer = try fleet.data.caller().chat(slots.text, chatBody(other))
        XCTAssertEqual(answer.status, 200, answer.text)
        let bills = try fleet.stub.ledger(since: before)
        let drained = try XCTUnwrap(bills.first { $0.isStream })
        let next = try XCTUnwrap(bills.first { !$0.isStream })
        XCTAssertEqual(drained.delivery, "whole")
        XCTAssertGreaterThanOrEqual(next.begunMicroseconds, drained.finishedMicroseconds)
    }

    func testAProviderThatBreaksOffEndsTheDrain() throws {
        let fleet = try fleet()
        for fault in ["cut-mid-stream;after=40;chunk=5", "stall-mid-stream;after=40;chunk=5"] {
            let (route, key) = try route(fleet, "direct", fault + ";tokens=400", name: "broken-\(fault.prefix(3))")
            let broken = try endings("broken", fleet.data)
            let before = try leave(fleet.data, fleet.stub, key, chatBody(route, stream: true), after: 2)
            let bill = try bill(fleet, after: before)
            let event = try XCTUnwrap(try fleet.events(for: [bill.requestID])[bill.requestID])
            XCTAssertEqual(event.outcome, "cancelled")
            XCTAssertFalse(event.usageReported)
            XCTAssertGreaterThan(event.costNanodollars, 0)
            XCTAssertEqual(try endings("broken", fleet.data), broken + 1)
        }
    }

    func testAnAttemptThatFailsAfterItsCallerLeftLeadsToNoOtherAndIsNotCharged() throws {
        let fleet = try fleet()
        try fleet.admin(
            "POST", "providers",
            [
                "name": "late", "base_url": fleet.stub.baseURL, "credential": "stub", "when_caller_leaves": "drain",
                "first_token_timeout_ms": 500,
            ])
        try fleet.addRoute(
            "late",
            [
                ["provider": "late", "model": "gpt-4o-mini", "upstream_model_name": "late+stall-before-head"],
                ["provider": "direct", "model": "gpt-4o-mini", "upstream_model_name": "after-late"],
            ])
        let key = try fleet.makeKey("late", ["may_explain": true]).text
        try fleet.waitUntilConfigured()
        let before = try leave(fleet.data, fleet.stub, key, chatBody("late"), after: 0)
        let bill = try bill(fleet, after: before)
        let event = try XCTUnwrap(try fleet.events(for: [bill.requestID])[bill.requestID])
        XCTAssertEqual(event.outcome, "cancelled")
        XCTAssertEqual([event.status, event.attempts, Int(event.costNanodollars)], [499, 1, 0])
        XCTAssertEqual(try fleet.stub.lastSequence(), before + 1, "nobody asked the next target")
        XCTAssertGreaterThanOrEqual(try endings("broken", fleet.data), 1)
        let explanation = try fleet.explanation(of: bill.requestID)
        let attempts = try XCTUnwrap(explanation["attempts"] as? [[String: Any]])
        XCTAssertEqual(attempts.map { $0["outcome"] as? String }, ["first_token_timeout"], "\(explanation)")
        XCTAssertEqual(attempts.map { $0["target"] as? String }, ["late/gpt-4o-mini"])
        XCTAssertEqual(explanation["outcome"] as? String, "cancelled")
    }

    func testAStoppingProcessEndsDrains() throws {
        let fleet = try fleet()
        let (route, key) = try route(fleet, "direct", "slow;chunk=50;tokens=2000")
        let node = try fleet.addDataPlane(
            "stopping", arguments: ["--drain-timeout-milliseconds=300"], environment: ["STUB_KEY": "sk-stub"])
        try fleet.waitUntilConfigured()
        let before = try leave(node, fleet.stub, key, chatBody(route, stream: true), after: 2)
        try waitUntil("the drain is under way") { try node.metric("weir_orphans") == 1 }
        let began = monotonicMicroseconds()
        let exit = node.stop(timeout: .seconds(15))
        XCTAssertNotNil(exit)
        XCTAssertLessThan(monotonicMicroseconds() - began, 8_000_000)
        let bill = try bill(fleet, after: before)
        XCTAssertEqual(bill.delivery, "partial")
        XCTAssertLessThan(bill.completionTokens, 1_000)
        let event = try XCTUnwrap(try fleet.events(for: [bill.requestID])[bill.requestID])
        XCTAssertEqual(event.outcome, "cancelled")
        XCTAssertFalse(event.usageReported)
    }

    // MARK: cancel

    func testACancellingProviderSeesItsConnectionCloseAtOnce() throws {
        let fleet = try fleet()
        for (what, fault, isStream, pieces) in [
            ("middle", "slow;chunk=10;tokens=2000", true, 3), ("before", "slow;first=20000;tokens=20", true, 0),
            ("plain", "slow;first=20000;tokens=30", false, 0),
        ] {
            let (route, key) = try route(fleet, "cancel", fault, name: "cancelled-\(what)")
            let before = try leave(fleet.data, fleet.stub, key, chatBody(route, stream: isStream), after: pieces)
            let left = monotonicMicroseconds()
            let bill = try bill(fleet, after: before)
            XCTAssertNotEqual(bill.delivery, "whole", what)
            XCTAssertLessThan(bill.finishedMicroseconds - left, 1_000_000, what)
            let event = try XCTUnwrap(try fleet.events(for: [bill.requestID])[bill.requestID])
            XCTAssertEqual(event.outcome, "cancelled", what)
            XCTAssertFalse(event.usageReported, what)
        }
    }
}

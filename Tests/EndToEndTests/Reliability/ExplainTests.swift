import Foundation
import TestSupport
import XCTest

/// How a request went, told to those who may ask: in the head of the answer, and afterwards by the control plane and `weir explain`.
final class ExplainTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            for name in ["a", "b"] { try fleet.addStub(name, ["--key=sk-stub"]) }
            try fleet.addDataPlane(arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
            try fleet.addTenant()
            try fleet.addProvidersOfStubs()
            try fleet.admin(
                "POST", "models",
                ["name": "gpt-4o-mini", "kind": "chat", "max_output_tokens": 100, "prices": [TestFleet.chatPrice]])
        }
    }

    private static let asking = [("x-weir-explain", "1")]

    private func targets(_ name: String) -> [[String: Any]] {
        ["a", "b"].map { ["provider": $0, "model": "gpt-4o-mini", "upstream_model_name": "\(name)-\($0)"] }
    }

    /// What the header of an answer says.
    private func head(_ answer: HTTPAnswer) throws -> [String: Any] {
        let text = try XCTUnwrap(answer.header("x-weir-explain"), "\(answer.status) \(answer.text)")
        XCTAssertTrue(text.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
        return try XCTUnwrap(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    func testAFallbackIsExplainedInTheHeadAndAfterwards() throws {
        let fleet = try fleet()
        try fleet.addRoute(
            "explained", strategy: "priority", targets("explained"),
            fields: [
                "rules": [
                    ["name": "streams", "when": ["stream": true], "targets": targets("explained-rule")],
                    ["name": "other", "when": ["end_users": ["nobody"]], "targets": targets("explained-other")],
                ]
            ])
        let key = try fleet.makeKey("explained", ["may_explain": true])
        try fleet.admin(
            "POST", "allowances",
            [
                "name": "explained", "virtual_key": key.id, "kind": "money", "period": "total", "limit_usd": "1",
            ])
        try fleet.waitUntilConfigured()
        try fleet.stubs[0].script("status-503")
        let answer = try fleet.data.caller().chat(
            key.text, chatBody("explained", extra: #","max_tokens":3"#), headers: Self.asking)
        XCTAssertEqual(answer.status, 200, answer.text)
        let id = try XCTUnwrap(answer.header("x-request-id"))
        let head = try head(answer)
        XCTAssertEqual(head["request_id"] as? String, id)
        XCTAssertNil(head["status"], "the request was not over")

        let explanation = try fleet.explanation(of: id)
        XCTAssertEqual(explanation["route"] as? String, "explained")
        XCTAssertEqual(explanation["virtual_key_id"] as? String, key.keyID)
        XCTAssertTrue(explanation["rule"] is NSNull)
        let rules = try XCTUnwrap(explanation["rules"] as? [[String: Any]])
        XCTAssertEqual(rules.map { $0["name"] as? String }, ["streams", "other"])
        XCTAssertEqual(rules.map { $0["holds"] as? Bool }, [false, false])
        let candidates = try XCTUnwrap(explanation["candidates"] as? [[String: Any]])
        XCTAssertEqual(candidates.map { $0["upstream_model"] as? String }, ["explained-a", "explained-b"])
        XCTAssertEqual(candidates.map { $0["state"] as? String }, ["available", "available"])
        XCTAssertGreaterThan(try XCTUnwrap(candidates[0]["cost_nanodollars"] as? Int), 0)
        let attempts = try XCTUnwrap(explanation["attempts"] as? [[String: Any]])
        XCTAssertEqual(attempts.map { $0["target"] as? String }, ["a/gpt-4o-mini", "b/gpt-4o-mini"])
        XCTAssertEqual(attempts.map { $0["outcome"] as? String }, ["server_error", "answered"])
        let times = attempts.flatMap { [$0["began_us"] as? Int, $0["ended_us"] as? Int] }.compactMap { $0 }
        XCTAssertEqual(times, times.sorted())
        XCTAssertEqual(times.count, 4)
        let reservations = try XCTUnwrap(explanation["reservations"] as? [[String: Any]])
        XCTAssertEqual(reservations.map { $0["kind"] as? String }, ["money"])
        let stages = try XCTUnwrap(explanation["stages"] as? [[String: Any]])
        XCTAssertEqual(
            stages.map { $0["stage"] as? String }, ["authenticate", "parse", "route", "admit", "attempt"])
        XCTAssertEqual(explanation["status"] as? Int, 200)
        XCTAssertEqual(explanation["outcome"] as? String, "completed")
        XCTAssertTrue(explanation["error"] is NSNull)
        let event = try XCTUnwrap(fleet.events(for: [id])[id])
        XCTAssertEqual(explanation["cost_nanodollars"] as? Int64, event.costNanodollars)

        let text = try fleet.weir(["explain", id])
        for line in [
            "request   \(id)", "answer    200 completed", "no     streams", "server_error", "a/gpt-4o-mini",
            "authenticate",
        ] { XCTAssertTrue(text.contains(line), "\(line) in\n\(text)") }
    }

    func testTheRuleThatDecidedAndTheTargetsThatAreOutAreNamed() throws {
        let fleet = try fleet()
        try fleet.addRoute(
            "ruled-explained", strategy: "priority", targets("ruled-explained"),
            fields: [
                "retries_max": 0,
                "rules": [["name": "streams", "when": ["stream": true], "targets": targets("ruled-explained-rule")]],
            ])
        let key = try fleet.makeKey("ruled-explained", ["may_explain": true]).text
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        let body = chatBody("ruled-explained", stream: true, extra: #","max_tokens":1"#)
        try fleet.stubs[0].script("status-429;retry-after=60")
        XCTAssertEqual(try caller.chat(key, body).status, 200)
        let head = try head(try caller.chat(key, body, headers: Self.asking))
        XCTAssertEqual(head["rule"] as? String, "streams")
        let candidates = try XCTUnwrap(head["candidates"] as? [[String: Any]])
        // The plan begins with the one that is not out.
        XCTAssertEqual(candidates.map { $0["state"] as? String }, ["available", "cooling"])
        XCTAssertGreaterThan(try XCTUnwrap(candidates[1]["available_in_ms"] as? Int), 1_000)
    }

    func testARefusalIsExplainedAsFarAsItCame() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("refused-explained", ["may_explain": true]).text
        try fleet.waitUntilConfigured()
        let answer = try fleet.data.caller().chat(key, chatBody("no-such-model"), headers: Self.asking)
        XCTAssertEqual(answer.status, 404)
        XCTAssertTrue(try head(answer)["route"] is NSNull)
        let explanation = try fleet.explanation(of: try XCTUnwrap(answer.header("x-request-id")))
        XCTAssertEqual(explanation["error"] as? String, "model_not_found")
        XCTAssertEqual(explanation["status"] as? Int, 404)
    }

    func testWhoMayNotAskIsToldNothing() throws {
        let fleet = try fleet()
        try fleet.addRoute("unexplained", strategy: "priority", targets("unexplained"))
        let key = try fleet.makeKey("unexplained").text
        let asking = try fleet.makeKey("explaining", ["may_explain": true]).text
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        let body = chatBody("unexplained", extra: #","max_tokens":1"#)
        let refused = try caller.chat(key, body, headers: Self.asking)
        XCTAssertEqual(refused.status, 200)
        XCTAssertNil(refused.header("x-weir-explain"))
        for headers in [[], [("x-weir-explain", "0")], [("x-weir-other", "1")]] {
            XCTAssertNil(try caller.chat(asking, body, headers: headers).header("x-weir-explain"))
        }
        // What goes upstream says nothing of it.
        let asked = try caller.chat(asking, body, headers: Self.asking)
        let received = try fleet.stubs[0].received(try XCTUnwrap(asked.header("x-request-id")))
        XCTAssertFalse(try XCTUnwrap(received.first).head.lowercased().contains("x-weir"))
        _ = try fleet.explanation(of: try XCTUnwrap(asked.header("x-request-id")))
        let answer = try fleet.adminAnswer("GET", "explanations/\(try XCTUnwrap(refused.header("x-request-id")))")
        XCTAssertEqual(answer.status, 404)
        XCTAssertTrue(answer.text.contains("may_explain"), answer.text)
    }
}

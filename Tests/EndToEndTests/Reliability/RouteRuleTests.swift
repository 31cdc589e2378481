import Foundation
import TestSupport
import XCTest

/// Rules of routes, groups of targets and canaries, through a real control plane, data plane and providers.
final class RouteRuleTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            for name in ["a", "b", "c"] { try fleet.addStub(name, ["--key=sk-stub", "--requests-max=0"]) }
            try fleet.addDataPlane(
                "data-1", arguments: ["--threads=1", "--access-log=\(fleet.folder)/access.log"],
                environment: ["STUB_KEY": "sk-stub"])
            try fleet.addTenant()
            try fleet.admin("POST", "teams", ["name": "other", "organization": "organization"])
            try fleet.addProvidersOfStubs()
            let price = ["input_picodollars_per_token": 100_000, "output_picodollars_per_token": 400_000]
            for name in ["plain", "limited"] {
                try fleet.admin("POST", "models", ["name": name, "kind": "chat", "prices": [price]])
            }
        }
    }

    /// The health of a target is that of its name upstream; each list has its own.
    private static func target(_ provider: String, _ upstream: String, model: String = "plain") -> [String: Any] {
        ["provider": provider, "model": model, "upstream_model_name": upstream]
    }

    private static func rule(
        _ name: String, _ when: [String: Any], _ provider: String = "b", model: String = "plain"
    ) -> [String: Any] {
        ["name": name, "when": when, "targets": [target(provider, "rule-\(name)", model: model)]]
    }

    private func provider(_ answer: HTTPAnswer) -> String {
        answer.header("x-weir-target")?.split(separator: "/").first.map(String.init) ?? ""
    }

    func testTheFirstRuleThatHoldsDecides() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("rules", ["tags": ["tier": "gold"]])
        let other = try fleet.makeKey("rules-other", ["team": "other"])
        let today: [String: Any] = ["from": "00:00", "to": "00:00"]
        try fleet.addRoute(
            "ruled", [Self.target("a", "ruled")],
            fields: [
                "rules": [
                    Self.rule("never", ["time": today, "keys": [other.keyID], "tags": ["tier": ["gold"]]]),
                    Self.rule("other-team", ["teams": ["other"]], "c"),
                    Self.rule("streams", ["stream": true, "not": ["has": ["tools"]]]),
                    Self.rule("tools", ["has": ["tools"], "tags": ["tier": ["gold", "silver"]]], "c"),
                    Self.rule("schema", ["has": ["json_schema"]]),
                    Self.rule("header", ["headers": ["X-Tier": ["gold"]]]),
                    Self.rule("metadata", ["metadata": ["env": ["prod"]]]),
                    Self.rule("user", ["end_users": ["ada"]]),
                    Self.rule("refund", ["last_user_message_matches": "(?i)\\brefunds?\\b"]),
                    Self.rule("german", ["languages": ["de"]]),
                    Self.rule("long", ["estimated_input_tokens": ["min": 500]]),
                ]
            ])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        func ask(
            _ rule: String?, _ expected: String, _ text: String = "hello", extra: String = "", stream: Bool = false,
            headers: [(String, String)] = [], key: String? = nil, file: StaticString = #filePath, line: UInt = #line
        ) throws {
            let answer = try caller.chat(
                key ?? fleetKey, chatBody("ruled", text, stream: stream, extra: extra + #","max_tokens":1"#),
                headers: headers)
            XCTAssertEqual(answer.status, 200, answer.text, file: file, line: line)
            XCTAssertEqual(answer.header("x-weir-rule"), rule, file: file, line: line)
            XCTAssertEqual(provider(answer), expected, file: file, line: line)
        }
        let fleetKey = key.text
        try ask(nil, "a")
        try ask("other-team", "c", key: other.text)
        try ask("streams", "b", stream: true)
        let tools = #","tools":[{"type":"function","function":{"name":"f"}}]"#
        try ask("tools", "c", extra: tools)
        try ask("tools", "c", extra: tools, stream: true)
        try ask(
            "schema", "b", extra: #","response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{}}}"#)
        try ask("header", "b", headers: [("x-tier", "gold")])
        try ask(nil, "a", headers: [("x-tier", "silver")])
        try ask("metadata", "b", extra: #","metadata":{"env":"prod"}"#)
        try ask(nil, "a", extra: #","metadata":{"env":"dev"}"#)
        try ask("user", "b", extra: #","user":"ada""#)
        try ask("refund", "b", "I want a REFUND.")
        try ask("german", "b", "Wie kann ich das Paket zurückgeben, und wann ist das Geld da?")
        try ask("long", "b", String(repeating: "lorem ipsum ", count: 400))

        XCTAssertEqual(try fleet.data.metric(#"weir_rule_requests_total{route="ruled",rule="tools"}"#), 2)
        XCTAssertEqual(try fleet.data.metric(#"weir_rule_requests_total{route="ruled",rule="streams"}"#), 1)
        XCTAssertEqual(try fleet.data.metric(#"weir_rule_requests_total{route="ruled",rule="never"}"#), 0)
        try waitUntil("the access log names the rules") {
            let lines = try String(contentsOfFile: "\(fleet.folder)/access.log", encoding: .utf8).split(separator: "\n")
            return lines.count { $0.contains(#""route":"ruled","rule":"tools""#) } == 2
                && lines.contains { $0.contains(#""route":"ruled""#) && !$0.contains(#""rule""#) }
        }
    }

    func testACanaryKeepsItsCallersAsItGrows() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("canary").text
        func rules(_ percent: Double) -> [[String: Any]] {
            [Self.rule("canary", ["canary": ["percent": percent, "by": "end_user"]])]
        }
        try fleet.addRoute("canary", [Self.target("a", "canary")], fields: ["rules": rules(10)])
        let route = try XCTUnwrap(try fleet.list("routes?name=canary").first?["id"] as? String)
        let caller = fleet.data.caller()
        let users = 400
        func taken() throws -> Set<Int> {
            try fleet.waitUntilConfigured()
            return Set(
                try (0..<users).filter { user in
                    let answer = try caller.chat(
                        key, chatBody("canary", extra: #","user":"user-\#(user)","max_tokens":1"#))
                    XCTAssertEqual(answer.status, 200)
                    XCTAssertEqual(answer.header("x-weir-rule") == nil, provider(answer) == "a")
                    return provider(answer) == "b"
                })
        }
        func set(_ percent: Double) throws {
            let answer = try fleet.adminAnswer(
                "PATCH", "routes/\(route)", ["rules": rules(percent)], headers: [("if-match", "*")])
            XCTAssertEqual(answer.status, 200, answer.text)
        }
        let tenth = try taken()
        XCTAssertEqual(try taken(), tenth, "the same ones again")
        try set(33.33)
        let third = try taken()
        XCTAssertTrue(third.isSuperset(of: tenth))
        try set(0)
        XCTAssertEqual(try taken(), [])
        XCTAssertEqual(Double(tenth.count) / Double(users), 0.1, accuracy: 0.05)
        XCTAssertEqual(Double(third.count) / Double(users), 0.3333, accuracy: 0.08)
        print("rules: canary 10%: \(tenth.count)/\(users), 33.33%: \(third.count)/\(users), 0%: 0/\(users)")
    }

    func testGroupsShareTrafficAndFailFromTheInsideOut() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("nested").text
        // Half to a; half to the pair of b and c, of which b is first.
        try fleet.addRoute(
            "nested", strategy: "weighted",
            [
                Self.target("a", "nested"),
                ["strategy": "priority", "targets": [Self.target("b", "nested"), Self.target("c", "nested")]],
            ])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        let body = chatBody("nested", extra: #","max_tokens":1"#)
        func ask() throws -> (provider: String, attempts: String?) {
            let answer = try caller.chat(key, body)
            XCTAssertEqual(answer.status, 200, answer.text)
            return (provider(answer), answer.header("x-weir-attempts"))
        }
        XCTAssertEqual(
            try (0..<10).map { _ in try ask().provider }, Array(repeating: ["a", "b"], count: 5).flatMap { $0 })

        // b down: those that begin with it end at c, its neighbour, and not at a.
        try fleet.stubs[1].befall("status-500")
        defer { for stub in fleet.stubs { _ = Result { try stub.befall(nil) } } }
        let down = try (0..<10).map { _ in try ask() }
        XCTAssertEqual(down.map(\.provider), Array(repeating: ["a", "c"], count: 5).flatMap { $0 })
        XCTAssertEqual(down[1].attempts, "2")
        // The whole pair down: a takes all.
        try fleet.stubs[2].befall("status-500")
        let alone = try (0..<10).map { _ in try ask().provider }
        XCTAssertEqual(alone, Array(repeating: "a", count: 10))
    }

    /// What a rule does not send to a model is not counted by that model's allowance.
    func testAnAllowanceOfAModelCountsWhatTheRuleSendsThere() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("limited")
        let models = try fleet.list("models?name=limited")
        try fleet.admin(
            "POST", "allowances",
            [
                "name": "limited", "virtual_key": key.keyID, "kind": "requests", "period": "minute", "limit": 1,
                "model": try XCTUnwrap(models.first?["id"] as? String),
            ])
        try fleet.addRoute(
            "limited", [Self.target("a", "limited")],
            fields: ["rules": [Self.rule("limited", ["end_users": ["ada"]], model: "limited")]])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        func ask(_ user: String) throws -> Int {
            try caller.chat(key.text, chatBody("limited", extra: #","user":"\#(user)","max_tokens":1"#)).status
        }
        XCTAssertEqual(try (0..<3).map { _ in try ask("bob") }, [200, 200, 200])
        XCTAssertEqual(try ask("ada"), 200)
        XCTAssertEqual(try ask("ada"), 429)
        XCTAssertEqual(try ask("bob"), 200)
    }
}

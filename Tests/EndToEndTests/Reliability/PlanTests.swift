import Foundation
import TestSupport
import XCTest

/// `weir plan` over the requests that a data plane really served: what it says of them, how it ends, and that it leaves no trace.
final class PlanTests: FleetTestCase {
    private static let dear: [String: Int] = [
        "input_picodollars_per_token": 450_003, "cached_input_picodollars_per_token": 75_003,
        "output_picodollars_per_token": 1_800_021,
    ]

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            for name in ["a", "b"] { try fleet.addStub(name, ["--key=sk-stub"]) }
            try fleet.addDataPlane(arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
            try fleet.addTenant()
            try fleet.addProvidersOfStubs()
            for (name, price) in [("small", TestFleet.chatPrice), ("large", dear)] {
                try fleet.admin("POST", "models", ["name": name, "kind": "chat", "prices": [price]])
            }
        }
    }

    private static func target(_ provider: String, _ route: String, model: String = "small", weight: Int = 1)
        -> [String: Any]
    {
        ["provider": provider, "model": model, "upstream_model_name": "plan-\(route)-\(provider)", "weight": weight]
    }

    /// What `weir plan` prints of these changes.
    private func plan(
        _ fleet: TestFleet, _ changes: [String: Any], _ flags: [String] = [], expecting status: Int32 = 0
    ) throws -> String {
        let file = "\(fleet.folder)/candidate-\(UUID().uuidString.prefix(8)).json"
        try JSONSerialization.data(withJSONObject: changes).write(to: URL(fileURLWithPath: file))
        return try fleet.run(
            "weir", ["plan", file] + flags,
            environment: ["WEIR_URL": "http://127.0.0.1:\(fleet.adminPort)", "WEIR_ADMIN_TOKEN": fleet.adminToken],
            expecting: status)
    }

    private func totals(_ fleet: TestFleet, _ changes: [String: Any]) throws -> (
        totals: [String: Any], all: [String: Any]
    ) {
        let text = try plan(fleet, changes, ["--json"])
        let all = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], text)
        return (try XCTUnwrap(all["totals"] as? [String: Any]), all)
    }

    private func check(
        _ totals: [String: Any], _ expected: [String: Int], file: StaticString = #filePath, line: UInt = #line
    ) {
        for name in ["refused_by_both", "newly_refused", "newly_allowed", "rerouted", "undecided"] {
            XCTAssertEqual(totals[name] as? Int, expected[name] ?? 0, name, file: file, line: line)
        }
    }

    func testWhatWasServedIsDecidedAnewAndNothingIsChanged() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("plan")
        let other = try fleet.makeKey("plan-other")
        try fleet.addRoute("chat", [Self.target("a", "chat"), Self.target("b", "chat", model: "large")])
        try fleet.addRoute(
            "mix", strategy: "weighted", [Self.target("a", "mix", weight: 3), Self.target("b", "mix", weight: 1)])
        try fleet.admin(
            "POST", "allowances",
            ["name": "budget", "virtual_key": other.id, "kind": "money", "period": "month", "limit_usd": "1"])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        func ask(_ count: Int, _ route: String, _ key: TestFleet.Key) throws -> [String] {
            try (0..<count).map { number in
                let answer = try caller.chat(
                    key.text, chatBody(route, stream: number % 2 == 1, extra: #","max_tokens":\#(5 + number)"#))
                XCTAssertEqual(answer.status, 200, answer.text)
                return try XCTUnwrap(answer.header("x-request-id"))
            }
        }
        let chats = try ask(12, "chat", key)
        let others = try ask(8, "chat", other)
        let mixed = try ask(40, "mix", key)
        // Of a route that neither configuration has nothing is said.
        XCTAssertEqual(try caller.chat(key.text, chatBody("nothing")).status, 404)
        let rows = try fleet.events(for: chats + others + mixed)
        let charged = rows.values.reduce(Int64(0)) { $0 + $1.costNanodollars }
        let audited = try fleet.list("audit-entries").count
        let snapshot = try fleet.admin("GET", "snapshot")

        // What is replayed of the configuration as it is, is what happened: the same costs, and as many at each target.
        var (totals, all) = try self.totals(fleet, [:])
        check(totals, [:])
        XCTAssertEqual(totals["requests"] as? Int, 60)
        for name in ["cost_recorded_nanodollars", "cost_then_nanodollars", "cost_now_nanodollars"] {
            XCTAssertEqual(totals[name] as? Int, Int(charged), name)
        }
        (totals, all) = try self.totals(
            fleet, ["routes": [["name": "mix", "strategy": "priority", "targets": [Self.target("b", "mix")]]]])
        let routes = try XCTUnwrap(all["routes"] as? [[String: Any]])
        let moves = try XCTUnwrap(routes.first { $0["route"] as? String == "mix" }?["moves"] as? [[String: Any]])
        let atA = mixed.count { rows[$0]?.provider == "a" }
        XCTAssertEqual(atA, 30)
        XCTAssertEqual(moves.map { $0["requests"] as? Int }, [atA])
        check(totals, ["rerouted": atA])

        // A target goes, and the other one is dearer.
        let withoutA: [String: Any] = [
            "routes": [["name": "chat", "targets": [Self.target("b", "chat", model: "large")]]]
        ]
        totals = try self.totals(fleet, withoutA).totals
        check(totals, ["rerouted": 20])
        let dearer = (chats + others).reduce(Int64(0)) { sum, id in
            let row = rows[id]!
            return sum
                + TestFleet.cost(
                    Self.dear, input: row.inputTokens, cached: row.cachedInputTokens, output: row.outputTokens)
        }
        let unmoved = mixed.reduce(Int64(0)) { $0 + rows[$1]!.costNanodollars }
        XCTAssertEqual(totals["cost_now_nanodollars"] as? Int, Int(dearer + unmoved))
        var output = try plan(fleet, withoutA, ["--fail-on", "rerouted,cost=5%"], expecting: 3)
        XCTAssertTrue(output.contains("rerouted: 20"), output)
        XCTAssertTrue(output.contains("cost: +"), output)
        XCTAssertTrue(output.contains("chat   a/small as plan-chat-a  b/large        20"), output)
        _ = try plan(fleet, withoutA, ["--fail-on", "refused,allowed,undecided,budget,cost=200"])

        // A key loses a route; a budget is what its first four requests cost.
        let restricted: [String: Any] = ["virtual_keys": [["name": "plan", "allowed_routes": ["chat"]]]]
        check(try self.totals(fleet, restricted).totals, ["newly_refused": 40])
        output = try plan(fleet, restricted, ["--fail-on", "refused"], expecting: 3)
        XCTAssertTrue(output.contains("model_not_found"), output)
        let four = others.prefix(4).reduce(Int64(0)) { $0 + rows[$1]!.costNanodollars }
        let tight: [String: Any] = ["allowances": [["name": "budget", "limit_nanodollars": four]]]
        (totals, all) = try self.totals(fleet, tight)
        check(totals, ["newly_refused": 4])
        XCTAssertEqual((all["allowances"] as? [[String: Any]])?.first?["refused_now"] as? Int, 4)
        output = try plan(fleet, tight, ["--fail-on", "budget"], expecting: 3)
        XCTAssertTrue(output.contains("runs out: budget"), output)

        // What is wrong, and what is not understood.
        output = try plan(fleet, ["routes": [["name": "chat", "targets": [["provider": "x"]]]]], expecting: 1)
        XCTAssertTrue(output.contains("routes[0].targets[0].model"), output)
        _ = try plan(fleet, [:], ["--fail-on", "nonsense"], expecting: 2)
        _ = try plan(fleet, [:], ["--hours", "0"], expecting: 2)

        XCTAssertEqual(try fleet.list("audit-entries").count, audited)
        let after = try fleet.admin("GET", "snapshot")
        XCTAssertEqual(after["version"] as? Int, snapshot["version"] as? Int)
        XCTAssertEqual(after["pending_changes"] as? Int, 0)
        XCTAssertEqual(try caller.chat(key.text, chatBody("mix")).status, 200)
        try refusalsAreToldAndNewlyAllowed(fleet)
    }

    /// The same of what was refused. Not a test of its own: either would find the other's requests.
    private func refusalsAreToldAndNewlyAllowed(_ fleet: TestFleet) throws {
        try fleet.addRoute("door", [Self.target("a", "door")])
        try fleet.addRoute("hall", [Self.target("a", "hall")])
        let narrow = try fleet.makeKey("plan-narrow", ["allowed_routes": ["hall"]])
        let slow = try fleet.makeKey("plan-slow")
        try fleet.admin(
            "POST", "allowances",
            ["name": "rate", "virtual_key": slow.id, "kind": "requests", "period": "minute", "limit": 2])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        for _ in 0..<5 { XCTAssertEqual(try caller.chat(narrow.text, chatBody("door")).status, 404) }
        let ids = try (0..<6).compactMap { number -> String? in
            let answer = try caller.chat(slow.text, chatBody("hall", extra: #","max_tokens":1"#))
            XCTAssertEqual(answer.status, number < 2 ? 200 : 429, answer.text)
            return number < 2 ? answer.header("x-request-id") : nil
        }
        _ = try fleet.events(for: ids)
        func figures(_ changes: [String: Any], _ route: String) throws -> [String: Any] {
            let routes = try totals(fleet, changes).all["routes"] as? [[String: Any]]
            return routes?.first { $0["route"] as? String == route } ?? [:]
        }
        try waitUntil("the control plane knows of the refusals", timeout: .seconds(20), detail: { fleet.tails }) {
            try figures([:], "door")["refused_then"] as? Int == 5 && figures([:], "hall")["refused_then"] as? Int == 4
        }
        for route in ["door", "hall"] { check(try figures([:], route), [:]) }
        let wide: [String: Any] = ["virtual_keys": [["name": "plan-narrow", "allowed_routes": ["door", "hall"]]]]
        check(try figures(wide, "door"), ["newly_allowed": 5])
        _ = try plan(fleet, wide, ["--fail-on", "allowed"], expecting: 3)
        check(
            try figures(["allowances": [["name": "rate", "limit": 5]]], "hall"), ["newly_allowed": 3])
        XCTAssertEqual(try fleet.data.metric("weir_refusals_dropped_total"), 0)
    }
}

import Foundation
import TestSupport

/// Prices and routes made so that a request costs about $0.002 and could cost $0.006, and what allowances need of a fleet.
extension TestFleet {
    /// $28 per million tokens of an answer that has 71 words on average and 119 at most; the input is next to nothing.
    static let budgetPrice: [String: Int] = [
        "input_picodollars_per_token": 100_003, "output_picodollars_per_token": 28_000_013,
    ]
    /// With this cap a request could cost $0.006.
    static let budgetMaxTokens = 213

    /// Four data planes with one thread each, and as many control planes as wanted, over one PostgreSQL.
    static func lending(
        ownPostgres: Bool = false, controlPlanes: Int = 1, dataPlanes: Int = 4, admissionWaitMilliseconds: Int? = nil
    ) throws -> TestFleet {
        try made(ownPostgres: ownPostgres) { fleet in
            try fleet.startControl()
            for _ in 1..<max(1, controlPlanes) { try fleet.addControlPlane() }
            let stub = try fleet.addStub("stub", ["--key=sk-stub"])
            for number in 1...dataPlanes {
                try fleet.addDataPlane(
                    "data-\(number)", arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
            }
            try fleet.addTenant()
            try fleet.addProvider(at: stub.baseURL)
            try fleet.admin(
                "POST", "models",
                ["name": "priced", "kind": "chat", "max_output_tokens": budgetMaxTokens, "prices": [budgetPrice]])
            try fleet.addBudgetRoute("chat", "none")
        }
    }

    /// A route to the priced model whose answers come as `fault` says.
    func addBudgetRoute(_ name: String, _ fault: String, _ fields: [String: Any] = [:]) throws {
        let target = ["provider": "stub", "model": "priced", "upstream_model_name": "priced+\(fault)"]
        let route: [String: Any] = ["name": name, "strategy": "priority", "targets": [target]]
        try admin("POST", "routes", route.merging(fields) { $1 })
    }

    /// What the provider billed, in money.
    static func cost(_ bill: StubNode.Bill) -> Int64 {
        cost(budgetPrice, input: bill.promptTokens, output: bill.completionTokens)
    }

    /// Makes an allowance and answers its ID.
    @discardableResult
    func makeAllowance(_ name: String, of key: Key, _ fields: [String: Any]) throws -> String {
        let body: [String: Any] = ["name": name, "virtual_key": key.id]
        let made = try admin("POST", "allowances", body.merging(fields) { $1 })
        guard let id = made["id"] as? String else { throw TestFailure("POST allowances: \(made)") }
        return id
    }

    /// One account of an allowance as its report has it.
    struct AccountFigures: CustomStringConvertible {
        var limit, settled, lent, inDoubt, debt: Int64

        var description: String { "limit \(limit) settled \(settled) lent \(lent) in doubt \(inDoubt) debt \(debt)" }
    }

    func figures(of allowance: String, endUser: String? = nil) throws -> AccountFigures {
        let query = endUser.map { "?end_user=\($0)" } ?? ""
        let report = try admin("GET", "allowances/\(allowance)/report\(query)")
        guard let item = (report["items"] as? [[String: Any]])?.first else { throw TestFailure("report: \(report)") }
        func amount(_ name: String) -> Int64 { (item[name] as? NSNumber)?.int64Value ?? -1 }
        return AccountFigures(
            limit: amount("limit"), settled: amount("settled"), lent: amount("lent"), inDoubt: amount("in_doubt"),
            debt: amount("debt"))
    }

    /// Waits until all of a known amount is settled and nothing is lent: sooner than `waitUntilSettled`, which asks every node.
    func waitUntilSettled(_ allowance: String, at amount: Int64) throws {
        var last = ""
        try waitUntil("\(amount) is settled and nothing lent", detail: { "\(last)\n\(tails)" }) {
            let figures = try figures(of: allowance)
            last = "\(figures)"
            return figures.settled == amount && figures.lent == 0
        }
    }

    /// Waits until nothing is under way, unshipped or lent.
    func waitUntilSettled(_ allowance: String, timeout: Duration = .seconds(60)) throws {
        var last = ""
        let began = ContinuousClock.now
        try waitUntil("all is settled and nothing lent", timeout: timeout, detail: { last + "\n" + tails }) {
            do {
                let open = try stub.ledger().filter { $0.delivery == "open" }.count
                let nodes = try list("nodes").map { node in
                    (
                        name: node["name"] as? String ?? "", records: node["unacknowledged_records"] as? Int ?? -1,
                        age: node["age_ms"] as? Int ?? .max
                    )
                }
                let figures = try figures(of: allowance)
                last = "open \(open), nodes \(nodes), \(figures)"
                let waited = began.duration(to: .now).components
                // What a node said before says nothing about now.
                let fresh = waited.seconds * 1_000 + waited.attoseconds / 1_000_000_000_000_000
                return open == 0 && figures.lent == 0 && nodes.allSatisfy { $0.records == 0 && $0.age < fresh }
            } catch {
                // A control plane that was just started.
                last = "\(error)"
                return false
            }
        }
    }

    /// The events of one key.
    func usageRows(of key: Key) throws -> [UsageRow] {
        try list("usage/events?virtual_key=\(key.keyID)").map(UsageRow.init)
    }
}

extension HTTPAnswer {
    /// A member of the error object.
    func errorText(_ name: String) -> String? { (json["error"] as? [String: Any])?[name] as? String }

    /// Dollars as text, in nanodollars.
    func errorNanodollars(_ name: String) -> Int64? {
        errorText(name).flatMap { Decimal(string: $0) }.map { NSDecimalNumber(decimal: $0 * 1_000_000_000).int64Value }
    }

    /// Status and code, for counting.
    var label: String { errorCode.map { "\(status) \($0)" } ?? "\(status)" }
}

/// "0.9979": dollars with four decimals, rounded down.
func dollars(_ nanodollars: Int64) -> String {
    let parts = nanodollars / 100_000
    let fraction = "\(parts % 10_000)"
    return "\(parts / 10_000)." + String(repeating: "0", count: 4 - fraction.count) + fraction
}

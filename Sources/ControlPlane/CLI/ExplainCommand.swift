import Shared

extension ResourceCommands {
    static let explain = ResourceCommands(
        name: "explain", singular: "request", path: "explanations",
        help: "How a request went that had asked with x-weir-explain: 1.",
        verbs: [
            Verb(
                name: "explain", help: "Shows rules, candidates, attempts and times of one request.", takesSubject: true
            ) { command in
                guard let id = ObjectID(command.invocation.subject ?? "") else {
                    throw UsageError("explain needs the ID of a request, as its x-request-id says")
                }
                let explanation = try await command.client.get("explanations/\(id)").json
                return command.invocation.isJSON ? Output.json(explanation) : ExplanationText.of(explanation)
            }
        ])
}

/// An explanation for people.
enum ExplanationText {
    static func of(_ explanation: JSONValue) -> String {
        var text = head(explanation)
        let rules = explanation["rules"]?.array ?? []
        if !rules.isEmpty {
            text += "\nrules, in order\n"
            for rule in rules {
                text += "  \(rule["holds"] == .boolean(true) ? "holds" : "no   ")  \(cell(rule["name"]))\n"
            }
        }
        text += section(
            "targets, in the order in which they would be tried", explanation["candidates"],
            columns: [
                .init("target"), .init("upstream_model", title: "as"), .init("strategy"),
                .init(title: "state", state), .init("in_flight", title: "in flight", number: true),
                .init(title: "first token", number: true) { milliseconds($0["first_token_us"]) },
                .init(title: "estimate $", number: true) { dollars($0["cost_nanodollars"]) },
            ])
        text += section(
            "held of allowances", explanation["reservations"],
            columns: [
                .init("kind"),
                .init(title: "amount", number: true) { line in
                    line["kind"]?.string == "money"
                        ? .string("$" + cell(dollars(line["amount"]))) : line["amount"] ?? .null
                }, .init("allowance_id", title: "allowance"),
            ])
        text += section(
            "attempts", explanation["attempts"],
            columns: [
                .init("target"), .init("outcome"),
                .init(title: "from", number: true) { milliseconds($0["began_us"]) },
                .init(title: "to", number: true) { milliseconds($0["ended_us"]) },
                .init(title: "") { $0["hedge"] == .boolean(true) ? .string("hedge") : .string("") },
            ])
        text += section(
            "stages", explanation["stages"],
            columns: [.init("stage"), .init(title: "over at", number: true) { milliseconds($0["ended_us"]) }])
        return text
    }

    private static func head(_ explanation: JSONValue) -> String {
        let error = explanation["error"]?.string.map { ", \($0)" } ?? ""
        let lines =
            [
                ("request", cell(explanation["request_id"])),
                ("at", "\(cell(explanation["started_at"])), snapshot \(cell(explanation["snapshot_version"]))"),
                ("key", cell(explanation["virtual_key_id"])),
                (
                    "route",
                    cell(explanation["route"]) + (explanation["rule"]?.string.map { ", by its rule \($0)" } ?? "")
                ),
                ("answer", "\(cell(explanation["status"])) \(cell(explanation["outcome"]))\(error)"),
                ("cost", "$" + cell(dollars(explanation["cost_nanodollars"]))),
            ] + (explanation["shadow_request_id"]?.string.map { [("shadow", $0)] } ?? [])
        return lines.map { $0.0 + String(repeating: " ", count: 10 - $0.0.count) + $0.1 + "\n" }.joined()
    }

    private static func section(_ title: String, _ rows: JSONValue?, columns: [Output.Column]) -> String {
        guard let rows = rows?.array, !rows.isEmpty else { return "" }
        let table = Output.table(rows, columns: columns).split(separator: "\n").map { "  \($0)\n" }.joined()
        return "\n\(title)\n\(table)"
    }

    private static func state(_ candidate: JSONValue) -> JSONValue {
        let lacks = (candidate["lacks"]?.array ?? []).compactMap(\.string)
        if candidate["state"]?.string == "left_out" {
            return .string("left out, lacks \(lacks.joined(separator: "+"))")
        }
        if candidate["fallback_only"] == .boolean(true), candidate["state"]?.string == "available" {
            let causes = (candidate["fallback_on"]?.array ?? []).compactMap(\.string)
            return .string("fallback on \(causes.joined(separator: "+"))")
        }
        guard let wait = candidate["available_in_ms"]?.number?.int64, wait > 0 else {
            return candidate["state"] ?? .null
        }
        return .string("\(cell(candidate["state"])), \(wait) ms")
    }

    private static func milliseconds(_ value: JSONValue?) -> JSONValue {
        guard let microseconds = value?.number?.int64 else { return .null }
        return .string("\(microseconds / 1000).\(microseconds % 1000 / 100) ms")
    }

    private static func dollars(_ value: JSONValue?) -> JSONValue {
        guard let nanodollars = value?.number?.int64 else { return .null }
        return .string(Money(nanodollars: nanodollars).dollars)
    }

    private static func cell(_ value: JSONValue?) -> String { Output.cell(value ?? .null) }
}

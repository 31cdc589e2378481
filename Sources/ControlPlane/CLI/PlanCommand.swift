import Shared

extension ResourceCommands {
    static let plan = ResourceCommands(
        name: "plan", singular: "plan", path: "plans",
        help: "What the changes in FILE would have made of the requests of the last hours.",
        verbs: [
            Verb(
                name: "plan",
                help:
                    "FILE holds the changes as JSON: {\"routes\": [{\"name\": \"chat\", …}], …}; - or none is the standard input.",
                takesSubject: true, subjectIsOptional: true,
                ownFlags: [
                    Flag("hours", "COUNT", "How far back, 1 to 168 (default 24)."),
                    Flag(
                        "fail-on", "LIST",
                        "End with 3 where there is one of these, separated by commas: \(PlanLimits.names)."),
                ]
            ) { command in
                let invocation = command.invocation
                let limits = try invocation.flag("fail-on").map { try PlanLimits($0) }
                let hours = invocation.flag("hours") ?? "24"
                guard let number = Int(hours), (1...168).contains(number) else {
                    throw UsageError("--hours: got \"\(hours)\", want an integer 1...168")
                }
                let file = invocation.subject ?? "-"
                let bytes = try Connection.read(file)
                let changes: JSONValue
                do throws(JSONError) { changes = try JSONValue(parsing: bytes) } catch {
                    throw UsageError("\(file) is not JSON: \(error)", hint: "weir plan --help says more.")
                }
                Weir.note("Deciding the requests of the last \(number) hours twice; this takes up to a minute.\n")
                let plan = try await command.client.evaluate("plans?hours=\(number)", changes).json
                let output = invocation.isJSON ? Output.json(plan) : PlanText.of(plan)
                if let found = limits?.found(in: plan), !found.isEmpty {
                    throw Finding(output: output, found: found)
                }
                return output
            }
        ])
}

/// What was asked for was done, and what it found is what the caller wants to hear of by the exit code.
struct Finding: Error {
    static let exitCode: Int32 = 3

    var output: String
    var found: [String]
}

/// What a plan must not find.
struct PlanLimits {
    static let names = "refused, allowed, rerouted, undecided, budget, cost=PERCENT"

    private enum Count: String, CaseIterable { case refused, allowed, rerouted, undecided }

    private var counts: [Count] = []
    private var limitsBudgets = false
    /// Basis points that the cost may rise by.
    private var costMax: Int64?

    init(_ text: String) throws(UsageError) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if let count = Count(rawValue: String(part)) {
                counts.append(count)
            } else if part == "budget" {
                limitsBudgets = true
            } else if part.hasPrefix("cost="), let points = Self.basisPoints(part.dropFirst(5)) {
                costMax = points
            } else {
                throw UsageError("--fail-on: got \"\(part)\", want some of \(Self.names), such as refused,cost=5%")
            }
        }
    }

    /// `5`, `5%` or `0.25%`.
    private static func basisPoints(_ text: Substring) -> Int64? {
        let number = text.hasSuffix("%") ? text.dropLast() : text
        guard let amount = Money(dollars: number), amount.nanodollars % 10_000_000 == 0 else { return nil }
        return amount.nanodollars / 10_000_000
    }

    /// In words; what was not evaluated may hide anything.
    func found(in plan: JSONValue) -> [String] {
        let totals = plan["totals"] ?? .null
        func number(_ name: String) -> Int64 { totals[name]?.number?.int64 ?? 0 }
        var found: [String] = []
        if plan["is_complete"] != .boolean(true) { found.append("not all requests were evaluated") }
        for count in counts {
            let field = count == .refused ? "newly_refused" : count == .allowed ? "newly_allowed" : count.rawValue
            if number(field) > 0 { found.append("\(PlanText.words(field)): \(number(field))") }
        }
        if limitsBudgets {
            for allowance in plan["allowances"]?.array ?? []
            where allowance["is_worse"] == .boolean(true) && allowance["kind"]?.string == "money" {
                found.append("runs out: \(Output.cell(allowance["allowance"] ?? .null))")
            }
        }
        if let costMax {
            // Nothing was paid, and something would be: no percentage says how much more that is.
            let change = totals["cost_change_basis_points"]?.number?.int64 ?? .max
            if change > costMax { found.append("cost: \(PlanText.percent(totals["cost_change_basis_points"]))") }
        }
        return found
    }
}

/// A plan for people.
enum PlanText {
    static func of(_ plan: JSONValue) -> String {
        let totals = plan["totals"] ?? .null
        let routes = plan["routes"]?.array ?? []
        var text =
            "\(cell(totals["requests"])) requests from \(cell(plan["from"])) to \(cell(plan["evaluated_until"]))\n"
        if plan["is_complete"] != .boolean(true) {
            text += "NOT ALL: the time was up; what came after that is not in here. Take fewer hours.\n"
        }
        text += "\n" + Output.table(routes + [total(totals)], columns: columns)
        text += section(
            "newly refused", routes, "refusals", [.init("route"), .init("code"), .init("requests", number: true)])
        text += section(
            "re-routed", routes, "moves",
            [.init("route"), .init("from"), .init("to"), .init("requests", number: true)])
        text += section(
            "undecided, because it is not recorded", routes, "unrecorded",
            [.init("route"), .init("fact"), .init("requests", number: true)])
        let allowances = plan["allowances"]?.array ?? []
        if !allowances.isEmpty {
            text += "\nallowances that run out\n" + indented(Output.table(allowances, columns: allowanceColumns))
        }
        let recorded = dollars(totals["cost_recorded_nanodollars"])
        text += "\nWhat was charged then: $\(cell(recorded))."
        let refused = totals["refused_then"]?.number?.int64 ?? 0
        if refused > 0 { text += " Refused then: \(refused)." }
        text += extra(" Newly refused would save $", totals["cost_refused_nanodollars"])
        text += extra(" Newly allowed would cost $", totals["cost_allowed_nanodollars"]) + "\n"
        for note in plan["notes"]?.array ?? [] { text += cell(note) + "\n" }
        return text
    }

    private static var columns: [Output.Column] {
        [
            .init(title: "route") { $0["route"]?.string == nil ? $0["route_id"] ?? .null : $0["route"] ?? .null },
            .init("requests", number: true), .init("newly_refused", title: "refused", number: true),
            .init("newly_allowed", title: "allowed", number: true), .init("rerouted", title: "re-routed", number: true),
            .init("undecided", number: true),
            .init(title: "cost then $", number: true) { dollars($0["cost_then_nanodollars"]) },
            .init(title: "cost now $", number: true) { dollars($0["cost_now_nanodollars"]) },
            .init(title: "change", number: true) { .string(percent($0["cost_change_basis_points"])) },
        ]
    }

    private static var allowanceColumns: [Output.Column] {
        [
            .init("allowance"), .init("kind"),
            .init(title: "limit", number: true) { allowance in
                allowance["kind"]?.string == "money"
                    ? .string("$" + cell(dollars(allowance["limit"]))) : allowance["limit"] ?? .null
            }, .init("ran_out_then", title: "ran out then"), .init("ran_out_now", title: "runs out now"),
            .init("refused_then", title: "refused then", number: true),
            .init("refused_now", title: "refused now", number: true),
        ]
    }

    private static func total(_ totals: JSONValue) -> JSONValue {
        var object = totals.object ?? JSONObject()
        object["route"] = .string("all")
        return .object(object)
    }

    /// The rows that routes have under a name, each with its route's.
    private static func section(
        _ title: String, _ routes: [JSONValue], _ name: String, _ columns: [Output.Column]
    ) -> String {
        var rows: [JSONValue] = []
        for route in routes {
            for row in route[name]?.array ?? [] {
                var object = row.object ?? JSONObject()
                object["route"] = route["route"] ?? .null
                rows.append(.object(object))
            }
        }
        return rows.isEmpty ? "" : "\n\(title)\n" + indented(Output.table(rows, columns: columns))
    }

    private static func indented(_ table: String) -> String {
        table.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    private static func extra(_ words: String, _ cost: JSONValue?) -> String {
        (cost?.number?.int64 ?? 0) == 0 ? "" : words + cell(dollars(cost)) + "."
    }

    static func words(_ field: String) -> String {
        field.split(separator: "_").joined(separator: " ")
    }

    /// `+5.00 %`; a dash where nothing was paid before.
    static func percent(_ basisPoints: JSONValue?) -> String {
        guard let points = basisPoints?.number?.int64 else { return "-" }
        let sign = points > 0 ? "+" : points < 0 ? "-" : ""
        let fraction = points.magnitude % 100
        return "\(sign)\(points.magnitude / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
    }

    private static func dollars(_ value: JSONValue?) -> JSONValue {
        guard let nanodollars = value?.number?.int64 else { return .null }
        return .string(Money(nanodollars: nanodollars).dollars)
    }

    private static func cell(_ value: JSONValue?) -> String { Output.cell(value ?? .null) }
}

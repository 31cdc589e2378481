import Shared

extension ResourceCommands {
    private static let filters = [
        Flag("organization", "NAME", "Only those of this organization, its teams and their keys."),
        Flag("team", "NAME", "Only those of this team and its keys."),
        Flag("virtual-key", "NAME", "Only those of this key."),
        Flag("scope", "SCOPE", "Only those that hang on an organization, team or virtual_key."),
        Flag("kind", "KIND", "Only money, tokens, requests or slots."),
        Flag("end-user", "LABEL", "Only those of this end user; * for each."),
    ]

    static let allowances = ResourceCommands(
        name: "allowances", aliases: ["allowance", "budgets", "limits"], singular: "allowance", path: "allowances",
        help: "What may be spent: budgets, rates and slots in flight, and where they stand.",
        fields: [
            nameField,
            field(
                "organization", "NAME", "The organization it hangs on.", BodyField("organization", .text), fixed: true),
            field(
                "team", "NAME", "Or the team (organization/team where several have the name).",
                BodyField("team", .text),
                fixed: true),
            field(
                "virtual-key", "NAME", "Or the key, by name, team/name or key ID.", BodyField("virtual_key", .text),
                fixed: true),
            field(
                "end-user", "LABEL", "* gives each end user the whole limit; a label counts that one alone.",
                BodyField("end_user", .text), fixed: true),
            field("route", "NAME", "Counts only this route.", BodyField("route", .text), fixed: true),
            field(
                "model", "NAME", "Counts only routes with this model.", BodyField("model", .text), fixed: true),
            field("kind", "KIND", "money, tokens, requests or slots.", BodyField("kind", .text), fixed: true),
            field(
                "period", "PERIOD",
                "Money: day, week, month, total, rolling. Requests: minute (default), day. Tokens: minute.",
                BodyField("period", .text), fixed: true),
            field(
                "rolling-seconds", "SECONDS", "The length of a rolling period.", BodyField("rolling_seconds", .integer),
                fixed: true),
            field(
                "time-zone", "NAME", "Where days, weeks and months begin: Europe/Berlin (default UTC).",
                BodyField("time_zone", .text), fixed: true),
            field("limit-usd", "USD", "The limit of money, exact: 25.00.", BodyField("limit_usd", .text)),
            field("limit", "COUNT", "The limit of tokens, requests or slots.", BodyField("limit", .integer)),
            field("mode", "MODE", "automatic, strict, clamp or soft.", BodyField("mode", .text)),
            field(
                "alert-at", "PERCENTS", "Percents of a money limit, separated by commas; none.",
                BodyField("alert_thresholds", .integers), repeatable: true), metadata,
        ],
        columns: [
            .init("name"), .init(title: "of", owner), .init("kind"), .init("period"),
            .init(title: "limit", number: true, limit),
            .init("mode"), .init("id"),
        ],
        verbs: [list, .get, .create, .update, .delete, report, writeOff])

    static let alerts = ResourceCommands(
        name: "alerts", aliases: ["alert"], singular: "alert", path: "alerts",
        help: "Thresholds of budgets that were crossed, newest first.",
        columns: [
            .init("at"), .init("allowance"), .init("end_user", title: "end user"),
            .init("threshold_percent", title: "percent", number: true),
            .init("settled_usd", title: "settled $", number: true), .init("limit_usd", title: "limit $", number: true),
        ],
        verbs: [
            .list([
                Flag("allowance-id", "ID", "Only those of this allowance."), Flag("from", "TIME", "Since then."),
                Flag("to", "TIME", "Before then."),
            ])
        ], isSearchable: false)

    // MARK: Verbs

    private static let rows = Flag("limit", "COUNT", "At most so many rows (default 1000).")

    private static let list = Verb(
        name: "list", help: "Lists them, with what they have spent.", ownFlags: filters + [rows]
    ) { command in
        let items = try await command.list(filters, path: "allowance-reports")
        if command.invocation.isJSON { return Output.json(.array(items)) }
        return Output.table(
            items,
            columns: [
                .init(title: "name") { $0["allowance"]?["name"] ?? .null },
                .init(title: "of") { owner($0["allowance"] ?? .null) },
                .init(title: "end user") { $0["allowance"]?["end_user"] ?? .null },
                .init(title: "counts") { counts($0["allowance"] ?? .null) },
                .init(title: "limit", number: true) { limit($0["allowance"] ?? .null) },
                .init(title: "spent", number: true) { amount("settled", of: $0["account"] ?? .null) },
                .init(title: "used") { used($0["account"] ?? .null) },
                .init(title: "resets") { $0["account"]?["resets_at"] ?? .null },
                .init(title: "id") { $0["allowance"]?["id"] ?? .null },
            ])
    }

    private static let report = Verb(
        name: "report", help: "Shows where one stands, for each end user where they have accounts of their own.",
        takesSubject: true, ownFlags: [Flag("end-user", "LABEL", "Only this one."), rows]
    ) { command in
        let found = try await command.find()
        let items = try await command.list(
            [Flag("end-user", "LABEL", "")], path: "\(found.path)/report")
        if command.invocation.isJSON { return Output.json(.array(items)) }
        let amounts = ["settled", "lent", "in_doubt", "debt", "written_off", "remaining"].map { name in
            Output.Column(title: name.split(separator: "_").joined(separator: " "), number: true) {
                amount(name, of: $0)
            }
        }
        let title = "\(Output.cell(found.json["name"] ?? .null)), of \(Output.cell(owner(found.json))): "
        return title + "\(Output.cell(limit(found.json))) \(Output.cell(counts(found.json)))\n\n"
            + Output.table(
                items,
                columns: [
                    .init(title: "end user") { $0["end_user"] ?? .null }, .init(title: "used") { used($0) },
                ] + amounts + [.init("resets_at", title: "resets")])
    }

    private static let writeOff = Verb.action(
        "write-off", "Counts as spent what lost data planes held of one.")

    // MARK: Cells

    /// `team search`.
    private static let owner: @Sendable (JSONValue) -> JSONValue = { allowance in
        guard let scope = allowance["scope"]?.string else { return .null }
        return .string("\(scope == "virtual_key" ? "key" : scope) \(allowance[scope]?.string ?? "?")")
    }

    private static let limit: @Sendable (JSONValue) -> JSONValue = { allowance in
        amount("limit", of: allowance)
    }

    /// `money a month`, `tokens a minute`, `slots`.
    private static func counts(_ allowance: JSONValue) -> JSONValue {
        let kind = allowance["kind"]?.string ?? "?"
        let only = (allowance["route"]?.string ?? allowance["model"]?.string).map { " on \($0)" } ?? ""
        let period =
            switch allowance["period"]?.string {
            case nil: ""
            case "total": " in total"
            case "rolling": " in \(Output.cell(allowance["rolling_seconds"] ?? .null)) s"
            case let period?: " a \(period)"
            }
        return .string(kind + period + only)
    }

    /// Money in dollars, the rest as it is counted.
    private static func amount(_ name: String, of row: JSONValue) -> JSONValue {
        if let dollars = row["\(name)_usd"]?.string { return .string("$\(dollars)") }
        return row[name] ?? .null
    }

    /// Ten signs and the percent; more than all of it is said by the number.
    private static func used(_ account: JSONValue) -> JSONValue {
        guard let percent = account["used_percent"]?.number?.int64 else { return .null }
        let full = Int(min(10, max(0, percent / 10)))
        return .string(
            String(repeating: "#", count: full) + String(repeating: ".", count: 10 - full) + " \(percent)%")
    }
}

import Shared

extension ResourceCommands {
    private static let dimensions = [
        "organization", "team", "key", "end_user", "route", "provider", "model", "endpoint", "outcome", "hour", "day",
        "week", "month", "tag:NAME",
    ]

    private static let usageFilters = [
        Flag("from", "TIME", "Since then: a date or RFC 3339."), Flag("to", "TIME", "Before then."),
        Flag("organization", "NAME", "Only of this organization."), Flag("team", "NAME", "Only of this team."),
        Flag("virtual-key", "KEY ID", "Only of this key."), Flag("route", "NAME", "Only of this route."),
        Flag("provider", "NAME", "Only at this provider."), Flag("model", "NAME", "Only of this model."),
        Flag("endpoint", "ENDPOINT", "chat, embeddings, text_completion ..., as the report names them."),
        Flag("outcome", "OUTCOME", "completed, failed, cut, cancelled or interrupted."),
        Flag("end-user", "LABEL", "Only of this end user."), Flag("tag", "NAME=VALUE", "Only of keys with this tag."),
    ]

    private static func query(_ command: Command) -> [(name: String, value: String)] {
        usageFilters.flatMap { flag in
            command.invocation.flags(flag.name).map {
                (name: flag.name.split(separator: "-").joined(separator: "_"), value: $0)
            }
        }
    }

    static let usage = ResourceCommands(
        name: "usage", singular: "usage", path: "usage",
        help: "What was used and what it cost; the last 30 days unless --from and --to say otherwise.",
        verbs: [
            Verb(
                name: "usage", help: "Sums usage.",
                ownFlags: [
                    Flag("by", "DIMENSIONS", "Some of \(dimensions.joined(separator: ", ")), separated by commas."),
                    Flag("group-by", "DIMENSIONS", "The same."),
                    Flag("time-zone", "NAME", "Whose days are meant, such as Europe/Berlin; UTC unless said."),
                ] + usageFilters
                    + [Flag("csv", nil, "Print comma-separated values.")]
            ) { command in
                var query = query(command)
                let by = command.invocation.flag("by") ?? command.invocation.flag("group-by") ?? ""
                let groups = by.split(separator: ",").map { $0 == "key" ? "virtual_key" : String($0) }
                if !groups.isEmpty { query.append((name: "group_by", value: groups.joined(separator: ","))) }
                if let zone = command.invocation.flag("time-zone") { query.append((name: "time_zone", value: zone)) }
                if command.invocation.has("csv") {
                    let reply = try await command.client.get("usage", query: query + [(name: "format", value: "csv")])
                    return String(decoding: reply.body, as: UTF8.self)
                }
                let report = try await command.client.get("usage", query: query).json
                return command.invocation.isJSON ? Output.json(report) : table(report, groups)
            },
            Verb(
                name: "reconcile",
                help: "Holds single events, hourly sums and the ledger against each other; fails where they differ.",
                ownFlags: [Flag("from", "TIME", "Since this day (UTC)."), Flag("to", "TIME", "Before this day (UTC).")]
            ) { command in
                let query = ["from", "to"].flatMap { name in
                    command.invocation.flags(name).map { (name: name, value: $0) }
                }
                let report = try await command.client.get("usage/reconciliation", query: query).json
                let text = command.invocation.isJSON ? Output.json(report) : reconciliation(report)
                guard report["agrees"] == .boolean(true) else { throw CommandError("usage does not agree:\n\(text)") }
                return text
            },
        ])

    private static func reconciliation(_ report: JSONValue) -> String {
        func number(_ name: String, _ inner: String, _ title: String) -> Output.Column {
            Output.Column(title: title, number: true) { $0[name]?[inner] ?? .null }
        }
        let days = Output.table(
            report["days"]?.array ?? [],
            columns: [
                .init("day"), number("events", "requests", "events"), number("sums", "requests", "in sums"),
                number("events", "cost_nanodollars", "events n$"), number("sums", "cost_nanodollars", "sums n$"),
                number("difference", "cost_nanodollars", "difference n$"), .init("verdict"),
            ])
        let allowances = Output.table(
            report["allowances"]?.array ?? [],
            columns: [
                Output.Column(title: "allowance") {
                    $0["allowance"] == .null ? $0["allowance_id"] ?? .null : $0["allowance"] ?? .null
                },
                .init("kind"), .init("events", number: true), .init("sums", number: true),
                .init("difference", number: true), .init("sums_of_all_days", title: "all days", number: true),
                .init("ledger", number: true), .init("ledger_difference", title: "difference", number: true),
                .init("verdict"),
            ])
        return days + "\n" + allowances + "\n"
            + (report["agrees"] == .boolean(true) ? "everything agrees\n" : "NOT everything agrees\n")
    }

    private static func table(_ report: JSONValue, _ groups: [String]) -> String {
        let labels = groups.map { group in
            Output.Column(title: group.split(separator: "_").joined(separator: " ")) { row in
                // The name of what is gone is not known any more; its ID is.
                if row["total"] != nil { return .string(group == groups.first ? "total" : "") }
                if group.hasPrefix("tag:") { return row["group"]?["tags"]?[String(group.dropFirst(4))] ?? .null }
                let name = row["group"]?[group] ?? .null
                if group == "end_user" { return .string(name == .null ? "(others)" : name.string ?? "") }
                return name == .null ? row["group"]?["\(group)_id"] ?? .null : name
            }
        }
        let sums = [
            ("requests", "requests"), ("error_requests", "errors"), ("input_tokens", "input tokens"),
            ("cached_input_tokens", "cached"),
            ("output_tokens", "output tokens"),
        ]
        let columns =
            labels + sums.map { Output.Column($0.0, title: $0.1, number: true) } + [
                Output.Column("cost_usd", title: "cost $", number: true)
            ]
        var rows = report["items"]?.array ?? []
        if !groups.isEmpty, var total = report["total"]?.object {
            total["total"] = .boolean(true)
            rows.append(.object(total))
        }
        return Output.table(rows, columns: columns)
            + "\(Output.cell(report["from"] ?? .null)) to \(Output.cell(report["to"] ?? .null))\n"
    }

    static let requests = ResourceCommands(
        name: "requests", aliases: ["events"], singular: "request", path: "usage/events",
        help: "Single requests, newest first.",
        columns: [
            .init("started_at", title: "at"), .init("team"), .init("virtual_key_id", title: "key id"), .init("route"),
            .init("model"),
            .init("outcome"), .init("status", number: true), .init("input_tokens", title: "in", number: true),
            .init("output_tokens", title: "out", number: true), .init("cost_usd", title: "cost $", number: true),
            .init("request_id", title: "request"),
        ], verbs: [.list(usageFilters + [Flag("request-id", "ID", "Only this one.")])])

    static let status = ResourceCommands(
        name: "status", singular: "status", path: "snapshot",
        help: "Whether the control plane answers and the data planes follow.",
        verbs: [
            Verb(name: "status", help: "Shows the snapshot and who has it.") { command in
                let snapshot = try await command.client.get("snapshot").json
                let nodes = try await command.client.list("nodes", query: [], limit: 10_000)
                if command.invocation.isJSON {
                    return Output.json(BodyField.record([("snapshot", snapshot), ("nodes", .array(nodes))]))
                }
                let version = snapshot["version"]?.number?.int64 ?? 0
                let live = nodes.filter { $0["live"] == .boolean(true) }
                let current = live.filter { ($0["snapshot_version"]?.number?.int64 ?? 0) >= version }
                let refusing = live.filter { ($0["nack"] ?? .null) != .null }
                var lines = [
                    ("control plane", command.client.connection.url),
                    ("fleet", Output.cell(snapshot["fleet"] ?? .null)),
                    ("snapshot", "\(version), expires \(Output.cell(snapshot["expires_at"] ?? .null))"),
                    (
                        "data planes",
                        "\(live.count) live, \(current.count) with this snapshot, \(nodes.count - live.count) not heard of"
                    ),
                ]
                if let pending = snapshot["pending_changes"]?.number?.int64, pending > 0 {
                    lines.append(("pending", "\(pending) changes"))
                }
                for node in refusing {
                    lines.append(
                        (
                            "refused by",
                            "\(Output.cell(node["name"] ?? .null)): \(Output.cell(node["nack"]?["reason"] ?? .null)), \(Output.cell(node["nack"]?["detail"] ?? .null))"
                        ))
                }
                return lines.map { $0.0 + String(repeating: " ", count: 15 - $0.0.count) + $0.1 + "\n" }.joined()
            }
        ])
}

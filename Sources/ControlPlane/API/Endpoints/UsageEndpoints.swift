import Shared

extension UsageReport {
    static let schema = Schema(
        .object([
            .readOnly("from", .text(.dateTime), "The beginning, rounded down to the hour."),
            .readOnly("to", .text(.dateTime), "The end, not included, rounded up to the hour."),
            .readOnly(
                "group_by",
                .list(
                    of: Schema(.choice(UsageDimension.allCases.map(\.rawValue))),
                    count: 0...UsageDimension.allCases.count)),
            .readOnly(
                "items",
                .list(of: Schema(.object([group] + Sums.properties), name: "UsageGroup"), count: 0...groupCountMax)),
            .init(name: "total", schema: Schema(.object(Sums.properties), name: "UsageSums"), isRequired: true),
        ]), name: "UsageReport", "Sums of usage: by time, then by what cost most.")

    private static let group = Schema.Property(
        name: "group",
        schema: Schema(
            .object(
                UsageDimension.allCases.flatMap { dimension -> [Schema.Property] in
                    let name = Schema.Property(name: dimension.rawValue, schema: Schema(.text(.free)), isNullable: true)
                    return dimension.isObject
                        ? [name, .init(name: "\(dimension.rawValue)_id", schema: Schema(.text(.free)))] : [name]
                }), "The fields that were grouped by. The name of an object that is gone is null; its ID stays."),
        isRequired: true)
}

extension UsageReport.Sums {
    static let properties: [Schema.Property] =
        UsageReport.counters.map { .readOnly($0, .integer(0...Int64.max), explanations[$0]) } + cost

    static let cost: [Schema.Property] = [
        .readOnly("cost_nanodollars", .integer(0...Int64.max), "1e-9 USD."),
        .readOnly("cost_usd", .text(.decimal), "The same in dollars, exact."),
    ]

    private static let explanations = [
        "estimated_requests": "Of the requests, those whose provider gave no usage numbers.",
        "input_tokens": "All input tokens; the cached, written and audio ones are parts of them.",
        "output_tokens": "All output tokens; reasoning and audio ones are parts of them.",
    ]
}

extension UsageEvent {
    static let schema = ObjectShape(
        name: "UsageEvent", description: "One request.",
        properties: [
            .readOnly("request_id", .text(.uuid)), .readOnly("started_at", .text(.dateTime)),
            .readOnly("endpoint", .choice(Endpoint.allCases.map(\.label)), nullable: true),
            .readOnly("outcome", .choice(RequestOutcome.allCases.map(\.label)), nullable: true),
        ] + UsageReport.Sums.cost
            + columns.map { column in
                switch column.kind {
                case .uuid: .readOnly(column.name, .text(.uuid))
                case .text: .readOnly(column.name, .text(.free))
                case .name: .readOnly(column.name, .text(.free), "null: it is gone.", nullable: true)
                case .integer: .readOnly(column.name, .integer(0...Int64.max))
                case .flag: .readOnly(column.name, .flag)
                }
            }
    ).answer
}

extension AdminEndpoint {
    private static let usageFilters = [
        QueryParameter("from", Schema(.text(.dateTime))),
        QueryParameter("to", Schema(.text(.dateTime), "Not included.")),
        QueryParameter("organization", Schema(.text(.reference), "ID or name.")),
        QueryParameter("team", Schema(.text(.reference), "ID or name.")),
        QueryParameter("virtual_key", Schema(.text(.keyID), "The key ID.")),
        QueryParameter("route", Schema(.text(.reference), "ID or name.")),
        QueryParameter("provider", Schema(.text(.reference), "ID or name.")),
        QueryParameter("model", Schema(.text(.reference), "ID or name.")),
        QueryParameter("endpoint", Schema(.choice(Endpoint.allCases.map(\.label)))),
        QueryParameter("outcome", Schema(.choice(RequestOutcome.allCases.map(\.label)))),
    ]

    static var usage: [AdminEndpoint] {
        let events = Noun(singular: "usage event", plural: "usage/events", type: "UsageEvent")
        var eventList = AdminEndpoint.list(
            events, of: UsageEvent.schema, "Lists single requests, newest first.",
            filters: usageFilters + [QueryParameter("request_id", Schema(.text(.uuid), "Only this request."))]
        ) { call in
            let request = try call.list(events.plural) { UsageEvent.place(ofKey: $0) != nil }
            let filters = try await UsageFilters.resolve(request.filters, in: call.work)
            func time(_ name: String) -> Int64? { call.query(name).flatMap { RFC3339.parse($0) } }
            let rows = try await UsageEventStore.page(
                request.page, requestID: call.query("request_id").flatMap { ObjectID($0) }, from: time("from"),
                to: time("to"), filters,
                in: call.work)
            return .page(events.plural, Page(overfetched: rows, limit: request.page.limit, key: \.sortKey), \.json)
        }
        eventList.tag = "usage"
        return [
            AdminEndpoint(
                method: .get, path: PathPattern("/api/v1/usage"), access: .viewer, operationID: "getUsage",
                tag: "usage",
                summary: "Sums usage over a time, in groups.",
                description: "The last 30 days, if `from` and `to` are left out. Whole hours (UTC).",
                queries: [
                    QueryParameter(
                        "group_by",
                        Schema(
                            .text(.line(bytesMax: 200)),
                            "Some of \(UsageDimension.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")), separated by commas.",
                            example: .string("team,model")))
                ] + usageFilters + [
                    QueryParameter(
                        "format", Schema(.choice(["json", "csv"]), "CSV is also what `Accept: text/csv` asks for."))
                ],
                success: Success(
                    status: 200, description: "The sums.",
                    contents: [
                        .init(type: JSONValue.mediaType, schema: UsageReport.schema),
                        .init(type: "text/csv", schema: Schema(.text(.free))),
                    ]), problems: [.invalidFields]
            ) { call in
                func time(_ name: String) -> Int64? { call.query(name).flatMap { RFC3339.parse($0) } }
                let wantsCSV = call.query("format").map { $0 == "csv" } ?? (call.accept?.hasPrefix("text/csv") ?? false)
                let report = try await UsageReport.make(
                    groupBy: call.query("group_by"), from: time("from"), to: time("to"), filters: call.queries,
                    in: call.work)
                return wantsCSV
                    ? Answer(status: 200, contentType: "text/csv; charset=utf-8", body: report.csv) : .json(report.json)
            },
            eventList,
        ]
    }
}

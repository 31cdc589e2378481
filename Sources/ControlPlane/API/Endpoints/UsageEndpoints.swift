import Shared

extension UsageReport {
    static let schema = Schema(
        .object([
            .readOnly("from", .text(.dateTime), "The beginning, rounded down to the hour."),
            .readOnly("to", .text(.dateTime), "The end, not included, rounded up to the hour."),
            .readOnly("time_zone", .text(.free), "Whose days, weeks and months are meant."),
            .readOnly(
                "days_are_exact", .flag,
                "false: the time zone is not at whole hours from UTC; an hour belongs to the day it begins in."),
            .readOnly("group_by", .list(of: Schema(.text(.free)), count: 0...groupByCountMax)),
            .readOnly(
                "items",
                .list(of: Schema(.object([group] + Sums.properties), name: "UsageGroup"), count: 0...groupCountMax)),
            .init(name: "total", schema: Schema(.object(Sums.properties), name: "UsageSums"), isRequired: true),
            .readOnly(
                "other_end_user_requests", .integer(0...Int64.max),
                "Where end users are asked for: requests of those that came after the bound of their hour. They are in the group whose end user is null."
            ),
            .readOnly(
                "other_tag_requests", .integer(0...Int64.max),
                "Where tags are asked for: requests whose tags came after the bound. They are in the group whose tag is null."
            ),
        ]), name: "UsageReport", "Sums of usage: by time, then by what cost most.")

    private static let group = Schema.Property(
        name: "group",
        schema: Schema(
            .object(
                UsageDimension.plain.flatMap { dimension -> [Schema.Property] in
                    let name = Schema.Property(name: dimension.name, schema: Schema(.text(.free)), isNullable: true)
                    return dimension.isObject
                        ? [name, .init(name: "\(dimension.name)_id", schema: Schema(.text(.free)))] : [name]
                } + [
                    .init(
                        name: "tags",
                        schema: Schema(
                            .freeObject(bytesMax: 1 << 16), "A field for each tag grouped by; null: without it."))
                ]), "The fields that were grouped by. The name of an object that is gone is null; its ID stays."),
        isRequired: true)
}

extension UsageReport.Sums {
    static let properties: [Schema.Property] =
        plainCounters.map { .readOnly($0.column, .integer(0...Int64.max), explanations[$0]) } + [
            .readOnly(
                "interrupted_requests", .integer(0...Int64.max),
                "Those whose data plane died; charged by what is known.")
        ] + cost + [
            .readOnly("reserved_nanodollars", .integer(0...Int64.max), "What was held for them at most.")
        ]
        + ["duration", "first_token", "overhead"].map { name in
            .readOnly("\(name)_mean_microseconds", .integer(0...Int64.max), nullable: true)
        }
        + ["duration", "first_token"].flatMap { name in
            percentiles.map { percentile in
                .readOnly(
                    "\(name)_\(percentile.name)_at_most_milliseconds", .integer(0...Int64.max),
                    "An upper bound, less than twice the value. null: beyond the last bound, nothing counted, or asked by end user.",
                    nullable: true)
            }
        }

    static let cost: [Schema.Property] = [
        .readOnly("cost_nanodollars", .integer(0...Int64.max), "1e-9 USD."),
        .readOnly("cost_usd", .text(.decimal), "The same in dollars, exact."),
    ]

    private static let explanations: [UsageCounter: String] = [
        .estimatedRequests: "Of the requests, those whose provider gave no usage numbers.",
        .errorRequests: "Failed, cut, or answered with a status of 400 or more.",
        .inputTokens: "All input tokens; the cached, written and audio ones are parts of them.",
        .outputTokens: "All output tokens; reasoning and audio ones are parts of them.",
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
                case .optionalUUID:
                    .readOnly(
                        column.name, .text(.uuid),
                        "Of a shadow: the request that it mirrors. null: a caller's own.", nullable: true)
                case .text: .readOnly(column.name, .text(.free))
                case .name: .readOnly(column.name, .text(.free), "null: it is gone.", nullable: true)
                case .integer: .readOnly(column.name, .integer(0...Int64.max))
                case .flag: .readOnly(column.name, .flag)
                case .serviceTier:
                    .readOnly(
                        column.name, .choice(ServiceTier.allCases.map(\.label)),
                        "What the provider says it served the request in, and what it was priced by.", nullable: true)
                case .optionalTime:
                    .readOnly(
                        column.name, .text(.dateTime),
                        "When it got what it took in the end, where its provider told so later. null: as it ended.",
                        nullable: true)
                case .object: .readOnly(column.name, .freeObject(bytesMax: 1 << 16), "Of the virtual key, at the time.")
                }
            } + [
                .readOnly(
                    "charges", .list(of: charge, count: 0...2 * ReservationLine.linesMax),
                    "What it took from its allowances.")
            ]
    ).answer

    private static let charge = Schema(
        .object([
            .readOnly("allowance_id", .text(.uuid)),
            .readOnly("subject", .text(.free), "Zeros, or what stands for the end user whose share it is."),
            .readOnly(
                "window_start", .text(.dateTime), "The period it was charged to; null where there is one for all time.",
                nullable: true),
            .readOnly("leased", .flag, "false: spent without a lease."),
            .readOnly("amount", .integer(0...Int64.max)),
            .readOnly("debt", .integer(0...Int64.max), "Beyond the lease."),
        ]), name: "UsageCharge")
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
        QueryParameter("end_user", Schema(.text(.free), "The label; empty for requests without one.")),
        QueryParameter("tag", Schema(.text(.line(bytesMax: 300)), "NAME=VALUE: of virtual keys with this tag.")),
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
                description:
                    "The last 30 days, if `from` and `to` are left out. Whole hours (UTC). A date alone means its first moment in `time_zone`.",
                queries: [
                    QueryParameter(
                        "group_by",
                        Schema(
                            .text(.line(bytesMax: 500)),
                            "Some of \(UsageDimension.plain.map { "`\($0.name)`" }.joined(separator: ", ")) and `tag:NAME`, separated by commas.",
                            example: .string("team,model"))),
                    QueryParameter(
                        "time_zone",
                        Schema(
                            .text(.line(bytesMax: 64)), "An IANA name; UTC by default.",
                            example: .string("Europe/Berlin"))),
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
                let wantsCSV = call.query("format").map { $0 == "csv" } ?? (call.accept?.hasPrefix("text/csv") ?? false)
                let report = try await UsageReport.make(
                    .init(
                        groupBy: call.query("group_by"), from: call.query("from"), to: call.query("to"),
                        timeZone: call.query("time_zone"), filters: call.queries,
                        rowCountMax: wantsCSV ? UsageReport.tableRowCountMax : UsageReport.groupCountMax),
                    in: call.work)
                return wantsCSV
                    ? Answer(status: 200, contentType: "text/csv; charset=utf-8", body: report.csv) : .json(report.json)
            },
            eventList, reconciliation,
        ]
    }

    private static var reconciliation: AdminEndpoint {
        AdminEndpoint(
            method: .get, path: PathPattern("/api/v1/usage/reconciliation"), access: .viewer,
            operationID: "reconcileUsage", tag: "usage",
            summary: "Holds events, sums and the ledger against each other.",
            description: "The last 7 days, if `from` and `to` are left out. Whole days (UTC).",
            queries: [
                QueryParameter("from", Schema(.text(.dateTime))),
                QueryParameter("to", Schema(.text(.dateTime), "Not included.")),
            ],
            success: .json(200, "What is kept in each place, and whether it agrees.", UsageReconciliation.schema),
            problems: [.invalidFields]
        ) { call in
            func time(_ name: String) -> Int64? { call.query(name).flatMap { RFC3339.parse($0) } }
            return .json(try await UsageReconciliation.make(from: time("from"), to: time("to"), in: call.work).json)
        }
    }
}

extension UsageReconciliation {
    static let schema = Schema(
        .object([
            .readOnly("from", .text(.dateTime)), .readOnly("to", .text(.dateTime)),
            .readOnly("agrees", .flag, "Nothing differs."),
            .readOnly("days", .list(of: day, count: 0...Int(dayCountMax))),
            .readOnly("allowances", .list(of: allowance, count: 0...10_000)),
        ]), name: "UsageReconciliation")

    private static let verdict = Schema.Property.readOnly(
        "verdict", .choice(Verdict.allCases.map(\.rawValue)),
        "`expired`: the events are gone after their retention. `in_flight`: requests that were admitted and have not ended. `not_in_ledger`: the ledger has lost the allowance. `deleted`: the allowance is gone, and its books with it."
    )

    private static let figures = Schema(
        .object(Figures.names.map { .readOnly($0, .integer(Int64.min...Int64.max)) }), name: "UsageFigures")

    private static let day = Schema(
        .object([
            .readOnly("day", .text(.free), "UTC."),
            .init(name: "events", schema: figures, isRequired: true, isNullable: true),
            .init(name: "sums", schema: figures, isRequired: true),
            .init(name: "end_user_sums", schema: figures, isRequired: true),
            .init(name: "difference", schema: figures, isRequired: true), verdict,
        ]), name: "UsageReconciliationDay")

    private static let allowance = Schema(
        .object([
            .readOnly("allowance_id", .text(.uuid)), .readOnly("allowance", .text(.free), nullable: true),
            .readOnly("kind", .choice(AllowanceKind.allCases.map(\.label)), nullable: true),
            .readOnly("events", .integer(0...Int64.max), "Charged by the events of the days that are kept."),
            .readOnly("sums", .integer(0...Int64.max), "The same by the daily sums."),
            .readOnly("difference", .integer(Int64.min...Int64.max)),
            .readOnly("sums_of_all_days", .integer(0...Int64.max), "Charged by all events there ever were."),
            .readOnly("ledger", .integer(0...Int64.max), "The same by the ledger.", nullable: true),
            .readOnly("ledger_difference", .integer(Int64.min...Int64.max), nullable: true), verdict,
        ]), name: "UsageReconciliationAllowance")
}

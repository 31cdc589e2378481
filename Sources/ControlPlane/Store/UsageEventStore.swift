import Shared

/// One request as the data planes reported it, with the names that its IDs have now.
struct UsageEvent {
    /// Column, field of the API and kind in one list, in the order of the answer.
    enum Kind { case uuid, text, name, integer, flag }

    static let columns: [(name: String, kind: Kind)] =
        [
            ("organization_id", .uuid), ("organization", .name), ("team_id", .uuid), ("team", .name),
            ("virtual_key_id", .text),
            ("virtual_key", .name), ("route_id", .uuid), ("route", .name), ("provider_id", .uuid), ("provider", .name),
            ("model_id", .uuid), ("model", .name), ("price_id", .uuid), ("is_stream", .flag), ("end_user", .text),
            ("status", .integer), ("attempts", .integer),
        ] + UsageReport.counters.dropFirst(2).map { ($0, .integer) } + [
            ("usage_reported", .flag), ("reserved_nanodollars", .integer), ("duration_microseconds", .integer),
            ("first_token_microseconds", .integer), ("overhead_microseconds", .integer), ("relayed_bytes", .integer),
            ("node_id", .uuid),
        ]

    var requestID: ObjectID
    var startedAt: Int64
    var endpoint: Endpoint?
    var outcome: RequestOutcome?
    var cost: Money
    /// By `columns`.
    var values: [JSONValue]

    /// The place in the order of events.
    var sortKey: String { "\(startedAt).\(requestID)" }

    static func place(ofKey key: String) -> (startedAt: Int64, requestID: ObjectID)? {
        let parts = key.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let startedAt = Int64(parts[0]), let requestID = ObjectID(parts[1]) else { return nil }
        return (startedAt, requestID)
    }

    var json: JSONValue {
        .record(
            [
                ("request_id", .id(requestID)), ("started_at", .time(startedAt)),
                ("endpoint", .optional(endpoint) { .string($0.label) }),
                ("outcome", .optional(outcome) { .string($0.label) }),
                ("cost_nanodollars", .int(cost.nanodollars)), ("cost_usd", .string(cost.dollars)),
            ] + zip(Self.columns, values).map { ($0.name, $1) })
    }
}

/// Reads `usage_events`.
enum UsageEventStore {
    /// Newest first.
    static func page(
        _ page: PageRequest, requestID: ObjectID?, from: Int64?, to: Int64?, _ filters: UsageFilters, in work: Work
    ) async throws -> [UsageEvent] {
        let after = page.after.flatMap { UsageEvent.place(ofKey: $0) }
        return try await work.database.query(
            """
            SELECT e.request_id, e.started_at, e.endpoint, e.outcome, e.cost_nanodollars,
                \(columns.joined(separator: ", "))
            FROM usage_events e
            LEFT JOIN organizations organization_of ON organization_of.id = e.organization_id
            LEFT JOIN teams team_of ON team_of.id = e.team_id
            LEFT JOIN virtual_keys virtual_key_of ON virtual_key_of.key_id = e.virtual_key_id
            LEFT JOIN routes route_of ON route_of.id = e.route_id
            LEFT JOIN providers provider_of ON provider_of.id = e.provider_id
            LEFT JOIN models model_of ON model_of.id = e.model_id
            WHERE ($1::timestamptz IS NULL OR e.started_at >= $1) AND ($2::timestamptz IS NULL OR e.started_at < $2)
                AND ($3::uuid IS NULL OR e.organization_id = $3) AND ($4::uuid IS NULL OR e.team_id = $4)
                AND ($5::text IS NULL OR e.virtual_key_id = $5) AND ($6::uuid IS NULL OR e.route_id = $6)
                AND ($7::uuid IS NULL OR e.provider_id = $7) AND ($8::uuid IS NULL OR e.model_id = $8)
                AND ($9::smallint IS NULL OR e.endpoint = $9) AND ($10::smallint IS NULL OR e.outcome = $10)
                AND ($11::uuid IS NULL OR e.request_id = $11)
                AND ($12::timestamptz IS NULL OR (e.started_at, e.request_id) < ($12, $13))
            ORDER BY e.started_at DESC, e.request_id DESC LIMIT $14
            """,
            [
                .optional(from) { .timestamp(unixMilliseconds: $0) },
                .optional(to) { .timestamp(unixMilliseconds: $0) },
            ] + filters.parameters + [
                .optional(requestID) { .uuid($0) }, .optional(after) { .timestamp(unixMilliseconds: $0.startedAt) },
                .optional(after) { .uuid($0.requestID) }, .integer(page.limit + 1),
            ]
        ).map(event)
    }

    private static let columns = UsageEvent.columns.map { column in
        column.kind == .name ? "\(column.name)_of.name AS \(column.name)" : "e.\(column.name)"
    }

    private static func event(_ row: PostgresRow) throws(StoreError) -> UsageEvent {
        var values: [JSONValue] = []
        for column in UsageEvent.columns {
            switch column.kind {
            case .uuid: values.append(.id(try row.uuid(column.name)))
            case .text: values.append(.string(try row.text(column.name)))
            case .name: values.append(.optional(try row.optionalText(column.name)) { .string($0) })
            case .integer: values.append(.int(try row.int64(column.name)))
            case .flag: values.append(.boolean(try row.bool(column.name)))
            }
        }
        return UsageEvent(
            requestID: try row.uuid("request_id"), startedAt: try row.unixMilliseconds("started_at"),
            endpoint: UInt8(exactly: try row.int64("endpoint")).flatMap { Endpoint(rawValue: $0) },
            outcome: UInt8(exactly: try row.int64("outcome")).flatMap { RequestOutcome(rawValue: $0) },
            cost: Money(nanodollars: try row.int64("cost_nanodollars")), values: values)
    }
}

import Shared

/// One request as the data planes reported it, with the names that its IDs have now.
struct UsageEvent {
    /// Column, field of the API and kind in one list, in the order of the answer.
    enum Kind { case uuid, optionalUUID, text, name, integer, flag, object, serviceTier, optionalTime }

    static let columns: [(name: String, kind: Kind)] =
        [
            ("organization_id", .uuid), ("organization", .name), ("team_id", .uuid), ("team", .name),
            ("virtual_key_id", .text),
            ("virtual_key", .name), ("route_id", .uuid), ("route", .name), ("provider_id", .uuid), ("provider", .name),
            ("model_id", .uuid), ("model", .name), ("price_id", .uuid), ("is_stream", .flag), ("end_user", .text),
            ("status", .integer), ("attempts", .integer),
        ] + tokenColumns.map { ($0, .integer) } + [
            ("image_input_tokens", .integer), ("image_output_tokens", .integer), ("service_tier", .serviceTier),
            ("usage_reported", .flag), ("corrected_at", .optionalTime), ("reserved_nanodollars", .integer),
            ("duration_microseconds", .integer),
            ("first_token_microseconds", .integer), ("overhead_microseconds", .integer), ("relayed_bytes", .integer),
            ("node_id", .uuid), ("shadow_of", .optionalUUID), ("tags", .object),
        ]

    private static let tokenColumns = UsageReport.Sums.plainCounters.map(\.column).filter { $0.hasSuffix("_tokens") }

    var requestID: ObjectID
    var startedAt: Int64
    var endpoint: Endpoint?
    var outcome: RequestOutcome?
    var cost: Money
    var charges: [ChargeLine]
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
            ] + zip(Self.columns, values).map { ($0.name, $1) } + [
                ("charges", .array(charges.map(Self.json)))
            ])
    }
}

extension UsageEvent {
    private static func json(_ charge: ChargeLine) -> JSONValue {
        let window = charge.window.startUnixSeconds
        return .record([
            ("allowance_id", .id(charge.account.allowanceID)),
            ("subject", .string(Hex.encode(charge.account.subject.bigEndianBytes))),
            ("window_start", window > 0 ? .time(window.multipliedSaturating(by: 1000)) : .null),
            ("leased", .boolean(charge.window != .unleased)), ("amount", .int(charge.amount)),
            ("debt", .int(charge.debt)),
        ])
    }
}

extension UInt64 {
    fileprivate var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64(56 - $0 * 8)) } }
}

/// Reads `usage_events`.
enum UsageEventStore {
    /// Newest first.
    static func page(
        _ page: PageRequest, requestID: ObjectID?, from: Int64?, to: Int64?, _ filters: UsageFilters, in work: Work
    ) async throws -> [UsageEvent] {
        var statement = UsageStatement()
        var parts: [String] = []
        if let from {
            let time = statement.bind(.timestamp(unixMilliseconds: from))
            parts.append("r.started_at >= \(time) AND r.day >= (\(time)::timestamptz AT TIME ZONE 'UTC')::date")
        }
        if let to {
            let time = statement.bind(.timestamp(unixMilliseconds: to))
            parts.append("r.started_at < \(time) AND r.day <= (\(time)::timestamptz AT TIME ZONE 'UTC')::date")
        }
        if let requestID { parts.append("r.request_id = \(statement.bind(.uuid(requestID)))") }
        if let place = page.after.flatMap({ UsageEvent.place(ofKey: $0) }) {
            let time = statement.bind(.timestamp(unixMilliseconds: place.startedAt))
            parts.append("(r.started_at, r.request_id) < (\(time), \(statement.bind(.uuid(place.requestID))))")
            parts.append("r.day <= (\(time)::timestamptz AT TIME ZONE 'UTC')::date")
        }
        parts += statement.conditions(filters)
        let limit = statement.bind(.integer(page.limit + 1))
        // The page is cut before the names are looked up.
        return try await work.database.query(
            """
            SELECT e.request_id, e.started_at, e.endpoint, e.outcome, e.cost_nanodollars, e.charge_allowances,
                e.charge_values, \(columns.joined(separator: ", "))
            FROM (
                SELECT * FROM usage_events r \(parts.isEmpty ? "" : "WHERE " + parts.joined(separator: " AND "))
                ORDER BY r.started_at DESC, r.request_id DESC LIMIT \(limit)
            ) e
            LEFT JOIN organizations organization_of ON organization_of.id = e.organization_id
            LEFT JOIN teams team_of ON team_of.id = e.team_id
            LEFT JOIN virtual_keys virtual_key_of ON virtual_key_of.key_id = e.virtual_key_id
            LEFT JOIN routes route_of ON route_of.id = e.route_id
            LEFT JOIN providers provider_of ON provider_of.id = e.provider_id
            LEFT JOIN models model_of ON model_of.id = e.model_id
            LEFT JOIN usage_tag_sets tags_of ON tags_of.id = e.tag_set
            ORDER BY e.started_at DESC, e.request_id DESC
            """, statement.parameters
        ).map(event)
    }

    private static let columns = UsageEvent.columns.map { column in
        switch column.kind {
        case .name: "\(column.name)_of.name AS \(column.name)"
        case .object: "coalesce(\(column.name)_of.tags, '{}'::jsonb) AS \(column.name)"
        default: "e.\(column.name)"
        }
    }

    private static func event(_ row: PostgresRow) throws(StoreError) -> UsageEvent {
        var values: [JSONValue] = []
        for column in UsageEvent.columns {
            switch column.kind {
            case .uuid: values.append(.id(try row.uuid(column.name)))
            case .optionalUUID: values.append(.optional(try row.optionalUUID(column.name)) { .id($0) })
            case .text: values.append(.string(try row.text(column.name)))
            case .name: values.append(.optional(try row.optionalText(column.name)) { .string($0) })
            case .integer: values.append(.int(try row.int64(column.name)))
            case .flag: values.append(.boolean(try row.bool(column.name)))
            case .object: values.append(try row.object(column.name))
            case .optionalTime:
                values.append(.optional(try row.optionalUnixMilliseconds(column.name)) { .time($0) })
            case .serviceTier:
                let tier = UInt8(exactly: try row.int64(column.name)).flatMap { ServiceTier(rawValue: $0) }
                values.append(.optional(tier) { .string($0.label) })
            }
        }
        return UsageEvent(
            requestID: try row.uuid("request_id"), startedAt: try row.unixMilliseconds("started_at"),
            endpoint: UInt8(exactly: try row.int64("endpoint")).flatMap { Endpoint(rawValue: $0) },
            outcome: UInt8(exactly: try row.int64("outcome")).flatMap { RequestOutcome(rawValue: $0) },
            cost: Money(nanodollars: try row.int64("cost_nanodollars")), charges: try charges(row), values: values)
    }

    static func charges(_ row: PostgresRow) throws(StoreError) -> [ChargeLine] {
        if case .null = try row.value("charge_allowances") { return [] }
        let numbers = try row.int64s("charge_values")
        return try row.uuids("charge_allowances").enumerated().map { (index, allowance) throws(StoreError) in
            guard numbers.count >= index * 4 + 4 else { throw .mismatch("column charge_values is too short") }
            return ChargeLine(
                account: AccountKey(allowanceID: allowance, subject: UInt64(bitPattern: numbers[index * 4])),
                window: AccountWindow(startUnixSeconds: numbers[index * 4 + 1]), amount: numbers[index * 4 + 2],
                debt: numbers[index * 4 + 3])
        }
    }
}

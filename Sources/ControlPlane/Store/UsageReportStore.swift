import Shared

/// Reads the hourly sums, which ingestion keeps.
enum UsageReportStore {
    static func groups(_ query: UsageReport.Query, limit: Int, in work: Work) async throws -> [UsageReport.Row] {
        if query.groupBy.isEmpty { return [UsageReport.Row(group: [], sums: try await total(query, in: work))] }
        var statement = UsageStatement()
        var columns: [String] = []
        var joins: [String] = []
        var groups: [String] = []
        var times: [String] = []
        for (index, dimension) in query.groupBy.enumerated() {
            let expression = statement.expression(dimension, zone: query.timeZone)
            columns.append("\(expression) AS key_\(index)")
            groups.append(expression)
            if dimension.isTime {
                times.append(expression)
                let zone = statement.zone(query.timeZone)
                columns.append(
                    "to_char(\(expression) AT TIME ZONE \(zone), 'YYYY-MM-DD\"T\"HH24:MI:SS') AS name_\(index)")
            } else if let (table, key, column) = dimension.table {
                joins.append(" LEFT JOIN \(table) of_\(index) ON of_\(index).\(key) = r.\(column)")
                columns.append("of_\(index).name AS name_\(index)")
                groups.append("of_\(index).name")
            }
        }
        if query.groupBy.contains(where: \.isTag) {
            joins.append(" LEFT JOIN usage_tag_sets tag_sets ON tag_sets.id = r.tag_set")
        }
        let condition = statement.condition(query)
        // Times rise; everything else by what it cost.
        let order = times + ["sum(r.cost_nanodollars) DESC", "sum(r.requests) DESC"] + groups
        let limit = statement.bind(.integer(limit))
        let text = """
            SELECT \((columns + [sums(query)]).joined(separator: ", ")) FROM \(table(query)) r\(joins.joined())
            WHERE \(condition) GROUP BY \(groups.joined(separator: ", ")) ORDER BY \(order.joined(separator: ", "))
            LIMIT \(limit)
            """
        let rows = try await work.database.query(text, statement.parameters)
        return try rows.map { (row) throws(StoreError) in
            var labels: [UsageReport.Label] = []
            for (index, dimension) in query.groupBy.enumerated() {
                labels.append(try label(dimension, index, row))
            }
            return UsageReport.Row(group: labels, sums: try self.sums(row, query))
        }
    }

    static func total(_ query: UsageReport.Query, in work: Work) async throws -> UsageReport.Sums {
        var statement = UsageStatement()
        let condition = statement.condition(query)
        let rows = try await work.database.query(
            "SELECT \(sums(query)) FROM \(table(query)) r WHERE \(condition)", statement.parameters)
        return try sums(rows[0], query)
    }

    /// What the bounds of cardinality folded. A filter by end user or tag would hide it, so they do not apply.
    static func others(_ query: UsageReport.Query, in work: Work) async throws -> UsageReport.Others {
        let asksTags = query.filters.tag != nil || query.groupBy.contains(where: \.isTag)
        guard query.needsEndUsers || asksTags else { return .init(endUserRequests: 0, tagRequests: 0) }
        var unfiltered = query
        unfiltered.filters.endUser = nil
        unfiltered.filters.tag = nil
        var statement = UsageStatement()
        let condition = statement.condition(unfiltered)
        let endUsers = query.needsEndUsers ? "FILTER (WHERE r.is_other)" : "FILTER (WHERE false)"
        let row = try await work.database.first(
            """
            SELECT coalesce(sum(r.requests) \(endUsers), 0)::bigint AS end_users,
                coalesce(sum(r.requests) FILTER (WHERE r.tag_set = \(UsageTagSets.other)), 0)::bigint AS tags
            FROM \(table(query)) r WHERE \(condition)
            """, statement.parameters)
        return .init(
            endUserRequests: try row?.int64("end_users") ?? 0, tagRequests: asksTags ? try row?.int64("tags") ?? 0 : 0)
    }

    // MARK: Pieces of the statements; every value is a parameter

    private static func table(_ query: UsageReport.Query) -> String {
        query.needsEndUsers ? "usage_rollups_hourly_end_user" : "usage_rollups_hourly"
    }

    private static func sums(_ query: UsageReport.Query) -> String {
        func sum(_ expression: String, _ name: String, _ filter: String = "") -> String {
            "least(coalesce(sum(\(expression))\(filter), 0), \(Int64.max))::bigint AS \(name)"
        }
        var sums = UsageCounter.allCases.map { sum("r.\($0.column)", $0.column) }
        sums.append(
            sum(
                "r.requests", "interrupted_requests",
                " FILTER (WHERE r.outcome = \(RequestOutcome.interrupted.rawValue))"))
        if !query.needsEndUsers {
            for name in ["duration_buckets", "first_token_buckets"] {
                let buckets = (1...UsageHistogram.bucketCount).map { "coalesce(sum(r.\(name)[\($0)]), 0)::bigint" }
                sums.append("ARRAY[\(buckets.joined(separator: ", "))] AS \(name)")
            }
        }
        return sums.joined(separator: ", ")
    }

    private static func sums(
        _ row: PostgresRow, _ query: UsageReport.Query
    ) throws(StoreError) -> UsageReport.Sums {
        var values: [Int64] = []
        for counter in UsageCounter.allCases { values.append(try row.int64(counter.column)) }
        return UsageReport.Sums(
            values: values, interruptedRequests: try row.int64("interrupted_requests"),
            durations: query.needsEndUsers ? [] : try row.int64s("duration_buckets"),
            firstTokens: query.needsEndUsers ? [] : try row.int64s("first_token_buckets"))
    }

    private static func label(
        _ dimension: UsageDimension, _ index: Int, _ row: PostgresRow
    ) throws(StoreError) -> UsageReport.Label {
        let key = try row.value("key_\(index)")
        switch (dimension, key) {
        case (.endpoint, .int64(let code)):
            return .init(dimension: dimension, text: UInt8(exactly: code).flatMap { Endpoint(rawValue: $0) }?.label)
        case (.outcome, .int64(let code)):
            return .init(
                dimension: dimension, text: UInt8(exactly: code).flatMap { RequestOutcome(rawValue: $0) }?.label)
        case (_, .timestamp(let time)):
            return .init(dimension: dimension, text: local(time, try row.text("name_\(index)")))
        case (.endUser, .text(let text)), (.tag, .text(let text)): return .init(dimension: dimension, text: text)
        case (_, .uuid(let id)):
            return .init(dimension: dimension, id: id.description, text: try row.optionalText("name_\(index)"))
        case (_, .text(let id)):
            return .init(dimension: dimension, id: id, text: try row.optionalText("name_\(index)"))
        default: return .init(dimension: dimension)
        }
    }

    /// The moment as the clocks of the time zone show it, with their distance from UTC.
    private static func local(_ time: Int64, _ local: String) -> String {
        let utc = RFC3339.text(unixMilliseconds: time)
        guard let shown = RFC3339.parse(local + "Z"), shown != time else { return utc }
        let minutes = abs(shown - time) / 60_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(local).000\(shown < time ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }
}

/// A statement about usage under way: its text refers to parameters by number.
struct UsageStatement {
    private(set) var parameters: [PostgresValue] = []
    private var zoneParameter: String?

    mutating func bind(_ value: PostgresValue) -> String {
        parameters.append(value)
        return "$\(parameters.count)"
    }

    /// One parameter, however often it is named: an expression with another parameter is another expression to GROUP BY.
    mutating func zone(_ name: String) -> String {
        if let zoneParameter { return zoneParameter }
        let parameter = bind(.text(name)) + "::text"
        zoneParameter = parameter
        return parameter
    }

    mutating func expression(_ dimension: UsageDimension, zone name: String) -> String {
        switch dimension {
        case .organization, .team, .virtualKey, .route, .provider, .model: "r.\(dimension.name)_id"
        case .endUser: "CASE WHEN r.is_other THEN NULL ELSE r.end_user END"
        case .endpoint: "r.endpoint"
        case .outcome: "r.outcome"
        case .hour: "r.hour"
        case .day, .week, .month: "date_trunc('\(dimension.name)', r.hour, \(zone(name)))"
        case .tag(let tag): "(tag_sets.tags ->> \(bind(.text(tag)))::text)"
        }
    }

    mutating func condition(_ query: UsageReport.Query) -> String {
        let from = bind(.timestamp(unixMilliseconds: query.from))
        let to = bind(.timestamp(unixMilliseconds: query.to))
        var parts = ["r.hour >= \(from)", "r.hour < \(to)"]
        parts += conditions(query.filters)
        // The label of those beyond the bound is not known: they are in nobody's row.
        if query.filters.endUser != nil { parts.append("NOT r.is_other") }
        return parts.joined(separator: " AND ")
    }

    /// Of a row `r` of events or sums.
    mutating func conditions(_ filters: UsageFilters) -> [String] {
        var parts: [String] = []
        func add(_ column: String, _ value: PostgresValue?) {
            if let value { parts.append("r.\(column) = \(bind(value))") }
        }
        add("organization_id", filters.organization.map { .uuid($0) })
        add("team_id", filters.team.map { .uuid($0) })
        add("virtual_key_id", filters.virtualKey.map { .text($0.description) })
        add("route_id", filters.route.map { .uuid($0) })
        add("provider_id", filters.provider.map { .uuid($0) })
        add("model_id", filters.model.map { .uuid($0) })
        add("endpoint", filters.endpoint.map { .integer($0.rawValue) })
        add("outcome", filters.outcome.map { .integer($0.rawValue) })
        add("end_user", filters.endUser.map { .text($0) })
        if let tag = filters.tag {
            let wanted = bind(.object(.record([(tag.name, .string(tag.value))])))
            parts.append("r.tag_set IN (SELECT id FROM usage_tag_sets WHERE tags @> \(wanted)::jsonb)")
        }
        return parts
    }
}

extension UsageDimension {
    fileprivate var isTag: Bool {
        if case .tag = self { return true }
        return false
    }

    /// Where the name stands, by what column it is found, and what column names it.
    fileprivate var table: (table: String, key: String, column: String)? {
        switch self {
        case .organization: ("organizations", "id", "organization_id")
        case .team: ("teams", "id", "team_id")
        case .virtualKey: ("virtual_keys", "key_id", "virtual_key_id")
        case .route: ("routes", "id", "route_id")
        case .provider: ("providers", "id", "provider_id")
        case .model: ("models", "id", "model_id")
        case .endUser, .endpoint, .outcome, .hour, .day, .week, .month, .tag: nil
        }
    }
}

import Shared

/// Reads `usage_rollups_hourly`, which ingestion keeps.
enum UsageReportStore {
    static func groups(_ query: UsageReport.Query, limit: Int, in work: Work) async throws -> [UsageReport.Row] {
        if query.groupBy.isEmpty { return [UsageReport.Row(group: [], sums: try await total(query, in: work))] }
        var columns: [String] = []
        var joins: [String] = []
        var groups: [String] = []
        // In one order, whatever the order of the question, so that there is one statement for each set of dimensions.
        let dimensions = UsageDimension.allCases.filter(query.groupBy.contains)
        for dimension in dimensions {
            let name = dimension.rawValue
            columns.append("\(dimension.expression) AS \(name)_key")
            groups.append(dimension.expression)
            if let (table, key) = dimension.table {
                joins.append(" LEFT JOIN \(table) \(name)_of ON \(name)_of.\(key) = r.\(name)_id")
                columns.append("\(name)_of.name AS \(name)_name")
                groups.append("\(name)_of.name")
            }
        }
        // Times rise; everything else by what it cost.
        let order =
            dimensions.filter(\.isTime).map(\.expression) + ["sum(r.cost_nanodollars) DESC", "sum(r.requests) DESC"]
            + groups
        let rows = try await work.database.query(
            "SELECT \((columns + [sums]).joined(separator: ", ")) FROM usage_rollups_hourly r\(joins.joined())"
                + " WHERE \(condition) GROUP BY \(groups.joined(separator: ", ")) ORDER BY \(order.joined(separator: ", ")) LIMIT $11",
            parameters(query) + [.integer(limit)])
        return try rows.map { (row) throws(StoreError) in
            var labels: [UsageReport.Label] = []
            for dimension in query.groupBy { labels.append(try label(dimension, row)) }
            return UsageReport.Row(group: labels, sums: try self.sums(row))
        }
    }

    static func total(_ query: UsageReport.Query, in work: Work) async throws -> UsageReport.Sums {
        let rows = try await work.database.query(
            "SELECT \(sums) FROM usage_rollups_hourly r WHERE \(condition)", parameters(query))
        return try sums(rows[0])
    }

    // MARK: Pieces of the statements; every value is a parameter

    private static let sums = (UsageReport.counters + ["cost_nanodollars"])
        .map { "coalesce(sum(r.\($0)), 0)::bigint AS \($0)" }.joined(separator: ", ")

    private static let condition = """
        r.hour >= $1 AND r.hour < $2 AND ($3::uuid IS NULL OR r.organization_id = $3) AND ($4::uuid IS NULL OR r.team_id = $4)
        AND ($5::text IS NULL OR r.virtual_key_id = $5) AND ($6::uuid IS NULL OR r.route_id = $6)
        AND ($7::uuid IS NULL OR r.provider_id = $7) AND ($8::uuid IS NULL OR r.model_id = $8)
        AND ($9::smallint IS NULL OR r.endpoint = $9) AND ($10::smallint IS NULL OR r.outcome = $10)
        """

    private static func parameters(_ query: UsageReport.Query) -> [PostgresValue] {
        [.timestamp(unixMilliseconds: query.from), .timestamp(unixMilliseconds: query.to)] + query.filters.parameters
    }

    private static func sums(_ row: PostgresRow) throws(StoreError) -> UsageReport.Sums {
        var values: [Int64] = []
        for counter in UsageReport.counters { values.append(try row.int64(counter)) }
        return UsageReport.Sums(values: values, cost: Money(nanodollars: try row.int64("cost_nanodollars")))
    }

    private static func label(_ dimension: UsageDimension, _ row: PostgresRow) throws(StoreError) -> UsageReport.Label {
        let key = try row.value("\(dimension.rawValue)_key")
        let text: String?
        switch (dimension, key) {
        case (.endpoint, .int64(let code)): text = UInt8(exactly: code).flatMap { Endpoint(rawValue: $0) }?.label
        case (.outcome, .int64(let code)): text = UInt8(exactly: code).flatMap { RequestOutcome(rawValue: $0) }?.label
        case (_, .timestamp(let time)): text = RFC3339.text(unixMilliseconds: time)
        case (_, .uuid(let id)):
            return .init(
                dimension: dimension, id: id.description, text: try row.optionalText("\(dimension.rawValue)_name"))
        case (_, .text(let id)):
            return .init(dimension: dimension, id: id, text: try row.optionalText("\(dimension.rawValue)_name"))
        default: text = nil
        }
        return .init(dimension: dimension, id: nil, text: text)
    }
}

extension UsageFilters {
    /// In the order that the statements number them.
    var parameters: [PostgresValue] {
        [
            .optional(organization) { .uuid($0) }, .optional(team) { .uuid($0) },
            .optional(virtualKey) { .text($0.description) }, .optional(route) { .uuid($0) },
            .optional(provider) { .uuid($0) },
            .optional(model) { .uuid($0) }, .optional(endpoint) { .integer($0.rawValue) },
            .optional(outcome) { .integer($0.rawValue) },
        ]
    }
}

extension UsageDimension {
    fileprivate var isTime: Bool { self == .hour || self == .day || self == .month }

    fileprivate var expression: String {
        switch self {
        case .organization, .team, .virtualKey, .route, .provider, .model: "r.\(rawValue)_id"
        case .endpoint: "r.endpoint"
        case .outcome: "r.outcome"
        case .hour: "r.hour"
        case .day: "(date_trunc('day', r.hour AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')"
        case .month: "(date_trunc('month', r.hour AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')"
        }
    }

    /// Where the name stands, and by what column it is found.
    fileprivate var table: (table: String, key: String)? {
        switch self {
        case .organization: ("organizations", "id")
        case .team: ("teams", "id")
        case .virtualKey: ("virtual_keys", "key_id")
        case .route: ("routes", "id")
        case .provider: ("providers", "id")
        case .model: ("models", "id")
        case .endpoint, .outcome, .hour, .day, .month: nil
        }
    }
}

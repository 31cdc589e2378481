import Shared

/// What usage can be grouped by: by what it belongs to, how it ended, and when it was.
enum UsageDimension: String, CaseIterable {
    case organization, team
    case virtualKey = "virtual_key"
    case route, provider, model, endpoint, outcome, hour, day, month
}

/// Sums of usage over a time, in groups.
///
/// - Shape: made of whole hours (UTC), because that is what is kept for good; `from` and `to` say which.
struct UsageReport {
    struct Query {
        var groupBy: [UsageDimension]
        /// Whole hours; `to` is not included.
        var from: Int64
        var to: Int64
        var filters: UsageFilters
    }

    /// One group and its sums.
    struct Row {
        /// One for each dimension of the query.
        var group: [Label]
        var sums: Sums
    }

    /// What a group is called. `id` where the dimension is an object.
    struct Label {
        var dimension: UsageDimension
        var id: String?
        var text: String?
    }

    struct Sums {
        var values: [Int64]
        var cost: Money
    }

    /// The sums, under the names of their columns and of their fields in the API.
    static let counters = [
        "requests", "estimated_requests", "input_tokens", "cached_input_tokens", "cache_write_5m_tokens",
        "cache_write_1h_tokens", "audio_input_tokens", "output_tokens", "reasoning_tokens", "audio_output_tokens",
    ]

    static let groupCountMax = 10_000
    /// With it the statements stay few enough to be prepared once and kept.
    static let groupByCountMax = 4
    static let hour: Int64 = 3_600_000
    static let defaultSpan: Int64 = 30 * 24 * hour

    var query: Query
    var rows: [Row]
    var total: Sums

    static func make(groupBy: String?, from: Int64?, to: Int64?, filters: [String: String], in work: Work) async throws
        -> UsageReport
    {
        var dimensions: [UsageDimension] = []
        for part in (groupBy ?? "").split(separator: ",") {
            guard let dimension = UsageDimension(rawValue: String(part)), !dimensions.contains(dimension) else {
                throw ResourceError.invalid([
                    FieldProblem(
                        path: "query:group_by",
                        message:
                            "got \(String(part).quotedForMessage), want some of \(UsageDimension.allCases.map(\.rawValue).joined(separator: ", ")), separated by commas, each once"
                    )
                ])
            }
            dimensions.append(dimension)
        }
        guard dimensions.count <= groupByCountMax else {
            throw ResourceError.invalid([
                FieldProblem(
                    path: "query:group_by",
                    message: "got \(dimensions.count) dimensions, want at most \(groupByCountMax)")
            ])
        }
        // Hours that have begun are included, so that what just happened is seen.
        let end = Self.roundedUp(to ?? work.now + 1)
        let start = Self.roundedDown(from ?? end - defaultSpan)
        guard start < end else {
            throw ResourceError.invalid([FieldProblem(path: "query:from", message: "must lie before to")])
        }
        let query = Query(
            groupBy: dimensions, from: start, to: end, filters: try await UsageFilters.resolve(filters, in: work))
        let rows = try await UsageReportStore.groups(query, limit: groupCountMax + 1, in: work)
        guard rows.count <= groupCountMax else {
            throw ResourceError.invalid([
                FieldProblem(
                    path: "query:group_by",
                    message: "makes more than \(groupCountMax) groups; group by less, filter, or ask for a shorter time"
                )
            ])
        }
        return UsageReport(query: query, rows: rows, total: try await UsageReportStore.total(query, in: work))
    }

    private static func roundedDown(_ time: Int64) -> Int64 { time - (time % hour + hour) % hour }
    private static func roundedUp(_ time: Int64) -> Int64 { roundedDown(time + hour - 1) }

    // MARK: Forms

    var json: JSONValue {
        .record([
            ("from", .time(query.from)), ("to", .time(query.to)), ("group_by", .strings(query.groupBy.map(\.rawValue))),
            (
                "items",
                .array(
                    rows.map { row in
                        .record([("group", .record(row.group.flatMap(\.fields)))] + row.sums.fields)
                    })
            ),
            ("total", .record(total.fields)),
        ])
    }

    /// - Source: RFC 4180.
    var csv: [UInt8] {
        var lines = [
            query.groupBy.flatMap { $0.isObject ? [$0.rawValue, "\($0.rawValue)_id"] : [$0.rawValue] } + Self.counters
                + ["cost_nanodollars", "cost_usd"]
        ]
        for row in rows {
            lines.append(
                row.group.flatMap { label in label.fields.map { $0.value.string ?? "" } }
                    + row.sums.fields.map { $0.value.string ?? $0.value.number?.text ?? "" })
        }
        return Array(lines.map { $0.map(Self.csvField).joined(separator: ",") + "\r\n" }.joined().utf8)
    }

    private static func csvField(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }
        return needsQuotes
            ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : text
    }
}

extension UsageDimension {
    var isObject: Bool {
        switch self {
        case .organization, .team, .virtualKey, .route, .provider, .model: true
        case .endpoint, .outcome, .hour, .day, .month: false
        }
    }
}

extension UsageReport.Label {
    /// The name of a thing that is gone is null; its ID stays.
    var fields: [(name: String, value: JSONValue)] {
        let name = (dimension.rawValue, JSONValue.optional(text) { .string($0) })
        return dimension.isObject ? [name, ("\(dimension.rawValue)_id", .optional(id) { .string($0) })] : [name]
    }
}

extension UsageReport.Sums {
    var fields: [(name: String, value: JSONValue)] {
        zip(UsageReport.counters, values).map { ($0, .int($1)) }
            + [("cost_nanodollars", .int(cost.nanodollars)), ("cost_usd", .string(cost.dollars))]
    }
}

/// Which usage is meant. Names are resolved to IDs first, because usage names everything by ID.
struct UsageFilters {
    var organization: ObjectID?
    var team: ObjectID?
    var route: ObjectID?
    var provider: ObjectID?
    var model: ObjectID?
    var virtualKey: VirtualKeyID?
    var endpoint: Endpoint?
    var outcome: RequestOutcome?

    /// A name that nothing has is a problem rather than an empty report. An ID always stands: usage outlives its objects.
    static func resolve(_ texts: [String: String], in work: Work) async throws -> UsageFilters {
        var filters = UsageFilters()
        var problems: [FieldProblem] = []

        func take(
            _ name: String, _ noun: Noun, into field: WritableKeyPath<UsageFilters, ObjectID?>,
            _ resolve: (String) async throws -> ObjectID?
        ) async throws {
            guard let text = texts[name] else { return }
            if let id = ObjectID(text) {
                filters[keyPath: field] = id
            } else if let id = try await resolve(text) {
                filters[keyPath: field] = id
            } else {
                problems.append(.unknown("query:\(name)", noun, text))
            }
        }
        try await take("organization", Organization.noun, into: \.organization) {
            try await OrganizationStore.resolve($0, in: work)?.id
        }
        try await take("team", Team.noun, into: \.team) { try await TeamStore.resolve($0, in: work)?.id }
        try await take("route", Route.noun, into: \.route) { try await RouteStore.resolve($0, in: work)?.id }
        try await take("provider", Provider.noun, into: \.provider) {
            try await ProviderStore.resolve($0, in: work)?.id
        }
        try await take("model", Model.noun, into: \.model) { try await ModelStore.resolve($0, in: work)?.id }
        filters.virtualKey = texts["virtual_key"].flatMap { VirtualKeyID($0) }
        filters.endpoint = texts["endpoint"].flatMap { text in Endpoint.allCases.first { $0.label == text } }
        filters.outcome = texts["outcome"].flatMap { text in RequestOutcome.allCases.first { $0.label == text } }
        guard problems.isEmpty else { throw ResourceError.invalid(problems) }
        return filters
    }
}

import Foundation
import Shared

/// What usage can be grouped by: by what it belongs to, how it ended, and when it was.
enum UsageDimension: Hashable {
    case organization, team, virtualKey, endUser, route, provider, model, endpoint, outcome, hour, day, week, month
    /// By the value of one tag of the virtual key.
    case tag(String)

    /// Those without a name of their own.
    static let plain: [UsageDimension] = [
        .organization, .team, .virtualKey, .endUser, .route, .provider, .model, .endpoint, .outcome, .hour, .day, .week,
        .month,
    ]

    init?(_ text: String) {
        if text.hasPrefix("tag:") {
            let name = String(text.dropFirst(4))
            guard (1...64).contains(name.utf8.count) else { return nil }
            self = .tag(name)
        } else if text == "key" {
            self = .virtualKey
        } else if let dimension = Self.plain.first(where: { $0.name == text }) {
            self = dimension
        } else {
            return nil
        }
    }

    var name: String {
        switch self {
        case .organization: "organization"
        case .team: "team"
        case .virtualKey: "virtual_key"
        case .endUser: "end_user"
        case .route: "route"
        case .provider: "provider"
        case .model: "model"
        case .endpoint: "endpoint"
        case .outcome: "outcome"
        case .hour: "hour"
        case .day: "day"
        case .week: "week"
        case .month: "month"
        case .tag(let name): "tag:\(name)"
        }
    }

    var isObject: Bool {
        switch self {
        case .organization, .team, .virtualKey, .route, .provider, .model: true
        case .endUser, .endpoint, .outcome, .hour, .day, .week, .month, .tag: false
        }
    }

    var isTime: Bool {
        switch self {
        case .hour, .day, .week, .month: true
        default: false
        }
    }
}

/// Sums of usage over a time, in groups.
///
/// - Shape: made of whole hours (UTC), because that is what is kept for good; `from` and `to` say which. Days, weeks and months are
///   those of the time zone. Where it does not keep whole hours from UTC, an hour belongs to the day it begins in.
struct UsageReport {
    struct Query {
        var groupBy: [UsageDimension]
        /// Whole hours; `to` is not included.
        var from: Int64
        var to: Int64
        /// An IANA name.
        var timeZone: String
        var filters: UsageFilters

        /// End users have sums of their own, of many more rows.
        var needsEndUsers: Bool { groupBy.contains(.endUser) || filters.endUser != nil }
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
        /// By the raw value of `UsageCounter`.
        var values: [Int64]
        var interruptedRequests: Int64
        /// Empty where they are not kept: by end user.
        var durations: [Int64]
        var firstTokens: [Int64]

        subscript(counter: UsageCounter) -> Int64 { values[counter.rawValue] }
        var cost: Money { Money(nanodollars: self[.cost]) }
    }

    /// What the bounds of cardinality left without a row of its own.
    struct Others {
        var endUserRequests: Int64
        var tagRequests: Int64
    }

    static let groupCountMax = 10_000
    /// A table for a spreadsheet may be longer.
    static let tableRowCountMax = 100_000
    static let groupByCountMax = 6
    static let hour: Int64 = 3_600_000
    static let defaultSpan: Int64 = 30 * 24 * hour

    var query: Query
    var rows: [Row]
    var total: Sums
    var others: Others
    var daysAreExact: Bool

    struct Question {
        var groupBy: String?
        var from: String?
        var to: String?
        var timeZone: String?
        var filters: [String: String]
        var rowCountMax = groupCountMax
    }

    static func make(_ question: Question, in work: Work) async throws -> UsageReport {
        let dimensions = try dimensions(question.groupBy)
        let name = question.timeZone ?? "UTC"
        guard let zone = Self.zone(name) else {
            throw ResourceError.invalid([
                FieldProblem(
                    path: "query:time_zone",
                    message: "got \(name.quotedForMessage), want an IANA time zone such as Europe/Berlin")
            ])
        }
        // Hours that have begun are included, so that what just happened is seen.
        let end = roundedUp(question.to.flatMap { time($0, in: zone) } ?? work.now + 1)
        let start = roundedDown(question.from.flatMap { time($0, in: zone) } ?? end - defaultSpan)
        guard start < end else {
            throw ResourceError.invalid([FieldProblem(path: "query:from", message: "must lie before to")])
        }
        let query = Query(
            groupBy: dimensions, from: start, to: end, timeZone: name,
            filters: try await UsageFilters.resolve(question.filters, in: work))
        let rows = try await UsageReportStore.groups(query, limit: question.rowCountMax + 1, in: work)
        guard rows.count <= question.rowCountMax else {
            throw ResourceError.invalid([
                FieldProblem(
                    path: "query:group_by",
                    message:
                        "makes more than \(question.rowCountMax) groups; group by less, filter, or ask for a shorter time"
                )
            ])
        }
        return UsageReport(
            query: query, rows: rows, total: try await UsageReportStore.total(query, in: work),
            others: try await UsageReportStore.others(query, in: work),
            daysAreExact: keepsWholeHours(zone, from: start, to: end))
    }

    /// Whether the time zone is at whole hours from UTC all the time: some are so for half of the year only.
    private static func keepsWholeHours(_ zone: TimeZone, from start: Int64, to end: Int64) -> Bool {
        let end = Date(timeIntervalSince1970: Double(end / 1000))
        var next: Date? = Date(timeIntervalSince1970: Double(start / 1000))
        while let time = next, time < end {
            guard zone.secondsFromGMT(for: time) % 3600 == 0 else { return false }
            next = zone.nextDaylightSavingTimeTransition(after: time)
        }
        return true
    }

    private static func dimensions(_ groupBy: String?) throws -> [UsageDimension] {
        var dimensions: [UsageDimension] = []
        for part in (groupBy ?? "").split(separator: ",") {
            guard let dimension = UsageDimension(String(part)), !dimensions.contains(dimension) else {
                let known = UsageDimension.plain.map(\.name).joined(separator: ", ")
                throw ResourceError.invalid([
                    FieldProblem(
                        path: "query:group_by",
                        message:
                            "got \(String(part).quotedForMessage), want some of \(known), tag:NAME, separated by commas, each once"
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
        return dimensions
    }

    /// Only names that the database has as well: it cuts the days.
    private static func zone(_ name: String) -> TimeZone? {
        if name == "UTC" { return .gmt }
        // What has no slash is an abbreviation, or an offset that the database reads the other way round.
        guard name.contains("/") else { return nil }
        return TimeZone(identifier: name)
    }

    /// A date alone is its first moment in the time zone.
    private static func time(_ text: String, in zone: TimeZone) -> Int64? {
        guard let time = RFC3339.parse(text) else { return nil }
        guard text.utf8.count == 10 else { return time }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var parts = calendar.dateComponents(
            [.year, .month, .day], from: Date(timeIntervalSince1970: Double(time / 1000)))
        calendar.timeZone = zone
        parts.hour = 0
        guard let noon = calendar.date(from: parts) else { return time }
        return Int64(calendar.startOfDay(for: noon).timeIntervalSince1970) * 1000
    }

    private static func roundedDown(_ time: Int64) -> Int64 { time - (time % hour + hour) % hour }
    private static func roundedUp(_ time: Int64) -> Int64 { roundedDown(time + hour - 1) }
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
    /// "" are the requests without a label.
    var endUser: String?
    var tag: (name: String, value: String)?

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
        filters.endUser = texts["end_user"]
        if let tag = texts["tag"] {
            let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2, !parts[0].isEmpty {
                filters.tag = (parts[0], parts[1])
            } else {
                problems.append(
                    FieldProblem(path: "query:tag", message: "got \(tag.quotedForMessage), want NAME=VALUE"))
            }
        }
        guard problems.isEmpty else { throw ResourceError.invalid(problems) }
        return filters
    }
}

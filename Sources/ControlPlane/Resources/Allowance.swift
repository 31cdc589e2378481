import Foundation
import Shared

/// What may be spent under a limit: by an organization, a team or a virtual key, of each or of one end user where it says so.
///
/// - Shape: what it counts (scope, end user, route or model, kind, period, time zone) never changes, so that the sums in the ledger
///   always mean the same. The limit, the mode and what is for people may change at any time.
struct Allowance: ManagedObject {
    static let noun = Noun(singular: "allowance", plural: "allowances", type: "Allowance")

    static let thresholdCountMax = 10
    static let thresholdRange: ClosedRange<Int64> = 1...1_000
    static let thresholdsDefault = [80, 100]
    /// A bucket of a sliding sum is 1/1200 of its period: shorter periods would be finer than the ledger's clock.
    static let rollingSecondsRange: ClosedRange<Int64> = 60...AllowancePeriod.slidingSecondsMax
    static let timeZoneDefault = "UTC"

    var id: ObjectID
    var name = ""
    var scope = AllowanceScope.organization
    /// What it hangs on.
    var owner = Reference(id: .zero, name: "")
    /// nil: everybody together; `*`: each on its own.
    var endUser: String?
    var route: Reference?
    var model: Reference?
    var kind = AllowanceKind.money
    var period = AllowancePeriod.none
    var timeZone = timeZoneDefault
    var limit: Int64 = 0
    var mode = AllowanceMode.automatic
    /// Percent of the limit, rising.
    var alertThresholds: [Int] = []
    var metadata = JSONValue.record([])
    var revision: Int64 = 1
    var createdAt: Int64
    var updatedAt: Int64
    /// Where the entries of its virtual key lie; loaded when it is created or about to change.
    var keyShards: Set<UInt8> = []

    init(id: ObjectID, now: Int64) {
        self.id = id
        createdAt = now
        updatedAt = now
    }

    /// The allowances of keys travel with the keys, of which there may be very many.
    var publication: Publication { scope == .virtualKey ? .keys(shards: keyShards) : .policy }

    /// Its amounts have dollars beside them.
    var isMoney: Bool { kind == .money }

    mutating func apply(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        fields.take("name", into: &name)
        fields.take("metadata", into: &metadata)
        var problems: [FieldProblem] = []
        // Only a creation has it: what an allowance counts stays.
        if fields.has("kind") {
            problems += takeKindAndPeriod(fields)
            if let zone = fields.text("time_zone"), problems.isEmpty,
                try await !AllowanceStore.knowsTimeZone(zone, in: work)
            {
                problems.append(Self.unknownTimeZone(zone))
            }
            problems += try await takeScope(fields, in: work)
            problems += try await takeFilter(fields, in: work)
            alertThresholds = isMoney ? Self.thresholdsDefault : []
        }
        problems += takeLimit(fields)
        problems += takeMode(fields)
        problems += takeThresholds(fields)
        return problems
    }

    // MARK: What stays

    private mutating func takeKindAndPeriod(_ fields: Fields) -> [FieldProblem] {
        kind = fields.text("kind").flatMap { AllowanceKind(label: $0) } ?? kind
        if fields.has("end_user") { endUser = fields.text("end_user") }
        let named = fields.text("period")
        var problems: [FieldProblem] = []
        switch (kind, named) {
        case (.money, "day"): period = .day
        case (.money, "week"): period = .week
        case (.money, "month"): period = .month
        case (.money, "total"): period = .total
        case (.money, "rolling"):
            guard let seconds = fields.integer("rolling_seconds") else {
                problems.append(
                    FieldProblem(
                        path: "rolling_seconds",
                        message: "is missing; a rolling period needs its length, such as 604800 for seven days"))
                break
            }
            period = .sliding(seconds: seconds)
        case (.tokens, nil), (.tokens, "minute"), (.requests, nil), (.requests, "minute"):
            period = .sliding(seconds: 60)
        case (.requests, "day"): period = .sliding(seconds: 86_400)
        case (.slots, nil): period = .none
        default:
            let wanted =
                switch kind {
                case .money: "day, week, month, total or rolling"
                case .tokens: "minute"
                case .requests: "minute or day"
                case .slots: "no period: slots come back when their requests end"
                }
            problems.append(
                FieldProblem(
                    path: "period",
                    message:
                        "\(named.map { "got \($0.quotedForMessage)" } ?? "is missing"); \(kind.label) take \(wanted)"
                ))
        }
        if fields.integer("rolling_seconds") != nil, named != "rolling" {
            problems.append(
                FieldProblem(
                    path: "rolling_seconds", message: "is for the period \"rolling\" of money; leave the field out"))
        }
        if let zone = fields.text("time_zone") {
            timeZone = zone
            if !Self.hasCalendar(period), problems.isEmpty {
                problems.append(
                    FieldProblem(
                        path: "time_zone", message: "is for money by day, week or month; leave the field out"))
            } else if !Self.isTimeZone(zone) {
                problems.append(Self.unknownTimeZone(zone))
            }
        }
        return problems
    }

    static func hasCalendar(_ period: AllowancePeriod) -> Bool {
        switch period {
        case .day, .week, .month: true
        case .none, .total, .sliding: false
        }
    }

    /// By name, so that its rules of summer time hold; an offset or an abbreviation says less than it seems to.
    private static func isTimeZone(_ name: String) -> Bool {
        name == timeZoneDefault || TimeZone.knownTimeZoneIdentifiers.contains(name)
    }

    private static func unknownTimeZone(_ name: String) -> FieldProblem {
        FieldProblem(
            path: "time_zone",
            message: "got \(name.quotedForMessage), want an IANA name such as Europe/Berlin, or UTC")
    }

    private mutating func takeScope(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        let given = ["organization", "team", "virtual_key"].filter { fields.text($0) != nil }
        guard given.count == 1, let field = given.first, let reference = fields.text(field) else {
            let message =
                given.isEmpty
                ? "is missing; name an organization, a team or a virtual_key"
                : "came with \(given.dropFirst().joined(separator: " and ")); an allowance has one of organization, team and virtual_key"
            return [FieldProblem(path: given.first ?? "organization", message: message)]
        }
        switch field {
        case "organization":
            scope = .organization
            guard let found = try await OrganizationStore.resolve(reference, in: work) else {
                return [.unknown(field, Organization.noun, reference)]
            }
            owner = found
        case "team":
            scope = .team
            guard let found = try await TeamStore.resolve(reference, in: work) else {
                return [
                    FieldProblem(
                        path: field,
                        message:
                            "no single team is called \(reference.quotedForMessage); give its ID, its name, or organization/team where several have the name"
                    )
                ]
            }
            owner = Reference(id: found.id, name: found.name)
        default:
            scope = .virtualKey
            guard let found = try await VirtualKeyStore.resolve(reference, in: work) else {
                return [
                    FieldProblem(
                        path: field,
                        message:
                            "no single virtual key is called \(reference.quotedForMessage); give its ID, its key ID, its name, or team/name where several have the name"
                    )
                ]
            }
            owner = found
        }
        return []
    }

    private mutating func takeFilter(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if let reference = fields.text("route") {
            route = try await RouteStore.resolve(reference, in: work)
            if route == nil { problems.append(.unknown("route", Route.noun, reference)) }
        }
        if let reference = fields.text("model") {
            model = try await ModelStore.resolve(reference, in: work)
            if model == nil { problems.append(.unknown("model", Model.noun, reference)) }
        }
        if fields.text("route") != nil, fields.text("model") != nil {
            problems.append(
                FieldProblem(
                    path: "model", message: "came with route; an allowance counts one route, one model, or all"))
        }
        return problems
    }

    // MARK: What may change

    /// Money is given in dollars or in nanodollars, the rest as it is counted.
    private mutating func takeLimit(_ fields: Fields) -> [FieldProblem] {
        let dollars = fields.text("limit_usd")
        let nanodollars = fields.integer("limit_nanodollars")
        let count = fields.integer("limit")
        if isMoney {
            if count != nil {
                return [FieldProblem(path: "limit", message: "is not for money; give limit_usd, such as \"25.00\"")]
            }
            let parsed = dollars.flatMap { Money(dollars: $0) }?.nanodollars
            if let parsed, let nanodollars, parsed != nanodollars {
                return [
                    FieldProblem(
                        path: "limit_nanodollars", message: "is another amount than limit_usd; give one of them")
                ]
            }
            guard let wanted = parsed ?? nanodollars else {
                return isMissing(fields, "limit_usd", "money needs it, such as \"25.00\"")
            }
            limit = wanted
        } else {
            for (field, isGiven) in [("limit_usd", dollars != nil), ("limit_nanodollars", nanodollars != nil)]
            where isGiven {
                return [FieldProblem(path: field, message: "is for money; give limit, a number of \(kind.label)")]
            }
            guard let count else { return isMissing(fields, "limit", "give the number of \(kind.label)") }
            limit = count
        }
        guard limit <= kind.limitMax else {
            let most = isMoney ? Money(nanodollars: kind.limitMax).dollars : String(kind.limitMax)
            return [
                FieldProblem(path: isMoney ? "limit_usd" : "limit", message: "is above \(most), the most there can be")
            ]
        }
        return []
    }

    /// A creation needs the field, a change does not; null would be no limit at all.
    private func isMissing(_ fields: Fields, _ field: String, _ remedy: String) -> [FieldProblem] {
        guard !fields.isNull(field) else { return [FieldProblem(path: field, message: "must not be null; \(remedy)")] }
        return fields.has("kind") ? [FieldProblem(path: field, message: "is missing; \(remedy)")] : []
    }

    private mutating func takeMode(_ fields: Fields) -> [FieldProblem] {
        mode = fields.text("mode").flatMap { AllowanceMode(label: $0) } ?? mode
        switch (mode, kind) {
        case (.clamp, .requests), (.clamp, .slots):
            return [
                FieldProblem(
                    path: "mode",
                    message: "clamp lowers output caps, which only money and tokens count; take strict or soft")
            ]
        default: return []
        }
    }

    private mutating func takeThresholds(_ fields: Fields) -> [FieldProblem] {
        guard let elements = fields.elements("alert_thresholds") else { return [] }
        let wanted = Set(elements.compactMap(\.integer)).sorted().map { Int($0) }
        guard isMoney || wanted.isEmpty else {
            return [
                FieldProblem(
                    path: "alert_thresholds",
                    message: "are for money; a rate has passed before anybody could look. Leave the field out")
            ]
        }
        alertThresholds = wanted
        return []
    }

    // MARK: Answers

    var json: JSONValue {
        .record(
            identityFields + [
                ("limit_usd", isMoney ? .string(Money(nanodollars: limit).dollars) : .null),
                ("limit_nanodollars", isMoney ? .int(limit) : .null), ("limit", isMoney ? .null : .int(limit)),
                ("mode", .string(mode.label)), ("alert_thresholds", .array(alertThresholds.map { .int(Int64($0)) })),
                ("metadata", metadata), ("revision", .int(revision)), ("created_at", .time(createdAt)),
                ("updated_at", .time(updatedAt)),
            ])
    }

    /// What it is and what it counts.
    private var identityFields: [(name: String, value: JSONValue)] {
        var fields: [(name: String, value: JSONValue)] = [
            ("id", .id(id)), ("name", .string(name)), ("scope", .string(scope.label)),
        ]
        for each in AllowanceScope.allCases {
            fields.append(("\(each.label)_id", each == scope ? .id(owner.id) : .null))
            fields.append((each.label, each == scope ? .string(owner.name) : .null))
        }
        return fields + [
            ("end_user", .optional(endUser) { .string($0) }), ("route_id", .optional(route) { .id($0.id) }),
            ("route", .optional(route) { .string($0.name) }), ("model_id", .optional(model) { .id($0.id) }),
            ("model", .optional(model) { .string($0.name) }), ("kind", .string(kind.label)),
            ("period", .optional(periodName) { .string($0) }),
            ("rolling_seconds", isMoney && period.slidingSeconds > 0 ? .int(period.slidingSeconds) : .null),
            ("time_zone", Self.hasCalendar(period) ? .string(timeZone) : .null),
        ]
    }

    /// As people say it: what slides is a minute, a day, or rolling.
    var periodName: String? {
        switch period {
        case .none: nil
        case .day, .week, .month, .total: period.unit.label
        case .sliding(let seconds): isMoney ? "rolling" : seconds == 60 ? "minute" : "day"
        }
    }
}

extension Allowance {
    /// A new allowance, unless its owner has as many as one request has room for.
    static func create(_ fields: Fields, in work: Work) async throws -> Allowance {
        var allowance = Allowance(id: work.newID(), now: work.now)
        let problems = try await allowance.apply(fields, in: work)
        guard problems.isEmpty else { throw ResourceError.invalid(problems) }
        // Under the owner's lock, so that two creations cannot both be the last that fits, and a key's rotation waits.
        let count = try await AllowanceStore.lockOwner(of: allowance, in: work)
        guard count < allowance.scope.countMax else {
            throw ResourceError.conflict(
                "The \(allowance.scope.noun.singular) \(allowance.owner.name.quotedForMessage) has \(count) allowances, the most there can be. Change or delete one of them (GET \(noun.collection)?\(allowance.scope.label)=\(allowance.owner.id)&scope=\(allowance.scope.label))."
            )
        }
        allowance.keyShards = try await AllowanceStore.shards(of: allowance, in: work)
        try await allowance.insert(in: work)
        work.record("create", of: allowance, after: allowance.json)
        return allowance
    }

    /// All of a virtual key, as part of its deletion.
    static func deleteAll(ofKey key: ObjectID, in work: Work) async throws {
        for allowance in try await AllowanceStore.all(ofKey: key, in: work) {
            try await allowance.remove(in: work)
            work.record("delete", of: allowance, before: allowance.json)
        }
    }
}

extension AllowanceScope {
    var noun: Noun {
        switch self {
        case .organization: Organization.noun
        case .team: Team.noun
        case .virtualKey: VirtualKey.noun
        }
    }

    /// The column of `allowances` that names the owner.
    var column: StaticString {
        switch self {
        case .organization: "organization_id"
        case .team: "team_id"
        case .virtualKey: "virtual_key_id"
        }
    }

    var table: StaticString {
        switch self {
        case .organization: "organizations"
        case .team: "teams"
        case .virtualKey: "virtual_keys"
        }
    }
}

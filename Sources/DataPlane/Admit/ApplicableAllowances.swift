import Shared

/// The allowances of organizations and teams in one policy, found by what they hang on.
///
/// Concurrency: immutable after `init`.
struct ScopedAllowances: Sendable {
    fileprivate let rules: [AllowanceRule]
    /// For messages to callers.
    private let names: [String]
    /// Of an organization or a team -> its part of `rules`.
    private let ranges: [ObjectID: Range<Int>]

    init(_ allowances: [PolicyDocument.Allowance]) {
        var byScope: [ObjectID: [(rule: AllowanceRule, name: String)]] = [:]
        for allowance in allowances {
            guard let scope = allowance.scope, let rule = allowance.rule else { continue }
            byScope[scope.id, default: []].append((rule, allowance.name))
        }
        var rules: [AllowanceRule] = []
        var names: [String] = []
        var ranges: [ObjectID: Range<Int>] = [:]
        for (scope, found) in byScope {
            ranges[scope] = rules.count..<(rules.count + found.count)
            rules += found.map(\.rule)
            names += found.map(\.name)
        }
        self.rules = rules
        self.names = names
        self.ranges = ranges
    }

    fileprivate func range(_ scope: ObjectID) -> Range<Int> {
        ranges.isEmpty ? 0..<0 : ranges[scope] ?? 0..<0
    }

    /// What people call an allowance; nil for those of virtual keys, whose names stay in the control plane.
    func name(of allowance: ApplicableAllowance) -> String? {
        allowance.place < 0 ? nil : names[allowance.place]
    }
}

/// An allowance that a request has to fit into.
struct ApplicableAllowance {
    let rule: AllowanceRule
    /// What the request is counted in: the allowance, or the share of the request's end user.
    let account: AccountKey
    let scope: AllowanceScope
    /// Index of its name; negative for one of a virtual key.
    fileprivate let place: Int
}

/// The allowances that apply to one request: those of its organization, of its team, and of its virtual key.
///
/// - Shape: at most `ReservationLine.linesMax`, each account once. Walking them allocates nothing: they are read where the policy and
///   the shard of keys hold them.
struct ApplicableAllowances: Sequence, IteratorProtocol {
    private let scoped: ScopedAllowances
    private let key: KeyShard.Match
    private let route: CompiledRoute
    private let endUser: String
    private let hasher: SHA256
    /// Of `endUser`, once it was needed.
    private var subject: UInt64?
    private var scope = AllowanceScope.organization
    private var places: Range<Int>

    fileprivate init(
        scoped: ScopedAllowances, key: KeyShard.Match, route: CompiledRoute, endUser: String, hasher: SHA256
    ) {
        self.scoped = scoped
        self.key = key
        self.route = route
        self.endUser = endUser
        self.hasher = hasher
        places = scoped.range(key.organizationID)
    }

    mutating func next() -> ApplicableAllowance? {
        while true {
            guard let place = places.first else {
                switch scope {
                case .organization:
                    scope = .team
                    places = scoped.range(key.teamID)
                case .team:
                    scope = .virtualKey
                    places = 0..<key.allowanceCount
                case .virtualKey: return nil
                }
                continue
            }
            places = (place + 1)..<places.upperBound
            let rule = scope == .virtualKey ? key.allowance(place) : scoped.rules[place]
            guard let account = account(of: rule) else { continue }
            return ApplicableAllowance(
                rule: rule, account: account, scope: scope, place: scope == .virtualKey ? -1 : place)
        }
    }

    /// nil: the rule does not count this request.
    private mutating func account(of rule: AllowanceRule) -> AccountKey? {
        switch rule.filter {
        case .all: break
        case .route(let id): guard route.id == id else { return nil }
        case .model(let id): guard route.modelIDs.contains(id) else { return nil }
        }
        switch rule.endUsers {
        case .everybody: return AccountKey(allowanceID: rule.id)
        case .each: return AccountKey(allowanceID: rule.id, subject: subjectOfEndUser())
        case .only(let subject):
            return subjectOfEndUser() == subject ? AccountKey(allowanceID: rule.id) : nil
        }
    }

    /// Hashed only where an allowance asks for it.
    private mutating func subjectOfEndUser() -> UInt64 {
        if let subject { return subject }
        let found = EndUserSubject.of(endUser, hashingBy: hasher)
        subject = found
        return found
    }
}

extension CompiledPolicy {
    /// The allowances that apply to a request of `caller` by `plan`.
    ///
    /// - Parameter endUser: the label that the caller sent, empty for none.
    func allowances(
        for caller: Caller, plan: RoutePlan, endUser: String, hashingBy hasher: SHA256
    ) -> ApplicableAllowances {
        ApplicableAllowances(
            scoped: scopedAllowances, key: caller.key, route: plan.route, endUser: endUser, hasher: hasher)
    }
}

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

extension CompiledPolicy {
    /// Appends the allowances that apply to a request of `caller` by `plan`: those of its organization, of its team, and of its
    /// virtual key; at most `ReservationLine.linesMax`, each account once.
    ///
    /// - Parameter endUser: the label that the caller sent, empty for none.
    func collectAllowances(
        for caller: Caller, route: CompiledRoute, endUser: String, hashingBy hasher: SHA256,
        into found: inout [ApplicableAllowance]
    ) {
        let key = caller.key
        var counted = CountedRequest(route: route, endUser: endUser, hasher: hasher)
        for place in scopedAllowances.range(key.organizationID) {
            counted.append(scopedAllowances.rules[place], .organization, place, to: &found)
        }
        for place in scopedAllowances.range(key.teamID) {
            counted.append(scopedAllowances.rules[place], .team, place, to: &found)
        }
        for index in 0..<key.allowanceCount { counted.append(key.allowance(index), .virtualKey, -1, to: &found) }
    }
}

/// What allowances ask of a request to know whether, and where, they count it.
private struct CountedRequest {
    let route: CompiledRoute
    let endUser: String
    let hasher: SHA256
    /// Of `endUser`, once it was needed: hashed only where an allowance asks for it.
    private lazy var subject = EndUserSubject.of(endUser, hashingBy: hasher)

    init(route: CompiledRoute, endUser: String, hasher: SHA256) {
        self.route = route
        self.endUser = endUser
        self.hasher = hasher
    }

    mutating func append(
        _ rule: AllowanceRule, _ scope: AllowanceScope, _ place: Int, to found: inout [ApplicableAllowance]
    ) {
        guard let account = account(of: rule) else { return }
        found.append(ApplicableAllowance(rule: rule, account: account, scope: scope, place: place))
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
        case .each: return AccountKey(allowanceID: rule.id, subject: subject)
        case .only(let wanted): return subject == wanted ? AccountKey(allowanceID: rule.id) : nil
        }
    }
}

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

/// Finds the allowances that apply to a request: those of its organization, of its team and of its key.
///
/// - Shape: what a key brings along for the targets that a request can come to is put together once and kept until the policy changes.
///
/// Concurrency: one for each loop.
struct ApplicableAllowances {
    private let hasher = SHA256()
    /// About 2 KiB each when a key has as many allowances as it can.
    private var kept = PolicyTable<KeyAllowances>()

    /// Appends what applies to a request that one of the targets of `tree` will serve. Allocates nothing for a key that it knows.
    ///
    /// - Parameter endUser: the label that the caller sent, empty for none.
    mutating func collect(
        for caller: Caller, tree: TargetTree, in policy: CompiledPolicy, endUser: String,
        into found: inout [ApplicableAllowance]
    ) {
        let key = caller.key
        let allowances = keyAllowances(of: key, tree, in: policy)
        guard allowances.dependsOnEndUser else {
            found.append(contentsOf: allowances.candidates)
            return
        }
        let subject = EndUserSubject.of(endUser, hashingBy: hasher)
        for candidate in allowances.candidates {
            switch candidate.rule.endUsers {
            case .everybody: found.append(candidate)
            case .each:
                found.append(
                    ApplicableAllowance(
                        rule: candidate.rule, account: AccountKey(allowanceID: candidate.rule.id, subject: subject),
                        scope: candidate.scope, place: candidate.place))
            case .only(let wanted): if subject == wanted { found.append(candidate) }
            }
        }
    }

    private mutating func keyAllowances(
        of key: KeyShard.Match, _ tree: TargetTree, in policy: CompiledPolicy
    ) -> KeyAllowances {
        let digest = key.secretSHA256
        let known = kept.entry(
            at: digest.word3 &+ UInt64(tree.index), in: policy, { $0.key == digest && $0.treeIndex == tree.index }
        ) { KeyAllowances(of: key, tree, in: policy) }
        return known!
    }
}

/// The allowances that can apply to requests of one key at the targets of one tree.
private final class KeyAllowances {
    let key: SHA256Digest
    let treeIndex: Int
    /// In the account of everybody, whatever their `endUsers`.
    let candidates: [ApplicableAllowance]
    let dependsOnEndUser: Bool

    init(of key: KeyShard.Match, _ tree: TargetTree, in policy: CompiledPolicy) {
        self.key = key.secretSHA256
        treeIndex = tree.index
        let scoped = policy.scopedAllowances
        var candidates: [ApplicableAllowance] = []
        func add(_ rule: AllowanceRule, _ scope: AllowanceScope, _ place: Int) {
            guard rule.counts(tree) else { return }
            candidates.append(
                ApplicableAllowance(
                    rule: rule, account: AccountKey(allowanceID: rule.id), scope: scope, place: place))
        }
        for place in scoped.range(key.organizationID) { add(scoped.rules[place], .organization, place) }
        for place in scoped.range(key.teamID) { add(scoped.rules[place], .team, place) }
        for index in 0..<key.allowanceCount { add(key.allowance(index), .virtualKey, -1) }
        dependsOnEndUser = candidates.contains { $0.rule.endUsers != .everybody }
        self.candidates = candidates
    }
}

extension AllowanceRule {
    fileprivate func counts(_ tree: TargetTree) -> Bool {
        switch filter {
        case .all: true
        case .route(let id): tree.routeID == id
        case .model(let id): tree.modelIDs.contains(id)
        }
    }
}

import Shared

/// The targets among which a route, or one of its rules, chooses: a list, in which some may stand together as groups.
///
/// - Shape: a leaf is a target by its place in the list, groups or not.
///
/// Concurrency: immutable after `init`.
final class TargetTree: Sendable {
    /// Of its plans in the policy. That of a route itself has the route's index.
    let index: Int
    let routeID: ObjectID
    let targets: [CompiledTarget]
    let root: TargetGroup
    /// There are groups in it: plain lists are chosen from without looking for any.
    let isNested: Bool
    /// Of all its targets, each once.
    let modelIDs: [ObjectID]
    /// What any of its targets' models cannot do.
    let lacks: ModelFeatures
    /// Bit n: a request can begin with leaf n.
    let choosable: UInt32
    /// Bit n: leaf n is a fallback only, and one after errors.
    let fallbacksAfterErrors: UInt32

    init(index: Int, routeID: ObjectID, targets: [CompiledTarget], root: TargetGroup) {
        self.index = index
        self.routeID = routeID
        self.targets = targets
        self.root = root
        isNested = root.entries.contains { $0.group != nil }
        var modelIDs: [ObjectID] = []
        for target in targets where !modelIDs.contains(target.model.id) { modelIDs.append(target.model.id) }
        self.modelIDs = modelIDs
        lacks = targets.reduce(into: []) { $0.formUnion($1.lacks) }
        choosable = root.choosableLeaves.reduce(0) { $0 | 1 << UInt32($1) }
        fallbacksAfterErrors = Self.leavesAfterErrors(of: root) & ~choosable
    }

    private static func leavesAfterErrors(of group: TargetGroup) -> UInt32 {
        group.entries.reduce(0) { leaves, entry in
            guard !entry.isFallbackOnly || entry.causes.contains(.error) else { return leaves }
            return leaves | (entry.group.map { leavesAfterErrors(of: $0) } ?? 1 << UInt32(entry.leaves.lowerBound))
        }
    }

    /// The order in which they are tried where a leaf is first: it, then the rest of its group, then outward; in the order of the list.
    func order(from leaf: Int) -> [Int] { Self.order(of: root, from: leaf) }

    private static func order(of group: TargetGroup, from leaf: Int) -> [Int] {
        guard let own = group.entries.first(where: { $0.leaves.contains(leaf) }) else { return Array(group.leaves) }
        let inner = own.group.map { order(of: $0, from: leaf) } ?? [leaf]
        return inner + group.leaves.filter { !own.leaves.contains($0) }
    }

    /// All groups, each before those in it.
    var groups: [TargetGroup] { Self.groups(of: root) }

    private static func groups(of group: TargetGroup) -> [TargetGroup] {
        [group] + group.entries.compactMap(\.group).flatMap { groups(of: $0) }
    }
}

/// One level of a tree, and how it chooses among its entries.
final class TargetGroup: Sendable {
    struct Entry: Sendable {
        /// One for a target.
        let leaves: Range<Int>
        /// nil for a target.
        let group: TargetGroup?
        let weight: Int
        /// Not among those that the strategy chooses from.
        let isFallbackOnly: Bool
        /// After what failures of others it is tried.
        let causes: Set<PolicyDocument.FallbackCause>
    }

    /// Of its turns on a loop.
    let index: Int
    /// The same in every snapshot.
    let identity: UInt64
    let leaves: Range<Int>
    let strategy: PolicyDocument.Route.Strategy
    let stickyBy: PolicyDocument.Sticky.Source
    /// In lower case; empty where there is none.
    let stickyHeader: [UInt8]
    let entries: [Entry]
    /// Those that the strategy chooses from.
    let choosable: [Entry]
    /// Of `choosable`.
    let weights: [Int]
    /// Of each of `choosable`, what a request can be begun with that has come there.
    let startsOfChoosable: [[Int]]
    /// What a request can be begun with that has come here.
    let choosableLeaves: [Int]
    /// The group as every process knows it, for sticky levels above it.
    let rendezvousIdentity: UInt64

    init(
        index: Int, identity: UInt64, leaves: Range<Int>, strategy: PolicyDocument.Route.Strategy,
        sticky: PolicyDocument.Sticky?, entries: [Entry], targets: [CompiledTarget]
    ) {
        self.index = index
        self.identity = identity
        self.leaves = leaves
        self.strategy = strategy
        stickyBy = sticky?.by ?? .endUser
        stickyHeader = Array((sticky?.header ?? "").utf8)
        self.entries = entries
        choosable = entries.filter { !$0.isFallbackOnly }
        weights = choosable.map(\.weight)
        startsOfChoosable = choosable.map { entry in entry.group?.choosableLeaves ?? [entry.leaves.lowerBound] }
        choosableLeaves = startsOfChoosable.flatMap { $0 }
        var hash = StableHash()
        for leaf in leaves { hash.add(targets[leaf].identity.rendezvous) }
        rendezvousIdentity = hash.value
    }
}

/// Makes the trees of a policy.
struct TargetTreeBuilder {
    private(set) var treeCount = 0
    private var groupCount = 0

    /// - Parameters:
    ///   - targets: one for each of the document's.
    ///   - rule: nil for those of the route itself.
    mutating func tree(
        _ targets: [CompiledTarget], _ list: PolicyDocument.TargetList, routeID: ObjectID, rule: String?
    ) -> TargetTree {
        // Groups count places in the whole list. The verifier has seen to it that all of it is there.
        let groups = targets.count == list.targets.count ? list.groups : []
        var identity = StableHash()
        identity.add(routeID)
        if let rule { unsafe Array(rule.utf8).withUnsafeBytes { unsafe identity.add($0) } }
        let leaves = 0..<targets.count
        var open = groups[...]
        let root = group(
            leaves, strategy: list.strategy, sticky: list.sticky, inner: &open, targets, list, identity)
        defer { treeCount += 1 }
        return TargetTree(index: treeCount, routeID: routeID, targets: targets, root: root)
    }

    /// Takes the groups that lie in these leaves from the front of `inner`.
    private mutating func group(
        _ leaves: Range<Int>, strategy: PolicyDocument.Route.Strategy, sticky: PolicyDocument.Sticky?,
        inner: inout ArraySlice<PolicyDocument.Group>, _ targets: [CompiledTarget], _ list: PolicyDocument.TargetList,
        _ identity: StableHash
    ) -> TargetGroup {
        let index = groupCount
        groupCount += 1
        var entries: [TargetGroup.Entry] = []
        var leaf = leaves.lowerBound
        while leaf < leaves.upperBound {
            if let next = inner.first, next.first == leaf {
                inner.removeFirst()
                var path = identity
                path.add(UInt64(next.first) << 32 | UInt64(next.count))
                let made = group(
                    next.range, strategy: next.strategy, sticky: next.sticky, inner: &inner, targets, list, path)
                entries.append(
                    TargetGroup.Entry(
                        leaves: next.range, group: made, weight: next.weight, isFallbackOnly: next.on != nil,
                        causes: Set(next.on ?? CompiledTarget.fallbackCausesUsual)))
                leaf = next.range.upperBound
            } else {
                let target = targets.count == list.targets.count ? list.targets[leaf] : nil
                entries.append(
                    TargetGroup.Entry(
                        leaves: leaf..<leaf + 1, group: nil, weight: target?.weight ?? 1,
                        isFallbackOnly: target.map { $0.on != nil } ?? targets[leaf].isFallbackOnly,
                        causes: targets[leaf].fallbackCauses))
                leaf += 1
            }
        }
        return TargetGroup(
            index: index, identity: identity.value, leaves: leaves, strategy: strategy, sticky: sticky,
            entries: entries, targets: targets)
    }
}

extension PolicyDocument.Route {
    /// Its own, those of its rules and that of its shadow.
    var allTargets: [PolicyDocument.Target] {
        targets + (rules ?? []).flatMap(\.targets) + (shadow.map { [$0.target] } ?? [])
    }
}

extension PolicyDocument {
    /// What a route, its rules and its shadow have in common.
    struct TargetList {
        var targets: [Target]
        var groups: [Group]
        var strategy: Route.Strategy
        var sticky: Sticky?

        init(_ route: Route) {
            targets = route.targets
            groups = route.groups ?? []
            strategy = route.strategy
            sticky = route.sticky
        }

        init(_ rule: Rule) {
            targets = rule.targets
            groups = rule.groups ?? []
            strategy = rule.strategy
            sticky = rule.sticky
        }

        init(_ shadow: Shadow) {
            targets = [shadow.target]
            groups = []
            strategy = .priority
        }

        /// Whether the target, or a group that it is in, is a fallback only.
        func isFallbackOnly(_ leaf: Int) -> Bool {
            targets[leaf].on != nil || groups.contains { $0.on != nil && $0.range.contains(leaf) }
        }
    }
}

import Shared

/// The order in which the targets of a route are tried for one request, as far as their health and the failures before allow.
final class RoutePlan: Sendable {
    let route: CompiledRoute
    /// The one that decided; nil: none of the route's rules holds, or it has none.
    let rule: CompiledRule?
    /// What the targets are chosen from.
    let tree: TargetTree
    /// The first to be tried first; at least one.
    let targets: [CompiledTarget]
    /// The leaf of the tree at each place; empty for trees without groups.
    let leaves: [Int]
    /// What the request wants that not all of the tree's targets can do; those that are left out for it are not in `targets`.
    let wanted: ModelFeatures
    /// Bit n: the target at place n is tried when none of the others is left, since it can do less of what is wanted.
    let behind: UInt32

    /// `AttemptSequence` remembers those that were tried in one word.
    static let targetCountMax = 32

    /// For all attempts together, to the end of the answer.
    let totalNanoseconds: UInt64

    /// - Parameter leaf: the first to be tried.
    convenience init(_ route: CompiledRoute, _ rule: CompiledRule?, _ tree: TargetTree, from leaf: Int) {
        self.init(route, rule, tree, order: tree.order(from: leaf))
    }

    /// For what only some of a tree's targets can serve, in the order of the list.
    ///
    /// - Returns: nil: none of them can.
    convenience init?(
        _ route: CompiledRoute, _ rule: CompiledRule?, _ tree: TargetTree, where serves: (CompiledTarget) -> Bool
    ) {
        let order = tree.targets.indices.filter { serves(tree.targets[$0]) }
        if order.isEmpty { return nil }
        self.init(route, rule, tree, order: order)
    }

    /// One of `plan`'s tree for a request that not all of its targets can take.
    ///
    /// - Parameter leaf: the first to be tried.
    convenience init(_ plan: RoutePlan, from leaf: Int, among capable: CapableTargets) {
        func isIn(_ leaves: UInt32) -> (Int) -> Bool { { leaves >> UInt32($0) & 1 != 0 } }
        let order = plan.tree.order(from: leaf).filter { !isIn(capable.leftOut)($0) }
        let first = order.filter { !isIn(capable.behind)($0) }
        let behind = (first.count..<order.count).reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
        self.init(
            plan.route, plan.rule, plan.tree, order: first + order.filter(isIn(capable.behind)), behind: behind,
            wanting: capable.wanted)
    }

    private init(
        _ route: CompiledRoute, _ rule: CompiledRule?, _ tree: TargetTree, order: [Int], behind: UInt32 = 0,
        wanting wanted: ModelFeatures = []
    ) {
        self.route = route
        self.rule = rule
        self.tree = tree
        self.behind = behind
        self.wanted = wanted
        targets = order.map { tree.targets[$0] }
        leaves = tree.isNested ? order : []
        totalNanoseconds = route.totalNanoseconds ?? targets[0].totalNanoseconds
    }

    /// The place of the target to begin with: the first that is not set aside. Where all are, the one that may be tried soonest, or none, as
    /// the route says.
    @inline(__always)
    func firstPlace(_ now: MonotonicTime) -> Int? {
        if targets[0].health.isAvailable(now) { return 0 }
        return firstPlaceOfOthers(now)
    }

    private func firstPlaceOfOthers(_ now: MonotonicTime) -> Int? {
        var choosable = targets.indices.filter { !targets[$0].isFallbackOnly }
        // Of a plan without any, those that stand in for targets that cannot take the request.
        if choosable.isEmpty { choosable = targets.indices.filter { targets[$0].fallbackCauses.contains(.error) } }
        if let free = choosable.first(where: { targets[$0].health.isAvailable(now) }) { return free }
        if route.refusesWhenAllAreOut { return nil }
        return choosable.min { targets[$0].health.availableAt < targets[$1].health.availableAt }
    }
}

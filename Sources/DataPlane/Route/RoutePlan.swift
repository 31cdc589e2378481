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

    /// `AttemptSequence` remembers those that were tried in one word.
    static let targetCountMax = 32

    /// For all attempts together, to the end of the answer.
    let totalNanoseconds: UInt64

    /// - Parameter leaf: the first to be tried.
    init(_ route: CompiledRoute, _ rule: CompiledRule?, _ tree: TargetTree, from leaf: Int) {
        self.route = route
        self.rule = rule
        self.tree = tree
        let order = tree.order(from: leaf)
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
        let choosable = targets.indices.filter { !targets[$0].isFallbackOnly }
        if let free = choosable.first(where: { targets[$0].health.isAvailable(now) }) { return free }
        if route.refusesWhenAllAreOut { return nil }
        return choosable.min { targets[$0].health.availableAt < targets[$1].health.availableAt }
    }
}

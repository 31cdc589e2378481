import Shared

/// Which target of a tree with groups follows one that failed: the rest of its own group first, then outward, group by group.
///
/// - Shape: pure. At each level the strategy of that level ranks its entries. A group is entered when it takes the cause of the failure, and then
///   begun as every group is, with a target that is no fallback only; what else it has comes when that one fails.
struct NestedFallback {
    typealias Rank = (Int, PolicyDocument.Route.Strategy) -> UInt64

    let plan: RoutePlan
    /// Bit n: the target at place n was tried.
    let tried: UInt32
    let cause: PolicyDocument.FallbackCause
    let now: MonotonicTime
    /// False: not those that are fallbacks only.
    let takesFallbacks: Bool
    /// Only those that have a slot free.
    let needsRoom: Bool

    /// - Parameter place: of the one that failed.
    func place(after place: Int, _ rank: Rank) -> Int? { following(plan.leaves[place], in: plan.tree.root, rank) }

    private func following(_ leaf: Int, in group: TargetGroup, _ rank: Rank) -> Int? {
        var others: [TargetGroup.Entry] = []
        for entry in group.entries {
            if !entry.leaves.contains(leaf) {
                if entry.causes.contains(cause), takesFallbacks || !entry.isFallbackOnly { others.append(entry) }
            } else if let inner = entry.group, let found = following(leaf, in: inner, rank) {
                return found
            }
        }
        return best(of: others, group.strategy, rank)
    }

    private func best(
        of entries: [TargetGroup.Entry], _ strategy: PolicyDocument.Route.Strategy, _ rank: Rank
    ) -> Int? {
        var best: TargetGroup.Entry?
        var lowest = UInt64.max
        for entry in entries {
            let places = (entry.group?.choosableLeaves ?? [entry.leaves.lowerBound]).compactMap(freePlace)
            guard let figure = places.map({ rank($0, strategy) }).min() else { continue }
            if best == nil || figure < lowest {
                best = entry
                lowest = figure
            }
        }
        guard let best else { return nil }
        guard let inner = best.group else { return freePlace(best.leaves.lowerBound) }
        return self.best(of: inner.choosable, inner.strategy, rank)
    }

    /// Of a leaf that was not tried, is not set aside, and has room where that is asked for.
    private func freePlace(_ leaf: Int) -> Int? {
        guard let place = plan.leaves.firstIndex(of: leaf), tried & (1 << UInt32(place)) == 0,
            plan.targets[place].health.isAvailable(now), !needsRoom || plan.targets[place].health.hasRoom
        else { return nil }
        return place
    }
}

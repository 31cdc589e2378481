import Shared

/// The entries that a strategy chooses from, and what it goes by. One that only looks.
protocol Candidates {
    var count: Int { get }
    func isAvailable(_ index: Int) -> Bool
    /// `TargetLoad.score`.
    func score(_ index: Int) -> UInt64
    func inFlight(_ index: Int) -> Int
    func cost(_ index: Int, _ estimate: UsageEstimate, nowUnixSeconds: Int64) -> Money?
    /// `RateHeadroom.remainingShare`.
    func share(_ index: Int) -> Int
    /// `TargetHealth.rendezvousIdentity`.
    func identity(_ index: Int) -> UInt64
}

/// Those of a list without groups: the first targets of its plans.
struct ListCandidates: Candidates {
    let plans: [RoutePlan]
    let now: MonotonicTime

    @inline(__always) private func health(_ index: Int) -> TargetHealth { plans[index].targets[0].health }

    @inline(__always) var count: Int { plans.count }
    @inline(__always) func isAvailable(_ index: Int) -> Bool { health(index).isAvailable(now) }
    @inline(__always) func score(_ index: Int) -> UInt64 { health(index).load.score(at: now) }
    @inline(__always) func inFlight(_ index: Int) -> Int { health(index).load.inFlight }
    @inline(__always) func share(_ index: Int) -> Int { health(index).headroom.remainingShare(at: now) }
    @inline(__always) func identity(_ index: Int) -> UInt64 { health(index).rendezvousIdentity }

    func cost(_ index: Int, _ estimate: UsageEstimate, nowUnixSeconds: Int64) -> Money? {
        LowestCost.cost(of: estimate, by: plans[index].targets[0].price(atUnixSeconds: nowUnixSeconds))
    }
}

/// Those of one group of a tree, or of the whole of it. A group among them is as good as the best of its targets that are not set aside, and as busy as they are
/// on the average.
struct GroupCandidates: Candidates {
    let tree: TargetTree
    let group: TargetGroup
    let now: MonotonicTime
    /// Bit n: leaf n is one of those to choose from.
    var allowed = UInt32.max

    @inline(__always) private func health(_ leaf: Int) -> TargetHealth { tree.targets[leaf].health }

    @inline(__always)
    private func isFree(_ leaf: Int) -> Bool { allowed >> UInt32(leaf) & 1 != 0 && health(leaf).isAvailable(now) }

    /// Calls `body` with each target that a request could begin with at this entry. Allocates nothing.
    @inline(__always)
    private func forEachAvailable(_ index: Int, _ body: (CompiledTarget) -> Void) {
        for leaf in group.startsOfChoosable[index] where isFree(leaf) { body(tree.targets[leaf]) }
    }

    var count: Int { group.choosable.count }

    func isAvailable(_ index: Int) -> Bool {
        for leaf in group.startsOfChoosable[index] where isFree(leaf) { return true }
        return false
    }

    func score(_ index: Int) -> UInt64 {
        var least = UInt64.max
        forEachAvailable(index) { least = min(least, $0.health.load.score(at: now)) }
        return least
    }

    func inFlight(_ index: Int) -> Int {
        var total = 0
        var count = 0
        forEachAvailable(index) { target in
            total += target.health.load.inFlight
            count += 1
        }
        return count == 0 ? 0 : total / count
    }

    func share(_ index: Int) -> Int {
        var most = 0
        forEachAvailable(index) { most = max(most, $0.health.headroom.remainingShare(at: now)) }
        return most
    }

    func identity(_ index: Int) -> UInt64 {
        group.choosable[index].group?.rendezvousIdentity ?? health(group.startsOfChoosable[index][0]).rendezvousIdentity
    }

    func cost(_ index: Int, _ estimate: UsageEstimate, nowUnixSeconds: Int64) -> Money? {
        var least: Money?
        forEachAvailable(index) { target in
            guard let cost = LowestCost.cost(of: estimate, by: target.price(atUnixSeconds: nowUnixSeconds)) else {
                return
            }
            least = least.map { min($0, cost) } ?? cost
        }
        return least
    }
}

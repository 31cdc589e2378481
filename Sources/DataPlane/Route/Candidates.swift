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

/// Those of one group of a tree. A group among them is as good as the best of its targets that are not set aside, and as busy as they are
/// on the average.
struct GroupCandidates: Candidates {
    let tree: TargetTree
    let group: TargetGroup
    let now: MonotonicTime

    private func leaves(_ index: Int) -> [Int] {
        let entry = group.choosable[index]
        return entry.group?.choosableLeaves ?? [entry.leaves.lowerBound]
    }

    private func health(_ leaf: Int) -> TargetHealth { tree.targets[leaf].health }

    private func available(_ index: Int) -> [TargetHealth] {
        leaves(index).map(health).filter { $0.isAvailable(now) }
    }

    var count: Int { group.choosable.count }
    func isAvailable(_ index: Int) -> Bool { leaves(index).contains { health($0).isAvailable(now) } }
    func score(_ index: Int) -> UInt64 { available(index).map { $0.load.score(at: now) }.min() ?? .max }

    func inFlight(_ index: Int) -> Int {
        let available = available(index)
        return available.isEmpty ? 0 : available.reduce(0) { $0 + $1.load.inFlight } / available.count
    }

    func share(_ index: Int) -> Int { available(index).map { $0.headroom.remainingShare(at: now) }.max() ?? 0 }

    func identity(_ index: Int) -> UInt64 {
        let entry = group.choosable[index]
        return entry.group?.rendezvousIdentity ?? health(entry.leaves.lowerBound).rendezvousIdentity
    }

    func cost(_ index: Int, _ estimate: UsageEstimate, nowUnixSeconds: Int64) -> Money? {
        leaves(index).filter { health($0).isAvailable(now) }
            .compactMap { LowestCost.cost(of: estimate, by: tree.targets[$0].price(atUnixSeconds: nowUnixSeconds)) }
            .min()
    }
}

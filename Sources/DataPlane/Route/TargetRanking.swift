import Shared

/// In what order the targets of a plan follow one that failed: as the strategy would choose among them, those that are fallbacks
/// only behind the others. Under `priority` and `weighted` it is the order of the list.
struct TargetRanking {
    let plan: RoutePlan
    let request: ParsedRequest
    let stickyKey: UInt64
    let nowUnixSeconds: Int64
    let now: MonotonicTime

    init(_ plan: RoutePlan, _ request: ParsedRequest, _ context: RequestContext, _ now: MonotonicTime) {
        self.plan = plan
        self.request = request
        stickyKey = context.stickyKey
        nowUnixSeconds = context.startedUnixSeconds
        self.now = now
    }

    /// The lower, the sooner; equals in the order of the plan.
    ///
    /// - Parameter strategy: of the group that chooses.
    func rank(_ place: Int, by strategy: PolicyDocument.Route.Strategy) -> UInt64 {
        let target = plan.targets[place]
        let rank: UInt64
        switch strategy {
        case .priority, .weighted: return UInt64(place)
        case .leastLatency: rank = target.health.load.score(at: now)
        case .leastBusy: rank = UInt64(target.health.load.inFlight)
        case .lowestCost:
            let cost = LowestCost.cost(of: UsageEstimate(of: request), by: target.price(atUnixSeconds: nowUnixSeconds))
            rank = cost.map { UInt64(clamping: $0.nanodollars) } ?? Self.last
        case .headroom: rank = UInt64(RateHeadroom.fullShare - target.health.headroom.remainingShare(at: now))
        case .sticky:
            rank = Self.last - Rendezvous.rank(key: stickyKey, identity: target.health.rendezvousIdentity) / 4
        }
        return min(rank, Self.last) + (target.isFallbackOnly ? Self.last + 1 : 0)
    }

    /// Behind all that are chosen from, in front of those that are fallbacks only.
    private static let last = UInt64.max / 2 - 1
}

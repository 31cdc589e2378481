import Shared

/// One target of a plan, or one that was left out of it, with what strategies and fallbacks go by.
struct ExplainedCandidate {
    let target: CompiledTarget
    /// Of the list or group that it stands in.
    let strategy: PolicyDocument.Route.Strategy
    let state: StaticString
    let availableInMilliseconds: UInt64
    let inFlight: Int
    let firstTokenMicroseconds: UInt64?
    let headroomPercent: Int
    /// nil: it has no price.
    let estimate: Money?
    /// What the request wants and its model cannot do.
    let lacks: ModelFeatures

    init(
        at place: Int, of plan: RoutePlan, _ request: ParsedRequest, nowUnixSeconds: Int64, _ now: MonotonicTime
    ) {
        self.init(
            plan.targets[place], leaf: plan.tree.isNested ? plan.leaves[place] : nil, of: plan.tree,
            wanting: plan.wanted, request, nowUnixSeconds: nowUnixSeconds, now)
    }

    /// - Parameters:
    ///   - leaf: where groups matter.
    ///   - isLeftOut: for what it lacks of what is wanted.
    init(
        _ target: CompiledTarget, leaf: Int?, of tree: TargetTree, wanting wanted: ModelFeatures,
        isLeftOut: Bool = false, _ request: ParsedRequest, nowUnixSeconds: Int64, _ now: MonotonicTime
    ) {
        self.target = target
        lacks = target.lacks.intersection(wanted)
        let health = target.health!
        strategy = leaf.map { tree.root.strategy(of: $0) } ?? tree.root.strategy
        state = isLeftOut ? "left_out" : health.standing(now)
        let wait = max(health.availableAt.nanoseconds, now.nanoseconds) - now.nanoseconds
        availableInMilliseconds = wait / 1_000_000
        inFlight = health.load.inFlight
        firstTokenMicroseconds = health.load.firstTokenNanoseconds.map { $0 / 1000 }
        headroomPercent = health.headroom.remainingShare(at: now) * 100 / RateHeadroom.fullShare
        estimate = LowestCost.cost(of: UsageEstimate(of: request), by: target.price(atUnixSeconds: nowUnixSeconds))
    }
}

extension TargetGroup {
    /// Of the innermost group that has the leaf.
    fileprivate func strategy(of leaf: Int) -> PolicyDocument.Route.Strategy {
        let inner = entries.first { $0.leaves.contains(leaf) }?.group
        return inner?.strategy(of: leaf) ?? strategy
    }
}

extension TargetHealth {
    /// Why it is or is not chosen, in the words of the admin API.
    fileprivate func standing(_ now: MonotonicTime) -> StaticString {
        guard breaker.isAvailable(now) else {
            if breaker.isDown(now) { return "down" }
            if breaker.cooledUntil > now { return "cooling" }
            return if case .halfOpen = breaker.state { "half_open" } else { "open" }
        }
        guard isAvailable(now) else { return "credential_cooling" }
        return isIn(now) ? "available" : "half_open"
    }
}

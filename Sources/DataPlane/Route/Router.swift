import Shared

/// Turns a public model name into a plan: the first rule of its route that holds says what there is to choose from, else the route itself, and
/// the strategy of that says which target comes first.
///
/// Concurrency: one for each loop, which counts its own turns.
struct Router {
    private struct GroupTurns {
        let identity: UInt64
        var weighted: WeightedTurns
        var busy = LeastBusy()
        var headroom = MostHeadroom()
    }

    /// By the index of the group.
    private var turns: [GroupTurns] = []
    private var version: UInt64 = 0
    /// What `least_latency` draws by; a replay sets it for each request.
    var random = SeededRandom(seed: SecureRandom().next())
    private let texts = TextScratch()

    /// The plan for a request of `caller`; the model must be one that the key may use.
    mutating func plan(
        _ request: ParsedRequest, named name: UnsafeRawBufferPointer, for caller: Caller, in policy: CompiledPolicy,
        _ client: ClientStream, _ context: RequestContext, now: MonotonicTime
    ) throws(RouteError) -> RoutePlan {
        let route = try unsafe Self.route(named: name, for: caller, request.endpoint, in: policy)
        if route.mixesDialects { unsafe request.lookForForeignSignatures(client.body) }
        var index = route.index
        if let rules = route.rules, let rule = rule(of: rules, for: request, caller, client, context) {
            index = rule.tree.index
        }
        let plans = policy.plans[index]
        let whole = plans[0]
        var capable: CapableTargets?
        if route.hasLacks { capable = try self.capable(whole, request, client, context, now: now) }
        guard plans.count > 1 || capable != nil else { return whole }
        func stickyKey(_ group: TargetGroup?) -> UInt64 {
            let key =
                group.map { group in
                    unsafe StickyKey.of(
                        request, by: group.stickyBy, headerName: group.stickyHeader, head: client.head,
                        headBytes: client.headBytes, body: client.body, virtualKeyID: caller.key.keyID)
                } ?? StickyKey.virtualKey(caller.key.keyID)
            context.stickyKey = key
            return key
        }
        guard let capable else {
            return plan(
                of: whole.tree, in: policy, estimate: { UsageEstimate(of: request) },
                nowUnixSeconds: context.startedUnixSeconds, now: now, stickyKey: stickyKey)
        }
        takeTurns(of: policy)
        let leaf = start(
            of: whole.tree, among: capable.starts, { UsageEstimate(of: request) }, context.startedUnixSeconds, now,
            stickyKey)
        return RoutePlan(whole, from: leaf ?? capable.starts.trailingZeroBitCount, among: capable)
    }

    /// The route of this name, where the key may use it for what is asked.
    @inline(__always)
    static func route(
        named name: UnsafeRawBufferPointer, for caller: Caller, _ endpoint: Endpoint, in policy: CompiledPolicy
    ) throws(RouteError) -> CompiledRoute {
        // The same answer for a model that is not there and for one that the key may not use: names are not for guessing.
        guard let route = unsafe policy.route(named: name), caller.key.allows(route: route.id) else {
            throw unsafe .unknownModel(shown(name))
        }
        if let kind = endpoint.modelKind, !route.kinds.contains(kind) { throw unsafe .wrongKind(shown(name)) }
        return route
    }

    /// The rule that decides; nil: none holds.
    private func rule(
        of rules: [CompiledRule], for request: ParsedRequest, _ caller: Caller, _ client: ClientStream,
        _ context: RequestContext
    ) -> CompiledRule? {
        var facts = unsafe RequestFacts(
            request, of: caller, head: client.head, headBytes: client.headBytes, body: client.body,
            requestID: context.id, nowUnixSeconds: context.startedUnixSeconds, texts: texts)
        for rule in rules {
            let holds = rule.conditions.allHold(&facts)
            context.explanation?.asked(rule.name, holds: holds)
            guard holds else { continue }
            rule.requests.add()
            return rule
        }
        return nil
    }

    // MARK: Capabilities

    /// Which targets are tried for a request that not all of them can take; nil: all are, as for any other.
    private func capable(
        _ whole: RoutePlan, _ request: ParsedRequest, _ client: ClientStream, _ context: RequestContext,
        now: MonotonicTime
    ) throws(RouteError) -> CapableTargets? {
        let tree = whole.tree
        let wanted = unsafe RequestDemands.of(request, client.body, among: tree.lacks)
        if wanted.isEmpty { return nil }
        let capable = CapableTargets(
            tree, for: wanted, drops: whole.route.dropsUnsupported, isWrittenAnew: request.isWrittenAnew(for:))
        let leftOut = capable?.leftOut ?? .max
        context.explanation?.leftOut(leftOut, of: tree, wanting: wanted, request, context, now)
        for (leaf, target) in tree.targets.enumerated() where leftOut >> UInt32(leaf) & 1 != 0 {
            target.health.leftOut(for: target.lacks.intersection(wanted))
        }
        guard let capable else { throw tree.refusal(of: wanted) }
        return capable.isEverybody(of: tree) ? nil : capable
    }

    // MARK: Strategies

    /// - Parameters:
    ///   - estimate: about what the request will use; asked for where a strategy goes by it.
    ///   - stickyKey: what a sticky group keeps the request together by; for nil, what stands in for it elsewhere in the tree. Kept by
    ///     the caller: fallbacks go by the key that was asked for last.
    @inline(__always)
    mutating func plan(
        of tree: TargetTree, in policy: CompiledPolicy, estimate: () -> UsageEstimate, nowUnixSeconds: Int64,
        now: MonotonicTime, stickyKey: (TargetGroup?) -> UInt64
    ) -> RoutePlan {
        let plans = policy.plans[tree.index]
        guard plans.count > 1 else { return plans[0] }
        takeTurns(of: policy)
        if tree.isNested { return nested(tree, plans, estimate, nowUnixSeconds, now, stickyKey) }
        let candidates = ListCandidates(plans: plans, now: now)
        // The first where all are set aside.
        return plans[choice(of: tree.root, candidates, estimate, nowUnixSeconds, now, stickyKey) ?? 0]
    }

    private mutating func nested(
        _ tree: TargetTree, _ plans: [RoutePlan], _ estimate: () -> UsageEstimate, _ nowUnixSeconds: Int64,
        _ now: MonotonicTime, _ stickyKey: (TargetGroup?) -> UInt64
    ) -> RoutePlan {
        let leaf = start(of: tree, among: .max, estimate, nowUnixSeconds, now, stickyKey)
        // One for each leaf to begin with, in their order.
        return plans[leaf.flatMap { tree.root.choosableLeaves.firstIndex(of: $0) } ?? 0]
    }

    /// Level by level, from the outside in; nil where all are set aside.
    ///
    /// - Parameter allowed: bit n: leaf n is one of those to choose from.
    private mutating func start(
        of tree: TargetTree, among allowed: UInt32, _ estimate: () -> UsageEstimate, _ nowUnixSeconds: Int64,
        _ now: MonotonicTime, _ stickyKey: (TargetGroup?) -> UInt64
    ) -> Int? {
        // For sticky groups that are only come to after a failure.
        if tree.isNested { _ = stickyKey(nil) }
        var group = tree.root
        while true {
            let candidates = GroupCandidates(tree: tree, group: group, now: now, allowed: allowed)
            guard let index = choice(of: group, candidates, estimate, nowUnixSeconds, now, stickyKey) else {
                return nil
            }
            let entry = group.choosable[index]
            guard let inner = entry.group else { return entry.leaves.lowerBound }
            group = inner
        }
    }

    /// The one that the strategy of the group wants; nil where all are set aside.
    @inline(__always)
    private mutating func choice(
        of group: TargetGroup, _ candidates: some Candidates, _ estimate: () -> UsageEstimate, _ nowUnixSeconds: Int64,
        _ now: MonotonicTime, _ stickyKey: (TargetGroup?) -> UInt64
    ) -> Int? {
        let count = candidates.count
        switch group.strategy {
        case .priority: return (0..<count).first(where: candidates.isAvailable)
        case .weighted: return turns[group.index].weighted.next(isAvailable: candidates.isAvailable)
        case .leastLatency:
            return LeastLatency.choose(
                count: count, isAvailable: candidates.isAvailable, score: candidates.score, using: &random)
        case .leastBusy:
            return turns[group.index].busy.choose(
                count: count, isAvailable: candidates.isAvailable, inFlight: candidates.inFlight)
        case .lowestCost:
            let estimate = estimate()
            return LowestCost.choose(count: count, isAvailable: candidates.isAvailable) {
                candidates.cost($0, estimate, nowUnixSeconds: nowUnixSeconds)
            }
        case .headroom:
            return turns[group.index].headroom.choose(
                count: count, isAvailable: candidates.isAvailable, share: candidates.share)
        case .sticky:
            return Rendezvous.choose(
                count: count, key: stickyKey(group), isAvailable: candidates.isAvailable,
                identity: candidates.identity, inFlight: candidates.inFlight)
        }
    }

    /// Who had the last turns of each group. One that has not changed its weights keeps its place in the cycle.
    @inline(__always)
    private mutating func takeTurns(of policy: CompiledPolicy) {
        if version != policy.version || turns.count != policy.groups.count { takeNewTurns(of: policy) }
    }

    private mutating func takeNewTurns(of policy: CompiledPolicy) {
        version = policy.version
        let old = Dictionary(turns.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
        turns = policy.groups.map { group in
            if let kept = old[group.identity], kept.weighted.weights == group.weights { return kept }
            return GroupTurns(identity: group.identity, weighted: WeightedTurns(weights: group.weights))
        }
    }

    private static func shown(_ name: UnsafeRawBufferPointer) -> String {
        unsafe String(decoding: name.prefix(200), as: UTF8.self)
    }
}

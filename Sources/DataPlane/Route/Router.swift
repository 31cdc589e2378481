import Shared

/// Turns a public model name into a plan, as the strategy of its route wants.
///
/// Concurrency: one for each loop, which counts its own turns.
struct Router {
    private struct RouteTurns {
        var weighted: WeightedTurns
        var busy = LeastBusy()
        var headroom = MostHeadroom()
    }

    private var turns: [RouteTurns] = []
    private var version: UInt64 = 0
    private var random = SeededRandom(seed: SecureRandom().next())

    /// The plan for a request of `caller`; the model must be one that the key may use.
    mutating func plan(
        _ request: ParsedRequest, named name: UnsafeRawBufferPointer, for caller: Caller, in policy: CompiledPolicy,
        _ client: ClientStream, _ context: RequestContext, now: MonotonicTime
    ) throws(RouteError) -> RoutePlan {
        // The same answer for a model that is not there and for one that the key may not use: names are not for guessing.
        guard let route = unsafe policy.route(named: name), caller.key.allows(route: route.id) else {
            throw unsafe .unknownModel(Self.shown(name))
        }
        guard route.kinds.contains(request.endpoint.modelKind) else { throw unsafe .wrongKind(Self.shown(name)) }
        let plans = policy.plans[route.index]
        guard plans.count > 1 else { return plans[0] }
        if version != policy.version || turns.count != policy.routes.count { takeTurns(of: policy) }
        return plans[choice(of: route, plans, request, caller, client, context, now)]
    }

    /// The one of the route's choosable targets that the strategy wants; 0 where all are set aside.
    private mutating func choice(
        of route: CompiledRoute, _ plans: [RoutePlan], _ request: ParsedRequest, _ caller: Caller,
        _ client: ClientStream, _ context: RequestContext, _ now: MonotonicTime
    ) -> Int {
        @inline(__always) func health(_ index: Int) -> TargetHealth { plans[index].targets[0].health }
        @inline(__always) func isAvailable(_ index: Int) -> Bool { health(index).isAvailable(now) }
        let count = plans.count
        let chosen: Int? =
            switch route.strategy {
            case .priority: (0..<count).first(where: isAvailable)
            case .weighted: turns[route.index].weighted.next(isAvailable: isAvailable)
            case .leastLatency:
                LeastLatency.choose(
                    count: count, isAvailable: isAvailable, score: { health($0).load.score(at: now) }, using: &random)
            case .leastBusy:
                turns[route.index].busy.choose(
                    count: count, isAvailable: isAvailable, inFlight: { health($0).load.inFlight })
            case .lowestCost:
                cheapest(plans, request, context, isAvailable)
            case .headroom:
                turns[route.index].headroom.choose(
                    count: count, isAvailable: isAvailable, share: { health($0).headroom.remainingShare(at: now) })
            case .sticky:
                stuck(plans, route, request, caller, client, context, isAvailable)
            }
        return chosen ?? 0
    }

    private func cheapest(
        _ plans: [RoutePlan], _ request: ParsedRequest, _ context: RequestContext, _ isAvailable: (Int) -> Bool
    ) -> Int? {
        let estimate = UsageEstimate(of: request)
        return LowestCost.choose(count: plans.count, isAvailable: isAvailable) { index in
            LowestCost.cost(
                of: estimate, by: plans[index].targets[0].price(atUnixSeconds: context.startedUnixSeconds))
        }
    }

    private func stuck(
        _ plans: [RoutePlan], _ route: CompiledRoute, _ request: ParsedRequest, _ caller: Caller,
        _ client: ClientStream, _ context: RequestContext, _ isAvailable: (Int) -> Bool
    ) -> Int? {
        let key = unsafe StickyKey.of(
            request, by: route.stickyBy, headerName: route.stickyHeader, head: client.head,
            headBytes: client.headBytes, body: client.body, virtualKeyID: caller.key.keyID)
        context.stickyKey = key
        return Rendezvous.choose(
            count: plans.count, key: key, isAvailable: isAvailable,
            identity: { plans[$0].targets[0].health.rendezvousIdentity },
            inFlight: { plans[$0].targets[0].health.load.inFlight })
    }

    /// Who had the last turns of each route. A route that has not changed its weights keeps its place in the cycle.
    private mutating func takeTurns(of policy: CompiledPolicy) {
        version = policy.version
        let old = Dictionary(turns.map { ($0.weighted.routeID, $0) }, uniquingKeysWith: { first, _ in first })
        turns = policy.routes.map { route in
            if let kept = old[route.id], kept.weighted.weights == route.weights { return kept }
            return RouteTurns(weighted: WeightedTurns(routeID: route.id, weights: route.weights))
        }
    }

    private static func shown(_ name: UnsafeRawBufferPointer) -> String {
        unsafe String(decoding: name.prefix(200), as: UTF8.self)
    }
}

extension Endpoint {
    var modelKind: PolicyDocument.Model.Kind {
        switch self {
        case .chatCompletions: .chat
        case .embeddings: .embedding
        }
    }

    /// Behind the provider's base URL.
    var upstreamPath: StaticString {
        switch self {
        case .chatCompletions: "/chat/completions"
        case .embeddings: "/embeddings"
        }
    }
}

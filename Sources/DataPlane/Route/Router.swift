import Shared

/// The order in which the targets of a route are tried for one request, as far as their health and the failures before allow.
final class RoutePlan: Sendable {
    let route: CompiledRoute
    /// The first to be tried first; at least one.
    let targets: [CompiledTarget]

    /// For all attempts together, to the end of the answer.
    let totalNanoseconds: UInt64

    init(_ route: CompiledRoute, _ targets: [CompiledTarget]) {
        self.route = route
        self.targets = targets
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

/// Turns a public model name into a plan. One for each loop: weighted routes count their own turns.
struct Router {
    private var turns: [WeightedTurns?] = []
    private var version: UInt64 = 0

    /// The plan for a request of `caller`; the model must be one that the key may use.
    mutating func plan(
        _ request: ParsedRequest, named name: UnsafeRawBufferPointer, for caller: Caller, in policy: CompiledPolicy
    ) throws(RouteError) -> RoutePlan {
        // The same answer for a model that is not there and for one that the key may not use: names are not for guessing.
        guard let route = unsafe policy.route(named: name), caller.key.allows(route: route.id) else {
            throw unsafe .unknownModel(Self.shown(name))
        }
        guard route.kinds.contains(request.endpoint.modelKind) else { throw unsafe .wrongKind(Self.shown(name)) }
        guard route.isWeighted, policy.plans[route.index].count > 1 else { return policy.plans[route.index][0] }
        return policy.plans[route.index][nextTurn(of: route, in: policy)]
    }

    private mutating func nextTurn(of route: CompiledRoute, in policy: CompiledPolicy) -> Int {
        if version != policy.version || turns.count != policy.routes.count {
            version = policy.version
            // A route that has not changed its weights keeps its place in the cycle.
            let old = turns
            turns = policy.routes.map { route in
                guard route.isWeighted else { return nil }
                let kept = old.first { $0?.routeID == route.id && $0?.weights == route.weights }
                return (kept ?? nil) ?? WeightedTurns(routeID: route.id, weights: route.weights)
            }
        }
        return turns[route.index]?.next() ?? 0
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

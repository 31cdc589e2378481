public import Shared

/// Decides recorded requests by a policy: keys, rules, strategies and prices are asked by the code that asks them for live requests, with
/// time and chance as arguments.
///
/// - Shape: every target is available and idle, and nothing was measured of any. So `least_latency`, `least_busy` and `headroom` spread
///   evenly, `lowest_cost` goes by the tokens that were used, and what is sticky by something that is not recorded is spread by request.
///
/// Concurrency: belongs to whoever made it.
public final class PolicyReplay: DecisionReplay {
    public let targets: [ReplayedTarget]
    private let policy: CompiledPolicy
    /// By the target's index in the policy: its place in `targets`.
    private let places: [Int]
    /// By the list's index.
    private let isByTurns: [Bool]
    private let callers: [VirtualKeyID: Caller]
    /// Whose health the targets have.
    private let board: HealthBoard
    private var shared = Router()
    private var alone = Router()
    private var applicable = ApplicableAllowances()
    private var found: [ApplicableAllowance] = []
    private let now = MonotonicTime(nanoseconds: 0)

    private static let unknownKey = GatewayError(AuthenticationError.unknownKey).code.description
    private static let expiredKey = GatewayError(AuthenticationError.expiredKey).code.description
    private static let unpriced =
        GatewayError(AdmissionError.unbounded(.unpriced(model: "")), nowUnixMilliseconds: 0).code.description

    /// - Parameter keys: of all requests that will be asked for; of a key with two secrets both.
    /// - Errors: `ReplayProblem` where data planes would refuse the policy.
    public init(_ document: PolicyDocument, keys: [KeyShard.Entry]) throws(ReplayProblem) {
        if let problem = SnapshotVerifier.referenceProblem(document) { throw ReplayProblem(problem) }
        let shards = try Self.shards(keys)
        let manifest = Manifest(
            fleet: "", version: 1, createdUnixMilliseconds: 0, expiresUnixMilliseconds: .max, previousSHA256: nil,
            blobs: [])
        // No secret is needed where nothing is sent; without any, pools would count as used up.
        let credentials = Dictionary(document.credentials.map { ($0.id, [UInt8]()) }, uniquingKeysWith: { a, _ in a })
        let snapshot = Snapshot(
            DecodedSnapshot(manifest: manifest, policy: document, shards: shards), credentials: credentials)
        policy = CompiledPolicy(snapshot)
        board = HealthBoard(MetricsRegistry())
        board.take(policy, now: now)
        var targets: [ReplayedTarget] = []
        var known: [ReplayedTarget: Int] = [:]
        places = policy.targets.map { target in
            let replayed = ReplayedTarget(target)
            if let place = known[replayed] { return place }
            known[replayed] = targets.count
            targets.append(replayed)
            return targets.count - 1
        }
        self.targets = targets
        isByTurns = policy.plans.map { $0.first.map { Self.isByTurns($0.tree) } ?? false }
        var callers: [VirtualKeyID: Caller] = [:]
        for entry in keys {
            // Which of a key's secrets was used is not known: the one that lives longer will do.
            if let other = callers[entry.keyID]?.key, Self.outlives(other, entry) { continue }
            callers[entry.keyID] = snapshot.key(entry.secretSHA256).map(Caller.init)
        }
        self.callers = callers
    }

    private static func shards(_ keys: [KeyShard.Entry]) throws(ReplayProblem) -> [KeyShard?] {
        var shards = [KeyShard?](repeating: nil, count: 256)
        for (shard, entries) in Dictionary(grouping: keys, by: \.secretSHA256.firstByte) {
            do throws(WireError) {
                shards[Int(shard)] = try KeyShard(
                    validating: KeyShard.encode(shard: shard, entries: entries), shard: shard)
            } catch { throw ReplayProblem("\(KeyShard.blobName(shard)): \(error)") }
        }
        return shards
    }

    private static func outlives(_ key: KeyShard.Match, _ other: KeyShard.Entry) -> Bool {
        key.expiresUnixSeconds == 0
            || other.expiresUnixSeconds != 0 && key.expiresUnixSeconds >= other.expiresUnixSeconds
    }

    /// Whether more than the request decides which target of a list it gets.
    private static func isByTurns(_ tree: TargetTree) -> Bool {
        tree.groups.contains { group in
            guard group.choosable.count > 1 else { return false }
            switch group.strategy {
            case .priority, .lowestCost: return false
            case .weighted, .leastLatency, .leastBusy, .headroom: return true
            case .sticky: return group.stickyBy != .endUser
            }
        }
    }

    // MARK: Deciding

    public func refusal(of request: RecordedRequest, route: [UInt8]) -> String? {
        guard let caller = callers[request.virtualKeyID] else { return Self.unknownKey }
        if caller.key.isExpired(atUnixSeconds: request.startedUnixSeconds) { return Self.expiredKey }
        do throws(RouteError) {
            _ = try found(route, caller, request)
            return nil
        } catch { return GatewayError(error).code.description }
    }

    public func decide(
        _ request: RecordedRequest, route name: [UInt8], isShared: Bool, allowances: inout [ReplayedAllowance]
    ) -> ReplayedDecision {
        guard let caller = callers[request.virtualKeyID], let route = try? found(name, caller, request) else {
            preconditionFailure("decided without having asked whether it is refused")
        }
        var tree = route.tree
        var undecided: UnrecordedFact?
        search: for rule in route.rules ?? [] {
            switch rule.conditions.answer(RecordedFacts(request: request, caller: caller)) {
            case .doesNotHold: continue
            case .holds: tree = rule.tree
            case .unknown(let fact): undecided = fact
            }
            break search
        }
        let plan = plan(request, caller, tree, isShared: isShared)
        let isUnpriced = collect(request, caller, tree, plan, into: &allowances)
        if let undecided { return .served(kept(request, route, undecided)) }
        if isUnpriced { return .refused(code: Self.unpriced) }
        let target = plan.targets[0]
        return .served(
            ReplayedService(
                target: places[target.index], list: tree.index, isByTurns: isByTurns[tree.index],
                cost: cost(request, at: target), tokens: Self.tokens(request)))
    }

    private func found(
        _ name: [UInt8], _ caller: Caller, _ request: RecordedRequest
    ) throws(RouteError) -> CompiledRoute {
        try unsafe name.withRawBytes { name throws(RouteError) in
            try unsafe Router.route(named: name, for: caller, request.endpoint, in: policy)
        }
    }

    private func plan(_ request: RecordedRequest, _ caller: Caller, _ tree: TargetTree, isShared: Bool) -> RoutePlan {
        // What one request draws does not hang on what others drew.
        let random = SeededRandom(seed: StickyKey.request(request.requestID))
        func plan(_ router: inout Router) -> RoutePlan {
            router.random = random
            return router.plan(
                of: tree, in: policy, estimate: { UsageEstimate(recorded: request.usage) },
                nowUnixSeconds: request.startedUnixSeconds, now: now,
                stickyKey: { Self.stickyKey(of: $0, request, caller) })
        }
        return isShared ? plan(&shared) : plan(&alone)
    }

    private static func stickyKey(of group: TargetGroup?, _ request: RecordedRequest, _ caller: Caller) -> UInt64 {
        let virtualKey = StickyKey.virtualKey(caller.key.keyID)
        guard let group else { return virtualKey }
        switch group.stickyBy {
        case .endUser: return StickyKey.endUser(request.endUser) ?? virtualKey
        case .header, .conversation, .promptPrefix: return StickyKey.request(request.requestID)
        }
    }

    /// Where it was, at today's price.
    private func kept(_ request: RecordedRequest, _ route: CompiledRoute, _ fact: UnrecordedFact) -> ReplayedService {
        let trees = [route.tree] + (route.rules ?? []).map(\.tree)
        for target in trees.lazy.flatMap(\.targets)
        where target.model.id == request.modelID && target.provider.id == request.providerID {
            return ReplayedService(
                target: places[target.index], list: route.tree.index, isByTurns: false,
                cost: cost(request, at: target), tokens: Self.tokens(request), undecided: fact)
        }
        return ReplayedService(
            target: nil, list: route.tree.index, isByTurns: false, cost: request.cost, tokens: Self.tokens(request),
            undecided: fact)
    }

    private func cost(_ request: RecordedRequest, at target: CompiledTarget) -> Money {
        guard Settlement.isBilled(request.outcome, status: request.status),
            let price = target.price(atUnixSeconds: request.startedUnixSeconds)
        else { return .zero }
        return price.sheet.cost(of: request.usage)
    }

    private static func tokens(_ request: RecordedRequest) -> Int64 {
        guard Settlement.isBilled(request.outcome, status: request.status) else { return 0 }
        return Int64(request.usage.input) + Int64(request.usage.output)
    }

    /// - Returns: whether money is limited that nobody can count.
    private func collect(
        _ request: RecordedRequest, _ caller: Caller, _ tree: TargetTree, _ plan: RoutePlan,
        into allowances: inout [ReplayedAllowance]
    ) -> Bool {
        found.removeAll(keepingCapacity: true)
        applicable.collect(for: caller, tree: tree, in: policy, endUser: request.endUser, into: &found)
        var limitsMoney = false
        for allowance in found {
            allowances.append(
                ReplayedAllowance(rule: allowance.rule, account: allowance.account, scope: allowance.scope))
            if allowance.rule.kind == .money, allowance.rule.mode != .soft { limitsMoney = true }
        }
        return limitsMoney
            && plan.targets.contains { $0.price(atUnixSeconds: request.startedUnixSeconds) == nil }
    }
}

extension RecordedRequest {
    fileprivate var startedUnixSeconds: Int64 { startedUnixMilliseconds / 1000 }
}

extension ReplayedTarget {
    fileprivate init(_ target: CompiledTarget) {
        self.init(
            providerID: target.provider.id, modelID: target.model.id, upstreamModelName: target.identity.modelName,
            label: String(decoding: target.label, as: UTF8.self))
    }
}

extension UsageEstimate {
    /// What was used, in the place of what it was estimated at.
    fileprivate init(recorded usage: TokenUsage) {
        self.init(inputTokens: 0, outputTokens: 0)
        self.usage = usage
    }
}

import Shared

/// What one loop tells the others, and the control loop, of a target.
enum HealthNews: Equatable, Sendable {
    case breaker(TargetIdentity, Breaker.Change)
    case cooled(TargetIdentity, until: MonotonicTime)
    case credential(ObjectID, until: MonotonicTime)
    /// Another data plane has opened its breaker: believed by whoever does not know better.
    case rumour(TargetIdentity, until: MonotonicTime)
    /// What a probe of this provider came to, here or, where nothing was found out here, at another data plane.
    case probed(ObjectID, ProviderProbe.Finding)
}

/// The targets that one loop knows, and the routes whose requests it hedges or mirrors, beyond snapshots.
///
/// What one loop finds out, the others hear: each has its own figures, so that no request writes to memory that loops share.
///
/// Concurrency: belongs to its loop.
final class HealthBoard {
    private var targets: [TargetIdentity: TargetHealth] = [:]
    private var credentials: [ObjectID: CredentialHealth] = [:]
    private var hedgings: [ObjectID: RouteHedging] = [:]
    private var resumes: [ObjectID: ResultCounters<ResumeResult>] = [:]
    private var shadowings: [ObjectID: RouteShadowing] = [:]
    /// By the provider.
    private var pools: [ObjectID: CredentialPool] = [:]
    private let registry: MetricsRegistry
    /// Takes news to the other loops.
    var tellOthers: (HealthNews) -> Void = { _ in }

    init(_ registry: MetricsRegistry) { self.registry = registry }

    /// Gives each target of a policy its health: what is known, or a new one. What the policy names no more is forgotten.
    func take(_ policy: CompiledPolicy, now: MonotonicTime) {
        var targets: [TargetIdentity: TargetHealth] = [:]
        takeCredentials(of: policy)
        for target in policy.targets {
            let credential: CredentialHealth = target.credentials.members[0].health
            let pool = target.credentials.pool
            let rule = target.provider.breaker ?? .standard
            let percent = target.provider.retryBudgetPercent ?? PolicyDocument.Provider.retryBudgetPercentDefault
            let health =
                targets[target.identity] ?? self.targets[target.identity]
                ?? TargetHealth(
                    target.identity, rule, retryPercent: percent, credential, on: self,
                    metrics: TargetMetrics(registry, target: String(decoding: target.label, as: UTF8.self)), now: now)
            health.use(rule, target.provider.probe, retryPercent: percent, credential, pool)
            health.limit(target.provider.concurrency, at: now)
            targets[target.identity] = health
            target.health = health
            health.watchesHeadroom = false
        }
        for plans in policy.plans {
            guard let tree = plans.first?.tree else { continue }
            for group in tree.groups where group.strategy == .headroom {
                for leaf in group.leaves { tree.targets[leaf].health.watchesHeadroom = true }
            }
        }
        self.targets = targets
        takeHedgings(policy)
        takeResumes(policy)
        takeShadowings(policy)
    }

    private func takeCredentials(of policy: CompiledPolicy) {
        var credentials: [ObjectID: CredentialHealth] = [:]
        var pools: [ObjectID: CredentialPool] = [:]
        for target in policy.targets where pools[target.provider.id] == nil {
            for member in target.credentials.members {
                let health = credentials[member.id] ?? self.credentials[member.id] ?? CredentialHealth(member.id)
                credentials[member.id] = health
                member.health = health
            }
            guard target.soleCredential == nil else { continue }
            let pool = self.pools[target.provider.id] ?? CredentialPool()
            pool.members = target.credentials.members.filter(\.isUsable).map(\.health)
            for member in target.credentials.members where member.health.attempts == nil {
                member.health.attempts = OutcomeCounters(
                    registry, "weir_credential_attempts_total",
                    help: "Attempts with a credential that is one of several, by what they came to.",
                    of: (name: "credential", value: String(decoding: member.name, as: UTF8.self)))
            }
            pools[target.provider.id] = pool
            target.credentials.pool = pool
        }
        self.credentials = credentials
        self.pools = pools
    }

    private func takeHedgings(_ policy: CompiledPolicy) {
        hedgings = Self.renewed(hedgings, policy) { route, known in
            guard let rule = route.hedge else { return nil }
            let hedging = known ?? RouteHedging(rule, of: route, registry)
            hedging.rule = rule
            route.hedging = hedging
            return hedging
        }
    }

    private func takeResumes(_ policy: CompiledPolicy) {
        resumes = Self.renewed(resumes, policy) { route, known in
            guard route.resumesMax > 0 else { return nil }
            let results =
                known
                ?? ResultCounters(
                    registry, "weir_resumes_total",
                    help: "Streams that broke off in the middle, by whether they were gone on with.",
                    of: route.metricLabel)
            route.resuming = results
            return results
        }
    }

    private func takeShadowings(_ policy: CompiledPolicy) {
        shadowings = Self.renewed(shadowings, policy) { route, known in
            guard let shadow = route.shadow else { return nil }
            let shadowing = known ?? RouteShadowing(registry, route: route)
            shadow.shadowing = shadowing
            return shadowing
        }
    }

    /// What is kept for routes from one policy to the next. A route for which `take` has nothing is forgotten.
    private static func renewed<Kept>(
        _ known: [ObjectID: Kept], _ policy: CompiledPolicy, _ take: (CompiledRoute, Kept?) -> Kept?
    ) -> [ObjectID: Kept] {
        var renewed: [ObjectID: Kept] = [:]
        for route in policy.routes { renewed[route.id] = take(route, known[route.id]) }
        return renewed
    }

    func tell(_ news: HealthNews) { tellOthers(news) }

    /// From the control loop, which exchanges keys for tokens.
    func hear(_ news: TokenNews) { credentials[news.credentialID]?.token.hear(news.token, news.failure) }

    /// From another loop.
    func hear(_ news: HealthNews, _ now: MonotonicTime) {
        switch news {
        case .breaker(let identity, let change): targets[identity]?.heard(change, now)
        case .cooled(let identity, let until): targets[identity]?.heardCooled(until: until)
        case .credential(let id, let until): credentials[id]?.cool(until: until)
        case .rumour(let identity, let until): targets[identity]?.heardRumour(until: until, now)
        case .probed(let provider, let finding):
            for (identity, target) in targets where identity.providerID == provider { target.heard(finding) }
        }
    }
}

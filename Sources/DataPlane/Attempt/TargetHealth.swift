import Shared

/// A target as it is known beyond one snapshot.
struct TargetIdentity: Hashable, Sendable {
    var providerID: ObjectID
    var modelID: ObjectID
    /// As it goes upstream.
    var modelName: String
}

/// How a target does, as one loop knows it. It outlives snapshots, and all routes share it.
///
/// Concurrency: belongs to its loop.
final class TargetHealth {
    let identity: TargetIdentity
    private(set) var breaker: Breaker
    private var budget: RetryBudget
    /// Shared by all targets that use it.
    private(set) var credential: CredentialHealth
    let rendezvousIdentity: UInt64
    private(set) var load = TargetLoad()
    var headroom = RateHeadroom()
    /// Some route chooses by what is left of the provider's rate limits, so its answers are searched for that.
    var watchesHeadroom = false
    private unowned let board: HealthBoard
    private let metrics: TargetMetrics

    init(
        _ identity: TargetIdentity, _ rule: PolicyDocument.Breaker, retryPercent: Int, _ credential: CredentialHealth,
        on board: HealthBoard, metrics: TargetMetrics, now: MonotonicTime
    ) {
        self.identity = identity
        self.metrics = metrics
        self.credential = credential
        self.board = board
        rendezvousIdentity = Rendezvous.identity(
            provider: identity.providerID, model: identity.modelID, upstreamModelName: Array(identity.modelName.utf8))
        breaker = Breaker(rule)
        budget = RetryBudget(percent: retryPercent, now: now)
    }

    func use(_ rule: PolicyDocument.Breaker, retryPercent: Int, _ credential: CredentialHealth) {
        breaker.use(rule)
        budget.percent = retryPercent
        self.credential = credential
    }

    @inline(__always)
    func isAvailable(_ now: MonotonicTime) -> Bool { breaker.isAvailable(now) && credential.cooledUntil <= now }

    /// Whether its breaker is closed, cooldowns aside.
    var isIn: Bool { breaker.state == .closed }

    var availableAt: MonotonicTime { max(breaker.availableAt, credential.cooledUntil) }

    /// An attempt goes out; `end` follows. True where it is a probe.
    func begin(_ now: MonotonicTime) -> Bool {
        budget.earn()
        load.begin()
        return breaker.begin(now)
    }

    func firstToken(afterNanoseconds sample: UInt64, at now: MonotonicTime) {
        load.firstToken(afterNanoseconds: sample, at: now)
    }

    /// An attempt is over.
    func end(
        _ outcome: OutcomeClass, waitMilliseconds: UInt64?, isProbe: Bool, began: MonotonicTime, hasFirstToken: Bool,
        _ now: MonotonicTime
    ) {
        // A quick failure is no quick answer, and observes nothing.
        if outcome.rule.cause == .timeout || outcome == .totalTimedOut, !hasFirstToken {
            load.timedOut(afterNanoseconds: now.nanoseconds &- began.nanoseconds, at: now)
        }
        load.end(afterFirstToken: hasFirstToken)
        count(outcome, waitMilliseconds: waitMilliseconds, isProbe: isProbe, now)
    }

    func takeRetry(_ now: MonotonicTime) -> Bool {
        let isGranted = budget.take(now)
        (isGranted ? metrics.retries : metrics.retriesRefused).add()
        return isGranted
    }

    /// What an attempt came to, or an answer that had begun.
    func count(_ outcome: OutcomeClass, waitMilliseconds: UInt64?, isProbe: Bool, _ now: MonotonicTime) {
        let rule = outcome.rule
        let change: Breaker.Change?
        switch rule.counted {
        case .success: change = breaker.succeeded(now, isProbe: isProbe)
        case .failure: change = breaker.failed(now, isProbe: isProbe)
        case .nothing: change = nil
        }
        if isProbe { breaker.endProbe() }
        metrics.count(outcome)
        if let change {
            board.tell(.breaker(identity, change))
            metrics.count(change)
        }
        if rule.cooled == .nobody { return }
        let until = now.advanced(
            byNanoseconds: min(waitMilliseconds ?? rule.coolMilliseconds, Self.coolMillisecondsMax) * 1_000_000)
        if rule.cooled == .target {
            breaker.cool(until: until)
            board.tell(.cooled(identity, until: until))
        } else {
            credential.cool(until: until)
            board.tell(.credential(credential.id, until: until))
        }
    }

    /// A provider that asks for more is asked again all the same: what it says may be wrong, or soon out of date.
    private static let coolMillisecondsMax: UInt64 = 600_000

    // MARK: What others found out

    func heard(_ change: Breaker.Change) {
        switch change {
        case .opened(let until): breaker.heardOpened(until: until)
        case .closed: breaker.heardClosed()
        }
    }

    func heardRumour(until: MonotonicTime, _ now: MonotonicTime) {
        if breaker.heardRumour(until: until, now) { metrics.rumours.add() }
    }

    func heardCooled(until: MonotonicTime) { breaker.cool(until: until) }
}

/// How a provider's credential does, as one loop knows it.
final class CredentialHealth {
    /// Of the credential; of the provider, where that needs none.
    let id: ObjectID
    private(set) var cooledUntil = MonotonicTime(nanoseconds: 0)

    init(_ id: ObjectID) { self.id = id }

    /// A shorter cooldown than the one under way changes nothing.
    func cool(until: MonotonicTime) { cooledUntil = max(cooledUntil, until) }
}

import Shared

/// A target as it is known beyond one snapshot.
struct TargetIdentity: Hashable, Sendable {
    var providerID: ObjectID
    var modelID: ObjectID
    /// As it goes upstream.
    var modelName: String

    /// For `Rendezvous`.
    var rendezvous: UInt64 {
        Rendezvous.identity(provider: providerID, model: modelID, upstreamModelName: Array(modelName.utf8))
    }
}

/// How a target does, as one loop knows it. It outlives snapshots, and all routes share it.
///
/// Concurrency: belongs to its loop.
final class TargetHealth {
    let identity: TargetIdentity
    private(set) var breaker: Breaker
    private var budget: RetryBudget
    /// Shared by all targets that use it. Where several take turns, they are in `pool`, and this says nothing.
    private var credential: CredentialHealth
    private var pool: CredentialPool?
    let rendezvousIdentity: UInt64
    private(set) var load = TargetLoad()
    /// Its slots; nil while its provider has no limit on concurrency, and never had one.
    private(set) var gate: TargetGate?
    private(set) var headroom = RateHeadroom()
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
        rendezvousIdentity = identity.rendezvous
        breaker = Breaker(rule)
        budget = RetryBudget(percent: retryPercent, now: now)
    }

    func use(
        _ rule: PolicyDocument.Breaker, _ probe: PolicyDocument.Probe?, retryPercent: Int,
        _ credential: CredentialHealth, _ pool: CredentialPool?
    ) {
        breaker.use(rule)
        breaker.probe(within: probe?.turnNanoseconds)
        budget.percent = retryPercent
        self.credential = credential
        self.pool = pool
    }

    @inline(__always)
    func isAvailable(_ now: MonotonicTime) -> Bool {
        breaker.isAvailable(now) && (pool?.isAvailable(now) ?? (credential.cooledUntil <= now))
    }

    /// Whether its breaker is closed and its provider answers probes, cooldowns aside.
    func isIn(_ now: MonotonicTime) -> Bool { breaker.state == .closed && !breaker.isDown(now) }

    var availableAt: MonotonicTime { max(breaker.availableAt, pool?.availableAt ?? credential.cooledUntil) }

    /// As many as its provider wants from now on.
    func limit(_ rule: PolicyDocument.Concurrency?, at now: MonotonicTime) {
        if let gate { return gate.use(rule, at: now) }
        if let rule { gate = TargetGate(rule, metrics: metrics.gate(), at: now) }
    }

    /// An attempt would begin at once.
    var hasRoom: Bool { gate?.hasRoom ?? true }

    /// An attempt at `request` goes out; `end` follows.
    ///
    /// - Parameter credential: where it is one of several.
    func begin(_ request: ParsedRequest, _ now: MonotonicTime, with credential: CredentialHealth? = nil) -> AttemptMark
    {
        // What a provider keeps says nothing of how its models do, and takes no turn of theirs.
        if request.stored != nil {
            var mark = AttemptMark(began: now, isProbe: false)
            mark.isOfModel = false
            return mark
        }
        if watchesHeadroom { headroom.begin(UsageEstimate(of: request), at: now) }
        return begin(now, with: credential)
    }

    /// The same where nothing is known of the request.
    func begin(_ now: MonotonicTime, with credential: CredentialHealth? = nil) -> AttemptMark {
        budget.earn()
        load.begin()
        var mark = AttemptMark(began: now, isProbe: breaker.begin(now))
        if let credential {
            mark.credential = credential
            mark.isTrial = credential.begin()
        }
        return mark
    }

    func firstToken(_ mark: inout AttemptMark, _ now: MonotonicTime) {
        guard !mark.hasFirstToken else { return }
        mark.hasFirstToken = true
        guard mark.isOfModel else { return }
        load.firstToken(afterNanoseconds: now.nanoseconds &- mark.began.nanoseconds, at: now)
        gate?.firstToken(mark, now)
    }

    /// A stream has begun well. It may go on for minutes, which nobody has to wait for who wants to know whether the target serves again.
    func streams(_ mark: inout AttemptMark, _ now: MonotonicTime) {
        mark.isCounted = true
        tell(breaker.succeeded(now, isProbe: mark.isProbe))
        if mark.isProbe { breaker.endProbe() }
        endTrial(&mark, isAccepted: true)
    }

    private func endTrial(_ mark: inout AttemptMark, isAccepted: Bool) {
        guard mark.isTrial else { return }
        mark.isTrial = false
        mark.credential?.endTrial(isAccepted: isAccepted)
    }

    /// An attempt is over.
    func end(_ mark: AttemptMark, _ outcome: OutcomeClass, waitMilliseconds: UInt64?, _ now: MonotonicTime) {
        guard mark.isOfModel else { return metrics.count(outcome) }
        // A quick failure is no quick answer, and observes nothing.
        if !mark.hasFirstToken {
            let waited = now.nanoseconds &- mark.began.nanoseconds
            // One that lost to a hedge would have taken longer; how much is not known.
            let tells =
                outcome.rule.cause == .timeout || outcome == .totalTimedOut
                || outcome == .hedgeLost && waited > load.firstTokenNanoseconds ?? 0
            if tells { load.timedOut(afterNanoseconds: waited, at: now) }
        }
        load.end(afterFirstToken: mark.hasFirstToken)
        gate?.leave(mark, outcome, now)
        count(mark, outcome, waitMilliseconds: waitMilliseconds, now)
    }

    /// The head of an answer has come: what it says of the provider's rate limits, where a route goes by that.
    @inline(__always)
    func observe(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer, _ now: MonotonicTime) {
        guard watchesHeadroom else { return }
        let wall = WallTime.unixMilliseconds()
        for field in head.fields where field.name == .rateLimit {
            unsafe headroom.observe(
                bytes, name: field.nameRange, value: field.valueRange, at: now, unixMilliseconds: wall)
        }
    }

    /// A request was planned without the target, whose model lacks these.
    func leftOut(for features: ModelFeatures) { metrics.countLeftOut(for: features) }

    func takeRetry(_ now: MonotonicTime) -> Bool {
        let isGranted = budget.take(now)
        (isGranted ? metrics.retries : metrics.retriesRefused).add()
        return isGranted
    }

    private func count(_ mark: AttemptMark, _ outcome: OutcomeClass, waitMilliseconds: UInt64?, _ now: MonotonicTime) {
        metrics.count(outcome)
        let rule = outcome.rule
        switch rule.counted {
        case .success: if !mark.isCounted { tell(breaker.succeeded(now, isProbe: mark.isProbe)) }
        case .failure: tell(breaker.failed(now, isProbe: mark.isProbe))
        case .nothing: break
        }
        if mark.isProbe, !mark.isCounted { breaker.endProbe() }
        if let credential = mark.credential {
            credential.attempts?.count(outcome)
            var mark = mark
            endTrial(&mark, isAccepted: rule.counted == .success)
        }
        if rule.cooled == .nobody { return }
        let until = now.advanced(
            byNanoseconds: min(waitMilliseconds ?? rule.coolMilliseconds, Self.coolMillisecondsMax) * 1_000_000)
        if rule.cooled == .target || rule.cooled == .credentialOfSeveral && mark.credential == nil {
            breaker.cool(until: until)
            board.tell(.cooled(identity, until: until))
        } else {
            let credential = mark.credential ?? credential
            credential.cool(until: until)
            board.tell(.credential(credential.id, until: until))
        }
    }

    private func tell(_ change: Breaker.Change?) {
        guard let change else { return }
        board.tell(.breaker(identity, change))
        metrics.count(change)
    }

    /// A provider that asks for more is asked again all the same: what it says may be wrong, or soon out of date.
    private static let coolMillisecondsMax: UInt64 = 600_000

    // MARK: What others found out

    func heard(_ change: Breaker.Change, _ now: MonotonicTime) {
        switch change {
        case .opened(let until): breaker.heardOpened(until: until, now)
        case .closed: breaker.heardClosed()
        }
    }

    func heardRumour(until: MonotonicTime, _ now: MonotonicTime) {
        if breaker.heardRumour(until: until, now) { metrics.rumours.add() }
    }

    func heard(_ finding: ProviderProbe.Finding) { breaker.heard(finding) }

    func heardCooled(until: MonotonicTime) { breaker.cool(until: until) }
}

/// What an attempt has told its target's health so far.
struct AttemptMark {
    let began: MonotonicTime
    /// When it took a slot of its target; nil: it holds none.
    var letInAt: MonotonicTime?
    /// The breaker is half open, and waits for what comes of it.
    let isProbe: Bool
    /// False for a request for files or batches: the health of the model is not told of it, and none of its slots is taken.
    fileprivate(set) var isOfModel = true
    fileprivate(set) var hasFirstToken = false
    /// The breaker has counted it as a success. It may still fail.
    fileprivate(set) var isCounted = false
    /// What it goes out with, where that is one of several.
    fileprivate(set) var credential: CredentialHealth?
    /// Whether that serves again is to be found out by it.
    fileprivate(set) var isTrial = false
}

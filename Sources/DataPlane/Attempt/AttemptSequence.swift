import Shared

/// What a request does after an attempt that failed.
///
/// - Shape: pure; time, randomness and the targets' health are passed in. Targets are named by their place in the plan. A target that failed is
///   only tried again as a retry, right away: a fallback never returns to it.
struct AttemptSequence {
    enum Step: Equatable {
        case attempt(place: Int)
        /// The same target again, later.
        case retry(afterNanoseconds: UInt64)
        case end
    }

    /// Waits double from here, up to `backoffMax`; each is drawn evenly from nothing to that.
    private static let backoff: UInt64 = 100_000_000
    private static let backoffMax: UInt64 = 2_000_000_000
    /// Where more is asked for, the caller decides: it is told.
    private static let waitMax: UInt64 = 10_000_000_000

    let plan: RoutePlan
    var place: Int
    /// Bit n: the target at place n was tried.
    var tried: UInt32
    private(set) var retries = 0
    /// What led to the target in turn. At first it is what a target without a free slot would have led to.
    private(set) var cause = PolicyDocument.FallbackCause.rateLimit
    /// Bit n: the one at place n of the target's credentials has failed since the last wait.
    private var failedCredentials: UInt32 = 0
    private var credentialPlace = 0
    var isChangingCredential: Bool { failedCredentials != 0 }

    /// The credential under which a provider keeps what the request goes on from.
    private var pin: ProviderPin?

    /// - Parameter place: of the first attempt.
    init(_ plan: RoutePlan, first place: Int, pin: ProviderPin? = nil) {
        self.plan = plan
        self.pin = pin
        self.place = place
        tried = 1 << UInt32(place)
    }

    private var route: CompiledRoute { plan.route }
    var targets: [CompiledTarget] { plan.targets }

    /// What the next attempt goes out with; nil where nothing that the target has can be used.
    @inline(__always)
    mutating func credential(_ now: MonotonicTime) -> CompiledCredential? {
        if let only = targets[place].soleCredential { return only }
        return takeTurn(now)
    }

    /// What the attempts from here on need is kept under this one.
    mutating func follow(_ pin: ProviderPin?) { self.pin = pin }

    private mutating func takeTurn(_ now: MonotonicTime) -> CompiledCredential? {
        let credentials = targets[place].credentials
        let pinned = pin.flatMap { pin in credentials.members.firstIndex { pin.names($0) } }
        guard let turn = pinned ?? credentials.turn(besides: failedCredentials, now) else { return nil }
        credentialPlace = turn
        return credentials.members[turn]
    }

    /// Whether the failure is the credential's, and the target has another one that may do better at once. Each is tried once.
    private mutating func changesCredential(_ rule: OutcomeClass.Rule, _ now: MonotonicTime) -> Bool {
        let target = targets[place]
        guard pin == nil, rule.isOfCredential, target.soleCredential == nil else { return false }
        failedCredentials |= 1 << UInt32(credentialPlace)
        return CredentialPool.hasAnother(of: target.credentials.members, besides: failedCredentials, now)
    }

    /// - Parameters:
    ///   - waitNanoseconds: what the provider asked for.
    ///   - left: to the end of the request's time.
    ///   - rank: of a place under a strategy, the lowest to be tried first.
    mutating func next(
        after outcome: OutcomeClass, waitNanoseconds: UInt64?, left: UInt64, now: MonotonicTime,
        using random: inout some RandomNumberGenerator, rank: NestedFallback.Rank
    ) -> Step {
        let rule = outcome.rule
        guard let cause = rule.cause, left > 0 else { return .end }
        if changesCredential(rule, now) { return .attempt(place: place) }
        failedCredentials = 0
        if route.retriesFirst, let wait = retry(rule, waitNanoseconds, left, now, &random) {
            return .retry(afterNanoseconds: wait)
        }
        if let next = fallback(for: cause, now, rank) {
            move(to: next, after: cause)
            return .attempt(place: next)
        }
        if let wait = retry(rule, waitNanoseconds, left, now, &random) { return .retry(afterNanoseconds: wait) }
        return .end
    }

    /// What follows a stream that broke off in the middle: the next target whose provider can go on with it, by the same rules as any fallback, or
    /// the same one again, later.
    ///
    /// - Parameter hasText: the caller has some of it; otherwise there is nothing to go on from, and anybody can.
    mutating func resume(
        after outcome: OutcomeClass, hasText: Bool, left: UInt64, now: MonotonicTime,
        using random: inout some RandomNumberGenerator,
        rank: NestedFallback.Rank
    ) -> Step {
        guard let cause = outcome.rule.cause, left > 0 else { return .end }
        failedCredentials = 0
        func isAble(_ place: Int) -> Bool { !hasText || targets[place].provider.prefixContinuation != nil }
        while let next = fallback(for: cause, now, rank) {
            tried |= 1 << UInt32(next)
            guard isAble(next) else { continue }
            move(to: next, after: cause)
            return .attempt(place: next)
        }
        guard isAble(place), let wait = retry(outcome.rule, nil, left, now, &random) else { return .end }
        return .retry(afterNanoseconds: wait)
    }

    private mutating func move(to place: Int, after cause: PolicyDocument.FallbackCause) {
        self.cause = cause
        self.place = place
        tried |= 1 << UInt32(place)
        retries = 0
    }

    /// Where the attempt under way could be hedged: the first by rank that a timeout would lead to and that is no fallback only, or else the
    /// same target once more; one that has a slot free. Nil where there is none, or it has been set aside meanwhile.
    func hedge(_ now: MonotonicTime, rank: NestedFallback.Rank) -> Int? {
        let own = targets[place].health!
        return next(for: .timeout, now, takesFallbacks: false, needsRoom: true, besides: tried | plan.behind, rank)
            ?? (own.isAvailable(now) && own.hasRoom ? place : nil)
    }

    /// A hedge went to this target: no fallback goes there.
    mutating func hedged(at place: Int) { tried |= 1 << UInt32(place) }

    /// The first by rank that was not tried, takes this cause, and is not set aside; of those that have a slot free, where there are any. One that
    /// can do less of what is wanted comes when there is no other.
    func fallback(
        for cause: PolicyDocument.FallbackCause, _ now: MonotonicTime, _ rank: NestedFallback.Rank
    ) -> Int? {
        if plan.behind != 0, let place = fallback(for: cause, now, besides: tried | plan.behind, rank) { return place }
        return fallback(for: cause, now, besides: tried, rank)
    }

    private func fallback(
        for cause: PolicyDocument.FallbackCause, _ now: MonotonicTime, besides tried: UInt32,
        _ rank: NestedFallback.Rank
    ) -> Int? {
        next(for: cause, now, takesFallbacks: true, needsRoom: true, besides: tried, rank)
            ?? next(for: cause, now, takesFallbacks: true, needsRoom: false, besides: tried, rank)
    }

    private func next(
        for cause: PolicyDocument.FallbackCause, _ now: MonotonicTime, takesFallbacks: Bool, needsRoom: Bool,
        besides tried: UInt32, _ rank: NestedFallback.Rank
    ) -> Int? {
        if plan.tree.isNested {
            return NestedFallback(
                plan: plan, tried: tried, cause: cause, now: now, takesFallbacks: takesFallbacks, needsRoom: needsRoom
            ).place(after: place, rank)
        }
        let strategy = plan.tree.root.strategy
        let candidates = targets.indices.filter { index in
            let target = targets[index]
            return tried & (1 << UInt32(index)) == 0 && target.fallbackCauses.contains(cause)
                && (takesFallbacks || !target.isFallbackOnly) && target.health.isAvailable(now)
                && (!needsRoom || target.health.hasRoom)
        }
        return candidates.min { rank($0, strategy) < rank($1, strategy) }
    }

    /// How long to wait before the same target is tried again; nil: not again.
    private mutating func retry(
        _ rule: OutcomeClass.Rule, _ wanted: UInt64?, _ left: UInt64, _ now: MonotonicTime,
        _ random: inout some RandomNumberGenerator
    ) -> UInt64? {
        guard rule.retries, retries < route.retriesMax else { return nil }
        let health = targets[place].health!
        // One that is out is for probes, one at a time; those who wait for it would come all at once.
        guard health.isIn(now), (wanted ?? 0) <= Self.waitMax else { return nil }
        let bound = min(Self.backoff << UInt64(min(retries, 10)), Self.backoffMax)
        // What the provider asks for is the least, and so is the cooldown of others who asked before; a little more, so that not all come
        // back at once.
        let cooling = health.availableAt.nanoseconds &- min(now.nanoseconds, health.availableAt.nanoseconds)
        let least = max(wanted ?? 0, cooling)
        let wait = least + UInt64.random(in: 0...(least == 0 ? bound : bound / 4), using: &random)
        guard wait < left, least <= Self.waitMax, health.takeRetry(now) else { return nil }
        retries += 1
        return wait
    }
}

import Shared

/// The slots of one target on one loop, and the queue in front of them. Only providers with a limit on concurrency have one.
///
/// A request holds its slot from before its connection is opened to the end of its answer. It outlives snapshots, as the health that it
/// belongs to does: what is in flight is in flight under any limit.
///
/// Concurrency: belongs to its loop.
final class TargetGate {
    private var limit: ConcurrencyLimit
    private var queue: AdmissionQueue<SlotWait>
    private var waitNanoseconds: UInt64 = 0
    private(set) var inFlight = 0
    private let metrics: GateMetrics

    init(_ rule: PolicyDocument.Concurrency, metrics: GateMetrics, at now: MonotonicTime) {
        self.metrics = metrics
        limit = ConcurrencyLimit(rule, at: now)
        queue = AdmissionQueue(countMax: rule.queueMax)
        use(rule, at: now)
    }

    /// - Parameter rule: nil: the provider has no limit any more, and whoever waits is let in.
    func use(_ rule: PolicyDocument.Concurrency?, at now: MonotonicTime) {
        let rule = rule ?? .unlimited
        limit.use(rule, at: now)
        queue.countMax = rule.queueMax
        waitNanoseconds = CompiledTarget.nanoseconds(rule.queueWaitMilliseconds)
        letIn(now)
    }

    /// A request would be let in at once.
    @inline(__always)
    var hasRoom: Bool { inFlight < limit.current }

    var queued: Int { queue.count }

    // MARK: Requests

    /// Takes a slot for an attempt, or waits for one. What a request has waited at one target is taken off what it waits at the next.
    ///
    /// - Parameter deadline: of the request; its turn comes before that or never.
    /// - Errors: `.concurrencyLimited` where the queue is full, its place went to one of a higher class, or the wait was too long.
    func enter(
        _ outcome: Outcome, _ context: RequestContext, _ watch: any CallerWatch, on loop: EventLoop,
        by deadline: MonotonicTime
    ) async throws(AttemptError) {
        if !hasRoom { look(loop.now) }
        if hasRoom {
            took()
        } else if let caller = context.caller {
            let began = loop.refreshedNow()
            defer { context.queuedNanoseconds += loop.refreshedNow().nanoseconds &- began.nanoseconds }
            let left = waitNanoseconds - min(waitNanoseconds, context.queuedNanoseconds)
            try await wait(
                for: caller, watch, on: loop, from: began,
                until: min(began.advanced(byNanoseconds: left), deadline))
        }
        outcome.mark.letInAt = loop.refreshedNow()
    }

    private func wait(
        for caller: Caller, _ watch: any CallerWatch, on loop: EventLoop, from began: MonotonicTime,
        until: MonotonicTime
    ) async throws(AttemptError) {
        guard until > began else {
            metrics.expired(caller.priority)
            throw .concurrencyLimited
        }
        let waiting = SlotWait(CheckOut(on: loop, by: until), caller.priority)
        let ticket: AdmissionQueue<SlotWait>.Ticket
        switch queue.arrive(waiting, of: caller.key.keyID, caller.priority, until: until) {
        case .queued(let own): ticket = own
        case .displacing(let other, let own):
            ticket = own
            metrics.displaced(other.priority)
            other.end(.displaced)
        case .turnedAway:
            metrics.turnedAway(caller.priority)
            throw .concurrencyLimited
        }
        metrics.queued.set(Int64(queue.count))
        watch.abortOnLeaving(waiting.checkOut)
        defer { watch.endWatch() }
        while waiting.ending == nil, !waiting.checkOut.isOver { await waiting.checkOut.pause() }
        let now = loop.refreshedNow()
        metrics.waits.observe((now.nanoseconds &- began.nanoseconds) / 1_000)
        switch waiting.ending {
        case .letIn:
            // Let in and left in the same turn: the slot is the next one's.
            guard waiting.checkOut.isAborted else { return }
            ended(now)
            throw .callerGone
        case .displaced: throw waiting.checkOut.isAborted ? .callerGone : .concurrencyLimited
        case nil:
            _ = queue.leave(ticket)
            metrics.queued.set(Int64(queue.count))
            if waiting.checkOut.isAborted { throw .callerGone }
            metrics.expired(caller.priority)
            throw .concurrencyLimited
        }
    }

    func firstToken(_ mark: AttemptMark, _ now: MonotonicTime) {
        guard let letInAt = mark.letInAt else { return }
        limit.firstToken(begunAt: letInAt, at: now)
        letIn(now)
    }

    /// The answer is over, or there was none: the slot is free.
    func leave(_ mark: AttemptMark, _ outcome: OutcomeClass, _ now: MonotonicTime) {
        guard let letInAt = mark.letInAt else { return }
        if outcome.pushesBack(afterFirstToken: mark.hasFirstToken) { limit.pushedBack(begunAt: letInAt, at: now) }
        ended(now)
    }

    func passedOver() { metrics.passedOver.add() }

    // MARK: Slots

    /// One more is in flight.
    func took() {
        inFlight += 1
        limit.began(inFlight: inFlight)
        metrics.inFlight.set(Int64(inFlight))
    }

    private func ended(_ now: MonotonicTime) {
        inFlight -= 1
        look(now)
        metrics.inFlight.set(Int64(inFlight))
    }

    private func look(_ now: MonotonicTime) {
        limit.look(at: now)
        letIn(now)
    }

    /// Whoever is next, while there is room.
    private func letIn(_ now: MonotonicTime) {
        metrics.limit.set(limit.rule == .unlimited ? 0 : Int64(limit.current))
        guard queue.count > 0 else { return }
        while hasRoom, let next = queue.next(at: now) {
            took()
            next.end(.letIn)
        }
        metrics.queued.set(Int64(queue.count))
    }
}

extension PolicyDocument.Concurrency {
    /// More than a loop has connections.
    fileprivate static let unlimited = Self(min: 1_000_000, max: 1_000_000, queueMax: 0, queueWaitMilliseconds: 0)
}

extension OutcomeClass {
    /// It says that the target has more to do than it can: the limit on its concurrency shrinks.
    func pushesBack(afterFirstToken hasFirstToken: Bool) -> Bool {
        switch self {
        case .rateLimited, .overloaded, .firstTokenTimedOut, .requestTimeout, .stalled: true
        // A long answer is no slow one.
        case .totalTimedOut: !hasFirstToken
        default: false
        }
    }
}

/// A request that waits for a slot.
private final class SlotWait {
    enum Ending { case letIn, displaced }

    let checkOut: CheckOut
    let priority: KeyPriority
    private(set) var ending: Ending?

    init(_ checkOut: CheckOut, _ priority: KeyPriority) {
        self.checkOut = checkOut
        self.priority = priority
    }

    func end(_ ending: Ending) {
        self.ending = ending
        checkOut.wake()
    }
}

import Shared

/// Another attempt of a request, as far as money goes: held, written down and settled by itself, since a provider bills both.
///
/// - Shape: whichever of the two attempts answers to the end is the request's; the other is what this is settled for in the end: the one of a
///   race that lost, or the one whose stream broke off. Until the request is settled it holds its worst case, so that a process that dies
///   between has charged for it.
final class SideAttempt {
    /// With a request ID of its own, for its usage event. Upstream both attempts go under that of the request.
    let context: RequestContext
    /// Of the other attempt, and once it answers of the one that it takes the place of.
    let outcome: Outcome
    private var admission: Admission?
    /// The attempt that lost had its request on a connection.
    var wasSent = false
    /// When the attempt that lost was over.
    var endedAt: MonotonicTime
    /// The second attempt's answer is the request's.
    var hasWon = false

    init(_ context: RequestContext, _ admission: consuming Admission) {
        self.context = context
        outcome = Outcome(ending: .callerGone, kind: .cancelled)
        outcome.attempts = 1
        outcome.usageReported = false
        self.admission = consume admission
        endedAt = context.startedAt
    }

    /// It is tried at this target.
    func begin(at target: CompiledTarget, _ request: ParsedRequest, _ now: MonotonicTime) {
        outcome.target = target
        outcome.credential = target.takeCredential(now)
        outcome.mark = target.health.begin(request, now, with: target.several(outcome.credential))
    }

    func takeAdmission() -> Admission {
        guard let admission = admission.take() else { preconditionFailure("an attempt is settled once") }
        return admission
    }
}

/// Lets other attempts begin, where there is room for what they can cost.
///
/// Concurrency: belongs to its loop.
final class SideAttempts {
    private let loop: EventLoop
    private let admitter: Admitter
    private let recorder: Recorder
    private let random = SecureRandom()

    init(on loop: EventLoop, admitter: Admitter, recorder: Recorder) {
        self.loop = loop
        self.admitter = admitter
        self.recorder = recorder
    }

    /// Holds what a second attempt at `target` can cost and writes down that it begins. Nil where that has no room: nobody waits for it.
    func begin(
        _ request: ParsedRequest, at target: CompiledTarget, of plan: RoutePlan, for caller: Caller,
        _ context: RequestContext
    ) -> SideAttempt? {
        let own = ownContext(request, plan, caller, context)
        guard let hold = admitter.holdAgain(request, plan, for: caller, own) else { return nil }
        guard let attempt = begin(request, at: target, of: plan, for: caller, own, hold) else { return nil }
        attempt.begin(at: target, request, loop.now)
        return attempt
    }

    /// The same for one that goes on with a stream that broke off, whose caller waits for what others hold.
    func begin(
        _ request: ParsedRequest, at target: CompiledTarget, of plan: RoutePlan, for caller: Caller,
        _ context: RequestContext, waiting client: ClientStream
    ) async -> SideAttempt? {
        let own = ownContext(request, plan, caller, context)
        guard let hold = await admitter.holdAgain(request, plan, for: caller, own, waiting: client) else { return nil }
        return begin(request, at: target, of: plan, for: caller, own, hold)
    }

    private func ownContext(
        _ request: ParsedRequest, _ plan: RoutePlan, _ caller: Caller, _ context: RequestContext
    ) -> RequestContext {
        let wall = WallTime.unixMilliseconds()
        let own = RequestContext(
            id: random.objectID(unixMilliseconds: wall), startedAt: loop.refreshedNow(), startedUnixMilliseconds: wall,
            policy: context.policy)
        own.caller = caller
        own.plan = plan
        own.request = request
        return own
    }

    private func begin(
        _ request: ParsedRequest, at target: CompiledTarget, of plan: RoutePlan, for caller: Caller,
        _ own: RequestContext, _ hold: consuming Hold
    ) -> SideAttempt? {
        do {
            let admission = try recorder.admit(&hold, of: admitter, request, plan, at: target, for: caller, own)
            return SideAttempt(own, admission)
        } catch { return nil }
    }
}

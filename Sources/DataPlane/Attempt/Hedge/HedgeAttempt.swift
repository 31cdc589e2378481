import Shared

/// The second attempt of a request, as far as money goes: held, written down and settled by itself, since a provider bills both.
///
/// - Shape: whichever of the two attempts answers is the request's; the other is what this is settled for in the end. Until the request is
///   settled it holds its worst case, so that a process that dies between has charged for it.
final class HedgeAttempt {
    /// With a request ID of its own, for its usage event. Upstream both attempts go under that of the request.
    let context: RequestContext
    /// Of the second attempt, and once the race is decided of the one that lost.
    let outcome: Outcome
    private var admission: Admission?
    /// The attempt that lost had its request on a connection.
    var wasSent = false
    /// When the attempt that lost was over.
    var endedAt: MonotonicTime
    /// The second attempt's answer is the request's.
    var hasWon = false

    init(_ context: RequestContext, at target: CompiledTarget, _ mark: AttemptMark, _ admission: consuming Admission) {
        self.context = context
        outcome = Outcome(ending: .callerGone, kind: .cancelled)
        outcome.target = target
        outcome.attempts = 1
        outcome.mark = mark
        outcome.usageReported = false
        self.admission = consume admission
        endedAt = context.startedAt
    }

    func takeAdmission() -> Admission {
        guard let admission = admission.take() else { preconditionFailure("a hedge is settled once") }
        return admission
    }
}

/// Lets second attempts begin, where there is room for what they can cost.
///
/// Concurrency: belongs to its loop.
final class Hedger {
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
    ) -> HedgeAttempt? {
        guard var hold = admitter.holdAgain(request, plan, for: caller, context) else { return nil }
        let wall = WallTime.unixMilliseconds()
        let own = RequestContext(
            id: random.objectID(unixMilliseconds: wall), startedAt: loop.refreshedNow(), startedUnixMilliseconds: wall,
            policy: context.policy)
        own.caller = caller
        own.plan = plan
        own.request = request
        do {
            let position = try recorder.begin(
                request, plan, at: target, for: caller, reserved: hold.worst, lines: hold.lines, own)
            let credential = target.takeCredential(loop.now)
            let mark = target.health.begin(request, loop.now, with: target.several(credential))
            let hedge = HedgeAttempt(
                own, at: target, mark, Admission(at: position, reservation: hold.reservation.take()))
            hedge.outcome.credential = credential
            return hedge
        } catch {
            if let reservation = hold.reservation.take() { admitter.release(reservation) }
            return nil
        }
    }
}

import Shared

/// Sends requests once more whose callers have their answers, and throws away what comes.
///
/// - Shape: nobody waits for a shadow, and it takes nothing from anybody: where there is no room for it, it is withheld and counted. One
///   attempt, at one target; a failure is an outcome like any other.
///
/// Concurrency: on its loop only, which is what makes `@unchecked Sendable` true: tasks are handed nothing but this and their shadow.
final class Shadows: @unchecked Sendable {
    /// On one loop. A target that hangs would otherwise gather them for `total_timeout_ms`.
    static let countMax = 64
    /// What is copied of a body: nearly all chats are shorter, and a copy takes a few microseconds.
    static let bodyBytesMax = 256 * 1024
    /// Of all copies of a loop.
    static let bytesMax = 4 * 1024 * 1024

    private let loop: EventLoop
    private let transports: Transports
    private let admitter: Admitter
    private let recorder: Recorder
    private let gauge: GaugeCell
    private var underWay: [ObjectIdentifier: Shadow] = [:]
    private var bytes = 0
    private var isEnding = false

    init(
        on loop: EventLoop, transports: Transports, admitter: Admitter, recorder: Recorder, _ registry: MetricsRegistry
    ) {
        self.loop = loop
        self.transports = transports
        self.admitter = admitter
        self.recorder = recorder
        gauge = registry.gauge("weir_shadows_in_flight", help: "Mirrored requests that are under way.")
    }

    var count: Int { underWay.count }

    /// The process ends: those under way settle at once, and no more begin.
    func stop() {
        isEnding = true
        for shadow in underWay.values { shadow.leg.giveUp() }
    }

    /// Mirrors a request that was drawn, once its caller has the answer and before its memory is another one's.
    ///
    /// - Parameters:
    ///   - policy: that of now.
    ///   - isShedding: this loop is late, and refuses callers.
    func begin(_ client: ClientStream, _ context: RequestContext, in policy: CompiledPolicy?, isShedding: Bool) {
        guard let drawn = context.plan?.route.shadow?.shadowing else { return }
        do throws(ShadowResult) {
            if isShedding { throw .shedding }
            let shadow = try make(client, context, in: policy)
            underWay[ObjectIdentifier(shadow)] = shadow
            bytes += shadow.textBytes
            gauge.add(1)
            loop.spawnUnisolated { [self] in await run(shadow) }
        } catch { drawn.results.count(error) }
    }

    private func make(
        _ client: ClientStream, _ context: RequestContext, in policy: CompiledPolicy?
    ) throws(ShadowResult) -> Shadow {
        if isEnding { throw .ending }
        guard let request = context.request, let id = context.shadowID,
            let policy, let route = context.plan?.route,
            let current = policy === context.policy ? route : policy.routes.first(where: { $0.id == route.id }),
            let shadow = current.shadow, let plan = policy.plans[shadow.tree.index].first,
            request.endpoint.isMirrored, plan.targets[0].model.kind == request.endpoint.modelKind,
            let key = policy.snapshot.key(shadow.secretSHA256),
            !key.isExpired(atUnixSeconds: WallTime.unixMilliseconds() / 1000)
        else { throw .noKey }
        guard request.bodyBytes <= Self.bodyBytesMax else { throw .tooLarge }
        let size = request.bodyBytes + client.head.byteCount
        guard underWay.count < Self.countMax, bytes + size <= Self.bytesMax else { throw .tooMany }
        guard client.memory.admits(size) else { throw .noMemory }
        try checkTarget(plan.targets[0])
        let own = RequestContext(
            id: id, startedAt: loop.refreshedNow(), startedUnixMilliseconds: WallTime.unixMilliseconds(),
            policy: policy)
        own.caller = Caller(key: key)
        own.plan = plan
        own.shadowOf = context.id
        return Shadow(client, request, own, shadow.shadowing)
    }

    private func checkTarget(_ target: CompiledTarget) throws(ShadowResult) {
        guard target.health.isAvailable(loop.now) else { throw .targetOut }
        guard target.health.hasRoom else { throw .noSlot }
    }

    // MARK: On its way

    private func run(_ shadow: Shadow) async {
        let result: ShadowResult
        do throws(ShadowResult) {
            let admission = try await admit(shadow)
            result = await attempt(shadow)
            Settlement.settle(shadow.outcome, shadow.context)
            recorder.record(shadow: shadow.outcome, admission, shadow.context, now: loop.refreshedNow())
        } catch { result = error }
        underWay[ObjectIdentifier(shadow)] = nil
        bytes -= shadow.textBytes
        // Whoever sees none under way finds all of them counted.
        shadow.shadowing.results.count(result)
        gauge.add(-1)
    }

    /// Holds what it can cost in all allowances of its key, team and organization, and writes down that it begins.
    private func admit(_ shadow: Shadow) async throws(ShadowResult) -> Admission {
        let (request, plan, context) = (shadow.request, shadow.plan, shadow.context)
        guard var hold = await admitter.holdLast(request, plan, for: shadow.caller, shadow.leg, context) else {
            throw shadow.leg.isGivenUp ? .ending : .noAllowance
        }
        do throws(ShadowResult) {
            // It may have waited.
            if shadow.leg.isGivenUp { throw .ending }
            try checkTarget(shadow.target)
        } catch {
            if let reservation = hold.reservation.take() { admitter.release(reservation) }
            throw error
        }
        do {
            return try recorder.admit(
                &hold, of: admitter, request, plan, at: shadow.target, for: shadow.caller, context)
        } catch { throw .noJournal }
    }

    private func attempt(_ shadow: Shadow) async -> ShadowResult {
        let (target, outcome) = (shadow.target, shadow.outcome)
        outcome.attempts = 1
        outcome.credential = target.takeCredential(loop.now)
        outcome.mark = target.health.begin(shadow.request, loop.now, with: target.several(outcome.credential))
        var ended = OutcomeClass.answered
        do throws(AttemptError) {
            let answer = try await open(shadow)
            shadow.dropText()
            try await answer.read(of: shadow)
            if let error = outcome.attemptError {
                ended = OutcomeClass(error)
            } else if let error = outcome.relayError {
                ended = OutcomeClass(error)
            }
        } catch {
            outcome.attemptError = error
            ended = OutcomeClass(error)
            if case .upstream(_, let status, _) = error { outcome.status = status }
            // What a provider says of a request is an answer to it.
            outcome.kind = ended.rule.isVerdict ? .completed : .failed
        }
        shadow.leg.endWatch()
        if shadow.leg.isGivenUp { cut(shadow, &ended) }
        target.health.end(
            outcome.mark, ended, waitMilliseconds: outcome.attemptError?.waitMilliseconds, loop.refreshedNow())
        if ended == .stopped { return .stopped }
        return ended == .answered ? .answered : .failed
    }

    /// It was given up. What its provider has worked on by then may be billed; what of it is not known.
    private func cut(_ shadow: Shadow, _ ended: inout OutcomeClass) {
        guard ended == .callerGone else { return }
        ended = .stopped
        let outcome = shadow.outcome
        if outcome.attemptError != nil { outcome.attemptError = .stopped }
        guard shadow.leg.wasSent else { return }
        outcome.kind = .cut
        outcome.usageReported = false
    }

    private func open(_ shadow: Shadow) async throws(AttemptError) -> ShadowAnswer {
        let target = shadow.target
        let deadline = loop.now.advanced(byNanoseconds: shadow.plan.totalNanoseconds)
        // It has room, or this would not be reached: nobody waits here.
        if let gate = target.health.gate {
            try await gate.enter(shadow.outcome, shadow.context, shadow.leg, on: loop, by: deadline)
        }
        guard let credential = shadow.outcome.credential, credential.isUsable else { throw .credentialUnavailable }
        if credential.proof == .token {
            try await credential.awaitToken(at: target, for: shadow.leg, on: loop, deadline)
        }
        let rendition = try unsafe Rendition.of(
            shadow.request, shadow.body, for: target, with: credential, shadow.context)
        let upstream = unsafe UpstreamRequest(
            shadow.request, as: rendition, to: target, with: credential, shadow.context.id, head: shadow.head,
            headBytes: shadow.headBytes, limits: AttemptLimits(target, from: loop.now, by: deadline))
        let exchange = try await transports.exchange(upstream, for: shadow.leg)
        return withExtendedLifetime(rendition) { ShadowAnswer(exchange, rendition.translation, on: loop) }
    }
}

import Shared

/// The ways to providers that one loop has.
struct Transports {
    let direct: DirectTransport
    let curl: CurlTransport

    /// Sends the request the way that its target wants, and waits for the head of its answer.
    @inline(__always)
    func exchange(
        _ request: borrowing UpstreamRequest, for caller: any CallerWatch
    ) async throws(AttemptError) -> any UpstreamExchange {
        request.target.usesCurl
            ? try await curl.exchange(request, for: caller) : try await direct.exchange(request, for: caller)
    }
}

/// Tries the targets of a plan until one answers or none is left, and tells their health what came of it.
///
/// Concurrency: belongs to its loop. What one attempt holds lives in its `Relay`.
final class Attempter {
    let loop: EventLoop
    let sideAttempts: SideAttempts
    private let transports: Transports
    private let orphans: Orphans
    let random = SecureRandom()

    init(on loop: EventLoop, transports: Transports, sideAttempts: SideAttempts, orphans: Orphans) {
        self.loop = loop
        self.sideAttempts = sideAttempts
        self.orphans = orphans
        self.transports = transports
    }

    func attempt(
        _ plan: RoutePlan, _ request: ParsedRequest, relayingTo client: ClientStream, _ context: RequestContext
    ) async -> Outcome {
        let began = loop.refreshedNow()
        if let interval = plan.route.keepAlive {
            context.keepAlive = KeepAlive(request, every: interval, of: client, context)
        }
        defer {
            context.keepAlive?.stop()
            client.connection.endWatch()
            client.orphanWatch = nil
            // The clock was read when the attempt ended.
            context.upstreamNanoseconds = loop.now.nanoseconds &- began.nanoseconds
        }
        let outcome = Outcome(ending: .callerGone, kind: .failed)
        let deadline = began.advanced(byNanoseconds: plan.totalNanoseconds)
        guard let first = plan.firstPlace(began) else { return refuse(plan, outcome, began) }
        var sequence = AttemptSequence(plan, first: first, pin: request.pin)
        while true {
            sequence.passOverFull(request, context, loop.now)
            let target = plan.targets[sequence.place]
            outcome.target = target
            outcome.attempts += 1
            outcome.credential = sequence.credential(loop.now)
            outcome.mark = target.health.begin(request, loop.now, with: target.several(outcome.credential))
            let failure: AttemptError
            do throws(AttemptError) {
                let relay: Relay
                if let hedging = plan.route.hedging, !request.isNeverHedged {
                    relay = try await begin(plan, &sequence, hedging, request, client, context, outcome, deadline)
                } else {
                    // What is kept is not billed by being read: nobody reads it for a caller who has left.
                    let caller: any CallerWatch =
                        request.stored == nil ? watch(client, target) : client.connection
                    relay = try await begin(target, request, client, context, outcome, for: caller, deadline)
                }
                // A hedge may have answered in place of it.
                let target = outcome.target ?? target
                context.explanation?.answered(target, outcome, context, loop.refreshedNow())
                if let resuming = plan.route.resuming {
                    return await carry(relay, resuming, plan, &sequence, request, client, context, outcome, deadline)
                }
                if !relay.carryHeld(context, outcome) { await relay.carry(from: target, context, outcome) }
                if client.isOrphaned { await relay.endOrphan(outcome) }
                let ended = outcome.relayError.map(OutcomeClass.init) ?? .answered
                target.health.end(outcome.mark, ended, waitMilliseconds: nil, loop.refreshedNow())
                return outcome
            } catch {
                client.connection.endWatch()
                if client.isOrphaned { return endOrphan(error, target, client, context, outcome) }
                failure = error == .callerGone && client.isCutByStop ? .stopped : error
            }
            switch step(after: failure, of: target, plan, &sequence, request, context, outcome, deadline) {
            case .attempt: break
            case .retry(let wait):
                outcome.relay?.finish()
                if let ending = await pause(wait, client) { return end(ending, outcome) }
            case .end:
                if OutcomeClass(failure).rule.isVerdict, let relay = outcome.relay {
                    await relay.passOn(context, outcome)
                    return outcome
                }
                outcome.relay = nil
                // A batch that was made all the same runs, and is billed.
                if request.stored?.call.isSentOnce == true, failure.leavesDoubt { outcome.kind = .cut }
                return end(failure, outcome, request.upload?.failure)
            }
            outcome.relay?.finish()
            outcome.relay = nil
        }
    }

    /// What follows an attempt that failed, of which its target's health is told.
    ///
    /// Not in the frame of the task: what it needs for a moment would lie there for the life of the connection.
    @inline(never)
    private func step(
        after failure: AttemptError, of target: CompiledTarget, _ plan: RoutePlan, _ sequence: inout AttemptSequence,
        _ request: ParsedRequest, _ context: RequestContext, _ outcome: Outcome, _ deadline: MonotonicTime
    ) -> AttemptSequence.Step {
        outcome.attemptError = failure
        // A list may have come to another credential than it began with.
        if let stored = request.stored { sequence.follow(stored.pin) }
        let now = loop.refreshedNow()
        let ended = OutcomeClass(failure)
        target.health.end(outcome.mark, ended, waitMilliseconds: failure.waitMilliseconds, now)
        context.explanation?.attempted(target, began: outcome.mark.began, ended, now)
        // What has passed of a form cannot be sent once more, and what may have been made is not made again.
        if request.upload?.isBegun == true { return .end }
        if request.stored?.call.isSentOnce == true, !failure.isBeforeWork { return .end }
        let ranking = TargetRanking(plan, request, context, now)
        var random = random
        return sequence.next(
            after: ended, waitNanoseconds: failure.waitMilliseconds.map { $0 * 1_000_000 },
            left: deadline.nanoseconds &- min(now.nanoseconds, deadline.nanoseconds), now: now, using: &random,
            rank: ranking.rank)
    }

    // MARK: One attempt

    /// Returns when there is an answer to carry to the caller, of which no byte has reached it.
    func begin(
        _ target: CompiledTarget, _ request: ParsedRequest, _ client: ClientStream, _ context: RequestContext,
        _ outcome: Outcome, for caller: any CallerWatch, _ deadline: MonotonicTime
    ) async throws(AttemptError) -> Relay {
        if let gate = target.health.gate, outcome.mark.isOfModel {
            try await gate.enter(outcome, context, caller, on: loop, by: deadline)
        }
        let relay = try await open(target, outcome.credential, request, client, context, for: caller, deadline)
        outcome.relay = relay
        guard relay.answer.status < 400 else { throw try await failure(relay, context, outcome) }
        try await relay.begin(began: context.startedAt, target: target, outcome)
        if let stored = request.stored {
            return try await take(relay, stored, target, request, client, context, outcome, for: caller, deadline)
        }
        if let keepAlive = context.keepAlive, !relay.isStream, !keepAlive.givesWayToPlainAnswer() {
            relay.abandon()
            throw .malformedAnswer
        }
        return relay
    }

    /// What a provider says of what it keeps, as its caller may see it; of a list all the pages that it takes.
    private func take(
        _ relay: Relay, _ stored: StoredRequest, _ target: CompiledTarget, _ request: ParsedRequest,
        _ client: ClientStream, _ context: RequestContext, _ outcome: Outcome, for caller: any CallerWatch,
        _ deadline: MonotonicTime
    ) async throws(AttemptError) -> Relay {
        guard let credential = outcome.credential else { throw .credentialUnavailable }
        do {
            if try stored.take(
                relay.pending, isWhole: relay.isWhole, relay.exchange.forwardedFields, from: target, under: credential)
            {
                return relay
            }
        } catch {
            // It is no verdict of the provider's that the caller could see.
            relay.finish()
            outcome.relay = nil
            throw error
        }
        relay.finish()
        outcome.credential = stored.nextCredential(at: target)
        return try await begin(target, request, client, context, outcome, for: caller, deadline)
    }

    /// The same on a route that hedges, whose first attempt may be joined by a second one.
    private func begin(
        _ plan: RoutePlan, _ sequence: inout AttemptSequence, _ hedging: RouteHedging, _ request: ParsedRequest,
        _ client: ClientStream, _ context: RequestContext, _ outcome: Outcome, _ deadline: MonotonicTime
    ) async throws(AttemptError) -> Relay {
        let relay: Relay
        if outcome.attempts == 1, let delay = hedging.delay(of: request) {
            let race = HedgeRace(self, sideAttempts, hedging, request, client, context, outcome, deadline: deadline)
            relay = try await race.run(plan, &sequence, after: delay, TargetRanking(plan, request, context, loop.now))
        } else {
            let target = plan.targets[sequence.place]
            relay = try await begin(target, request, client, context, outcome, for: watch(client, target), deadline)
        }
        hedging.observe(request, nanoseconds: loop.now.nanoseconds &- outcome.mark.began.nanoseconds)
        return relay
    }

    /// What an error status means, by the body where that says more. The body of a verdict stays in the relay.
    private func failure(
        _ relay: Relay, _ context: RequestContext, _ outcome: Outcome
    ) async throws(AttemptError) -> AttemptError {
        let answer = relay.answer
        var complaint = ProviderComplaint.none
        if answer.status < 500 {
            try await relay.hold {}
            complaint = unsafe ProviderComplaint(
                readingBody: relay.pending.readable, status: answer.status, in: relay.dialect)
        } else {
            try relay.holdWhatIsHere()
        }
        // It is the object that is not there, and nothing is wrong with the target.
        if answer.status == 404, let absence = context.request?.stored?.absence {
            relay.finish()
            outcome.relay = nil
            return absence
        }
        let ended = OutcomeClass(status: answer.status, complaint: complaint)
        if !ended.rule.isVerdict { relay.finish() }
        return .upstream(ended, status: answer.status, waitMilliseconds: answer.waitMilliseconds)
    }

    private func open(
        _ target: CompiledTarget, _ credential: CompiledCredential?, _ request: ParsedRequest, _ client: ClientStream,
        _ context: RequestContext, for caller: any CallerWatch, _ deadline: MonotonicTime
    ) async throws(AttemptError) -> Relay {
        guard let credential, credential.isUsable else { throw .credentialUnavailable }
        if credential.proof == .token { try await credential.awaitToken(at: target, for: caller, on: loop, deadline) }
        let rendition = try unsafe Rendition.of(request, client.body, for: target, with: credential, context)
        let upstream = unsafe UpstreamRequest(
            request, as: rendition, to: target, with: credential, context.id, head: client.head,
            headBytes: client.headBytes, limits: AttemptLimits(target, from: loop.now, by: deadline))
        let exchange = try await transports.exchange(upstream, for: caller)
        return withExtendedLifetime(rendition) { Relay(exchange, client, request, rendition.translation) }
    }

    /// Whose leaving ends the attempt, unless its provider's answers are read to their end.
    @inline(__always)
    func watch(_ client: ClientStream, _ target: CompiledTarget) -> any CallerWatch {
        client.orphanWatch = target.drainsOrphans ? OrphanWatch(client, orphans) : nil
        return client.orphanWatch ?? client.connection
    }

    /// Waits before a retry. Nil when the time is over and the caller is still there.
    func pause(_ nanoseconds: UInt64, _ client: ClientStream) async -> AttemptError? {
        let waiting = CheckOut(on: loop, by: loop.now.advanced(byNanoseconds: nanoseconds))
        client.connection.abortOnLeaving(waiting)
        defer { client.connection.endWatch() }
        while !waiting.isOver { await waiting.pause() }
        guard waiting.isAborted else { return nil }
        return client.isCutByStop ? .stopped : .callerGone
    }

    // MARK: Endings

    /// - Parameter problem: what is wrong with the rest of the caller's form.
    func end(_ failure: AttemptError, _ outcome: Outcome, _ problem: ParseError? = nil) -> Outcome {
        outcome.attemptError = failure
        switch failure {
        case .callerGone:
            outcome.ending = .callerGone
            outcome.kind = .cancelled
            outcome.status = 499
            outcome.usageReported = false
            return outcome
        case .stopped:
            // Whether the provider worked on it, and bills that, is not known.
            outcome.kind = .cut
            outcome.usageReported = false
        default: break
        }
        let refusal = problem.map { GatewayError($0) } ?? GatewayError(failure)
        outcome.ending = .refused(refusal)
        outcome.status = refusal.status
        return outcome
    }

    /// All targets are set aside, and the route wants none of them tried.
    private func refuse(_ plan: RoutePlan, _ outcome: Outcome, _ now: MonotonicTime) -> Outcome {
        let soonest = plan.targets.map(\.health.availableAt.nanoseconds).min() ?? now.nanoseconds
        return end(
            .allTargetsOut(waitMilliseconds: (max(soonest, now.nanoseconds) - now.nanoseconds) / 1_000_000), outcome)
    }
}

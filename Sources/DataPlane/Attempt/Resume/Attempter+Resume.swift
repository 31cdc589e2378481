import Shared

/// Streams that break off in the middle and are gone on with, on routes that want it.
extension Attempter {
    /// Carries an answer that has begun to the caller, by other attempts where it breaks off.
    ///
    /// Each attempt that broke off is settled by itself: its provider bills it. The last one is the request's.
    func carry(
        _ first: Relay, _ results: ResultCounters<ResumeResult>, _ plan: RoutePlan, _ sequence: inout AttemptSequence,
        _ request: ParsedRequest, _ client: ClientStream, _ context: RequestContext, _ outcome: Outcome,
        _ deadline: MonotonicTime
    ) async -> Outcome {
        guard var target = outcome.target else { preconditionFailure("an answer of no target") }
        if first.isStream, first.translation == nil, unsafe StreamTranscript.isPossible(for: request, client.body) {
            context.transcript = StreamTranscript(in: loop.buffers)
        }
        var relay = first
        await relay.carry(from: target, context, outcome)
        while true {
            if client.isOrphaned { await relay.endOrphan(outcome) }
            let ended = outcome.relayError.map(OutcomeClass.init) ?? .answered
            let now = loop.refreshedNow()
            target.health.end(outcome.mark, ended, waitMilliseconds: nil, now)
            guard ended != .answered, !client.isOrphaned else { return outcome }
            context.explanation?.attempted(target, began: outcome.mark.began, ended, now)
            let mayResume = context.transcript?.isOpen == true && context.broken.count < plan.route.resumesMax
            guard ended.rule.cause != nil, mayResume,
                let next = await resume(plan, &sequence, ended, results, request, client, context, outcome, deadline)
            else { break }
            relay = next
            target = outcome.target ?? target
            await relay.carryOn(from: target, context, outcome)
        }
        relay.passFailureOn()
        return outcome
    }

    /// The answer of another attempt, which goes on where the last one broke off. It is the request's then.
    ///
    /// - Returns: nil where there is none. The outcome is still that of the stream that broke off, or that the caller has left.
    private func resume(
        _ plan: RoutePlan, _ sequence: inout AttemptSequence, _ broken: OutcomeClass,
        _ results: ResultCounters<ResumeResult>,
        _ request: ParsedRequest, _ client: ClientStream, _ context: RequestContext, _ outcome: Outcome,
        _ deadline: MonotonicTime
    ) async -> Relay? {
        var ended = broken
        var attempt: SideAttempt?
        while await moves(&sequence, after: ended, plan, request, client, context, outcome, deadline) {
            let target = plan.targets[sequence.place]
            if attempt == nil { attempt = await begin(request, at: target, of: plan, client, context) }
            guard let attempt else { break }
            attempt.begin(at: target, request, loop.now)
            outcome.attempts += 1
            context.transcript?.goOn(by: target.provider.prefixContinuation)
            do throws(AttemptError) {
                let relay = try await begin(
                    target, request, client, context, attempt.outcome, for: watch(client, target), deadline)
                guard relay.isStream else {
                    relay.abandon()
                    throw .malformedAnswer
                }
                context.explanation?.attempted(target, began: attempt.outcome.mark.began, .answered, loop.now)
                attempt.takeOver(from: outcome, relay, loop.now)
                results.count(.resumed)
                return relay
            } catch {
                client.connection.endWatch()
                ended = OutcomeClass(error)
                let now = loop.refreshedNow()
                target.health.end(attempt.outcome.mark, ended, waitMilliseconds: error.waitMilliseconds, now)
                context.explanation?.attempted(target, began: attempt.outcome.mark.began, ended, now)
                attempt.outcome.relay?.finish()
                attempt.outcome.relay = nil
                outcome.attemptError = error
                if error == .callerGone { attempt.outcome.kind = .cancelled }
                if client.isOrphaned { client.orphanWatch?.end(isWhole: false) }
                if error == .callerGone || client.isOrphaned { leave(client, outcome) }
            }
        }
        results.count(attempt == nil ? .withheld : .failed)
        return nil
    }

    /// Whether there is a target to go on at, after the wait that it may take.
    private func moves(
        _ sequence: inout AttemptSequence, after ended: OutcomeClass, _ plan: RoutePlan, _ request: ParsedRequest,
        _ client: ClientStream, _ context: RequestContext, _ outcome: Outcome, _ deadline: MonotonicTime
    ) async -> Bool {
        if client.isOrphaned { return false }
        let now = loop.refreshedNow()
        var random = random
        let step = sequence.resume(
            after: ended, hasText: context.transcript?.text.isEmpty == false,
            left: deadline.nanoseconds &- min(now.nanoseconds, deadline.nanoseconds), now: now,
            using: &random, rank: TargetRanking(plan, request, context, now).rank)
        switch step {
        case .attempt: return true
        case .retry(let wait):
            guard await pause(wait, client) != nil else { return true }
            leave(client, outcome)
            return false
        case .end: return false
        }
    }

    /// Holds what another attempt can cost and writes down that it begins; nil where that has no room. Unless it answers, nothing of it is billed.
    private func begin(
        _ request: ParsedRequest, at target: CompiledTarget, of plan: RoutePlan, _ client: ClientStream,
        _ context: RequestContext
    ) async -> SideAttempt? {
        guard let caller = context.caller,
            let attempt = await sideAttempts.begin(request, at: target, of: plan, for: caller, context, waiting: client)
        else { return nil }
        attempt.outcome.kind = .failed
        context.broken.append(attempt)
        return attempt
    }

    /// The caller is gone, whatever came of his stream before.
    private func leave(_ client: ClientStream, _ outcome: Outcome) {
        if client.isCutByStop { return }
        outcome.ending = .callerGone
        outcome.kind = .cancelled
    }
}

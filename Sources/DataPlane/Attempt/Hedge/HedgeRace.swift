import Shared

/// Two attempts of one request: whichever answers first is carried to the caller, the other is given up.
///
/// - Shape: the first attempt runs in the task of its request; the second, when its time has come, in one of its own. A second attempt that
///   answers first gives the first one up, which wakes the request's task, and that takes the answer over. A first attempt that fails waits for
///   a second that is under way.
///
/// Concurrency: on its loop only, which is what makes `@unchecked Sendable` true: the second task is handed nothing but this.
@safe final class HedgeRace: Abortable, @unchecked Sendable {
    private enum Second {
        case notSent, underWay, failed
        case begun(Relay)
    }

    private let attempter: Attempter
    private let sideAttempts: SideAttempts
    private let hedging: RouteHedging
    private let client: ClientStream
    private let request: ParsedRequest
    private let context: RequestContext
    private let outcome: Outcome
    private let deadline: MonotonicTime
    private let firstLeg = AttemptLeg()
    private let secondLeg = AttemptLeg()
    private var second = Second.notSent
    private var secondPlace: Int?
    private var isOver = false
    private var waiter: UnsafeContinuation<Void, Never>?

    init(
        _ attempter: Attempter, _ sideAttempts: SideAttempts, _ hedging: RouteHedging, _ request: ParsedRequest,
        _ client: ClientStream, _ context: RequestContext, _ outcome: Outcome, deadline: MonotonicTime
    ) {
        self.attempter = attempter
        self.sideAttempts = sideAttempts
        self.hedging = hedging
        self.client = client
        self.request = request
        self.context = context
        self.outcome = outcome
        self.deadline = deadline
    }

    /// The caller has left.
    func abort() {
        firstLeg.giveUp()
        secondLeg.giveUp()
    }

    /// The first answer that begins, of the attempt under way at `sequence.place` or of a second one, sent after `delay` nanoseconds.
    ///
    /// - Errors: those of the first attempt, once the second has failed too.
    func run(
        _ plan: RoutePlan, _ sequence: inout AttemptSequence, after delay: UInt64, _ ranking: TargetRanking
    ) async throws(AttemptError) -> Relay {
        let target = plan.targets[sequence.place]
        let begun = sequence
        let timer = LoopTimer(on: attempter.loop) { [self] in sendSecond(plan, begun, ranking) }
        timer.arm(after: .nanoseconds(Int64(clamping: delay)))
        client.connection.abortOnLeaving(self)
        defer {
            timer.cancel()
            isOver = true
        }
        do {
            let relay = try await attempter.begin(target, request, client, context, outcome, for: firstLeg, deadline)
            timer.cancel()
            // Both have begun: the first was given up by the second.
            if case .begun(let other) = second {
                relay.abandon()
                return takeOver(other, from: target, .hedgeLost, waitMilliseconds: nil)
            }
            endSecond(.hedgeLost)
            attempter.watch(client, target).abortOnLeaving(relay.exchange)
            return relay
        } catch {
            timer.cancel()
            let ended = OutcomeClass(error)
            if case .underWay = second, ended.rule.cause != nil { await secondIsDecided() }
            if case .begun(let other) = second {
                outcome.relay?.finish()
                let lost = error == .callerGone ? OutcomeClass.hedgeLost : ended
                if lost != .hedgeLost { context.hedge?.outcome.attemptError = error }
                return takeOver(other, from: target, lost, waitMilliseconds: error.waitMilliseconds)
            }
            if let secondPlace { sequence.hedged(at: secondPlace) }
            let isGone = firstLeg.isGivenUp
            endSecond(isGone ? .callerGone : .hedgeLost)
            client.connection.endWatch()
            throw isGone ? .callerGone : error
        }
    }

    // MARK: The second attempt

    private func sendSecond(_ plan: RoutePlan, _ sequence: AttemptSequence, _ ranking: TargetRanking) {
        guard !isOver, !firstLeg.isGivenUp, let caller = context.caller, hedging.take() else { return }
        guard let place = sequence.hedge(attempter.loop.now, rank: ranking.rank) else { return hedging.giveBack() }
        let target = plan.targets[place]
        guard let hedge = sideAttempts.begin(request, at: target, of: plan, for: caller, context) else {
            return hedging.giveBack()
        }
        context.hedge = hedge
        secondPlace = place
        outcome.attempts += 1
        second = .underWay
        attempter.loop.spawnUnisolated { [self] in await runSecond(plan.targets[place]) }
    }

    private func runSecond(_ target: CompiledTarget) async {
        guard let hedge = context.hedge, !isOver, !secondLeg.isGivenUp else { return }
        do throws(AttemptError) {
            let relay = try await attempter.begin(
                target, request, client, context, hedge.outcome, for: secondLeg, deadline)
            guard !isOver, !secondLeg.isGivenUp else { return relay.abandon() }
            second = .begun(relay)
            firstLeg.giveUp()
        } catch {
            hedge.outcome.relay?.finish()
            // Whoever ended the race has told the target's health how this attempt ended.
            guard !isOver else { return }
            end(target, hedge.outcome.mark, OutcomeClass(error), waitMilliseconds: error.waitMilliseconds, secondLeg)
            hedge.outcome.kind = error == .callerGone ? .cancelled : .failed
            hedge.outcome.attemptError = error
            if error != .callerGone { hedging.results.count(.failed) }
            second = .failed
        }
        let waiting = unsafe waiter
        unsafe waiter = nil
        unsafe waiting?.resume()
    }

    /// Returns when it has begun or failed. The caller's leaving makes it fail.
    private func secondIsDecided() async {
        while case .underWay = second {
            unsafe await withUnsafeContinuation { continuation in
                if case .underWay = second { unsafe waiter = unsafe continuation } else { unsafe continuation.resume() }
            }
        }
    }

    // MARK: Deciding

    /// The second attempt is not needed any more, where one is under way.
    private func endSecond(_ ended: OutcomeClass) {
        isOver = true
        guard let hedge = context.hedge else { return }
        switch second {
        case .underWay: secondLeg.giveUp()
        case .begun(let relay): relay.abandon()
        case .notSent, .failed: return
        }
        if let target = hedge.outcome.target { end(target, hedge.outcome.mark, ended, secondLeg) }
        if ended == .hedgeLost { hedging.results.count(.lost) }
    }

    /// One of the two is over, and is what the hedge will be settled for.
    ///
    /// - Returns: the nanoseconds that it took.
    @discardableResult
    private func end(
        _ target: CompiledTarget, _ mark: AttemptMark, _ ended: OutcomeClass, waitMilliseconds: UInt64? = nil,
        _ leg: AttemptLeg
    ) -> UInt64 {
        let now = attempter.loop.refreshedNow()
        target.health.end(mark, ended, waitMilliseconds: waitMilliseconds, now)
        context.explanation?.attempted(target, began: mark.began, ended, now, isHedge: leg === secondLeg)
        context.hedge?.wasSent = leg.wasSent
        context.hedge?.endedAt = now
        return now.nanoseconds &- mark.began.nanoseconds
    }

    /// The second attempt is the request's from now on, and the first what the hedge is settled for.
    private func takeOver(
        _ relay: Relay, from target: CompiledTarget, _ ended: OutcomeClass, waitMilliseconds: UInt64?
    ) -> Relay {
        isOver = true
        guard let hedge = context.hedge else { preconditionFailure("a second attempt without its hedge") }
        let waited = end(target, outcome.mark, ended, waitMilliseconds: waitMilliseconds, firstLeg)
        if ended == .hedgeLost { hedging.observe(request, nanoseconds: waited) }
        hedging.results.count(.won)
        swap(&outcome.target, &hedge.outcome.target)
        swap(&outcome.credential, &hedge.outcome.credential)
        swap(&outcome.mark, &hedge.outcome.mark)
        swap(&outcome.firstTokenMicroseconds, &hedge.outcome.firstTokenMicroseconds)
        outcome.status = relay.exchange.answer.status
        hedge.outcome.kind = ended == .hedgeLost ? .cancelled : .failed
        hedge.hasWon = true
        outcome.relay = relay
        attempter.watch(client, outcome.target ?? target).abortOnLeaving(relay.exchange)
        return relay
    }
}

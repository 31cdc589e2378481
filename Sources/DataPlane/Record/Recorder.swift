import Shared

/// A request that was let in and written down, until it is settled.
struct Admission: ~Copyable {
    /// Where its intent stands.
    let position: JournalPosition
    var reservation: Reservation?

    init(at position: JournalPosition, reservation: consuming Reservation?) {
        self.position = position
        self.reservation = reservation
    }
}

/// Writes down what happens to requests: journal, metrics and access log of one event loop.
final class Recorder {
    private let journal: JournalStream
    private let wallet: Wallet
    private let metrics: LoopMetrics
    private let accessLog: LineBuffer?
    private let reports: FleetReports
    private let log = Logger("requests")
    /// Reused from request to request.
    private var charges: [ChargeLine] = []

    init(
        journal: JournalStream, wallet: Wallet, metrics: LoopMetrics, accessLog: LineBuffer?,
        reports: FleetReports
    ) {
        self.journal = journal
        self.wallet = wallet
        self.metrics = metrics
        self.accessLog = accessLog
        self.reports = reports
    }

    /// The intent is in the journal when this returns, and in the context; what cannot be written down is not begun.
    ///
    /// - Parameter target: the one to be tried first.
    private func begin(
        _ request: ParsedRequest, _ plan: RoutePlan, at target: CompiledTarget, for caller: Caller, reserved: Money,
        lines: [ReservationLine], _ context: RequestContext
    ) throws(AdmissionError) -> JournalPosition {
        let intent = IntentRecord(
            requestID: context.id, startedUnixMilliseconds: context.startedUnixMilliseconds,
            organizationID: caller.key.organizationID, teamID: caller.key.teamID, virtualKeyID: caller.key.keyID,
            routeID: plan.route.id, providerID: target.provider.id, modelID: target.model.id,
            priceID: target.price(atUnixSeconds: context.startedUnixSeconds)?.id ?? .zero, reserved: reserved,
            endpoint: request.endpoint, isStream: request.isStream, endUser: request.endUser, lines: lines,
            shadowOf: context.shadowOf)
        do {
            let position = try journal.append(intent)
            context.intent = consume intent
            return position
        } catch {
            // The journal says once that it is full or broken; on a disk that is full, a line for each request would not help.
            log.debug("the journal refuses a record", ["error": .text(error)])
            throw .journalFull
        }
    }

    /// Writes down that what holds this much begins; gives it back where that cannot be.
    func admit(
        _ hold: inout Hold, of admitter: Admitter, _ request: ParsedRequest, _ plan: RoutePlan,
        at target: CompiledTarget, for caller: Caller, _ context: RequestContext
    ) throws(AdmissionError) -> Admission {
        do throws(AdmissionError) {
            let position = try begin(
                request, plan, at: target, for: caller, reserved: hold.worst, lines: hold.lines, context)
            return Admission(at: position, reservation: hold.reservation.take())
        } catch {
            if let reservation = hold.reservation.take() { admitter.release(reservation) }
            throw error
        }
    }

    /// Once for every request that had a head. What was admitted is settled, in the wallet and in the journal, before its last byte goes
    /// out.
    func record(
        _ outcome: Outcome, _ admission: consuming Admission?, _ client: ClientStream, _ context: RequestContext,
        now: MonotonicTime
    ) {
        let elapsed = (now.nanoseconds &- context.startedAt.nanoseconds) / 1000
        let overhead = elapsed &- min(elapsed, context.upstreamNanoseconds / 1000)
        if let admission {
            let relayed = client.sentBytes &+ UInt64(outcome.relay?.pending.count ?? 0)
            settle(outcome, admission, context, elapsed, overhead, relayedBytes: relayed, now)
        } else if case .refused(let error) = outcome.ending {
            noteRefusal(error, client, context)
        }
        if let hedge = context.hedge { settle(hedge, now) }
        if !context.broken.isEmpty { for broken in context.broken { settle(broken, now) } }
        if let explanation = context.explanation { reports.explanations.put(explanation.json(context, outcome)) }
        metrics.count(outcome, context, elapsedMicroseconds: elapsed, overheadMicroseconds: overhead)
        if let accessLog { write(outcome, client, context, elapsed, overhead, to: accessLog) }
    }

    /// Of what a known key asked and was not let in with.
    private func noteRefusal(_ error: GatewayError, _ client: ClientStream, _ context: RequestContext) {
        guard let caller = context.caller, let request = context.request else { return }
        let route: String
        if let plan = context.plan {
            route = RefusedRequests.cut(plan.route.name)
        } else {
            route = unsafe RefusedRequests.cut(request.model.string(in: client.body) ?? [])
        }
        let worst = context.plan.map { plan in
            WorstCase(
                of: request, plan, routeOutputTokensMax: plan.route.defaultMaxOutputTokens.map(UInt64.init),
                nowUnixSeconds: context.startedUnixSeconds)
        }
        reports.refusals.note(
            request, of: caller.key.keyID, route: route, code: error.code, worst: worst,
            startedUnixMilliseconds: context.startedUnixMilliseconds)
    }

    @inline(__always)
    private func settle(
        _ outcome: Outcome, _ admission: consuming Admission, _ context: RequestContext, _ elapsed: UInt64,
        _ overhead: UInt64, relayedBytes: UInt64, _ now: MonotonicTime
    ) {
        guard var intent = context.intent.take() else { preconditionFailure("an admission without its intent") }
        if let target = outcome.target {
            intent.providerID = target.provider.id
            intent.modelID = target.model.id
            intent.priceID = outcome.price?.id ?? .zero
        }
        charges.removeAll(keepingCapacity: true)
        let reservation = admission.reservation.take()
        if reservation != nil {
            wallet.charge(reservation!, now: now, charges: &charges) { _, kind in
                kind == .money ? outcome.cost.nanodollars : Int64(clamping: outcome.tokens)
            }
        }
        journal.append(
            SettleRecord(
                intent: consume intent, outcome: outcome.kind, status: UInt16(clamping: outcome.status),
                attempts: outcome.attempts, usage: outcome.usage, usageReported: outcome.usageReported,
                cost: outcome.cost, durationMicroseconds: UInt32(clamping: elapsed),
                firstTokenMicroseconds: outcome.firstTokenMicroseconds,
                overheadMicroseconds: UInt32(clamping: overhead), relayedBytes: relayedBytes, charges: charges),
            for: admission.position)
        if let reservation { wallet.free(reservation, now: now) }
    }

    private func settle(_ attempt: SideAttempt, _ now: MonotonicTime) {
        settle(attempt.outcome, attempt.takeAdmission(), aside: attempt.context, endedAt: attempt.endedAt, now)
    }

    /// What is no caller's answer is an event of its own: the attempt of a hedged request that lost, one that broke off, a shadow.
    @discardableResult
    private func settle(
        _ outcome: Outcome, _ admission: consuming Admission, aside context: RequestContext, endedAt: MonotonicTime,
        _ now: MonotonicTime
    ) -> UInt64 {
        let elapsed = (endedAt.nanoseconds &- context.startedAt.nanoseconds) / 1000
        settle(outcome, admission, context, elapsed, 0, relayedBytes: 0, now)
        metrics.countUsage(outcome, context)
        return elapsed
    }

    /// A shadow is over. It has a line of its own; what counts requests does not count it.
    func record(
        shadow outcome: Outcome, _ admission: consuming Admission, _ context: RequestContext, now: MonotonicTime
    ) {
        let elapsed = settle(outcome, admission, aside: context, endedAt: now, now)
        guard let line = accessLog else { return }
        line.beginLine(unixMilliseconds: context.startedUnixMilliseconds)
        line.field("request_id", context.id)
        if let shadowOf = context.shadowOf { line.field("shadow_of", shadowOf) }
        line.field("status", outcome.status)
        writeEnding(of: outcome, context, to: line)
        line.field("duration_us", elapsed)
        line.endLine()
        if line.needsFlush { line.flush() }
    }

    /// Writes down what a request took in the end, of which the provider tells only now. Where the journal has no room for it, it is made again
    /// when the provider is asked again.
    ///
    /// The wallet learns nothing of it: the control plane frees the money, in the window that was charged.
    func correct(_ correction: CorrectionRecord) {
        guard !journal.append(correction) else { return }
        log.debug("the journal has no room for a correction", ["of": .text(correction.requestID)])
    }

    private func write(
        _ outcome: Outcome, _ client: ClientStream, _ context: RequestContext, _ elapsed: UInt64, _ overhead: UInt64,
        to line: LineBuffer
    ) {
        line.beginLine(unixMilliseconds: context.startedUnixMilliseconds)
        line.field("request_id", context.id)
        unsafe line.field("method", UnsafeRawBufferPointer(rebasing: client.headBytes[client.head.methodRange]))
        unsafe line.field(
            "path", UnsafeRawBufferPointer(rebasing: client.headBytes[client.head.pathRange.prefix(256)]))
        line.field("status", outcome.status)
        writeEnding(of: outcome, context, to: line)
        if let hedge = context.hedge {
            line.field("hedge_request_id", hedge.context.id)
            line.field("hedge", hedge.hasWon ? "won" : "lost")
        }
        if let last = context.broken.last {
            line.field("resumes", context.broken.count { $0.outcome.kind == .cut })
            line.field("resumed_request_id", last.context.id)
        }
        if let shadowID = context.shadowID { line.field("shadow_request_id", shadowID) }
        if context.queuedNanoseconds > 0 { line.field("queued_us", context.queuedNanoseconds / 1_000) }
        line.field("duration_us", elapsed)
        line.field("overhead_us", overhead)
        line.endLine()
        if line.needsFlush { line.flush() }
    }

    /// For whom, where it went, and what came of it.
    private func writeEnding(of outcome: Outcome, _ context: RequestContext, to line: LineBuffer) {
        if let caller = context.caller { line.field("virtual_key", caller.key.keyID) }
        if let plan = context.plan {
            line.field("route", plan.route.name)
            if let rule = plan.rule { line.field("rule", rule.name) }
        }
        if let target = outcome.target {
            line.field("target", target.label)
            if let credential = outcome.credentialOfSeveral { line.field("credential", credential.name) }
            line.field("attempts", Int(outcome.attempts))
            line.field("outcome", outcome.kind.label)
            line.field("input_tokens", UInt64(outcome.usage.input))
            line.field("output_tokens", UInt64(outcome.usage.output))
            line.field("cost_nanodollars", outcome.cost.nanodollars)
            line.field("first_token_us", UInt64(outcome.firstTokenMicroseconds))
        }
        if case .refused(let error) = outcome.ending { line.field("error", error.code) }
        if let error = outcome.attemptError { line.field("attempt_error", error.label) }
    }

    func close(endingJournal: Bool) {
        flushAccessLog()
        if endingJournal { journal.end() }
    }

    func flushAccessLog() {
        if let accessLog, !accessLog.isEmpty { accessLog.flush() }
    }
}

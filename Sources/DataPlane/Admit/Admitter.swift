import Shared

/// Lets a request begin once all its allowances hold its worst case.
///
/// Concurrency: one for each loop, used by the tasks of that loop only. The wallet behind it is shared by all loops.
final class Admitter {
    private let loop: EventLoop
    private let wallet: Wallet
    private var allowances = ApplicableAllowances()
    /// Reused from request to request; nothing in them outlives a call that does not suspend.
    private var lines: [WalletLine] = []
    private var applicable: [ApplicableAllowance] = []
    /// Money or tokens are limited by some of them.
    private var isBounded = false

    init(on loop: EventLoop, wallet: Wallet) {
        self.loop = loop
        self.wallet = wallet
    }

    /// How often a request is clamped before it is refused: each time another of its allowances may be the tightest.
    private static let clampsMax = 4

    /// What the wallet has said to a request.
    enum Answer: ~Copyable {
        case held(Hold)
        case waits(HoldID, WorstCase)
        case refused(WalletRefusal)
    }

    /// Holds the worst case of a request, where that can be said at once.
    ///
    /// - Errors: `AdmissionError`. Nothing is held then.
    func ask(
        _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller, _ context: RequestContext
    ) throws(AdmissionError) -> Answer {
        let worst = try gather(request, plan, for: caller, context)
        if lines.isEmpty { return .held(Hold(worst: worst.cost)) }
        var held: [ReservationLine] = []
        held.reserveCapacity(lines.count)
        // The clock was read for this request, or a later one, in this turn of the loop.
        switch wallet.reserve(lines, into: &held, now: loop.now) {
        case .reserved(let reservation): return .held(hold(worst, reservation, held, context))
        case .refused(let refusal): return .refused(refusal)
        case .waits(let id): return .waits(id, worst)
        }
    }

    /// Holds the worst case of a request, from the first answer on, waiting where only others' holds are in its way.
    ///
    /// - Errors: `AdmissionError`. Nothing is held then.
    func hold(
        _ first: consuming Answer, _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller,
        _ client: ClientStream, _ context: RequestContext
    ) async throws(AdmissionError) -> Hold {
        var answer = first
        for clamps in 0...Self.clampsMax {
            let refusal: WalletRefusal
            switch consume answer {
            case .held(let hold): return hold
            case .refused(let reason): refusal = reason
            case .waits(let id, let worst):
                do throws(AdmissionError) {
                    try await wait(id, within: plan.route.admissionWait, client.connection)
                } catch { throw error == .callerGone && client.isCutByStop ? .stopped : error }
                var held: [ReservationLine] = []
                switch wallet.claim(id, into: &held, now: loop.refreshedNow()) {
                case .reserved(let reservation): return hold(worst, reservation, held, context)
                case .refused(let reason): refusal = reason
                case .waits: preconditionFailure("a request that was decided still waits")
                }
            }
            guard clamps < Self.clampsMax, clamp(request, to: refusal, plan, context) else {
                context.rateFigures = wallet.rateFigures(of: lines)
                throw refused(refusal, context)
            }
            answer = try ask(request, plan, for: caller, context)
        }
        preconditionFailure("the last round returns or throws")
    }

    private func hold(
        _ worst: WorstCase, _ reservation: consuming Reservation, _ held: [ReservationLine], _ context: RequestContext
    ) -> Hold {
        if held.contains(where: { $0.kind == .requests || $0.kind == .tokens }) {
            context.rateFigures = wallet.rateFigures(reservation, now: loop.now)
        }
        if isBounded { context.held = HeldBound(worst, reservation, in: wallet) }
        return Hold(worst: worst.cost, reservation: reservation, lines: held)
    }

    /// Holds the worst case of a request once more, for another attempt that is billed besides the first: of money and tokens only, since it is
    /// still one request. Nil where that is not free at once.
    ///
    /// - Parameter context: of the other attempt.
    func holdAgain(
        _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller, _ context: RequestContext
    ) -> Hold? {
        switch reserveBeside(request, plan, for: caller, context) {
        case .held(let hold): return hold
        case .refused: return nil
        case .waits(let id, _):
            wallet.cancel(id, now: loop.now)
            return nil
        }
    }

    /// The same, waiting where only others' holds are in its way.
    func holdAgain(
        _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller, _ context: RequestContext,
        waiting client: ClientStream
    ) async -> Hold? {
        switch reserveBeside(request, plan, for: caller, context) {
        case .held(let hold): return hold
        case .refused: return nil
        case .waits(let id, let worst):
            let limit = min(plan.route.admissionWait, Self.waitAgain)
            return await claim(id, worst, within: limit, client.connection, context)
        }
    }

    /// The request itself holds as much already, and its caller is in the middle of an answer.
    private static let waitAgain = Duration.seconds(1)

    /// Holds the worst case of a request that nobody waits for. Where that is not free it waits behind everybody else, and only as long as
    /// the ledger takes to lend what it has. Never clamped: another request than the caller's would say nothing of the target.
    ///
    /// - Parameter leg: giving it up ends the wait.
    func holdLast(
        _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller, _ leg: AttemptLeg, _ context: RequestContext
    ) async -> Hold? {
        switch reserveBeside(request, plan, for: caller, context, isShadow: true) {
        case .held(let hold): return hold
        case .refused: return nil
        case .waits(let id, let worst): return await claim(id, worst, within: Self.lendingWait, leg, context)
        }
    }

    /// Twice the time after which the ledger counts as out of reach.
    private static let lendingWait = Duration.milliseconds(500)

    /// What a request that has to wait holds in the end; nil where that is nothing, or whom it is for has left.
    private func claim(
        _ id: HoldID, _ worst: WorstCase, within limit: Duration, _ watch: any CallerWatch, _ context: RequestContext
    ) async -> Hold? {
        do throws(AdmissionError) { try await wait(id, within: limit, watch) } catch { return nil }
        var held: [ReservationLine] = []
        guard case .reserved(let reservation) = wallet.claim(id, into: &held, now: loop.refreshedNow()) else {
            return nil
        }
        if isBounded { context.held = HeldBound(worst, reservation, in: wallet) }
        return Hold(worst: worst.cost, reservation: reservation, lines: held)
    }

    private enum Beside: ~Copyable {
        case held(Hold)
        case waits(HoldID, WorstCase)
        case refused
    }

    /// - Parameter isShadow: a request of its own, behind all others; otherwise another attempt of one that is counted already.
    private func reserveBeside(
        _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller, _ context: RequestContext,
        isShadow: Bool = false
    ) -> Beside {
        let worst: WorstCase
        do throws(AdmissionError) { worst = try gather(request, plan, for: caller, context) } catch { return .refused }
        if !isShadow { lines.removeAll { $0.kind == .requests || $0.kind == .slots } }
        if lines.isEmpty { return .held(Hold(worst: worst.cost)) }
        var held: [ReservationLine] = []
        switch wallet.reserve(lines, yields: isShadow, into: &held, now: loop.refreshedNow()) {
        case .reserved(let reservation):
            if isBounded { context.held = HeldBound(worst, reservation, in: wallet) }
            return .held(Hold(worst: worst.cost, reservation: reservation, lines: held))
        case .refused: return .refused
        case .waits(let id): return .waits(id, worst)
        }
    }

    func release(_ reservation: consuming Reservation) { wallet.release(reservation, now: loop.refreshedNow()) }

    // MARK: What applies

    /// Fills `lines` with what the request can take of each of its allowances.
    private func gather(
        _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller, _ context: RequestContext
    ) throws(AdmissionError) -> WorstCase {
        lines.removeAll(keepingCapacity: true)
        applicable.removeAll(keepingCapacity: true)
        var needsBound = false
        var limitsMoney = false
        if let policy = context.policy {
            allowances.collect(
                for: caller, tree: plan.tree, in: policy, endUser: request.endUser, into: &applicable)
        }
        isBounded = false
        // What a batch uses it uses within a day: limits of a minute count that it was sent.
        if request.endpoint == .batches {
            applicable.removeAll { $0.rule.kind == .tokens && $0.rule.period.slidingSeconds > 0 }
        }
        if applicable.isEmpty { return WorstCase(of: request, plan, nowUnixSeconds: context.startedUnixSeconds) }
        for allowance in applicable where allowance.rule.mode != .soft {
            switch allowance.rule.kind {
            case .money: limitsMoney = true
            case .tokens: needsBound = true
            case .requests, .slots: break
            }
        }
        needsBound = needsBound || limitsMoney
        let injected = needsBound ? plan.route.defaultMaxOutputTokens.map(UInt64.init) : nil
        let worst = WorstCase(
            of: request, plan, routeOutputTokensMax: injected, nowUnixSeconds: context.startedUnixSeconds)
        if let problem = worst.problem, needsBound {
            // What a token allowance counts has a bound without a price.
            if case .unpriced = problem, !limitsMoney {} else { throw .unbounded(problem) }
        }
        isBounded = needsBound
        request.injectedOutputTokensMax = worst.injectedOutputTokensMax
        for allowance in applicable {
            let rule = allowance.rule
            let amount: Int64 =
                switch rule.kind {
                case .money: worst.cost.nanodollars
                case .tokens: Int64(clamping: worst.tokens)
                case .requests, .slots: 1
                }
            lines.append(
                WalletLine(
                    kind: rule.kind, account: allowance.account,
                    endUser: rule.endUsers == .each ? request.endUser : nil, isSoft: rule.mode == .soft,
                    slidingMilliseconds: rule.period.slidingSeconds * 1000, limit: rule.limit, amount: amount))
        }
        return worst
    }

    // MARK: Waiting

    /// Returns when the request is decided, or has waited as long as it may: `claim` says what became of it.
    ///
    /// - Errors: `.callerGone`; it is withdrawn then.
    private func wait(_ id: HoldID, within limit: Duration, _ watch: any CallerWatch) async throws(AdmissionError) {
        // Another request of this loop may use the scratch arrays meanwhile.
        let (allowances, wanted, wasBounded) = (applicable, lines, isBounded)
        let waiting = AdmissionWait(on: loop)
        watch.abortOnLeaving(waiting)
        wallet.park(id) { [loop] in loop.post { waiting.end(.decided) } }
        let ending = await waiting.ending(within: limit)
        watch.endWatch()
        (applicable, lines, isBounded) = (allowances, wanted, wasBounded)
        switch ending {
        case .decided: return
        case .callerGone:
            wallet.cancel(id, now: loop.refreshedNow())
            throw .callerGone
        case .timedOut: wallet.expire(id, now: loop.refreshedNow())
        }
    }

    // MARK: Refusing

    /// Lowers the request's output cap to what the allowance that refused it has left; false where it may or can not.
    private func clamp(
        _ request: ParsedRequest, to refusal: WalletRefusal, _ plan: RoutePlan, _ context: RequestContext
    ) -> Bool {
        guard refusal.reason == .exhausted, refusal.fits > 0 else { return false }
        switch applicable[refusal.line].rule.mode {
        case .clamp: break
        case .automatic: guard request.outputTokensMax == nil else { return false }
        case .strict, .soft: return false
        }
        let cap: UInt64?
        switch refusal.kind {
        case .money:
            cap = WorstCase.outputTokensMax(
                within: Money(nanodollars: refusal.fits), of: request, plan,
                routeOutputTokensMax: request.injectedOutputTokensMax, nowUnixSeconds: context.startedUnixSeconds)
        case .tokens:
            cap = WorstCase.outputTokensMax(
                withinTokens: UInt64(refusal.fits), of: request, plan,
                routeOutputTokensMax: request.injectedOutputTokensMax)
        case .requests, .slots: cap = nil
        }
        guard let cap, cap > 0, cap < request.clampedOutputTokensMax ?? .max else { return false }
        request.clampedOutputTokensMax = cap
        return true
    }

    private func refused(_ refusal: WalletRefusal, _ context: RequestContext) -> AdmissionError {
        let allowance = applicable[refusal.line]
        return .allowance(
            refusal, scope: allowance.scope, name: context.policy?.scopedAllowances.name(of: allowance))
    }
}

/// What a request that may begin holds: the most it can cost, and its part of each allowance.
struct Hold: ~Copyable {
    var worst: Money
    /// nil where no allowance applies.
    var reservation: Reservation?
    /// For the intent.
    var lines: [ReservationLine] = []

    init(worst: Money) { self.worst = worst }

    init(worst: Money, reservation: consuming Reservation, lines: [ReservationLine]) {
        self.worst = worst
        self.reservation = consume reservation
        self.lines = lines
    }
}

/// A request that waits for its allowances: until it is decided, its caller leaves, or its time is over.
///
/// Concurrency: used on its loop only; the wallet's call reaches it through `EventLoop.post`.
@safe private final class AdmissionWait: Abortable, @unchecked Sendable {
    enum Ending { case decided, callerGone, timedOut }

    private let loop: EventLoop
    private var ended: Ending?
    private var waiter: UnsafeContinuation<Void, Never>?

    init(on loop: EventLoop) { self.loop = loop }

    func abort() { end(.callerGone) }

    /// The first ending counts.
    func end(_ ending: Ending) {
        guard ended == nil else { return }
        ended = ending
        let resumed = unsafe waiter
        unsafe waiter = nil
        unsafe resumed?.resume()
    }

    func ending(within limit: Duration) async -> Ending {
        let timer = LoopTimer(on: loop) { [self] in end(.timedOut) }
        timer.arm(after: limit)
        defer { timer.cancel() }
        while ended == nil {
            unsafe await withUnsafeContinuation { continuation in
                if ended == nil { unsafe waiter = unsafe continuation } else { unsafe continuation.resume() }
            }
        }
        return ended!
    }
}

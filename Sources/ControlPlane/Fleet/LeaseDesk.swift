import Shared

/// Answers `POST /fleet/v1/leases`: gathers the asks of all data planes into few transactions, and holds the answers to blocked ones back
/// until something came free.
///
/// - Shape: while a transaction is under way, what arrives waits and goes into the next one together. An ask that was blocked is tried again when its
///   account is said to be free, by whichever control plane, and every `retryPause`, because time frees too. The queue itself is in the
///   database, so that it is first come, first served over all control planes.
/// - Errors: `FleetProblem`; 503 when the database is away or `waitingMax` asks wait here.
/// - Concurrency: lives on one loop.
final class LeaseDesk {
    /// One ask, from its arrival to its decision.
    private final class Place {
        let ask: LeaseRequest.Ask
        let holder: LeaseHolder
        let account: AccountKey
        let visit: Visit
        var decision: LedgerStore.Decision?
        /// Waits for a transaction, or is part of one.
        var isUnderWay = false
        /// It was freed while it was part of a transaction, which may have missed it.
        var isDueAgain = false
        var isBlocked: Bool { decision?.grant.verdict == .blocked }

        init(_ ask: LeaseRequest.Ask, from holder: LeaseHolder, visit: Visit) {
            self.ask = ask
            self.holder = holder
            self.visit = visit
            account = AccountKey(
                allowanceID: ask.allowanceID, subject: ask.endUser.map(EndUserSubject.of) ?? 0)
        }
    }

    /// One request.
    private final class Visit {
        /// Rises when there is something to look at: all asks were decided once, one is no longer blocked, the database failed.
        let decided: LevelSignal
        let end: MonotonicTime
        /// Asks that were not decided yet.
        var open = 0
        var failure: StoreError?
        /// Nobody waits for it any more.
        var isOver = false

        init(on loop: EventLoop, end: MonotonicTime) {
            decided = LevelSignal(on: loop)
            self.end = end
        }
    }

    /// Beyond this many asks a caller is told to come back: the database is far behind.
    static let waitingMax = 20_000
    /// How many of those that wait for one account are tried when it is freed. Whoever gets something frees those behind it again.
    private static let triedWhenFreed = 8
    /// What time frees is noticed this late: buckets of sliding windows, slots that were written off, a limit that was raised while nobody listened.
    private static let retryPause = Duration.milliseconds(100)
    /// Two, so that the database works while this program reads the answers before.
    static let transactionsMax = 2
    /// Deadlocks cannot be, by the order in which accounts are locked; an administrator's transaction may have another.
    private static let attemptsMax = 3
    /// Data planes have gone by then.
    private static let decisionTimeout = Duration.seconds(3)

    private let loop: EventLoop
    private let pool: PostgresPool
    private let metrics: Metrics
    private var waiting: [Place] = []
    /// Asks whose answers may be held back, by account, first come first. They are here before they are first decided, because what frees them
    /// may be heard of before the decision is.
    private var held: [AccountKey: [Place]] = [:]
    private var transactions = 0
    private var isStarting = false
    private var isRetrying = false
    private var isDraining = false

    init(on loop: EventLoop, pool: PostgresPool, registry: MetricsRegistry) {
        self.loop = loop
        self.pool = pool
        metrics = Metrics(registry)
    }

    /// Held answers go out as they are from here on.
    func drain() {
        isDraining = true
        for place in held.values.joined() where place.decision != nil { Self.tell(place.visit) }
    }

    /// Decides all asks of a request. When every one is blocked, waits for the first that no longer is.
    func answer(_ request: LeaseRequest, while isWanted: () -> Bool) async throws(FleetProblem) -> LeaseAnswer {
        try Self.check(request)
        guard waiting.count + request.asks.count <= Self.waitingMax else {
            throw FleetProblem(
                status: 503, title: "Unavailable", detail: "Too many asks wait for the database.", retryAfterSeconds: 1)
        }
        if request.asks.isEmpty { return LeaseAnswer(grants: []) }
        let started = loop.refreshedNow()
        let holder = LeaseHolder(nodeID: request.nodeID, incarnation: request.incarnation)
        let visit = Visit(
            on: loop, end: started.advanced(by: .milliseconds(Int64(request.waitMilliseconds))))
        let places = request.asks.map { Place($0, from: holder, visit: visit) }
        visit.open = places.count
        defer { visit.isOver = true }
        let mayHold = request.waitMilliseconds > 0
        if mayHold { for place in places { held[place.account, default: []].append(place) } }
        defer { if mayHold { release(places) } }
        for place in places { enqueue(place) }
        metrics.asks.add(UInt64(places.count))

        _ = await visit.decided.wait(beyond: 0, timeout: Self.decisionTimeout)
        if mayHold, visit.open == 0 { await hold(places, visit, while: isWanted) }
        metrics.duration.observe(UInt64(started.duration(to: loop.refreshedNow()).wholeMicroseconds))
        if let failure = visit.failure { throw .store(failure) }
        let grants = places.compactMap { $0.decision?.grant }
        guard grants.count == places.count else {
            throw FleetProblem(
                status: 503, title: "Unavailable", detail: "The ledger did not answer in time.", retryAfterSeconds: 1)
        }
        for grant in grants { metrics.verdicts[grant.verdict]?.add() }
        return LeaseAnswer(grants: grants)
    }

    private static func check(_ request: LeaseRequest) throws(FleetProblem) {
        guard request.asks.count <= LeaseRequest.asksMax else {
            throw .badRequest("asks: at most \(LeaseRequest.asksMax)")
        }
        guard (0...LeaseRequest.waitMillisecondsMax).contains(request.waitMilliseconds) else {
            throw .badRequest("waitMilliseconds: want an integer 0...\(LeaseRequest.waitMillisecondsMax)")
        }
        for ask in request.asks {
            if let label = ask.endUser, label.utf8.count > IntentRecord.endUserBytesMax {
                throw .badRequest("endUser: at most \(IntentRecord.endUserBytesMax) bytes")
            }
        }
    }

    // MARK: Holding back

    private func hold(_ places: [Place], _ visit: Visit, while isWanted: () -> Bool) async {
        var isCounted = false
        // In slices, so that a caller that left is noticed.
        while visit.failure == nil, places.allSatisfy(\.isBlocked), !isDraining, isWanted() {
            let remaining = loop.refreshedNow().duration(to: visit.end)
            if remaining <= .zero { break }
            if !isCounted {
                isCounted = true
                metrics.held.add(1)
                retryLater()
            }
            _ = await visit.decided.wait(beyond: visit.decided.level, timeout: min(remaining, .milliseconds(250)))
        }
        if isCounted { metrics.held.add(-1) }
    }

    private func release(_ places: [Place]) {
        for place in places {
            held[place.account]?.removeAll { $0 === place }
            if held[place.account]?.isEmpty == true { held[place.account] = nil }
        }
    }

    /// Those who wait for an account may fit now.
    func freed(_ account: AccountKey) {
        for place in (held[account] ?? []).prefix(Self.triedWhenFreed) { enqueue(place) }
    }

    /// What was said while nobody listened may have been for any of them.
    func freedAll() {
        for place in held.values.joined() { enqueue(place) }
    }

    private func retryLater() {
        if isRetrying { return }
        isRetrying = true
        loop.launch { [self] in
            while !held.isEmpty, !isDraining {
                await loop.sleep(for: Self.retryPause)
                freedAll()
            }
            isRetrying = false
        }
    }

    // MARK: Transactions

    private func enqueue(_ place: Place) {
        guard !place.isUnderWay else {
            place.isDueAgain = true
            return
        }
        place.isUnderWay = true
        waiting.append(place)
        if isStarting || transactions >= Self.transactionsMax { return }
        isStarting = true
        // In a task of its own, so that what else this turn of the loop brings goes along.
        loop.launch { [self] in
            isStarting = false
            transactions += 1
            while !waiting.isEmpty { await decideNext() }
            transactions -= 1
        }
    }

    /// One transaction with what waits.
    private func decideNext() async {
        // After a database that hung, most of what waits is given up and asked anew.
        waiting.removeAll(where: \.visit.isOver)
        let batch = Array(waiting.prefix(LedgerStore.asksMax))
        if batch.isEmpty { return }
        waiting.removeFirst(batch.count)
        metrics.transactions.add()
        let now = loop.refreshedNow()
        let asks = batch.map { place in
            LedgerStore.PendingAsk(
                ask: place.ask, holder: place.holder,
                waitMilliseconds: Int(max(.zero, now.duration(to: place.visit.end)).wholeMilliseconds))
        }
        do throws(StoreError) {
            let decisions = try await decisions(on: asks)
            for (place, decision) in zip(batch, decisions) {
                metrics.recalls.add(UInt64(decision.recalled.count))
                finish(place, decision)
            }
        } catch {
            metrics.failures.add()
            for place in batch {
                place.isUnderWay = false
                place.visit.failure = error
                Self.tell(place.visit)
            }
        }
    }

    private func decisions(
        on asks: [LedgerStore.PendingAsk]
    ) async throws(StoreError) -> [LedgerStore.Decision] {
        for _ in 1..<Self.attemptsMax {
            do { return try await LedgerStore.ask(asks, in: pool) } catch .serialization { continue }
        }
        return try await LedgerStore.ask(asks, in: pool)
    }

    private func finish(_ place: Place, _ decision: LedgerStore.Decision) {
        let isFirst = place.decision == nil
        place.decision = decision
        place.isUnderWay = false
        if isFirst { place.visit.open -= 1 }
        if place.visit.open == 0, isFirst || !place.isBlocked { Self.tell(place.visit) }
        if place.isDueAgain {
            place.isDueAgain = false
            if place.isBlocked, held[place.account]?.contains(where: { $0 === place }) == true { enqueue(place) }
        }
    }

    private static func tell(_ visit: Visit) { visit.decided.raise(to: visit.decided.level + 1) }

    private struct Metrics {
        let asks: CounterCell
        let transactions: CounterCell
        let failures: CounterCell
        let recalls: CounterCell
        let held: GaugeCell
        let duration: HistogramCell
        var verdicts: [LeaseAnswer.Verdict: CounterCell] = [:]

        init(_ registry: MetricsRegistry) {
            asks = registry.counter("weir_control_lease_asks_total", help: "Asks of data planes for leases.")
            transactions = registry.counter(
                "weir_control_lease_transactions_total", help: "Transactions that asks were decided in.")
            failures = registry.counter(
                "weir_control_lease_transaction_failures_total",
                help: "Of these, the ones that PostgreSQL did not answer.")
            recalls = registry.counter(
                "weir_control_lease_recalls_total", help: "Holders that were called to give back what they do not use.")
            held = registry.gauge(
                "weir_control_lease_answers_held", help: "Requests whose asks are all blocked and whose answer waits.")
            duration = registry.histogram(
                "weir_control_lease_duration_seconds", help: "From a request for leases to its answer.",
                buckets: .fastDurations)
            for verdict in LeaseAnswer.Verdict.allCases {
                verdicts[verdict] = registry.counter(
                    "weir_control_lease_answers_total", help: "Asks by what they were answered.",
                    labels: ["verdict": verdict.rawValue])
            }
        }
    }
}

@testable import ControlPlane
import Shared
import TestSupport
import XCTest

/// The same random schedules through the pure ledger and through the one in PostgreSQL: the same answers and the same books after every step.
/// A third of the steps are several calls at once, from as many control planes: what they answer must be what the pure ledger answers in one of
/// the orders there are.
final class LedgerDifferentialTests: XCTestCase {
    func testBothLedgersAnswerTheSame() throws {
        let environment = ProcessInfo.processInfo.environment
        let steps = environment["WEIR_LEDGER_STEPS"].flatMap { Int($0) } ?? 2_000
        let first = environment["SEED"].flatMap { UInt64($0) }
        let seeds = first.map { [$0] } ?? [1, 2, UInt64.random(in: 4...1_000_000)]
        for seed in seeds {
            // Before it runs, so that a crash leaves it behind too.
            print("ledger differential: seed=\(seed) steps=\(steps)")
            let settings = try ControlPlaneDatabase.make("differential").settings
            let finding = try onLoop(timeout: .seconds(180)) { actor -> String? in
                let pools = (0..<3).map { _ in
                    PostgresPool(on: actor.loop, options: .init(settings: settings, connectionsMax: 1))
                }
                defer { for pool in pools { pool.close() } }
                var pair = LedgerPair(pools: pools, seed: seed)
                try await pair.prepare()
                for step in 0..<steps {
                    if let difference = try await pair.step() { return "seed \(seed), step \(step): \(difference)" }
                }
                let difference = try await pair.finish().map { "seed \(seed), at the end: \($0)" }
                print("ledger differential: seed=\(seed) \(pair.counts) differences=\(difference == nil ? 0 : 1)")
                return difference
            }
            XCTAssertNil(finding)
        }
    }
}

/// Both ledgers, and a population of data planes that keep to the protocol mostly.
private struct LedgerPair {
    private struct Holder {
        var id: LeaseHolder
        var sequence: [AccountKey: Int64] = [:]
        /// What it knows that it was granted, by account: the window and the sum.
        var known: [AccountKey: (window: Int64, granted: Int64)] = [:]
        /// What it may still spend or return, by account and window.
        var free: [AccountKey: [Int64: Int64]] = [:]
    }

    private let pools: [PostgresPool]
    private var pool: PostgresPool { pools[0] }
    private var random: SeededRandom
    private var pure = LeaseLedger()
    private var now: Int64 = 1_790_000_000_000
    /// Waiters that died before this may have been swept away, also where the account's own time has not come so far.
    private var sweptBefore: Int64 = .min
    private var allowances: [(id: ObjectID, terms: LedgerTerms, isEach: Bool)] = []
    private var holders: [Holder] = []
    private var asked: [LedgerStore.PendingAsk] = []
    private(set) var counts = LedgerCounts()

    init(pools: [PostgresPool], seed: UInt64) {
        self.pools = pools
        random = SeededRandom(seed: seed)
    }

    // MARK: The world

    mutating func prepare() async throws {
        let organization = ObjectID.random()
        try await pool.execute(
            "INSERT INTO organizations (id, name) VALUES ($1, 'acme')", [.uuid(organization)])
        // The triggers go by the database's clock; here the same functions are called with the time of the schedule.
        try await pool.execute("ALTER TABLE allowances DISABLE TRIGGER USER")
        let kinds: [(AllowanceKind, LedgerPeriod)] = [
            (.money, .calendar(.day, timeZone: "Europe/Berlin")), (.money, .calendar(.week, timeZone: "Asia/Kolkata")),
            (.money, .calendar(.month, timeZone: "America/New_York")), (.money, .total), (.money, .sliding(seconds: 7)),
            (.tokens, .sliding(seconds: 60)), (.requests, .sliding(seconds: 1)), (.slots, .total),
        ]
        for (index, (kind, period)) in kinds.enumerated() {
            let id = ObjectID(high: random.next(), low: random.next())
            let terms = LedgerTerms(kind: kind, period: period, limit: Int64.random(in: 20...400, using: &random))
            let isEach = index % 3 == 1
            allowances.append((id: id, terms: terms, isEach: isEach))
            pure.setAllowance(id, terms, now: now)
            var unit = "total"
            var zone = "UTC"
            var seconds: Int64?
            switch period {
            case .total: unit = kind == .slots ? "none" : "total"
            case .calendar(let calendar, let timeZone):
                unit = calendar.rawValue
                zone = timeZone
            case .sliding(let length):
                unit = "sliding"
                seconds = length
            }
            try await pool.execute(
                """
                INSERT INTO allowances (id, organization_id, name, kind, period, sliding_seconds, time_zone, limit_amount,
                    mode, end_user) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'strict', $9)
                """,
                [
                    .uuid(id), .uuid(organization), .text("a\(index)"), .text(kind.label), .text(unit),
                    .optional(seconds) { .int64($0) }, .text(zone), .int64(terms.limit),
                    isEach ? .text("*") : .null,
                ])
        }
        for _ in 0..<5 { holders.append(newHolder()) }
    }

    private mutating func newHolder() -> Holder {
        Holder(
            id: LeaseHolder(
                nodeID: ObjectID(high: 1, low: UInt64.random(in: 1...3, using: &random)),
                incarnation: ObjectID(high: random.next(), low: random.next())))
    }

    private mutating func moveClock() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<50: now += Int64.random(in: 0...40, using: &random)
        case 50..<85: now += Int64.random(in: 0...1_500, using: &random)
        case 85..<93: now += Int64.random(in: 0...70_000, using: &random)
        case 93..<95: now += Int64.random(in: 0...90_000_000, using: &random)
        default: now -= Int64.random(in: 0...5_000, using: &random)
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func account() -> (key: AccountKey, endUser: String?, kind: AllowanceKind) {
        let allowance = allowances[Int.random(in: 0..<allowances.count, using: &random)]
        let label = allowance.isEach ? ["ada", "", "grace"][Int.random(in: 0..<3, using: &random)] : nil
        return (
            AccountKey(allowanceID: allowance.id, subject: label.map(EndUserSubject.of) ?? 0), label,
            allowance.terms.kind
        )
    }

    // MARK: One step

    /// Makes one call, or some at once, in both. Returns how they differ.
    mutating func step() async throws -> String? {
        moveClock()
        if chance(3) { now += Int64.random(in: 100_000...200_000, using: &random) }
        var calls = [try makeCall()]
        if chance(35) {
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let next = try makeCall()
                if next.disturbsBooking && calls.contains(where: \.disturbsBooking) {
                    discard(next)
                } else {
                    calls.append(next)
                }
            }
        }
        for call in calls { count(call) }
        if calls.count > 1 { counts.atOnce += 1 }
        let outcomes = try await run(calls)
        let touched = Set(calls.flatMap { $0.accounts(in: pure) }).sorted()
        var books: [AccountKey: LedgerFigures] = [:]
        for key in touched {
            let found = try await LedgerStore.figures(of: [key.allowanceID], subject: key.subject, now: now, in: pool)
            books[key] = found.first?.figures
        }
        let rows = try await self.rows(of: touched)

        var differences: [String] = []
        for order in Self.orders(calls.count) {
            var next = pure
            var expected = [LedgerCall.Outcome](repeating: .init(), count: calls.count)
            for index in order { expected[index] = calls[index].run(now: now, on: &next) }
            guard let difference = difference(outcomes, expected, books, rows, &next, touched) else {
                pure = next
                if order != Array(calls.indices) { counts.overtaken += 1 }
                for (call, outcome) in zip(calls, outcomes) { learn(call, outcome) }
                return nil
            }
            differences.append("in the order \(order): \(difference)")
        }
        return (differences + calls.map { "\($0) at \(now)" }).joined(separator: "\n")
    }

    /// All at once, each through a control plane of its own.
    private func run(_ calls: [LedgerCall]) async throws -> [LedgerCall.Outcome] {
        if calls.count == 1 { return [try await calls[0].run(now: now, in: pool)] }
        let results = Results(count: calls.count)
        let ended = LevelSignal(on: pool.loop)
        for (index, call) in calls.enumerated() {
            pool.loop.launch { [now, pools] in
                do {
                    results.values[index] = .success(try await call.run(now: now, in: pools[index]))
                } catch { results.values[index] = .failure(error) }
                ended.raise()
            }
        }
        _ = await ended.wait(beyond: UInt64(calls.count) - 1, timeout: .seconds(30))
        return try results.values.map { result in
            guard let result else { throw TestFailure("a call does not end") }
            return try result.get()
        }
    }

    private final class Results {
        var values: [Result<LedgerCall.Outcome, any Error>?]
        init(count: Int) { values = .init(repeating: nil, count: count) }
    }

    private static func orders(_ count: Int) -> [[Int]] {
        if count == 1 { return [[0]] }
        return orders(count - 1).flatMap { order in
            (0...order.count).reversed().map { place in
                var longer = order
                longer.insert(count - 1, at: place)
                return longer
            }
        }
    }

    private func difference(
        _ outcomes: [LedgerCall.Outcome], _ expected: [LedgerCall.Outcome], _ books: [AccountKey: LedgerFigures],
        _ rows: [AccountKey: [String]], _ next: inout LeaseLedger, _ touched: [AccountKey]
    ) -> String? {
        for (outcome, expected) in zip(outcomes, expected) where outcome != expected {
            return "\n  pure \(expected)\n  SQL  \(outcome)"
        }
        for key in touched where next.accounts[key] != nil {
            let contradictions = next.contradictions(in: key)
            if !contradictions.isEmpty { return contradictions.joined(separator: "; ") }
            let lines = self.lines(next, key)
            if rows[key] ?? [] != lines { return "rows of \(key)\n  pure \(lines)\n  SQL  \(rows[key] ?? [])" }
            let expected = next.figures(key, now: now)
            if books[key] != expected {
                return
                    "figures of \(key)\n  pure \(String(describing: expected))\n  SQL  \(String(describing: books[key]))"
            }
        }
        return nil
    }

    private mutating func count(_ call: LedgerCall) {
        switch call {
        case .ask: counts.count("asks")
        case .records: counts.count("records")
        case .limit: counts.count("limits")
        case .close: counts.count("closed")
        case .writeOff: counts.count("write_offs")
        case .correct: counts.count("corrections")
        case .sweep:
            counts.count("sweeps")
            sweptBefore = max(sweptBefore, now - 60_000)
        }
    }

    // MARK: Calls

    private mutating func makeCall() throws -> LedgerCall {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45: return .ask(makeAsks())
        case 45..<80: return makeRecords()
        case 80..<85: return .correct(makeCorrections())
        case 85..<91:
            let index = Int.random(in: 0..<allowances.count, using: &random)
            allowances[index].terms.limit = Int64.random(in: 0...400, using: &random)
            return .limit(allowances[index].id, allowances[index].terms)
        case 91..<94:
            let index = Int.random(in: 0..<holders.count, using: &random)
            let holder = holders[index].id
            holders[index] = newHolder()
            return .close(holder)
        case 94..<98: return .writeOff(account().key)
        default: return .sweep
        }
    }

    /// A call that is not made after all: what its records would have spent is free again.
    private mutating func discard(_ call: LedgerCall) {
        switch call {
        case .records(let records, let holder):
            guard let index = holders.firstIndex(where: { $0.id == holder }) else { return }
            for line in LedgerBooking(records, from: holder).lines where line.window != .unleased {
                holders[index].free[line.account]?[line.window.startUnixSeconds]? += line.charged + line.returned
            }
        case .ask, .limit, .close, .writeOff, .correct, .sweep: break
        }
    }

    private mutating func makeAsks() -> [LedgerStore.PendingAsk] {
        var asks: [LedgerStore.PendingAsk] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            if chance(15), let repeated = asked.randomElement(using: &random) {
                asks.append(repeated)
                continue
            }
            let (key, endUser, _) = account()
            let index = Int.random(in: 0..<holders.count, using: &random)
            let sequence = (holders[index].sequence[key] ?? 0) + 1
            holders[index].sequence[key] = sequence
            let known = holders[index].known[key]
            let need = chance(25) ? 0 : Int64.random(in: 1...120, using: &random)
            asks.append(
                LedgerStore.PendingAsk(
                    ask: LeaseRequest.Ask(
                        allowanceID: chance(2) ? ObjectID(high: 7, low: 7) : key.allowanceID, endUser: endUser,
                        sequence: sequence, windowStartUnixSeconds: known?.window, grantedTotal: known?.granted ?? 0,
                        need: need, want: need + Int64.random(in: 0...150, using: &random)),
                    holder: holders[index].id, waitMilliseconds: Int.random(in: 0...3, using: &random) * 500))
        }
        asked = Array((asked + asks).suffix(12))
        return asks
    }

    private mutating func learn(_ call: LedgerCall, _ outcome: LedgerCall.Outcome) {
        guard case .ask(let asks) = call else { return }
        for (pending, grant) in zip(asks, outcome.grants) {
            counts.count(grant.verdict.rawValue)
            learn(grant, pending)
        }
    }

    /// What the holder makes of an answer, unless it is lost.
    private mutating func learn(_ grant: LeaseAnswer.Grant, _ pending: LedgerStore.PendingAsk) {
        guard grant.verdict != .unknown, !chance(15),
            let index = holders.firstIndex(where: { $0.id == pending.holder })
        else { return }
        let known = holders[index].known[pending.account]
        let isSame = known?.window == grant.windowStartUnixSeconds
        let before = isSame ? known?.granted ?? 0 : 0
        guard grant.grantedTotal >= before else { return }
        holders[index].known[pending.account] = (grant.windowStartUnixSeconds, grant.grantedTotal)
        holders[index].free[pending.account, default: [:]][grant.windowStartUnixSeconds, default: 0] +=
            grant.grantedTotal - before
    }

    /// Of what was booked some time ago, in windows that are current, over, and never were; a slot is never corrected.
    private mutating func makeCorrections() -> [LedgerCorrection] {
        (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
            let (key, _, kind) = account()
            guard kind == .money || kind == .tokens else { return nil }
            let windows = pure.accounts[key]?.windows.keys.sorted() ?? []
            let window = windows.randomElement(using: &random)?.startUnixSeconds ?? strangeWindow(of: key.allowanceID)
            return LedgerCorrection(
                account: key,
                window: chance(20) ? .unleased : AccountWindow(startUnixSeconds: chance(5) ? window - 1 : window),
                bookedUnixMilliseconds: now - Int64.random(in: 0...(chance(50) ? 10 : 70_000), using: &random),
                charged: Int64.random(in: -120...0, using: &random),
                debt: chance(50) ? 0 : Int64.random(in: -60...60, using: &random))
        }
    }

    private mutating func makeRecords() -> LedgerCall {
        let index = Int.random(in: 0..<holders.count, using: &random)
        var batch: [JournalRecord] = []
        var touched: Set<AccountKey> = []
        var isCovered: [AccountKey: Bool] = [:]
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let (key, _, kind) = account()
            let window = holders[index].free[key]?.keys.sorted().randomElement(using: &random)
            // Beyond the lease, which debt must catch: alone, because the order of such records matters.
            if chance(3), batch.isEmpty, kind != .slots {
                let window = window ?? strangeWindow(of: key.allowanceID)
                batch = [
                    Self.settle([
                        ChargeLine(
                            account: key, window: AccountWindow(startUnixSeconds: window),
                            amount: Int64.random(in: 1...300, using: &random))
                    ])
                ]
                touched = [key]
                holders[index].free[key]?[window] = nil
                break
            }
            if chance(10), kind != .slots {
                batch.append(
                    Self.settle([
                        ChargeLine(
                            account: key, window: .unleased, amount: Int64.random(in: 1...9, using: &random),
                            debt: chance(30) ? 2 : 0)
                    ]))
                touched.insert(key)
                continue
            }
            guard let window, let free = holders[index].free[key]?[window], free > 0 else { continue }
            // Where a lease does not cover its holder's records, their order decides how much is debt; the sum of a batch may say more. So
            // such records come one at a time.
            if !isCovered[key, default: covers(holders[index].id, key, window, free)], touched.contains(key) {
                continue
            }
            isCovered[key] = isCovered[key] ?? covers(holders[index].id, key, window, free)
            let amount = Int64.random(in: 1...free, using: &random)
            holders[index].free[key]?[window] = free - amount
            touched.insert(key)
            let place = AccountWindow(startUnixSeconds: window)
            if kind == .slots || chance(35) {
                batch.append(.returned(ReturnRecord(account: key, window: place, amount: amount)))
            } else if kind == .requests {
                var intent = UsageSamples.intent(ObjectID(high: random.next(), low: random.next()))
                intent.lines = [
                    ReservationLine(kind: .requests, account: key, window: place, amount: amount),
                    ReservationLine(kind: .money, account: key, window: place, amount: 5),
                ]
                batch.append(.intent(intent))
            } else {
                batch.append(
                    Self.settle([ChargeLine(account: key, window: place, amount: amount, debt: chance(10) ? 3 : 0)]))
            }
        }
        return .records(batch, holders[index].id)
    }

    /// One that the holder was never lent anything of.
    private func strangeWindow(of allowanceID: ObjectID) -> Int64 {
        for allowance in allowances where allowance.id == allowanceID {
            if case .calendar = allowance.terms.period { return now / 1_000 - 86_400 }
        }
        return 0
    }

    private func covers(_ holder: LeaseHolder, _ key: AccountKey, _ window: Int64, _ amount: Int64) -> Bool {
        guard let lease = pure.accounts[key]?.windows[AccountWindow(startUnixSeconds: window)]?.leases[holder] else {
            return false
        }
        return lease.lent >= amount && lease.writtenOff == 0
    }

    private static func settle(_ charges: [ChargeLine]) -> JournalRecord {
        var settle = UsageSamples.settle(UsageSamples.intent(.zero), index: 0)
        settle.charges = charges
        return .settle(settle)
    }

    // MARK: The books

    /// All that answers may ever depend on: which of several calls came first, shows here at the latest.
    private func rows(of keys: [AccountKey]) async throws -> [AccountKey: [String]] {
        let found = try await pool.query(
            """
            SELECT allowance_id, subject, line FROM (
                SELECT allowance_id, subject, concat_ws(' ', 'lease', window_start, incarnation, granted_total, lent,
                    written_off, ends_at_ms, coalesce(recalled_at_ms, 0)) AS line FROM ledger_leases
                UNION ALL
                SELECT allowance_id, subject, concat_ws(' ', 'holder', incarnation, last_ask_sequence, last_heard_ms)
                FROM ledger_holders
                UNION ALL
                SELECT allowance_id, subject, concat_ws(' ', 'waiter',
                    row_number() OVER (PARTITION BY allowance_id, subject ORDER BY ticket), w.incarnation,
                    w.ask_sequence, w.lives_until_ms)
                FROM ledger_waiters w JOIN ledger_accounts a USING (allowance_id, subject)
                WHERE w.lives_until_ms >= greatest(a.clock_ms, $3)
            ) every
            WHERE (allowance_id, subject) IN (SELECT * FROM unnest($1::uuid[], $2::bigint[]))
            """,
            [
                .uuidArray(keys.map(\.allowanceID)), .int64Array(keys.map { Int64(bitPattern: $0.subject) }),
                .int64(sweptBefore),
            ])
        var lines: [AccountKey: [String]] = [:]
        for row in found {
            let key = AccountKey(
                allowanceID: try row.uuid("allowance_id"), subject: UInt64(bitPattern: try row.int64("subject")))
            lines[key, default: []].append(try row.text("line"))
        }
        return lines.mapValues { $0.sorted() }
    }

    private func lines(_ ledger: LeaseLedger, _ key: AccountKey) -> [String] {
        guard let account = ledger.accounts[key] else { return [] }
        var lines: [String] = []
        for (id, window) in account.windows {
            for (holder, lease) in window.leases {
                let numbers = [
                    lease.grantedTotal, lease.lent, lease.writtenOff, lease.endsAt, max(0, lease.recalledAt),
                ]
                lines.append(
                    "lease \(id.startUnixSeconds) \(holder.incarnation) "
                        + numbers.map(String.init).joined(separator: " "))
            }
        }
        for (holder, state) in account.holders {
            lines.append("holder \(holder.incarnation) \(state.lastAskSequence) \(state.lastHeard)")
        }
        for (place, waiter) in account.waiters.filter({ $0.livesUntil >= max(account.clock, sweptBefore) }).enumerated()
        {
            lines.append(
                "waiter \(place + 1) \(waiter.holder.incarnation) \(waiter.ask.sequence) \(waiter.livesUntil)")
        }
        return lines.sorted()
    }

    /// Every row against every value.
    mutating func finish() async throws -> String? {
        let keys = pure.accounts.keys.sorted()
        let rows = try await rows(of: keys)
        for key in keys where rows[key] ?? [] != lines(pure, key) {
            return "rows of \(key)\n  pure \(lines(pure, key))\n  SQL  \(rows[key] ?? [])"
        }
        for row in try await pool.query("SELECT * FROM ledger_windows") {
            let key = AccountKey(
                allowanceID: try row.uuid("allowance_id"), subject: UInt64(bitPattern: try row.int64("subject")))
            let id = AccountWindow(startUnixSeconds: try row.int64("window_start"))
            guard let account = pure.accounts[key], let window = account.windows[id] else {
                return "the pure ledger has no window \(id) of \(key)"
            }
            counts.windows += 1
            let values = [try row.int64("lent"), try row.int64("debt"), try row.int64("unleased")]
            if values != [window.lent, window.debt, window.unleased] { return "window \(id) of \(key): \(values)" }
            if !window.slides, try row.int64("settled") != window.settled(at: account.clock) {
                return "settled of window \(id) of \(key)"
            }
        }
        return nil
    }
}

@testable import ControlPlane
import Shared
import TestSupport
import XCTest

/// The same random schedules through the pure ledger and through the one in PostgreSQL: the same answers and the same books after every step.
final class LedgerDifferentialTests: XCTestCase {
    func testBothLedgersAnswerTheSame() throws {
        let environment = ProcessInfo.processInfo.environment
        let steps = environment["WEIR_LEDGER_STEPS"].flatMap { Int($0) } ?? 2_000
        let first = environment["SEED"].flatMap { UInt64($0) }
        let seeds = first.map { [$0] } ?? [1, 2, UInt64.random(in: 4...1_000_000)]
        for seed in seeds {
            print("ledger differential: seed=\(seed) steps=\(steps)")
            let settings = try ControlPlaneDatabase.make("differential").settings
            let finding = try onLoop(timeout: .seconds(120)) { actor -> String? in
                let pool = PostgresPool(on: actor.loop, options: .init(settings: settings, connectionsMax: 2))
                defer { pool.close() }
                var pair = LedgerPair(pool: pool, seed: seed)
                try await pair.prepare()
                for step in 0..<steps {
                    if let difference = try await pair.step() { return "seed \(seed), step \(step): \(difference)" }
                }
                return try await pair.finish().map { "seed \(seed), at the end: \($0)" }
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

    private let pool: PostgresPool
    private var random: SeededRandom
    private var pure = LeaseLedger()
    private var now: Int64 = 1_790_000_000_000
    private var allowances: [(id: ObjectID, terms: LedgerTerms, isEach: Bool)] = []
    private var holders: [Holder] = []
    private var asked: [LedgerStore.PendingAsk] = []
    private var trace: [String] = []

    init(pool: PostgresPool, seed: UInt64) {
        self.pool = pool
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

    /// Does one thing in both. Returns how they differ.
    mutating func step() async throws -> String? {
        moveClock()
        trace = []
        let difference: String?
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45: difference = try await ask()
        case 45..<85: difference = try await records()
        case 85..<90: difference = try await changeLimit()
        case 90..<93: difference = try await close()
        case 93..<97: difference = try await writeOff()
        default:
            now += Int64.random(in: 100_000...200_000, using: &random)
            difference = nil
        }
        return difference.map { "\($0)\n\(trace.joined(separator: "\n"))" }
    }

    private mutating func ask() async throws -> String? {
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
        // The order of the arrays is that of the pure ledger only within an account, which is all that counts.
        let answers = try await LedgerStore.ask(asks, now: now, in: pool)
        for (pending, answer) in zip(asks, answers) {
            let expected = pure.ask(
                pending.ask, from: pending.holder, waitMilliseconds: pending.waitMilliseconds, now: now)
            trace.append("\(pending) at \(now)")
            if expected.grant != answer.grant { return "asked\n  pure \(expected.grant)\n  SQL  \(answer.grant)" }
            if expected.recalls.map(\.holder.incarnation) != answer.recalled {
                return "recalled\n  pure \(expected.recalls)\n  SQL  \(answer.recalled)"
            }
            if expected.freesOthers != answer.freesOthers { return "frees others: pure \(expected.freesOthers)" }
            learn(answer.grant, pending)
        }
        return try await compare(Set(asks.map(\.account)))
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

    private mutating func records() async throws -> String? {
        let index = Int.random(in: 0..<holders.count, using: &random)
        var batch: [JournalRecord] = []
        var touched: Set<AccountKey> = []
        var isCovered: [AccountKey: Bool] = [:]
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let (key, _, kind) = account()
            let window = holders[index].free[key]?.keys.sorted().randomElement(using: &random)
            // Beyond the lease, which debt must catch: alone, because the order of such records matters.
            if chance(3), batch.isEmpty, kind != .slots {
                batch = [
                    Self.settle([
                        ChargeLine(
                            account: key, window: AccountWindow(startUnixSeconds: window ?? 0),
                            amount: Int64.random(in: 1...300, using: &random))
                    ])
                ]
                touched = [key]
                holders[index].free[key]?[window ?? 0] = nil
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
        var booking = LedgerBooking()
        for record in batch {
            booking.add(record)
            _ = pure.apply(record, from: holders[index].id, now: now)
            trace.append("\(record) from \(holders[index].id) at \(now)")
        }
        try await LedgerStore.apply(booking, from: holders[index].id, now: now, in: pool)
        return try await compare(touched)
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

    private mutating func changeLimit() async throws -> String? {
        let index = Int.random(in: 0..<allowances.count, using: &random)
        allowances[index].terms.limit = Int64.random(in: 0...400, using: &random)
        let (id, terms, _) = allowances[index]
        let effects = pure.setAllowance(id, terms, now: now)
        try await pool.execute(
            "UPDATE allowances SET limit_amount = $2 WHERE id = $1", [.uuid(id), .int64(terms.limit)])
        let row = try await pool.first(
            "SELECT ledger_limit_changed($1, $2) AS called", [.int64(now), .uuid(id)])
        trace.append("limit \(terms.limit) of \(id) at \(now)")
        // Subjects have another order in the database, where they are signed.
        let called = try row?.uuids("called").sorted()
        if effects.recalls.map(\.holder.incarnation).sorted() != called {
            return "called\n  pure \(effects.recalls)\n  SQL  \(called ?? [])"
        }
        return try await compare(Set(pure.accounts.keys.filter { $0.allowanceID == id }))
    }

    private mutating func close() async throws -> String? {
        let index = Int.random(in: 0..<holders.count, using: &random)
        let holder = holders[index].id
        trace.append("close \(holder) at \(now)")
        let touched = pure.accounts.values.filter { $0.holders[holder] != nil }.map(\.key)
        _ = pure.close(holder, now: now)
        try await LedgerStore.close(holder, now: now, in: pool)
        holders[index] = newHolder()
        return try await compare(Set(touched))
    }

    private mutating func writeOff() async throws -> String? {
        let key = account().key
        trace.append("write off \(key) at \(now)")
        let expected = pure.writeOff(key, now: now)
        let row = try await pool.first(
            "SELECT ledger_write_off($1, $2, $3, 0) AS amount",
            [.int64(now), .uuid(key.allowanceID), .int64(Int64(bitPattern: key.subject))])
        let written = try row?.int64("amount")
        if written != expected { return "written off: pure \(expected), SQL \(written ?? -1)" }
        return try await compare([key])
    }

    // MARK: The books

    /// The figures of the accounts a step touched, whose clocks stand at the step's time or later in both.
    private mutating func compare(_ keys: Set<AccountKey>) async throws -> String? {
        for key in keys.sorted() where pure.accounts[key] != nil {
            let contradictions = pure.contradictions(in: key)
            if !contradictions.isEmpty { return contradictions.joined(separator: "; ") }
            let found = try await LedgerStore.figures(of: [key.allowanceID], subject: key.subject, now: now, in: pool)
            let expected = pure.figures(key, now: now)
            if found.first?.figures != expected {
                return
                    "figures of \(key)\n  pure \(String(describing: expected))\n  SQL  \(String(describing: found.first?.figures))"
            }
        }
        return nil
    }

    /// Every row against every value.
    mutating func finish() async throws -> String? {
        let leases = try await pool.query("SELECT * FROM ledger_leases")
        var rows: [String: [Int64]] = [:]
        for row in leases {
            let place =
                "\(try row.uuid("allowance_id")) \(UInt64(bitPattern: try row.int64("subject"))) \(try row.int64("window_start")) \(try row.uuid("incarnation"))"
            rows[place] = [
                try row.int64("granted_total"), try row.int64("lent"), try row.int64("written_off"),
                try row.int64("ends_at_ms"),
            ]
        }
        var expected: [String: [Int64]] = [:]
        for (key, account) in pure.accounts {
            for (id, window) in account.windows {
                for (holder, lease) in window.leases {
                    expected["\(key.allowanceID) \(key.subject) \(id.startUnixSeconds) \(holder.incarnation)"] = [
                        lease.grantedTotal, lease.lent, lease.writtenOff, lease.endsAt,
                    ]
                }
            }
        }
        for (place, values) in expected where rows[place] != values {
            return "lease \(place): pure \(values), SQL \(String(describing: rows[place]))"
        }
        if rows.count != expected.count { return "\(expected.count) leases, \(rows.count) rows" }

        for row in try await pool.query("SELECT * FROM ledger_windows") {
            let key = AccountKey(
                allowanceID: try row.uuid("allowance_id"), subject: UInt64(bitPattern: try row.int64("subject")))
            let id = AccountWindow(startUnixSeconds: try row.int64("window_start"))
            guard let account = pure.accounts[key], let window = account.windows[id] else {
                return "the pure ledger has no window \(id) of \(key)"
            }
            let values = [try row.int64("lent"), try row.int64("debt"), try row.int64("unleased")]
            if values != [window.lent, window.debt, window.unleased] { return "window \(id) of \(key): \(values)" }
            if !window.slides, try row.int64("settled") != window.settled(at: account.clock) {
                return "settled of window \(id) of \(key)"
            }
        }
        return nil
    }
}

import ControlPlane
import DataPlane
import Shared

/// What was spent lately by the ledger's clock, amount by amount.
struct SlidingTruth {
    var spends: [(time: UInt64, amount: Int64)] = []
    var sum: Int64 = 0
    var limits: [(time: UInt64, limit: Int64)] = []

    mutating func add(_ amount: Int64, at time: UInt64, period: UInt64, limit: Int64) {
        spends.append((time, amount))
        sum += amount
        var gone = 0
        while gone < spends.count, spends[gone].time + period <= time {
            sum -= spends[gone].amount
            gone += 1
        }
        if gone > 64 || gone == spends.count { spends.removeFirst(gone) } else if gone > 0 { spends.removeFirst(gone) }
        if limits.last?.limit != limit { limits.append((time, limit)) }
        while limits.count > 1, limits[1].time + period + 60_000_000_000 * 5 < time { limits.removeFirst() }
    }

    var largestLimit: Int64 { limits.map(\.limit).max() ?? 0 }
}

struct WindowBefore {
    var out: Int64
    var unbacked: Int64
}

extension World {
    // MARK: Truth

    /// A provider billed it, or a request was counted: beyond all books. Debt and what is spent without a lease are not under the guarantee.
    mutating func bill(_ line: ReservationLine, _ amount: Int64) {
        guard line.window != .unleased, amount > 0,
            let allowance = allowances.first(where: { $0.id == line.account.allowanceID })
        else { return }
        let key = HoldingKey(account: line.account, window: line.window)
        if allowance.slidingMilliseconds > 0 {
            let period = UInt64(allowance.slidingMilliseconds) * Self.millisecond
            recentSpends[line.account, default: SlidingTruth()].add(
                amount, at: now, period: period, limit: allowance.terms.limit)
            guard let truth = recentSpends[line.account] else { return }
            // A limit that was lowered binds what is lent from then on: what was out before counts under the old one.
            let most = max(truth.largestLimit, largestLimit[key] ?? 0)
            if truth.sum > most {
                violate("\(line.account) spent \(truth.sum) in one period, limit \(most)")
            }
        } else {
            billed[key, default: 0] += amount
            if billed[key] ?? 0 > max(largestLimit[key] ?? 0, allowance.terms.limit) {
                violate("\(line.account) \(line.window) billed \(billed[key] ?? 0), limit \(largestLimit[key] ?? 0)")
            }
        }
    }

    /// A record was applied: what a reader of the events would sum up.
    mutating func book(_ record: JournalRecord, of holder: LeaseHolder) {
        for (key, amount) in Self.leased(record) { unapplied[holder]?[key, default: 0] -= amount }
        switch record {
        case .intent(let intent):
            for line in intent.lines where line.kind == .requests { book(line.account, line.window, line.amount) }
        case .settle(let settle):
            for line in settle.charges { book(line.account, line.window, line.amount + line.debt) }
        default: break
        }
    }

    private mutating func book(_ account: AccountKey, _ window: AccountWindow, _ amount: Int64) {
        guard let current = ledger.accounts[account]?.current.window else { return }
        events[HoldingKey(account: account, window: window == .unleased ? current : window), default: 0] += amount
    }

    mutating func violate(_ text: String) {
        if violations.count < 10 { violations.append("step \(steps), \(Double(now) / 1e9) s: \(text)") }
    }

    // MARK: After every step

    mutating func check() {
        if touchesLedger { checkLedger() }
        if touchesLedger {
            for node in nodes.indices { checkWallet(node) }
        } else if let touchedNode {
            checkWallet(touchedNode)
        }
    }

    /// No more is out than the limit allows. Above it only because the limit was lowered, or by debt and unleased spending that was
    /// applied in this very step.
    private mutating func checkLedger() {
        for (key, account) in ledger.accounts {
            guard let limit = ledger.terms[key.allowanceID]?.limit, let window = account.windows[account.current.window]
            else {
                continue
            }
            let id = HoldingKey(account: key, window: account.current.window)
            let out = window.settled(at: account.clock) + window.lent
            let unbacked = window.debt + window.unleased
            if before[id] == nil { firstSeen[id] = now }
            let old = before[id] ?? WindowBefore(out: 0, unbacked: 0)
            if out > limit, out > old.out + (unbacked - old.unbacked) {
                violate("\(key): settled + lent = \(out) > \(limit), was \(old.out)")
            }
            before[id] = WindowBefore(out: out, unbacked: unbacked)
            largestLimit[id] = max(largestLimit[id] ?? 0, limit)
            for text in ledger.contradictions(in: key) { violate(text) }
        }
    }

    /// What a process believes it was lent, and what it has spent or given back since, is not more than the ledger has lent to it.
    private mutating func checkWallet(_ node: Int) {
        guard let process = nodes[node].process else { return }
        let holder = LeaseHolder(nodeID: nodes[node].id, incarnation: process.incarnation)
        for (key, account) in ledger.accounts {
            guard let standing = process.core.standing(of: key) else { continue }
            let id = HoldingKey(account: key, window: standing.window)
            let lease = account.windows[standing.window]?.leases[holder]
            let out = standing.free + (held[holder]?[id] ?? 0) + (unapplied[holder]?[id] ?? 0)
            let lent = (lease?.lent ?? 0) + (lease?.writtenOff ?? 0)
            if out > lent { violate("node \(node), \(key): has or had \(out), lent \(lent)") }
            if standing.held != held[holder]?[id] ?? 0 {
                violate("node \(node), \(key): holds \(standing.held), requests hold \(held[holder]?[id] ?? 0)")
            }
        }
    }

    /// An exhausted allowance has no room for what was refused, unless something changed a moment ago.
    mutating func checkRefusal(_ request: SimRequest, _ refusal: WalletRefusal) {
        guard let account = ledger.accounts[refusal.account], let terms = ledger.terms[refusal.account.allowanceID],
            terms.period.slidingMilliseconds == nil, let window = account.windows[account.current.window],
            now > (lastChange[refusal.account] ?? 0) + 5 * Self.second,
            databaseNow < account.current.endUnixMilliseconds ?? .max,
            now > (firstSeen[HoldingKey(account: refusal.account, window: account.current.window)] ?? now) + 5
                * Self.second
        else { return }
        let amount = request.lines[refusal.line].amount
        if amount <= terms.limit - window.settled(at: account.clock) {
            figures.falseRefusals += 1
            violate(
                "\(refusal.account) refused \(amount) as exhausted with \(window.settled(at: account.clock)) of \(terms.limit) settled"
            )
        }
    }
}

public import Shared

/// Lends allowances to data planes and books what they spent: the rules, without a database.
///
/// The guarantee is one line: a grant is made only while `settled + lent + grant <= limit`. Everything else is about not leaving money where it
/// serves nobody: a running sum for each holder instead of messages that must not be lost, a queue of those who wait, recall of what
/// others do not use.
///
/// - Shape: a pure state machine; the store's SQL does the same on rows and is compared with it.
/// - Units: `now` is Unix milliseconds by the database's clock. An account's time never goes back, whatever the clock does.
/// - Source: docs/decisions/0007-leases-as-running-sums.md, 0008-sliding-windows.md.
public struct LeaseLedger: Sendable {
    /// Who asked lately counts as a holder when what is free is divided.
    public static let recentMilliseconds: Int64 = 2_000
    /// How long a waiter keeps its place after its answer was due.
    public static let waiterMilliseconds: Int64 = 1_000
    /// How much longer ago than it says a holder may have been heard of.
    public static let heardMilliseconds: Int64 = 500
    /// A holder is recalled no more often: its answer takes about as long.
    public static let recallMilliseconds: Int64 = 50

    public private(set) var terms: [ObjectID: LedgerTerms] = [:]
    public private(set) var accounts: [AccountKey: LedgerAccount] = [:]
    private let schedule: WindowSchedule
    private let rules: LedgerRules

    public init(schedule: WindowSchedule = .gregorian) {
        self.schedule = schedule
        rules = .sound
    }

    package init(schedule: WindowSchedule, rules: LedgerRules) {
        self.schedule = schedule
        self.rules = rules
    }

    // MARK: Allowances

    /// Makes an allowance, or changes its limit; kind and period of one that is there stay as they are.
    ///
    /// - Returns: whom to call because more is out than the new limit allows, and the accounts whose waiters may now fit.
    @discardableResult
    public mutating func setAllowance(_ id: ObjectID, _ new: LedgerTerms, now: Int64) -> LedgerEffects {
        guard var old = terms[id] else {
            terms[id] = new
            return LedgerEffects()
        }
        old.limit = new.limit
        terms[id] = old
        var effects = LedgerEffects()
        for key in accounts.keys.filter({ $0.allowanceID == id }).sorted() {
            guard var account = accounts[key] else { continue }
            advance(&account, to: now)
            let window = currentWindow(of: account)
            if window.settled(at: account.clock).addingSaturating(window.lent) > new.limit {
                effects.recalls += recall(&account, except: nil)
            }
            if !account.waiters.isEmpty { effects.freed.append(key) }
            accounts[key] = account
        }
        return effects
    }

    /// Forgets an allowance with all its accounts. What data planes still hold of it is charged to nothing.
    public mutating func removeAllowance(_ id: ObjectID) {
        terms[id] = nil
        accounts = accounts.filter { $0.key.allowanceID != id }
    }

    // MARK: Asks

    /// Decides one ask.
    ///
    /// A blocked ask may be tried again as it is (same sequence) until it is decided otherwise: whenever its account is freed, and every
    /// 100 ms or so, because time frees too. Each try calls the holders again.
    ///
    /// - Parameter waitMilliseconds: how long its answer may be held back, which is added to how long it keeps its place.
    public mutating func ask(
        _ ask: LeaseRequest.Ask, from holder: LeaseHolder, waitMilliseconds: Int = 0, now: Int64
    ) -> LedgerAnswer {
        let key = AccountKey(allowanceID: ask.allowanceID, subject: ask.endUser.map(EndUserSubject.of) ?? 0)
        guard let terms = terms[ask.allowanceID] else { return LedgerAnswer(grant: Self.unknown(ask)) }
        var account = accounts[key] ?? makeAccount(key, endUser: ask.endUser, terms: terms, now: now)
        advance(&account, to: now)
        let answer = decide(ask, from: holder, waitMilliseconds: waitMilliseconds, terms: terms, account: &account)
        accounts[key] = account
        return answer
    }

    private mutating func decide(
        _ ask: LeaseRequest.Ask, from holder: LeaseHolder, waitMilliseconds: Int, terms: LedgerTerms,
        account: inout LedgerAccount
    ) -> LedgerAnswer {
        let now = account.clock
        account.dropDeadWaiters()
        var window = currentWindow(of: account)
        var lease = window.leases[holder] ?? LedgerLease()
        let position = account.waiters.firstIndex { $0.holder == holder }
        let lastSequence = account.holders[holder]?.lastAskSequence ?? 0
        let isOpen =
            ask.sequence > lastSequence
            || (ask.sequence == lastSequence && position.map { account.waiters[$0].ask.sequence } == ask.sequence)

        let settled = window.settled(at: now)
        let need = max(0, ask.need)
        let isSameWindow = ask.windowStartUnixSeconds == account.current.window.startUnixSeconds
        // What the holder was granted and does not know of: answers that were lost, or are on their way.
        let unseen = max(0, lease.grantedTotal - (isSameWindow ? max(0, ask.grantedTotal) : 0))
        let missing = need - unseen
        let room = max(
            0, terms.limit.subtractingSaturating(settled).subtractingSaturating(rules.countsLent ? window.lent : 0))
        let isExhausted = need > max(0, terms.limit.subtractingSaturating(settled))

        guard isOpen else {
            let verdict: LeaseAnswer.Verdict = isExhausted ? .exhausted : missing <= 0 ? .granted : .blocked
            return LedgerAnswer(
                grant: grant(verdict, ask, lease: lease, terms: terms, window: window, account: account))
        }

        account.holders[holder, default: .init()].lastAskSequence = ask.sequence
        account.asked(holder)
        lease.endsAt = now + terms.leaseMilliseconds
        var answer: LedgerAnswer
        let hasEarlier = (position ?? account.waiters.count) > 0
        let othersWait = account.waiters.contains { $0.holder != holder }

        if isExhausted {
            if let position { account.waiters.remove(at: position) }
            window.leases[holder] = lease
            answer = LedgerAnswer(
                grant: grant(.exhausted, ask, lease: lease, terms: terms, window: window, account: account))
            answer.freesOthers = position != nil && othersWait
        } else if missing > 0 && (hasEarlier || missing > room) {
            let waiter = LedgerWaiter(
                holder: holder, ask: ask,
                livesUntil: now + Int64(clamping: waitMilliseconds) + Self.waiterMilliseconds)
            if let position { account.waiters[position] = waiter } else { account.waiters.append(waiter) }
            window.leases[holder] = lease
            account.windows[account.current.window] = window
            answer = LedgerAnswer(
                grant: grant(.blocked, ask, lease: lease, terms: terms, window: window, account: account))
            // Only the first in the queue calls: those behind it must not take from it what it has gathered.
            if !hasEarlier { answer.recalls = recall(&account, except: holder) }
            return answer
        } else {
            var amount = max(0, missing)
            if !othersWait {
                let want = max(0, ask.want) - unseen
                amount = max(amount, min(want, room / (2 * account.holderCount(asker: holder, in: window))))
            }
            lease.grantedTotal += amount
            lease.lent += amount
            window.lent += amount
            window.leases[holder] = lease
            // A renewal (need 0) says nothing about whether the one that waits still does.
            if let position, need > 0 { account.waiters.remove(at: position) }
            answer = LedgerAnswer(
                grant: grant(.granted, ask, lease: lease, terms: terms, window: window, account: account))
            answer.freesOthers = position != nil && othersWait
        }
        account.windows[account.current.window] = window
        return answer
    }

    // MARK: Records

    /// Books one record of a holder's journal. Each record is applied exactly once; the caller sees to that by the streams' sequences.
    ///
    /// - Returns: the accounts that now have room for one who waits.
    public mutating func apply(_ record: JournalRecord, from holder: LeaseHolder, now: Int64) -> [AccountKey] {
        switch record {
        case .intent(let intent):
            // A request counts when it is admitted, whatever becomes of it.
            for line in intent.lines where line.kind == .requests {
                charge(line.account, window: line.window, amount: line.amount, debt: 0, holder: holder, now: now)
            }
            return []
        case .settle(let settle):
            for line in settle.charges {
                charge(
                    line.account, window: line.window, amount: line.amount, debt: line.debt, holder: holder, now: now)
            }
            return []
        case .returned(let returned):
            return giveBack(returned, from: holder, now: now) ? [returned.account] : []
        case .incarnationClosed(let incarnation):
            return close(LeaseHolder(nodeID: holder.nodeID, incarnation: incarnation), now: now)
        case .streamEnd, .repeated, .lost, .correction:
            // A repeated intent was spent by its first copy. What a correction changes stands in the event that it corrects.
            return []
        }
    }

    private mutating func charge(
        _ key: AccountKey, window named: AccountWindow, amount: Int64, debt: Int64, holder: LeaseHolder, now: Int64
    ) {
        guard let terms = terms[key.allowanceID], terms.kind != .slots else { return }
        var account = accounts[key] ?? makeAccount(key, endUser: nil, terms: terms, now: now)
        advance(&account, to: now)
        account.heard(holder)
        let amount = max(0, amount)
        var debt = max(0, debt)
        if named == .unleased {
            var window = currentWindow(of: account)
            window.unleased = window.unleased.addingSaturating(amount)
            window.debt = window.debt.addingSaturating(debt)
            window.settle(amount.addingSaturating(debt), at: account.clock)
            account.windows[account.current.window] = window
        } else {
            var window = account.windows[named] ?? LedgerWindow(slidingMilliseconds: terms.period.slidingMilliseconds)
            var lease = window.leases[holder] ?? LedgerLease()
            let fromLent = min(lease.lent, amount)
            lease.lent -= fromLent
            window.lent -= fromLent
            window.settle(fromLent, at: account.clock)
            var rest = amount - fromLent

            let fromWrittenOff = min(lease.writtenOff, rest)
            lease.writtenOff -= fromWrittenOff
            rest -= fromWrittenOff
            if fromWrittenOff > 0, window.slides {
                // It counts from now on, for a full period; what had slid out of the window in between is beyond the limit.
                let counted = window.unsettle(fromWrittenOff, settledAt: lease.writtenOffAt, at: account.clock)
                window.settle(counted, at: account.clock)
                debt = debt.addingSaturating(fromWrittenOff - counted)
            }
            debt = debt.addingSaturating(rest)
            window.debt = window.debt.addingSaturating(debt)
            window.settle(debt, at: account.clock)
            window.leases[holder] = lease
            account.windows[named] = window
        }
        accounts[key] = account
    }

    /// Books that an account was charged too much or too little. What is too much is free again where the window still counts it; what was
    /// too little is a debt.
    ///
    /// - Returns: whether it now has room for one who waits.
    public mutating func correct(_ correction: LedgerCorrection, now: Int64) -> Bool {
        let key = correction.account
        guard let terms = terms[key.allowanceID], var account = accounts[key] else { return false }
        advance(&account, to: now)
        defer { accounts[key] = account }
        let booked = correction.bookedUnixMilliseconds
        let isUnleased = correction.window == .unleased
        let id = isUnleased ? schedule.span(of: terms.period, at: booked).window : correction.window
        guard var window = account.windows[id] else { return false }
        window.debt = max(0, window.debt.addingSaturating(correction.debt))
        if isUnleased { window.unleased = max(0, window.unleased.addingSaturating(correction.charged)) }
        let isFree = window.correct(correction.charged + correction.debt, settledAt: booked, at: account.clock)
        account.windows[id] = window
        guard isFree else { return false }
        account.dropDeadWaiters()
        return !account.waiters.isEmpty
    }

    private mutating func giveBack(_ returned: ReturnRecord, from holder: LeaseHolder, now: Int64) -> Bool {
        guard var account = accounts[returned.account], let terms = terms[returned.account.allowanceID] else {
            return false
        }
        advance(&account, to: now)
        account.heard(holder)
        defer { accounts[returned.account] = account }
        guard var window = account.windows[returned.window], var lease = window.leases[holder] else { return false }
        let amount = max(0, returned.amount)
        let fromLent = min(lease.lent, amount)
        lease.lent -= fromLent
        window.lent -= fromLent
        Self.creditWrittenOff(
            min(lease.writtenOff, amount - fromLent), &lease, &window, terms: terms, now: account.clock)
        window.leases[holder] = lease
        account.windows[returned.window] = window
        account.dropDeadWaiters()
        return !account.waiters.isEmpty
    }

    /// A holder is over and all of its records were applied: what is still lent to it, or was written off, was never spent.
    ///
    /// - Returns: the accounts that now have room for one who waits.
    public mutating func close(_ holder: LeaseHolder, now: Int64) -> [AccountKey] {
        var freed: [AccountKey] = []
        for key in accounts.keys.sorted() {
            guard var account = accounts[key], let terms = terms[key.allowanceID], account.holders[holder] != nil else {
                continue
            }
            advance(&account, to: now)
            for id in account.windows.keys {
                guard var window = account.windows[id], var lease = window.leases[holder] else { continue }
                window.lent -= lease.lent
                lease.lent = 0
                Self.creditWrittenOff(lease.writtenOff, &lease, &window, terms: terms, now: account.clock)
                window.leases[holder] = nil
                account.windows[id] = window
            }
            account.holders[holder] = nil
            account.waiters.removeAll { $0.holder == holder }
            account.dropDeadWaiters()
            if !account.waiters.isEmpty { freed.append(key) }
            accounts[key] = account
        }
        return freed
    }

    // MARK: Doubt

    /// Counts as spent what holders that are not heard of still have: of every window of the account, past the lease's end.
    ///
    /// A slot is not spent by its request but given back at its end; declaring the holder dead ends its requests, so slots become free.
    ///
    /// - Returns: how much was written off.
    public mutating func writeOff(_ key: AccountKey, now: Int64) -> Int64 {
        guard var account = accounts[key], let terms = terms[key.allowanceID] else { return 0 }
        advance(&account, to: now)
        var written: Int64 = 0
        for id in account.windows.keys {
            guard var window = account.windows[id] else { continue }
            for (holder, var lease) in window.leases
            where account.isInDoubt(lease, of: holder, leaseMilliseconds: terms.leaseMilliseconds) {
                if lease.writtenOff == 0 { lease.writtenOffAt = account.clock }
                written += lease.lent
                lease.writtenOff += lease.lent
                window.lent -= lease.lent
                if terms.kind != .slots { window.settle(lease.lent, at: account.clock) }
                lease.lent = 0
                window.leases[holder] = lease
            }
            account.windows[id] = window
        }
        accounts[key] = account
        return written
    }

    private static func creditWrittenOff(
        _ amount: Int64, _ lease: inout LedgerLease, _ window: inout LedgerWindow, terms: LedgerTerms, now: Int64
    ) {
        guard amount > 0 else { return }
        lease.writtenOff -= amount
        if terms.kind != .slots { _ = window.unsettle(amount, settledAt: lease.writtenOffAt, at: now) }
    }

    // MARK: Time

    private func makeAccount(_ key: AccountKey, endUser: String?, terms: LedgerTerms, now: Int64) -> LedgerAccount {
        LedgerAccount(key: key, endUser: endUser, current: schedule.span(of: terms.period, at: now))
    }

    /// Moves the account's time on, and with it the window. Never back.
    private func advance(_ account: inout LedgerAccount, to now: Int64) {
        account.clock = max(account.clock, now)
        guard let terms = terms[account.key.allowanceID] else { return }
        if let end = account.current.endUnixMilliseconds, account.clock >= end {
            account.current = schedule.span(of: terms.period, at: account.clock)
        }
        if account.windows[account.current.window] == nil {
            account.windows[account.current.window] = LedgerWindow(
                slidingMilliseconds: terms.period.slidingMilliseconds)
        }
        if !rules.keepsExpiredLeases { freeExpired(&account) }
    }

    /// The account as it is now.
    mutating func advanced(_ key: AccountKey, to now: Int64) -> LedgerAccount? {
        guard var account = accounts[key] else { return nil }
        advance(&account, to: now)
        accounts[key] = account
        return account
    }

    /// Only with a broken rule.
    private func freeExpired(_ account: inout LedgerAccount) {
        guard var window = account.windows[account.current.window] else { return }
        for (holder, var lease) in window.leases where lease.endsAt < account.clock {
            window.lent -= lease.lent
            lease.lent = 0
            window.leases[holder] = lease
        }
        account.windows[account.current.window] = window
    }

    private func currentWindow(of account: LedgerAccount) -> LedgerWindow {
        guard let window = account.windows[account.current.window] else {
            preconditionFailure("an account was read before its time was moved on")
        }
        return window
    }

    // MARK: Answers

    /// Calls everybody who has something of the current window.
    private func recall(_ account: inout LedgerAccount, except asker: LeaseHolder?) -> [LedgerRecall] {
        let id = account.current.window
        var window = currentWindow(of: account)
        var recalls: [LedgerRecall] = []
        for holder in window.leases.keys.sorted() where holder != asker {
            guard var lease = window.leases[holder], lease.lent > 0,
                account.clock >= lease.recalledAt.addingSaturating(Self.recallMilliseconds)
            else { continue }
            lease.recalledAt = account.clock
            window.leases[holder] = lease
            recalls.append(
                LedgerRecall(
                    holder: holder,
                    recall: RecallAnswer.Recall(
                        allowanceID: account.key.allowanceID, endUser: account.endUser,
                        windowStartUnixSeconds: id.startUnixSeconds)))
        }
        account.windows[id] = window
        return recalls
    }

    private func grant(
        _ verdict: LeaseAnswer.Verdict, _ ask: LeaseRequest.Ask, lease: LedgerLease, terms: LedgerTerms,
        window: LedgerWindow, account: LedgerAccount
    ) -> LeaseAnswer.Grant {
        let now = account.clock
        let reset = account.current.endUnixMilliseconds.map { max(0, $0 - now) }
        var retryAfter: Int64?
        if verdict == .exhausted {
            retryAfter =
                window.slides
                ? window.millisecondsUntilSettled(atMost: terms.limit.subtractingSaturating(max(0, ask.need)), at: now)
                : reset
        }
        return LeaseAnswer.Grant(
            allowanceID: ask.allowanceID, endUser: ask.endUser, verdict: verdict,
            windowStartUnixSeconds: account.current.window.startUnixSeconds, resetMilliseconds: reset,
            grantedTotal: lease.grantedTotal, leaseMilliseconds: terms.leaseMilliseconds,
            retryAfterMilliseconds: retryAfter, limit: terms.limit, settled: window.settled(at: now), lent: window.lent,
            holderLent: lease.lent)
    }

    private static func unknown(_ ask: LeaseRequest.Ask) -> LeaseAnswer.Grant {
        LeaseAnswer.Grant(
            allowanceID: ask.allowanceID, endUser: ask.endUser, verdict: .unknown, windowStartUnixSeconds: 0,
            resetMilliseconds: nil, grantedTotal: 0, leaseMilliseconds: 0, retryAfterMilliseconds: nil, limit: 0,
            settled: 0, lent: 0, holderLent: 0)
    }
}

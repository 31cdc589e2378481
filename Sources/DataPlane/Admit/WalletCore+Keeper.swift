package import Shared

/// One `POST /fleet/v1/leases`: what to send, and what has to come back with its answer.
package struct LeaseBatch: Sendable {
    struct Item: Sendable {
        var account: Int32
        var key: AccountKey
        var sequence: Int64
        /// The running sum that the ask named.
        var grantedTotal: Int64
        /// All that the first waiting request wants: more than the ask's `need`, which counts what is free already.
        var amount: Int64
        var isSync: Bool
    }

    package var waitMilliseconds: Int
    /// When to give up on the answer: `failed`.
    package var timeout: Duration
    package var sentAt: MonotonicTime
    package var asks: [LeaseRequest.Ask]
    var items: [Item]
}

/// What has to be asked of the ledger, and what its answers mean.
///
/// A driver sends what `nextBatch` gives, reports `receive` or `failed`, journals what `takeReturns` gives (and ships it at once), and
/// calls `tick` at `nextWake`.
extension WalletCore {
    // MARK: Asking

    /// Marks an account as one to ask for.
    private mutating func wantMore(_ account: Int, atOnce: Bool = true) {
        accounts[account].wantsRenewal = true
        makeAskable(account, atOnce: atOnce)
    }

    /// An account has less than burns in a second. The keeper looks twenty times in that and is woken only where little is left of it: the thread it
    /// would take may be that of the request that noticed.
    mutating func runsLow(_ account: Int) {
        wantMore(account, atOnce: accounts[account].free < accounts[account].lowWater / 4)
    }

    private mutating func makeAskable(_ account: Int, atOnce: Bool = true) {
        guard !accounts[account].isAskOpen else { return }
        if accounts[account].isAskable {
            guard atOnce, accounts[account].isAskableInTime else { return }
        } else {
            accounts[account].isAskable = true
            askable.append(Int32(account))
        }
        accounts[account].isAskableInTime = !atOnce
        if atOnce { needsKeeper = true }
    }

    /// Another request leads the queue, so an ask that the ledger holds back for the one before says the wrong thing.
    mutating func headChanged(_ account: Int, now: UInt64) {
        if accounts[account].isAskOpen, accounts[account].askWait > 0 {
            closeAsk(account)
            accounts[account].pendingSince = 0
        }
        makeAskable(account)
    }

    private mutating func closeAsk(_ account: Int) {
        accounts[account].isAskOpen = false
        if let place = openAsks.firstIndex(of: Int32(account)) { openAsks.swapAt(place, openAsks.count - 1) }
        if openAsks.last == Int32(account) { openAsks.removeLast() }
    }

    /// The next asks to send, or nil when there are none now. Call it until it says nil.
    ///
    /// Asks that the ledger called blocked go by themselves: their answer may be held back, the others want one at once.
    package mutating func nextBatch(now time: MonotonicTime) -> LeaseBatch? {
        let now = time.nanoseconds
        var batch: LeaseBatch?
        var kept = 0
        for index in askable.indices {
            let account = Int(askable[index])
            let isLater =
                now < accounts[account].askNotBefore
                || batch.map {
                    ($0.waitMilliseconds > 0) != accounts[account].isBlocked || $0.asks.count >= LeaseRequest.asksMax
                }
                    ?? false
            if isLater {
                askable[kept] = askable[index]
                kept += 1
                continue
            }
            accounts[account].isAskable = false
            guard let (ask, amount) = makeAsk(account, now: now) else { continue }
            let wait = accounts[account].isBlocked ? settings.heldAnswer : .zero
            if batch == nil {
                batch = LeaseBatch(
                    waitMilliseconds: Int(wait.wholeMilliseconds), timeout: wait + settings.askTimeout, sentAt: time,
                    asks: [], items: [])
            }
            batch?.asks.append(ask)
            batch?.items.append(
                LeaseBatch.Item(
                    account: Int32(account), key: accounts[account].key, sequence: ask.sequence,
                    grantedTotal: ask.grantedTotal, amount: amount,
                    isSync: accounts[account].needsSync))
            accounts[account].isAskOpen = true
            accounts[account].askSequence = ask.sequence
            accounts[account].askSentAt = now
            accounts[account].askWait = UInt64(wait.wholeNanoseconds)
            if accounts[account].pendingSince == 0 { accounts[account].pendingSince = now }
            openAsks.append(Int32(account))
        }
        askable.removeLast(askable.count - kept)
        return batch
    }

    private mutating func makeAsk(_ account: Int, now: UInt64) -> (LeaseRequest.Ask, amount: Int64)? {
        updateBurn(account, now: now)
        let state = accounts[account]
        var need: Int64 = 0
        var amount: Int64 = 0
        var queued: Int64 = 0
        for slot in state.queue.prefix(64) {
            queued = queued.addingSaturating(wanted(Int(slot), of: Int32(account)))
        }
        if let first = state.queue.first {
            amount = wanted(Int(first), of: Int32(account))
            need = max(0, amount - state.free)
        }
        // Whoever leads the queue may fit here and lack something elsewhere.
        let isShort = !state.queue.isEmpty && (need > 0 || now >= state.leaseEnd)
        guard isShort || state.wantsRenewal else { return nil }
        accounts[account].wantsRenewal = false
        var want = need
        if now >= state.recalledUntil {
            var ahead = state.burnPerSecond.multipliedSaturating(by: 2)
            // What is held burns late, if at all: while it grows, each doubling has one request wait, not each request.
            if isShort { ahead = ahead.addingSaturating(state.held) }
            want = max(want, queued.addingSaturating(ahead) - state.free)
            if state.isRate { want = max(want, state.limit / (2 * max(1, liveNodes)) - state.free) }
        }
        let sequence = nextSequence
        nextSequence += 1
        let isNew = state.needsSync || state.window == nil
        return (
            LeaseRequest.Ask(
                allowanceID: state.key.allowanceID, endUser: state.endUser, sequence: sequence,
                windowStartUnixSeconds: isNew ? nil : state.window?.startUnixSeconds,
                grantedTotal: isNew ? 0 : state.grantedTotal, need: state.needsSync ? 0 : need,
                want: state.needsSync ? 0 : want),
            amount
        )
    }

    // MARK: Answers

    /// The ledger answered a batch.
    package mutating func receive(_ answer: LeaseAnswer, to batch: LeaseBatch, now: MonotonicTime) {
        for (index, grant) in answer.grants.enumerated() where index < batch.items.count {
            take(grant, for: batch.items[index], of: batch, now: now.nanoseconds)
        }
        serveQueues(now: now.nanoseconds)
    }

    private mutating func take(_ grant: LeaseAnswer.Grant, for item: LeaseBatch.Item, of batch: LeaseBatch, now: UInt64)
    {
        let account = Int(item.account)
        // The account may have been forgotten, and another one made in its place.
        guard account < accounts.count, accounts[account].key == item.key, accounts[account].lastUsed != 0 else {
            return
        }
        let isLatest = item.sequence == accounts[account].askSequence
        if isLatest, accounts[account].isAskOpen { closeAsk(account) }
        let isWaiting = !accounts[account].queue.isEmpty
        accounts[account].pendingSince = accounts[account].isAskOpen ? accounts[account].askSentAt : 0
        accounts[account].outageSince = 0
        accounts[account].refuseUntil = 0
        accounts[account].failures = 0
        fallbackSums[item.account] = nil
        if accounts[account].needsSync, !item.isSync { return }
        guard grant.verdict != .unknown else {
            accounts[account].unknownUntil = now &+ 1_000_000_000
            toServe.append(item.account)
            return
        }

        credit(account, grant, for: item, sentAt: batch.sentAt.nanoseconds)
        guard isLatest else {
            toServe.append(item.account)
            return
        }
        accounts[account].hasAnswer = true
        accounts[account].limit = grant.limit
        accounts[account].settled = grant.settled
        accounts[account].lent = grant.lent
        accounts[account].spentSinceAnswer = 0
        accounts[account].unapplied = unapplied(account, grant)
        accounts[account].resetAt = grant.resetMilliseconds.map { now &+ Self.nanoseconds($0) } ?? 0
        accounts[account].isBlocked = grant.verdict == .blocked
        accounts[account].askNotBefore = 0
        if grant.verdict == .exhausted {
            believeExhausted(account, grant, amount: item.amount, now: now)
        } else {
            accounts[account].exhaustedUntil = 0
        }
        serve(
            account, afterHeld: batch.waitMilliseconds > 0, sentAt: batch.sentAt.nanoseconds, wasWaiting: isWaiting,
            now: now)
    }

    /// What this process has spent and the ledger has not heard of: what is lent to it there beyond what it has here, and never more than it
    /// spent lately, since what it gave back may be on its way too.
    private func unapplied(_ account: Int, _ grant: LeaseAnswer.Grant) -> Int64 {
        let state = accounts[account]
        let lately = state.spentSinceMark.addingSaturating(state.burnPerSecond.multipliedSaturating(by: 2))
        return max(0, min(grant.holderLent - state.free - state.held, lately))
    }

    /// Adds what is new in the running sum to what is free.
    private mutating func credit(_ account: Int, _ grant: LeaseAnswer.Grant, for item: LeaseBatch.Item, sentAt: UInt64)
    {
        let window = AccountWindow(startUnixSeconds: grant.windowStartUnixSeconds)
        let leaseEnd = sentAt &+ Self.nanoseconds(grant.leaseMilliseconds)
        if item.isSync, accounts[account].needsSync {
            accounts[account].needsSync = false
            accounts[account].window = window
            accounts[account].grantedTotal = grant.grantedTotal
            accounts[account].leaseEnd = leaseEnd
            return
        }
        if let current = accounts[account].window, window < current { return }
        if accounts[account].window != window {
            // A new window: what is left of the old one goes back, what its requests hold settles in it.
            if let old = accounts[account].window { emitReturn(accounts[account].key, old, accounts[account].free) }
            accounts[account].window = window
            accounts[account].free = 0
            accounts[account].held = 0
            accounts[account].grantedTotal = 0
            accounts[account].leaseEnd = 0
        }
        let known = rules.creditsOnce ? accounts[account].grantedTotal : item.grantedTotal
        let added = grant.grantedTotal - known
        if added > 0 {
            makeFree(account, added)
            accounts[account].grantedTotal = grant.grantedTotal
        }
        accounts[account].leaseEnd = max(accounts[account].leaseEnd, leaseEnd)
        accounts[account].leaseNanoseconds = Self.nanoseconds(grant.leaseMilliseconds)
    }

    private mutating func believeExhausted(_ account: Int, _ grant: LeaseAnswer.Grant, amount: Int64, now: UInt64) {
        let retry = grant.retryAfterMilliseconds.map(Self.nanoseconds)
        let trust: UInt64
        if accounts[account].slidingMilliseconds > 0 {
            let least = UInt64(settings.exhaustedRateTrustLeast.wholeNanoseconds)
            let most = UInt64(settings.exhaustedRateTrust.wholeNanoseconds)
            trust = min(most, max(least, retry ?? most))
        } else {
            trust = min(retry ?? .max, UInt64(settings.exhaustedTrust.wholeNanoseconds))
        }
        accounts[account].exhaustedUntil = now &+ trust
        accounts[account].exhaustedAmount = amount
        accounts[account].retryAt = retry.map { now &+ $0 } ?? 0
    }

    /// Lets in who fits, refuses who cannot, and asks again for who waits.
    private mutating func serve(_ account: Int, afterHeld: Bool, sentAt: UInt64, wasWaiting: Bool, now: UInt64) {
        toServe.append(Int32(account))
        serveQueues(now: now)
        if now < accounts[account].exhaustedUntil {
            for slot in accounts[account].queue.map(Int.init) {
                let amount = wanted(slot, of: Int32(account))
                if amount >= accounts[account].exhaustedAmount, amount > accounts[account].roomIfAllReturned {
                    refuse(slot, refusal(.exhausted, account, line: lineNumber(slot, of: account), now: now), now: now)
                }
            }
            serveQueues(now: now)
        }
        guard let first = accounts[account].queue.first else { return }
        if wanted(Int(first), of: Int32(account)) > accounts[account].roomIfAllReturned, accounts[account].free > 0 {
            // It cannot fit, but what it lacks beside this small rest might: without the rest the ledger says so, and until when.
            let rest = accounts[account].free
            accounts[account].free = 0
            if let window = accounts[account].window { emitReturn(accounts[account].key, window, rest) }
        }
        // An answer that was to be held back and was not: do not spin.
        if afterHeld, accounts[account].isBlocked, now &- sentAt < 20_000_000 {
            accounts[account].askNotBefore = now &+ 20_000_000
        }
        makeAskable(account)
    }

    /// No answer came to a batch: the connection broke, or the control plane could not say.
    package mutating func failed(_ batch: LeaseBatch, now: MonotonicTime) {
        let now = now.nanoseconds
        for item in batch.items {
            let account = Int(item.account)
            guard accounts[account].key == item.key, item.sequence == accounts[account].askSequence,
                accounts[account].isAskOpen
            else { continue }
            closeAsk(account)
            backOff(account, now: now)
        }
    }

    private mutating func backOff(_ account: Int, now: UInt64) {
        accounts[account].failures = min(5, accounts[account].failures + 1)
        if accounts[account].outageSince == 0 { accounts[account].outageSince = max(1, accounts[account].pendingSince) }
        // 40 ms, 80, ... 640: the first failure is often a connection that was closed while idle.
        accounts[account].askNotBefore = now &+ (20_000_000 << UInt64(accounts[account].failures))
        // A held answer that broke off says nothing about how long the next may take.
        accounts[account].askWait = 0
        accounts[account].isBlocked = false
        accounts[account].wantsRenewal = true
        makeAskable(account)
    }

    /// The control plane is known to be away, from another conversation: rates count the outage from here at the latest.
    package mutating func unreachable(now: MonotonicTime) {
        for position in active {
            let account = Int(position)
            if accounts[account].outageSince == 0 { accounts[account].outageSince = max(1, now.nanoseconds) }
        }
    }

    /// Somebody waits for what this process does not use.
    package mutating func recall(_ key: AccountKey, window: AccountWindow, now: MonotonicTime) {
        guard let account = table.find(key, in: accounts), accounts[account].window == window else { return }
        accounts[account].recalledUntil = now.nanoseconds &+ UInt64(settings.recallHold.wholeNanoseconds)
        let free = accounts[account].free
        guard free > 0 else { return }
        if rules.returnsLeaveWallet { accounts[account].free = 0 }
        emitReturn(key, window, free)
        // Whoever waits here for the rest beside it needs the whole now.
        if !accounts[account].queue.isEmpty { headChanged(account, now: now.nanoseconds) }
    }

    /// What goes back to the ledger: to be journalled, and shipped at once.
    package mutating func takeReturns(_ body: (ReturnRecord) -> Void) {
        guard !returns.isEmpty else { return }
        for record in returns { body(record) }
        returns.removeAll(keepingCapacity: true)
        returnPositions.removeAll(keepingCapacity: true)
    }

    /// The process stops: all that no request holds goes back.
    package mutating func returnEverything() {
        for account in accounts.indices where accounts[account].free > 0 {
            guard let window = accounts[account].window else { continue }
            let free = accounts[account].free
            accounts[account].free = 0
            emitReturn(accounts[account].key, window, free)
        }
    }

    // MARK: Time

    /// Refuses whoever waited too long, notices an absent ledger, and returns what lies idle.
    package mutating func tick(now time: MonotonicTime) {
        let now = time.nanoseconds
        refuseOverdue(now: now)
        noticeSilence(now: now)
        visitActive(now: now)
        serveQueues(now: now)
    }

    private mutating func noticeSilence(now: UInt64) {
        var index = 0
        while index < openAsks.count {
            let account = Int(openAsks[index])
            if now >= silenceAt(account) {
                silence(account, now: now)
                // The driver gives up on it too; should the answer come after all, its running sum is as good.
                if now >= accounts[account].askSentAt &+ accounts[account].askWait
                    &+ UInt64(settings.askTimeout.wholeNanoseconds)
                {
                    closeAsk(account)
                    backOff(account, now: now)
                    continue
                }
            }
            index += 1
        }
        // Asks that failed at once, and are to be sent again.
        for position in askable {
            let account = Int(position)
            if accounts[account].failures > 0, now >= silenceAt(account) { silence(account, now: now) }
        }
    }

    private func silenceAt(_ account: Int) -> UInt64 {
        guard accounts[account].pendingSince > 0 else { return .max }
        return accounts[account].pendingSince &+ accounts[account].askWait
            &+ UInt64((accounts[account].failures > 0 ? settings.outageWait : settings.silenceWait).wholeNanoseconds)
    }

    private mutating func silence(_ account: Int, now: UInt64) {
        if accounts[account].outageSince == 0 { accounts[account].outageSince = max(1, accounts[account].pendingSince) }
        accounts[account].refuseUntil = now &+ UInt64(settings.outageTrust.wholeNanoseconds)
        toServe.append(Int32(account))
        serveQueues(now: now)
        for slot in accounts[account].queue.map(Int.init) {
            if let refusal = immediateRefusal(slot, now: now) { refuse(slot, refusal, now: now) }
        }
    }

    /// Looks at some of the accounts in use, so that no call takes long.
    private mutating func visitActive(now: UInt64) {
        var visits = min(active.count, 512)
        while visits > 0, !active.isEmpty {
            visits -= 1
            if activeCursor >= active.count { activeCursor = 0 }
            let account = Int(active[activeCursor])
            updateBurn(account, now: now)
            let isIdle = now >= accounts[account].lastUsed &+ UInt64(settings.idle.wholeNanoseconds)
            if isIdle, accounts[account].queue.isEmpty {
                if accounts[account].held == 0, accounts[account].free > 0, let window = accounts[account].window {
                    let free = accounts[account].free
                    accounts[account].free = 0
                    emitReturn(accounts[account].key, window, free)
                }
                if accounts[account].free == 0 {
                    accounts[account].isActive = false
                    accounts[account].burnPerSecond = 0
                    accounts[account].lowWater = 0
                    active.swapAt(activeCursor, active.count - 1)
                    active.removeLast()
                    continue
                }
            } else if !isIdle {
                renewInTime(account, now: now)
            }
            activeCursor += 1
        }
    }

    /// Asks ahead of the end of a lease or a window, for accounts in use.
    private mutating func renewInTime(_ account: Int, now: UInt64) {
        guard accounts[account].window != nil, now >= accounts[account].exhaustedUntil else { return }
        let endsSoon = now &+ accounts[account].leaseNanoseconds / 4 >= accounts[account].leaseEnd
        let hasReset = accounts[account].resetAt > 0 && now >= accounts[account].resetAt
        if endsSoon || hasReset { wantMore(account) }
    }

    private mutating func updateBurn(_ account: Int, now: UInt64) {
        let elapsed = now &- accounts[account].mark
        guard now > accounts[account].mark, elapsed >= 100_000_000 else { return }
        let spent = accounts[account].spentSinceMark
        accounts[account].spentSinceMark = 0
        accounts[account].mark = now
        let seconds = Double(elapsed) / 1e9
        let rate = Double(spent) / seconds
        let weight = seconds / (seconds + 1)
        let burn = Double(accounts[account].burnPerSecond) + (rate - Double(accounts[account].burnPerSecond)) * weight
        accounts[account].burnPerSecond = Int64(min(burn, 4e18))
        accounts[account].lowWater = accounts[account].kind == .slots ? 0 : accounts[account].burnPerSecond
    }

    /// When `tick` has something to do: at the latest in 50 ms while any account is in use.
    package func nextWake(now time: MonotonicTime) -> MonotonicTime {
        let now = time.nanoseconds
        var wake: UInt64 = active.isEmpty && openAsks.isEmpty && askable.isEmpty ? .max : now &+ 50_000_000
        for position in openAsks {
            let silence = silenceAt(Int(position))
            if silence > now { wake = min(wake, silence) }
        }
        for position in askable { wake = min(wake, max(now, accounts[Int(position)].askNotBefore)) }
        if arrivalsHead < arrivals.count {
            let id = arrivals[arrivalsHead]
            if slots[Int(id.slot)].generation == id.generation {
                wake = min(wake, max(now, slots[Int(id.slot)].deadline))
            }
        }
        return MonotonicTime(nanoseconds: wake)
    }

    static func nanoseconds(_ milliseconds: Int64) -> UInt64 {
        UInt64(clamping: milliseconds.multipliedSaturating(by: 1_000_000))
    }
}

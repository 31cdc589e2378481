import Shared

/// Requests that do not fit yet.
///
/// A request waits in the queue of each account where it does not fit, by its ticket; it holds nothing meanwhile. When the first of a queue
/// fits in that account it tries all its lines. Where it finds another one taken in between, it queues there and leaves this one, so
/// that one empty key does not stop a whole organization; after `flipsMax` times it keeps its place in all of them, so that it cannot be
/// overtaken for ever.
extension WalletCore {
    /// Puts a request that does not fit into the queues, or refuses it.
    mutating func wait(_ slot: Int, now: UInt64) -> WalletOutcome {
        if let refusal = immediateRefusal(slot, now: now) {
            vacate(slot)
            return .refused(refusal)
        }
        guard waitingCount < settings.waitersMax else {
            let refusal = overloaded(slot)
            vacate(slot)
            return .refused(refusal)
        }
        slots[slot].state = .waiting
        nextTicket += 1
        waitingCount += 1
        slots[slot].deadline = now &+ UInt64(settings.admissionWait.wholeNanoseconds)
        let id = HoldID(slot: UInt32(slot), generation: slots[slot].generation)
        arrivals.append(id)
        _ = queueWhereLacking(slot, now: now)
        return .waits(id)
    }

    /// - Returns: whether it was queued anywhere where it was not before.
    @discardableResult
    private mutating func queueWhereLacking(_ slot: Int, now: UInt64) -> Bool {
        let ticket = slots[slot].ticket
        var queued = false
        var position = slots[slot].firstLine
        while position >= 0 {
            let line = lines[Int(position)]
            if !line.isSoft, !line.isQueued,
                !fits(Int(position), amount: wanted(slot, of: line.account), ticket: ticket, now: now)
            {
                enqueue(slot, line: Int(position), now: now)
                queued = true
            }
            position = line.next
        }
        return queued
    }

    private mutating func enqueue(_ slot: Int, line: Int, now: UInt64) {
        let account = Int(lines[line].account)
        lines[line].isQueued = true
        let ticket = slots[slot].ticket
        var place = accounts[account].queue.count
        while place > 0, slots[Int(accounts[account].queue[place - 1])].ticket > ticket { place -= 1 }
        if place == 0 || accounts[account].queue[place - 1] != Int32(slot) {
            accounts[account].queue.insert(Int32(slot), at: place)
        }
        if place == 0 {
            accounts[account].headTicket = ticket
            headChanged(account, now: now)
        }
    }

    /// Takes a request out of every queue it is in.
    mutating func unqueue(_ slot: Int, now: UInt64) {
        var position = slots[slot].firstLine
        while position >= 0 {
            let line = lines[Int(position)]
            if line.isQueued { leaveQueue(slot, line: Int(position), now: now) }
            position = line.next
        }
    }

    private mutating func leaveQueue(_ slot: Int, line: Int, now: UInt64) {
        lines[line].isQueued = false
        let account = Int(lines[line].account)
        guard let place = accounts[account].queue.firstIndex(of: Int32(slot)) else { return }
        accounts[account].queue.remove(at: place)
        if place == 0 {
            accounts[account].headTicket = accounts[account].queue.first.map { slots[Int($0)].ticket } ?? .max
            if !accounts[account].queue.isEmpty {
                toServe.append(Int32(account))
                headChanged(account, now: now)
            }
        }
    }

    /// All that a request wants of one account.
    func wanted(_ slot: Int, of account: Int32) -> Int64 {
        var sum: Int64 = 0
        var position = slots[slot].firstLine
        while position >= 0 {
            if lines[Int(position)].account == account { sum = sum.addingSaturating(lines[Int(position)].amount) }
            position = lines[Int(position)].next
        }
        return sum
    }

    // MARK: Serving

    /// Lets in whoever fits now, in the accounts where something changed.
    mutating func serveQueues(now: UInt64) {
        while let account = toServe.popLast() { serve(Int(account), now: now) }
    }

    private mutating func serve(_ account: Int, now: UInt64) {
        while let first = accounts[account].queue.first {
            let slot = Int(first)
            guard let line = queuedLine(slot, in: account),
                fits(line, amount: wanted(slot, of: Int32(account)), ticket: slots[slot].ticket, now: now)
            else { return }
            if take(slot, now: now) {
                unqueue(slot, now: now)
                decide(slot, .granted)
                continue
            }
            if let refusal = immediateRefusal(slot, now: now) {
                refuse(slot, refusal, now: now)
                continue
            }
            if queueWhereLacking(slot, now: now) { slots[slot].flips = min(250, slots[slot].flips + 1) }
            if Int(slots[slot].flips) > settings.flipsMax { return }
            leaveQueue(slot, line: line, now: now)
        }
    }

    private func queuedLine(_ slot: Int, in account: Int) -> Int? {
        var position = slots[slot].firstLine
        while position >= 0 {
            if lines[Int(position)].account == Int32(account), lines[Int(position)].isQueued { return Int(position) }
            position = lines[Int(position)].next
        }
        return nil
    }

    private mutating func decide(_ slot: Int, _ state: SlotState) {
        slots[slot].state = state
        waitingCount -= 1
        woken.append(HoldID(slot: UInt32(slot), generation: slots[slot].generation))
    }

    mutating func refuse(_ slot: Int, _ refusal: WalletRefusal, now: UInt64) {
        unqueue(slot, now: now)
        refusals[UInt32(slot)] = refusal
        decide(slot, .refused)
    }

    // MARK: Refusals

    /// The first line that cannot be had by waiting, by what is known now.
    func immediateRefusal(_ slot: Int, now: UInt64) -> WalletRefusal? {
        var position = slots[slot].firstLine
        var index = 0
        while position >= 0 {
            let line = lines[Int(position)]
            if !line.isSoft {
                let account = Int(line.account)
                let amount = wanted(slot, of: line.account)
                if !canBeMet(account, amount: amount, now: now) {
                    if now < accounts[account].exhaustedUntil, amount >= accounts[account].exhaustedAmount {
                        return refusal(.exhausted, account, line: index, now: now)
                    }
                    if now < accounts[account].refuseUntil {
                        return isFallbackOpen(account, now: now)
                            ? refusal(.exhausted, account, line: index, now: now)
                            : refusal(.unavailable, account, line: index, now: now)
                    }
                }
            }
            position = line.next
            index += 1
        }
        return nil
    }

    private func canBeMet(_ account: Int, amount: Int64, now: UInt64) -> Bool {
        let state = accounts[account]
        return amount == 0 || (state.free >= amount && now < state.leaseEnd) || now < state.unknownUntil
            || fallbackRoom(account, now: now) >= amount
    }

    private func isFallbackOpen(_ account: Int, now: UInt64) -> Bool {
        let state = accounts[account]
        return state.isRate && state.outageSince > 0
            && now >= max(state.leaseEnd, state.outageSince &+ UInt64(state.slidingMilliseconds) &* 1_000_000)
    }

    func refusal(_ reason: WalletRefusal.Reason, _ account: Int, line: Int, now: UInt64) -> WalletRefusal {
        let state = accounts[account]
        let reset = state.resetAt > now ? Self.milliseconds(state.resetAt - now) : nil
        var retryAfter: Int64?
        switch reason {
        case .exhausted:
            if isFallbackOpen(account, now: now), now < state.refuseUntil {
                retryAfter = max(1, state.slidingMilliseconds / 10)
            } else {
                retryAfter = state.retryAt > now ? Self.milliseconds(state.retryAt - now) + 1 : reset
            }
        case .unavailable, .busy, .overloaded: retryAfter = 1_000
        }
        return WalletRefusal(
            reason: reason, kind: state.kind, account: state.key, line: line,
            limit: state.hasAnswer ? state.limit : state.snapshotLimit,
            settled: state.kind == .slots ? state.lent : state.settled,
            fits: state.hasAnswer ? state.roomIfAllReturned : 0, resetMilliseconds: reset,
            retryAfterMilliseconds: retryAfter)
    }

    private func overloaded(_ slot: Int) -> WalletRefusal {
        let line = lines[Int(slots[slot].firstLine)]
        return WalletRefusal(
            reason: .overloaded, kind: line.kind, account: line.key, line: 0, limit: 0, settled: 0, fits: 0,
            resetMilliseconds: nil, retryAfterMilliseconds: 1_000)
    }

    /// Which of a request's lines is the one on this account.
    func lineNumber(_ slot: Int, of account: Int) -> Int {
        var position = slots[slot].firstLine
        var index = 0
        while position >= 0 {
            if lines[Int(position)].account == Int32(account) { return index }
            position = lines[Int(position)].next
            index += 1
        }
        return 0
    }

    /// Refuses those who waited as long as they may.
    mutating func refuseOverdue(now: UInt64) {
        while arrivalsHead < arrivals.count {
            let id = arrivals[arrivalsHead]
            let slot = Int(id.slot)
            if slots[slot].generation == id.generation, slots[slot].state == .waiting {
                guard slots[slot].deadline <= now else { break }
                refuseAsBusy(slot, now: now)
            }
            arrivalsHead += 1
        }
        if arrivalsHead == arrivals.count || arrivalsHead > 4_096 {
            arrivals.removeFirst(arrivalsHead)
            arrivalsHead = 0
        }
    }

    /// Names the first allowance that it still waits for.
    mutating func refuseAsBusy(_ slot: Int, now: UInt64) {
        let account = firstQueuedAccount(slot)
        refuse(slot, refusal(.busy, account, line: lineNumber(slot, of: account), now: now), now: now)
    }

    private func firstQueuedAccount(_ slot: Int) -> Int {
        var position = slots[slot].firstLine
        var fallback = 0
        while position >= 0 {
            let line = lines[Int(position)]
            if line.isQueued { return Int(line.account) }
            if !line.isSoft { fallback = Int(line.account) }
            position = line.next
        }
        return fallback
    }
}

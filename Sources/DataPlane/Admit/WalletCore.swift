package import Shared

/// Spends leases: what every request asks before it begins and tells when it ends, and what has to be asked of the ledger for that.
///
/// - Shape: a pure state machine; `Wallet` puts a lock around it. A request's lines lie in a pool as a linked list under one slot, from the
///   moment it comes until it is settled, whether it waits or holds. No step allocates once the pools have grown to the load.
/// - Units: `now` is monotonic; amounts as the kind of the allowance has them.
package struct WalletCore: Sendable {
    struct Line: Sendable {
        var account: Int32
        var next: Int32
        var kind: AllowanceKind
        var isSoft: Bool
        /// Waits in the account's queue.
        var isQueued: Bool
        var key: AccountKey
        var amount: Int64
        var window: AccountWindow
        /// Taken from the fallback share at this time.
        var fallbackMilliseconds: Int64
    }

    enum SlotState: UInt8, Sendable { case vacant, waiting, granted, refused, held, charged }

    struct Slot: Sendable {
        var generation: UInt32 = 0
        var state: SlotState = .vacant
        var flips: UInt8 = 0
        var firstLine: Int32 = -1
        var nextVacant: Int32 = -1
        var ticket: Int64 = 0
        var deadline: UInt64 = 0
    }

    let settings: WalletSettings
    let rules: WalletRules
    var accounts: ContiguousArray<WalletAccount> = []
    var vacantAccounts: [Int32] = []
    var table: AccountTable
    var slots: ContiguousArray<Slot> = []
    private var vacantSlot: Int32 = -1
    var lines: ContiguousArray<Line> = []
    private var vacantLine: Int32 = -1

    // What follows is touched only when somebody waits or asks.
    var refusals: [UInt32: WalletRefusal] = [:]
    /// Waiting requests in the order in which they came; those that are decided already are skipped.
    var arrivals: [HoldID] = []
    var arrivalsHead = 0
    package internal(set) var waitingCount = 0
    var nextTicket: Int64 = 1
    var toServe: [Int32] = []
    package var woken: [HoldID] = []
    var returns: [ReturnRecord] = []
    var returnPositions: [ReturnKey: Int] = [:]
    var askable: [Int32] = []
    var openAsks: [Int32] = []
    var active: [Int32] = []
    var activeCursor = 0
    var nextSequence: Int64 = 1
    var evictionCursor = 0
    var hasEvicted = false
    var fallbackSums: [Int32: SlidingSum] = [:]
    /// How many data planes share a rate while the control plane is away.
    package var liveNodes: Int64 = 1
    /// There is something for the keeper to do now.
    package var needsKeeper = false

    struct ReturnKey: Hashable, Sendable {
        var account: AccountKey
        var window: AccountWindow
    }

    init(settings: WalletSettings = WalletSettings(), seed: UInt64 = 0) {
        self.init(settings: settings, seed: seed, rules: .sound)
    }

    package init(settings: WalletSettings, seed: UInt64, rules: WalletRules) {
        self.settings = settings
        self.rules = rules
        table = AccountTable(seed: seed)
    }

    /// Tickets with this bit are behind all without it, and before an empty queue's.
    private static let lastTickets: Int64 = 1 << 62

    // MARK: Reserve

    /// Takes the worst case of a request from all its allowances, or from none.
    ///
    /// - Parameters:
    ///   - yields: where it waits, everybody who does not yield is before it, whoever came first.
    ///   - held: on `.held`, what the intent record says; emptied otherwise.
    package mutating func reserve(
        _ request: [WalletLine], yields: Bool = false, into held: inout [ReservationLine], now: MonotonicTime
    ) -> WalletOutcome {
        precondition(request.count <= ReservationLine.linesMax)
        let now = now.nanoseconds
        held.removeAll(keepingCapacity: true)
        let slot = vacantOrNewSlot()
        var last: Int32 = -1
        for index in request.indices {
            let wanted = request[index]
            guard let account = accountPosition(of: wanted, now: now) else {
                let refusal = WalletRefusal(
                    reason: .overloaded, kind: wanted.kind, account: wanted.account, line: index,
                    limit: wanted.limit, settled: 0, fits: 0, resetMilliseconds: nil,
                    retryAfterMilliseconds: 1_000)
                vacate(slot)
                return .refused(refusal)
            }
            let line = makeLine(wanted, account: account)
            if last < 0 { slots[slot].firstLine = line } else { lines[Int(last)].next = line }
            last = line
        }
        slots[slot].ticket = yields ? nextTicket | Self.lastTickets : nextTicket
        if take(slot, now: now) {
            slots[slot].state = .held
            listHeld(slot, into: &held)
            return .held(HoldID(slot: UInt32(slot), generation: slots[slot].generation))
        }
        return wait(slot, now: now)
    }

    /// What a request that waited has become.
    package mutating func claim(_ id: HoldID, into held: inout [ReservationLine], now: MonotonicTime) -> WalletOutcome {
        held.removeAll(keepingCapacity: true)
        let slot = slotIndex(id)
        switch slots[slot].state {
        case .waiting:
            return .waits(id)
        case .granted:
            slots[slot].state = .held
            listHeld(slot, into: &held)
            return .held(id)
        case .refused:
            guard let refusal = refusals.removeValue(forKey: id.slot) else {
                preconditionFailure("a refused request has no refusal")
            }
            vacate(slot)
            return .refused(refusal)
        case .held, .charged, .vacant:
            preconditionFailure("a request was claimed twice")
        }
    }

    /// The caller of a waiting request left.
    package mutating func cancel(_ id: HoldID, now: MonotonicTime) {
        let slot = slotIndex(id)
        switch slots[slot].state {
        case .waiting:
            unqueue(slot, now: now.nanoseconds)
            waitingCount -= 1
            vacate(slot)
        case .granted:
            slots[slot].state = .held
            release(id, now: now)
        case .refused:
            refusals[id.slot] = nil
            vacate(slot)
        case .held, .charged, .vacant:
            preconditionFailure("a request was cancelled that does not wait")
        }
        serveQueues(now: now.nanoseconds)
    }

    /// A request waited as long as its route lets it; what became of it is for `claim`. One that was decided meanwhile stays so.
    package mutating func expire(_ id: HoldID, now: MonotonicTime) {
        let slot = slotIndex(id)
        guard slots[slot].state == .waiting else { return }
        refuseAsBusy(slot, now: now.nanoseconds)
        serveQueues(now: now.nanoseconds)
    }

    func isWaiting(_ id: HoldID) -> Bool { slots[slotIndex(id)].state == .waiting }

    // MARK: Settle

    /// Lowers what a line holds, once the request can be seen to need less.
    package mutating func tighten(_ id: HoldID, line wanted: Int, to amount: Int64, now: MonotonicTime) {
        var position = slots[slotIndex(id)].firstLine
        var index = 0
        while position >= 0, index < wanted {
            position = lines[Int(position)].next
            index += 1
        }
        precondition(position >= 0, "no such line")
        let line = lines[Int(position)]
        let surplus = line.amount - max(0, amount)
        // A request counts as one, and slots are held whole.
        guard surplus > 0, line.kind == .money || line.kind == .tokens else { return }
        lines[Int(position)].amount -= surplus
        if line.window != .unleased {
            giveBack(Int(line.account), surplus, window: line.window, now: now.nanoseconds)
        } else if line.fallbackMilliseconds > 0 {
            shrinkFallback(line, by: surplus, now: now.nanoseconds)
        }
        serveQueues(now: now.nanoseconds)
    }

    /// The first half of a request's end: what it took is spent. The rest is nobody's until the charges are written down, because a
    /// crash before that charges up to all that was held.
    ///
    /// - Parameters:
    ///   - charges: emptied, then what the settle record says.
    ///   - actual: what the request took of a line, by the line's number. Asked for money and tokens only.
    package mutating func charge(
        _ id: HoldID, now: MonotonicTime, charges: inout [ChargeLine], actual: (Int, AllowanceKind) -> Int64
    ) {
        charges.removeAll(keepingCapacity: true)
        let slot = slotIndex(id)
        precondition(slots[slot].state == .held, "a request was charged that holds nothing")
        slots[slot].state = .charged
        var position = slots[slot].firstLine
        var index = 0
        while position >= 0 {
            let kind = lines[Int(position)].kind
            if kind == .money || kind == .tokens {
                let charge = spend(Int(position), max(0, actual(index, kind)), now: now.nanoseconds)
                if charge.amount != 0 || charge.debt != 0 { charges.append(charge) }
            }
            position = lines[Int(position)].next
            index &+= 1
        }
    }

    /// The second half: what it did not take is free again.
    package mutating func freeRest(_ id: HoldID, now: MonotonicTime) {
        let slot = slotIndex(id)
        precondition(slots[slot].state == .charged, "a request ended that was not charged")
        var position = slots[slot].firstLine
        while position >= 0 {
            let line = lines[Int(position)]
            if line.kind != .requests, line.window != .unleased, line.amount > 0 {
                giveBack(Int(line.account), line.amount, window: line.window, now: now.nanoseconds)
            }
            position = line.next
        }
        vacate(slot)
        serveQueues(now: now.nanoseconds)
    }

    /// Takes back a reservation of a request that never began, its count included: nothing of it was written down.
    package mutating func release(_ id: HoldID, now: MonotonicTime) {
        let slot = slotIndex(id)
        precondition(slots[slot].state == .held, "a request was released that holds nothing")
        let now = now.nanoseconds
        var position = slots[slot].firstLine
        while position >= 0 {
            let line = lines[Int(position)]
            if line.window != .unleased {
                if line.kind == .requests { unspend(Int(line.account), line.amount) }
                giveBack(Int(line.account), line.amount, window: line.window, now: now)
            } else if line.fallbackMilliseconds > 0 {
                shrinkFallback(line, by: line.amount, now: now)
            }
            position = line.next
        }
        forgetLines(slot)
        vacate(slot)
        serveQueues(now: now)
    }

    /// Splits what was spent into what the lease covers and what it does not; what is left of the line stays held.
    private mutating func spend(_ position: Int, _ spent: Int64, now: UInt64) -> ChargeLine {
        let line = lines[position]
        let account = Int(line.account)
        guard line.window != .unleased else {
            if line.fallbackMilliseconds > 0, spent < line.amount {
                shrinkFallback(line, by: line.amount - spent, now: now)
            }
            return ChargeLine(account: line.key, window: .unleased, amount: spent)
        }
        var covered = min(line.amount, spent)
        var debt = spent - covered
        lines[position].amount -= covered
        let isCurrent = accounts[account].window == line.window
        if isCurrent { accounts[account].held -= covered }
        if debt > 0, isCurrent {
            // What is free was lent to this process as well: the overrun comes out of it before it becomes a debt.
            let more = min(accounts[account].free, debt)
            accounts[account].free -= more
            covered += more
            debt -= more
        }
        accounts[account].spentSinceMark = accounts[account].spentSinceMark.addingSaturating(spent)
        accounts[account].spentSinceAnswer = accounts[account].spentSinceAnswer.addingSaturating(spent)
        accounts[account].lastUsed = now
        return ChargeLine(account: line.key, window: line.window, amount: covered, debt: debt)
    }

    /// What a line held and did not need.
    private mutating func giveBack(_ account: Int, _ amount: Int64, window: AccountWindow, now: UInt64) {
        accounts[account].lastUsed = now
        guard accounts[account].window == window else {
            // Its window is over: nothing new is admitted in it, so the rest goes home.
            emitReturn(accounts[account].key, window, amount)
            return
        }
        if accounts[account].kind != .requests { accounts[account].held -= amount }
        if now < accounts[account].recalledUntil {
            // Somebody waits for it at the ledger, where all queue together.
            emitReturn(accounts[account].key, window, amount)
        } else {
            makeFree(account, amount)
            if !accounts[account].queue.isEmpty { toServe.append(Int32(account)) }
        }
    }

    private mutating func unspend(_ account: Int, _ amount: Int64) {
        accounts[account].spentSinceMark -= min(amount, accounts[account].spentSinceMark)
        accounts[account].spentSinceAnswer -= min(amount, accounts[account].spentSinceAnswer)
    }

    // MARK: Taking

    /// All lines or none.
    mutating func take(_ slot: Int, now: UInt64) -> Bool {
        let ticket = slots[slot].ticket
        var position = slots[slot].firstLine
        while position >= 0 {
            guard takeLine(Int(position), ticket: ticket, now: now) else {
                let failed = position
                position = slots[slot].firstLine
                while position != failed {
                    putBackLine(Int(position), now: now)
                    position = lines[Int(position)].next
                }
                return false
            }
            position = lines[Int(position)].next
        }
        return true
    }

    @inline(__always)
    private mutating func takeLine(_ position: Int, ticket: Int64, now: UInt64) -> Bool {
        if lines[position].isSoft || lines[position].amount == 0 {
            lines[position].window = .unleased
            return true
        }
        let account = Int(lines[position].account)
        let amount = lines[position].amount
        if accounts[account].free >= amount, now < accounts[account].leaseEnd, ticket <= accounts[account].headTicket,
            let window = accounts[account].window
        {
            accounts[account].free -= amount
            if accounts[account].kind == .requests {
                accounts[account].spentSinceMark = accounts[account].spentSinceMark.addingSaturating(amount)
                accounts[account].spentSinceAnswer = accounts[account].spentSinceAnswer.addingSaturating(amount)
            } else {
                accounts[account].held += amount
            }
            lines[position].window = window
            if accounts[account].free < accounts[account].lowWater { runsLow(account) }
            return true
        }
        return takeUnleased(position, account: account, ticket: ticket, now: now)
    }

    private mutating func takeUnleased(_ position: Int, account: Int, ticket: Int64, now: UInt64) -> Bool {
        guard ticket <= accounts[account].headTicket else { return false }
        if now < accounts[account].unknownUntil {
            lines[position].window = .unleased
            return true
        }
        guard fallbackRoom(account, now: now) >= lines[position].amount else { return false }
        lines[position].window = .unleased
        lines[position].fallbackMilliseconds = Self.milliseconds(now)
        let period = accounts[account].slidingMilliseconds
        fallbackSums[Int32(account), default: SlidingSum(periodMilliseconds: period)]
            .add(lines[position].amount, at: Self.milliseconds(now))
        return true
    }

    private mutating func putBackLine(_ position: Int, now: UInt64) {
        let line = lines[position]
        if line.isSoft || line.amount == 0 { return }
        if line.window != .unleased {
            let account = Int(line.account)
            makeFree(account, line.amount)
            if line.kind == .requests { unspend(account, line.amount) } else { accounts[account].held -= line.amount }
        } else if line.fallbackMilliseconds > 0 {
            shrinkFallback(line, by: line.amount, now: now)
            lines[position].fallbackMilliseconds = 0
        }
    }

    /// Whether one line alone could be taken now.
    func fits(_ position: Int, amount: Int64, ticket: Int64, now: UInt64) -> Bool {
        if lines[position].isSoft || amount == 0 { return true }
        let account = Int(lines[position].account)
        guard ticket <= accounts[account].headTicket else { return false }
        if accounts[account].free >= amount, now < accounts[account].leaseEnd { return true }
        return now < accounts[account].unknownUntil || fallbackRoom(account, now: now) >= amount
    }

    // MARK: Fallback

    /// How much of a rate may be spent without the ledger: this node's equal share, in a window of its own.
    ///
    /// It opens a full period after the lease ended and the outage began, whichever is later: by then everything that was spent under leases
    /// has left the window, so that the shares together stay within the limit.
    func fallbackRoom(_ account: Int, now: UInt64) -> Int64 {
        let state = accounts[account]
        guard state.isRate, state.outageSince > 0, now < state.refuseUntil || state.failures > 0 else { return 0 }
        let period = UInt64(state.slidingMilliseconds) &* 1_000_000
        guard now >= max(state.leaseEnd, state.outageSince &+ period) else { return 0 }
        let share = (state.hasAnswer ? state.limit : state.snapshotLimit) / max(1, liveNodes)
        let spent = fallbackSums[Int32(account)]?.total(at: Self.milliseconds(now)) ?? 0
        return max(0, share - spent)
    }

    private mutating func shrinkFallback(_ line: Line, by amount: Int64, now: UInt64) {
        _ = fallbackSums[line.account]?
            .remove(amount, addedAt: line.fallbackMilliseconds, at: Self.milliseconds(now))
    }

    static func milliseconds(_ nanoseconds: UInt64) -> Int64 { Int64(nanoseconds / 1_000_000) }

    // MARK: Figures

    /// The tightest limits on requests and on tokens of a request, as they are now.
    package func rateFigures(_ id: HoldID, now: MonotonicTime) -> RateFigures {
        var figures = RateFigures()
        var position = slots[slotIndex(id)].firstLine
        while position >= 0 {
            let line = lines[Int(position)]
            position = line.next
            if !line.isSoft { figures.add(rateFigure(Int(line.account)), of: line.kind) }
        }
        return figures
    }

    /// The same for a request that was not let in.
    package func rateFigures(of request: [WalletLine]) -> RateFigures {
        var figures = RateFigures()
        for line in request where !line.isSoft {
            guard let account = table.find(line.account, in: accounts) else { continue }
            figures.add(rateFigure(account), of: line.kind)
        }
        return figures
    }

    private func rateFigure(_ position: Int) -> RateFigure {
        let account = accounts[position]
        let limit = account.hasAnswer ? account.limit : account.snapshotLimit
        let spent = account.settled.addingSaturating(account.unapplied).addingSaturating(account.spentSinceAnswer)
        let used = spent.addingSaturating(account.held)
        let remaining = max(0, limit.subtractingSaturating(used))
        return RateFigure(
            limit: limit, remaining: remaining, resetMilliseconds: remaining < limit ? account.slidingMilliseconds : 0)
    }

    /// What it has of an account in the current window; nil when there is none.
    package func standing(of key: AccountKey) -> (window: AccountWindow, free: Int64, held: Int64)? {
        guard let account = table.find(key, in: accounts), let window = accounts[account].window else { return nil }
        return (window, accounts[account].free, accounts[account].held)
    }

    // MARK: Pools

    /// Inlined, because a call that does not change the state would get a copy of it, of some hundred bytes.
    @inline(__always)
    func slotIndex(_ id: HoldID) -> Int {
        let slot = Int(id.slot)
        precondition(
            slot < slots.count && slots[slot].generation == id.generation && slots[slot].state != .vacant,
            "a reservation was used after it ended")
        return slot
    }

    private mutating func vacantOrNewSlot() -> Int {
        if vacantSlot >= 0 {
            let slot = Int(vacantSlot)
            vacantSlot = slots[slot].nextVacant
            return slot
        }
        slots.append(Slot())
        return slots.count - 1
    }

    /// Frees a slot with its lines. What they held must have been put somewhere before.
    mutating func vacate(_ slot: Int) {
        forgetLines(slot)
        slots[slot].state = .vacant
        slots[slot].flips = 0
        slots[slot].generation &+= 1
        slots[slot].nextVacant = vacantSlot
        vacantSlot = Int32(slot)
    }

    private mutating func makeLine(_ line: borrowing WalletLine, account: Int) -> Int32 {
        let made = Line(
            account: Int32(account), next: -1, kind: line.kind, isSoft: line.isSoft, isQueued: false, key: line.account,
            amount: max(0, line.amount), window: .unleased, fallbackMilliseconds: 0)
        if !line.isSoft { accounts[account].lines += 1 }
        if vacantLine >= 0 {
            let position = vacantLine
            vacantLine = lines[Int(position)].next
            lines[Int(position)] = made
            return position
        }
        lines.append(made)
        return Int32(lines.count - 1)
    }

    private mutating func forgetLines(_ slot: Int) {
        var position = slots[slot].firstLine
        while position >= 0 {
            let next = lines[Int(position)].next
            if !lines[Int(position)].isSoft { accounts[Int(lines[Int(position)].account)].lines -= 1 }
            lines[Int(position)].next = vacantLine
            vacantLine = position
            position = next
        }
        slots[slot].firstLine = -1
    }

    /// Inlined as `slotIndex` is.
    @inline(__always)
    private func listHeld(_ slot: Int, into held: inout [ReservationLine]) {
        var position = slots[slot].firstLine
        while position >= 0 {
            let line = lines[Int(position)]
            held.append(ReservationLine(kind: line.kind, account: line.key, window: line.window, amount: line.amount))
            position = line.next
        }
    }

    // MARK: Giving back

    mutating func emitReturn(_ account: AccountKey, _ window: AccountWindow, _ amount: Int64) {
        guard amount > 0 else { return }
        needsKeeper = true
        let key = ReturnKey(account: account, window: window)
        if let position = returnPositions[key] {
            returns[position].amount += amount
        } else {
            returnPositions[key] = returns.count
            returns.append(ReturnRecord(account: account, window: window, amount: amount))
        }
    }
}

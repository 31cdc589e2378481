import Shared

/// Those who wait for a slot of one target: who is next, and who is turned away when there is no more room to wait.
///
/// - Shape: pure. Between classes the higher one goes first, but a class that waits is passed over so often at most (`passesMax`): while it
///   waits, one of four turns is for `normal` and one of sixteen for `low`. Within a class the keys take turns, and each key's requests go in
///   their order. So neither a busy class nor a busy key keeps another one out.
/// - Bound: `countMax` entries. Who comes when that is reached takes the place of the newest of the lowest class that waits, of the key with
///   the most there, or is turned away if that would be itself.
/// - Cost: entries and lanes lie in arrays that are used again, linked by index; nothing is searched but the lanes of one class at the bound.
struct AdmissionQueue<Waiter> {
    /// Names an entry, also after it is gone.
    struct Ticket: Equatable {
        fileprivate let index: Int
        fileprivate let generation: UInt32
    }

    enum Arrival {
        case queued(Ticket)
        /// In the place of another one, which is out.
        case displacing(Waiter, Ticket)
        case turnedAway
    }

    private struct Entry {
        var waiter: Waiter?
        var deadline = MonotonicTime.distantFuture
        var generation: UInt32 = 0
        var lane = -1
        var before = -1
        /// Of the lane; of the free entries, where it is free.
        var after = -1
        /// Rises from entry to entry.
        var number: UInt64 = 0
    }

    /// The requests of one key in one class.
    private struct Lane {
        var name = LaneName(key: VirtualKeyID(high: 0, low: 0), priority: .normal)
        var first = -1
        var last = -1
        var count = 0
        /// Around the ring of its class; of the free lanes, where it is free.
        var before = -1
        var after = -1
    }

    private struct LaneName: Hashable {
        var key: VirtualKeyID
        var priority: KeyPriority
    }

    private struct Line {
        /// Whose turn is next; -1: nobody waits.
        var next = -1
        /// Turns that others had while this class waited.
        var passes = 0
    }

    /// By rank: so many turns in a row go to others while somebody of the class waits.
    static var passesMax: [Int] { [.max, 3, 15] }

    var countMax: Int
    private(set) var count = 0
    private var entries: [Entry] = []
    private var freeEntry = -1
    private var lanes: [Lane] = []
    private var freeLane = -1
    private var laneNamed: [LaneName: Int] = [:]
    private var lines = [Line](repeating: Line(), count: KeyPriority.allCases.count)
    private var arrivals: UInt64 = 0
    private let passesMax = Self.passesMax

    init(countMax: Int) { self.countMax = countMax }

    // MARK: Coming and going

    /// - Parameter deadline: from then on `next` passes it over.
    mutating func arrive(
        _ waiter: Waiter, of key: VirtualKeyID, _ priority: KeyPriority, until deadline: MonotonicTime
    ) -> Arrival {
        let name = LaneName(key: key, priority: priority)
        var displaced: Waiter?
        if count >= countMax {
            guard let last = displaceable(by: name) else { return .turnedAway }
            displaced = take(last)
        }
        let index = newEntry()
        arrivals += 1
        let lane = laneNamed[name] ?? newLane(name)
        entries[index].waiter = waiter
        entries[index].deadline = deadline
        entries[index].lane = lane
        entries[index].number = arrivals
        entries[index].before = lanes[lane].last
        entries[index].after = -1
        if lanes[lane].last >= 0 { entries[lanes[lane].last].after = index } else { lanes[lane].first = index }
        lanes[lane].last = index
        lanes[lane].count += 1
        count += 1
        let ticket = Ticket(index: index, generation: entries[index].generation)
        if let displaced { return .displacing(displaced, ticket) }
        return .queued(ticket)
    }

    /// The one whose turn it is, which is out with that. Those whose time is over are passed over, and are out as well.
    mutating func next(at now: MonotonicTime) -> Waiter? {
        while let rank = rankInTurn {
            let lane = lines[rank].next
            let index = lanes[lane].first
            let isOver = entries[index].deadline <= now
            // The next key's turn, unless this was the only one: then its lane may be gone.
            if !isOver { lines[rank].next = lanes[lane].after }
            let waiter = take(index)
            if isOver { continue }
            countPasses(of: rank)
            return waiter
        }
        return nil
    }

    /// False: it was out already.
    mutating func leave(_ ticket: Ticket) -> Bool {
        guard entries[ticket.index].generation == ticket.generation, entries[ticket.index].waiter != nil else {
            return false
        }
        _ = take(ticket.index)
        return true
    }

    // MARK: Turns

    private var rankInTurn: Int? {
        // From the lowest: who has been passed over longest by rule comes first.
        for rank in lines.indices.reversed() where lines[rank].next >= 0 && lines[rank].passes >= passesMax[rank] {
            return rank
        }
        return lines.indices.first { lines[$0].next >= 0 }
    }

    private mutating func countPasses(of served: Int) {
        for rank in lines.indices {
            if rank == served || lines[rank].next < 0 { lines[rank].passes = 0 } else { lines[rank].passes += 1 }
        }
    }

    // MARK: The bound

    /// Who makes room for a newcomer: nil where that is the newcomer itself.
    private func displaceable(by name: LaneName) -> Int? {
        guard countMax > 0, let lowest = lines.lastIndex(where: { $0.next >= 0 }), lowest >= name.priority.rank else {
            return nil
        }
        var longest = lines[lowest].next
        var lane = lanes[longest].after
        while lane != lines[lowest].next {
            let (a, b) = (lanes[lane], lanes[longest])
            if a.count > b.count || a.count == b.count && entries[a.last].number > entries[b.last].number {
                longest = lane
            }
            lane = lanes[lane].after
        }
        if lowest == name.priority.rank {
            // With the newcomer, its own key must not be the one with the most.
            let own = laneNamed[name].map { lanes[$0].count } ?? 0
            guard own + 1 < lanes[longest].count else { return nil }
        }
        return lanes[longest].last
    }

    // MARK: Links

    /// Takes an entry out, and its lane with the last of it.
    private mutating func take(_ index: Int) -> Waiter? {
        let entry = entries[index]
        let lane = entry.lane
        if entry.before >= 0 { entries[entry.before].after = entry.after } else { lanes[lane].first = entry.after }
        if entry.after >= 0 { entries[entry.after].before = entry.before } else { lanes[lane].last = entry.before }
        lanes[lane].count -= 1
        count -= 1
        if lanes[lane].count == 0 { drop(lane) }
        entries[index].waiter = nil
        entries[index].generation &+= 1
        entries[index].after = freeEntry
        freeEntry = index
        return entry.waiter
    }

    private mutating func newEntry() -> Int {
        guard freeEntry >= 0 else {
            entries.append(Entry())
            return entries.count - 1
        }
        defer { freeEntry = entries[freeEntry].after }
        return freeEntry
    }

    /// A new key's turn comes when all that wait have had theirs.
    private mutating func newLane(_ name: LaneName) -> Int {
        let index: Int
        if freeLane >= 0 {
            index = freeLane
            freeLane = lanes[index].after
        } else {
            index = lanes.count
            lanes.append(Lane())
        }
        let rank = name.priority.rank
        let next = lines[rank].next
        lanes[index] = Lane(name: name)
        if next >= 0 {
            let last = lanes[next].before
            lanes[index].before = last
            lanes[index].after = next
            lanes[last].after = index
            lanes[next].before = index
        } else {
            lanes[index].before = index
            lanes[index].after = index
            lines[rank].next = index
            lines[rank].passes = 0
        }
        laneNamed[name] = index
        return index
    }

    private mutating func drop(_ lane: Int) {
        let (before, after) = (lanes[lane].before, lanes[lane].after)
        let rank = lanes[lane].name.priority.rank
        lanes[before].after = after
        lanes[after].before = before
        if lines[rank].next == lane { lines[rank].next = after == lane ? -1 : after }
        laneNamed[lanes[lane].name] = nil
        lanes[lane].after = freeLane
        freeLane = lane
    }
}

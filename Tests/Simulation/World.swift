import ControlPlane
import DataPlane
import Shared

/// A fleet on one thread: the real ledger and the real wallets, with journals, a network, clocks and faults that are simulated.
///
/// Every event is a step; after every step the books are checked against what really happened (`World+Checks`). The same seed gives the
/// same run.
package struct World {
    static let millisecond: UInt64 = 1_000_000
    static let second: UInt64 = 1_000_000_000

    var random: SeededRandom
    let rule: BrokenRule
    var now: UInt64 = 0
    package private(set) var steps = 0
    var queue = EventQueue<SimEvent>()

    // MARK: The control plane
    var ledger: LeaseLedger
    var allowances: [SimAllowance] = []
    /// Records of a stream that were applied.
    var applied: [StreamID: Int] = [:]
    var isDatabaseUp = true
    /// The database's clock less the simulated time.
    var databaseOffset: Int64 = 1_700_000_000_000
    var controlsUp: [Bool] = [true, true]
    var heldCalls: [Int: SimCall] = [:]
    var callCount = 0

    // MARK: The data planes
    var nodes: [SimNode] = []
    var requestCount = 0
    var areFaultsOn = true
    var isLoadOn = true
    var loss = 0.01

    // MARK: What really happened
    /// Held by requests under way, and in journals but not applied: per holder.
    var held: [LeaseHolder: [HoldingKey: Int64]] = [:]
    var unapplied: [LeaseHolder: [HoldingKey: Int64]] = [:]
    var billed: [HoldingKey: Int64] = [:]
    var largestLimit: [HoldingKey: Int64] = [:]
    var events: [HoldingKey: Int64] = [:]
    var recentSpends: [AccountKey: SlidingTruth] = [:]
    var before: [HoldingKey: WindowBefore] = [:]
    var touchesLedger = false
    var touchedNode: Int?
    var lastChange: [AccountKey: UInt64] = [:]
    var firstSeen: [HoldingKey: UInt64] = [:]
    var probesAdmitted = 0
    var longestWait: UInt64 = 0
    var probeRefusals: [String] = []
    package internal(set) var violations: [String] = []
    package internal(set) var figures = WorldFigures()

    package init(seed: UInt64, rule: BrokenRule = .none) {
        random = SeededRandom(seed: seed)
        self.rule = rule
        ledger = LeaseLedger(schedule: Self.shortDays, rules: rule.ledger)
        makeAllowances()
        let count = Int.random(in: 3...6, using: &random)
        for index in 0..<count {
            nodes.append(SimNode(id: newID()))
            start(index)
            queue.push(.arrival(node: index), at: Self.millisecond * UInt64(index))
        }
        queue.push(.fault, at: Self.second)
    }

    /// Calendar windows of a minute, so that a run sees many.
    private static let shortDays = WindowSchedule { _, _, milliseconds in
        let start = milliseconds / 60_000 * 60
        return WindowSchedule.Span(
            window: AccountWindow(startUnixSeconds: start), endUnixMilliseconds: (start + 60) * 1_000)
    }

    private mutating func makeAllowances() {
        let day = LedgerPeriod.calendar(.day, timeZone: "UTC")
        func limit(_ least: Int64, _ most: Int64) -> Int64 { Int64.random(in: least...most, using: &random) }
        let all: [(AllowanceKind, LedgerPeriod, Int64, Int, Bool, Int64)] = [
            (.money, .total, limit(200_000, 2_000_000), 0, false, 3_000),
            (.money, day, limit(20_000, 200_000), 0, false, 3_000),
            (.money, .sliding(seconds: 30), limit(20_000, 100_000), 0, false, 3_000),
            (.money, day, limit(4_000, 20_000), 6, false, 3_000),
            (.tokens, .sliding(seconds: 10), limit(5_000, 60_000), 0, false, 2_000),
            (.requests, .sliding(seconds: 10), limit(20, 300), 0, false, 1),
            (.requests, .sliding(seconds: 60), limit(50, 1_000), 0, false, 1),
            (.slots, .total, limit(2, 40), 0, false, 1),
            (.money, day, 1_000, 0, true, 3_000),
        ]
        for (kind, period, limit, users, soft, worst) in all {
            let allowance = SimAllowance(
                id: newID(), terms: LedgerTerms(kind: kind, period: period, limit: limit), endUsers: users,
                isSoft: soft,
                worst: worst)
            allowances.append(allowance)
            ledger.setAllowance(allowance.id, allowance.terms, now: databaseNow)
        }
    }

    mutating func newID() -> ObjectID { ObjectID(high: random.next(), low: random.next()) }

    var databaseNow: Int64 { Int64(now / Self.millisecond) + databaseOffset }

    mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }

    // MARK: Running

    /// Runs so many steps, or until something is wrong.
    package mutating func run(steps wanted: Int) {
        while steps < wanted, violations.isEmpty, step() {}
    }

    /// Runs until nothing happens before `time`.
    mutating func run(until time: UInt64) {
        while violations.isEmpty, let next = queue.nextTime, next <= time { _ = step() }
        now = max(now, time)
    }

    private mutating func step() -> Bool {
        guard let (time, event) = queue.pop() else { return false }
        now = max(now, time)
        // Another tick was due before this one, and has set the next.
        if case .tick(let node, _) = event, nodes[node].process?.nextTick != time { return true }
        steps += 1
        touchesLedger = false
        touchedNode = nil
        perform(event)
        check()
        return true
    }

    private mutating func perform(_ event: SimEvent) {
        switch event {
        case .arrival(let node): arrive(node)
        case .done(let node, let incarnation, let id): if isAlive(node, incarnation) { finish(node, id) }
        case .tighten(let node, let incarnation, let id): if isAlive(node, incarnation) { tighten(node, id) }
        case .leave(let node, let incarnation, let id): if isAlive(node, incarnation) { leave(node, id) }
        case .tick(let node, let incarnation): if isAlive(node, incarnation) { tick(node) }
        case .ship(let node): ship(node)
        case .shipTimeout(let node, let stream, let first): shipTimeout(node, stream, first: first)
        case .call(let call): serve(call)
        case .answer(let node, let incarnation, let number, let answer):
            if isAlive(node, incarnation) { receive(node, number, answer) }
        case .callTimeout(let node, let incarnation, let number):
            if isAlive(node, incarnation) { receive(node, number, nil) }
        case .retryHeld(let number): retryHeld(number)
        case .batch(let node, let stream, let first, let records, let control):
            apply(records, of: stream, first: first, node: node, control: control)
        case .acknowledged(let node, let stream, let next): acknowledged(node, stream, next: next)
        case .recall(let node, let incarnation, let recall): if isAlive(node, incarnation) { recalled(node, recall) }
        case .fault: fault()
        case .start(let node): if nodes[node].process == nil { start(node) }
        case .heal(let node): nodes[node].isCut = false
        case .controlUp(let control): controlsUp[control] = true
        case .databaseUp: isDatabaseUp = true
        }
    }

    func isAlive(_ node: Int, _ incarnation: ObjectID) -> Bool { nodes[node].process?.incarnation == incarnation }

    // MARK: Network

    /// Sends something over the network between a node and the control plane: late, twice, out of order, or not at all.
    mutating func send(_ event: SimEvent, node: Int) {
        if areFaultsOn, nodes[node].isCut || chance(loss) { return }
        queue.push(event, at: now + delay())
        if areFaultsOn, chance(0.01) { queue.push(event, at: now + delay()) }
    }

    private mutating func delay() -> UInt64 {
        if areFaultsOn, chance(0.01) { return UInt64.random(in: 0...(3 * Self.second), using: &random) }
        return UInt64.random(in: (Self.millisecond / 5)...(3 * Self.millisecond), using: &random)
    }
}

package struct WorldFigures: Sendable {
    package var requests = 0
    package var admitted = 0
    package var exhausted = 0
    package var unavailable = 0
    package var busy = 0
    package var overloaded = 0
    package var asks = 0
    package var crashes = 0
    package var removed = 0
    package var writtenOff = 0
    package var debts = 0
    package var waited = 0
    package var falseRefusals = 0

    package init() {}
}

import Shared
import Synchronization

/// How much memory the buffers of all loops may hold before new work is refused.
///
/// - Shape: a bound for what begins, not for what is under way: that is bounded for each connection, and is never cut for the
///   memory of others. The other half of the machine's memory is what it may still grow into.
/// - Units: bytes.
///
/// Concurrency: for any loop. Each loop counts in a cell of its own; here they are only added up.
final class MemoryBudget: Sendable {
    let limit: Int
    private let cells = Mutex<[GaugeCell]>([])

    /// - Parameter limit: 0 takes half of what the machine, or the control group, gives.
    init(limit: Int) { self.limit = limit > 0 ? limit : MachineMemory.limitBytes() / 2 }

    func count(_ cell: GaugeCell) { cells.withLock { $0.append(cell) } }

    var held: Int { cells.withLock { $0.reduce(0) { $0 + Int($1.current) } } }
}

/// The budget as one loop sees it.
///
/// Concurrency: belongs to its loop.
final class LoopMemory {
    private let budget: MemoryBudget
    private let cell: GaugeCell
    /// True from one look to the next while the limit is reached.
    private(set) var isShort = false

    /// What a connection costs besides its buffers: its objects and its task. Measured, see docs/decisions/0016.
    static let connectionBytes = 12 * 1024
    /// More than this is asked for by name. Smaller needs are seen by the next look: what a loop can take until then is bounded
    /// by how many requests it can begin.
    private static let smallBytes = 64 * 1024

    init(_ budget: MemoryBudget, counting cell: GaugeCell) {
        self.budget = budget
        self.cell = cell
        budget.count(cell)
    }

    /// Ten times a second: a request does not read what other loops write.
    func look() { isShort = budget.held >= budget.limit }

    /// Whether something may begin that needs so much.
    func admits(_ bytes: Int) -> Bool {
        if bytes > Self.smallBytes { return budget.held + bytes <= budget.limit }
        return !isShort
    }

    func connectionOpened() { cell.add(Int64(Self.connectionBytes)) }
    func connectionClosed() { cell.add(-Int64(Self.connectionBytes)) }
}

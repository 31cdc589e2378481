import CLinux
import Synchronization

/// What an event loop says of itself while it runs: whether it waits or works, and how it spent its time.
///
/// - Units: nanoseconds of the monotonic clock.
/// - Shape: the padding keeps the numbers on cache lines of their own, because the loop writes them at each turn.
///
/// Concurrency: written by its loop only, with plain loads and stores; read by anybody. `takeLongestTurn` may lose a turn that ends at the
/// same moment.
public final class LoopPulse: Sendable {
    private let front: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
    /// When the turn began that is under way; 0 while the loop waits.
    private let begun = Atomic<UInt64>(0)
    private let turnCount = Atomic<UInt64>(0)
    private let busy = Atomic<UInt64>(0)
    private let longest = Atomic<UInt64>(0)
    /// The kernel's number of the loop's thread; 0 before it runs.
    private let thread = Atomic<Int32>(0)
    private let back: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)

    public init() {}

    // MARK: The loop

    func threadStarted() { thread.store(weir_thread_id(), ordering: .relaxed) }

    @inline(__always)
    public func turnBegan(at nanoseconds: UInt64) { begun.store(nanoseconds, ordering: .relaxed) }

    @inline(__always)
    public func turnEnded(at nanoseconds: UInt64) {
        let length = nanoseconds &- begun.load(ordering: .relaxed)
        begun.store(0, ordering: .relaxed)
        turnCount.store(turnCount.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        busy.store(busy.load(ordering: .relaxed) &+ length, ordering: .relaxed)
        if length > longest.load(ordering: .relaxed) { longest.store(length, ordering: .relaxed) }
    }

    // MARK: Anybody

    /// When the turn began that is under way; nil while the loop waits for events.
    public var turnBegan: UInt64? {
        let began = begun.load(ordering: .relaxed)
        return began == 0 ? nil : began
    }

    public var turns: UInt64 { turnCount.load(ordering: .relaxed) }
    public var busyNanoseconds: UInt64 { busy.load(ordering: .relaxed) }

    /// The longest turn since the last call.
    public func takeLongestTurn() -> UInt64 { longest.exchange(0, ordering: .relaxed) }

    /// What the kernel says the thread is doing: `R` computes, `D` waits for a disk, `S` sleeps, `T` is stopped. nil: not known.
    public var threadState: String? {
        let id = thread.load(ordering: .relaxed)
        guard id > 0, let bytes = try? SmallFile.read("/proc/self/task/\(id)/stat") else { return nil }
        // The name stands in parentheses and may hold anything.
        return String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ").first.map(
            String.init)
    }
}

import Glibc

/// What a timer wakes. One entry serves its owner for life: arming it again is a store.
public class TimerEntry {
    /// When it should fire; `.max` when it should not.
    fileprivate(set) var deadline = UInt64.max
    /// The time it is filed under, never later than `deadline` while it is in the heap.
    fileprivate var filed = UInt64.max
    fileprivate var position = -1

    init() {}
    func timerFired() {}
}

/// The pending timers of one loop, earliest first.
///
/// Most deadlines are moved into the future long before they come (a connection's idle deadline moves with every request),
/// so moving one later only stores it: the entry finds out when its old time comes, and files itself again. Only an
/// earlier deadline moves the entry at once.
@safe struct TimerHeap {
    private var entries: [Unmanaged<TimerEntry>] = unsafe []

    var earliest: UInt64? { unsafe entries.first.map { unsafe $0._withUnsafeGuaranteedRef { $0.filed } } }

    @inline(__always)
    mutating func arm(_ entry: TimerEntry, at deadline: UInt64) {
        entry.deadline = deadline
        if entry.position >= 0, entry.filed <= deadline { return }
        file(entry)
    }

    mutating func remove(_ entry: TimerEntry) {
        entry.deadline = .max
        let position = entry.position
        guard position >= 0 else { return }
        entry.position = -1
        let last = unsafe entries.removeLast()
        if unsafe position < entries.count {
            unsafe place(last, at: position)
            siftDown(from: position)
            siftUp(from: position)
        }
    }

    /// Takes the next entry that is due out of the heap; nil when none is. One at a time, because an entry may arm itself
    /// or others when it fires.
    mutating func popDue(at now: UInt64) -> TimerEntry? {
        while let first = unsafe entries.first, unsafe first._withUnsafeGuaranteedRef({ $0.filed }) <= now {
            let entry = unsafe first.takeUnretainedValue()
            if entry.deadline <= now {
                remove(entry)
                return entry
            }
            if entry.deadline == .max {
                remove(entry)
            } else {
                entry.filed = entry.deadline
                siftDown(from: 0)
            }
        }
        return nil
    }

    private mutating func file(_ entry: TimerEntry) {
        entry.filed = entry.deadline
        if entry.position < 0 {
            guard entry.deadline != .max else { return }
            unsafe entries.append(Unmanaged.passUnretained(entry))
            entry.position = unsafe entries.count - 1
        }
        siftUp(from: entry.position)
    }

    private func filed(_ index: Int) -> UInt64 { unsafe entries[index]._withUnsafeGuaranteedRef { $0.filed } }

    private mutating func place(_ entry: Unmanaged<TimerEntry>, at index: Int) {
        unsafe entries[index] = unsafe entry
        unsafe entry._withUnsafeGuaranteedRef { $0.position = index }
    }

    private mutating func siftUp(from start: Int) {
        var index = start
        let moving = unsafe entries[index]
        let key = filed(index)
        while index > 0 {
            let parent = (index - 1) / 2
            guard filed(parent) > key else { break }
            unsafe place(entries[parent], at: index)
            index = parent
        }
        unsafe place(moving, at: index)
    }

    private mutating func siftDown(from start: Int) {
        var index = start
        let moving = unsafe entries[index]
        let key = filed(index)
        while true {
            var child = index * 2 + 1
            guard unsafe child < entries.count else { break }
            if unsafe child + 1 < entries.count, filed(child + 1) < filed(child) { child += 1 }
            guard filed(child) < key else { break }
            unsafe place(entries[child], at: index)
            index = child
        }
        unsafe place(moving, at: index)
    }
}

/// A timer of one loop: calls `fire` once for each time it is armed.
@safe public final class LoopTimer: TimerEntry {
    private let loop: EventLoop
    private let fire: () -> Void
    private var sleeper: UnsafeContinuation<Void, Never>?

    public init(on loop: EventLoop, _ fire: @escaping () -> Void) {
        self.loop = loop
        self.fire = fire
    }

    deinit { loop.disarm(self) }

    /// Replaces an earlier arming.
    public func arm(after duration: Duration) {
        loop.arm(self, at: loop.currentNanoseconds &+ duration.clampedNanoseconds)
    }

    public func cancel() { loop.disarm(self) }

    override func timerFired() {
        if let sleeper = unsafe sleeper {
            unsafe self.sleeper = nil
            unsafe sleeper.resume()
        } else {
            fire()
        }
    }

    /// Timers fire behind the descriptors of a turn, so one that is due already lets all of them go first.
    func fireInNextTurn() async {
        unsafe await withUnsafeContinuation { continuation in
            unsafe sleeper = unsafe continuation
            arm(after: .zero)
        }
    }

    func fireOnce(after duration: Duration) async {
        guard duration > .zero else { return await Task.yield() }
        unsafe await withUnsafeContinuation { continuation in
            unsafe sleeper = unsafe continuation
            // The turn's own time may lie behind by what the turn has computed since.
            _ = loop.refreshedNow()
            arm(after: duration)
        }
    }
}

extension Duration {
    /// Nanoseconds from now on; 0 for what lies in the past.
    var clampedNanoseconds: UInt64 { UInt64(max(0, wholeNanoseconds)) }
}

/// A number that only rises, and tasks of one loop that wait for it to rise.
public final class LevelSignal {
    private let loop: EventLoop
    public private(set) var level: UInt64 = 0
    private var waiters: [Waiter] = []

    @safe private final class Waiter: TimerEntry {
        var continuation: UnsafeContinuation<Void, Never>?
        func resume() {
            let waiting = unsafe continuation
            unsafe continuation = nil
            unsafe waiting?.resume()
        }
        override func timerFired() { resume() }
    }

    public init(on loop: EventLoop) { self.loop = loop }

    public func raise(to newLevel: UInt64) {
        guard newLevel > level else { return }
        level = newLevel
        let woken = waiters
        waiters.removeAll()
        for waiter in woken { waiter.resume() }
    }

    /// One level up.
    public func raise() { raise(to: level + 1) }

    /// Returns the level once it is above `threshold`, or what it is when the time is over.
    public func wait(beyond threshold: UInt64, timeout: Duration) async -> UInt64 {
        let end = loop.refreshedNow().nanoseconds &+ timeout.clampedNanoseconds
        while level <= threshold, loop.currentNanoseconds < end {
            let waiter = Waiter()
            unsafe await withUnsafeContinuation { continuation in
                // Looked at again here: other tasks may have run, and raised it, between the look above and this closure.
                if level > threshold { return unsafe continuation.resume() }
                unsafe waiter.continuation = unsafe continuation
                waiters.append(waiter)
                loop.arm(waiter, at: end)
            }
            loop.disarm(waiter)
            waiters.removeAll { $0 === waiter }
        }
        return level
    }
}

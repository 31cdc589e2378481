import CLinux
import Glibc
import Synchronization

/// One thread that waits for descriptors and runs the tasks that live on it.
///
/// A task started with `spawn` prefers this loop as its executor, so that every continuation resumes on this thread: no
/// lock, no hop, no thread pool. The isolation that the compiler checks is `actor`.
///
/// Concurrency: `inbox`, `isAwake` and `thread` are for any thread; all else belongs to the loop's thread. That is what makes
/// `@unchecked Sendable` true.
@safe public final class EventLoop: TaskExecutor, @unchecked Sendable {
    public let name: String
    /// The memory of this loop's buffers. Only on the loop.
    public let buffers = BufferPool()
    /// What answers of this loop have as their date. Only on the loop.
    public let dateText = HTTPDateText()
    /// The static isolation of everything that lives on this loop.
    public private(set) var actor: LoopActor! = nil
    private(set) var serialExecutor: LoopSerialExecutor! = nil

    private let epoll: Int32
    private let wakeDescriptor: Int32
    /// Written by the loop's thread before it runs the first job. Others may ask before and after that, and learn the same.
    private let thread = Atomic<pthread_t>(0)
    private var handle: pthread_t?
    private let inbox = Mutex<Inbox>(Inbox())
    /// Set while a wake-up is under way, so that many posts cost one write.
    private let isAwake = Atomic<Bool>(false)
    private var isStopping = false

    private var runQueue = Ring<LoopJob>(capacity: 256)
    private var sources: [SourceSlot] = []
    private var timers = TimerHeap()
    /// Connections that are patient and have something to be taken, each retained once: they come after everybody else.
    private var line = unsafe Ring<Unmanaged<Connection>>(capacity: 64)
    /// So many of the line have their turn together, or as many as there was else to do: neither keeps the other waiting.
    private static let lineShareMin = 4
    /// What arrived on such connections in this turn.
    private(set) var arrivals = 0
    /// Where they wait for the end of an interval; nil: they never do.
    private var patient: PatientDescriptors?
    /// The thread was willing to sleep before this turn: who polls has not slept.
    private var mayHaveSlept = false
    /// A look at the kernel's list that took longer has waited for it.
    var lookNanosecondsMax: UInt64 = 10_000
    private var nowNanoseconds: UInt64 = weir_monotonic_ns()
    private var liveTasks = 0
    /// Connections whose output waits for the end of this turn, each retained once.
    private var owing: [Unmanaged<Connection>] = unsafe []
    /// As many wait for each other at most: what a sending has in common with the one before it, it has with the first dozen.
    private static let owingMax = 32

    /// Polls this long with an empty run queue before it sleeps; see `spin_us` in docs/configuration.md.
    public var spinNanoseconds: UInt64 = 0

    /// What other threads may see of the loop.
    public let pulse = LoopPulse()

    private struct Inbox {
        var jobs: [LoopJob] = []
        var work: [@Sendable () -> Void] = []
    }

    @safe private struct SourceSlot {
        var source: Unmanaged<EventSource>?
        var generation: UInt32 = 0
    }

    /// - Parameter gatherNanoseconds: how long arrivals may wait on connections that are patient, where they wake the loop more often than that;
    ///   0: not at all.
    public init(name: String, gatherNanoseconds: UInt64 = 0) throws(SystemError) {
        self.name = name
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError("epoll_create1") }
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeDescriptor >= 0 else {
            let error = SystemError("eventfd")
            close(epoll)
            throw error
        }
        serialExecutor = LoopSerialExecutor(self)
        actor = LoopActor(self)
        guard
            weir_epoll_ctl(epoll, EPOLL_CTL_ADD, wakeDescriptor, EPOLLIN.rawValue | EPOLLET.rawValue, Self.wakeTag) == 0
        else { throw SystemError("epoll_ctl") }
        if gatherNanoseconds > 0 {
            patient = try PatientDescriptors(of: self, epoll, interval: gatherNanoseconds)
        }
    }

    deinit {
        close(epoll)
        close(wakeDescriptor)
    }

    private static let wakeTag = UInt64.max

    // MARK: Life

    /// Starts the loop on a thread of its own.
    public func start() {
        precondition(handle == nil, "an event loop starts once")
        var created = pthread_t()
        let box = unsafe Unmanaged.passRetained(self)
        let result = unsafe pthread_create(
            &created, nil,
            { raw in
                let loop = unsafe Unmanaged<EventLoop>.fromOpaque(raw!).takeRetainedValue()
                loop.run()
                return nil
            }, unsafe box.toOpaque())
        precondition(result == 0, "pthread_create failed: the process is out of threads")
        handle = created
        _ = unsafe weir_set_thread_name(created, String(name.prefix(15)))
    }

    /// Runs the loop on the calling thread until `stop`.
    public func runOnCurrentThread() { run() }

    /// Asks the loop to return after the turn it is in. From any thread.
    public func stop() {
        post { [self] in isStopping = true }
    }

    /// Waits for the loop's own thread to end.
    public func join() {
        if let handle { pthread_join(handle, nil) }
        handle = nil
    }

    public var isCurrent: Bool { pthread_self() == thread.load(ordering: .relaxed) }

    /// The time at which this turn of the loop began. Only on the loop: one clock read serves the whole turn.
    public var now: MonotonicTime { MonotonicTime(nanoseconds: nowNanoseconds) }

    /// A fresh reading of the clock, for measuring inside a turn.
    public func refreshedNow() -> MonotonicTime {
        nowNanoseconds = weir_monotonic_ns()
        return now
    }

    /// Tasks that were spawned and have not returned.
    public var taskCount: Int { liveTasks }

    // MARK: Work

    /// Runs `work` on the loop, soon. From any thread.
    public func post(_ work: @escaping @Sendable () -> Void) {
        inbox.withLock { $0.work.append(work) }
        wake()
    }

    /// Starts a task that lives on this loop until it returns. The only place where tasks are made.
    public func spawn(_ body: @escaping @Sendable (isolated LoopActor) async -> Void) {
        Task(executorPreference: self) { [actor = actor!] in
            await Self.counted(body, on: actor)
        }
    }

    private static func counted(
        _ body: @Sendable (isolated LoopActor) async -> Void, on actor: isolated LoopActor
    ) async {
        actor.loop.liveTasks += 1
        await body(actor)
        actor.loop.liveTasks -= 1
    }

    /// The same without the isolation to `actor`: the task stays on the loop all the same, and resumes there without the second job by
    /// which a resumed continuation comes back to its actor. For tasks that wait several times for each request.
    public func spawnUnisolated(_ body: @escaping @Sendable () async -> Void) {
        Task(executorPreference: self) { [self] in
            liveTasks += 1
            await body()
            liveTasks -= 1
        }
    }

    /// Suspends the calling task of this loop. It is not cut short by anything.
    public func sleep(for duration: Duration) async {
        let timer = LoopTimer(on: self) {}
        await timer.fireOnce(after: duration)
    }

    /// Suspends the calling task of this loop until every descriptor that is ready has had its turn.
    public func nextTurn() async {
        let timer = LoopTimer(on: self) {}
        await timer.fireInNextTurn()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        push(LoopJob(job: UnownedJob(job), isSerial: false))
    }

    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { unsafe UnownedTaskExecutor(ordinary: self) }

    @inline(__always)
    func push(_ job: LoopJob) {
        if isCurrent {
            runQueue.push(job)
        } else {
            inbox.withLock { $0.jobs.append(job) }
            wake()
        }
    }

    private func wake() {
        if isAwake.exchange(true, ordering: .acquiringAndReleasing) { return }
        var one: UInt64 = 1
        _ = retryingInterrupts { unsafe write(wakeDescriptor, &one, 8) }
    }

    // MARK: The turn

    private func run() {
        thread.store(pthread_self(), ordering: .relaxed)
        pulse.threadStarted()
        pulse.turnBegan(at: weir_monotonic_ns())
        let serial = unsafe serialExecutor.asUnownedSerialExecutor()
        let general = unsafe asUnownedTaskExecutor()
        let capacity = 512
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        defer { unsafe events.deallocate() }
        var others = 0

        while !isStopping {
            takeInbox()
            // To quiescence before the next system call, but bounded, so that a task that always yields cannot keep
            // the descriptors waiting.
            var rounds = 16
            while rounds > 0, !runQueue.isEmpty {
                rounds -= 1
                var remaining = runQueue.count
                while remaining > 0, let next = runQueue.pop() {
                    remaining -= 1
                    // The way it was enqueued: running a job on the other executor makes every hop enqueue again.
                    if next.isSerial {
                        unsafe next.job.runSynchronously(on: serial)
                    } else {
                        unsafe next.job.runSynchronously(on: general)
                    }
                    if unsafe owing.count >= Self.owingMax { sendOwed() }
                }
            }
            serveLine(besides: others)
            sendOwed()
            if isStopping { break }
            let turnEnd = weir_monotonic_ns()
            nowNanoseconds = turnEnd
            pulse.turnEnded(at: turnEnd)
            let ready = unsafe waitForEvents(into: events, capacity: capacity)
            nowNanoseconds = weir_monotonic_ns()
            pulse.turnBegan(at: nowNanoseconds)
            let waiting = unsafe line.count
            arrivals = 0
            if ready > 0 {
                for index in 0..<ready { unsafe dispatch(events + index) }
                if arrivals > 0 {
                    patient?.came(arrivals, awoken: mayHaveSlept && nowNanoseconds &- turnEnd > lookNanosecondsMax)
                }
            }
            others = unsafe ready - (line.count - waiting)
            while let due = timers.popDue(at: nowNanoseconds) { due.timerFired() }
        }
        takeInbox()
        while let left = unsafe line.pop() { unsafe left.release() }
    }

    /// Sends the output of `connection` at the end of this turn.
    @inline(__always)
    func owes(_ connection: Connection) { unsafe owing.append(.passRetained(connection)) }

    private func sendOwed() {
        // Looked at anew each time: what is closed on the way may leave something behind.
        var index = 0
        while unsafe index < owing.count {
            unsafe owing[index].takeRetainedValue().sendOwed()
            index &+= 1
        }
        if index > 0 { unsafe owing.removeAll(keepingCapacity: true) }
    }

    /// `connection`, which is patient, has something to be taken; an `arrival`, or word that there is room to send.
    func linesUp(_ connection: Connection, arrival: Bool) {
        unsafe line.push(.passRetained(connection))
        if arrival { arrivals &+= 1 }
    }

    private func serveLine(besides others: Int) {
        var share = max(others, Self.lineShareMin)
        while share > 0, let next = unsafe line.pop() {
            share -= 1
            unsafe next.takeRetainedValue().servedInLine()
            if unsafe owing.count >= Self.owingMax { sendOwed() }
        }
    }

    private func waitForEvents(into events: UnsafeMutablePointer<epoll_event>, capacity: Int) -> Int {
        if unsafe !runQueue.isEmpty || !line.isEmpty { return unsafe poll(events, capacity, milliseconds: 0) }
        if spinNanoseconds > 0 {
            let spinEnd = nowNanoseconds &+ spinNanoseconds
            repeat {
                let ready = unsafe poll(events, capacity, milliseconds: 0)
                if ready > 0 || weir_monotonic_ns() >= spinEnd { if ready > 0 { return ready } else { break } }
            } while true
        }
        guard let next = timers.earliest else { return unsafe poll(events, capacity, milliseconds: -1) }
        if next <= nowNanoseconds { return unsafe poll(events, capacity, milliseconds: 0) }
        // Rounded up: a timer fires late by at most a millisecond, never early into a busy loop.
        let milliseconds = min((next - nowNanoseconds + 999_999) / 1_000_000, 60_000)
        return unsafe poll(events, capacity, milliseconds: Int32(milliseconds))
    }

    @inline(__always)
    private func poll(_ events: UnsafeMutablePointer<epoll_event>, _ capacity: Int, milliseconds: Int32) -> Int {
        mayHaveSlept = milliseconds != 0
        let ready = unsafe Int(weir_epoll_wait(epoll, events, Int32(capacity), milliseconds))
        return max(0, ready)
    }

    func dispatch(_ event: UnsafeMutablePointer<epoll_event>) {
        let tag = unsafe weir_epoll_tag(event)
        if tag == PatientDescriptors.tag {
            patient?.look()
            return
        }
        if tag == Self.wakeTag {
            var count: UInt64 = 0
            _ = retryingInterrupts { unsafe read(wakeDescriptor, &count, 8) }
            return
        }
        let descriptor = Int(truncatingIfNeeded: tag & 0xffff_ffff)
        guard descriptor < sources.count, sources[descriptor].generation == UInt32(tag >> 32),
            let source = unsafe sources[descriptor].source
        else { return }  // closed earlier in this turn
        unsafe source._withUnsafeGuaranteedRef { unsafe $0.ready(weir_epoll_events(event)) }
        if unsafe owing.count >= Self.owingMax { sendOwed() }
    }

    private func takeInbox() {
        // Cleared before the take: a post that comes after it writes to the event descriptor again.
        guard isAwake.exchange(false, ordering: .acquiringAndReleasing) else { return }
        let taken = inbox.withLock { state in
            let taken = state
            state = Inbox()
            return taken
        }
        for job in taken.jobs { runQueue.push(job) }
        for work in taken.work { work() }
    }

    // MARK: Descriptors

    /// Begins to watch `descriptor`. The loop holds the source unretained: it must `remove` itself before it goes away.
    func add(_ source: EventSource, descriptor: Int32, events: UInt32) throws(SystemError) {
        let index = Int(descriptor)
        if index >= sources.count {
            sources.append(contentsOf: repeatElement(SourceSlot(), count: index + 64 - sources.count))
        }
        sources[index].generation &+= 1
        unsafe sources[index].source = unsafe Unmanaged.passUnretained(source)
        guard weir_epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, events, tag(of: descriptor)) == 0 else {
            unsafe sources[index].source = nil
            throw SystemError("epoll_ctl")
        }
    }

    func modify(descriptor: Int32, events: UInt32) {
        _ = weir_epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, events, tag(of: descriptor))
    }

    /// Of what is watched now: events of a descriptor that was closed have another.
    private func tag(of descriptor: Int32) -> UInt64 {
        UInt64(sources[Int(descriptor)].generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    }

    /// Arrivals on patient connections wait for their interval's end.
    var isGathering: Bool { patient?.isGathering ?? false }

    /// Moves `descriptor`, which is watched, between the loop's own set and that of those who wait.
    ///
    /// - Returns: where it is: true, with those who wait. Where the kernel refuses, it stays where it was.
    func watch(_ descriptor: Int32, events: UInt32, apart: Bool) -> Bool {
        guard let patient else { return false }
        if apart {
            guard patient.add(descriptor, events: events, tag: tag(of: descriptor)) else { return false }
            _ = weir_epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, 0, 0)
            return true
        }
        guard weir_epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, events, tag(of: descriptor)) == 0 else { return true }
        patient.remove(descriptor)
        return false
    }

    /// Ends the watch. With `closing` the kernel drops the registration itself when the descriptor is closed.
    func remove(descriptor: Int32, closing: Bool) {
        let index = Int(descriptor)
        guard index < sources.count else { return }
        unsafe sources[index].source = nil
        sources[index].generation &+= 1
        if !closing { _ = weir_epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, 0, 0) }
    }

    // MARK: Timers

    @inline(__always)
    func arm(_ entry: TimerEntry, at deadline: UInt64) { timers.arm(entry, at: deadline) }

    func disarm(_ entry: TimerEntry) { timers.remove(entry) }

    @inline(__always)
    var currentNanoseconds: UInt64 { nowNanoseconds }
}

/// What the event loop wakes when a descriptor is ready.
public class EventSource {
    init() {}
    func ready(_ events: UInt32) {}
}

/// The isolation of everything on one loop. Its jobs run on the loop's thread.
public actor LoopActor {
    public nonisolated let loop: EventLoop

    init(_ loop: EventLoop) { self.loop = loop }

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.serialExecutor.asUnownedSerialExecutor()
    }
}

/// The loop as a serial executor: the same thread as the task executor, another identity, because a job has to be run by
/// the executor it was enqueued to.
@safe final class LoopSerialExecutor: SerialExecutor, @unchecked Sendable {
    // The loop owns this object and outlives it.
    private unowned(unsafe) let loop: EventLoop

    init(_ loop: EventLoop) { unsafe self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) { unsafe loop.push(LoopJob(job: UnownedJob(job), isSerial: true)) }
    func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }
    func checkIsolated() { unsafe precondition(loop.isCurrent, unsafe "not on the event loop \(loop.name)") }
    func isIsolatingCurrentContext() -> Bool? { unsafe loop.isCurrent }
}

struct LoopJob {
    var job: UnownedJob
    /// Which `enqueue` it came through.
    var isSerial: Bool
}

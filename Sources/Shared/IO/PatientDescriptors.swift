import CLinux
import Glibc

/// Descriptors of one loop whose arrivals wait for the end of an interval, so that the loop wakes once for several of them.
///
/// To wake a thread for a few hundred bytes costs more than to pass them on: it is put on a processor whose caches hold other things by then. Network
/// cards have the same trouble, and the same remedy helps: what comes rarely interrupts at once, and what comes often is looked after at
/// intervals. While it is, such descriptors move from the loop's epoll set into one of their own, each when it has its turn, and stay there until
/// they are no longer patient. At other times this set wakes the loop's, so that beginning and ending cost nothing for each of them.
///
/// Concurrency: belongs to its loop.
@safe final class PatientDescriptors: TimerEntry {
    private let epoll: Int32
    /// The loop's own set.
    private let outer: Int32
    private var moderation: WakeModeration
    private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: PatientDescriptors.capacity)
    // The loop owns this and outlives it.
    private unowned(unsafe) let loop: EventLoop

    /// What the kernel is asked for at once.
    private static let capacity = 64
    /// Of the set in the loop's own.
    static let tag = UInt64.max - 1

    init(of loop: EventLoop, _ outer: Int32, interval: UInt64) throws(SystemError) {
        unsafe self.loop = loop
        self.outer = outer
        moderation = WakeModeration(interval: interval)
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError("epoll_create1") }
        super.init()
        guard watchSet() else { throw SystemError("epoll_ctl") }
    }

    deinit {
        close(epoll)
        unsafe events.deallocate()
    }

    /// Arrivals wait for the end of their interval: patient descriptors are wanted here.
    var isGathering: Bool { moderation.isGathering }

    func add(_ descriptor: Int32, events: UInt32, tag: UInt64) -> Bool {
        weir_epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, events, tag) == 0
    }

    func remove(_ descriptor: Int32) { _ = weir_epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, 0, 0) }

    /// Hands the loop all that is ready here. That puts it into the loop's line and takes no time.
    func look() {
        var ready = Self.capacity
        while ready == Self.capacity {
            ready = unsafe max(0, Int(weir_epoll_wait(epoll, events, Int32(Self.capacity), 0)))
            for index in 0..<ready { unsafe loop.dispatch(events + index) }
        }
    }

    /// So many came by themselves in a turn of the loop, and woke it if it was asleep.
    func came(_ arrivals: Int, awoken: Bool) {
        guard !moderation.isGathering else { return }
        unsafe moderation.looked(at: loop.currentNanoseconds, found: arrivals, awoken: awoken)
        guard moderation.isGathering else { return }
        _ = weir_epoll_ctl(outer, EPOLL_CTL_DEL, epoll, 0, 0)
        unsafe loop.arm(self, at: loop.currentNanoseconds &+ moderation.interval)
    }

    /// The end of an interval.
    override func timerFired() {
        let before = unsafe loop.arrivals
        look()
        unsafe moderation.looked(at: loop.currentNanoseconds, found: loop.arrivals - before, awoken: true)
        // Where the kernel has no memory to watch the set now, the timer goes on.
        if !moderation.isGathering, watchSet() { return }
        unsafe loop.arm(self, at: loop.currentNanoseconds &+ moderation.interval)
    }

    private func watchSet() -> Bool { weir_epoll_ctl(outer, EPOLL_CTL_ADD, epoll, EPOLLIN.rawValue, Self.tag) == 0 }
}

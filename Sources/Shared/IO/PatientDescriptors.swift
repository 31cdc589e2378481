import CLinux
import Glibc

/// Descriptors of one loop whose arrivals can wait a moment, so that the loop wakes once for several of them.
///
/// To wake a thread for a few hundred bytes costs more than to pass them on: it is put on a processor whose caches hold other things by then. Network
/// cards have the same trouble, and the same remedy helps: what comes rarely interrupts at once, and what comes often is looked after at
/// intervals. The descriptors are in an epoll set of their own, which wakes the loop's set, or does not while a timer does.
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

    /// What one look takes. Whoever waits for something else, as for the first piece of a stream, does not wait for more of it.
    private static let capacity = 32
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

    var isGathering: Bool { moderation.isGathering }

    func add(_ descriptor: Int32, events: UInt32, tag: UInt64) -> Bool {
        weir_epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, events, tag) == 0
    }

    func remove(_ descriptor: Int32) { _ = weir_epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, 0, 0) }

    /// Takes what is ready, and decides what wakes the loop next. More than a look takes is for the next turn.
    func look() {
        let ready = unsafe max(0, Int(weir_epoll_wait(epoll, events, Int32(Self.capacity), 0)))
        var arrivals = 0
        for index in 0..<ready {
            // Each tells once, when it is added, that there is room to send.
            if unsafe weir_epoll_events(events + index) & EPOLLIN.rawValue != 0 { arrivals += 1 }
            unsafe loop.dispatch(events + index)
        }
        let wasGathering = moderation.isGathering
        unsafe moderation.looked(at: loop.currentNanoseconds, found: arrivals, awoken: loop.hasSlept)
        if moderation.isGathering {
            unsafe loop.arm(self, at: loop.currentNanoseconds &+ (ready < Self.capacity ? moderation.interval : 1))
            if !wasGathering { _ = weir_epoll_ctl(outer, EPOLL_CTL_DEL, epoll, 0, 0) }
        } else if wasGathering, !watchSet() {
            // The kernel has no memory for it now: the timer goes on.
            unsafe loop.arm(self, at: loop.currentNanoseconds &+ moderation.interval)
        }
    }

    override func timerFired() { look() }

    private func watchSet() -> Bool { weir_epoll_ctl(outer, EPOLL_CTL_ADD, epoll, EPOLLIN.rawValue, Self.tag) == 0 }
}

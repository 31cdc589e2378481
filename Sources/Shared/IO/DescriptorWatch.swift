import CLinux
import Glibc

/// Watches a descriptor that a library owns (libpq, libcurl), level-triggered.
///
/// Concurrency: belongs to one loop. Either one task waits, or `onReady` is called: not both.
@safe public final class DescriptorWatch: EventSource {
    public struct Readiness: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let readable = Readiness(rawValue: 1)
        public static let writable = Readiness(rawValue: 2)
        /// An error or a hang-up; the library's next call says which.
        public static let failed = Readiness(rawValue: 4)
        public static let timedOut = Readiness(rawValue: 8)
    }

    private unowned(unsafe) let loop: EventLoop
    private let descriptor: Int32
    private var interest: UInt32 = 0
    private var isRegistered = false
    /// The kernel's interest is empty because something became ready while nobody waited.
    private var isSilenced = false
    private var waiter: UnsafeContinuation<Void, Never>?
    private var readiness: Readiness = []
    private var timer: WaitTimer!
    public var onReady: ((Readiness) -> Void)?

    private final class WaitTimer: TimerEntry {
        unowned let watch: DescriptorWatch
        init(_ watch: DescriptorWatch) { self.watch = watch }
        override func timerFired() { watch.wake(.timedOut) }
    }

    public init(descriptor: Int32, on loop: EventLoop) {
        unsafe self.loop = loop
        self.descriptor = descriptor
        super.init()
        timer = WaitTimer(self)
    }

    deinit { close() }

    /// What to wake for. Nothing at all is allowed: the descriptor stays registered and silent.
    public func setInterest(readable: Bool, writable: Bool) {
        let events = (readable ? EPOLLIN.rawValue | EPOLLRDHUP.rawValue : 0) | (writable ? EPOLLOUT.rawValue : 0)
        if !isRegistered {
            isRegistered = unsafe (try? loop.add(self, descriptor: descriptor, events: events)) != nil
            interest = events
            if !isRegistered { wake(.failed) }
        } else if events != interest || isSilenced {
            interest = events
            isSilenced = false
            unsafe loop.modify(descriptor: descriptor, events: events)
        }
    }

    /// Suspends until the descriptor is ready for what `setInterest` named, or the time is over.
    public func wait(timeout: Duration?) async -> Readiness {
        if !isRegistered { return .failed }
        readiness = []
        if isSilenced {
            setInterest(readable: interest & EPOLLIN.rawValue != 0, writable: interest & EPOLLOUT.rawValue != 0)
        }
        if let timeout { unsafe loop.arm(timer, at: loop.refreshedNow().nanoseconds &+ timeout.clampedNanoseconds) }
        // The descriptor is level-triggered, so what was ready before shows again at the next turn of the loop.
        unsafe await withUnsafeContinuation { continuation in
            if readiness.isEmpty { unsafe waiter = unsafe continuation } else { unsafe continuation.resume() }
        }
        unsafe loop.disarm(timer)
        return readiness
    }

    override func ready(_ events: UInt32) {
        var now: Readiness = []
        if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { now.insert(.readable) }
        if events & EPOLLOUT.rawValue != 0 { now.insert(.writable) }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { now.insert(.failed) }
        if let onReady { onReady(now) } else { wake(now) }
    }

    private func wake(_ now: Readiness) {
        readiness.formUnion(now)
        guard let waiting = unsafe waiter else {
            // Nobody waits: silence a descriptor that would otherwise wake the loop at every turn.
            if isRegistered, now != .timedOut, onReady == nil {
                isSilenced = true
                unsafe loop.modify(descriptor: descriptor, events: 0)
            }
            return
        }
        unsafe waiter = nil
        unsafe waiting.resume()
    }

    /// Ends the watch; the descriptor stays its owner's. A task that waits wakes with `failed`.
    public func close() {
        unsafe loop.disarm(timer)
        if isRegistered {
            isRegistered = false
            unsafe loop.remove(descriptor: descriptor, closing: false)
        }
        if unsafe waiter != nil { wake(.failed) }
    }
}

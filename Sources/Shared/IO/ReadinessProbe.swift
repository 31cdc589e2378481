import CLinux
import Glibc

/// Measures how long what is ready waits for its turn on a loop: a descriptor of its own becomes ready, and stands in line with the others.
///
/// The length of a turn says less: with more that is ready than one turn takes, each waits for several of them. The kernel hands out what is
/// ready in its order, so the probe waits as long as a request that arrives with it.
///
/// - Units: nanoseconds.
/// - Concurrency: belongs to its loop.
public final class ReadinessProbe: EventSource {
    private let loop: EventLoop
    private let descriptor: Int32
    /// 0: none is under way.
    private var sentAt: UInt64 = 0
    private var measured: UInt64 = 0

    public init(on loop: EventLoop) throws(SystemError) {
        self.loop = loop
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw SystemError("eventfd") }
        super.init()
        do { try loop.add(self, descriptor: descriptor, events: EPOLLIN.rawValue | EPOLLET.rawValue) } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    deinit {
        loop.remove(descriptor: descriptor, closing: true)
        Glibc.close(descriptor)
    }

    /// What the last probe found, or how long the one under way has waited already; and sends the next one.
    public func take() -> UInt64 {
        let now = weir_monotonic_ns()
        guard sentAt == 0 else { return max(measured, now &- sentAt) }
        sentAt = now
        var one: UInt64 = 1
        _ = retryingInterrupts { unsafe write(descriptor, &one, 8) }
        return measured
    }

    override func ready(_ events: UInt32) {
        var count: UInt64 = 0
        _ = retryingInterrupts { unsafe read(descriptor, &count, 8) }
        measured = weir_monotonic_ns() &- sentAt
        sentAt = 0
    }
}

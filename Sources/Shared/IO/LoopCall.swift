import Synchronization

/// A call that a loop is to make, asked for from any thread: many askings before it is made are one call.
///
/// Concurrency: `isPosted` is atomic; `body` runs on the loop.
@safe public final class LoopCall: Sendable {
    private let isPosted = Atomic<Bool>(false)
    private let loop: EventLoop
    nonisolated(unsafe) private let body: () -> Void

    public init(on loop: EventLoop, _ body: @escaping () -> Void) {
        self.loop = loop
        unsafe self.body = body
    }

    /// What the caller wrote before is there for the body.
    public func make() {
        guard !isPosted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        loop.post { [self] in
            // Before the body: an asking while it runs is another call. An exchange, since it takes over what those wrote who found it posted.
            _ = isPosted.exchange(false, ordering: .acquiringAndReleasing)
            unsafe body()
        }
    }
}

import Shared

/// One request that has to wait for a connection: in the queue, for an address, for a socket, for a handshake. It can be given up all the
/// while.
///
/// - Shape: what is waited for is a condition that the waiting task looks at again whenever `pause` returns.
///
/// Concurrency: on its loop only; the continuation resumes there.
@safe final class CheckOut: Abortable, @unchecked Sendable {
    let loop: EventLoop
    /// When the request gives up, whatever it waits for.
    let deadline: MonotonicTime
    private(set) var isAborted = false
    /// What a pool gives to a request in its queue.
    var grant: Grant?
    /// The handshake under way, which is given up with the rest.
    var handshake: Connection?
    private var timer: LoopTimer!
    private var sleeper: UnsafeContinuation<Void, Never>?
    private var isWoken = false

    enum Grant {
        /// One that somebody has just given back.
        case connection(UpstreamConnection)
        /// The place of one that was closed.
        case place
    }

    init(on loop: EventLoop, by deadline: MonotonicTime) {
        self.loop = loop
        self.deadline = deadline
        timer = LoopTimer(on: loop) { [unowned self] in wake() }
    }

    var isOver: Bool { isAborted || loop.now >= deadline }

    /// Why, once it is over.
    var error: AttemptError { isAborted ? .callerGone : .connectTimedOut }

    func abort() {
        isAborted = true
        handshake?.abort()
        wake()
    }

    func wake() {
        isWoken = true
        let resumed = unsafe sleeper
        unsafe sleeper = nil
        unsafe resumed?.resume()
    }

    /// Returns when it was woken, since the last pause or now; at the latest at `moment`, or when it is over.
    func pause(until moment: MonotonicTime = .distantFuture) async {
        guard !isAborted else { return }
        timer.arm(after: loop.refreshedNow().duration(to: min(moment, deadline)))
        unsafe await withUnsafeContinuation { continuation in
            if isWoken { unsafe continuation.resume() } else { unsafe sleeper = unsafe continuation }
        }
        isWoken = false
        timer.cancel()
    }
}

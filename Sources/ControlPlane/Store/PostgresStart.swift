import CPostgres
import Glibc
import Shared
import Synchronization

/// The first step of a connection, on a thread of its own: libpq looks the host's name up in it, and that blocks.
///
/// With several hosts in the connection string, the names of those after the first are looked up on the loop, when the one
/// before could not be reached.
///
/// Concurrency: `state` is shared by the loop and the one thread; whoever comes second finds what the first left.
@safe final class PostgresStart: Sendable {
    @safe private enum State {
        case running(UnsafeContinuation<UInt, Never>)
        case ended
        /// Nobody waits any more: the thread closes what it opened.
        case abandoned
    }

    private let settings: PostgresSettings
    private let loop: EventLoop
    private let state: Mutex<State>

    private init(
        _ settings: PostgresSettings, _ continuation: UnsafeContinuation<UInt, Never>, on loop: EventLoop
    ) {
        self.settings = settings
        self.loop = loop
        state = unsafe Mutex(.running(continuation))
    }

    /// A connection that has been begun, owned by the caller; nil when it took too long or memory ran out.
    static func begin(_ settings: PostgresSettings, on loop: EventLoop) async -> OpaquePointer? {
        var timer: LoopTimer?
        let address = unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<UInt, Never>) in
            let start = unsafe PostgresStart(settings, continuation, on: loop)
            let begun = LoopTimer(on: loop) { start.finish(0, isThread: false) }
            begun.arm(after: settings.connectTimeout)
            timer = begun
            var thread = pthread_t()
            let result = unsafe pthread_create(
                &thread, nil,
                { raw in
                    unsafe Unmanaged<PostgresStart>.fromOpaque(raw!).takeRetainedValue().runOnThread()
                    return nil
                }, unsafe Unmanaged.passRetained(start).toOpaque())
            precondition(result == 0, "pthread_create failed: the process is out of threads")
            pthread_detach(thread)
        }
        timer?.cancel()
        return unsafe OpaquePointer(bitPattern: address)
    }

    private func runOnThread() {
        let handle = unsafe CStrings(settings.keywords).withPointers { keywords in
            unsafe CStrings(settings.values).withPointers { values in unsafe PQconnectStartParams(keywords, values, 1) }
        }
        finish(UInt(bitPattern: handle), isThread: true)
    }

    private func finish(_ address: UInt, isThread: Bool) {
        let (waiting, mustClose) = unsafe state.withLock { state -> (UnsafeContinuation<UInt, Never>?, Bool) in
            switch state {
            case .running(let continuation):
                state = isThread ? .ended : .abandoned
                return unsafe (continuation, false)
            case .ended: return (nil, false)
            case .abandoned: return (nil, isThread)
            }
        }
        // On its loop, like every task that waits there: what this thread has done is then known to be over.
        if let waiting = unsafe waiting { loop.post { unsafe waiting.resume(returning: address) } }
        if mustClose { unsafe PQfinish(OpaquePointer(bitPattern: address)) }
    }
}

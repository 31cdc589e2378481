import Glibc

/// SIGTERM and SIGINT, and SIGHUP where a process knows what to do about it, as something to wait for, instead of handlers that may interrupt anything.
public enum ShutdownSignals {
    /// What `waitForReason` has waited for.
    public enum Reason: Equatable, Sendable {
        case signal(String)
        /// SIGHUP.
        case hangUp
        /// A thread of this process has called `interrupt`, or somebody has sent SIGUSR1.
        case interrupted
    }

    /// Before any thread is started: every thread inherits that these signals wait for `wait`. SIGPIPE is ignored, because a
    /// caller that leaves is an error of one connection, not of the process.
    ///
    /// - Parameter alsoHangUp: SIGHUP asks to read files again, instead of ending the process.
    public static func block(alsoHangUp: Bool = false) {
        unsafe waitsForHangUp = alsoHangUp
        var set = set(all)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Gives the signals their usual effect on this thread again: another one ends the process at once.
    public static func unblock() {
        var set = set([SIGTERM, SIGINT])
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Blocks the calling thread until one that ends the process arrives; returns its name.
    public static func wait() -> String {
        while true { if case .signal(let name) = waitForReason() { return name } }
    }

    /// Blocks the calling thread until one of them arrives, or `interrupt` is called.
    public static func waitForReason() -> Reason {
        var set = set(all)
        var received: Int32 = 0
        while unsafe sigwait(&set, &received) != 0 {}
        switch received {
        case SIGINT: return .signal("SIGINT")
        case SIGHUP: return .hangUp
        case SIGUSR1: return .interrupted
        default: return .signal("SIGTERM")
        }
    }

    /// Ends `waitForReason`. From any thread.
    public static func interrupt() { _ = kill(getpid(), SIGUSR1) }

    /// Written before any other thread is started.
    private nonisolated(unsafe) static var waitsForHangUp = false

    private static var all: [Int32] { [SIGTERM, SIGINT, SIGUSR1] + (unsafe waitsForHangUp ? [SIGHUP] : []) }

    private static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        return set
    }
}

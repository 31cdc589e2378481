import Glibc

/// SIGTERM and SIGINT, and SIGHUP where a process knows what to do about it, as something to wait for, instead of handlers that may interrupt anything.
public enum ShutdownSignals {
    /// Before any thread is started: every thread inherits that these signals wait for `wait`. SIGPIPE is ignored, because a
    /// caller that leaves is an error of one connection, not of the process.
    ///
    /// - Parameter alsoHangUp: SIGHUP asks to read files again, instead of ending the process.
    public static func block(alsoHangUp: Bool = false) {
        unsafe waitsForHangUp = alsoHangUp
        var set = set()
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Gives the signals their usual effect on this thread again: another one ends the process at once.
    public static func unblock() {
        var set = set()
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Blocks the calling thread until one of them arrives; returns its name.
    public static func wait() -> String {
        var set = set()
        var received: Int32 = 0
        while unsafe sigwait(&set, &received) != 0 {}
        return received == SIGINT ? "SIGINT" : received == SIGHUP ? "SIGHUP" : "SIGTERM"
    }

    /// Written before any other thread is started.
    private nonisolated(unsafe) static var waitsForHangUp = false

    private static func set() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        if unsafe waitsForHangUp { unsafe sigaddset(&set, SIGHUP) }
        return set
    }
}

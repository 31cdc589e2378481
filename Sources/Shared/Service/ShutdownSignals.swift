import Glibc

/// SIGTERM and SIGINT as something to wait for, instead of handlers that may interrupt anything.
public enum ShutdownSignals {
    /// Before any thread is started: every thread inherits that these signals wait for `wait`. SIGPIPE is ignored, because a
    /// caller that leaves is an error of one connection, not of the process.
    public static func block() {
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
        return received == SIGINT ? "SIGINT" : "SIGTERM"
    }

    private static func set() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        return set
    }
}

import Foundation
import Glibc
import Synchronization

/// A process that a test started.
///
/// It has its own process group and its output in a file. It does not outlive the test run, however that ends: `Reaper`.
///
/// - Concurrency: `exit` is guarded by its mutex; the rest is constant. The process is reaped only by `poll`.
public final class ChildProcess: Sendable {
    public enum Exit: Equatable, Sendable {
        case status(Int32)
        case signal(Int32)
    }

    public let name: String
    public let pid: Int32
    /// What it wrote to standard output and standard error.
    public let log: String
    private let exit = Mutex<Exit?>(nil)

    /// - Parameter becoming: the executable that `executable` makes way for, if it does; the process stays the same.
    public init(
        name: String, executable: String, arguments: [String], environment: [String: String] = [:],
        becoming: String? = nil, log: String
    ) throws {
        self.name = name
        self.log = log
        guard unsafe access(executable, X_OK) == 0 else { throw TestFailure("\(name): no executable at \(executable)") }

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // The test's mask and handlers are no business of the process.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var merged = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        merged.merge(Sanitizer.environment) { $1 }
        merged.merge(environment) { $1 }
        let argv = CStrings([executable] + arguments)
        let envp = CStrings(merged.map { "\($0.key)=\($0.value)" })
        var pid: pid_t = 0
        let code = unsafe posix_spawn(&pid, executable, &actions, &attributes, argv.pointers, envp.pointers)
        guard code == 0 else { throw TestFailure("\(name): posix_spawn: \(errnoText(code))") }
        self.pid = pid
        Reaper.shared.watch(pid: pid, executable: becoming ?? executable)
    }

    /// How it ended, if it has.
    public func poll() -> Exit? {
        exit.withLock { exit in
            if exit == nil {
                var status: Int32 = 0
                if unsafe waitpid(pid, &status, WNOHANG) == pid {
                    let signal = status & 0x7f
                    exit = signal == 0 ? .status((status >> 8) & 0xff) : .signal(signal)
                }
            }
            return exit
        }
    }

    public var isRunning: Bool { poll() == nil }

    /// Does nothing to a process that was reaped, whose number may be another's by now.
    public func send(signal: Int32) {
        exit.withLock { exit in
            if exit == nil { Glibc.kill(pid, signal) }
        }
    }

    /// nil: it still runs when the time is over.
    @discardableResult
    public func waitForExit(timeout: Duration = .seconds(10)) -> Exit? {
        let deadline = ContinuousClock.now + timeout * Sanitizer.patience
        while true {
            if let exit = poll() { return exit }
            guard ContinuousClock.now < deadline else { return nil }
            usleep(2_000)
        }
    }

    /// `kill -9`, and waits for the end.
    public func kill() {
        send(signal: SIGKILL)
        waitForExit()
    }

    /// SIGTERM; after the timeout SIGKILL.
    @discardableResult
    public func terminate(timeout: Duration = .seconds(10)) -> Exit? {
        send(signal: SIGTERM)
        if let exit = waitForExit(timeout: timeout) { return exit }
        kill()
        return nil
    }

    /// SIGSTOP, until `resume`.
    public func pause() { send(signal: SIGSTOP) }
    public func resume() { send(signal: SIGCONT) }

    public var output: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// The end of the log, for a failure's message.
    public func tail(lines: Int = 15) -> String {
        let rows = output.split(separator: "\n", omittingEmptySubsequences: false).suffix(lines + 1)
        return "--- \(name) (\(log))\n" + rows.joined(separator: "\n")
    }
}

/// What went wrong in the test's own machinery.
public struct TestFailure: Error, CustomStringConvertible {
    public var description: String
    public init(_ description: String) { self.description = description }
}

public func errnoText() -> String { errnoText(errno) }
public func errnoText(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

/// Waits for a level: returns when `condition` holds, throws with `what` and the last `detail` when the time is over.
public func waitUntil(
    _ what: String, timeout: Duration = .seconds(15), detail: () -> String = { "" }, _ condition: () throws -> Bool
) throws {
    let deadline = ContinuousClock.now + timeout * Sanitizer.patience
    while true {
        if try condition() { return }
        guard ContinuousClock.now < deadline else {
            throw TestFailure("waited \(timeout * Sanitizer.patience) in vain: \(what) \(detail())")
        }
        usleep(3_000)
    }
}

/// A null-terminated array of C strings that lives as long as this object.
@safe private final class CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        var copies: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        unsafe copies.append(nil)
        unsafe pointers = unsafe copies
    }

    deinit { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
}

/// The clock that all processes of the machine share, as the stub provider's ledger tells its times.
public func monotonicMicroseconds() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
}

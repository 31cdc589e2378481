public import Foundation
import Glibc

/// A PostgreSQL server of the test's own: a fresh cluster in a temporary folder, reachable only through its socket there.
///
/// As root it runs as the user `postgres`, which is what PostgreSQL demands. A watcher process stops the server and removes the
/// folder when this process is gone, however it ended.
///
/// Concurrency: used from one thread at a time, except `shared`, which any test may take.
public final class TemporaryPostgres: @unchecked Sendable {
    /// The cluster that tests share; make a database in it with `createDatabase`. Stop or restart only clusters of your own.
    public static let shared: Result<TemporaryPostgres, any Error> = Result { try TemporaryPostgres() }

    public let folder: URL
    /// Where the socket is: libpq's `host`.
    public var socketFolder: String { folder.path }
    private let tools: URL
    private let watcher: Process
    private let watcherInput: Pipe
    private var databaseCount = 0
    private let lock = NSLock()

    /// Initializes and starts a cluster (about a second).
    public init() throws {
        tools = try Self.findTools()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-pg-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.run("/bin/chmod", ["0755", folder.path], asPostgres: false)
        if Self.isRoot { try Self.run("/bin/chown", ["postgres", folder.path], asPostgres: false) }

        // Reads until the pipe's other end, which this process holds, is closed.
        watcher = Process()
        watcherInput = Pipe()
        watcher.executableURL = URL(fileURLWithPath: "/bin/sh")
        let stop = Self.command(
            tools.appendingPathComponent("pg_ctl").path,
            ["-D", folder.appendingPathComponent("data").path, "-m", "immediate", "stop"],
            asPostgres: true)
        watcher.arguments =
            [
                "-c", "trap '' INT TERM HUP; cat > /dev/null; \"$@\" > /dev/null 2>&1; rm -rf \"$0\"", folder.path,
                stop.executable,
            ] + stop.arguments
        watcher.standardInput = watcherInput
        // Else the server itself would hold the pipe open.
        _ = fcntl(watcherInput.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        watcher.standardOutput = FileHandle.nullDevice
        watcher.standardError = FileHandle.nullDevice
        try watcher.run()

        try Self.run(
            tools.appendingPathComponent("initdb").path,
            [
                "-D", folder.appendingPathComponent("data").path, "-A", "trust", "-U", "weir", "-E", "UTF8",
                "--locale=C", "--no-sync",
            ],
            asPostgres: true)
        try start()
    }

    deinit { try? watcherInput.fileHandleForWriting.close() }

    public func start() throws {
        // Durability is not what these tests are about, except across a restart, which fsync does not change.
        let options = "-k \(folder.path) -c listen_addresses= -c fsync=off -c max_connections=200"
        try pgctl(["-o", options, "-l", folder.appendingPathComponent("log").path, "-w", "start"])
    }

    /// Ends the server with everything that is connected; clients see their connections break.
    public func stop() throws { try pgctl(["-m", "fast", "-w", "stop"]) }

    /// `kill -9` of the server: what it did not write down is lost, its other processes end when they notice.
    public func kill() throws {
        let file = folder.appendingPathComponent("data/postmaster.pid").path
        let first = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first
        guard let pid = first.flatMap({ Int32($0) }), pid > 1 else { throw TestFailure("no process in \(file)") }
        guard Glibc.kill(pid, SIGKILL) == 0 else { throw TestFailure("kill -9 \(pid): \(errnoText())") }
    }

    /// Starts it after `kill`, as soon as the processes that were left have ended.
    public func restart() throws {
        var last = ""
        try waitUntil("PostgreSQL starts after kill -9", timeout: .seconds(20), detail: { last }) {
            do {
                try start()
                return true
            } catch {
                last = "\(error)"
                return false
            }
        }
    }

    /// An empty database of its own, as a libpq connection string.
    public func createDatabase(_ prefix: String = "test") throws -> String {
        let name = lock.withLock {
            databaseCount += 1
            return "\(prefix)_\(databaseCount)"
        }
        try Self.run(
            tools.appendingPathComponent("createdb").path, ["-h", folder.path, "-U", "weir", name], asPostgres: true)
        return connectionString(database: name)
    }

    public func connectionString(database: String) -> String { "host=\(folder.path) user=weir dbname=\(database)" }

    /// Runs SQL with psql; answers its unaligned output, one row a line, fields separated by `|`.
    @discardableResult
    public func psql(_ connectionString: String, _ sql: String) throws -> String {
        try Self.run(
            tools.appendingPathComponent("psql").path,
            ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", connectionString, "-c", sql], asPostgres: true
        ).trimmingCharacters(in: .newlines)
    }

    private func pgctl(_ arguments: [String]) throws {
        try Self.run(
            tools.appendingPathComponent("pg_ctl").path,
            ["-D", folder.appendingPathComponent("data").path] + arguments,
            asPostgres: true)
    }

    // MARK: Processes

    private static let isRoot = getuid() == 0

    private static func command(
        _ path: String, _ arguments: [String], asPostgres: Bool
    ) -> (executable: String, arguments: [String]) {
        asPostgres && isRoot
            ? ("/usr/sbin/runuser", ["-u", "postgres", "--", path] + arguments) : (path, arguments)
    }

    @discardableResult
    private static func run(_ path: String, _ arguments: [String], asPostgres: Bool) throws -> String {
        let command = command(path, arguments, asPostgres: asPostgres)
        // Foundation's Process waits for the server too that pg_ctl leaves behind; this waits for the one process.
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("weir-out-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: log) }
        let process = try ChildProcess(
            name: path, executable: command.executable, arguments: command.arguments, log: log)
        let exit = process.waitForExit(timeout: .seconds(60))
        guard exit == .status(0) else {
            throw TestFailure("\(path) \(arguments.joined(separator: " ")): \(process.output)")
        }
        return process.output
    }

    private static func findTools() throws -> URL {
        let fixed = ProcessInfo.processInfo.environment["WEIR_POSTGRES_BIN"].map { [$0] } ?? []
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? [])
            .compactMap { Int($0) }.sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        for path in fixed + versions + ["/usr/local/bin", "/usr/bin"]
        where FileManager.default.isExecutableFile(atPath: path + "/initdb") {
            return URL(fileURLWithPath: path)
        }
        throw TestFailure("PostgreSQL's server programs are not installed (apt-get install postgresql)")
    }
}

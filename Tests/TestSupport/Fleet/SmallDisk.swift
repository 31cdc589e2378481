import Foundation
import Glibc

/// A file system of a few MiB of its own, which only processes see that are started by `wrapper`.
///
/// - Shape: a process that sleeps holds a mount namespace with a tmpfs in it; nothing is mounted for anybody else, and all of it is
///   gone with its processes. As root a mount namespace is enough; others make a user namespace first.
/// - Errors: `Unavailable` where the machine allows neither.
public final class SmallDisk {
    public struct Unavailable: Error, CustomStringConvertible {
        public var description: String
    }

    /// Where its processes see it.
    public let path: String
    /// Before the command line of a process that is to see it.
    public let wrapper: [String]
    private let holder: ChildProcess
    /// Where this process sees it.
    public var outside: String { "/proc/\(holder.pid)/root\(path)" }

    /// - Parameter path: an empty folder.
    public init(at path: String, byteCount: Int) throws {
        self.path = path
        let log = path + ".disk.log"
        var refusals: [String] = []
        for isRoot in getuid() == 0 ? [true, false] : [false] {
            let holder = try Self.hold(path, byteCount, isRoot: isRoot, log: log)
            var said = ""
            try waitUntil("a small disk is mounted, or refused", detail: { said }) {
                said = holder.output
                return said.hasSuffix("mounted\n") || !holder.isRunning
            }
            if holder.isRunning {
                self.holder = holder
                wrapper =
                    ["/usr/bin/nsenter", "--target=\(holder.pid)", "--mount"]
                    + (isRoot ? [] : ["--user", "--preserve-credentials"]) + ["--"]
                return
            }
            refusals.append(said.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        throw Unavailable(
            description: "no file system can be mounted here, not even in a user namespace: \(refusals)")
    }

    private static func hold(_ path: String, _ byteCount: Int, isRoot: Bool, log: String) throws -> ChildProcess {
        // Each makes way for the next, so that the holder is one process.
        let script = #"mount -t tmpfs -o "size=$1,mode=700" weir-test "$0" && echo mounted && exec sleep infinity"#
        return try ChildProcess(
            name: "small disk", executable: "/usr/bin/unshare",
            arguments: (isRoot ? [] : ["--user", "--map-root-user"])
                + ["--mount", "--", "/bin/sh", "-c", script, path, "\(byteCount)"],
            becoming: "/usr/bin/sleep", log: log)
    }

    deinit { holder.kill() }

    // MARK: Filling it

    private var ballast: String { outside + "/ballast" }

    public func freeBytes() throws -> Int {
        var status = statvfs()
        guard unsafe statvfs(outside, &status) == 0 else { throw TestFailure("statvfs \(outside): \(errnoText())") }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// Somebody else's file takes all but `rest` bytes.
    public func fill(leaving rest: Int) throws {
        let file = unsafe open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TestFailure("open \(ballast): \(errnoText())") }
        defer { close(file) }
        let page = [UInt8](repeating: 0x2e, count: 4096)
        while try freeBytes() > rest {
            let count = unsafe page.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == ENOSPC else { throw TestFailure("write \(ballast): \(errnoText())") }
            if count <= 0 { return }
        }
    }

    /// It removes its file.
    public func makeRoom() throws {
        guard unsafe unlink(ballast) == 0 else { throw TestFailure("unlink \(ballast): \(errnoText())") }
    }
}

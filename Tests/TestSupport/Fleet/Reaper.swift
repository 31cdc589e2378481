import Foundation
import Glibc
import Synchronization

/// Ends the processes of a test run that did not get to end them itself: a crash, `kill -9`, an aborted build.
///
/// A small shell reads process numbers from a pipe whose other end only this process holds. When that end closes, for
/// whatever reason, it kills each of them that still runs the executable it was started as.
final class Reaper: Sendable {
    static let shared = Reaper()
    private let pipe: FileHandle
    private let lock = Mutex(())

    private init() {
        let script = """
            trap '' INT TERM HUP
            watched=
            while read -r pid executable; do watched="$watched $pid:$executable"; done
            for entry in $watched; do
                pid=${entry%%:*}
                if [ "$(readlink "/proc/$pid/exe")" = "${entry#*:}" ]; then kill -9 "$pid"; fi
            done
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        pipe = input.fileHandleForWriting
        _ = fcntl(pipe.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try? process.run()
    }

    func watch(pid: pid_t, executable: String) {
        let real = URL(fileURLWithPath: executable).resolvingSymlinksInPath().path
        lock.withLock { _ in try? pipe.write(contentsOf: Data("\(pid) \(real)\n".utf8)) }
    }
}

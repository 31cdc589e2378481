import Foundation
import Synchronization
import TestSupport

/// A caller that sends requests and reads no answer: what the data plane keeps for it is bounded by its not reading either.
final class Flood: Sendable {
    /// Small, so that it is the data plane's buffers and not the kernel's that would have to grow.
    static let bufferBytes: Int32 = 8 * 1024
    /// What the process may grow by meanwhile; its answers would be several times that.
    private static let growthBytesMax = (1 << 20) * Sanitizer.memoryFactor

    private let sent = Mutex(0)
    private let count: Int
    private let pid: Int32

    /// Concurrency: one thread sends on the connection and another one reads; the kernel keeps the two apart.
    private struct Sender: @unchecked Sendable { let connection: RawConnection }

    /// Begins to send; it goes on while the answers are read.
    init(_ request: [UInt8], _ count: Int, on connection: RawConnection, of node: DataNode) throws {
        guard let pid = node.process?.pid else { throw TestFailure("\(node.name) does not run") }
        self.count = count
        self.pid = pid
        let sender = Sender(connection: connection)
        Thread { [self] in
            for _ in 0..<count {
                guard (try? sender.connection.send(request)) == true else { return }
                sent.withLock { $0 += 1 }
            }
        }.start()
    }

    /// Waits until nothing more is taken.
    func problems() throws -> [String] {
        let before = try residentBytes()
        var last = -1
        var since = ContinuousClock.now
        try waitUntil("the data plane stops reading", timeout: .seconds(10)) {
            let now = sent.withLock { $0 }
            if now != last {
                last = now
                since = .now
            }
            return now == count || ContinuousClock.now - since > .milliseconds(150)
        }
        var problems: [String] = []
        if last == count { problems.append("all of \(count) requests were taken, and no answer was read") }
        let growth = try residentBytes() - before
        if growth > Self.growthBytesMax { problems.append("the data plane grew by \(growth) bytes") }
        return problems
    }

    private func residentBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw TestFailure("no VmRSS of \(pid)") }
        return kilobytes * 1024
    }
}

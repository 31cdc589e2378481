import Glibc

/// Files that are read whole when a process starts: configuration, keys, secrets.
public enum SmallFile {
    public static let byteCountMax = 1024 * 1024

    public struct ReadError: Error, Equatable, Sendable, CustomStringConvertible {
        public var path: String
        public var reason: String
        public var description: String { "cannot read \(path): \(reason)" }
    }

    /// - Errors: `ReadError`, also for a file of more than 1 MiB.
    public static func read(_ path: String) throws(ReadError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReadError(path: path, reason: lastReason()) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = unsafe Glibc.read(descriptor, &block, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw ReadError(path: path, reason: lastReason())
            }
            if count == 0 { return bytes }
            bytes += block[..<count]
            guard bytes.count <= byteCountMax else { throw ReadError(path: path, reason: "more than 1 MiB") }
        }
    }

    private static func lastReason() -> String { unsafe String(cString: strerror(errno)) }
}

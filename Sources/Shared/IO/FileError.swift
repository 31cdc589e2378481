import Glibc

/// A file operation that the operating system refused.
public struct FileError: Error, Hashable, Sendable {
    /// The call: `open`, `mmap`, `fsync`, ...
    public var call: String
    public var path: String
    /// The value of `errno`.
    public var code: Int32

    public init(call: String, path: String, code: Int32) {
        self.call = call
        self.path = path
        self.code = code
    }

    public var isMissing: Bool { code == ENOENT }
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
}

extension FileError: CustomStringConvertible {
    public var description: String { unsafe "\(call) \(path): \(String(cString: strerror(code)))" }
}

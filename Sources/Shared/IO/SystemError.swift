import CLinux
import Glibc

/// A system call that failed: its name and errno.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    public var call: String
    public var code: Int32

    public init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// The call that failed just now: takes errno as it stands.
    public init(_ call: String) {
        self.init(call, code: errno)
    }

    public var description: String { "\(call): \(reason) (errno \(code))" }

    /// The system's words for the code: `Address already in use`.
    public var reason: String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }

    public var isAddressInUse: Bool { code == EADDRINUSE }

    /// The process, or the machine, has as many open files as it may.
    public var isShortOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}

/// Runs `body` until it is not interrupted by a signal; -1 stays -1, for the caller to read errno.
@inline(__always)
func retryingInterrupts<Result: FixedWidthInteger>(_ body: () -> Result) -> Result {
    while true {
        let result = body()
        if result == -1, errno == EINTR { continue }
        return result
    }
}

import Foundation
import Glibc

/// A blocking TCP connection to 127.0.0.1 that shows a test exactly what was sent when.
///
/// - Errors: `TestFailure` when the other side says nothing for `timeout`; ends and resets are values, not errors.
public final class RawConnection {
    public enum Piece: Equatable {
        case bytes([UInt8])
        /// The other side closed in order.
        case end
        /// The other side reset the connection.
        case reset
    }

    private var descriptor: Int32
    private var timeout: Duration

    /// - Parameters:
    ///   - source: the last byte of the 127.0.0.x that it comes from.
    ///   - bufferBytes: what the kernel keeps for each direction; nil: as much as it likes.
    public init(
        port: UInt16, timeout: Duration = .seconds(20), source: UInt8? = nil, bufferBytes: Int32? = nil
    ) throws {
        self.timeout = timeout * Sanitizer.patience
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestFailure("socket: \(errnoText())") }
        var one: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        if let source {
            var own = sockaddr_in()
            own.sin_family = sa_family_t(AF_INET)
            own.sin_addr.s_addr = in_addr_t(0x7f00_0000 | UInt32(source)).bigEndian
            let code = unsafe withUnsafePointer(to: &own) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard code == 0 else { throw TestFailure("bind to 127.0.0.\(source): \(errnoText())") }
        }
        if var bufferBytes {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bufferBytes, 4)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bufferBytes, 4)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            let text = errnoText()
            Glibc.close(descriptor)
            descriptor = -1
            throw TestFailure("connect to 127.0.0.1:\(port): \(text)")
        }
    }

    /// Takes over a socket that a listener accepted.
    init(adopting descriptor: Int32, timeout: Duration) {
        self.descriptor = descriptor
        self.timeout = timeout * Sanitizer.patience
    }

    deinit { close() }

    public func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Ends with a reset instead of an orderly close.
    public func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close()
    }

    /// Resets the connection and keeps the descriptor, so that another thread that waits on it wakes.
    public func disconnect() {
        var address = sockaddr()
        address.sa_family = sa_family_t(AF_UNSPEC)
        unsafe connect(descriptor, &address, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// Sends every piece as a segment of its own.
    func sendsAtOnce() {
        var one: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    /// This side's port.
    public var localPort: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Says that nothing more will be sent; reading goes on.
    public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// False when the other side no longer takes bytes.
    @discardableResult
    public func send(_ bytes: [UInt8]) throws -> Bool {
        var sent = 0
        while sent < bytes.count {
            guard wait(for: Int16(POLLOUT), timeout) else { throw TestFailure("the other side takes no bytes") }
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count >= 0 { sent += count } else if errno != EAGAIN && errno != EINTR { return false }
        }
        return true
    }

    @discardableResult
    public func send(_ text: String) throws -> Bool { try send(Array(text.utf8)) }

    /// What comes next; nil when nothing comes within `patience`.
    public func receive(patience: Duration) throws -> Piece? {
        guard wait(for: Int16(POLLIN), patience) else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count > 0 { return .bytes(Array(buffer[..<count])) }
            if count == 0 { return .end }
            if errno == EINTR { continue }
            if errno == ECONNRESET || errno == EPIPE { return .reset }
            throw TestFailure("recv: \(errnoText())")
        }
    }

    public func receive() throws -> Piece {
        guard let piece = try receive(patience: timeout) else { throw TestFailure("nothing came within \(timeout)") }
        return piece
    }

    private func wait(for events: Int16, _ patience: Duration) -> Bool {
        let deadline = ContinuousClock.now + patience
        while true {
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let left = max(.zero, deadline - .now)
            let milliseconds = Int32(
                left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000)
            let count = unsafe poll(&entry, 1, milliseconds)
            if count > 0 { return true }
            if count == 0 || errno != EINTR { return false }
        }
    }
}

import CLinux
import Glibc

/// An IPv4 or IPv6 address with a port, as the kernel wants it.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// Sixteen bytes; an IPv4 address uses the last four.
    public var bytes: [UInt8]
    public var isIPv6: Bool
    public var port: UInt16

    public init(bytes: [UInt8], isIPv6: Bool, port: UInt16) {
        self.bytes = bytes
        self.isIPv6 = isIPv6
        self.port = port
    }

    /// Parses a numeric address, `127.0.0.1` or `::1`; names are nil.
    public init?(numeric host: String, port: UInt16) {
        var four = in_addr()
        if unsafe inet_pton(AF_INET, host, &four) == 1 {
            let raw = unsafe withUnsafeBytes(of: &four) { unsafe Array($0) }
            self.init(bytes: [UInt8](repeating: 0, count: 12) + raw, isIPv6: false, port: port)
            return
        }
        var six = in6_addr()
        if unsafe inet_pton(AF_INET6, host, &six) == 1 {
            unsafe self.init(bytes: withUnsafeBytes(of: &six) { unsafe Array($0) }, isIPv6: true, port: port)
            return
        }
        return nil
    }

    /// Calls `body` with the kernel's form of the address.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { unsafe $0.copyBytes(from: bytes) }
            return unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &address.sin_addr) { unsafe $0.copyBytes(from: bytes[12...]) }
        return unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    init?(_ storage: sockaddr_storage) {
        var storage = storage
        if Int32(storage.ss_family) == AF_INET {
            let four = unsafe withUnsafeBytes(of: &storage) { unsafe $0.loadUnaligned(as: sockaddr_in.self) }
            var raw = four.sin_addr
            unsafe self.init(
                bytes: [UInt8](repeating: 0, count: 12) + withUnsafeBytes(of: &raw) { unsafe Array($0) }, isIPv6: false,
                port: UInt16(bigEndian: four.sin_port))
        } else if Int32(storage.ss_family) == AF_INET6 {
            let six = unsafe withUnsafeBytes(of: &storage) { unsafe $0.loadUnaligned(as: sockaddr_in6.self) }
            var raw = six.sin6_addr
            unsafe self.init(
                bytes: withUnsafeBytes(of: &raw) { unsafe Array($0) }, isIPv6: true,
                port: UInt16(bigEndian: six.sin6_port))
        } else {
            return nil
        }
    }

    /// The address without the port.
    public var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let source = isIPv6 ? bytes : Array(bytes[12...])
        _ = unsafe source.withUnsafeBytes { raw in
            unsafe inet_ntop(isIPv6 ? AF_INET6 : AF_INET, raw.baseAddress, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The address that a socket has on this side.
public func localAddress(of descriptor: Int32) -> SocketAddress? {
    unsafe address { unsafe getsockname(descriptor, $0, $1) }
}

/// The address of the peer of a connected socket.
public func peerAddress(of descriptor: Int32) -> SocketAddress? {
    unsafe address { unsafe getpeername(descriptor, $0, $1) }
}

/// What a call that fills in an address says.
@inline(__always)
private func address(
    _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &storage) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe call($0, &length) }
    }
    return result == 0 ? SocketAddress(storage) : nil
}

@inline(__always)
func setOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    _ = unsafe setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
}

/// Sends small writes at once: a 40 ms step in a latency curve is the absence of this.
func setNoDelay(_ descriptor: Int32) { setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1) }

extension Connection {
    /// Opens a connection to `address`; fails with `timedOut` at `deadline`.
    ///
    /// - Parameter source: the local address, where it matters which; the kernel chooses the port.
    public static func connect(
        to address: SocketAddress, from source: SocketAddress? = nil, on loop: EventLoop, deadline: MonotonicTime
    ) async throws(ConnectError) -> Connection {
        let connection: Connection
        do { connection = try beginConnecting(to: address, from: source, on: loop) } catch { throw .system(error) }
        connection.setDeadline(deadline)
        try await connection.untilConnected()
        connection.clearDeadline()
        return connection
    }

    /// Begins to open a connection to `address`. It is of use after `untilConnected`.
    public static func beginConnecting(
        to address: SocketAddress, from source: SocketAddress? = nil, on loop: EventLoop
    ) throws(SystemError) -> Connection {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, kind, 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        setNoDelay(descriptor)
        if let source {
            // The port is chosen when the other end is known too, so that each pair of addresses has all of them.
            setOption(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, 1)
            guard unsafe source.withSockaddr({ unsafe bind(descriptor, $0, $1) }) == 0 else {
                let error = SystemError("bind")
                Glibc.close(descriptor)
                throw error
            }
        }
        let result = unsafe address.withSockaddr { pointer, length in
            retryingInterrupts { unsafe Glibc.connect(descriptor, pointer, length) }
        }
        guard result == 0 || errno == EINPROGRESS else {
            let error = SystemError("connect")
            Glibc.close(descriptor)
            throw error
        }
        let connection = try Connection(adopting: descriptor, on: loop)
        // Until the event that says how it went, also when it went at once.
        connection.mayWrite = false
        return connection
    }

    /// Waits for what `beginConnecting` has begun; a connection that fails is closed.
    public func untilConnected() async throws(ConnectError) {
        do { try await waitUntilConnected() } catch {
            close()
            throw error == .timedOut ? .timedOut : .refused
        }
    }
}

/// Why a connection could not be opened.
public enum ConnectError: Error, Hashable, Sendable {
    case timedOut
    /// Refused, unreachable or reset while connecting.
    case refused
    case system(SystemError)
}

/// A listening socket on one loop. Each accepted connection becomes a task.
///
/// - Shape: when the process has no descriptor left, accepting rests: the kernel's queue keeps the callers. It goes on as soon as
///   the owner says that one is free, or by itself a moment later. Who still finds none is taken with a descriptor that is
///   kept for this, told so and closed: nobody waits in the queue for ever.
///
/// Concurrency: belongs to its loop.
@safe public final class Listener: EventSource {
    private unowned(unsafe) let loop: EventLoop
    private var descriptor: Int32 = -1
    private let accept: (Int32) -> Void
    private let refuse: ((Int32) -> Void)?
    public private(set) var address: SocketAddress
    /// Given up to take a caller who has to be told that there are no others; -1 while it is.
    private var reserve: Int32 = -1
    private var isResting = false
    /// How often the process was found without a descriptor, or the kernel without memory.
    public private(set) var restCount: UInt64 = 0
    private var retry: LoopTimer!

    /// The longest queue of connections not yet accepted; the kernel cuts it at net.core.somaxconn.
    private static let backlog: Int32 = 16_384
    /// After the process ran out of descriptors: how long accepting rests, so that it does not spin.
    private static let rest = Duration.milliseconds(100)
    /// Connections taken, or refused, in one turn of the loop: a crowd at the door does not keep those inside waiting.
    private static let turnMax = 64
    /// The low water mark of what is sent: a caller who reads slowly holds about so much of the kernel's memory, instead of the
    /// megabytes to which its send buffer would grow. More is sent when less than this waits.
    private static let unsentLowWaterBytes: Int32 = 128 * 1024

    /// - Parameter refuse: gets a connection that came while no descriptor was left, and has to close it before it returns. Nil:
    ///   such connections wait.
    /// - Parameter accept: gets each connected, non-blocking descriptor and owns it from then on.
    public init(
        on address: SocketAddress, loop: EventLoop, sharesPort: Bool, refuse: ((Int32) -> Void)? = nil,
        accept: @escaping (Int32) -> Void
    ) throws(SystemError) {
        unsafe self.loop = loop
        self.accept = accept
        self.refuse = refuse
        self.address = address
        super.init()
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let opened = socket(address.isIPv6 ? AF_INET6 : AF_INET, kind, 0)
        guard opened >= 0 else { throw SystemError("socket") }
        descriptor = opened
        setOption(opened, SOL_SOCKET, SO_REUSEADDR, 1)
        if sharesPort { setOption(opened, SOL_SOCKET, SO_REUSEPORT, 1) }
        // Accepted sockets inherit both, which saves a call for each.
        setNoDelay(opened)
        setOption(opened, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, Self.unsentLowWaterBytes)
        if address.isIPv6 { setOption(opened, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        guard unsafe address.withSockaddr({ unsafe bind(opened, $0, $1) }) == 0 else { throw fail("bind") }
        guard Glibc.listen(opened, Self.backlog) == 0 else { throw fail("listen") }
        self.address = localAddress(of: opened) ?? address
        try watch()
    }

    /// Goes on where another process listens, or listened: with what waits in the queue.
    ///
    /// - Parameter adopting: a listening, non-blocking socket, which is the listener's from here on.
    public init(
        adopting descriptor: Int32, loop: EventLoop, refuse: ((Int32) -> Void)? = nil,
        accept: @escaping (Int32) -> Void
    ) throws(SystemError) {
        unsafe self.loop = loop
        self.accept = accept
        self.refuse = refuse
        guard let address = localAddress(of: descriptor) else { throw SystemError("getsockname") }
        self.address = address
        super.init()
        self.descriptor = descriptor
        try watch()
    }

    private func watch() throws(SystemError) {
        retry = LoopTimer(on: unsafe loop) { [unowned self] in goOn() }
        keepReserve()
        try unsafe loop.add(self, descriptor: descriptor, events: EPOLLIN.rawValue | EPOLLET.rawValue)
    }

    /// Another descriptor of the socket, for a process that takes it over: both accept until this one is closed.
    public func duplicate() -> Int32? {
        guard descriptor >= 0 else { return nil }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy >= 0 ? copy : nil
    }

    private func fail(_ call: String) -> SystemError {
        let error = SystemError(call)
        Glibc.close(descriptor)
        descriptor = -1
        return error
    }

    deinit { close() }

    override func ready(_ events: UInt32) {
        if !isResting { acceptSome() }
    }

    /// Tells that a descriptor was closed: accepting goes on if it rests.
    public func resume() {
        guard isResting else { return }
        isResting = false
        // Not here and now: the caller is in the middle of something.
        retry.arm(after: .zero)
    }

    /// True when there may be more.
    @discardableResult
    private func acceptSome() -> Bool {
        isResting = false
        for _ in 0..<Self.turnMax {
            guard descriptor >= 0 else { return false }
            let accepted = acceptOne()
            if accepted >= 0 {
                accept(accepted)
                continue
            }
            switch errno {
            case EAGAIN: return false
            case ECONNABORTED: continue
            default:
                // Out of descriptors or memory.
                rest()
                return false
            }
        }
        // There may be more, and no other event says so.
        retry.arm(after: .zero)
        return true
    }

    private func acceptOne() -> Int32 {
        retryingInterrupts {
            accept4(descriptor, nil, nil, Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue))
        }
    }

    private func rest() {
        isResting = true
        restCount &+= 1
        retry.arm(after: Self.rest)
    }

    /// The time of rest is over, or the turn that had its fill.
    private func goOn() {
        let hasRested = isResting
        acceptSome()
        // They have waited as long as they should, and there is still no room.
        if hasRested, isResting, let refuse { turnAway(refuse) }
    }

    private func turnAway(_ refuse: (Int32) -> Void) {
        for _ in 0..<Self.turnMax {
            guard descriptor >= 0, reserve >= 0 else { break }
            Glibc.close(reserve)
            reserve = -1
            let accepted = acceptOne()
            if accepted >= 0 { refuse(accepted) }
            keepReserve()
            if accepted < 0 { break }
        }
        keepReserve()
    }

    private func keepReserve() {
        guard reserve < 0, refuse != nil else { return }
        reserve = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    }

    /// Accepts what has arrived so far, then stops.
    public func finish() {
        while acceptSome() {}
        close()
    }

    /// Stops accepting; connections that were accepted live on.
    public func close() {
        guard descriptor >= 0 else { return }
        retry?.cancel()
        // Taken out by name: closing does not end the watch of a socket that another process has too.
        unsafe loop.remove(descriptor: descriptor, closing: false)
        Glibc.close(descriptor)
        descriptor = -1
        if reserve >= 0 { Glibc.close(reserve) }
        reserve = -1
    }
}

extension SocketAddress {
    /// An address as the resolver hands it out, with the port that is wanted.
    ///
    /// - Parameter raw: a `sockaddr` of `length` bytes.
    public init?(_ raw: UnsafeRawPointer?, length: Int, port: UInt16) {
        guard let raw = unsafe raw else { return nil }
        var storage = sockaddr_storage()
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe target.copyMemory(
                from: UnsafeRawBufferPointer(start: raw, count: min(length, target.count)))
        }
        self.init(storage)
        self.port = port
    }
}

extension SocketAddress {
    /// Whether a socket of this machine can have the address. No port is taken for it.
    public var isOfThisMachine: Bool {
        let descriptor = socket(
            isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return unsafe withSockaddr { unsafe bind(descriptor, $0, $1) } == 0 || errno != EADDRNOTAVAIL
    }
}

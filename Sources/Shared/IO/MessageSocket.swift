import CLinux
import Glibc

/// Whole messages between two processes of one machine, each with descriptors beside it: a UNIX socket of the kind SEQPACKET.
///
/// - Shape: what is sent at once is received at once, or not at all. A socket lies in a folder, whose permissions say who may reach it; who
///   is at the other end is told by the kernel.
/// - Units: a message has at most 8 KiB and 64 descriptors.
/// - Source: `unix(7)`.
///
/// Concurrency: belongs to its loop; one task uses it.
@safe public final class MessageSocket {
    public struct Message {
        public var bytes: [UInt8]
        /// Owned by whoever received them.
        public var descriptors: [Int32]
    }

    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// The other side has closed it, or has ended.
        case ended
        case timedOut
        case malformed
        case system(SystemError)

        public var description: String {
            switch self {
            case .ended: "the other process has closed the connection"
            case .timedOut: "the other process did not answer in time"
            case .malformed: "the other process sent something that cannot be understood"
            case .system(let error): error.description
            }
        }
    }

    public static let bytesMax = 8 * 1024
    public static let descriptorsMax = Int(WEIR_DESCRIPTORS_MAX)

    private let descriptor: Int32
    private let watch: DescriptorWatch
    private let loop: EventLoop
    private var isClosed = false

    /// The user and the process at the other end.
    public let peer: (user: UInt32, process: Int32)

    fileprivate init(adopting descriptor: Int32, on loop: EventLoop) throws(SystemError) {
        self.descriptor = descriptor
        self.loop = loop
        var user: UInt32 = 0
        var process: Int32 = 0
        guard unsafe weir_peer_user(descriptor, &user, &process) == 0 else {
            let error = SystemError("getsockopt")
            Glibc.close(descriptor)
            throw error
        }
        peer = (user: user, process: process)
        watch = DescriptorWatch(descriptor: descriptor, on: loop)
        watch.setInterest(readable: false, writable: false)
    }

    deinit { close() }

    /// Connects to the socket `name` in `folder`; nil when nobody listens there.
    public static func connect(to name: String, in folder: String, on loop: EventLoop) throws(SystemError)
        -> MessageSocket?
    {
        let place: UnixAddress
        do { place = try UnixAddress(name, in: folder) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        let descriptor = try Self.open()
        guard unsafe place.call({ unsafe Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let error = SystemError("connect")
            Glibc.close(descriptor)
            if error.code == ENOENT || error.code == ECONNREFUSED { return nil }
            throw error
        }
        return try MessageSocket(adopting: descriptor, on: loop)
    }

    fileprivate static func open() throws(SystemError) -> Int32 {
        let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        return descriptor
    }

    /// Sends a message. The descriptors stay the caller's; the other side gets its own of them.
    public func send(_ bytes: [UInt8], descriptors: [Int32] = [], by deadline: MonotonicTime) async throws(Failure) {
        precondition(bytes.count <= Self.bytesMax && descriptors.count <= Self.descriptorsMax, "a message has bounds")
        while true {
            if isClosed { throw .ended }
            let sent = retryingInterrupts {
                unsafe weir_send_with_descriptors(descriptor, bytes, bytes.count, descriptors, descriptors.count)
            }
            if sent >= 0 { return }
            switch errno {
            case EAGAIN: try await wait(until: deadline, readable: false)
            case EPIPE, ECONNRESET, ENOTCONN: throw .ended
            default: throw .system(SystemError("sendmsg"))
            }
        }
    }

    /// Waits for a message.
    public func receive(by deadline: MonotonicTime) async throws(Failure) -> Message {
        var bytes = [UInt8](repeating: 0, count: Self.bytesMax)
        var received = [Int32](repeating: -1, count: Self.descriptorsMax)
        while true {
            if isClosed { throw .ended }
            var count = 0
            var flags: Int32 = 0
            let length = retryingInterrupts {
                unsafe weir_receive_with_descriptors(descriptor, &bytes, bytes.count, &received, &count, &flags)
            }
            if length > 0 {
                let message = Message(bytes: Array(bytes[..<length]), descriptors: Array(received[..<count]))
                guard flags == 0 else {
                    for descriptor in message.descriptors { Glibc.close(descriptor) }
                    throw .malformed
                }
                return message
            }
            if length == 0 { throw .ended }
            switch errno {
            case EAGAIN: try await wait(until: deadline, readable: true)
            case ECONNRESET: throw .ended
            default: throw .system(SystemError("recvmsg"))
            }
        }
    }

    private func wait(until deadline: MonotonicTime, readable: Bool) async throws(Failure) {
        let now = loop.refreshedNow()
        guard now < deadline else { throw .timedOut }
        watch.setInterest(readable: readable, writable: !readable)
        let readiness = await watch.wait(timeout: now.duration(to: deadline))
        watch.setInterest(readable: false, writable: false)
        if readiness == .timedOut { throw .timedOut }
    }

    public func close() {
        guard !isClosed else { return }
        isClosed = true
        watch.close()
        Glibc.close(descriptor)
    }
}

/// Listens for `MessageSocket`s at a name in a folder.
///
/// Concurrency: belongs to its loop.
@safe public final class MessageListener {
    private let descriptor: Int32
    private let watch: DescriptorWatch
    private let loop: EventLoop
    private let place: UnixAddress
    private var isClosed = false

    /// Takes the name, from a process that is gone too: whoever calls holds a lock that says that no other one listens, or replaces it.
    ///
    /// - Parameter accept: gets each connection of a process of this user; others are turned away.
    public init(
        at name: String, in folder: String, on loop: EventLoop, accept: @escaping (MessageSocket) -> Void
    ) throws(SystemError) {
        self.loop = loop
        place = try UnixAddress(name, in: folder)
        let opened = try MessageSocket.open()
        descriptor = opened
        watch = DescriptorWatch(descriptor: opened, on: loop)
        // Beside its place and renamed, so that whoever connects meanwhile finds the old one or the new one.
        do throws(SystemError) {
            let fresh = try UnixAddress(name + ".new", in: folder)
            fresh.unlink()
            guard unsafe fresh.call({ unsafe bind(opened, $0, $1) }) == 0 else { throw SystemError("bind") }
            guard unsafe chmod(fresh.path, 0o600) == 0 else { throw SystemError("chmod") }
            guard listen(opened, 4) == 0 else { throw SystemError("listen") }
            guard unsafe rename(fresh.path, place.path) == 0 else { throw SystemError("rename") }
        } catch {
            isClosed = true
            Glibc.close(opened)
            throw error
        }
        watch.onReady = { [unowned self] _ in acceptAll(accept) }
        watch.setInterest(readable: true, writable: false)
    }

    deinit { close(removing: false) }

    private func acceptAll(_ accept: (MessageSocket) -> Void) {
        while !isClosed {
            let accepted = accept4(
                descriptor, nil, nil, Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue))
            guard accepted >= 0 else { return }
            guard let socket = try? MessageSocket(adopting: accepted, on: loop), socket.peer.user == geteuid() else {
                continue
            }
            accept(socket)
        }
    }

    /// - Parameter removing: takes the name away too; false when another process has it by now.
    public func close(removing: Bool) {
        guard !isClosed else { return }
        isClosed = true
        watch.close()
        Glibc.close(descriptor)
        if removing { place.unlink() }
    }
}

/// The address of a UNIX socket in a folder, whatever the length of the folder's path: an address has room for 108 bytes only, so the folder
/// goes by the number of an open descriptor.
private final class UnixAddress {
    let path: String
    private let folder: Int32

    init(_ name: String, in folder: String) throws(SystemError) {
        self.folder = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard self.folder >= 0 else { throw SystemError("open") }
        path = "/proc/self/fd/\(self.folder)/\(name)"
    }

    deinit { close(folder) }

    func unlink() { _ = unsafe Glibc.unlink(path) }

    func call(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return -1
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                retryingInterrupts { unsafe body(pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) }
            }
        }
    }
}

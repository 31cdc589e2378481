import Glibc
import Shared

/// An address that answers nobody: its queue is full, so the kernel drops what comes.
public final class BlackHole {
    private let listener: Int32
    private var fillers: [Int32] = []
    public let port: UInt16

    public init(at host: String, port: UInt16) throws {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, "\(port)", &hints, &found) == 0, let info = unsafe found?.pointee else {
            throw TestFailure("black hole: \(host) is no address")
        }
        defer { unsafe freeaddrinfo(found) }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
        listener = unsafe socket(info.ai_family, kind, 0)
        var one: Int32 = 1
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe bind(listener, info.ai_addr, info.ai_addrlen) == 0, listen(listener, 0) == 0,
            let bound = localAddress(of: listener)
        else { throw TestFailure("black hole: \(errnoText())") }
        self.port = bound.port
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(listener, address, &length)
                for _ in 0..<3 {
                    let filler = unsafe socket(info.ai_family, kind, 0)
                    _ = unsafe connect(filler, address, length)
                    fillers.append(filler)
                }
            }
        }
    }

    deinit {
        for descriptor in fillers + [listener] { close(descriptor) }
    }
}

import Glibc
import Shared
import Synchronization

/// Turns host names into addresses on a thread of its own, because the C library's resolver blocks.
///
/// Concurrency: `queue` is under a mutex; the semaphore counts its entries; the thread is the only reader.
@safe final class Resolver: @unchecked Sendable {
    private struct Question: Sendable {
        var host: String
        var port: UInt16
        var reply: @Sendable ([SocketAddress]) -> Void
    }

    private let queue = Mutex<[Question]>([])
    private let pending: UnsafeMutablePointer<sem_t>

    init() {
        unsafe pending = .allocate(capacity: 1)
        unsafe sem_init(pending, 0, 0)
        var thread = pthread_t()
        let box = unsafe Unmanaged.passRetained(self)
        let result = unsafe pthread_create(
            &thread, nil,
            { raw in
                unsafe Unmanaged<Resolver>.fromOpaque(raw!).takeUnretainedValue().run()
                return nil
            }, unsafe box.toOpaque())
        precondition(result == 0, "pthread_create failed: the process is out of threads")
        pthread_detach(thread)
    }

    /// The addresses of a host, in the order the system prefers; empty when there are none. Resumes on `loop`.
    func resolve(host: String, port: UInt16, on loop: EventLoop) async -> [SocketAddress] {
        unsafe await withUnsafeContinuation { continuation in
            let question = Question(host: host, port: port) { found in
                loop.post { unsafe continuation.resume(returning: found) }
            }
            queue.withLock { $0.append(question) }
            unsafe sem_post(pending)
        }
    }

    private func run() {
        while true {
            while unsafe sem_wait(pending) != 0 {}
            guard let question = queue.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
            question.reply(Self.lookUp(host: question.host, port: question.port))
        }
    }

    private static func lookUp(host: String, port: UInt16) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe SocketAddress(
                entry.pointee.ai_addr, length: Int(entry.pointee.ai_addrlen), port: port)
            {
                found.append(address)
            }
            unsafe next = unsafe entry.pointee.ai_next
        }
        return found
    }
}

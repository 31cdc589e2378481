import Glibc
import Shared
import Synchronization

/// Turns host names into addresses on threads of its own, because the C library's resolver blocks: for seconds where a name server is
/// silent, so that one name should not keep the others waiting.
///
/// - Shape: a thread is started when there is a question and all that there are have one. No more questions wait than there are names in
///   use on each loop, because a loop asks for a name once at a time.
///
/// Concurrency: `state` is under a mutex that no request takes; the semaphore counts questions that wait.
@safe final class Resolver: @unchecked Sendable {
    private struct Question: Sendable {
        var host: String
        var reply: @Sendable ([SocketAddress]) -> Void
    }

    private struct State {
        var questions: [Question] = []
        var threads = 0
        /// Threads with a question.
        var busy = 0
    }

    private let state = Mutex(State())
    private let pending: UnsafeMutablePointer<sem_t>
    private let lookUp: @Sendable (String) -> [SocketAddress]

    /// Names that are looked up at a time. Most take a millisecond; those of a name server that is silent take ten seconds.
    private static let threadsMax = 4

    /// - Parameter lookUp: the addresses of a host, the best first, with any port; none when it has none or cannot be found. It may block.
    init(_ lookUp: @escaping @Sendable (String) -> [SocketAddress] = Resolver.askSystem) {
        self.lookUp = lookUp
        unsafe pending = .allocate(capacity: 1)
        unsafe sem_init(pending, 0, 0)
    }

    /// Hands the addresses of a host to `reply`, on `loop`: in the order the system prefers; none when there are none.
    func resolve(_ host: String, on loop: EventLoop, reply: @escaping @Sendable ([SocketAddress]) -> Void) {
        let startsThread = state.withLock { state in
            state.questions.append(Question(host: host) { found in loop.post { reply(found) } })
            guard state.busy + state.questions.count > state.threads, state.threads < Self.threadsMax else {
                return false
            }
            state.threads += 1
            return true
        }
        if startsThread { startThread() }
        unsafe sem_post(pending)
    }

    private func startThread() {
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

    private func run() {
        while true {
            while unsafe sem_wait(pending) != 0 {}
            let taken = state.withLock { state -> Question? in
                guard !state.questions.isEmpty else { return nil }
                state.busy += 1
                return state.questions.removeFirst()
            }
            guard let question = taken else { continue }
            let found = lookUp(question.host)
            state.withLock { $0.busy -= 1 }
            question.reply(found)
        }
    }

    /// What the C library says, which asks whom `/etc/nsswitch.conf` names: the hosts file first, as a rule, then name servers.
    @Sendable static func askSystem(_ host: String) -> [SocketAddress] {
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
                entry.pointee.ai_addr, length: Int(entry.pointee.ai_addrlen), port: 0),
                !found.contains(address)
            {
                found.append(address)
            }
            unsafe next = unsafe entry.pointee.ai_next
        }
        return found
    }
}

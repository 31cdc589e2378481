import Glibc
import Shared

/// The new process's side of a take-over: what it was given, until it serves.
///
/// Concurrency: belongs to the control loop; one task.
final class TakeOver {
    struct Failure: Error, CustomStringConvertible { var description: String }

    private let socket: MessageSocket
    private let deadline: MonotonicTime
    private let loop: EventLoop
    /// The descriptors that nobody has taken yet.
    private var lock: Int32 = -1
    private var ops: Int32 = -1
    private var listeners: [ListenerRole: [Int32]] = [:]

    /// More than a process can have: one for each thread and role, and those it took over itself.
    private static let listenersMax = 4 * 256

    var process: Int32 { socket.peer.process }
    var timeLeft: Duration { max(.zero, loop.refreshedNow().duration(to: deadline)) }

    private init(_ socket: MessageSocket, deadline: MonotonicTime, on loop: EventLoop) {
        self.socket = socket
        self.deadline = deadline
        self.loop = loop
    }

    deinit { close() }

    /// Asks the process that uses `folder` for its sockets; nil when there is none that listens.
    static func ask(in folder: String, timeout: Duration, on loop: EventLoop) async throws(Failure) -> TakeOver? {
        let deadline = loop.refreshedNow().advanced(by: timeout)
        let connected: MessageSocket?
        do throws(SystemError) {
            connected = try MessageSocket.connect(to: TakeOverMessage.socketName, in: folder, on: loop)
        } catch { throw Failure(description: "\(error)") }
        guard let connected else { return nil }
        guard connected.peer.user == geteuid() else {
            throw Failure(description: "the process that uses the folder belongs to another user")
        }
        let taken = TakeOver(connected, deadline: deadline, on: loop)
        do throws(MessageSocket.Failure) {
            var hello = TakeOverMessage(.hello)
            hello.timeoutMilliseconds = Int(timeout.wholeMilliseconds)
            try await connected.send(hello.bytes, by: deadline)
        } catch { throw Failure(description: "\(error)") }
        try await taken.receive()
        return taken
    }

    private func receive() async throws(Failure) {
        let (offer, descriptors) = try await next()
        guard offer.kind == .offer, descriptors.count == 2, let count = offer.listeners,
            (1...Self.listenersMax).contains(count)
        else {
            for descriptor in descriptors { Glibc.close(descriptor) }
            throw Failure(description: offer.reason ?? "process \(process) offers nothing that can be taken over")
        }
        (lock, ops) = (descriptors[0], descriptors[1])
        var received = 0
        while received < count {
            let (message, more) = try await next()
            received += more.count
            if let role = message.role {
                listeners[role, default: []] += more
            } else {
                // For something that this version does not know.
                for descriptor in more { Glibc.close(descriptor) }
            }
            guard message.kind == .listeners, !more.isEmpty else {
                throw Failure(description: "process \(process) has not handed out all of its sockets")
            }
        }
    }

    private func next() async throws(Failure) -> (TakeOverMessage, [Int32]) {
        do throws(MessageSocket.Failure) {
            let message = try await socket.receive(by: deadline)
            return (try TakeOverMessage(message.bytes), message.descriptors)
        } catch { throw Failure(description: "process \(process): \(error)") }
    }

    // MARK: What was given

    /// The folder's lock, which the old process shares. The caller's from here on, as with the sockets.
    func takeLock() -> Int32 {
        defer { lock = -1 }
        return lock
    }

    func takeOps() -> Int32 {
        defer { ops = -1 }
        return ops
    }

    func takeListeners(_ role: ListenerRole) -> [Int32] { listeners.removeValue(forKey: role) ?? [] }

    /// Where callers reach the old process, where it listens at all.
    var addresses: [ListenerRole: SocketAddress] {
        listeners.compactMapValues { $0.first.flatMap { localAddress(of: $0) } }
    }

    /// Where operators reach it.
    var opsAddress: SocketAddress? { localAddress(of: ops) }

    // MARK: The end of it

    /// This process serves: the old one may go. Returns once it has said that it does.
    func finish() async throws(Failure) {
        do throws(MessageSocket.Failure) {
            try await socket.send(TakeOverMessage(.serving).bytes, by: deadline)
        } catch { throw Failure(description: "process \(process): \(error)") }
        let (answer, _) = try await next()
        guard answer.kind == .draining else {
            throw Failure(description: answer.reason ?? "process \(process) does not go")
        }
        close()
    }

    /// Leaves the old process as it was.
    func close() {
        for descriptor in [lock, ops] + listeners.values.joined() where descriptor >= 0 { Glibc.close(descriptor) }
        (lock, ops, listeners) = (-1, -1, [:])
        socket.close()
    }
}

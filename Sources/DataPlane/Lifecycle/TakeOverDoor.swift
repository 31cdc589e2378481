import Glibc
import Shared

/// The old process's side of a take-over: a socket in the data folder, where a new process asks for what this one listens on.
///
/// Nothing changes here until the new process serves: if it goes away before, or takes too long, this one goes on as if nothing had happened.
///
/// Concurrency: belongs to the control loop.
final class TakeOverDoor {
    /// What is handed out: copies, which are the door's to close.
    struct Offer {
        /// Shared with the new process, not copied.
        var lock: Int32
        var ops: Int32
        var listeners: [ListenerRole: [Int32]]
    }

    enum Answer {
        case offer(Offer)
        case refused(String)
    }

    /// How long the first word may take; what follows takes as long as the new process has said.
    private static let helloTimeout = Duration.seconds(5)
    /// Longer than the other side waits, so that both give up in the same order: first the new one.
    private static let margin = Duration.seconds(2)
    private static let timeoutMax = Duration.seconds(600)

    private let loop: EventLoop
    private let answer: () async -> Answer
    private let handedOver: () -> Void
    private let failed: () -> Void
    private var listener: MessageListener?
    private var current: MessageSocket?
    private let log = Logger("take-over")

    /// - Parameters:
    ///   - answer: what a new process is given.
    ///   - handedOver: the new process serves, and knows that this one goes.
    ///   - failed: a new process has begun and is gone.
    init(
        on loop: EventLoop, answer: @escaping () async -> Answer, handedOver: @escaping () -> Void,
        failed: @escaping () -> Void
    ) {
        self.loop = loop
        self.answer = answer
        self.handedOver = handedOver
        self.failed = failed
    }

    /// Opens the socket; without one this process can be restarted, and not taken over.
    func open(in folder: String) {
        do throws(SystemError) {
            if let reason = Self.isOpenToOthers(folder) {
                return log.warning("no other process can take this one over", ["reason": .string(reason)])
            }
            let reference = DoorReference(self)
            let loop = loop
            listener = try MessageListener(at: TakeOverMessage.socketName, in: folder, on: loop) { socket in
                let handle = SocketReference(socket)
                loop.spawn { _ in await reference.door?.serve(handle.socket) }
            }
        } catch {
            log.warning("no other process can take this one over", ["reason": .text(error)])
        }
    }

    /// Who may write to the folder could put a socket of their own into it.
    static func isOpenToOthers(_ folder: String) -> String? {
        var status = stat()
        guard unsafe stat(folder, &status) == 0 else { return "\(folder): \(SystemError("stat").reason)" }
        if status.st_mode & 0o022 != 0 { return "\(folder) can be written by others than its owner" }
        if status.st_uid != geteuid(), status.st_uid != 0 { return "\(folder) belongs to another user" }
        return nil
    }

    private func serve(_ socket: MessageSocket) async {
        defer { socket.close() }
        let hello: TakeOverMessage
        // Read before anything is refused: what is closed with a message unread is reset, and the reason would be lost.
        do throws(MessageSocket.Failure) {
            hello = try await message(from: socket, within: Self.helloTimeout)
            guard hello.kind == .hello else { throw .malformed }
        } catch { return log.warning("a take-over was not begun", ["reason": .text(error)]) }
        guard current == nil else { return await refuse("another process takes this one over already", socket) }
        current = socket
        defer { current = nil }
        do throws(MessageSocket.Failure) {
            guard hello.protocol == TakeOverMessage.protocolVersion else {
                return await refuse(
                    "it speaks version \(hello.protocol) of the take-over, this process (\(WeirVersion.current)) version \(TakeOverMessage.protocolVersion)",
                    socket)
            }
            let timeout = min(.milliseconds(max(0, hello.timeoutMilliseconds ?? 30_000)), Self.timeoutMax)
            let deadline = loop.refreshedNow().advanced(by: timeout + Self.margin)
            let offer: Offer
            switch await answer() {
            case .offer(let made): offer = made
            case .refused(let reason): return await refuse(reason, socket)
            }
            log.info(
                "another process takes this one over",
                ["process": .integer(socket.peer.process), "software": .string(hello.software)])
            try await hand(offer, to: socket, by: deadline)
            let word = try await message(from: socket, within: loop.refreshedNow().duration(to: deadline))
            guard word.kind == .serving else { throw .malformed }
            // From here on it is the other one that serves. Should it die before it reads this, whoever supervises it starts it again.
            try await socket.send(TakeOverMessage(.draining).bytes, by: deadline)
            close(removing: false)
            handedOver()
        } catch {
            log.error("the take-over failed, and this process goes on", ["reason": .text(error)])
            failed()
        }
    }

    private func message(
        from socket: MessageSocket, within timeout: Duration
    ) async throws(MessageSocket.Failure) -> TakeOverMessage {
        let message = try await socket.receive(by: loop.refreshedNow().advanced(by: timeout))
        // A new process has nothing to hand over.
        for descriptor in message.descriptors { Glibc.close(descriptor) }
        return try TakeOverMessage(message.bytes)
    }

    private func hand(
        _ offer: Offer, to socket: MessageSocket, by deadline: MonotonicTime
    ) async throws(MessageSocket.Failure) {
        defer { for descriptor in offer.listeners.values.joined() + [offer.ops] { Glibc.close(descriptor) } }
        var first = TakeOverMessage(.offer)
        first.listeners = offer.listeners.values.reduce(0) { $0 + $1.count }
        try await socket.send(first.bytes, descriptors: [offer.lock, offer.ops], by: deadline)
        for (role, descriptors) in offer.listeners {
            var message = TakeOverMessage(.listeners)
            message.role = role
            var rest = descriptors[...]
            while !rest.isEmpty {
                let batch = Array(rest.prefix(MessageSocket.descriptorsMax))
                rest = rest.dropFirst(batch.count)
                try await socket.send(message.bytes, descriptors: batch, by: deadline)
            }
        }
    }

    private func refuse(_ reason: String, _ socket: MessageSocket) async {
        log.warning("a take-over was refused", ["reason": .string(reason)])
        var answer = TakeOverMessage(.refused)
        answer.reason = reason
        // Whoever does not read this is told by the end of the connection.
        try? await socket.send(answer.bytes, by: loop.refreshedNow().advanced(by: .seconds(1)))
    }

    /// Ends a take-over that is under way too: the new process gives up.
    ///
    /// - Parameter removing: false when another process has the name by now.
    func close(removing: Bool) {
        if removing { current?.close() }
        listener?.close(removing: removing)
        listener = nil
    }
}

/// Lets the accept closure name the door, which lives on its loop.
///
/// Concurrency: used by tasks of the door's loop only.
private final class DoorReference: @unchecked Sendable {
    private(set) weak var door: TakeOverDoor?
    init(_ door: TakeOverDoor) { self.door = door }
}

/// Carries a socket into the task that serves it, on the same loop.
///
/// Concurrency: used on the door's loop only.
private final class SocketReference: @unchecked Sendable {
    let socket: MessageSocket
    init(_ socket: MessageSocket) { self.socket = socket }
}

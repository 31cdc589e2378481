import Shared

/// One caller: asks, waits for the whole answer, checks it, asks again.
final class LoadConnection {
    private let options: LoadOptions
    private let loop: EventLoop
    private var reader = AnswerReader()
    private var statistics = LoadStatistics()
    private var connection: Connection?

    /// After a fault, so that a server that is gone does not make a busy loop.
    private static let pauseAfterFault = Duration.milliseconds(10)

    /// Nil: plain.
    private let trust: TLSClientContext?
    private let sessions = TLSSessionStore()

    init(_ options: LoadOptions, trust: TLSClientContext?, on loop: EventLoop) {
        self.options = options
        self.trust = trust
        self.loop = loop
    }

    /// Asks until the time is over. What was asked before then is waited for, so that nothing is cut off and called lost.
    func run(from start: MonotonicTime) async -> LoadStatistics {
        let end = start.advanced(by: .seconds(options.seconds))
        let warm = start.advanced(by: .milliseconds(options.warmUpMilliseconds))
        var now = loop.refreshedNow()
        while now < end {
            do {
                try await ask()
                let answered = loop.refreshedNow()
                statistics.answered(
                    asked: now, firstByte: reader.firstByteAt, complete: answered, events: options.events ?? 0,
                    isWarmUp: now < warm)
                now = answered
            } catch {
                statistics.failed(error)
                connection?.close()
                connection = nil
                await loop.sleep(for: Self.pauseAfterFault)
                now = loop.refreshedNow()
            }
        }
        connection?.close()
        return statistics
    }

    private func ask() async throws(AnswerFault) {
        let connection = try await connected()
        connection.setDeadline(after: .seconds(options.timeoutSeconds))
        connection.output.append(options.request)
        do {
            try await connection.flush()
        } catch {
            throw error == .timedOut ? .timedOut : .closed
        }
        try await reader.readAnswer(from: connection)
        if let events = options.events { try reader.checkStream(events: events) } else { try reader.checkPlain() }
    }

    private func connected() async throws(AnswerFault) -> Connection {
        if let connection { return connection }
        guard let address = SocketAddress(numeric: "127.0.0.1", port: options.port) else { throw .refused }
        let deadline = loop.now.advanced(by: .seconds(options.timeoutSeconds))
        let opened: Connection
        do { opened = try await Connection.connect(to: address, on: loop, deadline: deadline) } catch {
            throw .refused
        }
        if let trust {
            do {
                try await opened.secure(asClientOf: "127.0.0.1", trust, sessions: sessions, by: deadline)
            } catch {
                opened.close()
                throw .refused
            }
        }
        connection = opened
        return opened
    }
}

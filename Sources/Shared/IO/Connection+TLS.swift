import Glibc

/// TLS on a connection: libssl works on the same socket, and what it waits for is what the connection waits for.
extension Connection {
    /// Speaks TLS from here on, as the server's end.
    ///
    /// - Errors: `TLSFailure`. libssl has told the peer why; the connection is of no more use, except after `plainHTTP`,
    ///   when the peer can be told so in plain words.
    public func secure(asServer context: TLSServerContext, by deadline: MonotonicTime) async throws(TLSFailure) {
        precondition(tls == nil)
        tls = TLSLayer(context, descriptor: rawDescriptor)
        try await shakeHands(by: deadline)
    }

    /// Speaks TLS from here on, as the client's end; the peer must show a certificate for `host`.
    public func secure(
        asClientOf host: String, _ context: TLSClientContext, sessions: TLSSessionStore, by deadline: MonotonicTime
    ) async throws(TLSFailure) {
        precondition(tls == nil)
        tls = TLSLayer(context, host: host, sessions: sessions, descriptor: rawDescriptor)
        try await shakeHands(by: deadline)
    }

    /// The handshake took a session up again instead of making one.
    public var isResumed: Bool { tls?.isResumed ?? false }

    /// `TLSv1.3`; nil: plain.
    public var tlsVersion: String? { tls?.version }

    private func shakeHands(by deadline: MonotonicTime) async throws(TLSFailure) {
        guard let tls else { throw .refused("out of memory, or the host is no name") }
        setDeadline(deadline)
        defer { clearDeadline() }
        while true {
            switch failure {
            case .timedOut: throw .timedOut
            case .aborted: throw .aborted
            case .broken: throw .peerLeft
            case nil: break
            }
            guard isOpen else { throw .aborted }
            switch tls.shakeHands() {
            case .done: return
            case .wantsReading:
                mayRead = false
                await untilReadable()
            case .wantsWriting:
                mayWrite = false
                await untilWritable()
            case .failed(let reason):
                if reason == .plainHTTP { self.tls = nil }
                throw reason
            }
        }
    }

    /// As `readNow` does without TLS: the byte count, 0 at the end of the stream, -1 when it would block.
    @inline(never)
    func readThroughTLS(into buffer: ByteBuffer, _ size: Int) throws(ConnectionError) -> Int {
        guard isOpen, let tls else { throw .aborted }
        switch unsafe tls.read(into: buffer.writable(size)) {
        case .bytes(let length):
            buffer.didWrite(length)
            // A short `length` says nothing: it was the end of a record, and others may lie in libssl already, for which there
            // will be no event.
            if tls.hasDrainedSocket, !peerHasShutDown { mayRead = false }
            return length
        case .end: return 0
        case .wantsReading: mayRead = false
        case .wantsWriting:
            mayRead = false
            mayWrite = false
            tls.readWaitsForWriting = true
        case .broken:
            fail(.broken)
            throw .broken
        }
        return -1
    }

    /// One write: the byte count, -1 when it would block.
    @inline(never)
    func writeThroughTLS(_ bytes: UnsafeRawBufferPointer) throws(ConnectionError) -> Int {
        guard isOpen, let tls else { throw .aborted }
        switch unsafe tls.write(bytes) {
        case .bytes(let length): return length
        case .wantsWriting: mayWrite = false
        case .wantsReading:
            mayRead = false
            mayWrite = false
            tls.writeWaitsForReading = true
        case .end, .broken:
            fail(.broken)
            throw .broken
        }
        return -1
    }

    /// As `isQuiet` without TLS. Bytes on the socket are not yet a reason to give the connection up: session tickets come
    /// after the handshake, whenever the peer likes.
    func isQuietBehindTLS() -> Bool {
        guard let tls else { return false }
        guard case .wantsReading = tls.peek() else { return false }
        mayRead = false
        return true
    }

    /// Wakes what waits for the other direction. Rare: only new keys in the middle of a connection make it happen.
    func wakeAcrossTLS() {
        guard let tls else { return }
        if tls.readWaitsForWriting, mayWrite {
            tls.readWaitsForWriting = false
            mayRead = true
            resumeReader()
        }
        if tls.writeWaitsForReading, mayRead {
            tls.writeWaitsForReading = false
            mayWrite = true
            resumeWriter()
        }
    }

    /// Before the socket is closed. An answer that is to look cut gets no close_notify: it would make it look whole.
    func endTLS() {
        guard let tls else { return }
        if endsAbruptly || failure == .broken || !output.isEmpty { tls.endSilently() } else { tls.sayEnd() }
        self.tls = nil
    }
}

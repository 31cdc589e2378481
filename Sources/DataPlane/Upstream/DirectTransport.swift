import Shared

/// Reaches providers by Weir's own HTTP/1.1, plain or over TLS, with a pool of connections for each address.
///
/// One for each loop, so that nothing in it is shared and nothing needs a lock.
final class DirectTransport: UpstreamTransport {
    private let loop: EventLoop
    private let resolver: Resolver
    private var trust: TLSClientContext
    private var pools: [PoolKey: UpstreamPool] = [:]

    private struct PoolKey: Hashable {
        var host: String
        var port: UInt16
        var isTLS: Bool
    }

    init(on loop: EventLoop, resolver: Resolver, trust: TLSClientContext) {
        self.loop = loop
        self.resolver = resolver
        self.trust = trust
    }

    /// From now on providers must be vouched for by these authorities. What is under way on connections that the earlier
    /// ones vouched for goes on.
    func use(_ newTrust: TLSClientContext) {
        trust = newTrust
        for pool in pools.values { pool.forgetTrust() }
    }

    var idleConnections: Int { pools.values.reduce(0) { $0 + $1.idleCount } }

    private func pool(for address: UpstreamAddress) -> UpstreamPool {
        let key = PoolKey(host: address.host, port: address.port, isTLS: address.isTLS)
        if let pool = pools[key] { return pool }
        let pool = UpstreamPool(
            host: address.host, port: address.port, isTLS: address.isTLS, on: loop, resolver: resolver)
        pools[key] = pool
        return pool
    }

    func exchange(
        _ request: UpstreamRequest, for caller: Connection
    ) async throws(AttemptError) -> any UpstreamExchange {
        let pool = pool(for: request.target.address)
        while true {
            let upstream = try await pool.checkOut(by: request.limits.connectBy, trusting: trust)
            unsafe caller.abortedWhenPeerLeaves = upstream
            if caller.peerIsGone { upstream.abort() }
            do throws(DirectFailure) {
                try await upstream.send(request)
                try await upstream.receiveHead(request.limits)
                return upstream
            } catch {
                unsafe caller.abortedWhenPeerLeaves = nil
                upstream.close()
                // A kept connection may have been closed by its provider just when it was taken. Nothing was answered on
                // it, so the request goes out once more, on another one.
                if error == .brokenBeforeAnswer, upstream.wasReused, loop.now < request.limits.totalBy { continue }
                throw error.attemptError(now: loop.now, limits: request.limits)
            }
        }
    }

    /// Closes what has been idle too long; called every few seconds.
    func prune() { for pool in pools.values { pool.prune() } }

    func closeIdle() { for pool in pools.values { pool.closeIdle() } }
}

extension AttemptError {
    init(_ failure: TLSFailure) {
        switch failure {
        case .timedOut: self = .connectTimedOut
        case .certificateRefused: self = .certificateRefused
        case .aborted, .peerLeft, .plainHTTP, .refused: self = .handshakeFailed
        }
    }
}

/// How an exchange failed before its answer's head was complete.
enum DirectFailure: Error, Equatable {
    case brokenBeforeAnswer, brokenInHead, malformed, timedOut, aborted

    func attemptError(now: MonotonicTime, limits: AttemptLimits) -> AttemptError {
        switch self {
        case .brokenBeforeAnswer, .brokenInHead: .brokenBeforeAnswer
        case .malformed: .malformedAnswer
        case .timedOut: now >= limits.totalBy ? .totalTimedOut : .firstTokenTimedOut
        case .aborted: .callerGone
        }
    }
}

/// The connections to one address of one loop, the last used first: it is the warmest, and the others can grow old.
final class UpstreamPool {
    private let host: String
    private let port: UInt16
    private let loop: EventLoop
    private let resolver: Resolver
    /// Nil: plain.
    private let sessions: TLSSessionStore?
    private var generation = 0
    private var complainedAt = MonotonicTime(nanoseconds: 0)
    private let log = Logger("upstream")
    private var idle: [UpstreamConnection] = []
    private var addresses: [SocketAddress] = []
    private var addressesUntil = MonotonicTime(nanoseconds: 0)

    /// Bounds what is kept after a burst.
    private static let idleMax = 1024
    /// Shorter than the idle timeouts of the usual servers (60 to 75 s), so that Weir closes first.
    private static let idleTime = Duration.seconds(50)
    /// getaddrinfo does not tell a record's life time.
    private static let addressLifeTime = Duration.seconds(30)

    /// A provider that cannot be trusted says so with every attempt; the log need not.
    private static let complaintInterval = Duration.seconds(10)

    init(host: String, port: UInt16, isTLS: Bool, on loop: EventLoop, resolver: Resolver) {
        self.host = host
        self.port = port
        self.loop = loop
        self.resolver = resolver
        sessions = isTLS ? TLSSessionStore() : nil
        if let numeric = SocketAddress(numeric: host, port: port) {
            addresses = [numeric]
            addressesUntil = .distantFuture
        }
    }

    var idleCount: Int { idle.count }

    /// A connection that is ready for a request: a kept one, or a new one with its handshake done.
    func checkOut(
        by deadline: MonotonicTime, trusting trust: TLSClientContext
    ) async throws(AttemptError) -> UpstreamConnection {
        let begun = generation
        while let kept = idle.popLast() {
            if kept.connection.isQuiet() {
                kept.wasReused = true
                return kept
            }
            kept.close()
        }
        if loop.now >= addressesUntil { try await resolve() }
        // In turn: the next address is tried when one refuses.
        var last = AttemptError.connectFailed
        for address in addresses {
            let connection: Connection
            do { connection = try await Connection.connect(to: address, on: loop, deadline: deadline) } catch {
                last = error == .timedOut ? .connectTimedOut : .connectFailed
                if last == .connectTimedOut { break }
                continue
            }
            if let sessions {
                do throws(TLSFailure) {
                    try await connection.secure(asClientOf: host, trust, sessions: sessions, by: deadline)
                } catch {
                    connection.close()
                    last = AttemptError(error)
                    complain(error)
                    // The name's other addresses have no more time, and the same certificate.
                    if last != .handshakeFailed { break }
                    continue
                }
            }
            return UpstreamConnection(connection, pool: self, generation: begun)
        }
        throw last
    }

    private func complain(_ failure: TLSFailure) {
        let reason: String
        switch failure {
        case .certificateRefused(let text), .refused(let text): reason = text
        case .timedOut, .aborted, .peerLeft, .plainHTTP: return
        }
        guard loop.now >= complainedAt else { return }
        complainedAt = loop.now.advanced(by: Self.complaintInterval)
        log.warning(
            "a provider's TLS handshake failed",
            ["host": .text(host), "cause": .text(failure.label.description), "reason": .text(reason)])
    }

    /// Other authorities decide from now on: nothing that the earlier ones let in is used again.
    func forgetTrust() {
        guard let sessions else { return }
        generation += 1
        sessions.removeAll()
        closeIdle()
    }

    private func resolve() async throws(AttemptError) {
        let found = await resolver.resolve(host: host, port: port, on: loop)
        // An address that was good is better than none while the name server is away.
        if !found.isEmpty { addresses = found }
        guard !addresses.isEmpty else { throw .connectFailed }
        addressesUntil = loop.refreshedNow().advanced(by: Self.addressLifeTime)
    }

    func checkIn(_ upstream: UpstreamConnection) {
        guard idle.count < Self.idleMax, upstream.generation == generation else { return upstream.close() }
        upstream.idleSince = loop.now
        // It stays filed: taking it out and filing it again would cost each request more than finding it there once.
        upstream.connection.setDeadline(.distantFuture)
        idle.append(upstream)
    }

    func prune() {
        let oldest = loop.now.nanoseconds &- UInt64(Self.idleTime.wholeNanoseconds)
        idle.removeAll { kept in
            guard kept.idleSince.nanoseconds < oldest || kept.connection.peerIsGone else { return false }
            kept.close()
            return true
        }
    }

    func closeIdle() {
        for kept in idle { kept.close() }
        idle.removeAll()
    }
}

/// One connection to a provider, and the exchange that is under way on it.
final class UpstreamConnection: UpstreamExchange {
    let connection: Connection
    private unowned let pool: UpstreamPool
    /// Of the pool's trust when the connection was made.
    let generation: Int
    private let head = HTTPHead()
    private var remaining: UInt64 = 0
    private var decoder = ChunkedDecoder()
    private var isComplete = false
    private var limits: AttemptLimits!
    private(set) var answer = UpstreamAnswer()
    let forwardedFields = ByteBuffer()
    var wasReused = false
    var idleSince = MonotonicTime(nanoseconds: 0)

    private static let headBytesMax = 64 * 1024

    init(_ connection: Connection, pool: UpstreamPool, generation: Int) {
        self.connection = connection
        self.pool = pool
        self.generation = generation
    }

    func abort() { connection.abort() }

    func close() { connection.close() }

    // MARK: Sending

    func send(_ request: UpstreamRequest) async throws(DirectFailure) {
        let output = connection.output
        let target = request.target
        output.append("POST ")
        output.append(target.address.pathPrefix)
        output.append(request.endpoint.upstreamPath)
        output.append(" HTTP/1.1\r\nhost: ")
        output.append(target.address.hostHeader)
        output.append("\r\n")
        output.append(target.credentialLine)
        output.append("x-request-id: ")
        output.append(request.requestID)
        output.append("\r\ncontent-length: ")
        unsafe output.append(decimal: UInt64(request.edits.byteCount(editing: request.body.count)))
        output.append("\r\n")
        unsafe FieldForwarding.forEachRequestField(of: request.head, request.headBytes) { line, _ in
            unsafe output.append(line)
            output.append("\r\n")
        }
        output.append(FieldForwarding.via(request.head))
        output.append("\r\n\r\n")
        connection.setDeadline(request.limits.firstByteBy)
        do {
            if unsafe request.body.count <= (request.edits.isEmpty ? Self.copyMax : Self.editedCopyMax) {
                unsafe request.edits.forEachSegment(of: request.body) { unsafe output.append($0) }
                if try !connection.flushNow() { try await connection.flush() }
            } else if request.edits.isEmpty {
                try unsafe await connection.flush(then: request.body)
            } else {
                try unsafe await connection.flush(then: request.edits, of: request.body)
            }
        } catch {
            // A provider may answer and close before it has read everything (413): what it says is worth reading.
            if error == .broken { return }
            throw error == .timedOut ? .timedOut : .aborted
        }
    }

    /// Up to this a copy is cheaper than a second system call.
    private static let copyMax = 64 * 1024
    /// Bodies with edits up to this are put together in the output buffer; larger ones go out piece by piece.
    private static let editedCopyMax = 256 * 1024

    // MARK: The head

    func receiveHead(_ limits: AttemptLimits) async throws(DirectFailure) {
        self.limits = limits
        isComplete = false
        connection.setDeadline(limits.firstByteBy)
        let input = connection.input
        while true {
            do {
                if !input.isEmpty, try unsafe head.parseResponse(input.readable, headBytesMax: Self.headBytesMax) {
                    // 100 and 103 announce an answer; they are not one.
                    if head.status >= 200 { break }
                    // Nobody asked for another protocol, and what follows would be in it.
                    if head.status == 101 { throw HTTPError.malformedStartLine }
                    input.consume(head.byteCount)
                    continue
                }
            } catch { throw .malformed }
            do throws(ConnectionError) {
                if try await connection.fill() == 0 { throw .broken }
            } catch {
                switch error {
                case .timedOut: throw .timedOut
                case .aborted: throw .aborted
                case .broken: throw input.isEmpty ? .brokenBeforeAnswer : .brokenInHead
                }
            }
        }
        answer = unsafe FieldForwarding.answer(of: head, input.readable)
        forwardedFields.removeAll()
        unsafe FieldForwarding.appendAnswerFields(of: head, input.readable, to: forwardedFields)
        switch head.framing {
        case .none: isComplete = true
        case .length(let length): remaining = length
        case .chunked: decoder = ChunkedDecoder()
        case .untilClose: break
        }
        input.consume(head.byteCount)
    }

    // MARK: The body

    func read(into buffer: ByteBuffer) async throws(UpstreamReadError) -> Int {
        let input = connection.input
        while true {
            if isComplete { return 0 }
            if !input.isEmpty {
                let taken = try takeBody(into: buffer)
                if taken > 0 || isComplete { return taken }
            }
            buffer.trim()
            let deadline = unsafe min(connection.loop.now.advanced(by: limits.idle), limits.totalBy)
            connection.setDeadline(deadline)
            let length: Int
            do { length = try await connection.fill() } catch {
                switch error {
                case .timedOut: throw unsafe connection.loop.now >= limits.totalBy ? .totalTimedOut : .idleTimedOut
                case .aborted: throw .aborted
                case .broken: throw .cut
                }
            }
            if length == 0 {
                guard head.framing == .untilClose else { throw .cut }
                isComplete = true
                return 0
            }
        }
    }

    /// Moves what is there of the body into `buffer`; sets `isComplete` at its end.
    private func takeBody(into buffer: ByteBuffer) throws(UpstreamReadError) -> Int {
        let input = connection.input
        switch head.framing {
        case .none: return 0
        case .untilClose:
            let count = input.count
            unsafe buffer.append(input.readable)
            input.consume(count)
            return count
        case .length:
            let count = Int(min(UInt64(input.count), remaining))
            unsafe buffer.append(UnsafeRawBufferPointer(rebasing: input.readable[..<count]))
            input.consume(count)
            remaining -= UInt64(count)
            isComplete = remaining == 0
            return count
        case .chunked:
            var taken = 0
            while !input.isEmpty, !isComplete {
                let step: ChunkedDecoder.Step
                do { step = try unsafe decoder.next(input.readable) } catch { throw .malformed }
                switch step {
                case .needMore: input.consume(input.count)
                case .data(let skipping, let count):
                    unsafe buffer.append(
                        UnsafeRawBufferPointer(rebasing: input.readable[skipping..<(skipping + count)]))
                    input.consume(skipping + count)
                    taken += count
                case .end(let skipping):
                    input.consume(skipping)
                    isComplete = true
                }
            }
            return taken
        }
    }

    func finish() {
        guard isComplete, head.keepsAlive, connection.input.isEmpty, connection.output.isEmpty,
            connection.failure == nil
        else { return close() }
        connection.input.trim()
        connection.output.trim()
        pool.checkIn(self)
    }
}

extension Connection {
    /// Sends `output` and then the edited text, segment by segment, without a copy of the large ones.
    fileprivate func flush(then edits: JSONEdits, of text: UnsafeRawBufferPointer) async throws(ConnectionError) {
        var segments: [(start: Int, count: Int, inserted: [UInt8])] = []
        let base = text.baseAddress
        unsafe edits.forEachSegment(of: text) { segment in
            if let base = unsafe base, let start = segment.baseAddress, unsafe start >= base,
                unsafe start < base + text.count
            {
                unsafe segments.append((start: start - base, count: segment.count, inserted: []))
            } else {
                unsafe segments.append((start: 0, count: 0, inserted: Array(segment)))
            }
        }
        for segment in segments {
            if segment.inserted.isEmpty {
                try unsafe await flush(
                    then: UnsafeRawBufferPointer(rebasing: text[segment.start..<(segment.start + segment.count)]))
            } else {
                output.append(segment.inserted)
            }
        }
        try await flush()
    }
}

import Shared
import Translate

/// Reaches providers by Weir's own HTTP/1.1, plain or over TLS, with a pool of connections for each address.
///
/// One for each loop, so that nothing in it is shared and nothing needs a lock.
final class DirectTransport: UpstreamTransport {
    private let loop: EventLoop
    private let resolver: Resolver
    private let settings: DataPlaneConfiguration
    private let metrics: UpstreamMetrics
    private var trust: TLSClientContext
    private var pools: [PoolKey: UpstreamPool] = [:]
    /// By the index of a target of the current policy: what finds a pool without hashing a name. Emptied when a pool is dropped.
    private var known: [KnownPool?] = []

    private struct KnownPool {
        let target: CompiledTarget
        let pool: UpstreamPool
    }

    private struct PoolKey: Hashable {
        var host: String
        var port: UInt16
        var isTLS: Bool
    }

    /// Pools without a connection that are kept for the addresses and the TLS sessions that they know. Those with connections are bounded
    /// by the connections.
    private static let poolsMax = 1_024

    init(
        on loop: EventLoop, resolver: Resolver, trust: TLSClientContext,
        settings: DataPlaneConfiguration = DataPlaneConfiguration(),
        metrics: UpstreamMetrics = UpstreamMetrics(MetricsRegistry())
    ) {
        self.loop = loop
        self.resolver = resolver
        self.settings = settings
        self.metrics = metrics
        self.trust = trust
    }

    deinit { for pool in pools.values { pool.end() } }

    /// From now on providers must be vouched for by these authorities. What is under way on connections that the earlier
    /// ones vouched for goes on.
    func use(_ newTrust: TLSClientContext) {
        trust = newTrust
        for pool in pools.values { pool.forgetTrust() }
    }

    var idleConnections: Int { pools.values.reduce(0) { $0 + $1.idleCount } }
    var openConnections: Int { pools.values.reduce(0) { $0 + $1.openCount } }
    var waitingRequests: Int { pools.values.reduce(0) { $0 + $1.waitingCount } }
    var poolCount: Int { pools.count }

    private func pool(for target: CompiledTarget) -> UpstreamPool {
        if target.index < known.count, let entry = known[target.index], entry.target === target { return entry.pool }
        let found = pool(for: target.address)
        while known.count <= target.index { known.append(nil) }
        known[target.index] = KnownPool(target: target, pool: found)
        return found
    }

    private func pool(for address: UpstreamAddress) -> UpstreamPool {
        let key = PoolKey(host: address.host, port: address.port, isTLS: address.isTLS)
        if let pool = pools[key] { return pool }
        if pools.count >= Self.poolsMax { dropPools(keeping: Self.poolsMax - 1) }
        let pool = UpstreamPool(
            host: address.host, port: address.port, isTLS: address.isTLS, on: loop, resolver: resolver,
            settings: settings, metrics: metrics)
        pools[key] = pool
        return pool
    }

    @inline(__always)
    func exchange(
        _ request: borrowing UpstreamRequest, for caller: any CallerWatch
    ) async throws(AttemptError) -> UpstreamConnection {
        let pool = pool(for: request.target)
        var hasPlace = false
        while true {
            let upstream: UpstreamConnection
            // What goes only once does not go to a connection that may have been closed.
            if !hasPlace, !request.isSentOnce, let kept = pool.takeKept() {
                upstream = kept
            } else {
                upstream = try await open(pool, request.limits, for: caller, hasPlace: hasPlace)
            }
            caller.abortOnLeaving(upstream)
            do throws(DirectFailure) {
                if try !upstream.sendNow(request) { try await upstream.sendRest(of: request) }
                var limits = request.limits
                if request.upload != nil { limits.beginAnswer(of: request.target, now: loop.refreshedNow()) }
                try await upstream.receiveHead(limits, from: request.target)
                return upstream
            } catch {
                caller.endWatch()
                if request.upload?.failure != nil {
                    upstream.close()
                    throw AttemptError.uploadFailed
                }
                // A kept connection may have been closed by its provider just when it was taken. Nothing was answered on
                // it, so the request goes out once more, on a new one: others may have been closed at the same time.
                if error == .brokenBeforeAnswer, upstream.wasReused, loop.now < request.limits.totalBy {
                    upstream.closeKeepingPlace()
                    hasPlace = true
                    continue
                }
                upstream.close()
                throw error.attemptError(now: loop.now, limits: request.limits)
            }
        }
    }

    /// A connection that has to be opened, or waited for; the caller's leaving ends that.
    private func open(
        _ pool: UpstreamPool, _ limits: AttemptLimits, for caller: any CallerWatch, hasPlace: Bool
    ) async throws(AttemptError) -> UpstreamConnection {
        let waiting = CheckOut(on: loop, by: limits.connectBy)
        caller.abortOnLeaving(waiting)
        defer { caller.endWatch() }
        do throws(AttemptError) {
            return try await pool.open(waiting, trusting: trust, hasPlace: hasPlace)
        } catch {
            // A connection that nobody needs at the moment gives its descriptor to one that is needed.
            guard error == .descriptorsExhausted, closeOneIdle() else { throw error }
            return try await pool.open(waiting, trusting: trust, hasPlace: false)
        }
    }

    private func closeOneIdle() -> Bool {
        guard let oldest = pools.values.filter({ $0.idleCount > 0 }).min(by: { $0.oldestIdle < $1.oldestIdle }) else {
            return false
        }
        oldest.closeOldest()
        return true
    }

    /// Closes what has been idle too long, and forgets providers that nobody asks for; called every few seconds.
    func prune() {
        for pool in pools.values { pool.prune() }
        let now = loop.now
        for (key, pool) in pools where pool.isForgotten(at: now) { drop(key, pool) }
        metrics.idle.set(Int64(idleConnections))
    }

    private func dropPools(keeping count: Int) {
        let unused = pools.filter { $0.value.isUnused }.sorted { $0.value.unusedSince < $1.value.unusedSince }
        for (key, pool) in unused.prefix(max(0, pools.count - count)) { drop(key, pool) }
    }

    private func drop(_ key: PoolKey, _ pool: UpstreamPool) {
        pool.end()
        pools[key] = nil
        known.removeAll()
    }

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

/// One connection to a provider, and the exchange that is under way on it.
final class UpstreamConnection: UpstreamExchange {
    let connection: Connection
    // The connection's own, at hand: see `ClientStream`.
    private let input: ByteBuffer
    private let output: ByteBuffer
    private unowned let pool: UpstreamPool
    let address: SocketAddress
    /// Of the pool's authorities when the connection was made.
    let trust: Int
    /// Of the pool's authorities and addresses when it was last looked whether the connection suits them.
    var generation: Int
    /// It counts among the connections of its pool.
    private var holdsPlace = true
    private let head = HTTPHead()
    private var remaining: UInt64 = 0
    private var decoder = ChunkedDecoder()
    private var isComplete = false
    private var limits: AttemptLimits!
    private(set) var answer = UpstreamAnswer()
    var direct: UpstreamConnection? { self }
    let forwardedFields = ByteBuffer()
    var wasReused = false
    var idleSince = MonotonicTime(nanoseconds: 0)

    private static let headBytesMax = 64 * 1024

    init(_ connection: Connection, to address: SocketAddress, pool: UpstreamPool, trust: Int, generation: Int) {
        self.connection = connection
        input = connection.input
        output = connection.output
        self.address = address
        self.pool = pool
        self.trust = trust
        self.generation = generation
    }

    func abort() { connection.abort() }

    func close() {
        connection.close()
        guard holdsPlace else { return }
        holdsPlace = false
        pool.placeIsFree()
    }

    /// Closes it and leaves its place to whoever closes it.
    func closeKeepingPlace() {
        holdsPlace = false
        connection.close()
    }

    // MARK: Sending

    /// Has it sent at the end of the loop's turn, which is nearly always possible, and without a task's frame. False: `sendRest` goes on.
    func sendNow(_ request: borrowing UpstreamRequest) throws(DirectFailure) -> Bool {
        if connection.failure == .aborted { throw .aborted }
        writeHead(of: request)
        connection.setDeadline(request.limits.firstByteBy)
        guard request.upload == nil, unsafe Self.isCopied(request.body, request.edits) else { return false }
        unsafe request.edits.forEachSegment(of: request.body) { unsafe output.append($0) }
        do { return try connection.flushInTurn() } catch { return try Self.isReadAllTheSame(after: error) }
    }

    /// Sends what `sendNow` has left.
    func sendRest(of request: borrowing UpstreamRequest) async throws(DirectFailure) {
        do {
            if let upload = request.upload {
                try unsafe await connection.flush(then: request.edits, of: request.body)
                try await send(upload, request.limits)
            } else if unsafe Self.isCopied(request.body, request.edits) {
                try await connection.flush()
            } else if request.edits.isEmpty {
                try unsafe await connection.flush(then: request.body)
            } else {
                try unsafe await connection.flush(then: request.edits, of: request.body)
            }
        } catch { _ = try Self.isReadAllTheSame(after: error) }
    }

    /// A provider may answer and close before it has read everything (413): what it says is worth reading.
    private static func isReadAllTheSame(after error: ConnectionError) throws(DirectFailure) -> Bool {
        switch error {
        case .broken: return true
        case .timedOut: throw .timedOut
        case .aborted: throw .aborted
        }
    }

    /// Up to here a copy is cheaper than a second system call. With edits, larger ones would go out piece by piece.
    @inline(__always)
    private static func isCopied(_ body: UnsafeRawBufferPointer, _ edits: JSONEdits) -> Bool {
        body.count <= (edits.isEmpty ? copyMax : editedCopyMax)
    }

    private static let copyMax = 64 * 1024
    private static let editedCopyMax = 256 * 1024

    private func writeHead(of request: borrowing UpstreamRequest) {
        let target = request.target
        output.append(request.method.name)
        output.append(" ")
        output.append(target.address.pathPrefix)
        output.append(request.path)
        output.append(" HTTP/1.1\r\nhost: ")
        output.append(target.address.hostHeader)
        output.append("\r\n")
        output.append(request.authorization)
        output.append("x-request-id: ")
        output.append(request.requestID)
        output.append("\r\ncontent-length: ")
        unsafe output.append(
            decimal: UInt64(request.edits.byteCount(editing: request.body.count) + (request.upload?.bytesLeft ?? 0)))
        output.append("\r\n")
        let isTranslated = request.dialect != request.providerDialect
        if isTranslated { output.append(request.providerDialect.fixedLines) }
        unsafe FieldForwarding.forEachRequestField(
            of: request.head, request.headBytes, isTranslated: isTranslated
        ) { line, _ in
            unsafe output.append(line)
            output.append("\r\n")
        }
        output.append(FieldForwarding.via(request.head))
        output.append("\r\n\r\n")
    }

    /// Passes on what arrives. It may take as long as its caller may; a provider that does not take it has its pause between two pieces.
    private func send(_ upload: BodyUpload, _ limits: AttemptLimits) async throws(ConnectionError) {
        while let piece = unsafe await upload.next() {
            let pause = connection.loop.refreshedNow().advanced(byNanoseconds: limits.idleNanoseconds)
            connection.setDeadline(min(pause, limits.totalBy))
            try unsafe await connection.flush(then: piece)
        }
        if upload.failure != nil { throw .aborted }
    }

    // MARK: The head

    /// In the frame of the exchange: a frame of its own would be one more for each request that waits.
    @inline(__always)
    fileprivate func receiveHead(_ limits: AttemptLimits, from target: CompiledTarget) async throws(DirectFailure) {
        self.limits = limits
        isComplete = false
        connection.setDeadline(limits.firstByteBy)
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
        unsafe target.health.observe(head, input.readable, connection.loop.now)
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

    /// Appends what is at hand of the body, without its framing. 0: the body is complete; nil: something has to arrive first.
    func readNow(into buffer: ByteBuffer) throws(UpstreamReadError) -> Int? {
        if isComplete { return 0 }
        guard !input.isEmpty else { return nil }
        let taken = try takeBody(into: buffer)
        return taken > 0 || isComplete ? taken : nil
    }

    func read(into buffer: ByteBuffer) async throws(UpstreamReadError) -> Int {
        while true {
            if let taken = try readNow(into: buffer) { return taken }
            prepareToWait(holding: buffer)
            let length: Int
            do { length = try await connection.fill() } catch { throw readError(error) }
            if length == 0 { return try endOfConnection() }
        }
    }

    /// As `read`, without waiting; nil: something has to arrive first. Not while the request is being sent.
    func readArrived(into buffer: ByteBuffer) throws(UpstreamReadError) -> Int? {
        while true {
            if let taken = try readNow(into: buffer) { return taken }
            let filled: Int?
            do { filled = try connection.fillNow() } catch { throw readError(error) }
            guard let filled else { return nil }
            if filled == 0 { return try endOfConnection() }
        }
    }

    /// All of the request has gone out.
    var hasSentRequest: Bool { output.isEmpty }

    /// Until the next piece: when it is due, and no memory that is not needed meanwhile.
    func prepareToWait(holding buffer: ByteBuffer) {
        buffer.trim()
        input.trim()
        connection.setDeadline(
            min(connection.loop.now.advanced(byNanoseconds: limits.idleNanoseconds), limits.totalBy))
    }

    /// Nobody listens for the moment: until the next wait the provider's silence says nothing of it.
    func rests() { connection.setDeadline(limits.totalBy) }

    private func readError(_ error: ConnectionError) -> UpstreamReadError {
        switch error {
        case .timedOut: connection.loop.now >= limits.totalBy ? .totalTimedOut : .idleTimedOut
        case .aborted: .aborted
        case .broken: .cut
        }
    }

    private func endOfConnection() throws(UpstreamReadError) -> Int {
        guard head.framing == .untilClose else { throw .cut }
        isComplete = true
        return 0
    }

    /// Moves what is there of the body into `buffer`; sets `isComplete` at its end.
    private func takeBody(into buffer: ByteBuffer) throws(UpstreamReadError) -> Int {
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
        guard isComplete, head.keepsAlive, input.isEmpty, output.isEmpty,
            connection.failure == nil
        else { return close() }
        connection.endPatience()
        input.trim()
        output.trim()
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

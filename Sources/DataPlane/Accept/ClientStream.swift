import Shared

/// One caller's connection, request after request: reads heads and bodies, writes answers.
///
/// Concurrency: belongs to the loop and the task of its connection.
final class ClientStream {
    let connection: Connection
    // The connection's own, at hand: what is a step further away is counted whenever it is used.
    let loop: EventLoop
    let input: ByteBuffer
    let output: ByteBuffer
    let source: IPAddress?
    private let crossOrigin: CrossOrigin?
    private let settings: DataPlaneConfiguration
    let memory: LoopMemory
    let head = HTTPHead()
    var shownKey = ShownKey()
    /// A chunked body, without its framing; one with a length stays where it arrived, behind the head.
    private let decodedBody: ByteBuffer
    private var bodyRange = 0..<0
    private var bodyIsDecoded = false
    /// In place of the body: its translation.
    private var translatedBody: ByteBuffer?
    private var bodyIsRead = false
    /// Of a body that passes while it arrives: so much has not come yet.
    private(set) var bodyBytesLeft = 0
    /// Set once any byte of the answer has been given to the kernel.
    private(set) var hasStarted = false
    private(set) var usesChunks = false
    /// The answer has no body, whatever its fields say (RFC 9110 sections 9.3.2, 15.3.5, 15.4.5).
    private var hidesBody = false
    private var answerStatus = 0
    var mustClose = false
    /// The process ends: who has nothing to ask now is not waited for.
    var isEnding = false
    /// The time for what was in flight is over.
    private(set) var isCutByStop = false
    /// Of the attempt under way, where its provider's answers are read to their end without their callers.
    var orphanWatch: OrphanWatch?
    /// The caller has left, and what is appended for him from here on is thrown away.
    private(set) var isOrphaned = false
    /// A part of the answer was on its way to the caller when that was so.
    private(set) var orphanHasStarted = false
    private(set) var sentBytes: UInt64 = 0
    /// Requests in a row whose beginning was there when the one before had its answer.
    private var pipelinedInTurn = 0
    private var bodyBeganAt = MonotonicTime(nanoseconds: 0)
    private var bodyArrivedBytes = 0

    /// A caller that sends many requests at once has so many answered before it is others' turn.
    private static let pipelinedInTurnMax = 8

    init(_ connection: Connection, source: IPAddress?, settings: DataPlaneConfiguration, memory: LoopMemory) {
        self.connection = connection
        loop = connection.loop
        input = connection.input
        output = connection.output
        self.source = source
        self.settings = settings
        crossOrigin = CrossOrigin(settings.cors)
        self.memory = memory
        decodedBody = ByteBuffer(in: loop.buffers)
    }

    /// The bytes of the head, and of a body with a length behind it. They hold until the request is over.
    var headBytes: UnsafeRawBufferPointer { unsafe input.readable }

    /// The whole body, once it was read; its translation, where it was translated.
    var body: UnsafeRawBufferPointer {
        if let translatedBody { return unsafe translatedBody.readable }
        return unsafe bodyIsDecoded
            ? decodedBody.readable : UnsafeRawBufferPointer(rebasing: input.readable[bodyRange])
    }

    // MARK: Reading

    /// Waits for the next request's head. False: the connection is over.
    @inline(__always)
    func nextHead() async throws(ParseError) -> Bool {
        var isIdle = input.isEmpty
        if isIdle {
            pipelinedInTurn = 0
        } else {
            pipelinedInTurn += 1
            if pipelinedInTurn >= Self.pipelinedInTurnMax {
                pipelinedInTurn = 0
                await loop.nextTurn()
            }
        }
        connection.setDeadline(afterMilliseconds: isIdle ? idleMilliseconds : settings.headTimeoutMilliseconds)
        head.restart()
        while true {
            do {
                if try head.parseRequest(from: input, headBytesMax: settings.headBytesMax) { break }
            } catch { throw .framing(error) }
            let length: Int
            do { length = try await connection.fill() } catch {
                guard error == .timedOut, !isIdle else { return false }
                throw .bodyTooSlow
            }
            if length == 0 { return false }
            if isIdle {
                isIdle = false
                connection.setDeadline(afterMilliseconds: settings.headTimeoutMilliseconds)
            }
        }
        bodyIsRead = head.framing == .none
        bodyIsDecoded = false
        bodyBytesLeft = 0
        bodyRange = head.byteCount..<head.byteCount
        hasStarted = false
        mustClose = !head.keepsAlive
        sentBytes = 0
        return true
    }

    /// Of a process that ends: long enough for a request that crosses the end of the answer before it.
    private static let lastIdleMilliseconds = 500

    private var idleMilliseconds: Int { isEnding ? Self.lastIdleMilliseconds : settings.idleTimeoutMilliseconds }

    /// Reads all of the body. Only for callers that are known: strangers cannot fill memory.
    @inline(__always)
    func readBody() async throws(ParseError) {
        // From here on it is the provider that takes its time, and its own deadlines that count.
        defer { connection.setDeadline(.distantFuture) }
        // Most bodies are there with their heads, and need no task's frame.
        let isTaken = takeBodyAtHand { $0 <= settings.bodyBytesMax && memory.admits($0) }
        if !isTaken { try await readArrivingBody() }
    }

    /// Takes a body that has arrived with its head. False: some of it has not, there is none, or it is not let in.
    @inline(__always)
    private func takeBodyAtHand(_ isLetIn: (_ byteCount: Int) -> Bool) -> Bool {
        if bodyIsRead { return true }
        guard case .length(let length) = head.framing,
            UInt64(input.count - head.byteCount) >= length, isLetIn(Int(length))
        else { return false }
        bodyRange = head.byteCount..<(head.byteCount + Int(length))
        bodyIsRead = true
        return true
    }

    private func readArrivingBody() async throws(ParseError) {
        try await beginBody(limit: settings.bodyBytesMax, heldMax: settings.bodyBytesMax)
        switch head.framing {
        case .length(let length):
            let end = head.byteCount + Int(length)
            while input.count < end {
                try makeRoom(upTo: end)
                try await fillBody()
            }
            bodyRange = head.byteCount..<end
        case .chunked: try await readChunkedBody(limit: settings.bodyBytesMax)
        case .none, .untilClose: break
        }
        bodyIsRead = true
    }

    /// Reads the beginning of a body, as much of it as `take` wants; all of it where its length is not known.
    ///
    /// - Parameters:
    ///   - limit: on the whole of it, where its length is known.
    ///   - heldMax: `take` wants no more.
    ///   - take: is shown what has arrived, piece by piece, and says whether that is enough.
    /// - Returns: whether the body is whole. Otherwise `nextBodyPiece` has the rest, and `body` is what was shown.
    func readBody(
        limit: Int, heldMax: Int, _ take: (UnsafeRawBufferPointer) throws(ParseError) -> Bool
    ) async throws(ParseError) -> Bool {
        guard case .length(let length) = head.framing, !bodyIsRead else {
            try await readBody()
            _ = try unsafe take(body)
            return true
        }
        defer { connection.setDeadline(.distantFuture) }
        try await beginBody(limit: limit, heldMax: heldMax)
        let end = head.byteCount + Int(length)
        var seen = head.byteCount
        while true {
            let arrived = min(input.count, end)
            let isEnough = try unsafe take(UnsafeRawBufferPointer(rebasing: input.readable[seen..<arrived]))
            seen = arrived
            bodyRange = head.byteCount..<arrived
            if arrived == end {
                bodyIsRead = true
                return true
            }
            if isEnough {
                bodyBytesLeft = end - arrived
                return false
            }
            try makeRoom(upTo: end)
            try await fillBody()
        }
    }

    /// The next piece of a body that was only begun, in the place of the one before. Nil: that was the last.
    func nextBodyPiece() async throws(ParseError) -> UnsafeRawBufferPointer? {
        guard bodyBytesLeft > 0 else { return nil }
        defer { connection.setDeadline(.distantFuture) }
        input.truncate(to: head.byteCount)
        try await fillBody()
        let count = min(input.count - head.byteCount, bodyBytesLeft)
        bodyBytesLeft -= count
        bodyRange = head.byteCount..<(head.byteCount + count)
        if bodyBytesLeft == 0 { bodyIsRead = true }
        return unsafe UnsafeRawBufferPointer(rebasing: input.readable[bodyRange])
    }

    /// Whether a body of this size is let in, and the caller told to send it where he waits for that.
    @inline(__always)
    private func beginBody(limit: Int, heldMax: Int) async throws(ParseError) {
        if case .length(let length) = head.framing {
            guard length <= UInt64(limit) else { throw .bodyTooLarge(limit: limit) }
            guard memory.admits(min(Int(length), heldMax)) else { throw .overloaded }
        } else {
            guard memory.admits(0) else { throw .overloaded }
        }
        bodyBeganAt = loop.now
        bodyArrivedBytes = 0
        if head.expectsContinue, input.count == head.byteCount {
            output.append("HTTP/1.1 100 Continue\r\n\r\n")
            do { try await connection.flush() } catch { throw .bodyIncomplete }
        }
    }

    /// From here on the body is `translation`.
    ///
    /// - Returns: the body as it came.
    func translateBody(to translation: [UInt8]) -> ByteBuffer {
        let original = ByteBuffer(in: loop.buffers)
        unsafe original.append(body)
        let buffer = ByteBuffer(in: loop.buffers)
        buffer.append(translation)
        translatedBody = buffer
        return original
    }

    /// Gives up a body that has arrived with its head, or that there is none of. False: it would have to be read first.
    func skipBodyAtHand() -> Bool { takeBodyAtHand { _ in true } }

    /// Chunks are taken out of the input behind the head, which stays where it is.
    private func readChunkedBody(limit: Int) async throws(ParseError) {
        decodedBody.removeAll()
        bodyIsDecoded = true
        var decoder = ChunkedDecoder()
        var offset = head.byteCount
        while true {
            if input.count > offset {
                let step: ChunkedDecoder.Step
                let bytes = unsafe UnsafeRawBufferPointer(rebasing: input.readable[offset...])
                do { step = try unsafe decoder.next(bytes) } catch { throw .framing(error) }
                switch step {
                case .needMore: input.truncate(to: head.byteCount)
                case .data(let skipping, let count):
                    guard decodedBody.count + count <= limit else { throw .bodyTooLarge(limit: limit) }
                    // It will grow to twice its size.
                    if decodedBody.count + count > decodedBody.capacity, !memory.admits(2 * decodedBody.capacity) {
                        throw .overloaded
                    }
                    unsafe decodedBody.append(UnsafeRawBufferPointer(rebasing: bytes[skipping..<(skipping + count)]))
                    offset += skipping + count
                    continue
                case .end(let skipping):
                    bodyRange = offset..<(offset + skipping)
                    return
                }
                offset = head.byteCount
            } else if offset > head.byteCount {
                input.truncate(to: head.byteCount)
                offset = head.byteCount
            }
            try await fillBody()
        }
    }

    /// Room for a body whose length is known: at once for a usual one, and for a large one for twice what has come, so that
    /// nobody holds memory by announcing a body that does not come.
    private func makeRoom(upTo end: Int) throws(ParseError) {
        guard input.count + Self.spareRoom > input.capacity else { return }
        let goal = min(end, max(Self.roomAtOnce, 2 * input.count)) + Self.spareRoom
        guard goal > input.capacity else { return }
        guard memory.admits(goal - input.capacity) else { throw .overloaded }
        input.reserve(goal)
    }

    private static let roomAtOnce = 256 * 1024
    /// Behind the end, so that the last read need not grow the buffer to be worth its call.
    private static let spareRoom = 4 * 1024

    /// Reads some more of a body. A byte now and then extends nothing: see `bodyDeadline`.
    private func fillBody() async throws(ParseError) {
        connection.setDeadline(bodyDeadline(now: loop.now))
        let length: Int
        do { length = try await connection.fill() } catch { throw error == .timedOut ? .bodyTooSlow : .bodyIncomplete }
        if length == 0 { throw .bodyIncomplete }
        bodyArrivedBytes += length
    }

    /// The earliest of: so long after the last byte; when the average rate falls below the least, which counts from the
    /// same time after the beginning on; and the bound of the whole.
    private func bodyDeadline(now: MonotonicTime) -> MonotonicTime {
        let patience = Duration.milliseconds(settings.bodyTimeoutMilliseconds)
        let earned = Duration.milliseconds(bodyArrivedBytes * 1_000 / settings.bytesPerSecondMin)
        let total = Duration.milliseconds(settings.bodyTotalTimeoutMilliseconds)
        return min(
            now.advanced(by: patience), bodyBeganAt.advanced(by: patience + earned), bodyBeganAt.advanced(by: total))
    }

    /// Forgets the request and what it held; true when another one may follow on this connection.
    func finishRequest() -> Bool {
        guard !mustClose, bodyIsRead, connection.failure == nil else { return false }
        input.consume(bodyRange.upperBound)
        input.trim()
        output.trim()
        decodedBody.removeAll()
        decodedBody.trim()
        translatedBody = nil
        return true
    }

    // MARK: Stopping

    /// Ends what the request waits for, so that its caller can be told.
    func cutByStop() {
        isCutByStop = true
        mustClose = true
        guard let waitedFor = unsafe connection.abortedWhenPeerLeaves else { return }
        unsafe connection.abortedWhenPeerLeaves = nil
        waitedFor.abort()
    }

    // MARK: Leaving

    /// The caller is gone, and his answer is still read. The descriptor stays until that is over: tasks may be waiting on it.
    func orphan() {
        isOrphaned = true
        orphanHasStarted = hasStarted
        hidesBody = true
        mustClose = true
        connection.abort()
    }

    /// The caller does not take what is sent to him. Returns where his answer is read all the same.
    func callerLeft() throws(RelayError) {
        guard let orphanWatch, orphanWatch.adopt() else { throw .callerGone }
        output.removeAll()
    }

    // MARK: Writing

    /// Everything in front of the header fields.
    func beginHead(status: Int) {
        answerStatus = status
        hidesBody = head.method == .head || status == 204 || status == 304 || isOrphaned
        if status == 200 { return output.append("HTTP/1.1 200 OK\r\n") }
        output.append("HTTP/1.1 ")
        output.append(decimal: UInt64(status))
        output.append(" ")
        output.append(HTTPStatus.reason(status))
        output.append("\r\n")
    }

    /// The fields that say how long the body is, and the empty line. Nil: it comes in pieces.
    func endHead(contentLength: Int?) {
        if let crossOrigin { unsafe crossOrigin.appendFields(for: head, headBytes, to: output) }
        if answerStatus == 204 || answerStatus == 304 {
            // Their length is known: there is none to tell (RFC 9110 section 8.6).
            usesChunks = false
        } else if let contentLength {
            output.append("content-length: ")
            output.append(decimal: UInt64(contentLength))
            output.append("\r\n")
            usesChunks = false
        } else if head.minorVersion == 0 {
            // HTTP/1.0 knows no chunks: the body ends with the connection.
            usesChunks = false
            mustClose = true
        } else {
            output.append("transfer-encoding: chunked\r\n")
            usesChunks = true
        }
        // Behind a body of which not all has come nothing can be found.
        if mustClose || bodyBytesLeft > 0 {
            output.append("connection: close\r\n\r\n")
        } else {
            // Whoever speaks HTTP/1.0 and asked for it has to be told that it was granted.
            output.append(head.minorVersion == 0 ? "connection: keep-alive\r\n\r\n" : "\r\n")
        }
    }

    /// Appends a piece of the body to the output, framed where that is needed.
    func appendBody(_ bytes: UnsafeRawBufferPointer) {
        guard unsafe !bytes.isEmpty, !hidesBody else { return }
        if usesChunks {
            output.append(hexadecimal: UInt64(bytes.count))
            output.append("\r\n")
            unsafe output.append(bytes)
            output.append("\r\n")
        } else {
            unsafe output.append(bytes)
        }
        sentBytes &+= UInt64(bytes.count)
    }

    /// The whole body of one of Weir's own answers; its length stands in the head.
    func appendBody(_ bytes: [UInt8]) { if !hidesBody { output.append(bytes) } }

    /// What a page of another origin may do at an endpoint, where it asks.
    func appendPreflight(allow: StaticString) {
        unsafe crossOrigin?.appendPreflight(for: head, headBytes, allow: allow, to: output)
    }

    func appendBodyEnd() { if usesChunks, !hidesBody { output.append("0\r\n\r\n") } }

    /// Sends what the kernel takes at once; true when that was all of it: nearly always, and without a task's frame.
    func flushNow() throws(ConnectionError) -> Bool {
        guard !output.isEmpty else { return true }
        hasStarted = true
        return try connection.flushNow()
    }

    /// The same at the end of the loop's turn, together with what others are sent, unless the connection ends here.
    func flushInTurn() throws(ConnectionError) -> Bool {
        guard !output.isEmpty else { return true }
        hasStarted = true
        return try mustClose ? connection.flushNow() : connection.flushInTurn()
    }

    /// Sends what is there. A caller that does not take it in time is reset: an orderly close would leave what it does not read
    /// with the kernel for minutes.
    func flush() async throws(ConnectionError) {
        if try flushNow() { return }
        var patience = Duration.milliseconds(settings.writeTimeoutMilliseconds)
        if output.count > settings.bytesPerSecondMin {
            patience += .milliseconds(output.count * 1_000 / settings.bytesPerSecondMin)
        }
        connection.setDeadline(after: patience)
        do { try await connection.flush() } catch {
            if error == .timedOut { connection.resetOnClose() }
            throw error
        }
        connection.setDeadline(.distantFuture)
    }

    /// The provider's answer has begun, so the request is not sent again: it stays in just the memory that it needs while its
    /// stream goes on.
    func parkRequest() { input.compact() }
}

import Shared

/// Carries one provider's answer to its caller.
///
/// - Shape: a plain answer is held until it is whole, so that its cost stands in its head, unless it is too large to hold. A
///   stream goes on event by event. The last piece is always held back: it goes out after the request was recorded.
/// - Errors: `AttemptError` only while no byte has reached the caller; afterwards a failure is an outcome.
///
/// Concurrency: belongs to the task of its request. While that waits for a stream's next piece, the event of the piece calls
/// `takesArrival` in its stead.
final class Relay: ArrivalTaker {
    let exchange: any UpstreamExchange
    private let direct: UpstreamConnection?
    /// Of the exchange, as long as this lives: a connection that was given back may have another answer already.
    let answer: UpstreamAnswer
    /// An answer in the events of a chat. Those of other endpoints pass without being looked at one by one.
    let isStream: Bool
    let client: ClientStream
    private let request: ParsedRequest
    /// What has arrived and was not passed on yet.
    let pending: ByteBuffer
    private var framer = SSEFramer()
    private var inspector: StreamInspector
    /// Nil: caller and provider both speak OpenAI's dialect, and the answer passes as it comes.
    let translation: AnswerTranslation?
    /// What the caller has of a stream that can be gone on with when it breaks off; nil: it cannot.
    private var transcript: StreamTranscript?
    /// The length of the event at the beginning of `pending` by which the provider reported a failure.
    private var withheld = 0
    private var isFinished = false
    /// Of the stream that is being carried.
    private var carried: (target: CompiledTarget, context: RequestContext)?
    /// What the task wakes to, where the event of a piece came upon it.
    private var arrival: Result<Passage, RelayError>?
    /// All of a plain answer is held.
    private(set) var isWhole = false

    /// Answers up to this are held whole. A chat answer is a few KiB; a batch of embeddings can be tens of MiB.
    private static let heldBytesMax = 1024 * 1024
    /// An event this long without an end is no event stream.
    private static let eventBytesMax = 8 * 1024 * 1024

    init(
        _ exchange: any UpstreamExchange, _ client: ClientStream, _ request: ParsedRequest,
        _ translation: AnswerTranslation?
    ) {
        self.exchange = exchange
        self.translation = translation
        direct = exchange.direct
        answer = exchange.answer
        isStream =
            answer.isEventStream && answer.status == 200 && (translation != nil || request.endpoint.writesText)
        pending = ByteBuffer(in: client.loop.buffers)
        self.client = client
        self.request = request
        inspector = StreamInspector(hidesUsageChunk: request.injectsUsage)
    }

    /// In which the provider speaks.
    var dialect: Dialect { translation?.provider ?? .openai }

    /// Nobody wants the answer any more.
    func abandon() {
        exchange.abort()
        finish()
    }

    /// Gives the exchange back, once: a connection that was given back may already carry somebody else's request.
    func finish() {
        guard !isFinished else { return }
        isFinished = true
        exchange.finish()
    }

    /// Returns when the answer has begun: a stream with its first event, a plain answer when it is held. The caller has no byte of it yet,
    /// so that another target can still be tried.
    ///
    /// - Parameter began: when the request did.
    @inline(__always)
    func begin(began: MonotonicTime, target: CompiledTarget, _ outcome: Outcome) async throws(AttemptError) {
        outcome.status = answer.status
        guard isStream else {
            if try !holdNow({ markFirstToken(began, target, outcome) }) {
                try await hold { markFirstToken(began, target, outcome) }
            }
            try translation?.translate(pending, status: outcome.status)
            return
        }
        repeat {
            let length: Int
            do { length = try await read() } catch { throw attemptError(error) }
            if length == 0 { throw attemptError(.cut) }
        } while try !hasBegun()
        markFirstToken(began, target, outcome)
    }

    /// Takes an answer that is held to the caller, without a task's frame. False: it is no such answer, and `carry` has to.
    @inline(__always)
    func carryHeld(_ context: RequestContext, _ outcome: Outcome) -> Bool {
        !isStream && isWhole && passOnHeld(context, outcome)
    }

    /// Takes an answer that has begun to the caller, but for its last piece.
    func carry(from target: CompiledTarget, _ context: RequestContext, _ outcome: Outcome) async {
        if isStream {
            await carryStream(target, context, outcome)
        } else {
            await passOn(context, outcome)
        }
    }

    /// What comes over a long time, and may be larger than an event of a chat: held, it would reach nobody in time.
    private var passesAtOnce: Bool {
        !request.endpoint.writesText && answer.status < 300
            && (answer.isEventStream || request.endpoint == .speech)
    }

    private func markFirstToken(_ began: MonotonicTime, _ target: CompiledTarget, _ outcome: Outcome) {
        guard !outcome.mark.hasFirstToken else { return }
        let now = client.loop.now
        outcome.firstTokenMicroseconds = UInt32(
            clamping: max(1, (now.nanoseconds &- began.nanoseconds) / 1000))
        target.health.firstToken(&outcome.mark, now)
    }

    /// What a failed read means before the first byte has reached the caller.
    private func attemptError(_ error: UpstreamReadError) -> AttemptError {
        abandon()
        return error == .aborted && client.isCutByStop ? .stopped : AttemptError(error)
    }

    /// Sends what the caller is to have, at his pace.
    private func flush() async throws(RelayError) {
        direct?.rests()
        do { try await client.flush() } catch { try client.callerLeft() }
    }

    private func read() async throws(UpstreamReadError) -> Int {
        if let direct { return try await direct.read(into: pending) }
        return try await exchange.read(into: pending)
    }

    // MARK: Plain

    /// Takes a plain answer that has come with its head, as most do, without a task's frame. False: `hold` goes on.
    ///
    /// - Parameter arrived: called when something has.
    @inline(__always)
    private func holdNow(_ arrived: () -> Void) throws(AttemptError) -> Bool {
        guard let direct, translation == nil, !client.isOrphaned, !passesAtOnce else { return false }
        do throws(UpstreamReadError) {
            guard let length = try direct.readNow(into: pending) else { return false }
            if length > 0 { arrived() }
            guard try direct.readNow(into: pending) == 0 else { return false }
        } catch { throw attemptError(error) }
        arrived()
        isWhole = true
        finish()
        return true
    }

    /// Reads a plain answer to its end, or until it is too large to hold.
    ///
    /// - Parameter arrived: called with each piece.
    func hold(_ arrived: () -> Void) async throws(AttemptError) {
        while true {
            let length: Int
            do throws(UpstreamReadError) {
                if let atHand = try direct?.readNow(into: pending) {
                    length = atHand
                } else {
                    length = try await read()
                }
            } catch { throw attemptError(error) }
            arrived()
            if length == 0 {
                isWhole = true
                return finish()
            }
            if translation != nil {
                // What cannot be read in pieces is held, with a caller or without.
                guard pending.count > AnswerTranslation.heldBytesMax else { continue }
                abandon()
                throw .answerTooLarge
            }
            // Without a caller nothing is held: the usage is picked out on the way.
            if pending.count > Self.heldBytesMax || client.isOrphaned || passesAtOnce { return }
        }
    }

    /// Takes what has arrived of an error body that says nothing, so that its connection can be used again where that was all.
    func holdWhatIsHere() throws(AttemptError) {
        do throws(UpstreamReadError) {
            while let length = try direct?.readNow(into: pending), length > 0, pending.count <= Self.heldBytesMax {}
        } catch { throw attemptError(error) }
    }

    /// The answer goes to the caller, whether all of it is held or not.
    func passOn(_ context: RequestContext, _ outcome: Outcome) async {
        if !passOnHeld(context, outcome) { await relayLarge(context, outcome) }
    }

    /// What is held goes to the caller: with its usage read, where it is an answer and no error. False: it is not held, and has to be
    /// relayed as it comes.
    func passOnHeld(_ context: RequestContext, _ outcome: Outcome) -> Bool {
        outcome.status = answer.status
        if !isWhole {
            guard context.keepAlive.map({ !$0.givesWayToPlainAnswer() }) == true else { return false }
            // He has been promised a stream: what there is of an error is told him in it.
            abandon()
        }
        outcome.ending = .answer
        outcome.kind = .completed
        translation?.writeFields(to: exchange.forwardedFields, isStream: false)
        guard outcome.status < 300 else {
            translation?.translateError(pending, exchange.forwardedFields, status: outcome.status)
            return true
        }
        outcome.usageReported = false
        guard translation != nil || request.endpoint.writesText else {
            if let found = unsafe PassedUsage.read(answer: pending.readable, to: request) { outcome.take(found) }
            return true
        }
        if let usage = unsafe translation.map(\.usage) ?? UsageReader.read(answer: pending.readable) {
            outcome.usage = usage
            outcome.usageReported = true
        }
        return true
    }

    /// Passes a body on that is too large to hold; its usage is picked out on the way.
    private func relayLarge(_ context: RequestContext, _ outcome: Outcome) async {
        var capture = UsageCapture(of: request, isEvents: passesAtOnce && answer.isEventStream)
        var relayed = 0
        let isLive = passesAtOnce
        outcome.usageReported = outcome.status >= 300
        Answerer.beginRelayedHead(client, context, outcome, self)
        if isLive { client.output.append("x-accel-buffering: no\r\n") }
        client.endHead(contentLength: answer.contentLength.map(Int.init))
        do throws(RelayError) {
            while true {
                unsafe capture.feed(pending.readable)
                unsafe client.appendBody(pending.readable)
                relayed += pending.count
                pending.removeAll()
                // In pieces, the end of the body is said behind its last byte.
                if isLive, client.usesChunks {
                    try await flush()
                }
                // The end of a body with a length is its last byte, so the last piece waits for what follows it.
                let length: Int
                do { length = try await read() } catch { throw RelayError(error) }
                if length == 0 { break }
                try await flush()
            }
        } catch {
            // The usage would have come at its end. Four bytes of text are about a token.
            if outcome.status < 300, !request.endpoint.makesMedia {
                outcome.estimatedOutput = UInt32(clamping: relayed / 4)
            }
            return end(error, outcome)
        }
        finish()
        outcome.ending = .relayed
        outcome.kind = .completed
        if outcome.status < 300, let found = capture.found { outcome.take(found) }
    }

    // MARK: Streams

    private func carryStream(_ target: CompiledTarget, _ context: RequestContext, _ outcome: Outcome) async {
        if context.keepAlive?.streamBegins() ?? true {
            translation?.writeFields(to: exchange.forwardedFields, isStream: true)
            Answerer.beginRelayedHead(client, context, outcome, self)
            client.output.append("x-accel-buffering: no\r\n")
            client.endHead(contentLength: nil)
        }
        // A stream may be silent for minutes: what it holds meanwhile is what it still needs.
        client.parkRequest()
        await carryEvents(from: target, context, outcome)
    }

    /// Goes on with a stream that another attempt has begun: the caller has its head, and what stands in the transcript.
    func carryOn(from target: CompiledTarget, _ context: RequestContext, _ outcome: Outcome) async {
        // A comment, which clients pass over.
        let comment = Array(": resumed at ".utf8) + target.label + [0x0a, 0x0a]
        unsafe comment.withUnsafeBytes { unsafe client.appendBody($0) }
        await carryEvents(from: target, context, outcome)
    }

    private func carryEvents(from target: CompiledTarget, _ context: RequestContext, _ outcome: Outcome) async {
        transcript = context.transcript
        target.health.streams(&outcome.mark, client.loop.now)
        exchange.forwardedFields.removeAll()
        exchange.forwardedFields.trim(completely: true)
        carried = (target, context)
        defer { carried = nil }
        do throws(RelayError) {
            var passage = try pass(atEnd: false)
            while passage != .whole {
                if passage == .overdue {
                    try await flush()
                    context.keepAlive?.heard()
                }
                passage = try await passNext()
            }
        } catch {
            // Running totals say too little about an answer that went on.
            outcome.usage = usage ?? .zero
            outcome.usageReported = translation?.usageIsFinal ?? inspector.usageIsFinal
            outcome.estimatedOutput = translation?.chunkCount ?? inspector.chunkCount
            return end(error, outcome)
        }
        outcome.usage = usage ?? .zero
        outcome.usageReported = usage != nil
        outcome.estimatedOutput = translation?.chunkCount ?? inspector.chunkCount
        outcome.ending = .streamed
        outcome.kind = .completed
    }

    /// Why a stream's task has something to do.
    private enum Passage {
        /// The caller does not take it as fast as it comes.
        case overdue
        /// The stream is whole.
        case whole
    }

    /// Waits for more, and passes it on. What needs nothing else passes in the turn of its event, and the task sleeps on: waking it for each
    /// piece would be a fifth of the instructions.
    private func passNext() async throws(RelayError) -> Passage? {
        guard let direct, direct.hasSentRequest else {
            let length: Int
            do { length = try await read() } catch { throw RelayError(error) }
            return try pass(atEnd: length == 0)
        }
        while true {
            if let passage = try passArrived(on: direct) { return passage }
            direct.prepareToWait(holding: pending)
            await direct.connection.untilArrival(offeredTo: self)
            if let arrival {
                self.arrival = nil
                return try arrival.get()
            }
        }
    }

    /// Passes on what has arrived; nil: all of it, and more is to come.
    private func passArrived(on direct: UpstreamConnection) throws(RelayError) -> Passage? {
        while true {
            let length: Int?
            do { length = try direct.readArrived(into: pending) } catch { throw RelayError(error) }
            guard let length else { return nil }
            if let passage = try pass(atEnd: length == 0) { return passage }
        }
    }

    func takesArrival() -> Bool {
        guard let direct else { return false }
        do throws(RelayError) { arrival = try passArrived(on: direct).map { .success($0) } } catch {
            arrival = .failure(error)
        }
        guard arrival == nil else { return false }
        direct.prepareToWait(holding: pending)
        return true
    }

    /// Passes on what is in `pending`; nil: all of it.
    private func pass(atEnd: Bool) throws(RelayError) -> Passage? {
        if try passOn(atEnd: atEnd) { return .whole }
        if atEnd { throw .cut }
        if transcript == nil, let usage { tighten(to: usage) }
        do { guard try client.flushInTurn() else { return .overdue } } catch { try client.callerLeft() }
        carried?.context.keepAlive?.heard()
        return nil
    }

    /// Hands the caller what has arrived. True when the stream is whole: its last piece stays in `pending`.
    @inline(__always)
    private func passOn(atEnd: Bool) throws(RelayError) -> Bool {
        guard let translation else { return try passEvents(atEnd: atEnd) }
        return try translation.pass(pending, to: client, atEnd: atEnd)
    }

    /// What a stream has told of it so far.
    private var usage: TokenUsage? { translation.map(\.usage) ?? inspector.usage }

    /// Some providers count the input in their first events.
    private func tighten(to usage: TokenUsage) {
        guard let (target, context) = carried, let lines = context.intent?.lines else { return }
        context.held?.tighten(
            to: usage, of: request, holding: lines, by: target, nowUnixSeconds: context.startedUnixSeconds,
            now: client.loop.now)
    }

    /// Whether there is something to promise an answer by: an event with data. Comments say only that the provider is there.
    ///
    /// - Errors: the provider reports a failure in its first event, where another target may still do better.
    private func hasBegun() throws(AttemptError) -> Bool {
        if let translation {
            do { return try translation.begin(pending) } catch {
                abandon()
                throw error
            }
        }
        let bytes = unsafe pending.readable
        var start = 0
        var look = SSEFramer()
        while let length = unsafe look.eventLength(UnsafeRawBufferPointer(rebasing: bytes[start...])) {
            let event = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<(start + length)])
            let first = unsafe SSEEvent.withData(of: event) { data in unsafe StreamInspector.failure(data: data) }
            if let failure = first {
                guard let failure else { return true }
                abandon()
                if failure == .malformed { throw .malformedAnswer }
                throw .upstream(failure, status: answer.status, waitMilliseconds: nil)
            }
            start += length
        }
        return pending.count > Self.eventBytesMax
    }

    /// Moves whole events from `pending` to the caller's output. True at `[DONE]`, which stays in `pending`.
    private func passEvents(atEnd: Bool) throws(RelayError) -> Bool {
        let bytes = unsafe pending.readable
        var start = 0
        // Events that go on are passed as one run, so that one read becomes one chunk.
        var runStart = 0
        defer { pending.consume(start) }
        while true {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
            guard let length = unsafe framer.eventLength(rest, atEnd: atEnd) else { break }
            let event = unsafe UnsafeRawBufferPointer(rebasing: rest[..<length])
            switch unsafe inspector.inspect(event) {
            case .forward:
                let passage = unsafe transcript?.pass(event) ?? .asItIs
                if passage != .asItIs {
                    unsafe client.appendBody(UnsafeRawBufferPointer(rebasing: bytes[runStart..<start]))
                    runStart = start + length
                    if case .instead(let event) = passage {
                        unsafe event.withUnsafeBytes { unsafe client.appendBody($0) }
                    }
                }
                start += length
            case .hide:
                unsafe client.appendBody(UnsafeRawBufferPointer(rebasing: bytes[runStart..<start]))
                start += length
                runStart = start
            case .done:
                unsafe client.appendBody(UnsafeRawBufferPointer(rebasing: bytes[runStart..<start]))
                return true
            case .failed:
                // Where somebody may go on, the caller is not told yet.
                if transcript?.isOpen == true { withheld = length } else { start += length }
                unsafe client.appendBody(UnsafeRawBufferPointer(rebasing: bytes[runStart..<start]))
                throw .failedByProvider
            case .malformed:
                unsafe client.appendBody(UnsafeRawBufferPointer(rebasing: bytes[runStart..<start]))
                throw .malformed
            }
        }
        unsafe client.appendBody(UnsafeRawBufferPointer(rebasing: bytes[runStart..<start]))
        if bytes.count - start > Self.eventBytesMax { throw .malformed }
        return false
    }

    /// Nobody goes on with a stream that broke off: the caller gets what its provider said of it, where it said anything.
    func passFailureOn() {
        unsafe client.appendBody(UnsafeRawBufferPointer(rebasing: pending.readable[..<withheld]))
        withheld = 0
    }

    /// After the caller has its last byte: reads what follows `[DONE]`, so that the connection can be used again.
    func drainAfterStream() async {
        await exchange.readSpare(into: pending)
        finish()
    }

    // MARK: Failing after the first byte

    private func end(_ error: RelayError, _ outcome: Outcome) {
        abandon()
        let error = error == .callerGone && client.isCutByStop ? RelayError.stopped : error
        outcome.relayError = error
        if error == .callerGone {
            outcome.ending = .callerGone
            outcome.kind = .cancelled
        } else {
            outcome.ending = .cut(GatewayError(error))
            outcome.kind = .cut
        }
    }
}

/// Why an answer that the caller has begun to receive cannot be completed.
enum RelayError: Error, Equatable {
    case cut, malformed, idleTimedOut, totalTimedOut, callerGone
    /// The provider said so itself, in an event that the caller has seen.
    case failedByProvider
    /// The process ends, and the time for what was in flight is over.
    case stopped

    init(_ error: UpstreamReadError) {
        switch error {
        case .cut: self = .cut
        case .malformed: self = .malformed
        case .idleTimedOut: self = .idleTimedOut
        case .totalTimedOut: self = .totalTimedOut
        case .aborted: self = .callerGone
        }
    }
}

extension GatewayError {
    init(_ error: RelayError) {
        let message: String
        switch error {
        case .cut, .callerGone: message = "The model provider broke off in the middle of its answer."
        case .malformed:
            message = "The model provider sent something in the middle of its answer that could not be understood."
        case .idleTimedOut: message = "The model provider fell silent in the middle of its answer."
        case .totalTimedOut: message = "The answer took longer than the time allowed for it."
        case .stopped: message = "The gateway stops, and the answer was not finished in the time that was left."
        case .failedByProvider: message = "The model provider reported an error in the middle of its answer."
        }
        self.init(
            status: 502, type: "server_error", code: "stream_interrupted", message: message,
            operatorDetail: "\(error)", closesConnection: true)
    }
}

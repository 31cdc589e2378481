import Shared

/// Reads an answer that nobody gets to its end, for the usage that stands in it, and throws it away as it comes.
///
/// Concurrency: belongs to the task of its shadow.
struct ShadowAnswer {
    private let exchange: any UpstreamExchange
    /// Of a provider that does not speak OpenAI's dialect to a caller who does.
    private let translation: AnswerTranslation?
    /// What has arrived and was not looked at yet.
    private let pending: ByteBuffer
    private let loop: EventLoop

    /// An event this long without an end is no event stream. Less than callers may have: there may be many of these, and for nobody.
    private static let eventBytesMax = 1024 * 1024
    /// Of the body of an error, whose beginning says what it says.
    private static let errorBytesMax = 64 * 1024
    init(_ exchange: any UpstreamExchange, _ translation: AnswerTranslation?, on loop: EventLoop) {
        self.exchange = exchange
        self.translation = translation
        self.loop = loop
        pending = ByteBuffer(in: loop.buffers)
    }

    /// Fills in the outcome: what was used, and in `relayError` how an answer broke off. One that broke off before its first token
    /// is a failure, and costs nothing.
    ///
    /// - Errors: the provider answers with an error.
    func read(of shadow: Shadow) async throws(AttemptError) {
        let outcome = shadow.outcome
        outcome.status = exchange.answer.status
        defer { exchange.finish() }
        guard exchange.answer.status < 400 else { throw try await refusal() }
        do throws(RelayError) {
            let isStream = exchange.answer.isEventStream && exchange.answer.status == 200
            if let translation {
                try await read(translation, isStream, shadow)
            } else if isStream {
                try await readStream(shadow)
            } else {
                try await readPlain(shadow)
            }
            outcome.kind = .completed
        } catch {
            outcome.relayError = error
            outcome.kind = outcome.firstTokenMicroseconds > 0 ? .cut : .failed
            exchange.abort()
        }
    }

    private func refusal() async throws(AttemptError) -> AttemptError {
        let answer = exchange.answer
        var complaint = ProviderComplaint.none
        if answer.status < 500 {
            do throws(UpstreamReadError) {
                while pending.count <= Self.errorBytesMax, try await exchange.read(into: pending) > 0 {}
            } catch { throw AttemptError(error) }
            complaint = unsafe ProviderComplaint(
                readingBody: pending.readable, status: answer.status, in: translation?.provider ?? .openai)
        }
        return .upstream(
            OutcomeClass(status: answer.status, complaint: complaint), status: answer.status,
            waitMilliseconds: answer.waitMilliseconds)
    }

    private func read() async throws(RelayError) -> Int {
        do { return try await exchange.read(into: pending) } catch { throw RelayError(error) }
    }

    private func firstToken(of shadow: Shadow) {
        let outcome = shadow.outcome
        guard outcome.firstTokenMicroseconds == 0 else { return }
        let waited = loop.now.nanoseconds &- shadow.context.startedAt.nanoseconds
        outcome.firstTokenMicroseconds = UInt32(clamping: max(1, waited / 1000))
        shadow.target.health.firstToken(&outcome.mark, loop.now)
    }

    private func readPlain(_ shadow: Shadow) async throws(RelayError) {
        let outcome = shadow.outcome
        outcome.usageReported = false
        var capture = UsageCapture(of: shadow.request)
        var length = 0
        // Four bytes of text are about a token, where the usage does not come.
        defer { outcome.estimatedOutput = UInt32(clamping: length / 4) }
        while try await read() > 0 {
            firstToken(of: shadow)
            length += pending.count
            unsafe capture.feed(pending.readable)
            pending.removeAll()
        }
        guard outcome.status < 300, let found = capture.found else { return }
        outcome.take(found)
    }

    /// An answer in another dialect.
    private func read(
        _ translation: AnswerTranslation, _ isStream: Bool, _ shadow: Shadow
    ) async throws(RelayError) {
        let outcome = shadow.outcome
        outcome.usageReported = false
        defer {
            outcome.usage = translation.usage ?? .zero
            outcome.usageReported = translation.usageIsFinal
            outcome.estimatedOutput = translation.chunkCount
        }
        var isDone = false
        repeat {
            let isAtEnd = try await read() == 0
            if !isAtEnd { firstToken(of: shadow) }
            isDone = try translation.skim(pending, isStream: isStream, atEnd: isAtEnd)
            if isAtEnd, !isDone { throw .cut }
        } while !isDone
        pending.removeAll()
        await exchange.readSpare(into: pending)
    }

    private func readStream(_ shadow: Shadow) async throws(RelayError) {
        let outcome = shadow.outcome
        var framer = SSEFramer()
        var inspector = StreamInspector(hidesUsageChunk: false)
        var isWhole = false
        defer {
            outcome.usage = inspector.usage ?? .zero
            outcome.usageReported = isWhole ? inspector.usage != nil : inspector.usageIsFinal
            outcome.estimatedOutput = inspector.chunkCount
        }
        repeat {
            let isAtEnd = try await read() == 0
            isWhole = try inspect(&framer, &inspector, atEnd: isAtEnd, shadow)
            if !isWhole, isAtEnd { throw .cut }
            if pending.count > Self.eventBytesMax { throw .malformed }
        } while !isWhole
        pending.removeAll()
        await exchange.readSpare(into: pending)
    }

    /// Looks at the whole events in `pending`. True at `[DONE]`.
    private func inspect(
        _ framer: inout SSEFramer, _ inspector: inout StreamInspector, atEnd: Bool, _ shadow: Shadow
    ) throws(RelayError) -> Bool {
        let bytes = unsafe pending.readable
        var start = 0
        defer { pending.consume(start) }
        while true {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
            guard let length = unsafe framer.eventLength(rest, atEnd: atEnd) else { return false }
            let event = unsafe UnsafeRawBufferPointer(rebasing: rest[..<length])
            start += length
            switch unsafe inspector.inspect(event) {
            case .forward, .hide: if inspector.chunkCount > 0 || inspector.usage != nil { streams(shadow) }
            case .done: return true
            case .malformed: throw .malformed
            case .failed:
                if shadow.outcome.firstTokenMicroseconds == 0 { unsafe note(event, shadow.outcome) }
                throw .failedByProvider
            }
        }
    }

    private func streams(_ shadow: Shadow) {
        guard shadow.outcome.firstTokenMicroseconds == 0 else { return }
        firstToken(of: shadow)
        shadow.target.health.streams(&shadow.outcome.mark, loop.now)
    }

    /// What the first event says of a failure is as good as a status.
    private func note(_ event: UnsafeRawBufferPointer, _ outcome: Outcome) {
        let said = unsafe SSEEvent.withData(of: event) { data in unsafe StreamInspector.failure(data: data) }
        guard let failure = said ?? nil else { return }
        outcome.attemptError = .upstream(failure, status: outcome.status, waitMilliseconds: nil)
    }
}

import Shared
import Translate

/// Tells the caller of a stream that he is still waited for while his provider is silent, before its answer and in the middle of it.
///
/// - Shape: one timer for each stream, which is moved on when something has gone to the caller. A sign is Weir's: it is no progress of the
///   provider's, whose deadlines run on, and no first token.
///
/// Concurrency: belongs to the loop of its request, and lives no longer than that. Signs go out between the steps of the request's task, which
/// hands over whole events only, so they never stand inside one.
final class KeepAlive {
    private unowned let client: ClientStream
    private unowned let context: RequestContext
    private let request: ParsedRequest
    private let sign: [UInt8]
    private let interval: Duration
    private var core = KeepAliveCore()
    private var timer: LoopTimer?

    /// Nil for what is no stream, and for dialects whose streams have no such thing.
    init?(
        _ request: ParsedRequest, every interval: Duration, of client: ClientStream, _ context: RequestContext
    ) {
        let sign = request.dialect.codec.keepAlive
        guard request.isStream, !sign.isEmpty else { return nil }
        self.client = client
        self.context = context
        self.request = request
        self.sign = sign
        self.interval = interval
        timer = LoopTimer(on: client.loop) { [unowned self] in silenceIsTooLong() }
        timer?.arm(after: interval)
    }

    /// The caller got a head before there was an answer: a failure is told him in the stream.
    var hasPromised: Bool { core.hasPromised }

    /// A stream is about to reach the caller. True: it brings its head along.
    func streamBegins() -> Bool { core.streamBegins() }

    /// Before an answer that is no stream. False: the caller has been promised one.
    func givesWayToPlainAnswer() -> Bool {
        guard core.takesPlainAnswers else { return false }
        stop()
        return true
    }

    /// Called when everything has been handed to the caller that there was.
    @inline(__always)
    func heard() { if core.hasHeard(client.sentBytes) { timer?.arm(after: interval) } }

    /// Nothing is waited for any more.
    func stop() { timer?.cancel() }

    private func silenceIsTooLong() {
        let action = core.silenceIsTooLong(
            hasUnsent: !client.output.isEmpty,
            isGone: client.isOrphaned || client.connection.failure != nil)
        switch action {
        case .nothing: break
        case .headAndSign:
            Answerer.beginPromisedHead(client, context, request)
            send()
        case .sign: send()
        }
        timer?.arm(after: interval)
    }

    private func send() {
        unsafe sign.withUnsafeBytes { unsafe client.appendBody($0) }
        _ = core.hasHeard(client.sentBytes)
        // What the kernel does not take now goes out with what comes next, and whoever waits for the provider hears of a caller who has left.
        _ = try? client.flushNow()
    }

    // MARK: Failures

    /// The end of a stream that no answer came of, in the caller's words; nil where none was promised, or the answer has begun.
    func ending(_ outcome: Outcome) -> [UInt8]? {
        guard core.hasPromised else { return nil }
        switch outcome.ending {
        case .refused(let error): return error.streamEvent(for: request, context)
        // What the provider says of the request, in the caller's words already.
        case .answer:
            guard let relay = outcome.relay else { return nil }
            let error = unsafe request.dialect.codec.error(status: outcome.status, from: relay.pending.readable)
            relay.pending.removeAll()
            return error.streamEvent(for: request, context)
        case .local, .options, .relayed, .streamed, .cut, .callerGone: return nil
        }
    }
}

extension ProviderError {
    /// As the last event of a stream in the caller's dialect.
    fileprivate func streamEvent(for request: ParsedRequest, _ context: RequestContext) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = request.dialect.codec.streamWriter(in: AnswerContext(of: request, context))
        // A writer that cannot even say that says it by the stream's breaking off.
        try? writer.write(.failed(self), to: &bytes)
        return bytes
    }
}

extension GatewayError {
    fileprivate func streamEvent(for request: ParsedRequest, _ context: RequestContext) -> [UInt8] {
        request.dialect == .openai ? streamEvent : ProviderError(self).streamEvent(for: request, context)
    }

    /// As the last event of a stream in OpenAI's dialect.
    var streamEvent: [UInt8] { Array("data: ".utf8) + body + Array("\n\n".utf8) }
}

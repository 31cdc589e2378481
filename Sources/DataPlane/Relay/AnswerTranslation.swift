import Shared
import Translate

/// Reads the answer of a provider that does not speak OpenAI's dialect to a caller who does, and says it in the caller's words.
///
/// - Shape: one for each attempt. Where both speak the same dialect the bytes pass as they come, and are read for what Weir has to know.
///
/// Concurrency: belongs to the task of its request.
final class AnswerTranslation {
    let provider: Dialect
    private let caller: Dialect
    private let context: AnswerContext
    /// False: the bytes pass as they come.
    private let isTranslated: Bool
    /// Fields of the request that the provider was not told, or was told with another value.
    let dropped: [String]
    let adjusted: [String]
    private var amender: AnswerAmender
    private var framing: StreamFraming
    private var reader: (any StreamReader)?
    /// Nil where the stream passes.
    private var writer: (any StreamWriter)?
    /// Of responses that pass; nil: every byte does.
    var naming: ResponseNaming?
    private var events: [AnswerEvent] = []
    private var written: [UInt8] = []
    /// What the caller gets next.
    private let output: ByteBuffer

    private(set) var usage: TokenUsage?
    /// It came behind the last content.
    private(set) var usageIsFinal = false
    /// Pieces of content so far: the estimate of the output when no usage comes.
    private(set) var chunkCount: UInt32 = 0
    private var isFinishing = false
    private var isDone = false
    private var failure: ProviderError?

    /// Answers are held whole to be translated, up to this.
    static let heldBytesMax = 32 * 1024 * 1024

    /// Between a caller and a provider of one dialect.
    convenience init(from dialect: Dialect, for request: ParsedRequest, _ context: RequestContext) {
        self.init(from: dialect, for: request, nil, context)
    }

    /// - Parameter rendered: what the request was written anew as; nil: it passed, and so does its answer.
    init(from provider: Dialect, for request: ParsedRequest, _ rendered: RenderedRequest?, _ context: RequestContext) {
        self.provider = provider
        caller = request.dialect
        dropped = rendered?.dropped ?? []
        adjusted = rendered?.adjusted ?? []
        amender = AnswerAmender(rendered?.reading ?? AnswerReading())
        isTranslated = rendered != nil || request.foreign?.streamsAsArray == true
        framing = StreamFraming(of: provider)
        output = ByteBuffer()
        var answer = AnswerContext(of: request, context)
        if rendered != nil, let foreign = request.foreign { answer.echo = foreign.echo }
        self.context = answer
    }

    /// Puts the fields of an answer that is Weir's own text in the place of its provider's.
    func writeFields(to fields: ByteBuffer, isStream: Bool) {
        guard isTranslated else { return }
        fields.removeAll()
        fields.append("content-type: ")
        fields.append(isStream && !context.streamsAsArray ? caller.streamContentType : "application/json")
        fields.append("\r\n")
    }

    // MARK: Whole answers

    /// Puts the caller's words in the place of the provider's whole answer, and reads its usage.
    func translate(_ pending: ByteBuffer, status: Int) throws(AttemptError) {
        guard status < 300 else { return }
        let answer: Answer
        do {
            let json = try unsafe JSONValue(parsing: pending.readable, allowing: .all)
            answer = try provider.codec.answer(from: json)
        } catch { throw .malformedAnswer }
        usage = answer.usage
        rename(pending, answer.id)
        if isTranslated { replace(pending, by: caller.codec.body(of: amender.amended(answer), in: context)) }
    }

    /// The same for what a provider says of a request that it refuses.
    func translateError(_ pending: ByteBuffer, _ fields: ByteBuffer, status: Int) {
        guard isTranslated else { return }
        let error = unsafe provider.codec.error(status: status, from: pending.readable)
        fields.append(caller.fields(of: error))
        replace(pending, by: caller.codec.body(of: error))
    }

    private func rename(_ pending: ByteBuffer, _ id: String) {
        guard naming != nil else { return }
        naming?.learn(id)
        unsafe naming?.append(pending.readable, to: output)
        pending.removeAll()
        unsafe pending.append(output.readable)
        output.removeAll()
    }

    private func replace(_ pending: ByteBuffer, by body: [UInt8]) {
        pending.removeAll()
        pending.append(body)
    }

    /// Reads an answer that nobody gets, as far as it has arrived. True when it is whole.
    func skim(_ pending: ByteBuffer, isStream: Bool, atEnd: Bool) throws(RelayError) -> Bool {
        defer { output.removeAll() }
        if isStream {
            try take(pending, atEnd: atEnd)
            return isDone
        }
        guard pending.count <= Self.heldBytesMax else { throw .malformed }
        guard atEnd else { return false }
        do { try translate(pending, status: 200) } catch { throw .malformed }
        usageIsFinal = usage != nil
        return true
    }

    // MARK: Streams

    /// Reads what has arrived as far as it is whole. True when there is something to promise an answer by.
    ///
    /// - Errors: the provider reports a failure in its first event, where another target may still do better; or cannot be understood.
    func begin(_ pending: ByteBuffer) throws(AttemptError) -> Bool {
        do throws(RelayError) { try take(pending, atEnd: false) } catch {
            throw error == .failedByProvider ? attemptError() : .malformedAnswer
        }
        return chunkCount > 0 || isFinishing || isDone
    }

    private func attemptError() -> AttemptError {
        guard let failure else { return .malformedAnswer }
        let outcome: OutcomeClass =
            switch failure.kind {
            case .rateLimit: .rateLimited
            case .quota: .quotaExhausted
            case .overloaded: .overloaded
            case .authentication: .credentialRejected
            case .permission: .permissionDenied
            case .notFound: .modelNotFound
            case .tooLarge: .bodyTooLarge
            case .timeout: .requestTimeout
            case .invalidRequest, .server: .serverError
            }
        return .upstream(outcome, status: failure.status == 0 ? 200 : failure.status, waitMilliseconds: nil)
    }

    /// Hands out what the caller gets of what has arrived. True when the stream is whole: its last piece lies in `pending` then, to go out once
    /// the request was recorded.
    func pass(_ pending: ByteBuffer, to client: ClientStream, atEnd: Bool) throws(RelayError) -> Bool {
        defer { output.removeAll() }
        do throws(RelayError) { try take(pending, atEnd: atEnd) } catch {
            unsafe client.appendBody(output.readable)
            throw error
        }
        guard isDone else {
            unsafe client.appendBody(output.readable)
            return false
        }
        unsafe pending.append(output.readable)
        return true
    }

    /// Moves whole messages from `pending` to `output`.
    private func take(_ pending: ByteBuffer, atEnd: Bool) throws(RelayError) {
        if reader == nil { start() }
        while !isDone {
            events.removeAll(keepingCapacity: true)
            var isReadable = true
            let length = try unsafe framing.next(pending.readable, atEnd: atEnd) { message in
                do throws(TranslationError) { try reader?.read(message, into: &events) } catch { isReadable = false }
            }
            guard isReadable else { throw .malformed }
            guard let length else { break }
            try handle()
            // A stream that passes: `handle` has nothing to say.
            if !isTranslated { unsafe passOn(UnsafeRawBufferPointer(rebasing: pending.readable[..<length])) }
            pending.consume(length)
            if failure != nil { throw .failedByProvider }
        }
        if atEnd, !isDone, pending.isEmpty {
            events.removeAll(keepingCapacity: true)
            reader?.end(into: &events)
            try handle()
        }
    }

    private func passOn(_ event: UnsafeRawBufferPointer) {
        guard naming != nil else { return unsafe output.append(event) }
        unsafe naming?.append(event, to: output)
    }

    private func start() {
        reader = provider.codec.streamReader()
        if isTranslated { writer = caller.codec.streamWriter(in: context) }
    }

    /// What the events say to Weir, and to the caller.
    private func handle() throws(RelayError) {
        written.removeAll(keepingCapacity: true)
        for event in events {
            note(event)
            guard isTranslated else { continue }
            do throws(TranslationError) { try writer?.write(amender.amended(event), to: &written) } catch {
                throw .malformed
            }
        }
        if !written.isEmpty { output.append(written) }
    }

    private func note(_ event: AnswerEvent) {
        switch event {
        case .began(let head):
            if let counted = head.usage { usage = counted }
            naming?.learn(head.id)
        case .opened, .text, .arguments: chunkCount &+= 1
        case .finished: isFinishing = true
        case .usage(let counted):
            usage = counted
            usageIsFinal = isFinishing
        case .failed(let error): failure = error
        case .ended:
            usageIsFinal = usage != nil
            isDone = true
        case .signature, .citation, .closed, .logprobs, .ping: break
        }
    }

    /// The end of a stream that broke off, in the caller's words; empty where its provider has said it.
    func ending(_ error: GatewayError) -> [UInt8] {
        guard failure == nil else { return [] }
        var bytes: [UInt8] = []
        var writer = writer ?? caller.codec.streamWriter(in: context)
        // A writer that cannot even say that has said it by breaking off.
        try? writer.write(.failed(ProviderError(error)), to: &bytes)
        return bytes
    }
}

extension AnswerContext {
    init(of request: ParsedRequest, _ context: RequestContext) {
        self.init(
            id: context.id.description,
            model: context.plan.map { String(decoding: $0.route.name, as: UTF8.self) } ?? "",
            nowUnixSeconds: context.startedUnixSeconds,
            estimatedInputTokens: UInt32(clamping: (request.prompt.textTokens + 3) / 4),
            includesUsage: request.dialect != .openai || request.includesUsage == true)
        streamsAsArray = request.foreign?.streamsAsArray ?? false
    }
}

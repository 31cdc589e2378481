public import Shared

/// All that there is to know of a dialect: a folder beside this file.
///
/// - Shape: pure; from bytes to bytes by way of `Conversation`, `Answer` and `AnswerEvent`.
public protocol DialectCodec {
    static var dialect: Dialect { get }

    // MARK: Requests

    /// Reads a caller's request.
    ///
    /// - Errors: `invalid`, naming the field.
    static func conversation(from body: JSONValue, of call: InboundCall) throws(TranslationError) -> Conversation

    /// Writes a request for a target.
    ///
    /// - Errors: `inexpressible`, where dropping would change what is asked.
    static func request(
        _ conversation: Conversation, for target: TargetTraits
    ) throws(TranslationError) -> RenderedRequest

    /// Where it goes, behind the provider's base URL and the version of the path.
    static func path(model: String, isStream: Bool) -> String

    // MARK: Answers

    /// Reads a provider's whole answer.
    static func answer(from body: JSONValue) throws(TranslationError) -> Answer

    /// Writes an answer for a caller.
    static func body(of answer: Answer, in context: AnswerContext) -> [UInt8]

    // MARK: Streams

    /// Reads a provider's stream.
    static func streamReader() -> any StreamReader

    /// Writes a stream for a caller.
    static func streamWriter(in context: AnswerContext) -> any StreamWriter

    /// What a caller's stream takes between two of its events, and in front of the first, without its meaning anything; empty: there is no such
    /// thing.
    static var keepAlive: [UInt8] { get }

    // MARK: Errors

    /// Reads the body of a provider's error; any bytes are one.
    static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError

    /// Writes the body of an error for a caller.
    static func body(of error: ProviderError) -> [UInt8]
}

extension DialectCodec {
    /// A comment of server-sent events.
    public static var keepAlive: [UInt8] { Array(": keep-alive\n\n".utf8) }
}

/// A dialect whose callers can ask how many tokens a conversation has.
public protocol TokenCountingCodec: DialectCodec {
    /// Reads such a request: one that asks for no answer.
    static func conversationToCount(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation

    static func tokenCountBody(_ count: UInt64) -> [UInt8]

    /// Where it goes, behind the provider's base URL and the version of the path.
    static func tokenCountPath(model: String) -> String
}

/// A dialect with an interface of its own for embeddings, which passes between those who speak it.
public protocol EmbeddingCodec: DialectCodec {
    /// Where contents go to be embedded, behind the version: one, or several at a time.
    static func embeddingPath(model: String, isBatch: Bool) -> String

    /// As bodies name a model that stands in the path too.
    static func resourceName(model: String) -> String

    /// The member of an answer that says what it used.
    static var usageField: String { get }

    /// What that says; nil where it says nothing that can be read.
    static func usage(of value: JSONValue) -> TokenUsage?
}

/// A dialect whose answers repeat what was asked.
public protocol EchoingCodec: DialectCodec {
    /// What the answer to `request` repeats of it.
    ///
    /// - Shape: no more than the request holds, and a handful of constants.
    static func echo(of request: JSONValue) -> [JSONObject.Member]
}

/// What a call says outside its body.
public struct InboundCall: Hashable, Sendable {
    /// The model, for dialects that have it in the path; percent-decoded.
    public var model: String?
    /// For dialects that have another path for streams.
    public var isStream: Bool?

    public init(model: String? = nil, isStream: Bool? = nil) {
        self.model = model
        self.isStream = isStream
    }
}

/// What an answer needs that does not come from its provider.
public struct AnswerContext: Hashable, Sendable {
    /// Of the request, without a prefix: the identity of an answer whose provider gives none.
    public var id: String
    /// As the caller calls it, for an answer whose provider does not name it.
    public var model: String
    public var nowUnixSeconds: Int64
    /// What the input is thought to be until its provider has counted it.
    public var estimatedInputTokens: UInt32
    /// The caller asked for the usage of its stream, in a dialect where that is a choice.
    public var includesUsage: Bool
    /// A stream is one JSON array instead of events: Gemini's, for callers who do not say `alt=sse`.
    public var streamsAsArray = false
    /// Members of the request that its answer repeats, in a dialect whose answers do.
    public var echo: [JSONObject.Member] = []

    public init(
        id: String, model: String, nowUnixSeconds: Int64, estimatedInputTokens: UInt32 = 0, includesUsage: Bool = true
    ) {
        self.id = id
        self.model = model
        self.nowUnixSeconds = nowUnixSeconds
        self.estimatedInputTokens = estimatedInputTokens
        self.includesUsage = includesUsage
    }
}

/// One message of a provider's stream, its framing taken off.
@safe public struct StreamMessage {
    /// Of an SSE event, or of a message of an event stream; empty where it has none. Valid as long as the call.
    public let name: UnsafeRawBufferPointer
    public let data: UnsafeRawBufferPointer

    public init(name: UnsafeRawBufferPointer, data: UnsafeRawBufferPointer) {
        unsafe self.name = name
        unsafe self.data = data
    }
}

/// Reads a provider's stream, message by message.
///
/// - Shape: what comes of a message is appended; one message may be several events, or none. State is bounded by what a provider may have
///   open at once.
public protocol StreamReader {
    /// - Errors: `malformed`, `tooLarge`: what follows cannot be trusted.
    mutating func read(_ message: StreamMessage, into events: inout [AnswerEvent]) throws(TranslationError)

    /// The connection ended: what is still due, `ended` last, where the stream was whole without a mark of its end.
    mutating func end(into events: inout [AnswerEvent])
}

/// Writes a stream for a caller.
///
/// - Shape: appends whole frames of the caller's stream. What cannot be said yet is held, within bounds, until it can.
public protocol StreamWriter {
    mutating func write(_ event: AnswerEvent, to output: inout [UInt8]) throws(TranslationError)
}

import Shared

/// A provider's API: what its requests have to be, and what its answers look like.
///
/// - Shape: pure, a folder for each beside this file. Nothing here knows how Weir reads or writes the same: what both got wrong in one
///   place would look right.
protocol ProviderDialect {
    /// What the ledger calls a request for an answer.
    static var endpoint: String { get }

    /// What `request` asks this provider for; nil where it is none of its own.
    static func call(_ request: HTTPRequest) -> ProviderCall?

    // MARK: Requests

    /// The credential without its scheme; nil where there is none.
    static func key(of request: HTTPRequest) -> String?

    /// - Parameter key: the only one that is accepted; nil accepts any.
    /// - Errors: the provider's 401 or 403.
    static func admit(_ request: HTTPRequest, key: String?) throws(ProviderError)

    /// - Errors: the provider's 400.
    static func read(
        _ call: ProviderCall, _ request: HTTPRequest, _ context: ReadingContext
    ) throws(ProviderError) -> ProviderRequest

    // MARK: Answers

    static var contentType: String { get }
    static func streamContentType(of request: ProviderRequest) -> String

    static func body(of answer: ProviderAnswer) -> [UInt8]

    /// All events but those that end a stream that went well.
    static func events(of answer: ProviderAnswer, usageOnEach: Bool) -> [StreamEvent]

    /// The rest of a stream that went well.
    ///
    /// - Parameter isMarked: false leaves out what tells its reader that nothing is missing.
    static func ending(of answer: ProviderAnswer, isMarked: Bool) -> [UInt8]

    /// An event that cannot be read.
    static func brokenEvent(_ kind: BrokenEvent) -> [UInt8]

    static func body(ofCount tokens: Int) -> [UInt8]

    /// What the provider keeps of an answer that it gave, to go on from; nil where it keeps none.
    static func kept(of answer: ProviderAnswer) -> KeptResponse?

    /// A list of models, or one of them where `name` is given.
    static func body(ofModels names: [String], only name: String?) -> [UInt8]

    /// What it serves where it was not told.
    static var modelsDefault: [String] { get }

    // MARK: Errors

    /// The error that the provider would answer with this status.
    static func error(status: Int, code: String?) -> ProviderError
    static func error(unknownModel name: String) -> ProviderError
    static func error(unknownPath request: HTTPRequest) -> ProviderError
    static func body(of error: ProviderError, number: UInt64) -> [UInt8]
    static func fields(of error: ProviderError) -> [(String, String)]

    /// An error in the middle of a stream, behind so many of its events.
    static func event(of error: ProviderError, in answer: ProviderAnswer, after events: Int) -> [UInt8]

    /// An answer that says of itself that it failed: behind so many events of a stream, or as a body where `events` is nil. Nil where the
    /// provider has no such thing.
    static func failure(_ error: ProviderError, of answer: ProviderAnswer, after events: Int?) -> [UInt8]?

    // MARK: Header fields

    /// Of every answer, besides its content type.
    static func fields(number: UInt64) -> [(String, String)]

    /// What is left of a rate.
    static func fields(of rate: RequestRate, at now: MonotonicTime) -> [(String, String)]

    /// How long to wait.
    static func fields(waiting milliseconds: UInt64) -> [(String, String)]
}

extension ProviderDialect {
    static func failure(_ error: ProviderError, of answer: ProviderAnswer, after events: Int?) -> [UInt8]? { nil }

    static func kept(of answer: ProviderAnswer) -> KeptResponse? { nil }

    /// A server-sent event with a name.
    static func frame(_ name: String, _ data: JSONValue) -> [UInt8] {
        Array("event: \(name)\ndata: ".utf8) + data.bytes + Array("\n\n".utf8)
    }
}

enum BrokenEvent {
    /// Not JSON.
    case content
    /// Where frames have a checksum, a wrong one.
    case checksum
}

/// What reading a request needs besides it.
struct ReadingContext {
    var seed: UInt64
    var signatures: ThoughtSignatures
    /// What the provider has kept of its answers.
    var responses: KeptResponses
    /// The provider checks what it would otherwise let pass: see `OpenAIStrictness`.
    var isStrict: Bool
}

/// What a request asks for, and of which provider.
struct ProviderCall {
    enum Operation: Equatable {
        case answer, completion, embeddings, moderation, rerank, images, imageEdit, speech, transcription, countTokens,
            models, object(ObjectCall), unknown

        /// What the ledger calls it; nil: as the dialect calls an answer.
        var ledgerName: String? {
            switch self {
            case .answer, .countTokens, .models, .object, .unknown: nil
            case .completion: "text_completion"
            case .embeddings: "embeddings"
            case .moderation: "moderations"
            case .rerank: "rerank"
            case .images: "image_generation"
            case .imageEdit: "image_edit"
            case .speech: "speech"
            case .transcription: "transcription"
            }
        }
    }

    var dialect: any ProviderDialect.Type
    var operation: Operation
    /// For dialects that have it in the path.
    var model: String?
    var isStream = false
    /// Several requests in one.
    var isBatch = false

    init(
        _ dialect: any ProviderDialect.Type, _ operation: Operation, model: String? = nil, isStream: Bool = false
    ) {
        self.dialect = dialect
        self.operation = operation
        self.model = model
        self.isStream = isStream
    }

    /// Whoever nobody else knows is told so in OpenAI's words.
    init(of request: HTTPRequest) {
        let dialects: [any ProviderDialect.Type] = [
            OpenAIDialect.self, ResponsesDialect.self, AnthropicDialect.self, GeminiDialect.self, BedrockDialect.self,
        ]
        self = dialects.lazy.compactMap { $0.call(request) }.first ?? ProviderCall(OpenAIDialect.self, .unknown)
    }
}

extension HTTPRequest {
    var bearerToken: String? {
        headers.first("authorization").flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
    }
}

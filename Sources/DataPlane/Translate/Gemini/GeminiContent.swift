public import Shared

/// Gemini's `generateContent`, as the Gemini API and Vertex AI speak it.
///
/// - Source: Google, "Gemini API reference" v1beta: `GenerateContentRequest`, `GenerateContentResponse`, `Content`, `Tool`, `Schema`; the guides
///   "Function calling", "Thinking" and "Thought signatures"; `google.rpc.Status` for errors.
public enum GeminiContent: TokenCountingCodec, EmbeddingCodec {
    public static var dialect: Dialect { .gemini }

    // MARK: Requests

    public static func conversation(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        try GeminiRequestReader.conversation(from: body, at: .body, of: call)
    }

    public static func request(
        _ conversation: Conversation, for target: TargetTraits
    ) throws(TranslationError) -> RenderedRequest {
        try conversation.checkTie(to: dialect)
        return try GeminiRequestWriter.request(conversation, for: target)
    }

    /// `models/` goes in front of a bare name; a tuned model has its own collection.
    public static func path(model: String, isStream: Bool) -> String {
        path(model: model) + (isStream ? ":streamGenerateContent?alt=sse" : ":generateContent")
    }

    // MARK: Answers

    public static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        try GeminiAnswerReader.answer(from: body)
    }

    public static func body(of answer: Answer, in context: AnswerContext) -> [UInt8] {
        GeminiAnswerWriter.body(of: answer, in: context)
    }

    // MARK: Streams

    /// An empty line, which is no event, and white space in an array. Google's clients take a comment for the text of an error.
    public static var keepAlive: [UInt8] { [0x0d, 0x0a] }

    public static func streamReader() -> any StreamReader { GeminiStreamReader() }

    public static func streamWriter(in context: AnswerContext) -> any StreamWriter {
        streamWriter(in: context, asArray: context.streamsAsArray)
    }

    /// - Parameter asArray: for a caller without `alt=sse`, whose stream is one JSON array, written element by element.
    public static func streamWriter(in context: AnswerContext, asArray: Bool) -> any StreamWriter {
        GeminiStreamWriter(in: context, asArray: asArray)
    }

    // MARK: Errors

    public static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        unsafe GeminiErrors.error(status: status, from: body)
    }

    public static func body(of error: ProviderError) -> [UInt8] { GeminiErrors.body(of: error) }

    // MARK: Counting tokens

    /// Reads a request of `countTokens`: `contents` alone, or all that a `generateContentRequest` would send.
    ///
    /// - Errors: `invalid`, naming the field.
    public static func conversationToCount(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        var reader = try MemberReader(gemini: body, at: .body)
        guard let request = reader.value("generateContentRequest") else {
            return try GeminiRequestReader.conversation(from: body, at: .body, of: call)
        }
        return try GeminiRequestReader.conversation(from: request, at: reader.path["generateContentRequest"], of: call)
    }

    /// The answer to `countTokens`.
    public static func tokenCountBody(_ count: UInt64) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.member("totalTokens", count) }
        return writer.bytes
    }

    public static func tokenCountPath(model: String) -> String { path(model: model) + ":countTokens" }

    // MARK: Embedding

    public static func embeddingPath(model: String, isBatch: Bool) -> String {
        path(model: model) + (isBatch ? ":batchEmbedContents" : ":embedContent")
    }

    public static func resourceName(model: String) -> String {
        collections.contains { model.hasPrefix($0) } ? model : "models/" + model
    }

    public static let usageField = "usageMetadata"

    public static func usage(of value: JSONValue) -> TokenUsage? {
        value["promptTokenCount"] == nil ? nil : GeminiUsageMetadata.usage(value)
    }

    // MARK: Paths

    private static let collections = ["models/", "tunedModels/"]

    private static func path(model: String) -> String {
        let collection = collections.first { model.hasPrefix($0) }
        let name = collection.map { model.dropFirst($0.count) } ?? model[...]
        return "/" + (collection ?? "models/")
            + PercentEncoding.encode(name, keeping: PercentEncoding.pathSegment)
    }
}

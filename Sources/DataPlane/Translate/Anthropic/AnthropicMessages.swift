public import Shared

/// Anthropic's Messages: what Claude's own clients and coding agents speak, and what Anthropic and those compatible with it answer.
///
/// - Shape: nothing but the entry points; each direction is a file beside this one.
/// - Source: Anthropic, "Messages", "Streaming messages", "Count tokens in a message", "Errors".
public enum AnthropicMessages: TokenCountingCodec {
    public static let dialect = Dialect.anthropic

    // MARK: Requests

    public static func conversation(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        var reader = try AnthropicRequestReader(body)
        return try reader.conversation(wantsBound: true)
    }

    /// Reads a request to count the tokens of a conversation: one as above, but nothing is to be answered, and so nothing bounds the
    /// answer.
    public static func conversationToCount(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        var reader = try AnthropicRequestReader(body)
        return try reader.conversation(wantsBound: false)
    }

    public static func request(
        _ conversation: Conversation, for target: TargetTraits
    ) throws(TranslationError) -> RenderedRequest {
        try conversation.checkTie(to: dialect)
        var writer = AnthropicRequestWriter(conversation, target)
        return try writer.request()
    }

    public static func path(model: String, isStream: Bool) -> String { "/messages" }

    // MARK: Answers

    public static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        try AnthropicAnswerReader.answer(from: body)
    }

    public static func body(of answer: Answer, in context: AnswerContext) -> [UInt8] {
        AnthropicAnswerWriter.body(of: answer, in: context)
    }

    public static func tokenCountPath(model: String) -> String { "/messages/count_tokens" }

    /// Answers a request to count tokens.
    public static func tokenCountBody(_ count: UInt64) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.member("input_tokens", count) }
        return writer.bytes
    }

    // MARK: Streams

    /// Which clients pass over, before `message_start` too.
    public static var keepAlive: [UInt8] { Array("event: ping\ndata: {\"type\": \"ping\"}\n\n".utf8) }

    public static func streamReader() -> any StreamReader { AnthropicStreamReader() }

    public static func streamWriter(in context: AnswerContext) -> any StreamWriter {
        AnthropicStreamWriter(in: context)
    }

    // MARK: Errors

    public static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        unsafe AnthropicErrors.error(status: status, from: body)
    }

    public static func body(of error: ProviderError) -> [UInt8] { AnthropicErrors.body(of: error) }
}

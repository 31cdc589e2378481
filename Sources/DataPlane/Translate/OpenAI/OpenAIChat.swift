public import Shared

/// OpenAI's chat completions, and what its many likenesses make of them.
///
/// - Shape: what is read is lenient towards DeepSeek, Mistral, OpenRouter, vLLM, Azure and the OpenAI-like doors of Gemini and Ollama; what
///   is written is what OpenAI's own clients and servers want, but for the few fields of answers that say what OpenAI has no word for:
///   `reasoning_content` (thoughts), `extra_content` (signatures of calls), `images` and `stop_reason`.
/// - Source: OpenAI API reference, "Chat completions"; the servers' own documents for what is peculiar to them.
public enum OpenAIChat: DialectCodec {
    public static var dialect: Dialect { .openai }

    // MARK: Requests

    public static func conversation(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        try OpenAIRequestReader.conversation(from: body, of: call)
    }

    public static func request(
        _ conversation: Conversation, for target: TargetTraits
    ) throws(TranslationError) -> RenderedRequest {
        try conversation.checkTie(to: dialect)
        var writer = OpenAIRequestWriter(conversation, for: target)
        return try writer.request()
    }

    /// The version is a part of the base URL, as it is for OpenAI's own clients.
    public static func path(model: String, isStream: Bool) -> String { "/chat/completions" }

    // MARK: Answers

    public static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        try OpenAIAnswerReader.answer(from: body)
    }

    public static func body(of answer: Answer, in context: AnswerContext) -> [UInt8] {
        var writer = OpenAIAnswerWriter(in: context)
        return writer.body(of: answer)
    }

    // MARK: Streams

    public static func streamReader() -> any StreamReader { OpenAIStreamReader() }

    public static func streamWriter(in context: AnswerContext) -> any StreamWriter { OpenAIStreamWriter(in: context) }

    // MARK: Errors

    public static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        unsafe OpenAIErrors.error(status: status, from: body)
    }

    public static func body(of error: ProviderError) -> [UInt8] { OpenAIErrors.body(of: error) }
}

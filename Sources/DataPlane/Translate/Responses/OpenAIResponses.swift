public import Shared

/// OpenAI's Responses.
///
/// - Shape: what is read is lenient towards the servers that serve it besides OpenAI (vLLM, Ollama, LM Studio, OpenRouter, Azure); what is
///   written is what OpenAI's own clients and servers want. What only a provider can do that kept an earlier answer (`previous_response_id`,
///   `conversation`, `item_reference`, `prompt`) goes to providers of this dialect alone.
/// - Source: OpenAI API reference, "Responses".
public enum OpenAIResponses: EchoingCodec {
    public static var dialect: Dialect { .responses }

    // MARK: Requests

    public static func conversation(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        try ResponsesRequestReader.conversation(from: body, of: call)
    }

    public static func request(
        _ conversation: Conversation, for target: TargetTraits
    ) throws(TranslationError) -> RenderedRequest {
        var writer = ResponsesRequestWriter(conversation, for: target)
        return try writer.request()
    }

    /// The version is a part of the base URL, as it is for OpenAI's own clients.
    public static func path(model: String, isStream: Bool) -> String { "/responses" }

    // MARK: Answers

    public static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        try ResponsesAnswerReader.answer(from: body)
    }

    public static func body(of answer: Answer, in context: AnswerContext) -> [UInt8] {
        var writer = ResponsesAnswerWriter(in: context)
        return writer.body(of: answer)
    }

    // MARK: Streams

    public static func streamReader() -> any StreamReader { ResponsesStreamReader() }

    public static func streamWriter(in context: AnswerContext) -> any StreamWriter {
        ResponsesStreamWriter(in: context)
    }

    // MARK: Errors

    /// The same as in OpenAI's chats.
    public static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        unsafe OpenAIErrors.error(status: status, from: body)
    }

    public static func body(of error: ProviderError) -> [UInt8] { OpenAIErrors.body(of: error) }
}

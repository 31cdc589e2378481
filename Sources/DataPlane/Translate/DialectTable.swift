public import Shared

/// The one table of dialects.
extension Dialect {
    public var codec: any DialectCodec.Type {
        switch self {
        case .openai: OpenAIChat.self
        case .anthropic: AnthropicMessages.self
        case .gemini: GeminiContent.self
        case .bedrock: BedrockConverse.self
        case .responses: OpenAIResponses.self
        }
    }

    /// nil: its callers do not ask how many tokens a conversation has.
    public var tokenCounting: (any TokenCountingCodec.Type)? { codec as? any TokenCountingCodec.Type }

    /// nil: its providers embed as OpenAI's do, or not at all.
    public var embedding: (any EmbeddingCodec.Type)? { codec as? any EmbeddingCodec.Type }

    /// The header field that carries a provider's credential; `authorization` takes it as a bearer token.
    public var credentialField: String {
        switch self {
        case .openai, .bedrock, .responses: "authorization"
        case .anthropic: "x-api-key"
        case .gemini: "x-goog-api-key"
        }
    }

    /// Header lines that a provider wants besides, each with its line end, where the caller did not speak its dialect.
    public var fixedLines: String {
        switch self {
        case .anthropic: "anthropic-version: 2023-06-01\r\n"
        case .openai, .gemini, .bedrock, .responses: ""
        }
    }

    /// In which callers look for the identity of their request, besides `x-request-id`; nil: nowhere else.
    public var requestIDField: StaticString? {
        switch self {
        case .openai, .gemini, .responses: nil
        case .anthropic: "request-id: "
        case .bedrock: "x-amzn-requestid: "
        }
    }

    /// Header lines that tell callers of what kind an error is, each with its line end, where the body does not.
    public func fields(of error: ProviderError) -> String {
        switch self {
        case .openai, .anthropic, .gemini, .responses: ""
        case .bedrock: "x-amzn-errortype: \(BedrockConverse.errorType(error))\r\n"
        }
    }

    /// Of the streams that callers get.
    public var streamContentType: String {
        switch self {
        case .openai, .anthropic, .gemini, .responses: "text/event-stream"
        case .bedrock: "application/vnd.amazon.eventstream"
        }
    }

    /// Members of a request by which a model gets input that does not stand in it, beside what ties it to its dialect (`Tie`).
    public var storedInputFields: [String] {
        switch self {
        case .openai, .responses: []
        case .anthropic: ["container", "mcp_servers"]
        case .gemini: ["cachedContent"]
        case .bedrock: ["promptVariables"]
        }
    }

    /// Where bodies have what Weir changes in a request that passes.
    public var editableFields: EditableFields {
        switch self {
        case .openai: EditableFields(model: "model", outputTokensMax: ["max_completion_tokens"])
        case .anthropic: EditableFields(model: "model", outputTokensMax: ["max_tokens"])
        case .gemini: EditableFields(model: nil, outputTokensMax: ["generationConfig", "maxOutputTokens"])
        case .bedrock: EditableFields(model: nil, outputTokensMax: ["inferenceConfig", "maxTokens"])
        case .responses: EditableFields(model: "model", outputTokensMax: ["max_output_tokens"])
        }
    }
}

public struct EditableFields: Sendable {
    /// nil: the model stands in the path.
    public var model: StaticString?
    /// The name, or that of an object and the name in it.
    public var outputTokensMax: [StaticString]
}

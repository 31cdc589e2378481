/// The words in which callers and providers speak.
public enum Dialect: String, Hashable, Sendable, Codable, CaseIterable {
    /// OpenAI's chat completions, and all that are compatible.
    case openai
    case anthropic
    case gemini
    /// Amazon Bedrock's Converse.
    case bedrock
    /// OpenAI's Responses.
    case responses
}

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

    /// With what the paths of its requests begin, behind the base URL. OpenAI's clients have the version in the base URL, and Bedrock has none.
    public var pathVersion: String {
        switch self {
        case .openai, .bedrock, .responses: ""
        case .anthropic: "/v1"
        case .gemini: "/v1beta"
        }
    }
}

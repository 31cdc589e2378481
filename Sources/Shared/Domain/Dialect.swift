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

    /// What a provider is asked for to find out whether it is up, behind the version: cheap, and answered without a model.
    public var probePath: String {
        switch self {
        case .openai, .anthropic, .gemini, .responses: "/models"
        // The only list that Bedrock has where it answers requests: of invocations that run in the background.
        case .bedrock: "/async-invoke"
        }
    }
}

/// What the models behind Converse want each in its own way, told by their ID: the one place where that is decided.
///
/// Converse is one interface for many vendors, but how much a model thinks, where its caches begin and which fields go together is each
/// vendor's own. What Claude's generations want is the same as at Anthropic (`AnthropicGeneration`). Capabilities that a target is known to
/// have or to lack stay with the target (`TargetTraits`).
///
/// - Shape: of an ID (`us.anthropic.claude-sonnet-4-5-20250929-v1:0`) or an ARN that ends in one. The ARN of a profile or a deployment of
///   one's own does not say which model it is: `unknown`, to which nothing is sent that only some models take.
/// - Source: Amazon Bedrock's and Amazon Nova's user guides; "Prompt caching" in the former.
enum BedrockModel: Equatable {
    case claude(AnthropicGeneration)
    case nova(generation: Int)
    /// OpenAI's open models.
    case openAI
    /// Of another vendor.
    case other
    case unknown

    init(id: String) {
        // What stands behind a colon is a revision; an ARN's colons stand before its last slash.
        let name = id[(id.lastIndex(of: "/").map { id.index(after: $0) } ?? id.startIndex)...].prefix { $0 != ":" }
        if name.contains("anthropic.claude") {
            self = .claude(AnthropicGeneration(model: String(name)))
        } else if let place = name.firstRange(of: "amazon.nova-") {
            let generation = name[place.upperBound...].prefix { $0 != "-" }
            self = .nova(generation: Int(generation) ?? 1)
        } else if name.contains("openai.") {
            self = .openAI
        } else {
            self = name.contains(".") ? .other : .unknown
        }
    }

    var isClaude: Bool { if case .claude = self { true } else { false } }

    /// See `AnthropicGeneration`; what the others make of one is up to them.
    var takesBegunAnswer: Bool {
        if case .claude(let generation) = self { generation.takesBegunAnswer } else { true }
    }

    // MARK: Caches

    /// Where cache points may stand.
    var cachePlaces: (messages: Bool, tools: Bool) {
        switch self {
        case .claude, .unknown: (true, true)
        case .nova: (true, false)
        case .openAI, .other: (false, false)
        }
    }

    /// Whether a cache may last an hour; else five minutes are all there is.
    var cachesForAnHour: Bool {
        switch self {
        case .claude(let generation): generation.isAtLeast(405)
        case .unknown: true
        case .nova, .openAI, .other: false
        }
    }

    // MARK: Betas

    /// Those that Bedrock knows; one that it does not know fails the request.
    ///
    /// - Source: Amazon Bedrock's user guide, "Anthropic Claude Messages API", `anthropic_beta`.
    static let betas: Set<String> = [
        "computer-use-2024-10-22", "computer-use-2025-01-24", "computer-use-2025-11-24",
        "token-efficient-tools-2025-02-19", "interleaved-thinking-2025-05-14", "output-128k-2025-02-19",
        "dev-full-thinking-2025-05-14", "context-1m-2025-08-07", "context-management-2025-06-27",
        "effort-2025-11-24", "tool-search-tool-2025-10-19", "tool-examples-2025-10-29",
    ]
}

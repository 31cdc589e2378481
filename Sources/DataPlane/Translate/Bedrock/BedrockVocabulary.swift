import Shared

/// What this codec remembers for the way back into its own dialect, where the form has one word for what Converse says in two.
///
/// - Shape: kept among `Extras` as a member without content, which no other dialect counts as lost.
enum BedrockMark: String {
    /// A turn of the system's that stood among the messages, where newer models take it.
    case systemInPlace
    /// A piece of a tool's result that was given as JSON, not as text.
    case json
    /// A document whose text was given as it is, not as the bytes of a file.
    case textSource

    fileprivate static let prefix = "weir."
    fileprivate var name: String { Self.prefix + rawValue }
}

extension Extras {
    mutating func mark(bedrock mark: BedrockMark) { add(mark.name, .null, of: .bedrock) }

    func has(bedrock mark: BedrockMark) -> Bool { dialect == .bedrock && self[mark.name] != nil }

    /// What is written back into Bedrock's dialect.
    var bedrockMembers: [JSONObject.Member] {
        members(for: .bedrock).filter { !$0.name.hasPrefix(BedrockMark.prefix) }
    }

    /// One of them; nil where it came in another dialect.
    func bedrock(_ name: String) -> JSONValue? { dialect == .bedrock ? self[name] : nil }
}

extension FinishReason {
    /// - Parameter hasToolCalls: some models say that they came to an end where they call tools.
    init(bedrock word: String, hasToolCalls: Bool) {
        switch word {
        case "end_turn": self = hasToolCalls ? .toolCalls : .stop
        case "stop_sequence": self = .stopSequence
        case "max_tokens", Self.bedrockWindowExceeded: self = .length
        case "tool_use": self = .toolCalls
        case "content_filtered", Self.bedrockGuardrail: self = .contentFilter
        case "refusal": self = .refusal
        case "pause_turn": self = .pause
        default: self = .other(word)
        }
    }

    fileprivate static let bedrockGuardrail = "guardrail_intervened"
    fileprivate static let bedrockWindowExceeded = "model_context_window_exceeded"

    /// Whether `word` has a finer meaning than the form keeps.
    static func isFinerInBedrock(_ word: String) -> Bool {
        word == bedrockGuardrail || word == bedrockWindowExceeded || word == "refusal" || word == "pause_turn"
    }

    /// In Bedrock's word. Its clients know these and no others, so that another provider's own word becomes the plainest.
    var bedrock: String {
        switch self {
        case .stop, .pause: "end_turn"
        case .stopSequence: "stop_sequence"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        case .contentFilter, .refusal: "content_filtered"
        case .other(let word): word == "malformed_model_output" || word == "malformed_tool_use" ? word : "end_turn"
        }
    }
}

/// `serviceTier.type`.
enum BedrockServiceTier {
    /// - Source: `ServiceTierType` of the service model.
    private static let known: Set<String> = ["priority", "default", "flex", "reserved"]

    /// In Bedrock's word; nil for a tier that it does not have.
    static func name(of tier: String) -> String? {
        if known.contains(tier) { return tier }
        return tier == "standard" || tier == "standard_only" ? "default" : nil
    }

    /// The provider is to choose, which is what it does where nothing is said.
    static func isUnspoken(_ tier: String) -> Bool { tier == "auto" }
}

extension CacheMark {
    /// - Parameter ttl: nil, or a length that Bedrock knows.
    init?(bedrock ttl: String?) {
        switch ttl {
        case nil: self.init()
        case "5m": self.init(seconds: 300)
        case "1h": self.init(seconds: 3_600)
        default: return nil
        }
    }
}

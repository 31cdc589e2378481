import Shared

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

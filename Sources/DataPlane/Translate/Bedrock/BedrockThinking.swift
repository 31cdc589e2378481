import Shared

/// How much a request lets the model think, in the words of the model's vendor.
///
/// - Shape: decided from the whole request, before anything is written. Claude is told what Anthropic would be told, in another place. A
///   model that cannot be told is not, and that is reported.
/// - Source: Bedrock's user guide, "Extended thinking"; Amazon Nova 2's user guide, "Using the Converse API"; OpenAI's `reasoning_effort`.
struct BedrockThinking {
    private enum Words {
        case none
        case claude(AnthropicThinking)
        /// As the caller said it to Bedrock itself, for a model that the ID does not name.
        case unchanged(Reasoning)
        /// nil: not at all.
        case nova(effort: String?)
        case openAI(effort: String)
    }

    private var words = Words.none

    /// In the words of OpenAI's callers.
    private static let field = "reasoning_effort"

    init(
        of conversation: Conversation, _ model: BedrockModel, for target: TargetTraits,
        in circumstances: AnthropicThinking.Circumstances, into rendered: inout RenderedRequest
    ) {
        guard let reasoning = conversation.reasoning else { return }
        switch (model, reasoning.amount) {
        case (.claude, _):
            words = .claude(AnthropicThinking(reasoning, for: target, in: circumstances, into: &rendered))
        case (_, _?) where !target.capabilities.reasoning: report(reasoning, into: &rendered)
        case (.nova(generation: 2...), let amount?): planNova(amount, conversation, into: &rendered)
        case (.openAI, let amount?): planOpenAI(amount, into: &rendered)
        case (_, _) where conversation.origin == .bedrock: words = .unchanged(reasoning)
        default: report(reasoning, into: &rendered)
        }
    }

    private func report(_ reasoning: Reasoning, into rendered: inout RenderedRequest) {
        if let amount = reasoning.amount, !amount.isOff { rendered.drop(Self.field) }
    }

    // MARK: Consequences

    /// Into `outputConfig`.
    var effort: String? {
        switch words {
        case .claude(let thinking): thinking.effort
        case .unchanged(let reasoning): reasoning.effortWord
        case .none, .nova, .openAI: nil
        }
    }

    /// The thoughts have a bound, and so the answer has to have one.
    var wantsBound: Bool {
        if case .claude(let thinking) = words, case .budget = thinking.mode { true } else { false }
    }

    /// Claude thinks, and draws its answer as it finds right.
    var isClaudeThinking: Bool { if case .claude(let thinking) = words { thinking.isOn } else { false } }

    /// With the highest effort Nova takes no word on how it draws.
    var isNovaAtItsHighest: Bool {
        if case .nova(effort: Self.novaHighest) = words { true } else { false }
    }

    private static let novaHighest = "high"

    // MARK: Others than Claude

    private mutating func planNova(
        _ amount: Reasoning.Amount, _ conversation: Conversation, into rendered: inout RenderedRequest
    ) {
        guard !amount.isOff else { return words = .nova(effort: nil) }
        var effort = Self.threeSteps(amount, into: &rendered)
        // The highest effort takes no bound of the answer; but a bound is a promise.
        if effort == Self.novaHighest, conversation.outputTokensMax != nil {
            effort = "medium"
            rendered.adjust(Self.field)
        }
        words = .nova(effort: effort)
    }

    private mutating func planOpenAI(_ amount: Reasoning.Amount, into rendered: inout RenderedRequest) {
        // They always think; the least is low.
        if amount.isOff { rendered.adjust(Self.field) }
        words = .openAI(effort: Self.threeSteps(amount, into: &rendered))
    }

    private static func threeSteps(_ amount: Reasoning.Amount, into rendered: inout RenderedRequest) -> String {
        switch amount {
        case .off, .effort(.none), .effort(.minimal), .effort(.low): return "low"
        case .automatic, .effort(.medium): return "medium"
        case .effort(.high), .effort(.xhigh), .effort(.max): return "high"
        case .tokens(let count):
            rendered.adjust("thinking")
            return count < 4_096 ? "low" : count < 12_288 ? "medium" : "high"
        }
    }

    // MARK: Writing

    /// Members of `additionalModelRequestFields`.
    func write(to writer: inout JSONWriter) {
        switch words {
        case .none: break
        case .claude(let thinking): thinking.write(to: &writer)
        case .unchanged(let reasoning): reasoning.writeUnchanged(to: &writer)
        case .nova(let effort):
            writer.name("reasoningConfig")
            writer.object { writer in
                writer.member("type", effort == nil ? "disabled" : "enabled")
                if let effort { writer.member("maxReasoningEffort", effort) }
            }
        case .openAI(let effort): writer.member("reasoning_effort", effort)
        }
    }
}

extension Reasoning.Amount {
    fileprivate var isOff: Bool { self == .off || self == .effort(.none) || self == .tokens(0) }
}

/// What a caller of Bedrock's said, said again.
extension Reasoning {
    fileprivate var effortWord: String? {
        if case .effort(let effort) = amount { effort.rawValue } else { extras["effort"]?.string }
    }

    fileprivate func writeUnchanged(to writer: inout JSONWriter) {
        guard let amount, !extras.has(.effortAlone, of: .anthropic) else { return }
        writer.name("thinking")
        writer.object { writer in
            switch amount {
            case .off: writer.member("type", "disabled")
            case .automatic, .effort: writer.member("type", "adaptive")
            case .tokens(let count):
                writer.member("type", "enabled")
                writer.member("budget_tokens", count)
            }
            if let includesThoughts { writer.member("display", includesThoughts ? "summarized" : "omitted") }
            BedrockBlockWriter.add(extras.members(for: .anthropic).filter { $0.name != "effort" }, to: &writer)
        }
    }
}

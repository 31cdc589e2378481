import Shared

/// How much a request lets the model think, in Anthropic's words.
///
/// - Shape: newer models take an effort and find the budget themselves, older ones want a budget. It counts against `max_tokens`, which is
///   what the request may cost, and so the budget is lowered to what fits rather than the bound raised. Where Anthropic refuses to think (a
///   tool that has to be called, an answer that was begun, an unsigned call), what the answer has to be goes before how it comes about:
///   thinking is dropped, and reported.
struct AnthropicThinking {
    enum Mode: Equatable {
        case unspoken, disabled, adaptive
        case budget(UInt64)
    }

    private(set) var mode = Mode.unspoken
    private(set) var effort: String?
    private let reasoning: Reasoning?

    /// What the request says besides.
    struct Circumstances {
        var outputTokensMax: UInt64
        /// A tool has to be called.
        var forcesTool: Bool
        /// The last turn is the assistant's, and the answer is to go on from there.
        var isBegun: Bool
        /// The turn that called tools last does not begin with its thought.
        var lacksThought: Bool
    }

    static let budgetMin: UInt64 = 1_024

    /// The model is asked to think: what goes with that and what does not is another matter.
    var isOn: Bool { mode == .adaptive || budget != nil }
    private var budget: UInt64? { if case .budget(let tokens) = mode { tokens } else { nil } }

    init(
        _ reasoning: Reasoning?, for target: TargetTraits, in circumstances: Circumstances,
        into rendered: inout RenderedRequest
    ) {
        self.reasoning = reasoning
        guard let reasoning else { return }
        let generation = AnthropicGeneration(model: target.model)
        for name in reasoning.extras.lost(to: .anthropic) { rendered.drop(name) }
        var amount = reasoning.amount
        if amount == .effort(.none) || amount == .tokens(0) { amount = .off }
        switch amount {
        case nil: break
        case .off: turnOff(generation, target.capabilities, into: &rendered)
        case let amount?:
            guard target.capabilities.reasoning else {
                rendered.drop(amount.field)
                return
            }
            think(amount, generation, circumstances, into: &rendered)
        }
        keepEffort(generation, target.capabilities, into: &rendered)
    }

    // MARK: Deciding

    private mutating func turnOff(
        _ generation: AnthropicGeneration, _ capabilities: Capabilities, into rendered: inout RenderedRequest
    ) {
        guard capabilities.reasoning, generation.takesThinking else { return }
        if generation.takesDisabled {
            mode = .disabled
        } else {
            rendered.drop(Reasoning.Amount.off.field)
        }
    }

    private mutating func think(
        _ amount: Reasoning.Amount, _ generation: AnthropicGeneration, _ circumstances: Circumstances,
        into rendered: inout RenderedRequest
    ) {
        let wantsBudget: Bool
        if case .tokens = amount {
            wantsBudget = generation.takesBudget
        } else {
            wantsBudget = !generation.takesAdaptive
        }
        let isRefused =
            circumstances.forcesTool || circumstances.isBegun || wantsBudget && circumstances.lacksThought
            || wantsBudget && !generation.takesBudget
        let isEffortAlone = reasoning?.extras.has(.effortAlone, of: .anthropic) == true
        if generation.takesEffort, !wantsBudget || isRefused || isEffortAlone {
            setEffort(amount, generation, into: &rendered)
        }
        if isEffortAlone {
            // It works without thinking too, and that is all that was asked for.
            if effort == nil { rendered.drop("output_config.effort") }
        } else if isRefused {
            if effort == nil { rendered.drop(amount.field) }
        } else if !wantsBudget {
            mode = .adaptive
        } else if let budget = Self.budget(amount, below: circumstances.outputTokensMax) {
            mode = .budget(budget.tokens)
            if !budget.isExact { rendered.adjust(amount.field) }
        } else {
            rendered.drop(amount.field)
        }
    }

    private mutating func setEffort(
        _ amount: Reasoning.Amount, _ generation: AnthropicGeneration, into rendered: inout RenderedRequest
    ) {
        let wanted: Reasoning.Effort
        switch amount {
        case .effort(let effort): wanted = effort
        case .tokens(let tokens):
            wanted = Self.effort(for: tokens)
            rendered.adjust(amount.field)
        case .automatic, .off: return
        }
        let known = generation.effort(wanted)
        effort = known.word
        // The least that there is stands for what is less; that is no other value, only a coarser scale.
        if !known.isExact, wanted != .minimal { rendered.adjust(amount.field) }
    }

    /// The effort that Anthropic's own caller asked for beside an amount.
    private mutating func keepEffort(
        _ generation: AnthropicGeneration, _ capabilities: Capabilities, into rendered: inout RenderedRequest
    ) {
        guard effort == nil, reasoning?.extras.dialect == .anthropic,
            let word = reasoning?.extras["effort"]?.string
        else { return }
        if generation.takesEffort, capabilities.reasoning {
            effort = word
        } else {
            rendered.drop("output_config.effort")
        }
    }

    // MARK: Amounts

    /// How many tokens an effort stands for, where a model wants a number.
    private static func tokens(for effort: Reasoning.Effort) -> UInt64 {
        switch effort {
        case .none, .minimal: budgetMin
        case .low: 2_048
        case .medium: 8_192
        case .high: 16_384
        case .xhigh: 24_576
        case .max: 32_768
        }
    }

    /// The same from the other end.
    private static func effort(for tokens: UInt64) -> Reasoning.Effort {
        switch tokens {
        case ..<4_096: .low
        case ..<12_288: .medium
        default: .high
        }
    }

    /// Below the bound of the answer; nil where nothing that Anthropic takes fits.
    ///
    /// - Returns: `isExact` is false where a number that was asked for became another one.
    private static func budget(
        _ amount: Reasoning.Amount, below bound: UInt64
    ) -> (tokens: UInt64, isExact: Bool)? {
        guard bound > budgetMin else { return nil }
        // An answer has to fit behind the thought.
        let most = max(budgetMin, bound - bound / 4)
        switch amount {
        case .tokens(let tokens):
            let fitting = tokens < bound ? max(budgetMin, tokens) : most
            return (fitting, fitting == tokens)
        case .effort(let effort): return (min(Self.tokens(for: effort), most), true)
        // What a model finds right by itself is what it does at a high effort.
        case .automatic, .off: return (min(Self.tokens(for: .high), most), true)
        }
    }

    // MARK: Writing

    func write(to writer: inout JSONWriter) {
        guard mode != .unspoken else { return }
        writer.name("thinking")
        writer.object { writer in
            switch mode {
            case .unspoken: break
            case .disabled: writer.member("type", "disabled")
            case .adaptive: writer.member("type", "adaptive")
            case .budget(let tokens):
                writer.member("type", "enabled")
                writer.member("budget_tokens", tokens)
            }
            if mode != .disabled, let shows = reasoning?.includesThoughts {
                writer.member("display", shows ? "summarized" : "omitted")
            }
            let extras = reasoning?.extras.members(for: .anthropic) ?? []
            AnthropicBlockWriter.write(extras.filter { $0.name != "effort" }, to: &writer)
        }
    }
}

extension Reasoning.Amount {
    /// As the caller calls it: an effort has OpenAI's name, everything else Anthropic's.
    fileprivate var field: String {
        if case .effort = self { "reasoning_effort" } else { "thinking" }
    }
}

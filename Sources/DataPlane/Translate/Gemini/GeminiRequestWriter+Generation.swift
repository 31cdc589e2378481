import Shared

/// Writes `generationConfig`.
extension GeminiRequestWriter {
    /// - Source: Google, `GenerationConfig.stopSequences`.
    private static let stopCountMax = 5

    mutating func writeGenerationConfig(isFormatTool: Bool) {
        var config = JSONObject()
        if let max = conversation.outputTokensMax { config["maxOutputTokens"] = .number(JSONNumber(max)) }
        addStops(to: &config)
        addSampling(to: &config)
        if !isFormatTool, !rendered.dropped.contains("response_format") { addFormat(to: &config) }
        addThinking(to: &config)
        for member in members(under: GeminiPaths.generation) { config[member.name] = member.value }
        guard !config.members.isEmpty else { return }
        writer.name("generationConfig")
        JSONValue.object(config).write(to: &writer)
    }

    private mutating func addStops(to config: inout JSONObject) {
        let stops = conversation.stops.filter { !$0.isEmpty }
        if stops.count > Self.stopCountMax { rendered.drop("stop") }
        guard !stops.isEmpty else { return }
        config["stopSequences"] = .array(stops.prefix(Self.stopCountMax).map { .string($0) })
    }

    private mutating func addSampling(to config: inout JSONObject) {
        let sampling = conversation.sampling
        add("temperature", sampling.temperature, "temperature", saysNothingAt: 1, to: &config)
        add("topP", sampling.topP, "top_p", saysNothingAt: 1, to: &config)
        add("topK", sampling.topK, "top_k", saysNothingAt: nil, to: &config)
        add("frequencyPenalty", sampling.frequencyPenalty, "frequency_penalty", saysNothingAt: 0, to: &config)
        add("presencePenalty", sampling.presencePenalty, "presence_penalty", saysNothingAt: 0, to: &config)
        if let seed = sampling.seed { addSeed(seed, to: &config) }
        if let choices = sampling.choices, choices != 1 { config["candidateCount"] = .number(JSONNumber(choices)) }
        if let logprobs = sampling.logprobs { config["responseLogprobs"] = .boolean(logprobs) }
        if let count = sampling.topLogprobs { config["logprobs"] = .number(JSONNumber(count)) }
        if sampling.logitBias?.members.isEmpty == false { rendered.drop("logit_bias") }
    }

    /// Models that think may draw their answers as they see fit.
    private mutating func add(
        _ name: String, _ number: JSONNumber?, _ field: String, saysNothingAt usual: Double?,
        to config: inout JSONObject
    ) {
        guard let number else { return }
        if target.capabilities.sampling {
            config[name] = .number(number)
        } else if usual == nil || number.double != usual {
            rendered.drop(field)
        }
    }

    /// Of 32 bits here. The lower ones of a longer seed are as good a seed: the same each time.
    private mutating func addSeed(_ seed: JSONNumber, to config: inout JSONObject) {
        if let fitting = seed.integer(as: Int32.self) {
            config["seed"] = .number(JSONNumber(fitting))
        } else if let long = seed.int64 {
            config["seed"] = .number(JSONNumber(Int32(truncatingIfNeeded: long)))
            rendered.adjust("seed")
        } else {
            rendered.drop("seed")
        }
    }

    private mutating func addFormat(to config: inout JSONObject) {
        switch conversation.format {
        case nil: break
        case .text?: config["responseMimeType"] = .string("text/plain")
        case .json?: config["responseMimeType"] = .string("application/json")
        case .schema(let output)?:
            config["responseMimeType"] = .string("application/json")
            guard let schema = output.schema else { break }
            var json = GeminiSchemaWriter.jsonSchema(from: schema)
            if let summary = output.summary, var object = json.object, object["description"] == nil {
                object["description"] = .string(summary)
                json = .object(object)
            }
            config["responseJsonSchema"] = json
        }
    }

    // MARK: Thinking

    private mutating func addThinking(to config: inout JSONObject) {
        guard let reasoning = conversation.reasoning else { return }
        drop(reasoning.extras, under: "")
        var thinking = JSONObject()
        if family.thinking == .none || !target.capabilities.reasoning {
            if let amount = reasoning.amount, amount.asksForThoughts { rendered.drop(amount.field) }
        } else {
            if let amount = reasoning.amount { add(amount, to: &thinking) }
            if let includes = reasoning.includesThoughts { thinking["includeThoughts"] = .boolean(includes) }
        }
        for member in reasoning.extras.members(for: .gemini) { thinking[member.name] = member.value }
        if !thinking.members.isEmpty { config["thinkingConfig"] = .object(thinking) }
    }

    private mutating func add(_ amount: Reasoning.Amount, to thinking: inout JSONObject) {
        switch family.thinking {
        case .none: break
        case .budget(let range, let mayStop):
            let budget = Self.budget(amount, range, mayStop: mayStop)
            if !budget.isExact { rendered.adjust(amount.field) }
            thinking["thinkingBudget"] = .number(JSONNumber(budget.tokens))
        case .levels(let levels):
            // A budget is taken for the sake of Gemini's old callers, and may be no good to the model; others get the level that it stands for.
            if isOurs, case .tokens(let tokens) = amount {
                thinking["thinkingBudget"] = .number(JSONNumber(tokens))
                return
            }
            guard let wanted = Self.effort(amount) else { return }
            let level = levels.first { $0.rank >= wanted.rank } ?? levels.last ?? .high
            if amount != .effort(level) { rendered.adjust(amount.field) }
            thinking["thinkingLevel"] = .string(level.rawValue.uppercased())
        }
    }

    /// - Source: Google, "OpenAI compatibility", for what an effort is in tokens; beyond `high` there is only all of it.
    private static func budget(
        _ amount: Reasoning.Amount, _ range: ClosedRange<UInt64>, mayStop: Bool
    ) -> (tokens: Int64, isExact: Bool) {
        let wanted: UInt64
        switch amount {
        case .automatic: return (-1, true)
        case .off, .effort(.none), .tokens(0): return mayStop ? (0, true) : (Int64(range.lowerBound), false)
        case .tokens(let tokens): wanted = tokens
        case .effort(.minimal), .effort(.low): wanted = 1_024
        case .effort(.medium): wanted = 8_192
        case .effort(.high): wanted = 24_576
        case .effort(.xhigh), .effort(.max): wanted = range.upperBound
        }
        let tokens = min(max(wanted, range.lowerBound), range.upperBound)
        return (Int64(tokens), tokens == wanted)
    }

    /// The same numbers the other way round. nil: as the model finds right, which is what it does without a level.
    private static func effort(_ amount: Reasoning.Amount) -> Reasoning.Effort? {
        switch amount {
        case .automatic: nil
        case .off: Reasoning.Effort.none
        case .effort(let effort): effort
        case .tokens(0): Reasoning.Effort.none
        case .tokens(...1_024): .low
        case .tokens(...8_192): .medium
        case .tokens: .high
        }
    }
}

extension Reasoning.Amount {
    /// The field in which callers say it.
    fileprivate var field: String {
        switch self {
        case .tokens, .off, .automatic: "thinking"
        case .effort: "reasoning_effort"
        }
    }
}

extension Reasoning.Effort {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

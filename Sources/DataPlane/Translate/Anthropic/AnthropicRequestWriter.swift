import Shared

/// Writes a request for a target that speaks Anthropic's dialect.
///
/// - Shape: everything is decided before the first byte is written, because the decisions hang together: the turns, the tools and the bound
///   of the answer say whether the model may think, and that says how it may be sampled.
/// - Errors: `inexpressible`, for a conversation that says nothing, or wants an answer that cannot be had.
struct AnthropicRequestWriter {
    private let conversation: Conversation
    private let target: TargetTraits
    private let generation: AnthropicGeneration
    private var rendered = RenderedRequest()

    /// - Source: Anthropic, "Tool use": `^[a-zA-Z0-9_-]{1,128}$`.
    private static let toolNameCountMax = 128

    init(_ conversation: Conversation, _ target: TargetTraits) {
        self.conversation = conversation
        self.target = target
        generation = AnthropicGeneration(model: target.model)
    }

    mutating func request() throws(TranslationError) -> RenderedRequest {
        var names = ToolNames(countMax: Self.toolNameCountMax, of: allToolNames)
        let tools = try AnthropicTools(conversation, target.capabilities, names: &names, into: &rendered)
        var turns = try AlternatingTurns(
            conversation, AnthropicParts(target.capabilities, names: names), into: &rendered)
        if !target.capabilities.systemMessages { turns.sayInstructionsAsUser() }
        if !generation.takesBegunAnswer, conversation.origin != .anthropic { turns.dropBegunAnswer(into: &rendered) }
        rendered.reading.toolNames = turns.filter.names.changed
        let bound = conversation.outputTokensMax ?? target.outputTokensDefault
        let thinking = AnthropicThinking(
            conversation.reasoning, for: target,
            in: .init(
                outputTokensMax: bound, forcesTool: tools.forcesCall, isBegun: turns.endsWithBegunAnswer,
                lacksThought: turns.lacksThoughtOfLastCalls),
            into: &rendered)

        var writer = JSONWriter()
        writer.beginObject()
        writer.member("model", target.model)
        writer.member("max_tokens", bound)
        write(turns, to: &writer)
        tools.write(to: &writer, into: &rendered)
        thinking.write(to: &writer)
        writeOutput(effort: thinking.effort, format: tools.format, to: &writer)
        writeStops(to: &writer)
        writeSampling(whileThinking: thinking.isOn, to: &writer)
        reportUnsayable()
        writeLabels(to: &writer)
        if conversation.isStream { writer.member("stream", true) }
        writeExtras(to: &writer)
        writer.endObject()
        rendered.body = writer.bytes
        return rendered
    }

    /// Of the tools, and of the calls of tools that are there no more.
    private var allToolNames: [String] {
        var names = conversation.tools.map(\.name)
        for turn in conversation.turns where turn.role == .assistant {
            for part in turn.parts { if case .toolCall(let call) = part.content { names.append(call.name) } }
        }
        return names
    }

    // MARK: Turns

    private func write(_ turns: AlternatingTurns<AnthropicParts>, to writer: inout JSONWriter) {
        if !turns.system.isEmpty {
            writer.name("system")
            AnthropicBlockWriter.write(content: turns.system, as: turns.systemForm, to: &writer)
        }
        writer.name("messages")
        writer.array { writer in
            for message in turns.messages {
                writer.object { writer in
                    writer.member("role", message.role.rawValue)
                    writer.name("content")
                    AnthropicBlockWriter.write(content: message.parts, as: message.form, to: &writer)
                    AnthropicBlockWriter.write(message.extras, to: &writer)
                }
            }
        }
    }

    // MARK: The answer

    private func writeOutput(effort: String?, format: JSONValue?, to writer: inout JSONWriter) {
        let rest = extra("output_config")?.object?.members ?? []
        guard effort != nil || format != nil || !rest.isEmpty else { return }
        writer.name("output_config")
        writer.object { writer in
            if let effort { writer.member("effort", effort) }
            if let format {
                writer.name("format")
                writer.object { writer in
                    writer.member("type", "json_schema")
                    writer.name("schema")
                    format.write(to: &writer)
                }
            }
            AnthropicBlockWriter.write(rest, to: &writer)
        }
    }

    /// Stops of nothing but white space are refused. An empty one stops nothing.
    private mutating func writeStops(to writer: inout JSONWriter) {
        let stops = conversation.stops.filter { !$0.isBlank }
        if conversation.stops.contains(where: { $0.isBlank && !$0.isEmpty }) { rendered.drop("stop") }
        guard !stops.isEmpty else { return }
        writer.name("stop_sequences")
        writer.array { writer in
            for stop in stops { writer.string(stop) }
        }
    }

    // MARK: Sampling

    /// Values that are what Anthropic does anyway say nothing, and are left out where they might be refused.
    private mutating func writeSampling(whileThinking thinks: Bool, to writer: inout JSONWriter) {
        let sampling = conversation.sampling
        let takesAny = target.capabilities.sampling && generation.takesSampling
        var temperature = sampling.temperature
        if let value = temperature?.double, value > 1 {
            temperature = JSONNumber(1)
            rendered.adjust("temperature")
        }
        if !takesAny || thinks, let value = temperature?.double, value != 1 {
            rendered.drop("temperature")
            temperature = nil
        }
        var topP = sampling.topP
        if let value = topP?.double, value != 1, !takesAny || thinks && value < Self.topPWhileThinkingMin {
            rendered.drop("top_p")
            topP = nil
        }
        if temperature != nil, topP != nil, !generation.takesTemperatureBesideTopP {
            if topP?.double == 1 {
                topP = nil
            } else if temperature?.double == 1 {
                temperature = nil
            } else {
                rendered.drop("top_p")
                topP = nil
            }
        }
        if takesAny {
            write(temperature, as: "temperature", to: &writer)
            write(topP, as: "top_p", to: &writer)
        }
        if takesAny, !thinks {
            write(sampling.topK, as: "top_k", to: &writer)
        } else if sampling.topK != nil {
            rendered.drop("top_k")
        }
    }

    /// - Source: Anthropic, "Extended thinking", feature compatibility.
    private static let topPWhileThinkingMin = 0.95

    private func write(_ number: JSONNumber?, as name: StaticString, to writer: inout JSONWriter) {
        guard let number else { return }
        writer.name(name.description)
        writer.raw(number.text)
    }

    /// What has no counterpart here, in OpenAI's words. Zeros and ones that say what happens anyway are no loss.
    private mutating func reportUnsayable() {
        let sampling = conversation.sampling
        if let choices = sampling.choices, choices > 1 { rendered.drop("n") }
        if let penalty = sampling.frequencyPenalty, penalty.double != 0 { rendered.drop("frequency_penalty") }
        if let penalty = sampling.presencePenalty, penalty.double != 0 { rendered.drop("presence_penalty") }
        if sampling.seed != nil { rendered.drop("seed") }
        if sampling.logitBias?.members.isEmpty == false { rendered.drop("logit_bias") }
        if sampling.logprobs == true { rendered.drop("logprobs") }
        if let count = sampling.topLogprobs, count > 0 { rendered.drop("top_logprobs") }
        if conversation.metadata?.members.isEmpty == false { rendered.drop("metadata") }
        for name in conversation.extras.lost(to: .anthropic) { rendered.drop(name) }
    }

    // MARK: Labels and extras

    private mutating func writeLabels(to writer: inout JSONWriter) {
        let rest = extra("metadata")?.object?.members ?? []
        if conversation.endUser != nil || !rest.isEmpty {
            writer.name("metadata")
            writer.object { writer in
                if let user = conversation.endUser { writer.member("user_id", user) }
                AnthropicBlockWriter.write(rest, to: &writer)
            }
        }
        switch conversation.serviceTier {
        case nil: break
        case let tier? where tier == "auto" || tier == "standard_only": writer.member("service_tier", tier)
        // OpenAI's word for capacity that nothing was paid ahead for.
        case "default": writer.member("service_tier", "standard_only")
        default: rendered.drop("service_tier")
        }
    }

    /// Those that were not written as a part of something else.
    private func writeExtras(to writer: inout JSONWriter) {
        let members = conversation.extras.members(for: .anthropic).filter {
            $0.name != "output_config" && $0.name != "metadata" || $0.value.object == nil
        }
        AnthropicBlockWriter.write(members, to: &writer)
    }

    private func extra(_ name: String) -> JSONValue? {
        conversation.extras.dialect == .anthropic ? conversation.extras[name] : nil
    }
}

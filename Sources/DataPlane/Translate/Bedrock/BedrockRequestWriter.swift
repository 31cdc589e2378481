import Shared

/// Writes a request for a target.
///
/// - Shape: everything is decided before the first byte is written, because the decisions hang together: the turns, the tools and the bound
///   of the answer say whether the model may think, and that says how it may be sampled. Tools, instructions and messages are written in
///   the order in which Bedrock reads them, as caches go by it.
/// - Errors: `inexpressible`, see `AlternatingTurns`, `BedrockToolPlan`, `BedrockMessageWriter`.
struct BedrockRequestWriter {
    private let conversation: Conversation
    private let target: TargetTraits
    private let model: BedrockModel
    private var rendered = RenderedRequest()
    private var writer = JSONWriter()

    /// - Source: `ToolName` of the service model.
    private static let toolNameCountMax = 64

    init(_ conversation: Conversation, _ target: TargetTraits) {
        self.conversation = conversation
        self.target = target
        model = BedrockModel(id: target.model)
    }

    mutating func request() throws(TranslationError) -> RenderedRequest {
        // A prompt that is stored at Bedrock has messages of its own.
        var turns = try AlternatingTurns(
            conversation, BedrockParts(model: model), mayBeEmpty: target.model.contains(":prompt/"), into: &rendered)
        turns.addTextsBesideDocuments()
        if !target.capabilities.systemMessages { turns.sayInstructionsAsUser() }
        if !model.takesBegunAnswer, conversation.origin != .bedrock { turns.dropBegunAnswer(into: &rendered) }
        let tools = try BedrockToolPlan(of: conversation, turns, for: target, into: &rendered)
        let thinking = BedrockThinking(
            of: conversation, model, for: target,
            in: .init(
                outputTokensMax: conversation.outputTokensMax ?? target.outputTokensDefault,
                forcesTool: tools.isForced, isBegun: turns.endsWithBegunAnswer,
                lacksThought: turns.lacksThoughtOfLastCalls),
            into: &rendered)
        let sampling = BedrockSampling(
            conversation.sampling, model, target.capabilities, thinking, into: &rendered)

        writer.beginObject()
        let content = try writeToolsAndTurns(tools, turns)
        writeInference(sampling, wantsBound: thinking.wantsBound)
        writeOutput(tools.schema, effort: thinking.effort)
        writeModelFields(thinking, sampling)
        writeLabels()
        writeRest()
        writer.endObject()
        reportUnsayable()

        rendered.body = writer.bytes
        rendered.reading.toolNames = content.names.changed
        rendered.reading.formatTool = tools.formatTool
        return rendered
    }

    // MARK: Tools and turns

    private mutating func writeToolsAndTurns(
        _ tools: BedrockToolPlan, _ turns: AlternatingTurns<BedrockParts>
    ) throws(TranslationError) -> BedrockMessageWriter {
        var names = ToolNames(countMax: Self.toolNameCountMax, of: tools.tools.map(\.name) + turns.calledTools)
        var cachePoints = BedrockCachePoints(model)
        let toolWriter = BedrockToolWriter(target.capabilities, isClaude: model.isClaude, conversation.origin)
        let rest = rest(of: "toolConfig")
        toolWriter.write(tools, rest, &names, &cachePoints, to: &writer, into: &rendered)

        var content = BedrockMessageWriter(names: names, cachePoints, target.capabilities)
        if !turns.system.isEmpty {
            writer.name("system")
            try content.write(turns.system, to: &writer, into: &rendered)
        }
        guard !turns.messages.isEmpty else { return content }
        writer.name("messages")
        writer.beginArray()
        for message in turns.messages {
            writer.beginObject()
            writer.member("role", message.role.rawValue)
            writer.name("content")
            try content.write(message.parts, to: &writer, into: &rendered)
            BedrockBlockWriter.add(message.extras.members(for: .bedrock), to: &writer)
            writer.endObject()
        }
        writer.endArray()
        return content
    }

    // MARK: The answer

    private mutating func writeInference(_ sampling: BedrockSampling, wantsBound: Bool) {
        var inference = JSONObject()
        if let bound = conversation.outputTokensMax ?? (wantsBound ? target.outputTokensDefault : nil) {
            if bound == 0 { rendered.adjust("max_tokens") }
            inference["maxTokens"] = .number(JSONNumber(max(1, bound)))
        }
        inference["temperature"] = sampling.temperature.map { .number($0) }
        inference["topP"] = sampling.topP.map { .number($0) }
        // A stop of nothing but white space is refused. An empty one stops nothing.
        let stops = conversation.stops.filter { !$0.isBlank }
        if conversation.stops.contains(where: { $0.isBlank && !$0.isEmpty }) { rendered.drop("stop") }
        if !stops.isEmpty { inference["stopSequences"] = .array(stops.map { .string($0) }) }
        write(inference, as: "inferenceConfig")
    }

    private mutating func writeOutput(_ schema: OutputSchema?, effort: String?) {
        var output = JSONObject()
        if let schema, let definition = schema.schema {
            var structure: JSONObject = ["schema": .string(text(of: definition))]
            structure["name"] = schema.name.map { .string($0) }
            structure["description"] = schema.summary.map { .string($0) }
            output["textFormat"] = .object([
                "type": .string("json_schema"), "structure": .object(["jsonSchema": .object(structure)]),
            ])
        }
        output["effort"] = effort.map { .string($0) }
        write(output, as: "outputConfig")
    }

    /// The schema, as a text. Claude knows fewer words of schemas than others.
    private mutating func text(of schema: JSONValue) -> String {
        var filter = AnthropicSchema()
        let kept = model.isClaude && conversation.origin != .bedrock ? filter.strict(schema) : schema
        if filter.isChanged { rendered.adjust("response_format.json_schema.schema") }
        return String(decoding: kept.bytes, as: UTF8.self)
    }

    // MARK: What only some models have

    private mutating func writeModelFields(_ thinking: BedrockThinking, _ sampling: BedrockSampling) {
        let rest = JSONObject(rest(of: "additionalModelRequestFields"))
        var fields = JSONObject()
        if let topK = sampling.topK { add(topK, rest, to: &fields) }
        let takesBetas = model.isClaude || conversation.origin == .bedrock
        let betas = takesBetas ? conversation.betas.filter(BedrockModel.betas.contains) : []
        if !betas.isEmpty {
            fields["anthropic_beta"] = .array(betas.map { .string($0) } + (rest["anthropic_beta"]?.array ?? []))
        }
        var inner = JSONWriter()
        inner.beginObject()
        thinking.write(to: &inner)
        BedrockBlockWriter.add(fields.members, to: &inner)
        BedrockBlockWriter.add(rest.members.filter { fields[$0.name] == nil }, to: &inner)
        inner.endObject()
        guard inner.bytes.count > 2 else { return }
        writer.name("additionalModelRequestFields")
        writer.raw(inner.bytes)
    }

    private mutating func add(_ topK: JSONNumber, _ rest: JSONObject, to fields: inout JSONObject) {
        switch model {
        case .claude: fields["top_k"] = .number(topK)
        case .nova:
            var inference = rest["inferenceConfig"]?.object ?? JSONObject()
            inference["topK"] = .number(topK)
            fields["inferenceConfig"] = .object(inference)
        // Who speaks to Bedrock itself knows which model it asks.
        case .openAI, .other, .unknown:
            if conversation.origin == .bedrock { fields["top_k"] = .number(topK) } else { rendered.drop("top_k") }
        }
    }

    // MARK: Besides

    private mutating func writeLabels() {
        var labels = JSONObject()
        for member in conversation.metadata?.members ?? [] where member.value != .null {
            if labels.members.count < BedrockLabels.countMax, BedrockLabels.takes(member) {
                labels[member.name] = member.value
            } else {
                rendered.drop("metadata.\(member.name)")
            }
        }
        write(labels, as: "requestMetadata")
        guard let tier = conversation.serviceTier, !BedrockServiceTier.isUnspoken(tier) else { return }
        guard let name = BedrockServiceTier.name(of: tier) else { return rendered.drop("service_tier") }
        write(["type": .string(name)], as: "serviceTier")
    }

    /// `object`, with what is left of the one that the caller sent.
    private mutating func write(_ object: JSONObject, as name: String) {
        let members = object.members + rest(of: name).filter { object[$0.name] == nil }
        guard !members.isEmpty else { return }
        writer.name(name)
        writer.object { BedrockBlockWriter.add(members, to: &$0) }
    }

    /// What is left of an object whose other members were understood.
    private func rest(of name: String) -> [JSONObject.Member] {
        conversation.extras.member(name, of: .bedrock)?.object?.members ?? []
    }

    /// Written with what was understood.
    private static let mergedNames: Set<String> = [
        "toolConfig", "inferenceConfig", "outputConfig", "additionalModelRequestFields", "serviceTier",
    ]

    private mutating func writeRest() {
        let members = conversation.extras.members(for: .bedrock).filter { !Self.mergedNames.contains($0.name) }
        BedrockBlockWriter.add(members, to: &writer)
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
        if conversation.endUser != nil { rendered.drop("user") }
        for name in conversation.extras.lost(to: .bedrock) { rendered.drop(name) }
    }
}

import Shared

/// Writes requests for OpenAI and for those that are compatible, as far as `TargetTraits` say that they are.
///
/// - Shape: what came in this dialect goes out as it came. Of what came in another, all that OpenAI has nothing for is reported. Not
///   reported is what changes no answer: marks of caches, as servers of this dialect remember by themselves, and thoughts that only their own
///   provider can read.
struct OpenAIRequestWriter: OpenAIWriting {
    static let dialect = Dialect.openai
    let conversation: Conversation
    let target: TargetTraits
    var writer = JSONWriter()
    var rendered = RenderedRequest()
    /// Names of tools as OpenAI takes them.
    var toolNames: ToolNames
    var callIDs: OpenAICallIdentities
    var messageCount = 0
    /// Images and documents of results, which are text only: the next message of the user shows them.
    var shown: [Part] = []

    /// OpenAI takes so many.
    private static let stopsMax = 4

    init(_ conversation: Conversation, for target: TargetTraits) {
        self.conversation = conversation
        self.target = target
        toolNames = ToolNames(countMax: 64, of: conversation.tools.map(\.name))
        callIDs = OpenAICallIdentities(isShort: target.quirks.shortToolCallIDs)
    }

    mutating func request() throws(TranslationError) -> RenderedRequest {
        writer.beginObject()
        writer.member("model", target.model)
        writeMessages()
        guard messageCount > 0 else {
            throw .inexpressible(field: "messages", reason: "nothing is left of them that the target could be told")
        }
        writeTools()
        writeBounds()
        writeSampling()
        writeFormat()
        writeReasoning()
        writeLabels()
        writeStream()
        writeExtras()
        writer.endObject()
        rendered.body = writer.bytes
        rendered.reading.toolNames = toolNames.changed
        return rendered
    }

    // MARK: The answer

    private mutating func writeBounds() {
        if let bound = conversation.outputTokensMax { writer.member(target.quirks.outputBound.rawValue, bound) }
        guard !conversation.stops.isEmpty else { return }
        if conversation.stops.count > Self.stopsMax { rendered.drop("stop") }
        writer.name("stop")
        writer.beginArray()
        for stop in conversation.stops.prefix(Self.stopsMax) { writer.string(stop) }
        writer.endArray()
    }

    private mutating func writeSampling() {
        let sampling = conversation.sampling
        write("temperature", sampling.temperature, saysNothingAt: 1)
        write("top_p", sampling.topP, saysNothingAt: 1)
        write("frequency_penalty", sampling.frequencyPenalty, saysNothingAt: 0)
        write("presence_penalty", sampling.presencePenalty, saysNothingAt: 0)
        if let seed = sampling.seed { writer.member("seed", seed) }
        if let choices = sampling.choices { writer.member("n", choices) }
        // OpenAI has no `top_k`; servers that do are asked by callers who know them.
        if let topK = sampling.topK {
            if isOurs, target.capabilities.sampling { writer.member("top_k", topK) } else { rendered.drop("top_k") }
        }
        guard target.capabilities.sampling else {
            if sampling.logitBias?.members.isEmpty == false { rendered.drop("logit_bias") }
            if sampling.logprobs == true { rendered.drop("logprobs") }
            if sampling.topLogprobs ?? 0 > 0 { rendered.drop("top_logprobs") }
            return
        }
        if let bias = sampling.logitBias { writer.member("logit_bias", JSONValue.object(bias)) }
        if let logprobs = sampling.logprobs { writer.member("logprobs", logprobs) }
        if let count = sampling.topLogprobs { writer.member("top_logprobs", count) }
    }

    private mutating func writeFormat() {
        let kept = "response_format"
        guard let format = conversation.format else {
            // One of a kind that only the caller's kind of server knows.
            if isOurs, let value = conversation.extras[kept] { writer.member(kept, value) }
            return
        }
        if case .schema = format, !target.capabilities.jsonSchema {
            if !target.capabilities.tools { rendered.drop(kept) }
            return
        }
        let rest = conversation.extras.rest(of: kept)
        writer.name(kept)
        writer.beginObject()
        switch format {
        case .text: writer.member("type", "text")
        case .json: writer.member("type", "json_object")
        case .schema(let schema):
            writer.member("type", "json_schema")
            writer.name("json_schema")
            write(schema, rest.first { $0.name == "json_schema" }?.value.object?.members ?? [])
        }
        writer.members(rest, but: ["json_schema"])
        writer.endObject()
    }

    private mutating func write(_ schema: OutputSchema, _ rest: [JSONObject.Member]) {
        writer.beginObject()
        writer.members(of: schema)
        writer.members(rest)
        writer.endObject()
    }

    private mutating func writeReasoning() {
        guard let reasoning = conversation.reasoning else { return }
        for name in reasoning.extras.lost(to: .openai) { rendered.drop("reasoning_effort.\(name)") }
        guard let effort = reasoning.openAIEffort else { return }
        if target.capabilities.reasoning {
            writer.member("reasoning_effort", effort.rawValue)
        } else if effort != .none {
            rendered.drop("reasoning_effort")
        }
    }

    // MARK: The rest

    private mutating func writeLabels() {
        if let user = conversation.endUser { writer.member("user", isOurs ? user : rendered.openAIUser(user)) }
        if let metadata = conversation.metadata {
            // OpenAI keeps labels with answers that it stores, and refuses them beside others.
            if isOurs {
                writer.member("metadata", JSONValue.object(metadata))
            } else if !metadata.members.isEmpty {
                rendered.drop("metadata")
            }
        }
        if let tier = conversation.serviceTier { writer.member("service_tier", OpenAITier.wanted(tier)) }
    }

    /// A stream ends with its usage whoever asked for it: what is billed has to be counted.
    private mutating func writeStream() {
        let rest = conversation.extras.rest(of: "stream_options")
        guard conversation.isStream else { return }
        writer.member("stream", true)
        guard target.quirks.streamOptions else {
            if !rest.isEmpty { rendered.drop("stream_options") }
            return
        }
        writer.name("stream_options")
        writer.beginObject()
        writer.member("include_usage", true)
        writer.members(rest)
        writer.endObject()
    }

    private mutating func writeExtras() {
        for name in conversation.extras.lost(to: .openai) { rendered.drop(name) }
        writer.members(of: conversation.extras, but: ["stream_options", "response_format"])
    }
}

extension Reasoning {
    /// How much thought is asked for, in OpenAI's words; nil: as much as the model finds right, which is what it does when it is not told.
    var openAIEffort: Effort? {
        switch amount {
        case nil, .automatic: nil
        case .off: Effort.none
        case .effort(let given): given
        // OpenAI counts no tokens here. The steps are those by which Anthropic's clients ask for little, more, and much thought.
        case .tokens(0): Effort.none
        case .tokens(..<4_096): .low
        case .tokens(..<16_384): .medium
        case .tokens: .high
        }
    }
}

extension JSONWriter {
    mutating func members(of schema: OutputSchema) {
        member("name", schema.name ?? "answer")
        if let summary = schema.summary { member("description", summary) }
        if let tree = schema.schema { member("schema", tree) }
        if let isStrict = schema.isStrict { member("strict", isStrict) }
    }
}

extension RenderedRequest {
    /// OpenAI takes so long a name; longer ones are a `string_above_max_length`.
    private static let userBytesMax = 64

    /// Coding agents tell Anthropic of a person in a JSON text of 150 characters. Whoever has one name there has one here too.
    mutating func openAIUser(_ name: String) -> String {
        guard name.utf8.count > Self.userBytesMax else { return name }
        adjust("user")
        return SHA256.digest(Array(name.utf8)).hex
    }
}

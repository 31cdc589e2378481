import Shared

/// Writes requests for OpenAI and others who serve responses.
///
/// - Shape: what came in this dialect goes out as it came. A request that came in another is not kept, as nobody could ask for it again, and
///   its thoughts are asked for in the form in which they can be given back. What this dialect has nothing for is reported, in the words of
///   OpenAI's chats.
struct ResponsesRequestWriter: OpenAIWriting {
    static let dialect = Dialect.responses
    let conversation: Conversation
    let target: TargetTraits
    var writer = JSONWriter()
    var rendered = RenderedRequest()
    /// Names of tools as OpenAI takes them.
    var toolNames: ToolNames
    var callIDs: OpenAICallIdentities
    var itemCount = 0

    /// OpenAI takes identities of calls of so many characters here.
    private static let callIDCountMax = 64

    init(_ conversation: Conversation, for target: TargetTraits) {
        self.conversation = conversation
        self.target = target
        toolNames = ToolNames(countMax: 64, of: conversation.tools.map(\.name))
        callIDs = OpenAICallIdentities(isShort: target.quirks.shortToolCallIDs, countMax: Self.callIDCountMax)
    }

    mutating func request() throws(TranslationError) -> RenderedRequest {
        writer.beginObject()
        writer.member("model", target.model)
        writeInput()
        guard itemCount > 0 || conversation.tie != nil else {
            throw .inexpressible(field: "input", reason: "nothing is left of it that the target could be told")
        }
        writeTools()
        // OpenAI refuses fewer than 16, and others take them. More than was asked for is not held for.
        if let bound = conversation.outputTokensMax { writer.member("max_output_tokens", bound) }
        writeSampling()
        reportUnsayable()
        writeText()
        writeReasoning()
        writeKeeping()
        writeLabels()
        if conversation.isStream { writer.member("stream", true) }
        writeExtras()
        writer.endObject()
        rendered.body = writer.bytes
        rendered.reading.toolNames = toolNames.changed
        return rendered
    }

    // MARK: The answer

    private mutating func writeSampling() {
        let sampling = conversation.sampling
        write("temperature", sampling.temperature, saysNothingAt: 1)
        write("top_p", sampling.topP, saysNothingAt: 1)
        guard target.capabilities.sampling else {
            if sampling.logprobs == true { rendered.drop("logprobs") }
            if sampling.topLogprobs ?? 0 > 0 { rendered.drop("top_logprobs") }
            return
        }
        if let count = sampling.topLogprobs { writer.member("top_logprobs", count) }
    }

    /// Zeros and ones that say what happens anyway are no loss.
    private mutating func reportUnsayable() {
        let sampling = conversation.sampling
        if let choices = sampling.choices, choices > 1 { rendered.drop("n") }
        if !conversation.stops.isEmpty { rendered.drop("stop") }
        if let penalty = sampling.frequencyPenalty, penalty.double != 0 { rendered.drop("frequency_penalty") }
        if let penalty = sampling.presencePenalty, penalty.double != 0 { rendered.drop("presence_penalty") }
        if sampling.seed != nil { rendered.drop("seed") }
        if sampling.topK != nil { rendered.drop("top_k") }
        if sampling.logitBias?.members.isEmpty == false { rendered.drop("logit_bias") }
    }

    private mutating func writeText() {
        let rest = conversation.extras.rest(of: "text", in: .responses)
        let verbosity = conversation.extras.members(for: .responses).first { $0.name == "verbosity" }
        var format = conversation.format
        if case .schema? = format, !target.capabilities.jsonSchema {
            rendered.drop("response_format")
            format = nil
        }
        guard format != nil || verbosity != nil || !rest.isEmpty else { return }
        writer.name("text")
        writer.beginObject()
        if let format {
            writer.name("format")
            write(format, rest.first { $0.name == "format" }?.value.object?.members ?? [])
        }
        if let verbosity { writer.member(verbosity.name, verbosity.value) }
        writer.members(rest, but: format == nil ? [] : ["format"])
        writer.endObject()
    }

    private mutating func write(_ format: OutputFormat, _ rest: [JSONObject.Member]) {
        writer.beginObject()
        switch format {
        case .text: writer.member("type", "text")
        case .json: writer.member("type", "json_object")
        case .schema(let schema):
            writer.member("type", "json_schema")
            writer.members(of: schema)
        }
        writer.members(rest)
        writer.endObject()
    }

    private mutating func writeReasoning() {
        guard let reasoning = conversation.reasoning else { return }
        for name in reasoning.extras.lost(to: .responses) { rendered.drop("reasoning.\(name)") }
        let effort = reasoning.openAIEffort
        guard target.capabilities.reasoning else {
            if let effort, effort != .none { rendered.drop("reasoning_effort") }
            return
        }
        let members = reasoning.extras.members(for: .responses)
        let asksForSummary = reasoning.includesThoughts == true && !members.contains { $0.name.hasSuffix("summary") }
        guard effort != nil || asksForSummary || !members.isEmpty else { return }
        writer.name("reasoning")
        writer.beginObject()
        if let effort { writer.member("effort", effort.rawValue) }
        if asksForSummary { writer.member("summary", "auto") }
        writer.members(members)
        writer.endObject()
    }

    // MARK: The rest

    /// What is kept, and what the answer shall have so that the next request can do without.
    private mutating func writeKeeping() {
        if isOurs { return }
        // Callers of OpenAI's chats may have it kept too.
        writer.member("store", conversation.extras["store"] == .boolean(true))
        var included: [JSONValue] = []
        if target.capabilities.reasoning, !Self.neverReasons(target.model) {
            included.append(.string(ResponsesLabels.includesThoughts))
        }
        if conversation.sampling.logprobs == true, target.capabilities.sampling {
            included.append(.string(ResponsesLabels.includesLogprobs))
        }
        if !included.isEmpty { writer.member("include", JSONValue.array(included)) }
    }

    /// OpenAI's models before those that think refuse to be asked for encrypted thoughts.
    private static func neverReasons(_ model: String) -> Bool {
        let name = model.split(separator: "/").last ?? ""
        return ["gpt-3", "gpt-4", "chatgpt-4"].contains { name.hasPrefix($0) }
    }

    private mutating func writeLabels() {
        if let user = conversation.endUser {
            if !isOurs {
                writer.member("user", rendered.openAIUser(user))
            } else if conversation.extras["safety_identifier"] != .string(user) {
                writer.member("user", user)
            }
        }
        if let metadata = conversation.metadata {
            // Labels are kept with answers, and this one is kept only where its caller speaks of it in OpenAI's words.
            if isOurs || conversation.origin == .openai {
                writer.member("metadata", JSONValue.object(metadata))
            } else if !metadata.members.isEmpty {
                rendered.drop("metadata")
            }
        }
        if let tier = conversation.serviceTier { writer.member("service_tier", OpenAITier.wanted(tier)) }
    }

    private mutating func writeExtras() {
        for name in conversation.extras.lost(to: .responses) where isOurs || name != "store" { rendered.drop(name) }
        writer.members(conversation.extras.members(for: .responses), but: ["text", "verbosity"])
    }
}

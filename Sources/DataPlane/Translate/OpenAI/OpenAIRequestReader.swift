import Shared

/// Reads callers' requests.
///
/// - Shape: fields that the form has no place for are extras, among them `store`, `prediction`, `modalities`, `audio`, `verbosity`,
///   `web_search_options`, `prompt_cache_key`, and whatever OpenAI-like servers have of their own. `functions` and `function_call`, which
///   tools replaced, are read as tools.
/// - Errors: `TranslationError.invalid`, naming the field.
/// - Source: OpenAI, "Create chat completion".
enum OpenAIRequestReader {
    static func conversation(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        var fields = try MemberReader(body, at: .body)
        var conversation = Conversation()
        var kept = Extras()
        conversation.origin = .openai
        // Azure has it in the path.
        guard let model = try fields.string("model") ?? call.model else { throw fields.path["model"].wants("a string") }
        conversation.model = model
        conversation.turns = try turns(&fields)
        try OpenAIToolReader.read(&fields, into: &conversation)
        try readStream(&fields, of: call, into: &conversation, &kept)
        try readBounds(&fields, into: &conversation)
        try readSampling(&fields, into: &conversation, &kept)
        try readFormat(&fields, into: &conversation, &kept)
        try readReasoning(&fields, into: &conversation, &kept)
        conversation.endUser = try fields.string("user")
        conversation.metadata = try fields.object("metadata")
        conversation.serviceTier = try fields.string("service_tier")
        conversation.extras = fields.leftovers(of: .openai)
        for member in kept.members { conversation.extras.add(member.name, member.value, of: .openai) }
        return conversation
    }

    private static func turns(_ fields: inout MemberReader) throws(TranslationError) -> [Turn] {
        guard let messages = try fields.array("messages"), !messages.isEmpty else {
            throw fields.path["messages"].wants("a list of at least one message")
        }
        return try OpenAIMessageReader.turns(from: messages, at: fields.path["messages"])
    }

    private static func readStream(
        _ fields: inout MemberReader, of call: InboundCall, into conversation: inout Conversation, _ kept: inout Extras
    ) throws(TranslationError) {
        conversation.isStream = try fields.boolean("stream") ?? call.isStream ?? false
        guard var options = try fields.members("stream_options") else { return }
        conversation.includesUsage = try options.boolean("include_usage")
        kept.addRest(options.leftovers(of: .openai), of: "stream_options")
    }

    /// The two names of the bound mean the same. Of two values the larger one counts, as it does where the worst case is reserved.
    private static func readBounds(
        _ fields: inout MemberReader, into conversation: inout Conversation
    ) throws(TranslationError) {
        let bounds = [try fields.unsigned("max_completion_tokens"), try fields.unsigned("max_tokens")]
        conversation.outputTokensMax = bounds.compactMap(\.self).max()
        switch fields.value("stop") {
        case nil: break
        case .string(let stop)?: conversation.stops = [stop]
        case .array(let stops)?:
            for (index, stop) in stops.enumerated() {
                guard let stop = stop.string else { throw fields.path["stop"][index].wants("a string") }
                conversation.stops.append(stop)
            }
        case _?: throw fields.path["stop"].wants("a string or a list of strings")
        }
    }

    private static func readSampling(
        _ fields: inout MemberReader, into conversation: inout Conversation, _ kept: inout Extras
    ) throws(TranslationError) {
        var sampling = Sampling()
        sampling.temperature = try fields.number("temperature")
        sampling.topP = try fields.number("top_p")
        sampling.frequencyPenalty = try fields.number("frequency_penalty")
        sampling.presencePenalty = try fields.number("presence_penalty")
        sampling.seed = try fields.number("seed")
        sampling.choices = try fields.unsigned("n")
        sampling.logitBias = try fields.object("logit_bias")
        sampling.logprobs = try fields.boolean("logprobs")
        sampling.topLogprobs = try fields.unsigned("top_logprobs")
        // Not OpenAI's, but of most servers like it; some say -1 for none.
        switch fields.value("top_k") {
        case nil: break
        case .number(let topK)? where topK.integer(as: UInt32.self) ?? 0 > 0:
            sampling.topK = topK
        case let other?: kept.add("top_k", other, of: .openai)
        }
        conversation.sampling = sampling
    }

    private static func readFormat(
        _ fields: inout MemberReader, into conversation: inout Conversation, _ kept: inout Extras
    ) throws(TranslationError) {
        guard let value = fields.value("response_format") else { return }
        var format = try MemberReader(value, at: fields.path["response_format"])
        var rest = Extras()
        switch try format.requiredString("type") {
        case "text": conversation.format = .text
        case "json_object":
            // Together and llama.cpp take a schema here.
            let schema = try format.object("schema")
            conversation.format = schema.map { .schema(OutputSchema(schema: .object($0))) } ?? .json
        case "json_schema":
            guard var inner = try format.members("json_schema") else {
                throw format.path["json_schema"].wants("an object")
            }
            conversation.format = .schema(
                OutputSchema(
                    name: try inner.string("name"), summary: try inner.string("description"),
                    schema: inner.value("schema"), isStrict: try inner.boolean("strict")))
            rest.addRest(inner.leftovers(of: .openai), of: "json_schema")
        default:
            // A grammar, say, that only the caller's kind of server knows.
            return kept.add("response_format", value, of: .openai)
        }
        rest.add(format.leftovers(of: .openai))
        kept.addRest(rest, of: "response_format")
    }

    private static func readReasoning(
        _ fields: inout MemberReader, into conversation: inout Conversation, _ kept: inout Extras
    ) throws(TranslationError) {
        guard let word = try fields.string("reasoning_effort") else { return }
        if let effort = Reasoning.Effort(rawValue: word) {
            conversation.reasoning = Reasoning(effort == .none ? .off : .effort(effort))
        } else {
            kept.add("reasoning_effort", .string(word), of: .openai)
        }
    }
}

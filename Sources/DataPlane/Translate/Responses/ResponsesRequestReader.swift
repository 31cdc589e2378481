import Shared

/// Reads callers' requests.
///
/// - Shape: instructions are the first turn. Fields that the form has no place for are extras; those of them that tell a model nothing are
///   labels: what is kept and where (`store`, `include`, the names of caches). Weir keeps no answers, so an answer of a provider of another
///   dialect is not there to be fetched later, whatever `store` says; callers who rely on it say so with `previous_response_id`, and are told.
/// - Errors: `TranslationError.invalid`, naming the field.
/// - Source: OpenAI, "Create a model response".
enum ResponsesRequestReader {
    static func conversation(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        var fields = try MemberReader(body, at: .body)
        var conversation = Conversation()
        var kept = Extras()
        conversation.origin = .responses
        guard let model = try fields.string("model") ?? call.model else { throw fields.path["model"].wants("a string") }
        conversation.model = model
        try refuseBackground(&fields, &kept)
        readTies(&fields, into: &conversation, &kept)
        try readInput(&fields, into: &conversation)
        try ResponsesToolReader.read(&fields, into: &conversation)
        try readSampling(&fields, into: &conversation, &kept)
        try readText(&fields, into: &conversation, &kept)
        try readReasoning(&fields, into: &conversation)
        try readLabels(&fields, into: &conversation, &kept)
        conversation.isStream = try fields.boolean("stream") ?? call.isStream ?? false
        conversation.extras = kept
        conversation.extras.add(fields.leftovers(of: .responses))
        return conversation
    }

    /// Nobody would be there to count what it costs.
    private static func refuseBackground(
        _ fields: inout MemberReader, _ kept: inout Extras
    ) throws(TranslationError) {
        guard let isBackground = try fields.boolean("background") else { return }
        guard !isBackground else {
            throw .invalid(
                field: "background", reason: "not served; leave it out, and ask for a stream where answers take long")
        }
        kept.add(label: "background", .boolean(false), of: .responses)
    }

    // MARK: What is said

    private static func readInput(
        _ fields: inout MemberReader, into conversation: inout Conversation
    ) throws(TranslationError) {
        if let instructions = try fields.string("instructions") {
            var turn = Turn(.system, [Part(.text(instructions))], form: .text)
            turn.extras.add(label: ResponsesLabels.instructions, .boolean(true), of: .responses)
            conversation.turns.append(turn)
        }
        let path = fields.path["input"]
        switch fields.value("input") {
        case .string(let text)?: conversation.turns.append(Turn(.user, [Part(.text(text))], form: .text))
        case .array(let items)? where !items.isEmpty || conversation.tie != nil:
            var reader = ResponsesItemReader()
            for (index, item) in items.enumerated() { try reader.read(item, at: path[index]) }
            conversation.turns += reader.turns
            conversation.tie = conversation.tie ?? reader.tie
        case nil where conversation.tie != nil: break
        default: throw path.wants("a string or a list of at least one item")
        }
    }

    /// What another dialect has no word for, and would be another question without it.
    private static func readTies(
        _ fields: inout MemberReader, into conversation: inout Conversation, _ kept: inout Extras
    ) {
        let remedies = [
            ("previous_response_id", "send the whole conversation in input"),
            ("conversation", "send the whole conversation in input"),
            ("prompt", "send what the prompt says in instructions and input"),
        ]
        for (name, remedy) in remedies {
            guard let value = fields.value(name) else { continue }
            kept.add(label: name, value, of: .responses)
            guard conversation.tie == nil else { continue }
            conversation.tie = Tie(field: name, reason: "\(ResponsesLabels.tieReason); \(remedy)")
        }
    }

    // MARK: The answer

    private static func readSampling(
        _ fields: inout MemberReader, into conversation: inout Conversation, _ kept: inout Extras
    ) throws(TranslationError) {
        conversation.outputTokensMax = try fields.unsigned("max_output_tokens")
        conversation.sampling.temperature = try fields.number("temperature")
        conversation.sampling.topP = try fields.number("top_p")
        conversation.sampling.topLogprobs = try fields.unsigned("top_logprobs")
        let included = try fields.strings("include")
        if let included {
            kept.add(label: "include", .array(included.map(JSONValue.string)), of: .responses)
        }
        if included?.contains(ResponsesLabels.includesLogprobs) == true || conversation.sampling.topLogprobs ?? 0 > 0 {
            conversation.sampling.logprobs = true
        }
    }

    private static func readText(
        _ fields: inout MemberReader, into conversation: inout Conversation, _ kept: inout Extras
    ) throws(TranslationError) {
        guard var text = try fields.members("text") else { return }
        var rest = Extras()
        if let verbosity = try text.string("verbosity") {
            kept.add("verbosity", .string(verbosity), of: .responses)
        }
        if let value = text.value("format") {
            var format = try MemberReader(value, at: text.path["format"])
            switch try format.requiredString("type") {
            case "text": conversation.format = .text
            case "json_object": conversation.format = .json
            case "json_schema":
                conversation.format = .schema(
                    OutputSchema(
                        name: try format.string("name"), summary: try format.string("description"),
                        schema: format.value("schema"), isStrict: try format.boolean("strict")))
            // One that only the caller's kind of server knows.
            default: rest.add("format", value, of: .responses)
            }
            if conversation.format != nil {
                rest.addRest(format.leftovers(of: .responses), of: "format", in: .responses)
            }
        }
        rest.add(text.leftovers(of: .responses))
        kept.addRest(rest, of: "text", in: .responses)
    }

    private static func readReasoning(
        _ fields: inout MemberReader, into conversation: inout Conversation
    ) throws(TranslationError) {
        guard var members = try fields.members("reasoning") else { return }
        var reasoning = Reasoning()
        if let word = try members.string("effort") {
            if let effort = Reasoning.Effort(rawValue: word) {
                reasoning.amount = effort == .none ? .off : .effort(effort)
            } else {
                reasoning.extras.add("effort", .string(word), of: .responses)
            }
        }
        // The second name is the older one.
        for name in ["summary", "generate_summary"] {
            guard let word = try members.string(name) else { continue }
            reasoning.includesThoughts = true
            reasoning.extras.add(label: name, .string(word), of: .responses)
        }
        reasoning.extras.add(members.leftovers(of: .responses))
        if reasoning != Reasoning() { conversation.reasoning = reasoning }
    }

    // MARK: Labels

    private static func readLabels(
        _ fields: inout MemberReader, into conversation: inout Conversation, _ kept: inout Extras
    ) throws(TranslationError) {
        conversation.endUser = try fields.string("user")
        if let identifier = try fields.string("safety_identifier") {
            kept.add(label: "safety_identifier", .string(identifier), of: .responses)
            conversation.endUser = conversation.endUser ?? identifier
        }
        conversation.metadata = try fields.object("metadata")
        conversation.serviceTier = try fields.string("service_tier")
        for name in ["store", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "stream_options"] {
            if let value = fields.value(name) { kept.add(label: name, value, of: .responses) }
        }
        // Else what does not fit is left out, which other providers refuse.
        if let truncation = try fields.string("truncation") {
            if truncation == "disabled" {
                kept.add(label: "truncation", .string(truncation), of: .responses)
            } else {
                kept.add("truncation", .string(truncation), of: .responses)
            }
        }
    }
}

/// Names under which a conversation keeps what only this dialect has.
enum ResponsesLabels {
    /// Of a turn: it stood in `instructions`.
    static let instructions = "instructions"
    /// Of a part: it begins a message. The members of that besides its type, its role and its content; null: it is nothing but a text.
    static let item = "item"
    /// Of a part of a kind that only this dialect has: it stands in a message, and is no item.
    static let inside = "inside"
    static let includesLogprobs = "message.output_text.logprobs"
    static let includesThoughts = "reasoning.encrypted_content"

    static let tieReason = "only providers of the dialect responses keep what it names, and this target is of another"
}

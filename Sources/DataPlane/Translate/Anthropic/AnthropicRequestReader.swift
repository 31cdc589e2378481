import Shared

/// Reads a caller's request.
///
/// - Shape: each member is read once, in any order; what nobody knows goes into the extras of the object that it stood in.
/// - Errors: `invalid`, naming the field.
struct AnthropicRequestReader {
    private var members: MemberReader
    private var conversation = Conversation()

    init(_ body: JSONValue) throws(TranslationError) {
        members = try MemberReader(body, at: .body)
        conversation.origin = .anthropic
    }

    /// - Parameter wantsBound: an answer is wanted, which Anthropic gives only within a bound.
    mutating func conversation(wantsBound: Bool) throws(TranslationError) -> Conversation {
        conversation.model = try members.requiredString("model")
        conversation.isStream = try members.boolean("stream") ?? false
        conversation.outputTokensMax = try members.unsigned("max_tokens")
        if wantsBound, conversation.outputTokensMax == nil {
            throw FieldPath.body["max_tokens"].wants("the most tokens that the answer may have: a whole number")
        }
        try readSystem()
        try readMessages()
        try readTools()
        try readToolChoice()
        try readSampling()
        let rest = try readOutputAndThinking()
        conversation.serviceTier = try members.string("service_tier")
        let labels = try readMetadata()
        conversation.extras = members.leftovers(of: .anthropic)
        for (name, object) in [("output_config", rest), ("metadata", labels)] where !object.members.isEmpty {
            conversation.extras.add(name, .object(object), of: .anthropic)
        }
        return conversation
    }

    // MARK: Turns

    private mutating func readSystem() throws(TranslationError) {
        guard let value = members.value("system") else { return }
        let (parts, form) = try AnthropicBlockReader.content(value, at: members.path["system"])
        conversation.turns.append(Turn(.system, parts, form: form))
    }

    private mutating func readMessages() throws(TranslationError) {
        let path = members.path["messages"]
        guard let messages = try members.array("messages"), !messages.isEmpty else {
            throw path.wants("a list of at least one message")
        }
        conversation.turns.reserveCapacity(conversation.turns.count + messages.count)
        for (index, message) in messages.enumerated() {
            var members = try MemberReader(message, at: path[index])
            let role = try members.requiredString("role")
            guard let content = members.value("content") else {
                throw members.path["content"].wants("a text or a list of content blocks")
            }
            let (parts, form) = try AnthropicBlockReader.content(content, at: members.path["content"])
            var turn = Turn(.user, parts, form: form)
            turn.extras = members.leftovers(of: .anthropic)
            switch role {
            case "user": break
            case "assistant": turn.role = .assistant
            case "system":
                turn.role = .system
                turn.extras.mark(.systemInPlace, of: .anthropic)
            default: throw members.path["role"].wants("user or assistant")
            }
            conversation.turns.append(turn)
        }
    }

    // MARK: Tools

    private mutating func readTools() throws(TranslationError) {
        let path = members.path["tools"]
        guard let tools = try members.array("tools") else { return }
        conversation.tools.reserveCapacity(tools.count)
        for (index, tool) in tools.enumerated() {
            conversation.tools.append(try Self.tool(tool, at: path[index]))
        }
    }

    /// A tool of the caller's; or one that Anthropic defines, as it stands.
    private static func tool(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Tool {
        var members = try MemberReader(value, at: path)
        let type = try members.string("type") ?? "custom"
        guard type == "custom" else {
            return Tool(name: try members.string("name") ?? type, kind: .native(value))
        }
        let name = try members.requiredString("name")
        guard let schema = try members.object("input_schema") else { throw path["input_schema"].wants("an object") }
        var tool = Tool(
            name: name, summary: try members.string("description"), kind: .function(parameters: .object(schema)),
            isStrict: try members.boolean("strict"))
        var extras = Extras()
        tool.cacheMark = try AnthropicBlockReader.cacheMark(&members, into: &extras)
        tool.extras = members.leftovers(of: .anthropic)
        for member in extras.members { tool.extras.add(member.name, member.value, of: .anthropic) }
        return tool
    }

    private mutating func readToolChoice() throws(TranslationError) {
        guard var choice = try members.members("tool_choice") else { return }
        let type = try choice.requiredString("type")
        switch type {
        case "auto": conversation.toolChoice = .automatic
        case "any": conversation.toolChoice = .required
        case "none": conversation.toolChoice = ToolChoice.none
        case "tool": conversation.toolChoice = .function(try choice.requiredString("name"))
        default: throw choice.path["type"].wants("auto, any, tool or none")
        }
        conversation.allowsParallelToolCalls = try choice.boolean("disable_parallel_tool_use").map { !$0 }
    }

    // MARK: The answer

    private mutating func readSampling() throws(TranslationError) {
        conversation.stops = try members.strings("stop_sequences") ?? []
        conversation.sampling.temperature = try members.number("temperature")
        conversation.sampling.topP = try members.number("top_p")
        conversation.sampling.topK = try members.number("top_k")
    }

    /// What the answer looks like and how much thinking it takes, which Anthropic says in three places.
    ///
    /// - Returns: what `output_config` says besides.
    private mutating func readOutputAndThinking() throws(TranslationError) -> JSONObject {
        var effort: String?
        var rest = JSONObject()
        if var output = try members.members("output_config") {
            effort = try output.string("effort")
            if let format = try output.object("format") {
                let isKnown = try readFormat(format, at: output.path["format"])
                if !isKnown { rest["format"] = .object(format) }
            }
            for member in output.leftovers(of: .anthropic).members { rest[member.name] = member.value }
        }
        // An older name of `output_config.format`.
        if conversation.format == nil, rest["format"] == nil, let format = try members.object("output_format") {
            let isKnown = try readFormat(format, at: members.path["output_format"])
            if !isKnown { rest["format"] = .object(format) }
        }
        conversation.reasoning = try Self.reasoning(try members.members("thinking"), effort: effort)
        return rest
    }

    /// - Returns: false for a format that is not known.
    private mutating func readFormat(_ format: JSONObject, at path: FieldPath) throws(TranslationError) -> Bool {
        var format = MemberReader(format, at: path)
        guard try format.requiredString("type") == "json_schema" else { return false }
        guard let schema = try format.object("schema") else { throw path["schema"].wants("an object") }
        guard format.isExhausted else { return false }
        conversation.format = .schema(OutputSchema(schema: .object(schema)))
        return true
    }

    /// - Parameter thinking: the members of `thinking`, where there is one. Bedrock's callers say the same in other places.
    static func reasoning(
        _ thinking: MemberReader?, effort: String?
    ) throws(TranslationError) -> Reasoning? {
        let known = effort.flatMap(Reasoning.Effort.init(rawValue:))
        var reasoning = Reasoning()
        // The effort beside an amount that is said more exactly, or one that nobody here knows.
        var besides = effort
        if var thinking {
            reasoning = try Self.reasoning(&thinking)
            if reasoning.amount == .automatic, let known {
                reasoning.amount = .effort(known)
                besides = nil
            }
        } else {
            guard effort != nil else { return nil }
            reasoning.extras.mark(.effortAlone, of: .anthropic)
            if let known {
                reasoning.amount = .effort(known)
                besides = nil
            }
        }
        if let besides { reasoning.extras.add("effort", .string(besides), of: .anthropic) }
        return reasoning
    }

    private static func reasoning(_ thinking: inout MemberReader) throws(TranslationError) -> Reasoning {
        var reasoning = Reasoning()
        let type = try thinking.requiredString("type")
        switch type {
        case "enabled":
            guard let budget = try thinking.unsigned("budget_tokens") else {
                throw thinking.path["budget_tokens"].wants("a whole number that is not negative")
            }
            reasoning.amount = .tokens(budget)
        case "adaptive": reasoning.amount = .automatic
        case "disabled": reasoning.amount = .off
        default: throw thinking.path["type"].wants("enabled, adaptive or disabled")
        }
        switch try thinking.string("display") {
        case "summarized": reasoning.includesThoughts = true
        case "omitted": reasoning.includesThoughts = false
        case let other?: reasoning.extras.add("display", .string(other), of: .anthropic)
        case nil: break
        }
        reasoning.extras.add(thinking.leftovers(of: .anthropic))
        return reasoning
    }

    /// - Returns: labels besides the end user's, of which Anthropic has none today.
    private mutating func readMetadata() throws(TranslationError) -> JSONObject {
        guard var metadata = try members.members("metadata") else { return JSONObject() }
        conversation.endUser = try metadata.string("user_id")
        return metadata.leftovers(of: .anthropic).object
    }
}

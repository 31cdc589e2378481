import Shared

/// Reads a caller's request.
///
/// - Shape: each member is read once, in any order; what the form has no word for goes into the extras of the object that it stood in. What
///   is left of an object whose other members were understood (`inferenceConfig`, `additionalModelRequestFields`) stays under its name.
/// - Errors: `invalid`, naming the field.
struct BedrockRequestReader {
    private var members: MemberReader
    private var conversation = Conversation()
    /// What is left of objects.
    private var rests: [JSONObject.Member] = []
    /// Claude's, in Anthropic's words.
    private var thinking: MemberReader?
    private var effort: String?

    init(_ body: JSONValue, of call: InboundCall) throws(TranslationError) {
        members = try MemberReader(body, at: .body)
        guard let model = call.model, !model.isEmpty else { throw FieldPath.body["modelId"].wants("the ID of a model") }
        conversation.origin = .bedrock
        conversation.model = model
        conversation.isStream = call.isStream ?? false
    }

    mutating func read() throws(TranslationError) -> Conversation {
        try readSystem()
        try readMessages()
        try readInference()
        try readTools()
        try readModelFields()
        try readOutput()
        conversation.reasoning = try AnthropicRequestReader.reasoning(thinking, effort: effort)
        conversation.metadata = try members.object("requestMetadata")
        if var tier = try members.members("serviceTier") {
            conversation.serviceTier = try tier.requiredString("type")
            keep(tier, as: "serviceTier")
        }
        conversation.extras = members.leftovers(of: .bedrock)
        for rest in rests { conversation.extras.add(rest.name, rest.value, of: .bedrock) }
        return conversation
    }

    private mutating func keep(_ reader: MemberReader, as name: String, with more: [JSONObject.Member] = []) {
        let rest = reader.leftovers(of: .bedrock).members.filter { $0.value != .null } + more
        if !rest.isEmpty { rests.append(.init(name: name, value: .object(JSONObject(rest)))) }
    }

    // MARK: Turns

    private mutating func readSystem() throws(TranslationError) {
        guard let blocks = try members.array("system"), !blocks.isEmpty else { return }
        let parts = try BedrockBlockReader.parts(blocks, at: members.path["system"])
        conversation.turns.append(Turn(.system, parts))
    }

    private mutating func readMessages() throws(TranslationError) {
        let path = members.path["messages"]
        let messages = try members.array("messages") ?? []
        // A prompt that is stored at Bedrock has messages of its own.
        guard !messages.isEmpty || conversation.model.contains(":prompt/") else {
            throw path.wants("a list of at least one message")
        }
        conversation.turns.reserveCapacity(conversation.turns.count + messages.count)
        for (index, message) in messages.enumerated() {
            conversation.turns.append(try Self.turn(message, at: path[index]))
        }
    }

    private static func turn(_ message: JSONValue, at path: FieldPath) throws(TranslationError) -> Turn {
        var members = try MemberReader(message, at: path)
        let role = try members.requiredString("role")
        guard let blocks = try members.array("content") else { throw path["content"].wants("a list of content blocks") }
        var turn = Turn(.user, try BedrockBlockReader.parts(blocks, at: path["content"]))
        turn.extras = members.leftovers(of: .bedrock)
        switch role {
        case "user": break
        case "assistant": turn.role = .assistant
        case "system":
            turn.role = .system
            turn.extras.mark(.systemInPlace, of: .bedrock)
        default: throw path["role"].wants("user or assistant")
        }
        return turn
    }

    // MARK: The answer

    private mutating func readInference() throws(TranslationError) {
        guard var inference = try members.members("inferenceConfig") else { return }
        conversation.outputTokensMax = try inference.unsigned("maxTokens")
        conversation.sampling.temperature = try inference.number("temperature")
        conversation.sampling.topP = try inference.number("topP")
        conversation.stops = try inference.strings("stopSequences") ?? []
        keep(inference, as: "inferenceConfig")
    }

    private mutating func readOutput() throws(TranslationError) {
        guard var output = try members.members("outputConfig") else { return }
        if let format = try output.object("textFormat") {
            conversation.format = .schema(try Self.schema(format, at: output.path["textFormat"]))
        }
        effort = try output.string("effort")
        keep(output, as: "outputConfig")
    }

    /// The schema is a text with JSON in it.
    private static func schema(_ format: JSONObject, at path: FieldPath) throws(TranslationError) -> OutputSchema {
        var format = MemberReader(format, at: path)
        guard try format.requiredString("type") == "json_schema" else { throw path["type"].wants("json_schema") }
        let place = path["structure"]["jsonSchema"]
        guard var structure = try format.members("structure"), var definition = try structure.members("jsonSchema")
        else {
            throw place.wants("an object")
        }
        let text = try definition.requiredString("schema")
        var schema = OutputSchema(schema: nil)
        do {
            schema.schema = try JSONValue(parsing: Array(text.utf8), allowing: .all)
        } catch {
            throw place["schema"].wants("JSON in a text, but \(error)")
        }
        schema.name = try definition.string("name")
        schema.summary = try definition.string("description")
        return schema
    }

    // MARK: Tools

    private mutating func readTools() throws(TranslationError) {
        guard var configuration = try members.members("toolConfig") else { return }
        let path = configuration.path["tools"]
        guard let tools = try configuration.array("tools") else { throw path.wants("a list of tools") }
        for (index, value) in tools.enumerated() {
            if let mark = BedrockBlockReader.cacheMark(value), let last = conversation.tools.indices.last,
                conversation.tools[last].cacheMark == nil
            {
                conversation.tools[last].cacheMark = mark
            } else {
                conversation.tools.append(try Self.tool(value, at: path[index]))
            }
        }
        if let choice = configuration.value("toolChoice") {
            conversation.toolChoice = try Self.toolChoice(choice, at: configuration.path["toolChoice"])
        }
        keep(configuration, as: "toolConfig")
    }

    private static func tool(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Tool {
        var members = try MemberReader(value, at: path)
        guard var specification = try members.members("toolSpec") else {
            guard value.object?.members.contains(where: { $0.value != .null }) == true else {
                throw path.wants("an object with a tool in it")
            }
            return Tool(name: value["systemTool"]?["name"]?.string ?? "", kind: .native(value))
        }
        let name = try specification.requiredString("name")
        guard let schema = try specification.object("inputSchema")?["json"] else {
            throw specification.path["inputSchema"]["json"].wants("a JSON schema")
        }
        var tool = Tool(
            name: name, summary: try specification.string("description"), kind: .function(parameters: schema),
            isStrict: try specification.boolean("strict"))
        tool.extras = specification.leftovers(of: .bedrock)
        return tool
    }

    private static func toolChoice(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> ToolChoice {
        var choice = try MemberReader(value, at: path)
        if choice.value("auto") != nil { return .automatic }
        if choice.value("any") != nil { return .required }
        guard var tool = try choice.members("tool") else {
            throw path.wants("an object with one of auto, any and tool")
        }
        return .function(try tool.requiredString("name"))
    }

    // MARK: What only some models have

    private mutating func readModelFields() throws(TranslationError) {
        guard var fields = try members.members("additionalModelRequestFields") else { return }
        conversation.sampling.topK = try fields.number("top_k")
        let betas = try fields.strings("anthropic_beta") ?? []
        conversation.betas = betas.filter(BedrockModel.betas.contains)
        // The caller asked Bedrock itself for these: they are filtered for callers that did not.
        let others = betas.filter { !BedrockModel.betas.contains($0) }
        thinking = try fields.members("thinking")
        keep(
            fields, as: "additionalModelRequestFields",
            with: others.isEmpty ? [] : [.init(name: "anthropic_beta", value: .array(others.map { .string($0) }))])
    }
}

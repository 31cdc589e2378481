import Shared

/// Which tools a model gets, and whether it must call one.
///
/// - Shape: decided from the whole request, before anything is written. Blocks of tools anywhere in the history want tools: where the
///   caller sends none, those that were called are named again. An answer's format is a tool where the model has no other way to keep to
///   one.
/// - Errors: `inexpressible`, for a history with tools and a model without.
struct BedrockToolPlan {
    private(set) var tools: [Tool] = []
    /// nil: as the model sees fit.
    private(set) var choice: ToolChoice?
    /// The format to be asked for as such.
    private(set) var schema: OutputSchema?
    /// The tool that stands for the format.
    private(set) var formatTool: String?
    /// The caller's tools are there, and may be called.
    private var offersTools = false

    /// The model has to call a tool.
    var isForced: Bool {
        switch choice {
        case .required, .function: true
        default: false
        }
    }

    init(
        of conversation: Conversation, _ turns: AlternatingTurns<BedrockParts>, for target: TargetTraits,
        into rendered: inout RenderedRequest
    ) throws(TranslationError) {
        if target.capabilities.tools {
            planTools(conversation, turns, into: &rendered)
        } else {
            guard !turns.hasToolBlocks else {
                throw .inexpressible(field: "messages[].tool_calls", reason: "the model has no tools")
            }
            if !conversation.tools.isEmpty { rendered.drop("tools") }
            if conversation.toolChoice.map(Self.asksForTools) == true { rendered.drop("tool_choice") }
        }
        planFormat(conversation, target, into: &rendered)
    }

    // MARK: Tools

    private mutating func planTools(
        _ conversation: Conversation, _ turns: AlternatingTurns<BedrockParts>, into rendered: inout RenderedRequest
    ) {
        let given = conversation.tools.filter { Self.isTaken($0, of: conversation.origin, into: &rendered) }
        switch conversation.toolChoice {
        // Without tools the model calls none; there is no other way to say it, and this one is barred while the history has some.
        case ToolChoice.none?:
            tools = turns.hasToolBlocks ? given : []
            if !tools.isEmpty { rendered.drop("tool_choice") }
        case .among(let names, let isRequired)?:
            let allowed = Set(names)
            tools = given.filter { allowed.contains($0.name) }
            choice = isRequired ? .required : nil
        case .native?:
            tools = given
            rendered.drop("tool_choice")
        case let other:
            tools = given
            choice = other
        }
        offersTools = !tools.isEmpty && conversation.toolChoice != ToolChoice.none
        if tools.isEmpty {
            if choice.map(Self.asksForTools) == true { rendered.drop("tool_choice") }
            choice = nil
            if turns.hasToolBlocks {
                tools = turns.calledTools.map { Tool(name: $0, kind: .function(parameters: nil)) }
            }
        } else if conversation.allowsParallelToolCalls == false {
            rendered.drop("parallel_tool_calls")
        }
    }

    /// Reports what the rest of `tool` loses.
    private static func isTaken(
        _ tool: Tool, of origin: Dialect?, into rendered: inout RenderedRequest
    ) -> Bool {
        switch tool.kind {
        case .function:
            for name in tool.extras.lost(to: .bedrock) { rendered.drop("tools[].\(name)") }
            return true
        case .native(let definition):
            guard origin != .bedrock else { return true }
            rendered.drop("tools[].\(definition["type"]?.string ?? tool.name)")
            return false
        }
    }

    private static func asksForTools(_ choice: ToolChoice) -> Bool {
        switch choice {
        case .automatic, .none: false
        case .required, .function, .among, .native: true
        }
    }

    // MARK: The format

    private mutating func planFormat(
        _ conversation: Conversation, _ target: TargetTraits, into rendered: inout RenderedRequest
    ) {
        switch conversation.format {
        case nil, .text?: return
        // There is no JSON without a schema, but in what a tool is called with.
        case .json?: ask(for: Self.anyObject, target, into: &rendered)
        case .schema(let schema)?:
            guard let definition = schema.schema else { return ask(for: Self.anyObject, target, into: &rendered) }
            guard target.capabilities.jsonSchema else { return ask(for: schema, target, into: &rendered) }
            // Answers are not held to schemas that refer to themselves; the input of a tool may be one.
            if conversation.origin != .bedrock, SchemaReferences(of: definition).isCircular {
                rendered.adjust("response_format.json_schema.strict")
                return ask(for: schema, target, into: &rendered)
            }
            self.schema = schema
        }
    }

    private static let anyObject = OutputSchema(schema: .object(["type": .string("object")]))

    private var isFunctionForced: Bool { if case .function = choice { true } else { false } }

    private mutating func ask(
        for schema: OutputSchema, _ target: TargetTraits, into rendered: inout RenderedRequest
    ) {
        guard target.capabilities.tools, schema.schema?["type"]?.string == "object", !isFunctionForced else {
            return rendered.drop("response_format")
        }
        let names = Set(tools.map(\.name))
        var name = "json_answer"
        while names.contains(name) { name += "_" }
        tools.append(
            Tool(
                name: name, summary: schema.summary ?? "The answer, in the form that it has to have.",
                kind: .function(parameters: schema.schema)))
        choice = offersTools ? .required : .function(name)
        formatTool = name
    }
}

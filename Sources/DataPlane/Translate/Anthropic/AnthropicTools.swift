import Shared

/// The tools of a request and what the model has to do with them, with the tool that stands for a format where the model keeps to none.
///
/// - Errors: `inexpressible`, where the format that is asked for cannot be had.
struct AnthropicTools {
    private(set) var tools: [Tool]
    private(set) var choice: Choice?
    /// The schema that the model keeps to by itself.
    private(set) var format: JSONValue?
    /// The name of the tool whose call is the answer.
    private(set) var formatTool: String?
    private let disablesParallelCalls: Bool?
    private let capabilities: Capabilities

    enum Choice: Equatable { case auto, any, forbidden, tool(String) }

    /// The model has to call a tool, one or any.
    var forcesCall: Bool {
        switch choice {
        case .any, .tool: true
        case .auto, .forbidden, nil: false
        }
    }

    static let formatToolName = "answer_as_json"
    private static let formatToolSummary =
        "Gives the whole answer. Its input is the JSON object that was asked for, complete, with nothing left out."

    /// - Parameter names: gets the names of all tools.
    init(
        _ conversation: Conversation, _ capabilities: Capabilities, names: inout ToolNames,
        into rendered: inout RenderedRequest
    ) throws(TranslationError) {
        self.capabilities = capabilities
        disablesParallelCalls = conversation.allowsParallelToolCalls.map { !$0 }
        tools = []
        guard capabilities.tools || conversation.tools.isEmpty else {
            rendered.drop("tools")
            try setFormat(conversation.format, into: &rendered)
            return
        }
        for tool in conversation.tools {
            if let tool = Self.taken(tool, of: conversation.origin, names: &names, into: &rendered) {
                tools.append(tool)
            }
        }
        setChoice(conversation.toolChoice, names: &names, into: &rendered)
        addToolsOfHistory(conversation, names: &names)
        try setFormat(conversation.format, into: &rendered)
    }

    // MARK: Tools

    /// Blocks of tools are refused in a request that defines none. So those that were called once are defined, and may not be called again.
    private mutating func addToolsOfHistory(_ conversation: Conversation, names: inout ToolNames) {
        guard tools.isEmpty, conversation.origin != .anthropic else { return }
        var known: Set<String> = []
        for turn in conversation.turns where turn.role == .assistant {
            for part in turn.parts {
                guard case .toolCall(let call) = part.content else { continue }
                let name = names.name(for: call.name)
                guard known.insert(name).inserted else { continue }
                tools.append(Tool(name: name, kind: .function(parameters: nil)))
            }
        }
        if !tools.isEmpty { choice = .forbidden }
    }

    private static func taken(
        _ tool: Tool, of origin: Dialect?, names: inout ToolNames, into rendered: inout RenderedRequest
    ) -> Tool? {
        var tool = tool
        if case .native(let value) = tool.kind {
            if origin == .anthropic { return tool }
            rendered.drop("tools[].\(value["type"]?.string ?? tool.name)")
            return nil
        }
        for name in tool.extras.lost(to: .anthropic) { rendered.drop("tools[].\(name)") }
        tool.name = names.name(for: tool.name)
        return tool
    }

    // MARK: Choice

    private mutating func setChoice(
        _ wanted: ToolChoice?, names: inout ToolNames, into rendered: inout RenderedRequest
    ) {
        guard !tools.isEmpty else {
            // Without tools there is nothing to choose, and all that loses by it is a call that was asked for.
            switch wanted {
            case nil, .automatic, .some(.none): break
            case .required, .function, .among, .native: rendered.drop("tool_choice")
            }
            return
        }
        switch wanted {
        case nil: if disablesParallelCalls == true { choice = .auto }
        case .automatic: choice = .auto
        case .some(.none): choice = .forbidden
        case .required: choice = .any
        case .function(let name): choice = .tool(names.name(for: name))
        case .among(let some, let isRequired):
            // Those that may not be called are not offered.
            let allowed = Set(some.map { names.name(for: $0) })
            tools.removeAll { !allowed.contains($0.name) }
            choice = isRequired ? .any : .auto
        case .native: rendered.drop("tool_choice")
        }
    }

    // MARK: Format

    private mutating func setFormat(
        _ format: OutputFormat?, into rendered: inout RenderedRequest
    ) throws(TranslationError) {
        switch format {
        case nil, .text: break
        case .schema(let output):
            guard let schema = output.schema else { return try addFormatTool(nil, into: &rendered) }
            guard capabilities.jsonSchema else {
                return try addFormatTool(described(schema, by: output), into: &rendered)
            }
            // Answers are not held to schemas that refer to themselves; the input of a tool may be one.
            if SchemaReferences(of: schema).isCircular {
                rendered.adjust("response_format.json_schema.strict")
                return try addFormatTool(described(schema, by: output), into: &rendered)
            }
            var filter = AnthropicSchema()
            self.format = filter.strict(described(schema, by: output))
            if filter.isChanged { rendered.adjust("response_format.json_schema.schema") }
        // Any object: no schema says that, as objects may have no members but those that are named.
        case .json: try addFormatTool(nil, into: &rendered)
        }
    }

    private func described(_ schema: JSONValue, by output: OutputSchema) -> JSONValue {
        guard let summary = output.summary, var object = schema.object, object["description"] == nil else {
            return schema
        }
        object["description"] = .string(summary)
        return .object(object)
    }

    private mutating func addFormatTool(
        _ schema: JSONValue?, into rendered: inout RenderedRequest
    ) throws(TranslationError) {
        // A call that has to be made leaves no place for an answer.
        if forcesCall || !capabilities.tools {
            rendered.drop("response_format")
            return
        }
        if let type = schema?["type"], type != .string("object") {
            throw .inexpressible(field: "response_format", reason: "the model's answers can be held to objects only")
        }
        let name = unusedName(like: Self.formatToolName)
        // With other tools the model may call those first; it answers by calling this one.
        choice = tools.isEmpty || choice == .forbidden ? .tool(name) : .any
        tools.append(Tool(name: name, summary: Self.formatToolSummary, kind: .function(parameters: schema)))
        formatTool = name
        rendered.reading.formatTool = name
    }

    private func unusedName(like wanted: String) -> String {
        let names = Set(tools.map(\.name))
        var name = wanted
        var number = 2
        while names.contains(name) {
            name = "\(wanted)_\(number)"
            number += 1
        }
        return name
    }

    // MARK: Writing

    func write(to writer: inout JSONWriter, into rendered: inout RenderedRequest) {
        guard !tools.isEmpty else { return }
        writer.name("tools")
        writer.beginArray()
        for tool in tools { write(tool, to: &writer, into: &rendered) }
        writer.endArray()
        guard let choice else { return }
        writer.name("tool_choice")
        writer.object { writer in
            switch choice {
            case .auto: writer.member("type", "auto")
            case .any: writer.member("type", "any")
            case .forbidden: writer.member("type", "none")
            case .tool(let name):
                writer.member("type", "tool")
                writer.member("name", name)
            }
            if choice != .forbidden, let disablesParallelCalls {
                writer.member("disable_parallel_tool_use", disablesParallelCalls)
            }
        }
    }

    private func write(_ tool: Tool, to writer: inout JSONWriter, into rendered: inout RenderedRequest) {
        guard case .function(let parameters) = tool.kind else {
            if case .native(let value) = tool.kind { value.write(to: &writer) }
            return
        }
        let isCircular = tool.isStrict == true && parameters.map { SchemaReferences(of: $0).isCircular } == true
        let isStrict = tool.isStrict == true && capabilities.jsonSchema && !isCircular
        if tool.isStrict == true, !isStrict { rendered.drop("tools[].function.strict") }
        var filter = AnthropicSchema()
        let input = filter.input(parameters)
        let schema = isStrict ? filter.strict(input) : input
        if filter.isChanged { rendered.adjust("tools[].function.parameters") }
        if tool.cacheMark?.fitsAnthropic == false { rendered.adjust("tools[].cache_control") }
        writer.object { writer in
            writer.member("name", tool.name)
            if let summary = tool.summary { writer.member("description", summary) }
            writer.name("input_schema")
            schema.write(to: &writer)
            if isStrict { writer.member("strict", true) }
            AnthropicBlockWriter.write(tool.cacheMark, tool.extras, to: &writer)
        }
    }
}

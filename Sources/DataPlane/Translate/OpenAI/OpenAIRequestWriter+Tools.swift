import Shared

/// Tools, and the choice among them.
///
/// - Shape: for models that keep to no JSON schema a schema is the schema of a tool that has to be called, and that call is the answer. Where
///   the caller has tools of his own the model may call one of those instead.
extension OpenAIRequestWriter {
    private static let formatTool = "json_answer"

    mutating func writeTools() {
        let tools = expressibleTools()
        let formatTool = formatTool(beside: tools)
        guard !tools.isEmpty || formatTool != nil else {
            // Without tools OpenAI refuses whatever says how to use them.
            if conversation.asksForCall { rendered.drop("tool_choice") }
            return
        }
        writer.name("tools")
        writer.beginArray()
        for tool in tools { write(tool) }
        if let formatTool { writeFormatTool(formatTool) }
        writer.endArray()
        if let formatTool {
            rendered.reading.formatTool = formatTool
            writeChoice(of: formatTool, beside: tools)
        } else if let choice = conversation.toolChoice {
            write(choice)
        }
        if let allows = conversation.allowsParallelToolCalls { writer.member("parallel_tool_calls", allows) }
    }

    // MARK: Tools

    private mutating func write(_ tool: Tool) {
        switch tool.kind {
        case .native(let definition): definition.write(to: &writer)
        case .function(let parameters):
            writer.beginObject()
            writer.member("type", "function")
            writer.name("function")
            writer.beginObject()
            writer.member("name", toolNames.name(for: tool.name))
            if let summary = tool.summary { writer.member("description", summary) }
            if let parameters { writer.member("parameters", parameters) }
            if let isStrict = tool.isStrict { writer.member("strict", isStrict) }
            writer.members(tool.extras.rest(of: "function"))
            writer.endObject()
            write(tool.cacheMark)
            writer.members(of: tool.extras, but: ["function"])
            writer.endObject()
            drop(tool.extras, under: "tools[].")
        }
    }

    // MARK: Choice

    private mutating func write(_ choice: ToolChoice) {
        switch choice {
        case .automatic: writer.member("tool_choice", "auto")
        case .none: writer.member("tool_choice", "none")
        case .required: writer.member("tool_choice", "required")
        case .function(let name): writer.member("tool_choice", Self.function(toolNames.name(for: name)))
        case .among(let names, let isRequired): writeChoice(among: names, isRequired: isRequired)
        case .native(let value):
            if isOurs { writer.member("tool_choice", value) } else { rendered.drop("tool_choice") }
        }
    }

    private mutating func writeChoice(among names: [String], isRequired: Bool) {
        let functions = names.map { Self.function(toolNames.name(for: $0)) }
        writer.member(
            "tool_choice",
            JSONValue.object([
                "type": .string("allowed_tools"),
                "allowed_tools": .object([
                    "mode": .string(isRequired ? "required" : "auto"), "tools": .array(functions),
                ]),
            ]))
    }

    private static func function(_ name: String) -> JSONValue {
        .object(["type": .string("function"), "function": .object(["name": .string(name)])])
    }

    // MARK: Schemas

    /// The name of the tool whose call is the answer; nil where none is wanted: a caller who asks for a call does not ask for an answer.
    private func formatTool(beside tools: [Tool]) -> String? {
        guard case .schema? = conversation.format, target.capabilities.tools, !target.capabilities.jsonSchema,
            tools.isEmpty || !conversation.asksForCall
        else { return nil }
        var name = Self.formatTool
        while tools.contains(where: { $0.name == name }) { name += "_" }
        return name
    }

    private mutating func writeFormatTool(_ name: String) {
        guard case .schema(let schema)? = conversation.format else { return }
        writer.beginObject()
        writer.member("type", "function")
        writer.name("function")
        writer.beginObject()
        writer.member("name", name)
        writer.member("description", schema.summary ?? "Gives the answer.")
        if let tree = schema.schema { writer.member("parameters", tree) }
        writer.endObject()
        writer.endObject()
    }

    private mutating func writeChoice(of formatTool: String, beside tools: [Tool]) {
        switch conversation.toolChoice {
        case .among(let names, _)? where !tools.isEmpty: writeChoice(among: names + [formatTool], isRequired: true)
        case nil where !tools.isEmpty, .automatic? where !tools.isEmpty: write(.required)
        default: write(.function(formatTool))
        }
    }
}

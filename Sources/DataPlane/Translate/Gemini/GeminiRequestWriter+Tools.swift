import Shared

/// Writes `tools` and `toolConfig`.
extension GeminiRequestWriter {
    /// A function whose arguments are the answer.
    struct FormatTool {
        var name: String
        var summary: String
        var schema: JSONValue
    }

    private var functions: [Tool] {
        conversation.tools.filter { if case .function = $0.kind { true } else { false } }
    }

    private var mayCallFunctions: Bool {
        target.capabilities.tools && conversation.toolChoice != ToolChoice.none && !functions.isEmpty
    }

    /// The tool by which an answer with a schema is asked for, where Gemini does not take the schema itself: from a model without structured
    /// output, and, before Gemini 3, beside functions.
    ///
    /// A caller that wants a certain function called gets that, and the format is dropped; so is a format that no function can have. Who speaks
    /// this dialect knows what his model takes.
    mutating func formatTool() -> FormatTool? {
        guard let format = conversation.format, format != .text else { return nil }
        let takesBoth = family.takesFormatWithFunctions || isOurs || !mayCallFunctions
        if target.capabilities.jsonSchema, takesBoth { return nil }
        guard target.capabilities.tools, case .schema(let output) = format, let schema = output.schema,
            schema["type"] == .string("object"), conversation.toolChoice.isOpen
        else {
            rendered.drop("response_format")
            return nil
        }
        let summary = output.summary ?? "Gives the final answer to the user."
        return FormatTool(name: formatToolName(output.name ?? "answer"), summary: summary, schema: schema)
    }

    /// One that no function has. It is no caller's, so that it is not among the names that are changed back.
    private mutating func formatToolName(_ wanted: String) -> String {
        let taken = functions.map { names.name(for: $0.name) }
        var other = ToolNames(countMax: Self.nameCountMax, of: [], alphabet: .gemini)
        let stem = other.name(for: wanted)
        var name = stem
        var number = 2
        while taken.contains(name) {
            let suffix = "_\(number)"
            name = stem.prefix(Self.nameCountMax - suffix.count) + suffix
            number += 1
        }
        return name
    }

    mutating func writeTools(with formatTool: FormatTool?) {
        guard target.capabilities.tools else {
            if !conversation.tools.isEmpty { rendered.drop("tools") }
            return
        }
        let natives = conversation.tools.compactMap { nativeTool($0) }
        let functions = self.functions
        guard !functions.isEmpty || !natives.isEmpty || formatTool != nil else { return }
        writer.name("tools")
        writer.beginArray()
        if !functions.isEmpty || formatTool != nil {
            writer.beginObject()
            writer.name("functionDeclarations")
            writer.beginArray()
            for tool in functions { write(tool) }
            if let formatTool { write(formatTool) }
            writer.endArray()
            writer.endObject()
        }
        for native in natives { native.write(to: &writer) }
        writer.endArray()
    }

    /// One that Google runs.
    private mutating func nativeTool(_ tool: Tool) -> JSONValue? {
        guard case .native(let value) = tool.kind else { return nil }
        if isOurs { return value }
        rendered.drop("tools[]." + (value["type"]?.string ?? tool.name))
        return nil
    }

    private mutating func write(_ tool: Tool) {
        guard case .function(let parameters) = tool.kind else { return }
        writer.beginObject()
        writer.member("name", names.name(for: tool.name))
        if let summary = tool.summary { writer.member("description", summary) }
        writeParameters(parameters)
        for member in tool.extras.members(for: .gemini) { GeminiPartWriter.write(member, to: &writer) }
        writer.endObject()
        if tool.isStrict == true { rendered.drop("tools[].function.strict") }
        drop(tool.extras, under: "tools[].")
    }

    private mutating func write(_ tool: FormatTool) {
        writer.beginObject()
        writer.member("name", tool.name)
        writer.member("description", tool.summary)
        writeParameters(tool.schema)
        writer.endObject()
    }

    /// In Gemini's own dialect, which all versions and makes of the API take, where that says the same; else as a JSON schema.
    private mutating func writeParameters(_ schema: JSONValue?) {
        guard let schema, !GeminiSchemaWriter.takesNothing(schema) else { return }
        if let own = GeminiSchemaWriter.ownDialect(of: schema) {
            writer.name("parameters")
            own.write(to: &writer)
        } else {
            writer.name("parametersJsonSchema")
            GeminiSchemaWriter.jsonSchema(from: schema).write(to: &writer)
        }
    }

    // MARK: Choice

    mutating func writeToolConfig(forcing formatTool: String?) {
        if conversation.allowsParallelToolCalls == false { rendered.drop("parallel_tool_calls") }
        var calling = JSONObject()
        if formatTool != nil {
            calling["mode"] = .string("ANY")
        } else if let choice = conversation.toolChoice {
            // Without functions it is refused, unless a caller has them elsewhere, such as in what Google has cached for him.
            if target.capabilities.tools, !functions.isEmpty || isOurs {
                calling = callingConfig(choice)
            } else if choice.asksForCall {
                rendered.drop("tool_choice")
            }
        }
        for member in members(under: GeminiPaths.calling) { calling[member.name] = member.value }
        let rest = members(under: GeminiPaths.toolConfig)
        guard !calling.members.isEmpty || !rest.isEmpty else { return }
        writer.name("toolConfig")
        writer.beginObject()
        if !calling.members.isEmpty {
            writer.name("functionCallingConfig")
            JSONValue.object(calling).write(to: &writer)
        }
        for member in rest { GeminiPartWriter.write(member, to: &writer) }
        writer.endObject()
    }

    private mutating func callingConfig(_ choice: ToolChoice) -> JSONObject {
        var calling = JSONObject()
        switch choice {
        case .automatic: calling["mode"] = .string("AUTO")
        case .none: calling["mode"] = .string("NONE")
        case .required: calling["mode"] = .string("ANY")
        case .function: calling["mode"] = .string("ANY")
        // The one mode in which the model may also answer, and names are taken.
        case .among(_, let isRequired): calling["mode"] = .string(isRequired ? "ANY" : "VALIDATED")
        case .native(let value):
            if isOurs, let own = value.object { return own }
            rendered.drop("tool_choice")
        }
        if !choice.names.isEmpty {
            calling["allowedFunctionNames"] = .array(choice.names.map { .string(names.name(for: $0)) })
        }
        return calling
    }
}

extension ToolChoice {
    fileprivate var names: [String] {
        switch self {
        case .function(let name): [name]
        case .among(let names, _): names
        case .automatic, .none, .required, .native: []
        }
    }

    /// Whether leaving it out loses something where there is nothing to call.
    fileprivate var asksForCall: Bool {
        switch self {
        case .automatic, .none: false
        case .required, .function, .among, .native: true
        }
    }
}

extension ToolChoice? {
    /// Whether any tool will do.
    fileprivate var isOpen: Bool {
        switch self {
        case nil, .automatic?, .required?: true
        case ToolChoice.none?, .function?, .among?, .native?: false
        }
    }
}

import Shared

/// Tools, and the choice among them.
extension ResponsesRequestWriter {
    mutating func writeTools() {
        let tools = expressibleTools()
        guard !tools.isEmpty else {
            // Without tools OpenAI refuses whatever says how to use them.
            if conversation.asksForCall { rendered.drop("tool_choice") }
            return
        }
        writer.name("tools")
        writer.beginArray()
        for tool in tools { write(tool) }
        writer.endArray()
        if let choice = conversation.toolChoice { write(choice) }
        if let allows = conversation.allowsParallelToolCalls { writer.member("parallel_tool_calls", allows) }
    }

    private mutating func write(_ tool: Tool) {
        switch tool.kind {
        case .native(let definition): definition.write(to: &writer)
        case .function(let parameters):
            writer.beginObject()
            writer.member("type", "function")
            writer.member("name", toolNames.name(for: tool.name))
            if let summary = tool.summary { writer.member("description", summary) }
            writer.member("parameters", parameters ?? (isOurs ? .null : Self.noParameters))
            // Where nothing is said here a schema is kept to strictly, as nowhere else.
            if let isStrict = tool.isStrict ?? (isOurs ? nil : false) { writer.member("strict", isStrict) }
            writer.members(tool.extras.members(for: .responses))
            writer.endObject()
            drop(tool.extras, under: "tools[].")
        }
    }

    private static let noParameters = JSONValue.object([
        "type": .string("object"), "properties": .object(JSONObject()),
    ])

    // MARK: Choice

    private mutating func write(_ choice: ToolChoice) {
        switch choice {
        case .automatic: writer.member("tool_choice", "auto")
        case .none: writer.member("tool_choice", "none")
        case .required: writer.member("tool_choice", "required")
        case .function(let name): writer.member("tool_choice", function(name))
        case .among(let names, let isRequired):
            let tools = names.map { function($0) }
            writer.member(
                "tool_choice",
                JSONValue.object([
                    "type": .string("allowed_tools"), "mode": .string(isRequired ? "required" : "auto"),
                    "tools": .array(tools),
                ]))
        case .native(let value):
            if isOurs { writer.member("tool_choice", value) } else { rendered.drop("tool_choice") }
        }
    }

    private mutating func function(_ name: String) -> JSONValue {
        .object(["type": .string("function"), "name": .string(toolNames.name(for: name))])
    }
}

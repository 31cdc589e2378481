import Shared

/// Reads tools, and the choice among them. Functions stand flat here; tools of other kinds are kept whole.
///
/// - Source: OpenAI, "Create a model response", `tools`, `tool_choice`.
enum ResponsesToolReader {
    static func read(
        _ fields: inout MemberReader, into conversation: inout Conversation
    ) throws(TranslationError) {
        let path = fields.path["tools"]
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            conversation.tools.append(try tool(value, at: path[index]))
        }
        if let choice = fields.value("tool_choice") {
            conversation.toolChoice = try self.choice(choice, at: fields.path["tool_choice"])
        }
        conversation.allowsParallelToolCalls = try fields.boolean("parallel_tool_calls")
    }

    private static func tool(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Tool {
        var fields = try MemberReader(value, at: path)
        let type = try fields.requiredString("type")
        guard type == "function" else { return Tool(name: value["name"]?.string ?? type, kind: .native(value)) }
        var tool = try OpenAIToolReader.tool(&fields)
        tool.extras = fields.leftovers(of: .responses)
        return tool
    }

    private static func choice(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> ToolChoice {
        switch value {
        case .string("auto"): return .automatic
        case .string("none"): return .none
        case .string("required"): return .required
        case .object:
            var fields = try MemberReader(value, at: path)
            switch try fields.requiredString("type") {
            case "function": return .function(try fields.requiredString("name"))
            case "allowed_tools": return among(value) ?? .native(value)
            default: return .native(value)
            }
        default: throw path.wants("auto, none, required or an object")
        }
    }

    /// nil where one of the tools is no function.
    private static func among(_ value: JSONValue) -> ToolChoice? {
        guard let tools = value["tools"]?.array else { return nil }
        let names = tools.compactMap { $0["type"] == .string("function") ? $0["name"]?.string : nil }
        guard names.count == tools.count, !names.isEmpty else { return nil }
        switch value["mode"]?.string {
        case "required": return .among(names, isRequired: true)
        case "auto": return .among(names, isRequired: false)
        default: return nil
        }
    }
}

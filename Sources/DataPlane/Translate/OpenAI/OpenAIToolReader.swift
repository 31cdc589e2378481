import Shared

/// Reads tools, and the choice among them.
enum OpenAIToolReader {
    // MARK: Tools

    /// `tools` and `functions`, `tool_choice` and `function_call`, `parallel_tool_calls`.
    static func read(
        _ fields: inout MemberReader, into conversation: inout Conversation
    ) throws(TranslationError) {
        let path = fields.path["tools"]
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            conversation.tools.append(try tool(value, at: path[index]))
        }
        let oldPath = fields.path["functions"]
        for (index, value) in (try fields.array("functions") ?? []).enumerated() {
            var function = try MemberReader(value, at: oldPath[index])
            var tool = try self.tool(&function)
            tool.extras.addRest(function.leftovers(of: .openai), of: "function")
            conversation.tools.append(tool)
        }
        if let choice = fields.value("tool_choice") {
            conversation.toolChoice = try self.choice(choice, at: fields.path["tool_choice"])
        } else if let choice = fields.value("function_call") {
            conversation.toolChoice = try oldChoice(choice, at: fields.path["function_call"])
        }
        conversation.allowsParallelToolCalls = try fields.boolean("parallel_tool_calls")
    }

    private static func tool(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Tool {
        var fields = try MemberReader(value, at: path)
        let mark = CacheMark(taking: &fields, from: value)
        let type = try fields.requiredString("type")
        guard type == "function" else {
            // A custom tool, or one that only the caller's kind of server has.
            return Tool(name: value[type]?["name"]?.string ?? type, kind: .native(value))
        }
        guard let definition = fields.value("function") else { throw path["function"].wants("an object") }
        var function = try MemberReader(definition, at: path["function"])
        let innerMark = CacheMark(taking: &function, from: definition)
        var tool = try self.tool(&function)
        tool.cacheMark = mark ?? innerMark
        tool.extras = fields.leftovers(of: .openai)
        tool.extras.addRest(function.leftovers(of: .openai), of: "function")
        return tool
    }

    static func tool(_ function: inout MemberReader) throws(TranslationError) -> Tool {
        Tool(
            name: try function.requiredString("name"), summary: try function.string("description"),
            kind: .function(parameters: try function.object("parameters").map { .object($0) }),
            isStrict: try function.boolean("strict"))
    }

    // MARK: Choice

    private static func choice(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> ToolChoice {
        switch value {
        case .string("auto"): return .automatic
        case .string("none"): return .none
        // Mistral's word is the second one.
        case .string("required"), .string("any"): return .required
        case .object:
            var fields = try MemberReader(value, at: path)
            switch try fields.requiredString("type") {
            case "function":
                guard var function = try fields.members("function") else { throw path["function"].wants("an object") }
                return .function(try function.requiredString("name"))
            case "allowed_tools": return among(value) ?? .native(value)
            default: return .native(value)
            }
        default: throw path.wants("auto, none, required or an object")
        }
    }

    /// nil where one of the tools is no function.
    private static func among(_ value: JSONValue) -> ToolChoice? {
        guard let allowed = value["allowed_tools"], let tools = allowed["tools"]?.array else { return nil }
        let names = tools.compactMap { $0["type"] == .string("function") ? $0["function"]?["name"]?.string : nil }
        guard names.count == tools.count, !names.isEmpty else { return nil }
        switch allowed["mode"]?.string {
        case "required": return .among(names, isRequired: true)
        case "auto": return .among(names, isRequired: false)
        default: return nil
        }
    }

    private static func oldChoice(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> ToolChoice {
        switch value {
        case .string("auto"): return .automatic
        case .string("none"): return .none
        default:
            var function = try MemberReader(value, at: path)
            return .function(try function.requiredString("name"))
        }
    }
}

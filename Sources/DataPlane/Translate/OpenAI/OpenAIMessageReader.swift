import Shared

/// Reads the messages of callers' requests, one turn each.
///
/// - Shape: thoughts first, then content, then calls. A message in the old form, with one `function_call` or of the role `function`, is
///   read as if it had been written with tools: its calls get identities by their number.
struct OpenAIMessageReader {
    /// Calls in the old form that no message has answered yet.
    private var unanswered: [(id: String, name: String)] = []
    private var oldCallCount = 0

    static func turns(from messages: [JSONValue], at path: FieldPath) throws(TranslationError) -> [Turn] {
        var reader = OpenAIMessageReader()
        var turns: [Turn] = []
        turns.reserveCapacity(messages.count)
        for (index, message) in messages.enumerated() { turns.append(try reader.turn(message, at: path[index])) }
        return turns
    }

    private mutating func turn(_ message: JSONValue, at path: FieldPath) throws(TranslationError) -> Turn {
        var fields = try MemberReader(message, at: path)
        // Some mark a message rather than one of its parts.
        let mark = CacheMark(taking: &fields, from: message)
        var turn: Turn
        switch try fields.requiredString("role") {
        case "system": turn = try said(&fields, by: .system)
        case "developer": turn = try said(&fields, by: .developer)
        case "user": turn = try said(&fields, by: .user)
        case "assistant": turn = try answered(&fields)
        case "tool":
            turn = try result(&fields, callID: try fields.requiredString("tool_call_id"), name: fields.string("name"))
        case "function":
            let name = try fields.requiredString("name")
            turn = try result(&fields, callID: oldCall(answeredBy: name), name: name)
        default: throw path["role"].wants("system, developer, user, assistant, tool or function")
        }
        turn.extras = fields.leftovers(of: .openai)
        if let mark {
            if let last = turn.parts.indices.last {
                turn.parts[last].cacheMark = turn.parts[last].cacheMark ?? mark
            } else if let value = message[CacheMark.openAIName] {
                turn.extras.add(CacheMark.openAIName, value, of: .openai)
            }
        }
        return turn
    }

    // MARK: Roles

    private func said(_ fields: inout MemberReader, by role: Turn.Role) throws(TranslationError) -> Turn {
        let (parts, form) = try OpenAIPartReader.content(of: &fields, isRequired: true)
        return Turn(role, parts, form: form, name: try fields.string("name"))
    }

    private mutating func answered(_ fields: inout MemberReader) throws(TranslationError) -> Turn {
        var parts: [Part] = []
        if let thoughts = try OpenAIPartReader.thoughts(of: &fields) { parts.append(thoughts) }
        let content = try OpenAIPartReader.content(of: &fields, isRequired: false)
        parts += content.parts
        if let refusal = try fields.string("refusal") { parts.append(Part(.refusal(refusal))) }
        let path = fields.path["tool_calls"]
        for (index, value) in (try fields.array("tool_calls") ?? []).enumerated() {
            parts.append(try call(value, at: path[index]))
        }
        if var function = try fields.members("function_call") {
            oldCallCount += 1
            var call = try OpenAIToolCalls.function(&function, id: "call_function_\(oldCallCount)")
            call.extras = function.leftovers(of: .openai)
            unanswered.append((call.id, call.name))
            parts.append(Part(.toolCall(call)))
        }
        return Turn(.assistant, parts, form: content.form, name: try fields.string("name"))
    }

    private func call(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Part {
        let part = try OpenAIToolCalls.call(value, at: path)
        switch part.content {
        case .toolCall(let call) where call.id.isEmpty: throw path["id"].wants("a string")
        case .native where value["type"] != .string("custom"): throw path["type"].wants("function or custom")
        default: return part
        }
    }

    private func result(
        _ fields: inout MemberReader, callID: String, name: String?
    ) throws(TranslationError) -> Turn {
        let (parts, form) = try OpenAIPartReader.content(of: &fields, isRequired: false)
        return Turn(.tool, [Part(.toolResult(ToolResult(callID: callID, name: name, parts: parts, form: form)))])
    }

    private mutating func oldCall(answeredBy name: String) -> String {
        if let place = unanswered.firstIndex(where: { $0.name == name }) { return unanswered.remove(at: place).id }
        oldCallCount += 1
        return "call_function_\(oldCallCount)"
    }
}

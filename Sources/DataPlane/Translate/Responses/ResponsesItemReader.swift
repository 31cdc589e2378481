import Shared

/// Reads the items of a request, and the turns that they are.
///
/// - Shape: what the assistant said, thought and called between two items of somebody else is one turn. Each part that begins an item has
///   the label `item`, so that the same items are written again. Results of tools are a turn each.
/// - Source: OpenAI, "Create a model response", `input`.
struct ResponsesItemReader {
    private(set) var turns: [Turn] = []
    /// The first item that only its provider knows.
    private(set) var tie: Tie?

    mutating func read(_ value: JSONValue, at path: FieldPath) throws(TranslationError) {
        var fields = try MemberReader(value, at: path)
        switch try fields.string("type") {
        case "message"?: try readMessage(&fields)
        case nil where value["role"] != nil: try readMessage(&fields)
        case "function_call"?: answered([try ResponsesItems.call(&fields)])
        case "function_call_output"?: turns.append(Turn(.tool, [try result(&fields)]))
        case "reasoning"?: answered([try ResponsesItems.reasoning(&fields)])
        case "item_reference"?: try refer(value, at: path, "send the item itself")
        case nil where value["id"]?.string != nil: try refer(value, at: path, "send the item itself")
        case "compaction"?: try refer(value, at: path, "send the conversation that it stands for")
        case let type?: keep(value, type)
        case nil: throw path["type"].wants("message, function_call, function_call_output, reasoning or another type")
        }
    }

    // MARK: Messages

    private mutating func readMessage(_ fields: inout MemberReader) throws(TranslationError) {
        let role: Turn.Role
        switch try fields.requiredString("role") {
        case "user": role = .user
        case "system": role = .system
        case "developer": role = .developer
        case "assistant": return answered(try ResponsesItems.message(&fields))
        default: throw fields.path["role"].wants("user, system, developer or assistant")
        }
        let (parts, form) = try ResponsesPartReader.content(of: &fields, "content")
        var turn = Turn(role, parts, form: form)
        for member in fields.leftovers(of: .responses).members {
            if ResponsesItems.labels.contains(member.name) {
                turn.extras.add(label: member.name, member.value, of: .responses)
            } else {
                turn.extras.add(member.name, member.value, of: .responses)
            }
        }
        turns.append(turn)
    }

    private mutating func answered(_ parts: [Part]) {
        if turns.last?.role == .assistant {
            turns[turns.count - 1].parts += parts
        } else {
            turns.append(Turn(.assistant, parts))
        }
    }

    // MARK: Results

    private func result(_ fields: inout MemberReader) throws(TranslationError) -> Part {
        // A result without one belongs to the first call of its tool that has none either.
        let callID = try fields.string("call_id") ?? ""
        let (parts, form) = try ResponsesPartReader.content(of: &fields, "output")
        let name = try fields.string("name")
        var part = Part(.toolResult(ToolResult(callID: callID, name: name, parts: parts, form: form)))
        part.extras = ResponsesItems.extras(fields)
        return part
    }

    // MARK: Items of other kinds

    private mutating func refer(
        _ value: JSONValue, at path: FieldPath, _ remedy: String
    ) throws(TranslationError) {
        tie = tie ?? Tie(field: path.text, reason: "\(ResponsesLabels.tieReason); \(remedy)")
        answered([Part(.native(value, of: .responses))])
    }

    /// What came of a tool is told by the caller; all else is the model's or the provider's.
    private mutating func keep(_ value: JSONValue, _ type: String) {
        let part = Part(.native(value, of: .responses))
        if type.hasSuffix("_output") || type.hasSuffix("_response") {
            turns.append(Turn(.tool, [part]))
        } else {
            answered([part])
        }
    }
}

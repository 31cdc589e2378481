import Shared

/// Items.
///
/// - Shape: a turn of the model is as many items as it has messages, thoughts and calls, in their order; a turn of others is the results of
///   tools that it has, each an item, and one message.
extension ResponsesRequestWriter {
    mutating func writeInput() {
        var turns = conversation.turns[...]
        if let text = instructions {
            writer.member("instructions", text)
            for turn in turns.prefix(1) { drop(turn.extras, under: "messages[].") }
            itemCount += 1
            turns = turns.dropFirst()
        }
        if turns.isEmpty { return }
        writer.name("input")
        if turns.count == 1, let turn = turns.first, turn.role == .user, turn.form == .text, turn.extras.isEmpty,
            turn.name == nil, let part = turn.parts.first, turn.parts.count == 1, let text = part.text, !part.hasLabels
        {
            itemCount += 1
            return writer.string(text)
        }
        writer.beginArray()
        for turn in turns {
            if turn.name != nil { rendered.drop("messages[].name") }
            if turn.role == .assistant { writeAnswer(turn) } else { writeOther(turn) }
        }
        writer.endArray()
    }

    /// The text that goes where this dialect has its instructions; nil: all stand among the items.
    private var instructions: String? {
        guard target.capabilities.systemMessages, let turn = conversation.turns.first, turn.parts.count == 1,
            let part = turn.parts.first, let text = part.text
        else { return nil }
        if isOurs { return turn.extras[ResponsesLabels.instructions] == nil ? nil : text }
        return turn.role == .system || turn.role == .developer ? text : nil
    }

    // MARK: Of others than the model

    private mutating func writeOther(_ turn: Turn) {
        drop(turn.extras, under: "messages[].")
        var rest: [Part] = []
        var hasItems = false
        for part in turn.parts {
            switch part.content {
            case .toolResult(let result):
                write(result, of: part)
                hasItems = true
            case .native(let value, of: .responses) where turn.role == .tool:
                write(native: value)
                hasItems = true
            default: rest.append(part)
            }
        }
        if hasItems, rest.isEmpty { return }
        let role = target.openAIRole(of: turn.role)
        let content = expressible(rest)
        if content.isEmpty, !rest.isEmpty { return }
        itemCount += 1
        writer.beginObject()
        writer.member("type", "message")
        writer.member("role", role)
        write(content: content, named: "content", as: "input_text", isBare: turn.form != .parts || !isOurs)
        writer.members(turn.extras.members(for: .responses), but: [ResponsesLabels.instructions])
        writer.endObject()
    }

    private mutating func write(_ result: ToolResult, of part: Part) {
        itemCount += 1
        drop(part.extras, under: "messages[].content[].")
        drop(result.extras, under: "messages[].content[].")
        var content = expressible(result.parts.map { $0.readable(in: .responses) })
        if result.isError == true { OpenAIRequestWriter.markAsError(&content) }
        writer.beginObject()
        writer.member("type", "function_call_output")
        writer.member("call_id", callIDs.id(ofResult: result.callID, named: result.name))
        if isOurs, let name = result.name { writer.member("name", name) }
        write(content: content, named: "output", as: "input_text", isBare: result.form != .parts || !isOurs)
        writer.members(part.extras.members(for: .responses))
        writer.endObject()
    }

    private mutating func write(native value: JSONValue) {
        itemCount += 1
        value.write(to: &writer)
    }

    // MARK: Of the model

    private mutating func writeAnswer(_ turn: Turn) {
        if !isOurs { drop(turn.extras, under: "messages[].") }
        var said: [Part] = []
        for part in turn.parts {
            if part.beginsItem {
                write(message: said)
                said = []
            }
            switch part.content {
            case .thinking(let thinking):
                write(message: said)
                said = []
                write(thinking, of: part)
            case .toolCall(let call):
                write(message: said)
                said = []
                write(call, of: part)
            case .native(let value, of: .responses) where !part.isInsideMessage:
                write(message: said)
                said = []
                write(native: value)
            default: said.append(part)
            }
        }
        write(message: said)
    }

    private mutating func write(message parts: [Part]) {
        let content = expressible(parts, asAnswer: true).filter { $0.beginsItem || $0.saysSomething }
        guard let first = content.first else { return }
        itemCount += 1
        let members = first.extras.members(for: .responses).first { $0.name == ResponsesLabels.item }?.value
        writer.beginObject()
        writer.member("type", "message")
        writer.member("role", "assistant")
        write(content: content, named: "content", as: "output_text", isBare: members?.object == nil)
        writer.members(members?.object?.members ?? [])
        writer.endObject()
    }

    /// Another provider's thoughts are of no use here.
    private mutating func write(_ thinking: Thinking, of part: Part) {
        guard thinking.origin == .responses, target.capabilities.reasoning else { return }
        itemCount += 1
        let labels = part.extras.members(for: .responses)
        writer.beginObject()
        writer.member("type", "reasoning")
        if !labels.contains(where: { $0.name == "summary" }) {
            writer.name("summary")
            writer.array { writer in
                if let text = thinking.text, !text.isEmpty { ResponsesItemWriter.writeSummary(text, to: &writer) }
            }
        }
        if let encrypted = ResponsesThoughts.encrypted(thinking) { writer.member("encrypted_content", encrypted) }
        writer.members(labels)
        writer.endObject()
    }

    private mutating func write(_ call: ToolCall, of part: Part) {
        itemCount += 1
        drop(part.extras, under: "messages[].tool_calls[].")
        drop(call.extras, under: "messages[].tool_calls[].")
        writer.beginObject()
        writer.member("type", "function_call")
        writer.member("call_id", callIDs.id(ofCall: call.id, named: call.name))
        writer.member("name", toolNames.name(for: call.name))
        writer.member("arguments", call.arguments.isEmpty ? "{}" : call.arguments)
        writer.members(part.extras.members(for: .responses))
        writer.endObject()
    }
}

extension Part {
    /// Whether a message of its own begins with it.
    var beginsItem: Bool { extras.members(for: .responses).contains { $0.name == ResponsesLabels.item } }
}

extension Part {
    /// False for an empty text.
    fileprivate var saysSomething: Bool {
        switch content {
        case .text(let text), .refusal(let text): !text.isEmpty
        default: true
        }
    }
}

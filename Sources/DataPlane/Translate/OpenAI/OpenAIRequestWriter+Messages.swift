import Shared

/// Messages.
///
/// - Shape: a turn is one message, but for a turn with results of tools. OpenAI wants these directly behind the calls, one message each, and
///   of text only: so they come first, then one message of the user with what else was in them, then with what else the user said. A turn of
///   which the target can be told nothing is left out.
extension OpenAIRequestWriter {
    mutating func writeMessages() {
        writer.name("messages")
        writer.beginArray()
        for turn in conversation.turns {
            drop(turn.extras, under: "messages[].")
            if turn.role == .assistant {
                writeShown()
                writeAnswer(turn)
            } else {
                writeOther(turn)
            }
        }
        writeShown()
        writer.endArray()
    }

    private mutating func begin(_ role: String) {
        messageCount += 1
        writer.beginObject()
        writer.member("role", role)
    }

    // MARK: Of others than the model

    private mutating func writeOther(_ turn: Turn) {
        var rest: [Part] = []
        for part in turn.parts {
            if case .toolResult(let result) = part.content {
                write(result, of: part, in: turn)
            } else {
                rest.append(part)
            }
        }
        let hasResults = rest.count < turn.parts.count
        if hasResults, rest.isEmpty { return }
        let role = target.openAIRole(of: turn.role)
        if role == "user" { rest = takeShown() + rest } else { writeShown() }
        let content = expressible(rest, asText: role != "user")
        if content.isEmpty, !rest.isEmpty { return }
        begin(role)
        if let name = turn.name { writer.member("name", name) }
        write(content: content, turn.form)
        writer.members(of: turn.extras)
        writer.endObject()
    }

    // MARK: Results

    private mutating func write(_ result: ToolResult, of part: Part, in turn: Turn) {
        drop(part.extras, under: "messages[].content[].")
        drop(result.extras, under: "messages[].content[].")
        let id = callIDs.id(ofResult: result.callID, named: result.name)
        var texts: [Part] = []
        var others: [Part] = []
        for part in result.parts.lazy.map({ $0.readable(in: .openai) }) {
            switch part.content {
            case .text: texts.append(part)
            case .document(let media):
                if let text = OpenAIMedia.text(of: media) {
                    texts.append(Part(.text(text)))
                } else {
                    others.append(part)
                }
            case .image, .audio, .video: others.append(part)
            default: texts += expressible([part], asText: true)
            }
        }
        others = expressible(others, asText: false)
        if !others.isEmpty {
            shown += [Part(.text("Result of the call \(id):"))] + others
            if texts.isEmpty { texts = [Part(.text("The result is shown in the next message."))] }
        }
        if result.isError == true { Self.markAsError(&texts) }
        if let last = texts.indices.last { texts[last].cacheMark = texts[last].cacheMark ?? part.cacheMark }
        begin("tool")
        writer.member("tool_call_id", id)
        if isOurs, let name = result.name { writer.member("name", name) }
        write(content: texts, .text)
        // In this dialect a result is a message of its own.
        if turn.role == .tool { writer.members(of: turn.extras) }
        writer.endObject()
    }

    /// There is no flag for it: the model reads it, as most tools write it anyway.
    static func markAsError(_ texts: inout [Part]) {
        let first = texts.first?.text ?? ""
        if first.prefix(5).lowercased() == "error" { return }
        let marked = Part(.text(first.isEmpty ? "Error" : "Error: \(first)"), cacheMark: texts.first?.cacheMark)
        if texts.first?.text == nil { texts.insert(marked, at: 0) } else { texts[0] = marked }
    }

    private mutating func takeShown() -> [Part] {
        defer { shown = [] }
        return shown
    }

    /// Behind the last result, where the user says no more.
    private mutating func writeShown() {
        guard !shown.isEmpty else { return }
        begin("user")
        write(content: takeShown(), .parts)
        writer.endObject()
    }

    // MARK: Of the model

    private mutating func writeAnswer(_ turn: Turn) {
        var content: [Part] = []
        var calls: [Part] = []
        var (thoughts, refusal) = ("", "")
        for part in turn.parts {
            switch part.content {
            case .toolCall: calls.append(part)
            // Calls of other kinds than functions have no text.
            case .native(let value, of: .openai) where OpenAIToolCalls.isCall(value): calls.append(part)
            case .thinking(let thinking):
                if thinking.origin == .openai { thoughts += thinking.text ?? "" }
            case .refusal(let text) where turn.form != .parts: refusal += text
            default: content.append(part)
            }
        }
        content = expressible(content, asText: true)
        let isBare = content.isEmpty && refusal.isEmpty && calls.isEmpty
        if isBare, thoughts.isEmpty, !turn.parts.isEmpty { return }
        begin("assistant")
        if let name = turn.name { writer.member("name", name) }
        switch turn.form {
        case .absent where content.isEmpty: break
        case .parts where isBare: write(content: [], .text)
        case .parts where content.isEmpty: write(content: [], .null)
        default: write(content: content, turn.form)
        }
        if !refusal.isEmpty { writer.member("refusal", refusal) }
        if !thoughts.isEmpty { writer.member("reasoning_content", thoughts) }
        write(calls: calls)
        writer.members(of: turn.extras)
        writer.endObject()
    }

    private mutating func write(calls: [Part]) {
        guard !calls.isEmpty else { return }
        writer.name("tool_calls")
        writer.beginArray()
        for part in calls {
            switch part.content {
            case .toolCall(let call): write(call, of: part)
            case .native(let value, _): value.write(to: &writer)
            default: break
            }
        }
        writer.endArray()
    }

    private mutating func write(_ call: ToolCall, of part: Part) {
        drop(part.extras, under: "messages[].tool_calls[].")
        drop(call.extras, under: "messages[].tool_calls[].")
        let id = callIDs.id(ofCall: call.id, named: call.name)
        // A signature goes back to where it came from in this dialect; OpenAI has no place for it.
        let isSigned = isOurs && part.extras[ToolCall.signatureHolder] != nil
        writer.write(call, of: part, id: id, name: toolNames.name(for: call.name), isSigned: isSigned)
    }
}

extension TargetTraits {
    /// Who speaks, in OpenAI's words.
    func openAIRole(of role: Turn.Role) -> String {
        switch role {
        case .assistant: return "assistant"
        case .user, .tool: return "user"
        case .system, .developer:
            // A model without instructions is told by its user.
            guard capabilities.systemMessages else { return "user" }
            return role == .developer && quirks.developerRole ? "developer" : "system"
        }
    }
}

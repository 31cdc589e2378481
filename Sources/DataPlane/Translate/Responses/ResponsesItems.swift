import Shared

/// Reads what a model says: in a request, where callers give it back, and in an answer.
enum ResponsesItems {
    /// Members that tell a model nothing.
    static let labels: Set = ["id", "status", "phase"]

    /// What is left of an item; its type and its role have been taken.
    static func extras(_ fields: MemberReader) -> Extras {
        var extras = Extras()
        for member in fields.leftovers(of: .responses).members where member.value != .null {
            if labels.contains(member.name) {
                extras.add(label: member.name, member.value, of: .responses)
            } else {
                extras.add(member.name, member.value, of: .responses)
            }
        }
        return extras
    }

    // MARK: Messages

    /// The parts of an assistant's message, at least one.
    static func message(_ fields: inout MemberReader) throws(TranslationError) -> [Part] {
        _ = fields.take("role")
        var (parts, form) = try ResponsesPartReader.content(of: &fields, "content")
        if parts.isEmpty { parts = [Part(.text(""))] }
        for index in parts.indices {
            guard case .native = parts[index].content else { continue }
            parts[index].extras.add(label: ResponsesLabels.inside, .boolean(true), of: .responses)
        }
        let rest = extras(fields)
        // A message in the short form is written in it again.
        if form == .text, rest.isEmpty {
            parts[0].extras.add(label: ResponsesLabels.item, .null, of: .responses)
            return parts
        }
        var item = JSONObject()
        for member in rest.members {
            item[member.name] = member.value
            if !labels.contains(member.name) { parts[0].extras.add(member.name, member.value, of: .responses) }
        }
        parts[0].extras.add(label: ResponsesLabels.item, .object(item), of: .responses)
        return parts
    }

    // MARK: Calls

    static func call(_ fields: inout MemberReader) throws(TranslationError) -> Part {
        let id = try fields.string("call_id") ?? ""
        var part = Part(.toolCall(try OpenAIToolCalls.function(&fields, id: id)))
        part.extras = extras(fields)
        return part
    }

    // MARK: Reasoning

    /// - Shape: the text is the summary's, or the reasoning's own where a server shows that. What it came in is kept where it was more than
    ///   one summary.
    static func reasoning(_ fields: inout MemberReader) throws(TranslationError) -> Part {
        let summary = try texts(&fields, "summary")
        let content = try texts(&fields, "content")
        let encrypted = try fields.string("encrypted_content")
        let text = (summary.texts.isEmpty ? content.texts : summary.texts).joined(
            separator: ResponsesThoughts.separator)
        var part = Part(.thinking(ResponsesThoughts.thinking(text: text, encrypted: encrypted)))
        if summary.texts.count != 1, !(summary.texts.isEmpty && content.texts.isEmpty) || !summary.isPlain {
            part.extras.add(label: "summary", summary.value, of: .responses)
        }
        if !content.texts.isEmpty { part.extras.add(label: "content", content.value, of: .responses) }
        // Thoughts are of use to their own provider only, and so is what it says of them.
        for member in fields.leftovers(of: .responses).members where member.value != .null {
            part.extras.add(label: member.name, member.value, of: .responses)
        }
        return part
    }

    private static func texts(
        _ fields: inout MemberReader, _ name: String
    ) throws(TranslationError) -> (texts: [String], isPlain: Bool, value: JSONValue) {
        var texts: [String] = []
        var isPlain = true
        let pieces = try fields.array(name) ?? []
        for (index, piece) in pieces.enumerated() {
            var members = try MemberReader(piece, at: fields.path[name][index])
            texts.append(try members.requiredString("text"))
            _ = members.take("type")
            isPlain = isPlain && members.isExhausted
        }
        return (texts, isPlain, .array(pieces))
    }
}

extension Part {
    /// Of a kind that only this dialect has, among the texts of a message.
    var isInsideMessage: Bool {
        if case .native(_, of: .responses) = content { extras[ResponsesLabels.inside] != nil } else { false }
    }

    var hasLabels: Bool { !extras.isEmpty || cacheMark != nil }
}

import Shared

/// Reads a caller's `GenerateContentRequest`.
///
/// - Shape: fields of `generationConfig` and `toolConfig` that the form has no place for are extras under their whole path, such as
///   `generationConfig.speechConfig`.
struct GeminiRequestReader {
    var conversation = Conversation()

    /// - Errors: `invalid`, naming the field.
    static func conversation(
        from body: JSONValue, at path: FieldPath, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        var reader = GeminiRequestReader()
        try reader.read(body, at: path, of: call)
        return reader.conversation
    }

    private mutating func read(
        _ body: JSONValue, at path: FieldPath, of call: InboundCall
    ) throws(TranslationError) {
        var members = try MemberReader(gemini: body, at: path)
        // The path of the call is what counts; clients repeat the name in the body, with its collection.
        let named = try members.string("model")
        guard let model = call.model ?? named else { throw path["model"].wants("a string") }
        conversation.origin = .gemini
        conversation.model = model
        conversation.isStream = call.isStream ?? false
        if let value = members.value("systemInstruction") {
            conversation.turns.append(try systemTurn(value, at: path["systemInstruction"]))
        }
        try readContents(members.value("contents"), at: path["contents"])
        try readTools(&members)
        if let config = try members.message("toolConfig") { try readToolConfig(config) }
        if let config = try members.message("generationConfig") { try readGenerationConfig(config) }
        conversation.serviceTier = try members.string("serviceTier")
        conversation.metadata = try members.object("labels")
        keep(members, under: "")
    }

    /// What nobody took.
    mutating func keep(_ members: MemberReader, under prefix: String) {
        for member in members.leftovers(of: .gemini).members {
            conversation.extras.add(prefix + member.name, member.value, of: .gemini)
        }
    }

    // MARK: History

    /// A content without need of a role, or a bare text.
    private func systemTurn(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Turn {
        if let text = value.string { return Turn(.system, [Part(.text(text))], form: .text) }
        var members = try MemberReader(gemini: value, at: path)
        _ = members.take("role")
        var turn = Turn(.system, [])
        var reader = GeminiPartReader()
        try Self.readParts(&members, with: &reader, into: &turn.parts)
        turn.extras = members.leftovers(of: .gemini)
        return turn
    }

    private mutating func readContents(_ value: JSONValue?, at path: FieldPath) throws(TranslationError) {
        // One content for a list of one, as several clients send it.
        let contents = value?.array ?? (value?.object != nil ? [value ?? .null] : [])
        guard !contents.isEmpty else { throw path.wants("a list of contents") }
        var reader = GeminiPartReader()
        for (index, value) in contents.enumerated() {
            var members = try MemberReader(gemini: value, at: path[index])
            let role = try Self.role(members.string("role"), at: members.path["role"])
            let isAnswer = role == .assistant
            reader.beginContent(index, beginsStep: isAnswer && conversation.turns.last?.role != .assistant)
            var turn = Turn(role, [])
            try Self.readParts(&members, with: &reader, into: &turn.parts)
            turn.extras = members.leftovers(of: .gemini)
            if role == .user, Self.isOnlyResults(turn.parts) { turn.role = .tool }
            conversation.turns.append(turn)
        }
    }

    private static func role(_ name: String?, at path: FieldPath) throws(TranslationError) -> Turn.Role {
        switch name {
        case "user", nil, "": .user
        case "model": .assistant
        case "function": .tool
        default: throw path.wants("user or model")
        }
    }

    private static func isOnlyResults(_ parts: [Part]) -> Bool {
        !parts.isEmpty
            && parts.allSatisfy { part in
                if case .toolResult = part.content { true } else { false }
            }
    }

    private static func readParts(
        _ members: inout MemberReader, with reader: inout GeminiPartReader, into parts: inout [Part]
    ) throws(TranslationError) {
        let path = members.path["parts"]
        switch members.value("parts") {
        case .array(let values)?:
            for (index, value) in values.enumerated() { try reader.append(value, at: path[index], to: &parts) }
        case .object(let object)?: try reader.append(.object(object), at: path, to: &parts)
        case nil: break
        default: throw path.wants("a list of parts")
        }
    }
}

import Shared

/// Reads content blocks: of messages, of the system's instructions, of results of tools, of answers.
///
/// - Shape: a block of a kind that has no word in the form is kept whole, as are sources of a kind that nobody here knows.
/// - Errors: `invalid`, naming the member of a block that is not as its kind wants it.
enum AnthropicBlockReader {
    /// Content that is a text or a list of blocks.
    static func content(
        _ value: JSONValue, at path: FieldPath
    ) throws(TranslationError) -> (parts: [Part], form: Turn.Form) {
        switch value {
        case .string(let text): return ([Part(.text(text))], .text)
        case .array(let blocks): return (try parts(blocks, at: path), .parts)
        default: throw path.wants("a text or a list of content blocks")
        }
    }

    static func parts(_ blocks: [JSONValue], at path: FieldPath) throws(TranslationError) -> [Part] {
        var parts: [Part] = []
        parts.reserveCapacity(blocks.count)
        for (index, block) in blocks.enumerated() { parts.append(try part(block, at: path[index])) }
        return parts
    }

    /// The blocks of an answer: what is not as its kind wants it is kept whole rather than refused.
    static func lenientParts(_ blocks: [JSONValue]) -> [Part] {
        blocks.compactMap {
            Part(lenient: $0, of: .anthropic) { block throws(TranslationError) in try part(block, at: .body) }
        }
    }

    static func part(_ block: JSONValue, at path: FieldPath) throws(TranslationError) -> Part {
        var members = try MemberReader(block, at: path)
        let type = try members.requiredString("type")
        guard let content = try content(ofType: type, &members) else { return Part(.native(block, of: .anthropic)) }
        var part = Part(content)
        part.cacheMark = try cacheMark(&members, into: &part.extras)
        part.extras.add(members.leftovers(of: .anthropic))
        return part
    }

    /// What a block says; nil where the form has no word for it.
    private static func content(
        ofType type: String, _ members: inout MemberReader
    ) throws(TranslationError) -> Part.Content? {
        switch type {
        case "text": .text(try members.requiredString("text"))
        case "image": try media(&members).map { .image($0) }
        case "document": try document(&members)
        case "thinking":
            .thinking(
                Thinking(
                    anthropicText: try members.requiredString("thinking"), signature: try members.string("signature")))
        case "redacted_thinking": .thinking(Thinking(anthropicSealed: try members.requiredString("data")))
        case "tool_use": .toolCall(try toolCall(&members))
        case "tool_result": .toolResult(try toolResult(&members))
        default: nil
        }
    }

    // MARK: Kinds

    private static func toolCall(_ members: inout MemberReader) throws(TranslationError) -> ToolCall {
        let id = try members.requiredString("id")
        let name = try members.requiredString("name")
        guard let input = try members.object("input") else { throw members.path["input"].wants("an object") }
        let arguments = String(decoding: JSONValue.object(input).bytes, as: UTF8.self)
        return ToolCall(id: id, name: name, arguments: arguments)
    }

    private static func toolResult(_ members: inout MemberReader) throws(TranslationError) -> ToolResult {
        let id = try members.requiredString("tool_use_id")
        var result = ToolResult(callID: id, parts: [], form: .absent)
        if let value = members.value("content") {
            (result.parts, result.form) = try content(value, at: members.path["content"])
        }
        result.isError = try members.boolean("is_error")
        return result
    }

    private static func document(_ members: inout MemberReader) throws(TranslationError) -> Part.Content? {
        guard var media = try media(&members) else { return nil }
        media.title = try members.string("title")
        return .document(media)
    }

    /// Where an image or a document is; nil where that is said in a way that is not known.
    private static func media(_ members: inout MemberReader) throws(TranslationError) -> Media? {
        guard var source = try members.members("source") else { throw members.path["source"].wants("an object") }
        let type = try source.requiredString("type")
        var media: Media
        switch type {
        case "base64":
            let data = try source.requiredString("data")
            media = Media(.data(data), type: try source.string("media_type"))
        case "text":
            let text = try source.requiredString("data")
            media = Media(.text(text), type: try source.string("media_type"))
        case "url": media = Media(.url(try source.requiredString("url")))
        case "file": media = Media(.file(try source.requiredString("file_id")))
        case "content":
            guard let known = try contentSource(&source) else { return nil }
            media = known
        default: return nil
        }
        media.extras.add(source.leftovers(of: .anthropic))
        return media
    }

    /// A document whose text is cut by the caller: a text, or blocks of text. Other dialects get the text, and lose the cuts.
    private static func contentSource(_ source: inout MemberReader) throws(TranslationError) -> Media? {
        guard let content = source.value("content") else {
            throw source.path["content"].wants("a text or a list of content blocks")
        }
        let parts = try self.content(content, at: source.path["content"]).parts
        let texts = parts.compactMap(\.text)
        guard texts.count == parts.count else { return nil }
        var media = Media(.text(texts.joined(separator: "\n\n")), type: "text/plain")
        media.extras.mark(.contentSource, of: .anthropic)
        if content.array != nil { media.extras.add("content", content, of: .anthropic) }
        return media
    }

    // MARK: Cache marks

    /// - Parameter extras: gets what the mark says beyond its length.
    static func cacheMark(
        _ members: inout MemberReader, into extras: inout Extras
    ) throws(TranslationError) -> CacheMark? {
        guard let object = try members.object("cache_control") else { return nil }
        var control = MemberReader(object, at: members.path["cache_control"])
        let type = try control.requiredString("type")
        guard type == "ephemeral", let mark = CacheMark(anthropic: try control.string("ttl")) else {
            extras.add("cache_control", .object(object), of: .anthropic)
            return nil
        }
        let rest = control.leftovers(of: .anthropic)
        if !rest.isEmpty { extras.add("cache_control", .object(rest.object), of: .anthropic) }
        return mark
    }
}

import Shared

/// Reads content blocks: of messages, of the system's instructions, of results of tools, of answers.
///
/// - Shape: a block is an object with one member, whose name is its kind. One of a kind that the form has no word for is kept whole. A
///   cache point belongs to the block before it.
/// - Errors: `invalid`, naming the member of a block that is not as its kind wants it.
enum BedrockBlockReader {
    static func parts(_ blocks: [JSONValue], at path: FieldPath) throws(TranslationError) -> [Part] {
        var parts: [Part] = []
        parts.reserveCapacity(blocks.count)
        for (index, block) in blocks.enumerated() {
            if let mark = cacheMark(block), let last = parts.indices.last, parts[last].cacheMark == nil {
                parts[last].cacheMark = mark
            } else {
                parts.append(try part(block, at: path[index]))
            }
        }
        return parts
    }

    /// The blocks of an answer: what is not as its kind wants it is kept whole rather than refused.
    static func lenientParts(_ blocks: [JSONValue]) -> [Part] {
        blocks.compactMap {
            Part(lenient: $0, of: .bedrock) { block throws(TranslationError) in try part(block, at: .body) }
        }
    }

    static func part(_ block: JSONValue, at path: FieldPath) throws(TranslationError) -> Part {
        var members = try MemberReader(block, at: path)
        guard let object = block.object, let kind = object.members.first(where: { $0.value != .null })?.name else {
            throw path.wants("an object with a content block in it")
        }
        // The provider runs its own tools itself: nobody is asked to.
        let isOwnTool = kind.hasPrefix("tool") && block[kind]?["type"]?.string != nil
        guard !isOwnTool, var part = try part(ofKind: kind, &members) else { return Part(.native(block, of: .bedrock)) }
        part.extras.add(members.leftovers(of: .bedrock))
        return part
    }

    /// nil for a kind that the form has no word for.
    private static func part(ofKind kind: String, _ members: inout MemberReader) throws(TranslationError) -> Part? {
        switch kind {
        case "text": Part(.text(try members.requiredString(kind)))
        case "image": Part(.image(try media(.image, kind, &members)))
        case "document": Part(.document(try media(.document, kind, &members)))
        case "video": Part(.video(try media(.video, kind, &members)))
        case "audio": Part(.audio(try media(.audio, kind, &members)))
        case "toolUse": try toolCall(kind, &members)
        case "toolResult": Part(.toolResult(try toolResult(kind, &members)))
        case "reasoningContent": try thinking(kind, &members)
        case "citationsContent": try cited(kind, &members)
        case "guardContent": try guarded(kind, &members)
        default: nil
        }
    }

    /// The members of the object that is a block's one member.
    private static func content(
        _ kind: String, _ members: inout MemberReader
    ) throws(TranslationError) -> MemberReader {
        guard let content = try members.members(kind) else { throw members.path[kind].wants("an object") }
        return content
    }

    // MARK: Cache points

    /// nil for what is no cache point, and for one that is not as those that are known.
    static func cacheMark(_ block: JSONValue) -> CacheMark? {
        guard let block = block.object, block.members.count == 1, let point = block["cachePoint"]?.object,
            point["type"]?.string == "default"
        else { return nil }
        let rest = point.members.filter { $0.value != .null && $0.name != "type" }
        guard let ttl = rest.first else { return CacheMark() }
        guard rest.count == 1, ttl.name == "ttl", let length = ttl.value.string else { return nil }
        return CacheMark(bedrock: length)
    }

    // MARK: Media

    private static func media(
        _ kind: BedrockMediaFormat, _ name: String, _ members: inout MemberReader
    ) throws(TranslationError) -> Media {
        var block = try content(name, &members)
        let format = try block.string("format")
        guard let value = block.value("source") else { throw block.path["source"].wants("an object") }
        var media = try source(value, at: block.path["source"])
        media.type = format.map(kind.type)
        if kind == .document { media.title = try block.string("name") }
        media.extras.add(block.leftovers(of: .bedrock))
        return media
    }

    /// Where media are. What the form cannot say of it goes along as it stood.
    private static func source(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Media {
        var source = try MemberReader(value, at: path)
        if let data = try source.string("bytes") { return Media(.data(data)) }
        var media: Media
        if let text = try source.string("text") {
            media = Media(.text(text))
            media.extras.mark(.textSource, of: .bedrock)
            return media
        }
        if var place = try source.members("s3Location") {
            media = Media(.file(try place.requiredString("uri")))
            guard !place.isExhausted else { return media }
        } else if let blocks = try source.array("content") {
            let texts = blocks.compactMap { $0["text"]?.string }
            guard texts.count == blocks.count else { throw path["content"].wants("a list of texts") }
            media = Media(.text(texts.joined(separator: "\n\n")))
        } else {
            throw path.wants("an object with one of bytes, s3Location, text and content")
        }
        media.extras.add("source", value, of: .bedrock)
        return media
    }

    // MARK: Tools

    private static func toolCall(_ kind: String, _ members: inout MemberReader) throws(TranslationError) -> Part {
        var block = try content(kind, &members)
        let id = try block.requiredString("toolUseId")
        let name = try block.requiredString("name")
        let input = block.value("input").map { String(decoding: $0.bytes, as: UTF8.self) }
        var call = ToolCall(id: id, name: name, arguments: input ?? "{}")
        call.extras = block.leftovers(of: .bedrock)
        return Part(.toolCall(call))
    }

    private static func toolResult(
        _ kind: String, _ members: inout MemberReader
    ) throws(TranslationError) -> ToolResult {
        var block = try content(kind, &members)
        var result = ToolResult(callID: try block.requiredString("toolUseId"), parts: [])
        guard let blocks = try block.array("content") else { throw block.path["content"].wants("a list") }
        for (index, value) in blocks.enumerated() {
            let path = block.path["content"][index]
            if let json = json(value) {
                result.parts.append(json)
            } else {
                result.parts.append(try part(value, at: path))
            }
        }
        switch try block.string("status") {
        case nil: break
        case "success": result.isError = false
        case "error": result.isError = true
        default: throw block.path["status"].wants("success or error")
        }
        result.extras = block.leftovers(of: .bedrock)
        return result
    }

    /// A piece of a tool's result that is JSON: a text that says so.
    private static func json(_ block: JSONValue) -> Part? {
        guard let object = block.object, object.members.count == 1, let value = object["json"] else { return nil }
        var part = Part(.text(String(decoding: value.bytes, as: UTF8.self)))
        part.extras.mark(.json, of: .bedrock)
        return part
    }

    // MARK: Thoughts

    private static func thinking(_ kind: String, _ members: inout MemberReader) throws(TranslationError) -> Part? {
        var block = try content(kind, &members)
        var thinking: Thinking
        if var text = try block.members("reasoningText") {
            thinking = BedrockThoughts.thinking(
                text: try text.requiredString("text"), signature: try text.string("signature"))
            thinking.extras = text.leftovers(of: .bedrock)
        } else if let redacted = try block.string("redactedContent") {
            thinking = BedrockThoughts.thinking(redacted: redacted)
        } else {
            return nil
        }
        return Part(.thinking(thinking))
    }

    // MARK: Texts with something about them

    /// A text and where it was found: the text, with the citations beside it.
    private static func cited(_ kind: String, _ members: inout MemberReader) throws(TranslationError) -> Part? {
        var block = try content(kind, &members)
        let pieces = try block.array("content") ?? []
        let texts = pieces.compactMap { $0["text"]?.string }
        guard texts.count == pieces.count else { return nil }
        var part = Part(.text(texts.joined()))
        part.extras.add("citations", block.value("citations") ?? .array([]), of: .bedrock)
        if texts.count > 1 { part.extras.add("content", .array(pieces), of: .bedrock) }
        part.extras.add(block.leftovers(of: .bedrock))
        return part
    }

    /// A text or an image that a guardrail is to look at: itself, with the mark beside it.
    private static func guarded(_ kind: String, _ members: inout MemberReader) throws(TranslationError) -> Part? {
        var block = try content(kind, &members)
        var part: Part
        var rest = JSONObject()
        if var text = try block.members("text") {
            part = Part(.text(try text.requiredString("text")))
            rest["text"] = .object(JSONObject(text.leftovers(of: .bedrock).members))
        } else if block.value("image") != nil {
            part = Part(.image(try media(.image, "image", &block)))
            rest["image"] = .object(JSONObject())
        } else {
            return nil
        }
        part.extras.add("guardContent", .object(rest), of: .bedrock)
        return part
    }
}

extension JSONObject {
    /// Of members that have different names.
    init(_ members: [Member]) {
        self.init()
        for member in members { self[member.name] = member.value }
    }
}

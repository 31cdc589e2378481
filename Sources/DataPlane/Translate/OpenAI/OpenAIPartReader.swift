import Shared

/// Reads what stands in `content`: of callers' messages, and of providers' answers where they have parts.
enum OpenAIPartReader {
    /// - Parameter isRequired: neither null nor absent.
    static func content(
        of fields: inout MemberReader, isRequired: Bool
    ) throws(TranslationError) -> (parts: [Part], form: Turn.Form) {
        let path = fields.path["content"]
        switch fields.take("content") {
        case nil where !isRequired: return ([], .absent)
        case .null? where !isRequired: return ([], .null)
        case .string(let text)?: return (text.isEmpty ? [] : [Part(.text(text))], .text)
        case .array(let values)?:
            var parts: [Part] = []
            for (index, value) in values.enumerated() { parts.append(try part(value, at: path[index])) }
            return (parts, form(of: parts))
        default: throw path.wants("a string or a list of parts")
        }
    }

    /// A list of one plain text is the same as the text, which more servers take; an empty list is an empty text.
    private static func form(of parts: [Part]) -> Turn.Form {
        guard let first = parts.first else { return .text }
        let isPlain = parts.count == 1 && first.text?.isEmpty == false && first.cacheMark == nil && first.extras.isEmpty
        return isPlain ? .text : .parts
    }

    /// What DeepSeek, vLLM and OpenRouter call by these names: without a signature, and wanted back by some where tools are used.
    static func thoughts(of fields: inout MemberReader) throws(TranslationError) -> Part? {
        let both = [try fields.string("reasoning_content"), try fields.string("reasoning")]
        guard let text = both.lazy.compactMap(\.self).first(where: { !$0.isEmpty }) else { return nil }
        return Part(.thinking(Thinking(text: text, origin: .openai)))
    }

    // MARK: Parts

    private static func part(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Part {
        var fields = try MemberReader(value, at: path)
        let mark = CacheMark(taking: &fields, from: value)
        let breakpoint = mark == nil ? CacheMark(takingBreakpoint: &fields, from: value) : nil
        let content: Part.Content
        switch try fields.requiredString("type") {
        case "text": content = .text(try fields.requiredString("text"))
        case "refusal": content = .refusal(try fields.requiredString("refusal"))
        case "image_url": content = .image(try linked(&fields, "image_url"))
        case "video_url": content = .video(try linked(&fields, "video_url"))
        case "input_audio": content = .audio(try sound(&fields))
        case "file": content = .document(try file(&fields))
        default: return Part(.native(value, of: .openai))
        }
        var part = Part(content, cacheMark: mark ?? breakpoint)
        part.extras = fields.leftovers(of: .openai)
        if breakpoint != nil { part.extras.add(CacheMark.breakpointName, .object(JSONObject()), of: .openai) }
        return part
    }

    /// An image or a film; some say the URL without an object around it.
    private static func linked(_ fields: inout MemberReader, _ name: String) throws(TranslationError) -> Media {
        guard let value = fields.value(name) else { throw fields.path[name].wants("an object") }
        if case .string(let url) = value { return OpenAIMedia.media(url: url) }
        var link = try MemberReader(value, at: fields.path[name])
        var media = OpenAIMedia.media(url: try link.requiredString("url"), detail: try link.string("detail"))
        media.extras = link.leftovers(of: .openai)
        return media
    }

    static func sound(_ fields: inout MemberReader) throws(TranslationError) -> Media {
        guard var sound = try fields.members("input_audio") else {
            throw fields.path["input_audio"].wants("an object")
        }
        let data = try sound.requiredString("data")
        var media = Media(.data(data), type: OpenAIMedia.audioType(ofFormat: try sound.requiredString("format")))
        media.extras = sound.leftovers(of: .openai)
        return media
    }

    private static func file(_ fields: inout MemberReader) throws(TranslationError) -> Media {
        guard var file = try fields.members("file") else { throw fields.path["file"].wants("an object") }
        let title = try file.string("filename")
        var media: Media
        if let id = try file.string("file_id") {
            media = Media(.file(id), title: title)
        } else {
            media = OpenAIMedia.document(data: try file.requiredString("file_data"), title: title)
        }
        media.extras = file.leftovers(of: .openai)
        return media
    }
}

import Shared

/// Reads content: of messages, and of results of tools.
enum ResponsesPartReader {
    /// A text, or a list of parts.
    static func content(
        of fields: inout MemberReader, _ name: String
    ) throws(TranslationError) -> (parts: [Part], form: Turn.Form) {
        let path = fields.path[name]
        switch fields.value(name) {
        case .string(let text)?: return (text.isEmpty ? [] : [Part(.text(text))], .text)
        case .array(let values)?:
            var parts: [Part] = []
            for (index, value) in values.enumerated() { parts.append(try part(value, at: path[index])) }
            return (parts, .parts)
        default: throw path.wants("a string or a list of parts")
        }
    }

    static func part(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Part {
        var fields = try MemberReader(value, at: path)
        let mark = CacheMark(taking: &fields, from: value)
        let breakpoint = mark == nil ? CacheMark(takingBreakpoint: &fields, from: value) : nil
        var labels: [JSONObject.Member] = []
        let content: Part.Content
        switch try fields.requiredString("type") {
        case "input_text", "text": content = .text(try fields.requiredString("text"))
        case "output_text":
            content = .text(try fields.requiredString("text"))
            // Where it was found, and how likely it was: nothing that a model has to be told.
            for name in ["annotations", "logprobs"] {
                if let list = fields.value(name)?.array, !list.isEmpty {
                    labels.append(.init(name: name, value: .array(list)))
                }
            }
        case "refusal": content = .refusal(try fields.requiredString("refusal"))
        case "input_image": content = .image(try image(&fields))
        case "input_file": content = .document(try file(&fields))
        case "input_audio": content = .audio(try OpenAIPartReader.sound(&fields))
        default: return Part(.native(value, of: .responses))
        }
        var part = Part(content, cacheMark: mark ?? breakpoint)
        for member in fields.leftovers(of: .responses).members where member.value != .null {
            part.extras.add(member.name, member.value, of: .responses)
        }
        for label in labels { part.extras.add(label: label.name, label.value, of: .responses) }
        if breakpoint != nil {
            part.extras.add(label: CacheMark.breakpointName, .object(JSONObject()), of: .responses)
        }
        return part
    }

    private static func image(_ fields: inout MemberReader) throws(TranslationError) -> Media {
        let detail = try fields.string("detail")
        if let url = try fields.string("image_url") { return OpenAIMedia.media(url: url, detail: detail) }
        if let id = try fields.string("file_id") { return Media(.file(id), detail: detail) }
        throw fields.path["image_url"].wants("a string, or else a string in file_id")
    }

    private static func file(_ fields: inout MemberReader) throws(TranslationError) -> Media {
        let title = try fields.string("filename")
        var media: Media
        if let id = try fields.string("file_id") {
            media = Media(.file(id), title: title)
        } else if let url = try fields.string("file_url") {
            media = Media(.url(url), title: title)
        } else if let data = try fields.string("file_data") {
            media = OpenAIMedia.document(data: data, title: title)
        } else {
            throw fields.path["file_data"].wants("a string, or else a string in file_url or file_id")
        }
        media.detail = try fields.string("detail")
        return media
    }
}

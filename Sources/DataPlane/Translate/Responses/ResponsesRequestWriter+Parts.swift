import Shared

/// Content.
extension ResponsesRequestWriter {
    // MARK: What can be said

    /// Those of `parts` that the target can be told, the others reported.
    ///
    /// - Parameter asAnswer: in a message of the model, which has nothing but texts.
    mutating func expressible(_ parts: [Part], asAnswer: Bool = false) -> [Part] {
        let known = self
        return expressible(parts) { known.lost($0, asAnswer: asAnswer) }
    }

    /// What the target would lose with `part`, by its name in OpenAI's chats; empty: nothing worth a word; nil: it can be told.
    private func lost(_ part: Part, asAnswer: Bool) -> String? {
        switch part.content {
        case .text, .refusal: return nil
        case .image(let media): return !asAnswer && canTake(image: media) ? nil : "image_url"
        case .video: return "video_url"
        // OpenAI takes none here; who sends them in this dialect knows a server that does.
        case .audio: return isOurs && !asAnswer ? nil : "input_audio"
        case .document(let media): return canTake(document: media, asAnswer: asAnswer) ? nil : "file"
        case .native(let value, let dialect):
            if dialect == .responses { return nil }
            return value["type"]?.string ?? value.object?.names.first ?? "part"
        case .thinking, .toolCall, .toolResult: return ""
        }
    }

    private func canTake(image: Media) -> Bool {
        guard target.capabilities.images else { return false }
        switch image.source {
        case .url, .data: return true
        case .file(let id): return isOurs || OpenAIMedia.isStoredAtOpenAI(id)
        case .text: return false
        }
    }

    private func canTake(document: Media, asAnswer: Bool) -> Bool {
        if !isOurs, OpenAIMedia.text(of: document) != nil { return true }
        guard target.capabilities.documents, !asAnswer else { return false }
        switch document.source {
        case .data, .url: return true
        case .file(let id): return isOurs || OpenAIMedia.isStoredAtOpenAI(id)
        case .text: return false
        }
    }

    // MARK: Content

    /// - Parameter type: of texts: `input_text` or `output_text`.
    /// - Parameter isBare: one plain text may stand by itself, which all servers take.
    mutating func write(content parts: [Part], named name: String, as type: String, isBare: Bool) {
        writer.name(name)
        guard let first = parts.first else {
            if isBare { return writer.string("") }
            return writer.array { _ in }
        }
        let isPlain = first.extras.members(for: .responses).allSatisfy { $0.name == ResponsesLabels.item }
        if isBare, isPlain, parts.count == 1, let text = first.text,
            first.cacheMark == nil || !target.quirks.cacheControl
        {
            return writer.string(text)
        }
        writer.beginArray()
        for part in parts { write(part, as: type) }
        writer.endArray()
    }

    private mutating func write(_ part: Part, as type: String) {
        switch part.content {
        case .text(let text): write(part, type) { $0.member("text", text) }
        case .refusal(let text): write(part, "refusal") { $0.member("refusal", text) }
        case .image(let media): write(part, "input_image") { $0.write(image: media) }
        case .audio(let media): write(part, "input_audio") { $0.write(sound: media) }
        case .document(let media):
            if !isOurs, let text = OpenAIMedia.text(of: media) {
                write(part, type) { $0.member("text", text) }
            } else {
                write(part, "input_file") { $0.write(flatFile: media) }
            }
        case .native(let value, _): value.write(to: &writer)
        case .video, .thinking, .toolCall, .toolResult: break
        }
    }

    private mutating func write(_ part: Part, _ type: String, _ body: (inout JSONWriter) -> Void) {
        let members = part.extras.members(for: .responses)
        writer.beginObject()
        writer.member("type", type)
        body(&writer)
        // OpenAI's clients require it.
        if type == "output_text", !members.contains(where: { $0.name == "annotations" }) {
            writer.member("annotations", JSONValue.array([]))
        }
        writer.writeEnd(
            of: part, in: .responses, takesMarks: target.quirks.cacheControl, but: [ResponsesLabels.item])
        writer.endObject()
    }
}

/// What stands in parts.
extension JSONWriter {
    fileprivate mutating func write(image media: Media) {
        if case .file(let id) = media.source {
            member("file_id", id)
        } else {
            member("image_url", OpenAIMedia.url(of: media) ?? "")
        }
        member("detail", media.detail ?? "auto")
    }

    fileprivate mutating func write(flatFile media: Media) {
        switch media.source {
        case .file(let id): member("file_id", id)
        case .url(let url): member("file_url", url)
        case .data(let data):
            member("filename", OpenAIMedia.fileName(of: media))
            member("file_data", OpenAIMedia.dataURL(data, type: media.type ?? "application/pdf"))
        case .text: break
        }
        if let title = media.title, media.isElsewhere { member("filename", title) }
        if let detail = media.detail { member("detail", detail) }
    }
}

extension Media {
    /// Not inside of the request.
    fileprivate var isElsewhere: Bool {
        switch source {
        case .url, .file: true
        case .data, .text: false
        }
    }
}

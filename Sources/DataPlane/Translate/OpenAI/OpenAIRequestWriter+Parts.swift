import Shared

/// Content.
extension OpenAIRequestWriter {
    // MARK: What can be said

    /// Those of `parts` that the target can be told, the others reported.
    ///
    /// - Parameter asText: in a message that can have nothing but texts.
    mutating func expressible(_ parts: [Part], asText: Bool) -> [Part] {
        let known = self
        return expressible(parts) { known.lost($0, asText: asText) }
    }

    /// What the target would lose with `part`, by its name in this dialect; empty: nothing worth a word; nil: it can be told.
    private func lost(_ part: Part, asText: Bool) -> String? {
        let capabilities = target.capabilities
        switch part.content {
        case .text, .refusal: return nil
        case .image(let media):
            return capabilities.images && !asText && OpenAIMedia.url(of: media) != nil ? nil : "image_url"
        case .video(let media):
            // OpenAI takes none; who sends them in this dialect knows a server that does.
            return isOurs && !asText && OpenAIMedia.url(of: media) != nil ? nil : "video_url"
        case .audio(let media):
            guard capabilities.audio, !asText, case .data = media.source else { return "input_audio" }
            return OpenAIMedia.audioFormat(ofType: media.type) != nil ? nil : "input_audio"
        case .document(let media): return canTake(media, asText: asText) ? nil : "file"
        case .native(let value, let dialect):
            if dialect == .openai { return nil }
            return value["type"]?.string ?? value.object?.names.first ?? "part"
        // Another provider's thoughts are of no use here; calls and results are written elsewhere.
        case .thinking, .toolCall, .toolResult: return ""
        }
    }

    private func canTake(_ document: Media, asText: Bool) -> Bool {
        if OpenAIMedia.text(of: document) != nil { return true }
        guard target.capabilities.documents, !asText else { return false }
        switch document.source {
        case .data: return true
        case .file(let id): return isOurs || OpenAIMedia.isStoredAtOpenAI(id)
        case .url: return isOurs
        case .text: return false
        }
    }

    // MARK: Content

    /// One plain text stands by itself, which all servers take; some take no list.
    mutating func write(content parts: [Part], _ form: Turn.Form) {
        writer.name("content")
        guard let first = parts.first else {
            if form == .null { writer.null() } else { writer.string("") }
            return
        }
        if parts.count == 1, let text = first.text, isPlain(first) { return writer.string(text) }
        writer.beginArray()
        for part in parts { write(part) }
        writer.endArray()
    }

    private func isPlain(_ part: Part) -> Bool {
        (part.cacheMark == nil || !target.quirks.cacheControl) && part.extras.members(for: .openai).isEmpty
    }

    private mutating func write(_ part: Part) {
        switch part.content {
        case .text(let text): write(part, "text") { $0.member("text", text) }
        case .refusal(let text): write(part, "refusal") { $0.member("refusal", text) }
        case .image(let media): write(part, "image_url") { $0.write(link: media, named: "image_url") }
        case .video(let media): write(part, "video_url") { $0.write(link: media, named: "video_url") }
        case .audio(let media): write(part, "input_audio") { $0.write(sound: media) }
        case .document(let media):
            if let text = OpenAIMedia.text(of: media) {
                write(part, "text") { $0.member("text", text) }
            } else {
                write(part, "file") { $0.write(file: media) }
            }
        case .native(let value, _): value.write(to: &writer)
        case .thinking, .toolCall, .toolResult: break
        }
    }

    private mutating func write(_ part: Part, _ type: String, _ body: (inout JSONWriter) -> Void) {
        writer.beginObject()
        writer.member("type", type)
        body(&writer)
        writer.writeEnd(of: part, in: .openai, takesMarks: target.quirks.cacheControl)
        writer.endObject()
    }

    /// Where nobody takes it, nothing is lost: the provider remembers by itself.
    mutating func write(_ mark: CacheMark?) {
        if target.quirks.cacheControl { mark?.write(to: &writer) }
    }
}

extension Part {
    var media: Media? {
        switch content {
        case .image(let media), .document(let media), .audio(let media), .video(let media): media
        default: nil
        }
    }
}

/// The objects inside parts.
extension JSONWriter {
    fileprivate mutating func write(link media: Media, named name: String) {
        self.name(name)
        beginObject()
        member("url", OpenAIMedia.url(of: media) ?? "")
        if let detail = media.detail { member("detail", detail) }
        members(of: media.extras)
        endObject()
    }

    mutating func write(sound media: Media) {
        name("input_audio")
        beginObject()
        if case .data(let data) = media.source { member("data", data) }
        member("format", OpenAIMedia.audioFormat(ofType: media.type) ?? "wav")
        members(of: media.extras)
        endObject()
    }

    fileprivate mutating func write(file media: Media) {
        name("file")
        beginObject()
        switch media.source {
        case .file(let id):
            member("file_id", id)
            if let title = media.title { member("filename", title) }
        case .data(let data):
            member("filename", OpenAIMedia.fileName(of: media))
            member("file_data", OpenAIMedia.dataURL(data, type: media.type ?? "application/pdf"))
        case .url(let url):
            if let title = media.title { member("filename", title) }
            member("file_data", url)
        case .text: break
        }
        members(of: media.extras)
        endObject()
    }
}

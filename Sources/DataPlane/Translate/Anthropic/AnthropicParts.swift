import Shared

/// What Anthropic takes of the parts of a conversation.
///
/// - Shape: a part comes out as it may be sent, or not at all. What is lost or changed is reported by the caller's paths; what says nothing
///   (empty texts, another provider's thoughts) goes without a word.
struct AnthropicParts: TurnFilter {
    static let dialect = Dialect.anthropic
    static let callIDCountMax = 256
    private let capabilities: Capabilities
    var names: ToolNames

    init(_ capabilities: Capabilities, names: ToolNames) {
        self.capabilities = capabilities
        self.names = names
    }

    mutating func taken(_ parts: [Part], of role: Turn.Role, into rendered: inout RenderedRequest) -> [Part] {
        var taken: [Part] = []
        taken.reserveCapacity(parts.count)
        for part in parts {
            if let part = self.taken(part, into: &rendered) { taken.append(part) }
        }
        return taken
    }

    func isInstruction(_ part: Part) -> Bool { part.text != nil }
    func staysInPlace(_ turn: Turn) -> Bool { turn.extras.has(.systemInPlace, of: .anthropic) }

    private mutating func taken(_ part: Part, into rendered: inout RenderedRequest) -> Part? {
        guard let content = content(of: part, into: &rendered) else { return nil }
        var part = part
        part.content = content
        for name in part.extras.lost(to: .anthropic) { rendered.drop("messages[].\(name)") }
        if part.cacheMark?.fitsAnthropic == false { rendered.adjust("messages[].cache_control") }
        return part
    }

    private mutating func content(of part: Part, into rendered: inout RenderedRequest) -> Part.Content? {
        switch part.content {
        case .text(let text): return text.isBlank ? nil : part.content
        case .refusal(let text): return text.isBlank ? nil : .text(text)
        case .image(let media): return image(media, into: &rendered).map { .image($0) }
        case .document(let media): return document(media, into: &rendered).map { .document($0) }
        case .thinking(let thinking): return thinking.isKnownToAnthropic ? part.content : nil
        case .toolCall(var call):
            call.name = names.name(for: call.name)
            if !AnthropicBlockWriter.input(of: call.arguments).isWhole {
                rendered.adjust("messages[].tool_calls[].function.arguments")
            }
            return .toolCall(call)
        case .toolResult(var result):
            result.name = result.name.map { names.name(for: $0) }
            result.parts = taken(result.parts.map { $0.readable(in: .anthropic) }, of: .tool, into: &rendered)
            return .toolResult(result)
        case .native(_, of: .anthropic): return part.content
        case .audio: rendered.drop("messages[].input_audio")
        case .video: rendered.drop("messages[].video_url")
        case .native(let value, of: _): rendered.drop("messages[].\(value["type"]?.string ?? "content")")
        }
        return nil
    }

    // MARK: Media

    private func image(_ media: Media, into rendered: inout RenderedRequest) -> Media? {
        guard capabilities.images else {
            rendered.drop("messages[].image_url")
            return nil
        }
        // Anthropic looks at all images in one way: `auto` is what it does.
        if let detail = media.detail, detail != "auto" { rendered.drop("messages[].image_url.detail") }
        var media = media
        switch media.source {
        case .data(let data): media.type = Self.imageType(media.type, of: data)
        case .url, .file:
            guard isReachable(media, as: "messages[].image_url", into: &rendered) else { return nil }
        case .text:
            rendered.drop("messages[].image_url")
            return nil
        }
        for name in media.extras.lost(to: .anthropic) { rendered.drop("messages[].\(name)") }
        return media
    }

    private func document(_ media: Media, into rendered: inout RenderedRequest) -> Media? {
        guard capabilities.documents else {
            rendered.drop("messages[].file")
            return nil
        }
        var media = media
        switch media.source {
        case .data(let data):
            let type = media.type ?? "application/pdf"
            if type.isText {
                // Only PDFs come in base64; a text comes as a text.
                guard let bytes = Base64.decode(data) else {
                    rendered.drop("messages[].file")
                    return nil
                }
                media.source = .text(String(decoding: bytes, as: UTF8.self))
                media.type = "text/plain"
            } else if type != "application/pdf" {
                rendered.drop("messages[].file")
                return nil
            }
        case .url, .file: guard isReachable(media, as: "messages[].file", into: &rendered) else { return nil }
        case .text: media.type = "text/plain"
        }
        for name in media.extras.lost(to: .anthropic) { rendered.drop("messages[].\(name)") }
        return media
    }

    /// Anthropic fetches from the web, and has files of its own: another provider's it can not know.
    private func isReachable(_ media: Media, as field: String, into rendered: inout RenderedRequest) -> Bool {
        let isReachable =
            switch media.source {
            case .url(let url): url.hasPrefix("https://") || url.hasPrefix("http://")
            case .file(let id): id.hasPrefix("file_")
            case .data, .text: true
            }
        if !isReachable { rendered.drop(field) }
        return isReachable
    }

    /// The type as Anthropic names it; where nobody says it, the type that the first bytes show.
    private static func imageType(_ type: String?, of data: String) -> String? {
        switch type {
        case "image/jpg": return "image/jpeg"
        case let type?: return type
        case nil: break
        }
        for (start, type) in [
            ("iVBOR", "image/png"), ("/9j/", "image/jpeg"), ("R0lGOD", "image/gif"), ("UklGR", "image/webp"),
        ] where data.hasPrefix(start) {
            return type
        }
        return nil
    }
}

extension String {
    /// Nothing but white space, which Anthropic does not take for a text.
    var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    /// A type of media that is text.
    fileprivate var isText: Bool {
        hasPrefix("text/") || self == "application/json" || self == "application/xml" || self == "application/yaml"
    }

    /// Without white space at its end.
    var withoutTrailingSpace: String {
        var scalars = unicodeScalars[...]
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }
}

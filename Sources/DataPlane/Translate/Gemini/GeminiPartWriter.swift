import Shared

/// Writes parts of contents, for requests and answers alike.
enum GeminiPartWriter {
    /// A part of any kind but calls and results, with the signature that stands behind it.
    static func write(_ part: Part, followedBy next: Part?, to writer: inout JSONWriter) {
        let signature = part.takesSignature ? next?.bareSignature : nil
        let extras = part.extras.members(for: .gemini)
        switch part.content {
        case .text(let text), .refusal(let text):
            write(text: text, signature: signature, extras: extras, to: &writer)
        case .image(let media), .document(let media), .audio(let media), .video(let media):
            write(media, orElse: usualType(part.content), signature: signature, extras: extras, to: &writer)
        case .thinking(let thinking): write(thinking, to: &writer)
        case .native(let value, of: .gemini): value.write(to: &writer)
        case .toolCall, .toolResult, .native: break
        }
    }

    /// Parts among which there is neither a call nor a result.
    static func write(_ parts: [Part], to writer: inout JSONWriter) {
        for (index, part) in parts.enumerated() where !isAttached(index, in: parts) {
            write(part, followedBy: parts.dropFirst(index + 1).first, to: &writer)
        }
    }

    /// Whether the part is the signature of the part before it, and written with that.
    static func isAttached(_ index: Int, in parts: [Part]) -> Bool {
        index > 0 && parts[index].bareSignature != nil && parts[index - 1].takesSignature
    }

    /// - Parameter extras: of this dialect, at the end of the part.
    static func write(
        text: String, isThought: Bool = false, signature: String? = nil, extras: [JSONObject.Member] = [],
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("text", text)
        if isThought { writer.member("thought", true) }
        end(signature, extras, &writer)
    }

    static func write(
        _ call: ToolCall, id: String?, name: String, signature: String?, extras: [JSONObject.Member] = [],
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name("functionCall")
        writer.beginObject()
        if let id { writer.member("id", id) }
        writer.member("name", name)
        writer.name("args")
        arguments(call.arguments).write(to: &writer)
        for member in call.extras.members(for: .gemini) { write(member, to: &writer) }
        writer.endObject()
        end(signature, extras, &writer)
    }

    /// The thought of any dialect.
    static func write(_ thinking: Thinking, to writer: inout JSONWriter) {
        // What came without text, and not as a thought, was the signature of a text.
        let isThought = thinking.origin != .gemini || thinking.text != nil
        write(
            text: thinking.text ?? "", isThought: isThought, signature: GeminiThoughts.signature(of: thinking),
            to: &writer)
    }

    static func write(
        _ media: Media, orElse usual: String, signature: String? = nil, extras: [JSONObject.Member] = [],
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name(isInline(media) ? "inlineData" : "fileData")
        writer.beginObject()
        switch media.source {
        case .data(let data):
            writer.member("mimeType", GeminiMediaTypes.type(of: media, orElse: usual))
            writer.member("data", data)
        case .text(let text):
            writer.member("mimeType", media.type ?? "text/plain")
            writer.member("data", Base64.encode(Array(text.utf8)))
        case .url(let uri), .file(let uri):
            if media.type != nil || !GeminiMediaTypes.isYouTube(uri) {
                writer.member("mimeType", GeminiMediaTypes.type(of: media, orElse: usual))
            }
            writer.member("fileUri", uri)
        }
        for member in media.extras.members(for: .gemini) {
            if member.name == "displayName", let title = media.title {
                writer.member("displayName", title)
            } else {
                write(member, to: &writer)
            }
        }
        writer.endObject()
        end(signature, extras, &writer)
    }

    /// Whether there is anything to write of a part of an answer.
    static func canWrite(_ part: Part) -> Bool {
        switch part.content {
        case .native(_, let origin): origin == .gemini
        case .image(let media), .document(let media), .audio(let media), .video(let media): canWrite(media)
        case .thinking(let thinking):
            thinking.text?.isEmpty == false || GeminiThoughts.signature(of: thinking) != nil
        case .toolCall, .toolResult: false
        case .text, .refusal: true
        }
    }

    /// An identity that only another provider knows is of no use to Gemini.
    static func canWrite(_ media: Media) -> Bool {
        if case .file(let id) = media.source { return id.contains("://") }
        return true
    }

    static func isInline(_ media: Media) -> Bool {
        switch media.source {
        case .data, .text: true
        case .url, .file: false
        }
    }

    static func write(_ member: JSONObject.Member, to writer: inout JSONWriter) {
        writer.name(member.name)
        member.value.write(to: &writer)
    }

    /// The type of media of which nothing is known.
    static func usualType(_ content: Part.Content) -> String {
        switch content {
        case .image: "image/jpeg"
        case .audio: "audio/mp3"
        case .video: "video/mp4"
        default: "application/pdf"
        }
    }

    /// Arguments have to be an object here. What is none, as a model may write it, becomes its only member, `input`.
    static func arguments(_ text: String) -> JSONValue {
        guard text.utf8.contains(where: { $0 > 0x20 }) else { return .object([:]) }
        // Not JSON: the text itself is kept.
        let value = (try? JSONValue(parsing: Array(text.utf8), allowing: .all)) ?? .string(text)
        if value.object != nil { return value }
        return .object(value == .null ? [:] : ["input": value])
    }

    /// Whether the arguments are an object, or none at all.
    static func isObject(_ arguments: String) -> Bool {
        guard let first = arguments.utf8.first(where: { $0 > 0x20 }) else { return true }
        return first == UInt8(ascii: "{") && (try? JSONText.validate(Array(arguments.utf8))) != nil
    }

    private static func end(_ signature: String?, _ extras: [JSONObject.Member], _ writer: inout JSONWriter) {
        if let signature { writer.member("thoughtSignature", signature) }
        for member in extras { write(member, to: &writer) }
        writer.endObject()
    }
}

extension Part {
    /// Of a signature that stood on the part before this one.
    fileprivate var bareSignature: String? {
        guard case .thinking(let thinking) = content, thinking.origin == .gemini, thinking.text == nil,
            thinking.extras.isEmpty
        else { return nil }
        return thinking.signature
    }

    fileprivate var takesSignature: Bool {
        switch content {
        case .text, .refusal, .image, .document, .audio, .video: true
        case .thinking, .toolCall, .toolResult, .native: false
        }
    }
}

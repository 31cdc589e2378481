import Shared

/// Writes parts as content blocks, in requests and in answers.
///
/// - Shape: pure. That Anthropic takes a part, and takes it where it stands, is up to whoever asks: `AnthropicParts` for requests,
///   `AnthropicAnswerWriter` for answers. A part that has no block writes nothing.
enum AnthropicBlockWriter {
    /// Content in the form in which it stood, as far as that can be.
    static func write(content parts: [Part], as form: Turn.Form, to writer: inout JSONWriter) {
        if form == .text, parts.isEmpty {
            writer.string("")
        } else if form == .text, parts.count == 1, let text = parts[0].text, parts[0].isBare {
            writer.string(text)
        } else {
            writer.array { writer in
                for part in parts { write(part, to: &writer) }
            }
        }
    }

    static func write(_ part: Part, to writer: inout JSONWriter) {
        switch part.content {
        case .text(let text), .refusal(let text):
            block("text", part, to: &writer) { $0.member("text", text) }
        case .image(let media):
            block("image", part, to: &writer) { write(source: media, usualType: "image/png", to: &$0) }
        case .document(let media):
            block("document", part, to: &writer) { writer in
                write(source: media, usualType: "application/pdf", to: &writer)
                if let title = media.title { writer.member("title", title) }
            }
        case .thinking(let thinking): write(thinking, of: part, to: &writer)
        case .toolCall(let call): write(call, of: part, to: &writer)
        case .toolResult(let result): write(result, of: part, to: &writer)
        case .native(let value, of: .anthropic): value.write(to: &writer)
        case .native, .audio, .video: break
        }
    }

    // MARK: Kinds

    private static func write(_ thinking: Thinking, of part: Part, to writer: inout JSONWriter) {
        if let sealed = thinking.sealed {
            block("redacted_thinking", part, to: &writer) {
                $0.member("data", AnthropicThoughts.text(sealed, of: thinking.origin))
            }
            return
        }
        block("thinking", part, to: &writer) {
            $0.member("thinking", thinking.text ?? "")
            $0.member("signature", thinking.signature.map { AnthropicThoughts.text($0, of: thinking.origin) } ?? "")
        }
    }

    private static func write(_ call: ToolCall, of part: Part, to writer: inout JSONWriter) {
        block("tool_use", part, to: &writer) { writer in
            writer.member("id", call.id)
            writer.member("name", call.name)
            writer.name("input")
            JSONValue.object(input(of: call.arguments).object).write(to: &writer)
        }
    }

    private static func write(_ result: ToolResult, of part: Part, to writer: inout JSONWriter) {
        block("tool_result", part, to: &writer) { writer in
            writer.member("tool_use_id", result.callID)
            if !result.parts.isEmpty || result.form == .parts || result.form == .text {
                writer.name("content")
                write(content: result.parts, as: result.form, to: &writer)
            }
            if let isError = result.isError { writer.member("is_error", isError) }
        }
    }

    private static func write(source media: Media, usualType: String, to writer: inout JSONWriter) {
        writer.name("source")
        writer.object { writer in
            switch media.source {
            case .data(let data):
                writer.member("type", "base64")
                writer.member("media_type", media.type ?? usualType)
                writer.member("data", data)
            case .url(let url):
                writer.member("type", "url")
                writer.member("url", url)
            case .file(let id):
                writer.member("type", "file")
                writer.member("file_id", id)
            case .text(let text) where media.extras.has(.contentSource, of: .anthropic):
                writer.member("type", "content")
                // Blocks, where it was given as blocks, are among the extras.
                if media.extras["content"] == nil { writer.member("content", text) }
            case .text(let text):
                writer.member("type", "text")
                writer.member("media_type", media.type ?? "text/plain")
                writer.member("data", text)
            }
            write(media.extras, to: &writer)
        }
    }

    /// The arguments of a call, which Anthropic takes as an object only.
    ///
    /// - Returns: `isWhole` is false for what is no object: it becomes the one member of one, so that nothing of it is lost.
    static func input(of arguments: String) -> (object: JSONObject, isWhole: Bool) {
        if arguments.utf8.allSatisfy({ $0 == 0x20 || (9...13).contains($0) }) { return (JSONObject(), true) }
        do throws(JSONError) {
            let value = try JSONValue(parsing: Array(arguments.utf8), allowing: .all)
            if let object = value.object { return (object, true) }
        } catch {
            // Written by a model, which may have been cut short.
        }
        var object = JSONObject()
        object["unparsed"] = .string(arguments)
        return (object, false)
    }

    // MARK: Members

    private static func block(
        _ type: StaticString, _ part: Part, to writer: inout JSONWriter, _ members: (inout JSONWriter) -> Void
    ) {
        writer.object { writer in
            writer.member("type", type.description)
            members(&writer)
            write(part.cacheMark, part.extras, to: &writer)
        }
    }

    /// A cache mark with what it said besides, and all other extras.
    static func write(_ mark: CacheMark?, _ extras: Extras, to writer: inout JSONWriter) {
        guard let mark else { return write(extras, to: &writer) }
        writer.name("cache_control")
        writer.object { writer in
            writer.member("type", "ephemeral")
            if let ttl = mark.anthropicTTL { writer.member("ttl", ttl) }
            for member in extras.members(for: .anthropic) where member.name == "cache_control" {
                write(member.value.object?.members ?? [], to: &writer)
            }
        }
        write(extras.members(for: .anthropic).filter { $0.name != "cache_control" }, to: &writer)
    }

    static func write(_ extras: Extras, to writer: inout JSONWriter) {
        if !extras.isEmpty { write(extras.members(for: .anthropic), to: &writer) }
    }

    static func write(_ members: [JSONObject.Member], to writer: inout JSONWriter) {
        for member in members {
            writer.name(member.name)
            member.value.write(to: &writer)
        }
    }
}

extension Part {
    /// Its text is all that it says.
    var isBare: Bool { cacheMark == nil && extras.members(for: .anthropic).isEmpty }
}

import Shared

/// Writes content blocks: what is the same for requests to Bedrock and for answers to its callers.
enum BedrockBlockWriter {
    static func add(_ members: [JSONObject.Member], to writer: inout JSONWriter) {
        for member in members {
            writer.name(member.name)
            member.value.write(to: &writer)
        }
    }

    /// A text: with its citations, or as what a guardrail is to look at, where it came so.
    static func text(_ text: String, _ extras: Extras, to writer: inout JSONWriter) {
        let members = extras.members(for: .bedrock)
        if let citations = extras.member("citations", of: .bedrock) {
            writer.object { writer in
                writer.name("citationsContent")
                writer.object { writer in
                    writer.name("content")
                    (extras.member("content", of: .bedrock) ?? .array([Self.text(text)])).write(to: &writer)
                    writer.name("citations")
                    citations.write(to: &writer)
                    add(members.filter { $0.name != "citations" && $0.name != "content" }, to: &writer)
                }
            }
        } else if let mark = extras.member("guardContent", of: .bedrock) {
            guarded("text", mark, to: &writer) { writer in
                writer.member("text", text)
                add(mark["text"]?.object?.members ?? [], to: &writer)
            }
        } else {
            writer.object { writer in
                writer.member("text", text)
                add(members, to: &writer)
            }
        }
    }

    /// `{"guardContent": {"text": {...}}}`, with what `mark` says of another kind beside it.
    static func guarded<Failure: Error>(
        _ kind: String, _ mark: JSONValue, to writer: inout JSONWriter,
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        writer.beginObject()
        writer.name("guardContent")
        writer.beginObject()
        writer.name(kind)
        try writer.object(body)
        writer.endObject()
        writer.endObject()
    }

    private static func text(_ text: String) -> JSONValue {
        var object = JSONObject()
        object["text"] = .string(text)
        return .object(object)
    }

    /// Arguments are an object here, whatever a model that was cut off left behind.
    static func toolCall(_ call: ToolCall, id: String, name: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("toolUse")
            writer.object { writer in
                writer.member("toolUseId", id)
                writer.member("name", name)
                writer.name("input")
                JSONValue.object(AnthropicBlockWriter.input(of: call.arguments).object).write(to: &writer)
                add(call.extras.members(for: .bedrock), to: &writer)
            }
        }
    }

    /// - Parameter redacted: in place of a text.
    static func reasoning(
        text: String?, signature: String?, redacted: String?, _ extras: [JSONObject.Member],
        to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.name("reasoningContent")
            writer.object { writer in
                if let redacted { return writer.member("redactedContent", redacted) }
                writer.name("reasoningText")
                writer.object { writer in
                    writer.member("text", text ?? "")
                    if let signature { writer.member("signature", signature) }
                    add(extras, to: &writer)
                }
            }
        }
    }

    static func cachePoint(_ mark: CacheMark, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("cachePoint")
            writer.object { writer in
                writer.member("type", "default")
                if let ttl = mark.bedrockTTL { writer.member("ttl", ttl) }
            }
        }
    }
}

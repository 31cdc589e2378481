import Shared

/// Writes a whole answer for a caller.
///
/// - Shape: the first choice, as Converse has no others. All that the service model requires is there.
enum BedrockAnswerWriter {
    static func body(of answer: Answer, in context: AnswerContext) -> [UInt8] {
        let choice = answer.choices.first ?? Choice()
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("output")
            writer.object { writer in
                writer.name("message")
                writer.object { writer in
                    writer.member("role", "assistant")
                    writer.name("content")
                    write(choice.parts, context, to: &writer)
                    BedrockBlockWriter.add(choice.extras.members(for: .bedrock), to: &writer)
                }
            }
            writer.name("stopReason")
            (answer.extras.member("stopReason", of: .bedrock) ?? .string((choice.finish ?? .stop).bedrock)).write(
                to: &writer)
            BedrockUsage.write(answer.usage ?? .zero, answer.usageExtras, to: &writer)
            writeRest(answer, to: &writer)
        }
        return writer.bytes
    }

    private static func writeRest(_ answer: Answer, to writer: inout JSONWriter) {
        if answer.extras.member("metrics", of: .bedrock) == nil { metrics(to: &writer) }
        if let tier = answer.serviceTier { serviceTier(tier, to: &writer) }
        BedrockBlockWriter.add(answer.extras.members(for: .bedrock).filter { $0.name != "stopReason" }, to: &writer)
    }

    /// Required, and nobody here measures it: a caller sees its own time anyway.
    static func metrics(to writer: inout JSONWriter) {
        writer.name("metrics")
        writer.object { $0.member("latencyMs", 0) }
    }

    static func serviceTier(_ tier: String, to writer: inout JSONWriter) {
        guard let name = BedrockServiceTier.name(of: tier) else { return }
        writer.name("serviceTier")
        writer.object { $0.member("type", name) }
    }

    // MARK: Content

    private static func write(_ parts: [Part], _ context: AnswerContext, to writer: inout JSONWriter) {
        var calls = 0
        writer.array { writer in
            for part in parts {
                switch part.content {
                case .text(let text), .refusal(let text): BedrockBlockWriter.text(text, part.extras, to: &writer)
                case .thinking(let thinking):
                    BedrockBlockWriter.reasoning(
                        text: thinking.text,
                        signature: thinking.signature.map { BedrockThoughts.signature($0, of: thinking.origin) },
                        redacted: thinking.sealed.map { BedrockThoughts.redacted($0, of: thinking.origin) },
                        thinking.extras.members(for: .bedrock), to: &writer)
                case .toolCall(let call):
                    let id = call.id.isEmpty ? callID(calls, context) : call.id
                    calls += 1
                    BedrockBlockWriter.toolCall(call, id: id, name: call.name, to: &writer)
                case .image(let media): image(media, part.extras, to: &writer)
                case .native(let value, .bedrock): value.write(to: &writer)
                // Converse's answers have no place for these.
                case .document, .audio, .video, .toolResult, .native: break
                }
            }
        }
    }

    /// For a provider that gives its calls no identity: the same whenever the answer is written.
    static func callID(_ number: Int, _ context: AnswerContext) -> String { "tooluse_\(context.id)_\(number)" }

    private static func image(_ media: Media, _ extras: Extras, to writer: inout JSONWriter) {
        guard case .data(let data) = media.source, let format = BedrockMediaFormat.image.format(of: media.type ?? "")
        else {
            return
        }
        writer.object { writer in
            writer.name("image")
            writer.object { writer in
                writer.member("format", format)
                writer.name("source")
                writer.object { $0.member("bytes", data) }
                BedrockBlockWriter.add(media.extras.members(for: .bedrock), to: &writer)
            }
            BedrockBlockWriter.add(extras.members(for: .bedrock), to: &writer)
        }
    }
}

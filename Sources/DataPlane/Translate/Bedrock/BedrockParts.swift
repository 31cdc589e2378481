import Shared

/// What Converse takes of the parts of a conversation.
///
/// - Shape: what is lost is reported by the caller's paths; what says nothing (blank texts, another provider's thoughts) goes without a
///   word, and leaves its cache mark to what stands before it. Media are looked at when they are written, as they may be inexpressible.
struct BedrockParts: TurnFilter {
    static let dialect = Dialect.bedrock
    static let callIDCountMax = 64
    let model: BedrockModel

    mutating func taken(_ parts: [Part], of role: Turn.Role, into rendered: inout RenderedRequest) -> [Part] {
        var taken: [Part] = []
        taken.reserveCapacity(parts.count)
        for part in parts {
            if let part = self.taken(part, of: role, into: &rendered) {
                taken.append(part)
            } else if let mark = part.cacheMark, let last = taken.indices.last, taken[last].cacheMark == nil {
                taken[last].cacheMark = mark
            }
        }
        return taken
    }

    private func taken(_ part: Part, of role: Turn.Role, into rendered: inout RenderedRequest) -> Part? {
        var part = part
        switch part.content {
        case .text(let text), .refusal(let text):
            guard !text.isBlank else { return nil }
            part.content = .text(text)
        case .thinking(let thinking): guard BedrockThoughts.isKnown(thinking, to: model) else { return nil }
        case .image(let media), .document(let media), .audio(let media), .video(let media):
            guard role != .assistant else {
                // Only users show things.
                rendered.drop("messages[].content")
                return nil
            }
            if let detail = media.detail, detail != "auto" { rendered.drop("messages[].image_url.detail") }
            report(media.extras, into: &rendered)
        case .toolCall(let call):
            if !AnthropicBlockWriter.input(of: call.arguments).isWhole {
                rendered.adjust("messages[].tool_calls[].function.arguments")
            }
            report(call.extras, into: &rendered)
        case .toolResult(var result):
            report(result.extras, into: &rendered)
            result.parts = result.parts.compactMap { taken(inResult: $0, into: &rendered) }
            // Caches begin behind a result, not inside.
            part.cacheMark = part.cacheMark ?? result.parts.last { $0.cacheMark != nil }?.cacheMark
            part.content = .toolResult(result)
        case .native(_, of: .bedrock): break
        case .native(let value, of: _):
            rendered.drop("messages[].\(value["type"]?.string ?? "content")")
            return nil
        }
        report(part.extras, into: &rendered)
        return part
    }

    private func taken(inResult part: Part, into rendered: inout RenderedRequest) -> Part? {
        let part = part.readable(in: .bedrock)
        switch part.content {
        case .toolCall, .toolResult, .thinking, .audio:
            rendered.drop("messages[].content")
            return nil
        default: return taken(part, of: .tool, into: &rendered)
        }
    }

    private func report(_ extras: Extras, into rendered: inout RenderedRequest) {
        for name in extras.lost(to: .bedrock) { rendered.drop("messages[].\(name)") }
    }

    func isInstruction(_ part: Part) -> Bool {
        switch part.content {
        case .text, .native: true
        case .image: part.extras.member("guardContent", of: .bedrock) != nil
        default: false
        }
    }

    func staysInPlace(_ turn: Turn) -> Bool { turn.extras.has(.systemInPlace, of: .bedrock) }
}

extension AlternatingTurns<BedrockParts> {
    var hasToolBlocks: Bool { messages.contains { $0.parts.contains { $0.isCall || $0.isResult } } }

    /// Each tool that was called, once.
    var calledTools: [String] {
        var names: [String] = []
        var known: Set<String> = []
        for part in messages.lazy.flatMap(\.parts) {
            guard case .toolCall(let call) = part.content, known.insert(call.name).inserted else { continue }
            names.append(call.name)
        }
        return names
    }

    /// Bedrock wants a text beside a document. The name of the document is told to the model anyway.
    mutating func addTextsBesideDocuments() {
        for index in messages.indices where messages[index].role == .user {
            let parts = messages[index].parts
            guard !parts.contains(where: { $0.text != nil }) else { continue }
            for part in parts {
                guard case .document(let media) = part.content else { continue }
                messages[index].parts.append(Part(.text(BedrockDocumentNames.name(from: media.title))))
                break
            }
        }
    }
}

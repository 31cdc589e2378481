import Shared

/// Writes an answer for a caller.
///
/// - Shape: all that Anthropic's clients want of a message. There is one choice: the first; pictures and sounds that a model made are left
///   out, since no message of Anthropic's has any.
enum AnthropicAnswerWriter {
    static func body(of answer: Answer, in context: AnswerContext) -> [UInt8] {
        let choice = answer.choices.first { $0.index == 0 } ?? answer.choices.first ?? Choice()
        let parts = shown(choice.parts, in: context)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", messageID(answer.id, in: context))
            writer.member("type", "message")
            writer.member("role", "assistant")
            writer.member("model", answer.model.isEmpty ? context.model : answer.model)
            writer.name("content")
            AnthropicBlockWriter.write(content: parts, as: .parts, to: &writer)
            let finish = choice.finish ?? .stop
            let word = finish.anthropic(hasToolCalls: parts.contains(where: \.isCall))
            let exact = choice.extras.members(for: .anthropic).first { $0.name == "stop_reason" }?.value.string
            writer.member("stop_reason", exact ?? word)
            write(stop: choice.stop, to: &writer)
            writer.name("usage")
            AnthropicUsageFields.write(
                answer.usage ?? TokenUsage(input: context.estimatedInputTokens), serviceTier: answer.serviceTier,
                extras: answer.usageExtras.members(for: .anthropic), to: &writer)
            AnthropicBlockWriter.write(answer.extras, to: &writer)
        }
        return writer.bytes
    }

    /// Clients know messages by their beginning.
    static func messageID(_ id: String, in context: AnswerContext) -> String {
        id.hasPrefix("msg_") ? id : "msg_" + (id.isEmpty ? context.id : id)
    }

    /// For a call whose provider gave it none.
    static func callID(_ number: Int, in context: AnswerContext) -> String { "toolu_\(context.id)_\(number)" }

    static func write(stop: String?, to writer: inout JSONWriter) {
        writer.name("stop_sequence")
        if let stop { writer.string(stop) } else { writer.null() }
    }

    /// The parts that a message of Anthropic's can show, each call with an identity.
    private static func shown(_ parts: [Part], in context: AnswerContext) -> [Part] {
        var calls = 0
        // Clients take the last block for the answer.
        let parts = parts.count > 1 && parts.last?.isBareSignature == true ? parts.dropLast() : parts[...]
        return parts.compactMap { part in
            switch part.content {
            case .text(let text), .refusal(let text): return text.isEmpty ? nil : part
            case .thinking(let thinking): return thinking.saysSomething ? part : nil
            case .toolCall(var call):
                calls += 1
                guard call.id.isEmpty else { return part }
                call.id = callID(calls, in: context)
                var part = part
                part.content = .toolCall(call)
                return part
            case .native(_, of: .anthropic): return part
            case .native, .image, .document, .audio, .video, .toolResult: return nil
            }
        }
    }
}

extension Part {
    /// Another provider's signature of the text before it.
    fileprivate var isBareSignature: Bool {
        guard case .thinking(let thinking) = content else { return false }
        return thinking.origin != .anthropic && thinking.sealed == nil && thinking.text?.isEmpty != false
    }
}

extension FinishReason {
    /// In Anthropic's word. Its clients know these and no others, so that another provider's own word becomes the plainest.
    ///
    /// - Parameter hasToolCalls: some providers say that they came to an end where they call tools.
    func anthropic(hasToolCalls: Bool) -> String {
        switch self {
        case .stop: hasToolCalls ? "tool_use" : "end_turn"
        case .stopSequence: "stop_sequence"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        case .contentFilter, .refusal: "refusal"
        case .pause: "pause_turn"
        case .other(let word) where word == Self.contextExceeded || word == "compaction": word
        case .other: hasToolCalls ? "tool_use" : "end_turn"
        }
    }
}

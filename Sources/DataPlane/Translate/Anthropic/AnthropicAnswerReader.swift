import Shared

/// Reads a provider's whole answer.
///
/// - Shape: lenient: what nobody knows is kept, what is missing is nothing.
/// - Errors: `malformed` for what is no message.
enum AnthropicAnswerReader {
    static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        guard let message = body.object else { throw .malformed("the answer is no object") }
        guard let content = message["content"]?.array else {
            throw .malformed("the answer has no content, but \(message.names.prefix(8))")
        }
        var answer = Answer()
        answer.id = message["id"]?.string ?? ""
        answer.model = message["model"]?.string ?? ""
        var usage = AnthropicUsageFields()
        usage.merge(message["usage"])
        if usage.isKnown { answer.usage = usage.tokens }
        answer.serviceTier = usage.serviceTier
        answer.usageExtras = AnthropicUsageFields.extras(of: message["usage"])
        answer.choices = [choice(of: message, content)]
        answer.extras = extras(of: message)
        return answer
    }

    private static func choice(of message: JSONObject, _ content: [JSONValue]) -> Choice {
        var choice = Choice(parts: AnthropicBlockReader.lenientParts(content))
        if let word = message["stop_reason"]?.string {
            choice.finish = FinishReason(anthropic: word)
            // Anthropic has two words for it.
            if word == FinishReason.contextExceeded { choice.extras.add("stop_reason", .string(word), of: .anthropic) }
        }
        choice.stop = message["stop_sequence"]?.string
        return choice
    }

    /// What a message says besides, whole or at the beginning of a stream.
    static func extras(of message: JSONObject) -> Extras {
        var extras = Extras()
        for member in message.members where !names.contains(member.name) {
            extras.add(member.name, member.value, of: .anthropic)
        }
        return extras
    }

    private static let names: Set<String> = [
        "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage",
    ]
}

extension FinishReason {
    init(anthropic word: String) {
        switch word {
        case "end_turn": self = .stop
        case "stop_sequence": self = .stopSequence
        case "max_tokens", Self.contextExceeded: self = .length
        case "tool_use": self = .toolCalls
        case "refusal": self = .refusal
        case "pause_turn": self = .pause
        default: self = .other(word)
        }
    }

    /// The window of the model was full before the caller's bound was reached: for other dialects the same.
    static let contextExceeded = "model_context_window_exceeded"
}

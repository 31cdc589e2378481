import Shared

/// OpenAI's transcriptions: words that nobody said.
///
/// - Source: OpenAI API reference, "Create transcription" and "Create translation".
struct OpenAITranscription {
    private let answer: ProviderAnswer

    init(_ answer: ProviderAnswer) { self.answer = answer }

    static func isBilledByTheSecond(_ model: String) -> Bool { model.hasPrefix("whisper") }

    private var usage: JSONValue? {
        guard answer.showsUsage else { return nil }
        if Self.isBilledByTheSecond(answer.model) {
            return ["type": "duration", "seconds": .count(answer.usage.prompt)]
        }
        let (input, output) = (answer.usage.prompt, answer.usage.completion)
        return [
            "type": "tokens", "input_tokens": .count(input), "output_tokens": .count(output),
            "total_tokens": .count(input + output),
            "input_token_details": ["text_tokens": 0, "audio_tokens": .count(input)],
        ]
    }

    var body: [UInt8] {
        let text = answer.choices.first.map { String(decoding: $0.text, as: UTF8.self) } ?? ""
        let body: JSONValue = ["text": .string(text)]
        return body.adding("usage", usage).bytes
    }

    var events: [StreamEvent] {
        let words = answer.choices.first?.words ?? []
        var events = words.enumerated().map { index, word in
            let body: JSONValue = [
                "type": "transcript.text.delta", "delta": .string(String(decoding: word, as: UTF8.self)),
            ]
            return StreamEvent(bytes: Self.event(body), completionTokens: index + 1)
        }
        let done: JSONValue = [
            "type": "transcript.text.done",
            "text": .string(String(decoding: words.joined(), as: UTF8.self)),
        ]
        events.append(
            StreamEvent(bytes: Self.event(done.adding("usage", usage)), completionTokens: answer.usage.completion))
        return events
    }

    private static func event(_ body: JSONValue) -> [UInt8] {
        Array("data: ".utf8) + body.bytes + Array("\n\n".utf8)
    }
}

extension ProviderRequest {
    /// - Errors: the provider's 400.
    init(transcription form: FormBody) throws(ProviderError) {
        self.init(model: try form.model())
        guard let file = form.parts.first(where: { $0.name == "file" && $0.isFile }) else {
            throw .invalid("'file' is required.", param: "file", code: "missing_required_parameter")
        }
        promptTokens = (file.content.count + 999) / 1_000
        isStream = form.text("stream") == "true"
        // Of a second, nothing is said in tokens.
        if OpenAITranscription.isBilledByTheSecond(Fault.split(model: model).model) { outputTokensMax = 0 }
    }
}

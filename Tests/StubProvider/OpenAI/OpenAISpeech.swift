import Shared

/// OpenAI's speech: no sound, but as many bytes, piece by piece.
///
/// - Source: OpenAI API reference, "Create speech".
struct OpenAISpeech {
    private static let bytesOfWord = 400

    private let answer: ProviderAnswer

    init(_ answer: ProviderAnswer) { self.answer = answer }

    static func isBilledByTheCharacter(_ model: String) -> Bool { model.hasPrefix("tts") }

    /// Each word by itself: its bytes, or an event with them.
    var events: [StreamEvent] {
        let isBilled = !Self.isBilledByTheCharacter(answer.model)
        var events = answer.request.inputs.enumerated().map { index, fingerprint in
            let sound = Self.sound(of: fingerprint)
            let body: JSONValue = ["type": "speech.audio.delta", "audio": .string(Base64.encode(sound))]
            return StreamEvent(
                bytes: answer.request.wantsSoundEvents ? Self.event(body) : sound,
                completionTokens: isBilled ? index + 1 : 0)
        }
        guard answer.request.wantsSoundEvents else { return events }
        let (input, output) = (answer.usage.prompt, answer.usage.completion)
        let usage: JSONValue = [
            "input_tokens": .count(input), "output_tokens": .count(output), "total_tokens": .count(input + output),
        ]
        let done: JSONValue = ["type": "speech.audio.done"]
        events.append(
            StreamEvent(
                bytes: Self.event(done.adding("usage", answer.showsUsage ? usage : nil)), completionTokens: output))
        return events
    }

    private static func event(_ body: JSONValue) -> [UInt8] {
        Array("data: ".utf8) + body.bytes + Array("\n\n".utf8)
    }

    private static func sound(of fingerprint: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: fingerprint)
        return (0..<bytesOfWord).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}

extension ProviderRequest {
    /// - Errors: the provider's 400.
    init(speech body: [UInt8], seed: UInt64) throws(ProviderError) {
        let object = try Self.object(body)
        self.init(model: try Self.model(object))
        for name in ["input", "voice"] where object[name]?.string?.isEmpty ?? true {
            throw .invalid(
                "Missing required parameter: '\(name)'.", param: name, code: "missing_required_parameter")
        }
        let text = object["input"]?.string ?? ""
        guard text.unicodeScalars.count <= 4_096 else {
            throw .invalid("'input' has more than 4096 characters.", param: "input", code: "string_above_max_length")
        }
        let words = text.split(separator: " ")
        inputs = words.map { AnswerText.fingerprint(of: $0.utf8, seed: seed) }
        let isByCharacter = OpenAISpeech.isBilledByTheCharacter(Fault.split(model: model).model)
        promptTokens = isByCharacter ? text.unicodeScalars.count : Tokens.text(text)
        wantsSoundEvents = object["stream_format"]?.string == "sse"
        guard !wantsSoundEvents || !isByCharacter else {
            throw .invalid("'stream_format' is not supported by this model.", param: "stream_format")
        }
        isStream = true
    }
}

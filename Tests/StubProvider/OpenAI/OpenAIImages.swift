import Shared

/// OpenAI's images: not pictures of anything, but as many bytes as small ones have.
///
/// - Source: OpenAI API reference, "Create image" and "Image generation streaming".
struct OpenAIImages {
    /// Of one in low quality.
    static let tokens = 272

    private let answer: ProviderAnswer

    init(_ answer: ProviderAnswer) { self.answer = answer }

    /// The older models say nothing of tokens.
    static func isBilledByTheImage(_ model: String) -> Bool { model.hasPrefix("dall-e") }

    private var kind: String { answer.request.operation == .imageEdit ? "image_edit" : "image_generation" }

    private var usage: JSONValue? {
        guard answer.showsUsage, !Self.isBilledByTheImage(answer.model) else { return nil }
        return usage(of: answer.usage.completion, prompt: answer.usage.prompt)
    }

    private func usage(of output: Int, prompt: Int) -> JSONValue {
        [
            "total_tokens": .count(prompt + output), "input_tokens": .count(prompt), "output_tokens": .count(output),
            "input_tokens_details": ["text_tokens": .count(prompt), "image_tokens": 0],
        ]
    }

    var body: [UInt8] {
        let images = answer.request.inputs.map { fingerprint -> JSONValue in
            ["b64_json": .string(Self.picture(fingerprint))]
        }
        let body: JSONValue = ["created": .count(Int(answer.createdUnixSeconds)), "data": .array(images)]
        return body.adding("usage", usage).bytes(.indented)
    }

    /// Each image with its own usage, as each is finished.
    var events: [StreamEvent] {
        let each = Self.tokens + 100 * answer.request.partialImages
        var events: [StreamEvent] = []
        var made = 0
        for (index, fingerprint) in answer.request.inputs.enumerated() {
            for partial in 0..<answer.request.partialImages {
                made += 100
                let body: JSONValue = [
                    "type": .string(kind + ".partial_image"), "partial_image_index": .count(partial),
                    "b64_json": .string(Self.picture(fingerprint &+ UInt64(partial))),
                    "created_at": .count(Int(answer.createdUnixSeconds)),
                ]
                events.append(event(kind + ".partial_image", body, made))
            }
            made += Self.tokens
            let body: JSONValue = [
                "type": .string(kind + ".completed"), "b64_json": .string(Self.picture(fingerprint)),
                "created_at": .count(Int(answer.createdUnixSeconds)), "background": "opaque", "output_format": "png",
                "quality": "low", "size": "1024x1024",
            ]
            let usage = usage(of: each, prompt: index == 0 ? answer.usage.prompt : 0)
            events.append(
                event(kind + ".completed", body.adding("usage", answer.showsUsage ? usage : nil), made))
        }
        return events
    }

    private func event(_ name: String, _ body: JSONValue, _ made: Int) -> StreamEvent {
        StreamEvent(
            bytes: Array("event: \(name)\ndata: ".utf8) + body.bytes + Array("\n\n".utf8), completionTokens: made)
    }

    private static func picture(_ fingerprint: UInt64) -> String {
        var random = SeededRandom(seed: fingerprint)
        return Base64.encode((0..<1_500).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }
}

extension ProviderRequest {
    /// - Errors: the provider's 400.
    init(imageEdit form: FormBody, seed: UInt64) throws(ProviderError) {
        self.init(model: try form.model())
        let pictures = form.parts.filter { ["image", "image[]"].contains($0.name) && $0.isFile }
        guard !pictures.isEmpty, let prompt = form.text("prompt") else {
            throw .invalid("'image' and 'prompt' are required.", param: "image", code: "missing_required_parameter")
        }
        promptTokens = Tokens.text(prompt) + pictures.count * Tokens.perImage
        let count = form.text("n").flatMap { Int($0) } ?? 1
        inputs = (0..<count).map { AnswerText.fingerprint(of: prompt.utf8, seed: seed &+ UInt64($0)) }
        isStream = form.text("stream") == "true"
        partialImages = isStream ? form.text("partial_images").flatMap { Int($0) } ?? 0 : 0
    }

    /// - Errors: the provider's 400.
    init(images body: [UInt8], seed: UInt64) throws(ProviderError) {
        let object = try Self.object(body)
        self.init(model: try Self.model(object))
        guard let prompt = object["prompt"]?.string, !prompt.isEmpty else {
            throw .invalid(
                "Missing required parameter: 'prompt'.", param: "prompt", code: "missing_required_parameter")
        }
        promptTokens = Tokens.text(prompt)
        let count = object["n"]?.number?.integer(as: Int.self) ?? 1
        guard (1...10).contains(count) else { throw .invalid("Invalid 'n': want 1 to 10.", param: "n") }
        inputs = (0..<count).map { AnswerText.fingerprint(of: prompt.utf8, seed: seed &+ UInt64($0)) }
        isStream = object["stream"]?.boolean ?? false
        partialImages = isStream ? object["partial_images"]?.number?.integer(as: Int.self) ?? 0 : 0
        guard (0...3).contains(partialImages) else {
            throw .invalid("Invalid 'partial_images': want 0 to 3.", param: "partial_images")
        }
        if OpenAIImages.isBilledByTheImage(Fault.split(model: model).model) {
            promptTokens = 0
            guard !isStream else { throw .invalid("Unknown parameter: 'stream'.", param: "stream") }
        }
    }
}

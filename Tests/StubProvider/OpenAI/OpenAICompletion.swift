import Shared

/// OpenAI's older completions, which go on with prompts.
///
/// - Source: OpenAI API reference, "Create completion".
struct OpenAICompletion {
    private let answer: ProviderAnswer
    private var usage: StubUsage { answer.usage }

    init(_ answer: ProviderAnswer) { self.answer = answer }

    var body: [UInt8] {
        let body: JSONValue = [
            "id": .string(id), "object": "text_completion", "created": .count(Int(answer.createdUnixSeconds)),
            "model": .string(answer.model),
            "choices": .array(
                answer.choices.enumerated().map { index, choice in
                    self.choice(index, text: choice.text, finish: choice.isCapped ? "length" : "stop")
                }),
        ]
        return body.adding("usage", answer.showsUsage ? Self.tree(usage) : nil).bytes(.indented)
    }

    /// All events but the usage and `[DONE]`.
    func events(usageOnEach: Bool) -> [StreamEvent] {
        var events: [StreamEvent] = []
        // What is not shown is made before what is.
        var made = usage.completion - answer.choices.reduce(0) { $0 + $1.words.count }
        for position in 0..<(answer.choices.map(\.words.count).max() ?? 0) {
            for (index, choice) in answer.choices.enumerated() where position < choice.words.count {
                made += 1
                let isLast = position == choice.words.count - 1
                let finish = isLast ? (choice.isCapped ? "length" : "stop") : nil
                var usage: JSONValue?
                if usageOnEach {
                    usage = Self.tree(StubUsage(prompt: self.usage.prompt, completion: made))
                } else if answer.request.includesUsage, answer.showsUsage {
                    usage = .null
                }
                events.append(
                    StreamEvent(
                        bytes: event([self.choice(index, text: choice.words[position], finish: finish)], usage),
                        completionTokens: made))
            }
        }
        return events
    }

    var usageEvent: [UInt8] { event([], Self.tree(usage)) }

    /// `cmpl-` and 24 digits, the same on every chunk.
    private var id: String { "cmpl-" + answer.digits(24) }

    private func choice(_ index: Int, text: [UInt8], finish: String?) -> JSONValue {
        [
            "text": .string(String(decoding: text, as: UTF8.self)), "index": .count(index), "logprobs": .null,
            "finish_reason": finish.map { .string($0) } ?? .null,
        ]
    }

    private func event(_ choices: [JSONValue], _ usage: JSONValue?) -> [UInt8] {
        let body: JSONValue = [
            "id": .string(id), "object": "text_completion", "created": .count(Int(answer.createdUnixSeconds)),
            "choices": .array(choices), "model": .string(answer.model),
        ]
        return Array("data: ".utf8) + body.adding("usage", usage).bytes + Array("\n\n".utf8)
    }

    private static func tree(_ usage: StubUsage) -> JSONValue {
        [
            "prompt_tokens": .count(usage.prompt), "completion_tokens": .count(usage.completion),
            "total_tokens": .count(usage.prompt + usage.completion),
        ]
    }
}

extension ProviderRequest {
    /// What the provider makes where the caller sets no bound.
    private static let completionTokensDefault = 16

    /// - Errors: the provider's 400.
    init(completion body: [UInt8]) throws(ProviderError) {
        let object = try Self.object(body)
        self.init(model: try Self.model(object))
        var prompts = 1
        switch object["prompt"] {
        case nil, .null: promptTokens = 1
        case .string(let text): promptTokens = max(1, Tokens.text(text))
        case .array(let items) where !items.isEmpty && items.allSatisfy { $0.number != nil }:
            promptTokens = items.count
        case .array(let items) where !items.isEmpty:
            prompts = items.count
            for item in items {
                switch item {
                case .string(let text): promptTokens += max(1, Tokens.text(text))
                case .array(let tokens): promptTokens += tokens.count
                default: throw .invalid("Invalid type for 'prompt'.", param: "prompt")
                }
            }
        default: throw .invalid("Invalid 'prompt': want a text or a list that is not empty.", param: "prompt")
        }
        isStream = object["stream"]?.boolean ?? false
        includesUsage = object["stream_options"]?["include_usage"]?.boolean ?? false
        outputTokensMax =
            object["max_tokens"]?.number?.integer(as: Int.self).map { max(0, $0) } ?? Self.completionTokensDefault
        let shown = object["n"]?.number?.integer(as: Int.self) ?? 1
        let made = object["best_of"]?.number?.integer(as: Int.self) ?? shown
        guard (1...128).contains(shown) else { throw .invalid("Invalid 'n': want 1 to 128.", param: "n") }
        guard (shown...max(shown, 20)).contains(made) else {
            throw .invalid("Invalid 'best_of': want 'n' to 20.", param: "best_of")
        }
        guard !isStream || made == shown else {
            throw .invalid("'best_of' cannot be streamed.", param: "best_of")
        }
        choices = prompts * shown
        hiddenChoices = prompts * (made - shown)
        stops = object["stop"]?.string.map { [$0] } ?? object["stop"]?.array?.compactMap(\.string) ?? []
    }
}

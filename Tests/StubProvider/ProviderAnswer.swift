import Shared

/// One answer in the making: the words, the thoughts before them, and the bill. Its dialect writes it.
struct ProviderAnswer {
    let request: ProviderRequest
    let model: String
    /// How many answers there were, this one included.
    let number: UInt64
    let createdUnixSeconds: Int64
    let choices: [AnswerText]
    /// What the model thought before that; nil where it does not think.
    let thoughts: AnswerText?
    /// By which it knows what it thought again.
    let signatures: ThoughtSignatures
    /// What the whole answer costs.
    let usage: StubUsage
    let showsUsage: Bool
    /// So many of the words are the caller's own, and not billed as the answer.
    let echoed: Int

    /// - Parameters:
    ///   - said: so many words of the answer stand in the request.
    ///   - isEchoed: they are said again.
    init(
        _ request: ProviderRequest, model: String, number: UInt64, createdUnixSeconds: Int64, fingerprint: UInt64,
        signatures: ThoughtSignatures, fault: Fault, said: Int = 0, isEchoed: Bool = false
    ) {
        self.request = request
        self.model = model
        self.number = number
        self.createdUnixSeconds = createdUnixSeconds
        self.signatures = signatures
        let isHuge = fault.kind == .hugeAnswer
        // An average word of the vocabulary has six bytes with its blank.
        let length = isHuge ? fault.bytes / 6 : fault.tokens
        var cap = isHuge ? nil : request.outputTokensMax
        if request.thinking == .off {
            thoughts = nil
        } else {
            // At most half of what may be said: something has to be left for the answer.
            let most = cap.map { max(1, $0 / 2) } ?? 32
            let thoughts = AnswerText(fingerprint: ~fingerprint, cap: min(32, most), length: 8 + Int(fingerprint % 17))
            cap = cap.map { max(1, $0 - thoughts.words.count) }
            self.thoughts = thoughts
        }
        var hidden = 0
        if !request.toolCalls.isEmpty || !request.inputs.isEmpty {
            choices = []
        } else if let format = request.format, length == nil {
            choices = (0..<request.choices).map { _ in AnswerText(format, cap: cap) }
        } else {
            choices = (0..<request.choices).map {
                var text = AnswerText(
                    fingerprint: fingerprint &+ UInt64($0), cap: cap, length: length, said: said, isEchoed: isEchoed)
                if !request.stops.isEmpty { text.end(before: request.stops) }
                return text
            }
        }
        for index in 0..<request.hiddenChoices {
            hidden += AnswerText(fingerprint: fingerprint &- UInt64(index + 1), cap: cap, length: length).words.count
        }
        if [.images, .imageEdit].contains(request.operation), !OpenAIImages.isBilledByTheImage(model) {
            hidden += request.inputs.count * (OpenAIImages.tokens + 100 * request.partialImages)
        }
        if request.operation == .speech, !OpenAISpeech.isBilledByTheCharacter(model) {
            hidden += request.inputs.count
        }
        let echoed = isEchoed ? said : 0
        self.echoed = echoed
        var usage = StubUsage(prompt: request.promptTokens)
        usage.cached = min(fault.cachedTokens, usage.prompt)
        usage.cacheWritten = min(fault.cacheWrittenTokens, usage.prompt - usage.cached)
        usage.reasoning = fault.reasoningTokens + (thoughts?.words.count ?? 0)
        usage.completion =
            request.toolCalls.reduce(0) { $0 + $1.tokens } + choices.reduce(0) { $0 + $1.words.count - echoed }
            + usage.reasoning + hidden
        self.usage = usage
        showsUsage = fault.kind != .missingUsage
    }

    /// So many digits, the same for the same answer: what identities are made of.
    func digits(_ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    /// The same for the nth of several: another first digit.
    func digits(_ count: Int, of index: Int) -> String { String(index % 10) + digits(count).dropFirst() }

    /// The bill when only `completion` tokens were made.
    func billedFor(_ completion: Int) -> StubUsage {
        var billed = usage
        billed.completion = min(completion, usage.completion)
        billed.reasoning = min(billed.reasoning, billed.completion)
        return billed
    }
}

extension ToolCall {
    var tokens: Int { Tokens.text(bytes: name.utf8.count + arguments.utf8.count) + Tokens.perToolCall }

    /// The pieces in which arguments are streamed.
    var pieces: [String] { arguments.chunked(characters: 8) }
}

/// One event of a stream, and how many tokens have been made once it is out.
struct StreamEvent {
    var bytes: [UInt8]
    var completionTokens: Int
}

/// Signs what a model thought, and knows what it has signed: whoever sends thoughts back must not have touched them.
struct ThoughtSignatures {
    private let key: UInt64

    /// Those of one dialect are nothing to another.
    init(seed: UInt64, of dialect: String) { key = AnswerText.fingerprint(of: dialect.utf8, seed: seed) }

    /// As long as real ones are at least, in base64.
    func sign(_ text: some Sequence<UInt8>, number: UInt64) -> String {
        Base64.encode(signature(Array(text), nonce: Self.bytes(number)))
    }

    func isGenuine(_ signature: String, of text: some Sequence<UInt8>) -> Bool {
        guard let bytes = Base64.decode(signature), bytes.count > 8 else { return false }
        return bytes == self.signature(Array(text), nonce: Array(bytes[..<8]))
    }

    private func signature(_ text: [UInt8], nonce: [UInt8]) -> [UInt8] {
        (UInt64(0)..<8).reduce(into: nonce) { out, part in
            out += Self.bytes(AnswerText.fingerprint(of: nonce + text, seed: key &+ part))
        }
    }

    private static func bytes(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - $0 * 8)) }
    }
}

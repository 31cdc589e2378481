import Shared

/// One answer in the making: the words, the bill, and the bytes of either.
///
/// - Source: OpenAI API reference, "Chat completions" and "Create embeddings".
struct ProviderAnswer {
    let request: ProviderRequest
    let model: String
    /// `chatcmpl-` and 24 digits, the same on every chunk.
    let id: String
    let createdUnixSeconds: Int64
    let choices: [AnswerText]
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
        fault: Fault, said: Int = 0, isEchoed: Bool = false
    ) {
        self.request = request
        self.model = model
        let digits = String(number)
        id = "chatcmpl-" + String(repeating: "0", count: max(0, 24 - digits.count)) + digits
        self.createdUnixSeconds = createdUnixSeconds
        // An average word of the vocabulary has six bytes with its blank.
        let length = fault.kind == .hugeAnswer ? fault.bytes / 6 : fault.tokens
        let cap = fault.kind == .hugeAnswer ? nil : request.outputTokensMax
        choices =
            request.toolCall == nil && request.inputs.isEmpty
            ? (0..<request.choices).map {
                AnswerText(
                    fingerprint: fingerprint &+ UInt64($0), cap: cap, length: length, said: said, isEchoed: isEchoed)
            } : []
        let echoed = isEchoed ? said : 0
        self.echoed = echoed
        var usage = StubUsage(prompt: request.promptTokens)
        usage.cached = min(fault.cachedTokens, usage.prompt)
        usage.reasoning = fault.reasoningTokens
        if let call = request.toolCall {
            usage.completion = Self.tokens(of: call) + fault.reasoningTokens
        } else {
            usage.completion = choices.reduce(0) { $0 + $1.words.count - echoed } + fault.reasoningTokens
        }
        self.usage = usage
        showsUsage = fault.kind != .missingUsage
    }

    private static func tokens(of call: (name: String, arguments: String)) -> Int {
        Tokens.text(bytes: call.name.utf8.count + call.arguments.utf8.count) + Tokens.perToolCall
    }

    // MARK: Plain

    var chatBody: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(512 + usage.completion * 8)
        out.append(
            text:
                "{\n  \"id\": \"\(id)\",\n  \"object\": \"chat.completion\",\n  \"created\": \(createdUnixSeconds),\n  \"model\": "
        )
        out.append(jsonString: model)
        out.append(text: ",\n  \"choices\": [")
        if let call = request.toolCall {
            out.append(
                text: """

                        {
                          "index": 0,
                          "message": {
                            "role": "assistant",
                            "content": null,
                            "tool_calls": [{"id": "call_\(id.dropFirst(9))", "type": "function", "function": {"name":
                    """)
            out.append(text: " ")
            out.append(jsonString: call.name)
            out.append(text: ", \"arguments\": ")
            out.append(jsonString: call.arguments)
            out.append(
                text:
                    "}}],\n        \"refusal\": null\n      },\n      \"logprobs\": null,\n      \"finish_reason\": \"tool_calls\"\n    }"
            )
        }
        for (index, choice) in choices.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            out.append(
                text:
                    "\n    {\n      \"index\": \(index),\n      \"message\": {\n        \"role\": \"assistant\",\n        \"content\": \""
            )
            // Words are letters, blanks and full stops: nothing to escape.
            for word in choice.words { out.append(contentsOf: word) }
            out.append(
                text:
                    "\",\n        \"refusal\": null\n      },\n      \"logprobs\": null,\n      \"finish_reason\": \"\(choice.isCapped ? "length" : "stop")\"\n    }"
            )
        }
        out.append(text: "\n  ],\n")
        if showsUsage {
            out.append(text: "  \"usage\": ")
            append(usage, to: &out)
            out.append(text: ",\n")
        }
        out.append(text: "  \"service_tier\": \"default\",\n  \"system_fingerprint\": \"fp_stub\"\n}\n")
        return out
    }

    var embeddingsBody: [UInt8] {
        var out: [UInt8] = []
        out.append(text: "{\n  \"object\": \"list\",\n  \"data\": [")
        for (index, fingerprint) in request.inputs.enumerated() {
            var random = SeededRandom(seed: fingerprint)
            let vector = (0..<request.dimensions).map { _ in Float.random(in: -1...1, using: &random) }
            out.append(
                text: (index > 0 ? "," : "") + "\n    {\"object\": \"embedding\", \"index\": \(index), \"embedding\": ")
            if request.wantsBase64 {
                let bytes = vector.flatMap { number in
                    (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) }
                }
                out.append(UInt8(ascii: "\""))
                out.append(text: Base64.encode(bytes))
                out.append(UInt8(ascii: "\""))
            } else {
                out.append(text: "[" + vector.map { "\($0)" }.joined(separator: ", ") + "]")
            }
            out.append(UInt8(ascii: "}"))
        }
        out.append(text: "\n  ],\n  \"model\": ")
        out.append(jsonString: model)
        if showsUsage {
            out.append(text: ",\n  \"usage\": {\"prompt_tokens\": \(usage.prompt), \"total_tokens\": \(usage.prompt)}")
        }
        out.append(text: "\n}\n")
        return out
    }

    // MARK: Stream

    /// One event of a stream, and how many tokens have been made once it is out.
    struct Event {
        var bytes: [UInt8]
        var completionTokens: Int
    }

    /// All events but the usage and `[DONE]`.
    func events(usageOnEach: Bool) -> [Event] {
        var events: [Event] = []
        var made = 0
        func add(choice index: Int, delta: (inout [UInt8]) -> Void, finish: String?) {
            var out: [UInt8] = []
            out.reserveCapacity(256)
            startEvent(&out)
            out.append(text: "[{\"index\":\(index),\"delta\":{")
            delta(&out)
            out.append(text: "},\"logprobs\":null,\"finish_reason\":")
            out.append(text: finish.map { "\"\($0)\"" } ?? "null")
            out.append(text: "}]")
            if usageOnEach {
                out.append(text: ",\"usage\":")
                append(StubUsage(prompt: usage.prompt, cached: usage.cached, completion: made), to: &out)
            } else if request.includesUsage, showsUsage {
                out.append(text: ",\"usage\":null")
            }
            out.append(text: "}\n\n")
            events.append(Event(bytes: out, completionTokens: made))
        }
        if let call = request.toolCall {
            add(
                choice: 0,
                delta: { out in
                    out.append(
                        text:
                            "\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_\(id.dropFirst(9))\",\"type\":\"function\",\"function\":{\"name\":"
                    )
                    out.append(jsonString: call.name)
                    out.append(text: ",\"arguments\":\"\"}}]")
                }, finish: nil)
            let total = Self.tokens(of: call)
            let pieces = call.arguments.chunked(characters: 8)
            for (index, piece) in pieces.enumerated() {
                made = total * (index + 1) / pieces.count
                add(
                    choice: 0,
                    delta: { out in
                        out.append(text: "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":")
                        out.append(jsonString: piece)
                        out.append(text: "}}]")
                    }, finish: nil)
            }
            made = usage.completion
            add(choice: 0, delta: { _ in }, finish: "tool_calls")
            return events
        }
        for index in choices.indices {
            add(
                choice: index, delta: { $0.append(text: "\"role\":\"assistant\",\"content\":\"\",\"refusal\":null") },
                finish: nil)
        }
        made = usage.reasoning
        for position in 0..<(choices.map(\.words.count).max() ?? 0) {
            for (index, choice) in choices.enumerated() where position < choice.words.count {
                if position >= echoed { made += 1 }
                add(
                    choice: index,
                    delta: { out in
                        out.append(text: "\"content\":\"")
                        out.append(contentsOf: choice.words[position])
                        out.append(UInt8(ascii: "\""))
                    }, finish: nil)
            }
        }
        for (index, choice) in choices.enumerated() {
            add(choice: index, delta: { _ in }, finish: choice.isCapped ? "length" : "stop")
        }
        return events
    }

    var usageEvent: [UInt8] {
        var out: [UInt8] = []
        startEvent(&out)
        out.append(text: "[],\"usage\":")
        append(usage, to: &out)
        out.append(text: "}\n\n")
        return out
    }

    private func startEvent(_ out: inout [UInt8]) {
        out.append(
            text:
                "data: {\"id\":\"\(id)\",\"object\":\"chat.completion.chunk\",\"created\":\(createdUnixSeconds),\"model\":"
        )
        out.append(jsonString: model)
        out.append(text: ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_stub\",\"choices\":")
    }

    private func append(_ usage: StubUsage, to out: inout [UInt8]) {
        out.append(
            text:
                "{\"prompt_tokens\":\(usage.prompt),\"completion_tokens\":\(usage.completion),\"total_tokens\":\(usage.prompt + usage.completion),\"prompt_tokens_details\":{\"cached_tokens\":\(usage.cached),\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":\(usage.reasoning),\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}"
        )
    }
}

extension String {
    fileprivate func chunked(characters count: Int) -> [String] {
        var pieces: [String] = []
        var rest = self[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}

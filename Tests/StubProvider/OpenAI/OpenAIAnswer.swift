import Shared

/// An answer as OpenAI writes it.
///
/// - Source: OpenAI API reference, "Chat completions" and "Create embeddings".
struct OpenAIAnswer {
    private let answer: ProviderAnswer
    private var request: ProviderRequest { answer.request }
    private var model: String { answer.model }
    private var usage: StubUsage { answer.usage }
    private var choices: [AnswerText] { answer.choices }
    private var showsUsage: Bool { answer.showsUsage }
    private var createdUnixSeconds: Int64 { answer.createdUnixSeconds }

    init(_ answer: ProviderAnswer) { self.answer = answer }

    /// `chatcmpl-` and 24 digits, the same on every chunk.
    private var id: String { "chatcmpl-" + answer.digits(24) }

    private func callID(_ index: Int) -> String { "call_" + answer.digits(24, of: index) }

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
        if !request.toolCalls.isEmpty {
            out.append(
                text: """

                        {
                          "index": 0,
                          "message": {
                            "role": "assistant",
                            "content": null,
                            "tool_calls": [
                    """)
            for (index, call) in request.toolCalls.enumerated() {
                out.append(
                    text: (index > 0 ? ", " : "")
                        + "{\"id\": \"\(callID(index))\", \"type\": \"function\", \"function\": {\"name\": ")
                out.append(jsonString: call.name)
                out.append(text: ", \"arguments\": ")
                out.append(jsonString: call.arguments)
                out.append(text: "}}")
            }
            out.append(
                text:
                    "],\n        \"refusal\": null\n      },\n      \"logprobs\": null,\n      \"finish_reason\": \"tool_calls\"\n    }"
            )
        }
        for (index, choice) in choices.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            out.append(
                text:
                    "\n    {\n      \"index\": \(index),\n      \"message\": {\n        \"role\": \"assistant\",\n        \"content\": "
            )
            out.append(jsonString: String(decoding: choice.text, as: UTF8.self))
            out.append(
                text:
                    ",\n        \"refusal\": null\n      },\n      \"logprobs\": null,\n      \"finish_reason\": \"\(choice.isCapped ? "length" : "stop")\"\n    }"
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

    /// All events but the usage and `[DONE]`.
    func events(usageOnEach: Bool) -> [StreamEvent] {
        var events: [StreamEvent] = []
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
            events.append(StreamEvent(bytes: out, completionTokens: made))
        }
        if !request.toolCalls.isEmpty {
            for (index, call) in request.toolCalls.enumerated() {
                add(
                    choice: 0,
                    delta: { out in
                        if index == 0 { out.append(text: "\"role\":\"assistant\",\"content\":null,") }
                        out.append(
                            text:
                                "\"tool_calls\":[{\"index\":\(index),\"id\":\"\(callID(index))\",\"type\":\"function\",\"function\":{\"name\":"
                        )
                        out.append(jsonString: call.name)
                        out.append(text: ",\"arguments\":\"\"}}]")
                    }, finish: nil)
                let before = made
                for (number, piece) in call.pieces.enumerated() {
                    made = before + call.tokens * (number + 1) / call.pieces.count
                    add(
                        choice: 0,
                        delta: { out in
                            out.append(text: "\"tool_calls\":[{\"index\":\(index),\"function\":{\"arguments\":")
                            out.append(jsonString: piece)
                            out.append(text: "}}]")
                        }, finish: nil)
                }
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
                if position >= answer.echoed { made += 1 }
                add(
                    choice: index,
                    delta: { out in
                        out.append(text: "\"content\":")
                        out.append(jsonString: String(decoding: choice.words[position], as: UTF8.self))
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

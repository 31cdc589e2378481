import Shared

/// An answer as Bedrock writes it.
///
/// - Shape: members in the order of their names, as its servers have them. Events are padded to hide the lengths of the words.
/// - Source: Amazon Bedrock Runtime API reference, "Converse" and "ConverseStream".
struct BedrockAnswer {
    private let answer: ProviderAnswer

    init(_ answer: ProviderAnswer) { self.answer = answer }

    private var stopReason: String {
        if !answer.request.toolCalls.isEmpty { return "tool_use" }
        guard let choice = answer.choices.first else { return "end_turn" }
        return choice.stop != nil ? "stop_sequence" : choice.isCapped ? "max_tokens" : "end_turn"
    }

    private func toolID(_ index: Int) -> String { "tooluse_" + answer.digits(22, of: index) }

    private func string(_ text: [UInt8]) -> JSONValue { .string(String(decoding: text, as: UTF8.self)) }

    private func signature(_ thoughts: AnswerText) -> JSONValue {
        .string(answer.signatures.sign(thoughts.text, number: answer.number))
    }

    // MARK: Usage

    /// What is cached is told beside the input, and in the total.
    private var usage: JSONValue {
        let usage = answer.usage
        return [
            "cacheReadInputTokens": .count(usage.cached), "cacheWriteInputTokens": .count(usage.cacheWritten),
            "inputTokens": .count(usage.prompt - usage.cached - usage.cacheWritten),
            "outputTokens": .count(usage.completion), "serverToolUsage": [:],
            "totalTokens": .count(usage.prompt + usage.completion),
        ]
    }

    private var metrics: JSONValue { ["latencyMs": .count(100 + answer.usage.completion)] }

    // MARK: Plain

    var body: [UInt8] {
        var content: [JSONValue] = []
        if let thoughts = answer.thoughts {
            content.append([
                "reasoningContent": [
                    "reasoningText": ["signature": signature(thoughts), "text": string(thoughts.text)]
                ]
            ])
        }
        for choice in answer.choices.prefix(1) { content.append(["text": string(choice.text)]) }
        for (index, call) in answer.request.toolCalls.enumerated() {
            content.append([
                "toolUse": ["input": call.tree, "name": .string(call.name), "toolUseId": .string(toolID(index))]
            ])
        }
        let body: JSONValue = [
            "metrics": metrics, "output": ["message": ["content": .array(content), "role": "assistant"]],
            "stopReason": .string(stopReason),
        ]
        return body.adding("usage", answer.showsUsage ? usage : nil).bytes
    }

    // MARK: Stream

    var events: [StreamEvent] {
        var events: [StreamEvent] = []
        var made = answer.usage.reasoning - (answer.thoughts?.words.count ?? 0)
        var block = 0
        func add(_ name: String, _ payload: JSONValue) {
            events.append(StreamEvent(bytes: frame(name, payload, events.count), completionTokens: made))
        }
        func delta(_ delta: JSONValue) {
            add("contentBlockDelta", ["contentBlockIndex": .count(block), "delta": delta])
        }
        func stop() {
            add("contentBlockStop", ["contentBlockIndex": .count(block)])
            block += 1
        }
        add("messageStart", ["role": "assistant"])
        if let thoughts = answer.thoughts {
            for word in thoughts.words {
                made += 1
                delta(["reasoningContent": ["text": string(word)]])
            }
            delta(["reasoningContent": ["signature": signature(thoughts)]])
            stop()
        }
        for choice in answer.choices.prefix(1) {
            // A block of text begins with its first piece.
            for (index, word) in choice.words.enumerated() {
                if index >= answer.echoed { made += 1 }
                delta(["text": string(word)])
            }
            stop()
        }
        for (index, call) in answer.request.toolCalls.enumerated() {
            let start: JSONValue = ["toolUse": ["name": .string(call.name), "toolUseId": .string(toolID(index))]]
            add("contentBlockStart", ["contentBlockIndex": .count(block), "start": start])
            let before = made
            for (number, piece) in call.pieces.enumerated() {
                made = before + call.tokens * (number + 1) / call.pieces.count
                delta(["toolUse": ["input": .string(piece)]])
            }
            stop()
        }
        return events
    }

    /// The usage comes behind the end.
    var ending: [UInt8] {
        let stop = frame("messageStop", ["stopReason": .string(stopReason)], 1)
        guard answer.showsUsage else { return stop }
        return stop + frame("metadata", ["metrics": metrics, "usage": usage], 2)
    }

    private static let padding = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

    private func frame(_ name: String, _ payload: JSONValue, _ number: Int) -> [UInt8] {
        let padding = String(Self.padding.prefix(1 + (number * 37 + Int(answer.number % 7)) % Self.padding.count))
        var members = payload.object?.members ?? []
        members.append(.init(name: "p", value: .string(padding)))
        var object = JSONObject()
        for member in members.sorted(by: { $0.name < $1.name }) { object[member.name] = member.value }
        return BedrockDialect.frame(name, JSONValue.object(object).bytes)
    }
}

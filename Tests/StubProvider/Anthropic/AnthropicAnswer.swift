import Shared

/// An answer as Anthropic writes it.
///
/// - Source: Anthropic API reference, "Messages" and "Streaming Messages".
struct AnthropicAnswer {
    private let answer: ProviderAnswer

    init(_ answer: ProviderAnswer) { self.answer = answer }

    private var id: String { "msg_01" + answer.digits(22) }

    // MARK: Content

    /// One block of the content, and the pieces in which it is streamed with the tokens of each.
    private struct Block {
        /// As it opens in a stream: without what the deltas bring.
        var opening: JSONValue
        var whole: JSONValue
        var deltas: [(delta: JSONValue, tokens: Int)]
    }

    private var blocks: [Block] {
        (answer.thoughts.map { [thinking($0)] } ?? []) + answer.choices.prefix(1).map(text)
            + answer.request.toolCalls.enumerated().map { toolUse($0.element, $0.offset) }
    }

    private func thinking(_ thoughts: AnswerText) -> Block {
        let isShown = answer.request.thinking == .shown
        let signature = answer.signatures.sign(isShown ? thoughts.text : [], number: answer.number)
        var deltas: [(delta: JSONValue, tokens: Int)] = thoughts.words.map { word in
            (["type": "thinking_delta", "thinking": .string(String(decoding: word, as: UTF8.self))], 1)
        }
        if !isShown { deltas = [] }
        deltas.append(
            (["type": "signature_delta", "signature": .string(signature)], isShown ? 0 : thoughts.words.count))
        let text = isShown ? String(decoding: thoughts.text, as: UTF8.self) : ""
        return Block(
            opening: ["type": "thinking", "thinking": "", "signature": ""],
            whole: ["type": "thinking", "thinking": .string(text), "signature": .string(signature)], deltas: deltas)
    }

    private func text(_ text: AnswerText) -> Block {
        Block(
            opening: ["type": "text", "text": ""],
            whole: ["type": "text", "text": .string(String(decoding: text.text, as: UTF8.self))],
            deltas: text.words.enumerated().map { index, word in
                (
                    ["type": "text_delta", "text": .string(String(decoding: word, as: UTF8.self))],
                    index < answer.echoed ? 0 : 1
                )
            })
    }

    private func toolUse(_ call: ToolCall, _ index: Int) -> Block {
        func block(_ input: JSONValue) -> JSONValue {
            [
                "type": "tool_use", "id": .string("toolu_01" + answer.digits(22, of: index)),
                "name": .string(call.name),
                "input": input,
            ]
        }
        // The first piece is always empty.
        let pieces = [""] + (call.arguments == "{}" ? [] : call.pieces)
        return Block(
            opening: block([:]), whole: block(call.tree),
            deltas: pieces.enumerated().map { index, piece in
                let before = call.tokens * index / pieces.count
                return (
                    ["type": "input_json_delta", "partial_json": .string(piece)],
                    call.tokens * (index + 1) / pieces.count - before
                )
            })
    }

    private var stopReason: String {
        if !answer.request.toolCalls.isEmpty { return "tool_use" }
        guard let choice = answer.choices.first else { return "end_turn" }
        return choice.stop != nil ? "stop_sequence" : choice.isCapped ? "max_tokens" : "end_turn"
    }

    private var stopSequence: JSONValue { answer.choices.first?.stop.map { .string($0) } ?? .null }

    // MARK: Usage

    /// What is cached is told beside the input, not in it.
    private func usage(output: Int) -> JSONValue {
        let usage = answer.usage
        return [
            "input_tokens": .count(usage.prompt - usage.cached - usage.cacheWritten),
            "cache_creation_input_tokens": .count(usage.cacheWritten),
            "cache_read_input_tokens": .count(usage.cached),
            "cache_creation": [
                "ephemeral_5m_input_tokens": .count(usage.cacheWritten), "ephemeral_1h_input_tokens": 0,
            ],
            "output_tokens": .count(output), "service_tier": "standard", "inference_geo": "not_available",
        ]
    }

    /// Thinking is part of the output.
    private var outputDetails: JSONValue? {
        answer.usage.reasoning > 0 ? ["thinking_tokens": .count(answer.usage.reasoning)] : nil
    }

    /// At the end of a stream: totals, of what is counted by then.
    private var finalUsage: JSONValue {
        let usage = answer.usage
        let totals: JSONValue = [
            "input_tokens": .count(usage.prompt - usage.cached - usage.cacheWritten),
            "cache_creation_input_tokens": .count(usage.cacheWritten),
            "cache_read_input_tokens": .count(usage.cached), "output_tokens": .count(usage.completion),
        ]
        return totals.adding("output_tokens_details", outputDetails)
    }

    // MARK: Plain

    private func message(_ content: JSONValue, stopReason: JSONValue, stopSequence: JSONValue, usage: JSONValue)
        -> JSONValue
    {
        let message: JSONValue = [
            "model": .string(answer.model), "id": .string(id), "type": "message", "role": "assistant",
            "content": content, "stop_reason": stopReason, "stop_sequence": stopSequence, "stop_details": .null,
        ]
        return message.adding("usage", answer.showsUsage ? usage : nil)
    }

    var body: [UInt8] {
        message(
            .array(blocks.map(\.whole)), stopReason: .string(stopReason), stopSequence: stopSequence,
            usage: usage(output: answer.usage.completion).adding("output_tokens_details", outputDetails)
        ).bytes
    }

    // MARK: Stream

    var events: [StreamEvent] {
        var events: [StreamEvent] = []
        // What is counted besides the content was made before it.
        var made = answer.usage.reasoning - (answer.thoughts?.words.count ?? 0)
        func add(_ name: String, _ members: JSONValue) {
            var data: JSONValue = ["type": .string(name)]
            for member in members.object?.members ?? [] { data = data.adding(member.name, member.value) }
            events.append(StreamEvent(bytes: AnthropicDialect.frame(name, data), completionTokens: made))
        }
        let start = message([], stopReason: .null, stopSequence: .null, usage: usage(output: 1))
        add("message_start", ["message": start])
        for (index, block) in blocks.enumerated() {
            add("content_block_start", ["index": .count(index), "content_block": block.opening])
            if index == 0 { add("ping", [:]) }
            for (delta, tokens) in block.deltas {
                made += tokens
                add("content_block_delta", ["index": .count(index), "delta": delta])
            }
            add("content_block_stop", ["index": .count(index)])
        }
        return events
    }

    func ending(isMarked: Bool) -> [UInt8] {
        let delta: JSONValue = [
            "type": "message_delta",
            "delta": ["stop_reason": .string(stopReason), "stop_sequence": stopSequence, "stop_details": .null],
        ]
        let end = AnthropicDialect.frame("message_delta", delta.adding("usage", answer.showsUsage ? finalUsage : nil))
        return end + (isMarked ? AnthropicDialect.frame("message_stop", ["type": "message_stop"]) : [])
    }
}

extension ToolCall {
    /// The arguments as JSON.
    var tree: JSONValue { (try? JSONValue(parsing: Array(arguments.utf8))) ?? [:] }
}

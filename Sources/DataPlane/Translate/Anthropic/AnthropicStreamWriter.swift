import Shared

/// Writes a stream for a caller.
///
/// - Shape: one block is open at a time (`PartSequence`). The reason for the end waits for the usage, which comes in the same event, or for the
///   end of the stream. Another provider's bare signature behind other blocks waits for a block to follow, and is left out where none does:
///   agents take the last block for the answer.
/// - Errors: `tooLarge`, where more would have to be held than `PartSequence` holds.
/// - Source: Anthropic, "Streaming messages".
struct AnthropicStreamWriter: StreamWriter {
    private let context: AnswerContext
    private var writer = JSONWriter(reservingCapacity: 512)
    private var hasBegun = false
    private var isOver = false
    private var sequence = PartSequence()
    private var row: [AnswerEvent] = []
    /// What the open block is; nil: none is open.
    private var kind: PartKind?
    /// Another provider's signature has its prefix before its first piece.
    private var hasSignature = false
    /// Of another provider, behind other blocks: a block once a piece of it is a text, or another block follows.
    private var waiting: (kind: PartKind, signature: String)?
    /// Signatures are a few kilobytes. A longer one is a block at once.
    private static let waitingBytesMax = 64 * 1024
    private var nextIndex = 0
    private var callCount = 0
    private var finish: (reason: FinishReason, stop: String?)?
    private var hasSaidFinish = false
    private var usage: TokenUsage?

    init(in context: AnswerContext) { self.context = context }

    mutating func write(_ event: AnswerEvent, to output: inout [UInt8]) throws(TranslationError) {
        guard !isOver else { return }
        switch event {
        case .opened(_, choice: 0, .whole(let part)) where !part.isAnthropic: break
        case .text, .arguments, .signature, .citation(_, _, of: .anthropic), .opened, .closed:
            try sequence.take(event, into: &row)
            writeRow(to: &output)
        case .began(let head): begin(head, to: &output)
        case .finished(choice: 0, let reason, let stop): finish = (reason, stop)
        case .usage(let tokens):
            usage = tokens
            if finish != nil { sayFinish(to: &output) }
        case .ping: writePing(to: &output)
        case .failed(let error):
            isOver = true
            writer.reset()
            AnthropicErrors.write(error, to: &writer)
            emit("error", to: &output)
        case .ended: end(to: &output)
        // Other choices than the first, and what no message of Anthropic's has.
        case .citation, .logprobs, .finished: break
        }
    }

    // MARK: The message

    private mutating func begin(_ head: AnswerHead?, to output: inout [UInt8]) {
        guard !hasBegun else { return }
        hasBegun = true
        usage = head?.usage ?? usage
        writer.reset()
        writer.beginObject()
        writer.member("type", "message_start")
        writer.name("message")
        writer.beginObject()
        let id = head?.id ?? ""
        let model = head?.model ?? ""
        writer.member("id", AnthropicAnswerWriter.messageID(id, in: context))
        writer.member("type", "message")
        writer.member("role", "assistant")
        writer.member("model", model.isEmpty ? context.model : model)
        writer.name("content")
        writer.beginArray()
        writer.endArray()
        writer.name("stop_reason")
        writer.null()
        AnthropicAnswerWriter.write(stop: nil, to: &writer)
        writer.name("usage")
        AnthropicUsageFields.write(knownUsage, serviceTier: head?.serviceTier, to: &writer)
        if let head { AnthropicBlockWriter.write(head.extras, to: &writer) }
        writer.endObject()
        writer.endObject()
        emit("message_start", to: &output)
    }

    /// Clients show the input from the first event on, and so an estimate is better than nothing.
    private var knownUsage: TokenUsage {
        guard let usage, usage.input > 0 else {
            var estimate = usage ?? .zero
            estimate.input = context.estimatedInputTokens
            return estimate
        }
        return usage
    }

    private mutating func sayFinish(to output: inout [UInt8]) {
        guard !hasSaidFinish else { return }
        hasSaidFinish = true
        begin(nil, to: &output)
        sequence.finish(into: &row)
        writeRow(to: &output)
        writer.reset()
        writer.beginObject()
        writer.member("type", "message_delta")
        writer.name("delta")
        writer.beginObject()
        writer.member("stop_reason", (finish?.reason ?? .stop).anthropic(hasToolCalls: callCount > 0))
        AnthropicAnswerWriter.write(stop: finish?.stop, to: &writer)
        writer.endObject()
        writer.name("usage")
        AnthropicUsageFields.writeFinal(knownUsage, to: &writer)
        writer.endObject()
        emit("message_delta", to: &output)
    }

    private mutating func end(to output: inout [UInt8]) {
        sayFinish(to: &output)
        isOver = true
        writer.reset()
        writer.beginObject()
        writer.member("type", "message_stop")
        writer.endObject()
        emit("message_stop", to: &output)
    }

    private mutating func writePing(to output: inout [UInt8]) {
        writer.reset()
        writer.beginObject()
        writer.member("type", "ping")
        writer.endObject()
        emit("ping", to: &output)
    }

    private func emit(_ name: String, to output: inout [UInt8]) {
        SSEWriting.append(writer.bytes, named: name, to: &output)
    }

    // MARK: Blocks

    private mutating func writeRow(to output: inout [UInt8]) {
        for event in row {
            switch event {
            case .opened(_, _, let kind):
                writeWaiting(to: &output)
                if nextIndex > 0, kind.mayBeBareSignature {
                    waiting = (kind, "")
                } else {
                    start(kind, to: &output)
                }
            case .signature(_, let text) where waiting != nil: wait(for: text, to: &output)
            case .closed where waiting != nil: break
            case .closed: stop(to: &output)
            default:
                beginWaiting(to: &output)
                writeDelta(event, to: &output)
            }
        }
        row.removeAll(keepingCapacity: true)
    }

    /// What waits is a block.
    private mutating func beginWaiting(to output: inout [UInt8]) {
        guard let (kind, signature) = waiting else { return }
        waiting = nil
        start(kind, to: &output)
        if !signature.isEmpty { writeDelta(.signature(part: 0, signature), to: &output) }
    }

    private mutating func wait(for signature: String, to output: inout [UInt8]) {
        waiting?.signature += signature
        if waiting?.signature.utf8.count ?? 0 > Self.waitingBytesMax { beginWaiting(to: &output) }
    }

    /// The same where another block follows.
    private mutating func writeWaiting(to output: inout [UInt8]) {
        guard waiting != nil else { return }
        beginWaiting(to: &output)
        stop(to: &output)
    }

    private mutating func start(_ kind: PartKind, to output: inout [UInt8]) {
        begin(nil, to: &output)
        self.kind = kind
        hasSignature = false
        writer.reset()
        writer.beginObject()
        writer.member("type", "content_block_start")
        writer.member("index", nextIndex)
        writer.name("content_block")
        let input = writeBlock(kind)
        writer.endObject()
        emit("content_block_start", to: &output)
        if let input { writeDelta(.arguments(part: 0, input), to: &output) }
    }

    /// - Returns: the input of a block that comes whole, which clients expect in a piece of its own.
    private mutating func writeBlock(_ kind: PartKind) -> String? {
        switch kind {
        case .text, .refusal: AnthropicBlockWriter.write(Part(.text("")), to: &writer)
        case .thinking: AnthropicBlockWriter.write(Part(.thinking(Thinking(origin: .anthropic))), to: &writer)
        case .sealedThinking(let text, let origin):
            AnthropicBlockWriter.write(Part(.thinking(Thinking(sealed: text, origin: origin))), to: &writer)
        case .toolCall(let id, let name, _):
            callCount += 1
            let known = id.isEmpty ? AnthropicAnswerWriter.callID(callCount, in: context) : id
            AnthropicBlockWriter.write(
                Part(.toolCall(ToolCall(id: known, name: name, arguments: ""))), to: &writer)
        case .whole(let part):
            guard case .native(.object(var block), of: _) = part.content, let input = block["input"]?.object,
                !input.members.isEmpty
            else {
                AnthropicBlockWriter.write(part, to: &writer)
                return nil
            }
            block["input"] = .object(JSONObject())
            JSONValue.object(block).write(to: &writer)
            return String(decoding: JSONValue.object(input).bytes, as: UTF8.self)
        }
        return nil
    }

    /// A piece of the open block.
    private mutating func writeDelta(_ piece: AnswerEvent, to output: inout [UInt8]) {
        writer.reset()
        writer.beginObject()
        writer.member("type", "content_block_delta")
        writer.member("index", nextIndex)
        writer.name("delta")
        writer.beginObject()
        switch piece {
        case .text(_, let text):
            let isThought = if case .thinking = kind { true } else { false }
            writer.member("type", isThought ? "thinking_delta" : "text_delta")
            writer.member(isThought ? "thinking" : "text", text)
        case .arguments(_, let text):
            writer.member("type", "input_json_delta")
            writer.member("partial_json", text)
        case .signature(_, let text):
            writer.member("type", "signature_delta")
            writer.member("signature", signaturePrefix + text)
            hasSignature = true
        case .citation(_, let value, of: _):
            writer.member("type", "citations_delta")
            writer.name("citation")
            value.write(to: &writer)
        default: break
        }
        writer.endObject()
        writer.endObject()
        emit("content_block_delta", to: &output)
    }

    /// What tells another provider's signature from Anthropic's, once for each.
    private var signaturePrefix: String {
        guard !hasSignature, case .thinking(let origin) = kind else { return "" }
        return AnthropicThoughts.prefix(of: origin)
    }

    private mutating func stop(to output: inout [UInt8]) {
        writer.reset()
        writer.beginObject()
        writer.member("type", "content_block_stop")
        writer.member("index", nextIndex)
        writer.endObject()
        emit("content_block_stop", to: &output)
        nextIndex += 1
        kind = nil
    }
}

extension PartKind {
    /// Another provider's signature of a text comes as a thought that says nothing.
    fileprivate var mayBeBareSignature: Bool {
        if case .thinking(let origin) = self { origin != .anthropic } else { false }
    }
}

extension Part {
    /// A block of Anthropic's own.
    fileprivate var isAnthropic: Bool { if case .native(.object, of: .anthropic) = content { true } else { false } }
}

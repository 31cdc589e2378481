import Shared

/// Writes a stream for a caller: messages of a binary event stream, as AWS's clients read them.
///
/// - Shape: one block is open at a time (`PartSequence`). As Bedrock does, a text and a thought begin with their first piece, a call and an
///   image with an event of their own. The reason of the end goes out at once, the usage is the last message. There is no message for a
///   ping.
/// - Errors: `tooLarge`, where more would have to be held than `PartSequence` holds, or a message than the framing allows.
/// - Source: `ConverseStreamOutput` of the service model.
struct BedrockStreamWriter: StreamWriter {
    private let context: AnswerContext
    private var writer = JSONWriter(reservingCapacity: 512)
    private var sequence = PartSequence()
    private var row: [AnswerEvent] = []
    private var hasBegun = false
    private var hasFinished = false
    private var isOver = false
    private var index = 0
    private var callCount = 0
    private var open = Open.nothing
    private var usage: TokenUsage?
    private var serviceTier: String?

    /// What the open block has had so far.
    private enum Open {
        case nothing, text
        /// Another provider's signature has its mark before its first piece.
        case thinking(origin: Dialect, hasSignature: Bool)
        case call(hasArguments: Bool)
    }

    private static let messageStart = EventStreamHeaderBlock.event("messageStart")
    private static let blockStart = EventStreamHeaderBlock.event("contentBlockStart")
    private static let blockDelta = EventStreamHeaderBlock.event("contentBlockDelta")
    private static let blockStop = EventStreamHeaderBlock.event("contentBlockStop")
    private static let messageStop = EventStreamHeaderBlock.event("messageStop")
    private static let metadata = EventStreamHeaderBlock.event("metadata")

    init(in context: AnswerContext) { self.context = context }

    mutating func write(_ event: AnswerEvent, to output: inout [UInt8]) throws(TranslationError) {
        guard !isOver else { return }
        switch event {
        case .began(let head):
            usage = head.usage ?? usage
            serviceTier = head.serviceTier
            try begin(to: &output)
        case .opened, .text, .arguments, .signature, .citation(_, _, of: .bedrock), .closed:
            try sequence.take(event, into: &row)
            try writeRow(to: &output)
        case .finished(choice: 0, let reason, _): try finish(reason, to: &output)
        case .usage(let tokens): usage = tokens
        case .failed(let error): try fail(error, to: &output)
        case .ended: try end(to: &output)
        // Other choices than the first, and what Converse has no word for.
        case .finished, .citation, .logprobs, .ping: break
        }
    }

    private mutating func emit(_ headers: EventStreamHeaderBlock, to output: inout [UInt8]) throws(TranslationError) {
        guard writer.bytes.count <= EventStreamWriter.payloadBytesMax(behind: headers) else {
            throw .tooLarge(limit: EventStreamFramer.messageBytesMax)
        }
        EventStreamWriter.append(headers, writer.bytes, to: &output)
    }

    // MARK: The message

    private mutating func begin(to output: inout [UInt8]) throws(TranslationError) {
        guard !hasBegun else { return }
        hasBegun = true
        writer.reset()
        writer.object { $0.member("role", "assistant") }
        try emit(Self.messageStart, to: &output)
    }

    private mutating func finish(_ reason: FinishReason, to output: inout [UInt8]) throws(TranslationError) {
        guard !hasFinished else { return }
        try begin(to: &output)
        sequence.finish(into: &row)
        try writeRow(to: &output)
        hasFinished = true
        writer.reset()
        writer.object { $0.member("stopReason", reason.bedrock) }
        try emit(Self.messageStop, to: &output)
    }

    private mutating func end(to output: inout [UInt8]) throws(TranslationError) {
        try finish(callCount > 0 ? .toolCalls : .stop, to: &output)
        isOver = true
        writer.reset()
        writer.object { writer in
            // Required; where nobody counted, an estimate of the input is better than none.
            let known = usage ?? TokenUsage(input: context.estimatedInputTokens)
            BedrockUsage.write(known, Extras(), to: &writer)
            BedrockAnswerWriter.metrics(to: &writer)
            if let serviceTier { BedrockAnswerWriter.serviceTier(serviceTier, to: &writer) }
        }
        try emit(Self.metadata, to: &output)
    }

    private mutating func fail(_ error: ProviderError, to output: inout [UInt8]) throws(TranslationError) {
        isOver = true
        writer.reset()
        writer.object { $0.member("message", error.message) }
        try emit(.exception(BedrockErrors.streamType(of: error)), to: &output)
    }

    // MARK: Blocks

    private mutating func writeRow(to output: inout [UInt8]) throws(TranslationError) {
        defer { row.removeAll(keepingCapacity: true) }
        for event in row {
            switch event {
            case .text(_, let text): try write(text, to: &output)
            case .arguments(_, let text): try write(arguments: text, to: &output)
            case .signature(_, let text): try write(signature: text, to: &output)
            case .citation(_, let value, of: _):
                try delta(to: &output) { writer in
                    writer.name("citation")
                    value.write(to: &writer)
                }
            case .opened(_, _, let kind): try start(kind, to: &output)
            case .closed: try stop(to: &output)
            default: break
            }
        }
    }

    private mutating func start(_ kind: PartKind, to output: inout [UInt8]) throws(TranslationError) {
        try begin(to: &output)
        switch kind {
        case .text, .refusal: open = .text
        case .thinking(let origin): open = .thinking(origin: origin, hasSignature: false)
        case .sealedThinking(let sealed, let origin):
            let redacted = BedrockThoughts.redacted(sealed, of: origin)
            try delta(to: &output) { writer in
                writer.name("reasoningContent")
                writer.object { $0.member("redactedContent", redacted) }
            }
        case .toolCall(let id, let name, _):
            let id = id.isEmpty ? BedrockAnswerWriter.callID(callCount, context) : id
            callCount += 1
            open = .call(hasArguments: false)
            try announce("toolUse", to: &output) { writer in
                writer.member("toolUseId", id)
                writer.member("name", name)
            }
        case .whole(let part): try writeWhole(part, to: &output)
        }
    }

    private mutating func stop(to output: inout [UInt8]) throws(TranslationError) {
        if case .call(hasArguments: false) = open { try write(arguments: "{}", to: &output) }
        let hasBlock = if case .nothing = open { false } else { true }
        open = .nothing
        guard hasBlock else { return }
        writer.reset()
        writer.object { $0.member("contentBlockIndex", index) }
        try emit(Self.blockStop, to: &output)
        index += 1
    }

    /// What comes whole and has a place in a stream: an image, and what a provider's own tools were called with and gave.
    private mutating func writeWhole(_ part: Part, to output: inout [UInt8]) throws(TranslationError) {
        switch part.content {
        case .text(let text), .refusal(let text):
            open = .text
            try write(text, to: &output)
        case .image(let media):
            guard case .data(let data) = media.source,
                let format = BedrockMediaFormat.image.format(of: media.type ?? "")
            else { return }
            try announce("image", to: &output) { $0.member("format", format) }
            open = .text
            try delta(to: &output) { writer in
                writer.name("image")
                writer.object { writer in
                    writer.name("source")
                    writer.object { $0.member("bytes", data) }
                }
            }
        case .native(let value, of: .bedrock): try writeNative(value, to: &output)
        default: break
        }
    }

    private mutating func writeNative(_ value: JSONValue, to output: inout [UInt8]) throws(TranslationError) {
        for kind in ["toolUse", "toolResult"] {
            guard let block = value[kind]?.object else { continue }
            let (name, content) = kind == "toolUse" ? ("input", block["input"]) : ("content", block["content"])
            try announce(kind, to: &output) { writer in
                BedrockBlockWriter.add(block.members.filter { $0.name != name }, to: &writer)
            }
            open = .text
            guard let content else { return }
            try delta(to: &output) { writer in
                writer.name(kind)
                if kind == "toolResult" { return content.write(to: &writer) }
                writer.object { $0.member("input", String(decoding: content.bytes, as: UTF8.self)) }
            }
        }
    }

    // MARK: Pieces

    private mutating func write(_ text: String, to output: inout [UInt8]) throws(TranslationError) {
        if case .thinking = open {
            try delta(to: &output) { writer in
                writer.name("reasoningContent")
                writer.object { $0.member("text", text) }
            }
        } else {
            try delta(to: &output) { $0.member("text", text) }
        }
    }

    private mutating func write(arguments text: String, to output: inout [UInt8]) throws(TranslationError) {
        open = .call(hasArguments: true)
        try delta(to: &output) { writer in
            writer.name("toolUse")
            writer.object { $0.member("input", text) }
        }
    }

    private mutating func write(signature text: String, to output: inout [UInt8]) throws(TranslationError) {
        guard case .thinking(let origin, let hasSignature) = open else { return }
        open = .thinking(origin: origin, hasSignature: true)
        let signature = hasSignature ? text : BedrockThoughts.signature(text, of: origin)
        try delta(to: &output) { writer in
            writer.name("reasoningContent")
            writer.object { $0.member("signature", signature) }
        }
    }

    private mutating func announce(
        _ kind: String, to output: inout [UInt8], _ members: (inout JSONWriter) -> Void
    ) throws(TranslationError) {
        writer.reset()
        writer.object { writer in
            writer.name("start")
            writer.object { writer in
                writer.name(kind)
                writer.object(members)
            }
            writer.member("contentBlockIndex", index)
        }
        try emit(Self.blockStart, to: &output)
    }

    private mutating func delta(
        to output: inout [UInt8], _ members: (inout JSONWriter) -> Void
    ) throws(TranslationError) {
        if case .nothing = open { open = .text }
        writer.reset()
        writer.object { writer in
            writer.name("delta")
            writer.object(members)
            writer.member("contentBlockIndex", index)
        }
        try emit(Self.blockDelta, to: &output)
    }
}

import Shared

/// Writes a stream for a caller.
///
/// - Shape: items come strictly one after the other (`PartSequence`), and the last event repeats them all. It comes with `ended`, when the
///   usage is known: no mark follows it. A failure is `response.failed`, with what was whole until then. Where nothing was written before, it
///   is `error`: of an answer that passed until it broke off, no other event of ours may follow. A ping is a comment.
/// - Errors: `tooLarge`, where more would have to be held than `PartSequence` holds, or kept than `keptBytesMax`.
/// - Source: OpenAI API reference, "Responses", "Streaming events"; docs/dialects.md, detail 38.
struct ResponsesStreamWriter: StreamWriter {
    private let context: AnswerContext
    private var frames = ResponsesFrames()
    private var sequence = PartSequence()
    private var row: [AnswerEvent] = []
    /// nil until something was written.
    private var response: ResponsesObject?
    private var items: ResponsesStreamOutput
    private var usage: TokenUsage?
    private var reason: FinishReason?
    private var isOver = false

    /// As much as is held of a whole answer.
    static let keptBytesMax = 32 * 1024 * 1024
    private let keptBytesMax: Int

    init(in context: AnswerContext, keptBytesMax: Int = keptBytesMax) {
        self.context = context
        self.keptBytesMax = keptBytesMax
        let identities = ResponsesIdentities(answer: "", in: context)
        items = ResponsesStreamOutput(identities, keptBytesMax: keptBytesMax)
    }

    mutating func write(_ event: AnswerEvent, to output: inout [UInt8]) throws(TranslationError) {
        guard !isOver else { return }
        switch event {
        case .opened(_, choice: 0, .whole(let part)) where !part.isWholeItem: break
        case .text, .arguments, .signature, .citation(_, _, of: .responses), .opened, .closed:
            try sequence.take(event, into: &row)
            try writeRow(to: &output)
        case .began(let head): begin(head, to: &output)
        case .logprobs(choice: 0, let value): items.add(logprobs: ResponsesLogprobs.list(value))
        case .finished(choice: 0, let reason, _): try finish(reason, to: &output)
        case .usage(let counted): usage = counted
        case .ping: output.append(contentsOf: ": ping\n\n".utf8)
        case .failed(let error): fail(error, to: &output)
        case .ended: try end(to: &output)
        // Other choices than the first, and what no response has.
        case .citation, .logprobs, .finished: break
        }
    }

    private mutating func writeRow(to output: inout [UInt8]) throws(TranslationError) {
        defer { row.removeAll(keepingCapacity: true) }
        for event in row {
            switch event {
            case .opened(_, _, let kind):
                begin(AnswerHead(id: "", model: ""), to: &output)
                try items.open(kind, &frames, to: &output)
            case .text(_, let piece), .arguments(_, let piece): try items.say(piece, &frames, to: &output)
            case .signature(_, let piece): try items.add(signature: piece)
            case .citation(_, let annotation, of: _): try items.cite(annotation, &frames, to: &output)
            case .closed: try items.close(&frames, to: &output)
            default: break
            }
        }
    }

    // MARK: The response

    private mutating func begin(_ head: AnswerHead, to output: inout [UInt8]) {
        guard response == nil else { return }
        let begun = ResponsesObject(head, status: .inProgress, in: context)
        response = begun
        let identities = ResponsesIdentities(answer: head.id, in: context)
        items = ResponsesStreamOutput(identities, keptBytesMax: keptBytesMax)
        usage = head.usage ?? usage
        for type in ["response.created", "response.in_progress"] {
            frames.append(type, to: &output) { writer in
                writer.name("response")
                begun.write(to: &writer) { $0.array { _ in } }
            }
        }
    }

    private mutating func finish(_ reason: FinishReason, to output: inout [UInt8]) throws(TranslationError) {
        guard self.reason == nil else { return }
        self.reason = reason
        begin(AnswerHead(id: "", model: ""), to: &output)
        sequence.finish(into: &row)
        try writeRow(to: &output)
        let ending = ResponsesFinish.ending(reason, hasRefused: items.hasRefused)
        try items.end(ending.status == .completed ? .completed : .incomplete, &frames, to: &output)
    }

    private mutating func end(to output: inout [UInt8]) throws(TranslationError) {
        try finish(.stop, to: &output)
        let ending = ResponsesFinish.ending(reason, hasRefused: items.hasRefused)
        response?.incompleteReason = ending.incompleteReason
        response?.status = ending.status
        sayLast(ending.status == .completed ? "response.completed" : "response.incomplete", to: &output)
    }

    private mutating func fail(_ error: ProviderError, to output: inout [UInt8]) {
        guard response != nil else {
            isOver = true
            return frames.append("error", to: &output) { ResponsesErrors.writeMembers(of: error, to: &$0) }
        }
        response?.error = error
        response?.status = .failed
        sayLast("response.failed", to: &output)
    }

    private mutating func sayLast(_ type: String, to output: inout [UInt8]) {
        isOver = true
        response?.usage = usage
        frames.append(type, to: &output) { [response, items] writer in
            writer.name("response")
            response?.write(to: &writer) { items.write(to: &$0) }
        }
    }
}

/// The events of a stream, numbered.
struct ResponsesFrames {
    private var writer = JSONWriter(reservingCapacity: 512)
    private var count = 0

    /// - Parameter members: writes those besides the type and the number.
    mutating func append(_ type: String, to output: inout [UInt8], _ members: (inout JSONWriter) -> Void) {
        writer.reset()
        writer.beginObject()
        writer.member("type", type)
        writer.member("sequence_number", count)
        members(&writer)
        writer.endObject()
        count += 1
        SSEWriting.append(writer.bytes, named: type, to: &output)
    }
}

extension Part {
    /// An item of this dialect's own, or a picture, for which it has one.
    fileprivate var isWholeItem: Bool {
        switch content {
        case .native(.object, of: .responses): true
        case .image(let media): if case .data = media.source { true } else { false }
        default: false
        }
    }
}

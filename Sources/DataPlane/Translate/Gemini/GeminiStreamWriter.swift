import Shared

/// Writes a stream of `GenerateContentResponse`s for a caller.
///
/// - Shape: server-sent events with the line ends that Google writes, or one JSON array, element by element, for a caller without `alt=sse`.
///   Texts go out as they come; a call is held until it is whole, since its arguments are an object here. The last message has the finish
///   reasons and the usage. A ping is nothing in server-sent events: older clients of Google take any line but `data:` for a fault.
/// - Units: `heldBytesMax` counts the arguments and signatures of all parts that are open at once.
/// - Errors: `tooLarge` beyond it.
struct GeminiStreamWriter: StreamWriter {
    private struct OpenPart {
        let part: Int
        let choice: Int
        var kind: Kind
    }

    private enum Kind {
        case text
        /// With its signature so far, and an empty text where some of it was written.
        case thought(Thinking)
        case call(ToolCall)
        case whole
    }

    static let heldBytesMax = 16 << 20

    private let context: AnswerContext
    private let asArray: Bool
    private var json = JSONWriter()
    /// Members at the end of each message: who answers.
    private var tail: [UInt8] = []
    /// Of the provider's first message, for the first one here.
    private var headMembers: [JSONObject.Member] = []
    private var open: [OpenPart] = []
    /// Of each choice: what is said of a text may come after its end.
    private var lastTexts: [(choice: Int, part: Int)] = []
    private var heldBytes = 0
    private var finishes: [(choice: Int, reason: FinishReason)] = []
    private var usage: TokenUsage?
    private var hasStarted = false
    private var isOver = false

    init(in context: AnswerContext, asArray: Bool) {
        self.context = context
        self.asArray = asArray
        setTail(AnswerHead(id: "", model: ""))
    }

    mutating func write(_ event: AnswerEvent, to output: inout [UInt8]) throws(TranslationError) {
        guard !isOver else { return }
        switch event {
        case .began(let head):
            setTail(head)
            headMembers = head.extras.members(for: .gemini)
            usage = head.usage
        case .opened(let part, let choice, let kind): open(part, choice, kind, &output)
        case .text(let part, let text): write(text, ofPart: part, &output)
        case .arguments(let part, let piece), .signature(let part, let piece): try hold(piece, ofPart: part)
        case .citation(let part, let value, let origin):
            if origin == .gemini, let members = value.object?.members { write(members, besideText: part, &output) }
        case .closed(let part): close(part, &output)
        case .logprobs(let choice, let logprobs):
            guard let result = GeminiLogprobs.result(logprobs) else { return }
            write([JSONObject.Member(name: "logprobsResult", value: result)], choice: choice, &output)
        case .finished(let choice, let reason, _): finishes.append((choice, reason))
        case .usage(let usage): self.usage = usage
        case .ping:
            // White space between the elements of an array is no element.
            if asArray { output += [0x0d, 0x0a] }
        case .failed(let error): fail(error, &output)
        case .ended: end(&output)
        }
    }

    // MARK: Parts

    private mutating func open(_ part: Int, _ choice: Int, _ kind: PartKind, _ output: inout [UInt8]) {
        switch kind {
        case .text, .refusal:
            open.append(OpenPart(part: part, choice: choice, kind: .text))
            lastTexts.removeAll { $0.choice == choice }
            lastTexts.append((choice, part))
        case .thinking(let origin):
            open.append(OpenPart(part: part, choice: choice, kind: .thought(Thinking(origin: origin))))
        case .sealedThinking(let sealed, let origin):
            let thinking = Thinking(sealed: sealed, origin: origin)
            open.append(OpenPart(part: part, choice: choice, kind: .thought(thinking)))
        case .toolCall(let id, let name, let signature):
            let call = ToolCall(id: id, name: name, arguments: "", signature: signature)
            open.append(OpenPart(part: part, choice: choice, kind: .call(call)))
        case .whole(let whole):
            open.append(OpenPart(part: part, choice: choice, kind: .whole))
            guard GeminiPartWriter.canWrite(whole) else { return }
            write(choice: choice, &output) { GeminiPartWriter.write(whole, followedBy: nil, to: &$0) }
        }
    }

    private mutating func write(_ text: String, ofPart part: Int, _ output: inout [UInt8]) {
        guard !text.isEmpty, let place = open.firstIndex(where: { $0.part == part }) else { return }
        var isThought = false
        if case .thought(var thinking) = open[place].kind {
            isThought = true
            // It is out already: all that is left to tell is that there was some.
            thinking.text = ""
            open[place].kind = .thought(thinking)
        }
        write(choice: open[place].choice, &output) {
            GeminiPartWriter.write(text: text, isThought: isThought, to: &$0)
        }
    }

    private mutating func hold(_ piece: String, ofPart part: Int) throws(TranslationError) {
        guard let place = open.firstIndex(where: { $0.part == part }) else { return }
        heldBytes += piece.utf8.count
        guard heldBytes <= Self.heldBytesMax else { throw .tooLarge(limit: Self.heldBytesMax) }
        switch open[place].kind {
        case .call(var call):
            // Not two strings at once, so that appending does not copy.
            open[place].kind = .whole
            call.arguments += piece
            open[place].kind = .call(call)
        case .thought(var thinking):
            open[place].kind = .whole
            thinking.signature = (thinking.signature ?? "") + piece
            open[place].kind = .thought(thinking)
        case .text, .whole: break
        }
    }

    private mutating func close(_ part: Int, _ output: inout [UInt8]) {
        guard let place = open.firstIndex(where: { $0.part == part }) else { return }
        let closed = open.remove(at: place)
        switch closed.kind {
        case .text, .whole: break
        case .thought(let thinking):
            heldBytes -= thinking.signature?.utf8.count ?? 0
            guard GeminiThoughts.signature(of: thinking) != nil else { return }
            write(choice: closed.choice, &output) { GeminiPartWriter.write(thinking, to: &$0) }
        case .call(let call):
            heldBytes -= call.arguments.utf8.count
            write(choice: closed.choice, &output) { GeminiAnswerWriter.write(call, to: &$0) }
        }
    }

    // MARK: Messages

    private mutating func setTail(_ head: AnswerHead) {
        var writer = JSONWriter()
        writer.member("modelVersion", head.model.isEmpty ? context.model : head.model)
        writer.member("responseId", head.id.isEmpty ? context.id : head.id)
        tail = writer.bytes
    }

    /// A message with one part.
    private mutating func write(choice: Int, _ output: inout [UInt8], part: (inout JSONWriter) -> Void) {
        json.reset()
        json.beginObject()
        json.name("candidates")
        json.beginArray()
        json.beginObject()
        json.name("content")
        json.beginObject()
        json.name("parts")
        json.beginArray()
        part(&json)
        json.endArray()
        json.member("role", "model")
        json.endObject()
        json.member("index", choice)
        json.endObject()
        json.endArray()
        endMessage(&output)
    }

    private mutating func write(_ members: [JSONObject.Member], besideText part: Int, _ output: inout [UInt8]) {
        guard let text = lastTexts.first(where: { $0.part == part }) else { return }
        write(members, choice: text.choice, &output)
    }

    /// A message with what is said of a candidate.
    private mutating func write(_ members: [JSONObject.Member], choice: Int, _ output: inout [UInt8]) {
        json.reset()
        json.beginObject()
        json.name("candidates")
        json.beginArray()
        json.beginObject()
        json.member("index", choice)
        for member in members { GeminiPartWriter.write(member, to: &json) }
        json.endObject()
        json.endArray()
        endMessage(&output)
    }

    private mutating func endMessage(_ output: inout [UInt8]) {
        for member in headMembers { GeminiPartWriter.write(member, to: &json) }
        headMembers = []
        json.raw(tail)
        json.endObject()
        append(&output)
    }

    private mutating func append(_ output: inout [UInt8]) {
        if asArray {
            output.append(contentsOf: (hasStarted ? ",\r\n" : "[").utf8)
        } else {
            output.append(contentsOf: "data: ".utf8)
        }
        hasStarted = true
        output.append(contentsOf: json.bytes)
        output.append(contentsOf: (asArray ? "\r\n" : "\r\n\r\n").utf8)
    }

    // MARK: The end

    private mutating func end(_ output: inout [UInt8]) {
        while let part = open.first?.part { close(part, &output) }
        json.reset()
        json.beginObject()
        json.name("candidates")
        json.beginArray()
        for (choice, reason) in finishes.sorted(by: { $0.choice < $1.choice }) {
            json.beginObject()
            json.name("content")
            json.object {
                $0.name("parts")
                $0.array { $0.object { $0.member("text", "") } }
                $0.member("role", "model")
            }
            json.member("finishReason", GeminiFinish.word(reason))
            json.member("index", choice)
            json.endObject()
        }
        json.endArray()
        if let usage {
            json.name("usageMetadata")
            GeminiUsageMetadata.write(usage, to: &json)
        }
        endMessage(&output)
        finish(&output)
    }

    private mutating func fail(_ error: ProviderError, _ output: inout [UInt8]) {
        json.reset()
        GeminiErrors.write(error, to: &json)
        append(&output)
        finish(&output)
    }

    private mutating func finish(_ output: inout [UInt8]) {
        if asArray { output.append(UInt8(ascii: "]")) }
        isOver = true
        open = []
    }
}

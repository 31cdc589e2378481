import Shared

/// Writes a stream for a caller.
///
/// - Shape: each choice begins with its role. Pieces go out as they come, a chunk each; `logprobs` go with the next chunk of their choice.
///   The usage comes last, for callers who asked for it, and null stands for it until then. A failure is an event of its own, and nothing
///   follows it.
/// - Source: OpenAI, "The chat completion chunk object"; docs/dialects.md, details 26 to 41.
struct OpenAIStreamWriter: StreamWriter {
    private enum Kind {
        case text, refusal, thinking
        case call(index: Int, hasArguments: Bool)
    }

    private struct OpenPart {
        let number: Int
        let choice: Int
        var kind: Kind
    }

    private struct OpenChoice {
        let index: Int
        var hasBegun = false
        var callCount = 0
        var hasRefused = false
        /// Not told yet.
        var logprobs: JSONValue?
    }

    private let context: AnswerContext
    private var writer = JSONWriter(reservingCapacity: 512)
    /// The members that all chunks have.
    private var head: [UInt8] = []
    /// What the first chunk says besides.
    private var firstMembers: [JSONObject.Member] = []
    private var parts: [OpenPart] = []
    private var choices: [OpenChoice] = []
    private var usage: TokenUsage?
    private var isOver = false

    private static let fingerprint = "system_fingerprint"

    init(in context: AnswerContext) { self.context = context }

    mutating func write(_ event: AnswerEvent, to output: inout [UInt8]) throws(TranslationError) {
        guard !isOver else { return }
        switch event {
        case .began(let head): begin(head)
        case .opened(let part, let choice, let kind): open(part, of: choice, kind, &output)
        case .text(let part, let text): say(text, in: part, &output)
        case .arguments(let part, let piece): add(piece, to: part, &output)
        case .citation(let part, let value, of: .openai):
            guard let place = place(of: part) else { return }
            chunk(of: parts[place].choice, &output) { $0.member("annotations", JSONValue.array([value])) }
        case .closed(let part): close(part, &output)
        case .logprobs(let choice, let value): add(value, to: choice)
        case .finished(let choice, let reason, let stop): finish(choice, reason, stop, &output)
        case .usage(let counted): usage = counted
        case .ping: output.append(contentsOf: ": ping\n\n".utf8)
        case .failed(let error): fail(error, &output)
        case .ended: end(&output)
        // Only their own provider could read them.
        case .signature, .citation: break
        }
    }

    // MARK: The stream

    private mutating func begin(_ head: AnswerHead) {
        var writer = JSONWriter()
        writer.member("id", head.id.isEmpty ? "chatcmpl-\(context.id)" : head.id)
        writer.member("object", "chat.completion.chunk")
        writer.member("created", head.createdUnixSeconds ?? context.nowUnixSeconds)
        writer.member("model", head.model.isEmpty ? context.model : head.model)
        if let tier = head.serviceTier { writer.member("service_tier", OpenAITier.word(tier)) }
        for member in head.extras.members(for: .openai) {
            if member.name == Self.fingerprint {
                writer.member(member.name, member.value)
            } else {
                firstMembers.append(member)
            }
        }
        self.head = writer.bytes
    }

    private mutating func fail(_ error: ProviderError, _ output: inout [UInt8]) {
        isOver = true
        writer.reset()
        OpenAIErrors.write(error, to: &writer)
        SSEWriting.append(writer.bytes, to: &output)
    }

    private mutating func end(_ output: inout [UInt8]) {
        isOver = true
        if context.includesUsage, let usage {
            frame(&output) { writer in
                writer.name("choices")
                writer.beginArray()
                writer.endArray()
                writer.name("usage")
                OpenAICounts.write(usage, to: &writer)
            }
        }
        output.append(contentsOf: "data: [DONE]\n\n".utf8)
    }

    // MARK: Chunks

    private mutating func frame(_ output: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
        if head.isEmpty { begin(AnswerHead(id: "", model: "")) }
        writer.reset()
        writer.beginObject()
        writer.raw(head)
        body(&writer)
        writer.members(firstMembers)
        writer.endObject()
        firstMembers = []
        SSEWriting.append(writer.bytes, to: &output)
    }

    /// - Parameter others: members of the choice besides.
    private mutating func chunk(
        of index: Int, finish: String? = nil, others: [JSONObject.Member] = [], _ output: inout [UInt8],
        _ delta: (inout JSONWriter) -> Void
    ) {
        let place = placeOfChoice(index)
        let logprobs = choices[place].logprobs
        choices[place].logprobs = nil
        let includesUsage = context.includesUsage
        frame(&output) { writer in
            writer.name("choices")
            writer.beginArray()
            writer.beginObject()
            writer.member("index", index)
            writer.name("delta")
            writer.beginObject()
            delta(&writer)
            writer.endObject()
            writer.name("logprobs")
            if let logprobs { logprobs.write(to: &writer) } else { writer.null() }
            writer.name("finish_reason")
            if let finish { writer.string(finish) } else { writer.null() }
            writer.members(others)
            writer.endObject()
            writer.endArray()
            if includesUsage {
                writer.name("usage")
                writer.null()
            }
        }
    }

    // MARK: Choices

    private mutating func placeOfChoice(_ index: Int) -> Int {
        if let place = choices.firstIndex(where: { $0.index == index }) { return place }
        choices.append(OpenChoice(index: index))
        return choices.count - 1
    }

    /// - Parameter hasText: else its content is null, until there is some.
    private mutating func beginChoice(_ index: Int, hasText: Bool, _ output: inout [UInt8]) {
        let place = placeOfChoice(index)
        if choices[place].hasBegun { return }
        choices[place].hasBegun = true
        // The probabilities of the first token come with it.
        let logprobs = choices[place].logprobs
        choices[place].logprobs = nil
        chunk(of: index, &output) { writer in
            writer.member("role", "assistant")
            writer.name("content")
            if hasText { writer.string("") } else { writer.null() }
            writer.name("refusal")
            writer.null()
        }
        choices[place].logprobs = logprobs
    }

    /// Token by token, where several came since the last chunk.
    private mutating func add(_ logprobs: JSONValue, to choice: Int) {
        let place = placeOfChoice(choice)
        guard let known = choices[place].logprobs?.object, let new = logprobs.object else {
            choices[place].logprobs = logprobs
            return
        }
        var sum = known
        for member in new.members {
            guard let tokens = member.value.array else { continue }
            sum[member.name] = .array((sum[member.name]?.array ?? []) + tokens)
        }
        choices[place].logprobs = .object(sum)
    }

    private mutating func finish(_ index: Int, _ reason: FinishReason, _ stop: String?, _ output: inout [UInt8]) {
        beginChoice(index, hasText: true, &output)
        let choice = choices[placeOfChoice(index)]
        let word = OpenAIFinish.word(reason, hasCalls: choice.callCount > 0, hasRefused: choice.hasRefused)
        let others = stop.map { [JSONObject.Member(name: "stop_reason", value: .string($0))] } ?? []
        chunk(of: index, finish: word, others: others, &output) { _ in }
    }

    // MARK: Parts

    private func place(of part: Int) -> Int? { parts.lastIndex { $0.number == part } }

    private mutating func open(_ part: Int, of choice: Int, _ kind: PartKind, _ output: inout [UInt8]) {
        switch kind {
        case .text: parts.append(OpenPart(number: part, choice: choice, kind: .text))
        case .refusal: parts.append(OpenPart(number: part, choice: choice, kind: .refusal))
        case .thinking: parts.append(OpenPart(number: part, choice: choice, kind: .thinking))
        case .sealedThinking: break
        case .toolCall(let id, let name, let signature):
            beginCall(part, of: choice, ToolCall(id: id, name: name, arguments: "", signature: signature), &output)
        case .whole(let whole): write(whole, as: part, of: choice, &output)
        }
    }

    private mutating func say(_ text: String, in part: Int, _ output: inout [UInt8]) {
        guard !text.isEmpty, let place = place(of: part) else { return }
        let choice = parts[place].choice
        let name: String
        switch parts[place].kind {
        case .text: name = "content"
        case .refusal: name = "refusal"
        case .thinking: name = "reasoning_content"
        case .call: return
        }
        beginChoice(choice, hasText: name == "content", &output)
        if name == "refusal" { choices[placeOfChoice(choice)].hasRefused = true }
        chunk(of: choice, &output) { $0.member(name, text) }
    }

    private mutating func close(_ part: Int, _ output: inout [UInt8]) {
        guard let place = place(of: part) else { return }
        // Clients read what was put together as JSON.
        if case .call(_, hasArguments: false) = parts[place].kind { add("{}", to: part, &output) }
        parts.remove(at: place)
    }

    // MARK: Calls

    private mutating func beginCall(_ part: Int, of choice: Int, _ call: ToolCall, _ output: inout [UInt8]) {
        let index = nextCall(of: choice, &output)
        parts.append(OpenPart(number: part, choice: choice, kind: .call(index: index, hasArguments: false)))
        let id = call.id.isEmpty ? context.callID(choice: choice, index + 1) : call.id
        chunk(of: choice, &output) { writer in
            writer.name("tool_calls")
            writer.beginArray()
            writer.beginObject()
            writer.member("index", index)
            writer.member("id", id)
            writer.member("type", "function")
            writer.name("function")
            writer.beginObject()
            writer.member("name", call.name)
            writer.member("arguments", "")
            writer.endObject()
            if let signature = call.signature, !call.carriesSignature { writer.write(signature: signature) }
            writer.endObject()
            writer.endArray()
        }
    }

    /// Calls are counted by choice, whatever else comes between them.
    private mutating func nextCall(of choice: Int, _ output: inout [UInt8]) -> Int {
        beginChoice(choice, hasText: false, &output)
        let place = placeOfChoice(choice)
        defer { choices[place].callCount += 1 }
        return choices[place].callCount
    }

    private mutating func add(_ piece: String, to part: Int, _ output: inout [UInt8]) {
        guard !piece.isEmpty, let place = place(of: part), case .call(let index, _) = parts[place].kind else { return }
        parts[place].kind = .call(index: index, hasArguments: true)
        chunk(of: parts[place].choice, &output) { writer in
            writer.name("tool_calls")
            writer.beginArray()
            writer.beginObject()
            writer.member("index", index)
            writer.name("function")
            writer.beginObject()
            writer.member("arguments", piece)
            writer.endObject()
            writer.endObject()
            writer.endArray()
        }
    }

    // MARK: What comes whole

    private mutating func write(_ whole: Part, as part: Int, of choice: Int, _ output: inout [UInt8]) {
        switch whole.content {
        case .text(let text):
            beginChoice(choice, hasText: true, &output)
            chunk(of: choice, &output) { $0.member("content", text) }
        case .image(let media):
            beginChoice(choice, hasText: false, &output)
            chunk(of: choice, &output) { $0.member("images", OpenAIAnswerWriter.images([media])) }
        case .audio(let media):
            beginChoice(choice, hasText: false, &output)
            let sound = OpenAIAnswerWriter.sound(media, in: context)
            chunk(of: choice, &output) { $0.member("audio", sound) }
        case .toolCall(let call):
            beginCall(part, of: choice, call, &output)
            add(call.arguments, to: part, &output)
        case .native(let value, of: .openai): write(native: value, of: choice, &output)
        case .refusal, .document, .video, .thinking, .toolResult, .native: break
        }
    }

    /// A call of a custom tool, or members of a choice as they came.
    private mutating func write(native value: JSONValue, of choice: Int, _ output: inout [UInt8]) {
        guard OpenAIToolCalls.isCall(value) else {
            beginChoice(choice, hasText: false, &output)
            let members = value.object?.members ?? []
            return chunk(of: choice, others: members.filter { $0.name != "delta" }, &output) { writer in
                writer.members(value["delta"]?.object?.members ?? [])
            }
        }
        let index = nextCall(of: choice, &output)
        chunk(of: choice, &output) { writer in
            writer.name("tool_calls")
            writer.beginArray()
            writer.beginObject()
            writer.member("index", index)
            writer.members(value.object?.members ?? [])
            writer.endObject()
            writer.endArray()
        }
    }
}

import Shared

/// Reads a provider's stream.
///
/// - Shape: a part is opened by its first piece, so that empty ones open none. Thoughts, text and refusal follow each other; calls stay open
///   to the end of their choice, as their pieces may be interleaved. The stream is whole with `[DONE]`, or where its connection ends after
///   each choice said why it ended, or after the usage that comes last. Without any of these it was cut.
/// - Errors: `malformed` for what is no object of JSON; `tooLarge` for more choices or calls than anybody asks for, and for calls whose name
///   does not come.
/// - Source: OpenAI, "The chat completion chunk object"; docs/dialects.md, details 26 to 41.
struct OpenAIStreamReader: StreamReader {
    private enum Stage { case waiting, open, over }

    private var stage = Stage.waiting
    private var head = AnswerHead(id: "", model: "")
    private var choices: [OpenAIStreamChoice] = []
    private var parts = OpenAIStreamParts()
    private var tier: String?
    private var usage: TokenUsage?
    /// The last `finished` came behind the last `usage`.
    private var owesUsage = false
    /// A chunk came that has nothing but the usage.
    private var hasLastUsage = false

    /// OpenAI gives no more answers to one request.
    private static let choicesMax = 128
    /// Members that are kept of a stream that does not begin; servers have a handful.
    private static let extrasMax = 32

    mutating func read(_ message: StreamMessage, into events: inout [AnswerEvent]) throws(TranslationError) {
        guard stage != .over else { return }
        let data = unsafe message.data
        if unsafe data.isEmpty { return ping(&events) }
        if unsafe data.elementsEqual("[DONE]".utf8) { return finish(into: &events) }
        let chunk: JSONValue
        do { chunk = try unsafe JSONValue(parsing: data, allowing: .all) } catch {
            throw .malformed("an event of the stream is no JSON: \(error)")
        }
        guard case .object(let object) = chunk else { throw .malformed("an event of the stream is no object") }
        let isError = unsafe message.name.elementsEqual("error".utf8)
        if isError || Self.isError(object) {
            stage = .over
            return events.append(.failed(OpenAIErrors.error(status: 0, from: chunk)))
        }
        try read(object, into: &events)
    }

    mutating func end(into events: inout [AnswerEvent]) {
        guard stage == .open, !choices.isEmpty else { return }
        if hasLastUsage || choices.allSatisfy(\.isFinished) { finish(into: &events) }
    }

    private static func isError(_ object: JSONObject) -> Bool {
        for member in object.members {
            switch member.name {
            case "error": return member.value != .null
            case "object": if member.value == .string("error") { return true }
            case "choices": return false
            default: break
            }
        }
        return false
    }

    // MARK: Chunks

    private mutating func read(_ object: JSONObject, into events: inout [AnswerEvent]) throws(TranslationError) {
        var choices: [JSONValue] = []
        var usage: JSONValue?
        for member in object.members {
            switch member.name {
            case "choices": choices = member.value.array ?? []
            case "usage": usage = member.value
            case "service_tier": if let name = member.value.string { tier = name }
            case "object", "obfuscation": break
            default: if stage == .waiting { note(member) }
            }
        }
        // Azure begins with a chunk that has neither an identity nor choices.
        if stage == .waiting, !choices.isEmpty || !head.id.isEmpty { begin(into: &events) }
        let count = events.count
        for choice in choices { try read(choice: choice, into: &events) }
        if let counted = OpenAICounts.usage(usage, tier: tier) {
            if stage == .waiting { begin(into: &events) }
            self.usage = counted
            owesUsage = false
            hasLastUsage = choices.isEmpty && !self.choices.isEmpty
            events.append(.usage(counted))
        } else if choices.isEmpty, events.count == count {
            ping(&events)
        }
    }

    /// Before the beginning there is nothing to keep alive.
    private func ping(_ events: inout [AnswerEvent]) {
        if stage == .open { events.append(.ping) }
    }

    /// What the first chunks say of the whole stream.
    private mutating func note(_ member: JSONObject.Member) {
        switch member.name {
        case "id": head.id = member.value.string ?? ""
        case "model": head.model = member.value.string ?? ""
        case "created": head.createdUnixSeconds = OpenAIAnswerReader.seconds(member.value)
        default:
            guard head.extras.members.count < Self.extrasMax, head.extras[member.name] == nil else { return }
            head.extras.add(member.name, member.value, of: .openai)
        }
    }

    private mutating func begin(into events: inout [AnswerEvent]) {
        stage = .open
        head.serviceTier = tier
        parts.answerID = head.id
        events.append(.began(head))
    }

    // MARK: Choices

    private mutating func read(choice value: JSONValue, into events: inout [AnswerEvent]) throws(TranslationError) {
        guard case .object(let object) = value else { return }
        let place = try place(of: value["index"]?.number?.integer(as: Int.self) ?? 0)
        var (word, stop, others) = ("", String?.none, JSONObject())
        // Before their text, so that a writer can tell both in one chunk.
        if let logprobs = object["logprobs"], logprobs != .null {
            events.append(.logprobs(choice: choices[place].index, logprobs))
        }
        for member in object.members {
            switch member.name {
            // A server that has the whole answer at once may say so.
            case "delta", "message":
                guard let delta = member.value.object else { break }
                try choices[place].read(delta, &parts, &others, into: &events)
            case "finish_reason": word = member.value.string ?? ""
            case "stop_reason": stop = member.value.string
            // How Azure judged the text: what was held back it says by the reason at the end.
            case "index", "logprobs", "content_filter_results", "content_filter_offsets": break
            default: if member.value != .null { others[member.name] = member.value }
            }
        }
        if !others.members.isEmpty { parts.whole(.native(.object(others), of: .openai), choices[place].index, &events) }
        guard !word.isEmpty, !choices[place].isFinished else { return }
        choices[place].finish(word, stop: stop, &parts, into: &events)
        owesUsage = usage != nil
    }

    private mutating func place(of index: Int) throws(TranslationError) -> Int {
        if let place = choices.firstIndex(where: { $0.index == index }) { return place }
        guard choices.count < Self.choicesMax else { throw .tooLarge(limit: Self.choicesMax) }
        choices.append(OpenAIStreamChoice(index: index))
        return choices.count - 1
    }

    // MARK: The end

    private mutating func finish(into events: inout [AnswerEvent]) {
        if stage == .waiting { begin(into: &events) }
        stage = .over
        for place in choices.indices where !choices[place].isFinished {
            choices[place].finish("stop", stop: nil, &parts, into: &events)
            owesUsage = usage != nil
        }
        if owesUsage, let usage { events.append(.usage(usage)) }
        events.append(.ended)
    }
}

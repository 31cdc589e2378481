import Shared

/// Reads a stream of `GenerateContentResponse`s.
///
/// - Shape: what is said of a text (where it was found, how safe it is) is a `citation` with the members of the candidate in which it stood.
///   Each message has pieces of candidates; a call comes whole, and a finish reason may come before it. So nothing is finished before
///   the connection ends, which is how a stream ends here. It was whole where some candidate had a finish reason, or the prompt was refused.
struct GeminiStreamReader: StreamReader {
    /// As far as is known of a candidate.
    private struct Candidate {
        let index: Int
        /// A text or a thought that the next message may go on with.
        var open: (part: Int, isThought: Bool)?
        var lastText: Int?
        var hasCalls = false
        var finish: String?
    }

    /// More than any model gives.
    private static let candidateCountMax = 64
    private var candidates: [Candidate] = []
    private var parts = GeminiPartReader(answer: 0)
    private var partCount = 0
    /// The last one: each message has one, and only the last counts.
    private var usage: JSONValue?
    private var hasBegun = false
    private var isBlocked = false
    /// After an error: nothing follows.
    private var isOver = false

    mutating func read(_ message: StreamMessage, into events: inout [AnswerEvent]) throws(TranslationError) {
        guard !isOver, unsafe message.data.contains(where: { $0 > 0x20 }) else { return }
        let value: JSONValue
        do throws(JSONError) {
            value = try unsafe JSONValue(parsing: message.data, allowing: .all)
        } catch {
            throw .malformed("a message that is no JSON: \(error)")
        }
        if let error = GeminiErrors.errorObject(value) {
            isOver = true
            events.append(.failed(GeminiErrors.read(error, status: 0)))
            return
        }
        for response in value.array ?? [value] {
            guard let object = response.object else { throw .malformed("a message that is no object") }
            if !hasBegun { unsafe begin(object, message.data, &events) }
            try read(object, &events)
        }
    }

    mutating func end(into events: inout [AnswerEvent]) {
        guard hasBegun, !isOver else { return }
        isOver = true
        for index in candidates.indices { close(index, &events) }
        let finished = candidates.compactMap { candidate -> (Int, FinishReason)? in
            let reason = candidate.finish.flatMap { GeminiFinish.reason($0, hasCalls: candidate.hasCalls) }
            return reason.map { (candidate.index, $0) }
        }
        for (choice, reason) in finished { events.append(.finished(choice: choice, reason, stop: nil)) }
        let isRefused = finished.isEmpty && isBlocked
        if isRefused { events.append(.finished(choice: 0, .contentFilter, stop: nil)) }
        if let usage = GeminiUsageMetadata.usage(usage) { events.append(.usage(usage)) }
        if !finished.isEmpty || isRefused { events.append(.ended) }
    }

    // MARK: Messages

    private mutating func begin(
        _ object: JSONObject, _ data: UnsafeRawBufferPointer, _ events: inout [AnswerEvent]
    ) {
        hasBegun = true
        let id = object["responseId"]?.string ?? ""
        let fingerprint = unsafe id.isEmpty ? GeminiCallIDs.fingerprint(data) : GeminiCallIDs.fingerprint(id.utf8)
        parts = GeminiPartReader(answer: fingerprint)
        var head = AnswerHead(
            id: id, model: object["modelVersion"]?.string ?? "",
            createdUnixSeconds: GeminiAnswerReader.created(object))
        head.extras = GeminiAnswerReader.extras(object)
        if var usage = GeminiUsageMetadata.usage(object["usageMetadata"]) {
            (usage.output, usage.reasoning, usage.audioOutput, usage.imageOutput) = (0, 0, 0, 0)
            head.usage = usage
        }
        events.append(.began(head))
    }

    private mutating func read(_ object: JSONObject, _ events: inout [AnswerEvent]) throws(TranslationError) {
        if let usage = object["usageMetadata"], usage.object != nil { self.usage = usage }
        if GeminiAnswerReader.isBlocked(object) { isBlocked = true }
        for (index, value) in (object["candidates"]?.array ?? []).enumerated() {
            guard let candidate = value.object else { continue }
            try read(candidate, place(GeminiAnswerReader.place(candidate) ?? index), &events)
        }
    }

    private mutating func place(_ index: Int) throws(TranslationError) -> Int {
        if let place = candidates.firstIndex(where: { $0.index == index }) { return place }
        guard candidates.count < Self.candidateCountMax else { throw .malformed("more candidates than there can be") }
        candidates.append(Candidate(index: index))
        return candidates.count - 1
    }

    private mutating func read(
        _ candidate: JSONObject, _ place: Int, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        var found = JSONObject()
        for member in candidate.members {
            switch member.name {
            case "content":
                for value in member.value["parts"]?.array ?? [] { read(value, place, &events) }
            case "finishReason":
                if let word = member.value.string, !word.isEmpty { candidates[place].finish = word }
            case "logprobsResult":
                if let logprobs = GeminiLogprobs.form(member.value) {
                    events.append(.logprobs(choice: candidates[place].index, logprobs))
                }
            case "index": break
            default: if member.value != .null { found[member.name] = member.value }
            }
        }
        if !found.members.isEmpty, let part = candidates[place].lastText {
            events.append(.citation(part: part, .object(found), of: .gemini))
        }
    }

    // MARK: Parts

    private mutating func read(_ value: JSONValue, _ place: Int, _ events: inout [AnswerEvent]) {
        // Nearly every part of a stream is this one.
        if let members = value.object?.members, members.count == 1, members[0].name == "text",
            let text = members[0].value.string
        {
            return say(text, isThought: false, place, &events)
        }
        var read: [Part] = []
        parts.appendLenient(value, to: &read)
        for part in read { say(part, place, &events) }
    }

    private mutating func say(_ part: Part, _ place: Int, _ events: inout [AnswerEvent]) {
        switch part.content {
        case .text(let text): say(text, isThought: false, place, &events)
        case .thinking(let thinking):
            if let text = thinking.text { say(text, isThought: true, place, &events) }
            guard let signature = thinking.signature else { return }
            // The signature of a thought belongs to what was thought so far; any other one stands by itself.
            if thinking.text == nil || candidates[place].open?.isThought != true {
                open(.thinking(origin: .gemini), isThought: true, place, &events)
            }
            if let part = candidates[place].open?.part { events.append(.signature(part: part, signature)) }
            close(place, &events)
        case .toolCall(let call):
            candidates[place].hasCalls = true
            let part = openWhole(
                .toolCall(id: call.id, name: call.name, signature: call.signature), place, &events)
            events.append(.arguments(part: part, call.arguments))
            events.append(.closed(part: part))
        default:
            let number = openWhole(.whole(part), place, &events)
            events.append(.closed(part: number))
        }
    }

    private mutating func say(_ text: String, isThought: Bool, _ place: Int, _ events: inout [AnswerEvent]) {
        guard !text.isEmpty else { return }
        if candidates[place].open?.isThought != isThought {
            open(isThought ? .thinking(origin: .gemini) : .text, isThought: isThought, place, &events)
        }
        guard let part = candidates[place].open?.part else { return }
        if !isThought { candidates[place].lastText = part }
        events.append(.text(part: part, text))
    }

    private mutating func open(
        _ kind: PartKind, isThought: Bool, _ place: Int, _ events: inout [AnswerEvent]
    ) {
        candidates[place].open = (openWhole(kind, place, &events), isThought)
    }

    private mutating func openWhole(_ kind: PartKind, _ place: Int, _ events: inout [AnswerEvent]) -> Int {
        close(place, &events)
        let part = partCount
        partCount += 1
        events.append(.opened(part: part, choice: candidates[place].index, kind))
        return part
    }

    private mutating func close(_ place: Int, _ events: inout [AnswerEvent]) {
        guard let part = candidates[place].open?.part else { return }
        candidates[place].open = nil
        events.append(.closed(part: part))
    }
}

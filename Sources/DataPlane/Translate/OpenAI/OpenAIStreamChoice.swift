import Shared

/// Numbers the parts of a stream, over all its choices.
struct OpenAIStreamParts {
    /// For calls that have no identity of their own.
    var answerID = ""
    private var count = 0
    private var callCount = 0
    /// Bytes of calls whose name has not come.
    private var heldBytes = 0

    private static let callsMax = 1_024
    private static let heldBytesMax = 1 << 20

    mutating func next() -> Int {
        defer { count += 1 }
        return count
    }

    mutating func open(_ kind: PartKind, _ choice: Int, _ events: inout [AnswerEvent]) -> Int {
        let part = next()
        events.append(.opened(part: part, choice: choice, kind))
        return part
    }

    mutating func whole(_ content: Part.Content, _ choice: Int, _ events: inout [AnswerEvent]) {
        let part = open(.whole(Part(content)), choice, &events)
        events.append(.closed(part: part))
    }

    mutating func countCall() throws(TranslationError) {
        callCount += 1
        if callCount > Self.callsMax { throw .tooLarge(limit: Self.callsMax) }
    }

    mutating func hold(_ bytes: Int) throws(TranslationError) {
        heldBytes += bytes
        if heldBytes > Self.heldBytesMax { throw .tooLarge(limit: Self.heldBytesMax) }
    }

    mutating func release(_ bytes: Int) { heldBytes -= bytes }

    /// The same over and over for the same answer, and another one for another.
    func callID(_ choice: Int, _ number: Int) -> String {
        let plain = answerID.utf8.filter { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
        return "call_\(String(decoding: plain.suffix(24), as: UTF8.self))_\(choice)_\(number)"
    }
}

/// One choice of a stream, as far as it has come.
struct OpenAIStreamChoice {
    private enum Speech { case thinking, text, refusal }

    let index: Int
    private(set) var isFinished = false
    /// What the model is saying, and where.
    private var speech: (kind: Speech, part: Int)?
    private var hasRefused = false
    private var calls: [OpenAIStreamCall] = []

    init(index: Int) { self.index = index }

    // MARK: Pieces

    /// - Parameter others: gets what the form has no event for, under `delta`.
    mutating func read(
        _ delta: JSONObject, _ parts: inout OpenAIStreamParts, _ others: inout JSONObject,
        into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        // Behind its reason a choice has no more to say.
        guard !isFinished else { return }
        var hasThoughts = false
        var rest = JSONObject()
        for member in delta.members {
            switch (member.name, member.value) {
            case (_, .null), ("role", _): break
            case ("content", .string(let text)): say(text, .text, &parts, &events)
            case ("content", .array(let pieces)):
                let unsaid = say(pieces, &parts, &events)
                if !unsaid.isEmpty { rest[member.name] = .array(unsaid) }
            case ("reasoning_content", .string(let text)), ("reasoning", .string(let text)):
                // Some servers send both names.
                if !hasThoughts { say(text, .thinking, &parts, &events) }
                hasThoughts = true
            case ("refusal", .string(let text)): say(text, .refusal, &parts, &events)
            case ("tool_calls", .array(let deltas)):
                for delta in deltas { try read(call: delta, &parts, &events) }
            case ("function_call", .object):
                try read(call: .object(["index": .number(JSONNumber(-1)), "function": member.value]), &parts, &events)
            case ("images", .array(let images)): show(images, &parts, &events)
            case ("annotations", .array(let annotations)):
                if !cite(annotations, &events) { rest[member.name] = member.value }
            default: rest[member.name] = member.value
            }
        }
        if !rest.members.isEmpty { others["delta"] = .object(rest) }
    }

    private mutating func say(
        _ text: String, _ kind: Speech, _ parts: inout OpenAIStreamParts, _ events: inout [AnswerEvent]
    ) {
        guard !text.isEmpty else { return }
        if let speech, speech.kind == kind { return events.append(.text(part: speech.part, text)) }
        hush(&events)
        let part =
            switch kind {
            case .text: parts.open(.text, index, &events)
            case .refusal: parts.open(.refusal, index, &events)
            case .thinking: parts.open(.thinking(origin: .openai), index, &events)
            }
        speech = (kind, part)
        if kind == .refusal { hasRefused = true }
        events.append(.text(part: part, text))
    }

    /// Mistral's models that think say so by parts.
    ///
    /// - Returns: those of other kinds.
    private mutating func say(
        _ pieces: [JSONValue], _ parts: inout OpenAIStreamParts, _ events: inout [AnswerEvent]
    ) -> [JSONValue] {
        pieces.filter { piece in
            switch OpenAIAnswerReader.part(piece).content {
            case .text(let text): say(text, .text, &parts, &events)
            case .thinking(let thinking): say(thinking.text ?? "", .thinking, &parts, &events)
            default: return true
            }
            return false
        }
    }

    private mutating func hush(_ events: inout [AnswerEvent]) {
        if let speech { events.append(.closed(part: speech.part)) }
        speech = nil
    }

    private func show(_ images: [JSONValue], _ parts: inout OpenAIStreamParts, _ events: inout [AnswerEvent]) {
        for image in images {
            guard let url = image["image_url"]?["url"]?.string else { continue }
            parts.whole(.image(OpenAIMedia.media(url: url)), index, &events)
        }
    }

    /// False where there is no text that they could belong to.
    private func cite(_ annotations: [JSONValue], _ events: inout [AnswerEvent]) -> Bool {
        guard let speech, speech.kind == .text else { return false }
        for annotation in annotations { events.append(.citation(part: speech.part, annotation, of: .openai)) }
        return true
    }

    // MARK: Calls

    private mutating func read(
        call value: JSONValue, _ parts: inout OpenAIStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        let delta = OpenAICallDelta(value)
        let place: Int
        if let known = placeOfCall(delta) {
            place = known
        } else {
            try parts.countCall()
            calls.append(OpenAIStreamCall(index: delta.index))
            place = calls.count - 1
        }
        hush(&events)
        try calls[place].read(delta, number: place, of: index, &parts, &events)
    }

    /// The call that a delta goes on with; nil: it begins one.
    ///
    /// - Shape: by index, or without one by identity. Some servers begin each call with index 0 and another identity; others make a new
    ///   identity for each delta of a call: a new one begins a call only where the one before it may be over.
    private func placeOfCall(_ delta: OpenAICallDelta) -> Int? {
        guard let index = delta.index else {
            if let id = delta.id, let place = calls.lastIndex(where: { $0.id == id }) { return place }
            guard delta.name != nil || delta.id != nil, let last = calls.last else { return calls.indices.last }
            return last.name == nil && delta.id == nil ? calls.indices.last : nil
        }
        guard let place = calls.lastIndex(where: { $0.index == index }) else { return nil }
        let call = calls[place]
        guard let id = delta.id, let known = call.id, id != known, let name = delta.name else { return place }
        return name == call.name && !call.arguments.isWhole ? place : nil
    }

    // MARK: The end

    mutating func finish(
        _ word: String, stop: String?, _ parts: inout OpenAIStreamParts, into events: inout [AnswerEvent]
    ) {
        isFinished = true
        hush(&events)
        for place in calls.indices { calls[place].close(number: place, of: index, &parts, &events) }
        let reason = OpenAIFinish.reason(word, hasCalls: !calls.isEmpty, hasRefused: hasRefused, stop: stop)
        events.append(.finished(choice: index, reason, stop: stop))
    }
}

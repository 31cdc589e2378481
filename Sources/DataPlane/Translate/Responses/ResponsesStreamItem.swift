import Shared

/// Numbers the parts of a stream, and bounds what is kept of it.
struct ResponsesStreamParts {
    private var count = 0
    /// Bytes of calls whose name has not come.
    private var heldBytes = 0

    /// Items, and pieces of their content: agents that search and run code at the provider have hundreds.
    static let countMax = 4_096
    static let heldBytesMax = 1 << 20

    mutating func open(_ kind: PartKind, _ events: inout [AnswerEvent]) throws(TranslationError) -> Int {
        guard count < Self.countMax else { throw .tooLarge(limit: Self.countMax) }
        defer { count += 1 }
        events.append(.opened(part: count, choice: 0, kind))
        return count
    }

    mutating func hold(_ bytes: Int) throws(TranslationError) {
        heldBytes += bytes
        if heldBytes > Self.heldBytesMax { throw .tooLarge(limit: Self.heldBytesMax) }
    }

    mutating func release(_ bytes: Int) { heldBytes -= bytes }
}

/// One item of a stream's output, as far as it has come.
///
/// - Shape: the end of a text, of its place in the content and of the item each repeat what came in pieces. What did not come in pieces is
///   said by the first of them that has it.
struct ResponsesStreamItem {
    private struct Text {
        let index: Int
        let part: Int
        let isRefusal: Bool
        var hasCitations = false
        var isClosed = false
    }

    private struct Thought {
        let part: Int
        /// A summary, or the thoughts themselves: from a server that gives both, what came first.
        let isSummary: Bool
        var index: Int
    }

    private struct Call {
        var id = ""
        var name = ""
        var part: Int?
        /// What came before the name.
        var held = ""
        var hasArguments = false
    }

    /// Where it stands in the output; nil where its server does not say.
    let place: Int?
    private(set) var id: String?
    private(set) var isAnnounced = false
    private(set) var isOver = false
    /// A tool was called, of whichever kind.
    private(set) var isCall = false
    private(set) var hasRefused = false
    private var announcement: JSONObject?
    private var texts: [Text] = []
    private var thought: Thought?
    private var call = Call()

    init(place: Int?, id: String?) {
        self.place = place
        self.id = id
    }

    mutating func announce(
        _ item: JSONObject, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        isAnnounced = true
        announcement = item
        id = item["id"]?.string ?? id
        if item["type"]?.string == "function_call" { try name(by: item, &parts, &events) }
    }

    // MARK: Texts

    mutating func say(
        _ text: String, isRefusal: Bool, at index: Int, _ parts: inout ResponsesStreamParts,
        _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        guard !isOver, !text.isEmpty else { return }
        if let known = texts.last(where: { $0.index == index }) {
            if !known.isClosed { events.append(.text(part: known.part, text)) }
            return
        }
        let part = try parts.open(isRefusal ? .refusal : .text, &events)
        texts.append(Text(index: index, part: part, isRefusal: isRefusal))
        if isRefusal { hasRefused = true }
        events.append(.text(part: part, text))
    }

    /// The whole text, which is said unless its pieces were.
    mutating func end(
        _ text: String, isRefusal: Bool, at index: Int, _ parts: inout ResponsesStreamParts,
        _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        guard !texts.contains(where: { $0.index == index }) else { return }
        try say(text, isRefusal: isRefusal, at: index, &parts, &events)
    }

    /// False where there is no text that it could belong to.
    mutating func cite(_ annotation: JSONValue, at index: Int, _ events: inout [AnswerEvent]) {
        guard let place = texts.lastIndex(where: { $0.index == index && !$0.isClosed }) else { return }
        texts[place].hasCitations = true
        events.append(.citation(part: texts[place].part, annotation, of: .responses))
    }

    /// A piece of the content, whole.
    mutating func end(
        content: JSONObject, at index: Int, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        switch content["type"]?.string {
        case "refusal":
            try end(content["refusal"]?.string ?? "", isRefusal: true, at: index, &parts, &events)
        case "output_text", "text":
            try end(content["text"]?.string ?? "", isRefusal: false, at: index, &parts, &events)
        case "reasoning_text":
            return try endThought(content["text"]?.string ?? "", isSummary: false, at: index, &parts, &events)
        default: return
        }
        guard let place = texts.lastIndex(where: { $0.index == index && !$0.isClosed }) else { return }
        if !texts[place].hasCitations {
            for annotation in content["annotations"]?.array ?? [] { cite(annotation, at: index, &events) }
        }
        texts[place].isClosed = true
        events.append(.closed(part: texts[place].part))
    }

    // MARK: Thoughts

    mutating func think(
        _ text: String, isSummary: Bool, at index: Int, _ parts: inout ResponsesStreamParts,
        _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        guard !isOver, !text.isEmpty else { return }
        guard let known = thought else {
            let part = try parts.open(.thinking(origin: .responses), &events)
            thought = Thought(part: part, isSummary: isSummary, index: index)
            return events.append(.text(part: part, text))
        }
        guard known.isSummary == isSummary else { return }
        if known.index != index { events.append(.text(part: known.part, ResponsesThoughts.separator)) }
        thought?.index = index
        events.append(.text(part: known.part, text))
    }

    /// One of its texts whole, which is said unless its pieces were.
    mutating func endThought(
        _ text: String, isSummary: Bool, at index: Int, _ parts: inout ResponsesStreamParts,
        _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        if let thought, thought.index >= index { return }
        try think(text, isSummary: isSummary, at: index, &parts, &events)
    }

    // MARK: Calls

    /// Where a call says whom it is for; the first that is not empty counts.
    mutating func name(
        by fields: JSONObject, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        isCall = true
        guard !isOver, call.part == nil else { return }
        if call.id.isEmpty { call.id = fields["call_id"]?.string ?? "" }
        if call.name.isEmpty { call.name = fields["name"]?.string ?? "" }
        if !call.name.isEmpty { try openCall(&parts, &events) }
    }

    private mutating func openCall(
        _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        let id = call.id.isEmpty ? id ?? "" : call.id
        let part = try parts.open(.toolCall(id: id, name: call.name, signature: nil), &events)
        call.part = part
        guard !call.held.isEmpty else { return }
        events.append(.arguments(part: part, call.held))
        parts.release(call.held.utf8.count)
        call.held = ""
    }

    mutating func add(
        arguments piece: String, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        isCall = true
        guard !isOver, !piece.isEmpty else { return }
        call.hasArguments = true
        if let part = call.part { return events.append(.arguments(part: part, piece)) }
        try parts.hold(piece.utf8.count)
        call.held += piece
    }

    /// The whole arguments, which are said unless their pieces were.
    mutating func end(
        arguments: JSONValue?, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        guard !call.hasArguments else { return }
        try add(arguments: OpenAIToolCalls.text(of: arguments), &parts, &events)
    }

    // MARK: The end

    /// - Parameter item: the item whole; nil where its server never gave it.
    mutating func end(
        _ item: JSONObject?, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        guard !isOver else { return }
        let known = item ?? announcement ?? JSONObject()
        switch known["type"]?.string {
        case "message":
            for (index, content) in (known["content"]?.array ?? []).enumerated() {
                if let content = content.object { try end(content: content, at: index, &parts, &events) }
            }
        case "reasoning": try end(thought: known, &parts, &events)
        case "function_call": try end(call: known, &parts, &events)
        case nil: if isCall { try end(call: known, &parts, &events) }
        default: if let item { try end(other: item, &parts, &events) }
        }
        close(&events)
    }

    private mutating func end(
        thought item: JSONObject, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        for (name, isSummary) in [("summary", true), ("content", false)] {
            for (index, piece) in (item[name]?.array ?? []).enumerated() {
                try endThought(piece["text"]?.string ?? "", isSummary: isSummary, at: index, &parts, &events)
            }
        }
        guard let sealed = item["encrypted_content"]?.string, !sealed.isEmpty else { return }
        if let thought { return events.append(.signature(part: thought.part, sealed)) }
        let part = try parts.open(.sealedThinking(sealed, origin: .responses), &events)
        events.append(.closed(part: part))
    }

    private mutating func end(
        call item: JSONObject, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        try name(by: item, &parts, &events)
        if call.part == nil { try openCall(&parts, &events) }
        try end(arguments: item["arguments"], &parts, &events)
        // A call has arguments, if only these.
        if !call.hasArguments { try add(arguments: "{}", &parts, &events) }
    }

    /// What a tool of the provider's own did, a picture, a call of a kind that only this dialect has.
    private mutating func end(
        other item: JSONObject, _ parts: inout ResponsesStreamParts, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        if item["type"]?.string == "custom_tool_call" { isCall = true }
        let part = try parts.open(.whole(Part(.native(.object(item), of: .responses))), &events)
        events.append(.closed(part: part))
    }

    private mutating func close(_ events: inout [AnswerEvent]) {
        isOver = true
        for text in texts where !text.isClosed { events.append(.closed(part: text.part)) }
        if let part = thought?.part { events.append(.closed(part: part)) }
        if let part = call.part { events.append(.closed(part: part)) }
        (texts, thought, announcement) = ([], nil, nil)
    }
}

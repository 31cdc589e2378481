import Shared

/// Reads a provider's stream.
///
/// - Shape: items come one after another, but nothing here relies on that, nor on an item or a piece of it being announced or ended: what a
///   server says only at the end of an item, or of all, is said then. An item is known by its place in the output, and only without one by its
///   identity, which some servers change from event to event. The stream is whole with its `response.completed` or `response.incomplete`.
/// - Errors: `malformed` for what is no object of JSON; `tooLarge` for more items than anybody makes, and for calls whose name does not
///   come.
/// - Source: OpenAI API reference, "Responses", "Streaming events"; docs/dialects.md, detail 38; what vLLM, OpenRouter and Azure make of it.
struct ResponsesStreamReader: StreamReader {
    private var items: [ResponsesStreamItem] = []
    private var parts = ResponsesStreamParts()
    private var hasBegun = false
    private var isOver = false

    mutating func read(_ message: StreamMessage, into events: inout [AnswerEvent]) throws(TranslationError) {
        guard !isOver else { return }
        let data = unsafe message.data
        if unsafe data.isEmpty { return ping(&events) }
        let value: JSONValue
        do { value = try unsafe JSONValue(parsing: data, allowing: .all) } catch {
            // Some who speak this dialect end as OpenAI's chats do.
            if unsafe data.elementsEqual("[DONE]".utf8) { return try finish(nil, of: "", into: &events) }
            throw .malformed("an event of the stream is no JSON: \(error)")
        }
        guard case .object(let event) = value else { throw .malformed("an event of the stream is no object") }
        let type = event["type"]?.string ?? (unsafe String(decoding: message.name, as: UTF8.self))
        if !(try readPiece(event, ofType: type, into: &events)) { try read(event, ofType: type, into: &events) }
    }

    mutating func end(into events: inout [AnswerEvent]) {
        // Without its last event it was cut.
        isOver = true
    }

    /// Before the beginning there is nothing to keep alive.
    private func ping(_ events: inout [AnswerEvent]) {
        if hasBegun { events.append(.ping) }
    }

    // MARK: Pieces

    /// False where it is no piece of an item.
    private mutating func readPiece(
        _ event: JSONObject, ofType type: String, into events: inout [AnswerEvent]
    ) throws(TranslationError) -> Bool {
        switch type {
        case "response.output_text.delta":
            try say(event, "delta", isRefusal: false, into: &events)
        case "response.function_call_arguments.delta":
            let place = try place(of: event, into: &events)
            try items[place].add(arguments: event["delta"]?.string ?? "", &parts, &events)
        case "response.reasoning_summary_text.delta": try think(event, isSummary: true, into: &events)
        // The second is OpenRouter's.
        case "response.reasoning_text.delta", "response.reasoning.delta":
            try think(event, isSummary: false, into: &events)
        case "response.refusal.delta": try say(event, "delta", isRefusal: true, into: &events)
        default: return false
        }
        return true
    }

    private mutating func say(
        _ event: JSONObject, _ name: String, isRefusal: Bool, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        guard let text = event[name]?.string else { return }
        let place = try place(of: event, into: &events)
        if case .array(let tokens)? = event["logprobs"], !tokens.isEmpty {
            // Before their text, so that a writer can tell both in one event.
            events.append(.logprobs(choice: 0, .object(["content": .array(tokens)])))
        }
        let index = index("content_index", of: event)
        try items[place].say(text, isRefusal: isRefusal, at: index, &parts, &events)
    }

    private mutating func think(
        _ event: JSONObject, isSummary: Bool, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        let place = try place(of: event, into: &events)
        let index = index(isSummary ? "summary_index" : "content_index", of: event)
        try items[place].think(event["delta"]?.string ?? "", isSummary: isSummary, at: index, &parts, &events)
    }

    // MARK: Other events

    private mutating func read(
        _ event: JSONObject, ofType type: String, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        switch type {
        case "response.output_item.added": try announce(event, into: &events)
        case "response.output_item.done": try endItem(event, into: &events)
        case "response.output_text.done", "response.refusal.done", "response.content_part.done",
            "response.reasoning_summary_text.done", "response.reasoning_text.done",
            "response.function_call_arguments.done", "response.output_text.annotation.added":
            try endPiece(event, ofType: type, into: &events)
        case "response.created", "response.in_progress", "response.queued":
            begin(event["response"]?.object, into: &events)
        case "response.completed", "response.incomplete", "response.done":
            try finish(event["response"]?.object, of: type, into: &events)
        case "response.failed", "response.cancelled", "response.error", "error": fail(event, into: &events)
        case "keepalive", "ping": ping(&events)
        // Whoever fails without a word for it.
        case "": if event["error"] != nil { fail(event, into: &events) }
        // More kinds may come, and are to be passed over.
        default: break
        }
    }

    private mutating func endPiece(
        _ event: JSONObject, ofType type: String, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        let place = try place(of: event, into: &events)
        let text = event["text"]?.string ?? ""
        let index = index("content_index", of: event)
        switch type {
        case "response.output_text.done":
            try items[place].end(text, isRefusal: false, at: index, &parts, &events)
        case "response.refusal.done":
            try items[place].end(event["refusal"]?.string ?? "", isRefusal: true, at: index, &parts, &events)
        case "response.content_part.done":
            guard let content = event["part"]?.object else { return }
            try items[place].end(content: content, at: index, &parts, &events)
        case "response.reasoning_summary_text.done":
            let index = self.index("summary_index", of: event)
            try items[place].endThought(text, isSummary: true, at: index, &parts, &events)
        case "response.reasoning_text.done":
            try items[place].endThought(text, isSummary: false, at: index, &parts, &events)
        case "response.function_call_arguments.done":
            try items[place].name(by: event, &parts, &events)
            try items[place].end(arguments: event["arguments"], &parts, &events)
        default:
            if let annotation = event["annotation"] { items[place].cite(annotation, at: index, &events) }
        }
    }

    // MARK: Items

    private func index(_ name: String, of event: JSONObject) -> Int { event[name]?.number?.integer(as: Int.self) ?? 0 }

    /// The item that an event is about, which nobody need have announced.
    private mutating func place(
        of event: JSONObject, into events: inout [AnswerEvent]
    ) throws(TranslationError) -> Int {
        let index = event["output_index"]?.number?.integer(as: Int.self)
        let id = event["item_id"]?.string
        if let place = known(index, id) { return place }
        return try add(ResponsesStreamItem(place: index, id: id), into: &events)
    }

    private func known(_ index: Int?, _ id: String?) -> Int? {
        if let index { return items.lastIndex { $0.place == index } }
        if let id, let place = items.lastIndex(where: { $0.id == id }) { return place }
        guard let last = items.indices.last, !items[last].isOver, items[last].place == nil else { return nil }
        return id == nil || items[last].id == nil ? last : nil
    }

    private mutating func add(
        _ item: ResponsesStreamItem, into events: inout [AnswerEvent]
    ) throws(TranslationError) -> Int {
        begin(nil, into: &events)
        guard items.count < ResponsesStreamParts.countMax else { throw .tooLarge(limit: ResponsesStreamParts.countMax) }
        items.append(item)
        return items.count - 1
    }

    private mutating func announce(_ event: JSONObject, into events: inout [AnswerEvent]) throws(TranslationError) {
        // Some servers announce what they will not send.
        guard let item = event["item"]?.object else { return }
        let index = event["output_index"]?.number?.integer(as: Int.self)
        var place = known(index, item["id"]?.string)
        if let known = place, items[known].isAnnounced || items[known].isOver {
            // Servers that number nothing begin each item where the one before it stood.
            try items[known].end(nil, &parts, &events)
            place = nil
        }
        if place == nil { place = try add(ResponsesStreamItem(place: index, id: item["id"]?.string), into: &events) }
        if let place { try items[place].announce(item, &parts, &events) }
    }

    private mutating func endItem(_ event: JSONObject, into events: inout [AnswerEvent]) throws(TranslationError) {
        guard let item = event["item"]?.object else { return }
        let index = event["output_index"]?.number?.integer(as: Int.self)
        let id = item["id"]?.string
        var place = known(index, id)
        if let known = place, items[known].isOver, items[known].id != id { place = nil }
        if place == nil { place = try add(ResponsesStreamItem(place: index, id: id), into: &events) }
        if let place { try items[place].end(item, &parts, &events) }
    }

    // MARK: The response

    private mutating func begin(_ response: JSONObject?, into events: inout [AnswerEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        events.append(.began(response.map(AnswerHead.init(responses:)) ?? AnswerHead(id: "", model: "")))
    }

    private mutating func finish(
        _ response: JSONObject?, of type: String, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        begin(response, into: &events)
        if let response, response["status"]?.string == "failed" {
            return fail(["response": .object(response)], into: &events)
        }
        try endItems(as: response?["output"]?.array ?? [], into: &events)
        isOver = true
        let status = response?["status"]?.string ?? (type == "response.incomplete" ? "incomplete" : nil)
        let reason = ResponsesFinish.reason(
            status: status, incompleteReason: response?["incomplete_details"]?["reason"]?.string,
            hasCalls: items.contains(where: \.isCall), hasRefused: items.contains(where: \.hasRefused))
        events.append(.finished(choice: 0, reason, stop: nil))
        if let response { count(response, into: &events) }
        events.append(.ended)
    }

    /// What was not told to its end is, by what the response repeats of it; the whole of it, where nothing else was told.
    private mutating func endItems(
        as output: [JSONValue], into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        if items.isEmpty {
            for (index, item) in output.enumerated() {
                let place = try add(ResponsesStreamItem(place: index, id: item["id"]?.string), into: &events)
                if let item = item.object { try items[place].end(item, &parts, &events) }
            }
        }
        for place in items.indices where !items[place].isOver {
            let whole = output.first { $0["id"] != nil && $0["id"]?.string == items[place].id }
            let index = items[place].place
            let same = whole ?? index.flatMap { output.indices.contains($0) ? output[$0] : nil }
            try items[place].end(same?.object, &parts, &events)
        }
    }

    private mutating func fail(_ event: JSONObject, into events: inout [AnswerEvent]) {
        isOver = true
        let response = event["response"]
        if let response = response?.object { count(response, into: &events) }
        let error = response?["error"] ?? event["error"] ?? .object(event)
        events.append(.failed(ResponsesErrors.error(error)))
    }

    private func count(_ response: JSONObject, into events: inout [AnswerEvent]) {
        let tier = response["service_tier"]?.string
        if let usage = ResponsesUsage.usage(response["usage"], tier: tier) { events.append(.usage(usage)) }
    }
}

extension AnswerHead {
    /// Of a response that has begun.
    fileprivate init(responses response: JSONObject) {
        self.init(
            id: response["id"]?.string ?? "", model: response["model"]?.string ?? "",
            createdUnixSeconds: OpenAIAnswerReader.seconds(response["created_at"]),
            serviceTier: response["service_tier"]?.string)
        for member in response.members where !Self.known.contains(member.name) {
            extras.add(member.name, member.value, of: .responses)
        }
    }

    private static let known: Set = [
        "id", "object", "created_at", "status", "error", "incomplete_details", "model", "output", "usage",
        "service_tier",
    ]
}

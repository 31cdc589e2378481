import Shared

/// The events of OpenAI's Responses: numbered without a gap, one item at a time, and all of it again at the end.
struct ResponsesCallerStream: CallerStream {
    private var count = 0
    private var response: JSONObject?
    private var items: [JSONValue] = []
    /// The item that is open, as its pieces say it.
    private var open: JSONObject?
    /// The part that is open, with the name of its number.
    private var part: (index: String, value: JSONObject)?
    private var parts: [JSONValue] = []
    private var isOver = false

    mutating func feed(_ name: String, _ event: JSONValue) throws {
        guard !isOver else { throw StreamFault("an event after the end: \(event)") }
        guard event["type"] == .string(name), number("sequence_number", of: event) == count else {
            throw StreamFault("an event named or numbered otherwise: \(event)")
        }
        count += 1
        switch name {
        case "response.created":
            guard count == 1 else { throw StreamFault("begins late") }
            response = try check(event["response"], status: ["in_progress"])
        case "response.in_progress":
            guard count == 2 else { throw StreamFault("is in progress late") }
            _ = try check(event["response"], status: ["in_progress"])
        case "response.completed": try finish(event, ["completed"])
        case "response.incomplete": try finish(event, ["incomplete"])
        case "response.failed": try finish(event, ["failed"])
        case "error":
            guard event["message"]?.string != nil, event["code"] != nil, event["param"] != nil else {
                throw StreamFault("an error without message, code or param: \(event)")
            }
            isOver = true
        default:
            guard count > 2, response != nil else { throw StreamFault("\(name) before the beginning") }
            try feed(item: event, name)
        }
    }

    mutating func feedEnd() throws { throw StreamFault("a mark of another dialect") }

    private func number(_ name: String, of event: JSONValue) -> Int? { event[name]?.number?.integer(as: Int.self) }

    // MARK: The response

    private static let required = [
        "id", "object", "created_at", "status", "error", "incomplete_details", "model", "output", "usage",
        "parallel_tool_calls", "tool_choice", "tools",
    ]

    private func check(_ value: JSONValue?, status: [String]) throws -> JSONObject {
        guard let value = value?.object else { throw StreamFault("no response") }
        for field in Self.required where value[field] == nil { throw StreamFault("a response without \(field)") }
        guard status.contains(value["status"]?.string ?? ""), response == nil || response?["id"] == value["id"] else {
            throw StreamFault("another response: \(value)")
        }
        return value
    }

    private mutating func finish(_ event: JSONValue, _ status: [String]) throws {
        guard open == nil || status == ["failed"] else { throw StreamFault("an item is open at the end") }
        let whole = try check(event["response"], status: status)
        guard whole["output"] == .array(items) else { throw StreamFault("the output is not what was said: \(whole)") }
        response = whole
        isOver = true
    }

    // MARK: Items

    private mutating func feed(item event: JSONValue, _ name: String) throws {
        guard number("output_index", of: event) == items.count else { throw StreamFault("of no open item: \(event)") }
        switch name {
        case "response.output_item.added":
            guard open == nil, let item = event["item"]?.object else { throw StreamFault("two items at once") }
            open = item
            parts = []
        case "response.output_item.done":
            guard let open, part == nil, let item = event["item"], item["id"] == open["id"] else {
                throw StreamFault("the end of another item: \(event)")
            }
            try check(item: item, begun: open)
            items.append(item)
            self.open = nil
        default:
            guard let open, event["item_id"] == open["id"] else { throw StreamFault("of another item: \(event)") }
            try feed(piece: event, name, of: open["type"]?.string ?? "")
        }
    }

    /// An item says what its pieces said.
    private func check(item: JSONValue, begun: JSONObject) throws {
        let isSame: Bool
        switch item["type"]?.string {
        case "message": isSame = item["content"] == .array(parts)
        case "reasoning": isSame = item["summary"] == .array(parts)
        case "function_call":
            isSame =
                item["arguments"] == begun["arguments"] && item["call_id"] == begun["call_id"]
                && item["name"] == begun["name"]
        default: isSame = true
        }
        if !isSame { throw StreamFault("an item that is not what was said: \(item)") }
    }

    private mutating func feed(piece event: JSONValue, _ name: String, of type: String) throws {
        switch (name, type) {
        case ("response.content_part.added", "message"): try openPart(event, "content_index")
        case ("response.content_part.done", "message"): try closePart(event)
        case ("response.output_text.delta", "message"):
            guard event["logprobs"]?.array != nil else { throw StreamFault("a text without logprobs") }
            try grow(event, "text") { $0.extend("logprobs", with: event["logprobs"]?.array ?? []) }
        case ("response.refusal.delta", "message"): try grow(event, "refusal")
        case ("response.output_text.annotation.added", "message"):
            let known = part?.value["annotations"]?.array?.count
            guard number("annotation_index", of: event) == known else { throw StreamFault("a note out of order") }
            try grow(event) { $0.extend("annotations", with: [event["annotation"] ?? .null]) }
        case ("response.output_text.done", "message"):
            guard event["logprobs"]?.array != nil else { throw StreamFault("a text without logprobs") }
            try compare(event, "text")
        case ("response.refusal.done", "message"): try compare(event, "refusal")
        case ("response.reasoning_summary_part.added", "reasoning"): try openPart(event, "summary_index")
        case ("response.reasoning_summary_part.done", "reasoning"): try closePart(event)
        case ("response.reasoning_summary_text.delta", "reasoning"): try grow(event, "text")
        case ("response.reasoning_summary_text.done", "reasoning"): try compare(event, "text")
        case ("response.function_call_arguments.delta", "function_call"):
            open?.extend("arguments", with: event["delta"]?.string ?? "")
        case ("response.function_call_arguments.done", "function_call"):
            guard event["arguments"] == open?["arguments"] else { throw StreamFault("other arguments: \(event)") }
        default: throw StreamFault("\(name) in an item of the type \(type)")
        }
    }

    // MARK: Parts

    private mutating func openPart(_ event: JSONValue, _ index: String) throws {
        guard part == nil, number(index, of: event) == parts.count, let value = event["part"]?.object else {
            throw StreamFault("a part out of order: \(event)")
        }
        part = (index, value)
    }

    private mutating func grow(_ event: JSONValue, _ change: (inout JSONObject) -> Void) throws {
        guard let part, number(part.index, of: event) == parts.count else { throw StreamFault("no part: \(event)") }
        self.part = nil
        var value = part.value
        change(&value)
        self.part = (part.index, value)
    }

    private mutating func grow(
        _ event: JSONValue, _ name: String, _ change: (inout JSONObject) -> Void = { _ in }
    ) throws {
        guard let delta = event["delta"]?.string, !delta.isEmpty else { throw StreamFault("no piece: \(event)") }
        try grow(event) { part in
            part.extend(name, with: delta)
            change(&part)
        }
    }

    private func compare(_ event: JSONValue, _ name: String) throws {
        guard let part, number(part.index, of: event) == parts.count, event[name] == part.value[name] else {
            throw StreamFault("another text: \(event)")
        }
    }

    private mutating func closePart(_ event: JSONValue) throws {
        guard let part, number(part.index, of: event) == parts.count, event["part"] == .object(part.value) else {
            throw StreamFault("another part: \(event)")
        }
        parts.append(.object(part.value))
        self.part = nil
    }

    func whole() throws -> JSONValue {
        guard isOver, let response else { throw StreamFault("no end") }
        return .object(response)
    }

    static func comparable(_ answer: JSONValue) -> JSONValue? {
        var object = answer.object ?? JSONObject()
        object["output"] = .array(joined(object["output"]?.array ?? []))
        return JSONValue.object(object).essence
    }

    /// Texts of one message that follow each other are one, unless it is said where they were found.
    private static func joined(_ items: [JSONValue]) -> [JSONValue] {
        items.map { item in
            guard var item = item.object, let content = item["content"]?.array else { return item }
            var joined: [JSONValue] = []
            for part in content {
                guard let text = part["text"]?.string, part["annotations"]?.array?.isEmpty != false,
                    var last = joined.last?.object, last["text"] != nil,
                    last["annotations"]?.array?.isEmpty != false
                else {
                    joined.append(part)
                    continue
                }
                last.extend("text", with: text)
                joined[joined.count - 1] = .object(last)
            }
            item["content"] = .array(joined)
            return .object(item)
        }
    }
}

import Shared

/// Anthropic's events: one block at a time.
struct AnthropicCallerStream: CallerStream {
    private var message: JSONObject?
    private var blocks: [JSONObject] = []
    private var input = ""
    private var isOpen = false
    private var hasEnding = false
    private var isOver = false

    mutating func feed(_ name: String, _ event: JSONValue) throws {
        guard !isOver else { throw StreamFault("an event after the end") }
        guard event["type"] == .string(name) else { throw StreamFault("an event named otherwise: \(event)") }
        if name != "message_start", name != "ping", message == nil { throw StreamFault("\(name) before the start") }
        switch name {
        case "message_start":
            guard message == nil, let begun = event["message"]?.object else { throw StreamFault("two starts") }
            for field in ["id", "type", "role", "content", "model", "stop_reason", "stop_sequence", "usage"] {
                guard begun[field] != nil else { throw StreamFault("a start without \(field)") }
            }
            message = begun
        case "content_block_start":
            guard !isOpen, !hasEnding, index(of: event) == blocks.count, let block = event["content_block"]?.object
            else {
                throw StreamFault("a block begins out of order: \(event)")
            }
            blocks.append(block)
            isOpen = true
            input = ""
        case "content_block_delta":
            guard isOpen, index(of: event) == blocks.count - 1, let delta = event["delta"] else {
                throw StreamFault("a piece of no open block: \(event)")
            }
            try feed(delta: delta)
        case "content_block_stop":
            guard isOpen, index(of: event) == blocks.count - 1 else { throw StreamFault("no such block: \(event)") }
            isOpen = false
            // What a bound has cut off is no JSON any more.
            if !input.isEmpty {
                blocks[blocks.count - 1]["input"] = (try? DialectCell.json(Array(input.utf8))) ?? .string(input)
            }
        case "message_delta": try feed(ending: event)
        case "message_stop":
            guard hasEnding else { throw StreamFault("a stop without a reason") }
            isOver = true
        case "ping": break
        default: throw StreamFault("no such event: \(name)")
        }
    }

    mutating func feedEnd() throws { throw StreamFault("a mark of another dialect") }

    private func index(of event: JSONValue) -> Int? { event["index"]?.number?.integer(as: Int.self) }

    private mutating func feed(delta: JSONValue) throws {
        let last = blocks.count - 1
        let type = blocks[last]["type"]?.string ?? ""
        switch (type, delta["type"]?.string) {
        case ("text", "text_delta"): blocks[last].extend("text", with: delta["text"]?.string ?? "")
        case ("text", "citations_delta"): blocks[last].extend("citations", with: [delta["citation"] ?? .null])
        case ("thinking", "thinking_delta"): blocks[last].extend("thinking", with: delta["thinking"]?.string ?? "")
        case ("thinking", "signature_delta"): blocks[last].extend("signature", with: delta["signature"]?.string ?? "")
        case ("tool_use", "input_json_delta"), ("server_tool_use", "input_json_delta"):
            input += delta["partial_json"]?.string ?? ""
        default: throw StreamFault("a piece of another kind in a block of \(type): \(delta)")
        }
    }

    private mutating func feed(ending event: JSONValue) throws {
        guard !isOpen, !hasEnding, let delta = event["delta"]?.object, let usage = event["usage"]?.object,
            usage["output_tokens"] != nil
        else { throw StreamFault("an ending in a block, twice, or without usage: \(event)") }
        hasEnding = true
        for member in delta.members { message?[member.name] = member.value }
        var known = message?["usage"]?.object ?? JSONObject()
        for member in usage.members { known[member.name] = member.value }
        message?["usage"] = .object(known)
    }

    func whole() throws -> JSONValue {
        guard isOver, var message else { throw StreamFault("no end") }
        message["content"] = .array(blocks.map(JSONValue.object))
        return .object(message)
    }

    static func comparable(_ answer: JSONValue) -> JSONValue? {
        var object = answer.object ?? JSONObject()
        object.remove("stop_details")
        // What is known at the start stays, where the ending has no member for it.
        object.amend("usage") { $0.remove("cache_creation", "service_tier") }
        object["content"] = .array(joined(object["content"]?.array ?? []))
        return JSONValue.object(object).essence
    }

    /// Texts that follow each other are one, unless it is said where they were found.
    private static func joined(_ blocks: [JSONValue]) -> [JSONValue] {
        var joined: [JSONValue] = []
        for block in blocks {
            if let text = block["text"]?.string, block["citations"] == nil, var last = joined.last?.object,
                last["text"] != nil, last["citations"] == nil
            {
                last.extend("text", with: text)
                joined[joined.count - 1] = .object(last)
            } else {
                joined.append(block)
            }
        }
        return joined
    }
}

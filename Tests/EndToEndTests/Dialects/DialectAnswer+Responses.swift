import Foundation
import TestSupport

/// Answers of OpenAI's Responses API.
extension DialectAnswer {
    mutating func response(_ body: [String: Any]) throws {
        guard Self.word(body["object"]) == "response", let items = body["output"] as? [[String: Any]] else {
            throw TestFailure("not a response: \(body)")
        }
        id = Self.word(body["id"])
        self.items = items
        for item in items {
            switch Self.word(item["type"]) {
            case "message": text += try Self.text(of: item)
            case "reasoning":
                thoughts += Self.list(item["summary"]).map { Self.word($0["text"]) }.joined()
            case "function_call":
                calls.append(
                    Call(
                        id: Self.word(item["call_id"]), name: Self.word(item["name"]),
                        arguments: Self.word(item["arguments"])))
            default: throw TestFailure("item: \(item)")
            }
        }
        finish = Self.word(body["status"])
        if finish == "incomplete" { finish = Self.word(Self.map(body["incomplete_details"])["reason"]) }
        if finish == "failed" { error = Self.word(Self.map(body["error"])["code"]) }
        guard let usage = body["usage"] as? [String: Any] else { return }
        // The details are told beside the totals.
        self.usage = [:]
        for counts in [usage, Self.map(usage["input_tokens_details"]), Self.map(usage["output_tokens_details"])] {
            for (name, value) in counts { self.usage?[name] = value as? Int }
        }
    }

    private static func text(of message: [String: Any]) throws -> String {
        try list(message["content"]).map { part in
            guard word(part["type"]) == "output_text" else { throw TestFailure("part: \(part)") }
            return word(part["text"])
        }.joined()
    }

    /// The numbers have no gaps, items open one after the other, and what the deltas say is what the last event says.
    mutating func responses(stream answer: HTTPAnswer) throws {
        isWhole = false
        var pieces = ResponsePieces()
        for (number, event) in Self.events(answer).enumerated() {
            let data = try Self.object(event.data)
            guard Self.word(data["type"]) == event.name, data["sequence_number"] as? Int == number, !isWhole else {
                throw TestFailure("event \(number): \(event)")
            }
            switch event.name {
            case "response.created", "response.in_progress":
                guard number < 2, Self.word(Self.map(data["response"])["status"]) == "in_progress" else {
                    throw TestFailure("\(event)")
                }
            case "error": error = Self.word(data["code"])
            case "response.failed": try response(Self.map(data["response"]))
            case "response.completed", "response.incomplete":
                try response(Self.map(data["response"]))
                isWhole = true
                guard NSArray(array: items) == NSArray(array: pieces.items), !pieces.isOpen else {
                    throw TestFailure("\(items) is not \(pieces.items)")
                }
            default: try pieces.add(event.name, data)
            }
        }
        if !isWhole {
            text = pieces.text
            thoughts = pieces.thoughts
        }
    }
}

/// What the events of a stream say of its items.
private struct ResponsePieces {
    private(set) var items: [[String: Any]] = []
    private var open: [String: Any]?
    private var piece = ""
    private(set) var text = ""
    private(set) var thoughts = ""

    var isOpen: Bool { open != nil }

    mutating func add(_ name: String, _ data: [String: Any]) throws {
        guard data["output_index"] as? Int == items.count else { throw TestFailure("out of turn: \(name) \(data)") }
        let item = data["item"] as? [String: Any] ?? [:]
        switch name {
        case "response.output_item.added":
            guard open == nil else { throw TestFailure("two items are open: \(data)") }
            open = item
        case "response.output_item.done":
            guard let id = open?["id"] as? String, id == item["id"] as? String else {
                throw TestFailure("another item is open: \(data)")
            }
            items.append(item)
            open = nil
        default: try add(part: name, data)
        }
    }

    private mutating func add(part name: String, _ data: [String: Any]) throws {
        guard let id = open?["id"] as? String, id == data["item_id"] as? String else {
            throw TestFailure("another item is open: \(name) \(data)")
        }
        let isCall = name.hasPrefix("response.function_call_arguments.")
        guard isCall || (data["content_index"] ?? data["summary_index"]) as? Int == 0 else {
            throw TestFailure("no place: \(name) \(data)")
        }
        switch name {
        case "response.content_part.added", "response.reasoning_summary_part.added": piece = ""
        case "response.output_text.delta", "response.function_call_arguments.delta",
            "response.reasoning_summary_text.delta":
            guard let delta = data["delta"] as? String else { throw TestFailure("\(data)") }
            if isCall, open?["arguments"] as? String == "" {
                piece = ""
                open?["arguments"] = nil
            }
            piece += delta
            if name.hasPrefix("response.output_text") { text += delta } else if !isCall { thoughts += delta }
        case "response.output_text.done", "response.reasoning_summary_text.done",
            "response.function_call_arguments.done":
            guard data[isCall ? "arguments" : "text"] as? String == piece else { throw TestFailure("\(data)") }
        case "response.content_part.done", "response.reasoning_summary_part.done":
            guard (data["part"] as? [String: Any])?["text"] as? String == piece else { throw TestFailure("\(data)") }
        default: throw TestFailure("event: \(name)")
        }
    }
}

import Foundation
import TestSupport

/// An answer as a caller of a dialect understands it, plain or put together from a stream.
struct DialectAnswer {
    struct Call: Equatable {
        /// Empty where the dialect has none.
        var id: String
        var name: String
        var arguments: String
    }

    var text = ""
    var thoughts = ""
    var calls: [Call] = []
    /// In the dialect's word; empty where the answer does not say.
    var finish = ""
    /// As the dialect counts them; nil where the answer does not say.
    var usage: [String: Int]?
    /// The stream said that nothing is missing.
    var isWhole = true
    /// The dialect's word for the error that ended the stream.
    var error: String?
    /// It as a turn of the conversation, for the next request.
    var turn: [String: Any] = [:]
    /// The same where a dialect has items in place of turns.
    var items: [[String: Any]] = []
    /// By which it can be gone on from, where it can.
    var id = ""
    /// How often the stream said that it is still there.
    var pings = 0

    /// - Errors: `TestFailure` for what no client of the dialect would understand.
    init(_ answer: HTTPAnswer, in dialect: DialectSpeech, isStream: Bool) throws {
        switch (dialect, isStream) {
        case (.openai, false): try openAI(answer.json)
        case (.openai, true): try openAI(stream: answer)
        case (.anthropic, false): try anthropic(answer.json)
        case (.anthropic, true): try anthropic(stream: answer)
        case (.gemini, false): try gemini([answer.json])
        case (.gemini, true): try gemini(Self.events(answer).map { try Self.object($0.data) })
        case (.bedrock, false): try bedrock(answer.json)
        case (.bedrock, true): try bedrock(stream: answer)
        case (.responses, false): try response(answer.json)
        case (.responses, true): try responses(stream: answer)
        }
    }

    // MARK: JSON and events

    static func object(_ text: some StringProtocol) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            throw TestFailure("not an object: \(text)")
        }
        return object
    }

    static func events(_ answer: HTTPAnswer) -> [(name: String, data: String)] {
        answer.text.replacing("\r\n", with: "\n").components(separatedBy: "\n\n").compactMap { event in
            let lines = event.split(separator: "\n")
            guard let data = lines.first(where: { $0.hasPrefix("data: ") }) else { return nil }
            let name = lines.first { $0.hasPrefix("event: ") }?.dropFirst(7) ?? ""
            return (String(name), String(data.dropFirst(6)))
        }
    }

    static func list(_ value: Any?) -> [[String: Any]] { value as? [[String: Any]] ?? [] }
    static func map(_ value: Any?) -> [String: Any] { value as? [String: Any] ?? [:] }
    static func word(_ value: Any?) -> String { value as? String ?? "" }

    private static func json(_ value: Any?) throws -> String {
        String(
            decoding: try JSONSerialization.data(withJSONObject: value ?? [:] as [String: Any], options: [.sortedKeys]),
            as: UTF8.self)
    }

    private mutating func count(_ value: Any?) {
        if let usage = value as? [String: Any] { self.usage = usage.compactMapValues { $0 as? Int } }
    }

    // MARK: OpenAI

    private mutating func openAI(_ body: [String: Any]) throws {
        let choice = Self.map(Self.list(body["choices"]).first)
        let message = Self.map(choice["message"])
        text = Self.word(message["content"])
        for call in Self.list(message["tool_calls"]) {
            let function = Self.map(call["function"])
            calls.append(
                Call(
                    id: Self.word(call["id"]), name: Self.word(function["name"]),
                    arguments: Self.word(function["arguments"])))
        }
        finish = Self.word(choice["finish_reason"])
        turn = message
        count(body["usage"])
    }

    private mutating func openAI(stream answer: HTTPAnswer) throws {
        isWhole = false
        for event in Self.events(answer) {
            if event.data == "[DONE]" {
                isWhole = true
                continue
            }
            let chunk = try Self.object(event.data)
            if let error = chunk["error"] { self.error = Self.word(Self.map(error)["type"]) }
            for choice in Self.list(chunk["choices"]) {
                let delta = Self.map(choice["delta"])
                text += Self.word(delta["content"])
                for call in Self.list(delta["tool_calls"]) {
                    let function = Self.map(call["function"])
                    if let id = call["id"] as? String {
                        calls.append(Call(id: id, name: Self.word(function["name"]), arguments: ""))
                    }
                    calls[call["index"] as? Int ?? 0].arguments += Self.word(function["arguments"])
                }
                if let reason = choice["finish_reason"] as? String { finish = reason }
            }
            count(chunk["usage"])
        }
        turn = ["role": "assistant", "content": text]
        if !calls.isEmpty {
            turn["tool_calls"] = calls.map { call -> [String: Any] in
                ["id": call.id, "type": "function", "function": ["name": call.name, "arguments": call.arguments]]
            }
        }
    }

    // MARK: Anthropic

    private mutating func anthropic(_ body: [String: Any]) throws {
        let content = Self.list(body["content"])
        for block in content {
            switch Self.word(block["type"]) {
            case "text": text += Self.word(block["text"])
            case "thinking": thoughts += Self.word(block["thinking"])
            case "tool_use":
                calls.append(
                    Call(
                        id: Self.word(block["id"]), name: Self.word(block["name"]),
                        arguments: try Self.json(block["input"])))
            default: throw TestFailure("block: \(block)")
            }
        }
        finish = Self.word(body["stop_reason"])
        turn = ["role": "assistant", "content": content]
        count(body["usage"])
    }

    private mutating func anthropic(stream answer: HTTPAnswer) throws {
        isWhole = false
        var blocks: [[String: Any]] = []
        var message: [String: Any] = [:]
        var usage: [String: Any]?
        var open: Int?
        for event in Self.events(answer) {
            let data = try Self.object(event.data)
            guard Self.word(data["type"]) == event.name else { throw TestFailure("\(event.name): \(event.data)") }
            let index = data["index"] as? Int ?? -1
            switch event.name {
            case "message_start":
                message = Self.map(data["message"])
                usage = message["usage"] as? [String: Any]
            case "content_block_start":
                guard open == nil, index == blocks.count else { throw TestFailure("block \(index) opens out of turn") }
                open = index
                blocks.append(Self.map(data["content_block"]))
                if Self.word(blocks[index]["type"]) == "tool_use" { blocks[index]["input"] = "" }
            case "content_block_delta":
                guard open == index else { throw TestFailure("block \(index) is not open") }
                let delta = Self.map(data["delta"])
                for (from, to) in [
                    ("text", "text"), ("thinking", "thinking"), ("signature", "signature"), ("partial_json", "input"),
                ] {
                    guard let piece = delta[from] as? String else { continue }
                    blocks[index][to] = Self.word(blocks[index][to]) + piece
                }
            case "content_block_stop":
                guard open == index else { throw TestFailure("block \(index) is not open") }
                open = nil
                if let input = blocks[index]["input"] as? String {
                    blocks[index]["input"] = try Self.object(input.isEmpty ? "{}" : input)
                }
            case "message_delta":
                message.merge(Self.map(data["delta"])) { $1 }
                if let final = data["usage"] as? [String: Any] { usage = (usage ?? [:]).merging(final) { $1 } }
            case "message_stop": isWhole = true
            case "ping": pings += 1
            case "error": error = Self.word(Self.map(data["error"])["type"])
            default: throw TestFailure("event: \(event)")
            }
        }
        message["content"] = blocks
        try anthropic(message)
        self.usage = nil
        count(usage)
    }

    // MARK: Gemini

    private mutating func gemini(_ responses: [[String: Any]]) throws {
        var parts: [[String: Any]] = []
        for response in responses {
            if let error = response["error"] { self.error = Self.word(Self.map(error)["status"]) }
            let candidate = Self.map(Self.list(response["candidates"]).first)
            for part in Self.list(Self.map(candidate["content"])["parts"]) {
                if let call = part["functionCall"] as? [String: Any] {
                    calls.append(
                        Call(id: "", name: Self.word(call["name"]), arguments: try Self.json(call["args"])))
                } else if part["thought"] as? Bool == true {
                    thoughts += Self.word(part["text"])
                } else {
                    text += Self.word(part["text"])
                }
                // Thoughts are not sent back, and what says nothing is not either.
                let isEmpty = Self.word(part["text"]).isEmpty && part["functionCall"] == nil
                if part["thought"] == nil, !isEmpty || part["thoughtSignature"] != nil { parts.append(part) }
            }
            if let reason = candidate["finishReason"] as? String { finish = reason }
            count(response["usageMetadata"])
        }
        isWhole = !finish.isEmpty
        turn = ["role": "model", "parts": parts]
    }

    // MARK: Bedrock

    private mutating func bedrock(_ body: [String: Any]) throws {
        let message = Self.map(Self.map(body["output"])["message"])
        for block in Self.list(message["content"]) {
            if let piece = block["text"] as? String { text += piece }
            if let call = block["toolUse"] as? [String: Any] {
                calls.append(
                    Call(
                        id: Self.word(call["toolUseId"]), name: Self.word(call["name"]),
                        arguments: try Self.json(call["input"])))
            }
            thoughts += Self.word(Self.map(Self.map(block["reasoningContent"])["reasoningText"])["text"])
        }
        finish = Self.word(body["stopReason"])
        turn = message
        count(body["usage"])
    }

    private mutating func bedrock(stream answer: HTTPAnswer) throws {
        isWhole = false
        // By the index of the block; a text has no start of its own.
        var blocks: [Int: [String: Any]] = [:]
        for message in try EventStreamMessage.all(in: answer.body) {
            if let exception = message.fields[":exception-type"] {
                error = exception
                continue
            }
            let data = try Self.object(String(decoding: message.payload, as: UTF8.self))
            let index = data["contentBlockIndex"] as? Int ?? -1
            let delta = Self.map(data["delta"])
            switch message.fields[":event-type"] {
            case "messageStart", "contentBlockStop": break
            case "contentBlockStart":
                var call = Self.map(Self.map(data["start"])["toolUse"])
                call["input"] = ""
                blocks[index] = ["toolUse": call]
            case "contentBlockDelta":
                if let piece = delta["text"] as? String {
                    blocks[index, default: [:]]["text"] = Self.word(blocks[index]?["text"]) + piece
                } else if let piece = (delta["toolUse"] as? [String: Any])?["input"] as? String {
                    var call = Self.map(blocks[index]?["toolUse"])
                    call["input"] = Self.word(call["input"]) + piece
                    blocks[index]?["toolUse"] = call
                } else if let piece = delta["reasoningContent"] as? [String: Any] {
                    var thought = Self.map(Self.map(blocks[index]?["reasoningContent"])["reasoningText"])
                    for (name, value) in piece { thought[name] = Self.word(thought[name]) + Self.word(value) }
                    blocks[index] = ["reasoningContent": ["reasoningText": thought]]
                }
            case "messageStop":
                finish = Self.word(data["stopReason"])
                isWhole = true
            case "metadata": count(data["usage"])
            default: throw TestFailure("message: \(message.fields)")
            }
        }
        for (index, block) in blocks {
            guard var call = block["toolUse"] as? [String: Any] else { continue }
            call["input"] = try Self.object(Self.word(call["input"]))
            blocks[index] = ["toolUse": call]
        }
        let finish = self.finish
        try bedrock([
            "output": [
                "message": [
                    "role": "assistant", "content": blocks.sorted { $0.key < $1.key }.map(\.value),
                ] as [String: Any]
            ], "stopReason": finish,
        ])
    }
}

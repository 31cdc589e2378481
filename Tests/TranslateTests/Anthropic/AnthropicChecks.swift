import Foundation
import Shared
import XCTest

@testable import Translate

/// What the tests of this folder share: texts in, trees out.
enum AnthropicChecks {
    static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    /// A caller's request. `members` go behind a model and a bound.
    static func conversation(_ members: String) throws -> Conversation {
        let body = try json(#"{"model": "claude-sonnet-4-5", "max_tokens": 100, \#(members)}"#)
        return try AnthropicMessages.conversation(from: body, of: InboundCall())
    }

    /// One with a single message of the user's.
    static func asked(_ members: String) throws -> Conversation {
        try conversation(#""messages": [{"role": "user", "content": "Hello"}], \#(members)"#)
    }

    static func target(
        _ model: String = "claude-sonnet-4-5", _ change: (inout TargetTraits) -> Void = { _ in }
    ) -> TargetTraits {
        var target = TargetTraits(model: model)
        change(&target)
        return target
    }

    static func rendered(_ conversation: Conversation, for target: TargetTraits? = nil) throws -> RenderedRequest {
        try AnthropicMessages.request(conversation, for: target ?? self.target())
    }

    /// The members of a written request.
    static func written(_ conversation: Conversation, for target: TargetTraits? = nil) throws -> JSONValue {
        try JSONValue(parsing: try rendered(conversation, for: target).body)
    }

    /// A conversation of the given turns, as another dialect may have it.
    static func chat(_ turns: Turn..., change: (inout Conversation) -> Void = { _ in }) -> Conversation {
        var conversation = Conversation()
        conversation.model = "any"
        conversation.turns = turns
        change(&conversation)
        return conversation
    }

    static func user(_ text: String) -> Turn { Turn(.user, [Part(.text(text))], form: .text) }
    static func assistant(_ text: String) -> Turn { Turn(.assistant, [Part(.text(text))], form: .text) }

    static func calling(_ calls: (id: String, name: String)..., after text: String? = nil) -> Turn {
        let texts = text.map { [Part(.text($0))] } ?? []
        return Turn(
            .assistant, texts + calls.map { Part(.toolCall(ToolCall(id: $0.id, name: $0.name, arguments: "{}"))) })
    }

    static func result(_ id: String, _ text: String, name: String? = nil) -> Turn {
        let result = ToolResult(callID: id, name: name, parts: [Part(.text(text))], form: .text)
        return Turn(.tool, [Part(.toolResult(result))])
    }

    static let context = AnswerContext(
        id: "req1", model: "public-name", nowUnixSeconds: 1_700_000_000, estimatedInputTokens: 7)

    // MARK: Streams

    /// Reads events, given by their data.
    static func events(_ messages: [String], thenEnd: Bool = false) throws -> [AnswerEvent] {
        var reader = AnthropicMessages.streamReader()
        var events: [AnswerEvent] = []
        for message in messages { try read(message, named: "", by: &reader, into: &events) }
        if thenEnd { reader.end(into: &events) }
        return events
    }

    static func read(
        _ data: String, named name: String, by reader: inout any StreamReader, into events: inout [AnswerEvent]
    ) throws {
        let name = Array(name.utf8)
        let data = Array(data.utf8)
        try unsafe name.withUnsafeBytes { name in
            try unsafe data.withUnsafeBytes { data in
                try unsafe reader.read(StreamMessage(name: name, data: data), into: &events)
            }
        }
    }

    /// The events that were written, each as its name and its data.
    static func frames(
        _ events: [AnswerEvent], in context: AnswerContext = context
    ) throws -> [(name: String, data: JSONValue)] {
        var writer = AnthropicMessages.streamWriter(in: context)
        var output: [UInt8] = []
        for event in events { try writer.write(event, to: &output) }
        return try frames(of: output)
    }

    static func frames(of output: [UInt8]) throws -> [(name: String, data: JSONValue)] {
        try String(decoding: output, as: UTF8.self).components(separatedBy: "\n\n").dropLast().map { frame in
            let lines = frame.components(separatedBy: "\n")
            XCTAssertEqual(lines.count, 2, frame)
            XCTAssertTrue(lines[0].hasPrefix("event: ") && lines[1].hasPrefix("data: "), frame)
            let data = try json(String(lines[1].dropFirst(6)))
            let name = String(lines[0].dropFirst(7))
            XCTAssertEqual(data["type"]?.string, name)
            return (name, data)
        }
    }

    /// A stream in short: `start 0 text`, `delta 0 text_delta`, `stop 0`, and the names of all other events.
    static func outline(_ events: [AnswerEvent]) throws -> [String] {
        try frames(events).map { name, data in
            let index = data["index"]?.number?.text ?? ""
            switch name {
            case "content_block_start": return "start \(index) \(data["content_block"]?["type"]?.string ?? "")"
            case "content_block_delta":
                let delta = data["delta"]
                let piece = delta?.object?.members.first { $0.name != "type" }?.value
                return "delta \(index) \(piece?.string ?? "?")"
            case "content_block_stop": return "stop \(index)"
            default: return name
            }
        }
    }

    // MARK: Files

    /// All files of `Tests/Golden/anthropic/<folder>`, by their names.
    static func corpus(_ folder: String) throws -> [(name: String, text: String)] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Golden/anthropic/\(folder)")
        let names = try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
        return try names.map { name in
            (name, try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8))
        }
    }
}

import Shared
import Translate
import XCTest

/// Short ways to read and to write OpenAI's dialect in tests.
class OpenAITestCase: XCTestCase {
    static let context = AnswerContext(
        id: "0194-f2", model: "the-model", nowUnixSeconds: 1_700_000_000, includesUsage: false)

    // MARK: Requests

    func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8), allowing: .all) }

    func read(_ text: String, call: InboundCall = InboundCall()) throws -> Conversation {
        try OpenAIChat.conversation(from: json(text), of: call)
    }

    /// With `messages` and a model around them.
    func turns(_ messages: String) throws -> [Turn] { try read(#"{"model":"m","messages":[\#(messages)]}"#).turns }

    func problem(_ text: String, file: StaticString = #filePath, line: UInt = #line) -> String {
        do {
            return "\(try read(text))"
        } catch TranslationError.invalid(let field, let reason) {
            return "\(field): \(reason)"
        } catch { return "\(error)" }
    }

    func write(
        _ conversation: Conversation, _ change: (inout TargetTraits) -> Void = { _ in }
    ) throws -> RenderedRequest {
        var traits = TargetTraits(model: "target")
        change(&traits)
        return try OpenAIChat.request(conversation, for: traits)
    }

    /// What was written, as a tree.
    func written(
        _ conversation: Conversation, _ change: (inout TargetTraits) -> Void = { _ in }
    ) throws -> JSONValue {
        try JSONValue(parsing: write(conversation, change).body)
    }

    /// The messages that a target gets of `turns`, which came in another dialect.
    func messages(
        _ turns: [Turn], origin: Dialect? = .anthropic, _ change: (inout TargetTraits) -> Void = { _ in }
    ) throws -> [UInt8] {
        try XCTUnwrap(written(conversation(turns, origin: origin), change)["messages"]).bytes
    }

    func conversation(_ turns: [Turn], origin: Dialect? = .anthropic) -> Conversation {
        var conversation = Conversation()
        conversation.origin = origin
        conversation.model = "m"
        conversation.turns = turns
        return conversation
    }

    // MARK: Streams

    /// What comes of `messages`, each the data of an event, and of the end of their connection.
    func events(_ messages: [String]) throws -> [AnswerEvent] {
        var reader = OpenAIChat.streamReader()
        var events: [AnswerEvent] = []
        for message in messages { try Self.feed(message, to: &reader, &events) }
        reader.end(into: &events)
        return events
    }

    static func feed(
        _ message: String, named name: String = "", to reader: inout any StreamReader, _ events: inout [AnswerEvent]
    ) throws {
        try unsafe Array(name.utf8).withUnsafeBytes { name in
            try unsafe Array(message.utf8).withUnsafeBytes { data in
                try unsafe reader.read(StreamMessage(name: name, data: data), into: &events)
            }
        }
    }

    /// Of chunks with one choice, `deltas` and then `finish_reason`.
    func chunk(_ delta: String, finish: String? = nil, index: Int = 0) -> String {
        let reason = finish.map { "\"\($0)\"" } ?? "null"
        return """
            {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"m","system_fingerprint":"fp",\
            "choices":[{"index":\(index),"delta":\(delta),"logprobs":null,"finish_reason":\(reason)}]}
            """
    }

    /// The frames of a caller's stream, without `data: `.
    func frames(_ events: [AnswerEvent], includesUsage: Bool = false) throws -> [String] {
        var context = Self.context
        context.includesUsage = includesUsage
        var writer = OpenAIChat.streamWriter(in: context)
        var output: [UInt8] = []
        for event in events { try writer.write(event, to: &output) }
        return String(decoding: output, as: UTF8.self).components(separatedBy: "\n\n").dropLast().map {
            $0.hasPrefix("data: ") ? String($0.dropFirst(6)) : $0
        }
    }

    /// The deltas of one choice's chunks, in JSON.
    func deltas(_ frames: [String], index: Int = 0) throws -> [String] {
        try frames.filter { $0.hasPrefix("{") }.flatMap { frame in
            (try json(frame)["choices"]?.array ?? []).filter { $0["index"]?.number?.int64 == Int64(index) }.map {
                String(decoding: $0["delta"]?.bytes ?? [], as: UTF8.self)
            }
        }
    }
}

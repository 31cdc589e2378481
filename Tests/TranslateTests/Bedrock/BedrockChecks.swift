import Shared
import XCTest

@testable import Translate

/// What the tests of this folder share: texts in, trees out.
enum BedrockChecks {
    static let haiku = "anthropic.claude-3-haiku-20240307-v1:0"
    static let sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    static let opus = "global.anthropic.claude-opus-4-7-v1"
    static let nova = "us.amazon.nova-pro-v1:0"
    static let llama = "meta.llama3-70b-instruct-v1:0"

    static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    /// A caller's request.
    static func conversation(_ members: String, model: String = sonnet) throws -> Conversation {
        try BedrockConverse.conversation(
            from: try json("{\(members)}"), of: InboundCall(model: model, isStream: false))
    }

    /// One with a single message of the user's.
    static func asked(_ members: String) throws -> Conversation {
        try conversation(#""messages": [{"role": "user", "content": [{"text": "Hello"}]}], \#(members)"#)
    }

    /// What is wrong with a caller's request.
    static func problem(_ members: String) -> TranslationError? {
        do {
            _ = try conversation(members)
            return nil
        } catch {
            return error as? TranslationError
        }
    }

    static func target(_ model: String = sonnet, _ change: (inout TargetTraits) -> Void = { _ in }) -> TargetTraits {
        var target = TargetTraits(model: model)
        change(&target)
        return target
    }

    static func rendered(_ conversation: Conversation, for target: TargetTraits? = nil) throws -> RenderedRequest {
        try BedrockConverse.request(conversation, for: target ?? self.target())
    }

    /// The members of a written request.
    static func written(_ conversation: Conversation, for target: TargetTraits? = nil) throws -> JSONValue {
        try JSONValue(parsing: try rendered(conversation, for: target).body)
    }

    /// A member of a written request.
    static func assert(
        _ conversation: Conversation, for target: TargetTraits? = nil, has name: String, _ expected: String?,
        file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let value = try written(conversation, for: target)[name]
        if let expected {
            assertJSON(value?.bytes ?? [], expected, file: file, line: line)
        } else {
            XCTAssertNil(value, file: file, line: line)
        }
    }

    // MARK: As another dialect may have it

    static func chat(_ turns: Turn..., change: (inout Conversation) -> Void = { _ in }) -> Conversation {
        var conversation = Conversation()
        conversation.model = "any"
        conversation.origin = .openai
        conversation.turns = turns
        change(&conversation)
        return conversation
    }

    static func user(_ text: String) -> Turn { Turn(.user, [Part(.text(text))], form: .text) }
    static func assistant(_ text: String) -> Turn { Turn(.assistant, [Part(.text(text))], form: .text) }

    static func calling(_ calls: (id: String, name: String)..., thinking: Thinking? = nil) -> Turn {
        let thoughts = thinking.map { [Part(.thinking($0))] } ?? []
        return Turn(
            .assistant, thoughts + calls.map { Part(.toolCall(ToolCall(id: $0.id, name: $0.name, arguments: "{}"))) })
    }

    static func result(_ id: String, _ text: String) -> Turn {
        Turn(.tool, [Part(.toolResult(ToolResult(callID: id, parts: [Part(.text(text))], form: .text)))])
    }

    static func tool(_ name: String) throws -> Tool {
        Tool(
            name: name, summary: "Does \(name)",
            kind: .function(parameters: try json(#"{"type": "object", "properties": {"a": {"type": "string"}}}"#)))
    }

    // MARK: Streams

    /// Reads messages given by name and payload.
    static func events(
        _ messages: [(String, String)], isEnded: Bool = false
    ) throws(TranslationError) -> [AnswerEvent] {
        var reader = BedrockConverse.streamReader()
        var events: [AnswerEvent] = []
        for (name, data) in messages {
            try unsafe Array(name.utf8).withRawBytes { name throws(TranslationError) in
                try unsafe Array(data.utf8).withRawBytes { data throws(TranslationError) in
                    try reader.read(unsafe StreamMessage(name: name, data: data), into: &events)
                }
            }
        }
        if isEnded { reader.end(into: &events) }
        return events
    }

    /// The messages that a stream's writer makes of events: kind, name and payload.
    static func messages(
        _ events: [AnswerEvent], in context: AnswerContext = context
    ) throws -> [(name: String, payload: String)] {
        var writer = BedrockConverse.streamWriter(in: context)
        var output: [UInt8] = []
        for event in events { try writer.write(event, to: &output) }
        return try self.messages(in: output)
    }

    static func messages(in output: [UInt8]) throws -> [(name: String, payload: String)] {
        var framer = EventStreamFramer()
        var messages: [(name: String, payload: String)] = []
        try unsafe output.withUnsafeBytes { bytes in
            var place = 0
            while let message = try unsafe framer.next(UnsafeRawBufferPointer(rebasing: bytes[place...])) {
                let name = unsafe String(decoding: message.name, as: UTF8.self)
                let kind = message.kind == .event ? "" : "!"
                unsafe messages.append((kind + name, String(decoding: message.payload, as: UTF8.self)))
                place += message.byteCount
            }
            XCTAssertEqual(place, bytes.count)
        }
        return messages
    }

    static let context = AnswerContext(
        id: "0190b1c2-0000-7000-8000-000000000001", model: "sonnet", nowUnixSeconds: 1_700_000_000,
        estimatedInputTokens: 42)

    static func answer(_ parts: [Part], _ finish: FinishReason? = .stop, change: (inout Answer) -> Void = { _ in })
        -> Answer
    {
        var answer = Answer()
        answer.choices = [Choice(parts: parts, finish: finish)]
        change(&answer)
        return answer
    }

    static func body(_ answer: Answer) -> [UInt8] { BedrockConverse.body(of: answer, in: context) }

    static func body(_ answer: Answer, _ name: String) throws -> JSONValue? {
        try JSONValue(parsing: body(answer))[name]
    }
}

import Shared
import Translate
import XCTest

/// What the tests of Gemini's codec have in common.
enum Gemini {
    static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8), allowing: .all) }

    static func read(
        _ body: String, model: String = "gemini-3-flash", isStream: Bool = false
    ) throws -> Conversation {
        try GeminiContent.conversation(from: json(body), of: InboundCall(model: model, isStream: isStream))
    }

    static func write(
        _ conversation: Conversation, model: String = "gemini-3-flash",
        _ change: (inout Capabilities) -> Void = { _ in }
    ) throws -> RenderedRequest {
        var target = TargetTraits(model: model)
        change(&target.capabilities)
        return try GeminiContent.request(conversation, for: target)
    }

    /// Read and written again.
    static func roundTrip(_ body: String, model: String = "gemini-3-flash") throws -> RenderedRequest {
        try write(read(body, model: model), model: model)
    }

    static func conversation(_ turns: [Turn]) -> Conversation {
        var conversation = Conversation()
        conversation.model = "m"
        conversation.turns = turns
        return conversation
    }

    /// What a user said, and nothing else.
    static var hello: Conversation { conversation([Turn(.user, [Part(.text("Hello"))])]) }

    static func call(
        _ id: String, _ name: String = "weather", _ arguments: String = #"{"city":"Oslo"}"#, signature: String? = nil
    ) -> Part {
        Part(.toolCall(ToolCall(id: id, name: name, arguments: arguments, signature: signature)))
    }

    static func result(_ id: String, _ text: String = "rain", isError: Bool? = nil) -> Part {
        Part(.toolResult(ToolResult(callID: id, parts: [Part(.text(text))], form: .text, isError: isError)))
    }

    static let context = AnswerContext(id: "req-1", model: "mine", nowUnixSeconds: 1_700_000_000)

    static func answer(_ body: String) throws -> Answer { try GeminiContent.answer(from: json(body)) }

    static func body(_ answer: Answer) -> [UInt8] { GeminiContent.body(of: answer, in: context) }

    /// All events of messages, the end of the connection included.
    static func events(_ messages: [String], ends: Bool = true) throws -> [AnswerEvent] {
        var reader = GeminiContent.streamReader()
        var events: [AnswerEvent] = []
        for message in messages {
            try unsafe Array(message.utf8).withUnsafeBytes { data in
                let message = unsafe StreamMessage(name: UnsafeRawBufferPointer(start: nil, count: 0), data: data)
                try reader.read(message, into: &events)
            }
        }
        if ends { reader.end(into: &events) }
        return events
    }

    static func stream(_ events: [AnswerEvent], asArray: Bool = false) throws -> String {
        var writer = GeminiContent.streamWriter(in: context, asArray: asArray)
        var output: [UInt8] = []
        for event in events { try writer.write(event, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    /// The data of the frames of a stream of server-sent events.
    static func frames(_ events: [AnswerEvent]) throws -> [[UInt8]] {
        try stream(events).components(separatedBy: "\r\n\r\n").filter { !$0.isEmpty }.map { frame in
            XCTAssertTrue(frame.hasPrefix("data: "))
            XCTAssertFalse(frame.contains("\n"))
            return Array(frame.dropFirst(6).utf8)
        }
    }

    static func error(_ status: Int, _ body: String) -> ProviderError {
        unsafe Array(body.utf8).withUnsafeBytes { unsafe GeminiContent.error(status: status, from: $0) }
    }
}

/// That `body` throws `invalid` for `field`.
func assertInvalid<Result>(
    _ field: String, _ body: @autoclosure () throws -> Result, file: StaticString = #filePath, line: UInt = #line
) {
    XCTAssertThrowsError(try body(), file: file, line: line) { error in
        guard case TranslationError.invalid(let found, _)? = error as? TranslationError else {
            return XCTFail("\(error)", file: file, line: line)
        }
        XCTAssertEqual(found, field, file: file, line: line)
    }
}

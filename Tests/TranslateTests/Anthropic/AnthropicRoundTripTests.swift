import Shared
import XCTest

@testable import Translate

final class AnthropicRoundTripTests: XCTestCase {
    func testRequestsComeBackWhole() throws {
        let corpus = try AnthropicChecks.corpus("requests")
        XCTAssertGreaterThanOrEqual(corpus.count, 7)
        for (name, text) in corpus {
            let body = try AnthropicChecks.json(text)
            let conversation = try AnthropicMessages.conversation(from: body, of: InboundCall())
            let rendered = try AnthropicChecks.rendered(conversation, for: AnthropicChecks.target(conversation.model))
            XCTAssertEqual(rendered.dropped, [], name)
            XCTAssertEqual(rendered.adjusted, [], name)
            XCTAssertTrue(rendered.reading.isPlain, name)
            assertJSON(rendered.body, text)
        }
    }

    func testAnswersComeBackWhole() throws {
        let corpus = try AnthropicChecks.corpus("answers")
        XCTAssertGreaterThanOrEqual(corpus.count, 6)
        for (_, text) in corpus {
            let answer = try AnthropicMessages.answer(from: try AnthropicChecks.json(text))
            assertJSON(AnthropicMessages.body(of: answer, in: AnthropicChecks.context), text)
        }
    }

    /// A stream says what the whole answer says: written as a stream, read, written, and put together again.
    func testAStreamSaysWhatTheAnswerSays() throws {
        for (name, text) in try AnthropicChecks.corpus("answers") {
            let answer = try AnthropicMessages.answer(from: try AnthropicChecks.json(text))
            let first = try AnthropicChecks.frames(Self.events(of: answer))
            let second = try AnthropicChecks.frames(
                try AnthropicChecks.events(first.map { String(decoding: $0.data.bytes, as: UTF8.self) }))
            XCTAssertEqual(second.map(\.name), first.map(\.name), name)
            XCTAssertEqual(Self.content(second), Self.content(first), name)
            XCTAssertEqual(
                second.last { $0.name == "message_delta" }?.data, first.last { $0.name == "message_delta" }?.data)
        }
    }

    private static func content(_ frames: [(name: String, data: JSONValue)]) -> [JSONValue] {
        frames.filter { $0.name.hasPrefix("content_block") }.map(\.data)
    }

    /// An answer, said piece by piece.
    private static func events(of answer: Answer) -> [AnswerEvent] {
        var events: [AnswerEvent] = [.began(AnswerHead(id: answer.id, model: answer.model, usage: answer.usage))]
        let choice = answer.choices[0]
        for (index, part) in choice.parts.enumerated() {
            switch part.content {
            case .text(let text):
                events.append(.opened(part: index, choice: 0, .text))
                events.append(.text(part: index, String(text.prefix(3))))
                events.append(.text(part: index, String(text.dropFirst(3))))
                for citation in part.extras["citations"]?.array ?? [] {
                    events.append(.citation(part: index, citation, of: .anthropic))
                }
            case .thinking(let thinking):
                if let sealed = thinking.sealed {
                    events.append(.opened(part: index, choice: 0, .sealedThinking(sealed, origin: .anthropic)))
                } else {
                    events.append(.opened(part: index, choice: 0, .thinking(origin: .anthropic)))
                    events.append(.text(part: index, thinking.text ?? ""))
                    events.append(.signature(part: index, thinking.signature ?? ""))
                }
            case .toolCall(let call):
                events.append(.opened(part: index, choice: 0, .toolCall(id: call.id, name: call.name, signature: nil)))
                events.append(.arguments(part: index, call.arguments))
            default: events.append(.opened(part: index, choice: 0, .whole(part)))
            }
            events.append(.closed(part: index))
        }
        events.append(.finished(choice: 0, choice.finish ?? .stop, stop: choice.stop))
        if let usage = answer.usage { events.append(.usage(usage)) }
        events.append(.ended)
        return events
    }
}

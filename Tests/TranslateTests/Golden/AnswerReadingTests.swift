import Shared
import Translate
import XCTest

/// What a request changed is changed back in its answer, whole or streamed.
final class AnswerReadingTests: XCTestCase {
    /// The events of an answer that calls each of `names` with `arguments`.
    private func events(calling names: [String], _ arguments: String) -> [AnswerEvent] {
        var events: [AnswerEvent] = []
        for (part, name) in names.enumerated() {
            events.append(.opened(part: part, choice: 0, .toolCall(id: "c\(part)", name: name, signature: nil)))
            events += arguments.map { .arguments(part: part, String($0)) } + [.closed(part: part)]
        }
        return events + [.finished(choice: 0, .toolCalls, stop: nil), .ended]
    }

    private func answer(calling names: [String], _ arguments: String) -> Answer {
        var answer = Answer()
        let parts = names.map { Part(.toolCall(ToolCall(id: "c", name: $0, arguments: arguments))) }
        answer.choices = [Choice(parts: parts, finish: .toolCalls)]
        return answer
    }

    func testCallersAreToldTheNamesThatTheyGave() throws {
        let known = DialectCase(name: "odd-tool-names")
        for caller in DialectCase.callers {
            let request = try XCTUnwrap(known.request(of: caller))
            let conversation = try request.conversation(of: caller)
            for provider in DialectCase.providers {
                let rendered = try provider.codec.request(conversation, for: DialectCase.traits(of: provider))
                let body = try DialectCell.json(rendered.body)
                let call = InboundCall(model: "m", isStream: false)
                let given = try provider.codec.conversation(from: body, of: call).tools.map(\.name)
                let label = "\(caller.rawValue)>\(provider.rawValue)"
                XCTAssertEqual(Set(given).count, 2, label)

                var amender = AnswerAmender(rendered.reading)
                let whole = amender.amended(answer(calling: given, "{}"))
                let names = whole.choices.flatMap(\.parts).map { part in
                    if case .toolCall(let call) = part.content { call.name } else { "" }
                }
                XCTAssertEqual(names, conversation.tools.map(\.name), label)
                let streamed = events(calling: given, "{}").map { amender.amended($0) }.compactMap { event in
                    if case .opened(_, _, .toolCall(_, let name, _)) = event { name } else { nil }
                }
                XCTAssertEqual(streamed, conversation.tools.map(\.name), label)
            }
        }
    }

    func testAnAnswerThatWasAskedForByAToolIsAText() throws {
        let known = DialectCase(name: "structured-output")
        for caller in DialectCase.callers {
            let conversation = try XCTUnwrap(known.request(of: caller)).conversation(of: caller)
            for provider in DialectCase.providers {
                var traits = DialectCase.traits(of: provider)
                traits.capabilities.jsonSchema = false
                let reading = try provider.codec.request(conversation, for: traits).reading
                let label = "\(caller.rawValue)>\(provider.rawValue)"
                let name = try XCTUnwrap(reading.formatTool, label)
                var amender = AnswerAmender(reading)
                let whole = try XCTUnwrap(amender.amended(answer(calling: [name], #"{"a":1}"#)).choices.first)
                XCTAssertEqual(whole.parts.map(\.text), [#"{"a":1}"#], label)
                XCTAssertEqual(whole.finish, .stop, label)
                let streamed = events(calling: [name], #"{"a":1}"#).map { amender.amended($0) }
                let text = streamed.map { if case .text(_, let piece) = $0 { piece } else { "" } }.joined()
                XCTAssertEqual(text, #"{"a":1}"#, label)
                XCTAssert(streamed.contains(.finished(choice: 0, .stop, stop: nil)), label)
                // Beside a call of the caller's own tools it does not end the turn.
                for names in [["other", name], [name, "other"]] {
                    var amender = AnswerAmender(reading)
                    let both = try XCTUnwrap(amender.amended(answer(calling: names, "{}")).choices.first)
                    XCTAssertEqual(both.finish, .toolCalls, label)
                    let streamed = events(calling: names, "{}").map { amender.amended($0) }
                    XCTAssert(streamed.contains(.finished(choice: 0, .toolCalls, stop: nil)), "\(label) \(names)")
                }
            }
        }
    }
}

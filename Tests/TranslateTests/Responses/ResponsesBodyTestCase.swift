import Shared
import Translate
import XCTest

/// Short ways to read and to write requests and whole answers in tests.
class ResponsesBodyTestCase: XCTestCase {
    static var context: AnswerContext {
        AnswerContext(id: "0194-f2", model: "the-model", nowUnixSeconds: 1_700_000_000)
    }

    func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8), allowing: .all) }

    // MARK: Requests

    func read(_ text: String) throws -> Conversation {
        try OpenAIResponses.conversation(from: json(text), of: InboundCall())
    }

    /// Of a request that has these items.
    func turns(_ items: String) throws -> [Turn] { try read(#"{"model":"m","input":[\#(items)]}"#).turns }

    func problem(_ text: String) -> String {
        do { return "\(try read(text))" } catch TranslationError.invalid(let field, let reason) {
            return "\(field): \(reason)"
        } catch { return "\(error)" }
    }

    func written(
        _ conversation: Conversation, to dialect: Dialect = .responses, model: String = "gpt-5-mini",
        _ change: (inout TargetTraits) -> Void = { _ in }
    ) throws -> (body: JSONValue, dropped: [String], adjusted: [String]) {
        var traits = TargetTraits(model: model)
        change(&traits)
        let rendered = try dialect.codec.request(conversation, for: traits)
        return (try JSONValue(parsing: rendered.body), rendered.dropped, rendered.adjusted)
    }

    func conversation(_ turns: [Turn], origin: Dialect? = .anthropic) -> Conversation {
        var conversation = Conversation()
        conversation.origin = origin
        conversation.model = "m"
        conversation.turns = turns
        return conversation
    }

    // MARK: Answers

    func answer(_ text: String) throws -> Answer { try OpenAIResponses.answer(from: json(text)) }

    func body(_ answer: Answer, _ change: (inout AnswerContext) -> Void = { _ in }) throws -> JSONValue {
        var context = Self.context
        change(&context)
        return try JSONValue(parsing: OpenAIResponses.body(of: answer, in: context))
    }

    func answer(_ parts: [Part], _ finish: FinishReason? = .stop) -> Answer {
        var answer = Answer()
        answer.id = "msg_01"
        answer.choices = [Choice(parts: parts, finish: finish)]
        answer.usage = TokenUsage(input: 10, cachedInput: 4, output: 7, reasoning: 3)
        return answer
    }
}

extension JSONValue {
    /// For tests: the element of a list.
    subscript(index: Int) -> JSONValue? { array.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
}

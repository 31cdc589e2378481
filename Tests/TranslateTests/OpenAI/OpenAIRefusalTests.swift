import Shared
import Translate
import XCTest

/// That a model declined, both ways: OpenAI says so in a member beside the content, and stops as it always does.
final class OpenAIRefusalTests: OpenAITestCase {
    private static let declined =
        #"{"choices":[{"index":0,"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"#

    private func choice(_ text: String) throws -> Choice {
        try XCTUnwrap(try OpenAIChat.answer(from: json(text)).choices.first)
    }

    private func written(_ choice: Choice) throws -> JSONValue? {
        var answer = Answer()
        answer.choices = [choice]
        return try JSONValue(parsing: OpenAIChat.body(of: answer, in: Self.context))["choices"]?.array?.first
    }

    func testAModelThatDeclinedStoppedForThat() throws {
        XCTAssertEqual(try choice(Self.declined).finish, .refusal)
        let empty = Self.declined.replacingOccurrences(of: #""No.""#, with: #""""#)
        XCTAssertEqual(try choice(empty).finish, .stop)
        let cut = Self.declined.replacingOccurrences(of: #""stop""#, with: #""length""#)
        XCTAssertEqual(try choice(cut).finish, .length)
    }

    func testOpenAIsOwnWordIsWrittenAgain() throws {
        let choice = try written(choice(Self.declined))
        XCTAssertEqual(choice?["finish_reason"], .string("stop"))
        XCTAssertEqual(choice?["message"]?["refusal"], .string("No."))
        XCTAssertEqual(choice?["message"]?["content"], .null)
    }

    func testOthersDeclineWithoutAWord() throws {
        let choice = try written(Choice(parts: [Part(.text("Well"))], finish: .refusal))
        XCTAssertEqual(choice?["finish_reason"], .string("content_filter"))
        XCTAssertEqual(choice?["message"]?["refusal"], .null)
    }

    func testAStreamThatDeclinedStoppedForThat() throws {
        let messages = [chunk(#"{"refusal":"No"}"#), chunk(#"{"refusal":"."}"#), chunk("{}", finish: "stop"), "[DONE]"]
        XCTAssert(try events(messages).contains(.finished(choice: 0, .refusal, stop: nil)))
        let plain = [chunk(#"{"refusal":""}"#), chunk(#"{"content":"Yes."}"#), chunk("{}", finish: "stop"), "[DONE]"]
        XCTAssert(try events(plain).contains(.finished(choice: 0, .stop, stop: nil)))
    }

    func testAStreamIsWrittenAgainAsItCame() throws {
        let messages = [chunk(#"{"refusal":"No."}"#), chunk("{}", finish: "stop"), "[DONE]"]
        let frames = try frames(events(messages))
        XCTAssertEqual(try json(frames[frames.count - 2])["choices"]?.array?.first?["finish_reason"], .string("stop"))
        let others: [AnswerEvent] = [
            .began(AnswerHead(id: "a", model: "m")), .opened(part: 0, choice: 0, .text), .text(part: 0, "Well"),
            .closed(part: 0), .finished(choice: 0, .refusal, stop: nil), .ended,
        ]
        let other = try self.frames(others)
        XCTAssertEqual(
            try json(other[other.count - 2])["choices"]?.array?.first?["finish_reason"], .string("content_filter"))
    }
}

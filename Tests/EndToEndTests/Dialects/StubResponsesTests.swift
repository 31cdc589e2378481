import Foundation
import TestSupport
import XCTest

/// What OpenAI's Responses API has and no other: the provider keeps what it said, and what was said to it.
final class StubResponsesTests: StubTestCase {
    private func question(_ input: Any, after id: String? = nil, _ extra: [String: Any] = [:]) -> DialectSpeech.Question
    {
        var question = DialectSpeech.Question(isStream: extra["stream"] as? Bool ?? false)
        question.extra = extra.merging(["input": input]) { $1 }
        if let id { question.extra["previous_response_id"] = id }
        return question
    }

    private func refusal(_ question: DialectSpeech.Question, port: UInt16? = nil) throws -> (Int, String?, String?) {
        let answer = try DialectSpeech.responses.send(question, as: key, to: HTTPCaller(port: port ?? self.port))
        return (answer.status, answer.errorCode, answer.errorParam)
    }

    func testAResponseIsGoneOnFromWhereItWasGiven() throws {
        for isStream in [false, true] {
            let first = try ask(.responses, question("hello", ["stream": isStream]))
            let told = try bills().last?["promptTokens"] as? Int ?? 0
            XCTAssertEqual(told, 3 + 4 + 2)
            let second = try ask(.responses, question("And you?", after: first.id, ["stream": isStream]))
            // All of it is read again, and paid for again.
            let said = (first.text.utf8.count + 3) / 4
            XCTAssertEqual(second.usage?["input_tokens"], told + (4 + said) + (4 + 2))
            let third = try ask(.responses, question("Well?", after: second.id))
            XCTAssertGreaterThan(third.usage?["input_tokens"] ?? 0, second.usage?["input_tokens"] ?? 0)
            // An older one is as good to go on from.
            XCTAssertEqual(
                try ask(.responses, question("And you?", after: first.id)).usage?["input_tokens"],
                second.usage?["input_tokens"])
        }
    }

    func testInstructionsAreNotKept() throws {
        let first = try ask(.responses, question("hello", ["instructions": "You are a river."]))
        let second = try ask(.responses, question("hello", after: first.id))
        let said = (first.text.utf8.count + 3) / 4
        XCTAssertEqual(second.usage?["input_tokens"], 3 + (4 + 2) + (4 + said) + (4 + 2))
    }

    func testAResponseIsUnknownWhereItIsNotKept() throws {
        let kept = try ask(.responses, question("hello"))
        let passing = try ask(.responses, question("hello", ["store": false]))
        let other = try start("other")
        let notFound: (Int, String?, String?) = (400, "previous_response_not_found", "previous_response_id")
        XCTAssertTrue(try refusal(question("more", after: passing.id)) == notFound)
        XCTAssertTrue(try refusal(question("more", after: "resp_0")) == notFound)
        // As many answers as this one gave: its numbers are the same, and its identities are not.
        let there = try DialectAnswer(
            try DialectSpeech.responses.send(question("hello"), as: key, to: HTTPCaller(port: other)), in: .responses,
            isStream: false)
        XCTAssertNotEqual(there.id, kept.id)
        XCTAssertTrue(try refusal(question("more", after: kept.id), port: other) == notFound)
        XCTAssertTrue(try refusal(question("more", after: there.id)) == notFound)
        XCTAssertEqual(try refusal(question("more", after: there.id), port: other).0, 200)
        XCTAssertEqual(try refusal(question("more", after: kept.id)).0, 200)
        // A stream that nobody saw the end of is not kept.
        let cut = try ask(.responses, .init(isStream: true), fault: "missing-done")
        XCTAssertEqual(cut.id, "")
    }

    func testCallsAreAnsweredBehindAResponse() throws {
        let tools = DialectSpeech.responses.body(.init(tools: ["look", "listen"]))["tools"] ?? []
        for thinks in [false, true] {
            let more: [String: Any] = thinks ? ["tools": tools, "reasoning": ["effort": "low"]] : ["tools": tools]
            let first = try ask(.responses, question("both in parallel", more))
            XCTAssertEqual(first.calls.map(\.name), ["look", "listen"])
            XCTAssertEqual(first.items.count, thinks ? 3 : 2)
            // Nobody asked for what was thought, nor for the seal on it.
            XCTAssertEqual(first.thoughts, "")
            XCTAssertFalse(first.items.contains { $0["encrypted_content"] != nil })
            let results = first.calls.map {
                ["type": "function_call_output", "call_id": $0.id, "output": "bright"]
            }
            XCTAssertFalse(try ask(.responses, question(results, after: first.id, more)).text.isEmpty)
            let half = try DialectSpeech.responses.send(
                question([results[0]], after: first.id, more), as: key, to: HTTPCaller(port: port))
            XCTAssertEqual(half.status, 400)
            XCTAssertTrue(
                half.text.contains("No tool output found for function call \(first.calls[1].id)"), half.text)
            // The items of a response that is kept are known by their names alone.
            let references = first.items.map { ["type": "item_reference", "id": $0["id"] ?? ""] }
            XCTAssertFalse(try ask(.responses, question(references + results, more)).text.isEmpty)
            XCTAssertFalse(try ask(.responses, question(first.items + results, more)).text.isEmpty)
        }
    }

    /// Thoughts that are neither kept nor sealed are lost.
    func testThoughtsNeedToBeKeptOrSealed() throws {
        let tools = DialectSpeech.responses.body(.init(tools: ["look"]))["tools"] ?? []
        var more: [String: Any] = ["tools": tools, "reasoning": ["effort": "low"], "store": false]
        var first = try ask(.responses, question("look", more))
        func results(_ answer: DialectAnswer) -> [[String: Any]] {
            DialectSpeech.responses.results(answer, texts: ["x"])
        }
        let lost = try refusal(question(results(first), more))
        XCTAssertEqual(lost.0, 404)
        XCTAssertEqual(lost.2, "input")
        more["include"] = ["reasoning.encrypted_content"]
        first = try ask(.responses, question("look", more))
        XCTAssertEqual(try refusal(question(results(first), more)).0, 200)
        // Sealed thoughts are known without their name, and by no other name.
        var nameless = results(first)
        nameless[0]["id"] = nil
        XCTAssertEqual(try refusal(question(nameless, more)).0, 200)
        nameless[0]["id"] = "rs_1"
        XCTAssertEqual(try refusal(question(nameless, more)).1, "invalid_encrypted_content")
    }
}

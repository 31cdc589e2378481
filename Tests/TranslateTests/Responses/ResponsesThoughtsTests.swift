import Shared
import Translate
import XCTest

/// Thoughts and signatures of other providers on their way through callers of this dialect.
final class ResponsesThoughtsTests: ResponsesBodyTestCase {
    /// The next request of a caller who keeps its conversation itself: the output as it came, and results of its calls.
    private func next(_ answer: Answer) throws -> Conversation {
        let output = try body(answer)["output"]?.array ?? []
        let results = output.compactMap { $0["call_id"] }.map { id in
            JSONValue.object([
                "type": .string("function_call_output"), "call_id": id, "output": .string("done"),
            ])
        }
        let question = JSONValue.object(["role": .string("user"), "content": .string("Weather?")])
        let request = JSONValue.object([
            "model": .string("m"), "input": .array([question] + output + results),
            "tools": .array([.object(["type": .string("function"), "name": .string("f")])]),
            "reasoning": .object(["effort": .string("high")]), "max_output_tokens": .number(JSONNumber(20_000)),
        ])
        return try OpenAIResponses.conversation(from: request, of: InboundCall())
    }

    func testThoughtsOfAnthropicComeBackWithTheirSignatures() throws {
        let parts = [
            Part(.thinking(Thinking(text: "Hm.\n\nWell.", signature: "sig", origin: .anthropic))),
            Part(.thinking(Thinking(sealed: "redacted", origin: .anthropic))),
            Part(.thinking(Thinking(text: "", signature: "omitted", origin: .anthropic))),
            Part(.text("Wait.")), Part(.toolCall(ToolCall(id: "toolu_1", name: "f", arguments: "{}"))),
        ]
        let conversation = try next(answer(parts, .toolCalls))
        XCTAssertEqual(conversation.turns[1].parts.map(\.content), parts.map(\.content))
        let written = try written(conversation, to: .anthropic, model: "claude-sonnet-4-5")
        XCTAssertEqual(written.dropped, [])
        let content = written.body["messages"]?[1]?["content"]
        XCTAssertEqual(content?[0]?["signature"], .string("sig"))
        XCTAssertEqual(content?[0]?["thinking"], .string("Hm.\n\nWell."))
        XCTAssertEqual(content?[1]?["data"], .string("redacted"))
        XCTAssertEqual(content?[2]?["signature"], .string("omitted"))
    }

    func testSignaturesOfGeminiTravelInThoughtsAndInCalls() throws {
        let reply = try json(
            #"""
            {"candidates":[{"content":{"role":"model","parts":[{"text":"Hm.","thought":true},
             {"functionCall":{"name":"f","args":{}},"thoughtSignature":"c2lnbmVk"}]},"finishReason":"STOP"}],"responseId":"r"}
            """#)
        let conversation = try next(GeminiContent.answer(from: reply))
        let written = try written(conversation, to: .gemini, model: "gemini-3.1-pro")
        let texts = String(decoding: written.body.bytes, as: UTF8.self)
        XCTAssertTrue(texts.contains(#""thoughtSignature":"c2lnbmVk""#), texts)
        XCTAssertFalse(texts.contains("-signed-"), texts)
    }

    func testThoughtsOfOpenAIsKinAreGivenBackAsText() throws {
        let parts = [
            Part(.thinking(Thinking(text: "Hm.", origin: .openai))),
            Part(.toolCall(ToolCall(id: "c", name: "f", arguments: "{}"))),
        ]
        let conversation = try next(answer(parts, .toolCalls))
        let message = try written(conversation, to: .openai).body["messages"]?[1]
        XCTAssertEqual(message?["reasoning_content"], .string("Hm."))
    }

    func testEachProviderIsShownItsOwnThoughtsOnly() throws {
        for origin in [Dialect.anthropic, .gemini, .bedrock] {
            let parts = [
                Part(.thinking(Thinking(text: "Hm.", signature: "sig", origin: origin))),
                Part(.toolCall(ToolCall(id: SignedID.text, name: "f", arguments: "{}"))),
            ]
            let conversation = try next(answer(parts, .toolCalls))
            let written = try written(conversation)
            XCTAssertEqual(
                written.body["input"]?.array?.compactMap { $0["type"]?.string }.sorted(),
                [
                    "function_call", "function_call_output", "message",
                ])
            XCTAssertFalse(String(decoding: written.body.bytes, as: UTF8.self).contains("weir:"))
            XCTAssertEqual(written.body["input"]?[1]?["call_id"], .string("c1"))
        }
    }

    func testThoughtsOfResponsesTravelThroughCallersOfOthers() throws {
        let thoughts = [
            Thinking(text: "Look.", signature: "enc", origin: .responses), Thinking(sealed: "enc", origin: .responses),
        ]
        for thought in thoughts {
            let answer = answer(
                [Part(.thinking(thought)), Part(.toolCall(ToolCall(id: "c", name: "f", arguments: "{}")))], .toolCalls)
            let body = try JSONValue(parsing: AnthropicMessages.body(of: answer, in: Self.context))
            let request = JSONValue.object([
                "model": .string("m"), "max_tokens": .number(JSONNumber(100)),
                "messages": .array([
                    .object(["role": .string("user"), "content": .string("a")]),
                    .object(["role": .string("assistant"), "content": body["content"] ?? .null]),
                ]),
            ])
            let conversation = try AnthropicMessages.conversation(from: request, of: InboundCall())
            let item = try written(conversation).body["input"]?[1]
            XCTAssertEqual(item?["type"], .string("reasoning"))
            XCTAssertEqual(item?["encrypted_content"], .string("enc"))
            XCTAssertEqual(item?["summary"]?.array?.count, thought.text == nil ? 0 : 1)
        }
    }
}

/// A call's identity with a signature inside.
private enum SignedID { static let text = "c1-signed-c2ln" }

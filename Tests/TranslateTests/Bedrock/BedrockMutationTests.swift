import Shared
import XCTest

@testable import Translate

/// Bodies with anything in any place: they are read or refused, and what is written of them is JSON.
final class BedrockMutationTests: XCTestCase {
    private typealias Checks = BedrockChecks

    private let request = #"""
        {"messages": [{"role": "user", "content": [{"text": "A"}, {"image": {"format": "png", "source": {"bytes": "AAAA"}}},
           {"document": {"format": "pdf", "name": "d", "source": {"s3Location": {"uri": "s3://b/c"}}}},
           {"guardContent": {"text": {"text": "B", "qualifiers": ["query"]}}}, {"cachePoint": {"type": "default", "ttl": "1h"}}]},
          {"role": "assistant", "content": [{"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "c2ln"}}},
           {"toolUse": {"toolUseId": "t", "name": "f", "input": {"a": 1}}},
           {"citationsContent": {"content": [{"text": "C"}], "citations": []}}]},
          {"role": "user", "content": [{"toolResult": {"toolUseId": "t", "status": "error", "content": [{"json": {}}, {"text": "D"}]}}]}],
         "system": [{"text": "E"}, {"cachePoint": {"type": "default"}}],
         "inferenceConfig": {"maxTokens": 9000, "temperature": 0.5, "topP": 1, "stopSequences": ["F"]},
         "toolConfig": {"tools": [{"toolSpec": {"name": "f", "description": "G", "inputSchema": {"json": {"type": "object"}}}}], "toolChoice": {"auto": {}}},
         "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2000}, "top_k": 5, "anthropic_beta": ["a"]},
         "outputConfig": {"effort": "low", "textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{}"}}}},
         "requestMetadata": {"a": "b"}, "serviceTier": {"type": "flex"}}
        """#

    private let answer = #"""
        {"output": {"message": {"role": "assistant", "content": [{"text": "A"}, {"reasoningContent": {"redactedContent": "cmVk"}},
           {"toolUse": {"toolUseId": "t", "name": "f", "input": {}}}, {"image": {"format": "png", "source": {"bytes": "AAAA"}}}]}},
         "stopReason": "tool_use", "metrics": {"latencyMs": 1}, "serviceTier": {"type": "flex"},
         "usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3, "cacheDetails": [{"ttl": "1h", "inputTokens": 1}]},
         "additionalModelResponseFields": {"stop_sequence": "x"}}
        """#

    private let stream: [(String, String)] = [
        ("messageStart", #"{"role": "assistant"}"#),
        ("contentBlockDelta", #"{"contentBlockIndex": 0, "delta": {"reasoningContent": {"redactedContent": "cmVk"}}}"#),
        ("contentBlockStart", #"{"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "t", "name": "f"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex": 1, "delta": {"toolUse": {"input": "{}"}}}"#),
        ("contentBlockStop", #"{"contentBlockIndex": 1}"#),
        ("contentBlockDelta", #"{"contentBlockIndex": 2, "delta": {"text": "A", "citation": {"title": "t"}}}"#),
        ("contentBlockStart", #"{"contentBlockIndex": 3, "start": {"image": {"format": "png"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex": 3, "delta": {"image": {"source": {"bytes": "AAAA"}}}}"#),
        ("messageStop", #"{"stopReason": "end_turn", "additionalModelResponseFields": {"stop_sequence": "x"}}"#),
        ("metadata", #"{"usage": {"inputTokens": 1, "outputTokens": 2}, "serviceTier": {"type": "flex"}}"#),
    ]

    private static let replacements: [JSONValue] = [
        .null, .boolean(true), .string(""), .string("\u{0}\u{2603}"), .number(JSONNumber(-1)), .array([]),
        .object(JSONObject()),
        .array([.null]), .object(["text": .string("x")]), .object(["type": .string("web_search"), "name": .null]),
    ]

    /// `value` with one node, chosen at random, replaced or left out.
    private func mutated(_ value: JSONValue, _ random: inout SeededRandom) -> JSONValue {
        if Int.random(in: 0..<12, using: &random) == 0 { return Self.replacements.randomElement(using: &random)! }
        switch value {
        case .object(var object) where !object.members.isEmpty:
            let member = object.members.randomElement(using: &random)!
            let isLeftOut = Int.random(in: 0..<8, using: &random) == 0
            object[member.name] = isLeftOut ? nil : mutated(member.value, &random)
            return .object(object)
        case .array(var elements) where !elements.isEmpty:
            let place = elements.indices.randomElement(using: &random)!
            elements[place] = mutated(elements[place], &random)
            return .array(elements)
        default: return Self.replacements.randomElement(using: &random)!
        }
    }

    func testRequestsAreReadOrRefusedAndWrittenAsJSON() throws {
        var random = SeededRandom(seed: 20)
        let body = try Checks.json(request)
        let models = [Checks.sonnet, Checks.opus, Checks.nova, Checks.llama, "arn:aws:bedrock:us-east-1:1:prompt/A:1"]
        var written = 0
        for _ in 0..<3_000 {
            let mutated = mutated(mutated(body, &random), &random)
            do throws(TranslationError) {
                var conversation = try BedrockConverse.conversation(
                    from: mutated, of: InboundCall(model: models.randomElement(using: &random)!))
                if Bool.random(using: &random) { conversation.origin = .openai }
                var target = TargetTraits(model: models.randomElement(using: &random)!)
                target.capabilities.jsonSchema = Bool.random(using: &random)
                target.capabilities.systemMessages = Bool.random(using: &random)
                let rendered = try BedrockConverse.request(conversation, for: target)
                XCTAssertNoThrow(try JSONText.validate(rendered.body))
                written += 1
            } catch {
                switch error {
                case .invalid(let field, _), .inexpressible(let field, _):
                    if mutated.object != nil { XCTAssertNotEqual(field, "") }
                case .malformed, .tooLarge: XCTFail("\(error)")
                }
            }
        }
        XCTAssertGreaterThan(written, 500)
    }

    func testAnswersAreReadOrRefusedAndWrittenAsJSON() throws {
        var random = SeededRandom(seed: 21)
        let body = try Checks.json(answer)
        var written = 0
        for _ in 0..<3_000 {
            let mutated = mutated(mutated(body, &random), &random)
            guard let answer = try? BedrockConverse.answer(from: mutated) else { continue }
            XCTAssertNoThrow(try JSONText.validate(Checks.body(answer)))
            written += 1
        }
        XCTAssertGreaterThan(written, 500)
    }

    func testStreamsAreReadAndWrittenWhateverTheySay() throws {
        var random = SeededRandom(seed: 22)
        for _ in 0..<1_000 {
            var messages = try stream.map { (name, data) in
                guard Int.random(in: 0..<3, using: &random) == 0 else { return (name, data) }
                var object = mutated(try Checks.json(data), &random)
                if object.object == nil { object = .object(JSONObject()) }
                return (name, String(decoding: object.bytes, as: UTF8.self))
            }
            if Bool.random(using: &random) { messages.shuffle(using: &random) }
            let written = try Checks.messages(try Checks.events(messages, isEnded: true))
            for message in written { XCTAssertNoThrow(try JSONText.validate(Array(message.payload.utf8))) }
        }
    }
}

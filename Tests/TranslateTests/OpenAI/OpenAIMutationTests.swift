import Shared
import Translate
import XCTest

/// Whatever comes in, what goes out is JSON, or it is refused with a reason.
final class OpenAIMutationTests: OpenAITestCase {
    func testChangedRequestsAreReadOrRefused() throws {
        var refused = 0
        for seed in UInt64(0)..<1_500 {
            var generator = ConversationGenerator(seed: seed)
            var mutator = JSONMutator(seed: seed)
            let body = try mutator.mutated(written(generator.conversation()))
            do {
                let conversation = try OpenAIChat.conversation(from: body, of: InboundCall())
                _ = try written(conversation) { $0.capabilities.jsonSchema = seed % 2 == 0 }
            } catch TranslationError.invalid(let field, let reason) {
                XCTAssertFalse(field.isEmpty && body.object != nil, reason)
                refused += 1
            } catch TranslationError.inexpressible(_, _) { refused += 1 }
        }
        // Both must happen, or this tests nothing.
        XCTAssertTrue((200...1_300).contains(refused), "\(refused)")
    }

    func testChangedAnswersAreReadOrMalformed() throws {
        let answer = try json(
            #"""
            {"id":"c","object":"chat.completion","created":1,"model":"m","service_tier":"flex","choices":[{"index":0,"message":
             {"role":"assistant","content":[{"type":"text","text":"a"}],"refusal":"n","reasoning":"r","images":[{"image_url":{"url":"u"}}],
              "audio":{"id":"a","data":"aGk="},"function_call":{"name":"f","arguments":"{}"},
              "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s"}}}]},
              "logprobs":{"content":[]},"finish_reason":"stop","stop_reason":"x"}],
             "usage":{"prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":1}}}
            """#)
        for seed in UInt64(0)..<1_500 {
            var mutator = JSONMutator(seed: seed)
            do {
                let read = try OpenAIChat.answer(from: mutator.mutated(answer))
                _ = try JSONValue(parsing: OpenAIChat.body(of: read, in: Self.context))
            } catch TranslationError.malformed {}
        }
    }

    func testChangedStreamsAreReadOrMalformed() throws {
        let chunks = try [
            chunk(#"{"role":"assistant","content":"a"}"#), chunk(#"{"reasoning_content":"r","content":["x"]}"#),
            chunk(#"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}}]}"#),
            chunk(
                #"{"tool_calls":[{"index":0,"function":{"arguments":"}"}},{"index":1,"custom":{"name":"c","input":"x"}}]}"#
            ),
            chunk(#"{"annotations":[{}],"images":[{"image_url":{"url":"u"}}]}"#, finish: "stop"),
            #"{"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#,
        ].map { try json($0) }
        for seed in UInt64(0)..<1_500 {
            var mutator = JSONMutator(seed: seed)
            let messages = chunks.map { String(decoding: mutator.mutated($0).bytes, as: UTF8.self) } + ["[DONE]"]
            do {
                let events = try events(messages)
                XCTAssertEqual(Set(events.compactMap(Self.opened)).count, events.compactMap(Self.opened).count)
                for frame in try frames(events, includesUsage: true) where frame.hasPrefix("{") { _ = try json(frame) }
            } catch TranslationError.malformed {}
        }
    }

    private static func opened(_ event: AnswerEvent) -> Int? {
        if case .opened(let part, _, _) = event { part } else { nil }
    }
}

import Shared
import TestSupport
import XCTest

@testable import Translate

final class BedrockStreamWriterTests: XCTestCase {
    private typealias Checks = BedrockChecks

    private let began = AnswerEvent.began(AnswerHead(id: "x", model: "y"))

    private func assertMessages(
        _ events: [AnswerEvent], are expected: [(String, String)], file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let messages = try Checks.messages(events)
        XCTAssertEqual(messages.map(\.name), expected.map(\.0), file: file, line: line)
        for (message, expected) in zip(messages, expected) {
            assertJSON(Array(message.payload.utf8), expected.1, file: file, line: line)
        }
    }

    private func call(_ part: Int, _ id: String, _ name: String) -> AnswerEvent {
        .opened(part: part, choice: 0, .toolCall(id: id, name: name, signature: nil))
    }

    func testATextFromItsBeginningToItsUsage() throws {
        try assertMessages(
            [
                began, .opened(part: 0, choice: 0, .text), .text(part: 0, ""), .text(part: 0, "Hel"), .ping,
                .text(part: 0, "lo"), .closed(part: 0), .finished(choice: 0, .stop, stop: nil),
                .usage(TokenUsage(input: 3, output: 4)), .ended,
            ],
            are: [
                ("messageStart", #"{"role": "assistant"}"#),
                ("contentBlockDelta", #"{"delta": {"text": "Hel"}, "contentBlockIndex": 0}"#),
                ("contentBlockDelta", #"{"delta": {"text": "lo"}, "contentBlockIndex": 0}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 0}"#), ("messageStop", #"{"stopReason": "end_turn"}"#),
                (
                    "metadata",
                    #"{"usage": {"inputTokens": 3, "outputTokens": 4, "totalTokens": 7}, "metrics": {"latencyMs": 0}}"#
                ),
            ])
    }

    func testThoughtsAndCalls() throws {
        try assertMessages(
            [
                began, .opened(part: 0, choice: 0, .thinking(origin: .anthropic)), .text(part: 0, "Hm"),
                .signature(part: 0, "c2"), .signature(part: 0, "ln"), .closed(part: 0),
                .opened(part: 1, choice: 0, .sealedThinking("cmVk", origin: .bedrock)), .closed(part: 1),
                call(2, "", "f"), .closed(part: 2), call(3, "c", "g"), .arguments(part: 3, ""),
                .arguments(part: 3, #"{"a":1}"#), .closed(part: 3), .finished(choice: 0, .toolCalls, stop: nil),
            ],
            are: [
                ("messageStart", #"{"role": "assistant"}"#),
                ("contentBlockDelta", #"{"delta": {"reasoningContent": {"text": "Hm"}}, "contentBlockIndex": 0}"#),
                (
                    "contentBlockDelta",
                    #"{"delta": {"reasoningContent": {"signature": "weir:anthropic:c2"}}, "contentBlockIndex": 0}"#
                ),
                ("contentBlockDelta", #"{"delta": {"reasoningContent": {"signature": "ln"}}, "contentBlockIndex": 0}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 0}"#),
                (
                    "contentBlockDelta",
                    #"{"delta": {"reasoningContent": {"redactedContent": "cmVk"}}, "contentBlockIndex": 1}"#
                ),
                ("contentBlockStop", #"{"contentBlockIndex": 1}"#),
                (
                    "contentBlockStart",
                    #"{"start": {"toolUse": {"toolUseId": "tooluse_0190b1c2-0000-7000-8000-000000000001_0", "name": "f"}}, "contentBlockIndex": 2}"#
                ),
                ("contentBlockDelta", #"{"delta": {"toolUse": {"input": "{}"}}, "contentBlockIndex": 2}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 2}"#),
                (
                    "contentBlockStart",
                    #"{"start": {"toolUse": {"toolUseId": "c", "name": "g"}}, "contentBlockIndex": 3}"#
                ),
                ("contentBlockDelta", #"{"delta": {"toolUse": {"input": "{\"a\":1}"}}, "contentBlockIndex": 3}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 3}"#), ("messageStop", #"{"stopReason": "tool_use"}"#),
            ])
    }

    func testCallsThatComeAtOnceFollowEachOther() throws {
        let messages = try Checks.messages([
            began, call(0, "a", "f"), call(1, "b", "g"), .arguments(part: 0, "{"), .arguments(part: 1, "{\"b"),
            .arguments(part: 0, "}"), .arguments(part: 1, "\":1}"), .closed(part: 0), .closed(part: 1),
            .finished(choice: 0, .toolCalls, stop: nil), .ended,
        ])
        let blocks = messages.compactMap { message in
            (try? JSONValue(parsing: Array(message.payload.utf8)))?["contentBlockIndex"]?.number?.int64
        }
        XCTAssertEqual(blocks, [0, 0, 0, 0, 1, 1, 1])
    }

    func testWhatComesWhole() throws {
        let native = try Checks.json(
            #"{"toolUse": {"toolUseId": "s", "name": "n", "type": "server_tool_use", "input": {"q": 1}}}"#)
        let result = try Checks.json(#"{"toolResult": {"toolUseId": "s", "type": "r", "content": [{"text": "x"}]}}"#)
        let wholes = [
            Part(.native(native, of: .bedrock)), Part(.native(result, of: .bedrock)),
            Part(.image(Media(.data("AAAA"), type: "image/png"))), Part(.image(Media(.url("https://example.com")))),
            Part(.native(.object(["type": .string("x")]), of: .anthropic)), Part(.text("A")),
        ]
        var events = [began]
        for (number, part) in wholes.enumerated() {
            events += [.opened(part: number, choice: 0, .whole(part)), .closed(part: number)]
        }
        try assertMessages(
            events,
            are: [
                ("messageStart", #"{"role": "assistant"}"#),
                (
                    "contentBlockStart",
                    #"{"start": {"toolUse": {"toolUseId": "s", "name": "n", "type": "server_tool_use"}}, "contentBlockIndex": 0}"#
                ),
                ("contentBlockDelta", #"{"delta": {"toolUse": {"input": "{\"q\":1}"}}, "contentBlockIndex": 0}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 0}"#),
                (
                    "contentBlockStart",
                    #"{"start": {"toolResult": {"toolUseId": "s", "type": "r"}}, "contentBlockIndex": 1}"#
                ),
                ("contentBlockDelta", #"{"delta": {"toolResult": [{"text": "x"}]}, "contentBlockIndex": 1}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 1}"#),
                ("contentBlockStart", #"{"start": {"image": {"format": "png"}}, "contentBlockIndex": 2}"#),
                ("contentBlockDelta", #"{"delta": {"image": {"source": {"bytes": "AAAA"}}}, "contentBlockIndex": 2}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 2}"#),
                ("contentBlockDelta", #"{"delta": {"text": "A"}, "contentBlockIndex": 3}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 3}"#),
            ])
    }

    func testCitationsOfBedrocksOwn() throws {
        let value = JSONValue.object(["title": .string("t")])
        let messages = try Checks.messages([
            .opened(part: 0, choice: 0, .text), .text(part: 0, "A"), .citation(part: 0, value, of: .bedrock),
            .citation(part: 0, value, of: .anthropic),
        ])
        XCTAssertEqual(messages.map(\.name), ["messageStart", "contentBlockDelta", "contentBlockDelta"])
        assertJSON(Array(messages[2].payload.utf8), #"{"delta": {"citation": {"title": "t"}}, "contentBlockIndex": 0}"#)
    }

    func testOtherChoicesThanTheFirstAreNotThere() throws {
        let messages = try Checks.messages([
            began, .opened(part: 0, choice: 1, .text), .text(part: 0, "A"), .closed(part: 0),
            .finished(choice: 1, .stop, stop: nil), .logprobs(choice: 0, .null),
        ])
        XCTAssertEqual(messages.map(\.name), ["messageStart"])
    }

    func testAnEndWithoutAReasonAndUsageHasBothAnyway() throws {
        try assertMessages(
            [.opened(part: 0, choice: 0, .text), .text(part: 0, "A"), .ended, .ended, .text(part: 0, "B")],
            are: [
                ("messageStart", #"{"role": "assistant"}"#),
                ("contentBlockDelta", #"{"delta": {"text": "A"}, "contentBlockIndex": 0}"#),
                ("contentBlockStop", #"{"contentBlockIndex": 0}"#), ("messageStop", #"{"stopReason": "end_turn"}"#),
                (
                    "metadata",
                    #"{"usage": {"inputTokens": 42, "outputTokens": 0, "totalTokens": 42}, "metrics": {"latencyMs": 0}}"#
                ),
            ])
    }

    func testAFailureIsAnExceptionAndTheEnd() throws {
        let cases: [(ProviderError.Kind, String)] = [
            (.rateLimit, "throttlingException"), (.quota, "throttlingException"),
            (.overloaded, "serviceUnavailableException"),
            (.timeout, "modelStreamErrorException"), (.server, "internalServerException"),
            (.invalidRequest, "validationException"), (.authentication, "validationException"),
        ]
        for (kind, name) in cases {
            let error = ProviderError(status: 0, kind: kind, message: "Oh")
            try assertMessages(
                [began, .failed(error), .text(part: 0, "A"), .ended],
                are: [("messageStart", #"{"role": "assistant"}"#), ("!\(name)", #"{"message": "Oh"}"#)])
        }
    }

    func testWhatBedrockStreamsIsStreamedAgain() throws {
        let stream: [(String, String)] = [
            ("messageStart", #"{"role": "assistant"}"#),
            ("contentBlockDelta", #"{"delta": {"reasoningContent": {"text": "Hm"}}, "contentBlockIndex": 0}"#),
            ("contentBlockDelta", #"{"delta": {"reasoningContent": {"signature": "c2ln"}}, "contentBlockIndex": 0}"#),
            ("contentBlockStop", #"{"contentBlockIndex": 0}"#),
            ("contentBlockDelta", #"{"delta": {"text": "A"}, "contentBlockIndex": 1}"#),
            ("contentBlockDelta", #"{"delta": {"citation": {"title": "t"}}, "contentBlockIndex": 1}"#),
            ("contentBlockStop", #"{"contentBlockIndex": 1}"#),
            ("contentBlockStart", #"{"start": {"toolUse": {"toolUseId": "c", "name": "g"}}, "contentBlockIndex": 2}"#),
            ("contentBlockDelta", #"{"delta": {"toolUse": {"input": "{\"a\":1}"}}, "contentBlockIndex": 2}"#),
            ("contentBlockStop", #"{"contentBlockIndex": 2}"#), ("messageStop", #"{"stopReason": "tool_use"}"#),
            (
                "metadata",
                #"{"usage": {"inputTokens": 3, "outputTokens": 4, "totalTokens": 12, "cacheReadInputTokens": 5}, "metrics": {"latencyMs": 0}}"#
            ),
        ]
        try assertMessages(try Checks.events(stream), are: stream)
    }

    /// botocore reads the file as an answer of ConverseStream: `Tests/Golden/eventstream`.
    func testTheBytesAreThoseThatBotocoreReads() throws {
        var writer = BedrockConverse.streamWriter(in: Checks.context)
        var output: [UInt8] = []
        let events: [AnswerEvent] = [
            began, .opened(part: 0, choice: 0, .thinking(origin: .anthropic)), .text(part: 0, "Hm, \u{2603}"),
            .signature(part: 0, "c2ln"), .closed(part: 0),
            .opened(part: 1, choice: 0, .sealedThinking("data", origin: .anthropic)),
            .closed(part: 1), .opened(part: 2, choice: 0, .text), .text(part: 2, "Hello"), .closed(part: 2),
            call(3, "call_1", "weather"), .arguments(part: 3, #"{"city":"#), .arguments(part: 3, #""Oslo"}"#),
            .closed(part: 3),
            .finished(choice: 0, .toolCalls, stop: nil),
            .usage(TokenUsage(input: 340, cachedInput: 300, cacheWrite5m: 20, cacheWrite1h: 10, output: 20)), .ended,
        ]
        for event in events { try writer.write(event, to: &output) }
        try Golden.check(Array(Hex.encode(output).utf8) + [0x0a], against: "eventstream/converse-stream.hex")
    }
}

import Shared
import XCTest

@testable import Translate

final class AnthropicStreamWriterTests: XCTestCase {
    typealias Checks = AnthropicChecks

    private let began = AnswerEvent.began(AnswerHead(id: "", model: ""))
    private let finished = AnswerEvent.finished(choice: 0, .stop, stop: nil)

    private func call(_ part: Int, _ id: String = "t", _ name: String = "f") -> AnswerEvent {
        .opened(part: part, choice: 0, .toolCall(id: id, name: name, signature: nil))
    }
    private func text(_ part: Int) -> AnswerEvent { .opened(part: part, choice: 0, .text) }

    // MARK: Bytes

    func testAStreamToTheByte() throws {
        var writer = AnthropicMessages.streamWriter(in: Checks.context)
        var output: [UInt8] = []
        for event in [
            AnswerEvent.began(AnswerHead(id: "msg_1", model: "m", usage: TokenUsage(input: 12, cachedInput: 10))),
            .ping,
            text(0), .text(part: 0, "Hi \"you\"\n"), .closed(part: 0), .finished(choice: 0, .stopSequence, stop: "END"),
            .usage(TokenUsage(input: 12, cachedInput: 10, output: 3)), .ended,
        ] {
            try writer.write(event, to: &output)
        }
        let expected = #"""
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":2,"cache_creation_input_tokens":0,"cache_read_input_tokens":10,"output_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"service_tier":"standard"}}}

            event: ping
            data: {"type":"ping"}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi \"you\"\n"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"input_tokens":2,"cache_creation_input_tokens":0,"cache_read_input_tokens":10,"output_tokens":3}}

            event: message_stop
            data: {"type":"message_stop"}


            """#
        XCTAssertEqual(String(decoding: output, as: UTF8.self), expected)
    }

    // MARK: The message

    func testTheInputIsEstimatedUntilItIsKnown() throws {
        let start = try XCTUnwrap(try Checks.frames([began]).first).data["message"]
        XCTAssertEqual(start?["id"]?.string, "msg_req1")
        XCTAssertEqual(start?["model"]?.string, "public-name")
        XCTAssertEqual(start?["usage"]?["input_tokens"]?.number?.text, "7")
        XCTAssertEqual(start?["usage"]?["cache_read_input_tokens"]?.number?.text, "0")
        XCTAssertEqual(start?["usage"]?["cache_creation_input_tokens"]?.number?.text, "0")
        XCTAssertEqual(start?["usage"]?["output_tokens"]?.number?.text, "0")
    }

    func testTheReasonForTheEndWaitsForTheUsage() throws {
        let usage = AnswerEvent.usage(TokenUsage(input: 3, output: 4))
        XCTAssertEqual(try Checks.outline([began, finished]), ["message_start"])
        XCTAssertEqual(try Checks.outline([began, usage, finished]), ["message_start"])
        XCTAssertEqual(try Checks.outline([began, finished, usage]), ["message_start", "message_delta"])
        for events in [
            [began, usage, finished, .ended], [began, finished, usage, .ended],
            [began, finished, usage, usage, .ended],
        ] {
            let frames = try Checks.frames(events)
            XCTAssertEqual(frames.map(\.name), ["message_start", "message_delta", "message_stop"])
            XCTAssertEqual(frames[1].data["usage"]?["output_tokens"]?.number?.text, "4")
        }
    }

    func testAStreamWithoutUsageEndsWithWhatIsKnown() throws {
        let delta = try Checks.frames([began, finished, .ended])[1].data
        XCTAssertEqual(delta["usage"]?["input_tokens"]?.number?.text, "7")
        XCTAssertEqual(delta["usage"]?["output_tokens"]?.number?.text, "0")
    }

    func testAFailureIsAnEventAndNothingComesBehindIt() throws {
        let error = ProviderError(status: 429, kind: .rateLimit, message: "Slow down")
        let frames = try Checks.frames([began, text(0), .text(part: 0, "A"), .failed(error), .closed(part: 0), .ended])
        XCTAssertEqual(frames.last?.name, "error")
        assertJSON(
            try XCTUnwrap(frames.last).data.bytes,
            #"{"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down"}, "request_id": null}"#)
        XCTAssertEqual(try Checks.outline([.failed(error)]), ["error"])
    }

    func testNothingComesBehindTheEnd() throws {
        XCTAssertEqual(
            try Checks.outline([began, finished, .ended, .ping, .ended]),
            ["message_start", "message_delta", "message_stop"])
    }

    func testAStreamThatDoesNotBeginBeginsAnyway() throws {
        XCTAssertEqual(
            try Checks.outline([.ping, text(0), .text(part: 0, "A")]),
            ["ping", "message_start", "start 0 text", "delta 0 A"])
        XCTAssertEqual(try Checks.outline([.ended]), ["message_start", "message_delta", "message_stop"])
    }

    func testCallsAreTheReasonForTheEndWhateverTheProviderSays() throws {
        let frames = try Checks.frames([began, call(0), .closed(part: 0), finished, .ended])
        XCTAssertEqual(frames.first { $0.name == "message_delta" }?.data["delta"]?["stop_reason"]?.string, "tool_use")
    }

    // MARK: Blocks

    func testEmptyPartsOpenNoBlock() throws {
        XCTAssertEqual(
            try Checks.outline([
                began, text(0), .text(part: 0, ""), .opened(part: 1, choice: 0, .thinking(origin: .openai)),
                .closed(part: 1), .closed(part: 0), text(2), .text(part: 2, "A"), .closed(part: 2),
            ]),
            ["message_start", "start 0 text", "delta 0 A", "stop 0"])
    }

    func testACallIsABlockBeforeItsFirstPiece() throws {
        let frames = try Checks.frames([
            began, call(0, "call_9", "get"), .arguments(part: 0, ""), .arguments(part: 0, "{}"),
        ])
        assertJSON(
            frames[1].data.bytes,
            #"""
            {"type": "content_block_start", "index": 0,
             "content_block": {"type": "tool_use", "id": "call_9", "name": "get", "input": {}}}
            """#)
        assertJSON(
            frames[2].data.bytes,
            #"{"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": "{}"}}"#
        )
        XCTAssertEqual(frames.count, 3)
    }

    func testACallWithoutAnIdentityGetsOne() throws {
        let frames = try Checks.frames([began, call(0, ""), .closed(part: 0), call(1, "")])
        XCTAssertEqual(
            frames.compactMap { $0.data["content_block"]?["id"]?.string }, ["toolu_req1_1", "toolu_req1_2"])
    }

    func testThoughtsWithTheirSignatures() throws {
        let frames = try Checks.frames([
            began, .opened(part: 0, choice: 0, .thinking(origin: .anthropic)), .text(part: 0, "T"),
            .signature(part: 0, "a"), .signature(part: 0, "b"), .closed(part: 0),
            .opened(part: 1, choice: 0, .sealedThinking("d", origin: .anthropic)), .closed(part: 1),
        ])
        assertJSON(
            JSONValue.array(frames.dropFirst().compactMap { $0.data["content_block"] ?? $0.data["delta"] }).bytes,
            #"""
            [{"type": "thinking", "thinking": "", "signature": ""}, {"type": "thinking_delta", "thinking": "T"},
             {"type": "signature_delta", "signature": "a"}, {"type": "signature_delta", "signature": "b"},
             {"type": "redacted_thinking", "data": "d"}]
            """#)
    }

    func testAnotherProvidersSignatureIsNotAnthropics() throws {
        let frames = try Checks.frames([
            began, .opened(part: 0, choice: 0, .thinking(origin: .gemini)), .signature(part: 0, "x"),
            .signature(part: 0, "y"), .closed(part: 0), .opened(part: 1, choice: 0, .thinking(origin: .bedrock)),
            .signature(part: 1, "z"), .closed(part: 1),
            .opened(part: 2, choice: 0, .sealedThinking("e", origin: .openai)),
        ])
        XCTAssertEqual(
            frames.compactMap { $0.data["delta"]?["signature"]?.string }, ["weir:gemini:x", "y", "weir:bedrock:z"])
        XCTAssertEqual(frames.last?.data["content_block"]?["data"]?.string, "weir:openai:e")
    }

    /// As Gemini signs the end of a text. Agents take the last block for the answer.
    func testABareSignatureDoesNotEndAnAnswer() throws {
        let signed = [
            began, text(0), .text(part: 0, "Done."), .closed(part: 0),
            .opened(part: 1, choice: 0, .thinking(origin: .gemini)), .signature(part: 1, "x"), .closed(part: 1),
        ]
        func blocks(_ events: [AnswerEvent]) throws -> [String?] {
            try Checks.frames(events).compactMap { $0.data["content_block"]?["type"]?.string }
        }
        XCTAssertEqual(try blocks(signed + [finished, .ended]), ["text"])
        let frames = try Checks.frames(signed + [call(2), .closed(part: 2), finished, .ended])
        XCTAssertEqual(
            frames.compactMap { $0.data["content_block"]?["type"]?.string }, ["text", "thinking", "tool_use"])
        XCTAssertEqual(frames.compactMap { $0.data["delta"]?["signature"]?.string }, ["weir:gemini:x"])
        XCTAssertEqual(
            frames.compactMap { $0.data["index"]?.number?.integer(as: Int.self) }, [0, 0, 0, 1, 1, 1, 2, 2])

        // A thought that says something is one wherever it stands.
        let spoken = signed.dropLast() + [.text(part: 1, "Hm."), .closed(part: 1), finished, .ended]
        XCTAssertEqual(try blocks(Array(spoken)), ["text", "thinking"])
        // And what is too long to be held is not held.
        let long = AnswerEvent.signature(part: 1, String(repeating: "s", count: 70_000))
        XCTAssertEqual(
            try blocks(signed.dropLast() + [long, .closed(part: 1), finished, .ended]), ["text", "thinking"])
    }

    func testCitationsOfOtherDialectsAreLeftOut() throws {
        let citation = try Checks.json(#"{"type":"char_location"}"#)
        let frames = try Checks.frames([
            began, text(0), .text(part: 0, "A"), .citation(part: 0, citation, of: .openai),
            .citation(part: 0, citation, of: .anthropic),
        ])
        XCTAssertEqual(frames.count, 4)
        assertJSON(
            try XCTUnwrap(frames.last?.data["delta"]).bytes,
            #"{"type": "citations_delta", "citation": {"type": "char_location"}}"#)
    }

    func testBlocksOfAnthropicsOwnComeWhole() throws {
        func whole(_ text: String) throws -> PartKind { .whole(Part(.native(try Checks.json(text), of: .anthropic))) }
        let frames = try Checks.frames([
            began,
            .opened(part: 0, choice: 0, try whole(#"{"type":"server_tool_use","id":"s","name":"f","input":{"q":1}}"#)),
            .closed(part: 0), .opened(part: 1, choice: 0, try whole(#"{"type":"x_tool_result","content":[]}"#)),
            .closed(part: 1), .opened(part: 2, choice: 0, .whole(Part(.image(Media(.data("AAAA")))))), .closed(part: 2),
        ])
        assertJSON(
            JSONValue.array(frames.dropFirst().map(\.data)).bytes,
            #"""
            [{"type": "content_block_start", "index": 0,
              "content_block": {"type": "server_tool_use", "id": "s", "name": "f", "input": {}}},
             {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": "{\"q\":1}"}},
             {"type": "content_block_stop", "index": 0},
             {"type": "content_block_start", "index": 1, "content_block": {"type": "x_tool_result", "content": []}},
             {"type": "content_block_stop", "index": 1}]
            """#)
    }

    func testARefusalIsAText() throws {
        XCTAssertEqual(
            try Checks.outline([began, .opened(part: 0, choice: 0, .refusal), .text(part: 0, "No")]),
            ["message_start", "start 0 text", "delta 0 No"])
    }

    func testOtherChoicesThanTheFirstAreLeftOut() throws {
        XCTAssertEqual(
            try Checks.outline([
                began, .opened(part: 0, choice: 1, .text), .text(part: 0, "B"), text(1), .text(part: 1, "A"),
                .logprobs(choice: 0, .null), .closed(part: 0), .closed(part: 1),
                .finished(choice: 1, .length, stop: nil), finished, .ended,
            ]),
            ["message_start", "start 0 text", "delta 0 A", "stop 0", "message_delta", "message_stop"])
    }

    // MARK: One block at a time

    func testCallsThatCameAtOnceComeOneAfterTheOther() throws {
        XCTAssertEqual(
            try Checks.outline([
                began, call(0, "a"), call(1, "b"), .arguments(part: 1, "{\"x\""), .arguments(part: 0, "{"),
                call(2, "c"),
                .arguments(part: 2, "{}"), .arguments(part: 1, ":1}"), .arguments(part: 0, "}"), .closed(part: 2),
                .closed(part: 0), .arguments(part: 1, " "), .closed(part: 1),
            ]),
            [
                "message_start", "start 0 tool_use", "delta 0 {", "delta 0 }", "stop 0", "start 1 tool_use",
                #"delta 1 {"x":1}"#, "delta 1  ", "stop 1", "start 2 tool_use", "delta 2 {}", "stop 2",
            ])
    }

    func testATextThatComesLateWaitsForTheCall() throws {
        XCTAssertEqual(
            try Checks.outline([
                began, text(0), call(1), .text(part: 0, "A"), .arguments(part: 1, "{}"), .text(part: 0, "B"),
                .closed(part: 1), .closed(part: 0),
            ]),
            [
                "message_start", "start 0 tool_use", "delta 0 {}", "stop 0", "start 1 text", "delta 1 AB", "stop 1",
            ])
    }

    func testPartsThatNobodyClosedAreClosedBeforeTheEnd() throws {
        XCTAssertEqual(
            try Checks.outline([
                began, text(0), .text(part: 0, "A"), call(1, "a"), .arguments(part: 1, "{}"), call(2, "b"), text(3),
                finished, .ended,
            ]),
            [
                "message_start", "start 0 text", "delta 0 A", "stop 0", "start 1 tool_use", "delta 1 {}", "stop 1",
                "start 2 tool_use", "stop 2", "message_delta", "message_stop",
            ])
    }

    func testWhatIsHeldHasABound() throws {
        var writer = AnthropicMessages.streamWriter(in: Checks.context)
        var output: [UInt8] = []
        for event in [began, call(0, "a"), call(1, "b")] { try writer.write(event, to: &output) }
        let piece = String(repeating: "x", count: 1024)
        for _ in 0..<1023 { try writer.write(.arguments(part: 1, piece), to: &output) }
        XCTAssertThrowsError(try writer.write(.arguments(part: 1, piece), to: &output)) {
            XCTAssertEqual($0 as? TranslationError, .tooLarge(limit: PartSequence.heldBytesMax))
        }
    }

    func testPartsThatSayNothingAreBoundedToo() throws {
        var writer = AnthropicMessages.streamWriter(in: Checks.context)
        var output: [UInt8] = []
        try writer.write(call(0), to: &output)
        XCTAssertThrowsError(
            try (1...20_000).forEach { try writer.write(.opened(part: $0, choice: 0, .text), to: &output) })
    }

    func testWhatWasReleasedIsHeldNoLonger() throws {
        var writer = AnthropicMessages.streamWriter(in: Checks.context)
        var output: [UInt8] = []
        let piece = String(repeating: "x", count: 700 * 1024)
        for round in 0..<4 {
            let part = round * 2
            for event in [
                call(part), call(part + 1), .arguments(part: part + 1, piece), .closed(part: part),
                .closed(part: part + 1),
            ] {
                try writer.write(event, to: &output)
            }
        }
    }
}

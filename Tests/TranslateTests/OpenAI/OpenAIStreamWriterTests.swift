import Shared
import Translate
import XCTest

final class OpenAIStreamWriterTests: OpenAITestCase {
    private static let head = AnswerEvent.began(AnswerHead(id: "msg_1", model: "claude", createdUnixSeconds: 7))
    private static let text: [AnswerEvent] = [
        head, .opened(part: 0, choice: 0, .text), .text(part: 0, "Hi"), .closed(part: 0),
        .finished(choice: 0, .stop, stop: nil), .usage(TokenUsage(input: 5, cachedInput: 2, output: 1)), .ended,
    ]

    private func assertFrame(_ frame: String, _ expected: String, file: StaticString = #filePath, line: UInt = #line) {
        assertJSON(Array(frame.utf8), expected, file: file, line: line)
    }

    private func wanted(_ delta: String, _ reason: String = "null") -> String {
        #"""
        {"id":"msg_1","object":"chat.completion.chunk","created":7,"model":"claude",
         "choices":[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(reason)}]}
        """#
    }

    // MARK: The stream

    func testAStreamIsWrittenAsOpenAIDoes() throws {
        let frames = try frames(Self.text)
        XCTAssertEqual(frames.count, 4)
        assertFrame(frames[0], wanted(#"{"role":"assistant","content":"","refusal":null}"#))
        assertFrame(frames[1], wanted(#"{"content":"Hi"}"#))
        assertFrame(frames[2], wanted("{}", #""stop""#))
        XCTAssertEqual(frames[3], "[DONE]")
    }

    func testUsageComesLastForWhoAskedForIt() throws {
        let frames = try frames(Self.text, includesUsage: true)
        XCTAssertEqual(frames.count, 5)
        for frame in frames.prefix(3) { XCTAssertEqual(try json(frame)["usage"], .null) }
        assertFrame(
            frames[3],
            #"""
            {"id":"msg_1","object":"chat.completion.chunk","created":7,"model":"claude","choices":[],
             "usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6,
              "prompt_tokens_details":{"cached_tokens":2,"audio_tokens":0},
              "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
            """#)
        XCTAssertEqual(frames[4], "[DONE]")
    }

    func testOfRunningTotalsTheLastCounts() throws {
        let frames = try frames(
            [Self.head, .usage(TokenUsage(input: 5, output: 1)), .usage(TokenUsage(input: 5, output: 9)), .ended],
            includesUsage: true)
        XCTAssertEqual(try json(frames[0])["usage"]?["completion_tokens"]?.number?.int64, 9)
    }

    func testEveryFrameIsOneEvent() throws {
        var writer = OpenAIChat.streamWriter(in: Self.context)
        var output: [UInt8] = []
        for event in Self.text.prefix(3) { try writer.write(event, to: &output) }
        let lines = String(decoding: output, as: UTF8.self).components(separatedBy: "\n")
        XCTAssertEqual(lines.map { $0.hasPrefix("data: {") }, [true, false, true, false, false])
    }

    func testAllChunksHaveTheSameHead() throws {
        var head = AnswerHead(id: "", model: "", serviceTier: "ON_DEMAND_FLEX")
        head.extras.add("system_fingerprint", .string("fp"), of: .openai)
        head.extras.add("prompt_filter_results", .array([]), of: .openai)
        let frames = try frames([.began(head)] + Self.text.dropFirst())
        for frame in frames.dropLast() {
            let tree = try json(frame)
            XCTAssertEqual(tree["id"], .string("chatcmpl-0194-f2"))
            XCTAssertEqual(tree["created"]?.number?.int64, 1_700_000_000)
            XCTAssertEqual(tree["model"], .string("the-model"))
            XCTAssertEqual(tree["service_tier"], .string("flex"))
            XCTAssertEqual(tree["system_fingerprint"], .string("fp"))
        }
        XCTAssertNotNil(try json(frames[0])["prompt_filter_results"])
        XCTAssertNil(try json(frames[1])["prompt_filter_results"])
    }

    func testAFailureIsAnEventAndNothingFollowsIt() throws {
        let error = ProviderError(status: 0, kind: .overloaded, message: "Busy")
        let wanted = #"{"error":{"message":"Busy","type":"server_error","param":null,"code":"service_unavailable"}}"#
        for begin in [[], Array(Self.text.prefix(3))] {
            let frames = try frames(begin + [.failed(error), .text(part: 0, "more"), .ended, .failed(error)])
            assertFrame(try XCTUnwrap(frames.last), wanted)
            XCTAssertEqual(frames.count, begin.isEmpty ? 1 : 3)
        }
    }

    func testPingsAreComments() throws {
        XCTAssertEqual(try frames([Self.head, .ping]), [": ping"])
    }

    func testAnEmptyAnswerHasItsRoleAndItsReason() throws {
        let frames = try frames([Self.head, .finished(choice: 0, .contentFilter, stop: nil), .ended])
        XCTAssertEqual(try deltas(frames), [#"{"role":"assistant","content":"","refusal":null}"#, "{}"])
        XCTAssertEqual(try json(frames[1])["choices"]?.array?[0]["finish_reason"], .string("content_filter"))
    }

    func testEveryReasonHasAWord() throws {
        for (reason, stop, expected) in [
            (FinishReason.stop, nil, "stop"), (.stopSequence, "END", "stop"), (.length, nil, "length"),
            (.toolCalls, nil, "tool_calls"), (.contentFilter, nil, "content_filter"), (.refusal, nil, "content_filter"),
            (.pause, nil, "length"), (.other("x"), nil, "length"),
        ] as [(FinishReason, String?, String)] {
            let choice = try json(frames([Self.head, .finished(choice: 0, reason, stop: stop)])[1])["choices"]?.array?[
                0]
            XCTAssertEqual(choice?["finish_reason"], .string(expected))
            XCTAssertEqual(choice?["stop_reason"], stop.map { .string($0) })
        }
    }

    // MARK: Pieces

    func testThoughtsAndRefusalsHaveTheirOwnMembers() throws {
        let frames = try frames([
            Self.head, .opened(part: 0, choice: 0, .sealedThinking("x", origin: .anthropic)), .closed(part: 0),
            .opened(part: 1, choice: 0, .thinking(origin: .anthropic)), .text(part: 1, "hm"),
            .signature(part: 1, "sig"), .closed(part: 1), .opened(part: 2, choice: 0, .text), .text(part: 2, ""),
            .text(part: 2, "a"), .citation(part: 2, .object(["x": .null]), of: .anthropic), .closed(part: 2),
            .opened(part: 3, choice: 0, .refusal), .text(part: 3, "No."), .closed(part: 3), .text(part: 3, "late"),
        ])
        XCTAssertEqual(
            try deltas(frames),
            [
                #"{"role":"assistant","content":null,"refusal":null}"#, #"{"reasoning_content":"hm"}"#,
                #"{"content":"a"}"#, #"{"refusal":"No."}"#,
            ])
    }

    func testTheFirstDeltaOfACallNamesItAndLaterOnesDoNot() throws {
        let frames = try frames([
            Self.head, .opened(part: 0, choice: 0, .text), .text(part: 0, "a"), .closed(part: 0),
            .opened(part: 5, choice: 0, .toolCall(id: "toolu_1", name: "f", signature: nil)), .arguments(part: 5, ""),
            .arguments(part: 5, #"{"x""#), .opened(part: 6, choice: 0, .toolCall(id: "", name: "g", signature: "c2ln")),
            .arguments(part: 5, ":1}"), .closed(part: 5), .closed(part: 6),
            .finished(choice: 0, .stop, stop: nil),
        ])
        XCTAssertEqual(
            try deltas(frames).dropFirst(2),
            [
                #"{"tool_calls":[{"index":0,"id":"toolu_1","type":"function","function":{"name":"f","arguments":""}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]}"#,
                #"{"tool_calls":[{"index":1,"id":"call_0194f2_0_2","type":"function","function":{"name":"g","arguments":""},"extra_content":{"google":{"thought_signature":"c2ln"}}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}"#,
                #"{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}"#, "{}",
            ])
    }

    func testContentIsNullWhereCallsComeFirst() throws {
        let frames = try frames([Self.head, .opened(part: 0, choice: 0, .toolCall(id: "a", name: "f", signature: nil))])
        XCTAssertEqual(try deltas(frames).first, #"{"role":"assistant","content":null,"refusal":null}"#)
    }

    func testCallsAreCountedByChoice() throws {
        let frames = try frames([
            Self.head, .opened(part: 0, choice: 0, .toolCall(id: "a", name: "f", signature: nil)),
            .opened(part: 1, choice: 1, .toolCall(id: "b", name: "f", signature: nil)),
        ])
        let second = try deltas(frames, index: 1)
        XCTAssertEqual(second.count, 2)
        XCTAssertTrue(second[1].hasPrefix(#"{"tool_calls":[{"index":0,"id":"b""#))
    }

    func testLogprobsGoWithTheNextChunkOfTheirChoice() throws {
        func logprobs(_ token: String) throws -> AnswerEvent {
            .logprobs(choice: 0, try json(#"{"content":[{"token":"\#(token)"}],"refusal":null}"#))
        }
        let frames = try frames([
            Self.head, .opened(part: 0, choice: 0, .text), logprobs("a"), .text(part: 0, "a"), logprobs("b"),
            logprobs("c"),
            .text(part: 0, "bc"), .text(part: 0, "d"), logprobs("e"), .finished(choice: 0, .stop, stop: nil),
        ])
        let tokens = try frames.map { frame in
            (try json(frame)["choices"]?.array?[0]["logprobs"]?["content"]?.array ?? []).compactMap {
                $0["token"]?.string
            }
        }
        XCTAssertEqual(tokens, [[], ["a"], ["b", "c"], [], ["e"]])
    }

    func testWhatComesWholeIsOneChunk() throws {
        let parts = [
            Part(.text("a")), Part(.image(Media(.data("aGk="), type: "image/png"))),
            Part(.audio(Media(.data("aGk="), type: "audio/L16"))),
            Part(.toolCall(ToolCall(id: "a", name: "f", arguments: #"{"x":1}"#))),
            Part(.native(try json(#"{"id":"b","type":"custom","custom":{"name":"sh","input":"ls"}}"#), of: .openai)),
            Part(.native(try json(#"{"delta":{"x":1},"y":2}"#), of: .openai)),
            Part(.native(try json(#"{"type":"server_tool_use","id":"s"}"#), of: .anthropic)),
        ]
        let whole = parts.enumerated().flatMap { index, part in
            [AnswerEvent.opened(part: index, choice: 0, .whole(part)), .closed(part: index)]
        }
        let frames = try frames([Self.head] + whole)
        XCTAssertEqual(
            try deltas(frames).dropFirst(),
            [
                #"{"content":"a"}"#,
                #"{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]}"#,
                #"{"audio":{"data":"aGk=","id":"audio_0194-f2","expires_at":1700000000,"transcript":""}}"#,
                #"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":1}"}}]}"#,
                #"{"tool_calls":[{"index":1,"id":"b","type":"custom","custom":{"name":"sh","input":"ls"}}]}"#,
                #"{"x":1}"#,
            ])
        XCTAssertEqual(try json(XCTUnwrap(frames.last))["choices"]?.array?[0]["y"]?.number?.int64, 2)
    }

    // MARK: Both ways

    func testARealStreamGoesOutAsItCame() throws {
        let stream =
            [
                #"{"role":"assistant","content":null,"refusal":null}"#, #"{"reasoning_content":"hm"}"#,
                #"{"content":"a"}"#,
                #"{"content":"\n\"b\""}"#, #"{"annotations":[{"type":"url_citation","url_citation":{"url":"u"}}]}"#,
                #"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"#,
                #"{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"#,
                #"{"tool_calls":[{"index":1,"function":{"arguments":"[1.50]"}}]}"#,
            ].map { chunk($0) } + [chunk("{}", finish: "tool_calls"), "[DONE]"]
        let written = try frames(events(stream))
        XCTAssertEqual(written.count, stream.count)
        for (frame, original) in zip(written, stream) where original.hasPrefix("{") { assertFrame(frame, original) }
    }

    func testWhatIsWrittenIsReadAsItWas() throws {
        for seed in UInt64(0)..<300 {
            var generator = StreamGenerator(seed: seed)
            let original = generator.events()
            let read = try events(frames(original, includesUsage: true))
            XCTAssertEqual(Self.joined(read), Self.joined(original), "seed \(seed)")
        }
    }

    /// What a stream says, whatever its pieces are.
    private static func joined(_ events: [AnswerEvent]) -> [String] {
        var parts: [(number: Int, choice: Int, text: String)] = []
        var ends: [String] = []
        for event in events {
            switch event {
            case .opened(let part, let choice, let kind): parts.append((part, choice, "\(kind): "))
            case .text(let part, let piece), .arguments(let part, let piece):
                if let place = parts.lastIndex(where: { $0.number == part }) { parts[place].text += piece }
            case .finished(let choice, let reason, let stop): ends.append("\(choice) \(reason) \(stop ?? "")")
            case .usage(let usage): ends.append("\(usage)")
            case .ended: ends.append("ended")
            default: break
            }
        }
        return parts.sorted { ($0.choice, $0.number) < ($1.choice, $1.number) }.map { "\($0.choice) \($0.text)" } + ends
    }
}

/// Makes streams at random: texts, thoughts, refusals and calls of one or two choices, in pieces, calls interleaved.
private struct StreamGenerator {
    private var random: SeededRandom
    private var count = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func events() -> [AnswerEvent] {
        var events = [AnswerEvent.began(AnswerHead(id: "id", model: "m", createdUnixSeconds: 1))]
        let choices = Int.random(in: 1...2, using: &random)
        for choice in 0..<choices { addSpeech(of: choice, to: &events) }
        for choice in 0..<choices {
            let hasCalls = addCalls(of: choice, to: &events)
            events.append(.finished(choice: choice, hasCalls ? .toolCalls : .length, stop: nil))
        }
        events += [.usage(TokenUsage(input: 5, output: UInt32(count))), .ended]
        return events
    }

    private mutating func open(_ kind: PartKind, _ choice: Int, _ events: inout [AnswerEvent]) -> Int {
        defer { count += 1 }
        events.append(.opened(part: count, choice: choice, kind))
        return count
    }

    private mutating func addSpeech(of choice: Int, to events: inout [AnswerEvent]) {
        for kind in [PartKind.thinking(origin: .openai), .text, .refusal] where Bool.random(using: &random) {
            let part = open(kind, choice, &events)
            for _ in 0..<Int.random(in: 1...3, using: &random) { events.append(.text(part: part, "a\n\"é\" ")) }
            events.append(.closed(part: part))
        }
    }

    private mutating func addCalls(of choice: Int, to events: inout [AnswerEvent]) -> Bool {
        var calls: [(part: Int, pieces: [String])] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let part = open(.toolCall(id: "c\(count)", name: "f", signature: nil), choice, &events)
            calls.append((part, [#"{"x""#, ":[1,", "2]}"]))
        }
        let hasCalls = !calls.isEmpty
        while let place = calls.indices.randomElement(using: &random) {
            events.append(.arguments(part: calls[place].part, calls[place].pieces.removeFirst()))
            guard calls[place].pieces.isEmpty else { continue }
            events.append(.closed(part: calls.remove(at: place).part))
        }
        return hasCalls
    }
}

import Shared
import Translate
import XCTest

final class GeminiStreamWriterTests: XCTestCase {
    private static let began = AnswerEvent.began(AnswerHead(id: "r", model: "m"))
    private static let tail = #""modelVersion":"m","responseId":"r""#

    private func candidate(_ part: String, index: Int = 0) -> String {
        #"{"candidates":[{"content":{"parts":[\#(part)],"role":"model"},"index":\#(index)}],\#(Self.tail)}"#
    }

    private func check(
        _ events: [AnswerEvent], _ expected: [String], file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let frames = try Gemini.frames([Self.began] + events)
        XCTAssertEqual(frames.count, expected.count, file: file, line: line)
        for (frame, message) in zip(frames, expected) { assertJSON(frame, message, file: file, line: line) }
    }

    private static let text: [AnswerEvent] = [
        began, .opened(part: 0, choice: 0, .text), .text(part: 0, "Hé"), .closed(part: 0),
        .finished(choice: 0, .stop, stop: nil), .usage(TokenUsage(input: 3, output: 2)), .ended,
    ]

    func testTheStreamIsServerSentEventsWithGooglesLineEnds() throws {
        XCTAssertEqual(
            try Gemini.stream(Self.text),
            #"data: {"candidates":[{"content":{"parts":[{"text":"Hé"}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#
                + "\r\n\r\n"
                + #"data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"#
                + #""usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5},"modelVersion":"m","responseId":"r"}"#
                + "\r\n\r\n")
    }

    func testWithoutServerSentEventsItIsOneArray() throws {
        let stream = try Gemini.stream(Self.text, asArray: true)
        XCTAssertTrue(stream.hasPrefix("[{"))
        XCTAssertTrue(stream.contains("}\r\n,\r\n{"))
        XCTAssertTrue(stream.hasSuffix("}\r\n]"))
        XCTAssertEqual(try Gemini.json(stream).array?.count, 2)
        var context = Gemini.context
        context.streamsAsArray = true
        var writer = GeminiContent.streamWriter(in: context)
        var output: [UInt8] = []
        for event in Self.text { try writer.write(event, to: &output) }
        XCTAssertEqual(String(decoding: output, as: UTF8.self), stream)
        var pinged = Self.text
        pinged.insert(.ping, at: 0)
        pinged.insert(.ping, at: 4)
        XCTAssertEqual(try Gemini.json(Gemini.stream(pinged, asArray: true)), try Gemini.json(stream))
        XCTAssertEqual(try Gemini.stream(pinged), try Gemini.stream(Self.text), "no comments among the events")
    }

    func testACallIsHeldUntilItIsWhole() throws {
        try check(
            [
                .opened(part: 0, choice: 0, .toolCall(id: "call_a", name: "f", signature: nil)),
                .opened(part: 1, choice: 0, .toolCall(id: "call_b", name: "g", signature: nil)),
                .arguments(part: 0, #"{"a""#), .arguments(part: 1, ""), .arguments(part: 0, ":1}"), .closed(part: 1),
                .closed(part: 0), .finished(choice: 0, .toolCalls, stop: nil), .ended,
            ],
            [
                candidate(#"{"functionCall":{"id":"call_b","name":"g","args":{}}}"#),
                candidate(#"{"functionCall":{"id":"call_a","name":"f","args":{"a":1}}}"#),
                """
                {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],\(Self.tail)}
                """,
            ])
    }

    func testWhatNobodyClosedIsWrittenBeforeTheEnd() throws {
        let frames = try Gemini.frames([
            Self.began, .opened(part: 0, choice: 0, .toolCall(id: "c", name: "f", signature: nil)),
            .arguments(part: 0, "{}"), .finished(choice: 0, .toolCalls, stop: nil), .ended,
        ])
        assertJSON(frames[0], candidate(#"{"functionCall":{"id":"c","name":"f","args":{}}}"#))
        XCTAssertEqual(frames.count, 2)
    }

    func testMoreThanMayBeHeldIsTooLarge() throws {
        var writer = GeminiContent.streamWriter(in: Gemini.context)
        var output: [UInt8] = []
        let piece = String(repeating: "x", count: 1 << 20)
        for part in 0..<2 {
            try writer.write(
                .opened(part: part, choice: 0, .toolCall(id: "c\(part)", name: "f", signature: nil)), to: &output)
        }
        for index in 0..<16 { try writer.write(.arguments(part: index % 2, piece), to: &output) }
        XCTAssertThrowsError(try writer.write(.arguments(part: 0, "x"), to: &output)) { error in
            XCTAssertEqual(error as? TranslationError, .tooLarge(limit: 16 << 20))
        }
    }

    func testHeldBytesAreFreeAgainOnceWritten() throws {
        var writer = GeminiContent.streamWriter(in: Gemini.context)
        var output: [UInt8] = []
        let piece = "\"" + String(repeating: "x", count: 9 << 20) + "\""
        for part in 0..<2 {
            try writer.write(
                .opened(part: part, choice: 0, .toolCall(id: "c", name: "f", signature: nil)), to: &output)
            try writer.write(.arguments(part: part, piece), to: &output)
            try writer.write(.closed(part: part), to: &output)
        }
    }

    func testThoughtsOfOthersCarryTheirSignatures() throws {
        let signature = Base64.encode(Array("weir:anthropic:signature:ab".utf8))
        let sealed = Base64.encode(Array("weir:anthropic:sealed:xyz".utf8))
        try check(
            [
                .opened(part: 0, choice: 0, .thinking(origin: .anthropic)), .text(part: 0, "hm"),
                .signature(part: 0, "a"), .signature(part: 0, "b"), .closed(part: 0),
                .opened(part: 1, choice: 0, .sealedThinking("xyz", origin: .anthropic)), .closed(part: 1),
                .opened(part: 2, choice: 0, .thinking(origin: .openai)), .text(part: 2, "so"), .closed(part: 2),
                .opened(part: 3, choice: 1, .refusal), .text(part: 3, "No."), .text(part: 3, ""), .closed(part: 3),
            ],
            [
                candidate(#"{"text":"hm","thought":true}"#),
                candidate(#"{"text":"","thought":true,"thoughtSignature":"\#(signature)"}"#),
                candidate(#"{"text":"","thought":true,"thoughtSignature":"\#(sealed)"}"#),
                candidate(#"{"text":"so","thought":true}"#), candidate(#"{"text":"No."}"#, index: 1),
            ])
    }

    func testThoughtsOfAStreamComeBackAsOne() throws {
        let frames = try Gemini.frames([
            Self.began, .opened(part: 0, choice: 0, .thinking(origin: .anthropic)), .text(part: 0, "a"),
            .text(part: 0, "b"), .signature(part: 0, "sig"), .closed(part: 0),
        ])
        let parts = try frames.flatMap {
            try JSONValue(parsing: $0)["candidates"]?.array?[0]["content"]?["parts"]?.array ?? []
        }
        let body =
            #"{"contents":[{"role":"model","parts":\#(String(decoding: JSONValue.array(parts).bytes, as: UTF8.self))}]}"#
        XCTAssertEqual(
            try Gemini.read(body).turns[0].parts,
            [Part(.thinking(Thinking(text: "ab", signature: "sig", origin: .anthropic)))])
    }

    func testWholePartsAndLogprobsAreWritten() throws {
        let native = try Gemini.json(#"{"executableCode":{"code":"1"}}"#)
        let logprobs = try Gemini.json(#"{"content":[{"token":"a","logprob":-1,"top_logprobs":[]}]}"#)
        try check(
            [
                .opened(part: 0, choice: 0, .whole(Part(.image(Media(.data("aGk="), type: "image/png"))))),
                .closed(part: 0), .opened(part: 1, choice: 0, .whole(Part(.native(native, of: .gemini)))),
                .closed(part: 1), .opened(part: 2, choice: 0, .whole(Part(.native(native, of: .anthropic)))),
                .closed(part: 2), .logprobs(choice: 0, logprobs), .logprobs(choice: 0, .null),
                .citation(part: 0, native, of: .anthropic),
            ],
            [
                candidate(#"{"inlineData":{"mimeType":"image/png","data":"aGk="}}"#),
                candidate(#"{"executableCode":{"code":"1"}}"#),
                """
                {"candidates":[{"index":0,"logprobsResult":{"topCandidates":[{"candidates":[]}],
                  "chosenCandidates":[{"token":"a","logProbability":-1}]}}],\(Self.tail)}
                """,
            ])
    }

    func testWhatIsSaidOfATextStandsWithItsChoice() throws {
        let found = try Gemini.json(#"{"groundingMetadata":{"x":1}}"#)
        try check(
            [
                .opened(part: 0, choice: 1, .text), .closed(part: 0), .citation(part: 0, found, of: .gemini),
                .citation(part: 7, found, of: .gemini), .citation(part: 0, found, of: .openai),
            ],
            [#"{"candidates":[{"index":1,"groundingMetadata":{"x":1}}],\#(Self.tail)}"#])
    }

    func testAllChoicesFinishInTheLastMessage() throws {
        try check(
            [
                .finished(choice: 1, .length, stop: nil), .finished(choice: 0, .contentFilter, stop: nil),
                .usage(TokenUsage(input: 1, output: 1)), .usage(TokenUsage(input: 3, output: 9, reasoning: 4)), .ended,
                .text(part: 0, "late"), .ended,
            ],
            [
                """
                {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"SAFETY","index":0},
                  {"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"MAX_TOKENS","index":1}],
                 "usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":5,"totalTokenCount":12,"thoughtsTokenCount":4},\(Self.tail)}
                """
            ])
    }

    func testAFailureIsAnErrorObjectAndNothingFollows() throws {
        let error = ProviderError(status: 0, kind: .overloaded, message: "busy")
        let events: [AnswerEvent] = [
            Self.began, .opened(part: 0, choice: 0, .text), .text(part: 0, "a"), .failed(error), .text(part: 0, "b"),
            .ended,
        ]
        let frames = try Gemini.frames(events)
        XCTAssertEqual(frames.count, 2)
        assertJSON(frames[1], #"{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}"#)
        XCTAssertEqual(try Gemini.json(Gemini.stream(events, asArray: true)).array?.count, 2)
        XCTAssertEqual(
            try Gemini.stream([.failed(error)], asArray: true),
            #"[{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}"# + "\r\n]")
    }

    func testAnAnswerWithoutAHeadIsTheRequests() throws {
        let frames = try Gemini.frames([.opened(part: 0, choice: 0, .text), .text(part: 0, "a")])
        assertJSON(
            frames[0],
            """
            {"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}],"modelVersion":"mine","responseId":"req-1"}
            """)
    }
}

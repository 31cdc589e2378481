import Shared
import Translate
import XCTest

final class GeminiStreamReaderTests: XCTestCase {
    private static let usage =
        #""usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2,"thoughtsTokenCount":1}"#

    private func chunk(_ parts: String, _ more: String = "", rest: String = #","responseId":"r","modelVersion":"m""#)
        -> String
    {
        #"{"candidates":[{"content":{"parts":[\#(parts)],"role":"model"}\#(more)}]\#(rest)}"#
    }

    func testTextsFormOnePartAndTheUsageComesLast() throws {
        let events = try Gemini.events([
            chunk(#"{"text":"Hel"}"#, rest: #","responseId":"r","modelVersion":"m",\#(Self.usage)"#),
            chunk(#"{"text":"lo"}"#), chunk(#"{"text":""}"#, #","finishReason":"STOP""#, rest: #",\#(Self.usage)"#),
        ])
        var head = AnswerHead(id: "r", model: "m")
        head.usage = TokenUsage(input: 5)
        XCTAssertEqual(
            events,
            [
                .began(head), .opened(part: 0, choice: 0, .text), .text(part: 0, "Hel"), .text(part: 0, "lo"),
                .closed(part: 0), .finished(choice: 0, .stop, stop: nil),
                .usage(TokenUsage(input: 5, output: 3, reasoning: 1)), .ended,
            ])
    }

    func testUsageIsNeverAdded() throws {
        let events = try Gemini.events([
            chunk(#"{"text":"a"}"#, rest: #","usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1}"#),
            chunk(#"{"text":"b"}"#, rest: #","usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2}"#),
            chunk(
                "", #","finishReason":"STOP""#,
                rest: #","usageMetadata":{"promptTokenCount":6,"candidatesTokenCount":3}"#),
        ])
        let usages = events.compactMap { if case .usage(let usage) = $0 { usage } else { nil } }
        XCTAssertEqual(usages, [TokenUsage(input: 6, output: 3)])
    }

    func testACallIsWholeAndStopMeansThatToolsWereCalled() throws {
        let call = #"{"functionCall":{"id":"c","name":"f","args":{"a":1}},"thoughtSignature":"+/8="}"#
        for messages in [
            [chunk(call), chunk(#"{"text":""}"#, #","finishReason":"STOP""#)],
            [chunk(call, #","finishReason":"STOP""#)],
            // The finish before the call.
            [chunk("", #","finishReason":"STOP""#), chunk(call)],
        ] {
            XCTAssertEqual(
                try Gemini.events(messages).dropFirst(),
                [
                    .opened(part: 0, choice: 0, .toolCall(id: "c-signed--_8", name: "f", signature: "+/8=")),
                    .arguments(part: 0, #"{"a":1}"#), .closed(part: 0), .finished(choice: 0, .toolCalls, stop: nil),
                    .ended,
                ])
        }
    }

    func testCallsWithoutIdentitiesGetTheSameOnesAsInAWholeAnswer() throws {
        let call = #"{"functionCall":{"name":"f"}}"#
        let events = try Gemini.events([chunk(call), chunk("\(call),\(call)", #","finishReason":"STOP""#)])
        let ids = events.compactMap { event -> String? in
            if case .opened(_, _, .toolCall(let id, _, _)) = event { id } else { nil }
        }
        let answer = try Gemini.answer(chunk("\(call),\(call),\(call)"))
        XCTAssertEqual(
            ids,
            answer.choices[0].parts.compactMap { if case .toolCall(let call) = $0.content { call.id } else { nil } })
        XCTAssertEqual(Set(ids).count, 3)
    }

    func testThoughtsAndTextsAreDifferentParts() throws {
        let events = try Gemini.events([
            chunk(#"{"text":"a","thought":true}"#), chunk(#"{"text":"b","thought":true},{"text":"c"}"#),
            chunk(#"{"text":"d","thought":true,"thoughtSignature":"QQ=="}"#),
            chunk(#"{"text":"e","thoughtSignature":"Qg=="}"#, #","finishReason":"STOP""#),
        ])
        XCTAssertEqual(
            events.dropFirst().dropLast(2),
            [
                .opened(part: 0, choice: 0, .thinking(origin: .gemini)), .text(part: 0, "a"), .text(part: 0, "b"),
                .closed(part: 0), .opened(part: 1, choice: 0, .text), .text(part: 1, "c"), .closed(part: 1),
                .opened(part: 2, choice: 0, .thinking(origin: .gemini)), .text(part: 2, "d"),
                .signature(part: 2, "QQ=="), .closed(part: 2), .opened(part: 3, choice: 0, .text), .text(part: 3, "e"),
                .closed(part: 3), .opened(part: 4, choice: 0, .thinking(origin: .gemini)), .signature(part: 4, "Qg=="),
                .closed(part: 4),
            ])
    }

    func testEmptyTextsOpenNothing() throws {
        let events = try Gemini.events([
            chunk(#"{"text":""}"#), chunk(#"{"text":"","thought":true}"#, #","finishReason":"MAX_TOKENS""#),
        ])
        XCTAssertEqual(
            events, [.began(AnswerHead(id: "r", model: "m")), .finished(choice: 0, .length, stop: nil), .ended])
    }

    func testCandidatesAreKeptApart() throws {
        let events = try Gemini.events([
            #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0},{"content":{"parts":[{"text":"b"}]},"index":1}]}"#,
            #"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"x","name":"f"}}]},"index":1,"finishReason":"STOP"}]}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"c"}]},"index":0,"finishReason":"MAX_TOKENS"}]}"#,
        ])
        XCTAssertEqual(
            events.dropFirst(),
            [
                .opened(part: 0, choice: 0, .text), .text(part: 0, "a"), .opened(part: 1, choice: 1, .text),
                .text(part: 1, "b"), .closed(part: 1),
                .opened(part: 2, choice: 1, .toolCall(id: "x", name: "f", signature: nil)), .arguments(part: 2, "{}"),
                .closed(part: 2), .text(part: 0, "c"), .closed(part: 0), .finished(choice: 0, .length, stop: nil),
                .finished(choice: 1, .toolCalls, stop: nil), .ended,
            ])
    }

    func testPartsOfOtherKindsAreWhole() throws {
        let events = try Gemini.events([
            chunk(#"{"inlineData":{"mimeType":"image/png","data":"aGk="}},{"executableCode":{"code":"1"}}"#)
        ])
        XCTAssertEqual(
            events.dropFirst(),
            [
                .opened(part: 0, choice: 0, .whole(Part(.image(Media(.data("aGk="), type: "image/png"))))),
                .closed(part: 0),
                .opened(
                    part: 1, choice: 0,
                    .whole(Part(.native(try Gemini.json(#"{"executableCode":{"code":"1"}}"#), of: .gemini)))),
                .closed(part: 1),
            ])
    }

    func testCitationsAndLogprobsAreToldOf() throws {
        let events = try Gemini.events([
            chunk(#"{"text":"a"}"#, #","logprobsResult":{"chosenCandidates":[{"token":"a","logProbability":-1}]}"#),
            chunk("", #","groundingMetadata":{"x":1},"finishReason":"STOP""#),
        ])
        XCTAssertTrue(
            events.contains(
                .citation(part: 0, try Gemini.json(#"{"groundingMetadata":{"x":1}}"#), of: .gemini)))
        XCTAssertTrue(events.contains { if case .logprobs(choice: 0, _) = $0 { true } else { false } })
    }

    func testARefusedPromptIsAnAnswerThatWasKeptBack() throws {
        let events = try Gemini.events([
            #"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":5},"responseId":"r","modelVersion":"m"}"#
        ])
        guard case .began(let head)? = events.first else { return XCTFail() }
        XCTAssertNotNil(head.extras["promptFeedback"])
        XCTAssertEqual(
            events.dropFirst(),
            [.finished(choice: 0, .contentFilter, stop: nil), .usage(TokenUsage(input: 5)), .ended])
    }

    func testAStreamThatBreaksOffHasNoEnd() throws {
        let events = try Gemini.events([chunk(#"{"text":"a"}"#, rest: #",\#(Self.usage)"#)])
        XCTAssertEqual(
            events.suffix(2), [.closed(part: 0), .usage(TokenUsage(input: 5, output: 3, reasoning: 1))])
        XCTAssertEqual(try Gemini.events([]), [])
    }

    func testAnErrorInsideTheStreamIsItsEnd() throws {
        for error in [
            #"{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}"#,
            #"[{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}]"#,
        ] {
            let events = try Gemini.events([chunk(#"{"text":"a"}"#), error, chunk(#"{"text":"b"}"#)])
            XCTAssertEqual(
                events.last,
                .failed(ProviderError(status: 503, kind: .overloaded, message: "busy", code: "UNAVAILABLE")))
            XCTAssertEqual(events.count, 4)
        }
    }

    func testMessagesOfOtherFormsAreTakenAsTheyCome() throws {
        let events = try Gemini.events([
            "", " \r\n", "[\(chunk(#"{"text":"a"}"#)),\(chunk("", #","finishReason":"STOP""#))]",
        ])
        XCTAssertEqual(events.last, .ended)
        XCTAssertTrue(events.contains(.text(part: 0, "a")))
        let odd = try Gemini.events([
            #"{"candidates":[7,{"content":null,"index":"x"},{"content":{"parts":"x"}}],"new":1}"#
        ])
        XCTAssertEqual(odd.count, 1)
    }

    func testWhatIsNoMessageIsMalformed() {
        for message in ["{", "7", "[7]", #"{"a":}"#] {
            XCTAssertThrowsError(try Gemini.events([message])) { error in
                guard case .malformed? = error as? TranslationError else { return XCTFail("\(error)") }
            }
        }
        let many = (0...64).map { #"{"index":\#($0)}"# }.joined(separator: ",")
        XCTAssertThrowsError(try Gemini.events([#"{"candidates":[\#(many)]}"#]))
    }
}

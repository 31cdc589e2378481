import Shared
import XCTest

@testable import Translate

final class BedrockAnswerTests: XCTestCase {
    private typealias Checks = BedrockChecks

    private func read(_ content: String = "[]", _ members: String = "") throws -> Answer {
        try BedrockConverse.answer(
            from: try Checks.json(#"{"output": {"message": {"role": "assistant", "content": \#(content)}}\#(members)}"#)
        )
    }

    // MARK: Reading

    func testEveryReasonOfTheEndIsUnderstood() throws {
        let reasons: [(String, FinishReason)] = [
            ("end_turn", .stop), ("stop_sequence", .stopSequence), ("max_tokens", .length), ("tool_use", .toolCalls),
            ("guardrail_intervened", .contentFilter), ("content_filtered", .contentFilter),
            ("model_context_window_exceeded", .length), ("malformed_model_output", .other("malformed_model_output")),
            ("malformed_tool_use", .other("malformed_tool_use")), ("refusal", .refusal),
            ("something_new", .other("something_new")),
        ]
        for (word, reason) in reasons {
            XCTAssertEqual(try read(#"[{"text": "a"}]"#, #", "stopReason": "\#(word)""#).choices[0].finish, reason)
        }
        XCTAssertNil(try read("[]", #", "stopReason": 1"#).choices[0].finish)
    }

    func testAModelThatEndsItsTurnWithACallWantsItAnswered() throws {
        let call = #"[{"toolUse": {"toolUseId": "a", "name": "f", "input": {}}}]"#
        XCTAssertEqual(try read(call, #", "stopReason": "end_turn""#).choices[0].finish, .toolCalls)
        let own = #"[{"toolUse": {"toolUseId": "a", "name": "f", "input": {}, "type": "server_tool_use"}}]"#
        XCTAssertEqual(try read(own, #", "stopReason": "end_turn""#).choices[0].finish, .stop)
    }

    func testTheStopThatItCameToIsToldWhereTheModelToldIt() throws {
        let fields = #", "additionalModelResponseFields": {"stop_sequence": "END"}"#
        XCTAssertEqual(try read("[]", #", "stopReason": "stop_sequence"\#(fields)"#).choices[0].stop, "END")
        XCTAssertNil(try read("[]", #", "stopReason": "end_turn"\#(fields)"#).choices[0].stop)
    }

    func testCachesComeOnTopOfTheInput() throws {
        let usage = try read(
            "[]",
            #"""
            , "serviceTier": {"type": "flex"}, "usage": {"inputTokens": 10, "outputTokens": 20, "totalTokens": 360, "cacheReadInputTokens": 300,
              "cacheWriteInputTokens": 30, "cacheDetails": [{"ttl": "1h", "inputTokens": 10}, {"ttl": "5m", "inputTokens": 20}]}
            """#
        ).usage
        XCTAssertEqual(
            usage,
            TokenUsage(
                input: 340, cachedInput: 300, cacheWrite5m: 20, cacheWrite1h: 10, output: 20, serviceTier: .flex))
    }

    func testACacheWriteWithoutDetailsIsTheShortOne() throws {
        let usage = try read("[]", #", "usage": {"inputTokens": 1, "outputTokens": 2, "cacheWriteInputTokens": 30}"#)
            .usage
        XCTAssertEqual(usage, TokenUsage(input: 31, cacheWrite5m: 30, output: 2))
        XCTAssertNil(try read().usage)
    }

    func testWhatIsNotAsItShouldBeFailsNothing() throws {
        let answer = try read(
            #"[{"text": 1}, 2, {"toolUse": {}}, {}, {"image": {"source": {}}}, {"text": "a"}, {"new": {}}]"#,
            #", "usage": 3, "serviceTier": 4, "metrics": null"#)
        XCTAssertEqual(answer.choices[0].parts.compactMap(\.text), ["a"])
        XCTAssertEqual(answer.choices[0].parts.count, 6)
        for text in ["{}", #"{"output": {}}"#, "[]", #"{"message": "Not found"}"#] {
            XCTAssertThrowsError(try BedrockConverse.answer(from: try Checks.json(text))) {
                XCTAssertEqual($0 as? TranslationError, .malformed("an answer of Converse without output.message"))
            }
        }
    }

    // MARK: Writing

    func testAllThatTheServiceModelRequiresIsThere() throws {
        assertJSON(
            Checks.body(Answer()),
            #"""
            {"output": {"message": {"role": "assistant", "content": []}}, "stopReason": "end_turn",
             "usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0}, "metrics": {"latencyMs": 0}}
            """#)
    }

    func testEveryReasonOfTheEndHasAWord() throws {
        let reasons: [(FinishReason?, String)] = [
            (.stop, "end_turn"), (.stopSequence, "stop_sequence"), (.length, "max_tokens"), (.toolCalls, "tool_use"),
            (.contentFilter, "content_filtered"), (.refusal, "content_filtered"), (.pause, "end_turn"),
            (.other("MALFORMED_FUNCTION_CALL"), "end_turn"), (.other("malformed_tool_use"), "malformed_tool_use"),
            (nil, "end_turn"),
        ]
        for (reason, word) in reasons {
            XCTAssertEqual(try Checks.body(Checks.answer([], reason), "stopReason"), .string(word))
        }
    }

    func testPartsOfOtherProviders() throws {
        let parts = [
            Part(.thinking(Thinking(text: "Hm", signature: "c2ln", origin: .anthropic))),
            Part(.thinking(Thinking(sealed: "data", origin: .anthropic))),
            Part(.thinking(Thinking(text: "Unsigned", origin: .openai))), Part(.text("A")), Part(.refusal("No")),
            Part(.toolCall(ToolCall(id: "", name: "f", arguments: ""))),
            Part(.toolCall(ToolCall(id: "c", name: "g", arguments: #"{"a": 1.0}"#))),
            Part(.image(Media(.data("AAAA"), type: "image/png"))), Part(.image(Media(.url("https://example.com")))),
            Part(.native(.object(["type": .string("web_search_result")]), of: .anthropic)),
        ]
        let content = try Checks.body(Checks.answer(parts, .toolCalls), "output")?["message"]?["content"]
        assertJSON(
            content?.bytes ?? [],
            #"""
            [{"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "weir:anthropic:c2ln"}}},
             {"reasoningContent": {"redactedContent": "d2VpcjphbnRocm9waWM6ZGF0YQ=="}},
             {"reasoningContent": {"reasoningText": {"text": "Unsigned"}}}, {"text": "A"}, {"text": "No"},
             {"toolUse": {"toolUseId": "tooluse_0190b1c2-0000-7000-8000-000000000001_0", "name": "f", "input": {}}},
             {"toolUse": {"toolUseId": "c", "name": "g", "input": {"a": 1.0}}},
             {"image": {"format": "png", "source": {"bytes": "AAAA"}}}]
            """#)
    }

    func testUsageTheOtherWayRound() throws {
        let answer = Checks.answer([]) {
            $0.usage = TokenUsage(
                input: 340, cachedInput: 300, cacheWrite5m: 20, cacheWrite1h: 10, output: 20, reasoning: 5)
            $0.serviceTier = "priority"
        }
        assertJSON(
            try Checks.body(answer, "usage")?.bytes ?? [],
            #"""
            {"inputTokens": 10, "outputTokens": 20, "totalTokens": 360, "cacheReadInputTokens": 300, "cacheWriteInputTokens": 30,
             "cacheDetails": [{"ttl": "1h", "inputTokens": 10}, {"ttl": "5m", "inputTokens": 20}]}
            """#)
        XCTAssertEqual(try Checks.body(answer, "serviceTier"), .object(["type": .string("priority")]))
        // Parts beyond their total do not make the rest negative.
        let odd = Checks.answer([]) { $0.usage = TokenUsage(input: 1, cachedInput: 5) }
        XCTAssertEqual(try Checks.body(odd, "usage")?["inputTokens"]?.number?.text, "0")
    }

    func testOtherDialectsExtrasAreNotBedrocks() throws {
        let answer = Checks.answer([]) {
            $0.extras.add("system_fingerprint", .string("fp"), of: .openai)
            $0.serviceTier = "scale"
        }
        XCTAssertEqual(
            try JSONValue(parsing: Checks.body(answer)).object?.names, ["output", "stopReason", "usage", "metrics"])
    }

    // MARK: Errors

    private func error(_ status: Int, _ body: String) -> ProviderError {
        unsafe Array(body.utf8).withUnsafeBytes { unsafe BedrockConverse.error(status: status, from: $0) }
    }

    func testErrorsOfBedrock() {
        let cases: [(Int, String, ProviderError.Kind)] = [
            (400, #"{"message": "Bad"}"#, .invalidRequest), (403, #"{"message": "No"}"#, .permission),
            (404, #"{"message": "None"}"#, .notFound), (408, #"{"message": "Late"}"#, .timeout),
            (424, #"{"message": "Odd"}"#, .invalidRequest), (429, #"{"message": "Many"}"#, .rateLimit),
            (500, #"{"message": "Oh"}"#, .server), (503, #"{"message": "Busy"}"#, .overloaded),
            (403, #"{"message": "The security token included in the request is expired"}"#, .authentication),
            (
                403, #"{"message": "The request signature we calculated does not match the signature you provided."}"#,
                .authentication
            ),
            (400, #"{"__type": "com.amazon.coral.service#ThrottlingException", "message": "Many"}"#, .rateLimit),
            (424, #"{"__type": "ModelErrorException", "message": "Odd"}"#, .server),
            (429, #"{"__type": "ModelNotReadyException", "message": "Soon"}"#, .overloaded),
        ]
        for (status, body, kind) in cases {
            let error = error(status, body)
            XCTAssertEqual(error.kind, kind, body)
            XCTAssertEqual(error.status, status)
            XCTAssertFalse(error.message.isEmpty)
        }
        XCTAssertEqual(error(400, #"{"Message": "Capital"}"#).message, "Capital")
        XCTAssertEqual(error(424, #"{"__type": "a.b#ModelErrorException"}"#).code, "ModelErrorException")
    }

    func testAnyBytesAreAnError() {
        XCTAssertEqual(error(502, "<html>Bad gateway</html>").message, "<html>Bad gateway</html>")
        XCTAssertEqual(error(502, "").message, "Bedrock answered 502 and said nothing")
        XCTAssertEqual(error(502, String(repeating: "x", count: 5_000)).message.utf8.count, 1_024)
        XCTAssertEqual(error(502, "[]").kind, .server)
    }

    func testErrorsForCallersOfAWSsClients() {
        for kind in ProviderError.Kind.allCases {
            let error = ProviderError(status: 400, kind: kind, message: #"Say "hi""#)
            assertJSON(BedrockConverse.body(of: error), #"{"message": "Say \"hi\""}"#)
            XCTAssertTrue(BedrockConverse.errorType(error).hasSuffix("Exception"))
            XCTAssertTrue(BedrockErrors.streamType(of: error).hasSuffix("Exception"))
        }
        let type = { BedrockConverse.errorType(ProviderError(status: 0, kind: $0, message: "", code: $1)) }
        XCTAssertEqual(type(.rateLimit, nil), "ThrottlingException")
        XCTAssertEqual(type(.tooLarge, nil), "ValidationException")
        XCTAssertEqual(type(.overloaded, "ModelNotReadyException"), "ModelNotReadyException")
        XCTAssertEqual(type(.rateLimit, "rate_limit_exceeded"), "ThrottlingException")
    }
}

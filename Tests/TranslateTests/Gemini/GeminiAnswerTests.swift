import Shared
import Translate
import XCTest

final class GeminiAnswerTests: XCTestCase {
    private func finish(_ word: String, parts: String = #"[{"text":"a"}]"#) throws -> FinishReason? {
        try Gemini.answer(
            #"{"candidates":[{"content":{"parts":\#(parts)},"finishReason":"\#(word)"}]}"#
        ).choices[0].finish
    }

    // MARK: Reading

    func testEveryFinishReasonIsRead() throws {
        XCTAssertEqual(try finish("STOP"), .stop)
        XCTAssertEqual(try finish("MAX_TOKENS"), .length)
        for word in [
            "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR",
        ] {
            XCTAssertEqual(try finish(word), .contentFilter, word)
        }
        for word in [
            "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE",
            "MALFORMED_RESPONSE", "OTHER", "IMAGE_OTHER", "NO_IMAGE", "NEVER_HEARD_OF",
        ] {
            XCTAssertEqual(try finish(word), .other(word))
        }
        XCTAssertNil(try finish("FINISH_REASON_UNSPECIFIED"))
    }

    func testStopBehindACallMeansThatToolsWereCalled() throws {
        XCTAssertEqual(try finish("STOP", parts: #"[{"text":"a"},{"functionCall":{"name":"f"}}]"#), .toolCalls)
        XCTAssertEqual(try finish("MAX_TOKENS", parts: #"[{"functionCall":{"name":"f"}}]"#), .length)
    }

    func testCallsWithoutIdentitiesGetOnesThatOccurOnce() throws {
        func ids(_ rest: String) throws -> [String] {
            let call = #"{"functionCall":{"name":"f","args":{}}}"#
            return try Gemini.answer(#"{"candidates":[{"content":{"parts":[\#(call),\#(call)]}}]\#(rest)}"#)
                .choices[0].parts.compactMap { if case .toolCall(let call) = $0.content { call.id } else { nil } }
        }
        let first = try ids(#","responseId":"r1""#)
        XCTAssertEqual(Set(first).count, 2)
        XCTAssertEqual(
            try ids(#","responseId":"r1","modelVersion":"m""#), first, "the same answer, the same identities")
        XCTAssertTrue(Set(try ids(#","responseId":"r2""#)).isDisjoint(with: first))
        let counted = try ids(#","usageMetadata":{"promptTokenCount":7}"#)
        XCTAssertTrue(Set(try ids(#","usageMetadata":{"promptTokenCount":9}"#)).isDisjoint(with: counted))
        XCTAssertTrue(first.allSatisfy { $0.utf8.count <= 40 }, "as long as OpenAI's callers take")
    }

    func testASignatureOfACallGoesIntoItsIdentityToo() throws {
        let answer = try Gemini.answer(
            """
            {"candidates":[{"content":{"parts":[{"functionCall":{"id":"abc","name":"f"},"thoughtSignature":"+/8="},
              {"functionCall":{"id":"def","name":"f"}}]}}]}
            """)
        guard case .toolCall(let signed) = answer.choices[0].parts[0].content,
            case .toolCall(let plain) = answer.choices[0].parts[1].content
        else { return XCTFail() }
        XCTAssertEqual(signed.id, "abc-signed--_8")
        XCTAssertEqual(signed.signature, "+/8=")
        XCTAssertEqual(plain.id, "def")
        XCTAssertEqual(plain.arguments, "{}")
    }

    func testPartsOfAllKindsAreRead() throws {
        let parts = try Gemini.answer(
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"a","thoughtSignature":"QQ=="},
              {"inlineData":{"mimeType":"image/png","data":"aGk="}},{"executableCode":{"code":"1"}},{"newKind":1},{},"x"]}}]}
            """
        ).choices[0].parts
        XCTAssertEqual(
            parts,
            [
                Part(.thinking(Thinking(text: "hm", origin: .gemini))), Part(.text("a")),
                Part(.thinking(Thinking(signature: "QQ==", origin: .gemini))),
                Part(.image(Media(.data("aGk="), type: "image/png"))),
                Part(.native(try Gemini.json(#"{"executableCode":{"code":"1"}}"#), of: .gemini)),
                Part(.native(try Gemini.json(#"{"newKind":1}"#), of: .gemini)),
            ])
    }

    func testARefusedPromptIsAnAnswerThatWasKeptBack() throws {
        let answer = try Gemini.answer(
            #"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":4},"modelVersion":"m"}"#
        )
        XCTAssertEqual(answer.choices, [Choice(form: .absent, finish: .contentFilter)])
        XCTAssertEqual(answer.usage?.input, 4)
        XCTAssertEqual(answer.extras["promptFeedback"]?["blockReason"], .string("PROHIBITED_CONTENT"))
        XCTAssertEqual(try Gemini.answer(#"{"candidates":[]}"#).choices, [Choice(form: .absent)])
    }

    func testWhatIsNoAnswerIsMalformed() {
        for body in ["[]", #""a""#, #"{"error":{"code":500}}"#] {
            XCTAssertThrowsError(try Gemini.answer(body)) { error in
                guard case .malformed? = error as? TranslationError else { return XCTFail("\(error)") }
            }
        }
    }

    func testTheHeadIsRead() throws {
        let answer = try Gemini.answer(
            #"{"responseId":"r","modelVersion":"gemini-3-flash","createTime":"2025-11-20T10:00:00.123456Z","candidates":[{"index":3}]}"#
        )
        XCTAssertEqual(answer.id, "r")
        XCTAssertEqual(answer.model, "gemini-3-flash")
        XCTAssertEqual(answer.createdUnixSeconds, 1_763_632_800)
        XCTAssertEqual(answer.choices[0].index, 3)
        XCTAssertEqual(answer.choices[0].form, .absent)
    }

    // MARK: Usage

    func testThoughtsComeOnTopAndCachedTokensAreInside() throws {
        let usage = try Gemini.answer(
            """
            {"candidates":[],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"toolUsePromptTokenCount":5,
              "candidatesTokenCount":20,"thoughtsTokenCount":"30","totalTokenCount":155,"trafficType":"ON_DEMAND_PRIORITY",
              "promptTokensDetails":[{"modality":"TEXT","tokenCount":60},{"modality":"AUDIO","tokenCount":30},{"modality":"IMAGE","tokenCount":10}],
              "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":10}],
              "candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":15}]}}
            """
        ).usage
        XCTAssertEqual(
            usage,
            TokenUsage(
                input: 105, cachedInput: 40, audioInput: 20, imageInput: 10, output: 50, reasoning: 30, imageOutput: 15,
                serviceTier: .priority))
    }

    func testUsageOfOthersIsWrittenInGeminisTerms() {
        var answer = Answer()
        answer.choices = [Choice(parts: [Part(.text("a"))], finish: .stop)]
        answer.usage = TokenUsage(
            input: 100, cachedInput: 40, audioInput: 7, output: 50, reasoning: 30, audioOutput: 5)
        assertJSON(
            Gemini.body(answer),
            """
            {"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"finishReason":"STOP","index":0}],
             "usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":20,"thoughtsTokenCount":30,
               "totalTokenCount":150,"promptTokensDetails":[{"modality":"TEXT","tokenCount":93},{"modality":"AUDIO","tokenCount":7}],
               "candidatesTokensDetails":[{"modality":"TEXT","tokenCount":15},{"modality":"AUDIO","tokenCount":5}]},
             "modelVersion":"mine","responseId":"req-1"}
            """)
    }

    // MARK: Writing

    func testAnAnswerOfAnotherProviderIsWhole() throws {
        var answer = Answer()
        answer.id = "chatcmpl-1"
        answer.model = "gpt-5"
        answer.choices = [
            Choice(
                parts: [
                    Part(.thinking(Thinking(text: "hm", signature: "sig", origin: .anthropic))),
                    Part(.thinking(Thinking(origin: .openai))), Part(.text("b")), Part(.refusal("c")),
                    Gemini.call("call_abc", "f", ""), Gemini.call("call_1_0", "g"),
                    Part(.native(try Gemini.json(#"{"type":"x"}"#), of: .openai)),
                ], finish: .toolCalls),
            Choice(index: 1, form: .null, finish: .length),
        ]
        let carried = Base64.encode(Array("weir:anthropic:signature:sig".utf8))
        assertJSON(
            Gemini.body(answer),
            """
            {"candidates":[{"content":{"parts":[{"text":"hm","thought":true,"thoughtSignature":"\(carried)"},{"text":"b"},{"text":"c"},
               {"functionCall":{"id":"call_abc","name":"f","args":{}}},{"functionCall":{"name":"g","args":{"city":"Oslo"}}}],
               "role":"model"},"finishReason":"STOP","index":0},
              {"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":1}],"modelVersion":"gpt-5","responseId":"chatcmpl-1"}
            """)
    }

    func testFinishReasonsHaveGeminisWords() throws {
        for (reason, word) in [
            (FinishReason.stop, "STOP"), (.stopSequence, "STOP"), (.toolCalls, "STOP"), (.pause, "STOP"),
            (.length, "MAX_TOKENS"), (.contentFilter, "SAFETY"), (.refusal, "SAFETY"),
            (.other("MALFORMED_FUNCTION_CALL"), "MALFORMED_FUNCTION_CALL"), (.other("eos"), "OTHER"),
        ] {
            var answer = Answer()
            answer.choices = [Choice(parts: [Part(.text("a"))], finish: reason)]
            let body = try JSONValue(parsing: Gemini.body(answer))
            XCTAssertEqual(body["candidates"]?.array?[0]["finishReason"]?.string, word)
        }
    }

    func testLogprobsAreConvertedBothWays() throws {
        let result = """
            {"topCandidates":[{"candidates":[{"token":"é","logProbability":-0.10},{"token":"b","logProbability":-2}]}],
             "chosenCandidates":[{"token":"é","tokenId":7,"logProbability":-0.10}]}
            """
        let answer = try Gemini.answer(#"{"candidates":[{"content":{"parts":[]},"logprobsResult":\#(result)}]}"#)
        assertJSON(
            answer.choices[0].logprobs?.bytes ?? [],
            """
            {"content":[{"token":"é","logprob":-0.10,"bytes":[195,169],"top_logprobs":[
              {"token":"é","logprob":-0.10,"bytes":[195,169]},{"token":"b","logprob":-2,"bytes":[98]}]}],"refusal":null}
            """)
        var other = Answer()
        other.choices = [Choice(parts: [Part(.text("é"))], finish: .stop)]
        other.choices[0].logprobs = answer.choices[0].logprobs
        let body = try JSONValue(parsing: Gemini.body(other))
        assertJSON(
            body["candidates"]?.array?[0]["logprobsResult"]?.bytes ?? [],
            """
            {"topCandidates":[{"candidates":[{"token":"é","logProbability":-0.10},{"token":"b","logProbability":-2}]}],
             "chosenCandidates":[{"token":"é","logProbability":-0.10}]}
            """)
    }
}

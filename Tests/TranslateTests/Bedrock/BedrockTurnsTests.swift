import Shared
import XCTest

@testable import Translate

/// Turns of other dialects as Converse wants them.
final class BedrockTurnsTests: XCTestCase {
    private typealias Checks = BedrockChecks

    private func assertMessages(
        _ turns: Turn..., are expected: String, for target: TargetTraits? = nil, file: StaticString = #filePath,
        line: UInt = #line
    ) throws {
        var conversation = Checks.chat()
        conversation.turns = turns
        try Checks.assert(conversation, for: target, has: "messages", expected, file: file, line: line)
    }

    func testInstructionsStandByThemselves() throws {
        let conversation = Checks.chat(
            Turn(.system, [Part(.text("A"))]), Checks.user("Hi"),
            Turn(.developer, [Part(.text("B"), cacheMark: CacheMark())]),
            Checks.assistant("Hello"), Checks.user("Go on"))
        try Checks.assert(
            conversation, has: "system", #"[{"text": "A"}, {"text": "B"}, {"cachePoint": {"type": "default"}}]"#)
        try Checks.assert(
            conversation, has: "messages",
            #"[{"role": "user", "content": [{"text": "Hi"}]}, {"role": "assistant", "content": [{"text": "Hello"}]}, {"role": "user", "content": [{"text": "Go on"}]}]"#
        )
    }

    func testTurnsOfOneRoleAreMergedAndTheFirstIsTheUsers() throws {
        try assertMessages(
            Checks.assistant("A"), Checks.assistant("B"), Checks.user("C"), Checks.user("D"),
            are:
                #"[{"role": "user", "content": [{"text": "."}]}, {"role": "assistant", "content": [{"text": "A"}, {"text": "B"}]}, {"role": "user", "content": [{"text": "C"}, {"text": "D"}]}]"#
        )
    }

    func testInstructionsAloneAreWhatIsAsked() throws {
        try assertMessages(
            Turn(.system, [Part(.text("Say hello"))]), are: #"[{"role": "user", "content": [{"text": "Say hello"}]}]"#)
    }

    func testWithoutAnythingToSayThereIsNothingToAsk() {
        for turns in [[], [Checks.user(" \n")]] {
            var conversation = Checks.chat()
            conversation.turns = turns
            XCTAssertThrowsError(try Checks.rendered(conversation)) {
                guard case .inexpressible(let field, _)? = $0 as? TranslationError else { return XCTFail("\($0)") }
                XCTAssertEqual(field, "messages")
            }
        }
    }

    func testBlankTextsAreLeftOutAndLeaveTheirCacheMarkToWhatStandsBefore() throws {
        try assertMessages(
            Turn(.user, [Part(.text("A")), Part(.text(" \n"), cacheMark: CacheMark()), Part(.text(""))]),
            Checks.assistant(""), Checks.user("B"),
            are: #"[{"role": "user", "content": [{"text": "A"}, {"cachePoint": {"type": "default"}}, {"text": "B"}]}]"#)
    }

    func testWhatTheModelIsToGoOnWithDoesNotEndInWhiteSpace() throws {
        try assertMessages(
            Checks.user("A"), Checks.assistant("It is \n"),
            are:
                #"[{"role": "user", "content": [{"text": "A"}]}, {"role": "assistant", "content": [{"text": "It is"}]}]"#
        )
    }

    func testARefusalIsATextOfTheAssistants() throws {
        try assertMessages(
            Checks.user("A"), Turn(.assistant, [Part(.refusal("No"))]), Checks.user("B"),
            are:
                #"[{"role": "user", "content": [{"text": "A"}]}, {"role": "assistant", "content": [{"text": "No"}]}, {"role": "user", "content": [{"text": "B"}]}]"#
        )
    }

    func testAModelWithoutInstructionsHearsThemFromTheUser() throws {
        let target = Checks.target { $0.capabilities.systemMessages = false }
        let conversation = Checks.chat(Turn(.system, [Part(.text("A"))]), Checks.user("Hi"))
        try Checks.assert(conversation, for: target, has: "system", nil)
        try Checks.assert(
            conversation, for: target, has: "messages",
            #"[{"role": "user", "content": [{"text": "A"}, {"text": "Hi"}]}]"#)
    }

    // MARK: Tools

    func testResultsStandFirstAndInOneTurnBeforeTheUsersWords() throws {
        try assertMessages(
            Checks.user("A"), Checks.calling(("1", "f"), ("2", "g")), Checks.result("1", "one"), Checks.user("B"),
            Checks.result("2", "two"),
            are: #"""
                [{"role": "user", "content": [{"text": "A"}]},
                 {"role": "assistant", "content": [{"toolUse": {"toolUseId": "1", "name": "f", "input": {}}}, {"toolUse": {"toolUseId": "2", "name": "g", "input": {}}}]},
                 {"role": "user", "content": [{"toolResult": {"toolUseId": "1", "content": [{"text": "one"}]}},
                    {"toolResult": {"toolUseId": "2", "content": [{"text": "two"}]}}, {"text": "B"}]}]
                """#)
    }

    func testACachePointStandsBehindTheResultThatHasItAlsoWhereItStoodInside() throws {
        let inside = ToolResult(callID: "2", parts: [Part(.text("two"), cacheMark: CacheMark())])
        try assertMessages(
            Checks.user("A"), Checks.calling(("1", "f"), ("2", "g")),
            Turn(
                .user,
                [
                    Part(.text("B"), cacheMark: CacheMark()),
                    Part(.toolResult(ToolResult(callID: "1", parts: [Part(.text("one"))])), cacheMark: CacheMark()),
                    Part(.toolResult(inside)),
                ]),
            are: #"""
                [{"role": "user", "content": [{"text": "A"}]},
                 {"role": "assistant", "content": [{"toolUse": {"toolUseId": "1", "name": "f", "input": {}}}, {"toolUse": {"toolUseId": "2", "name": "g", "input": {}}}]},
                 {"role": "user", "content": [{"toolResult": {"toolUseId": "1", "content": [{"text": "one"}]}}, {"cachePoint": {"type": "default"}},
                    {"toolResult": {"toolUseId": "2", "content": [{"text": "two"}]}}, {"cachePoint": {"type": "default"}},
                    {"text": "B"}, {"cachePoint": {"type": "default"}}]}]
                """#)
    }

    func testACallThatNobodyAnsweredGetsAResult() throws {
        let conversation = Checks.chat(Checks.user("A"), Checks.calling(("1", "f")), Checks.user("B"))
        XCTAssertEqual(try Checks.rendered(conversation).adjusted, ["messages"])
        let results = try Checks.written(conversation)["messages"]?.array?[2]["content"]?.array
        XCTAssertEqual(results?[0]["toolResult"]?["status"], .string("error"))
        XCTAssertEqual(results?[1]["text"], .string("B"))
    }

    func testAnEmptyResultSaysSo() throws {
        try Checks.assert(
            Checks.chat(Checks.user("A"), Checks.calling(("1", "f")), Checks.result("1", " ")), has: "messages",
            #"""
            [{"role": "user", "content": [{"text": "A"}]},
             {"role": "assistant", "content": [{"toolUse": {"toolUseId": "1", "name": "f", "input": {}}}]},
             {"role": "user", "content": [{"toolResult": {"toolUseId": "1", "content": [{"text": "(no output)"}]}}]}]
            """#)
    }

    func testIdentitiesOfCallsFitInCallsAndResultsAlike() throws {
        let long = String(repeating: "x", count: 80)
        let messages = try Checks.written(
            Checks.chat(
                Checks.user("A"), Checks.calling(("call/1", "f"), (long, "g"), ("tooluse_Ab-9", "h")),
                Checks.result("call/1", "one"), Checks.result(long, "two"), Checks.result("tooluse_Ab-9", "three")))[
                "messages"]?.array
        let calls = messages?[1]["content"]?.array?.compactMap { $0["toolUse"]?["toolUseId"]?.string }
        let results = messages?[2]["content"]?.array?.compactMap { $0["toolResult"]?["toolUseId"]?.string }
        XCTAssertEqual(calls, ["call_1", String(long.prefix(64)), "tooluse_Ab-9"])
        XCTAssertEqual(calls, results)
    }

    func testASignatureInsideAnIdentityStaysBehind() throws {
        let id = SignedCallID.joining("call_1", "c2lnbmF0dXJl")
        XCTAssertNotEqual(id, "call_1")
        let messages = try Checks.written(
            Checks.chat(Checks.user("A"), Checks.calling((id, "f")), Checks.result(id, "one")))["messages"]?.array
        XCTAssertEqual(messages?[1]["content"]?.array?[0]["toolUse"]?["toolUseId"], .string("call_1"))
        XCTAssertEqual(messages?[2]["content"]?.array?[0]["toolResult"]?["toolUseId"], .string("call_1"))
    }

    func testArgumentsThatAreNoObjectBecomeOne() throws {
        let call = ToolCall(id: "1", name: "f", arguments: #"{"a": 1"#)
        let rendered = try Checks.rendered(
            Checks.chat(Checks.user("A"), Turn(.assistant, [Part(.toolCall(call))]), Checks.result("1", "one")))
        XCTAssertEqual(rendered.adjusted, ["messages[].tool_calls[].function.arguments"])
        let input = try JSONValue(parsing: rendered.body)["messages"]?.array?[1]["content"]?.array?[0]["toolUse"]?[
            "input"]
        XCTAssertEqual(input?.object?.members.map(\.value), [.string(#"{"a": 1"#)])
    }

    // MARK: Thoughts

    func testBedrockGetsItsOwnThoughtsBackAndClaudeThoseThatAnthropicSigned() throws {
        let thoughts: [(Thinking, isWritten: Bool, model: String)] = [
            (Thinking(text: "Hm", signature: "c2ln", origin: .bedrock), true, Checks.sonnet),
            (Thinking(sealed: "cmVk", origin: .bedrock), true, Checks.sonnet),
            (Thinking(text: "Hm", signature: "c2ln", origin: .anthropic), true, Checks.sonnet),
            (Thinking(text: "Hm", signature: "c2ln", origin: .anthropic), false, Checks.nova),
            (Thinking(sealed: "cmVk", origin: .anthropic), false, Checks.sonnet),
            (Thinking(text: "Hm", signature: "c2ln", origin: .gemini), false, Checks.sonnet),
            (Thinking(text: "Hm", origin: .openai), false, Checks.sonnet),
            // Claude refuses what it did not sign; others sign nothing.
            (Thinking(text: "Hm", origin: .bedrock), false, Checks.sonnet),
            (Thinking(text: "Hm", origin: .bedrock), true, Checks.llama),
        ]
        for (thinking, isWritten, model) in thoughts {
            let conversation = Checks.chat(
                Checks.user("A"), Turn(.assistant, [Part(.thinking(thinking)), Part(.text("B"))]), Checks.user("C"))
            let rendered = try Checks.rendered(conversation, for: Checks.target(model))
            XCTAssertEqual(rendered.dropped, [])
            let content = try JSONValue(parsing: rendered.body)["messages"]?.array?[1]["content"]?.array
            XCTAssertEqual(content?.count, isWritten ? 2 : 1, "\(thinking) for \(model)")
            if isWritten { XCTAssertNotNil(content?[0]["reasoningContent"]) }
        }
    }

    func testModelsThatBeginTheirAnswersThemselvesAreNotGivenABeginning() throws {
        let conversation = Checks.chat(Checks.user("Q"), Turn(.assistant, [Part(.text("It is"))]))
        for (model, dropped) in [
            (Checks.sonnet, []), (Checks.nova, []), (Checks.opus, ["messages[].prefill"]),
        ] as [(String, [String])] {
            let rendered = try Checks.rendered(conversation, for: Checks.target(model))
            XCTAssertEqual(rendered.dropped, dropped, model)
            let messages = try JSONValue(parsing: rendered.body)["messages"]?.array
            XCTAssertEqual(messages?.count, dropped.isEmpty ? 2 : 1, model)
        }
    }

    // MARK: What is lost

    func testWhatOtherDialectsHaveBesidesIsReported() throws {
        var part = Part(.text("A"))
        part.extras.add("annotations", .array([.null]), of: .openai)
        var turn = Turn(
            .user, [part, Part(.native(.object(["type": .string("web_result")]), of: .anthropic))], name: "Ann")
        turn.extras.add("weight", .number(JSONNumber(1)), of: .openai)
        let image = Media(.data("AAAA"), type: "image/png", detail: "high")
        let conversation = Checks.chat(
            turn, Turn(.assistant, [Part(.text("B")), Part(.image(image))]), Turn(.user, [Part(.image(image))]))
        XCTAssertEqual(
            try Checks.rendered(conversation).dropped,
            [
                "messages[].weight", "messages[].name", "messages[].annotations", "messages[].web_result",
                "messages[].content", "messages[].image_url.detail",
            ])
    }
}

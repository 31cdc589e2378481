import Shared
import XCTest

@testable import Translate

final class AnthropicTurnsTests: XCTestCase {
    typealias Checks = AnthropicChecks

    /// The written request's turns, as one text.
    private func assertMessages(
        _ conversation: Conversation, _ expected: String, adjusted: [String] = [], line: UInt = #line
    ) throws {
        let rendered = try Checks.rendered(conversation)
        let messages = try XCTUnwrap(try JSONValue(parsing: rendered.body)["messages"])
        assertJSON(messages.bytes, expected, line: line)
        XCTAssertEqual(rendered.dropped, [], line: line)
        XCTAssertEqual(rendered.adjusted, adjusted, line: line)
    }

    // MARK: Instructions

    func testInstructionsAreHoistedWhereverTheyStoodAndKeepTheirCacheMarks() throws {
        let marked = Part(.text("C"), cacheMark: CacheMark(seconds: 300))
        let conversation = Checks.chat(
            Turn(.system, [Part(.text("A"))], form: .text), Checks.user("Hello"),
            Turn(.developer, [Part(.text("B")), marked]), Checks.assistant("Hi"), Checks.user("Bye"),
            Turn(.system, [Part(.text("D"))], form: .text))
        let body = try Checks.written(conversation)
        assertJSON(
            try XCTUnwrap(body["system"]).bytes,
            #"""
            [{"type": "text", "text": "A"}, {"type": "text", "text": "B"},
             {"type": "text", "text": "C", "cache_control": {"type": "ephemeral", "ttl": "5m"}}, {"type": "text", "text": "D"}]
            """#)
        XCTAssertEqual(body["messages"]?.array?.count, 3)
    }

    func testASingleInstructionStaysAText() throws {
        let conversation = Checks.chat(Turn(.developer, [Part(.text("A"))], form: .text), Checks.user("Hello"))
        XCTAssertEqual(try Checks.written(conversation)["system"]?.string, "A")
    }

    func testInstructionsAloneAreWhatIsAsked() throws {
        let conversation = Checks.chat(Turn(.system, [Part(.text("Tell a joke."))], form: .text))
        XCTAssertNil(try Checks.written(conversation)["system"])
        try assertMessages(conversation, #"[{"role": "user", "content": "Tell a joke."}]"#)
    }

    func testAModelWithoutInstructionsHearsThemFromTheUser() throws {
        let conversation = Checks.chat(Turn(.system, [Part(.text("A"))], form: .text), Checks.user("Hello"))
        let target = Checks.target { $0.capabilities.systemMessages = false }
        let body = try Checks.written(conversation, for: target)
        XCTAssertNil(body["system"])
        assertJSON(
            try XCTUnwrap(body["messages"]).bytes,
            #"[{"role": "user", "content": [{"type": "text", "text": "A"}, {"type": "text", "text": "Hello"}]}]"#)
    }

    // MARK: Order

    func testConsecutiveTurnsOfOneRoleAreMerged() throws {
        try assertMessages(
            Checks.chat(
                Checks.user("A"), Checks.user("B"), Checks.assistant("C"), Checks.assistant("D"), Checks.user("E")),
            #"""
            [{"role": "user", "content": [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]},
             {"role": "assistant", "content": [{"type": "text", "text": "C"}, {"type": "text", "text": "D"}]},
             {"role": "user", "content": "E"}]
            """#)
    }

    func testEmptyTextsAreRemovedAndWithThemTurnsThatSayNothing() throws {
        try assertMessages(
            Checks.chat(
                Turn(.user, [Part(.text("")), Part(.text("A")), Part(.text(" \n\t"))]), Checks.assistant(""),
                Checks.user("B")),
            #"[{"role": "user", "content": [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]}]"#)
    }

    func testAnInstructionOfNothingButWhiteSpaceIsNone() throws {
        let conversation = Checks.chat(Turn(.system, [Part(.text(" "))], form: .text), Checks.user("A"))
        XCTAssertNil(try Checks.written(conversation)["system"])
    }

    func testTheEndOfWhatTheAssistantBeganIsTrimmed() throws {
        try assertMessages(
            Checks.chat(Checks.user("A"), Checks.assistant("B \n"), Checks.user("C"), Checks.assistant(" D \n\u{a0}")),
            #"""
            [{"role": "user", "content": "A"}, {"role": "assistant", "content": "B \n"},
             {"role": "user", "content": "C"}, {"role": "assistant", "content": " D"}]
            """#)
    }

    func testTheFirstTurnIsTheUsers() throws {
        try assertMessages(
            Checks.chat(Checks.assistant("Welcome."), Checks.user("Hello")),
            #"""
            [{"role": "user", "content": "."}, {"role": "assistant", "content": "Welcome."},
             {"role": "user", "content": "Hello"}]
            """#)
    }

    func testAConversationThatSaysNothingCannotBeTold() throws {
        for conversation in [Checks.chat(), Checks.chat(Checks.user(" "))] {
            XCTAssertThrowsError(try Checks.rendered(conversation)) {
                guard case .inexpressible(field: "messages", _) = $0 as? TranslationError else {
                    return XCTFail("\($0)")
                }
            }
        }
    }

    func testNamesOfParticipantsAreReported() throws {
        let rendered = try Checks.rendered(Checks.chat(Turn(.user, [Part(.text("A"))], name: "jo")))
        XCTAssertEqual(rendered.dropped, ["messages[].name"])
    }

    // MARK: Results of tools

    private let paris = #"{"type": "tool_use", "id": "a", "name": "f", "input": {}}"#
    private let rome = #"{"type": "tool_use", "id": "b", "name": "g", "input": {}}"#

    func testResultsBecomeOneTurnBehindTheirCalls() throws {
        try assertMessages(
            Checks.chat(
                Checks.user("Q"), Checks.calling(("a", "f"), ("b", "g"), after: "T"), Checks.result("a", "1"),
                Checks.result("b", "2"), Checks.user("More")),
            #"""
            [{"role": "user", "content": "Q"},
             {"role": "assistant", "content": [{"type": "text", "text": "T"}, \#(paris), \#(rome)]},
             {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "1"},
               {"type": "tool_result", "tool_use_id": "b", "content": "2"}, {"type": "text", "text": "More"}]}]
            """#)
    }

    func testResultsComeBeforeWhateverTheUserSaidInBetween() throws {
        try assertMessages(
            Checks.chat(
                Checks.user("Q"), Checks.calling(("a", "f"), ("b", "g")), Checks.user("Wait"), Checks.result("b", "2"),
                Checks.assistant("Soon."), Checks.result("a", "1"), Checks.user("Now")),
            #"""
            [{"role": "user", "content": "Q"}, {"role": "assistant", "content": [\#(paris), \#(rome)]},
             {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "b", "content": "2"},
               {"type": "tool_result", "tool_use_id": "a", "content": "1"}, {"type": "text", "text": "Wait"}]},
             {"role": "assistant", "content": "Soon."}, {"role": "user", "content": [{"type": "text", "text": "Now"}]}]
            """#)
    }

    func testACallWithoutAResultGetsOneThatSaysSo() throws {
        let missing = #"""
            {"type": "tool_result", "tool_use_id": "b", "content": "There is no result: the tool was not run.",
             "is_error": true}
            """#
        try assertMessages(
            Checks.chat(
                Checks.user("Q"), Checks.calling(("a", "f"), ("b", "g")), Checks.result("a", "1"), Checks.user("Stop")),
            #"""
            [{"role": "user", "content": "Q"}, {"role": "assistant", "content": [\#(paris), \#(rome)]},
             {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "1"}, \#(missing),
               {"type": "text", "text": "Stop"}]}]
            """#, adjusted: ["messages"])
        try assertMessages(
            Checks.chat(Checks.user("Q"), Checks.calling(("b", "g"))),
            #"""
            [{"role": "user", "content": "Q"}, {"role": "assistant", "content": [\#(rome)]},
             {"role": "user", "content": [\#(missing)]}]
            """#, adjusted: ["messages"])
    }

    func testAResultOfNoCallIsSaidAsText() throws {
        try assertMessages(
            Checks.chat(Checks.user("Q"), Checks.result("z", "42")),
            #"[{"role": "user", "content": [{"type": "text", "text": "Q"}, {"type": "text", "text": "42"}]}]"#,
            adjusted: ["messages[].tool_call_id"])
    }

    func testTwoResultsOfOneCallAreOne() throws {
        try assertMessages(
            Checks.chat(Checks.user("Q"), Checks.calling(("a", "f")), Checks.result("a", "1"), Checks.result("a", "2")),
            #"""
            [{"role": "user", "content": "Q"}, {"role": "assistant", "content": [\#(paris)]},
             {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a",
               "content": [{"type": "text", "text": "1"}, {"type": "text", "text": "2"}]}]}]
            """#)
    }

    func testIdentitiesAreWhatAnthropicTakesAndOccurOnce() throws {
        let conversation = Checks.chat(
            Checks.user("Q"), Checks.calling(("functions.f:0", "f")), Checks.result("functions.f:0", "1"),
            Checks.calling(("x", "f")), Checks.result("x", "2"), Checks.calling(("x", "f")), Checks.result("x", "3"))
        let messages = try XCTUnwrap(try Checks.written(conversation)["messages"]?.array)
        let calls = messages.compactMap { $0["content"]?.array?.first?["id"]?.string }
        let results = messages.compactMap { $0["content"]?.array?.first?["tool_use_id"]?.string }
        XCTAssertEqual(calls, ["functions_f_0", "x", "x_2"])
        XCTAssertEqual(results, calls)
        XCTAssertEqual(messages.last?["content"]?.array?.first?["content"]?.string, "3")
    }

    func testSignaturesThatOthersHidInIdentitiesAreTakenOff() throws {
        let signed = SignedCallID.joining("call_1", "c2lnbmF0dXJl")
        XCTAssertNotEqual(signed, "call_1")
        let conversation = Checks.chat(Checks.user("Q"), Checks.calling((signed, "f")), Checks.result(signed, "1"))
        let messages = try XCTUnwrap(try Checks.written(conversation)["messages"]?.array)
        XCTAssertEqual(messages[1]["content"]?.array?.first?["id"]?.string, "call_1")
        XCTAssertEqual(messages[2]["content"]?.array?.first?["tool_use_id"]?.string, "call_1")
    }

    func testCallsWithoutIdentitiesMeetTheirResultsByName() throws {
        let conversation = Checks.chat(
            Checks.user("Q"), Checks.calling(("", "f.x"), ("", "g"), ("", "f.x")), Checks.result("", "G", name: "g"),
            Checks.result("", "F1", name: "f.x"), Checks.result("", "F2"))
        let messages = try XCTUnwrap(try Checks.written(conversation)["messages"]?.array)
        let calls = try XCTUnwrap(messages[1]["content"]?.array).map { $0["id"]?.string }
        XCTAssertEqual(calls, ["weir_call", "weir_call_2", "weir_call_3"])
        let results = try XCTUnwrap(messages[2]["content"]?.array).map {
            [$0["tool_use_id"]?.string, $0["content"]?.string]
        }
        XCTAssertEqual(results, [["weir_call_2", "G"], ["weir_call", "F1"], ["weir_call_3", "F2"]])
    }

    func testArgumentsAreAnObjectWhateverTheModelWrote() throws {
        for (arguments, input, isWhole) in [
            ("", "{}", true), ("{}", "{}", true), (#" {"a": 1.0} "#, #"{"a": 1.0}"#, true),
            (#"{"a": "#, #"{"unparsed": "{\"a\": "}"#, false), ("[1]", #"{"unparsed": "[1]"}"#, false),
        ] {
            let call = Turn(.assistant, [Part(.toolCall(ToolCall(id: "a", name: "f", arguments: arguments)))])
            let rendered = try Checks.rendered(Checks.chat(Checks.user("Q"), call, Checks.result("a", "1")))
            let body = try JSONValue(parsing: rendered.body)
            assertJSON(try XCTUnwrap(body["messages"]?.array?[1]["content"]?.array?[0]["input"]).bytes, input)
            XCTAssertEqual(rendered.adjusted.isEmpty, isWhole, arguments)
        }
    }

    // MARK: Answers that are begun

    func testModelsThatBeginTheirAnswersThemselvesAreNotGivenABeginning() throws {
        var conversation = Checks.chat(Checks.user("Q"), Checks.assistant("It is"))
        let begun = try Checks.rendered(conversation)
        XCTAssertEqual(begun.dropped, [])
        XCTAssertEqual(try JSONValue(parsing: begun.body)["messages"]?.array?.count, 2)
        let target = Checks.target("claude-opus-4-6")
        let dropped = try Checks.rendered(conversation, for: target)
        XCTAssertEqual(dropped.dropped, ["messages[].prefill"])
        assertJSON(
            try XCTUnwrap(JSONValue(parsing: dropped.body)["messages"]).bytes, #"[{"role": "user", "content": "Q"}]"#)
        // Who speaks Anthropic's dialect is told by Anthropic.
        conversation.origin = .anthropic
        XCTAssertEqual(try Checks.rendered(conversation, for: target).dropped, [])
    }

    // MARK: Size

    /// Nobody waits for minutes behind one hostile request.
    func testALongConversationCostsNoMoreForEachTurnThanAShortOne() throws {
        let count = 20_000
        let calls = (0..<count).map { number in
            Part(.toolCall(ToolCall(id: number % 2 == 0 ? "" : "same", name: "f", arguments: "{}")))
        }
        let results = (0..<count).map { number in
            Part(.toolResult(ToolResult(callID: number % 2 == 0 ? "" : "same", name: "f", parts: [Part(.text("r"))])))
        }
        var instruction = Turn(.system, [Part(.text("s"))])
        instruction.extras.mark(.systemInPlace, of: .anthropic)
        let lonely = (0..<count).flatMap { _ in [Checks.calling(("x", "g")), instruction] }
        var conversation = Checks.chat(Checks.user("Q"), Turn(.assistant, calls), Turn(.user, results))
        conversation.turns += lonely
        let clock = ContinuousClock()
        let time = try clock.measure { _ = try Checks.rendered(conversation) }
        XCTAssertLessThan(time, .seconds(10))
    }
}

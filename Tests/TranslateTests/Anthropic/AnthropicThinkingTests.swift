import Shared
import XCTest

@testable import Translate

final class AnthropicThinkingTests: XCTestCase {
    typealias Checks = AnthropicChecks

    /// What a request says of thinking: both of its members, as one object.
    private func assertThinking(
        _ amount: Reasoning.Amount, on model: String = "claude-sonnet-4-5", bound: UInt64 = 32_000,
        _ expected: String, dropped: [String] = [], adjusted: [String] = [], line: UInt = #line,
        _ change: (inout Conversation) -> Void = { _ in }
    ) throws {
        var conversation = Checks.chat(Checks.user("Q"))
        conversation.reasoning = Reasoning(amount)
        conversation.outputTokensMax = bound
        change(&conversation)
        let rendered = try Checks.rendered(conversation, for: Checks.target(model))
        let body = try JSONValue(parsing: rendered.body)
        var object = JSONObject()
        for name in ["thinking", "output_config", "temperature", "top_p", "top_k"] { object[name] = body[name] }
        assertJSON(JSONValue.object(object).bytes, expected, line: line)
        XCTAssertEqual(rendered.dropped, dropped, line: line)
        XCTAssertEqual(rendered.adjusted, adjusted, line: line)
        XCTAssertEqual(
            body["max_tokens"]?.number?.text, String(bound), "the bound is a promise about costs", line: line)
    }

    private func budget(_ tokens: Int) -> String { #"{"thinking": {"type": "enabled", "budget_tokens": \#(tokens)}}"# }

    // MARK: Budgets

    func testAnEffortIsABudgetBelowTheBound() throws {
        for (effort, tokens) in [
            (Reasoning.Effort.minimal, 1_024), (.low, 2_048), (.medium, 8_192), (.high, 16_384), (.xhigh, 24_000),
            (.max, 24_000),
        ] {
            try assertThinking(.effort(effort), budget(tokens))
        }
        try assertThinking(.effort(.high), bound: 4_096, budget(3_072))
        try assertThinking(.effort(.high), bound: 1_025, budget(1_024))
        try assertThinking(.automatic, budget(16_384))
    }

    func testNoBudgetFitsBelowASmallBound() throws {
        try assertThinking(.effort(.low), bound: 1_024, "{}", dropped: ["reasoning_effort"])
        try assertThinking(.automatic, bound: 100, "{}", dropped: ["thinking"])
    }

    func testABudgetThatWasAskedForIsKeptWhereItCanBe() throws {
        try assertThinking(.tokens(2_000), budget(2_000))
        try assertThinking(.tokens(1_024), bound: 1_025, budget(1_024))
        try assertThinking(.tokens(31_999), budget(31_999))
        try assertThinking(.tokens(500), budget(1_024), adjusted: ["thinking"])
        try assertThinking(.tokens(32_000), budget(24_000), adjusted: ["thinking"])
    }

    func testThinkingIsTurnedOff() throws {
        let off = #"{"thinking": {"type": "disabled"}}"#
        try assertThinking(.off, off)
        try assertThinking(.tokens(0), off)
        try assertThinking(.effort(.none), off)
        try assertThinking(.off, on: "claude-3-5-haiku-20241022", "{}")
        try assertThinking(.off, on: "claude-fable-5", "{}", dropped: ["thinking"])
    }

    func testAnotherProvidersModelGetsABudget() throws {
        try assertThinking(.effort(.low), on: "kimi-k2-thinking", budget(2_048))
    }

    // MARK: Efforts

    func testNewerModelsTakeTheEffortItself() throws {
        func adaptive(_ effort: String) -> String {
            #"{"thinking": {"type": "adaptive"}, "output_config": {"effort": "\#(effort)"}}"#
        }
        try assertThinking(.effort(.medium), on: "claude-opus-4-6", adaptive("medium"))
        try assertThinking(.effort(.minimal), on: "claude-opus-4-6", adaptive("low"))
        try assertThinking(.effort(.xhigh), on: "claude-opus-4-6", adaptive("high"), adjusted: ["reasoning_effort"])
        try assertThinking(.effort(.xhigh), on: "claude-opus-4-7", adaptive("xhigh"))
        try assertThinking(.effort(.max), on: "anthropic.claude-sonnet-4-6-v1:0", adaptive("max"))
        try assertThinking(.automatic, on: "claude-opus-5", #"{"thinking": {"type": "adaptive"}}"#)
    }

    func testABudgetIsAnEffortWhereBudgetsAreRefused() throws {
        for (tokens, effort) in [(1_024, "low"), (8_000, "medium"), (32_000, "high")] {
            try assertThinking(
                .tokens(UInt64(tokens)), on: "claude-opus-4-8",
                #"{"thinking": {"type": "adaptive"}, "output_config": {"effort": "\#(effort)"}}"#,
                adjusted: ["thinking"])
        }
        try assertThinking(.tokens(2_000), on: "claude-opus-4-6", budget(2_000))
    }

    func testAnEffortAloneStaysOne() throws {
        let alone: (inout Conversation) -> Void = { $0.reasoning?.extras.mark(.effortAlone, of: .anthropic) }
        try assertThinking(.effort(.low), on: "claude-opus-4-6", #"{"output_config": {"effort": "low"}}"#, alone)
        try assertThinking(.effort(.low), on: "claude-opus-4-5", #"{"output_config": {"effort": "low"}}"#, alone)
        try assertThinking(.effort(.low), "{}", dropped: ["output_config.effort"], alone)
    }

    func testModelsThatDoNotThinkAreNotAskedTo() throws {
        try assertThinking(.effort(.low), on: "claude-3-5-sonnet-latest", "{}", dropped: ["reasoning_effort"])
        var conversation = Checks.chat(Checks.user("Q")) { $0.reasoning = Reasoning(.effort(.low)) }
        let target = Checks.target { $0.capabilities.reasoning = false }
        XCTAssertEqual(try Checks.rendered(conversation, for: target).dropped, ["reasoning_effort"])
        conversation.reasoning = Reasoning(.off)
        XCTAssertEqual(try Checks.rendered(conversation, for: target).dropped, [])
        XCTAssertNil(try Checks.written(conversation, for: target)["thinking"])
    }

    func testWhetherThoughtsAreShownIsSaid() throws {
        for (shows, word) in [(true, "summarized"), (false, "omitted")] {
            try assertThinking(
                .automatic, on: "claude-opus-4-7", #"{"thinking": {"type": "adaptive", "display": "\#(word)"}}"#
            ) { $0.reasoning?.includesThoughts = shows }
        }
    }

    // MARK: What thinking forbids

    func testSamplingThatThinkingForbidsIsDropped() throws {
        try assertThinking(.effort(.low), budget(2_048), dropped: ["temperature", "top_p", "top_k"]) {
            $0.sampling.temperature = JSONNumber(0)
            $0.sampling.topP = try? Checks.json("0.5").number
            $0.sampling.topK = JSONNumber(3)
        }
        try assertThinking(
            .effort(.low), on: "claude-3-7-sonnet-20250219",
            #"{"thinking": {"type": "enabled", "budget_tokens": 2048}, "temperature": 1.0, "top_p": 0.95}"#
        ) {
            $0.sampling.temperature = try? Checks.json("1.0").number
            $0.sampling.topP = try? Checks.json("0.95").number
        }
    }

    func testAToolThatHasToBeCalledGoesBeforeThinking() throws {
        for choice in [ToolChoice.required, .function("f"), .among(["f"], isRequired: true)] {
            try assertThinking(.effort(.low), "{}", dropped: ["reasoning_effort"]) {
                $0.tools = [Tool(name: "f", kind: .function(parameters: nil))]
                $0.toolChoice = choice
            }
        }
        // The effort works without thinking.
        try assertThinking(.effort(.low), on: "claude-opus-4-6", #"{"output_config": {"effort": "low"}}"#) {
            $0.tools = [Tool(name: "f", kind: .function(parameters: nil))]
            $0.toolChoice = .required
        }
        try assertThinking(.effort(.low), budget(2_048)) {
            $0.tools = [Tool(name: "f", kind: .function(parameters: nil))]
            $0.toolChoice = .automatic
        }
    }

    func testTheToolOfAFormatGoesBeforeThinking() throws {
        try assertThinking(.effort(.low), "{}", dropped: ["reasoning_effort"]) { $0.format = .json }
    }

    func testAnAnswerThatWasBegunGoesBeforeThinking() throws {
        try assertThinking(.effort(.low), "{}", dropped: ["reasoning_effort"]) {
            $0.turns.append(Checks.assistant("The answer is"))
        }
    }

    func testAnAnswerThatWasPausedGoesOnThinking() throws {
        let native = Part(.native(try Checks.json(#"{"type": "server_tool_use"}"#), of: .anthropic))
        let thought = Part(.thinking(Thinking(text: "t", signature: "s", origin: .anthropic)))
        for parts in [[native], [thought, Part(.text("A"))]] {
            try assertThinking(.effort(.low), budget(2_048)) { $0.turns.append(Turn(.assistant, parts)) }
        }
    }

    func testWithoutItsThoughtTheCallOfAToolEndsThinking() throws {
        let unsigned: (inout Conversation) -> Void = {
            $0.turns += [Checks.calling(("a", "f")), Checks.result("a", "1")]
        }
        try assertThinking(.effort(.low), "{}", dropped: ["reasoning_effort"], unsigned)
        try assertThinking(
            .effort(.low), on: "claude-opus-4-6",
            #"{"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}}"#, unsigned)
        try assertThinking(.effort(.low), budget(2_048)) {
            var calling = Checks.calling(("a", "f"))
            calling.parts.insert(Part(.thinking(Thinking(text: "t", signature: "s", origin: .anthropic))), at: 0)
            $0.turns += [calling, Checks.result("a", "1")]
        }
        // Once the user has spoken again, what was thought before is over.
        try assertThinking(.effort(.low), budget(2_048)) {
            $0.turns += [Checks.calling(("a", "f")), Checks.result("a", "1"), Checks.assistant("B"), Checks.user("C")]
        }
    }

    // MARK: Generations

    func testGenerationsAreToldByName() {
        func generation(_ model: String) -> AnthropicGeneration { AnthropicGeneration(model: model) }
        for model in [
            "claude-opus-4-20250514", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4.5",
            "claude-3-7-sonnet-latest",
        ] {
            XCTAssertTrue(generation(model).takesBudget, model)
            XCTAssertFalse(generation(model).takesAdaptive, model)
            XCTAssertTrue(generation(model).takesSampling, model)
        }
        for model in ["claude-opus-4-6", "claude-sonnet-4-6@20260101", "anthropic/claude-opus-4.6"] {
            XCTAssertTrue(generation(model).takesBudget && generation(model).takesAdaptive, model)
            XCTAssertTrue(generation(model).takesSampling, model)
        }
        for model in ["claude-opus-4-7", "claude-sonnet-5", "claude-mythos-preview", "Claude-Haiku-5-5-20260801"] {
            XCTAssertFalse(generation(model).takesBudget, model)
            XCTAssertTrue(generation(model).takesAdaptive, model)
            XCTAssertFalse(generation(model).takesSampling, model)
        }
        XCTAssertFalse(generation("claude-3-opus-20240229").takesThinking)
        XCTAssertFalse(generation("claude-instant-1.2").takesThinking)
        XCTAssertTrue(generation("glm-4.7").takesBudget)
        XCTAssertTrue(generation("claude-opus-4-20250514").takesTemperatureBesideTopP)
        XCTAssertFalse(generation("claude-opus-4-1-20250805").takesTemperatureBesideTopP)
    }
}

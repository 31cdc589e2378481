import Shared
import XCTest

@testable import Translate

/// What depends on the model: thinking, sampling, caches, betas.
final class BedrockModelTests: XCTestCase {
    private typealias Checks = BedrockChecks

    private func chat(_ change: (inout Conversation) -> Void) -> Conversation {
        Checks.chat(Checks.user("Hi"), change: change)
    }

    private func asking(_ amount: Reasoning.Amount, max: UInt64? = nil) -> Conversation {
        chat {
            $0.reasoning = Reasoning(amount)
            $0.outputTokensMax = max
        }
    }

    func testTheIDTellsTheModel() {
        let claude = { (name: String) in BedrockModel.claude(AnthropicGeneration(model: name)) }
        let models: [(String, BedrockModel)] = [
            (Checks.sonnet, claude("claude-sonnet-4-5")), (Checks.haiku, claude("claude-3-haiku-20240307")),
            (
                "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-7-sonnet-20250219-v1:0",
                claude("claude-3-7-sonnet")
            ),
            (
                "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1",
                claude("claude-opus-4-6")
            ),
            (Checks.nova, .nova(generation: 1)), ("global.amazon.nova-2-lite-v1:0", .nova(generation: 2)),
            ("openai.gpt-oss-120b-1:0", .openAI), (Checks.llama, .other), ("us.deepseek.r1-v1:0", .other),
            ("arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abc123def456", .unknown),
            ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghij12", .unknown),
        ]
        for (id, model) in models { XCTAssertEqual(BedrockModel(id: id), model, id) }
    }

    // MARK: Thinking

    func testClaudeIsToldInAnthropicsWords() throws {
        let cases: [(String, Reasoning.Amount, fields: String?, output: String?)] = [
            (Checks.sonnet, .tokens(2_000), #"{"thinking": {"type": "enabled", "budget_tokens": 2000}}"#, nil),
            (Checks.sonnet, .effort(.low), #"{"thinking": {"type": "enabled", "budget_tokens": 2048}}"#, nil),
            (Checks.sonnet, .off, #"{"thinking": {"type": "disabled"}}"#, nil),
            (
                "anthropic.claude-opus-4-6-v1", .effort(.high), #"{"thinking": {"type": "adaptive"}}"#,
                #"{"effort": "high"}"#
            ),
            (Checks.opus, .effort(.xhigh), #"{"thinking": {"type": "adaptive"}}"#, #"{"effort": "xhigh"}"#),
            (Checks.opus, .automatic, #"{"thinking": {"type": "adaptive"}}"#, nil),
        ]
        for (model, amount, fields, output) in cases {
            let conversation = asking(amount, max: 20_000)
            try Checks.assert(conversation, for: Checks.target(model), has: "additionalModelRequestFields", fields)
            try Checks.assert(conversation, for: Checks.target(model), has: "outputConfig", output)
        }
    }

    func testABudgetWantsABoundAboveIt() throws {
        let target = Checks.target { $0.outputTokensDefault = 8_000 }
        let written = try Checks.written(asking(.effort(.high)), for: target)
        XCTAssertEqual(written["inferenceConfig"]?["maxTokens"]?.number?.text, "8000")
        let budget = written["additionalModelRequestFields"]?["thinking"]?["budget_tokens"]?.number?.int64
        XCTAssertLessThan(try XCTUnwrap(budget), 8_000)
        // Without thoughts Bedrock knows a bound of its own.
        try Checks.assert(chat { _ in }, for: target, has: "inferenceConfig", nil)
    }

    func testThinkingYieldsToACallThatHasToBeMadeAndToAnAnswerThatIsBegun() throws {
        var forced = asking(.effort(.high), max: 20_000)
        forced.tools = [try Checks.tool("f")]
        forced.toolChoice = .required
        var begun = asking(.effort(.high), max: 20_000)
        begun.turns.append(Checks.assistant("It"))
        for conversation in [forced, begun] {
            XCTAssertEqual(try Checks.rendered(conversation).dropped, ["reasoning_effort"])
            try Checks.assert(conversation, has: "additionalModelRequestFields", nil)
        }
    }

    func testThinkingYieldsWhereTheTurnThatCalledToolsLacksItsThought() throws {
        let without = Checks.chat(Checks.user("A"), Checks.calling(("1", "f")), Checks.result("1", "one")) {
            $0.reasoning = Reasoning(.effort(.low))
            $0.outputTokensMax = 20_000
        }
        XCTAssertEqual(try Checks.rendered(without).dropped, ["reasoning_effort"])
        var with = without
        with.turns[1] = Checks.calling(
            ("1", "f"), thinking: Thinking(text: "Hm", signature: "c2ln", origin: .bedrock))
        XCTAssertEqual(try Checks.rendered(with).dropped, [])
        XCTAssertNotNil(try Checks.written(with)["additionalModelRequestFields"]?["thinking"])
    }

    func testOtherModelsAreToldInTheirVendorsWordsOrNotAtAll() throws {
        let nova = Checks.target("us.amazon.nova-2-lite-v1:0")
        try Checks.assert(
            asking(.effort(.low)), for: nova, has: "additionalModelRequestFields",
            #"{"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}}"#)
        try Checks.assert(
            asking(.off), for: nova, has: "additionalModelRequestFields", #"{"reasoningConfig": {"type": "disabled"}}"#)
        XCTAssertEqual(try Checks.rendered(asking(.effort(.high), max: 100), for: nova).adjusted, ["reasoning_effort"])
        try Checks.assert(
            asking(.tokens(20_000)), for: Checks.target("openai.gpt-oss-120b-1:0"), has: "additionalModelRequestFields",
            #"{"reasoning_effort": "high"}"#)
        XCTAssertEqual(
            try Checks.rendered(asking(.off), for: Checks.target("openai.gpt-oss-120b-1:0")).adjusted,
            ["reasoning_effort"])
        for model in [Checks.llama, Checks.nova, "arn:aws:bedrock:us-east-1:1:application-inference-profile/a"] {
            let rendered = try Checks.rendered(asking(.effort(.low)), for: Checks.target(model))
            XCTAssertEqual(rendered.dropped, ["reasoning_effort"])
            XCTAssertEqual(try Checks.rendered(asking(.off), for: Checks.target(model)).dropped, [])
        }
        let plain = Checks.target("openai.gpt-oss-120b-1:0") { $0.capabilities.reasoning = false }
        XCTAssertEqual(try Checks.rendered(asking(.effort(.low)), for: plain).dropped, ["reasoning_effort"])
    }

    // MARK: Sampling

    func testTemperatureIsAtMostOne() throws {
        let conversation = chat { $0.sampling.temperature = JSONNumber(2) }
        let rendered = try Checks.rendered(conversation)
        XCTAssertEqual(rendered.adjusted, ["temperature"])
        try Checks.assert(conversation, has: "inferenceConfig", #"{"temperature": 1}"#)
    }

    func testAModelThatThinksTakesNoOtherSampling() throws {
        let conversation = try Checks.asked(
            #"""
            "inferenceConfig": {"maxTokens": 9000, "temperature": 0.5, "topP": 0.5},
            "additionalModelRequestFields": {"top_k": 5, "thinking": {"type": "enabled", "budget_tokens": 2000}}
            """#)
        XCTAssertEqual(try Checks.rendered(conversation).dropped, ["temperature", "top_p", "top_k"])
        let usual = try Checks.asked(
            #"""
            "inferenceConfig": {"maxTokens": 9000, "temperature": 1},
            "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2000}}
            """#)
        XCTAssertEqual(try Checks.rendered(usual).dropped, [])
    }

    func testSomeModelsTakeTemperatureOrTopP() throws {
        let both = try Checks.asked(#""inferenceConfig": {"temperature": 0.5, "topP": 0.9}"#)
        XCTAssertEqual(try Checks.rendered(both).dropped, ["top_p"])
        XCTAssertEqual(try Checks.rendered(both, for: Checks.target(Checks.haiku)).dropped, [])
        for (settings, left) in [
            (#""temperature": 1, "topP": 0.9"#, "topP"), (#""temperature": 0.5, "topP": 1"#, "temperature"),
        ] {
            let conversation = try Checks.asked(#""inferenceConfig": {\#(settings)}"#)
            XCTAssertEqual(try Checks.rendered(conversation).dropped, [])
            XCTAssertEqual(try Checks.written(conversation)["inferenceConfig"]?.object?.names, [left])
        }
    }

    func testATargetWithoutSamplingGetsNone() throws {
        let target = Checks.target(Checks.llama) { $0.capabilities.sampling = false }
        let conversation = try Checks.asked(
            #""inferenceConfig": {"temperature": 0.5, "topP": 0.9}, "additionalModelRequestFields": {"top_k": 5}"#)
        for target in [target, Checks.target(Checks.opus)] {
            XCTAssertEqual(try Checks.rendered(conversation, for: target).dropped, ["temperature", "top_p", "top_k"])
        }
    }

    func testTopKStandsWhereTheModelLooksForIt() throws {
        let conversation = chat { $0.sampling.topK = JSONNumber(7) }
        try Checks.assert(conversation, has: "additionalModelRequestFields", #"{"top_k": 7}"#)
        try Checks.assert(
            conversation, for: Checks.target(Checks.nova), has: "additionalModelRequestFields",
            #"{"inferenceConfig": {"topK": 7}}"#)
        XCTAssertEqual(try Checks.rendered(conversation, for: Checks.target(Checks.llama)).dropped, ["top_k"])
    }

    // MARK: Caches

    private func marked(tools: CacheMark?, system: CacheMark?, message: CacheMark?) throws -> Conversation {
        var tool = try Checks.tool("f")
        tool.cacheMark = tools
        return Checks.chat(
            Turn(.system, [Part(.text("A"), cacheMark: system)]), Turn(.user, [Part(.text("B"), cacheMark: message)])
        ) { $0.tools = [tool] }
    }

    private func points(_ conversation: Conversation, _ model: String) throws -> [String?] {
        let written = try Checks.written(conversation, for: Checks.target(model))
        let lists = [written["toolConfig"]?["tools"], written["system"], written["messages"]?.array?[0]["content"]]
        return lists.map { list in
            guard let point = list?.array?.last?["cachePoint"] else { return nil }
            return point["ttl"]?.string ?? "default"
        }
    }

    func testCachesBeginWhereTheModelTakesThem() throws {
        let mark = CacheMark()
        let all = try marked(tools: mark, system: mark, message: mark)
        XCTAssertEqual(try points(all, Checks.sonnet), ["default", "default", "default"])
        XCTAssertEqual(try points(all, Checks.nova), [nil, "default", "default"])
        XCTAssertEqual(try points(all, Checks.llama), [nil, nil, nil])
        XCTAssertEqual(try Checks.rendered(all, for: Checks.target(Checks.nova)).dropped, ["cache_control"])
    }

    func testACacheThatLastsLongerDoesNotStandBehindOneThatLastsShorter() throws {
        let (short, long) = (CacheMark(seconds: 300), CacheMark(seconds: 3_600))
        let falling = try marked(tools: long, system: long, message: short)
        XCTAssertEqual(try points(falling, Checks.sonnet), ["1h", "1h", "5m"])
        XCTAssertEqual(try Checks.rendered(falling).adjusted, [])
        let rising = try marked(tools: long, system: short, message: long)
        XCTAssertEqual(try points(rising, Checks.sonnet), ["1h", "5m", "default"])
        XCTAssertEqual(try Checks.rendered(rising).adjusted, ["cache_control.ttl"])
        // Models before Claude 4.5 know five minutes only.
        XCTAssertEqual(try points(falling, Checks.haiku), ["default", "default", "5m"])
    }

    func testNoCacheBeginsBehindAThought() throws {
        let thinking = Thinking(text: "Hm", signature: "c2ln", origin: .bedrock)
        let conversation = Checks.chat(
            Checks.user("A"),
            Turn(.assistant, [Part(.thinking(thinking), cacheMark: CacheMark()), Part(.text("B"))]), Checks.user("C"))
        XCTAssertEqual(try Checks.rendered(conversation).dropped, ["cache_control"])
    }

    // MARK: Betas

    func testBetasThatBedrockKnowsGoIntoTheBody() throws {
        let conversation = chat {
            $0.betas = ["claude-code-20250219", "interleaved-thinking-2025-05-14", "context-1m-2025-08-07"]
        }
        try Checks.assert(
            conversation, has: "additionalModelRequestFields",
            #"{"anthropic_beta": ["interleaved-thinking-2025-05-14", "context-1m-2025-08-07"]}"#)
        try Checks.assert(conversation, for: Checks.target(Checks.nova), has: "additionalModelRequestFields", nil)
    }

    func testACallerOfBedrocksKnowsItsBetasItself() throws {
        let conversation = try Checks.asked(
            #""additionalModelRequestFields": {"anthropic_beta": ["context-1m-2025-08-07", "new-2027-01-01"]}"#)
        XCTAssertEqual(conversation.betas, ["context-1m-2025-08-07"])
        try Checks.assert(
            conversation, has: "additionalModelRequestFields",
            #"{"anthropic_beta": ["context-1m-2025-08-07", "new-2027-01-01"]}"#)
    }
}

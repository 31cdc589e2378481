import Shared
import XCTest

@testable import Translate

final class AnthropicRequestWriterTests: XCTestCase {
    typealias Checks = AnthropicChecks

    private func asking(_ change: (inout Conversation) -> Void) -> Conversation {
        Checks.chat(Checks.user("Q"), change: change)
    }

    private func number(_ text: String) throws -> JSONNumber { try XCTUnwrap(try Checks.json(text).number) }

    /// What is written besides model, bound and turns; and what is reported.
    private func assertWritten(
        _ expected: String, dropped: [String] = [], adjusted: [String] = [], for target: TargetTraits? = nil,
        line: UInt = #line, _ change: (inout Conversation) throws -> Void
    ) throws {
        var conversation = asking { _ in }
        try change(&conversation)
        let rendered = try Checks.rendered(conversation, for: target)
        var object = try XCTUnwrap(try JSONValue(parsing: rendered.body).object)
        for name in ["model", "max_tokens", "messages"] { object[name] = nil }
        assertJSON(JSONValue.object(object).bytes, expected, line: line)
        XCTAssertEqual(rendered.dropped, dropped, line: line)
        XCTAssertEqual(rendered.adjusted, adjusted, line: line)
    }

    // MARK: The bound

    func testTheBoundComesFromTheRequestOrElseFromTheTarget() throws {
        var conversation = asking { _ in }
        let target = Checks.target { $0.outputTokensDefault = 777 }
        XCTAssertEqual(try Checks.written(conversation, for: target)["max_tokens"]?.number?.text, "777")
        conversation.outputTokensMax = 50
        XCTAssertEqual(try Checks.written(conversation, for: target)["max_tokens"]?.number?.text, "50")
    }

    func testTheTargetsNameGoesUpstream() throws {
        let body = try Checks.written(asking { $0.isStream = true }, for: Checks.target("claude-haiku-4-5"))
        XCTAssertEqual(body["model"]?.string, "claude-haiku-4-5")
        XCTAssertEqual(body["stream"]?.boolean, true)
        XCTAssertEqual(AnthropicMessages.path(model: "claude-haiku-4-5", isStream: true), "/messages")
    }

    // MARK: Sampling

    func testTemperaturesBeyondOneAreClamped() throws {
        try assertWritten(#"{"temperature": 1}"#, adjusted: ["temperature"]) {
            $0.sampling.temperature = try number("1.5")
        }
        try assertWritten(#"{"temperature": 0.30}"#) { $0.sampling.temperature = try number("0.30") }
    }

    func testStopsOfNothingButWhiteSpaceAreDropped() throws {
        try assertWritten(#"{"stop_sequences": ["END", " a"]}"#, dropped: ["stop"]) {
            $0.stops = ["\n", "END", "", " a"]
        }
        try assertWritten("{}") { $0.stops = [""] }
    }

    func testWhatHasNoCounterpartIsReported() throws {
        try assertWritten(
            "{}",
            dropped: [
                "n", "frequency_penalty", "presence_penalty", "seed", "logit_bias", "logprobs", "top_logprobs",
                "metadata",
            ]
        ) {
            $0.sampling.choices = 2
            $0.sampling.frequencyPenalty = try number("0.5")
            $0.sampling.presencePenalty = try number("-1")
            $0.sampling.seed = try number("7")
            $0.sampling.logitBias = try Checks.json(#"{"50256": -100}"#).object
            $0.sampling.logprobs = true
            $0.sampling.topLogprobs = 2
            $0.metadata = try Checks.json(#"{"team": "a"}"#).object
        }
    }

    func testWhatSaysNothingIsNotReported() throws {
        try assertWritten("{}") {
            $0.sampling.choices = 1
            $0.sampling.frequencyPenalty = try number("0.0")
            $0.sampling.presencePenalty = try number("0")
            $0.sampling.logitBias = JSONObject()
            $0.sampling.logprobs = false
            $0.sampling.topLogprobs = 0
            $0.metadata = JSONObject()
            $0.includesUsage = true
            $0.format = .text
        }
    }

    func testNewerModelsTakeTemperatureOrTopPButNotBoth() throws {
        let both: (inout Conversation) throws -> Void = {
            $0.sampling.temperature = JSONNumber(0)
            $0.sampling.topP = try self.number("0.5")
        }
        try assertWritten(#"{"temperature": 0}"#, dropped: ["top_p"], both)
        let older = Checks.target("claude-3-5-sonnet-20241022")
        try assertWritten(#"{"temperature": 0, "top_p": 0.5}"#, for: older, both)
        // One that stands for what happens anyway makes room for the other.
        try assertWritten(#"{"top_p": 0.5}"#) {
            $0.sampling.temperature = JSONNumber(1)
            $0.sampling.topP = try number("0.5")
        }
        try assertWritten(#"{"temperature": 0.5}"#) {
            $0.sampling.temperature = try number("0.5")
            $0.sampling.topP = JSONNumber(1)
        }
    }

    func testModelsThatTakeNoSamplingGetNone() throws {
        let all: (inout Conversation) throws -> Void = {
            $0.sampling.temperature = try self.number("0.5")
            $0.sampling.topP = try self.number("0.5")
            $0.sampling.topK = JSONNumber(5)
        }
        let lost = ["temperature", "top_p", "top_k"]
        try assertWritten("{}", dropped: lost, for: Checks.target("claude-opus-4-7"), all)
        try assertWritten("{}", dropped: lost, for: Checks.target { $0.capabilities.sampling = false }, all)
        try assertWritten("{}", for: Checks.target("claude-opus-4-7")) {
            $0.sampling.temperature = try number("1.0")
            $0.sampling.topP = JSONNumber(1)
        }
    }

    // MARK: Labels

    func testTheEndUserIsALabelOfTheRequest() throws {
        try assertWritten(#"{"metadata": {"user_id": "jo"}}"#) { $0.endUser = "jo" }
    }

    func testTiersThatAnthropicHasAreKept() throws {
        for (tier, written) in [("auto", "auto"), ("standard_only", "standard_only"), ("default", "standard_only")] {
            try assertWritten(#"{"service_tier": "\#(written)"}"#) { $0.serviceTier = tier }
        }
        for tier in ["flex", "priority", "scale"] {
            try assertWritten("{}", dropped: ["service_tier"]) { $0.serviceTier = tier }
        }
    }

    func testFieldsOfOtherDialectsAreReportedByTheirNames() throws {
        try assertWritten("{}", dropped: ["store", "modalities"]) {
            $0.extras.add("store", .boolean(true), of: .openai)
            $0.extras.add("modalities", .array([.string("text")]), of: .openai)
            $0.extras.add("prediction", .null, of: .openai)
        }
    }

    func testFieldsOfMessagesPartsAndToolsAreReported() throws {
        var part = Part(.text("A"))
        part.extras.add("annotations", .array([.null]), of: .openai)
        var turn = Turn(.user, [part])
        turn.extras.add("weight", JSONValue.number(JSONNumber(1)), of: .openai)
        var tool = Tool(name: "f", kind: .function(parameters: nil))
        tool.extras.add("output_schema", .string("x"), of: .openai)
        let rendered = try Checks.rendered(Checks.chat(turn) { $0.tools = [tool] })
        XCTAssertEqual(Set(rendered.dropped), ["messages[].annotations", "messages[].weight", "tools[].output_schema"])
    }

    // MARK: Tools

    private func function(_ name: String, _ parameters: String? = nil, isStrict: Bool? = nil) throws -> Tool {
        Tool(name: name, summary: "S", kind: .function(parameters: try parameters.map(Checks.json)), isStrict: isStrict)
    }

    func testChoicesOfTools() throws {
        let cases: [(ToolChoice?, Bool?, String)] = [
            (nil, nil, ""),
            (nil, true, ""),
            (nil, false, #", "tool_choice": {"type": "auto", "disable_parallel_tool_use": true}"#),
            (.automatic, nil, #", "tool_choice": {"type": "auto"}"#),
            (ToolChoice.none, false, #", "tool_choice": {"type": "none"}"#),
            (.required, nil, #", "tool_choice": {"type": "any"}"#),
            (.required, false, #", "tool_choice": {"type": "any", "disable_parallel_tool_use": true}"#),
            (
                .function("f"), true,
                #", "tool_choice": {"type": "tool", "name": "f", "disable_parallel_tool_use": false}"#
            ),
        ]
        let tool = #"{"name": "f", "description": "S", "input_schema": {"type": "object", "properties": {}}}"#
        for (choice, parallel, expected) in cases {
            try assertWritten(#"{"tools": [\#(tool)]\#(expected)}"#) {
                $0.tools = [try function("f")]
                // Not the absence of a choice.
                $0.toolChoice = choice
                $0.allowsParallelToolCalls = parallel
            }
        }
    }

    func testToolsThatMayNotBeCalledAreNotOffered() throws {
        let body = try Checks.written(
            asking {
                $0.tools = ["a", "b.c", "d"].map { Tool(name: $0, kind: .function(parameters: nil)) }
                $0.toolChoice = .among(["b.c", "d"], isRequired: true)
            })
        XCTAssertEqual(body["tools"]?.array?.compactMap { $0["name"]?.string }, ["b_c", "d"])
        XCTAssertEqual(body["tool_choice"]?["type"]?.string, "any")
    }

    func testAChoiceWithoutToolsIsNone() throws {
        try assertWritten("{}") { $0.toolChoice = .automatic }
        try assertWritten("{}") { $0.toolChoice = ToolChoice.none }
        try assertWritten("{}", dropped: ["tool_choice"]) { $0.toolChoice = .required }
    }

    func testNamesOfToolsAreChangedEverywhereAndCanBeChangedBack() throws {
        let long = String(repeating: "n", count: 129)
        let conversation = Checks.chat(
            Checks.user("Q"), Checks.calling(("1", "ns.get/it"), ("2", "gone:tool")), Checks.result("1", "r"),
            Checks.result("2", "s")
        ) {
            $0.tools = ["ns.get/it", long, String(repeating: "m", count: 128)].map {
                Tool(name: $0, kind: .function(parameters: nil))
            }
            $0.toolChoice = .function("ns.get/it")
        }
        let rendered = try Checks.rendered(conversation)
        let body = try JSONValue(parsing: rendered.body)
        let cut = String(repeating: "n", count: 128)
        XCTAssertEqual(
            body["tools"]?.array?.compactMap { $0["name"]?.string },
            ["ns_get_it", cut, String(repeating: "m", count: 128)])
        XCTAssertEqual(body["tool_choice"]?["name"]?.string, "ns_get_it")
        let calls = body["messages"]?.array?[1]["content"]?.array?.compactMap { $0["name"]?.string }
        XCTAssertEqual(calls, ["ns_get_it", "gone_tool"])
        XCTAssertEqual(
            rendered.reading.toolNames, ["ns_get_it": "ns.get/it", "gone_tool": "gone:tool", cut: long])
    }

    func testToolsOfOtherDialectsAreReported() throws {
        try assertWritten("{}", dropped: ["tools[].file_search"]) {
            $0.tools = [Tool(name: "x", kind: .native(try Checks.json(#"{"type": "file_search"}"#)))]
        }
        try assertWritten("{}", dropped: ["tools"], for: Checks.target { $0.capabilities.tools = false }) {
            $0.tools = [try function("f")]
        }
    }

    func testStrictToolsKeepTheirWordWhereTheModelCan() throws {
        let schema = #"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}"#
        try assertWritten(
            #"""
            {"tools": [{"name": "f", "description": "S", "strict": true, "input_schema": {"type": "object",
              "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}}]}
            """#
        ) { $0.tools = [try function("f", schema, isStrict: true)] }
        let target = Checks.target { $0.capabilities.jsonSchema = false }
        try assertWritten(
            #"{"tools": [{"name": "f", "description": "S", "input_schema": \#(schema)}]}"#,
            dropped: ["tools[].function.strict"], for: target
        ) { $0.tools = [try function("f", schema, isStrict: true)] }
        try assertWritten(#"{"tools": [{"name": "f", "description": "S", "input_schema": \#(schema)}]}"#) {
            $0.tools = [try function("f", schema, isStrict: false)]
        }
    }

    // MARK: Formats

    private let person = #"{"type": "object", "properties": {"n": {"type": "integer"}}, "additionalProperties": false}"#

    func testASchemaIsKeptByTheModelItselfWhereItCan() throws {
        try assertWritten(
            #"""
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "description": "A person.",
              "properties": {"n": {"type": "integer"}}, "additionalProperties": false}}}}
            """#
        ) {
            $0.format = .schema(
                OutputSchema(name: "p", summary: "A person.", schema: try Checks.json(person), isStrict: true))
        }
    }

    func testAModelThatKeepsToNoSchemaHasToCallATool() throws {
        let conversation = asking { $0.format = .schema(OutputSchema(schema: try? Checks.json(person))) }
        let rendered = try Checks.rendered(conversation, for: Checks.target { $0.capabilities.jsonSchema = false })
        let body = try JSONValue(parsing: rendered.body)
        XCTAssertEqual(rendered.reading.formatTool, "answer_as_json")
        XCTAssertEqual(rendered.dropped + rendered.adjusted, [])
        assertJSON(try XCTUnwrap(body["tool_choice"]).bytes, #"{"type": "tool", "name": "answer_as_json"}"#)
        assertJSON(try XCTUnwrap(body["tools"]?.array?[0]["input_schema"]).bytes, person)
        XCTAssertNil(body["output_config"])
    }

    func testAnyObjectIsAskedForByATool() throws {
        let rendered = try Checks.rendered(asking { $0.format = .json })
        let body = try JSONValue(parsing: rendered.body)
        XCTAssertEqual(rendered.reading.formatTool, "answer_as_json")
        assertJSON(
            try XCTUnwrap(body["tools"]?.array?[0]["input_schema"]).bytes, #"{"type": "object", "properties": {}}"#)
    }

    func testTheToolOfAFormatStandsBesideTheCallersOwn() throws {
        let conversation = asking {
            $0.format = .json
            $0.tools = ["answer_as_json", "f"].map { Tool(name: $0, kind: .function(parameters: nil)) }
        }
        let rendered = try Checks.rendered(conversation)
        let body = try JSONValue(parsing: rendered.body)
        XCTAssertEqual(rendered.reading.formatTool, "answer_as_json_2")
        XCTAssertEqual(
            body["tools"]?.array?.compactMap { $0["name"]?.string }, ["answer_as_json", "f", "answer_as_json_2"])
        XCTAssertEqual(body["tool_choice"]?["type"]?.string, "any")
        var unused = conversation
        unused.toolChoice = ToolChoice.none
        XCTAssertEqual(try Checks.written(unused)["tool_choice"]?["name"]?.string, "answer_as_json_2")
    }

    func testACallThatHasToBeMadeLeavesNoPlaceForAFormat() throws {
        let rendered = try Checks.rendered(
            asking {
                $0.format = .json
                $0.tools = [Tool(name: "f", kind: .function(parameters: nil))]
                $0.toolChoice = .required
            })
        XCTAssertEqual(rendered.dropped, ["response_format"])
        XCTAssertNil(rendered.reading.formatTool)
    }

    func testAToolCannotAnswerWithAList() throws {
        let conversation = asking { $0.format = .schema(OutputSchema(schema: try? Checks.json(#"{"type": "array"}"#))) }
        let target = Checks.target { $0.capabilities.jsonSchema = false }
        XCTAssertThrowsError(try Checks.rendered(conversation, for: target)) {
            guard case .inexpressible(field: "response_format", _) = $0 as? TranslationError else {
                return XCTFail("\($0)")
            }
        }
    }
}

import Shared
import Translate
import XCTest

/// How settings from any dialect are written for Gemini.
final class GeminiGenerationTests: XCTestCase {
    private func rendered(
        _ model: String = "gemini-3-flash", capabilities: (inout Capabilities) -> Void = { _ in },
        _ change: (inout Conversation) throws -> Void
    ) throws -> (config: String, dropped: [String], adjusted: [String], body: JSONValue) {
        var conversation = Gemini.hello
        try change(&conversation)
        let rendered = try Gemini.write(conversation, model: model, capabilities)
        let body = try JSONValue(parsing: rendered.body)
        let config = body["generationConfig"].map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        return (config, rendered.dropped, rendered.adjusted, body)
    }

    func testEverySettingHasItsField() throws {
        let found = try rendered { conversation in
            conversation.outputTokensMax = 100
            conversation.stops = ["a", "", "b"]
            conversation.sampling.temperature = try Gemini.json("1.50").number
            conversation.sampling.topP = try Gemini.json("0.9").number
            conversation.sampling.topK = JSONNumber(40)
            conversation.sampling.frequencyPenalty = JSONNumber(1)
            conversation.sampling.presencePenalty = JSONNumber(-1)
            conversation.sampling.seed = JSONNumber(7)
            conversation.sampling.choices = 2
            conversation.sampling.logprobs = true
            conversation.sampling.topLogprobs = 4
        }
        XCTAssertEqual(
            found.config,
            #"{"maxOutputTokens":100,"stopSequences":["a","b"],"temperature":1.50,"topP":0.9,"topK":40,"frequencyPenalty":1,"#
                + #""presencePenalty":-1,"seed":7,"candidateCount":2,"responseLogprobs":true,"logprobs":4}"#)
        XCTAssertEqual(found.dropped, [])
        XCTAssertEqual(found.adjusted, [])
        XCTAssertEqual(try rendered { $0.sampling.choices = 1 }.config, "")
    }

    // MARK: What is dropped or adjusted

    func testStopsBeyondTheFifthAreDropped() throws {
        let found = try rendered { $0.stops = ["1", "2", "3", "4", "5", "6"] }
        XCTAssertEqual(found.config, #"{"stopSequences":["1","2","3","4","5"]}"#)
        XCTAssertEqual(found.dropped, ["stop"])
        XCTAssertEqual(try rendered { $0.stops = ["1", "2", "3", "4", "5", ""] }.dropped, [])
    }

    func testWhatGeminiHasNotIsDropped() throws {
        let found = try rendered { conversation in
            var bias = JSONObject()
            bias["1"] = .number(JSONNumber(-100))
            conversation.sampling.logitBias = bias
            conversation.endUser = "u-1"
            conversation.allowsParallelToolCalls = false
            conversation.metadata = try Gemini.json(#"{"a":"b"}"#).object
            conversation.serviceTier = "scale"
            conversation.extras.add("store", .boolean(true), of: .openai)
            conversation.extras.add("modalities", .null, of: .openai)
            var reasoning = Reasoning()
            reasoning.extras.add("reasoning_summary", .string("auto"), of: .openai)
            conversation.reasoning = reasoning
        }
        XCTAssertEqual(
            Set(found.dropped),
            [
                "logit_bias", "user", "parallel_tool_calls", "metadata", "service_tier", "store", "reasoning_summary",
            ])
        XCTAssertEqual(found.body.object?.names, ["contents"])
        XCTAssertEqual(try rendered { $0.allowsParallelToolCalls = true }.dropped, [])
    }

    func testALongSeedKeepsItsLowerBits() throws {
        let found = try rendered { $0.sampling.seed = JSONNumber(Int64(1) << 40 + 5) }
        XCTAssertEqual(found.config, #"{"seed":5}"#)
        XCTAssertEqual(found.adjusted, ["seed"])
        let broken = try rendered { $0.sampling.seed = try Gemini.json("1.5").number }
        XCTAssertEqual(broken.dropped, ["seed"])
    }

    func testAModelWithoutSamplingGetsNone() throws {
        let found = try rendered(capabilities: { $0.sampling = false }) { conversation in
            conversation.sampling.temperature = JSONNumber(0)
            conversation.sampling.topP = JSONNumber(0)
            conversation.sampling.topK = JSONNumber(1)
            conversation.sampling.frequencyPenalty = JSONNumber(1)
            conversation.sampling.presencePenalty = JSONNumber(1)
        }
        XCTAssertEqual(found.config, "")
        XCTAssertEqual(
            found.dropped, ["temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty"])
        let usual = try rendered(capabilities: { $0.sampling = false }) { conversation in
            conversation.sampling.temperature = JSONNumber(1)
            conversation.sampling.topP = JSONNumber(1)
            conversation.sampling.frequencyPenalty = JSONNumber(0)
            conversation.sampling.presencePenalty = JSONNumber(0)
        }
        XCTAssertEqual(usual.dropped, [], "what is the usual anyway is no loss")
    }

    func testServiceTiersHaveGeminisWords() throws {
        for (word, written) in [
            ("auto", nil), ("default", "standard"), ("standard_only", "standard"), ("standard", "standard"),
            ("flex", "flex"), ("priority", "priority"),
        ] {
            let found = try rendered { $0.serviceTier = word }
            XCTAssertEqual(found.body["serviceTier"]?.string, written)
            XCTAssertEqual(found.dropped, [])
        }
    }

    // MARK: Formats

    private static let schema = #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#

    func testFormatsAreATypeAndASchema() throws {
        XCTAssertEqual(try rendered { $0.format = .text }.config, #"{"responseMimeType":"text/plain"}"#)
        XCTAssertEqual(try rendered { $0.format = .json }.config, #"{"responseMimeType":"application/json"}"#)
        let found = try rendered { conversation in
            let schema = try Gemini.json(Self.schema)
            conversation.format = .schema(OutputSchema(name: "n", summary: "Who", schema: schema, isStrict: true))
        }
        assertJSON(
            Array(found.config.utf8),
            """
            {"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"a":{"type":"string"}},
              "additionalProperties":false,"description":"Who"}}
            """)
        XCTAssertEqual(found.dropped, [])
        XCTAssertEqual(
            try rendered { $0.format = .schema(OutputSchema(schema: nil)) }.config,
            #"{"responseMimeType":"application/json"}"#)
    }

    private func withTool(_ name: String = "f") -> (inout Conversation) throws -> Void {
        { conversation in
            conversation.tools = [Tool(name: name, kind: .function(parameters: nil))]
            conversation.format = .schema(OutputSchema(name: "person", schema: try Gemini.json(Self.schema)))
        }
    }

    func testASchemaBesideFunctionsIsAskedForByAToolBeforeGemini3() throws {
        var conversation = Gemini.hello
        try withTool("person")(&conversation)
        let rendered = try Gemini.write(conversation, model: "gemini-2.5-flash")
        XCTAssertEqual(rendered.reading.formatTool, "person_2")
        XCTAssertEqual(rendered.reading.toolNames, [:])
        assertJSON(
            rendered.body,
            """
            {"contents":[{"role":"user","parts":[{"text":"Hello"}]}],
             "tools":[{"functionDeclarations":[{"name":"person"},{"name":"person_2","description":"Gives the final answer to the user.",
               "parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY"}}}
            """)
        let newer = try self.rendered("gemini-3-flash", withTool())
        XCTAssertTrue(newer.config.contains("responseJsonSchema"))
        let silent = try self.rendered("gemini-2.5-flash") { conversation in
            try withTool()(&conversation)
            conversation.toolChoice = ToolChoice.none
        }
        XCTAssertTrue(silent.config.contains("responseJsonSchema"))
    }

    func testAModelWithoutSchemasIsAskedByATool() throws {
        var conversation = Gemini.hello
        conversation.format = .schema(OutputSchema(schema: try Gemini.json(Self.schema)))
        let rendered = try Gemini.write(conversation) { $0.jsonSchema = false }
        XCTAssertEqual(rendered.reading.formatTool, "answer")
        let body = try JSONValue(parsing: rendered.body)
        XCTAssertNil(body["generationConfig"])
    }

    func testAFormatThatNoToolCanHaveIsDropped() throws {
        for format in [
            OutputFormat.json, .schema(OutputSchema(schema: try Gemini.json(#"{"type":"array"}"#))),
            .schema(OutputSchema(schema: nil)),
        ] {
            let found = try rendered(capabilities: { $0.jsonSchema = false }) { $0.format = format }
            XCTAssertEqual(found.dropped, ["response_format"])
            XCTAssertEqual(found.config, "")
        }
        let found = try rendered("gemini-2.5-flash") { conversation in
            try withTool()(&conversation)
            conversation.toolChoice = .function("f")
        }
        XCTAssertEqual(found.dropped, ["response_format"])
    }

    // MARK: Thinking

    private func thinking(
        _ amount: Reasoning.Amount?, _ model: String, includes: Bool? = nil
    ) throws -> (config: String, reported: [String]) {
        let found = try rendered(model) { $0.reasoning = Reasoning(amount, includesThoughts: includes) }
        let config = found.body["generationConfig"]?["thinkingConfig"]
        return (config.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "", found.dropped + found.adjusted)
    }

    func testEffortsAreBudgetsForGemini25() throws {
        for (effort, flash, lite, pro) in [
            (Reasoning.Effort.none, 0, 0, 128), (.minimal, 1024, 1024, 1024), (.low, 1024, 1024, 1024),
            (.medium, 8192, 8192, 8192), (.high, 24576, 24576, 24576), (.xhigh, 24576, 24576, 32768),
            (.max, 24576, 24576, 32768),
        ] {
            for (model, budget) in [
                ("gemini-2.5-flash", flash), ("gemini-2.5-flash-lite", lite), ("gemini-2.5-pro", pro),
            ] {
                let found = try thinking(.effort(effort), model)
                XCTAssertEqual(found.config, #"{"thinkingBudget":\#(budget)}"#)
                XCTAssertEqual(found.reported, budget == 128 ? ["reasoning_effort"] : [])
            }
        }
    }

    func testBudgetsStayWithinTheModels() throws {
        for (amount, model, budget, isExact) in [
            (Reasoning.Amount.tokens(5_000), "gemini-2.5-flash", 5_000, true),
            (.tokens(100_000), "gemini-2.5-flash", 24_576, false), (.tokens(100), "gemini-2.5-flash-lite", 512, false),
            (.tokens(100), "gemini-2.5-pro", 128, false), (.tokens(32_768), "gemini-2.5-pro", 32_768, true),
            (.tokens(0), "gemini-2.5-flash", 0, true), (.off, "gemini-2.5-flash", 0, true),
            (.off, "gemini-2.5-pro", 128, false), (.automatic, "gemini-2.5-pro", -1, true),
        ] {
            let found = try thinking(amount, model)
            XCTAssertEqual(found.config, #"{"thinkingBudget":\#(budget)}"#)
            XCTAssertEqual(found.reported, isExact ? [] : ["thinking"])
        }
    }

    func testEffortsAreLevelsForGemini3() throws {
        for (effort, flash, pro31, pro) in [
            (Reasoning.Effort.none, "MINIMAL", "LOW", "LOW"), (.minimal, "MINIMAL", "LOW", "LOW"),
            (.low, "LOW", "LOW", "LOW"), (.medium, "MEDIUM", "MEDIUM", "HIGH"), (.high, "HIGH", "HIGH", "HIGH"),
            (.xhigh, "HIGH", "HIGH", "HIGH"), (.max, "HIGH", "HIGH", "HIGH"),
        ] {
            for (model, level) in [
                ("gemini-3-flash-preview", flash), ("gemini-3.1-pro-preview", pro31), ("gemini-pro-latest", pro31),
                ("gemini-3-pro-preview", pro),
            ] {
                let found = try thinking(.effort(effort), model)
                XCTAssertEqual(found.config, #"{"thinkingLevel":"\#(level)"}"#)
                XCTAssertEqual(found.reported, effort.rawValue == level.lowercased() ? [] : ["reasoning_effort"])
            }
        }
    }

    func testBudgetsBecomeLevelsForGemini3() throws {
        for (tokens, level) in [(0, "MINIMAL"), (1_024, "LOW"), (1_025, "MEDIUM"), (8_192, "MEDIUM"), (8_193, "HIGH")] {
            let found = try thinking(.tokens(UInt64(tokens)), "gemini-3-flash")
            XCTAssertEqual(found.config, #"{"thinkingLevel":"\#(level)"}"#)
            XCTAssertEqual(found.reported, ["thinking"])
        }
        let automatic = try thinking(.automatic, "gemini-3-flash")
        XCTAssertEqual(automatic.config, "")
        XCTAssertEqual(automatic.reported, [])
        XCTAssertEqual(try thinking(.off, "gemini-3-flash").config, #"{"thinkingLevel":"MINIMAL"}"#)
    }

    func testThoughtsAreShownAsAskedFor() throws {
        XCTAssertEqual(try thinking(nil, "gemini-3-flash", includes: true).config, #"{"includeThoughts":true}"#)
        XCTAssertEqual(
            try thinking(.tokens(2_000), "gemini-2.5-flash", includes: false).config,
            #"{"thinkingBudget":2000,"includeThoughts":false}"#)
    }

    func testModelsThatDoNotThinkAreNotToldTo() throws {
        for model in ["gemini-2.0-flash", "gemini-1.5-pro", "gemma-3-27b-it"] {
            XCTAssertEqual(try thinking(.effort(.high), model, includes: true).config, "")
            XCTAssertEqual(try thinking(.effort(.high), model).reported, ["reasoning_effort"])
            XCTAssertEqual(try thinking(.effort(.none), model).reported, [])
            XCTAssertEqual(try thinking(.off, model).reported, [])
        }
        let found = try rendered(capabilities: { $0.reasoning = false }) { $0.reasoning = Reasoning(.tokens(5)) }
        XCTAssertEqual(found.config, "")
        XCTAssertEqual(found.dropped, ["thinking"])
    }
}

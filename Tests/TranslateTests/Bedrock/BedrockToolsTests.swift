import Shared
import XCTest

@testable import Translate

final class BedrockToolsTests: XCTestCase {
    private typealias Checks = BedrockChecks

    /// The user asks, a tool was called, and answered.
    private func history(_ change: (inout Conversation) -> Void = { _ in }) -> Conversation {
        Checks.chat(
            Checks.user("A"), Checks.calling(("1", "weather"), ("2", "get.time"), ("3", "weather")),
            Checks.result("1", "cold"), Checks.result("2", "late"), Checks.result("3", "wet"), change: change)
    }

    private func chat(_ change: (inout Conversation) throws -> Void) rethrows -> Conversation {
        var conversation = Checks.chat(Checks.user("Hi"))
        try change(&conversation)
        return conversation
    }

    // MARK: Tools

    func testToolsInTheHistoryAreNamedAgainWhereTheCallerSendsNone() throws {
        let rendered = try Checks.rendered(history())
        XCTAssertEqual(rendered.dropped, [])
        XCTAssertEqual(rendered.reading.toolNames, ["get_time": "get.time"])
        try Checks.assert(
            history(), for: Checks.target(Checks.llama), has: "toolConfig",
            #"""
            {"tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": {"type": "object"}}}},
                       {"toolSpec": {"name": "get_time", "inputSchema": {"json": {"type": "object"}}}}]}
            """#)
    }

    func testWithoutToolBlocksAndToolsThereIsNoConfiguration() throws {
        try Checks.assert(Checks.chat(Checks.user("A")), has: "toolConfig", nil)
    }

    func testTheCallersToolsStandForThoseOfTheHistory() throws {
        let tool = try Checks.tool("other")
        let names = try Checks.written(history { $0.tools = [tool] })["toolConfig"]?["tools"]?.array?.map {
            $0["toolSpec"]?["name"]?.string
        }
        XCTAssertEqual(names, ["other"])
    }

    func testNamesThatBedrockRefusesAreChangedEverywhereAndGivenBack() throws {
        let long = String(repeating: "n", count: 80)
        let conversation = try chat {
            $0.tools = [try Checks.tool("a.b"), try Checks.tool("a_b"), try Checks.tool(long)]
            $0.toolChoice = .function("a.b")
        }
        let rendered = try Checks.rendered(conversation)
        XCTAssertEqual(rendered.reading.toolNames, ["a_b_2": "a.b", String(long.prefix(64)): long])
        let configuration = try Checks.written(conversation)["toolConfig"]
        XCTAssertEqual(configuration?["toolChoice"]?["tool"]?["name"], .string("a_b_2"))
        XCTAssertEqual(
            configuration?["tools"]?.array?.map { $0["toolSpec"]?["name"]?.string },
            ["a_b_2", "a_b", String(long.prefix(64))])
    }

    func testASchemaSaysThatItIsAnObjects() throws {
        for (parameters, expected) in [
            (nil, #"{"type": "object"}"#),
            (#"{"properties": {"a": {}}}"#, #"{"type": "object", "properties": {"a": {}}}"#),
        ] {
            let conversation = try chat {
                $0.tools = [Tool(name: "f", summary: " ", kind: .function(parameters: try parameters.map(Checks.json)))]
            }
            try Checks.assert(
                conversation, for: Checks.target(Checks.nova), has: "toolConfig",
                #"{"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": \#(expected)}}}]}"#)
        }
    }

    func testClaudeGetsTheSchemasThatAnthropicTakes() throws {
        let conversation = try chat {
            $0.tools = [
                Tool(name: "f", kind: .function(parameters: try Checks.json(#"{"type": "object", "anyOf": [{}]}"#)))
            ]
        }
        XCTAssertEqual(try Checks.rendered(conversation).adjusted, ["tools[].function.parameters"])
        XCTAssertEqual(try Checks.rendered(conversation, for: Checks.target(Checks.nova)).adjusted, [])
    }

    func testStrictToolsNeedAModelThatKeepsToSchemas() throws {
        let conversation = try chat {
            $0.tools = [try Checks.tool("f")]
            $0.tools[0].isStrict = true
        }
        let lenient = Checks.target(Checks.nova) { $0.capabilities.jsonSchema = false }
        XCTAssertEqual(try Checks.rendered(conversation, for: lenient).dropped, ["tools[].function.strict"])
        let tools = try Checks.written(conversation, for: Checks.target(Checks.nova))["toolConfig"]?["tools"]?.array
        XCTAssertEqual(tools?[0]["toolSpec"]?["strict"], .boolean(true))
    }

    func testOtherDialectsNativeToolsAreReported() throws {
        let conversation = try chat {
            $0.tools = [
                Tool(name: "web", kind: .native(try Checks.json(#"{"type": "web_search_20250305"}"#))),
                try Checks.tool("f"),
            ]
            $0.tools[1].extras.add("defer_loading", .boolean(true), of: .anthropic)
        }
        let rendered = try Checks.rendered(conversation)
        XCTAssertEqual(rendered.dropped, ["tools[].web_search_20250305", "tools[].defer_loading"])
    }

    func testAModelWithoutToolsIsNotGivenAny() throws {
        let target = Checks.target(Checks.llama) { $0.capabilities.tools = false }
        let conversation = try chat {
            $0.tools = [try Checks.tool("f")]
            $0.toolChoice = .required
        }
        XCTAssertEqual(try Checks.rendered(conversation, for: target).dropped, ["tools", "tool_choice"])
        XCTAssertThrowsError(try Checks.rendered(history(), for: target)) {
            guard case .inexpressible(let field, _)? = $0 as? TranslationError else { return XCTFail("\($0)") }
            XCTAssertEqual(field, "messages[].tool_calls")
        }
    }

    // MARK: Choice

    func testChoices() throws {
        let choices: [(ToolChoice, String?)] = [
            (.automatic, #"{"auto": {}}"#), (.required, #"{"any": {}}"#), (.function("f"), #"{"tool": {"name": "f"}}"#),
            (.among(["g"], isRequired: true), #"{"any": {}}"#), (.among(["g"], isRequired: false), nil),
        ]
        for (choice, expected) in choices {
            let conversation = try chat {
                $0.tools = [try Checks.tool("f"), try Checks.tool("g")]
                $0.toolChoice = choice
            }
            let configuration = try Checks.written(conversation)["toolConfig"]
            if let expected {
                assertJSON(configuration?["toolChoice"]?.bytes ?? [], expected)
            } else {
                XCTAssertNil(configuration?["toolChoice"])
            }
            let isAll = if case .among = choice { false } else { true }
            XCTAssertEqual(configuration?["tools"]?.array?.count, isAll ? 2 : 1)
        }
    }

    func testToolsThatMayNotBeCalledAreNotOffered() throws {
        let tool = try Checks.tool("f")
        let conversation = chat {
            $0.tools = [tool]
            $0.toolChoice = ToolChoice.none
        }
        XCTAssertEqual(try Checks.rendered(conversation).dropped, [])
        try Checks.assert(conversation, has: "toolConfig", nil)
        // With tools in the history they have to be there, and nothing keeps the model from calling one.
        let later = history {
            $0.tools = [tool]
            $0.toolChoice = ToolChoice.none
        }
        XCTAssertEqual(try Checks.rendered(later).dropped, ["tool_choice"])
        XCTAssertEqual(try Checks.written(later)["toolConfig"]?["tools"]?.array?.count, 1)
    }

    func testWhatCannotBeChosenIsReported() throws {
        let tool = try Checks.tool("f")
        XCTAssertEqual(try Checks.rendered(chat { $0.toolChoice = .required }).dropped, ["tool_choice"])
        XCTAssertEqual(try Checks.rendered(chat { $0.toolChoice = .automatic }).dropped, [])
        let native = chat {
            $0.tools = [tool]
            $0.toolChoice = .native(.object(["type": .string("custom")]))
            $0.allowsParallelToolCalls = false
        }
        XCTAssertEqual(try Checks.rendered(native).dropped, ["tool_choice", "parallel_tool_calls"])
        let parallel = chat {
            $0.tools = [tool]
            $0.allowsParallelToolCalls = true
        }
        XCTAssertEqual(try Checks.rendered(parallel).dropped, [])
    }

    // MARK: Formats

    private let schema = OutputSchema(
        name: "answer", summary: "What it is",
        schema: .object(["type": .string("object"), "properties": .object(["a": .object(["type": .string("string")])])])
    )

    func testASchemaIsAskedForAsSuch() throws {
        let conversation = chat { $0.format = .schema(schema) }
        try Checks.assert(
            conversation, for: Checks.target(Checks.nova), has: "outputConfig",
            #"""
            {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"name": "answer", "description": "What it is",
              "schema": "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}"}}}}
            """#)
        XCTAssertNil(try Checks.rendered(conversation).reading.formatTool)
        let text = try Checks.written(conversation)["outputConfig"]?["textFormat"]?["structure"]?["jsonSchema"]?[
            "schema"]
        XCTAssertTrue(text?.string?.contains(#""additionalProperties":false"#) == true, "Claude wants that said")
    }

    func testWithoutSchemasAToolThatHasToBeCalledStandsForTheFormat() throws {
        let target = Checks.target { $0.capabilities.jsonSchema = false }
        let conversation = chat { $0.format = .schema(schema) }
        XCTAssertEqual(try Checks.rendered(conversation, for: target).reading.formatTool, "json_answer")
        try Checks.assert(conversation, for: target, has: "outputConfig", nil)
        try Checks.assert(
            conversation, for: target, has: "toolConfig",
            #"""
            {"tools": [{"toolSpec": {"name": "json_answer", "description": "What it is",
               "inputSchema": {"json": {"type": "object", "properties": {"a": {"type": "string"}}}}}}],
             "toolChoice": {"tool": {"name": "json_answer"}}}
            """#)
    }

    func testBesideOtherToolsOneOfThemHasToBeCalled() throws {
        let target = Checks.target { $0.capabilities.jsonSchema = false }
        let other = try Checks.tool("json_answer")
        let conversation = chat {
            $0.format = .schema(schema)
            $0.tools = [other]
        }
        XCTAssertEqual(try Checks.rendered(conversation, for: target).reading.formatTool, "json_answer_")
        let configuration = try Checks.written(conversation, for: target)["toolConfig"]
        XCTAssertEqual(configuration?["toolChoice"], .object(["any": .object(JSONObject())]))
        XCTAssertEqual(configuration?["tools"]?.array?.count, 2)
        // Tools that are only there because the history has some are not to be called.
        let later = history { $0.format = .schema(schema) }
        XCTAssertEqual(
            try Checks.written(later, for: target)["toolConfig"]?["toolChoice"]?["tool"]?["name"],
            .string("json_answer"))
    }

    func testAnyObjectIsAskedForByATool() throws {
        for format in [OutputFormat.json, .schema(OutputSchema(schema: nil))] {
            let conversation = chat { $0.format = format }
            let rendered = try Checks.rendered(conversation)
            XCTAssertEqual(rendered.dropped, [])
            XCTAssertEqual(rendered.reading.formatTool, "json_answer")
            let config = try Checks.written(conversation)["toolConfig"]
            XCTAssertEqual(config?["toolChoice"]?["tool"]?["name"], .string("json_answer"))
            let input = config?["tools"]?.array?.first?["toolSpec"]?["inputSchema"]?["json"]
            assertJSON(try XCTUnwrap(input).bytes, #"{"type": "object"}"#)
        }
    }

    func testASchemaThatRefersToItselfIsAskedForByATool() throws {
        let tree = try Checks.json(
            ##"{"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}}"##)
        let conversation = chat { $0.format = .schema(OutputSchema(name: "tree", schema: tree)) }
        let rendered = try Checks.rendered(conversation)
        XCTAssertEqual(rendered.adjusted, ["response_format.json_schema.strict"])
        XCTAssertEqual(rendered.reading.formatTool, "json_answer")
        XCTAssertNil(try Checks.written(conversation)["outputConfig"])
        var own = conversation
        own.origin = .bedrock
        XCTAssertNotNil(try Checks.written(own)["outputConfig"])
    }

    func testFormatsThatCannotBeHadAreReported() throws {
        let target = Checks.target { $0.capabilities.jsonSchema = false }
        XCTAssertEqual(try Checks.rendered(chat { $0.format = .text }).dropped, [])
        let without = Checks.target { $0.capabilities.tools = false }
        XCTAssertEqual(try Checks.rendered(chat { $0.format = .json }, for: without).dropped, ["response_format"])
        let list = OutputSchema(schema: .object(["type": .string("array")]))
        XCTAssertEqual(
            try Checks.rendered(chat { $0.format = .schema(list) }, for: target).dropped, ["response_format"])
        let tool = try Checks.tool("f")
        let forced = chat {
            $0.format = .schema(schema)
            $0.tools = [tool]
            $0.toolChoice = .function("f")
        }
        XCTAssertEqual(try Checks.rendered(forced, for: target).dropped, ["response_format"])
    }
}

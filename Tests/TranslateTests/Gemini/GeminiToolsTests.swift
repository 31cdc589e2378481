import Shared
import Translate
import XCTest

/// How tools from any dialect are written for Gemini.
final class GeminiToolsTests: XCTestCase {
    private func tool(_ name: String, _ schema: String? = nil) throws -> Tool {
        Tool(name: name, summary: "A tool.", kind: .function(parameters: try schema.map(Gemini.json)))
    }

    private func body(_ change: (inout Conversation) throws -> Void) throws -> (JSONValue, RenderedRequest) {
        var conversation = Gemini.hello
        try change(&conversation)
        let rendered = try Gemini.write(conversation)
        return (try JSONValue(parsing: rendered.body), rendered)
    }

    func testFunctionsStandInOneObject() throws {
        let (body, rendered) = try body { conversation in
            conversation.tools = [
                try tool("a", #"{"type":"object","properties":{"x":{"type":"string"}},"$schema":"s"}"#), try tool("b"),
                try tool("c", #"{"type":"object","properties":{}}"#), try tool("d", "{}"),
                try tool("e", #"{"type":"object","additionalProperties":{"type":"string"},"$schema":"s"}"#),
            ]
        }
        assertJSON(
            body["tools"]?.bytes ?? [],
            """
            [{"functionDeclarations":[
              {"name":"a","description":"A tool.","parameters":{"type":"OBJECT","properties":{"x":{"type":"STRING"}}}},
              {"name":"b","description":"A tool."},{"name":"c","description":"A tool."},{"name":"d","description":"A tool."},
              {"name":"e","description":"A tool.","parametersJsonSchema":{"type":"object","additionalProperties":{"type":"string"}}}]}]
            """)
        XCTAssertEqual(rendered.dropped, [])
        XCTAssertEqual(rendered.adjusted, [])
    }

    func testNamesThatGeminiDoesNotTakeAreChangedEverywhereAndCanBeChangedBack() throws {
        let (body, rendered) = try body { conversation in
            conversation.tools = [try tool("get weather"), try tool("ns:get.it"), try tool("2nd")]
            conversation.toolChoice = .function("get weather")
            conversation.turns += [
                Turn(.assistant, [Gemini.call("1", "get weather"), Gemini.call("2", "old/tool")]),
                Turn(.tool, [Gemini.result("1"), Gemini.result("2")]),
            ]
        }
        XCTAssertEqual(
            rendered.reading.toolNames, ["get_weather": "get weather", "_2nd": "2nd", "old_tool": "old/tool"])
        let names = (body["tools"]?.array?[0]["functionDeclarations"]?.array ?? []).map { $0["name"]?.string }
        XCTAssertEqual(names, ["get_weather", "ns:get.it", "_2nd"])
        XCTAssertEqual(
            body["toolConfig"],
            try Gemini.json(
                #"{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["get_weather"]}}"#))
        let parts = (body["contents"]?.array ?? []).flatMap { $0["parts"]?.array ?? [] }
        XCTAssertEqual(
            parts.compactMap { ($0["functionCall"] ?? $0["functionResponse"])?["name"]?.string },
            ["get_weather", "old_tool", "get_weather", "old_tool"])
    }

    func testChoicesHaveTheirModes() throws {
        func config(_ choice: ToolChoice) throws -> (JSONValue?, [String]) {
            let (body, rendered) = try body { ($0.tools, $0.toolChoice) = ([try tool("a"), try tool("b")], choice) }
            return (body["toolConfig"]?["functionCallingConfig"], rendered.dropped)
        }
        for (choice, expected) in [
            (ToolChoice.automatic, #"{"mode":"AUTO"}"#), (.none, #"{"mode":"NONE"}"#), (.required, #"{"mode":"ANY"}"#),
            (.function("a"), #"{"mode":"ANY","allowedFunctionNames":["a"]}"#),
            (.among(["a", "b"], isRequired: true), #"{"mode":"ANY","allowedFunctionNames":["a","b"]}"#),
            (.among(["a"], isRequired: false), #"{"mode":"VALIDATED","allowedFunctionNames":["a"]}"#),
        ] {
            XCTAssertEqual(try config(choice).0, try Gemini.json(expected))
            XCTAssertEqual(try config(choice).1, [])
        }
        let foreign = try config(.native(try Gemini.json(#"{"type":"custom"}"#)))
        XCTAssertNil(foreign.0)
        XCTAssertEqual(foreign.1, ["tool_choice"])
    }

    func testAChoiceWithoutFunctionsIsNotWritten() throws {
        let (automatic, rendered) = try body { $0.toolChoice = .automatic }
        XCTAssertNil(automatic["toolConfig"])
        XCTAssertEqual(rendered.dropped, [])
        for choice in [ToolChoice.function("a"), .required, .among(["a"], isRequired: false)] {
            XCTAssertEqual(try body { $0.toolChoice = choice }.1.dropped, ["tool_choice"])
        }
        XCTAssertEqual(try body { $0.toolChoice = ToolChoice.none }.1.dropped, [])
    }

    func testForeignToolsAndMembersAreReported() throws {
        let (body, rendered) = try body { conversation in
            let search = #"{"type":"web_search_20250305","name":"web_search"}"#
            var marked = try tool("a")
            marked.cacheMark = CacheMark()
            marked.isStrict = true
            marked.extras.add("defer_loading", .boolean(true), of: .anthropic)
            conversation.tools = [
                Tool(name: "web_search", kind: .native(try Gemini.json(search))), marked,
                Tool(name: "grounding", kind: .native(try Gemini.json(#"{"systemTool":{"name":"grounding"}}"#))),
            ]
        }
        assertJSON(
            body["tools"]?.bytes ?? [],
            #"[{"functionDeclarations":[{"name":"a","description":"A tool."}]}]"#)
        XCTAssertEqual(
            Set(rendered.dropped),
            [
                "tools[].web_search_20250305", "tools[].grounding", "tools[].function.strict", "tools[].defer_loading",
            ])
    }

    func testAModelWithoutToolsGetsNone() throws {
        var conversation = Gemini.hello
        conversation.tools = [try tool("a")]
        conversation.toolChoice = .automatic
        let rendered = try Gemini.write(conversation) { $0.tools = false }
        assertJSON(rendered.body, #"{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}"#)
        XCTAssertEqual(rendered.dropped, ["tools"])
    }
}

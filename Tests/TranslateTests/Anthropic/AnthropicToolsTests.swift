import Shared
import XCTest

@testable import Translate

final class AnthropicToolsTests: XCTestCase {
    typealias Checks = AnthropicChecks

    // MARK: Tools of the history

    private func called(_ change: (inout Conversation) -> Void = { _ in }) -> Conversation {
        Checks.chat(
            Checks.user("Q"), Checks.calling(("a", "look.up"), ("b", "other"), ("c", "look.up")),
            Checks.result("a", "1"), Checks.result("b", "2"), Checks.result("c", "3"), Checks.user("Thanks"),
            change: change)
    }

    func testToolsThatWereCalledAreDefinedAndMayNotBeCalledAgain() throws {
        let body = try Checks.written(called())
        assertJSON(
            try XCTUnwrap(body["tools"]).bytes,
            #"""
            [{"name": "look_up", "input_schema": {"type": "object", "properties": {}}},
             {"name": "other", "input_schema": {"type": "object", "properties": {}}}]
            """#)
        assertJSON(try XCTUnwrap(body["tool_choice"]).bytes, #"{"type": "none"}"#)
    }

    func testToolsThatAreOfferedStandForThoseThatWereCalled() throws {
        let body = try Checks.written(called { $0.tools = [Tool(name: "new", kind: .function(parameters: nil))] })
        XCTAssertEqual(body["tools"]?.array?.count, 1)
        XCTAssertNil(body["tool_choice"])
    }

    func testWhoSpeaksAnthropicsDialectDefinesToolsThemselves() throws {
        let body = try Checks.written(called { $0.origin = .anthropic })
        XCTAssertNil(body["tools"])
    }

    func testAFormatIsCalledForBesideToolsOfTheHistory() throws {
        let body = try Checks.written(called { $0.format = .json })
        XCTAssertEqual(body["tools"]?.array?.count, 3)
        assertJSON(try XCTUnwrap(body["tool_choice"]).bytes, #"{"type": "tool", "name": "answer_as_json"}"#)
    }

    // MARK: Tools of other dialects

    func testAToolThatHasNoTypeIsReportedByItsName() throws {
        let search = Tool(name: "googleSearch", kind: .native(try Checks.json(#"{"googleSearch": {}}"#)))
        let rendered = try Checks.rendered(Checks.chat(Checks.user("Q")) { $0.tools = [search] })
        XCTAssertEqual(rendered.dropped, ["tools[].googleSearch"])
    }

    // MARK: Schemas that refer to themselves

    private static let tree = #"""
        {"type": "object", "properties": {"root": {"$ref": "#/$defs/node"}}, "$defs": {"node":
          {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}}
        """#

    func testASchemaThatRefersToItselfIsAskedForByATool() throws {
        let schema = OutputSchema(name: "tree", schema: try Checks.json(Self.tree))
        let rendered = try Checks.rendered(Checks.chat(Checks.user("Q")) { $0.format = .schema(schema) })
        let body = try JSONValue(parsing: rendered.body)
        XCTAssertNil(body["output_config"])
        XCTAssertEqual(body["tool_choice"]?["name"]?.string, "answer_as_json")
        XCTAssertEqual(rendered.adjusted, ["response_format.json_schema.strict"])
        XCTAssertEqual(rendered.reading.formatTool, "answer_as_json")
        assertJSON(try XCTUnwrap(body["tools"]?.array?.first?["input_schema"]).bytes, Self.tree)
    }

    func testAToolWhoseInputRefersToItselfIsNotStrict() throws {
        let tool = Tool(name: "t", kind: .function(parameters: try Checks.json(Self.tree)), isStrict: true)
        let rendered = try Checks.rendered(Checks.chat(Checks.user("Q")) { $0.tools = [tool] })
        XCTAssertEqual(rendered.dropped, ["tools[].function.strict"])
        XCTAssertNil(try JSONValue(parsing: rendered.body)["tools"]?.array?.first?["strict"])
    }

    func testCirclesOfReferencesAreFound() throws {
        let circles = [
            Self.tree, ##"{"properties": {"a": {"$ref": "#"}}}"##,
            ##"{"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"anyOf": [{"$ref": "#/definitions/a"}]}}}"##,
        ]
        for schema in circles { XCTAssert(SchemaReferences(of: try Checks.json(schema)).isCircular, schema) }
        let others = [
            "true", #"{"type": "object"}"#,
            ##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/none"}, "c": {"$ref": "#/$defs/b"}}}"##,
            ##"{"properties": {"a": {"$ref": "#/$defs/a"}, "b": {"$ref": "#/$defs/a"}}, "$defs": {"a": {}}}"##,
        ]
        for schema in others { XCTAssertFalse(SchemaReferences(of: try Checks.json(schema)).isCircular, schema) }
    }

    func testAChainOfDefinitionsOfAnyLengthIsNoCircle() throws {
        let chain = (0..<20_000).map { ##""d\##($0)": {"$ref": "#/$defs/d\##($0 + 1)"}"## }
        let schema = try Checks.json(#"{"$defs": {\#(chain.joined(separator: ","))}}"#)
        XCTAssertFalse(SchemaReferences(of: schema).isCircular)
    }
}

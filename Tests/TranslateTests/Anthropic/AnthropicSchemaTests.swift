import Shared
import XCTest

@testable import Translate

final class AnthropicSchemaTests: XCTestCase {
    private func assertStrict(
        _ schema: String, _ expected: String, isChanged: Bool = false, line: UInt = #line
    ) throws {
        var filter = AnthropicSchema()
        assertJSON(filter.strict(try AnthropicChecks.json(schema)).bytes, expected, line: line)
        XCTAssertEqual(filter.isChanged, isChanged, line: line)
    }

    func testObjectsHaveTheMembersThatAreNamedAndNoOthers() throws {
        let expected = #"{"type": "object", "properties": {}, "additionalProperties": false}"#
        try assertStrict(#"{"type": "object", "properties": {}}"#, expected)
        try assertStrict(#"{"type": "object", "properties": {}, "additionalProperties": true}"#, expected)
        try assertStrict(
            #"{"type": ["object", "null"]}"#, #"{"type": ["object", "null"], "additionalProperties": false}"#)
    }

    func testAMapLosesItsMeaning() throws {
        try assertStrict(
            #"{"type": "object", "additionalProperties": {"type": "string"}}"#,
            #"""
            {"type": "object", "additionalProperties": false,
             "description": "{\"additionalProperties\":{\"type\":\"string\"}}"}
            """#, isChanged: true)
    }

    func testRefusedKeywordsMoveIntoTheDescription() throws {
        try assertStrict(
            #"{"type": "integer", "description": "How many.", "minimum": 1, "maximum": 10}"#,
            #"{"type": "integer", "description": "How many.\n\n{\"minimum\":1,\"maximum\":10}"}"#, isChanged: true)
        let keywords: [String] = [
            #""minLength": 1"#, #""maxLength": 9"#, #""multipleOf": 2"#, #""minItems": 2"#, #""maxItems": 3"#,
            #""uniqueItems": true"#, #""format": "byte""#, #""not": {}"#, #""if": {}"#, #""patternProperties": {}"#,
            #""propertyNames": {}"#, #""enum": [{}]"#, #""pattern": "a(?=b)""#, #""pattern": "\\bword""#,
            #""pattern": "(a)\\1""#, #""nullable": true"#,
        ]
        for keyword in keywords {
            var filter = AnthropicSchema()
            let schema = filter.strict(try AnthropicChecks.json("{\"type\": \"string\", \(keyword)}"))
            XCTAssertEqual(schema.object?.names, ["type", "description"], keyword)
            XCTAssertTrue(filter.isChanged, keyword)
        }
    }

    func testKnownKeywordsStay() throws {
        let schemas: [String] = [
            #"{"type": "string", "enum": ["a", 1, null, true], "default": "a", "title": "T"}"#,
            #"{"const": 5}"#, #"{"type": "string", "format": "date-time"}"#, ##"{"$ref": "#/$defs/a"}"##,
            #"{"type": "array", "items": {"type": "string", "pattern": "^(?:a|b\\.)+$"}, "minItems": 1}"#,
            ##"{"anyOf": [{"type": "null"}, {"$ref": "#/definitions/a"}], "definitions": {"a": {"type": "number"}}}"##,
            #"{"allOf": [{"type": "string"}]}"#, "true",
        ]
        for schema in schemas { try assertStrict(schema, schema) }
    }

    func testSchemasInsideAreFilteredToo() throws {
        try assertStrict(
            #"""
            {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "object", "properties":
              {"minimum": {"type": "number", "minimum": 3}}}}}, "$defs": {"d": {"type": "object"}}}
            """#,
            #"""
            {"type": "object", "additionalProperties": false, "$defs": {"d": {"type": "object",
              "additionalProperties": false}}, "properties": {"a": {"type": "array", "items": {"type": "object",
              "additionalProperties": false, "properties": {"minimum": {"type": "number",
              "description": "{\"minimum\":3}"}}}}}}
            """#, isChanged: true)
    }

    func testAlternativesOfWhichOneHoldsAreAlternatives() throws {
        try assertStrict(
            #"{"oneOf": [{"type": "string"}, {"type": "object"}]}"#,
            #"{"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": false}]}"#, isChanged: true)
    }

    func testWhatSaysNothingOfAnswersGoesWithoutAWord() throws {
        try assertStrict(
            #"{"$schema": "s", "$id": "i", "$comment": "c", "examples": [1], "type": "number"}"#, #"{"type": "number"}"#
        )
    }

    // MARK: Inputs of tools

    private func assertInput(_ schema: String?, _ expected: String, isChanged: Bool = false, line: UInt = #line) throws
    {
        var filter = AnthropicSchema()
        assertJSON(filter.input(try schema.map(AnthropicChecks.json)).bytes, expected, line: line)
        XCTAssertEqual(filter.isChanged, isChanged, line: line)
    }

    func testAnInputIsAnObject() throws {
        try assertInput(nil, #"{"type": "object", "properties": {}}"#)
        try assertInput("{}", #"{"type": "object"}"#)
        try assertInput(#"{"properties": {"a": {}}}"#, #"{"type": "object", "properties": {"a": {}}}"#)
    }

    func testAnOfferedSchemaKeepsItsKeywords() throws {
        let schema = #"""
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties":
              {"n": {"type": "integer", "minimum": 1, "oneOf": [{"const": 1}]}}, "additionalProperties": {}}
            """#
        try assertInput(schema, schema)
    }

    func testAlternativesAtTheTopAreRefused() throws {
        try assertInput(
            #"{"type": "object", "description": "D", "anyOf": [{"required": ["a"]}]}"#,
            #"{"type": "object", "description": "D\n\n{\"anyOf\":[{\"required\":[\"a\"]}]}"}"#, isChanged: true)
    }
}

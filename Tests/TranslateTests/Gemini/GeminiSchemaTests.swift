import Shared
import XCTest

@testable import Translate

final class GeminiSchemaTests: XCTestCase {
    private func assertOwn(
        _ schema: String, _ expected: String?, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let own = GeminiSchemaWriter.ownDialect(of: try Gemini.json(schema))
        guard let expected else {
            return XCTAssertNil(own, file: file, line: line)
        }
        assertJSON(try XCTUnwrap(own, file: file, line: line).bytes, expected, file: file, line: line)
    }

    // MARK: Gemini's own dialect

    func testTypesAreInUpperCaseAndAdditionalPropertiesGo() throws {
        try assertOwn(
            """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","title":"T","additionalProperties":false,
             "properties":{"s":{"type":"string","minLength":1,"maxLength":9,"pattern":"^a","description":"d"},
               "n":{"type":"number","minimum":0.5,"maximum":2,"format":"double"},"i":{"type":"integer","default":3},
               "b":{"type":"boolean"},"l":{"type":"array","items":{"type":"string","format":"date-time"},"minItems":1},
               "additionalProperties":{"type":"string","examples":["x","y"]}},
             "required":["s","gone"]}
            """,
            """
            {"type":"OBJECT","title":"T",
             "properties":{"s":{"type":"STRING","minLength":1,"maxLength":9,"pattern":"^a","description":"d"},
               "n":{"type":"NUMBER","minimum":0.5,"maximum":2,"format":"double"},"i":{"type":"INTEGER","default":3},
               "b":{"type":"BOOLEAN"},"l":{"type":"ARRAY","items":{"type":"STRING","format":"date-time"},"minItems":1},
               "additionalProperties":{"type":"STRING","example":"x"}},
             "required":["s"]}
            """)
    }

    func testAlternativesWithNullAreNullable() throws {
        try assertOwn(#"{"type":["string","null"]}"#, #"{"type":"STRING","nullable":true}"#)
        try assertOwn(
            #"{"anyOf":[{"type":"integer"},{"type":"null"}],"default":null,"title":"A","description":"d"}"#,
            #"{"type":"INTEGER","nullable":true,"title":"A","description":"d"}"#)
        try assertOwn(
            #"{"oneOf":[{"type":"null"},{"type":"integer"},{"type":"string"}],"description":"d"}"#,
            #"{"anyOf":[{"type":"INTEGER","nullable":true,"description":"d"},{"type":"STRING","nullable":true,"description":"d"}]}"#
        )
        try assertOwn(#"{"type":["string","integer"]}"#, #"{"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]}"#)
        try assertOwn(
            #"{"anyOf":[{"type":"string","description":"own"},{"type":"integer"}],"description":"d","title":"t"}"#,
            #"{"anyOf":[{"type":"STRING","description":"own"},{"type":"INTEGER","description":"d"}]}"#)
    }

    func testConstantsAndEnumerationsAreTypedStrings() throws {
        try assertOwn(#"{"const":"a"}"#, #"{"type":"STRING","enum":["a"]}"#)
        try assertOwn(#"{"enum":["a","b"]}"#, #"{"type":"STRING","enum":["a","b"]}"#)
        try assertOwn(
            #"{"type":["string","null"],"enum":["a",null]}"#, #"{"type":"STRING","enum":["a"],"nullable":true}"#)
        try assertOwn(
            #"{"anyOf":[{"const":"a"},{"const":"b","type":"string"},{"type":"null"}],"description":"d"}"#,
            #"{"type":"STRING","enum":["a","b"],"nullable":true,"description":"d"}"#)
        for schema in [
            #"{"type":"integer","enum":[1,2]}"#, #"{"const":1}"#, #"{"const":true}"#, #"{"type":"string","enum":[""]}"#,
            #"{"type":"string","enum":[null]}"#, #"{"enum":["a",1]}"#,
        ] {
            try assertOwn(schema, nil)
        }
    }

    func testReferencesArePutInPlace() throws {
        try assertOwn(
            """
            {"type":"object","properties":{"a":{"$ref":"#/$defs/P","description":"here"},"b":{"$ref":"#/definitions/x~1y"},
               "c":{"allOf":[{"$ref":"#/$defs/P"}],"title":"C"}},
             "$defs":{"P":{"type":"object","description":"there","properties":{"q":{"$ref":"#/$defs/Q"}}},"Q":{"type":"string"}},
             "definitions":{"x/y":{"type":"integer"}}}
            """,
            """
            {"type":"OBJECT","properties":{"a":{"type":"OBJECT","description":"here","properties":{"q":{"type":"STRING"}}},
               "b":{"type":"INTEGER"},"c":{"type":"OBJECT","description":"there","title":"C","properties":{"q":{"type":"STRING"}}}}}
            """)
    }

    func testWhatItCannotSayIsNotSaid() throws {
        for property in [
            "true", "{}", #"{"type":"object"}"#, #"{"type":"object","properties":{}}"#, #"{"type":"array"}"#,
            #"{"type":"array","items":{}}"#, #"{"type":"array","prefixItems":[{"type":"string"}]}"#,
            #"{"type":"object","additionalProperties":{"type":"string"}}"#,
            #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}}"#,
            #"{"type":"integer","exclusiveMinimum":0}"#, #"{"type":"number","multipleOf":2}"#,
            #"{"type":"string","format":"uri"}"#, #"{"type":"array","items":{"type":"string"},"uniqueItems":true}"#,
            #"{"not":{"type":"string"}}"#, #"{"allOf":[{"type":"string"},{"minLength":1}]}"#,
            #"{"anyOf":[{"type":"string"},{"type":"integer"}],"minLength":1}"#,
            #"{"anyOf":[{"anyOf":[{"type":"string"},{"type":"integer"}]},{"type":"boolean"}]}"#,
            ##"{"$ref":"#/$defs/gone"}"##, #"{"$ref":"https://example.com/schema"}"#,
            ##"{"$ref":"#/properties/b","minLength":1}"##, #"{"type":["string","integer"],"minLength":1}"#,
            #"{"anyOf":[]}"#,
        ] {
            try assertOwn(#"{"type":"object","properties":{"a":\#(property),"b":{"type":"string"}}}"#, nil)
        }
    }

    func testReferencesThatLeadBackToThemselvesEnd() throws {
        let tree = """
            {"type":"object","properties":{"child":{"$ref":"#"},"next":{"$ref":"#/$defs/N"}},
             "$defs":{"N":{"type":"object","properties":{"n":{"$ref":"#/$defs/N"}}}}}
            """
        try assertOwn(tree, nil)
    }

    func testReferencesThatGrowEnd() throws {
        var definitions: [String] = [#""d0":{"type":"string"}"#]
        for index in 1...30 {
            let reference = ##"{"$ref":"#/$defs/d\##(index - 1)"}"##
            definitions.append(#""d\#(index)":{"type":"object","properties":{"a":\#(reference),"b":\#(reference)}}"#)
        }
        let all = definitions.joined(separator: ",")
        try assertOwn(##"{"type":"object","properties":{"x":{"$ref":"#/$defs/d30"}},"$defs":{\##(all)}}"##, nil)
        let few = definitions.prefix(4).joined(separator: ",")
        XCTAssertNotNil(
            GeminiSchemaWriter.ownDialect(
                of: try Gemini.json(##"{"type":"object","properties":{"x":{"$ref":"#/$defs/d3"}},"$defs":{\##(few)}}"##)
            ))
    }

    func testFunctionsWithoutParametersHaveNoSchema() throws {
        for schema in [
            "{}", #"{"type":"object"}"#,
            #"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#,
            #"{"$schema":"s","type":"object","title":"T"}"#,
        ] {
            XCTAssertTrue(GeminiSchemaWriter.takesNothing(try Gemini.json(schema)), schema)
        }
        for schema in [
            #"{"type":"object","additionalProperties":true}"#, #"{"type":"string"}"#, "true",
            #"{"type":"object","properties":{"a":{"type":"string"}}}"#,
        ] {
            XCTAssertFalse(GeminiSchemaWriter.takesNothing(try Gemini.json(schema)), schema)
        }
    }

    // MARK: JSON schemas

    func testAJSONSchemaStaysButForWhatGeminiReadsOtherwise() throws {
        let schema = try Gemini.json(
            """
            {"$schema":"s","type":"object","properties":{"$schema":{"const":"a"},"n":{"const":1},"t":{"const":true},
               "r":{"$ref":"#/definitions/R","description":"d"},"s":{"$ref":"#/definitions/R"},"u":{"oneOf":[{"const":"x"},true]},
               "m":{"type":"object","additionalProperties":{"const":"y"}},"p":{"prefixItems":[{"const":"z"}],"uniqueItems":true}},
             "definitions":{"R":{"type":"object","properties":{"next":{"$ref":"#/definitions/R"}}}}}
            """)
        assertJSON(
            GeminiSchemaWriter.jsonSchema(from: schema).bytes,
            """
            {"type":"object","properties":{"$schema":{"enum":["a"]},"n":{"enum":[1]},"t":{"const":true},
               "r":{"description":"d","anyOf":[{"$ref":"#/$defs/R"}]},"s":{"$ref":"#/$defs/R"},"u":{"oneOf":[{"enum":["x"]},true]},
               "m":{"type":"object","additionalProperties":{"enum":["y"]}},"p":{"prefixItems":[{"enum":["z"]}],"uniqueItems":true}},
             "$defs":{"R":{"type":"object","properties":{"next":{"$ref":"#/$defs/R"}}}}}
            """)
    }

    // MARK: Reading

    func testItsOwnDialectBecomesAJSONSchema() throws {
        let own = try Gemini.json(
            """
            {"type":"OBJECT","property_ordering":["my_key"],"properties":{"my_key":{"type":"STRING","nullable":true,"enum":["a"],"format":"enum"},
               "u":{"any_of":[{"type":"STRING"},{"type":"NUMBER"}],"nullable":true},"l":{"type":"ARRAY","items":{"type":"INTEGER"},"min_items":"2"},
               "e":{"type":"STRING","example":"x","nullable":false},"x":{"type":"TYPE_UNSPECIFIED"},"low":{"type":"string"}},"required":["my_key"]}
            """)
        assertJSON(
            GeminiSchemaReader.jsonSchema(from: own).bytes,
            """
            {"type":"object","propertyOrdering":["my_key"],"properties":{"my_key":{"type":["string","null"],"enum":["a",null]},
               "u":{"anyOf":[{"type":"string"},{"type":"number"},{"type":"null"}]},"l":{"type":"array","items":{"type":"integer"},"minItems":2},
               "e":{"type":"string","examples":["x"]},"x":{},"low":{"type":"string"}},"required":["my_key"]}
            """)
    }

    func testReadAndWrittenAgainItSaysTheSame() throws {
        let own = """
            {"type":"OBJECT","propertyOrdering":["b","a"],"title":"T","description":"d","minProperties":1,
             "properties":{"a":{"type":"STRING","nullable":true,"enum":["x","y"]},"b":{"type":"ARRAY","minItems":1,"items":{"type":"NUMBER","nullable":true}},
               "c":{"type":"STRING","example":"e","format":"date-time","default":"now"}},"required":["a"]}
            """
        let schema = GeminiSchemaReader.jsonSchema(from: try Gemini.json(own))
        try assertOwn(String(decoding: schema.bytes, as: UTF8.self), own)
    }
}

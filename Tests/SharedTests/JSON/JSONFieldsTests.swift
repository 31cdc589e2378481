@testable import Shared
import XCTest

final class JSONFieldsTests: XCTestCase {
    private static let names = JSONFieldNames(
        "model", "stream", "stream_options", "max_tokens", "n", "max_completion_tokens")
    private static let usage = JSONFieldNames("prompt_tokens", "prompt_tokens_details")
    private static let details = JSONFieldNames("cached_tokens")

    private func scan(_ text: String) throws(JSONError) -> JSONObjectFields {
        try JSONObjectFields(scanning: Array(text.utf8), for: Self.names)
    }

    private func value(_ text: String, _ index: Int) throws -> String? {
        try scan(text)[index].map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
    }

    func testWantedFieldsAreFoundAmongOthers() throws {
        let text =
            #" {"messages":[{"model":"no"}], "model" : "gpt-5" ,"stream":true,"n":2, "max_tokens":null,"x":{"n":7}} "#
        XCTAssertEqual(try value(text, 0), #""gpt-5""#)
        XCTAssertEqual(try value(text, 1), "true")
        XCTAssertEqual(try value(text, 3), "null")
        XCTAssertEqual(try value(text, 4), "2")
        let fields = try scan(text)
        XCTAssertNil(fields[2])
        XCTAssertNil(fields[5])
        XCTAssertEqual(fields[0]?.kind, .string)
        XCTAssertEqual(fields[1]?.kind, .boolean)
        XCTAssertEqual(fields[3]?.kind, .null)
        XCTAssertEqual(fields.contentStart, 2)
        XCTAssertFalse(fields.isEmpty)
    }

    func testNamesThatOnlyResembleAreNotTaken() throws {
        let text =
            #"{"mode":1,"models":2,"Model":3,"model ":4,"stream_option":5,"max_completion_tokenz":6,"":7,"nn":8}"#
        for index in 0..<6 { XCTAssertNil(try scan(text)[index]) }
    }

    func testAnEscapedNameIsTheSameName() throws {
        XCTAssertEqual(try value(#"{"\u006dodel":1}"#, 0), "1")
        XCTAssertEqual(try value(#"{"max_completion_token\u0073":2}"#, 5), "2")
        XCTAssertNil(try value(#"{"\ud800model":1}"#, 0))
    }

    func testNamesAtTheVeryEndOfTheBufferAreMatched() throws {
        XCTAssertEqual(try value(#"{"n":1}"#, 4), "1")
        XCTAssertEqual(try value(#"{"max_tokens":1}"#, 3), "1")
    }

    func testRepeatedNamesAreCountedAndTheLastIsKept() throws {
        let text = #"{"model":"a","model":"b","mode\u006c":"c","stream":true}"#
        XCTAssertEqual(try scan(text)[0]?.occurrences, 3)
        XCTAssertEqual(try value(text, 0), #""c""#)
        XCTAssertEqual(try scan(text)[1]?.occurrences, 1)
    }

    func testAnEmptyObjectIsEmpty() throws {
        for text in ["{}", " { } "] {
            let fields = try scan(text)
            XCTAssertTrue(fields.isEmpty)
            XCTAssertNil(fields[0])
        }
        XCTAssertEqual(try scan(" { } ").contentStart, 2)
    }

    func testWhatIsNotOneWholeObjectIsRefused() {
        for (text, kind, offset) in [
            ("", .unexpectedEnd, 0), ("[]", .expected("an object"), 0), (#""x""#, .expected("an object"), 0),
            ("{", .unexpectedEnd, 1), ("{}x", .trailingBytes, 2), (#"{"model":"a"} {}"#, .trailingBytes, 14),
            (#"{"model"}"#, .expected("':'"), 8), (#"{"model":}"#, .expected("a value"), 9),
            (#"{"model":1,}"#, .expected("a field name"), 11), ("{,}", .expected("a field name or '}'"), 1),
            (#"{"model":1"#, .unexpectedEnd, 10), (#"{"model":1]"#, .expected("',' or '}'"), 10),
            (#"{"x":[01]}"#, .invalidNumber, 6), (#"{"a":1,1}"#, .expected("a field name"), 7),
        ] as [(String, JSONError.Kind, Int)] {
            do throws(JSONError) {
                _ = try scan(text)
                XCTFail(text)
            } catch {
                XCTAssertEqual(error, JSONError(kind, at: offset), text)
            }
        }
    }

    func testEveryPrefixOfATextIsRefused() throws {
        let text = #"{"model":"gé\n","stream_options":{"include_usage":false},"n":[1,2.5e3,{"a":null}]}"#
        XCTAssertNoThrow(try scan(text))
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            XCTAssertThrowsError(try JSONObjectFields(scanning: Array(bytes[..<count]), for: Self.names), "\(count)")
        }
    }

    func testNestedObjectsAreScannedInPlace() throws {
        let text = Array(#"{"n":{"prompt_tokens":12,"prompt_tokens_details":{"a":1,"cached_tokens": 5 }}}"#.utf8)
        unsafe try text.withUnsafeBytes { bytes in
            let outer = unsafe try JSONObjectFields(scanning: bytes, for: Self.names)
            let usage = unsafe try JSONObjectFields(scanning: bytes, in: outer[4]!.range, for: Self.usage)
            XCTAssertEqual(unsafe usage[0]?.uint64(in: bytes), 12)
            let details = unsafe try JSONObjectFields(scanning: bytes, in: usage[1]!.range, for: Self.details)
            XCTAssertEqual(unsafe details[0]?.uint64(in: bytes), 5)
        }
    }

    // MARK: Scalars

    private func read<Result>(_ value: String, _ body: (JSONField, UnsafeRawBufferPointer) -> Result) throws -> Result {
        let text = Array(#"{"n":\#(value)}"#.utf8)
        return unsafe try text.withUnsafeBytes { bytes in
            unsafe body(try JSONObjectFields(scanning: bytes, for: Self.names)[4]!, bytes)
        }
    }

    func testIntegersAreReadExactlyOrNotAtAll() throws {
        for (text, signed, unsigned) in [
            ("0", 0, 0), ("-0", 0, 0), ("42", 42, 42), ("-7", -7, nil),
            ("9223372036854775807", .max, 9_223_372_036_854_775_807),
            ("-9223372036854775808", .min, nil), ("9223372036854775808", nil, 9_223_372_036_854_775_808),
            ("18446744073709551615", nil, .max), ("18446744073709551616", nil, nil), ("1.0", nil, nil),
            ("1e3", nil, nil),
            (#""5""#, nil, nil), ("null", nil, nil), ("true", nil, nil),
        ] as [(String, Int64?, UInt64?)] {
            XCTAssertEqual(unsafe try read(text) { unsafe $0.int64(in: $1) }, signed, text)
            XCTAssertEqual(unsafe try read(text) { unsafe $0.uint64(in: $1) }, unsigned, text)
        }
    }

    func testStringsAndBooleansAreRead() throws {
        for (text, string) in [
            (#""""#, ""), (#""gpt""#, "gpt"), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"),
            (#""\u00e9\u6F22\ud83d\ude00!""#, "é漢😀!"), (#""é""#, "é"), (#""\u0000""#, "\0"), (#""\ud800""#, nil),
            (#""\ud800\u0041""#, nil), (#""\ud800x""#, nil), (#""\ude00""#, nil), ("1", nil),
        ] as [(String, String?)] {
            XCTAssertEqual(unsafe try read(text) { unsafe $0.string(in: $1) }, string.map { Array($0.utf8) }, text)
        }
        XCTAssertEqual(unsafe try read("true") { unsafe $0.bool(in: $1) }, true)
        XCTAssertEqual(unsafe try read("false") { unsafe $0.bool(in: $1) }, false)
        XCTAssertNil(unsafe try read("0") { unsafe $0.bool(in: $1) })
    }
}

final class JSONEditsTests: XCTestCase {
    private static let names = JSONFieldNames("model", "stream_options", "user")
    private static let options = JSONFieldNames("include_usage")

    private func edit(_ text: String, _ body: (inout JSONEdits, JSONObjectFields, [UInt8]) throws -> Void) throws
        -> String
    {
        let bytes = Array(text.utf8)
        var edits = JSONEdits()
        try body(&edits, try JSONObjectFields(scanning: bytes, for: Self.names), bytes)
        let result = edits.apply(to: bytes)
        XCTAssertEqual(edits.byteCount(editing: bytes.count), result.count)
        return String(decoding: result, as: UTF8.self)
    }

    func testAValueIsReplacedAndNothingElse() throws {
        let text = "{ \"x\" : 1.00,\"model\" :\t\"a\" ,\"\\u0078\":[ ]}\n"
        let result = try edit(text) { edits, fields, _ in
            edits.set("model", at: 0, of: fields, to: Array(#""longer""#.utf8))
        }
        XCTAssertEqual(result, "{ \"x\" : 1.00,\"model\" :\t\"longer\" ,\"\\u0078\":[ ]}\n")
    }

    func testAMissingMemberIsInsertedFirst() throws {
        XCTAssertEqual(
            try edit("{ \"a\":1}") { edits, fields, _ in edits.set("user", at: 2, of: fields, to: [49]) },
            "{\"user\":1, \"a\":1}")
        XCTAssertEqual(
            try edit(" { } ") { edits, fields, _ in edits.set("user", at: 2, of: fields, to: [49]) },
            " {\"user\":1 } ")
    }

    func testSeveralMembersInAnEmptyObjectGetTheirCommas() throws {
        let result = try edit("{}") { edits, fields, _ in
            edits.set("user", at: 2, of: fields, to: [49])
            edits.set("model", at: 0, of: fields, to: [50])
        }
        XCTAssertEqual(result, #"{"model":2,"user":1}"#)
    }

    func testIncludeUsageIsAskedForInEveryForm() throws {
        for (text, expected) in [
            (#"{"model":"a"}"#, #"{"stream_options":{"include_usage":true},"model":"b"}"#),
            (#"{"model":"a","stream_options":{}}"#, #"{"model":"b","stream_options":{"include_usage":true}}"#),
            (
                #"{"stream_options":{"x":[1]},"model":"a"}"#,
                #"{"stream_options":{"include_usage":true,"x":[1]},"model":"b"}"#
            ),
            (
                #"{"stream_options":{"include_usage": false },"model":"a"}"#,
                #"{"stream_options":{"include_usage": true },"model":"b"}"#
            ),
            (#"{"stream_options":null,"model":"a"}"#, #"{"stream_options":{"include_usage":true},"model":"b"}"#),
        ] {
            let result = try edit(text) { edits, fields, bytes in
                edits.set("model", at: 0, of: fields, to: Array(#""b""#.utf8))
                if let field = fields[1], field.kind == .object {
                    let nested = try unsafe bytes.withUnsafeBytes {
                        unsafe try JSONObjectFields(scanning: $0, in: field.range, for: Self.options)
                    }
                    edits.set("include_usage", at: 0, of: nested, to: Array("true".utf8))
                } else {
                    edits.set("stream_options", at: 1, of: fields, to: Array(#"{"include_usage":true}"#.utf8))
                }
            }
            XCTAssertEqual(result, expected)
            XCTAssertNoThrow(try JSONText.validate(Array(result.utf8)))
        }
    }

    func testEditsComeOutByPlaceWhateverTheOrderOfTheCalls() {
        var edits = JSONEdits()
        edits.replace(6..<8, with: Array("Y".utf8))
        edits.insert(Array("<".utf8), at: 0)
        edits.replace(2..<4, with: [])
        edits.insert(Array("1".utf8), at: 6)
        edits.insert(Array("2".utf8), at: 6)
        edits.insert(Array(">".utf8), at: 10)
        XCTAssertEqual(String(decoding: edits.apply(to: Array("0123456789".utf8)), as: UTF8.self), "<014512Y89>")
        edits.removeAll()
        XCTAssertTrue(edits.isEmpty)
        XCTAssertEqual(edits.apply(to: [1, 2]), [1, 2])
        XCTAssertEqual(edits.apply(to: []), [])
    }

    func testASinkThatFailsStopsTheSegments() {
        struct Full: Error {}
        var edits = JSONEdits()
        edits.insert([0], at: 1)
        var count = 0
        let text: [UInt8] = [1, 1]
        unsafe text.withUnsafeBytes { bytes in
            do throws(Full) {
                unsafe try edits.forEachSegment(of: bytes) { _ throws(Full) in
                    count += 1
                    if count == 2 { throw Full() }
                }
                XCTFail("nothing was thrown")
            } catch {}
        }
        XCTAssertEqual(count, 2)
    }
}

final class JSONFieldCaptureTests: XCTestCase {
    private struct Outcome: Equatable {
        var value: String?
        var isComplete: Bool
        var isMalformed: Bool
        var isTooLong: Bool
    }

    private func capture(_ text: String, chunks: [Int], max: Int = 64) -> Outcome {
        var capture = JSONFieldCapture(name: "usage", byteCountMax: max)
        var rest = Array(text.utf8)[...]
        for count in chunks {
            capture.feed(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        capture.feed(Array(rest))
        return Outcome(
            value: capture.value.map { String(decoding: $0, as: UTF8.self) }, isComplete: capture.isComplete,
            isMalformed: capture.isMalformed, isTooLong: capture.isTooLong)
    }

    /// Whole, byte by byte, and cut at every place.
    private func assertCapture(
        _ text: String, _ value: String?, complete: Bool = true, malformed: Bool = false, tooLong: Bool = false,
        line: UInt = #line
    ) {
        let expected = Outcome(value: value, isComplete: complete, isMalformed: malformed, isTooLong: tooLong)
        let count = text.utf8.count
        XCTAssertEqual(capture(text, chunks: []), expected, text, line: line)
        XCTAssertEqual(capture(text, chunks: Array(repeating: 1, count: count)), expected, text, line: line)
        for cut in 0...count { XCTAssertEqual(capture(text, chunks: [cut]), expected, "\(text) at \(cut)", line: line) }
    }

    func testTheValueIsFoundWhateverItIs() {
        for value in [
            #"{"prompt_tokens":12,"d":{"x":[1,"}"]}}"#, "null", "12", "-1.5e3", "true", #""a\"}\\""#, "[]", "{}",
            "[[1],[{}]]",
            #""é漢""#,
        ] {
            assertCapture(#"{"usage":\#(value)}"#, value)
            assertCapture(" {\n \"id\": \"x\", \"usage\" : \(value) ,\"z\":[{\"usage\":1}] }\n", value)
        }
    }

    func testOnlyTheTopLevelCounts() {
        assertCapture(#"{"a":{"usage":1},"b":["usage",{"usage":2}],"usages":3,"usag":4,"c":"\"usage\":5"}"#, nil)
        assertCapture("{}", nil)
    }

    func testAnEscapedNameIsTheSameName() {
        assertCapture(#"{"\u0075sage":1}"#, "1")
        assertCapture(#"{"\u0075\u0073\u0061\u0067\u0065":1}"#, "1")
        assertCapture(#"{"usage\"":1,"u\usage":2}"#, nil)
    }

    func testOfTwoTheLastCounts() {
        assertCapture(#"{"usage":null,"usage":{"a":1}}"#, #"{"a":1}"#)
    }

    func testAValueIsKeptUpToTheBound() {
        let most = "\"" + String(repeating: "x", count: 62) + "\""
        assertCapture("{\"usage\":\(most),\"a\":1}", most)
        assertCapture("{\"usage\":\"x\(most.dropFirst()),\"a\":1}", nil, tooLong: true)
    }

    func testATextThatEndsEarlyIsNotComplete() {
        assertCapture(#"{"usage":{"a":1}"#, #"{"a":1}"#, complete: false)
        assertCapture(#"{"usage":{"a":1"#, nil, complete: false)
        assertCapture(#"{"usage":12"#, nil, complete: false)
        assertCapture("", nil, complete: false)
    }

    func testBracketsThatDoNotMatchAreMalformed() {
        for text in [
            "[]", "x", #"{"a":[1}}"#, #"{"a":{]}"#, #"{"a":1]"#, #"{a:1}"#, #"{"a" 1}"#, #"{"a":,}"#, "{}x", "{}{}",
            #"{"a":1,}"#,
            #"{"a":1:2}"#, #"{"a":}"#,
        ] { assertCapture(text, nil, complete: false, malformed: true) }
        assertCapture(#"{"usage":{"a":1},]"#, #"{"a":1}"#, complete: false, malformed: true)
    }

    func testNestingIsBounded() {
        let most = JSONScanner.depthMax
        let deep = String(repeating: "[", count: most) + String(repeating: "]", count: most)
        XCTAssertTrue(capture("{\"a\":\(deep)}", chunks: []).isComplete)
        XCTAssertTrue(capture("{\"a\":[\(deep)]}", chunks: []).isMalformed)
    }

    func testAResetBeginsAnew() {
        var capture = JSONFieldCapture(name: "usage")
        capture.feed(Array(#"{"usage":[1,"#.utf8))
        capture.reset()
        capture.feed(Array(#"{"usage":2}"#.utf8))
        XCTAssertEqual(capture.value, [50])
        XCTAssertTrue(capture.isComplete)
    }
}

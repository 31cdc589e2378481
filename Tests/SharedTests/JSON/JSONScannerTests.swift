@testable import Shared
import XCTest

final class JSONScannerTests: XCTestCase {
    private func error(_ text: String) -> JSONError? { error(Array(text.utf8)) }

    private func error(_ bytes: [UInt8]) -> JSONError? {
        do throws(JSONError) {
            try JSONText.validate(bytes)
            return nil
        } catch {
            return error
        }
    }

    func testEveryKindOfValueIsAccepted() throws {
        let texts: [(String, JSONKind)] = [
            ("{}", .object), ("[]", .array), (#""""#, .string), ("0", .number), ("true", .boolean), ("false", .boolean),
            ("null", .null), (" \t\r\n [ ] \n", .array), (#"{"a":{"b":[{},[],"",0]},"c":null}"#, .object),
            ("[[],[[]],{}]", .array), (#"{"":0}"#, .object),
        ]
        for (text, kind) in texts { XCTAssertEqual(try JSONText.validate(Array(text.utf8)), kind, text) }
    }

    func testNumbersFollowTheGrammar() {
        for text in [
            "0", "-0", "10", "-1", "1.5", "0.0", "1e5", "1E+5", "1e-05", "-0.1e10", "123456789012345678901234567890",
        ] {
            XCTAssertNil(error(text), text)
        }
        for text in ["01", "-01", "00", "-", "-a", "1.", "1.e5", "1e", "1e+", "1.5e-", "-.5"] {
            XCTAssertEqual(error(text), JSONError(.invalidNumber, at: 0), text)
        }
        for text in ["+1", ".5", "NaN", "Infinity", "'1'", "/", "x", "\u{feff}1"] {
            XCTAssertEqual(error(text), JSONError(.expected("a value"), at: 0), text)
        }
        XCTAssertEqual(error("0x10"), JSONError(.trailingBytes, at: 1))
        XCTAssertEqual(error("1 2"), JSONError(.trailingBytes, at: 2))
    }

    func testWhatStandsInTheWrongPlaceIsNamed() {
        for (text, kind, offset) in [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{", .unexpectedEnd, 1), ("[1,", .unexpectedEnd, 3),
            (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5), (#""abc"#, .unexpectedEnd, 4),
            ("tru", .unexpectedEnd, 3), (#""\"#, .unexpectedEnd, 2), (#""\u12"#, .unexpectedEnd, 5),
            ("[1 2]", .expected("',' or ']'"), 3), (#"{"a":1 "b":2}"#, .expected("',' or '}'"), 7),
            (#"{"a" 1}"#, .expected("':'"), 5), ("{a:1}", .expected("a field name or '}'"), 1),
            ("{,}", .expected("a field name or '}'"), 1), (#"{"a":1,}"#, .expected("a field name"), 7),
            ("[1,]", .expected("a value"), 3), ("[,1]", .expected("a value"), 1), ("[}", .expected("a value"), 1),
            (#"{"a":}"#, .expected("a value"), 5), (#"{"a":1]"#, .expected("',' or '}'"), 6),
            ("[1}", .expected("',' or ']'"), 2), ("trux", .expected("true"), 0), ("nulL", .expected("null"), 0),
            ("falsy", .expected("false"), 0), ("{}}", .trailingBytes, 2), ("[]x", .trailingBytes, 2),
            (#"{1:2}"#, .expected("a field name or '}'"), 1), ("]", .expected("a value"), 0),
            ("{} {}", .trailingBytes, 3),
            ("[1,\u{0b}2]", .expected("a value"), 3), ("nullnull", .trailingBytes, 4),
        ] as [(String, JSONError.Kind, Int)] {
            XCTAssertEqual(error(text), JSONError(kind, at: offset), text)
        }
    }

    func testMessagesSayWhatWasExpectedAndWhere() {
        XCTAssertEqual(error(#"{"a":1 "b":2}"#)?.description, "expected ',' or '}' at byte 7")
        XCTAssertEqual(error("{")?.description, "the JSON ends unexpectedly at byte 1")
    }

    func testEscapesAndControlsInStrings() {
        for text in [
            #""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00""#, #""\ud800""#, #""\uDFFF\uD800""#, "\"\u{7f}\"", "\"é漢😀\"",
        ] {
            XCTAssertNil(error(text), text)
        }
        for text in [#""\a""#, #""\u12g4""#, #""\U0041""#, #""\x41""#, #""\'""#] {
            XCTAssertEqual(error(text), JSONError(.invalidEscape, at: 1), text)
        }
        for control in UInt8(0)..<0x20 {
            for padding in 0..<10 {  // in every place of a word, and in the tail
                let bytes = [34] + [UInt8](repeating: 97, count: padding) + [control] + Array("bcdefghijk\"".utf8)
                XCTAssertEqual(error(bytes), JSONError(.controlCharacter, at: 1 + padding))
            }
        }
    }

    func testUTF8IsCheckedInEveryPlaceOfAWord() {
        let invalid: [[UInt8]] = [
            [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf],
            [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff], [0xc3], [0xe2, 0x82],
            [0xf0, 0x9f, 0x98], [0xe2, 0x28, 0xa1], [0xf0, 0x28, 0x8c, 0xbc],
        ]
        let valid: [[UInt8]] = [
            [0xc2, 0x80], [0xdf, 0xbf], [0xe0, 0xa0, 0x80], [0xed, 0x9f, 0xbf], [0xee, 0x80, 0x80], [0xef, 0xbf, 0xbf],
            [0xf0, 0x90, 0x80, 0x80], [0xf4, 0x8f, 0xbf, 0xbf],
        ]
        for padding in 0..<12 {
            let before = [34] + [UInt8](repeating: 97, count: padding)
            for bytes in invalid {
                XCTAssertEqual(error(before + bytes + [34]), JSONError(.invalidUTF8, at: before.count), "\(bytes)")
                XCTAssertEqual(
                    error(before + bytes + Array("abcdefgh\"".utf8)), JSONError(.invalidUTF8, at: before.count))
            }
            for bytes in valid { XCTAssertNil(error(before + bytes + bytes + [34]), "\(bytes)") }
        }
    }

    func testNestingIsBoundedExactly() {
        let most = JSONScanner.depthMax
        XCTAssertNil(error(String(repeating: "[", count: most) + String(repeating: "]", count: most)))
        XCTAssertEqual(error(String(repeating: "[", count: most + 1)), JSONError(.tooDeep, at: most))
        let objects = String(repeating: #"{"a":"#, count: most) + "1" + String(repeating: "}", count: most)
        XCTAssertNil(error(objects))
        XCTAssertEqual(error(#"{"a":"# + objects + "}"), JSONError(.tooDeep, at: 5 * most))
    }

    func testContainersThatDoNotMatchAreFoundAtEveryDepth() {
        for depth in [1, 2, 63, 64, 65, 127] {
            let open = (0..<depth).map { $0 % 2 == 0 ? "[" : #"{"a":"# }.joined()
            let close = (0..<depth).reversed().map { $0 % 2 == 0 ? "]" : "}" }
            XCTAssertNil(error(open + "0" + close.joined()))
            for wrong in [0, depth / 2, depth - 1] {
                var mixed = close
                mixed[wrong] = mixed[wrong] == "]" ? "}" : "]"
                XCTAssertNotNil(error(open + "0" + mixed.joined()))
            }
        }
    }

    /// An independent reading of the grammar decides about random texts, most of them nearly right.
    func testTheScannerAgreesWithAPlainParser() {
        var random = SeededRandom(seed: 42)
        let seeds = [
            #"{"model":"gpt","stream":true,"messages":[{"role":"user","content":"h\u00e9 \"x\" \\"}],"n":-1.5e+3}"#,
            #"[0,1.25,-3E7,"",{},[],null,true,false,{"a":[{"b":"c"}]}]"#, "  { \"k\" :\n[ 1 , 2 ] }\t",
        ].map { Array($0.utf8) }
        let alphabet = Array(#"{}[]",:\0123456789.eE+-truefalsn u"#.utf8) + [0x0a, 0x09, 0x00, 0xc3, 0xa9, 0xff]
        var accepted = 0
        for _ in 0..<30_000 {
            var text = seeds.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text[place] = alphabet.randomElement(using: &random)!
                case 1: text.remove(at: place)
                default: text.insert(alphabet.randomElement(using: &random)!, at: place)
                }
            }
            var parser = PlainParser(text)
            let expected = parser.isValid()
            accepted += expected ? 1 : 0
            XCTAssertEqual(error(text) == nil, expected, String(decoding: text, as: UTF8.self))
        }
        XCTAssertGreaterThan(accepted, 5_000)
        XCTAssertLessThan(accepted, 25_000)
    }
}

/// RFC 8259 written down as plainly as possible: what the scanner is compared with.
private struct PlainParser {
    private let text: [Character]
    private var place = 0

    init(_ bytes: [UInt8]) {
        // One character per scalar, so that "\r\n" stays two; text that is not UTF-8 becomes one that is not JSON.
        text = String(validating: bytes, as: UTF8.self).map { $0.unicodeScalars.map(Character.init) } ?? ["?"]
    }

    private var next: Character { place < text.count ? text[place] : "\u{4}" }

    mutating func isValid() -> Bool {
        space()
        guard value() else { return false }
        space()
        return place == text.count
    }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        place += 1
        return true
    }

    private mutating func space() { while [" ", "\t", "\n", "\r"].contains(next) { place += 1 } }

    private mutating func value() -> Bool {
        switch next {
        case "{":
            list("{", "}") { parser in
                guard parser.string() else { return false }
                parser.space()
                guard parser.take(":") else { return false }
                parser.space()
                return parser.value()
            }
        case "[": list("[", "]") { $0.value() }
        case "\"": string()
        case "t": word("true")
        case "f": word("false")
        case "n": word("null")
        default: number()
        }
    }

    private mutating func list(_ open: Character, _ close: Character, _ element: (inout PlainParser) -> Bool) -> Bool {
        guard take(open) else { return false }
        space()
        if take(close) { return true }
        repeat {
            space()
            guard element(&self) else { return false }
            space()
        } while take(",")
        return take(close)
    }

    private mutating func word(_ word: String) -> Bool { word.allSatisfy { take($0) } }

    private mutating func digits() -> Bool {
        let start = place
        while ("0"..."9").contains(next), next.isASCII { place += 1 }
        return place > start
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0"), !digits() { return false }
        if take("."), !digits() { return false }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            return digits()
        }
        return true
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while place < text.count {
            let character = text[place]
            place += 1
            if character == "\"" { return true }
            if character.unicodeScalars.first!.value < 0x20 { return false }
            guard character == "\\" else { continue }
            if take("u") {
                for _ in 0..<4 {
                    guard next.isASCII, next.isHexDigit else { return false }
                    place += 1
                }
            } else {
                guard "\"\\/bfnrt".contains(next) else { return false }
                place += 1
            }
        }
        return false
    }
}

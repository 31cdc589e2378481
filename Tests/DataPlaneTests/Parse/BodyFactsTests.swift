import Shared
import XCTest

@testable import DataPlane

final class BodyFactsTests: XCTestCase {
    private func unescaped(_ text: String, countMax: Int = 100) -> String {
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe JSONString.append(0..<$0.count, of: $0, to: &out, countMax: countMax)
        }
        return String(decoding: out, as: UTF8.self)
    }

    func testEscapesAreTakenOut() {
        XCTAssertEqual(unescaped(#"a\"b\\c\/d\b\f\n\r\te"#), "a\"b\\c/d\u{8}\u{c}\n\r\te")
        XCTAssertEqual(unescaped(#"\u0041\u00e9\u20AC\ud83d\ude00!"#), "A\u{e9}\u{20ac}\u{1f600}!")
        XCTAssertEqual(unescaped(#"\ud83dx\ude00"#), "\u{fffd}x\u{fffd}", "halves of pairs")
        XCTAssertEqual(unescaped(#"\ud83d\u0041"#), "\u{fffd}A")
        XCTAssertEqual(unescaped("abcdef", countMax: 4), "abcd")
    }

    func testTextsAreComparedWithoutTheirEscapes() {
        func isSame(_ text: String, _ wanted: String) -> Bool {
            let bytes = Array(text.utf8)
            return unsafe bytes.withUnsafeBytes {
                unsafe JSONString.isSame(0..<$0.count, of: $0, as: Array(wanted.utf8))
            }
        }
        XCTAssertTrue(isSame("prod", "prod"))
        XCTAssertTrue(isSame(#"pr\u006fd"#, "prod"))
        XCTAssertTrue(isSame(#"a\\n"#, #"a\n"#))
        XCTAssertFalse(isSame(#"a\n"#, #"a\n"#))
        XCTAssertFalse(isSame("prod", "production"))
        XCTAssertFalse(isSame("production", "prod"))
        XCTAssertTrue(isSame("", ""))
    }
}

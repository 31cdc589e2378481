import Shared
import XCTest

@testable import DataPlane

final class ShownKeyTests: XCTestCase {
    private let hasher = SHA256()

    private func digest(_ text: String, _ shown: inout ShownKey) -> SHA256Digest {
        unsafe Array(text.utf8).withUnsafeBytes { unsafe shown.digest($0, hasher) }
    }

    private func assertIsHash(_ text: String, _ shown: inout ShownKey, line: UInt = #line) {
        XCTAssertEqual(digest(text, &shown), SHA256.digest(Array(text.utf8)), line: line)
    }

    func testOneKeyAgainAndAgainHasItsOwnHash() {
        var shown = ShownKey()
        for _ in 0..<3 { assertIsHash("wk_0123456789abcdef", &shown) }
    }

    /// As a proxy in front of Weir sends them, which has one connection for many callers.
    func testKeysThatTakeTurnsEachHaveTheirOwnHash() {
        var shown = ShownKey()
        let keys = ["wk_first", "wk_other", "wk_first", "wk_firs", "wk_first1", "", "wk_first", "", ""]
        for key in keys { assertIsHash(key, &shown) }
    }

    /// What differs in one byte, wherever it lies, is another key.
    func testAKeyThatDiffersInOneByteIsAnother() {
        let key = "wk_0123456789abcdefghijklmnopqrstuvwxyz"
        for place in 0..<key.utf8.count {
            var shown = ShownKey()
            let known = digest(key, &shown)
            var other = Array(key.utf8)
            other[place] ^= 1
            let found = unsafe other.withUnsafeBytes { unsafe shown.digest($0, hasher) }
            XCTAssertNotEqual(found, known)
            XCTAssertEqual(found, SHA256.digest(other))
        }
    }

    func testAKeyThatIsTooLongToBeKeptIsHashedEachTimeAndForgetsTheOneBefore() {
        var shown = ShownKey()
        assertIsHash("wk_short", &shown)
        for length in [255, 256, 257, 258, 8_000] {
            let long = String(repeating: "k", count: length)
            assertIsHash(long, &shown)
            assertIsHash(long, &shown)
            assertIsHash(String(repeating: "k", count: length - 1) + "x", &shown)
        }
        assertIsHash("wk_short", &shown)
    }
}

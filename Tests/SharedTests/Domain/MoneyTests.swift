import Shared
import XCTest

final class MoneyTests: XCTestCase {
    func testDollarsAreReadExactly() {
        for (text, nanodollars) in [
            ("0", 0), ("25", 25_000_000_000), ("0.5", 500_000_000), ("12.345678901", 12_345_678_901),
            ("9223372036.854775807", Int64.max), ("007.10", 7_100_000_000),
        ] as [(String, Int64)] {
            XCTAssertEqual(Money(dollars: text)?.nanodollars, nanodollars, text)
        }
        for text in [
            "", ".", ".5", "5.", "-1", "+1", "1e3", "1,000", "1.0000000001", "9223372036.854775808", "1.2.3", "١",
        ] {
            XCTAssertNil(Money(dollars: text), text)
        }
    }

    func testDollarsGoBothWays() {
        for nanodollars in [0, 1, 999_999_999, 1_000_000_000, 1_500_000_000, Int64.max] {
            let money = Money(nanodollars: nanodollars)
            XCTAssertEqual(Money(dollars: money.dollars), money)
        }
    }
}

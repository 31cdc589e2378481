import Shared
import XCTest

final class WaitHintTests: XCTestCase {
    /// 2025-01-31T23:59:59.000Z.
    private let now: Int64 = 1_738_367_999_000

    private func wait(_ text: String, unit: WaitHint.Unit = .seconds) -> Int64? {
        unsafe Array(text.utf8).withUnsafeBytes {
            unsafe WaitHint.milliseconds($0, unit: unit, nowUnixMilliseconds: now)
        }
    }

    func testEverySpellingOfAWait() {
        for (text, want) in [
            ("0", 0), ("1", 1_000), ("30", 30_000), (" 30\t", 30_000), ("1.5", 1_500), ("0.0001", 1),
            ("59.999", 59_999),
            ("1s", 1_000), ("6m0s", 360_000), ("1h0m", 3_600_000), ("59m59.999s", 3_599_999), ("120ms", 120),
            ("1m2s3ms", 62_003), ("7.66s", 7_660), ("2m59.56s", 179_560), ("34.074824224s", 34_075), ("1500us", 2),
            ("1500\u{b5}s", 2), ("1500\u{3bc}s", 2), ("17ns", 1), ("0s", 0), ("0.5m", 30_000),
        ] as [(String, Int64)] {
            XCTAssertEqual(wait(text), want, text)
        }
        XCTAssertEqual(wait("250", unit: .milliseconds), 250)
        XCTAssertEqual(wait("250.2", unit: .milliseconds), 251)
    }

    func testMomentsAreReadAsTheTimeUntilThem() {
        for text in [
            "1738368011", "1738368011000", "1738368011.0", "2025-02-01T00:00:11Z", "2025-02-01T01:00:11.000+01:00",
            "Sat, 01 Feb 2025 00:00:11 GMT", "Saturday, 01-Feb-25 00:00:11 GMT", "Sat Feb  1 00:00:11 2025",
        ] {
            XCTAssertEqual(wait(text), 12_000, text)
        }
    }

    func testAMomentThatIsPastIsNoWait() {
        for text in [
            "1738367000", "1738367000000", "2025-01-31T23:59:00Z", "0001-01-01T00:00:00Z",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ] {
            XCTAssertEqual(wait(text), 0, text)
        }
    }

    func testNoWaitIsLongerThanAnHour() {
        for text in [
            "3601", "3600.001", "999999999", "99999999999999999999999999", "1h0.001s", "2h", "1000d",
            "99999999999999999999h",
            "9223372036854775807ns", "9999999999999999999999ns9999999999999999999999ns", "1738999999", "1738999999000",
            "2125-01-01T00:00:00Z", "Sat, 01 Feb 2125 00:00:00 GMT", "9999-12-31T23:59:60Z",
        ] {
            XCTAssertEqual(wait(text), WaitHint.millisecondsMax, text)
        }
        XCTAssertEqual(wait("99999999999999999999", unit: .milliseconds), WaitHint.millisecondsMax)
    }

    func testWhatCannotBeReadIsNoHint() {
        for text in [
            "", " ", "-1", "-1s", "+1", "1e3", "0x10", ".5", "1.", "1..5", "1.s", "s", "1x", "1h30", "30 s", "1s ago",
            "1,5",
            "soon", "NaN", "1\u{0}", "2025-13-01T00:00:00Z", "2025-02-30T00:00:00Z", "2025-02-01T24:00:00Z",
            "Sat, 32 Jan 2025 00:00:00 GMT", "Sat, 01 Feb 2025 00:00:11", "Sat, 01 Feb 2025 00:00:11 CET",
            "Sat, 01-Feb 25 00:00:11 GMT", "Sat Feb 1 00:00:11 2025", "Sat, 1 Feb 2025 00:00:11 GMT",
            "01 Feb 2025 00:00:11 GMT",
            "Sat, 01 feb 2025 00:00:11 GMT", String(repeating: "1", count: 65),
        ] {
            XCTAssertNil(wait(text), text)
        }
    }

    func testGarbageIsReadWithinItsBounds() {
        var random = SeededRandom(seed: 7)
        let letters = Array("0123456789.:-+ hmsunTZGMTJanSat,\u{b5}\t".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in letters.randomElement(using: &random)! }
            for unit in [WaitHint.Unit.seconds, .milliseconds] {
                let wait = unsafe bytes.withUnsafeBytes {
                    unsafe WaitHint.milliseconds($0, unit: unit, nowUnixMilliseconds: now)
                }
                XCTAssertTrue((0...WaitHint.millisecondsMax).contains(wait ?? 0), "\(bytes)")
            }
        }
    }

    func testEveryWrittenDateIsRead() {
        var random = SeededRandom(seed: 8)
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: 0..<4_000_000_000, using: &random)
            let buffer = ByteBuffer()
            buffer.append(httpDate: seconds)
            XCTAssertEqual(unsafe HTTPDate.parse(buffer.readable, nowUnixSeconds: 0), seconds)
        }
    }

    func testAYearOfTwoDigitsIsAtMostFiftyYearsAhead() {
        for (text, want) in [
            ("Sunday, 01-Jan-75 00:00:00 GMT", "2075-01-01"), ("Sunday, 01-Jan-76 00:00:00 GMT", "1976-01-01"),
        ] {
            let seconds = unsafe Array(text.utf8).withUnsafeBytes {
                unsafe HTTPDate.parse($0, nowUnixSeconds: now / 1000)
            }
            XCTAssertEqual(seconds.map { $0 * 1000 }, RFC3339.parse(want))
        }
    }

    func testFieldsThatSayHowLongToWait() {
        for (name, want) in [
            ("Retry-After", .seconds), ("retry-after-ms", .milliseconds), ("X-MS-Retry-After-MS", .milliseconds),
            ("retry-after-", nil), ("x-ratelimit-reset-requests", nil), ("", nil),
        ] as [(String, WaitHint.Unit?)] {
            let unit = unsafe Array(name.utf8).withUnsafeBytes {
                unsafe WaitHint.unit(ofFieldNamed: 0..<$0.count, in: $0)
            }
            XCTAssertEqual(unit, want, name)
        }
    }
}

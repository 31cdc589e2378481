import Shared
import TestSupport
import XCTest

final class TimeTests: XCTestCase {
    func testAdvancingAndMeasuringAreInverse() {
        let start = MonotonicTime(nanoseconds: 5_000)
        let later = start.advanced(by: .milliseconds(7))
        XCTAssertEqual(start.duration(to: later), .milliseconds(7))
        XCTAssertEqual(later.duration(to: start), .milliseconds(-7))
        XCTAssertEqual(later.advanced(by: .milliseconds(-7)), start)
    }

    func testAdvancingSaturatesAtBothEnds() {
        XCTAssertEqual(MonotonicTime.distantFuture.advanced(by: .seconds(1)), .distantFuture)
        XCTAssertEqual(MonotonicTime(nanoseconds: 5).advanced(by: .seconds(-1)), MonotonicTime(nanoseconds: 0))
        XCTAssertEqual(Duration.seconds(Int64.max).wholeNanoseconds, .max)
        XCTAssertEqual(Duration.seconds(Int64.min).wholeNanoseconds, .min)
    }

    func testTheMonotonicClockDoesNotGoBack() {
        let first = MonotonicTime.now()
        XCTAssertLessThanOrEqual(first, MonotonicTime.now())
    }

    func testManualTimeMovesBothClocks() {
        let time = ManualTime()
        let start = time.monotonic
        time.advance(by: .seconds(2))
        XCTAssertEqual(start.duration(to: time.monotonic), .seconds(2))
        XCTAssertEqual(time.unixMilliseconds, 1_735_689_602_000)
    }

    func testDatesAreWrittenAndReadAtTheEdgesOfTheCalendar() {
        let cases: [(Int64, String)] = [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_735_689_600_123, "2025-01-01T00:00:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ]
        for (milliseconds, text) in cases {
            XCTAssertEqual(RFC3339.text(unixMilliseconds: milliseconds), text)
            XCTAssertEqual(RFC3339.parse(text), milliseconds)
        }
    }

    func testEveryDayOfFourCenturiesSurvivesTheRoundTrip() {
        for day in Int64(-80_000)..<80_000 {
            let moment = day * 86_400_000 + 43_200_000
            XCTAssertEqual(RFC3339.parse(RFC3339.text(unixMilliseconds: moment)), moment)
        }
    }

    func testDatesAreReadWithOffsetsAndFractions() {
        XCTAssertEqual(RFC3339.parse("2025-01-01T01:30:00+01:30"), 1_735_689_600_000)
        XCTAssertEqual(RFC3339.parse("2024-12-31T20:00:00.5-04:00"), 1_735_689_600_500)
        XCTAssertEqual(RFC3339.parse("2025-01-01T00:00:00.1239999Z"), 1_735_689_600_123)
        XCTAssertEqual(RFC3339.parse("2025-01-01"), 1_735_689_600_000)
    }

    func testWhatIsNotADateIsRefused() {
        for text in [
            "", "2025", "2025-13-01", "2025-02-29", "2025-01-01T", "2025-01-01T00:00:00", "2025-01-01T24:00:00Z",
            "2025-01-01T00:00:00.Z", "2025-01-01T00:00:00Zx", "2025-01-01T00:00:00+1:00", "+025-01-01",
        ] { XCTAssertNil(RFC3339.parse(text), text) }
    }

    func testTheSameSeedGivesTheSameNumbers() {
        var a = SeededRandom(seed: 7)
        var b = SeededRandom(seed: 7)
        var c = SeededRandom(seed: 8)
        let first = (0..<8).map { _ in a.next() }
        XCTAssertEqual(first, (0..<8).map { _ in b.next() })
        XCTAssertNotEqual(first, (0..<8).map { _ in c.next() })
    }
}

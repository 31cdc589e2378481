import Shared
import XCTest

final class SlidingSumTests: XCTestCase {
    func testAnAmountCountsForAtLeastAPeriodAndAtMostOneBucketMore() {
        var sum = SlidingSum(periodMilliseconds: 60_000)
        sum.add(7, at: 1_030)
        XCTAssertEqual(sum.total(at: 61_030), 7)
        XCTAssertEqual(sum.total(at: 61_049), 7)
        XCTAssertEqual(sum.total(at: 61_050), 0)
    }

    func testItSaysWhenEnoughHasLeft() {
        var sum = SlidingSum(periodMilliseconds: 60_000)
        sum.add(5, at: 0)
        sum.add(5, at: 1_000)
        XCTAssertEqual(sum.milliseconds(untilAtMost: 10, at: 2_000), 0)
        XCTAssertEqual(sum.milliseconds(untilAtMost: 9, at: 2_000), 58_050)
        XCTAssertEqual(sum.milliseconds(untilAtMost: 4, at: 2_000), 59_050)
    }

    func testAClockThatGoesBackAddsToTheNewestBucket() {
        var sum = SlidingSum(periodMilliseconds: 60_000)
        sum.add(1, at: 10_000)
        sum.add(2, at: 5_000)
        XCTAssertEqual(sum.total(at: 69_999), 3)
        XCTAssertEqual(sum.total(at: 70_050), 0)
    }

    func testWhatIsTakenOutIsNeverMoreThanIsThere() {
        var sum = SlidingSum(periodMilliseconds: 60_000)
        sum.add(5, at: 1_000)
        XCTAssertEqual(sum.remove(9, addedAt: 1_000, at: 2_000), 5)
        XCTAssertEqual(sum.remove(9, addedAt: 1_000, at: 90_000), 0)
        XCTAssertEqual(sum.total(at: 90_000), 0)
    }

    /// What was added a little later than somebody says is found; of what others added meanwhile the older goes.
    func testWhatWasAddedALittleLaterIsFound() {
        var sum = SlidingSum(periodMilliseconds: 60_000)
        sum.add(5, at: 1_000)
        sum.add(7, at: 2_900)
        sum.add(11, at: 3_100)
        XCTAssertEqual(sum.remove(9, addedAt: 990, slack: 2_000, at: 4_000), 9, "five of the first, four of the second")
        XCTAssertEqual(sum.total(at: 4_000), 14)
        XCTAssertEqual(sum.remove(9, addedAt: 990, slack: 2_000, at: 4_000), 3, "the third is too late")
        XCTAssertEqual(sum.total(at: 4_000), 11)
    }
}

import Shared
import XCTest

@testable import DataPlane

final class ShippingPaceTests: XCTestCase {
    private var pace = ShippingPace()
    private var now = MonotonicTime(nanoseconds: 1_000_000_000_000)

    /// Milliseconds to wait after a batch at this moment; 0: none.
    private func pause(_ recordCount: Int = 1) -> Int {
        let pause = pace.pause(after: JournalBatch(firstSequence: 1, recordCount: recordCount), at: now)
        return Int((pause ?? .zero) / .milliseconds(1))
    }

    private func wait(_ milliseconds: Int64) { now = now.advanced(by: .milliseconds(milliseconds)) }

    func testSomeBatchesGoAtOnceAndThenFourASecond() {
        XCTAssertEqual((0..<3).map { _ in pause() }, [0, 0, 0])
        for _ in 0..<20 {
            XCTAssertEqual(pause(), 250, "all of them at one moment")
            wait(250)
        }
    }

    func testAStreamThatSaysSomethingNowAndThenNeverWaits() {
        for _ in 0..<100 {
            XCTAssertEqual(pause(), 0)
            wait(250)
        }
    }

    func testHurryLeavesNoMoreDebtThanOneInterval() {
        let pauses = (0..<8).map { _ in
            let pause = pause(3)
            wait(50)
            return pause
        }
        // Each takes 250 ms of the bucket, of which 50 come back before the next.
        XCTAssertEqual(pauses, [0, 0, 0, 100, 250, 250, 250, 250], "of one who is always in a hurry")
    }

    func testQuietTimeFillsTheBucketAndNoMore() {
        for _ in 0..<4 { _ = pause() }
        wait(3_600_000)
        XCTAssertEqual((0..<4).map { _ in pause() }, [0, 0, 0, 250])
    }

    func testAFullBatchNeitherWaitsNorCounts() {
        for _ in 0..<50 { XCTAssertEqual(pause(UsageBatch.recordsMax), 0) }
        XCTAssertEqual((0..<4).map { _ in pause(UsageBatch.recordsMax - 1) }, [0, 0, 0, 250])
    }
}

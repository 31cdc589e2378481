import Shared
import XCTest

@testable import DataPlane

final class LoadShedderTests: XCTestCase {
    private var shedder = LoadShedder(lagNanoseconds: 100_000_000, intervalNanoseconds: 1_000_000_000)
    private var now = MonotonicTime(nanoseconds: 1_000_000_000_000)

    /// One observation each 100 ms.
    private func observe(lagMilliseconds: UInt64, times: Int) {
        for _ in 0..<times {
            shedder.observe(lag: lagMilliseconds * 1_000_000, at: now)
            now = now.plus(milliseconds: 100)
        }
    }

    private func refused(_ priority: KeyPriority, of count: Int = 1_600) -> Int {
        (0..<count).reduce(0) { sum, _ in sum + (shedder.refuses(priority) ? 1 : 0) }
    }

    func testALoopInItsTimeRefusesNobody() {
        observe(lagMilliseconds: 99, times: 1_000)
        XCTAssertEqual(shedder.pressure, 0)
        for priority in KeyPriority.allCases { XCTAssertEqual(refused(priority), 0) }
    }

    func testABurstIsNoOverload() {
        for _ in 1...100 {
            observe(lagMilliseconds: 5_000, times: 10)
            observe(lagMilliseconds: 1, times: 1)
        }
        XCTAssertEqual(shedder.pressure, 0)
    }

    func testALoopThatStaysLateRefusesTheLowestClassFirst() {
        observe(lagMilliseconds: 200, times: 11)
        XCTAssertEqual(refused(.low), 400, "a quarter, evenly")
        XCTAssertEqual(refused(.normal), 0)
        observe(lagMilliseconds: 200, times: 3)
        XCTAssertEqual(refused(.low), 1_600)
        XCTAssertEqual(refused(.normal), 0)
        observe(lagMilliseconds: 200, times: 2)
        XCTAssertEqual(refused(.low), 1_600)
        XCTAssertEqual(refused(.normal), 800)
        XCTAssertEqual(refused(.high), 0)
        observe(lagMilliseconds: 200, times: 100)
        XCTAssertEqual(refused(.normal), 1_600)
        XCTAssertEqual(refused(.high), 1_500, "one of sixteen always passes")
    }

    func testThePressureStaysWhileTheLoopIsNearlyLateAndFallsSlowlyWhenItIsNot() {
        observe(lagMilliseconds: 200, times: 14)
        XCTAssertEqual(shedder.pressure, 16)
        observe(lagMilliseconds: 80, times: 100)
        XCTAssertEqual(shedder.pressure, 16)
        observe(lagMilliseconds: 20, times: 8)
        XCTAssertEqual(shedder.pressure, 8)
        observe(lagMilliseconds: 200, times: 1)
        XCTAssertEqual(shedder.pressure, 12, "while it sheds, it does not wait for an interval again")
        observe(lagMilliseconds: 20, times: 12)
        XCTAssertEqual(shedder.pressure, 0)
        observe(lagMilliseconds: 200, times: 9)
        XCTAssertEqual(shedder.pressure, 0, "from calm it does")
    }

    func testZeroTurnsItOff() {
        shedder = LoadShedder(lagNanoseconds: 0, intervalNanoseconds: 1)
        observe(lagMilliseconds: 100_000, times: 1_000)
        XCTAssertEqual(shedder.pressure, 0)
    }

    /// A loop that can serve 1000 requests a second gets 2000: what it lets in comes to about what it can serve, and waits little.
    func testALoopWithTwiceItsLoadServesWhatItCanInTime() {
        var waiting = 0.0
        var (served, letIn, lateObservations) = (0.0, [0, 0, 0], 0)
        for tick in 0..<600 {
            // Of each 200 requests 40 are high, 80 normal and 80 low.
            for (priority, count) in [(KeyPriority.high, 40), (.normal, 80), (.low, 80)] {
                for _ in 0..<count {
                    if shedder.pressure > 0, shedder.refuses(priority) {
                        waiting += 0.2  // a refusal costs a fifth of a request
                    } else {
                        letIn[priority.rank] += 1
                        waiting += 1
                    }
                }
            }
            let done = min(waiting, 100)
            waiting -= done
            served += done
            let lag = waiting  // milliseconds: one request a millisecond
            shedder.observe(lag: UInt64(lag * 1e6), at: now)
            now = now.plus(milliseconds: 100)
            if tick > 100, lag > 400 { lateObservations += 1 }
        }
        XCTAssertEqual(letIn[0], 24_000, "no high one is refused")
        XCTAssertGreaterThan(letIn[1], letIn[2], "low before normal")
        XCTAssertLessThan(lateObservations, 25, "of 500")
        XCTAssertGreaterThan(served, 59_000, "it is not idle")
    }
}

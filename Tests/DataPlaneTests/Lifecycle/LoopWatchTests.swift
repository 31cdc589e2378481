import Shared
import TestSupport
import XCTest

@testable import DataPlane

final class LoopWatchTests: XCTestCase {
    func testATurnThatLastsTooLongIsToldOnceAndItsEndToo() {
        var watch = LoopWatch(stallNanoseconds: 100)
        XCTAssertNil(watch.look(turnBegan: 1_000, now: 1_100), "as long as is allowed")
        XCTAssertEqual(watch.look(turnBegan: 1_000, now: 1_101), .stalled(nanoseconds: 101))
        XCTAssertNil(watch.look(turnBegan: 1_000, now: 1_500))
        XCTAssertEqual(watch.stalledFor, 500)
        XCTAssertEqual(watch.look(turnBegan: nil, now: 1_600), .recovered(nanoseconds: 600))
        XCTAssertEqual(watch.stalledFor, 0)
    }

    func testALoopThatWaitsOrTurnsIsNeverFound() {
        var watch = LoopWatch(stallNanoseconds: 100)
        for now in stride(from: UInt64(1_000), to: 100_000, by: 50) {
            XCTAssertNil(watch.look(turnBegan: now % 100 == 0 ? nil : now - 50, now: now))
        }
    }

    func testAStallRightAfterAnotherIsToldAnew() {
        var watch = LoopWatch(stallNanoseconds: 100)
        XCTAssertNotNil(watch.look(turnBegan: 1_000, now: 1_200))
        XCTAssertEqual(watch.look(turnBegan: 1_250, now: 1_400), .recovered(nanoseconds: 400))
        XCTAssertEqual(watch.look(turnBegan: 1_250, now: 1_450), .stalled(nanoseconds: 200))
    }

    func testATurnFromTheFutureIsNoStall() {
        var watch = LoopWatch(stallNanoseconds: 100)
        XCTAssertNil(watch.look(turnBegan: 2_000, now: 1_000), "the stamp was read before the clock")
    }

    func testALoopThatStandsStillIsNamedWhileItDoes() throws {
        let loop = try EventLoop(name: "standing")
        loop.start()
        defer {
            loop.stop()
            loop.join()
        }
        let watchdog = try Watchdog([loop], stall: .milliseconds(40), abortAfter: nil)
        let registry = MetricsRegistry()
        watchdog.register(in: registry)
        watchdog.start()
        defer { watchdog.stop() }
        let gate = DispatchSemaphore(value: 0)
        loop.post { gate.wait() }
        try waitUntil("it is noticed") { !watchdog.stalled.isEmpty }
        XCTAssertTrue(watchdog.stalled[0].hasPrefix("event loop standing stands still for "), watchdog.stalled[0])
        gate.signal()
        try waitUntil("it goes on") { watchdog.stalled.isEmpty }
        let text = String(decoding: registry.render(), as: UTF8.self)
        XCTAssertTrue(text.contains("weir_loop_stalls_total{loop=\"standing\"} 1"), text)
        let longest = text.split(separator: "\n").first { $0.hasPrefix("weir_loop_longest_turn_seconds{") }
        XCTAssertGreaterThan(longest.flatMap { Double($0.split(separator: " ")[1]) } ?? 0, 0.04)
    }
}

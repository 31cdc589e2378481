import Shared
import XCTest

@testable import DataPlane

/// The limit in front of a provider that is simulated, over many seeds.
final class ConcurrencyLimitTests: XCTestCase {
    private typealias Rule = PolicyDocument.Concurrency

    private let wide = Rule(min: 1, max: 1_000)

    private func near(
        _ limit: Double, _ capacity: Double, _ what: String, line: UInt = #line
    ) {
        XCTAssertGreaterThan(limit, capacity * 0.8, what, line: line)
        XCTAssertLessThan(limit, capacity * 1.8, what, line: line)
    }

    // MARK: Convergence

    func testItComesNearTheCapacityFromBelow() {
        for capacity in [3.0, 8, 20, 100] {
            for seed in 1...5 as ClosedRange<UInt64> {
                var provider = SimulatedProvider(
                    wide, capacity: capacity, noise: 0.2, demand: Int(4 * capacity), seed: seed)
                provider.run(seconds: 120)
                near(provider.run(seconds: 120), capacity, "capacity \(capacity), seed \(seed)")
            }
        }
    }

    /// The first samples are of an overloaded provider, so only halving the limit now and then can tell.
    func testItComesNearTheCapacityFromAbove() {
        for seed in 1...10 as ClosedRange<UInt64> {
            var provider = SimulatedProvider(
                wide, startingAt: 100, capacity: 8, noise: 0.2, demand: 500, seed: seed)
            provider.run(seconds: 900)
            near(provider.run(seconds: 120), 8, "seed \(seed)")
        }
    }

    func testItStaysThereForHours() {
        for seed in 1...3 as ClosedRange<UInt64> {
            var provider = SimulatedProvider(wide, capacity: 8, noise: 0.4, demand: 64, seed: seed)
            for minute in 1...12 { near(provider.run(seconds: 600), 8, "seed \(seed), after \(10 * minute) minutes") }
            // What it gives up for measuring.
            XCTAssertGreaterThan(Double(provider.answered) / 7_200, 8 * 0.85, "seed \(seed)")
        }
    }

    func testItFollowsACapacityThatHalvesAndDoubles() {
        for seed in 1...10 as ClosedRange<UInt64> {
            var provider = SimulatedProvider(wide, capacity: 20, noise: 0.2, demand: 500, seed: seed)
            provider.run(seconds: 120)
            for capacity in [10.0, 20, 40, 20] {
                provider.capacity = capacity
                provider.run(seconds: 60)
                near(provider.run(seconds: 60), capacity, "capacity \(capacity), seed \(seed)")
            }
        }
    }

    func testAProviderThatRefusesIsAskedForAboutWhatItTakes() {
        for seed in 1...10 as ClosedRange<UInt64> {
            var provider = SimulatedProvider(wide, capacity: 16, noise: 0.2, demand: 200, seed: seed)
            provider.refusesBeyondCapacity = true
            provider.run(seconds: 30)
            let (answered, refused) = (provider.answered, provider.refused)
            near(provider.run(seconds: 300), 14, "seed \(seed)")
            let share = Double(provider.refused - refused) / Double(provider.answered - answered)
            XCTAssertLessThan(share, 0.05, "of the requests are refused, seed \(seed)")
        }
    }

    // MARK: What must not move it

    func testNoiseAloneDoesNotMakeItCollapse() {
        for noise in [0.3, 0.6, 1.0] {
            for seed in 1...5 as ClosedRange<UInt64> {
                var provider = SimulatedProvider(wide, capacity: 1e9, noise: noise, demand: 50, seed: seed)
                provider.run(seconds: 120)
                let limit = provider.run(seconds: 300)
                XCTAssertGreaterThan(limit, noise > 0.6 ? 25 : 40, "noise \(noise), seed \(seed)")
            }
        }
    }

    func testItDoesNotGrowWhileNobodyReachesIt() {
        var provider = SimulatedProvider(wide, capacity: 1e9, noise: 0.2, demand: 6, seed: 1)
        provider.run(seconds: 600)
        XCTAssertLessThanOrEqual(provider.limit.current, 8)
    }

    func testALongerAnswerAtLowLoadIsBelieved() {
        var provider = SimulatedProvider(wide, startingAt: 40, capacity: 1e9, noise: 0.2, demand: 10, seed: 1)
        provider.run(seconds: 60)
        provider.latency = 5
        provider.run(seconds: 180)
        provider.demand = 40
        XCTAssertGreaterThan(provider.run(seconds: 120), 30, "nothing is to be seen of an overload")
    }

    /// Everything takes three times as long, whatever the load: that is measured within minutes.
    func testALongerAnswerUnderLoadIsFoundOut() {
        for seed in 1...10 as ClosedRange<UInt64> {
            var provider = SimulatedProvider(wide, capacity: 30, noise: 0.2, demand: 200, seed: seed)
            provider.run(seconds: 120)
            provider.latency = 3
            provider.run(seconds: 400)
            near(provider.run(seconds: 200), 30, "seed \(seed)")
        }
    }

    /// Slots that are held for minutes do not become free for a measurement.
    func testLongStreamsAreNotKeptWaitingForAMeasurement() {
        for seed in 1...5 as ClosedRange<UInt64> {
            var provider = SimulatedProvider(wide, capacity: 32, noise: 0.3, demand: 500, seed: seed)
            provider.answering = 60
            provider.run(seconds: 1_800)
            let (answered, began) = (provider.answered, provider.now)
            provider.longestPause = 0
            let limit = provider.run(seconds: 3_600)
            XCTAssertGreaterThan(limit, 32 * 0.8, "seed \(seed)")
            XCTAssertLessThan(limit, 32 * 2.2, "it is measured at the start only, seed \(seed)")
            let perSecond =
                Double(provider.answered - answered) / Double(began.duration(to: provider.now).wholeMilliseconds)
                * 1_000
            XCTAssertGreaterThan(perSecond, 32.0 / 63 * 0.9, "seed \(seed)")
            // A slot becomes free every two seconds, and a measurement waits for six.
            XCTAssertLessThan(provider.longestPause, 25, "seed \(seed)")
        }
    }

    // MARK: Bounds and recovery

    func testAnOutageTakesItToItsLeastAndItComesBack() {
        var provider = SimulatedProvider(Rule(min: 2, max: 1_000), capacity: 20, noise: 0.2, demand: 200, seed: 3)
        provider.run(seconds: 120)
        provider.isDown = true
        provider.run(seconds: 120)
        XCTAssertEqual(provider.limit.current, 2)
        provider.isDown = false
        provider.run(seconds: 60)
        near(provider.run(seconds: 60), 20, "after the outage")
    }

    func testItKeepsItsBounds() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = SeededRandom(seed: seed)
            let least = Int.random(in: 1...10, using: &random)
            let rule = Rule(min: least, max: least + Int.random(in: 0...20, using: &random))
            var provider = SimulatedProvider(rule, capacity: 12, noise: 1, demand: 50, seed: seed)
            for _ in 1...50 {
                provider.capacity = Double.random(in: 1...50, using: &random)
                provider.isDown = Int.random(in: 0...4, using: &random) == 0
                provider.refusesBeyondCapacity = Bool.random(using: &random)
                provider.run(seconds: 20)
            }
            XCTAssertGreaterThanOrEqual(provider.lowest, rule.min)
            XCTAssertLessThanOrEqual(provider.highest, rule.max)
            XCTAssertGreaterThan(provider.answered, 0)
        }
    }

    func testAFixedOneDoesNotMove() {
        var provider = SimulatedProvider(Rule(min: 7, max: 7), capacity: 3, demand: 50, seed: 1)
        provider.run(seconds: 60)
        provider.isDown = true
        provider.run(seconds: 60)
        XCTAssertEqual(provider.lowest, 7)
        XCTAssertEqual(provider.highest, 7)
    }

    func testManyRefusalsAtOnceShrinkItOnce() {
        let start = MonotonicTime(nanoseconds: 1_000_000_000)
        var limit = ConcurrencyLimit(Rule(min: 1, max: 100), startingAt: 40, at: start)
        for _ in 1...10 { limit.pushedBack(begunAt: start, at: start.advanced(by: .seconds(1))) }
        XCTAssertEqual(limit.current, 30)
        limit.pushedBack(begunAt: start.advanced(by: .seconds(2)), at: start.advanced(by: .seconds(3)))
        XCTAssertEqual(limit.current, 22)
    }

    func testOtherBoundsHoldAtOnce() {
        let start = MonotonicTime(nanoseconds: 1_000_000_000)
        var limit = ConcurrencyLimit(Rule(min: 1, max: 100), startingAt: 40, at: start)
        limit.use(Rule(min: 1, max: 10), at: start)
        XCTAssertEqual(limit.current, 10)
        limit.use(Rule(min: 20, max: 200), at: start)
        XCTAssertEqual(limit.current, 20)
        limit.use(Rule(min: 500, max: 500), at: start)
        XCTAssertEqual(limit.current, 500)
        limit.use(Rule(min: 1, max: 1_000), at: start)
        XCTAssertEqual(limit.current, 4, "a fixed limit says nothing of what the target can do")
    }
}

@testable import Shared
import XCTest

final class WakeModerationTests: XCTestCase {
    private static let interval: UInt64 = 1_000_000
    private var moderation = WakeModeration(interval: WakeModerationTests.interval)
    private var now: UInt64 = 5_000_000_000

    /// Looks `count` times, `step` intervals apart, which find what `found` says, again and again.
    private func look(step: Double, found: Int..., count: Int, awoken: Bool = true) {
        for index in 0..<count {
            now += UInt64(step * Double(Self.interval))
            moderation.looked(at: now, found: found[index % found.count], awoken: awoken)
        }
    }

    private func beginToGather() {
        look(step: 0, found: 1, count: 8)
        XCTAssertTrue(moderation.isGathering)
    }

    func testWhatComesRarelyNeverWaits() {
        for step in [1, 1.5, 20, 1_000] {
            look(step: step, found: 1, count: 1_000)
            XCTAssertFalse(moderation.isGathering, "\(step) intervals apart")
        }
    }

    /// They wake the loop once, and would do no better at intervals.
    func testWhatComesTogetherDoesNotWait() {
        look(step: 2, found: 64, count: 1_000)
        XCTAssertFalse(moderation.isGathering)
        look(step: 1, found: 32, count: 1_000)
        XCTAssertFalse(moderation.isGathering)
    }

    /// A thread that is awake all the time has nothing to save.
    func testWhatWakesNobodyDoesNotWait() {
        look(step: 0.01, found: 1, count: 1_000, awoken: false)
        XCTAssertFalse(moderation.isGathering)
    }

    func testWhatWakesOftenWaitsFromTheEighthOn() {
        look(step: 0, found: 1, count: 7)
        XCTAssertFalse(moderation.isGathering)
        look(step: 0, found: 1, count: 1)
        XCTAssertTrue(moderation.isGathering)
        look(step: 1.1, found: 3, count: 1_000)
        XCTAssertTrue(moderation.isGathering)
    }

    /// As many wakes for nothing as for something: bursts that are two intervals apart.
    func testItEndsWhereHalfOfTheLooksFindNothing() {
        beginToGather()
        look(step: 1, found: 64, 0, count: 200)
        XCTAssertFalse(moderation.isGathering)
    }

    func testItGoesOnWhereFewLooksFindNothing() {
        beginToGather()
        look(step: 1.1, found: 3, 5, 2, 4, 0, count: 1_000)
        XCTAssertTrue(moderation.isGathering)
    }

    /// However full it was, it is over with the sixteenth interval in which nothing comes.
    func testItEndsSoonAfterArrivalsHaveBecomeRare() {
        beginToGather()
        look(step: 1, found: 512, count: 100)
        look(step: 1, found: 0, count: 15)
        XCTAssertTrue(moderation.isGathering)
        look(step: 1, found: 0, count: 1)
        XCTAssertFalse(moderation.isGathering)
    }

    func testAfterALongSilenceItBeginsAnew() {
        moderation.looked(at: .max / 2, found: 1, awoken: true)
        XCTAssertFalse(moderation.isGathering)
        for _ in 0..<7 { moderation.looked(at: .max / 2, found: 1, awoken: true) }
        XCTAssertTrue(moderation.isGathering)
        moderation.looked(at: .max / 2 + 16 * Self.interval, found: 0, awoken: true)
        XCTAssertFalse(moderation.isGathering)
    }
}

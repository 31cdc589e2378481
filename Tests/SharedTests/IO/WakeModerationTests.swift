@testable import Shared
import XCTest

final class WakeModerationTests: XCTestCase {
    private static let interval: UInt64 = 1_000_000

    /// Looks `count` times, `step` intervals apart, each finding `found`.
    private func look(_ moderation: inout WakeModeration, _ now: inout UInt64, step: Double, found: Int, count: Int) {
        for _ in 0..<count {
            now += UInt64(step * Double(Self.interval))
            moderation.looked(at: now, found: found)
        }
    }

    func testWhatComesRarelyNeverWaits() {
        var moderation = WakeModeration(interval: Self.interval)
        var now: UInt64 = 5_000_000_000
        for step in [1, 1.5, 20, 1_000] {
            look(&moderation, &now, step: step, found: 1, count: 1_000)
            XCTAssertFalse(moderation.isGathering, "\(step) intervals apart")
        }
    }

    func testWhatComesOftenWaitsFromTheEighthOn() {
        var moderation = WakeModeration(interval: Self.interval)
        var now: UInt64 = 5_000_000_000
        look(&moderation, &now, step: 0, found: 1, count: 7)
        XCTAssertFalse(moderation.isGathering)
        look(&moderation, &now, step: 0, found: 1, count: 1)
        XCTAssertTrue(moderation.isGathering)
        look(&moderation, &now, step: 1, found: 3, count: 1_000)
        XCTAssertTrue(moderation.isGathering)
    }

    /// However full it was, it is over with the sixteenth interval in which nothing comes.
    func testItEndsSoonAfterArrivalsHaveBecomeRare() {
        var moderation = WakeModeration(interval: Self.interval)
        var now: UInt64 = 5_000_000_000
        look(&moderation, &now, step: 0, found: 512, count: 3)
        look(&moderation, &now, step: 1, found: 0, count: 15)
        XCTAssertTrue(moderation.isGathering)
        look(&moderation, &now, step: 1, found: 0, count: 1)
        XCTAssertFalse(moderation.isGathering)
    }

    func testABurstAfterALongSilenceIsABurst() {
        var moderation = WakeModeration(interval: Self.interval)
        moderation.looked(at: .max / 2, found: 8)
        XCTAssertTrue(moderation.isGathering)
        moderation.looked(at: .max / 2 + 16 * Self.interval, found: 0)
        XCTAssertFalse(moderation.isGathering)
    }
}

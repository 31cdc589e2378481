import Shared
import XCTest

@testable import DataPlane

/// What data planes tell each other of their targets.
final class FleetHealthTests: XCTestCase {
    private let start = RoutingFixture.start
    private let target = TargetIdentity(
        providerID: ObjectID(high: 1, low: 1), modelID: ObjectID(high: 2, low: 2), modelName: "m")

    private func at(_ milliseconds: UInt64) -> MonotonicTime { start.plus(milliseconds: milliseconds) }

    func testWhatIsOpenIsReportedWithWhatIsLeftOfIt() {
        let health = FleetHealth()
        XCTAssertTrue(health.heard(.breaker(target, .opened(until: at(1_000)))), "the others hear at once")
        XCTAssertEqual(health.reports(at(300)).map(\.milliseconds), [700])
        XCTAssertEqual(health.reports(at(300)).map(\.reason), [.failures])
        XCTAssertTrue(health.heard(.breaker(target, .opened(until: at(2_500)))))
        XCTAssertEqual(health.reports(at(300)).map(\.milliseconds), [2_200])
        XCTAssertTrue(health.heard(.breaker(target, .closed)))
        XCTAssertFalse(health.heard(.breaker(target, .closed)))
        XCTAssertEqual(health.reports(at(300)), [])
    }

    func testWhatIsOverIsNotReported() {
        let health = FleetHealth()
        _ = health.heard(.breaker(target, .opened(until: at(1_000))))
        XCTAssertEqual(health.reports(at(1_000)), [])
    }

    func testShortCooldownsStayHereAndLongOnesWaitForTheNextHeartbeat() {
        let health = FleetHealth()
        XCTAssertFalse(health.heard(.cooled(target, until: at(400))))
        XCTAssertEqual(health.reports(start), [])
        XCTAssertFalse(health.heard(.cooled(target, until: at(30_000))))
        XCTAssertFalse(health.heard(.cooled(target, until: at(10_000))))
        XCTAssertEqual(health.reports(at(10_000)).map(\.milliseconds), [20_000], "the longer one counts")
    }

    func testRumoursAreNotPassedOn() {
        let health = FleetHealth()
        XCTAssertFalse(health.heard(.rumour(target, until: at(9_000))))
        XCTAssertEqual(health.reports(start), [])
    }

    func testReportsBecomeNewsWithAGraceForWhoFoundItOut() {
        let health = FleetHealth()
        _ = health.heard(.breaker(target, .opened(until: at(1_000))))
        _ = health.heard(.cooled(target, until: at(5_000)))
        XCTAssertEqual(
            Set(FleetHealth.news(of: health.reports(start), at(200)).map { "\($0)" }),
            Set(
                [
                    HealthNews.rumour(target, until: at(2_700)), .cooled(target, until: at(5_200)),
                ].map { "\($0)" }))
    }

    func testWhatProbesFoundIsReportedOfEachTargetAndHeardOnceOfTheProvider() {
        let health = FleetHealth()
        var other = target
        other.modelName = "n"
        XCTAssertTrue(health.probed([target, other], downUntil: at(8_000)), "the others hear at once")
        XCTAssertFalse(health.probed([target, other], downUntil: at(9_000)), "that it is still so is no news")
        let reports = health.reports(start)
        XCTAssertEqual(reports.map(\.reason), [.probe, .probe])
        XCTAssertEqual(reports.map(\.milliseconds), [9_000, 9_000])
        XCTAssertEqual(
            FleetHealth.news(of: reports, at(100)),
            [.probed(target.providerID, .failed(isDown: true, until: at(10_600)))])
        XCTAssertFalse(
            health.heard(.probed(target.providerID, .failed(isDown: true, until: at(20_000)))), "nor passed on")
        XCTAssertTrue(health.probed([target, other], downUntil: nil))
        XCTAssertFalse(health.probed([target, other], downUntil: nil))
        XCTAssertEqual(health.reports(start), [])
    }

    func testNeitherSideBelievesNumbersBeyondReason() {
        let wild = TargetOut(
            providerID: target.providerID, modelID: target.modelID, modelName: "m", reason: .cooldown,
            milliseconds: .max)
        XCTAssertEqual(FleetHealth.news(of: [wild], start), [.cooled(target, until: at(3_600_000))])
        XCTAssertEqual(
            FleetHealth.news(of: Array(repeating: wild, count: 1_000), start).count, TargetOut.countMax)
        let health = FleetHealth()
        for number: UInt64 in 1...300 {
            var other = target
            other.modelID = ObjectID(high: 3, low: number)
            _ = health.heard(.breaker(other, .opened(until: at(1_000))))
        }
        XCTAssertEqual(health.reports(start).count, TargetOut.countMax)
        XCTAssertEqual(health.reports(start), health.reports(start), "in the same order each time")
    }
}

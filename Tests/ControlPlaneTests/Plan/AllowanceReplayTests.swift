import Shared
import XCTest

@testable import ControlPlane

final class AllowanceReplayTests: XCTestCase {
    private static let id = ObjectID(high: 1, low: 1)
    /// 2027-01-15 08:00 UTC, a Friday.
    private static let start: Int64 = 1_800_000_000_000
    private static let day: Int64 = 86_400_000

    private func rule(
        _ kind: AllowanceKind = .money, _ period: AllowancePeriod = .total, _ limit: Int64,
        _ mode: AllowanceMode = .automatic, endUsers: EndUserPart = .everybody
    ) -> AllowanceRule {
        AllowanceRule(id: Self.id, kind: kind, mode: mode, period: period, limit: limit, endUsers: endUsers)
    }

    private func replay(
        _ rule: AllowanceRule, timeZone: String = "UTC", earlier: [EarlierCharge] = []
    ) -> AllowanceReplay {
        AllowanceReplay([.init(rule: rule, name: "a", timeZone: timeZone)], earlier: earlier)
    }

    private func admit(
        _ replay: inout AllowanceReplay, _ rule: AllowanceRule, cost: Int64 = 0, tokens: Int64 = 0, subject: UInt64 = 0,
        at offset: Int64 = 0
    ) -> String? {
        let allowance = ReplayedAllowance(
            rule: rule, account: AccountKey(allowanceID: rule.id, subject: subject), scope: .team)
        return replay.admit(
            [allowance], cost: Money(nanodollars: cost), tokens: tokens, at: Self.start + offset)
    }

    func testMoneyIsSpentToTheLastAndWhatDoesNotFitIsRefused() {
        let rule = rule(.money, .total, 10)
        var replay = replay(rule)
        XCTAssertNil(admit(&replay, rule, cost: 7))
        XCTAssertEqual(admit(&replay, rule, cost: 4, at: 1), "budget_exceeded")
        XCTAssertNil(admit(&replay, rule, cost: 3, at: 2), "a smaller one fits")
        XCTAssertNil(admit(&replay, rule, cost: 0, at: 3), "what costs nothing always fits")
        XCTAssertEqual(
            replay.figures, [Self.id: .init(ranOutUnixMilliseconds: Self.start + 1, refused: 1)])
    }

    func testAWindowEndsWithTheDayOfItsTimeZone() {
        let rule = rule(.money, .day, 10)
        var berlin = replay(rule, timeZone: "Europe/Berlin")
        var utc = replay(rule)
        let elevenAtNight = 15 * 3_600_000 + 1_800_000 as Int64
        for offset in [0, elevenAtNight] {
            XCTAssertNil(admit(&berlin, rule, cost: 10, at: offset), "23:30 UTC is tomorrow in Berlin")
        }
        XCTAssertNil(admit(&utc, rule, cost: 10))
        XCTAssertEqual(admit(&utc, rule, cost: 10, at: elevenAtNight), "budget_exceeded")
        XCTAssertNil(admit(&utc, rule, cost: 10, at: 16 * 3_600_000))
    }

    func testWhatWasChargedBeforeCountsInItsWindow() {
        func charge(_ window: Int64, daysAgo: Int64, _ amount: Int64) -> EarlierCharge {
            EarlierCharge(
                allowanceID: Self.id, window: AccountWindow(startUnixSeconds: window),
                untilUnixMilliseconds: (Self.start / Self.day - daysAgo) * Self.day, amount: amount)
        }
        let january: Int64 = 1_798_761_600
        let month = rule(.money, .month, 10)
        var replay = self.replay(
            month,
            earlier: [
                charge(january, daysAgo: 3, 4), charge(january - 31 * 86_400, daysAgo: 40, 100),
                charge(-1, daysAgo: 2, 3), charge(-1, daysAgo: 20, 50),
            ])
        XCTAssertEqual(admit(&replay, month, cost: 4), "budget_exceeded", "4, and 3 without a lease")
        XCTAssertNil(admit(&replay, month, cost: 3))
        XCTAssertNil(admit(&replay, month, cost: 10, at: 17 * Self.day), "a new month")
        let rolling = rule(.money, .sliding(seconds: 7 * 86_400), 10)
        replay = self.replay(rolling, earlier: [charge(0, daysAgo: 3, 6), charge(0, daysAgo: 8, 100)])
        XCTAssertEqual(admit(&replay, rolling, cost: 5), "budget_exceeded")
        XCTAssertNil(admit(&replay, rolling, cost: 4))
        XCTAssertNil(admit(&replay, rolling, cost: 6, at: 5 * Self.day), "seven days after")
    }

    func testRatesSlideAndEachEndUserHasAnAccount() {
        let requests = rule(.requests, .sliding(seconds: 60), 2, endUsers: .each)
        var replay = self.replay(requests)
        for subject in [1, 2] as [UInt64] {
            XCTAssertNil(admit(&replay, requests, subject: subject))
            XCTAssertNil(admit(&replay, requests, subject: subject, at: 1))
            XCTAssertEqual(admit(&replay, requests, subject: subject, at: 2), "rate_limit_exceeded")
            XCTAssertNil(admit(&replay, requests, subject: subject, at: 60_100))
        }
        let tokens = rule(.tokens, .sliding(seconds: 60), 100)
        replay = self.replay(tokens)
        XCTAssertNil(admit(&replay, tokens, tokens: 100))
        XCTAssertEqual(admit(&replay, tokens, tokens: 1, at: 1), "rate_limit_exceeded")
    }

    func testARequestIsCountedInAllOfItsAllowancesOrInNone() {
        let small = rule(.money, .total, 5)
        var large = rule(.money, .total, 100)
        large.id = ObjectID(high: 1, low: 2)
        var replay = AllowanceReplay(
            [small, large].map { .init(rule: $0, name: "a", timeZone: "UTC") }, earlier: [])
        let both = [large, small].map {
            ReplayedAllowance(rule: $0, account: AccountKey(allowanceID: $0.id), scope: .team)
        }
        for _ in 0..<30 {
            XCTAssertEqual(
                replay.admit(both, cost: Money(nanodollars: 6), tokens: 0, at: Self.start), "budget_exceeded")
        }
        XCTAssertNil(
            replay.admit([both[0]], cost: Money(nanodollars: 100), tokens: 0, at: Self.start),
            "nothing was counted in the one that had room")
    }

    func testSoftAllowancesAndSlotsRefuseNothing() {
        let soft = rule(.money, .total, 5, .soft)
        var replay = self.replay(soft)
        XCTAssertNil(admit(&replay, soft, cost: 6))
        XCTAssertEqual(replay.figures[Self.id]?.ranOutUnixMilliseconds, Self.start)
        let slots = rule(.slots, .none, 0)
        replay = self.replay(slots)
        XCTAssertNil(admit(&replay, slots))
        XCTAssertEqual(replay.figures, [:])
    }

    func testEndUsersBeyondTheBoundAreNotLimitedAndCounted() {
        let rule = rule(.requests, .sliding(seconds: 60), 0, endUsers: .each)
        var replay = self.replay(rule)
        for subject in 0..<AllowanceReplay.accountsMax {
            XCTAssertNotNil(admit(&replay, rule, subject: UInt64(subject)))
        }
        XCTAssertNil(admit(&replay, rule, subject: .max))
        XCTAssertEqual(replay.uncounted, 1)
    }
}

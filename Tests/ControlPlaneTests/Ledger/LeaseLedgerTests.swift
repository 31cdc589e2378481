import Shared
import XCTest

@testable import ControlPlane

final class LeaseLedgerTests: XCTestCase {
    // MARK: Lending

    func testAnAskIsGrantedWhatItNeedsAndHalfItsShareOfTheRest() {
        var harness = LedgerHarness()
        let grant = harness.ask(harness.a, need: 10, want: 80).grant
        XCTAssertEqual(grant.verdict, .granted)
        XCTAssertEqual(grant.grantedTotal, 50, "100 / (2 x 1 holder)")
        XCTAssertEqual(harness.ask(harness.b, need: 1, want: 80).grant.grantedTotal, 12, "50 / (2 x 2 holders)")
        XCTAssertEqual(harness.books(), [0, 62, 0])
    }

    func testTheLastUnitIsLentAndNotOneMore() {
        var harness = LedgerHarness()
        XCTAssertEqual(harness.ask(harness.a, need: 99).grant.verdict, .granted)
        XCTAssertEqual(harness.ask(harness.b, need: 2).grant.verdict, .blocked)
        XCTAssertEqual(harness.ask(harness.b, need: 1).grant.verdict, .granted)
        XCTAssertEqual(harness.books(), [0, 100, 0])
    }

    func testWhatCouldNeverFitIsExhaustedAtOnce() {
        var harness = LedgerHarness()
        XCTAssertEqual(harness.ask(harness.a, need: 101).grant.verdict, .exhausted)
        XCTAssertNil(harness.ask(harness.a, need: 101).grant.retryAfterMilliseconds)
        harness.ask(harness.a, need: 60)
        harness.settle(harness.a, 60)
        XCTAssertEqual(harness.ask(harness.b, need: 41).grant.verdict, .exhausted)
        XCTAssertEqual(harness.ask(harness.b, need: 40).grant.verdict, .granted)
    }

    func testAnAllowanceThatIsGoneIsUnknown() {
        var harness = LedgerHarness()
        harness.ledger.removeAllowance(harness.allowance)
        XCTAssertEqual(harness.ask(harness.a, need: 1).grant.verdict, .unknown)
        harness.settle(harness.a, 5)
        XCTAssertNil(harness.ledger.accounts[harness.key])
    }

    func testForeignAmountsCanNeitherTrapNorOverdraw() {
        var harness = LedgerHarness()
        XCTAssertEqual(harness.ask(harness.a, need: .max, want: .max).grant.verdict, .exhausted)
        XCTAssertEqual(harness.ask(harness.a, need: -5, want: -5).grant.verdict, .granted)
        XCTAssertEqual(harness.ask(harness.a, need: 1, want: .max, granted: .max).grant.verdict, .granted)
        harness.settle(harness.a, .max, debt: .max)
        XCTAssertEqual(harness.ask(harness.b, need: 1).grant.verdict, .exhausted)
    }

    // MARK: Lost, repeated and reordered messages

    func testALostAnswerIsMadeGoodWithoutLendingTwice() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 40)
        let grant = harness.ask(harness.a, need: 40).grant
        XCTAssertEqual(grant.verdict, .granted)
        XCTAssertEqual(grant.grantedTotal, 40)
        XCTAssertEqual(harness.books(), [0, 40, 0])
    }

    func testARepeatedOrOvertakenAskGrantsNothing() {
        var harness = LedgerHarness()
        let first = harness.makeAsk(need: 10)
        let second = harness.makeAsk(need: 10, granted: 10)
        let later = harness.ledger.ask(second, from: harness.a, now: harness.now)
        XCTAssertEqual(later.grant.grantedTotal, 10)
        for _ in 0..<3 {
            XCTAssertEqual(harness.ledger.ask(first, from: harness.a, now: harness.now).grant.grantedTotal, 10)
            XCTAssertEqual(harness.ledger.ask(second, from: harness.a, now: harness.now).grant.grantedTotal, 10)
        }
        XCTAssertEqual(harness.books(), [0, 10, 0])
    }

    func testABlockedAskMayBeTriedAgainAsItIs() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 80)
        let blocked = harness.makeAsk(need: 50)
        XCTAssertEqual(harness.ledger.ask(blocked, from: harness.b, now: harness.now).grant.verdict, .blocked)
        XCTAssertEqual(harness.giveBack(harness.a, 80), [harness.key])
        XCTAssertEqual(harness.ledger.ask(blocked, from: harness.b, now: harness.now).grant.verdict, .granted)
        XCTAssertEqual(harness.ledger.ask(blocked, from: harness.b, now: harness.now).grant.grantedTotal, 50)
        XCTAssertEqual(harness.books(), [0, 50, 0])
    }

    // MARK: Waiting and recall

    func testABlockedAskCallsEveryOtherHolderAtMostEveryFiftyMilliseconds() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 50)
        harness.ask(harness.b, need: 50)
        XCTAssertEqual(harness.ask(harness.c, need: 10).recalls.map(\.holder), [harness.a, harness.b])
        XCTAssertEqual(harness.ask(harness.c, need: 10).recalls, [])
        harness.now += LeaseLedger.recallMilliseconds
        XCTAssertEqual(harness.ask(harness.c, need: 10).recalls.count, 2)
    }

    func testWaitersAreServedInTheirOrderAndNobodyOvertakesThem() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 100)
        XCTAssertEqual(harness.ask(harness.b, need: 60).grant.verdict, .blocked)
        harness.giveBack(harness.a, 50)
        XCTAssertEqual(harness.ask(harness.c, need: 10).grant.verdict, .blocked, "would fit, but came later")
        XCTAssertEqual(harness.ledger.waiters(of: harness.key, now: harness.now).map(\.holder), [harness.b, harness.c])
        harness.giveBack(harness.a, 20)
        let served = harness.ask(harness.b, need: 60, want: 100)
        XCTAssertEqual(served.grant.grantedTotal, 60, "only what is needed while others wait")
        XCTAssertTrue(served.freesOthers)
        XCTAssertEqual(harness.ask(harness.c, need: 10).grant.verdict, .granted)
    }

    func testAWaiterThatNoLongerAsksLosesItsPlaceAfterASecond() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 50)
        XCTAssertEqual(harness.ask(harness.b, need: 60).grant.verdict, .blocked)
        harness.now += LeaseLedger.waiterMilliseconds
        XCTAssertEqual(harness.ask(harness.c, need: 10).grant.verdict, .blocked)
        harness.now += 1
        XCTAssertEqual(harness.ask(harness.c, need: 10).grant.verdict, .granted)
    }

    func testARenewalNeitherWaitsNorRecallsNorTakesFromThoseWhoWait() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 50)
        harness.ask(harness.b, need: 60)
        let renewal = harness.ask(harness.c, need: 0, want: 30)
        XCTAssertEqual(renewal.grant.verdict, .granted)
        XCTAssertEqual(renewal.grant.grantedTotal, 0)
        XCTAssertEqual(renewal.recalls, [])
        XCTAssertEqual(harness.ledger.waiters(of: harness.key, now: harness.now).count, 1)
    }

    func testALoweredLimitRecallsWhatIsOutAndLendsNoMore() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 80)
        let effects = harness.ledger.setAllowance(
            harness.allowance, LedgerTerms(kind: .money, period: .total, limit: 30), now: harness.now)
        XCTAssertEqual(effects.recalls.map(\.holder), [harness.a])
        XCTAssertEqual(harness.ask(harness.b, need: 10).grant.verdict, .blocked)
        harness.settle(harness.a, 25)
        harness.giveBack(harness.a, 55)
        XCTAssertEqual(harness.ask(harness.b, need: 6).grant.verdict, .exhausted)
        XCTAssertEqual(harness.ask(harness.b, need: 5).grant.verdict, .granted)
    }

    // MARK: Records

    func testWhatIsChargedMovesFromLentToSettledAndDebtComesOnTop() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 40)
        harness.settle(harness.a, 40, debt: 7)
        XCTAssertEqual(harness.books(), [47, 0, 7])
    }

    func testAChargeBeyondTheLeaseIsNeverDropped() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 10)
        harness.settle(harness.a, 25)
        XCTAssertEqual(harness.books(), [25, 0, 15])
    }

    func testARequestIsSpentByItsIntent() {
        var harness = LedgerHarness(kind: .requests, period: .sliding(seconds: 60))
        harness.ask(harness.a, need: 3)
        harness.admit(harness.a, requests: 1)
        XCTAssertEqual(harness.books(), [1, 2, 0])
    }

    func testUnleasedSpendingSettlesInTheCurrentWindow() {
        var harness = LedgerHarness(period: .calendar(.day, timeZone: "UTC"))
        harness.settle(harness.a, 30, window: .unleased)
        XCTAssertEqual(harness.books(), [30, 0, 0])
    }

    func testAClosedProcessHasSpentNothingMore() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 90)
        harness.ask(harness.b, need: 50)
        harness.settle(harness.a, 20)
        let control = LeaseHolder(nodeID: harness.a.nodeID, incarnation: ObjectID(high: 9, low: 9))
        let freed = harness.ledger.apply(
            .incarnationClosed(harness.a.incarnation), from: control, now: harness.now)
        XCTAssertEqual(freed, [harness.key])
        XCTAssertEqual(harness.books(), [20, 0, 0])
    }

    // MARK: Doubt

    func testExpiryFreesNothingAndIsReportedAsDoubt() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 60)
        harness.now += 120_000
        XCTAssertEqual(harness.ledger.figures(harness.key, now: harness.now)?.inDoubt, 0)
        harness.now += 1
        XCTAssertEqual(harness.ledger.figures(harness.key, now: harness.now)?.inDoubt, 60)
        XCTAssertEqual(harness.ask(harness.b, need: 50).grant.verdict, .blocked)
    }

    func testALateRecordFindsWhatWasWrittenOff() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 60)
        harness.now += 130_000
        XCTAssertEqual(harness.ledger.writeOff(harness.key, now: harness.now), 60)
        XCTAssertEqual(harness.books(), [60, 0, 0])
        harness.settle(harness.a, 25)
        XCTAssertEqual(harness.books(), [60, 0, 0], "it was counted as spent already")
        harness.giveBack(harness.a, 30)
        XCTAssertEqual(harness.books(), [30, 0, 0])
        _ = harness.ledger.close(harness.a, now: harness.now)
        XCTAssertEqual(harness.books(), [25, 0, 0])
    }

    func testALeaseInUseIsNotWrittenOff() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 60)
        harness.now += 100_000
        harness.settle(harness.a, 1)
        harness.now += 30_000
        XCTAssertEqual(harness.ledger.writeOff(harness.key, now: harness.now), 0)
    }

    func testSlotsOfADeadProcessBecomeFreeWhenWrittenOff() {
        var harness = LedgerHarness(kind: .slots, limit: 4)
        harness.ask(harness.a, need: 4)
        harness.now += 121_000
        XCTAssertEqual(harness.ledger.writeOff(harness.key, now: harness.now), 4)
        XCTAssertEqual(harness.ask(harness.b, need: 4).grant.verdict, .granted)
    }

    // MARK: Windows

    func testANewWindowBeginsAtZeroAndTheOldOneSettlesItsOwn() {
        var harness = LedgerHarness(period: .calendar(.day, timeZone: "UTC"))
        let first = harness.ask(harness.a, need: 100, window: nil).grant
        harness.now = (first.windowStartUnixSeconds + 60) * 1_000
        let second = harness.ask(
            harness.a, need: 80, granted: 100, window: first.windowStartUnixSeconds
        ).grant
        XCTAssertEqual(second.verdict, .granted)
        XCTAssertEqual(second.grantedTotal, 80)
        XCTAssertEqual(second.windowStartUnixSeconds, first.windowStartUnixSeconds + 60)
        harness.settle(harness.a, 70, window: AccountWindow(startUnixSeconds: first.windowStartUnixSeconds))
        XCTAssertEqual(harness.books(), [0, 80, 0])
    }

    func testAClockThatGoesBackOpensNoWindowAgain() {
        var harness = LedgerHarness(period: .calendar(.day, timeZone: "UTC"))
        let first = harness.ask(harness.a, need: 100, window: nil).grant
        harness.now -= 600_000
        XCTAssertEqual(harness.ask(harness.b, need: 10).grant.verdict, .blocked)
        XCTAssertEqual(harness.ask(harness.b, need: 10).grant.windowStartUnixSeconds, first.windowStartUnixSeconds)
    }

    func testASlidingWindowSaysWhenThereIsRoomAgain() {
        var harness = LedgerHarness(kind: .requests, period: .sliding(seconds: 60), limit: 2)
        harness.ask(harness.a, need: 2)
        harness.admit(harness.a, requests: 2)
        let start = harness.now
        harness.now += 10_000
        let grant = harness.ask(harness.b, need: 1).grant
        XCTAssertEqual(grant.verdict, .exhausted)
        XCTAssertEqual(grant.retryAfterMilliseconds, 50_050 - start % 50)
        harness.now += (grant.retryAfterMilliseconds ?? 0) - 1
        XCTAssertEqual(harness.ask(harness.b, need: 1).grant.verdict, .exhausted)
        harness.now += 1
        XCTAssertEqual(harness.ask(harness.b, need: 1).grant.verdict, .granted)
    }

    func testDaysFollowTheTimeZoneThroughItsChangesOfTheClock() {
        let schedule = WindowSchedule.gregorian
        let noon = RFC3339.parse("2025-03-30T12:00:00Z") ?? 0
        let berlin = schedule.span(of: .calendar(.day, timeZone: "Europe/Berlin"), at: noon)
        XCTAssertEqual(berlin.window.startUnixSeconds * 1_000, RFC3339.parse("2025-03-29T23:00:00Z"))
        XCTAssertEqual(berlin.endUnixMilliseconds, RFC3339.parse("2025-03-30T22:00:00Z"), "23 hours")
        let week = schedule.span(of: .calendar(.week, timeZone: "UTC"), at: noon)
        XCTAssertEqual(week.window.startUnixSeconds * 1_000, RFC3339.parse("2025-03-24T00:00:00Z"))
        let month = schedule.span(of: .calendar(.month, timeZone: "UTC"), at: noon)
        XCTAssertEqual(month.endUnixMilliseconds, RFC3339.parse("2025-04-01T00:00:00Z"))
    }
}

import Shared
import XCTest

@testable import ControlPlane

/// What was charged too much, or too little.
final class LedgerCorrectionTests: XCTestCase {
    private func correction(
        _ harness: LedgerHarness, _ charged: Int64, debt: Int64 = 0, window: AccountWindow = .whole, ago: Int64 = 0
    ) -> LedgerCorrection {
        LedgerCorrection(
            account: harness.key, window: window, bookedUnixMilliseconds: harness.now - ago, charged: charged,
            debt: debt)
    }

    func testWhatIsLessLeavesTheDebtFirstAndWhatIsMoreIsDebt() {
        let line = ChargeLine(account: AccountKey(allowanceID: .zero), window: .whole, amount: 100, debt: 20)
        for (total, amount, debt) in [
            (Int64(0), Int64(0), Int64(0)), (40, 40, 0), (100, 100, 0), (110, 100, 10), (120, 100, 20), (150, 100, 50),
            (.max, 100, .max - 100),
        ] {
            let corrected = line.corrected(to: total)
            XCTAssertEqual([corrected.amount, corrected.debt], [amount, debt], "to \(total)")
        }
        var foreign = line
        (foreign.amount, foreign.debt) = (.max, .max)
        XCTAssertEqual(foreign.corrected(to: 7).amount, 7)
        let difference = LedgerCorrection(of: foreign, to: foreign.corrected(to: 0), bookedUnixMilliseconds: 1)
        XCTAssertEqual(difference.map { $0.charged + $0.debt }, -2 * (1 << 62 - 1), "a sum that there is")
        XCTAssertNil(LedgerCorrection(of: line, to: line, bookedUnixMilliseconds: 1))
    }

    func testWhatWasTooMuchIsFreeAgainForWhoWaits() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 90)
        harness.settle(harness.a, 60)
        XCTAssertEqual(harness.ask(harness.b, need: 30).grant.verdict, .blocked)
        XCTAssertTrue(harness.ledger.correct(correction(harness, -50), now: harness.now))
        XCTAssertEqual(harness.books(), [10, 30, 0])
        XCTAssertEqual(harness.ask(harness.b, need: 30).grant.verdict, .granted)
        XCTAssertFalse(harness.ledger.correct(correction(harness, -1), now: harness.now), "nobody waits")
    }

    func testWhatWasTooLittleIsADebtThatStopsFurtherAdmission() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 90)
        harness.settle(harness.a, 60)
        XCTAssertFalse(harness.ledger.correct(correction(harness, 0, debt: 35), now: harness.now))
        XCTAssertEqual(harness.ask(harness.b, need: 6).grant.verdict, .exhausted)
        XCTAssertEqual(harness.ledger.accounts[harness.key]?.windows[.whole]?.debt, 35)
    }

    func testNothingIsEverBelowNothing() {
        var harness = LedgerHarness()
        harness.ask(harness.a, need: 90)
        harness.settle(harness.a, 60, debt: 5)
        _ = harness.ledger.correct(correction(harness, -1_000, debt: -1_000), now: harness.now)
        XCTAssertEqual(harness.books(), [0, 30, 0])
        XCTAssertEqual(harness.ledger.accounts[harness.key]?.windows[.whole]?.debt, 0)
        XCTAssertEqual(harness.ledger.contradictions(in: harness.key), [])
    }

    func testASlidingWindowChangesOnlyWhileItCountsTheCharge() {
        var harness = LedgerHarness(kind: .tokens, period: .sliding(seconds: 60))
        harness.ask(harness.a, need: 90)
        harness.settle(harness.a, 60)
        harness.now += 30_000
        _ = harness.ledger.correct(correction(harness, -20, ago: 30_000), now: harness.now)
        XCTAssertEqual(harness.books()[0], 40)
        _ = harness.ledger.correct(correction(harness, -20, ago: 20_000), now: harness.now)
        XCTAssertEqual(harness.books()[0], 40, "what others spent at another time stays")
        harness.now += 31_000
        _ = harness.ledger.correct(correction(harness, 0, debt: 20, ago: 61_000), now: harness.now)
        XCTAssertEqual(harness.books()[0], 0, "a minute is over, and so is what it took")
    }

    func testWhatIsNotThereIsNotCorrected() {
        var harness = LedgerHarness()
        XCTAssertFalse(harness.ledger.correct(correction(harness, -1), now: harness.now))
        XCTAssertNil(harness.ledger.accounts[harness.key])
        harness.ask(harness.a, need: 90)
        harness.settle(harness.a, 60)
        let other = AccountWindow(startUnixSeconds: 7)
        XCTAssertFalse(harness.ledger.correct(correction(harness, -1, window: other), now: harness.now))
        XCTAssertEqual(harness.books(), [60, 30, 0])
        harness.ledger.removeAllowance(harness.allowance)
        XCTAssertFalse(harness.ledger.correct(correction(harness, -1), now: harness.now))
    }
}

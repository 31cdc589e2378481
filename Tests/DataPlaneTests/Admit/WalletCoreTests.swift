import Shared
import XCTest

@testable import DataPlane

final class WalletCoreTests: XCTestCase {
    // MARK: Reserve and settle

    func testAFirstRequestAsksForExactlyWhatItNeedsAndIsLetInByTheAnswer() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(40)).id)
        let batch = wallet.batch()
        XCTAssertEqual(batch.waitMilliseconds, 0)
        XCTAssertEqual(batch.asks.map(\.need), [40])
        XCTAssertEqual(batch.asks.map(\.windowStartUnixSeconds), [nil])
        wallet.answer(batch, granted: 40, window: 60)
        XCTAssertEqual(wallet.core.woken, [id])
        XCTAssertTrue(wallet.claim(id).isHeld)
        XCTAssertEqual(
            wallet.lines,
            [ReservationLine(kind: .money, account: wallet.key, window: .init(startUnixSeconds: 60), amount: 40)])
        wallet.settle(id, 15)
        XCTAssertEqual(
            wallet.charges, [ChargeLine(account: wallet.key, window: .init(startUnixSeconds: 60), amount: 15)])
        XCTAssertEqual(wallet.free(), 25)
        XCTAssertEqual(wallet.held(), 0)
    }

    /// The keeper's thread may share a processor with the request that runs an account low: it is woken when there is no time to lose.
    func testRunningLowIsForTheKeepersNextLookUnlessLittleIsLeft() throws {
        var wallet = WalletHarness()
        let limit: Int64 = 1_000_000
        wallet.lend(1_000, wallet.line(1, limit: limit))
        wallet.settle(try XCTUnwrap(wallet.reserve(wallet.line(400, limit: limit)).id), 400)
        // 800 a second, of which the first half second counts for a third: 266.
        wallet.wait(500)
        wallet.core.needsKeeper = false

        XCTAssertTrue(wallet.reserve(wallet.line(300, limit: limit)).isHeld)
        XCTAssertNil(wallet.core.nextBatch(now: wallet.now), "300 last for a second")
        XCTAssertTrue(wallet.reserve(wallet.line(100, limit: limit)).isHeld)
        XCTAssertFalse(wallet.core.needsKeeper, "200 last until the keeper looks by itself")
        XCTAssertLessThanOrEqual(wallet.core.nextWake(now: wallet.now), wallet.now.advanced(by: .milliseconds(50)))
        var asking = wallet
        XCTAssertEqual(asking.batch().asks.count, 1)

        var waiting = wallet
        XCTAssertTrue(waiting.reserve(waiting.line(500, limit: limit)).isWaiting)
        XCTAssertTrue(waiting.core.needsKeeper, "somebody waits")

        XCTAssertTrue(wallet.reserve(wallet.line(140, limit: limit)).isHeld)
        XCTAssertTrue(wallet.core.needsKeeper, "60 are less than burn in a quarter of a second")
        wallet.core.needsKeeper = false
        XCTAssertTrue(wallet.reserve(wallet.line(1, limit: limit)).isHeld)
        XCTAssertFalse(wallet.core.needsKeeper, "it was told")
        XCTAssertEqual(wallet.batch().asks.count, 1)
    }

    /// Streams that last for seconds hold their worst case and spend little, so that what burns says nothing of them.
    func testAsManyAsHoldAreLentAgainToWhoeverWaitsSoThatFewDo() throws {
        var wallet = WalletHarness()
        let line = wallet.line(10, limit: 1_000_000)
        var granted: Int64 = 0
        var waits: [Int] = []
        for number in 1...64 {
            let outcome = wallet.reserve(line)
            guard outcome.isWaiting else { continue }
            waits.append(number)
            let batch = wallet.batch()
            XCTAssertEqual(batch.asks.map(\.need), [10])
            XCTAssertEqual(batch.asks.map(\.want), [10 * Int64(number)], "as much again as is held")
            granted += batch.asks[0].want
            wallet.answer(batch, granted: granted, limit: line.limit)
            XCTAssertTrue(wallet.claim(try XCTUnwrap(outcome.id)).isHeld)
        }
        XCTAssertEqual(waits, [1, 2, 4, 8, 16, 32, 64])

        wallet.core.recall(wallet.key, window: .init(startUnixSeconds: 0), now: wallet.now)
        XCTAssertEqual(wallet.returns().map(\.amount), [630])
        XCTAssertTrue(wallet.reserve(line).isWaiting)
        XCTAssertEqual(wallet.batch().asks.map(\.want), [10], "others need what is lent beyond that")
    }

    func testNothingIsTakenWhenOneAllowanceDoesNotHoldIt() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let waiting = wallet.reserve(wallet.line(30), wallet.line(10, of: wallet.other))
        XCTAssertTrue(waiting.isWaiting)
        XCTAssertEqual(wallet.free(), 50)
        XCTAssertEqual(wallet.held(), 0)
        XCTAssertTrue(wallet.reserve(wallet.line(50)).isHeld, "it keeps nobody from what it has enough of")
    }

    func testWhoYieldsWaitsBehindWhoeverComesLater() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let holder = try XCTUnwrap(wallet.reserve(wallet.line(40)).id)
        let last = try XCTUnwrap(wallet.reserveLast(wallet.line(20)).id)
        XCTAssertTrue(wallet.core.isWaiting(last))
        let small = wallet.reserve(wallet.line(10))
        XCTAssertTrue(small.isHeld, "it takes what is free past the one that waits")
        let next = try XCTUnwrap(wallet.reserve(wallet.line(30)).id)
        wallet.settle(holder, 0)
        XCTAssertEqual(wallet.core.woken, [next])
        wallet.core.woken.removeAll()
        XCTAssertTrue(wallet.claim(next).isHeld)
        wallet.settle(next, 0)
        XCTAssertEqual(wallet.core.woken, [last], "nobody else waits")
        XCTAssertTrue(wallet.claim(last).isHeld)
    }

    func testWhoYieldsTakesWhatIsFreeWhereNobodyWaitsAndOtherwiseNot() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let first = try XCTUnwrap(wallet.reserveLast(wallet.line(30)).id)
        XCTAssertTrue(wallet.reserve(wallet.line(40)).isWaiting)
        XCTAssertTrue(wallet.reserveLast(wallet.line(10)).isWaiting, "it would fit, and another one waits for it")
        wallet.settle(first, 0)
        XCTAssertEqual(wallet.core.woken.count, 2)
    }

    /// A lease is asked for by those that wait, and there may be nobody else.
    func testWhoYieldsAloneIsLentToLikeAnybody() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserveLast(wallet.line(40)).id)
        let batch = wallet.batch()
        XCTAssertEqual(batch.asks.map(\.need), [40])
        wallet.answer(batch, granted: 40, window: 60)
        XCTAssertTrue(wallet.claim(id).isHeld)
    }

    func testAnOverrunComesOutOfWhatIsFreeBeforeItIsDebt() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let id = try XCTUnwrap(wallet.reserve(wallet.line(30)).id)
        wallet.settle(id, 65)
        XCTAssertEqual(wallet.charges, [ChargeLine(account: wallet.key, window: .whole, amount: 50, debt: 15)])
        XCTAssertEqual(wallet.free(), 0)
    }

    func testTheRestIsFreeOnlyOnceTheChargeIsWrittenDown() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let id = try XCTUnwrap(wallet.reserve(wallet.line(30)).id)
        wallet.core.charge(id, now: wallet.now, charges: &wallet.charges) { _, _ in 10 }
        XCTAssertEqual(wallet.charges, [ChargeLine(account: wallet.key, window: .whole, amount: 10)])
        XCTAssertEqual(wallet.free(), 20, "a crash now would charge up to the whole thirty")
        XCTAssertEqual(wallet.held(), 20)
        wallet.core.freeRest(id, now: wallet.now)
        XCTAssertEqual(wallet.free(), 40)
        XCTAssertEqual(wallet.held(), 0)
    }

    func testARequestThatCostsNothingHasNoChargeLine() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let id = try XCTUnwrap(wallet.reserve(wallet.line(30)).id)
        wallet.settle(id, 0)
        XCTAssertEqual(wallet.charges, [])
        XCTAssertEqual(wallet.free(), 50)
    }

    func testARequestCountsWhenItIsAdmittedAndOnlyAReleaseTakesThatBack() throws {
        var wallet = WalletHarness()
        let line = wallet.line(1, kind: .requests, sliding: 60_000)
        wallet.lend(3, line)
        let spent = try XCTUnwrap(wallet.reserve(line).id)
        wallet.settle(spent, 0)
        XCTAssertEqual(wallet.charges, [])
        XCTAssertEqual(wallet.free(), 2)
        let released = try XCTUnwrap(wallet.reserve(line).id)
        wallet.core.release(released, now: wallet.now)
        XCTAssertEqual(wallet.free(), 2)
    }

    func testASlotComesBackWhenItsRequestEnds() throws {
        var wallet = WalletHarness()
        wallet.lend(1, wallet.line(1, kind: .slots))
        let first = try XCTUnwrap(wallet.reserve(wallet.line(1, kind: .slots)).id)
        let second = try XCTUnwrap(wallet.reserve(wallet.line(1, kind: .slots)).id)
        XCTAssertEqual(wallet.free(), 0)
        wallet.settle(first, 99)
        XCTAssertEqual(wallet.charges, [])
        XCTAssertEqual(wallet.core.woken, [second])
    }

    func testTighteningFreesTheDifferenceAndLetsOthersIn() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let id = try XCTUnwrap(wallet.reserve(wallet.line(50)).id)
        let next = try XCTUnwrap(wallet.reserve(wallet.line(20)).id)
        wallet.core.tighten(id, line: 0, to: 30, now: wallet.now)
        XCTAssertEqual(wallet.core.woken, [next])
        XCTAssertEqual(wallet.held(), 50)
        wallet.core.tighten(id, line: 0, to: 40, now: wallet.now)
        XCTAssertEqual(wallet.held(), 50, "it never rises")
    }

    func testASoftAllowanceNeverRefusesAndIsChargedWithoutALease() throws {
        var wallet = WalletHarness()
        let outcome = wallet.reserve(wallet.line(1_000, soft: true))
        XCTAssertTrue(outcome.isHeld)
        XCTAssertEqual(wallet.lines.map(\.window), [.unleased])
        wallet.settle(try XCTUnwrap(outcome.id), 600)
        XCTAssertEqual(wallet.charges, [ChargeLine(account: wallet.key, window: .unleased, amount: 600)])
    }

    // MARK: The queue

    func testRequestsWaitInTheirOrderAndASmallOneDoesNotOvertake() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let holder = try XCTUnwrap(wallet.reserve(wallet.line(30)).id)
        let big = try XCTUnwrap(wallet.reserve(wallet.line(45)).id)
        let small = wallet.reserve(wallet.line(5))
        XCTAssertTrue(small.isWaiting, "20 are free, but somebody came before")
        wallet.settle(holder, 0)
        XCTAssertEqual(wallet.core.woken, [big, try XCTUnwrap(small.id)])
    }

    func testWhoLeavesMakesRoomForTheNext() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let big = try XCTUnwrap(wallet.reserve(wallet.line(60)).id)
        let small = try XCTUnwrap(wallet.reserve(wallet.line(50)).id)
        wallet.core.cancel(big, now: wallet.now)
        XCTAssertEqual(wallet.core.woken, [small])
        wallet.core.cancel(small, now: wallet.now)
        XCTAssertEqual(wallet.free(), 50, "granted and not claimed: it goes back")
    }

    func testAWaitEndsAfterAdmissionWait() throws {
        var settings = WalletSettings()
        settings.admissionWait = .seconds(2)
        var wallet = WalletHarness(settings: settings)
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10)).id)
        wallet.answer(wallet.batch(), .blocked, granted: 0)
        for _ in 0..<3 {
            let held = wallet.batch()
            XCTAssertEqual(held.waitMilliseconds, 500)
            wallet.wait(500)
            wallet.answer(held, .blocked, granted: 0)
        }
        XCTAssertTrue(wallet.claim(id).isWaiting)
        wallet.wait(500)
        XCTAssertEqual(wallet.claim(id).refusal?.reason, .busy)
    }

    func testARequestThatWaitedAsLongAsItsRouteAllowsHearsWhichAllowanceIsTaken() throws {
        var wallet = WalletHarness()
        let slots = wallet.line(1, of: wallet.other, kind: .slots, limit: 2)
        wallet.lend(100, wallet.line(100))
        wallet.lend(2, wallet.line(2, of: wallet.other, kind: .slots, limit: 2))
        XCTAssertTrue(wallet.reserve(slots).isHeld && wallet.reserve(slots).isHeld)
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10), slots).id)
        wallet.answer(wallet.batch(), .blocked, granted: 2, limit: 2)
        wallet.core.expire(id, now: wallet.now)
        let refusal = try XCTUnwrap(wallet.claim(id).refusal)
        XCTAssertEqual(refusal.reason, .busy)
        XCTAssertEqual(refusal.kind, .slots)
        XCTAssertEqual(refusal.line, 1)
        XCTAssertEqual([refusal.limit, refusal.settled], [2, 2], "what is in use, since slots are never spent")
    }

    func testARequestThatWasLetInAsItsTimeEndedIsLetIn() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10)).id)
        wallet.answer(wallet.batch(), granted: 10)
        wallet.core.expire(id, now: wallet.now)
        XCTAssertTrue(wallet.claim(id).isHeld)
    }

    func testWhatTheLedgerHasNotHeardOfCountsAsUsed() throws {
        var wallet = WalletHarness()
        let requests = wallet.line(1, kind: .requests, sliding: 60_000, limit: 10)
        wallet.lend(5, requests)
        for _ in 1...3 { XCTAssertTrue(wallet.reserve(requests).isHeld) }
        XCTAssertEqual(wallet.core.rateFigures(of: [requests]).requests?.remaining, 7)
        // One of the three was applied when this answer was given; the two others are on their way.
        let all = wallet.line(4, kind: .requests, sliding: 60_000, limit: 10)
        XCTAssertTrue(wallet.reserve(all).isWaiting)
        wallet.answer(wallet.batch(), granted: 7, settled: 1, limit: 10, lease: 60_000, applied: 1)
        XCTAssertEqual(wallet.core.rateFigures(of: [requests]).requests?.remaining, 3)
    }

    func testWhatIsOnItsWayBackToTheLedgerIsNotUsed() throws {
        var wallet = WalletHarness()
        let tokens = wallet.line(10, kind: .tokens, sliding: 60_000, limit: 100)
        wallet.lend(50, tokens)
        let id = try XCTUnwrap(wallet.reserve(tokens).id)
        wallet.settle(id, 3)
        wallet.core.recall(wallet.key, window: .whole, now: wallet.now)
        XCTAssertEqual(wallet.returns().map(\.amount), [47])
        XCTAssertTrue(wallet.reserve(tokens).isWaiting)
        wallet.answer(wallet.batch(), granted: 60, limit: 100, lease: 60_000)
        XCTAssertEqual(wallet.core.rateFigures(of: [tokens]).tokens?.remaining, 87, "3 spent, 10 held")
    }

    func testARefusedRequestSeesHowAllItsRateLimitsStand() throws {
        var wallet = WalletHarness()
        let requests = wallet.line(1, kind: .requests, sliding: 60_000, limit: 10)
        let tokens = wallet.line(60, of: wallet.other, kind: .tokens, sliding: 60_000, limit: 50)
        wallet.lend(10, requests)
        XCTAssertTrue(wallet.reserve(requests, tokens).isWaiting)
        let figures = wallet.core.rateFigures(of: [requests, tokens])
        XCTAssertEqual(figures.requests, RateFigure(limit: 10, remaining: 10, resetMilliseconds: 0))
        XCTAssertEqual(figures.tokens, RateFigure(limit: 50, remaining: 50, resetMilliseconds: 0))
    }

    func testTheQueueHasABound() {
        var settings = WalletSettings()
        settings.waitersMax = 2
        var wallet = WalletHarness(settings: settings)
        XCTAssertTrue(wallet.reserve(wallet.line(1)).isWaiting)
        XCTAssertTrue(wallet.reserve(wallet.line(1)).isWaiting)
        XCTAssertEqual(wallet.reserve(wallet.line(1)).refusal?.reason, .overloaded)
    }

    // MARK: Verdicts

    func testExhaustedIsBelievedForAWhileAndOnlyForAmountsThatDoNotFit() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(40)).id)
        wallet.answer(wallet.batch(), .exhausted, granted: 0, settled: 70)
        let refusal = try XCTUnwrap(wallet.claim(id).refusal)
        XCTAssertEqual(refusal.reason, .exhausted)
        XCTAssertEqual([refusal.limit, refusal.settled, refusal.fits], [100, 70, 30])
        XCTAssertEqual(wallet.reserve(wallet.line(40)).refusal?.reason, .exhausted)
        XCTAssertNil(wallet.core.nextBatch(now: wallet.now), "nobody asks meanwhile")
        XCTAssertTrue(wallet.reserve(wallet.line(30)).isWaiting)
        wallet.wait(251)
        XCTAssertTrue(wallet.reserve(wallet.line(40)).isWaiting)
    }

    func testAChangedLimitEndsTheBeliefInExhaustion() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(40)).id)
        wallet.answer(wallet.batch(), .exhausted, granted: 0, settled: 70)
        _ = wallet.claim(id)
        XCTAssertTrue(wallet.reserve(wallet.line(40, limit: 200)).isWaiting)
    }

    func testARateSaysWhenToComeBack() throws {
        var wallet = WalletHarness()
        let line = wallet.line(1, kind: .requests, sliding: 60_000)
        let id = try XCTUnwrap(wallet.reserve(line).id)
        wallet.answer(wallet.batch(), .exhausted, granted: 0, settled: 100, retryAfter: 400)
        let retry = try XCTUnwrap(wallet.claim(id).refusal?.retryAfterMilliseconds)
        XCTAssertEqual(retry, 401)
        wallet.wait(399)
        XCTAssertEqual(wallet.reserve(line).refusal?.reason, .exhausted)
        wallet.wait(1)
        XCTAssertTrue(wallet.reserve(line).isWaiting)
    }

    func testALedgerThatCannotBeReachedRefusesAfterAQuarterOfASecond() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10)).id)
        wallet.core.failed(wallet.batch(), now: wallet.now)
        wallet.wait(249)
        XCTAssertTrue(wallet.claim(id).isWaiting)
        wallet.wait(1)
        XCTAssertEqual(wallet.claim(id).refusal?.reason, .unavailable)
    }

    func testASilentLedgerIsNoticedAfterASecond() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10)).id)
        _ = wallet.batch()
        wallet.wait(999)
        XCTAssertTrue(wallet.claim(id).isWaiting)
        wallet.wait(1)
        XCTAssertEqual(wallet.claim(id).refusal?.reason, .unavailable)
        XCTAssertEqual(wallet.reserve(wallet.line(10)).refusal?.reason, .unavailable, "known already")
    }

    func testARefusedConnectionIsTriedAgainBeforeAnybodyIsRefused() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10)).id)
        wallet.core.failed(wallet.batch(), now: wallet.now)
        XCTAssertTrue(wallet.claim(id).isWaiting)
        XCTAssertNil(wallet.core.nextBatch(now: wallet.now))
        wallet.wait(40)
        wallet.answer(wallet.batch(), granted: 10)
        XCTAssertTrue(wallet.claim(id).isHeld)
    }

    func testAnAllowanceThatTheLedgerDoesNotKnowLimitsNobody() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10)).id)
        wallet.answer(wallet.batch(), .unknown, granted: 0)
        XCTAssertTrue(wallet.claim(id).isHeld)
        XCTAssertEqual(wallet.lines.map(\.window), [.unleased])
    }

    // MARK: Answers

    func testAnAnswerThatComesTwiceOrLateAddsNothing() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10)).id)
        let batch = wallet.batch()
        wallet.answer(batch, granted: 30)
        wallet.answer(batch, granted: 30)
        XCTAssertTrue(wallet.claim(id).isHeld)
        XCTAssertEqual(wallet.free(), 20)
        wallet.answer(batch, granted: 10)
        XCTAssertEqual(wallet.free(), 20)
    }

    func testANewWindowSendsTheRestOfTheOldOneHome() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let old = try XCTUnwrap(wallet.reserve(wallet.line(20)).id)
        let next = try XCTUnwrap(wallet.reserve(wallet.line(40)).id)
        wallet.answer(wallet.batch(), granted: 40, window: 60)
        XCTAssertTrue(wallet.claim(next).isHeld)
        XCTAssertEqual(wallet.returns(), [ReturnRecord(account: wallet.key, window: .whole, amount: 30)])
        wallet.settle(old, 5)
        XCTAssertEqual(wallet.charges, [ChargeLine(account: wallet.key, window: .whole, amount: 5)])
        XCTAssertEqual(wallet.returns(), [ReturnRecord(account: wallet.key, window: .whole, amount: 15)])
        XCTAssertEqual(wallet.held(), 40)
    }

    func testALeaseThatEndedIsNotSpentUntilItIsRenewed() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        wallet.now = wallet.now.advanced(by: .seconds(120))
        let id = try XCTUnwrap(wallet.reserve(wallet.line(10)).id)
        let batch = wallet.batch()
        XCTAssertEqual(batch.asks.map(\.need), [0])
        wallet.answer(batch, granted: 50)
        XCTAssertTrue(wallet.claim(id).isHeld)
    }

    // MARK: Giving back

    func testARecallGivesBackAllThatNoRequestHoldsAndKeepsNothingForAWhile() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let id = try XCTUnwrap(wallet.reserve(wallet.line(20)).id)
        wallet.core.recall(wallet.key, window: .whole, now: wallet.now)
        XCTAssertEqual(wallet.returns().map(\.amount), [30])
        wallet.settle(id, 5)
        XCTAssertEqual(wallet.returns().map(\.amount), [15])
        XCTAssertEqual(wallet.free(), 0)
    }

    func testARecallOfAnotherWindowChangesNothing() {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        wallet.core.recall(wallet.key, window: .init(startUnixSeconds: 60), now: wallet.now)
        wallet.core.recall(wallet.other, window: .whole, now: wallet.now)
        XCTAssertEqual(wallet.returns(), [])
    }

    func testWhatLiesIdleForASecondGoesBack() {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        wallet.wait(999)
        XCTAssertEqual(wallet.returns(), [])
        wallet.wait(1)
        XCTAssertEqual(wallet.returns(), [ReturnRecord(account: wallet.key, window: .whole, amount: 50)])
        XCTAssertEqual(wallet.free(), 0)
    }

    func testWhatARequestOfManySecondsDidNotNeedGoesBack() throws {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        let id = try XCTUnwrap(wallet.reserve(wallet.line(50)).id)
        for _ in 0..<3 { wallet.wait(1_100) }
        wallet.settle(id, 10)
        XCTAssertEqual(wallet.free(), 40)
        wallet.wait(1_100)
        XCTAssertEqual(wallet.returns().map(\.amount), [40])
        XCTAssertEqual(wallet.free(), 0)
    }

    func testWhatIsLentWhenNobodyWantsItAnyMoreGoesBack() throws {
        var wallet = WalletHarness()
        let id = try XCTUnwrap(wallet.reserve(wallet.line(40)).id)
        let batch = wallet.batch()
        wallet.core.cancel(id, now: wallet.now)
        wallet.wait(1_100)
        wallet.answer(batch, granted: 40)
        XCTAssertEqual(wallet.free(), 40)
        wallet.wait(1_100)
        XCTAssertEqual(wallet.returns().map(\.amount), [40])
    }

    func testACleanStopGivesBackEverythingThatNoRequestHolds() {
        var wallet = WalletHarness()
        wallet.lend(50, wallet.line(0))
        XCTAssertTrue(wallet.reserve(wallet.line(20)).isHeld)
        wallet.core.returnEverything()
        XCTAssertEqual(wallet.returns().map(\.amount), [30])
    }

    func testAFullTableForgetsAnIdleAccountAndLearnsItsSumAgain() throws {
        var settings = WalletSettings()
        settings.accountsMax = 1
        var wallet = WalletHarness(settings: settings)
        wallet.lend(50, wallet.line(0))
        XCTAssertEqual(wallet.reserve(wallet.line(1, of: wallet.other)).refusal?.reason, .overloaded)
        wallet.wait(1_000)
        _ = wallet.returns()
        XCTAssertTrue(wallet.reserve(wallet.line(1, of: wallet.other)).isWaiting)
        let sync = wallet.batch()
        XCTAssertEqual(sync.asks.map(\.need), [0])
        XCTAssertEqual(sync.asks.map(\.want), [0])
        wallet.answer(sync, granted: 50)
        XCTAssertEqual(wallet.free(wallet.other), 0, "what was granted before was given back or spent before")
        XCTAssertEqual(wallet.batch().asks.map(\.need), [1])
    }

    // MARK: Without the ledger

    func testARateFallsBackToItsShareAFullPeriodAfterTheLeaseAndTheOutageBegan() throws {
        var wallet = WalletHarness()
        wallet.core.liveNodes = 4
        let line = wallet.line(1, kind: .requests, sliding: 1_000, limit: 8)
        wallet.lend(1, line)
        XCTAssertTrue(wallet.reserve(line).isHeld)
        var admitted = 0
        var refusals: [WalletRefusal.Reason] = []
        for _ in 0..<60 {
            let outcome = wallet.reserve(line)
            if let batch = wallet.core.nextBatch(now: wallet.now) { wallet.core.failed(batch, now: wallet.now) }
            wallet.wait(250)
            let decided = outcome.isWaiting ? wallet.claim(try XCTUnwrap(outcome.id)) : outcome
            if decided.isHeld {
                admitted += 1
                XCTAssertEqual(wallet.lines.map(\.window), [.unleased])
            } else if let refusal = decided.refusal {
                refusals.append(refusal.reason)
            }
        }
        XCTAssertEqual(refusals.first, .unavailable)
        XCTAssertEqual(refusals.last, .exhausted)
        XCTAssertGreaterThan(admitted, 20)
        XCTAssertLessThanOrEqual(admitted, 2 * 15, "two a second for fifteen seconds")
    }

    // MARK: Figures

    func testHeadersShowTheTightestLimit() throws {
        var wallet = WalletHarness()
        let loose = wallet.line(1, kind: .requests, sliding: 60_000, limit: 100)
        let tight = wallet.line(1, of: wallet.other, kind: .requests, sliding: 60_000, limit: 10)
        wallet.lend(5, loose)
        wallet.lend(5, tight)
        let id = try XCTUnwrap(wallet.reserve(loose, tight).id)
        let figures = wallet.core.rateFigures(id, now: wallet.now)
        XCTAssertEqual(figures.requests, RateFigure(limit: 10, remaining: 9, resetMilliseconds: 60_000))
        XCTAssertNil(figures.tokens)
    }
}

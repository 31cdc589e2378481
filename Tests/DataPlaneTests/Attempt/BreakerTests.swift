import Shared
import XCTest

@testable import DataPlane

/// The breaker, step by step.
final class BreakerTests: XCTestCase {
    private let rule = PolicyDocument.Breaker(
        consecutiveFailures: 3, failurePercent: 50, samplesMin: 10, windowSeconds: 10, openSeconds: 1, openSecondsMax: 4
    )
    private let start = RoutingFixture.start

    private func at(_ milliseconds: UInt64) -> MonotonicTime { start.plus(milliseconds: milliseconds) }

    private func opened() -> Breaker {
        var breaker = Breaker(rule)
        for _ in 1...3 { _ = breaker.failed(start, isProbe: false) }
        return breaker
    }

    func testConsecutiveFailuresOpenIt() {
        var breaker = Breaker(rule)
        XCTAssertNil(breaker.failed(at(0), isProbe: false))
        XCTAssertNil(breaker.failed(at(1), isProbe: false))
        XCTAssertNil(breaker.succeeded(at(2), isProbe: false), "a success begins the count anew")
        XCTAssertNil(breaker.failed(at(3), isProbe: false))
        XCTAssertNil(breaker.failed(at(4), isProbe: false))
        XCTAssertTrue(breaker.isAvailable(at(4)))
        XCTAssertEqual(breaker.failed(at(5), isProbe: false), .opened(until: at(1_005)))
        XCTAssertFalse(breaker.isAvailable(at(5)))
        XCTAssertFalse(breaker.isAvailable(at(1_004)))
        XCTAssertTrue(breaker.isAvailable(at(1_005)))
    }

    func testAShareOfFailuresOpensItOnceThereAreEnoughAttempts() {
        var breaker = Breaker(rule)
        for index in 0..<9 {
            let change =
                index % 2 == 0 ? breaker.failed(at(0), isProbe: false) : breaker.succeeded(at(0), isProbe: false)
            XCTAssertNil(change, "\(index + 1) attempts are too few")
        }
        XCTAssertNil(breaker.succeeded(at(0), isProbe: false))
        XCTAssertNotNil(breaker.failed(at(0), isProbe: false), "6 of 11")
    }

    func testWhatIsOlderThanTheWindowDoesNotCount() {
        var breaker = Breaker(rule)
        for _ in 1...4 {
            _ = breaker.failed(at(0), isProbe: false)
            _ = breaker.succeeded(at(0), isProbe: false)
        }
        for _ in 1...9 { _ = breaker.succeeded(at(11_000), isProbe: false) }
        XCTAssertNil(breaker.failed(at(11_000), isProbe: false), "1 of 10 within the window")
        XCTAssertEqual(breaker.state, .closed)
    }

    func testOneProbeAtATimeAndThreeThatGoWellCloseIt() {
        var breaker = opened()
        let later = at(1_000)
        for number in 1...3 {
            XCTAssertTrue(breaker.isAvailable(later))
            XCTAssertTrue(breaker.begin(later))
            XCTAssertFalse(breaker.isAvailable(later), "probe \(number) is under way")
            XCTAssertEqual(breaker.succeeded(later, isProbe: true), number == 3 ? .closed : nil)
            breaker.endProbe()
        }
        XCTAssertEqual(breaker.state, .closed)
        XCTAssertFalse(breaker.begin(later), "no probe any more")
    }

    func testAProbeThatFailsOpensItForTwiceAsLongUpToTheMost() {
        var breaker = opened()
        var now = at(1_000)
        for seconds: UInt64 in [2, 4, 4] {
            XCTAssertTrue(breaker.begin(now))
            XCTAssertEqual(breaker.failed(now, isProbe: true), .opened(until: now.plus(milliseconds: seconds * 1_000)))
            breaker.endProbe()
            now = now.plus(milliseconds: seconds * 1_000)
        }
        for _ in 1...3 {
            _ = breaker.begin(now)
            _ = breaker.succeeded(now, isProbe: true)
            breaker.endProbe()
        }
        for _ in 1...2 { _ = breaker.failed(now, isProbe: false) }
        XCTAssertEqual(
            breaker.failed(now, isProbe: false), .opened(until: now.plus(milliseconds: 1_000)),
            "after it was well it begins with the shortest again")
    }

    func testAProbeWithoutAVerdictMakesRoomForTheNext() {
        var breaker = opened()
        XCTAssertTrue(breaker.begin(at(1_000)))
        breaker.endProbe()
        XCTAssertTrue(breaker.isAvailable(at(1_000)))
        XCTAssertEqual(breaker.state, .halfOpen(probes: 0, successes: 0))
    }

    func testAttemptsFromBeforeItOpenedChangeNothing() {
        var breaker = opened()
        XCTAssertNil(breaker.succeeded(at(10), isProbe: false))
        XCTAssertNil(breaker.failed(at(10), isProbe: false))
        XCTAssertEqual(breaker.state, .open(until: at(1_000)))
        XCTAssertFalse(breaker.begin(at(10)), "tried for want of another, before its time is over: no probe")
    }

    func testOnlyTheLongerCooldownCounts() {
        var breaker = Breaker(rule)
        breaker.cool(until: at(500))
        breaker.cool(until: at(200))
        XCTAssertEqual(breaker.availableAt, at(500))
        XCTAssertFalse(breaker.isAvailable(at(499)))
        XCTAssertTrue(breaker.isAvailable(at(500)), "a cooldown needs no probe")
        XCTAssertFalse(breaker.begin(at(500)))
        breaker.cool(until: at(5_000))
        for _ in 1...3 { _ = breaker.failed(at(600), isProbe: false) }
        XCTAssertEqual(breaker.availableAt, at(5_000), "the longer of breaker and cooldown")
    }

    func testWhatOthersFoundOut() {
        var breaker = Breaker(rule)
        breaker.heardOpened(until: at(700), at(0))
        XCTAssertFalse(breaker.isAvailable(at(699)))
        breaker.heardOpened(until: at(300), at(0))
        XCTAssertEqual(breaker.state, .open(until: at(700)))
        XCTAssertTrue(breaker.begin(at(700)))
        breaker.heardOpened(until: at(9_000), at(0))
        XCTAssertEqual(breaker.state, .halfOpen(probes: 1, successes: 0), "its own probe knows more")
        breaker.heardClosed()
        XCTAssertTrue(breaker.isAvailable(at(700)))
    }

    func testARumourIsBelievedByWhoDoesNotKnowBetter() {
        var fresh = Breaker(rule)
        XCTAssertTrue(fresh.heardRumour(until: at(900), at(0)), "no sample of its own")
        XCTAssertFalse(fresh.isAvailable(at(899)))
        XCTAssertFalse(fresh.heardRumour(until: at(1_500), at(100)), "it is out already")
        XCTAssertFalse(fresh.isAvailable(at(1_499)), "and stays so for longer")

        var served = Breaker(rule)
        _ = served.succeeded(at(0), isProbe: false)
        XCTAssertFalse(served.heardRumour(until: at(900), at(100)))
        XCTAssertTrue(served.isAvailable(at(100)))
        _ = served.failed(at(200), isProbe: false)
        XCTAssertTrue(served.heardRumour(until: at(900), at(300)), "its last one failed too")

        var once = Breaker(rule)
        _ = once.succeeded(at(0), isProbe: false)
        XCTAssertTrue(once.heardRumour(until: at(20_000), at(11_000)), "what it knows is older than its window")
    }

    // MARK: Where the provider is asked whether it is up

    /// It is asked within 2 s.
    private func probed() -> Breaker {
        var breaker = Breaker(rule)
        breaker.probe(within: 2_000_000_000)
        return breaker
    }

    func testAProviderThatDoesNotAnswerIsOutUntilItDoes() {
        var breaker = probed()
        breaker.heard(.failed(isDown: false, until: at(2_000)))
        XCTAssertTrue(breaker.isAvailable(at(0)), "one that failed is not enough")
        breaker.heard(.failed(isDown: true, until: at(3_000)))
        XCTAssertFalse(breaker.isAvailable(at(2_999)))
        XCTAssertTrue(breaker.isDown(at(2_999)))
        XCTAssertEqual(breaker.state, .closed, "no request has failed")
        XCTAssertEqual(breaker.availableAt, at(3_000))
        breaker.heard(.failed(isDown: true, until: at(4_000)))
        XCTAssertFalse(breaker.isAvailable(at(3_500)), "and after each that fails again")
        breaker.heard(.up(asOf: at(3_500)))
        XCTAssertTrue(breaker.isAvailable(at(3_500)), "at once, and for all requests")
        XCTAssertFalse(breaker.begin(at(3_500)))
        XCTAssertFalse(breaker.isDown(at(3_500)))
    }

    func testWhatNobodyAsksAnyMoreIsNotOutForEver() {
        var breaker = probed()
        breaker.heard(.failed(isDown: true, until: at(3_000)))
        XCTAssertTrue(breaker.isAvailable(at(3_000)), "no news for longer than a probe takes")
        breaker.heard(.failed(isDown: true, until: at(9_000)))
        breaker.probe(within: nil)
        XCTAssertTrue(breaker.isAvailable(at(3_000)), "its provider has no probes any more")
    }

    func testACooldownOutlastsTheAnswerToAProbe() {
        var breaker = probed()
        breaker.cool(until: at(5_000))
        breaker.heard(.failed(isDown: true, until: at(3_000)))
        XCTAssertEqual(breaker.availableAt, at(5_000))
        breaker.heard(.up(asOf: at(1_000)))
        XCTAssertFalse(breaker.isAvailable(at(4_999)), "the provider has asked for it")
        XCTAssertTrue(breaker.isAvailable(at(5_000)))
        breaker.heard(.failed(isDown: true, until: at(7_000)))
        breaker.cool(until: at(6_000))
        XCTAssertEqual(breaker.availableAt, at(7_000))
        breaker.heard(.up(asOf: at(5_500)))
        XCTAssertEqual(breaker.availableAt, at(6_000))
    }

    func testNoRequestIsSpentBeforeAProbeWasAnswered() {
        var breaker = probed()
        for _ in 1...3 { _ = breaker.failed(at(0), isProbe: false) }
        XCTAssertFalse(breaker.isAvailable(at(1_500)), "its time is over, and nobody has asked")
        breaker.heard(.up(asOf: at(0)))
        XCTAssertFalse(breaker.isAvailable(at(1_500)), "that one was sent before it opened")
        breaker.heard(.failed(isDown: false, until: at(4_000)))
        XCTAssertFalse(breaker.isAvailable(at(3_999)), "nor while probes fail")
        breaker.heard(.up(asOf: at(3_100)))
        XCTAssertTrue(breaker.isAvailable(at(3_200)))
        XCTAssertTrue(breaker.begin(at(3_200)), "one request finds out whether it serves")
        XCTAssertFalse(breaker.isAvailable(at(3_200)))
        XCTAssertEqual(breaker.failed(at(3_300), isProbe: true), .opened(until: at(5_300)), "twice as long, as without")
        breaker.endProbe()
        breaker.heard(.up(asOf: at(3_400)))
        XCTAssertFalse(breaker.isAvailable(at(5_299)), "an answer to a probe shortens nothing")
        XCTAssertTrue(breaker.isAvailable(at(5_300)))
    }

    func testARequestFindsOutWhereProbesDoNotComeBack() {
        var breaker = probed()
        for _ in 1...3 { _ = breaker.failed(at(0), isProbe: false) }
        XCTAssertFalse(breaker.isAvailable(at(1_999)))
        XCTAssertTrue(breaker.isAvailable(at(2_000)), "one would have ended by now")
        XCTAssertTrue(breaker.begin(at(2_000)))
    }

    func testARequestThatFindsNothingElseFindsOutToo() {
        var breaker = probed()
        for _ in 1...3 { _ = breaker.failed(at(0), isProbe: false) }
        XCTAssertFalse(breaker.begin(at(500)), "its time is not over")
        XCTAssertFalse(breaker.isAvailable(at(1_200)))
        XCTAssertTrue(breaker.begin(at(1_200)), "all were out, and it was the best of them")
        for _ in 1...2 {
            XCTAssertNil(breaker.succeeded(at(1_300), isProbe: true))
            breaker.endProbe()
            XCTAssertTrue(breaker.begin(at(1_300)))
        }
        XCTAssertEqual(breaker.succeeded(at(1_300), isProbe: true), .closed)
    }

    func testWhatOtherLoopsOpenedWaitsForAProbeAsWell() {
        var breaker = probed()
        breaker.heardOpened(until: at(1_000), at(0))
        XCTAssertFalse(breaker.isAvailable(at(1_500)))
        breaker.heard(.up(asOf: at(100)))
        XCTAssertFalse(breaker.isAvailable(at(999)))
        XCTAssertTrue(breaker.isAvailable(at(1_000)))
        breaker.heardOpened(until: at(2_100), at(1_100))
        XCTAssertFalse(breaker.isAvailable(at(2_200)), "its request failed: another probe")
    }

    /// Another data plane may be cut off from a provider that answers this one.
    func testHearsayIsTriedAsSoonAsAProbeWasAnsweredHere() {
        var breaker = probed()
        XCTAssertTrue(breaker.heardRumour(until: at(10_000), at(0)))
        XCTAssertFalse(breaker.isAvailable(at(500)))
        XCTAssertFalse(breaker.heardRumour(until: at(11_000), at(1_000)), "said again each second")
        breaker.heard(.up(asOf: at(700)))
        XCTAssertTrue(breaker.isAvailable(at(1_000)))
        XCTAssertTrue(breaker.begin(at(1_000)), "one request at a time")
        XCTAssertFalse(breaker.isAvailable(at(1_000)))
        XCTAssertFalse(breaker.heardRumour(until: at(12_000), at(1_100)))
        XCTAssertEqual(breaker.failed(at(1_200), isProbe: true)?.isOpened, true, "what others said was true")
        breaker.endProbe()
        breaker.heard(.up(asOf: at(1_250)))
        XCTAssertFalse(breaker.isAvailable(at(1_300)), "and is no hearsay any more")
    }

    /// At no time do more probes run than one while others respect `isAvailable`, and no target stays out for longer than the most.
    func testRandomHistories() {
        for seed: UInt64 in 1...200 {
            var random = SeededRandom(seed: seed)
            var breaker = Breaker(rule)
            var now = start
            var flying: [Bool] = []
            for _ in 1...500 {
                now = now.plus(milliseconds: UInt64.random(in: 0...300, using: &random))
                XCTAssertLessThanOrEqual(breaker.availableAt.nanoseconds, now.nanoseconds + 4_000_000_000)
                if flying.count < 4, breaker.isAvailable(now) { flying.append(breaker.begin(now)) }
                XCTAssertLessThanOrEqual(flying.count { $0 }, 1, "seed \(seed)")
                guard !flying.isEmpty, Bool.random(using: &random) else { continue }
                let isProbe = flying.remove(at: Int.random(in: 0..<flying.count, using: &random))
                switch Int.random(in: 0..<5, using: &random) {
                case 0: break
                case 1, 2: _ = breaker.failed(now, isProbe: isProbe)
                default: _ = breaker.succeeded(now, isProbe: isProbe)
                }
                if isProbe { breaker.endProbe() }
            }
            let end = now.plus(milliseconds: 5_000)
            for isProbe in flying where isProbe { breaker.endProbe() }
            XCTAssertTrue(breaker.isAvailable(end), "seed \(seed): it is tried again in the end")
        }
    }
}

extension Breaker.Change {
    fileprivate var isOpened: Bool { if case .opened = self { true } else { false } }
}

final class RetryBudgetTests: XCTestCase {
    func testARetryForEachTenRequestsAndTenSavedUp() {
        let start = RoutingFixture.start
        var budget = RetryBudget(percent: 10, now: start)
        XCTAssertEqual((1...20).count { _ in budget.take(start) }, 10)
        for _ in 1...9 { budget.earn() }
        XCTAssertFalse(budget.take(start))
        budget.earn()
        XCTAssertTrue(budget.take(start))
        XCTAssertFalse(budget.take(start))
        for _ in 1...100_000 { budget.earn() }
        XCTAssertEqual((1...20).count { _ in budget.take(start) }, 10)
    }

    func testOneASecondWhereRequestsAreRare() {
        let start = RoutingFixture.start
        var budget = RetryBudget(percent: 10, now: start)
        for _ in 1...10 { _ = budget.take(start) }
        XCTAssertFalse(budget.take(start.plus(milliseconds: 990)))
        XCTAssertTrue(budget.take(start.plus(milliseconds: 1_000)))
        XCTAssertFalse(budget.take(start.plus(milliseconds: 1_000)))
        XCTAssertEqual((1...20).count { _ in budget.take(start.plus(milliseconds: 3_600_000)) }, 10)
    }

    func testNoneAtAllWithAShareOfZero() {
        var budget = RetryBudget(percent: 0, now: RoutingFixture.start)
        XCTAssertFalse(budget.take(RoutingFixture.start.plus(milliseconds: 100_000)))
    }
}

import Shared
import XCTest

@testable import DataPlane

/// When a provider is asked whether it is up, and what follows, step by step.
final class ProviderProbeTests: XCTestCase {
    private let rule = PolicyDocument.Probe(intervalSeconds: 5, timeoutMilliseconds: 2_000, failures: 3)
    private let start = RoutingFixture.start
    private var random = SeededRandom(seed: 1)

    private func at(_ milliseconds: UInt64) -> MonotonicTime { start.plus(milliseconds: milliseconds) }

    private func made() -> ProviderProbe { ProviderProbe(rule, start, using: &random) }

    /// A whole probe that begins when it is due and takes no time.
    private func ask(_ probe: inout ProviderProbe, isAnswered: Bool) -> ProviderProbe.Finding {
        let now = probe.dueAt
        probe.begin(now, using: &random)
        return probe.ended(isAnswered: isAnswered, began: now, now)
    }

    func testTheFirstComesAtAnyMomentWithinAnInterval() {
        let dues = (1...200).map { _ in made().dueAt.nanoseconds - start.nanoseconds }
        XCTAssertLessThanOrEqual(dues.max()!, 5_000_000_000)
        XCTAssertGreaterThan(dues.max()!, 4_500_000_000)
        XCTAssertLessThan(dues.min()!, 500_000_000)
    }

    func testTheNextComesAnIntervalLaterATenthMoreOrLess() {
        var probe = made()
        var steps: [UInt64] = []
        for _ in 1...200 {
            let before = probe.dueAt
            _ = ask(&probe, isAnswered: true)
            steps.append((probe.dueAt.nanoseconds - before.nanoseconds) / 1_000_000)
        }
        XCTAssertGreaterThanOrEqual(steps.min()!, 4_500)
        XCTAssertLessThanOrEqual(steps.max()!, 5_500)
        XCTAssertGreaterThan(steps.max()! - steps.min()!, 900, "they do not beat together")
    }

    func testOneAtATime() {
        var probe = made()
        XCTAssertFalse(probe.isUnderWay)
        probe.begin(start, using: &random)
        XCTAssertTrue(probe.isUnderWay)
        _ = probe.ended(isAnswered: true, began: start, at(10))
        XCTAssertFalse(probe.isUnderWay)
    }

    func testSoManyFailuresInARowAndOneAnswer() {
        var probe = made()
        XCTAssertFalse(probe.wasAnswered)
        for round in 1...2 {
            for number in 1...3 {
                guard case .failed(let isDown, _) = ask(&probe, isAnswered: false) else { return XCTFail() }
                XCTAssertEqual(isDown, number == 3, "round \(round)")
                XCTAssertEqual(probe.isDown, isDown)
            }
            let asked = probe.dueAt
            XCTAssertEqual(ask(&probe, isAnswered: true), .up(asOf: asked))
            XCTAssertFalse(probe.isDown)
            XCTAssertTrue(probe.wasAnswered)
        }
        for _ in 1...10 {
            for _ in 1...2 { _ = ask(&probe, isAnswered: false) }
            XCTAssertFalse(probe.isDown, "an answer begins the count anew")
            XCTAssertFalse(probe.wasAnswered)
            _ = ask(&probe, isAnswered: true)
        }
    }

    func testAFindingHoldsUntilTheNextProbeHasEnded() {
        var probe = made()
        probe.begin(start, using: &random)
        let due = probe.dueAt
        XCTAssertEqual(
            probe.ended(isAnswered: false, began: start, at(2_000)),
            .failed(isDown: false, until: due.plus(milliseconds: 3_000)), "its timeout, and a second for the way")
        // One that took longer than the interval: the next begins at once.
        probe.begin(due, using: &random)
        let late = probe.dueAt.plus(milliseconds: 1_000)
        XCTAssertEqual(
            probe.ended(isAnswered: false, began: due, late),
            .failed(isDown: false, until: late.plus(milliseconds: 3_000)))
        XCTAssertLessThanOrEqual(probe.dueAt, late)
        XCTAssertEqual(rule.turnNanoseconds, 8_500_000_000)
    }

    func testABreakerThatOpensHastensIt() {
        var probe = made()
        probe.begin(start, using: &random)
        _ = probe.ended(isAnswered: true, began: start, at(5))
        probe.hasten(at(100), using: &random)
        let due = probe.dueAt
        XCTAssertGreaterThanOrEqual(due, at(600))
        XCTAssertLessThanOrEqual(due, at(1_100))
        probe.hasten(at(590), using: &random)
        XCTAssertLessThanOrEqual(probe.dueAt, due, "never later")
        XCTAssertGreaterThanOrEqual(probe.dueAt, at(600))
    }

    func testAnotherRuleHoldsFromTheNextOn() {
        var probe = made()
        for _ in 1...2 { _ = ask(&probe, isAnswered: false) }
        let now = probe.dueAt
        probe.use(rule, now, using: &random)
        XCTAssertEqual(probe.dueAt, now, "the same one changes nothing")
        probe.begin(now, using: &random)
        _ = probe.ended(isAnswered: true, began: now, now)
        _ = ask(&probe, isAnswered: false)
        let later = probe.dueAt
        probe.use(.init(intervalSeconds: 1, timeoutMilliseconds: 100, failures: 2), later, using: &random)
        XCTAssertLessThanOrEqual(probe.dueAt, later)
        XCTAssertEqual(ask(&probe, isAnswered: false).isDown, true, "two in a row are enough now")
        probe.use(.init(intervalSeconds: 60, failures: 100), later, using: &random)
        XCTAssertTrue(probe.isDown, "what was found out stays")
        XCTAssertLessThanOrEqual(
            probe.dueAt.nanoseconds, later.nanoseconds + 2_100_000_000, "and the next comes as it was due")
    }
}

extension ProviderProbe.Finding {
    fileprivate var isDown: Bool? { if case .failed(let isDown, _) = self { isDown } else { nil } }
}

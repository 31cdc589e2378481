import Shared
import XCTest

@testable import DataPlane

/// What follows a failed attempt.
final class AttemptSequenceTests: XCTestCase {
    private let start = RoutingFixture.start
    private let plenty: UInt64 = 60_000_000_000

    private func next(
        _ sequence: inout AttemptSequence, _ outcome: OutcomeClass, wait: UInt64? = nil, left: UInt64? = nil,
        now: MonotonicTime? = nil, seed: UInt64 = 1
    ) -> AttemptSequence.Step {
        var random = SeededRandom(seed: seed)
        return sequence.next(
            after: outcome, waitNanoseconds: wait.map { $0 * 1_000_000 }, left: left ?? plenty, now: now ?? start,
            using: &random, rank: { place, _ in UInt64(place) })
    }

    /// The milliseconds of a retry.
    private func retry(_ step: AttemptSequence.Step) -> UInt64? {
        guard case .retry(let nanoseconds) = step else { return nil }
        return nanoseconds / 1_000_000
    }

    func testTheNextTargetComesBeforeARetry() {
        let fixture = RoutingFixture([nil, nil, nil])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertEqual(next(&sequence, .serverError), .attempt(place: 1))
        XCTAssertEqual(next(&sequence, .connectFailed), .attempt(place: 2))
        XCTAssertNotNil(retry(next(&sequence, .serverError)), "only the last one is left, and that only as a retry")
        XCTAssertNotNil(retry(next(&sequence, .serverError)))
        XCTAssertEqual(next(&sequence, .serverError), .end, "two retries are the most")
    }

    func testRetriesComeFirstWhereTheRouteSaysSo() {
        let fixture = RoutingFixture([nil, nil]) {
            $0.retriesFirst = true
            $0.retriesMax = 1
        }
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertNotNil(retry(next(&sequence, .serverError)))
        XCTAssertEqual(next(&sequence, .serverError), .attempt(place: 1))
        XCTAssertNotNil(retry(next(&sequence, .serverError)), "each target has its own retries")
        XCTAssertEqual(next(&sequence, .serverError), .end)
    }

    func testAVerdictOnTheRequestEndsIt() {
        let fixture = RoutingFixture([nil, nil])
        for outcome: OutcomeClass in [
            .invalid, .contextTooLong, .contentFiltered, .bodyTooLarge, .callerGone, .stopped, .totalTimedOut,
        ] {
            var sequence = AttemptSequence(fixture.plan, first: 0)
            XCTAssertEqual(next(&sequence, outcome), .end, "\(outcome)")
        }
    }

    func testFallbacksByCause() {
        let fixture = RoutingFixture([nil, [.contextLength], [.contentFilter, .timeout], nil])
        func second(_ outcome: OutcomeClass) -> AttemptSequence.Step {
            var sequence = AttemptSequence(fixture.plan, first: 0)
            return next(&sequence, outcome)
        }
        XCTAssertEqual(second(.contextTooLong), .attempt(place: 1))
        XCTAssertEqual(second(.contentFiltered), .attempt(place: 2))
        XCTAssertEqual(second(.firstTokenTimedOut), .attempt(place: 2))
        XCTAssertEqual(second(.serverError), .attempt(place: 3))
        XCTAssertEqual(second(.rateLimited), .attempt(place: 3))
    }

    func testAFallbackThatIsSetAsideIsPassedOver() {
        let fixture = RoutingFixture([nil, nil, nil])
        for _ in 1...5 { fixture.health(1).saw(.serverError, waitMilliseconds: nil, start) }
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertEqual(next(&sequence, .serverError), .attempt(place: 2))
        XCTAssertNotNil(retry(next(&sequence, .serverError)))
    }

    func testATargetThatFailedIsNoFallback() {
        let fixture = RoutingFixture([nil, nil])
        var sequence = AttemptSequence(fixture.plan, first: 1)
        XCTAssertEqual(next(&sequence, .tlsFailed), .attempt(place: 0))
        XCTAssertEqual(next(&sequence, .tlsFailed), .end)
    }

    func testTheWaitIsDrawnFromAllOfTheStep() {
        var longest: UInt64 = 0
        var shortest: UInt64 = .max
        for seed: UInt64 in 1...500 {
            let fixture = RoutingFixture([nil])
            var sequence = AttemptSequence(fixture.plan, first: 0)
            guard let first = retry(next(&sequence, .serverError, seed: seed)),
                let second = retry(next(&sequence, .serverError, seed: seed &* 77))
            else { return XCTFail("no retry") }
            XCTAssertLessThanOrEqual(first, 100)
            XCTAssertLessThanOrEqual(second, 200)
            longest = max(longest, first)
            shortest = min(shortest, first)
        }
        XCTAssertLessThan(shortest, 5)
        XCTAssertGreaterThan(longest, 95)
    }

    func testAWaitThatTheProviderAsksForIsTheLeast() {
        let fixture = RoutingFixture([nil])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        fixture.health(0).saw(.rateLimited, waitMilliseconds: 3_000, start)
        let wait = retry(next(&sequence, .rateLimited, wait: 3_000)) ?? 0
        XCTAssertTrue((3_000...3_025).contains(wait), "\(wait)")
    }

    func testNoRetryBeyondTheRequestsTimeOrAPatienceOfTenSeconds() {
        let fixture = RoutingFixture([nil])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertEqual(next(&sequence, .rateLimited, wait: 3_000, left: 2_000_000_000), .end)
        XCTAssertEqual(next(&sequence, .rateLimited, wait: 11_000), .end)
        XCTAssertEqual(next(&sequence, .serverError, left: 0), .end)
    }

    func testNoRetryAtATargetThatIsOut() {
        let fixture = RoutingFixture([nil])
        for _ in 1...5 { fixture.health(0).saw(.serverError, waitMilliseconds: nil, start) }
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertEqual(next(&sequence, .serverError), .end)
    }

    func testTheBudgetEndsRetries() {
        let fixture = RoutingFixture([nil])
        let retries = (1...50).count { _ in
            var sequence = AttemptSequence(fixture.plan, first: 0)
            return retry(next(&sequence, .serverError)) != nil
        }
        XCTAssertEqual(retries, 10)
    }

    // MARK: The first target

    func testTheFirstTargetIsOneThatIsNotSetAside() {
        let fixture = RoutingFixture([nil, [.error], nil])
        XCTAssertEqual(fixture.plan.firstPlace(start), 0)
        fixture.health(0).saw(.rateLimited, waitMilliseconds: 500, start)
        XCTAssertEqual(fixture.plan.firstPlace(start), 2, "a fallback only is not begun with")
        fixture.health(2).saw(.rateLimited, waitMilliseconds: 300, start)
        XCTAssertEqual(fixture.plan.firstPlace(start), 2, "all are out: the one that is back soonest")
        XCTAssertEqual(fixture.plan.firstPlace(start.plus(milliseconds: 500)), 0)
    }

    func testNoneWhereTheRouteWantsThat() {
        let fixture = RoutingFixture([nil, [.error]]) { $0.refusesWhenAllAreOut = true }
        fixture.health(0).saw(.overloaded, waitMilliseconds: 700, start)
        XCTAssertNil(fixture.plan.firstPlace(start.plus(milliseconds: 699)))
        XCTAssertEqual(fixture.plan.firstPlace(start.plus(milliseconds: 700)), 0)
    }

    // MARK: Health beyond one target

    func testACredentialThatIsRejectedSetsAllItsTargetsAside() {
        let fixture = RoutingFixture([nil, nil], credentialOf: ObjectID(high: 9, low: 9))
        fixture.health(0).saw(.credentialRejected, waitMilliseconds: nil, start)
        XCTAssertFalse(fixture.health(1).isAvailable(start))
        XCTAssertTrue(fixture.health(1).isAvailable(start.plus(milliseconds: 30_000)))
        let others = RoutingFixture([nil, nil])
        others.health(0).saw(.credentialRejected, waitMilliseconds: nil, start)
        XCTAssertTrue(others.health(1).isAvailable(start))
    }

    func testOtherLoopsHearWhatOneFindsOut() {
        let fixture = RoutingFixture([nil, nil])
        let other = RoutingFixture([nil, nil])
        var news: [HealthNews] = []
        fixture.board.tellOthers = {
            news.append($0)
            other.board.hear($0, self.start)
        }
        for _ in 1...5 { fixture.health(0).saw(.serverError, waitMilliseconds: nil, start) }
        XCTAssertEqual(news.count, 1, "only what changes is told")
        XCTAssertFalse(other.health(0).isAvailable(start))
        XCTAssertTrue(other.health(1).isAvailable(start))
        fixture.health(1).saw(.rateLimited, waitMilliseconds: 400, start)
        XCTAssertFalse(other.health(1).isAvailable(start))
        let later = start.plus(milliseconds: 1_000)
        for _ in 1...3 {
            other.health(0).saw(.answered, later)
        }
        XCTAssertTrue(other.health(0).isIn(later))
    }

    func testAStreamThatHasBegunIsASuccessThatMayStillFail() {
        let fixture = RoutingFixture([nil])
        let health = fixture.health(0)
        for _ in 1...5 { health.saw(.serverError, start) }
        let later = start.plus(milliseconds: 1_000)
        var streams = (1...3).map { _ in
            XCTAssertTrue(health.isAvailable(later), "a stream that goes on keeps no probe")
            var mark = health.begin(later)
            health.firstToken(&mark, later)
            health.streams(&mark, later)
            return mark
        }
        XCTAssertTrue(health.isIn(later), "three have begun well")
        for _ in 1...2 { health.end(streams.removeLast(), .answered, waitMilliseconds: nil, later) }
        XCTAssertTrue(health.isIn(later))
        for _ in 1...4 { health.saw(.broken, later) }
        XCTAssertTrue(health.isIn(later))
        health.end(streams.removeLast(), .stalled, waitMilliseconds: nil, later)
        XCTAssertFalse(health.isIn(later), "the fifth failure in a row")
        XCTAssertEqual(health.load.inFlight, 0)
    }

    func testAProbeWhoseStreamBreaksOpensItAgain() {
        let fixture = RoutingFixture([nil])
        let health = fixture.health(0)
        for _ in 1...5 { health.saw(.serverError, start) }
        let later = start.plus(milliseconds: 1_000)
        var mark = health.begin(later)
        health.firstToken(&mark, later)
        health.streams(&mark, later)
        health.end(mark, .broken, waitMilliseconds: nil, later)
        XCTAssertEqual(health.availableAt, later.plus(milliseconds: 2_000))
    }

    func testHealthOutlivesASnapshot() {
        let fixture = RoutingFixture([nil, nil])
        for _ in 1...5 { fixture.health(0).saw(.serverError, waitMilliseconds: nil, start) }
        let before = fixture.health(0)
        let again = CompiledPolicy(fixture.policy.snapshot)
        fixture.board.take(again, now: start)
        XCTAssertTrue(again.plans[0][0].targets[0].health === before)
        XCTAssertFalse(again.plans[0][0].targets[0].health.isAvailable(start))
    }

    // MARK: Streams that broke off

    /// - Parameter continuing: the places whose providers can go on with a stream.
    private func resumable(
        _ fallbacks: [[PolicyDocument.FallbackCause]?], continuing: Set<Int>,
        _ change: (inout PolicyDocument.Route) -> Void = { _ in }
    ) -> RoutingFixture {
        RoutingFixture(fallbacks, change) { provider in
            if let place = Int(provider.name.dropFirst()), continuing.contains(place) {
                provider.prefixContinuation = .prefix
            }
        }
    }

    private func resume(
        _ sequence: inout AttemptSequence, _ outcome: OutcomeClass = .broken, hasText: Bool = true, left: UInt64? = nil
    ) -> AttemptSequence.Step {
        var random = SeededRandom(seed: 1)
        return sequence.resume(
            after: outcome, hasText: hasText, left: left ?? plenty, now: start, using: &random,
            rank: { place, _ in UInt64(place) })
    }

    func testAStreamGoesOnWhereItCan() {
        let fixture = resumable([nil, nil, [.contextLength], nil], continuing: [0, 2, 3])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertEqual(resume(&sequence), .attempt(place: 3), "1 cannot, and 2 is for something else")
        XCTAssertNotNil(retry(resume(&sequence)), "only that one is left")
        XCTAssertEqual(resume(&sequence, .malformed), .end, "what it sends is not worth a retry")
    }

    func testAStreamGoesOnAtItsOwnTargetWhereThereIsNoOther() {
        let fixture = resumable([nil, nil], continuing: [0]) { $0.retriesMax = 1 }
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertNotNil(retry(resume(&sequence)))
        XCTAssertEqual(resume(&sequence), .end)
        var late = AttemptSequence(fixture.plan, first: 0)
        XCTAssertEqual(resume(&late, left: 0), .end)
    }

    func testAStreamGoesOnNowhereElse() {
        let fixture = resumable([nil, nil], continuing: [])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertEqual(resume(&sequence), .end)
        var empty = AttemptSequence(fixture.plan, first: 0)
        XCTAssertEqual(resume(&empty, hasText: false), .attempt(place: 1), "from nothing anybody can go on")
        XCTAssertNotNil(retry(resume(&empty, hasText: false)))
        let able = resumable([nil, nil], continuing: [0, 1])
        for outcome: OutcomeClass in [.callerGone, .stopped, .totalTimedOut] {
            var sequence = AttemptSequence(able.plan, first: 0)
            XCTAssertEqual(resume(&sequence, outcome), .end, "\(outcome)")
        }
    }
}

import Shared
import XCTest

@testable import DataPlane

/// When a request is sent a second time, and where to.
final class HedgeTests: XCTestCase {
    private let start = RoutingFixture.start

    // MARK: The percentile

    func testNothingIsKnownOfFewSamples() {
        var times = FirstTokenTimes()
        for _ in 1..<FirstTokenTimes.samplesMin {
            times.observe(nanoseconds: 1_000_000)
            XCTAssertNil(times.percentile95)
        }
        times.observe(nanoseconds: 1_000_000)
        XCTAssertNotNil(times.percentile95)
    }

    /// Against the exact percentile of what came: never below it, and at most a sixteenth above.
    func testThePercentileIsThatOfTheSamplesToASixteenth() throws {
        var random = SeededRandom(seed: 95)
        for _ in 0..<200 {
            var times = FirstTokenTimes()
            var samples: [UInt64] = []
            let scale = UInt64(1) << UInt64.random(in: 0...31, using: &random)
            // The percentile is looked up with the twentieth sample, and after every sixteen.
            for _ in 0..<(20 + 16 * Int.random(in: 0...100, using: &random)) {
                let microseconds = UInt64.random(in: 0...scale, using: &random)
                samples.append(microseconds)
                times.observe(nanoseconds: microseconds * 1000)
            }
            samples.sort()
            let exact = samples[samples.count - 1 - samples.count / 20]
            let known = try XCTUnwrap(times.percentile95) / 1000
            XCTAssertGreaterThan(known, exact)
            XCTAssertLessThanOrEqual(known, exact + max(1, exact / 16) + 1, "scale \(scale)")
        }
    }

    func testAFewSlowAnswersOfAHundredDoNotMoveItAndManyDo() throws {
        var times = FirstTokenTimes()
        for number in 0..<1_000 { times.observe(nanoseconds: number % 50 == 7 ? 5_000_000_000 : 200_000_000) }
        let before = try XCTUnwrap(times.percentile95)
        XCTAssertLessThan(before, 230_000_000)
        for _ in 0..<400 { times.observe(nanoseconds: 1_000_000_000) }
        XCTAssertGreaterThan(try XCTUnwrap(times.percentile95), 1_000_000_000)
        // What is long ago weighs less: after some thousand quick ones the slow ones are forgotten.
        for _ in 0..<8_000 { times.observe(nanoseconds: 200_000_000) }
        XCTAssertEqual(times.percentile95, before)
    }

    // MARK: The share

    private func hedging(_ rule: PolicyDocument.Hedge) -> (RouteHedging, ParsedRequest) {
        let fixture = RoutingFixture([nil, nil]) { $0.hedge = rule }
        return (fixture.plan.route.hedging!, Self.request(isStream: true))
    }

    private static func request(isStream: Bool) -> ParsedRequest {
        let body = Array(#"{"model":"m","messages":[],"stream":\#(isStream)}"#.utf8)
        return unsafe body.withRawBytes { try! unsafe RequestParser.parse($0, endpoint: .chatCompletions) }
    }

    /// Whatever the order of requests and of wishes for a hedge: never more hedges than the share of the requests so far.
    func testHedgesStayWithinTheirShareAtAnyTime() {
        var random = SeededRandom(seed: 5)
        for percent in [1, 5, 33, 50] {
            let (hedging, request) = hedging(.init(afterMilliseconds: 1, percentMax: percent))
            var (requests, hedges) = (0, 0)
            for _ in 0..<5_000 {
                XCTAssertEqual(hedging.delay(of: request), 1_000_000)
                requests += 1
                if Bool.random(using: &random), hedging.take() { hedges += 1 }
                XCTAssertLessThanOrEqual(hedges * 100, requests * percent)
            }
            guard percent < 50 else { continue }
            XCTAssertGreaterThanOrEqual(hedges * 100, requests * percent - 1_000, "what was earned can be used")
        }
    }

    func testNoMoreThanTenAreSavedUp() {
        let (hedging, request) = hedging(.init(afterMilliseconds: 1))
        for _ in 0..<10_000 { _ = hedging.delay(of: request) }
        XCTAssertEqual((0..<100).count { _ in hedging.take() }, 10)
        _ = hedging.delay(of: request)
        hedging.giveBack()
        XCTAssertTrue(hedging.take(), "what was not made can be taken again")
    }

    func testStreamsAndPlainAnswersHaveTimesOfTheirOwn() {
        let (hedging, stream) = hedging(.init(includesPlainAnswers: true))
        let plain = Self.request(isStream: false)
        for _ in 0..<100 {
            hedging.observe(stream, nanoseconds: 100_000_000)
            hedging.observe(plain, nanoseconds: 3_000_000_000)
        }
        XCTAssertLessThan(hedging.delay(of: stream)!, 120_000_000)
        XCTAssertGreaterThan(hedging.delay(of: plain)!, 3_000_000_000)
        hedging.rule.includesPlainAnswers = nil
        XCTAssertNil(hedging.delay(of: plain), "only where the route says so")
        XCTAssertNotNil(hedging.delay(of: stream))
    }

    func testWhatWasMeasuredOutlivesASnapshotAndTheRuleIsTheNewOne() {
        let fixture = RoutingFixture([nil]) { $0.hedge = .init() }
        let request = Self.request(isStream: true)
        for _ in 0..<20 { fixture.plan.route.hedging?.observe(request, nanoseconds: 50_000_000) }
        let known = fixture.plan.route.hedging?.delay(of: request)
        let later = RoutingFixture([nil]) { $0.hedge = .init(percentMax: 7) }
        fixture.board.take(later.policy, now: start)
        XCTAssertEqual(later.plan.route.hedging?.delay(of: request), known)
        XCTAssertEqual(later.plan.route.hedging?.rule.percentMax, 7)
        let none = RoutingFixture([nil])
        fixture.board.take(none.policy, now: start)
        XCTAssertNil(none.plan.route.hedging)
    }

    // MARK: The target

    private func place(_ fixture: RoutingFixture, first: Int = 0, rank: (Int) -> UInt64 = { UInt64($0) }) -> Int? {
        AttemptSequence(fixture.plan, first: first).hedge(start, rank: { place, _ in rank(place) })
    }

    func testAHedgeGoesToTheNextTargetByRank() {
        let fixture = RoutingFixture([nil, nil, nil])
        XCTAssertEqual(place(fixture), 1)
        XCTAssertEqual(place(fixture, rank: { UInt64(9 - $0) }), 2)
        XCTAssertEqual(place(fixture, first: 1), 0)
        fixture.health(1).saw(.rateLimited, waitMilliseconds: 60_000, start)
        XCTAssertEqual(place(fixture), 2, "one that is set aside is passed over")
    }

    func testWhereThereIsNoOtherItGoesToTheSameTarget() {
        XCTAssertEqual(place(RoutingFixture([nil])), 0)
        XCTAssertEqual(place(RoutingFixture([nil, [.timeout]])), 0, "what is a fallback only is no hedge")
        let out = RoutingFixture([nil])
        out.health(0).saw(.rateLimited, waitMilliseconds: 60_000, start)
        XCTAssertNil(place(out), "the target has been set aside meanwhile")
    }

    func testATargetThatWasHedgedToIsNotFallenBackTo() {
        let fixture = RoutingFixture([nil, nil, nil])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        sequence.hedged(at: 1)
        var random = SeededRandom(seed: 1)
        let step = sequence.next(
            after: .serverError, waitNanoseconds: nil, left: 60_000_000_000, now: start, using: &random,
            rank: { place, _ in UInt64(place) })
        XCTAssertEqual(step, .attempt(place: 2))
    }

    // MARK: The target's health

    func testAnAttemptThatLostCountsAsSlowAndNotAsFailed() throws {
        let fixture = RoutingFixture([nil])
        let health = fixture.health(0)
        var mark = health.begin(start)
        health.firstToken(&mark, start.plus(milliseconds: 100))
        health.end(mark, .answered, waitMilliseconds: nil, start.plus(milliseconds: 100))
        let slow = health.begin(start)
        health.end(slow, .hedgeLost, waitMilliseconds: nil, start.plus(milliseconds: 400))
        XCTAssertEqual(health.load.firstTokenNanoseconds, 400_000_000)
        // A hedge that lost at once says nothing.
        let late = health.begin(start.plus(milliseconds: 400))
        health.end(late, .hedgeLost, waitMilliseconds: nil, start.plus(milliseconds: 410))
        XCTAssertEqual(health.load.firstTokenNanoseconds, 400_000_000)
        XCTAssertTrue(health.isIn(start))
        XCTAssertEqual(health.load.inFlight, 0)
    }
}

import Shared
import XCTest

@testable import DataPlane

/// Requests at targets whose provider has several credentials, by the parts that decide: no socket, and time is a number.
final class CredentialPoolTests: XCTestCase {
    private let start = RoutingFixture.start

    /// A request under way: what it went out with, until it is known what came of that.
    private struct Running {
        var sequence: AttemptSequence
        var mark: AttemptMark
        var credential: CompiledCredential?
        var place: Int
        var tried: [Int] = []
    }

    private func begin(_ fixture: RoutingFixture, _ now: MonotonicTime) -> Running {
        var sequence = AttemptSequence(fixture.plan, first: fixture.plan.firstPlace(now) ?? 0)
        return attempt(fixture, &sequence, [], now)
    }

    private func attempt(
        _ fixture: RoutingFixture, _ sequence: inout AttemptSequence, _ tried: [Int], _ now: MonotonicTime
    ) -> Running {
        let target = fixture.plan.targets[sequence.place]
        let credential = sequence.credential(now)
        let mark = target.health.begin(now, with: target.soleCredential == nil ? credential?.health : nil)
        // One that is none of the pool's is 99.
        let number = credential.map { $0.id.high == 8 ? Int($0.id.low) - 1 : 99 } ?? -1
        return Running(
            sequence: sequence, mark: mark, credential: credential, place: sequence.place, tried: tried + [number])
    }

    /// What follows: another attempt under way, or the end.
    private func end(
        _ running: Running, _ outcome: OutcomeClass, wait: UInt64? = nil, _ fixture: RoutingFixture,
        _ now: MonotonicTime
    ) -> (next: Running?, step: AttemptSequence.Step?) {
        let outcome = running.credential?.isUsable == true ? outcome : .credentialUnavailable
        fixture.plan.targets[running.place].health.end(running.mark, outcome, waitMilliseconds: wait, now)
        guard outcome != .answered else { return (nil, nil) }
        var sequence = running.sequence
        var random = SeededRandom(seed: 1)
        let step = sequence.next(
            after: outcome, waitNanoseconds: wait.map { $0 * 1_000_000 }, left: 60_000_000_000, now: now,
            using: &random, rank: { place, _ in UInt64(place) })
        guard case .attempt = step else { return (nil, step) }
        return (attempt(fixture, &sequence, running.tried, now), step)
    }

    /// A whole request at one moment.
    private func serve(
        _ fixture: RoutingFixture, _ now: MonotonicTime, _ answer: (Int) -> (outcome: OutcomeClass, wait: UInt64?)
    ) -> (tried: [Int], step: AttemptSequence.Step?) {
        var running = begin(fixture, now)
        while true {
            let (outcome, wait) = answer(running.tried.last ?? -1)
            let (next, step) = end(running, outcome, wait: wait, fixture, now)
            guard let next else { return (running.tried, step) }
            running = next
        }
    }

    // MARK: Turns

    func testTurnsAreExactOverRoutesModelsAndSnapshots() {
        let fixture = RoutingFixture([nil], pool: [true, true, true])
        var counts = [0, 0, 0]
        for number in 0..<1_000 {
            if number % 7 == 0 { fixture.board.take(fixture.policy, now: start) }
            counts[serve(fixture, start) { _ in (.answered, nil) }.tried[0]] += 1
        }
        XCTAssertEqual(counts, [334, 333, 333])
    }

    func testOneThatCannotBeResolvedHasNoTurn() {
        let fixture = RoutingFixture([nil], pool: [true, false, true])
        var counts = [0, 0, 0]
        for _ in 0..<100 { counts[serve(fixture, start) { _ in (.answered, nil) }.tried[0]] += 1 }
        XCTAssertEqual(counts, [50, 0, 50])
    }

    func testWithoutAnyThatCanBeResolvedTheAttemptSaysSo() {
        let fixture = RoutingFixture([nil, nil], pool: [false, false])
        XCTAssertTrue(fixture.health(0).isAvailable(start))
        let served = serve(fixture, start) { _ in (.answered, nil) }
        XCTAssertEqual(served.tried, [-1, -1], "both targets, and no credential at either")
        XCTAssertEqual(served.step, .end)
    }

    // MARK: Failures

    /// What has to hold: three keys, one refused, one out of its rate for a minute.
    func testAThousandRequestsNeverFailWhileOneKeyIsWell() {
        let fixture = RoutingFixture([nil], pool: [true, true, true])
        var bad: [Int: [MonotonicTime]] = [:]
        for number in 0..<1_000 as Range<UInt64> {
            let now = start.plus(milliseconds: number * 120)
            let served = serve(fixture, now) { key in
                if key != 2 { bad[key, default: []].append(now) }
                return [(.credentialRejected, nil), (.rateLimited, 60_000), (.answered, nil)][key]
            }
            XCTAssertNil(served.step, "request \(number) failed: \(served)")
            XCTAssertEqual(served.tried.last, 2)
        }
        // Two minutes: every 30 seconds, and every 60.
        XCTAssertEqual(bad[0]?.count, 4)
        XCTAssertEqual(bad[1]?.count, 2)
        for (key, milliseconds) in [(0, 30_000), (1, 60_000)] as [(Int, UInt64)] {
            for (one, next) in zip(bad[key] ?? [], (bad[key] ?? []).dropFirst()) {
                XCTAssertGreaterThanOrEqual(
                    next, one.plus(milliseconds: milliseconds), "key \(key) within its cooldown")
            }
        }
        XCTAssertTrue(fixture.health(0).takeRetry(start), "the retry budget is whole")
    }

    func testEachIsTriedOnceThenTheNextTargetComes() {
        let fixture = RoutingFixture([nil, nil], pool: [true, true, true]) { _ in
        } provider: { provider in
            // The second one has its own.
            if provider.name == "p1" { (provider.credentialID, provider.credentialIDs) = (nil, nil) }
        }
        // Not even a provider that asks for no wait at all is asked twice with the same one.
        let served = serve(fixture, start) { $0 < 3 ? (.rateLimited, 0) : (.answered, nil) }
        XCTAssertEqual(served.tried.prefix(3).sorted(), [0, 1, 2])
        XCTAssertEqual(served.tried.count, 4)
        XCTAssertNil(served.step)
    }

    func testATargetWhoseKeysAreAllSetAsideIsNotAvailable() {
        let fixture = RoutingFixture([nil], pool: [true, true, false])
        _ = serve(fixture, start) { $0 == 0 ? (.rateLimited, 2_000) : (.quotaExhausted, nil) }
        XCTAssertFalse(fixture.health(0).isAvailable(start.plus(milliseconds: 1_999)))
        XCTAssertEqual(fixture.health(0).availableAt, start.plus(milliseconds: 2_000))
        XCTAssertTrue(fixture.health(0).isAvailable(start.plus(milliseconds: 2_000)))
        // Nothing else is there: the one that is back soonest.
        XCTAssertEqual(serve(fixture, start) { _ in (.answered, nil) }.tried, [0])
    }

    func testARetryAfterItsWaitBeginsAnew() {
        let fixture = RoutingFixture([nil], pool: [true, true])
        var running = begin(fixture, start)
        guard let second = end(running, .rateLimited, wait: 1_000, fixture, start).next else {
            return XCTFail("no second key")
        }
        let step = end(second, .rateLimited, wait: 3_000, fixture, start).step
        guard case .retry(let wait) = step else { return XCTFail("\(String(describing: step))") }
        XCTAssertGreaterThanOrEqual(wait, 3_000_000_000)
        running = second
        var random = SeededRandom(seed: 1)
        _ = running.sequence.next(
            after: .rateLimited, waitNanoseconds: 1_000_000_000, left: 60_000_000_000, now: start, using: &random,
            rank: { place, _ in UInt64(place) })
        XCTAssertEqual(running.sequence.credential(start.plus(milliseconds: 1_500))?.id, RoutingFixture.credentialID(0))
    }

    func testWhatIsNotTheCredentialsFaultStaysWithTheTarget() {
        for outcome: OutcomeClass in [.permissionDenied, .modelNotFound, .overloaded, .serverError, .connectFailed] {
            let fixture = RoutingFixture([nil, nil], pool: [true, true])
            let (next, step) = end(begin(fixture, start), outcome, fixture, start)
            XCTAssertEqual(step, .attempt(place: 1), "\(outcome)")
            XCTAssertEqual(next?.place, 1)
        }
    }

    func testARateLimitOfTheOnlyCredentialSetsTheTargetAsideAndNotItsOtherModels() {
        let fixture = RoutingFixture([nil, nil], credentialOf: RoutingFixture.credentialID(0))
        fixture.health(0).saw(.rateLimited, waitMilliseconds: 500, start)
        XCTAssertFalse(fixture.health(0).isAvailable(start))
        XCTAssertTrue(fixture.health(1).isAvailable(start))
    }

    func testASecondAttemptOfTheSameRequestHasAnotherKey() {
        let fixture = RoutingFixture([nil], pool: [true, true])
        let first = begin(fixture, start)
        XCTAssertNotEqual(fixture.plan.targets[0].takeCredential(start)?.id, first.credential?.id)
    }

    // MARK: Trials

    func testOneRequestFindsOutWhetherAKeyServesAgain() {
        let fixture = RoutingFixture([nil], pool: [true, true])
        _ = serve(fixture, start) { $0 == 0 ? (.credentialRejected, nil) : (.answered, nil) }
        let later = start.plus(milliseconds: 30_000)
        let together = (0..<10).map { _ in begin(fixture, later) }
        XCTAssertEqual(together.count { $0.tried == [0] }, 1)
        for running in together { _ = end(running, .answered, fixture, later) }
        let after = (0..<10).map { _ in begin(fixture, later) }
        XCTAssertEqual(after.count { $0.tried == [0] }, 5)
    }

    func testAStreamThatBeginsEndsTheTrial() {
        let fixture = RoutingFixture([nil], pool: [true, true])
        _ = serve(fixture, start) { $0 == 0 ? (.credentialRejected, nil) : (.answered, nil) }
        let later = start.plus(milliseconds: 30_000)
        var trial = begin(fixture, later)
        if trial.tried != [0] { trial = begin(fixture, later) }
        XCTAssertEqual(trial.tried, [0])
        fixture.health(0).streams(&trial.mark, later)
        XCTAssertEqual((0..<10).map { _ in begin(fixture, later) }.count { $0.tried == [0] }, 5)
    }

    func testOtherLoopsHearOfACredential() {
        let fixture = RoutingFixture([nil], pool: [true, true])
        let other = RoutingFixture([nil], pool: [true, true])
        fixture.board.tellOthers = { other.board.hear($0, self.start) }
        _ = serve(fixture, start) { $0 == 0 ? (.quotaExhausted, nil) : (.answered, nil) }
        for _ in 0..<4 { XCTAssertEqual(serve(other, start) { _ in (.answered, nil) }.tried, [1]) }
    }

    /// Any number of keys, each well or not for a while, requests of any length one over the other.
    func testWhateverHappensNoRequestFailsWhileAKeyIsWellAndTheOthersAreLeftAlone() {
        var random = SeededRandom(seed: 5)
        for round in 0..<150 {
            let count = Int.random(in: 2...6, using: &random)
            var usable = (0..<count).map { _ in Int.random(in: 0..<4, using: &random) > 0 }
            let well = Int.random(in: 0..<count, using: &random)
            usable[well] = true
            let fixture = RoutingFixture([nil], pool: usable)
            var isWell = (0..<count).map { _ in Bool.random(using: &random) }
            isWell[well] = true
            var running: [Running] = []
            var now = start
            // Of keys that failed once: how many attempts are under way with each, and when the cooldown ends.
            var cooledUntil: [Int: MonotonicTime] = [:]
            for _ in 0..<400 {
                now = now.plus(milliseconds: UInt64.random(in: 0...400, using: &random))
                if Int.random(in: 0..<40, using: &random) == 0 {
                    let changed = Int.random(in: 0..<count, using: &random)
                    if changed != well { isWell[changed].toggle() }
                }
                if running.isEmpty || Bool.random(using: &random) {
                    let new = begin(fixture, now)
                    check(new, running, usable, cooledUntil, now, round)
                    running.append(new)
                    continue
                }
                let ended = running.remove(at: Int.random(in: 0..<running.count, using: &random))
                let key = ended.tried[ended.tried.count - 1]
                if isWell[key] {
                    _ = end(ended, .answered, fixture, now)
                    cooledUntil[key] = cooledUntil[key].flatMap { $0 > now ? $0 : nil }
                } else {
                    let wait: UInt64? = Bool.random(using: &random) ? 5_000 : nil
                    let outcome: OutcomeClass = wait == nil ? .credentialRejected : .rateLimited
                    let until = now.plus(milliseconds: wait ?? 30_000)
                    let (next, step) = end(ended, outcome, wait: wait, fixture, now)
                    cooledUntil[key] = max(cooledUntil[key] ?? until, until)
                    guard let next else {
                        XCTFail("round \(round): \(String(describing: step)) although key \(well) is well")
                        continue
                    }
                    XCTAssertEqual(Set(next.tried).count, next.tried.count, "a key twice for one request")
                    check(next, running, usable, cooledUntil, now, round)
                    running.append(next)
                }
            }
        }
    }

    private func check(
        _ new: Running, _ others: [Running], _ usable: [Bool], _ cooledUntil: [Int: MonotonicTime],
        _ now: MonotonicTime, _ round: Int
    ) {
        let key = new.tried[new.tried.count - 1]
        XCTAssertTrue(usable[key], "round \(round)")
        guard let until = cooledUntil[key] else { return }
        XCTAssertLessThanOrEqual(until, now, "round \(round): key \(key) within its cooldown")
        let trials = others.filter { $0.tried.last == key && $0.mark.began >= until }
        XCTAssertEqual(
            trials.count, 0, "round \(round): a second request with key \(key), of which nothing is known yet")
    }
}

import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// Slots and waiting, on a real loop.
final class TargetGateTests: XCTestCase {
    /// What a caller's connection is to an attempt.
    private final class Watch: CallerWatch {
        var waitedFor: (any Abortable)?
        func abortOnLeaving(_ waitedFor: any Abortable) { self.waitedFor = waitedFor }
        func endWatch() { waitedFor = nil }
    }

    /// One gate and what became of those who came to it.
    private final class Scene: @unchecked Sendable {
        let loop: EventLoop
        let gate: TargetGate
        let over: LevelSignal
        var endings: [String: String] = [:]
        var watches: [String: Watch] = [:]
        var outcomes: [String: Outcome] = [:]
        var contexts: [String: RequestContext] = [:]

        init(_ rule: PolicyDocument.Concurrency, on loop: EventLoop) {
            self.loop = loop
            gate = TargetGate(rule, metrics: GateMetrics(MetricsRegistry(), target: "t"), at: loop.refreshedNow())
            over = LevelSignal(on: loop)
        }

        func come(
            _ name: String, _ priority: KeyPriority = .normal, within: Duration = .seconds(20), waited: Duration = .zero
        ) {
            let (watch, outcome) = (Watch(), Outcome(ending: .callerGone))
            (watches[name], outcomes[name]) = (watch, outcome)
            outcome.mark = AttemptMark(began: loop.refreshedNow(), isProbe: false)
            let deadline = loop.refreshedNow().advanced(by: within)
            let context = RequestContext(
                id: .zero, startedAt: loop.now, startedUnixMilliseconds: 0, policy: nil)
            context.caller = caller(name, priority)
            context.queuedNanoseconds = UInt64(waited.wholeNanoseconds)
            contexts[name] = context
            loop.spawnUnisolated { [self] in
                do throws(AttemptError) {
                    try await gate.enter(outcomes[name]!, contexts[name]!, watches[name]!, on: loop, by: deadline)
                    endings[name] = "in"
                } catch { endings[name] = error.label.description }
                over.raise()
            }
        }

        /// A key of its own for each name, as a shard has it.
        private func caller(_ name: String, _ priority: KeyPriority) -> Caller {
            let entry = KeyShard.Entry(
                secretSHA256: SHA256Digest(0, 0, 0, 1),
                keyID: VirtualKeyID((name + "aaaaaaaaaaaa").prefix(12))!,
                organizationID: .zero, teamID: .zero, priority: priority)
            let shard = try! KeyShard(validating: KeyShard.encode(shard: 0, entries: [entry]), shard: 0)
            return Caller(key: shard[0])
        }

        func leave(_ name: String, _ outcome: OutcomeClass = .answered) {
            gate.leave(outcomes[name]!.mark, outcome, loop.refreshedNow())
        }

        func ended(_ count: Int) async { _ = await over.wait(beyond: UInt64(count - 1), timeout: .seconds(10)) }
    }

    private func with(
        _ rule: PolicyDocument.Concurrency, _ body: @escaping @Sendable (Scene) async throws -> Void
    ) throws {
        try onLoop { actor in try await body(Scene(rule, on: actor.loop)) }
    }

    func testASlotThatIsGivenBackIsTheNextOnes() throws {
        try with(.init(min: 1, max: 1)) { scene in
            scene.come("a")
            await scene.ended(1)
            XCTAssertEqual(scene.gate.inFlight, 1)
            XCTAssertFalse(scene.gate.hasRoom)
            scene.come("b")
            scene.come("c", .high)
            await scene.loop.nextTurn()
            XCTAssertEqual(scene.gate.queued, 2)
            scene.leave("a")
            await scene.ended(2)
            XCTAssertEqual(scene.endings, ["a": "in", "c": "in"], "the higher class goes first")
            XCTAssertEqual(scene.gate.inFlight, 1)
            scene.leave("c", .serverError)
            await scene.ended(3)
            scene.leave("b")
            XCTAssertEqual(scene.gate.inFlight, 0)
            XCTAssertTrue(scene.gate.hasRoom)
        }
    }

    func testACallerWhoLeavesTheQueueIsGoneAtOnce() throws {
        try with(.init(min: 1, max: 1)) { scene in
            scene.come("a")
            scene.come("b")
            scene.come("c")
            await scene.loop.nextTurn()
            scene.watches["b"]?.waitedFor?.abort()
            await scene.ended(2)
            XCTAssertEqual(scene.endings["b"], "caller_gone")
            XCTAssertEqual(scene.gate.queued, 1)
            scene.leave("a")
            await scene.ended(3)
            XCTAssertEqual(scene.endings["c"], "in")
        }
    }

    /// Both in one turn: the slot does not get lost.
    func testASlotForSomebodyWhoIsLeavingGoesOnToTheNext() throws {
        try with(.init(min: 1, max: 1)) { scene in
            scene.come("a")
            scene.come("b")
            scene.come("c")
            await scene.loop.nextTurn()
            scene.leave("a")
            scene.watches["b"]?.waitedFor?.abort()
            await scene.ended(3)
            XCTAssertEqual(scene.endings, ["a": "in", "b": "caller_gone", "c": "in"])
            XCTAssertEqual(scene.gate.inFlight, 1)
        }
    }

    func testTheBoundsOfTheQueueAndOfTheWait() throws {
        try with(.init(min: 1, max: 1, queueMax: 1, queueWaitMilliseconds: 30)) { scene in
            scene.come("a")
            scene.come("low", .low)
            scene.come("other", .low)
            await scene.ended(2)
            XCTAssertEqual(scene.endings["other"], "concurrency_limited", "no place")
            scene.come("high", .high)
            await scene.ended(3)
            XCTAssertEqual(scene.endings["low"], "concurrency_limited", "its place is gone")
            XCTAssertNil(scene.endings["high"])
            await scene.ended(4)
            XCTAssertEqual(scene.endings["high"], "concurrency_limited", "its time is over")
            XCTAssertEqual(scene.gate.queued, 0)
            scene.come("short", within: .milliseconds(10))
            await scene.ended(5)
            XCTAssertEqual(scene.endings["short"], "concurrency_limited", "the request's own time is over")
            scene.come("patient", waited: .milliseconds(30))
            await scene.ended(6)
            XCTAssertEqual(scene.endings["patient"], "concurrency_limited", "it has waited at another target")
            XCTAssertGreaterThanOrEqual(scene.contexts["high"]!.queuedNanoseconds, 30_000_000)
            XCTAssertLessThan(scene.contexts["other"]!.queuedNanoseconds, 30_000_000)
            XCTAssertEqual(scene.gate.inFlight, 1)
        }
    }

    func testALimitThatIsTakenAwayLetsEverybodyInAndKeepsCount() throws {
        try with(.init(min: 1, max: 1)) { scene in
            for name in ["a", "b", "c"] { scene.come(name) }
            await scene.loop.nextTurn()
            scene.gate.use(nil, at: scene.loop.refreshedNow())
            await scene.ended(3)
            XCTAssertEqual(scene.gate.inFlight, 3)
            scene.gate.use(.init(min: 3, max: 3), at: scene.loop.refreshedNow())
            XCTAssertFalse(scene.gate.hasRoom, "those that are in flight count under the new limit")
            scene.leave("a")
            XCTAssertTrue(scene.gate.hasRoom)
        }
    }

    func testWhatPushesBack() {
        for outcome in OutcomeClass.allCases {
            let expected: Bool? =
                switch outcome {
                case .rateLimited, .overloaded, .firstTokenTimedOut, .requestTimeout, .stalled: true
                case .totalTimedOut: nil
                default: false
                }
            for hasFirstToken in [false, true] {
                XCTAssertEqual(
                    outcome.pushesBack(afterFirstToken: hasFirstToken), expected ?? !hasFirstToken, "\(outcome)")
            }
        }
    }

    // MARK: Where else

    private let start = RoutingFixture.start

    /// A route whose first targets are full.
    private func fixture(_ fallbacks: [[PolicyDocument.FallbackCause]?], full: Set<Int>) throws -> RoutingFixture {
        let fixture = RoutingFixture(fallbacks, provider: { $0.concurrency = .init(min: 1, max: 1, queueMax: 0) })
        for place in full { try XCTUnwrap(fixture.health(place).gate).took() }
        return fixture
    }

    private func move(_ sequence: inout AttemptSequence) -> Bool {
        sequence.moveToRoom(start) { place, _ in UInt64(place) }
    }

    func testAFullTargetIsPassedOverForOneWithRoomAndNotForgotten() throws {
        let fixture = try fixture([nil, nil, nil], full: [0, 1])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertTrue(move(&sequence))
        XCTAssertEqual(sequence.place, 2)
        var random = SeededRandom(seed: 1)
        func fails(_ outcome: OutcomeClass) -> AttemptSequence.Step {
            sequence.next(
                after: outcome, waitNanoseconds: nil, left: 1_000_000_000, now: start, using: &random,
                rank: { place, _ in UInt64(place) })
        }
        XCTAssertEqual(fails(.serverError), .attempt(place: 0), "it was not tried")
        XCTAssertFalse(move(&sequence), "the only one left is full as well: it waits where it is")
        XCTAssertEqual(fails(.concurrencyLimited), .attempt(place: 1))
        XCTAssertEqual(fails(.concurrencyLimited), .end)
    }

    func testFallbacksOnlyForOtherCausesAreNotForAFullTarget() throws {
        let fixture = try fixture([nil, [.error], [.contextLength], [.rateLimit]], full: [0])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        XCTAssertTrue(move(&sequence))
        XCTAssertEqual(sequence.place, 3)
    }

    func testOneThatTookOverForItsContextIsLeftOnlyForAnotherSuch() throws {
        let fixture = try fixture([nil, [.contextLength], nil, [.contextLength]], full: [1])
        var sequence = AttemptSequence(fixture.plan, first: 0)
        var random = SeededRandom(seed: 1)
        let step = sequence.next(
            after: .contextTooLong, waitNanoseconds: nil, left: 1_000_000_000, now: start, using: &random,
            rank: { place, _ in UInt64(place) })
        XCTAssertEqual(step, .attempt(place: 3), "of those that take it, one with room comes first")
    }
}

import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// Requests that need a token: who goes on, who waits, and who is told that there is none.
final class TokenSlotTests: XCTestCase {
    /// A caller who waits, and may leave.
    ///
    /// Concurrency: on the loop of the test only.
    private final class Caller: CallerWatch, @unchecked Sendable {
        private var waitedFor: (any Abortable)?
        let waits: LevelSignal
        init(on loop: EventLoop) { waits = LevelSignal(on: loop) }

        func abortOnLeaving(_ waitedFor: any Abortable) {
            self.waitedFor = waitedFor
            waits.raise()
        }

        func endWatch() { waitedFor = nil }
        func leave() { waitedFor?.abort() }

        func wait(for count: UInt64) async throws {
            let reached = await waits.wait(beyond: count - 1, timeout: .seconds(20))
            if reached < count { throw TestFailure("\(reached) wait, want \(count)") }
        }
    }

    /// What came of some requests.
    ///
    /// Concurrency: on the loop of the test only.
    private final class Results: @unchecked Sendable {
        var all: [AttemptError?] = []
        let level: LevelSignal
        init(on loop: EventLoop) { level = LevelSignal(on: loop) }

        func add(_ result: AttemptError?) {
            all.append(result)
            level.raise()
        }
    }

    /// Concurrency: on the loop of the test only.
    private final class Slot: @unchecked Sendable {
        let slot = TokenSlot()
    }

    private static func token(_ loop: EventLoop, _ left: Duration = .seconds(60)) -> AccessToken {
        AccessToken(line: Array("t".utf8), goodUntil: loop.refreshedNow().advanced(by: left))
    }

    private static func result(
        _ held: Slot, _ caller: Caller, on loop: EventLoop, within: Duration = .seconds(20)
    ) async -> AttemptError? {
        do throws(AttemptError) {
            try await held.slot.ready(for: caller, on: loop, by: loop.refreshedNow().advanced(by: within))
            return nil
        } catch { return error }
    }

    func testAGoodTokenServesAtOnceWhateverItsKeyHasComeToSince() throws {
        try onLoop { actor in
            let slot = Slot()
            slot.slot.hear(Self.token(actor.loop), .rejected)
            let result = await Self.result(slot, Caller(on: actor.loop), on: actor.loop, within: .zero)
            XCTAssertNil(result)
        }
    }

    func testWithoutATokenAFailureIsToldAtOnce() throws {
        try onLoop { actor in
            let slot = Slot()
            for expired in [nil, Self.token(actor.loop, .seconds(-1))] {
                slot.slot.hear(expired, .rejected)
                let rejected = await Self.result(slot, Caller(on: actor.loop), on: actor.loop)
                XCTAssertEqual(rejected.map(OutcomeClass.init), .credentialRejected)
                slot.slot.hear(expired, .unavailable)
                let unavailable = await Self.result(slot, Caller(on: actor.loop), on: actor.loop)
                XCTAssertEqual(unavailable, .tokenUnavailable)
            }
        }
    }

    func testThoseWhoWaitGoOnTogetherWhenTheFirstTokenComes() throws {
        try onLoop { actor in
            let loop = actor.loop
            let slot = Slot()
            let results = Results(on: loop)
            let caller = Caller(on: loop)
            for _ in 1...5 { loop.spawn { _ in results.add(await Self.result(slot, caller, on: loop)) } }
            try await caller.wait(for: 5)
            slot.slot.hear(nil, nil)
            XCTAssertEqual(results.all.count, 0)
            slot.slot.hear(Self.token(loop), nil)
            let reached = await results.level.wait(beyond: 4, timeout: .seconds(20))
            XCTAssertEqual(reached, 5)
            XCTAssertEqual(results.all, [nil, nil, nil, nil, nil])
        }
    }

    func testTheWaitEndsWithItsTimeWithAFailureAndWithTheCaller() throws {
        try onLoop { actor in
            let loop = actor.loop
            let slot = Slot()
            let late = await Self.result(slot, Caller(on: loop), on: loop, within: .milliseconds(5))
            XCTAssertEqual(late, .tokenUnavailable)

            let results = Results(on: loop)
            let caller = Caller(on: loop)
            loop.spawn { _ in results.add(await Self.result(slot, caller, on: loop)) }
            try await caller.wait(for: 1)
            caller.leave()
            _ = await results.level.wait(beyond: 0, timeout: .seconds(20))
            XCTAssertEqual(results.all, [.callerGone])

            loop.spawn { _ in results.add(await Self.result(slot, caller, on: loop)) }
            try await caller.wait(for: 2)
            slot.slot.hear(nil, .unavailable)
            _ = await results.level.wait(beyond: 1, timeout: .seconds(20))
            XCTAssertEqual(results.all.last, .tokenUnavailable)
        }
    }
}

import Shared
import XCTest

@testable import DataPlane

final class TargetLoadTests: XCTestCase {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    private func after(_ seconds: Double) -> MonotonicTime {
        start.advanced(byNanoseconds: UInt64(seconds * 1_000_000_000))
    }

    /// One request from its beginning to its end.
    private func serve(_ load: inout TargetLoad, firstTokenNanoseconds: UInt64, at now: MonotonicTime) {
        load.begin()
        load.firstToken(afterNanoseconds: firstTokenNanoseconds, at: now)
        load.end(afterFirstToken: true)
    }

    func testANewTargetIsTriedByOneRequestAndNotByAll() {
        var new = TargetLoad()
        var slow = TargetLoad()
        serve(&slow, firstTokenNanoseconds: 60_000_000_000, at: start)
        for _ in 0..<100 { slow.begin() }
        XCTAssertEqual(new.score(at: start), 0)
        XCTAssertNil(new.firstTokenNanoseconds)
        new.begin()
        XCTAssertGreaterThan(new.score(at: start), slow.score(at: start), "until the first has its answer")
        new.firstToken(afterNanoseconds: 1_000_000, at: after(0.1))
        XCTAssertLessThan(new.score(at: after(0.1)), slow.score(at: after(0.1)))
    }

    func testOfNewTargetsTheOneWithFewerRequestsComesFirst() {
        var a = TargetLoad()
        var b = TargetLoad()
        a.begin()
        XCTAssertLessThan(b.score(at: start), a.score(at: start))
        b.begin()
        b.begin()
        XCTAssertLessThan(a.score(at: start), b.score(at: start))
        a.end(afterFirstToken: false)
        XCTAssertEqual(a.score(at: start), 0, "a failure without an answer leaves it unknown")
    }

    func testASlowAnswerCountsAtOnceAndAQuickOneByAndBy() throws {
        var load = TargetLoad()
        serve(&load, firstTokenNanoseconds: 100_000_000, at: start)
        serve(&load, firstTokenNanoseconds: 5_000_000_000, at: after(1))
        XCTAssertEqual(load.firstTokenNanoseconds, 5_000_000_000)
        serve(&load, firstTokenNanoseconds: 100_000_000, at: after(2))
        // One second at a memory of ten: 90.5 % of the old.
        XCTAssertEqual(Double(try XCTUnwrap(load.firstTokenNanoseconds)), 4_533_704_000, accuracy: 10_000)
        for second in 3...62 { serve(&load, firstTokenNanoseconds: 100_000_000, at: after(Double(second))) }
        XCTAssertEqual(Double(try XCTUnwrap(load.firstTokenNanoseconds)), 110_990_000, accuracy: 10_000)
    }

    func testEveryRequestInFlightMakesATargetLessAttractive() {
        var load = TargetLoad()
        serve(&load, firstTokenNanoseconds: 200_000_000, at: start)
        XCTAssertEqual(load.score(at: start), 200_000_000)
        load.begin()
        load.begin()
        XCTAssertEqual(load.inFlight, 2)
        XCTAssertEqual(load.score(at: start), 600_000_000)
        load.end(afterFirstToken: false)
        XCTAssertEqual(load.score(at: start), 400_000_000)
    }

    func testATargetThatWasSlowOnceIsTriedAgainByOneRequest() {
        var slow = TargetLoad()
        var usual = TargetLoad()
        serve(&slow, firstTokenNanoseconds: 5_000_000_000, at: start)
        // Somebody still reads a long answer there.
        slow.begin()
        slow.firstToken(afterNanoseconds: 1, at: start)
        var second = 0.0
        while second < 120 {
            second += 1
            serve(&usual, firstTokenNanoseconds: 300_000_000, at: after(second))
            if slow.score(at: after(second)) < usual.score(at: after(second)) { break }
        }
        XCTAssertEqual(second, 36, accuracy: 3, "5 s x 2 fall below 300 ms after 35 s")
        slow.begin()
        XCTAssertGreaterThan(slow.score(at: after(second)), 10_000_000_000, "while the one request is on its way")
        slow.firstToken(afterNanoseconds: 200_000_000, at: after(second + 0.2))
        XCTAssertLessThan(slow.score(at: after(second + 0.2)), 1_200_000_000)
    }

    func testATimeoutIsAnAnswerOfItsLength() {
        var load = TargetLoad()
        serve(&load, firstTokenNanoseconds: 100_000_000, at: start)
        load.begin()
        load.timedOut(afterNanoseconds: 30_000_000_000, at: after(30))
        load.end(afterFirstToken: false)
        XCTAssertEqual(load.score(at: after(30)), 30_000_000_000)
        XCTAssertEqual(load.inFlight, 0)
    }

    func testTheScoreIsBoundedByItsSamplesWhateverTheOrderOfEvents() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<300 {
            var load = TargetLoad()
            var now = start
            var waiting = 0
            var reading = 0
            var highest: UInt64 = 0
            var lowest = UInt64.max
            for _ in 0..<60 {
                now = now.advanced(byNanoseconds: UInt64.random(in: 0...5_000_000_000, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    load.begin()
                    waiting += 1
                case 1 where waiting > 0:
                    let sample = UInt64.random(in: 0...(1 << 40), using: &random)
                    load.firstToken(afterNanoseconds: sample, at: now)
                    highest = max(highest, sample)
                    lowest = min(lowest, sample)
                    waiting -= 1
                    reading += 1
                case 2 where waiting > 0:
                    load.end(afterFirstToken: false)
                    waiting -= 1
                case 3 where reading > 0:
                    load.end(afterFirstToken: true)
                    reading -= 1
                default: continue
                }
                XCTAssertEqual(load.inFlight, waiting + reading)
                let score = load.score(at: now)
                guard highest >= lowest, let average = load.firstTokenNanoseconds else {
                    XCTAssertEqual(score == 0, waiting == 0)
                    continue
                }
                XCTAssertTrue(((lowest - min(lowest, 1))...highest).contains(average))
                XCTAssertLessThanOrEqual(score, highest * UInt64(load.inFlight + 1))
                XCTAssertLessThanOrEqual(load.score(at: now.advanced(byNanoseconds: 1_000_000_000)), score)
            }
        }
    }
}

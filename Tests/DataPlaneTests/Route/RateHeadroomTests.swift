import Shared
import XCTest

@testable import DataPlane

final class RateHeadroomTests: XCTestCase {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    /// 2025-01-31T23:59:59.000Z.
    private let unixMilliseconds: Int64 = 1_738_367_999_000
    private let full = RateHeadroom.fullShare
    private let nothing = UsageEstimate(inputTokens: 0, outputTokens: 0)

    private func after(_ seconds: UInt64) -> MonotonicTime { start.advanced(byNanoseconds: seconds * 1_000_000_000) }

    @discardableResult
    private func observe(_ headroom: inout RateHeadroom, _ line: String, after seconds: UInt64 = 0) -> Bool {
        let bytes = Array(line.utf8)
        let colon = bytes.firstIndex(of: UInt8(ascii: ":"))!
        return unsafe bytes.withUnsafeBytes {
            unsafe headroom.observe(
                $0, name: 0..<colon, value: (colon + 2)..<$0.count, at: after(seconds),
                unixMilliseconds: unixMilliseconds + Int64(seconds) * 1_000)
        }
    }

    func testNothingKnownIsAllLeft() {
        var headroom = RateHeadroom()
        XCTAssertEqual(headroom.remainingShare(at: start), full)
        headroom.begin(UsageEstimate(inputTokens: 1_000_000, outputTokens: 1_000_000), at: start)
        XCTAssertEqual(headroom.remainingShare(at: start), full)
        observe(&headroom, "x-ratelimit-limit-requests: 10")
        observe(&headroom, "x-ratelimit-reset-requests: 1s")
        XCTAssertEqual(headroom.remainingShare(at: start), full)
        XCTAssertEqual(headroom.roomBegins(from: start), start)
    }

    func testEveryDialectIsUnderstoodInAnyOrderAndCase() {
        for (lines, share) in [
            (["x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 45"], full * 3 / 4),
            (["X-RateLimit-Remaining-Tokens: 149984", "X-RateLimit-Limit-Tokens: 150000"], 149_984 * full / 150_000),
            (["x-ratelimit-limit: 200", "x-ratelimit-remaining: 50", "x-ratelimit-reset: 1738368011000"], full / 4),
            (["anthropic-ratelimit-requests-remaining: 25", "anthropic-ratelimit-requests-limit: 50"], full / 2),
            (["anthropic-ratelimit-tokens-limit: 80", "anthropic-ratelimit-tokens-remaining: 10"], full / 8),
            (
                [
                    "anthropic-ratelimit-input-tokens-limit: 8", "anthropic-ratelimit-input-tokens-remaining: 6",
                    "anthropic-ratelimit-output-tokens-limit: 8", "anthropic-ratelimit-output-tokens-remaining: 2",
                ], full / 4
            ),
            (["x-ratelimit-limit-requests: 8", "x-ratelimit-remaining-requests: 0"], 0),
            (["x-ratelimit-limit-tokens: 9000000", "x-ratelimit-remaining-tokens: 1"], 1),
            // Azure once said no limits: the most that was left stands in.
            (["x-ratelimit-remaining-requests: 100", "x-ratelimit-remaining-requests: 50"], full / 2),
            (
                ["x-ratelimit-limit-tokens: 999999999999999999", "x-ratelimit-remaining-tokens: 999999999999999999"],
                full
            ),
            (["x-ratelimit-limit-requests: 0", "x-ratelimit-remaining-requests: 0"], full),
            // The smaller one counts.
            (
                [
                    "x-ratelimit-limit-requests: 100", "x-ratelimit-remaining-requests: 99",
                    "x-ratelimit-limit-tokens: 4",
                    "x-ratelimit-remaining-tokens: 1",
                ], full / 4
            ),
        ] as [([String], Int)] {
            for lines in [
                lines, lines.count == 2 && lines[0].prefix(25) != lines[1].prefix(25) ? lines.reversed() : lines,
            ] {
                var headroom = RateHeadroom()
                for line in lines { XCTAssertTrue(observe(&headroom, line), line) }
                XCTAssertEqual(headroom.remainingShare(at: start), share, "\(lines)")
            }
        }
    }

    func testAResetMakesALimitWholeAgain() {
        for reset in [
            "x-ratelimit-reset-requests: 6m0s", "x-ratelimit-reset-requests: 360",
            "x-ratelimit-reset-requests: 360000ms",
            "x-ratelimit-reset-requests: 1738368359", "x-ratelimit-reset-requests: 1738368359000",
            "anthropic-ratelimit-requests-reset: 2025-02-01T00:05:59Z",
        ] {
            for isFirst in [true, false] {
                var headroom = RateHeadroom()
                if isFirst { XCTAssertTrue(observe(&headroom, reset), reset) }
                observe(&headroom, "x-ratelimit-limit-requests: 8")
                observe(&headroom, "x-ratelimit-remaining-requests: 0")
                if !isFirst { XCTAssertTrue(observe(&headroom, reset), reset) }
                XCTAssertEqual(headroom.remainingShare(at: after(359)), 0, reset)
                XCTAssertEqual(headroom.roomBegins(from: after(1)), after(360))
                XCTAssertEqual(headroom.remainingShare(at: after(360)), full, reset)
                XCTAssertEqual(headroom.roomBegins(from: after(400)), after(400))
                headroom.begin(nothing, at: after(361))
                XCTAssertEqual(headroom.remainingShare(at: after(361)), full * 7 / 8, "own requests count from there")
            }
        }
    }

    func testALimitThatIsWholeAtOnceIsSoWhateverCameFirst() {
        let lines = [
            "x-ratelimit-reset-requests: 0s", "x-ratelimit-limit-requests: 8", "x-ratelimit-remaining-requests: 7",
        ]
        for lines in [lines, lines.reversed()] {
            var headroom = RateHeadroom()
            for line in lines { observe(&headroom, line) }
            XCTAssertEqual(headroom.remainingShare(at: start), full)
        }
    }

    func testWithoutAResetALimitIsWholeAfterAMinute() {
        var headroom = RateHeadroom()
        observe(&headroom, "x-ratelimit-remaining-requests: 2")
        for _ in 0..<2 { headroom.begin(nothing, at: start) }
        XCTAssertEqual(headroom.remainingShare(at: after(59)), 0)
        XCTAssertEqual(headroom.remainingShare(at: after(60)), full)
    }

    func testOwnAttemptsTakeFromEachLimitUntilAnAnswerSaysMore() {
        var headroom = RateHeadroom()
        for line in [
            "x-ratelimit-limit-requests: 100", "x-ratelimit-remaining-requests: 100", "x-ratelimit-limit-tokens: 1000",
            "x-ratelimit-remaining-tokens: 1000",
        ] { observe(&headroom, line) }
        headroom.begin(UsageEstimate(inputTokens: 200, outputTokens: 50), at: start)
        XCTAssertEqual(headroom.remainingShare(at: start), full * 3 / 4)
        headroom.begin(UsageEstimate(inputTokens: .max, outputTokens: .max), at: start)
        XCTAssertEqual(headroom.remainingShare(at: start), 0)
        observe(&headroom, "x-ratelimit-remaining-tokens: 990")
        XCTAssertEqual(headroom.remainingShare(at: start), full * 98 / 100)
    }

    func testARefusalLeavesNothingUntilItsWaitIsOver() {
        var headroom = RateHeadroom()
        headroom.refused(forMilliseconds: 2_000, at: start)
        headroom.refused(forMilliseconds: 1_000, at: start)
        XCTAssertEqual(headroom.remainingShare(at: after(1)), 0)
        XCTAssertEqual(headroom.roomBegins(from: start), after(2))
        XCTAssertEqual(headroom.remainingShare(at: after(2)), full)
        headroom.refused(forMilliseconds: .max, at: start)
        XCTAssertEqual(headroom.roomBegins(from: start), after(3_600))
        headroom.refused(forMilliseconds: .min, at: start)
    }

    func testOtherFieldsAndUnreadableValuesChangeNothing() {
        var headroom = RateHeadroom()
        observe(&headroom, "x-ratelimit-limit-requests: 8")
        observe(&headroom, "x-ratelimit-remaining-requests: 2")
        for line in [
            "x-ratelimit-remaining-requests: -1", "x-ratelimit-remaining-requests: many",
            "x-ratelimit-remaining-requests: ",
            "x-ratelimit-remaining-requests: 1234567890123456789", "x-ratelimit-reset-requests: soon",
            "x-ratelimit-remaining-project-tokens: 0", "x-ratelimit-requests-remaining: 0", "x-ratelimit-: 0",
            "x-ratelimit-remaining-: 0", "x-ratelimit--requests: 0", "anthropic-ratelimit-: 0",
            "anthropic-ratelimit-requests-: 0", "anthropic-ratelimit-priority-tokens-remaining: 0", "retry-after: 0",
            "content-type: 0", "date: 0", "anthropic-ratelimit-output-tokens-remainings: 0", "x-ratelimit-remainin: 0",
        ] {
            XCTAssertFalse(observe(&headroom, line), line)
        }
        XCTAssertEqual(headroom.remainingShare(at: start), full / 4)
    }

    func testTheShareStaysInItsBoundsAndOnlyFallsBetweenAnswersAndResets() {
        var random = SeededRandom(seed: 6)
        let names = ["requests", "tokens"]
        for _ in 0..<300 {
            var headroom = RateHeadroom()
            var seconds: UInt64 = 0
            for _ in 0..<30 {
                seconds += UInt64.random(in: 0...20, using: &random)
                let name = names.randomElement(using: &random)!
                let count = UInt64.random(in: 0...(1 << Int.random(in: 0...59, using: &random)), using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: observe(&headroom, "x-ratelimit-limit-\(name): \(count)", after: seconds)
                case 1: observe(&headroom, "x-ratelimit-remaining-\(name): \(count)", after: seconds)
                case 2: observe(&headroom, "x-ratelimit-reset-\(name): \(count % 100)s", after: seconds)
                default:
                    let before = headroom.remainingShare(at: after(seconds))
                    headroom.begin(UsageEstimate(inputTokens: count, outputTokens: 1), at: after(seconds))
                    XCTAssertLessThanOrEqual(headroom.remainingShare(at: after(seconds)), before)
                }
                let share = headroom.remainingShare(at: after(seconds))
                XCTAssertTrue((0...full).contains(share))
                let room = headroom.roomBegins(from: after(seconds))
                XCTAssertEqual(share > 0, room == after(seconds))
                XCTAssertGreaterThan(headroom.remainingShare(at: room), 0)
            }
        }
    }
}

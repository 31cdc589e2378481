import Shared
import XCTest

@testable import DataPlane

/// Which requests of a route are mirrored.
final class ShadowSampleTests: XCTestCase {
    private static let whole = PolicyDocument.Shadow.whole

    /// Of any stretch of requests, wherever it begins, at most two more or fewer than its share.
    func testAnyStretchHasItsShareToWithinTwo() {
        var random = SeededRandom(seed: 10)
        for share in [1, 7, 100, 333, 1_000, 2_500, 3_333, 5_000, 6_667, 9_000, 9_999, Self.whole] {
            var sample = ShadowSample(using: &random)
            // How many were taken before each request.
            var taken = [0]
            for _ in 0..<20_000 {
                taken.append(taken[taken.count - 1] + (sample.takesNext(share, using: &random) ? 1 : 0))
            }
            for _ in 0..<20_000 {
                let first = Int.random(in: 0..<taken.count, using: &random)
                let last = Int.random(in: first..<taken.count, using: &random)
                let off = (taken[last] - taken[first]) * Self.whole - (last - first) * share
                XCTAssertLessThanOrEqual(abs(off), 2 * Self.whole, "share \(share), requests \(first)..<\(last)")
            }
        }
    }

    func testAllAreTakenAtAHundredPercentAndNoneAtNone() {
        var random = SeededRandom(seed: 11)
        var sample = ShadowSample(using: &random)
        for _ in 0..<1_000 {
            XCTAssertTrue(sample.takesNext(Self.whole, using: &random))
            XCTAssertFalse(sample.takesNext(0, using: &random))
        }
    }

    /// A title for every chat: counting would mirror titles only, or none.
    func testTrafficThatRepeatsItselfIsNotHitAtTheSamePlace() {
        var random = SeededRandom(seed: 12)
        for period in [2, 3, 10] {
            var sample = ShadowSample(using: &random)
            var hits = [Int](repeating: 0, count: period)
            for number in 0..<100_000 {
                if sample.takesNext(1_000, using: &random) { hits[number % period] += 1 }
            }
            for place in hits { XCTAssertEqual(Double(place) * Double(period), 10_000, accuracy: 1_500, "\(hits)") }
        }
    }

    /// A share that changes with a snapshot takes the next requests at once.
    func testAChangedShareIsTheShareOfWhatFollows() {
        var random = SeededRandom(seed: 13)
        var sample = ShadowSample(using: &random)
        for share in [5_000, 100, 10_000, 2_500, 1] {
            let taken = (0..<10_000).count { _ in sample.takesNext(share, using: &random) }
            XCTAssertLessThanOrEqual(abs(taken - share), 2, "share \(share)")
        }
    }
}

import Shared
import XCTest

@testable import DataPlane

final class WeightedTurnsTests: XCTestCase {
    func testEveryWholeCycleGivesEachTargetExactlyItsShare() {
        for weights in [[70, 30], [1, 1], [5, 1, 1], [1], [3, 7, 11]] {
            var turns = WeightedTurns(weights: weights)
            let total = weights.reduce(0, +)
            for _ in 0..<3 {
                var counts = [Int](repeating: 0, count: weights.count)
                for _ in 0..<total { counts[turns.next()] += 1 }
                XCTAssertEqual(counts, weights)
            }
        }
    }

    func testTheShareIsKeptAtEveryMomentAndNotOnlyAtTheEnd() {
        var turns = WeightedTurns(weights: [70, 30])
        var first = 0
        for turn in 1...10_000 {
            if turns.next() == 0 { first += 1 }
            XCTAssertLessThan(abs(Double(first) - 0.7 * Double(turn)), 1, "turn \(turn)")
        }
    }
}

final class WeightedTurnsPropertyTests: XCTestCase {
    /// Brings the turns somewhere: so many, each with whoever is available.
    private func wander(_ turns: inout WeightedTurns, using random: inout SeededRandom) {
        for _ in 0..<Int.random(in: 0..<50, using: &random) {
            let mask = Int.random(in: 0..<(1 << turns.weights.count), using: &random)
            _ = turns.next { mask >> $0 & 1 == 1 }
        }
    }

    func testSeventyToThirtyStaysWithinHalfAPercentagePointFromAnyStart() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<20 {
            var turns = WeightedTurns(weights: [70, 30])
            wander(&turns, using: &random)
            var first = 0
            for turn in 1...10_000 {
                if turns.next() == 0 { first += 1 }
                guard turn >= 200 else { continue }
                // In half percentage points: |first / turn - 70 %| <= 0.5 %.
                XCTAssertLessThanOrEqual(abs(first * 1000 - turn * 700), turn * 5, "turn \(turn)")
            }
        }
    }

    func testTheSharesAmongTheOthersAreExactWhileOneIsSkipped() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<200 {
            let weights = (0..<Int.random(in: 2...5, using: &random)).map { _ in Int.random(in: 1...20, using: &random)
            }
            var turns = WeightedTurns(weights: weights)
            wander(&turns, using: &random)
            let skipped = weights.indices.randomElement(using: &random)!
            let total = weights.reduce(0, +) - weights[skipped]
            // What unlike availability left behind is worked off first.
            for _ in 0..<(10 * total) { _ = turns.next { $0 != skipped } }
            var counts = [Int](repeating: 0, count: weights.count)
            for _ in 0..<total { counts[turns.next { $0 != skipped }!] += 1 }
            var want = weights
            want[skipped] = 0
            XCTAssertEqual(counts, want)
        }
    }

    func testWhoComesBackHasNeitherABurstNorAWait() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let weights = (0..<Int.random(in: 2...5, using: &random)).map { _ in Int.random(in: 1...20, using: &random)
            }
            var turns = WeightedTurns(weights: weights)
            let skipped = weights.indices.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 0..<100, using: &random) { _ = turns.next() }
            for _ in 0..<Int.random(in: 0..<1_000, using: &random) { _ = turns.next { $0 != skipped } }
            let total = weights.reduce(0, +)
            var counts = [Int](repeating: 0, count: weights.count)
            for _ in 0..<(3 * total) { counts[turns.next()] += 1 }
            for index in weights.indices {
                XCTAssertLessThanOrEqual(
                    abs(counts[index] - 3 * weights[index]), 2, "\(weights) without \(skipped): \(counts)")
            }
        }
    }

    func testNoneAvailableIsNoTurn() {
        var turns = WeightedTurns(weights: [2, 1])
        var untouched = turns
        XCTAssertNil(turns.next { _ in false })
        for _ in 0..<9 { XCTAssertEqual(turns.next(), untouched.next()) }
    }
}

final class UpstreamAddressTests: XCTestCase {
    func testPartsOfABaseURL() throws {
        let plain = try XCTUnwrap(UpstreamAddress(baseURL: "http://models.internal:8000/v1/"))
        XCTAssertEqual(plain.host, "models.internal")
        XCTAssertEqual(plain.port, 8000)
        XCTAssertEqual(plain.pathPrefix, Array("/v1".utf8))
        XCTAssertEqual(plain.hostHeader, Array("models.internal:8000".utf8))
        XCTAssertFalse(plain.isTLS)
        let secure = try XCTUnwrap(UpstreamAddress(baseURL: "https://[::1]"))
        XCTAssertEqual(secure.host, "::1")
        XCTAssertEqual(secure.port, 443)
        XCTAssertTrue(secure.isTLS)
    }

    func testWhatIsNoBaseURL() {
        for text in [
            "", "ftp://a", "http://", "http://a:0", "http://a:x", "http://a b", "http://a/v1?x=1", "http://user@a",
            "http://a#f",
        ] {
            XCTAssertNil(UpstreamAddress(baseURL: text), text)
        }
    }
}

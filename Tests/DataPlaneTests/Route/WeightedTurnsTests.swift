import Shared
import XCTest

@testable import DataPlane

final class WeightedTurnsTests: XCTestCase {
    func testEveryWholeCycleGivesEachTargetExactlyItsShare() {
        for weights in [[70, 30], [1, 1], [5, 1, 1], [1], [3, 7, 11]] {
            var turns = WeightedTurns(routeID: .zero, weights: weights)
            let total = weights.reduce(0, +)
            for _ in 0..<3 {
                var counts = [Int](repeating: 0, count: weights.count)
                for _ in 0..<total { counts[turns.next()] += 1 }
                XCTAssertEqual(counts, weights)
            }
        }
    }

    func testTheShareIsKeptAtEveryMomentAndNotOnlyAtTheEnd() {
        var turns = WeightedTurns(routeID: .zero, weights: [70, 30])
        var first = 0
        for turn in 1...10_000 {
            if turns.next() == 0 { first += 1 }
            XCTAssertLessThan(abs(Double(first) - 0.7 * Double(turn)), 1, "turn \(turn)")
        }
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

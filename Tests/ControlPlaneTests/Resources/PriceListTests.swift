import Shared
import XCTest

@testable import ControlPlane

final class PriceListTests: XCTestCase {
    private let now: Int64 = 1_000_000

    private func price(_ id: UInt64, from: Int64, input: Int64 = 5) -> Model.Price {
        Model.Price(
            id: ObjectID(high: 0, low: id), effectiveFrom: from,
            lines: PriceLines(inputPicodollarsPerToken: input, outputPicodollarsPerToken: 7))
    }

    private func paths(_ wanted: [Model.Price], into current: [Model.Price]) -> [String] {
        do throws(Model.PriceListProblem) {
            _ = try Model.merge(wanted, into: current, now: now)
            return []
        } catch {
            return error.problems.map(\.path)
        }
    }

    func testATierIsPartOfAPrice() throws {
        var tiered = price(2, from: 10)
        tiered.tiers = [PriceTier(serviceTier: .flex, lines: tiered.lines)]
        XCTAssertEqual(paths([tiered], into: [price(1, from: 10)]), ["prices[0]"], "what has begun cannot get one")
        XCTAssertEqual(try Model.merge([tiered], into: [tiered], now: now), [tiered])
    }

    func testTheFirstListMayDescribeThePast() throws {
        let merged = try Model.merge([price(2, from: now + 5), price(1, from: 0)], into: [], now: now)
        XCTAssertEqual(merged.map(\.effectiveFrom), [0, now + 5], "in order of time")
    }

    func testAPriceThatHasBegunKeepsItsIdentity() throws {
        let merged = try Model.merge([price(9, from: 10), price(10, from: now)], into: [price(1, from: 10)], now: now)
        XCTAssertEqual(merged.map(\.id.low), [1, 10])
    }

    func testThePastCannotChange() {
        let current = [price(1, from: 10), price(2, from: now)]
        XCTAssertEqual(paths([price(1, from: 10, input: 6), price(2, from: now)], into: current), ["prices[0]"])
        XCTAssertEqual(paths([price(2, from: now)], into: current), ["prices"], "nor vanish")
        XCTAssertEqual(
            paths([price(1, from: 10), price(3, from: 11), price(2, from: now)], into: current),
            ["prices[1].effective_from"])
    }

    func testAPriceToComeMayChangeOrGo() throws {
        let current = [price(1, from: 10), price(2, from: now + 1)]
        let changed = try Model.merge([price(1, from: 10), price(3, from: now + 1, input: 9)], into: current, now: now)
        XCTAssertEqual(changed.map(\.id.low), [1, 3])
        XCTAssertEqual(paths([price(1, from: 10)], into: current), [])
    }

    func testTwoPricesOfOneMomentAreRefused() {
        XCTAssertEqual(paths([price(1, from: 10), price(2, from: 10)], into: []), ["prices[1].effective_from"])
    }
}

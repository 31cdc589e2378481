import Shared
import XCTest

@testable import DataPlane

final class StrategyTests: XCTestCase {
    private struct Case {
        var count: Int
        var available: Int
        var figures: [Int]

        /// Of up to six targets, few figures so that there are ties.
        init(using random: inout SeededRandom) {
            count = Int.random(in: 0...6, using: &random)
            available = Int.random(in: 0..<64, using: &random)
            figures = (0..<6).map { _ in Int.random(in: 0...3, using: &random) }
        }

        func isAvailable(_ index: Int) -> Bool { available >> index & 1 == 1 }
        var candidates: [Int] { (0..<count).filter(isAvailable) }
        var least: Int? { candidates.map { figures[$0] }.min() }
    }

    // MARK: Least latency

    func testOfTwoTheSoonerOneIsTakenAndNeverOneThatIsNotAvailable() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<5_000 {
            let it = Case(using: &random)
            let chosen = LeastLatency.choose(
                count: it.count, isAvailable: it.isAvailable, score: { UInt64(it.figures[$0]) }, using: &random)
            guard let chosen else {
                XCTAssertEqual(it.candidates, [])
                continue
            }
            XCTAssertTrue(it.candidates.contains(chosen))
            if it.candidates.count <= 2 { XCTAssertEqual(it.figures[chosen], it.least) }
            let isWorst = it.candidates.allSatisfy { $0 == chosen || it.figures[$0] < it.figures[chosen] }
            XCTAssertFalse(it.candidates.count > 1 && isWorst, "the one worst of several is never taken")
        }
    }

    func testEqualTargetsAreTakenEquallyOften() {
        var random = SeededRandom(seed: 2)
        var counts = [0, 0, 0, 0, 0]
        for _ in 0..<8_000 {
            counts[
                LeastLatency.choose(count: 5, isAvailable: { $0 != 2 }, score: { _ in 7 }, using: &random)!] += 1
        }
        XCTAssertEqual(counts[2], 0)
        for index in [0, 1, 3, 4] { XCTAssertEqual(Double(counts[index]), 2_000, accuracy: 200) }
    }

    // MARK: Least busy, headroom

    func testTheLeastIsTakenAndEqualsTakeTurns() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<2_000 {
            var busy = LeastBusy()
            var headroom = MostHeadroom()
            for _ in 0..<3 {
                let it = Case(using: &random)
                let chosen = busy.choose(count: it.count, isAvailable: it.isAvailable, inFlight: { it.figures[$0] })
                XCTAssertEqual(chosen.map { it.figures[$0] }, it.least)
                if let chosen { XCTAssertTrue(it.candidates.contains(chosen)) }
                let widest = headroom.choose(
                    count: it.count, isAvailable: it.isAvailable, share: { 3 - it.figures[$0] })
                XCTAssertEqual(widest.map { it.figures[$0] }, it.least)
            }
            let it = Case(using: &random)
            let equals = it.candidates.filter { it.figures[$0] == it.least }
            var counts = [Int](repeating: 0, count: 6)
            for _ in 0..<(equals.count * 4) {
                counts[busy.choose(count: it.count, isAvailable: it.isAvailable, inFlight: { it.figures[$0] })!] += 1
            }
            for index in equals { XCTAssertEqual(counts[index], 4, "\(it)") }
        }
    }

    func testExhaustedTargetsComeLast() {
        var headroom = MostHeadroom()
        let shares = [0, 1, 0]
        for _ in 0..<5 {
            XCTAssertEqual(headroom.choose(count: 3, isAvailable: { _ in true }, share: { shares[$0] }), 1)
        }
        XCTAssertNotEqual(headroom.choose(count: 3, isAvailable: { $0 != 1 }, share: { shares[$0] }), 1)
    }

    // MARK: Lowest cost

    func testTargetsComeByCostThenByTheListThenThoseWithoutAPrice() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<5_000 {
            let it = Case(using: &random)
            // 3 stands for no price.
            let cost: (Int) -> Money? = { it.figures[$0] == 3 ? nil : Money(nanodollars: Int64(it.figures[$0])) }
            var order: [Int] = []
            while let next = LowestCost.choose(
                count: it.count, isAvailable: { it.isAvailable($0) && !order.contains($0) }, cost: cost)
            {
                order.append(next)
            }
            XCTAssertEqual(order, it.candidates.sorted { (it.figures[$0], $0) < (it.figures[$1], $1) })
        }
    }

    private func price(_ lines: PriceLines, tiers: [PriceTier] = []) -> CompiledPrice {
        CompiledPrice(.init(id: .zero, effectiveFromUnixSeconds: 0, lines: lines, tiers: tiers))
    }

    func testTheCheaperTargetDependsOnTheRequest() throws {
        let cheapInput = price(.init(inputPicodollarsPerToken: 1_000, outputPicodollarsPerToken: 20_000))
        let cheapOutput = price(.init(inputPicodollarsPerToken: 4_000, outputPicodollarsPerToken: 8_000))
        func isCheaper(input: UInt64, output: UInt64) throws -> Bool {
            let estimate = UsageEstimate(inputTokens: input, outputTokens: output)
            return try XCTUnwrap(LowestCost.cost(of: estimate, by: cheapInput))
                < XCTUnwrap(LowestCost.cost(of: estimate, by: cheapOutput))
        }
        XCTAssertTrue(try isCheaper(input: 10_000, output: 100))
        XCTAssertFalse(try isCheaper(input: 100, output: 10_000))
        let exact = LowestCost.cost(of: UsageEstimate(inputTokens: 1_000, outputTokens: 10), by: cheapInput)
        XCTAssertEqual(exact, Money(nanodollars: 1_200))
        XCTAssertNil(LowestCost.cost(of: UsageEstimate(inputTokens: 1, outputTokens: 1), by: nil))
    }

    func testALongPromptIsPricedInItsTier() {
        let long = PriceLines(inputPicodollarsPerToken: 9_000, outputPicodollarsPerToken: 0)
        let tiered = price(
            .init(inputPicodollarsPerToken: 1_000, outputPicodollarsPerToken: 0),
            tiers: [.init(aboveInputTokens: 1_000, lines: long)])
        XCTAssertEqual(
            LowestCost.cost(of: UsageEstimate(inputTokens: 1_000, outputTokens: 0), by: tiered)?.nanodollars, 1_000)
        XCTAssertEqual(
            LowestCost.cost(of: UsageEstimate(inputTokens: 2_000, outputTokens: 0), by: tiered)?.nanodollars, 18_000)
    }

    func testAnEstimateStaysBelowTheCallersBoundAndHasNoOverflow() throws {
        func estimate(_ more: String, endpoint: Endpoint = .chatCompletions) throws -> UsageEstimate {
            let content = String(repeating: "word ", count: 800)
            let body = Array(
                #"{"model":"m","messages":[{"role":"user","content":"\#(content)"}],"input":""\#(more)}"#.utf8)
            return UsageEstimate(
                of: try unsafe body.withUnsafeBytes { unsafe try RequestParser.parse($0, endpoint: endpoint) })
        }
        XCTAssertEqual(try estimate("").usage.output, 512)
        XCTAssertEqual(try estimate(#","max_tokens":20"#).usage.output, 20)
        XCTAssertEqual(try estimate(#","max_tokens":20,"n":3"#).usage.output, 60)
        XCTAssertEqual(try estimate(#","n":18446744073709551615"#).usage.output, .max)
        XCTAssertEqual(try estimate("", endpoint: .embeddings).usage.output, 0)
        XCTAssertEqual(Double(try estimate("").usage.input), 1_000, accuracy: 60)
    }
}

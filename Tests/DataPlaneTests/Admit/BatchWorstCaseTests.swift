import Shared
import XCTest

@testable import DataPlane

/// The most that the requests of a batch can cost.
final class BatchWorstCaseTests: XCTestCase {
    private func lines(_ price: Int64) -> PriceLines {
        PriceLines(inputPicodollarsPerToken: price, outputPicodollarsPerToken: price)
    }

    private func worst(_ input: UInt64, _ tiers: [PriceTier]) -> Int64 {
        PriceSheet(lines: lines(1_000), tiers: tiers).worstCase(UsageBound(textInput: input), in: .batch).nanodollars
    }

    /// Rounded up once for each of the nine lines.
    private func about(_ nanodollars: Int64) -> ClosedRange<Int64> { nanodollars...(nanodollars + 9) }

    func testABatchIsHeldForAtItsOwnPrices() {
        let half = PriceTier(serviceTier: .batch, lines: lines(500))
        let dear = PriceTier(serviceTier: .priority, lines: lines(9_000))
        XCTAssertTrue(about(1_000).contains(worst(1_000, [])), "there are none")
        XCTAssertTrue(about(500).contains(worst(1_000, [half])))
        XCTAssertTrue(about(500).contains(worst(1_000, [dear, half])), "nobody else's")
        let long = PriceTier(serviceTier: .batch, aboveInputTokens: 1_000, lines: lines(700))
        XCTAssertTrue(about(500).contains(worst(1_000, [half, long])))
        XCTAssertTrue(about(701).contains(worst(1_001, [half, long])))
    }

    func testWhatIsShorterThanItsOwnPricesBeginIsHeldForAtTheStandardOnes() {
        let long = PriceTier(serviceTier: .batch, aboveInputTokens: 1_000, lines: lines(700))
        let standard = PriceTier(aboveInputTokens: 500, lines: lines(3_000))
        XCTAssertTrue(about(400).contains(worst(400, [long, standard])))
        XCTAssertTrue(about(2_400).contains(worst(800, [long, standard])))
        XCTAssertTrue(about(2_400).contains(worst(800, [standard])))
    }

    func testNoUsageWithinTheBoundCostsMore() {
        var random = SeededRandom(seed: 23)
        func price() -> Int64? { random.next() % 3 == 0 ? nil : Int64(random.next() % 20_001) }
        func lines() -> PriceLines {
            PriceLines(
                inputPicodollarsPerToken: price() ?? 7, cachedInputPicodollarsPerToken: price(),
                outputPicodollarsPerToken: price() ?? 7, reasoningPicodollarsPerToken: price(),
                requestPicodollars: price())
        }
        for _ in 0..<3_000 {
            let tiers = (0..<Int(random.next() % 5)).map { _ in
                PriceTier(
                    serviceTier: random.next() % 2 == 0 ? .batch : .standard,
                    aboveInputTokens: random.next() % 2 == 0 ? 0 : UInt32(random.next() % 1_500), lines: lines())
            }
            let sheet = PriceSheet(lines: lines(), tiers: tiers)
            let parts = (0..<4).map { _ in UInt32(random.next() % 700) }
            let usage = TokenUsage(
                input: parts[0] + parts[1], cachedInput: parts[1], output: parts[2] + parts[3], reasoning: parts[3],
                serviceTier: .batch)
            let bound = UsageBound(
                textInput: UInt64(usage.input) + random.next() % 300, output: UInt64(usage.output) + random.next() % 300
            )
            XCTAssertLessThanOrEqual(sheet.cost(of: usage), sheet.worstCase(bound, in: .batch))
        }
    }

    func testSumsEndAtTheGreatestNumbers() throws {
        var sum = WorstCase()
        XCTAssertEqual(sum.cost, .zero)
        XCTAssertEqual(sum.tokens, 0)
        let huge = try worst(of: #","max_tokens":18446744073709551615,"n":18446744073709551615"#)
        let small = try worst(of: #","max_tokens":10"#)
        for _ in 0..<40 { sum.add(huge) }
        XCTAssertEqual(sum.tokens, .max)
        XCTAssertEqual(sum.cost.nanodollars, .max)
        sum.add(small)
        XCTAssertEqual(sum.tokens, .max)
        XCTAssertNil(sum.problem)
        var two = small
        two.add(small)
        XCTAssertEqual(two.cost.nanodollars, 2 * small.cost.nanodollars)
        XCTAssertEqual(two.tokens, 2 * small.tokens)
    }

    func testOneRequestThatNothingBoundsMakesTheWholeUnbounded() throws {
        var sum = try worst(of: #","max_tokens":10"#)
        sum.add(try worst(of: "", output: nil))
        XCTAssertEqual(sum.problem, .unboundedOutput(model: "gpt"))
        sum.add(try worst(of: #","max_tokens":10"#, isPriced: false))
        XCTAssertEqual(sum.problem, .unboundedOutput(model: "gpt"), "the first one is told")
        XCTAssertEqual(
            try worst(of: #","max_tokens":10"#, isPriced: false).problem, .unpriced(model: "gpt"))
    }

    /// Nothing has to be bounded that is not billed.
    func testWhatIsFreeWithoutAPriceIsFreeInABatchToo() throws {
        let fixture = try StoredFixture { $0.models[0] = StoredFixture.model("gpt", 1, isPriced: false) }
        let body = Array(#"{"model":"gpt","input":[{"type":"image_url","image_url":{"url":"https://a/b.png"}}]}"#.utf8)
        let request = try unsafe body.withUnsafeBytes { unsafe try RequestParser.parse($0, endpoint: .moderations) }
        XCTAssertTrue(request.prompt.hasUnknownInput)
        XCTAssertEqual(
            WorstCase(ofBatched: request, by: fixture.policy.targets[0], nowUnixSeconds: 1), WorstCase())
    }

    private func worst(of more: String, isPriced: Bool = true, output: Int? = 100) throws -> WorstCase {
        let fixture = try StoredFixture {
            $0.models[0] = StoredFixture.model("gpt", 1, isPriced: isPriced, output: output)
        }
        let body = Array(#"{"model":"gpt","messages":[]\#(more)}"#.utf8)
        let request = try unsafe body.withUnsafeBytes { unsafe try RequestParser.parse($0, endpoint: .chatCompletions) }
        return WorstCase(ofBatched: request, by: fixture.target, nowUnixSeconds: StoredFixture.startUnixSeconds)
    }
}

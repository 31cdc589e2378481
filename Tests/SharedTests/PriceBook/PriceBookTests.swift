import Foundation
import Shared
import XCTest

final class PriceBookTests: XCTestCase {
    func testDecimalsBecomeIntegersExactly() {
        for (text, scale, picodollars, isRounded) in [
            ("1.25e-06", 12, 1_250_000, false), ("0.00000015", 12, 150_000, false), ("3e-08", 12, 30_000, false),
            ("0", 12, 0, false), ("0.0", 12, 0, false), ("2.50", 6, 2_500_000, false), ("0.0375", 6, 37_500, false),
            ("1.5000000000000002e-07", 12, 150_000, true), ("5e-13", 12, 1, true), ("4e-13", 12, 0, true),
            ("4.6875e-07", 12, 468_750, false), ("1", 12, 1_000_000_000_000, false), ("9.5E-7", 12, 950_000, false),
            ("1e-40", 12, 0, true),
        ] as [(String, Int, Int64, Bool)] {
            let price = DecimalPrice(text, scale: scale)
            XCTAssertEqual(price?.picodollars, picodollars, text)
            XCTAssertEqual(price?.isRounded, isRounded, text)
        }
        for text in ["", "-1e-6", "abc", "1e", "1e400000", "99999999999", "1.2.3", ".5", "1e99"] {
            XCTAssertNil(DecimalPrice(text, scale: 12), text)
        }
    }

    private let sample = """
        {"sample_spec": {"mode": "one of: chat, embedding"},
        "seller/alpha-large": {"litellm_provider": "seller", "mode": "chat", "max_input_tokens": 200000,
            "max_output_tokens": 8192, "max_tokens": 8192, "input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05,
            "cache_read_input_token_cost": 1.25e-07, "cache_creation_input_token_cost": 1.5e-06,
            "cache_creation_input_token_cost_above_1hr": 2.5e-06,
            "input_cost_per_token_above_200k_tokens": 2.5e-06, "output_cost_per_token_above_200k_tokens": 1.5e-05,
            "input_cost_per_token_flex": 6.25e-07, "output_cost_per_token_flex": 5e-06,
            "input_cost_per_token_priority": 2.5e-06, "output_cost_per_token_priority": 2e-05,
            "input_cost_per_token_batches": 6.25e-07, "output_cost_per_token_batches": 5e-06,
            "input_cost_per_audio_token": 3e-06, "output_cost_per_reasoning_token": 1.1e-05,
            "output_cost_per_image_token": 3e-05, "made_up_cost_per_fancy": 1, "supports_vision": true},
        "alpha-embed": {"litellm_provider": "seller", "mode": "embedding", "input_cost_per_token": 2e-08},
        "alpha-picture": {"litellm_provider": "seller", "mode": "image_generation", "output_cost_per_image": 0.04},
        "beta": {"litellm_provider": "other", "mode": "chat", "input_cost_per_token": 1e-06},
        "gamma": {"litellm_provider": "other", "mode": "chat", "input_cost_per_token": -1, "output_cost_per_token": 0}}
        """

    func testTheCommunitysFormatKeepsEveryPriceAndNamesWhatItLeavesOut() throws {
        let book = try CommunityPrices.read(Array(sample.utf8)) { _, _ in true }
        XCTAssertEqual(book.entries.map(\.name), ["alpha-large", "alpha-embed"])
        XCTAssertEqual(book.skipped.map(\.name), ["alpha-picture", "beta", "gamma"])
        XCTAssertEqual(book.unknownFields, ["made_up_cost_per_fancy": 1])
        let alpha = book.entries[0]
        XCTAssertEqual(alpha.maxOutputTokens, 8192)
        XCTAssertEqual(alpha.maxInputTokens, 200_000)
        XCTAssertEqual(
            alpha.sheet.lines,
            PriceLines(
                inputPicodollarsPerToken: 1_250_000, cachedInputPicodollarsPerToken: 125_000,
                cacheWrite5mPicodollarsPerToken: 1_500_000, cacheWrite1hPicodollarsPerToken: 2_500_000,
                audioInputPicodollarsPerToken: 3_000_000, outputPicodollarsPerToken: 10_000_000,
                reasoningPicodollarsPerToken: 11_000_000, imageOutputPicodollarsPerToken: 30_000_000))
        let long = alpha.sheet.lines(inputTokens: 200_001, serviceTier: .standard)
        XCTAssertEqual(long.inputPicodollarsPerToken, 2_500_000)
        XCTAssertEqual(long.outputPicodollarsPerToken, 15_000_000)
        XCTAssertEqual(long.cachedInputPicodollarsPerToken, 125_000, "what a tier does not say is the standard price")
        XCTAssertEqual(alpha.sheet.lines(inputTokens: 9, serviceTier: .batch).inputPicodollarsPerToken, 625_000)
        XCTAssertEqual(alpha.sheet.lines(inputTokens: 9, serviceTier: .priority).outputPicodollarsPerToken, 20_000_000)
        XCTAssertEqual(
            alpha.sheet.lines(inputTokens: 200_001, serviceTier: .flex).inputPicodollarsPerToken, 2_500_000,
            "a gap in the book is never cheap")
        XCTAssertEqual(book.entries[1].sheet.lines.outputPicodollarsPerToken, 0)
        XCTAssertEqual(try CommunityPrices.read(Array(sample.utf8)) { $0 == "other" && $1 == "beta" }.skipped.count, 1)
    }

    func testWhatIsNoBookIsSaid() {
        for text in ["", "[]", "{\"a\": 1}", "{\"a\": {}}"] {
            XCTAssertThrowsError(try CommunityPrices.read(Array(text.utf8)) { _, _ in true }, text)
        }
        for text in ["{}", #"{"format": 2, "models": []}"#, #"{"format": 1, "models": [{"name": "x"}]}"#] {
            XCTAssertThrowsError(try StarterPrices.read(Array(text.utf8)) { _, _ in true }, text)
        }
    }

    func testTheStarterBookIsWholeAndEveryEntrySaysWhereItIsFrom() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/ControlPlane/CLI/PriceBook/starter.json")
        let book = try StarterPrices.read(Array(Data(contentsOf: path))) { _, _ in true }
        XCTAssertEqual(Set(book.entries.map(\.name)).count, book.entries.count, "no name twice")
        XCTAssertEqual(
            Set(book.entries.map(\.provider)), ["openai", "anthropic", "google", "mistral", "cohere", "deepseek"])
        for entry in book.entries {
            XCTAssertTrue(entry.source?.hasPrefix("https://") ?? false, entry.name)
            XCTAssertTrue(entry.date?.hasPrefix("202") ?? false, entry.name)
            XCTAssertLessThanOrEqual(entry.sheet.tiers.count, PriceSheet.tierCountMax, entry.name)
            XCTAssertEqual(
                Set(entry.sheet.tiers.map { "\($0.serviceTier) \($0.aboveInputTokens)" }).count,
                entry.sheet.tiers.count, entry.name)
        }
        let haiku = try XCTUnwrap(book.entries.first { $0.name == "claude-haiku-5-5" })
        let long = haiku.sheet.lines(inputTokens: 100_001, serviceTier: .standard)
        XCTAssertEqual(long.outputPicodollarsPerToken, 2_500_000)
    }
}

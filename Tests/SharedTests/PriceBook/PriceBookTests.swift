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

    /// The reason why the only entry of a book is left out; nil when it is taken.
    private func reason(_ entry: String) throws -> String? {
        let book = try CommunityPrices.read(
            Array("{\"good\": {\"litellm_provider\": \"x\"}, \"m\": \(entry)}".utf8)
        ) { _, name in name == "m" }
        return book.skipped.first?.reason
    }

    private func only(_ fields: String, provider: String = "seller") throws -> PriceBookEntry {
        let book = try CommunityPrices.read(
            Array("{\"m\": {\"litellm_provider\": \"\(provider)\", \"mode\": \"chat\", \(fields)}}".utf8)
        ) { _, _ in true }
        return try XCTUnwrap(book.entries.first, "\(book.skipped)")
    }

    func testAnEntryThatCannotBeReadIsLeftOutByItsReasonAndTheOthersStay() throws {
        let chat = #""litellm_provider": "x", "mode": "chat""#
        for (entry, part) in [
            ("3", "no object"), ("{}", "no litellm_provider"),
            (#"{"litellm_provider": "x"}"#, "no mode"),
            (#"{"litellm_provider": "x", "mode": "rerank"}"#, "\"rerank\""),
            ("{\(chat)}", "no price by the token"),
            ("{\(chat), \"input_cost_per_token\": null, \"output_cost_per_token\": 1}", "no input_cost_per_token"),
            (
                "{\(chat), \"input_cost_per_token\": -1e-6, \"output_cost_per_token\": 1}",
                "input_cost_per_token is -1e-6"
            ),
            ("{\(chat), \"input_cost_per_token\": 1e30, \"output_cost_per_token\": 1}", "input_cost_per_token is 1e30"),
            ("{\(chat), \"input_cost_per_token\": \"free\", \"output_cost_per_token\": 1}", "is \"free\""),
            ("{\(chat), \"input_cost_per_token\": true, \"output_cost_per_token\": 1}", "is true"),
            ("{\(chat), \"input_cost_per_token\": [1], \"output_cost_per_token\": 1}", "is a list"),
            ("{\(chat), \"mode\": \"chat\"}", "duplicate field \"mode\""),
            ("{\(chat), \"tiered_pricing\": 1}", "no list"),
            ("{\(chat), \"tiered_pricing\": [{\"range\": [\"x\"]}]}", "no count of tokens"),
        ] {
            let found = try reason(entry)
            XCTAssertTrue(found?.contains(part) ?? false, "\(entry): \(found ?? "taken")")
        }
        XCTAssertNil(try reason("{\(chat), \"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 0}"))
    }

    func testAModelThatABookHasTwiceIsTakenOnlyWhenBothAreTheSame() throws {
        let one =
            #"{"litellm_provider": "x", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}"#
        let other = one.replacingOccurrences(of: "1e-6", with: "2e-6")
        func book(_ text: String) throws -> PriceBook { try CommunityPrices.read(Array(text.utf8)) { _, _ in true } }
        XCTAssertEqual(try book("{\"a\": \(one), \"a\" : \(one)\n}").entries.count, 1)
        let twice = try book("{\"a\": \(one), \"b\": \(one), \"a\": \(other)}")
        XCTAssertEqual(twice.entries.map(\.name), ["b"])
        XCTAssertEqual(twice.skipped.map(\.name), ["a"])
    }

    func testPricesAndLimitsMayBeTextsAndAreExact() throws {
        let model = try only(
            #""input_cost_per_token": "1.5e-07", "output_cost_per_token": "0.0000006", "max_tokens": "16384", "max_input_tokens": 128000.0"#
        )
        XCTAssertEqual(model.sheet.lines.inputPicodollarsPerToken, 150_000)
        XCTAssertEqual(model.sheet.lines.outputPicodollarsPerToken, 600_000)
        XCTAssertEqual(model.maxOutputTokens, 16384)
        XCTAssertEqual(model.maxInputTokens, 128_000)
        XCTAssertEqual(model.notes, [])
        let odd = try only(
            #""input_cost_per_token": 4e-13, "output_cost_per_token": 0, "max_output_tokens": "many", "deprecation_date": "2026-02-01""#
        )
        XCTAssertEqual(odd.sheet.lines.inputPicodollarsPerToken, 1, "what costs something is never free")
        XCTAssertEqual(
            odd.notes,
            [
                "input_cost_per_token is rounded to 1 picodollars", "it ends on 2026-02-01",
                "max_output_tokens is \"many\", no count of tokens: left out",
            ])
        let free = try only(#""input_cost_per_token": 0.0, "output_cost_per_token": 0"#)
        XCTAssertEqual(free.notes, ["it costs nothing by the book, so no budget stops it"])
    }

    func testRangesOfInputAreTiers() throws {
        let model = try only(
            """
            "output_cost_per_reasoning_token": 9e-06, "tiered_pricing": [
                {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06},
                {"range": [32000.0, 128000], "input_cost_per_token": "1.8e-06", "output_cost_per_token": 9e-06,
                 "cache_read_input_token_cost": 3e-07},
                {"range": [128000.0, null], "input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05}]
            """)
        func lines(_ input: UInt32) -> PriceLines { model.sheet.lines(inputTokens: input, serviceTier: .standard) }
        XCTAssertEqual(lines(32_000).inputPicodollarsPerToken, 1_000_000)
        XCTAssertEqual(lines(32_001).inputPicodollarsPerToken, 1_800_000)
        XCTAssertEqual(lines(128_000).cachedInputPicodollarsPerToken, 300_000)
        XCTAssertEqual(lines(128_001).outputPicodollarsPerToken, 15_000_000)
        XCTAssertEqual(lines(128_001).reasoningPicodollarsPerToken, 9_000_000)
    }

    func testBoundsBeginWhereTheSellerSaysTheyDo() throws {
        let fields = """
            "input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 4e-06, "output_cost_per_token": 6e-06,
            "input_cost_per_token_cache_hit": 5e-07
            """
        for (provider, first) in [("gemini", 200_001), ("xai", 200_000)] as [(String, UInt32)] {
            let sheet = try only(fields, provider: provider).sheet
            XCTAssertEqual(
                sheet.lines(inputTokens: first - 1, serviceTier: .standard).inputPicodollarsPerToken, 2_000_000)
            XCTAssertEqual(sheet.lines(inputTokens: first, serviceTier: .standard).inputPicodollarsPerToken, 4_000_000)
            XCTAssertEqual(sheet.lines.cachedInputPicodollarsPerToken, 500_000)
        }
    }

    func testTheSellerBeforeANameIsLeftOutAndBothNamesFindTheModel() throws {
        for (provider, full, name) in [
            ("mistral", "mistral/large", "large"), ("vertex_ai-anthropic_models", "vertex_ai/claude@1", "claude@1"),
            ("bedrock_converse", "bedrock/us.nova", "us.nova"), ("openrouter", "openrouter/openai/gpt", "openai/gpt"),
            ("bedrock", "us-east-1/nova", "us-east-1/nova"), ("x", "x/", "x/"),
        ] {
            let text =
                "{\"\(full)\": {\"litellm_provider\": \"\(provider)\", \"mode\": \"chat\", \"input_cost_per_token\": 0, \"output_cost_per_token\": 0}}"
            for wanted in [full, name] {
                let book = try CommunityPrices.read(Array(text.utf8)) { $1 == wanted }
                XCTAssertEqual(book.entries.map(\.name), [name])
                XCTAssertEqual(book.entries.map(\.bookName), [full])
            }
        }
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
            book.providers,
            [
                "openai", "anthropic", "google", "mistral", "cohere", "deepseek", "xai", "amazon", "groq", "deepinfra",
            ])
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
        let grok = try XCTUnwrap(book.entries.first { $0.name == "grok-4.7" })
        XCTAssertEqual(
            grok.sheet.lines(inputTokens: 200_000, serviceTier: .standard).inputPicodollarsPerToken, 4_000_000,
            "dearer from 200,000 on, not above")
    }
}

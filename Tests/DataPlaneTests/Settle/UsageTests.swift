import Shared
import XCTest

@testable import DataPlane

final class UsageTests: XCTestCase {
    private func read(_ json: String) -> TokenUsage? {
        unsafe Array(json.utf8).withUnsafeBytes { unsafe UsageReader.read($0, in: 0..<$0.count) }
    }

    func testPartsLieInTheirTotals() {
        XCTAssertEqual(
            read(
                #"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":60,"audio_tokens":10},"completion_tokens_details":{"reasoning_tokens":30}}"#
            ), TokenUsage(input: 100, cachedInput: 60, audioInput: 10, output: 50, reasoning: 30))
        XCTAssertEqual(read(#"{"prompt_tokens":8,"total_tokens":8}"#), TokenUsage(input: 8))
        XCTAssertEqual(read(#"{"prompt_tokens":8,"completion_tokens":null,"total_tokens":null}"#), TokenUsage(input: 8))
    }

    func testPartsBeyondTheirTotalsAreCutToThem() {
        XCTAssertEqual(
            read(#"{"prompt_tokens":5,"prompt_tokens_details":{"cached_tokens":9}}"#),
            TokenUsage(input: 5, cachedInput: 5))
    }

    func testWhatIsNoUsage() {
        for json in [
            "null", "{}", #"{"prompt_tokens":"8"}"#, #"{"prompt_tokens":-1}"#, #"{"prompt_tokens":1.5}"#, "[1]",
            #"{"prompt_tokens":8,"completion_tokens":1.5}"#, #"{"prompt_tokens":8,"completion_tokens":"9"}"#,
        ] {
            XCTAssertNil(read(json), json)
        }
    }

    func testACountIsReadWhateverStandsBehindItAndHoweverLongItIs() {
        for (text, count) in [
            ("0", 0), ("7", 7), ("10", 10), ("4294967295", 4_294_967_295), ("999999999999999", 999_999_999_999_999),
            ("1234567890123456", 1_234_567_890_123_456), ("12345678901234567", 12_345_678_901_234_567),
            ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("-1", nil), ("1.0", nil),
            ("1e3", nil), ("1E3", nil), ("0.5", nil), ("null", nil), ("\"1\"", nil), ("[1]", nil),
        ] as [(String, UInt64?)] {
            for space in ["", " ", "\n\t"] {
                let json = Array(
                    "{\"prompt_tokens\":\(space)\(text)\(space),\"total_tokens\":\(space)\(text)\(space)}".utf8)
                let usage = unsafe json.withUnsafeBytes { unsafe OpenAIUsage(scanning: $0, in: 0..<$0.count) }
                XCTAssertEqual(usage?.prompt, count, text)
                XCTAssertEqual(usage?.total, count, text)
            }
        }
    }

    func testWhatIsNoNumberIsNoAnswer() {
        for text in ["00", "01", "1x", "1.", "1e", "-", "1 2", "0x1", "1", ""] {
            let end = text == "1" ? "" : "}"
            let json = Array("{\"usage\":{\"prompt_tokens\":\(text)\(end)\(end)".utf8)
            XCTAssertNil(try? unsafe json.withUnsafeBytes { unsafe try OpenAIUsage.answer($0) }, text)
        }
    }

    func testCostIsRoundedUpOnceForEachLineAndNoTokenIsChargedTwice() {
        let lines = PriceLines(
            inputPicodollarsPerToken: 150_000, cachedInputPicodollarsPerToken: 75_000,
            outputPicodollarsPerToken: 600_000)
        let usage = TokenUsage(input: 100, cachedInput: 60, output: 50, reasoning: 30)
        // 40 x 150 + 60 x 75 + 20 x 600 + 30 x 600 nanodollars
        XCTAssertEqual(lines.cost(of: usage), Money(nanodollars: 40_500))
        let odd = PriceLines(inputPicodollarsPerToken: 1, outputPicodollarsPerToken: 1)
        XCTAssertEqual(odd.cost(of: TokenUsage(input: 1, output: 1)), Money(nanodollars: 2))
        XCTAssertEqual(lines.worstCase(UsageBound(textInput: 10, output: 10)), Money(nanodollars: 7_509))
    }

    func testAFastAnswerIsHeldForOnlyWhereItMayBeAskedFor() {
        func lines(_ price: Int64) -> PriceLines {
            PriceLines(inputPicodollarsPerToken: price, outputPicodollarsPerToken: price)
        }
        let sheet = PriceSheet(lines: lines(1000), tiers: [PriceTier(serviceTier: .fast, lines: lines(2000))])
        XCTAssertEqual(sheet.worstCase(UsageBound(textInput: 10, output: 10)).nanodollars, 29)
        XCTAssertEqual(sheet.worstCase(UsageBound(textInput: 10, output: 10, mayBeFast: true)).nanodollars, 49)
        XCTAssertEqual(sheet.cost(of: TokenUsage(input: 10, output: 10, serviceTier: .fast)).nanodollars, 40)
    }

    func testAmountsAreWrittenWithoutTrailingZeros() {
        for (nanodollars, text) in [
            (0, "0.00"), (27_000, "0.000027"), (12_500_000_000, "12.50"), (1, "0.000000001"), (1_230_000_000, "1.23"),
            (-50_000_000, "-0.05"),
        ] as [(Int64, String)] {
            let buffer = ByteBuffer()
            buffer.append(Money(nanodollars: nanodollars))
            XCTAssertEqual(String(decoding: buffer.array, as: UTF8.self), text)
            XCTAssertEqual(Money(nanodollars: nanodollars).dollars, text)
        }
    }
}

import Shared
import XCTest

@testable import DataPlane

/// What a batch that is over has cost.
final class BatchBillTests: XCTestCase {
    private let made = ObjectID(high: UInt64(StoredFixture.startUnixSeconds * 1_000) << 16, low: 7)

    private func correction(
        _ batch: String, _ change: (inout PolicyDocument) -> Void = { _ in }
    ) throws -> CorrectionRecord? {
        let fixture = try StoredFixture(change)
        let origin = BatchOrigin(owner: StoredFixture.owner, requestID: made, modelID: StoredFixture.modelID(1))
        let object = try XCTUnwrap(try JSONValue(parsing: Array(batch.utf8)).object)
        return BatchBill.correction(of: object, origin, by: fixture.target)
    }

    private func batch(_ status: String, _ counts: String, _ usage: String) -> String {
        #"{"status":"\#(status)","request_counts":\#(counts),"usage":\#(usage)}"#
    }

    private let counts = #"{"total":4,"completed":3,"failed":1}"#
    private let usage =
        #"{"input_tokens":100,"input_tokens_details":{"cached_tokens":40},"output_tokens":50,"#
        + #""output_tokens_details":{"reasoning_tokens":20},"total_tokens":150}"#

    func testItSaysWhatItUsedOnceItIsOver() throws {
        for status in ["completed", "failed", "expired", "cancelled"] {
            let found = try XCTUnwrap(try correction(batch(status, counts, usage)), status)
            XCTAssertEqual(found.requestID, made)
            XCTAssertEqual(
                found.usage,
                TokenUsage(input: 100, cachedInput: 40, output: 50, reasoning: 20, serviceTier: .batch))
            XCTAssertEqual(found.cost.nanodollars, 100 * 1 + 50 * 4)
        }
        for status in ["validating", "in_progress", "finalizing", "cancelling", "", "Completed"] {
            XCTAssertNil(try correction(batch(status, counts, usage)), status)
        }
        XCTAssertNil(try correction(#"{"usage":\#(usage),"request_counts":\#(counts)}"#), "no state")
        XCTAssertNil(try correction(#"{"status":7,"usage":\#(usage)}"#))
    }

    func testWhereNothingWasAnsweredNothingWasUsed() throws {
        let none = #"{"total":4,"completed":0,"failed":4}"#
        for usage in ["null", "{}", #"{"input_tokens":0,"output_tokens":0}"#] {
            let found = try XCTUnwrap(try correction(batch("failed", none, usage)), usage)
            XCTAssertEqual(found.usage, TokenUsage(serviceTier: .batch))
            XCTAssertEqual(found.cost, .zero)
        }
        // What it used without an answer is billed all the same.
        let found = try XCTUnwrap(try correction(batch("expired", none, usage)))
        XCTAssertEqual(found.cost.nanodollars, 300)
    }

    /// The worst case stays charged where a provider does not say what it used, or says what cannot be.
    func testWhatIsNotSaidFreesNothing() throws {
        for usage in [
            "null", "{}", "[]", "7", #"{"input_tokens":100}"#, #"{"output_tokens":50}"#,
            #"{"input_tokens":-1,"output_tokens":50}"#, #"{"input_tokens":"100","output_tokens":"50"}"#,
            #"{"input_tokens":1.5,"output_tokens":50}"#, #"{"input_tokens":0,"output_tokens":0,"total_tokens":0}"#,
        ] {
            XCTAssertNil(try correction(batch("completed", counts, usage)), usage)
        }
        for counts in ["null", "{}", #"{"completed":null}"#, #"{"completed":"0"}"#, #"{"completed":-0.0}"#] {
            XCTAssertNil(try correction(batch("completed", counts, "null")), counts)
            XCTAssertNil(
                try correction(batch("completed", counts, #"{"input_tokens":0,"output_tokens":0}"#)), counts)
            XCTAssertNotNil(try correction(batch("completed", counts, usage)), counts)
        }
    }

    func testTheLinesOfThePriceAreThoseOfTheMeanLength() throws {
        let long = PriceLines(inputPicodollarsPerToken: 10_000, outputPicodollarsPerToken: 0)
        func cost(_ input: Int, of completed: Int) throws -> Int64? {
            try correction(
                batch("completed", #"{"completed":\#(completed)}"#, #"{"input_tokens":\#(input),"output_tokens":0}"#)
            ) {
                $0.models[0].prices[0].tiers?.append(
                    PriceTier(serviceTier: .batch, aboveInputTokens: 100, lines: long))
            }?.cost.nanodollars
        }
        XCTAssertEqual(try cost(300, of: 3), 300)
        XCTAssertEqual(try cost(303, of: 3), 3_030)
        XCTAssertEqual(try cost(1_000_000, of: 10_000), 1_000_000)
    }

    func testWhatIsTakenForEachRequestIsTakenForEachThatWasAnswered() throws {
        let found = try correction(batch("completed", counts, #"{"input_tokens":1,"output_tokens":0}"#)) {
            $0.models[0].prices[0].tiers = [
                PriceTier(
                    serviceTier: .batch,
                    lines: PriceLines(
                        inputPicodollarsPerToken: 1_000, outputPicodollarsPerToken: 0, requestPicodollars: 5_000))
            ]
        }
        XCTAssertEqual(found?.cost.nanodollars, 1 + 3 * 5)
    }

    func testThePriceIsThatOfTheMomentInWhichItWasMade() throws {
        func cost(_ effective: Int64) throws -> Money? {
            try correction(batch("completed", counts, usage)) {
                $0.models[0].prices.append(
                    .init(
                        id: ObjectID(high: 5, low: 2), effectiveFromUnixSeconds: effective,
                        lines: PriceLines(inputPicodollarsPerToken: 0, outputPicodollarsPerToken: 0)))
            }?.cost
        }
        XCTAssertEqual(try cost(StoredFixture.startUnixSeconds), .zero)
        XCTAssertEqual(try cost(StoredFixture.startUnixSeconds + 1)?.nanodollars, 300)
        XCTAssertEqual(
            try correction(batch("completed", counts, usage)) { $0.models[0].prices = [] }?.cost, .zero,
            "a model without a price costs nothing")
    }
}

import Shared
import XCTest

@testable import DataPlane

final class EmbeddingRequestTests: XCTestCase {
    private func read(_ text: String, isBatch: Bool = false) throws(GatewayError) -> EmbeddingRequest {
        do throws(ParseError) {
            return try unsafe Array(text.utf8).withRawBytes { bytes throws(ParseError) in
                try unsafe EmbeddingRequest(bytes, isBatch: isBatch)
            }
        } catch { throw GatewayError(error) }
    }

    private func models(_ text: String, isBatch: Bool = false) throws -> [String] {
        let body = Array(text.utf8)
        return try read(text, isBatch: isBatch).modelRanges.map { String(decoding: body[$0], as: UTF8.self) }
    }

    func testTextsAreInputOfKnownSize() throws {
        for body in [
            #"{"content":{"parts":[{"text":"a"},{"text":"b"}],"role":"user"},"taskType":"CLUSTERING","title":"t"}"#,
            #"{"\u0063ontent":{"parts":[{"text":"a"}]}, "outputDimensionality": 8}"#,
        ] {
            let request = try read(body)
            XCTAssertFalse(request.hasUnknownInput, body)
            XCTAssertEqual(request.contentCount, 1, body)
        }
        for body in [
            #"{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AA"}}]}}"#,
            #"{"content":{"parts":[{"text":"a"},{"file_data":{"fileUri":"x"}}]}}"#, #"{"content":"a"}"#, "{}",
            #"{"content":{"parts":[{"text":"a"}]},"content":{"parts":[{"text":"a"}]}}"#,
            #"{"content":{"parts":["a"]}}"#, #"{"Content":{"parts":[{"text":"a"}]}}"#,
        ] {
            XCTAssertTrue(try read(body).hasUnknownInput, body)
        }
    }

    func testEveryNameOfAModelIsFound() throws {
        XCTAssertEqual(try models(#"{"model":"models/a","content":{"parts":[{"text":"model"}]}}"#), [#""models/a""#])
        let batch =
            #"{"requests":[{"model":"models/a","content":{"parts":[]}},{"content":{"parts":[]},"m\u006fdel":"b"}]}"#
        XCTAssertEqual(try models(batch, isBatch: true), [#""models/a""#, #""b""#])
        let found = try read(batch, isBatch: true)
        XCTAssertEqual(found.contentCount, 2)
        XCTAssertFalse(found.hasUnknownInput)
    }

    func testABatchHasItsBound() throws {
        func batch(_ count: Int) -> String {
            #"{"requests":[\#(Array(repeating: #"{"content":{"parts":[{"text":"a"}]}}"#, count: count).joined(separator: ","))]}"#
        }
        XCTAssertEqual(try read(batch(1_000), isBatch: true).contentCount, 1_000)
        XCTAssertThrowsError(try read(batch(1_001), isBatch: true)) { error in
            XCTAssertEqual((error as? GatewayError)?.param, "requests")
        }
        XCTAssertThrowsError(try read("[", isBatch: true)) { error in
            XCTAssertEqual((error as? GatewayError)?.code.description, "invalid_json")
        }
    }

    func testTheStandInNamesTheModel() {
        XCTAssertEqual(String(decoding: EmbeddingRequest.standIn(model: "a\"b"), as: UTF8.self), #"{"model":"a\"b"}"#)
    }
}

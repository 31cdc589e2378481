import Shared
import XCTest

@testable import DataPlane

/// What is read of requests to endpoints that only pass.
final class PassedRequestTests: XCTestCase {
    private func parse(_ text: String, _ endpoint: Endpoint) throws(GatewayError) -> ParsedRequest {
        do throws(ParseError) {
            return try unsafe Array(text.utf8).withRawBytes { bytes throws(ParseError) in
                try unsafe RequestParser.parse(bytes, endpoint: endpoint)
            }
        } catch { throw GatewayError(error) }
    }

    func testAModerationOfImagesHasInputOfUnknownSize() throws {
        for (input, isUnknown) in [
            (#""a""#, false), (#"["a","b"]"#, false), (#"[{"type":"text","text":"a"}]"#, false),
            (#"[{"type":"image_url","image_url":{"url":"x"}}]"#, true), (#"[{"text":"a"}]"#, true),
        ] {
            let request = try parse(#"{"model":"a","input":\#(input)}"#, .moderations)
            XCTAssertEqual(request.prompt.hasUnknownInput, isUnknown, input)
            XCTAssertFalse(request.isStream)
        }
    }

    func testEachDocumentIsReadTogetherWithTheQuery() throws {
        func tokens(_ documents: Int) throws -> UInt64 {
            let list = Array(repeating: #""d""#, count: documents).joined(separator: ",")
            let body = #"{"model":"a","query":"\#(String(repeating: "q", count: 98))","documents":[\#(list)]}"#
            return try parse(body, .rerank).prompt.textTokens
        }
        // The query with its quotes, what stands between, the document, its comma, and two for the comma.
        XCTAssertEqual(try tokens(11) - tokens(10), 100 + 8 + 4 + 2)
        for (documents, isUnknown) in [
            (#"["a",{"text":"b"}]"#, false), (#"[{"text":"b","image":"x"}]"#, true), (#"[{"text":["b"]}]"#, true),
        ] {
            let request = try parse(#"{"model":"a","query":"q","documents":\#(documents)}"#, .rerank)
            XCTAssertEqual(request.prompt.hasUnknownInput, isUnknown, documents)
        }
        XCTAssertTrue(
            try parse(#"{"model":"a","query":{"image":"x"},"documents":["a"]}"#, .rerank).prompt.hasUnknownInput)
        XCTAssertThrowsError(try parse(#"{"model":"a","documents":[],"documents":["a"]}"#, .rerank))
    }

    func testASearchHasAHundredPieces() {
        func units(_ count: UInt64, _ bytes: UInt64, _ query: UInt64) -> UInt64 {
            RerankRequest.unitsMax(count: count, bytes: bytes, queryBytes: query)
        }
        XCTAssertEqual(units(0, 0, 0), 1)
        XCTAssertEqual(units(100, 399, 100), 1)
        XCTAssertEqual(units(100, 400, 100), 2)
        XCTAssertEqual(units(1, 1_000, 600), 11, "no room is left beside the query")
        XCTAssertEqual(units(.max, .max, 0), .max / 100 + 1)
    }

    func testImagesCountAndWhatIsShownEarlyComesOnTop() throws {
        let request = try parse(
            #"{"model":"a","prompt":"b","n":3,"stream":true,"partial_images":2}"#, .imageGenerations)
        XCTAssertEqual(request.choiceCount, 3)
        XCTAssertEqual(request.unitsMax, 3)
        XCTAssertEqual(request.addedOutputTokens, 200)
        XCTAssertTrue(request.isStream)
        XCTAssertFalse(request.injectsUsage)
        XCTAssertThrowsError(try parse(#"{"model":"a","n":3,"n":1}"#, .imageGenerations))
        XCTAssertThrowsError(try parse(#"{"model":"a","partial_images":"2"}"#, .imageGenerations))
    }

    func testSpeechCountsTheCharactersOfItsText() throws {
        for (input, count) in [(#""river""#, 5), (#""\u00fcber \ud83c\udf0a""#, 6), ("\"über 🌊\"", 6), (#""""#, 0)] {
            let request = try parse(#"{"model":"a","voice":"b","input":\#(input)}"#, .speech)
            XCTAssertEqual(request.characterCount, UInt64(count), input)
            XCTAssertGreaterThanOrEqual(request.prompt.textTokens, request.characterCount)
        }
        XCTAssertThrowsError(try parse(#"{"model":"a","input":"a","input":"b"}"#, .speech))
    }

    // MARK: Usage

    private func usage(_ answer: String, _ endpoint: Endpoint) throws -> PassedUsage? {
        let request = ParsedRequest(
            endpoint: endpoint, model: JSONField(start: 0, end: 2, kind: .string, occurrences: 1),
            fields: try JSONObjectFields(scanning: Array("{}".utf8), for: PassedFields.names), bodyBytes: 0)
        let whole = unsafe Array(answer.utf8).withUnsafeBytes { unsafe PassedUsage.read(answer: $0, to: request) }
        var capture = UsageCapture(of: request)
        for byte in answer.utf8 { unsafe withUnsafeBytes(of: byte) { unsafe capture.feed($0) } }
        XCTAssertEqual(capture.found, whole, "in pieces: \(answer)")
        return whole
    }

    func testAnImageIsBilledByTokensOfEachKind() throws {
        let plain =
            #"{"total_tokens":110,"input_tokens":50,"output_tokens":60,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}"#
        let expected = TokenUsage(input: 50, imageInput: 40, output: 60, imageOutput: 60)
        XCTAssertEqual(
            try usage(#"{"created":1,"data":[{"b64_json":"AA"}],"usage":\#(plain)}"#, .imageGenerations)?.usage,
            expected)
        XCTAssertNil(try usage(#"{"created":1,"data":[{"url":"x"}]}"#, .imageGenerations))
        XCTAssertEqual(
            try usage(
                #"{"usage":{"input_tokens":5,"output_tokens":9,"output_tokens_details":{"image_tokens":7,"text_tokens":2}}}"#,
                .imageGenerations)?.usage, TokenUsage(input: 5, output: 9, imageOutput: 7))
    }

    func testARecordingIsBilledBySecondsOrTokens() throws {
        XCTAssertEqual(
            try usage(#"{"text":"a","usage":{"type":"duration","seconds":9}}"#, .transcriptions)?.usage,
            TokenUsage(input: 9, audioInput: 9))
        let tokens =
            #"{"text":"a","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},"output_tokens":5,"total_tokens":19}}"#
        XCTAssertEqual(try usage(tokens, .transcriptions)?.usage, TokenUsage(input: 14, audioInput: 10, output: 5))
        XCTAssertNil(try usage("1\n00:00:00,000 --> 00:00:01,000\na river\n", .transcriptions))
    }

    func testSpeechIsBilledByTheTokensOfItsSound() throws {
        let done = #"{"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":101,"total_tokens":115}}"#
        XCTAssertEqual(try usage(done, .speech)?.usage, TokenUsage(input: 14, output: 101, audioOutput: 101))
    }

    func testTheUsagesOfSeveralImagesInAStreamAreAdded() throws {
        let stream =
            ": comment\r\nevent: image_generation.partial_image\r\ndata: {\"type\":\"p\",\"b64_json\":\"AA\"}\r\n\r\n"
            + "data:{\"usage\":{\"input_tokens\":5,\ndata:\"output_tokens\":9}}\n\n"
            + "datax: {\"usage\":{\"input_tokens\":500,\"output_tokens\":9}}\n\n"
            + "data: {\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}\n\n"
        let request = try parse(#"{"model":"a"}"#, .imageGenerations)
        let bytes = Array(stream.utf8)
        for split in 0...bytes.count {
            var capture = UsageCapture(of: request, isEvents: true)
            for part in [bytes[..<split], bytes[split...]] {
                unsafe Array(part).withUnsafeBytes { unsafe capture.feed($0) }
            }
            XCTAssertEqual(capture.found?.usage, TokenUsage(input: 6, output: 11, imageOutput: 11), "split at \(split)")
        }
    }

    func testARankingIsBilledByTokensOrBySearches() throws {
        XCTAssertEqual(
            try usage(#"{"results":[],"usage":{"total_tokens":38}}"#, .rerank),
            PassedUsage(usage: TokenUsage(input: 38)))
        XCTAssertEqual(
            try usage(#"{"usage":{"prompt_tokens":56,"total_tokens":56},"results":[]}"#, .rerank),
            PassedUsage(usage: TokenUsage(input: 56)))
        XCTAssertEqual(
            try usage(#"{"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":2.0}}}"#, .rerank),
            PassedUsage(usage: .zero, units: 2))
        XCTAssertNil(try usage(#"{"meta":{"billed_units":{}},"results":[]}"#, .rerank))
        XCTAssertNil(try usage(#"{"meta":{"billed_units":{"search_units":2}}}"#, .embeddings))
        XCTAssertNil(try usage(#"{"results":[{"usage":{"total_tokens":3}}]}"#, .rerank))
    }
}

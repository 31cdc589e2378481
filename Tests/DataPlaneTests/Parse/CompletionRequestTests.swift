import Shared
import XCTest

@testable import DataPlane

final class CompletionRequestTests: XCTestCase {
    private func parse(_ text: String) throws(GatewayError) -> ParsedRequest {
        do throws(ParseError) {
            return try unsafe Array(text.utf8).withRawBytes { bytes throws(ParseError) in
                try unsafe RequestParser.parse(bytes, endpoint: .completions)
            }
        } catch { throw GatewayError(error) }
    }

    private func choices(_ more: String) throws -> UInt64 { try parse(#"{"model":"a",\#(more)}"#).choiceCount }

    func testAPromptIsATextOrAListOfTokensAndAListOfEitherIsAsMany() throws {
        for (prompt, count) in [
            (#""once""#, 1), ("null", 1), (#"["a","b","c"]"#, 3), ("[1, 2, 3]", 1), ("[[1,2],[3]]", 2), ("[]", 1),
            (#"[ "a" , [1,2] ]"#, 2), (#"["a,b]","c\"]"]"#, 2), (#"{"a":1}"#, 1),
        ] as [(String, UInt64)] {
            XCTAssertEqual(try choices(#""prompt":\#(prompt)"#), count, prompt)
        }
        XCTAssertEqual(try choices(#""user":"u""#), 1)
    }

    func testEveryChoiceThatIsMadeCountsForEveryPrompt() throws {
        XCTAssertEqual(try choices(#""prompt":"a","n":3"#), 3)
        XCTAssertEqual(try choices(#""prompt":"a","best_of":5"#), 5)
        XCTAssertEqual(try choices(#""prompt":["a","b"],"n":2,"best_of":5"#), 10)
        XCTAssertEqual(try choices(#""prompt":["a","b"],"n":18446744073709551615"#), .max)
    }

    func testWhatBoundsItCannotStandTwiceOrBeUnreadable() throws {
        for (more, param) in [
            (#""prompt":"a","prompt":["a","b"]"#, "prompt"), (#""best_of":1,"best_of":9"#, "best_of"),
            (#""best_of":1.5"#, "best_of"), (#""n":"2""#, "n"), (#""max_tokens":-1"#, "max_tokens"),
            (#""stream":"yes""#, "stream"),
        ] {
            XCTAssertThrowsError(try choices(more), more) { error in
                XCTAssertEqual((error as? GatewayError)?.param, param, more)
                XCTAssertEqual((error as? GatewayError)?.status, 400, more)
            }
        }
    }

    func testFactsOfACompletion() throws {
        let request = try parse(#"{"model":"a","prompt":"b","max_tokens":5,"stream":true,"user":"u-1","echo":true}"#)
        XCTAssertEqual(request.outputTokensMax, 5)
        XCTAssertTrue(request.injectsUsage)
        XCTAssertEqual(request.endUser, "u-1")
        XCTAssertGreaterThanOrEqual(request.prompt.textTokens, 60, "every byte may be text")
        XCTAssertNil(try parse(#"{"model":"a"}"#).outputTokensMax)
        XCTAssertTrue(try parse(#"{"model":"a","service_tier":"default"}"#).wantsStandardTier)
    }

    func testEditsUseTheOlderNameOfTheBound() throws {
        func edited(_ text: String, bound: UInt64?) throws -> String {
            let request = try parse(text)
            request.injectedOutputTokensMax = bound
            let body = Array(text.utf8)
            let edits = unsafe body.withUnsafeBytes {
                unsafe RequestParser.edits(for: request, $0, modelNameJSON: Array(#""up""#.utf8))
            }
            return String(decoding: edits.apply(to: body), as: UTF8.self)
        }
        XCTAssertEqual(
            try edited(#"{"model":"a","prompt":[1]}"#, bound: 7), #"{"max_tokens":7,"model":"up","prompt":[1]}"#)
        XCTAssertEqual(
            try edited(#"{"model":"a","max_tokens":9,"max_completion_tokens":8}"#, bound: 7),
            #"{"model":"up","max_tokens":7,"max_completion_tokens":7}"#)
        XCTAssertEqual(
            try edited(#"{"model":"a","stream":true}"#, bound: nil),
            #"{"stream_options":{"include_usage":true},"model":"up","stream":true}"#)
    }
}

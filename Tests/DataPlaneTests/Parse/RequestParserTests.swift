import Shared
import XCTest

@testable import DataPlane

final class RequestParserTests: XCTestCase {
    private func parse(_ text: String, _ endpoint: Endpoint = .chatCompletions) throws(GatewayError) -> ParsedRequest {
        do throws(ParseError) {
            return try unsafe Array(text.utf8).withRawBytes { bytes throws(ParseError) in
                try unsafe RequestParser.parse(bytes, endpoint: endpoint)
            }
        } catch { throw GatewayError(error) }
    }

    private func edited(_ text: String, model: String = "up") throws -> String {
        let body = Array(text.utf8)
        let edits = try unsafe body.withUnsafeBytes { bytes in
            unsafe RequestParser.edits(
                for: try RequestParser.parse(bytes, endpoint: .chatCompletions), bytes,
                modelNameJSON: Array("\"\(model)\"".utf8))
        }
        return String(decoding: edits.apply(to: body), as: UTF8.self)
    }

    private func assertRefused(_ text: String, code: String, param: String?, line: UInt = #line) {
        XCTAssertThrowsError(try parse(text), line: line) { error in
            let error = error as? GatewayError
            XCTAssertEqual(error?.code.description, code, line: line)
            XCTAssertEqual(error?.param, param, line: line)
            XCTAssertEqual(error?.status, 400, line: line)
        }
    }

    func testBodiesThatAreRefusedNameTheField() {
        assertRefused("not json", code: "invalid_json", param: nil)
        assertRefused("[]", code: "invalid_json", param: nil)
        assertRefused(#"{"model":"a"} x"#, code: "invalid_json", param: nil)
        assertRefused("{}", code: "missing_required_parameter", param: "model")
        assertRefused(#"{"model":3}"#, code: "invalid_type", param: "model")
        assertRefused(#"{"model":"a","\u006dodel":"b"}"#, code: "duplicate_parameter", param: "model")
        assertRefused(#"{"model":"a","stream":"yes"}"#, code: "invalid_type", param: "stream")
        assertRefused(#"{"model":"a","stream":true,"stream":false}"#, code: "duplicate_parameter", param: "stream")
        assertRefused(
            #"{"model":"a","stream":true,"stream_options":[]}"#, code: "invalid_type", param: "stream_options")
        assertRefused(
            #"{"model":"a","stream":true,"stream_options":{"include_usage":1}}"#, code: "invalid_type",
            param: "stream_options.include_usage")
    }

    func testOnlyTheModelAndTheUsageOptionChange() throws {
        XCTAssertEqual(try edited(#"{"model":"a","x":[1, 2]}"#), #"{"model":"up","x":[1, 2]}"#)
        XCTAssertEqual(try edited(#"{"model":"up"}"#), #"{"model":"up"}"#)
        XCTAssertEqual(
            try edited(#"{ "model" : "a" , "stream":true}"#),
            #"{"stream_options":{"include_usage":true}, "model" : "up" , "stream":true}"#)
        XCTAssertEqual(
            try edited(#"{"model":"a","stream":true,"stream_options":{"include_usage":false,"y":1}}"#),
            #"{"model":"up","stream":true,"stream_options":{"include_usage":true,"y":1}}"#)
        XCTAssertEqual(
            try edited(#"{"model":"a","stream":true,"stream_options":{"y":1}}"#),
            #"{"model":"up","stream":true,"stream_options":{"include_usage":true,"y":1}}"#)
        XCTAssertEqual(
            try edited(#"{"model":"a","stream":true,"stream_options":null}"#),
            #"{"model":"up","stream":true,"stream_options":{"include_usage":true}}"#)
        let asked = #"{"model":"up","stream":true,"stream_options":{"include_usage":true}}"#
        XCTAssertEqual(try edited(asked), asked)
    }

    func testFactsOfARequest() throws {
        let request = try parse(
            #"{"model":"a","stream":true,"max_tokens":5,"max_completion_tokens":9,"n":3,"user":"u-1"}"#)
        XCTAssertTrue(request.isStream)
        XCTAssertTrue(request.injectsUsage)
        XCTAssertEqual(request.outputTokensMax, 9)
        XCTAssertEqual(request.choiceCount, 3)
        XCTAssertEqual(request.endUser, "u-1")
        XCTAssertFalse(try parse(#"{"model":"a","stream":null}"#).isStream)
        XCTAssertFalse(try parse(#"{"model":"a","stream":true}"#, .embeddings).isStream)
    }

    func testALongEndUserIsCutBetweenCharacters() throws {
        let request = try parse(#"{"model":"a","user":"\#(String(repeating: "é", count: 100))"}"#)
        XCTAssertLessThanOrEqual(request.endUser.utf8.count, IntentRecord.endUserBytesMax)
    }
}

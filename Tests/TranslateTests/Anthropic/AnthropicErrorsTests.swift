import Shared
import XCTest

@testable import Translate

final class AnthropicErrorsTests: XCTestCase {
    private func read(_ text: String, status: Int) -> ProviderError {
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes { unsafe AnthropicMessages.error(status: status, from: $0) }
    }

    private static let types: [(type: String, kind: ProviderError.Kind, status: Int)] = [
        ("invalid_request_error", .invalidRequest, 400), ("authentication_error", .authentication, 401),
        ("billing_error", .quota, 402), ("permission_error", .permission, 403), ("not_found_error", .notFound, 404),
        ("request_too_large", .tooLarge, 413), ("rate_limit_error", .rateLimit, 429), ("api_error", .server, 500),
        ("overloaded_error", .overloaded, 529), ("timeout_error", .timeout, 504),
    ]

    func testEveryTypeIsUnderstoodAndWritten() {
        for (type, kind, status) in Self.types {
            let error = read(
                #"{"type":"error","error":{"type":"\#(type)","message":"M"},"request_id":"req_1"}"#, status: status)
            XCTAssertEqual(error, ProviderError(status: status, kind: kind, message: "M", code: type))
            assertJSON(
                AnthropicMessages.body(of: error),
                #"{"type": "error", "error": {"type": "\#(type)", "message": "M"}, "request_id": null}"#)
        }
        XCTAssertEqual(Set(Self.types.map(\.kind)), Set(ProviderError.Kind.allCases))
    }

    func testTheTypeSaysMoreThanTheStatus() {
        let body = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#
        XCTAssertEqual(read(body, status: 500).kind, .overloaded)
    }

    func testAnUnknownTypeIsWhatItsStatusSays() {
        let error = read(#"{"type":"error","error":{"type":"new_error","message":"M"}}"#, status: 429)
        XCTAssertEqual(error, ProviderError(status: 429, kind: .rateLimit, message: "M", code: "new_error"))
    }

    func testAnEmptyAccountIsAMatterOfQuota() {
        let body = #"""
            {"type":"error","error":{"type":"invalid_request_error",
             "message":"Your credit balance is too low to access the Anthropic API."}}
            """#
        XCTAssertEqual(read(body, status: 400).kind, .quota)
    }

    func testOtherShapesOfErrorsAreRead() {
        XCTAssertEqual(read(#"{"error":{"message":"M","type":"x","param":"p"}}"#, status: 400).param, "p")
        XCTAssertEqual(read(#"{"error":"M"}"#, status: 400).message, "M")
        XCTAssertEqual(
            read(#"{"message":"M"}"#, status: 403), ProviderError(status: 403, kind: .permission, message: "M"))
        XCTAssertEqual(read(#"{"detail":"M"}"#, status: 404).message, "M")
        XCTAssertEqual(read("[1]", status: 500).message, "The provider answered with status 500.")
    }

    func testBytesThatAreNoJSONAreAnErrorToo() {
        XCTAssertEqual(
            read("upstream timed out\n", status: 504),
            ProviderError(status: 504, kind: .timeout, message: "upstream timed out"))
        XCTAssertEqual(read("<html>nginx</html>", status: 502).message, "The provider answered with status 502.")
        XCTAssertEqual(read("", status: 503).kind, .overloaded)
        XCTAssertEqual(read(String(repeating: "x", count: 9_000), status: 500).message.utf8.count, 512)
    }
}

import Shared
import Translate
import XCTest

final class OpenAIErrorsTests: OpenAITestCase {
    private func error(_ status: Int, _ body: String) -> ProviderError {
        unsafe Array(body.utf8).withUnsafeBytes { unsafe OpenAIChat.error(status: status, from: $0) }
    }

    func testErrorsAreReadInEveryShape() {
        for (status, body, expected) in [
            (
                400,
                #"{"error":{"message":"Bad.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
                ProviderError(
                    status: 400, kind: .invalidRequest, message: "Bad.", code: "context_length_exceeded",
                    param: "messages")
            ),
            (
                400,
                #"{"error":{"message":"Filtered.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
                ProviderError(
                    status: 400, kind: .invalidRequest, message: "Filtered.", code: "content_filter", param: "prompt")
            ),
            (
                400, #"{"error":{"message":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
                ProviderError(
                    status: 400, kind: .invalidRequest, message: "x", code: "ResponsibleAIPolicyViolation")
            ),
            (401, #"{"error":"Bad key"}"#, ProviderError(status: 401, kind: .authentication, message: "Bad key")),
            (
                429, #"{"object":"error","message":"Slow","type":"rate_limited","param":null,"code":"1300"}"#,
                ProviderError(status: 429, kind: .rateLimit, message: "Slow", code: "rate_limited")
            ),
            (422, #"{"detail":"Not so"}"#, ProviderError(status: 422, kind: .invalidRequest, message: "Not so")),
            (
                422, #"{"detail":[{"loc":["body","messages",0,"role"],"msg":"field required","type":"missing"}]}"#,
                ProviderError(
                    status: 422, kind: .invalidRequest, message: "field required", param: "messages.0.role")
            ),
            (
                422,
                #"{"object":"error","message":{"detail":[{"loc":["body","n"],"msg":"no"}]},"type":"invalid_request_error"}"#,
                ProviderError(status: 422, kind: .invalidRequest, message: "no")
            ),
            (
                400, #"[{"error":{"code":400,"message":"Invalid","status":"INVALID_ARGUMENT"}}]"#,
                ProviderError(status: 400, kind: .invalidRequest, message: "Invalid", code: "INVALID_ARGUMENT")
            ),
            (503, "upstream is busy", ProviderError(status: 503, kind: .overloaded, message: "upstream is busy")),
            (
                502, "<html><body>Bad Gateway</body></html>",
                ProviderError(
                    status: 502, kind: .server, message: "The model provider reported an error with status 502.")
            ),
            (
                500, "",
                ProviderError(
                    status: 500, kind: .server, message: "The model provider reported an error with status 500.")
            ),
        ] as [(Int, String, ProviderError)] { XCTAssertEqual(error(status, body), expected, body) }
    }

    func testCodesSayMoreThanAStatus() {
        for (status, code, kind) in [
            (429, "insufficient_quota", ProviderError.Kind.quota), (429, "rate_limit_exceeded", .rateLimit),
            (400, "model_not_found", .notFound), (400, "billing_hard_limit_reached", .quota),
            (500, "overloaded_error", .overloaded), (400, "invalid_api_key", .authentication),
            (200, "engine_overloaded", .overloaded), (404, "DeploymentNotFound", .notFound),
        ] { XCTAssertEqual(error(status, #"{"error":{"message":"x","code":"\#(code)"}}"#).kind, kind, code) }
        XCTAssertEqual(error(500, #"{"error":{"message":"x","type":"rate_limit_error"}}"#).kind, .rateLimit)
    }

    func testEveryStatusHasAKind() {
        for (status, kind) in [
            (400, ProviderError.Kind.invalidRequest), (401, .authentication), (402, .quota), (403, .permission),
            (404, .notFound), (408, .timeout), (413, .tooLarge), (422, .invalidRequest), (429, .rateLimit),
            (500, .server), (502, .server), (503, .overloaded), (504, .timeout), (529, .overloaded),
        ] { XCTAssertEqual(error(status, "{}").kind, kind, "\(status)") }
    }

    func testErrorsAreWrittenAsOpenAIWritesThem() throws {
        assertJSON(
            OpenAIChat.body(
                of: ProviderError(status: 400, kind: .invalidRequest, message: "Bad \"x\".", code: "c", param: "n")),
            #"{"error":{"message":"Bad \"x\".","type":"invalid_request_error","param":"n","code":"c"}}"#)
        for (kind, type, code) in [
            (ProviderError.Kind.invalidRequest, "invalid_request_error", nil),
            (.authentication, "invalid_request_error", "invalid_api_key"),
            (.permission, "invalid_request_error", "permission_denied"),
            (.notFound, "invalid_request_error", "not_found"),
            (.tooLarge, "invalid_request_error", "request_too_large"), (.rateLimit, "requests", "rate_limit_exceeded"),
            (.quota, "insufficient_quota", "insufficient_quota"), (.overloaded, "server_error", "service_unavailable"),
            (.timeout, "server_error", "timeout"), (.server, "server_error", nil),
        ] as [(ProviderError.Kind, String, String?)] {
            let body = OpenAIChat.body(of: ProviderError(status: 500, kind: kind, message: "m"))
            let error = try JSONValue(parsing: body)["error"]
            XCTAssertEqual(error?["type"], .string(type))
            XCTAssertEqual(error?["code"], code.map { .string($0) } ?? .null)
            XCTAssertEqual(error?["param"], .null)
        }
    }

    func testWhatIsWrittenIsReadAsItWas() {
        for kind in ProviderError.Kind.allCases {
            let body = OpenAIChat.body(of: ProviderError(status: 0, kind: kind, message: "m", param: "n"))
            let read = unsafe body.withUnsafeBytes { unsafe OpenAIChat.error(status: 0, from: $0) }
            XCTAssertEqual([read.message, read.param], ["m", "n"])
            XCTAssertEqual(read.kind, kind)
        }
    }
}

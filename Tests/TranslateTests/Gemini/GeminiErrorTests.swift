import Shared
import Translate
import XCTest

final class GeminiErrorTests: XCTestCase {
    func testStatusWordsAreRead() {
        for (status, word, kind) in [
            (400, "INVALID_ARGUMENT", ProviderError.Kind.invalidRequest), (400, "OUT_OF_RANGE", .invalidRequest),
            (401, "UNAUTHENTICATED", .authentication), (403, "PERMISSION_DENIED", .permission),
            (400, "FAILED_PRECONDITION", .permission), (404, "NOT_FOUND", .notFound),
            (429, "RESOURCE_EXHAUSTED", .rateLimit), (503, "UNAVAILABLE", .overloaded),
            (504, "DEADLINE_EXCEEDED", .timeout), (500, "INTERNAL", .server), (500, "UNKNOWN", .server),
            (429, "NEVER_HEARD_OF", .rateLimit), (413, "", .tooLarge),
        ] {
            let body = #"{"error":{"code":\#(status),"message":"m","status":"\#(word)"}}"#
            let expected = ProviderError(status: status, kind: kind, message: "m", code: word.isEmpty ? nil : word)
            XCTAssertEqual(Gemini.error(status, body), expected)
            XCTAssertEqual(Gemini.error(status, "[\(body)]"), expected, "an array of one")
            XCTAssertEqual(Gemini.error(status, "[\(body)\n,\r\n{}]"), expected)
        }
    }

    func testRetryInfoIsReadAndWritten() throws {
        let body = """
            {"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[
              {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.074824224s"}]}}
            """
        let error = Gemini.error(429, body)
        XCTAssertEqual(error.retryAfterMilliseconds, 34_075)
        XCTAssertEqual(error.kind, .rateLimit)
        assertJSON(
            GeminiContent.body(of: error),
            """
            {"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[
              {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.075s"}]}}
            """)
        var whole = error
        whole.retryAfterMilliseconds = 2_000
        XCTAssertTrue(String(decoding: GeminiContent.body(of: whole), as: UTF8.self).contains(#""2s""#))
        XCTAssertNil(
            Gemini.error(429, body.replacingOccurrences(of: "34.074824224s", with: "soon")).retryAfterMilliseconds)
    }

    func testAnUnknownKeyIsAMatterOfAuthentication() {
        let error = Gemini.error(
            400,
            """
            {"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}
            """)
        XCTAssertEqual(error.kind, .authentication)
        XCTAssertEqual(error.code, "API_KEY_INVALID")
        XCTAssertEqual(error.status, 400)
    }

    func testQuotasOfADayAndSpentCreditsAreNotRateLimits() {
        func kind(_ quota: String) -> ProviderError.Kind {
            Gemini.error(
                429,
                """
                {"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[
                  {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"\(quota)"}]}]}}
                """
            ).kind
        }
        XCTAssertEqual(kind("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), .quota)
        XCTAssertEqual(kind("GenerateRequestsPerMinutePerProjectPerModel"), .rateLimit)
        let spent =
            #"{"error":{"code":429,"message":"Your prepayment credits are depleted.","status":"RESOURCE_EXHAUSTED"}}"#
        XCTAssertEqual(Gemini.error(429, spent).kind, .quota)
    }

    func testTheFieldThatIsWrongIsNamed() {
        let error = ProviderError(
            status: 400, kind: .invalidRequest, message: "want a number", code: "invalid_value",
            param: "generationConfig.temperature")
        let body = GeminiContent.body(of: error)
        assertJSON(
            body,
            """
            {"error":{"code":400,"message":"want a number","status":"INVALID_ARGUMENT","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"invalid_value"},
              {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[
                {"field":"generationConfig.temperature","description":"want a number"}]}]}}
            """)
        XCTAssertEqual(Gemini.error(400, String(decoding: body, as: UTF8.self)), error)
    }

    func testDetailsAreMetadataInTexts() throws {
        var error = ProviderError(status: 402, kind: .quota, message: "m", code: "budget_exceeded")
        error.details = ["scope": .string("team"), "limit": .number(JSONNumber(5)), "reset": .null]
        assertJSON(
            GeminiContent.body(of: error),
            """
            {"error":{"code":402,"message":"m","status":"RESOURCE_EXHAUSTED","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"budget_exceeded","metadata":{"scope":"team","limit":"5"}}]}}
            """)
        error.code = nil
        let body = try JSONValue(parsing: GeminiContent.body(of: error))
        XCTAssertEqual(body["error"]?["details"]?.array?[0]["reason"], .string("RESOURCE_EXHAUSTED"))
    }

    func testEveryKindHasItsCodeAndWord() throws {
        for (kind, code, word) in [
            (ProviderError.Kind.invalidRequest, 400, "INVALID_ARGUMENT"), (.authentication, 401, "UNAUTHENTICATED"),
            (.permission, 403, "PERMISSION_DENIED"), (.notFound, 404, "NOT_FOUND"),
            (.tooLarge, 413, "INVALID_ARGUMENT"), (.rateLimit, 429, "RESOURCE_EXHAUSTED"),
            (.quota, 429, "RESOURCE_EXHAUSTED"), (.overloaded, 503, "UNAVAILABLE"),
            (.timeout, 504, "DEADLINE_EXCEEDED"), (.server, 500, "INTERNAL"),
        ] {
            let error = ProviderError(status: 0, kind: kind, message: "m")
            assertJSON(
                GeminiContent.body(of: error),
                #"{"error":{"code":\#(code),"message":"m","status":"\#(word)"}}"#)
        }
        let spent = ProviderError(status: 402, kind: .quota, message: "m", code: "budget_exceeded")
        let body = try JSONValue(parsing: GeminiContent.body(of: spent))
        XCTAssertEqual(body["error"]?["code"], .number(JSONNumber(402)))
    }

    func testAnyBytesAreAnError() {
        XCTAssertEqual(
            Gemini.error(502, "<html>Bad gateway</html>"),
            ProviderError(status: 502, kind: .server, message: "<html>Bad gateway</html>"))
        XCTAssertEqual(Gemini.error(503, "").message, "the provider answered with status 503")
        XCTAssertEqual(Gemini.error(404, #"{"error":"no"}"#).kind, .notFound)
        XCTAssertEqual(Gemini.error(500, String(repeating: "x", count: 5_000)).message.count, 1_000)
        XCTAssertEqual(Gemini.error(500, #"{"error":{}}"#).message, "the provider reported an error")
    }
}

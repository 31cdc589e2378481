import Foundation
import Shared
import XCTest

@testable import DataPlane

final class OutcomeClassTests: XCTestCase {
    private func complaint(_ body: String) -> ProviderComplaint {
        let bytes = Array(body.utf8)
        return unsafe bytes.withUnsafeBytes { unsafe ProviderComplaint(readingBody: $0) }
    }

    func testContextTooLongInAllItsSpellings() {
        for body in [
            #"{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            #"{"error":{"message":"Your input exceeds the context window of this model.","type":"invalid_request_error","code":null}}"#,
            #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
            #"{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
            #"[{"error":{"code":400,"message":"The input token count exceeds the maximum number of tokens allowed","status":"INVALID_ARGUMENT"}}]"#,
            #"{"message":"Input is too long for requested model."}"#,
            #"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#,
            #"{"object":"error","message":"This model's maximum context length is 4096 tokens. Please reduce the length of the messages.","type":"BadRequestError","code":400}"#,
            #"{"message":"too many tokens: size limit exceeded by 300 tokens."}"#,
        ] { XCTAssertEqual(complaint(body), .contextLength, body) }
    }

    func testContentFilterInItsSpellings() {
        for body in [
            #"{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","code":"content_filter","status":400}}"#,
            #"{"error":{"code":"content_policy_violation","message":"Your request was rejected","type":"invalid_request_error"}}"#,
            #"{"error":{"message":"Invalid prompt: your prompt was flagged as potentially violating our usage policy.","type":"invalid_request_error","code":"invalid_prompt"}}"#,
        ] { XCTAssertEqual(complaint(body), .contentFilter, body) }
    }

    func testQuota() {
        for body in [
            #"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
            #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}"#,
            #"{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}"#,
        ] { XCTAssertEqual(complaint(body), .quota, body) }
    }

    func testNothingInParticular() {
        for body in [
            "", "{}", "null", "<html>Bad Gateway</html>", #"{"error":"overloaded"}"#,
            #"{"error":{"message":7,"code":null}}"#,
            #"{"error":{"message":"Invalid value for 'temperature'","type":"invalid_request_error","code":null}}"#,
        ] { XCTAssertEqual(complaint(body), .none, body) }
    }

    func testACodeCountsMoreThanAMessageThatQuotesTheCaller() {
        XCTAssertEqual(
            complaint(
                #"{"error":{"message":"Invalid 'messages[0].content': 'what is a content filter?'","code":"insufficient_quota"}}"#
            ),
            .quota)
    }

    func testStatuses() {
        func ended(_ status: Int, _ complaint: ProviderComplaint = .none) -> OutcomeClass {
            OutcomeClass(status: status, complaint: complaint)
        }
        XCTAssertEqual(ended(200), .answered)
        XCTAssertEqual(ended(400), .invalid)
        XCTAssertEqual(ended(422), .invalid)
        XCTAssertEqual(ended(400, .contextLength), .contextTooLong)
        XCTAssertEqual(ended(422, .contextLength), .contextTooLong)
        XCTAssertEqual(ended(400, .contentFilter), .contentFiltered)
        XCTAssertEqual(ended(403, .contentFilter), .contentFiltered)
        XCTAssertEqual(ended(400, .quota), .quotaExhausted, "Anthropic says so with a 400")
        XCTAssertEqual(ended(401), .credentialRejected)
        XCTAssertEqual(ended(403), .permissionDenied)
        XCTAssertEqual(ended(402), .quotaExhausted)
        XCTAssertEqual(ended(404), .modelNotFound)
        XCTAssertEqual(ended(408), .requestTimeout)
        XCTAssertEqual(ended(409), .conflict)
        XCTAssertEqual(ended(413), .bodyTooLarge)
        XCTAssertEqual(ended(425), .tooEarly)
        XCTAssertEqual(ended(429), .rateLimited)
        XCTAssertEqual(ended(429, .quota), .quotaExhausted)
        XCTAssertEqual(ended(500), .serverError)
        XCTAssertEqual(ended(501), .notImplemented)
        XCTAssertEqual(ended(503), .serverError)
        XCTAssertEqual(ended(529), .overloaded)
    }

    /// The table that people read is the one that the program follows.
    func testTheDocumentHoldsTheSameTable() throws {
        let document = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../docs/reliability.md"), encoding: .utf8)
        for outcome in OutcomeClass.allCases {
            let rule = outcome.rule
            let cooled =
                rule.cooled == .nobody
                ? "no" : "\(rule.cooled.rawValue), \(Self.time(rule.coolMilliseconds))"
            let start = "| `\(outcome.label)` |"
            let lines = document.split(separator: "\n").filter { $0.hasPrefix(start) }
            XCTAssertEqual(lines.count, 1, "\(outcome)")
            let columns = (lines.first ?? "").split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            XCTAssertEqual(
                Array(columns.dropFirst(2).prefix(5)),
                [
                    rule.retries ? "yes" : "no", rule.cause.map { "`\($0.rawValue)`" } ?? "no", cooled,
                    rule.counted.rawValue, rule.isVerdict ? "as it is" : "Weir's own",
                ], "\(outcome)")
        }
    }

    private static func time(_ milliseconds: UInt64) -> String {
        milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }
}

import Foundation
import TestSupport
import XCTest

/// Faults and bills of the provider: the same in every dialect.
final class StubFaultTests: StubTestCase {
    func testFaultsEndAsTheirNamesSay() throws {
        for dialect in DialectSpeech.allCases {
            var question = DialectSpeech.Question()
            for fault in ["close-before-head", "reset-before-head", "reset-mid-head"] {
                XCTAssertThrowsError(try send(dialect, question, fault: fault), "\(dialect): \(fault)")
            }
            XCTAssertEqual(try send(dialect, question, fault: "wrong-content-length").ending, .cut, "\(dialect)")
            XCTAssertEqual(try send(dialect, question, fault: "cut-mid-stream").body.count, 3, "\(dialect)")
            XCTAssertEqual(try send(dialect, question, fault: "reset-mid-stream").ending, .reset, "\(dialect)")
            XCTAssertNil(try ask(dialect, question, fault: "missing-usage").usage, "\(dialect)")
            XCTAssertGreaterThan(
                try ask(dialect, question, fault: "huge-answer;bytes=40000").text.utf8.count, 30_000, "\(dialect)")

            question.isStream = true
            XCTAssertThrowsError(try send(dialect, question, fault: "malformed-framing"), "\(dialect)")
            XCTAssertGreaterThan(
                try ask(dialect, question, fault: "huge-answer;bytes=40000").text.utf8.count, 30_000, "\(dialect)")
            for (fault, ending, isWhole) in [
                ("none", HTTPAnswer.Ending.complete, true), ("cut-mid-stream;after=5", .cut, false),
                ("reset-mid-stream;after=5", .reset, false), ("stall-mid-stream;ms=20", .complete, true),
                ("stall-before-head;ms=20", .complete, true), ("stall-after-head;ms=20", .complete, true),
                ("missing-done", .complete, false), ("missing-usage", .complete, true),
                ("usage-every-chunk", .complete, true), ("slow;first=3;chunk=1;tokens=6", .complete, true),
            ] {
                let answer = try send(dialect, question, fault: fault)
                XCTAssertEqual(answer.ending, ending, "\(dialect): \(fault)")
                let told = try DialectAnswer(answer, in: dialect, isStream: true)
                XCTAssertEqual(told.isWhole, isWhole, "\(dialect): \(fault)")
                XCTAssertFalse(told.text.isEmpty, "\(dialect): \(fault)")
                if fault == "missing-usage" { XCTAssertNil(told.usage, "\(dialect)") }
            }
        }
    }

    func testAnEventThatIsBrokenIsSeenToBe() throws {
        for dialect in DialectSpeech.allCases {
            for fault in ["malformed-chunk", "bad-checksum"] {
                let answer = try send(dialect, .init(isStream: true), fault: fault)
                XCTAssertEqual(answer.ending, .complete, "\(dialect)")
                XCTAssertThrowsError(try DialectAnswer(answer, in: dialect, isStream: true), "\(dialect): \(fault)")
            }
        }
    }

    func testAnErrorInTheMiddleOfAStreamIsToldInTheWordsOfTheDialect() throws {
        for (dialect, word) in [
            (DialectSpeech.openai, "server_error"), (.anthropic, "overloaded_error"), (.gemini, "UNAVAILABLE"),
            (.bedrock, "serviceUnavailableException"), (.responses, "server_error"),
        ] {
            let told = try ask(dialect, .init(isStream: true), fault: "error-mid-stream;after=6")
            XCTAssertEqual(told.error, word)
            XCTAssertFalse(told.isWhole, "\(dialect)")
            XCTAssertFalse(told.text.isEmpty, "\(dialect)")
            let bill = try XCTUnwrap(try bills().last)
            XCTAssertEqual(bill["delivery"] as? String, "partial", "\(dialect)")
            XCTAssertEqual(bill["completionTokens"] as? Int, told.text.split(separator: " ").count, "\(dialect)")
        }
        XCTAssertEqual(
            try ask(.bedrock, .init(isStream: true), fault: "error-mid-stream;code=ThrottlingException").error,
            "throttlingException")
    }

    /// The others have no such answer.
    func testAResponseThatFailedSaysSo() throws {
        let failed = try ask(.responses, .init(), fault: "failed-response;code=rate_limit_exceeded")
        XCTAssertEqual(failed.finish, "failed")
        XCTAssertEqual(failed.error, "rate_limit_exceeded")
        XCTAssertNil(failed.usage)
        XCTAssertEqual(try bills().last?["completionTokens"] as? Int, 0)
        let broken = try ask(.responses, .init(isStream: true), fault: "failed-response;after=6")
        XCTAssertEqual(broken.finish, "failed")
        XCTAssertEqual(broken.error, "server_error")
        XCTAssertFalse(broken.isWhole)
        XCTAssertEqual(try bills().last?["completionTokens"] as? Int, 2)
        XCTAssertEqual(
            try ask(.anthropic, .init(isStream: true), fault: "failed-response;after=6").error, "overloaded_error")
    }

    func testErrorsHaveTheShapeOfTheDialect() throws {
        for (status, types) in [
            (
                400,
                [
                    "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT", "ValidationException",
                    "invalid_request_error",
                ]
            ),
            (
                401,
                [
                    "invalid_request_error", "authentication_error", "UNAUTHENTICATED", "AccessDeniedException",
                    "invalid_request_error",
                ]
            ),
            (
                403,
                [
                    "invalid_request_error", "permission_error", "PERMISSION_DENIED", "AccessDeniedException",
                    "invalid_request_error",
                ]
            ),
            (
                404,
                [
                    "invalid_request_error", "not_found_error", "NOT_FOUND", "ResourceNotFoundException",
                    "invalid_request_error",
                ]
            ),
            (429, ["requests", "rate_limit_error", "RESOURCE_EXHAUSTED", "ThrottlingException", "requests"]),
            (500, ["server_error", "api_error", "INTERNAL", "InternalServerException", "server_error"]),
            (503, ["server_error", "overloaded_error", "UNAVAILABLE", "ServiceUnavailableException", "server_error"]),
        ] {
            for (dialect, type) in zip(DialectSpeech.allCases, types) {
                let answer = try send(dialect, .init(), fault: "status-\(status);retry-after=2")
                XCTAssertEqual(answer.status, status, "\(dialect)")
                XCTAssertEqual(answer.header("retry-after"), "2", "\(dialect)")
                XCTAssertEqual(Self.errorType(answer, in: dialect), type)
                XCTAssertFalse(Self.errorMessage(answer, in: dialect).isEmpty, "\(dialect)")
            }
        }
    }

    private static func errorType(_ answer: HTTPAnswer, in dialect: DialectSpeech) -> String? {
        switch dialect {
        case .openai, .anthropic, .responses: answer.errorType
        case .gemini: (answer.json["error"] as? [String: Any])?["status"] as? String
        case .bedrock: answer.header("x-amzn-errortype")?.split(separator: ":").first.map(String.init)
        }
    }

    private static func errorMessage(_ answer: HTTPAnswer, in dialect: DialectSpeech) -> String {
        let error = dialect == .bedrock ? answer.json : answer.json["error"] as? [String: Any]
        return error?["message"] as? String ?? ""
    }

    func testLedgerHoldsWhatWasMadeBeforeAStreamBroke() throws {
        for (dialect, after) in [
            (DialectSpeech.openai, 4), (.anthropic, 6), (.gemini, 3), (.bedrock, 4), (.responses, 7),
        ] {
            let caller = HTTPCaller(port: port)
            let answer = try dialect.send(
                .init(isStream: true), as: key, to: caller,
                headers: [("x-stub-fault", "cut-mid-stream;after=\(after)"), ("x-request-id", "id-\(dialect)")])
            XCTAssertEqual(answer.ending, .cut, "\(dialect)")
            let bill = try XCTUnwrap(try bills().last)
            XCTAssertEqual(bill["requestID"] as? String, "id-\(dialect)")
            XCTAssertEqual(bill["completionTokens"] as? Int, 3, "\(dialect)")
            XCTAssertEqual(bill["delivery"] as? String, "partial", "\(dialect)")
            let recorded =
                try caller.send("GET", "/stub/requests/id-\(dialect)").json["requests"] as? [[String: String]]
            XCTAssertEqual(recorded?.count, 1, "\(dialect)")
        }
    }

    func testScriptsAndKeysBefallEveryDialect() throws {
        let caller = HTTPCaller(port: port)
        for dialect in DialectSpeech.allCases {
            XCTAssertEqual(
                try caller.send("POST", "/stub/script", body: Array(#"{"sequence":["status-503","none"]}"#.utf8))
                    .status,
                200)
            XCTAssertEqual(try send(dialect, .init()).status, 503, "\(dialect)")
            XCTAssertEqual(try send(dialect, .init()).status, 200, "\(dialect)")
            XCTAssertEqual(try send(dialect, .init(model: "model+status-500")).status, 500, "\(dialect)")
            _ = try caller.send("POST", "/stub/keys", body: Array(#"{"sk-stub":"status-429"}"#.utf8))
            XCTAssertEqual(try send(dialect, .init()).status, 429, "\(dialect)")
            _ = try caller.send("POST", "/stub/keys", body: Array(#"{"sk-stub":null}"#.utf8))
        }
        XCTAssertEqual(try caller.send("GET", "/stub/keys").json["sk-stub"] as? Int, 20)
    }
}

/// The rate of the provider is told in the dialect's fields, where it has any.
final class StubRateTests: StubTestCase {
    override var arguments: [String] { ["--requests-per-minute=1"] }

    func testRequestsBeyondTheRateAreRefused() throws {
        XCTAssertEqual(try send(.anthropic, .init()).header("anthropic-ratelimit-requests-remaining"), "0")
        for dialect in DialectSpeech.allCases {
            let answer = try send(dialect, .init())
            XCTAssertEqual(answer.status, 429, "\(dialect)")
            switch dialect {
            case .openai, .responses: XCTAssertNotNil(answer.header("retry-after-ms"))
            case .anthropic:
                XCTAssertEqual(answer.header("anthropic-ratelimit-requests-limit"), "1")
                XCTAssertTrue((1...60).contains(Int(answer.header("retry-after") ?? "") ?? 0))
            case .gemini: XCTAssertTrue((1...60).contains(Int(answer.header("retry-after") ?? "") ?? 0))
            case .bedrock: XCTAssertNil(answer.header("retry-after"))
            }
        }
    }
}

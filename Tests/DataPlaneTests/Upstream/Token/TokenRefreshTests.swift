import Shared
import XCTest

@testable import DataPlane

/// When a token is exchanged for a newer one, and how long one serves, step by step.
final class TokenRefreshTests: XCTestCase {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    private var random = SeededRandom(seed: 1)

    private func at(_ seconds: Double) -> MonotonicTime {
        start.advanced(by: .milliseconds(Int64((seconds * 1_000).rounded())))
    }

    private func seconds(_ moment: MonotonicTime) -> Double {
        Double(start.duration(to: moment).wholeMilliseconds) / 1_000
    }

    private func granted(_ name: String, _ seconds: Int64) -> TokenAnswer {
        .granted(line: Array(name.utf8), lifetime: .seconds(seconds))
    }

    private let rejected = TokenAnswer.failed(.rejected, reason: "")
    private let unavailable = TokenAnswer.failed(.unavailable, reason: "")

    private func exchange(
        _ refresh: inout TokenRefresh, _ answer: TokenAnswer, at began: Double, took: Double = 0
    ) {
        refresh.begin()
        XCTAssertTrue(refresh.isUnderWay)
        refresh.ended(answer, began: at(began), at(began + took), using: &random)
        XCTAssertFalse(refresh.isUnderWay)
    }

    func testTheFirstIsDueAtOnceAndTheNextAheadOfItsEnd() {
        var refresh = TokenRefresh(start)
        XCTAssertEqual(refresh.dueAt, start)
        XCTAssertNil(refresh.token)
        exchange(&refresh, granted("a", 3_600), at: 0, took: 2)
        XCTAssertEqual(refresh.token?.line, Array("a".utf8))
        // Its time runs from when it was asked for, less the margin.
        XCTAssertEqual(refresh.token?.goodUntil, at(3_590))
        XCTAssertTrue((3_225...3_300).contains(seconds(refresh.dueAt)), "\(seconds(refresh.dueAt))")
        XCTAssertNil(refresh.failure)
    }

    func testShortOnesAreExchangedAtThreeQuartersOfTheirTime() {
        for lifetime in [2, 60, 600] as [Int64] {
            var refresh = TokenRefresh(start)
            exchange(&refresh, granted("a", lifetime), at: 0)
            let share = seconds(refresh.dueAt) / Double(lifetime)
            XCTAssertTrue((0.68...0.75).contains(share), "\(lifetime): \(share)")
            let good = seconds(refresh.token!.goodUntil) / Double(lifetime)
            XCTAssertTrue((0.94...0.99).contains(good), "\(lifetime): \(good)")
        }
    }

    func testReplicasDoNotAskAtOnce() {
        let dues = (1...100).map { _ in
            var refresh = TokenRefresh(start)
            exchange(&refresh, granted("a", 3_600), at: 0)
            return seconds(refresh.dueAt)
        }
        XCTAssertGreaterThan(dues.max()! - dues.min()!, 60)
    }

    func testATokenServesToItsEndWhileNoNewerOneIsToBeHad() {
        var refresh = TokenRefresh(start)
        exchange(&refresh, granted("a", 3_600), at: 0)
        var now = seconds(refresh.dueAt)
        var pauses: [Double] = []
        for answer in [
            unavailable, unavailable, rejected, unavailable, unavailable, unavailable, unavailable, unavailable,
        ] {
            exchange(&refresh, answer, at: now)
            XCTAssertEqual(refresh.token?.line, Array("a".utf8))
            pauses.append(seconds(refresh.dueAt) - now)
            now = seconds(refresh.dueAt)
        }
        XCTAssertTrue((0.25...0.5).contains(pauses[0]), "\(pauses)")
        XCTAssertTrue((0.5...1).contains(pauses[1]), "\(pauses)")
        XCTAssertEqual(pauses[2], 60, accuracy: 0.01, "a refused key is shown again after a minute")
        XCTAssertLessThanOrEqual(pauses.last!, 30, "\(pauses)")
        XCTAssertEqual(refresh.failure, .unavailable)
        XCTAssertFalse(refresh.token!.isGood(at(3_590)))
        exchange(&refresh, granted("b", 3_600), at: now)
        XCTAssertEqual(refresh.token?.line, Array("b".utf8))
        XCTAssertNil(refresh.failure)
    }

    func testATokenThatAProviderRefusesIsExchangedAtOnceButNotOverAndOver() {
        var refresh = TokenRefresh(start)
        refresh.refused(start)
        XCTAssertEqual(refresh.dueAt, start, "there is none yet")
        exchange(&refresh, granted("a", 3_600), at: 0)
        let due = refresh.dueAt
        refresh.refused(at(9))
        XCTAssertEqual(refresh.dueAt, due, "one that has just come is not what ails")
        refresh.refused(at(20))
        XCTAssertEqual(refresh.dueAt, at(20))
        exchange(&refresh, unavailable, at: 20)
        let retry = refresh.dueAt
        refresh.refused(at(20.1))
        XCTAssertEqual(refresh.dueAt, retry, "each is doubted once")
        XCTAssertEqual(refresh.token?.line, Array("a".utf8), "what its issuer does not deny is tried still")
        exchange(&refresh, rejected, at: 21)
        XCTAssertNil(refresh.token, "refused by both")
        XCTAssertEqual(refresh.failure, .rejected)
    }

    func testAnotherKeyIsShownAtOnceAndTheTokenOfTheEarlierServesUntilThen() {
        var refresh = TokenRefresh(start)
        exchange(&refresh, granted("a", 3_600), at: 0)
        refresh.begin()
        refresh.changeKey(at(5))
        XCTAssertEqual(refresh.dueAt, at(5))
        XCTAssertFalse(refresh.isUnderWay, "what the earlier key comes to is nothing to the later")
        XCTAssertEqual(refresh.token?.line, Array("a".utf8))
        exchange(&refresh, rejected, at: 5)
        XCTAssertEqual(refresh.failure, .rejected)
        XCTAssertEqual(refresh.token?.line, Array("a".utf8))
    }

    // MARK: Answers

    private func answer(_ status: Int, _ body: String) -> TokenAnswer {
        TokenAnswer(status: status, body: Array(body.utf8))
    }

    func testWhatIsGranted() {
        let line = Array("authorization: Bearer ya29.c.x-_~+/=..\r\n".utf8)
        for (body, seconds) in [
            (#"{"access_token":"ya29.c.x-_~+/=..","expires_in":3599,"token_type":"Bearer"}"#, 3_599),
            (#"{"access_token":"ya29.c.x-_~+/=.."}"#, 300),
            (#"{"access_token":"ya29.c.x-_~+/=..","expires_in":"soon"}"#, 300),
            (#"{"access_token":"ya29.c.x-_~+/=..","expires_in":9999999999}"#, 86_400),
        ] as [(String, Int64)] {
            XCTAssertEqual(answer(200, body), .granted(line: line, lifetime: .seconds(seconds)), body)
        }
    }

    func testWhatIsNot() {
        for body in [
            "", "<html>", "[]", "{}", #"{"access_token":""}"#, #"{"access_token":7}"#, #"{"access_token":"a b"}"#,
            #"{"access_token":"a\r\nx-evil: 1"}"#, #"{"access_token":"ü"}"#,
            #"{"access_token":"\#(String(repeating: "a", count: 16_385))"}"#,
            #"{"access_token":"a","expires_in":0}"#, #"{"access_token":"a","expires_in":-5}"#,
        ] {
            guard case .failed(.unavailable, _) = answer(200, body) else { return XCTFail(String(body.prefix(80))) }
        }
        for (status, failure) in [
            (400, TokenFailure.rejected), (401, .rejected), (403, .rejected), (302, .unavailable), (404, .unavailable),
            (429, .unavailable), (500, .unavailable), (503, .unavailable),
        ] {
            guard case .failed(failure, "status \(status)") = answer(status, "?") else { return XCTFail("\(status)") }
        }
        let said = answer(
            400, #"{"error":"invalid_grant","error_description":"Invalid JWT\u0000 Signature.\u001b[31m"}"#)
        XCTAssertEqual(
            said, .failed(.rejected, reason: "status 400, invalid_grant: Invalid JWT Signature.[31m"))
        guard case .failed(.rejected, let long) = answer(400, #"{"error":"\#(String(repeating: "e", count: 900))"}"#)
        else { return XCTFail() }
        XCTAssertLessThan(long.count, 230)
    }
}

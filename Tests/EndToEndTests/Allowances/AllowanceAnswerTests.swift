import Foundation
import TestSupport
import XCTest

/// What callers hear of their allowances (docs/errors.md), and what the provider gets to see of them.
final class AllowanceAnswerTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.lending(controlPlanes: 2, dataPlanes: 2)
        try fleet.addBudgetRoute("slow", "slow;first=30;chunk=20", ["admission_wait_ms": 300])
        try fleet.addBudgetRoute("patient", "slow;first=30;chunk=2")
        try fleet.addBudgetRoute("bounded", "none", ["default_max_output_tokens": 33])
        try fleet.addBudgetRoute("broken", "status-500")
        try fleet.addBudgetRoute("overrun", "usage;reasoning=400")
        try fleet.admin("POST", "models", ["name": "unpriced", "kind": "chat", "max_output_tokens": 100])
        try fleet.admin(
            "POST", "routes", ["name": "unpriced", "targets": [["provider": "stub", "model": "unpriced"]]])
        try fleet.waitUntilConfigured()
        return fleet
    }

    /// No request with its own bound could cost more than this.
    private static let worst: Int64 = 5_964_000 + inputMost
    /// Its input by bytes, with what a provider may put around it: some 320 tokens, more with longer names.
    private static let inputMost: Int64 = 50_000
    private static let bound = #","max_tokens":\#(TestFleet.budgetMaxTokens)"#

    // MARK: 402

    func testRefusalForMoneyNamesScopeLimitSpendingAndReset() throws {
        let fleet = try fleet()
        var utc = Calendar(identifier: .gregorian)
        utc.timeZone = try XCTUnwrap(TimeZone(identifier: "UTC"))
        var berlin = utc
        berlin.timeZone = try XCTUnwrap(TimeZone(identifier: "Europe/Berlin"))
        let midnight = try XCTUnwrap(utc.dateInterval(of: .day, for: Date())?.end)
        let nextMonth = try XCTUnwrap(berlin.dateInterval(of: .month, for: Date())?.end)

        // Of its own organization, so that it concerns no other test.
        try fleet.admin("POST", "organizations", ["name": "poor"])
        try fleet.admin("POST", "teams", ["name": "poor-team", "organization": "poor"])
        try fleet.admin("POST", "teams", ["name": "tight-team", "organization": "organization"])
        let limits: [String: Any] = ["kind": "money", "limit_nanodollars": 8_000_000, "mode": "strict"]
        func make(_ fields: [String: Any]) throws -> String {
            try fleet.admin("POST", "allowances", limits.merging(fields) { $1 })["id"] as? String ?? ""
        }
        let organizationKey = try fleet.makeKey("poor-key", ["team": "poor-team"])
        let teamKey = try fleet.makeKey("tight-key", ["team": "tight-team"])
        let ownKey = try fleet.makeKey("own-key")
        let userKey = try fleet.makeKey("user-key")
        _ = try make(["name": "daily", "organization": "poor", "period": "day"])
        _ = try make(
            ["name": "monthly", "team": "tight-team", "period": "month", "time_zone": "Europe/Berlin"])
        let own = try make(["name": "own", "virtual_key": ownKey.id, "period": "total"])
        let each = try make(["name": "each", "virtual_key": userKey.id, "period": "total", "end_user": "*"])
        try fleet.waitUntilConfigured()

        let user = #","user":"ada""#
        for (key, scope, name, resets, extra) in [
            (organizationKey, "organization", "daily", midnight as Date?, ""),
            (teamKey, "team", "monthly", nextMonth as Date?, ""), (ownKey, "virtual_key", own, nil, ""),
            (userKey, "virtual_key", each, nil, user),
        ] {
            let caller = fleet.data.caller()
            var spent: Int64 = 0
            var refused: HTTPAnswer?
            for number in 1...8 where refused == nil {
                let body = chatBody("chat", "\(name) \(number)", extra: Self.bound + extra)
                let answer = try caller.chat(key.text, body)
                if answer.status == 200 {
                    spent += try cost(of: answer)
                } else {
                    refused = answer
                }
            }
            let answer = try XCTUnwrap(refused, "\(scope): all were served")
            XCTAssertEqual(answer.status, 402, scope)
            XCTAssertEqual(answer.errorCode, "budget_exceeded", scope)
            XCTAssertEqual(answer.errorType, "budget_exceeded", scope)
            XCTAssertEqual(answer.errorText("scope"), scope)
            XCTAssertEqual(answer.errorText("allowance"), name, scope)
            XCTAssertEqual(answer.errorText("limit_usd"), "0.008", scope)
            XCTAssertEqual(answer.errorNanodollars("spent_usd"), spent, scope)
            XCTAssertGreaterThan(spent + Self.worst, 8_000_000, "\(scope): it would have fitted")
            XCTAssertEqual(answer.header("x-should-retry"), "false", scope)
            XCTAssertNil(answer.header("retry-after"), scope)
            let told = answer.errorText("resets_at")
            if let resets {
                let formatter = ISO8601DateFormatter()
                formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
                XCTAssertEqual(told, formatter.string(from: resets), scope)
            } else {
                XCTAssertNil(told, scope)
                XCTAssertNotNil((answer.json["error"] as? [String: Any])?["resets_at"] as? NSNull, scope)
            }
        }

        // Another end user has the whole limit, and so has a caller who names none.
        for extra in [#","user":"grace""#, ""] {
            let answer = try fleet.data.caller().chat(
                userKey.text, chatBody("chat", "whole", extra: Self.bound + extra))
            XCTAssertEqual(answer.status, 200, answer.text)
        }
        let report = try fleet.list("allowances/\(each)/report")
        XCTAssertEqual(Set(report.map { $0["end_user"] as? String ?? "none" }), ["ada", "grace", ""])
    }

    // MARK: Rates

    func testEveryAnswerUnderRateLimitsSaysHowTheyStand() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("rates")
        try fleet.makeAllowance("requests", of: key, ["kind": "requests", "period": "minute", "limit": 4])
        try fleet.makeAllowance("tokens", of: key, ["kind": "tokens", "limit": 100_000, "mode": "strict"])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        func check(_ answer: HTTPAnswer, remaining: Int, file: StaticString = #filePath, line: UInt = #line) {
            XCTAssertEqual(answer.header("x-ratelimit-limit-requests"), "4", file: file, line: line)
            XCTAssertEqual(
                answer.header("x-ratelimit-remaining-requests"), "\(remaining)", answer.text, file: file, line: line)
            XCTAssertEqual(answer.header("x-ratelimit-limit-tokens"), "100000", file: file, line: line)
            let tokens = answer.header("x-ratelimit-remaining-tokens").flatMap { Int($0) } ?? -1
            XCTAssertTrue((90_000..<100_000).contains(tokens), "\(tokens)", file: file, line: line)
            for unit in ["requests", "tokens"] {
                let reset = answer.header("x-ratelimit-reset-\(unit)") ?? "nothing"
                XCTAssertNotNil(Int(reset.dropLast(2)), reset, file: file, line: line)
            }
        }
        let plain = try caller.chat(key.text, chatBody("chat", "rates", extra: Self.bound))
        XCTAssertEqual(plain.status, 200)
        check(plain, remaining: 3)
        let stream = try caller.chat(key.text, chatBody("chat", "rates", stream: true, extra: Self.bound))
        XCTAssertEqual(stream.events.last, "[DONE]")
        check(stream, remaining: 2)
        // A provider that fails takes one too; its answer says so.
        let failed = try caller.chat(key.text, chatBody("broken", "rates", extra: Self.bound))
        XCTAssertEqual(failed.status, 502)
        check(failed, remaining: 1)
        // A request that no room is left for takes none of the other limit.
        let large = try caller.chat(key.text, chatBody("chat", "rates", extra: #","max_tokens":200000"#))
        XCTAssertEqual(large.label, "429 rate_limit_exceeded")
        XCTAssertEqual(large.errorType, "tokens")
        check(large, remaining: 1)
        XCTAssertEqual(try caller.chat(key.text, chatBody("chat", "rates", extra: Self.bound)).status, 200)
        let refused = try caller.chat(key.text, chatBody("chat", "rates", extra: Self.bound))
        XCTAssertEqual(refused.label, "429 rate_limit_exceeded")
        XCTAssertEqual(refused.errorType, "requests")
        check(refused, remaining: 0)
        let error = refused.json["error"] as? [String: Any]
        XCTAssertEqual(error?["scope"] as? String, "virtual_key")
        XCTAssertEqual(error?["limit"] as? Int, 4)
        XCTAssertEqual(error?["used"] as? Int, 4)
        let seconds = try XCTUnwrap(refused.header("retry-after").flatMap { Int($0) })
        let milliseconds = try XCTUnwrap(refused.header("retry-after-ms").flatMap { Int($0) })
        XCTAssertTrue((40...61).contains(seconds), "\(seconds)")
        XCTAssertEqual(seconds, (milliseconds + 999) / 1_000)
        XCTAssertEqual(refused.header("x-ratelimit-reset-requests"), "\(milliseconds)ms")
    }

    // MARK: Clamping

    func testClampedRequestReachesTheProviderWithTheLowerBound() throws {
        let fleet = try fleet()
        let limits: [String: Any] = ["kind": "money", "period": "total", "limit_nanodollars": 3_000_000]
        let clamped = try (0..<3).map { number in
            let key = try fleet.makeKey("clamped-\(number)")
            try fleet.makeAllowance("clamped", of: key, limits.merging(["mode": "clamp"]) { $1 })
            return key
        }
        let automatic = try fleet.makeKey("automatic")
        try fleet.makeAllowance("automatic", of: automatic, limits)
        let strict = try fleet.makeKey("strict")
        try fleet.makeAllowance("strict", of: strict, limits.merging(["mode": "strict"]) { $1 })
        let tokens = try fleet.makeKey("token-clamp")
        try fleet.makeAllowance("token-clamp", of: tokens, ["kind": "tokens", "limit": 400, "mode": "clamp"])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()

        func received(_ answer: HTTPAnswer) throws -> [String: Any] {
            let requests = try fleet.stub.received(answer.header("x-request-id") ?? "")
            XCTAssertEqual(requests.count, 1)
            let body = Data(requests.first?.body ?? [])
            return try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
        }
        // Without a bound of its own, with the older name, with both, and as a stream.
        for (key, extra, stream, names) in [
            (clamped[0], "", false, ["max_completion_tokens"]), (clamped[1], Self.bound, false, ["max_tokens"]),
            (clamped[2], Self.bound + #","max_completion_tokens":213"#, true, ["max_tokens", "max_completion_tokens"]),
            (automatic, "", true, ["max_completion_tokens"]), (tokens, Self.bound, false, ["max_tokens"]),
        ] {
            let answer = try caller.chat(key.text, chatBody("chat", "clamp me", stream: stream, extra: extra))
            XCTAssertEqual(answer.status, 200, answer.text)
            let bound = try XCTUnwrap(answer.header("x-weir-clamped-max-tokens").flatMap { Int($0) }, extra)
            XCTAssertLessThan(bound, TestFleet.budgetMaxTokens)
            XCTAssertGreaterThan(bound, 0)
            let body = try received(answer)
            XCTAssertEqual(
                body.keys.filter { $0.hasPrefix("max_") }.sorted(), names.sorted(), "\(extra) became \(body)")
            for name in names { XCTAssertEqual(body[name] as? Int, bound, name) }
            XCTAssertEqual(body["messages"] as? [[String: String]], [["role": "user", "content": "clamp me"]])
        }
        for key in [automatic, strict] {
            let answer = try caller.chat(key.text, chatBody("chat", "clamp me not", extra: Self.bound))
            XCTAssertEqual(answer.label, "402 budget_exceeded")
        }
        XCTAssertEqual(try caller.chat(strict.text, chatBody("chat", "clamp me not")).label, "402 budget_exceeded")
    }

    func testDefaultBoundIsWrittenIntoRequestsThatAnAllowanceLimits() throws {
        let fleet = try fleet()
        let limited = try fleet.makeKey("limited")
        try fleet.makeAllowance(
            "limited", of: limited, ["kind": "money", "period": "total", "limit_nanodollars": 1_000_000_000])
        let free = try fleet.makeKey("free")
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        func bound(_ key: TestFleet.Key, _ extra: String = "") throws -> Int? {
            let answer = try caller.chat(key.text, chatBody("bounded", "how long", extra: extra))
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertNil(answer.header("x-weir-clamped-max-tokens"), "nothing was lowered")
            let body = try XCTUnwrap(try fleet.stub.received(answer.header("x-request-id") ?? "").first?.body)
            let json = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            return json?["max_completion_tokens"] as? Int
        }
        XCTAssertEqual(try bound(limited), 33)
        XCTAssertEqual(try bound(limited, #","max_completion_tokens":50"#), 50)
        XCTAssertNil(try bound(free))
    }

    // MARK: Models without a price

    func testModelWithoutAPriceIsRefusedWhereMoneyIsLimitedAndOnlyThere() throws {
        let fleet = try fleet()
        let money: [String: Any] = ["kind": "money", "period": "total", "limit_nanodollars": 1_000_000_000]
        let hard = try fleet.makeKey("hard")
        try fleet.makeAllowance("hard", of: hard, money)
        let soft = try fleet.makeKey("soft-unpriced")
        try fleet.makeAllowance("soft-unpriced", of: soft, money.merging(["mode": "soft"]) { $1 })
        let rated = try fleet.makeKey("rated")
        try fleet.makeAllowance("rated", of: rated, ["kind": "tokens", "limit": 100_000])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        let before = try fleet.stub.lastSequence()
        let refused = try caller.chat(hard.text, chatBody("unpriced", extra: Self.bound))
        XCTAssertEqual(refused.label, "403 model_not_priced")
        XCTAssertEqual(refused.errorParam, "model")
        XCTAssertTrue(refused.errorText("message")?.contains("'unpriced' has no price") == true, refused.text)
        XCTAssertEqual(try fleet.stub.lastSequence(), before, "nothing went to the provider")
        for key in [soft, rated] {
            XCTAssertEqual(try caller.chat(key.text, chatBody("unpriced", extra: Self.bound)).status, 200)
        }
    }

    // MARK: Slots

    func testSlotsLimitRequestsInFlightOverAllReplicas() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("slots")
        let allowance = try fleet.makeAllowance("slots", of: key, ["kind": "slots", "limit": 2])
        try fleet.waitUntilConfigured()
        // One stream on each replica; an answer of 24 words and more at 20 ms each lasts half a second at least.
        let streams = try fleet.dataPlanes.map { node in
            let stream = try OpenStream(port: node.port, key: key.text, body: chatBody("slow", stream: true))
            try stream.waitForFirstEvent()
            return stream
        }
        let refused = try fleet.data.caller().chat(key.text, chatBody("slow", extra: #","max_tokens":1"#))
        XCTAssertEqual(refused.label, "429 concurrency_limit_exceeded")
        let error = refused.json["error"] as? [String: Any]
        XCTAssertEqual(error?["limit"] as? Int, 2)
        XCTAssertEqual(error?["used"] as? Int, 2)
        XCTAssertEqual(refused.header("retry-after"), "1")
        // Who may wait longer gets the place of the first that ends, wherever that was.
        let waited = try fleet.data.caller().chat(key.text, chatBody("patient", extra: #","max_tokens":1"#))
        XCTAssertEqual(waited.status, 200, waited.text)
        for stream in streams { XCTAssertEqual(try stream.finish().events.last, "[DONE]") }
        // And all places are there again.
        let last = try fleet.dataPlanes[1].caller().chat(key.text, chatBody("patient", extra: #","max_tokens":1"#))
        XCTAssertEqual(last.status, 200, last.text)
        try fleet.waitUntilSettled(allowance, at: 0)
    }

    // MARK: Soft, and debt

    func testSoftAllowanceCountsAndRefusesNothing() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("soft")
        let allowance = try fleet.makeAllowance(
            "soft", of: key, ["kind": "money", "period": "total", "limit_nanodollars": 1_000_000, "mode": "soft"])
        try fleet.waitUntilConfigured()
        var spent: Int64 = 0
        for number in 1...6 {
            let caller = fleet.dataPlanes[number % 2].caller()
            let answer = try caller.chat(key.text, chatBody("chat", "soft \(number)", extra: Self.bound))
            XCTAssertEqual(answer.status, 200, answer.text)
            spent += try cost(of: answer)
        }
        try fleet.waitUntilSettled(allowance, at: spent)
        XCTAssertGreaterThan(spent, 1_000_000)
        let report = try fleet.admin("GET", "allowances/\(allowance)/report")
        let item = try XCTUnwrap((report["items"] as? [[String: Any]])?.first)
        XCTAssertEqual((item["used_percent"] as? NSNumber)?.int64Value, spent * 100 / 1_000_000)
    }

    /// A provider that bills more than the bound it was given: what is beyond the reservation is a debt, and counts.
    func testWhatAProviderBillsBeyondItsBoundIsADebt() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("debt")
        let allowance = try fleet.makeAllowance(
            "debt", of: key,
            ["kind": "money", "period": "total", "limit_nanodollars": 6_500_000, "mode": "strict"])
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        let answer = try caller.chat(key.text, chatBody("overrun", "debt", extra: Self.bound))
        XCTAssertEqual(answer.status, 200, answer.text)
        let spent = try cost(of: answer)
        XCTAssertGreaterThan(spent, 6_500_000)
        try fleet.waitUntilSettled(allowance, at: spent)
        XCTAssertGreaterThan(try fleet.figures(of: allowance).debt, 0)
        let refused = try caller.chat(key.text, chatBody("chat", "debt", extra: #","max_tokens":1"#))
        XCTAssertEqual(refused.label, "402 budget_exceeded")
        XCTAssertEqual(refused.errorNanodollars("spent_usd"), spent)
    }

    // MARK: The official client

    func testOpenAIClientSeesItsOwnErrorClasses() throws {
        let fleet = try fleet()
        let poor = try fleet.makeKey("python-poor")
        try fleet.makeAllowance(
            "python-poor", of: poor,
            ["kind": "money", "period": "total", "limit_nanodollars": 1_000_000, "mode": "strict"])
        let rated = try fleet.makeKey("python-rated")
        try fleet.makeAllowance("python-rated", of: rated, ["kind": "requests", "limit": 2])
        let busy = try fleet.makeKey("python-busy")
        try fleet.makeAllowance(
            "python-busy", of: busy,
            ["kind": "money", "period": "total", "limit_nanodollars": 9_000_000, "mode": "strict"])
        let slots = try fleet.makeKey("python-slots")
        try fleet.makeAllowance("python-slots", of: slots, ["kind": "slots", "limit": 1])
        let clamped = try fleet.makeKey("python-clamped")
        try fleet.makeAllowance(
            "python-clamped", of: clamped,
            ["kind": "money", "period": "total", "limit_nanodollars": 3_000_000])
        try fleet.waitUntilConfigured()
        let report = try PythonTools.openAIChecks(
            [
                "--base-url", "http://127.0.0.1:\(fleet.data.port)/v1", "--poor", poor.text, "--rated", rated.text,
                "--busy", busy.text, "--slots", slots.text, "--clamped", clamped.text,
            ], program: "openai_allowance_checks.py")
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        XCTAssertEqual(report.checks.count, 6)
    }

    private func cost(of answer: HTTPAnswer) throws -> Int64 {
        let told = try XCTUnwrap(answer.header("x-weir-cost-usd").flatMap { Decimal(string: $0) })
        return NSDecimalNumber(decimal: told * 1_000_000_000).int64Value
    }
}

/// A stream that a thread reads while the test does something else.
///
/// Concurrency: `state` is guarded by its condition.
private final class OpenStream: @unchecked Sendable {
    private let condition = NSCondition()
    private var hasBegun = false
    private var result: Result<HTTPAnswer, any Error>?

    init(port: UInt16, key: String, body: String) throws {
        Thread { [self] in
            let caller = HTTPCaller(port: port, timeout: .seconds(20))
            let answer = Result {
                try caller.chat(key, body) { [self] _ in
                    condition.withLock {
                        hasBegun = true
                        condition.broadcast()
                    }
                    return true
                }
            }
            condition.withLock {
                result = answer
                condition.broadcast()
            }
        }.start()
    }

    func waitForFirstEvent() throws {
        try wait { hasBegun || result != nil }
        if let result = condition.withLock({ result }), try result.get().status != 200 {
            throw TestFailure("the stream was refused: \(try result.get().text)")
        }
    }

    func finish() throws -> HTTPAnswer {
        try wait { result != nil }
        guard let result = condition.withLock({ result }) else { throw TestFailure("the stream does not end") }
        return try result.get()
    }

    private func wait(_ isTrue: () -> Bool) throws {
        condition.lock()
        defer { condition.unlock() }
        let end = Date().addingTimeInterval(20)
        while !isTrue() {
            guard condition.wait(until: end) else { throw TestFailure("the stream says nothing") }
        }
    }
}

import Foundation
import TestSupport
import XCTest

/// Limits of requests and of tokens in a minute, on keys that are overloaded over four data planes: `make rates`.
///
/// The judge looks at when requests arrived at the provider, through every window of 60 seconds. Without `WEIR_RATES_SECONDS` it is
/// one part of a first window, for `make test`.
final class RatesTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.lending(controlPlanes: 2)
        try fleet.addBudgetRoute("long", "none;tokens=400")
        try fleet.waitUntilConfigured()
        return fleet
    }

    private static let minute = 60_000_000
    private static let requestLimit = 100
    private static let tokenLimit = 100_000
    private static let burstSeconds = 4
    /// Of a limit, which is what of it must be let through.
    private static let leastShare = 0.97

    private struct Case {
        var pattern: PacedLoad.Pattern
        var limit: Int
        var isTokens = false
        /// Offered evenly: every full window must have the limit. What comes all at once leaves all at once, and a window can lie
        /// between.
        var isEven = true
    }

    func testEveryWindowHasTheLimitAndNotMoreWhicheverReplicasAreAsked() throws {
        let fleet = try fleet()
        let environment = ProcessInfo.processInfo.environment
        let fullSeconds = environment["WEIR_RATES_SECONDS"].flatMap { Double($0) }
        let seconds = fullSeconds ?? 15
        let cases = try makeCases(fleet, seconds: seconds)
        try fleet.waitUntilConfigured()
        let before = try fleet.stub.lastSequence()
        let start = monotonicMicroseconds() + 200_000
        let end = start + Int(seconds * 1_000_000)
        let ports = fleet.dataPlanes.map(\.port)
        let loads = cases.map { PacedLoad($0.pattern, ports: ports, start: start, check: Self.problem) }
        try waitUntil(
            "the load is over", timeout: .seconds(Int64(seconds) + 40),
            detail: { "\(loads.map { $0.tally.withLock { $0.answers } })" }
        ) { loads.allSatisfy(\.isDone) }

        var bills: [String: StubNode.Bill] = [:]
        for bill in try fleet.stub.ledger(since: before) { bills[bill.requestID] = bill }
        var most = 0.0
        var least = Double.infinity
        var mostTokens = 0.0
        var leastTokens = Double.infinity
        for (number, item) in cases.enumerated() {
            let tally = loads[number].tally.withLock { $0 }
            let key = try XCTUnwrap(keys[item.pattern.name])
            var rows: [UsageRow] = []
            try waitUntil("all of \(item.pattern.name) is recorded", timeout: .seconds(30)) {
                rows = try fleet.usageRows(of: key)
                return rows.count >= tally.answers["200"] ?? 0
            }
            let arrivals = try rows.map { row in
                let bill = try XCTUnwrap(bills[row.requestID], "\(row) was never billed")
                return (bill.begunMicroseconds, item.isTokens ? bill.promptTokens + bill.completionTokens : 1)
            }
            let windows = RateWindows(arrivals, length: Self.minute)
            let fullest = Double(windows.most) / Double(item.limit)
            // The short form: what of the first window was let through.
            let emptiest =
                Double(fullSeconds == nil ? windows.most : windows.least(from: start, to: end) ?? 0)
                / Double(item.limit)
            XCTAssertLessThanOrEqual(fullest, 1, item.pattern.name)
            if item.isEven {
                XCTAssertGreaterThanOrEqual(emptiest, Self.leastShare, item.pattern.name)
            } else {
                // So long that the burst after the one that came too early is in it.
                let longer = RateWindows(arrivals, length: Self.minute + (Self.burstSeconds + 1) * 1_000_000)
                let least = Double(longer.least(from: start, to: end) ?? 0) / Double(item.limit)
                XCTAssertGreaterThanOrEqual(least, Self.leastShare, item.pattern.name)
            }
            XCTAssertEqual(tally.problems.prefix(5), [], "\(item.pattern.name): \(tally.problems.count) problems")
            if item.isTokens {
                mostTokens = max(mostTokens, fullest)
                if item.isEven { leastTokens = min(leastTokens, emptiest) }
            } else {
                most = max(most, fullest)
                if item.isEven { least = min(least, emptiest) }
            }
            let served = tally.served.sorted()
            print(
                "rates \(item.pattern.name): limit=\(item.limit) sent=\(tally.sent) admitted=\(rows.count) "
                    + "max_in_any_60s=\(windows.most) min_in_any_60s=\(windows.least(from: start, to: end) ?? -1) "
                    + "answers=\(tally.answers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }) "
                    + "p50=\((served.dropFirst(served.count / 2).first ?? 0) / 1_000)ms max=\((served.last ?? 0) / 1_000)ms "
                    + "latest=\(tally.latestMicroseconds / 1_000)ms")
        }
        func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10)%" }
        print(
            "rates: max_in_any_60s=\(Int((most * Double(Self.requestLimit)).rounded())) "
                + "min_admitted=\(Int((least * Double(Self.requestLimit)).rounded())) of \(Self.requestLimit), "
                + "tokens \(percent(leastTokens)) to \(percent(mostTokens)) of the limit, "
                + "seconds=\(Int(seconds))\(fullSeconds == nil ? " (the first window alone)" : "")")
    }

    private var keys: [String: TestFleet.Key] = [:]

    private func makeCases(_ fleet: TestFleet, seconds: Double) throws -> [Case] {
        // Three times what the limit lets through.
        @Sendable func evenly(_ perSecond: Double) -> @Sendable (Int) -> Double? {
            { number in
                let due = Double(number) / perSecond
                return due < seconds ? due : nil
            }
        }
        func make(_ name: String, _ fields: [String: Any], body: String) throws -> PacedLoad.Pattern {
            let key = try fleet.makeKey(name)
            keys[name] = key
            let all: [String: Any] = ["period": "minute", "mode": "strict"].merging(fields) { $1 }
            try fleet.makeAllowance(name, of: key, all)
            return PacedLoad.Pattern(
                name: name, key: key.text, body: body, due: evenly(seconds < 60 ? 8 : 5), replica: { $0 })
        }
        let requests: [String: Any] = ["kind": "requests", "limit": Self.requestLimit]
        let tokens: [String: Any] = ["kind": "tokens", "limit": Self.tokenLimit]
        let short = chatBody("chat", "one of many", extra: #","max_tokens":20"#)
        let long = chatBody("long", "one of many", extra: #","max_tokens":400"#)

        let spread = try make("requests on all replicas", requests, body: short)
        var one = try make("requests on one replica", requests, body: short)
        one.replica = { _ in 2 }
        var moving = try make("requests that move", requests, body: short)
        // Mid-window, and in the short form too.
        moving.replica = { seconds < 60 ? $0 / 30 : $0 / 90 }
        var bursts = try make("requests in bursts", requests, body: short)
        bursts.workers = 40
        bursts.due = { number in
            let due = Double(number / 40 * Self.burstSeconds)
            return due < seconds ? due : nil
        }
        bursts.replica = { $0 % 40 < 20 ? $0 / 40 : $0 }
        var tokensSpread = try make("tokens on all replicas", tokens, body: long)
        tokensSpread.due = evenly(seconds < 60 ? 20 : 10)
        var tokensMoving = try make("tokens that move", tokens, body: long)
        tokensMoving.due = tokensSpread.due
        tokensMoving.replica = moving.replica
        return [
            Case(pattern: spread, limit: Self.requestLimit), Case(pattern: one, limit: Self.requestLimit),
            Case(pattern: moving, limit: Self.requestLimit),
            Case(pattern: bursts, limit: Self.requestLimit, isEven: seconds < 60),
            Case(pattern: tokensSpread, limit: Self.tokenLimit, isTokens: true),
            Case(pattern: tokensMoving, limit: Self.tokenLimit, isTokens: true),
        ]
    }

    /// What an answer has to say (docs/errors.md).
    private static let problem: @Sendable (HTTPAnswer) -> String? = { answer in
        guard answer.status == 200 || answer.status == 429 else { return "\(answer.status) \(answer.text.prefix(300))" }
        let unit = answer.header("x-ratelimit-limit-tokens") == nil ? "requests" : "tokens"
        guard let limit = answer.header("x-ratelimit-limit-\(unit)").flatMap({ Int($0) }),
            let remaining = answer.header("x-ratelimit-remaining-\(unit)").flatMap({ Int($0) }),
            answer.header("x-ratelimit-reset-\(unit)")?.hasSuffix("ms") == true
        else { return "no rate limit in \(answer.headers)" }
        guard (0...limit).contains(remaining) else { return "\(remaining) of \(limit) remain" }
        guard answer.status == 429 else { return nil }
        if answer.errorCode != "rate_limit_exceeded" || answer.errorType != unit { return answer.text }
        guard let seconds = answer.header("retry-after").flatMap({ Int($0) }), (1...61).contains(seconds),
            let milliseconds = answer.header("retry-after-ms").flatMap({ Int($0) }), milliseconds <= seconds * 1_000
        else { return "when to come back: \(answer.headers)" }
        return nil
    }
}

import Foundation
import Synchronization
import TestSupport
import XCTest

/// One of three providers goes down under load and comes back: `make failover`.
///
/// Without `WEIR_FAILOVER_SECONDS` it is a short form for `make test`: a sixth of the time, at a rate that a debug build serves beside others.
final class FailoverTests: FleetTestCase {
    private static let providers = ["a", "b", "c"]

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            for name in providers { try fleet.addStub(name, ["--key=sk-stub", "--requests-max=0"]) }
            for number in 1...3 {
                try fleet.addDataPlane("data-\(number)", environment: ["STUB_KEY": "sk-stub"])
            }
            try fleet.addTenant()
            try fleet.addProvidersOfStubs()
            try fleet.admin(
                "POST", "models", ["name": "gpt-4o-mini", "kind": "chat", "prices": [TestFleet.chatPrice]])
            try fleet.addRoute(
                "shared", strategy: "weighted", providers.map { ["provider": $0, "model": "gpt-4o-mini"] })
        }
    }

    /// One answer as its caller saw it.
    private struct Answer: Sendable {
        var microseconds: Int
        var isError: Bool
        var attempts: Int
        var target: String
    }

    func testCallersDoNotNoticeTheOutageOfOneProviderOfThree() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("failover")
        try fleet.waitUntilConfigured()
        let full = ProcessInfo.processInfo.environment["WEIR_FAILOVER_SECONDS"].flatMap { Double($0) }
        let seconds = full ?? 12
        let perSecond = full == nil ? 100.0 : 500.0
        let (downAt, upAt) = (seconds / 6, seconds / 2)
        let answers = Mutex<[Answer]>([])
        let start = monotonicMicroseconds() + 200_000
        let pattern = PacedLoad.Pattern(
            name: "failover", key: key.text, body: chatBody("shared", extra: #","max_tokens":5"#),
            due: { number in
                let due = Double(number) / perSecond
                return due < seconds ? due : nil
            }, replica: { _ in 0 }, workers: 32)
        let load = PacedLoad(pattern, ports: [fleet.data.port], start: start) { answer in
            let seen = Answer(
                microseconds: monotonicMicroseconds(), isError: answer.status != 200 || answer.ending != .complete,
                attempts: answer.header("x-weir-attempts").flatMap(Int.init) ?? 0,
                target: answer.header("x-weir-target") ?? "")
            answers.withLock { $0.append(seen) }
            return nil
        }
        func pass(_ second: Double) throws {
            try waitUntil("second \(second) has come", timeout: .seconds(120)) {
                monotonicMicroseconds() >= start + Int(second * 1_000_000)
            }
        }
        try pass(downAt)
        try fleet.stubs[0].befall("status-500")
        try pass(upAt)
        try fleet.stubs[0].befall(nil)
        let up = monotonicMicroseconds()
        try waitUntil("the load is over", timeout: .seconds(Int64(seconds) + 60), detail: { fleet.tails }) {
            load.isDone
        }
        let tally = load.tally.withLock { $0 }
        let seen = answers.withLock { $0 }.sorted { $0.microseconds < $1.microseconds }
        let errors = seen.count { $0.isError } + (tally.sent - seen.count)
        let attempts = seen.reduce(0) { $0 + $1.attempts }
        let recovered = Self.backInTurn("a/", seen.filter { $0.microseconds >= up })
        let errorPercent = Double(errors) * 100 / Double(tally.sent)
        let attemptsPerRequest = Double(attempts) / Double(seen.count)
        let recovery = recovered.map { Double($0 - up) / 1_000_000 } ?? .infinity
        XCTAssertGreaterThan(seen.count, Int(seconds * perSecond * 0.95))
        XCTAssertLessThanOrEqual(errorPercent, 0.1)
        XCTAssertLessThan(attemptsPerRequest, 1.15)
        XCTAssertLessThanOrEqual(recovery, full == nil ? 11 : 15)
        let failed = attempts - seen.count
        print(
            "failover: caller_errors_pct=\(Self.shown(errorPercent)) attempts_per_request=\(Self.shown(attemptsPerRequest)) "
                + "recovery_s=\(Self.shown(recovery)) requests=\(tally.sent) failed_attempts=\(failed) "
                + "seconds=\(Int(seconds)) per_second=\(Int(perSecond))\(full == nil ? " (short form)" : "")")
    }

    /// What one replica found out the others need not.
    func testOtherReplicasHearOfAnOutageBeforeTheyMeetIt() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("fleet")
        // A request on trial is an attempt that fails too: none falls into the time that this takes, however slow the build.
        try fleet.change("providers", named: "a", ["breaker": ["open_seconds": 60, "open_seconds_max": 60]])
        try fleet.addRoute(
            "told", strategy: "priority",
            ["a", "b"].map { ["provider": $0, "model": "gpt-4o-mini", "upstream_model_name": "told"] })
        try fleet.waitUntilConfigured()
        try fleet.stubs[0].befall("status-503")
        defer { _ = Result { try fleet.stubs[0].befall(nil) } }
        /// Attempts that failed among so many requests; every request is served.
        func failedAttempts(_ node: DataNode, requests: Int) throws -> Int {
            let caller = node.caller()
            return try (1...requests).reduce(0) { failed, _ in
                let answer = try caller.chat(key.text, chatBody("told", extra: #","max_tokens":1"#))
                XCTAssertEqual(answer.status, 200, answer.text)
                return failed + (answer.header("x-weir-attempts").flatMap(Int.init) ?? 0) - 1
            }
        }
        func heard(_ node: DataNode) throws -> Double {
            try node.metric(#"weir_breaker_changes_total{target="a/gpt-4o-mini",change="heard"}"#)
        }
        let others = Array(fleet.dataPlanes.dropFirst())
        let before = try others.map(heard)
        var first = try failedAttempts(fleet.dataPlanes[0], requests: 100)
        XCTAssertGreaterThanOrEqual(first, 5)
        try waitUntil("the others have heard of it", timeout: .seconds(10), detail: { fleet.tails }) {
            first += try failedAttempts(fleet.dataPlanes[0], requests: 10)
            return try zip(others, before).allSatisfy { try heard($0) > $1 }
        }
        let failed = try others.map { try failedAttempts($0, requests: 100) }
        for failed in failed { XCTAssertLessThan(Double(failed), Double(first) * 0.2) }
        print(
            "failover of a fleet: failed attempts of the replicas: \(first), \(failed.map(String.init).joined(separator: ", "))"
        )
    }

    /// When the target has its share again: the first of thirty answers in a row of which it gave at least six.
    private static func backInTurn(_ target: String, _ answers: [Answer]) -> Int? {
        guard answers.count >= 30 else { return nil }
        for first in 0...(answers.count - 30)
        where answers[first..<(first + 30)].count(where: { $0.target.hasPrefix(target) }) >= 6 {
            return answers[first].microseconds
        }
        return nil
    }

    private static func shown(_ number: Double) -> String {
        number.isFinite ? String(format: "%.3f", number) : "never"
    }
}

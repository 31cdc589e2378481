import Foundation
import Shared
import Synchronization
import TestSupport
import XCTest

/// What callers meet in front of a provider that cannot serve them all: limits on concurrency, the queue, and priorities of keys.
///
/// Each test prints what it measured in a line that begins with `overload:`.
final class OverloadTests: FleetTestCase {
    private static let capacity = 8
    private static let latencyMilliseconds = 100
    private static let patience = Double(Sanitizer.patience)

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            // Up to its capacity it answers in its usual time, and with twice as many in twice that.
            try fleet.addStub(
                "small",
                [
                    "--key=sk-stub", "--requests-max=10000", "--capacity=\(capacity)",
                    "--first-token-ms=\(latencyMilliseconds)",
                ])
            try fleet.addStub("large", ["--key=sk-stub"])
            // Its answers do not come in step, as nobody's do: where all eight end at once, who asks behind them waits for the next eight.
            try fleet.addStub(
                "uneven",
                [
                    "--key=sk-stub", "--requests-max=10000", "--capacity=\(capacity)",
                    "--first-token-ms=\(latencyMilliseconds / 2)", "--jitter-ms=\(latencyMilliseconds)",
                ])
            // One thread: a limit is that of a thread.
            try fleet.addDataPlane("data-1", arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
            try fleet.addTenant()
            try fleet.admin("POST", "credentials", ["name": "stub", "reference": "env:STUB_KEY"])
            try fleet.admin("POST", "models", ["name": "m", "kind": "chat"])
            func provider(_ name: String, _ stub: StubNode, _ concurrency: [String: Int]?) throws {
                var fields: [String: Any] = ["name": name, "base_url": stub.baseURL, "credential": "stub"]
                if let concurrency { fields["concurrency"] = concurrency }
                try fleet.admin("POST", "providers", fields)
            }
            func target(_ provider: String, _ upstream: String) -> [String: Any] {
                ["provider": provider, "model": "m", "upstream_model_name": upstream]
            }
            let (small, large, uneven) = (fleet.stubs[0], fleet.stubs[1], fleet.stubs[2])
            try provider("free", small, nil)
            try provider("adaptive", small, ["min": 1, "max": 200, "queue_max": 200, "queue_wait_ms": 20_000])
            try provider("fixed", uneven, ["min": 8, "max": 8, "queue_max": 200, "queue_wait_ms": 20_000])
            try provider("one", large, ["min": 1, "max": 1, "queue_max": 2, "queue_wait_ms": 600])
            try provider("plenty", large, nil)
            let four = ["min": 1, "max": 4, "queue_max": 10, "queue_wait_ms": 100]
            for name in ["four-a", "four-b"] { try provider(name, large, four) }
            try fleet.addRoute(
                "rough", ["four-a", "four-b"].map { target($0, "rough+slow;first=60;chunk=3") },
                fields: ["hedge": ["after_ms": 30, "percent_max": 50, "plain_answers": true]])
            for name in ["free", "adaptive", "fixed"] { try fleet.addRoute(name, [target(name, name)]) }
            for name in ["bound", "wait", "leave"] {
                try fleet.addRoute(name, [target("one", "\(name)+slow;first=2500")])
            }
            try fleet.addRoute(
                "elsewhere", [target("one", "elsewhere+slow;first=1500"), target("plenty", "elsewhere")])
        }
    }

    /// One answer as its caller saw it.
    private struct Seen: Sendable {
        var status: Int
        var code: String
        var requestID: String
        var startedMicroseconds: Int
        var endedMicroseconds: Int
        var milliseconds: Double { Double(endedMicroseconds - startedMicroseconds) / 1_000 }
    }

    /// Callers that each wait for their answer before they ask again, for so long.
    private func load(
        _ fleet: TestFleet, _ groups: [(name: String, key: String, callers: Int)], route: String, seconds: Double
    ) throws -> [String: [Seen]] {
        let seen = Mutex<[String: [Seen]]>([:])
        let problems = Mutex<[String]>([])
        let port = fleet.data.port
        let end = monotonicMicroseconds() + Int(seconds * 1e6)
        let threads = CallerThreads()
        for (name, key, callers) in groups {
            threads.start(callers) { _ in
                let caller = HTTPCaller(port: port, timeout: .seconds(60))
                while monotonicMicroseconds() < end {
                    let started = monotonicMicroseconds()
                    do {
                        let answer = try caller.chat(key, chatBody(route))
                        let one = Seen(
                            status: answer.status, code: answer.status == 200 ? "" : answer.errorCode ?? "",
                            requestID: answer.header("x-request-id") ?? "", startedMicroseconds: started,
                            endedMicroseconds: monotonicMicroseconds())
                        seen.withLock { $0[name, default: []].append(one) }
                    } catch { problems.withLock { $0.append("\(error)") } }
                }
            }
        }
        try waitUntil("the load is over", timeout: .seconds(90), detail: { fleet.tails }) { threads.areDone }
        XCTAssertEqual(problems.withLock { $0 }, [])
        return seen.withLock { $0 }
    }

    private static func percentile(_ share: Double, _ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    /// How long the provider took for each, of those that ended within the last so many seconds.
    private func provided(_ stub: StubNode, _ model: String, lastSeconds: Double) throws -> [Double] {
        let bills = try stub.ledger().filter { $0.model == model && $0.finishedMicroseconds > 0 }
        let from = (bills.map(\.finishedMicroseconds).max() ?? 0) - Int(lastSeconds * 1e6)
        return bills.filter { $0.begunMicroseconds >= from }.map {
            Double($0.finishedMicroseconds - $0.begunMicroseconds) / 1_000
        }
    }

    private func key(_ fleet: TestFleet, _ priority: String = "normal") throws -> String {
        let key = try fleet.makeKey("overload-\(UUID().uuidString.prefix(8))", ["priority": priority]).text
        try fleet.waitUntilConfigured()
        return key
    }

    // MARK: The limit

    func testSixtyFourCallersDoNotMakeAProviderForEightSlow() throws {
        let fleet = try fleet()
        let key = try key(fleet)
        let small = fleet.stubs[0]
        _ = try load(fleet, [("all", key, 64)], route: "free", seconds: 3)
        let free = try provided(small, "free", lastSeconds: 2)
        let seen = try load(fleet, [("all", key, 64)], route: "adaptive", seconds: 12)["all"] ?? []
        let limited = try provided(small, "adaptive", lastSeconds: 6)
        let (freeMedian, median) = (Self.percentile(0.5, free), Self.percentile(0.5, limited))
        let limit = try fleet.data.metric(#"weir_concurrency_limit{target="adaptive/m"}"#)
        let perSecond = Double(limited.count) / 6
        print(
            "overload: capacity=\(Self.capacity) callers=64 provider_p50_ms without=\(Int(freeMedian)) with=\(Int(median)) p99=\(Int(Self.percentile(0.99, limited))) per_second=\(Int(perSecond)) limit=\(Int(limit)) waited_p50_ms=\(Int(Self.percentile(0.5, seen.map(\.milliseconds))))"
        )
        XCTAssertGreaterThan(freeMedian, 5 * Double(Self.latencyMilliseconds), "without a limit all of them suffer")
        XCTAssertLessThan(median, Self.patience * 2 * Double(Self.latencyMilliseconds))
        XCTAssertGreaterThan(
            perSecond, 0.7 * Double(Self.capacity * 1_000 / Self.latencyMilliseconds) / Self.patience)
        XCTAssertEqual(Set(seen.map(\.status)), [200], "the queue holds all of them")
        XCTAssertEqual(try fleet.data.metric("weir_concurrency_queued"), 0)
        XCTAssertEqual(try fleet.data.metric("weir_concurrency_in_flight"), 0)
    }

    func testHighPriorityCallersKeepTheirLatencyWhileLowOnesWait() throws {
        let fleet = try fleet()
        let (high, low) = (try key(fleet, "high"), try key(fleet, "low"))
        let seen = try load(fleet, [("high", high, 3), ("low", low, 50)], route: "fixed", seconds: 6)
        XCTAssertEqual(Set(seen.values.flatMap { $0 }.map(\.status)), [200])
        let highs = (seen["high"] ?? []).map(\.milliseconds)
        let lows = (seen["low"] ?? []).map(\.milliseconds)
        print(
            "overload: high_p50_ms=\(Int(Self.percentile(0.5, highs))) high_p95_ms=\(Int(Self.percentile(0.95, highs))) low_p50_ms=\(Int(Self.percentile(0.5, lows)))"
        )
        XCTAssertLessThan(Self.percentile(0.5, highs), Self.patience * 2 * Double(Self.latencyMilliseconds))
        XCTAssertGreaterThan(Self.percentile(0.5, lows), 4 * Double(Self.latencyMilliseconds))
        XCTAssertGreaterThan(Double(highs.count), 60 / Self.patience)
    }

    // MARK: The queue

    /// Asks in the background, and says what came of it.
    private final class Question: Sendable {
        private let seen = Mutex<Seen?>(nil)

        init(_ fleet: TestFleet, _ key: String, _ route: String) {
            let port = fleet.data.port
            Thread { [self] in
                let caller = HTTPCaller(port: port, timeout: .seconds(30), keepsConnection: false)
                let started = monotonicMicroseconds()
                let answer = try? caller.chat(key, chatBody(route))
                let one = Seen(
                    status: answer?.status ?? 0, code: answer.flatMap { $0.status == 200 ? "" : $0.errorCode } ?? "",
                    requestID: answer?.header("x-request-id") ?? "", startedMicroseconds: started,
                    endedMicroseconds: monotonicMicroseconds())
                seen.withLock { $0 = one }
            }.start()
        }

        func answer() throws -> Seen {
            try waitUntil("the answer", timeout: .seconds(30)) { seen.withLock { $0 != nil } }
            return seen.withLock { $0! }
        }

        var isOver: Bool { seen.withLock { $0 != nil } }
    }

    private func waitUntilQueued(_ fleet: TestFleet, _ count: Double) throws {
        try waitUntil("\(count) wait", detail: { fleet.tails }) {
            try fleet.data.metric("weir_concurrency_queued") == count
        }
    }

    private func waitUntilInFlight(_ fleet: TestFleet, _ count: Double) throws {
        try waitUntil("\(count) in flight", detail: { fleet.tails }) {
            try fleet.data.metric("weir_concurrency_in_flight") == count
        }
    }

    func testAFullQueueTurnsTheLowestAwayAndAWaitHasAnEnd() throws {
        let fleet = try fleet()
        let (high, low) = (try key(fleet, "high"), try key(fleet, "low"))
        let refused = try fleet.data.metric("weir_concurrency_refused_total")
        let served = Question(fleet, low, "bound")
        try waitUntilInFlight(fleet, 1)
        let first = Question(fleet, low, "bound")
        try waitUntilQueued(fleet, 1)
        let second = Question(fleet, low, "bound")
        try waitUntilQueued(fleet, 2)
        let caller = fleet.data.caller()
        let third = try caller.chat(low, chatBody("bound"))
        XCTAssertEqual(third.status, 503)
        XCTAssertEqual(third.errorCode, "upstream_concurrency_limited")
        XCTAssertEqual(third.header("retry-after"), "1")
        XCTAssertNil(third.header("x-should-retry"))
        XCTAssertFalse(first.isOver)
        let better = Question(fleet, high, "bound")
        let displaced = try second.answer()
        XCTAssertEqual(displaced.code, "upstream_concurrency_limited", "a higher one has its place")
        XCTAssertLessThan(displaced.milliseconds, 550, "before its own time was over")
        for late in [first, better] {
            let answer = try late.answer()
            XCTAssertEqual(answer.status, 503)
            XCTAssertEqual(answer.code, "upstream_concurrency_limited")
            XCTAssertGreaterThan(answer.milliseconds, 590)
            XCTAssertLessThan(answer.milliseconds, 1_800 * Self.patience)
        }
        XCTAssertEqual(try served.answer().status, 200)
        try waitUntilInFlight(fleet, 0)
        XCTAssertEqual(try fleet.data.metric("weir_concurrency_refused_total") - refused, 4)
        XCTAssertEqual(try fleet.stubs[1].ledger().filter { $0.model == "bound" }.count, 1)
    }

    func testACallerWhoLeavesTheQueueIsGoneAtOnceAndNothingGoesUpstream() throws {
        let fleet = try fleet()
        let key = try key(fleet)
        let served = Question(fleet, key, "leave")
        try waitUntilInFlight(fleet, 1)
        do {
            let leaving = try RawConnection(port: fleet.data.port)
            let body = chatBody("leave")
            try leaving.send(
                "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(key)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            try waitUntilQueued(fleet, 1)
            leaving.close()
            let began = monotonicMicroseconds()
            try waitUntilQueued(fleet, 0)
            XCTAssertLessThan(monotonicMicroseconds() - began, 400_000, "not only when its time was over")
        }
        XCTAssertEqual(try served.answer().status, 200)
        try waitUntilInFlight(fleet, 0)
        XCTAssertEqual(try fleet.stubs[1].ledger().filter { $0.model == "leave" }.count, 1)
    }

    /// Callers who leave at any moment, streams and plain answers, hedges, queues that are full and waits that end.
    func testNoSlotIsLostWhateverBecomesOfARequest() throws {
        let fleet = try fleet()
        let keys = try ["high", "normal", "low"].map { try key(fleet, $0) }
        let statuses = Mutex<[String: Int]>([:])
        let port = fleet.data.port
        let threads = CallerThreads()
        threads.start(24) { number in
            var random = SeededRandom(seed: UInt64(number))
            for _ in 1...25 {
                let key = keys.randomElement(using: &random)!
                let body = chatBody("rough", stream: Bool.random(using: &random))
                let result: String
                if Int.random(in: 0..<3, using: &random) == 0, let leaving = try? RawConnection(port: port) {
                    _ = try? leaving.send(
                        "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(key)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
                    )
                    usleep(UInt32.random(in: 0...150_000, using: &random))
                    leaving.close()
                    result = "left"
                } else {
                    let caller = HTTPCaller(port: port, timeout: .seconds(30), keepsConnection: false)
                    result = (try? caller.chat(key, body)).map { "\($0.status) \($0.errorCode ?? "")" } ?? "none"
                }
                statuses.withLock { $0[result, default: 0] += 1 }
            }
        }
        try waitUntil("the load is over", timeout: .seconds(60), detail: { fleet.tails }) { threads.areDone }
        let seen = statuses.withLock { $0 }
        print("overload: rough \(seen.sorted { $0.key < $1.key })")
        XCTAssertTrue(
            Set(seen.keys).isSubset(of: ["200 ", "left", "503 upstream_concurrency_limited"]), "\(seen)")
        XCTAssertGreaterThan(seen["200 "] ?? 0, 50)
        try waitUntilInFlight(fleet, 0)
        try waitUntilQueued(fleet, 0)
        XCTAssertGreaterThan(try fleet.data.metric("weir_hedges_total"), 0)
    }

    // MARK: Where else

    func testWhereAnotherTargetHasRoomNobodyWaits() throws {
        let fleet = try fleet()
        let key = try key(fleet)
        let passedOver = try fleet.data.metric("weir_concurrency_passed_over_total")
        let first = Question(fleet, key, "elsewhere")
        try waitUntilInFlight(fleet, 1)
        let caller = fleet.data.caller()
        for _ in 1...10 {
            let answer = try caller.chat(key, chatBody("elsewhere"))
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(answer.header("x-weir-target"), "plenty/m")
            XCTAssertEqual(answer.header("x-weir-attempts"), "1", "the full one was not tried")
        }
        XCTAssertFalse(first.isOver)
        XCTAssertEqual(try first.answer().status, 200)
        XCTAssertEqual(try fleet.data.metric("weir_concurrency_passed_over_total") - passedOver, 10)
    }
}

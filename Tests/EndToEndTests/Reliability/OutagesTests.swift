import Foundation
import Synchronization
import TestSupport
import XCTest

/// Every class of outcome, plain and as a stream, before and after the first byte, with and without a fallback: `make outages`.
///
/// The judges are the stub provider, which keeps every request it got and billed, and the usage events of the control plane.
final class OutagesTests: FleetTestCase {
    /// An address that answers nobody.
    nonisolated(unsafe) private static var blackHole: BlackHole?

    override class func makeFleet() throws -> TestFleet {
        // One thread: a limit on concurrency is that of a thread.
        let fleet = try TestFleet.standard(
            stubArguments: ["--continues=prefix"], dataArguments: ["--threads=1"])
        let hole = try BlackHole(at: "127.0.0.1", port: 0)
        unsafe blackHole = hole
        func provider(_ name: String, _ url: String, _ more: [String: Any] = [:]) throws {
            try fleet.admin(
                "POST", "providers", ["name": name, "base_url": url, "credential": "stub"].merging(more) { $1 })
        }
        try provider("impatient", fleet.stub.baseURL, ["first_token_timeout_ms": 400, "idle_timeout_ms": 400])
        try provider("nobody", "http://127.0.0.1:\(freePort())/v1")
        try provider("silent", "http://127.0.0.1:\(hole.port)/v1", ["connect_timeout_ms": 300])
        try provider("plain-text", "https://127.0.0.1:\(fleet.stub.port)/v1", ["transport": "direct"])
        try fleet.admin("POST", "credentials", ["name": "none", "reference": "env:NOT_SET_ANYWHERE"])
        try provider("continuing", fleet.stub.baseURL, ["prefix_continuation": "prefix"])
        try provider("penniless", fleet.stub.baseURL, ["credential": "none"])
        try provider("full", fleet.stub.baseURL, ["concurrency": ["min": 1, "max": 1, "queue_max": 0]])
        for cell in OutageCell.all {
            if cell.fault.spoilsCredential {
                try fleet.admin("POST", "credentials", ["name": cell.provider, "reference": "env:STUB_KEY"])
                try provider(cell.provider, fleet.stub.baseURL, ["credential": cell.provider])
            }
            var targets: [[String: Any]] = [
                ["provider": cell.provider, "model": "gpt-4o-mini", "upstream_model_name": cell.modelName]
            ]
            if cell.fault.isFull { try fleet.addRoute(cell.fillingRoute, targets) }
            if cell.hasFallback {
                var fallback: [String: Any] = [
                    "provider": cell.resumes ? "continuing" : "stub", "model": "gpt-4o-mini",
                    "upstream_model_name": cell.fallbackModelName,
                ]
                // The other causes are what every target takes.
                if let cause = cell.fault.cause, ["context_length", "content_filter"].contains(cause) {
                    fallback["on"] = [cause]
                }
                targets.append(fallback)
            }
            var fields: [String: Any] = [:]
            if let limit = cell.fault.totalTimeoutMilliseconds { fields["total_timeout_ms"] = limit }
            if cell.resumes { fields["resumes_max"] = 1 }
            try fleet.addRoute(cell.route, targets, fields: fields)
        }
        return fleet
    }

    override class func tearDown() {
        super.tearDown()
        unsafe blackHole = nil
    }

    /// What was seen of a cell.
    private struct Seen: Sendable {
        var status: Int
        var code: String
        var isComplete: Bool
        var hasDone: Bool
        var hasError: Bool
        var attempts: String
        var requestID: String
    }

    func testEveryCellOfTheMatrix() throws {
        let fleet = try fleet()
        let (key, other) = (try fleet.makeKey("outages"), try fleet.makeKey("filling"))
        try fleet.waitUntilConfigured()
        let filling = try fill(fleet, other.text)
        let seen = try ask(fleet, key.text)
        for connection in filling { connection.close() }
        let events = try fleet.events(for: seen.map(\.requestID))
        let bills = Dictionary(grouping: try fleet.stub.ledger(), by: \.requestID)
        var violations: [String] = []
        print(
            "| outcome | fault | form | first byte | fallback | resumes | the caller saw | attempts | upstream requests | charged (nano-USD) |"
        )
        print("|---|---|---|---|---|---|---|--:|--:|--:|")
        for (cell, seen) in zip(OutageCell.all, seen) {
            let upstream = try fleet.stub.received(seen.requestID).count
            guard let event = events[seen.requestID] else {
                violations.append("cell \(cell.number): no usage event")
                continue
            }
            let saw =
                seen.status != 200
                ? "\(seen.status)\(seen.code.isEmpty ? "" : " `\(seen.code)`")"
                : seen.isComplete && !seen.hasError ? "the answer" : seen.hasError ? "error event" : "a cut"
            print(
                "| `\(cell.fault.outcome)` | \(cell.fault.fault.isEmpty ? cell.fault.provider : cell.fault.fault) | \(cell.form) | \(cell.fault.phase) | \(cell.hasFallback ? "yes" : "no") | \(cell.resumes ? "yes" : "no") | \(saw) | \(event.attempts) | \(upstream) | \(event.costNanodollars) |"
            )
            violations += judge(cell, seen, event, bills[seen.requestID] ?? [], upstream: upstream).map {
                "cell \(cell.number) (\(cell.fault.outcome), \(cell.fault.fault), \(cell.form), fallback \(cell.hasFallback), resumes \(cell.resumes)): \($0)"
            }
        }
        // Each attempt that was gone on with is an event of its own.
        let broken = try fleet.events(of: key, count: seen.count + OutageCell.all.count(where: \.isResumed)).filter {
            events[$0.requestID] == nil
        }
        if broken.count != OutageCell.all.count(where: \.isResumed) {
            violations.append("\(broken.count) broken attempts")
        }
        for event in broken where event.outcome != "cut" || event.costNanodollars <= 0 {
            violations.append("a broken attempt: \(event)")
        }
        XCTAssertEqual(violations, [])
        print("outages: cells=\(OutageCell.all.count) violations=\(violations.count)")
    }

    /// Requests that take the slots of targets that are to be full, until their connections close.
    private func fill(_ fleet: TestFleet, _ key: String) throws -> [RawConnection] {
        let connections = try OutageCell.all.filter(\.fault.isFull).map { cell in
            let connection = try RawConnection(port: fleet.data.port)
            let body = chatBody(cell.fillingRoute)
            try connection.send(
                "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(key)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return connection
        }
        try waitUntil("the slots are taken", detail: { fleet.tails }) {
            try fleet.data.metric("weir_concurrency_in_flight") == Double(connections.count)
        }
        return connections
    }

    private func ask(_ fleet: TestFleet, _ key: String) throws -> [Seen] {
        let cells = OutageCell.all
        let next = Mutex(0)
        let found = Mutex<[Int: Result<Seen, any Error>]>([:])
        let port = fleet.data.port
        let threads = CallerThreads()
        threads.start(6) { _ in
            let caller = HTTPCaller(port: port, timeout: .seconds(30))
            while true {
                let number = next.withLock { number in
                    defer { number += 1 }
                    return number
                }
                guard number < cells.count else { return }
                let cell = cells[number]
                let result = Result {
                    let answer = try caller.chat(
                        key, chatBody(cell.route, stream: cell.form == .stream, extra: #","max_tokens":1000000"#))
                    return Seen(
                        status: answer.status, code: answer.status == 200 ? "" : answer.errorCode ?? "",
                        isComplete: answer.ending == .complete, hasDone: answer.events.last == "[DONE]",
                        hasError: answer.status == 200 && cell.form == .stream
                            && answer.events.contains { $0.contains(#""stream_interrupted""#) },
                        attempts: answer.header("x-weir-attempts") ?? "", requestID: answer.header("x-request-id") ?? ""
                    )
                }
                found.withLock { $0[number] = result }
            }
        }
        try waitUntil("all cells are asked", timeout: .seconds(120), detail: { fleet.tails }) { threads.areDone }
        return try cells.indices.map { index in try found.withLock { try XCTUnwrap($0[index]).get() } }
    }

    /// What is wrong with a cell.
    private func judge(
        _ cell: OutageCell, _ seen: Seen, _ event: UsageRow, _ bills: [StubNode.Bill], upstream: Int
    ) -> [String] {
        var problems: [String] = []
        func want<Value: Equatable>(_ what: String, _ got: Value, _ wanted: Value) {
            if got != wanted { problems.append("\(what): \(got), want \(wanted)") }
        }
        want("status", seen.status, cell.status)
        want("attempts in the event", event.attempts, cell.attempts)
        if cell.isResumed {
            want("attempts", upstream, 2)
            want("[DONE]", seen.hasDone, true)
            want("an error event", seen.hasError, false)
            want("outcome", event.outcome, "completed")
            want("cost", event.costNanodollars, Self.cost(of: bills, at: cell.fallbackModelName))
            return problems
        }
        if cell.fault.phase == .after {
            want("attempts", upstream, 1)
            if cell.form == .stream {
                want("[DONE] behind a broken answer", seen.hasDone, false)
                want("an error event", seen.hasError, true)
            } else {
                want("a clean end of a broken answer", seen.isComplete, false)
            }
            want("outcome", event.outcome, "cut")
            if event.costNanodollars <= 0 { problems.append("what was produced is not charged") }
            return problems
        }
        want("attempts in the header", seen.attempts, "\(cell.attempts)")
        want("complete", seen.isComplete, true)
        // Those at the failing target, and the one that answered. A connection that is used again may turn out to be closed, and the
        // request, of which nothing was answered, goes out on a new one.
        let heard = (cell.fault.isUnheard ? 0 : cell.attempts - (cell.isSaved ? 1 : 0)) + (cell.isSaved ? 1 : 0)
        let replays = cell.fault.outcome == "broken" ? cell.attempts : 0
        if !(heard...(heard + replays)).contains(upstream) {
            problems.append("upstream requests: \(upstream), want \(heard)")
        }
        if cell.isSaved {
            if cell.form == .stream { want("[DONE]", seen.hasDone, true) }
            want("outcome", event.outcome, "completed")
            want("cost", event.costNanodollars, Self.cost(of: bills, at: cell.fallbackModelName))
        } else {
            if let code = cell.fault.code { want("code", seen.code, code) }
            want("charged for nothing", event.costNanodollars, 0)
            want("outcome", event.outcome, cell.fault.code == nil ? "completed" : "failed")
        }
        return problems
    }

    /// Of the one request that a model was billed for; nil where there is not one.
    private static func cost(of bills: [StubNode.Bill], at model: String) -> Int64? {
        let own = bills.filter { $0.model == model }
        guard own.count == 1 else { return nil }
        return TestFleet.cost(TestFleet.chatPrice, input: own[0].promptTokens, output: own[0].completionTokens)
    }
}

import Foundation
import Synchronization
import TestSupport

/// Many callers that spend one key's budget together until each of them is told that it is used up.
///
/// Concurrency: each caller is a thread; `tally` is guarded by its mutex.
final class RaceCallers: Sendable {
    struct Refusal: Sendable {
        /// When the answer had arrived.
        var microseconds: Int
        var isStream: Bool
        var spentNanodollars: Int64
        /// What is wrong with the answer, if anything.
        var problem: String?
    }

    struct Tally: Sendable {
        var sent = 0
        /// Whole answers, by request ID.
        var completed: [String] = []
        var refusals: [Refusal] = []
        /// Answers of Weir that ask to come again, by status and code.
        var retried: [String: Int] = [:]
        /// Connections that broke before the end of an answer.
        var broken = 0
        /// What ought not to happen.
        var surprises: [String] = []
    }

    private let key: String
    private let route: String
    private let limit: Int64
    private let label: String
    private let threads = CallerThreads()
    let tally = Mutex(Tally())

    /// Each caller asks on after its first refusal, to see that it stays refused.
    private static let refusalsEach = 3

    /// - Parameter ports: of the data planes; the callers are spread over them.
    init(count: Int, ports: [UInt16], key: String, route: String, limit: Int64, label: String) {
        self.key = key
        self.route = route
        self.limit = limit
        self.label = label
        threads.start(count) { [self] number in
            call(number, HTTPCaller(port: ports[number % ports.count], timeout: .seconds(40)))
        }
    }

    var areDone: Bool { threads.areDone }

    func stop() { threads.tellToStop() }

    private func call(_ number: Int, _ caller: HTTPCaller) {
        var refusals = 0
        var request = 0
        while refusals < Self.refusalsEach, threads.goOn {
            // While a process is started again, nobody listens.
            guard (try? caller.connectIfNeeded()) != nil else {
                usleep(10_000)
                continue
            }
            request += 1
            let isStream = (number + request) % 4 == 0
            // All of one length, so that all could cost the same.
            let text = "\(label), caller \(number + 100), request \(request + 10_000)"
            let body = chatBody(
                route, text, stream: isStream, extra: #","max_tokens":\#(TestFleet.budgetMaxTokens)"#)
            tally.withLock { $0.sent += 1 }
            guard let answer = try? caller.chat(key, body), answer.ending == .complete else {
                tally.withLock { $0.broken += 1 }
                continue
            }
            switch answer.status {
            case 200 where !isStream || answer.events.last == "[DONE]":
                tally.withLock { $0.completed.append(answer.header("x-request-id") ?? "") }
            case 402:
                refusals += 1
                let refusal = Refusal(
                    microseconds: monotonicMicroseconds(), isStream: isStream,
                    spentNanodollars: answer.errorNanodollars("spent_usd") ?? -1, problem: problem(with: answer))
                tally.withLock { $0.refusals.append(refusal) }
            case 503:
                tally.withLock { $0.retried[answer.label, default: 0] += 1 }
                usleep(50_000)
            default: tally.withLock { $0.surprises.append("\(answer.status) \(answer.text.prefix(300))") }
            }
        }
    }

    /// What a refusal has to say (docs/errors.md).
    private func problem(with answer: HTTPAnswer) -> String? {
        let error = answer.json["error"] as? [String: Any]
        if answer.errorType != "budget_exceeded" { return "type \(answer.errorType ?? "none")" }
        if answer.errorCode != "budget_exceeded" { return "code \(answer.errorCode ?? "none")" }
        if answer.errorText("scope") != "virtual_key" { return "scope \(answer.errorText("scope") ?? "none")" }
        if answer.errorNanodollars("limit_usd") != limit { return "limit \(answer.text)" }
        if answer.errorNanodollars("spent_usd") == nil { return "spent \(answer.text)" }
        if error?["resets_at"] as? NSNull == nil { return "resets_at \(answer.text)" }
        if answer.header("x-should-retry") != "false" { return "x-should-retry" }
        if answer.header("retry-after") != nil { return "retry-after" }
        return nil
    }
}

import Foundation
import Synchronization
import TestSupport

/// Callers that send one request after the other, a third of them streams, and go on whatever becomes of one.
///
/// Concurrency: each caller is a thread; `tally` is guarded by its mutex.
final class SteadyCallers: Sendable {
    struct Tally: Sendable {
        var begun = 0
        /// Whole answers, by request ID.
        var completed: [String] = []
        /// Answers that say that usage cannot be recorded.
        var refused = 0
        /// Connections that broke, or were not to be had.
        var broken = 0
        /// What ought not to happen.
        var surprises: [String] = []
    }

    private let port: UInt16
    private let key: String
    private let route: String
    private let requestsMax: Int
    private let threads = CallerThreads()
    let tally = Mutex(Tally())

    /// As long a label as is kept: it is in every record, so the journal fills up sooner.
    private static let endUser = String(repeating: "steady caller ", count: 9)

    init(_ count: Int, port: UInt16, key: String, route: String = "chat", requestsMax: Int = .max) {
        self.port = port
        self.key = key
        self.route = route
        self.requestsMax = requestsMax
        threads.start(count) { [self] _ in call(HTTPCaller(port: port, timeout: .seconds(20))) }
    }

    var areDone: Bool { threads.areDone }

    /// Lets each of them finish the request it has begun.
    func stop() throws { try threads.stop(patience: .seconds(30)) }

    private func call(_ caller: HTTPCaller) {
        while threads.goOn {
            // While a process is started again, nobody listens.
            guard (try? caller.connectIfNeeded()) != nil else {
                usleep(5_000)
                continue
            }
            let next = tally.withLock { tally -> Int? in
                guard tally.begun < requestsMax else { return nil }
                tally.begun += 1
                return tally.begun
            }
            guard let number = next else { return }
            let isStream = number % 3 == 0
            let body = chatBody(route, "request \(number)", stream: isStream, extra: #","user":"\#(Self.endUser)""#)
            guard let answer = try? caller.chat(key, body), answer.ending == .complete else {
                tally.withLock { $0.broken += 1 }
                continue
            }
            if answer.status == 200, !isStream || answer.text.hasSuffix("data: [DONE]\n\n") {
                tally.withLock { $0.completed.append(answer.header("x-request-id") ?? "") }
            } else if answer.errorCode == "journal_full" {
                tally.withLock { $0.refused += 1 }
                if let problem = problem(with: answer) { tally.withLock { $0.surprises.append(problem) } }
                // Sooner than it was told to, to see when requests pass again.
                usleep(10_000)
            } else {
                tally.withLock { $0.surprises.append("\(answer.status) \(answer.text.suffix(300))") }
            }
        }
    }

    /// What such a refusal has to say (docs/errors.md).
    private func problem(with answer: HTTPAnswer) -> String? {
        if answer.status != 503 { return "status \(answer.status)" }
        if answer.errorType != "server_error" { return "type \(answer.errorType ?? "none")" }
        if answer.header("retry-after") != "5" { return "retry-after \(answer.header("retry-after") ?? "none")" }
        return nil
    }
}

/// Streams that are under way while something else happens.
///
/// Concurrency: each is read by a thread; what is shared is guarded by its mutex.
final class HeldStreams: Sendable {
    struct Tally: Sendable {
        var begun = 0
        var answers: [HTTPAnswer.Ending: Int] = [:]
        /// Whole answers, by request ID.
        var completed: [String] = []

        var ended: Int { answers.values.reduce(0, +) }
    }

    let count: Int
    let tally = Mutex(Tally())

    /// Returns when each of them has begun.
    init(_ count: Int, port: UInt16, key: String, route: String) throws {
        self.count = count
        for number in 0..<count {
            Thread { [self] in
                var isFirst = true
                let caller = HTTPCaller(port: port, timeout: .seconds(60))
                let answer = try? caller.chat(key, chatBody(route, "held \(route) \(number)", stream: true)) { _ in
                    if isFirst { self.tally.withLock { $0.begun += 1 } }
                    isFirst = false
                    return true
                }
                tally.withLock { tally in
                    tally.answers[answer?.ending ?? .reset, default: 0] += 1
                    guard let answer, answer.text.hasSuffix("data: [DONE]\n\n") else { return }
                    tally.completed.append(answer.header("x-request-id") ?? "")
                }
            }.start()
        }
        try waitUntil("\(count) streams of \(route) have begun") { tally.withLock { $0.begun == count } }
    }
}

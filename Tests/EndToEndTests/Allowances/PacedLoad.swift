import Foundation
import Synchronization
import TestSupport

/// Requests of one key at given times, to the replica that a pattern names, whatever becomes of those before.
///
/// Concurrency: each worker is a thread and takes every n-th request; `tally` is guarded by its mutex.
final class PacedLoad: Sendable {
    struct Pattern: Sendable {
        var name: String
        var key: String
        var body: String
        /// When the n-th request is due, in seconds from the start; nil: it was the last.
        var due: @Sendable (Int) -> Double?
        /// Which of the data planes gets it.
        var replica: @Sendable (Int) -> Int
        var workers = 16
    }

    /// One answer, or that none came.
    struct Answer: Sendable {
        /// When it had arrived.
        var microseconds: Int
        var replica: Int
        /// Status and code.
        var label: String
    }

    struct Tally: Sendable {
        var sent = 0
        var log: [Answer] = []
        /// How many there were of each.
        var answers: [String: Int] { log.reduce(into: [:]) { $0[$1.label, default: 0] += 1 } }
        /// What is wrong with an answer.
        var problems: [String] = []
        /// From sending to the answer, of whole answers of the provider.
        var served: [Int] = []
        var latestMicroseconds = 0
    }

    let tally = Mutex(Tally())
    private let threads = CallerThreads()

    /// - Parameters:
    ///   - start: by `monotonicMicroseconds()`.
    ///   - check: what is wrong with an answer, if anything.
    init(_ pattern: Pattern, ports: [UInt16], start: Int, check: @escaping @Sendable (HTTPAnswer) -> String?) {
        threads.start(pattern.workers) { [self] worker in
            let callers = ports.map { HTTPCaller(port: $0, timeout: .seconds(30)) }
            var number = worker
            while let due = pattern.due(number) {
                let time = start + Int(due * 1_000_000)
                let pause = time - monotonicMicroseconds()
                if pause > 0 { usleep(UInt32(pause)) }
                let replica = pattern.replica(number) % callers.count
                call(callers[replica], replica, pattern, late: max(0, -pause), check)
                number += pattern.workers
            }
        }
    }

    var isDone: Bool { threads.areDone }

    private func call(
        _ caller: HTTPCaller, _ replica: Int, _ pattern: Pattern, late: Int, _ check: @Sendable (HTTPAnswer) -> String?
    ) {
        let began = monotonicMicroseconds()
        let answer = Result { try caller.chat(pattern.key, pattern.body) }
        let now = monotonicMicroseconds()
        let took = now - began
        let label = (try? answer.get().label) ?? "broken"
        tally.withLock { tally in
            tally.log.append(Answer(microseconds: now, replica: replica, label: label))
            tally.sent += 1
            tally.latestMicroseconds = max(tally.latestMicroseconds, late)
            switch answer {
            case .success(let answer):
                if answer.status == 200 { tally.served.append(took) }
                if let problem = check(answer) { tally.problems.append(problem) }
            case .failure(let error):
                tally.problems.append("\(error)")
            }
        }
    }
}

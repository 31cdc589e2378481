import Foundation
import Synchronization
import TestSupport

/// Callers that send one request after the other, a third of them streams, to replicas that come and go.
///
/// - Shape: each caller does what a load balancer does that looks at readiness: it takes a replica that says that it is ready, and another one
///   where no connection is to be had. A request that was sent is never sent again: if it fails, it has failed.
///
/// Concurrency: each caller is a thread; `tally` and `ready` are guarded by their mutexes.
final class RestartCallers: Sendable {
    struct Tally: Sendable {
        var begun = 0
        var streams = 0
        /// Whole answers, by request ID.
        var completed: [String] = []
        var failures: [String] = []
        var cutStreams: [String] = []
        /// Connections that could not be had.
        var refusedConnections = 0
    }

    private let replicas: [(port: UInt16, opsPort: UInt16)]
    private let key: String
    private let streamRoute: String
    private let threads = CallerThreads()
    private let ready: Mutex<[Bool]>
    let tally = Mutex(Tally())

    /// - Parameter replicas: where there is one only, nobody looks at its readiness, and each connection has to succeed.
    init(_ count: Int, replicas: [DataNode], key: String, streamRoute: String) {
        self.replicas = replicas.map { (port: $0.port, opsPort: $0.opsPort) }
        self.key = key
        self.streamRoute = streamRoute
        ready = Mutex(replicas.map { _ in true })
        if replicas.count > 1 { threads.start(1) { [self] _ in lookAtReadiness() } }
        threads.start(count) { [self] number in call(number) }
    }

    var begun: Int { tally.withLock { $0.begun } }

    /// Lets each of them finish the request it has begun.
    func stop() throws { try threads.stop(patience: .seconds(40)) }

    private func lookAtReadiness() {
        while threads.goOn {
            for (index, replica) in replicas.enumerated() {
                let answer = try? HTTPCaller(port: replica.opsPort, timeout: .seconds(1)).send("GET", "/readyz")
                ready.withLock { $0[index] = answer?.status == 200 }
            }
            usleep(20_000)
        }
    }

    private func call(_ number: Int) {
        // Half of them keep their connections, as far as the other side does.
        let callers = replicas.map {
            HTTPCaller(port: $0.port, timeout: .seconds(20), keepsConnection: number % 2 == 0)
        }
        var turn = number
        while threads.goOn {
            turn += 1
            let readyNow = ready.withLock { $0 }
            let order = callers.indices.map { ($0 + turn) % callers.count }.sorted { readyNow[$0] && !readyNow[$1] }
            guard let index = order.first(where: { connect(callers[$0]) }) else { continue }
            ask(callers[index])
        }
    }

    private func connect(_ caller: HTTPCaller) -> Bool {
        if (try? caller.connectIfNeeded()) != nil { return true }
        tally.withLock { tally in
            tally.refusedConnections += 1
            if replicas.count == 1 { tally.failures.append("no connection") }
        }
        return false
    }

    private func ask(_ caller: HTTPCaller) {
        let request = tally.withLock { tally in
            tally.begun += 1
            return tally.begun
        }
        let isStream = request % 3 == 0
        if isStream { tally.withLock { $0.streams += 1 } }
        let route = isStream ? streamRoute : "chat"
        do {
            let answer = try caller.chat(key, chatBody(route, "request \(request)", stream: isStream))
            guard answer.status == 200, answer.ending == .complete else {
                return failed(isStream, "\(answer.status) \(answer.ending) \(answer.text.suffix(200))")
            }
            guard !isStream || answer.events.last == "[DONE]" else { return failed(true, "\(answer.text.suffix(200))") }
            tally.withLock { $0.completed.append(answer.header("x-request-id") ?? "") }
        } catch { failed(isStream, "\(error)") }
    }

    private func failed(_ isStream: Bool, _ why: String) {
        tally.withLock { tally in
            if isStream { tally.cutStreams.append(why) } else { tally.failures.append(why) }
        }
    }
}

import Foundation
import Glibc
import Shared
import Synchronization
import TestSupport

/// Callers of every kind at a steady rate: some get their answers, some leave in the middle, reset, or read slowly.
///
/// - Shape: the n-th request is due at a time that follows from the rate; who is late goes on at once.
///
/// Concurrency: each caller is a thread; `tally` is guarded by its mutex.
final class SoakCallers: Sendable {
    enum Manner: String, CaseIterable {
        case plain, stream, fault, leave, resetInHead, resetInStream, slowReader
    }

    struct Tally: Sendable {
        var begun: [Manner: Int] = [:]
        /// Answers and streams that a caller wanted whole, and that no fault was in the way of.
        var whole = 0
        var surprises: [String] = []
    }

    /// In the order of `Manner`: what comes how often.
    private static let weights: [(Manner, Int)] = [
        (.plain, 40), (.stream, 25), (.fault, 12), (.leave, 8), (.resetInHead, 5), (.resetInStream, 6),
        (.slowReader, 4),
    ]

    private let port: UInt16
    private let key: String
    private let faults: [String]
    private let start = monotonicMicroseconds()
    private let count: Int
    /// Requests a second; 0: as fast as they go.
    private let rate: Double
    private let threads = CallerThreads()
    let tally = Mutex(Tally())

    /// - Parameters:
    ///   - faults: routes whose provider fails in one way or another.
    ///   - manners: nil: all of them.
    init(_ count: Int, port: UInt16, key: String, faults: [String], rate: Double, seed: UInt64, onlyPlain: Bool = false)
    {
        self.port = port
        self.key = key
        self.faults = faults
        self.count = count
        self.rate = rate
        threads.start(count) { [self] number in
            var random = SeededRandom(seed: seed &+ UInt64(number))
            call(number, onlyPlain: onlyPlain, &random)
        }
    }

    var begun: Int { tally.withLock { $0.begun.values.reduce(0, +) } }

    func stop() throws { try threads.stop(patience: .seconds(60)) }

    private func call(_ number: Int, onlyPlain: Bool, _ random: inout SeededRandom) {
        let caller = HTTPCaller(port: port, timeout: .seconds(30))
        var turn = 0
        while threads.goOn {
            if rate > 0 {
                let due = start + Int(Double(turn * count + number) / rate * 1e6)
                let pause = due - monotonicMicroseconds()
                if pause > 0 { usleep(UInt32(min(pause, 200_000))) }
                if monotonicMicroseconds() < due { continue }
            }
            turn += 1
            let manner = onlyPlain ? Manner.plain : Self.manner(&random)
            tally.withLock { $0.begun[manner, default: 0] += 1 }
            do { try perform(manner, caller, &random) } catch {
                tally.withLock { $0.surprises.append("\(manner): \(error)") }
                caller.close()
            }
        }
    }

    private static func manner(_ random: inout SeededRandom) -> Manner {
        var rest = Int.random(in: 0..<weights.reduce(0) { $0 + $1.1 }, using: &random)
        for (manner, weight) in weights {
            if rest < weight { return manner }
            rest -= weight
        }
        return .plain
    }

    private func perform(_ manner: Manner, _ caller: HTTPCaller, _ random: inout SeededRandom) throws {
        switch manner {
        case .plain, .stream:
            let isStream = manner == .stream
            let answer = try caller.chat(key, chatBody("chat", "soak", stream: isStream))
            guard answer.status == 200, answer.ending == .complete, !isStream || answer.events.last == "[DONE]" else {
                throw TestFailure("\(answer.status) \(answer.ending) \(answer.text.suffix(120))")
            }
            tally.withLock { $0.whole += 1 }
        case .fault:
            // Whatever becomes of it: an answer, an error, a stream that breaks off.
            let route = faults[Int.random(in: 0..<faults.count, using: &random)]
            _ = try caller.chat(key, chatBody(route, "soak", stream: Bool.random(using: &random)))
        case .leave:
            var pieces = Int.random(in: 1...4, using: &random)
            _ = try caller.chat(key, chatBody("steady", "soak", stream: true)) { _ in
                pieces -= 1
                return pieces > 0
            }
            caller.close()
        case .resetInHead: try reset(after: Int.random(in: 1...180, using: &random))
        case .resetInStream:
            let connection = try open("steady")
            _ = try connection.receive()
            connection.reset()
        case .slowReader:
            let connection = try open("large")
            for _ in 0..<Int.random(in: 2...6, using: &random) {
                _ = try connection.receive(patience: .milliseconds(50))
                usleep(50_000)
            }
            connection.close()
        }
    }

    private func request(_ route: String) -> [UInt8] {
        let body = chatBody(route, "soak", stream: true)
        return Array(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(key)\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
                .utf8)
    }

    private func open(_ route: String) throws -> RawConnection {
        let connection = try RawConnection(port: port)
        _ = try connection.send(request(route))
        return connection
    }

    private func reset(after byteCount: Int) throws {
        let connection = try RawConnection(port: port)
        _ = try connection.send(Array(request("chat").prefix(byteCount)))
        connection.reset()
    }
}

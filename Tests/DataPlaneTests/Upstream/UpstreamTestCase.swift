import Foundation
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import DataPlane
@testable import Shared

/// What tests of connections to providers share: providers that answer or do not, names that mean what a test says, and callers.
class UpstreamTestCase: XCTestCase {
    typealias Caller = CurlTransportTests.Caller

    /// A provider at one address, which answers with its name, when it may.
    ///
    /// Concurrency: on the loop of the test only.
    final class Provider: @unchecked Sendable {
        private let name: String
        private let loop: EventLoop
        private var listener: Listener!
        private(set) var accepted = 0
        private(set) var requests = 0
        /// So many requests may be answered.
        let answers: LevelSignal
        /// Says how many requests have come.
        let arrivals: LevelSignal
        var closes = false
        /// Ends each connection without a word when a second request comes on it.
        var breaksKept = false

        init(_ name: String, at host: String = "127.0.0.1", port: UInt16 = 0, holds: Bool = false, on loop: EventLoop)
            throws
        {
            self.name = name
            self.loop = loop
            answers = LevelSignal(on: loop)
            arrivals = LevelSignal(on: loop)
            if !holds { answers.raise(to: .max / 2) }
            listener = try Listener(
                on: SocketAddress(numeric: host, port: port)!, loop: loop, sharesPort: false
            ) { [self] descriptor in
                accepted += 1
                loop.spawn { [self] _ in try? await serve(descriptor) }
            }
        }

        private func serve(_ descriptor: Int32) async throws {
            let connection = try Connection(adopting: descriptor, on: loop)
            defer { connection.close() }
            var served = 0
            while true {
                let head = HTTPHead()
                while try unsafe connection.input.isEmpty
                    || !head.parseRequest(connection.input.readable, headBytesMax: 65_536)
                {
                    if try await connection.fill() == 0 { return }
                }
                let length: UInt64
                switch head.framing {
                case .none: length = 0
                case .length(let given): length = given
                case .chunked, .untilClose: return
                }
                while connection.input.count < head.byteCount + Int(length) {
                    if try await connection.fill() == 0 { return }
                }
                connection.input.removeAll()
                if breaksKept, served > 0 { return }
                served += 1
                requests += 1
                let turn = UInt64(requests)
                arrivals.raise(to: turn)
                _ = await answers.wait(beyond: turn - 1, timeout: .seconds(20))
                connection.output.append(
                    "HTTP/1.1 200 OK\r\ncontent-length: \(name.utf8.count)\r\n\(closes ? "connection: close\r\n" : "")\r\n\(name)"
                )
                try await connection.flush()
                if closes { return }
            }
        }

        var port: UInt16 { listener.address.port }
        func stop() { listener.close() }
    }

    /// What the resolver of a test says.
    final class Names: Sendable {
        private struct State {
            var hosts: [String: [String]] = [:]
            var asked: [String] = []
        }
        private let state = Mutex(State())
        /// A question for this name gets no answer before it was signalled.
        let silence = DispatchSemaphore(value: 0)

        subscript(host: String) -> [String] {
            get { state.withLock { $0.hosts[host] ?? [] } }
            set { state.withLock { $0.hosts[host] = newValue } }
        }
        var asked: [String] { state.withLock { $0.asked } }

        var resolver: Resolver {
            Resolver { [self] host in
                state.withLock { $0.asked.append(host) }
                if host == "silent.test" { _ = silence.wait(timeout: .now() + 20) }
                return self[host].map { SocketAddress(numeric: $0, port: 0)! }
            }
        }
    }

    static func transport(
        _ names: Names = Names(), on loop: EventLoop, metrics: UpstreamMetrics = UpstreamMetrics(MetricsRegistry()),
        _ change: (inout UpstreamConfiguration) -> Void = { _ in }
    ) throws -> DirectTransport {
        var settings = DataPlaneConfiguration()
        change(&settings.upstream)
        return DirectTransport(
            on: loop, resolver: names.resolver, trust: try TLSClientContext(authoritiesFile: ""), settings: settings,
            metrics: metrics)
    }

    enum Result: Equatable {
        case answer(String)
        case failed(AttemptError)
    }

    /// One request and its answer, with its connection given back.
    static func ask(
        _ transport: DirectTransport, _ url: String, connect: Duration = .seconds(10), by caller: Caller? = nil,
        on loop: EventLoop
    ) async throws -> Result {
        let caller = try caller ?? Caller(on: loop, head: CurlTransportTests.plainHead)
        let end = loop.refreshedNow().advanced(by: .seconds(20))
        let limits = AttemptLimits(
            connectBy: loop.now.advanced(by: connect), firstByteBy: end, idleNanoseconds: 20_000_000_000, totalBy: end)
        do {
            let exchange = try await transport.exchange(
                caller.request(to: CurlTransportTests.target(url), limits: limits), for: caller.connection)
            let body = try await CurlTransportTests.readAll(exchange)
            exchange.finish()
            unsafe caller.connection.abortedWhenPeerLeaves = nil
            return .answer(String(decoding: body, as: UTF8.self))
        } catch let error as AttemptError { return .failed(error) }
    }

    /// Requests under way, and how they ended, in the order in which they did.
    ///
    /// Concurrency: on the loop of the test only.
    final class Crowd: @unchecked Sendable {
        private let transport: DirectTransport
        private let loop: EventLoop
        let ended: LevelSignal
        private(set) var results: [(caller: Int, result: Result)] = []
        private(set) var callers: [Caller] = []

        init(_ transport: DirectTransport, on loop: EventLoop) {
            self.transport = transport
            self.loop = loop
            ended = LevelSignal(on: loop)
        }

        func begin(_ url: String, connect: Duration = .seconds(10)) throws {
            try admit()
            ask(url, connect: connect)
        }

        func admit() throws { callers.append(try Caller(on: loop, head: CurlTransportTests.plainHead)) }

        /// For the last caller that was let in.
        func ask(_ url: String, connect: Duration = .seconds(10)) {
            let number = callers.count - 1
            loop.spawn { [self] _ in
                let result = try? await UpstreamTestCase.ask(
                    transport, url, connect: connect, by: callers[number], on: loop)
                results.append((caller: number, result: result ?? .failed(.stopped)))
                ended.raise()
            }
        }

        func wait(for count: Int) async { _ = await ended.wait(beyond: UInt64(count - 1), timeout: .seconds(20)) }
    }

    static func until(
        _ what: String, on loop: EventLoop, timeout: Duration = .seconds(20), _ holds: () -> Bool
    ) async {
        let end = loop.refreshedNow().advanced(by: timeout)
        while !holds() {
            guard loop.refreshedNow() < end else { return XCTFail("still not: \(what)") }
            await loop.sleep(for: .milliseconds(2))
        }
    }
}

import Foundation
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import DataPlane
@testable import Shared

/// Connections to providers: several addresses, names that move, limits, and what a request that waits notices of it.
final class UpstreamPoolTests: XCTestCase {
    private typealias Caller = CurlTransportTests.Caller

    /// A provider at one address, which answers with its name, when it may.
    ///
    /// Concurrency: on the loop of the test only.
    private final class Provider: @unchecked Sendable {
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
                guard case .length(let length) = head.framing else { return }
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

    /// An address that answers nobody: its queue is full, so the kernel drops what comes.
    private final class BlackHole {
        private let listener: Int32
        private var fillers: [Int32] = []
        let port: UInt16

        init(at host: String, port: UInt16) throws {
            let address = SocketAddress(numeric: host, port: port)!
            let family = address.isIPv6 ? AF_INET6 : AF_INET
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
            let opened = socket(family, kind, 0)
            listener = opened
            setOption(opened, SOL_SOCKET, SO_REUSEADDR, 1)
            guard unsafe address.withSockaddr({ unsafe bind(opened, $0, $1) }) == 0, listen(opened, 0) == 0,
                let bound = localAddress(of: opened)
            else { throw TestFailure("black hole: \(errnoText())") }
            self.port = bound.port
            for _ in 0..<3 {
                let filler = socket(family, kind, 0)
                _ = unsafe bound.withSockaddr { unsafe Glibc.connect(filler, $0, $1) }
                fillers.append(filler)
            }
        }

        deinit {
            for descriptor in fillers + [listener] { close(descriptor) }
        }
    }

    /// What the resolver of a test says.
    private final class Names: Sendable {
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

    private static func transport(
        _ names: Names = Names(), on loop: EventLoop, metrics: UpstreamMetrics = UpstreamMetrics(MetricsRegistry()),
        _ change: (inout UpstreamConfiguration) -> Void = { _ in }
    ) throws -> DirectTransport {
        var settings = DataPlaneConfiguration()
        change(&settings.upstream)
        return DirectTransport(
            on: loop, resolver: names.resolver, trust: try TLSClientContext(authoritiesFile: ""), settings: settings,
            metrics: metrics)
    }

    private enum Result: Equatable {
        case answer(String)
        case failed(AttemptError)
    }

    /// One request and its answer, with its connection given back.
    private static func ask(
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
    private final class Crowd: @unchecked Sendable {
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
                let result = try? await UpstreamPoolTests.ask(
                    transport, url, connect: connect, by: callers[number], on: loop)
                results.append((caller: number, result: result ?? .failed(.stopped)))
                ended.raise()
            }
        }

        func wait(for count: Int) async { _ = await ended.wait(beyond: UInt64(count - 1), timeout: .seconds(20)) }
    }

    private static func until(
        _ what: String, on loop: EventLoop, timeout: Duration = .seconds(20), _ holds: () -> Bool
    ) async {
        let end = loop.refreshedNow().advanced(by: timeout)
        while !holds() {
            guard loop.refreshedNow() < end else { return XCTFail("still not: \(what)") }
            await loop.sleep(for: .milliseconds(2))
        }
    }

    // MARK: Several addresses

    func testASilentAddressCostsOneDelayOnceAndIsTriedLastAfterwards() throws {
        for (silent, open) in [("127.0.0.2", "127.0.0.1"), ("::1", "127.0.0.1"), ("127.0.0.2", "::1")] {
            try onLoop { actor in
                let loop = actor.loop
                let provider = try Provider("here", at: open, on: loop)
                defer { provider.stop() }
                provider.closes = true
                let hole = try BlackHole(at: silent, port: provider.port)
                let names = Names()
                names["two.test"] = [silent, open]
                let transport = try Self.transport(names, on: loop) { $0.connectAttemptDelayMilliseconds = 400 }
                let url = "http://two.test:\(provider.port)"
                let began = loop.refreshedNow()
                let first = try await Self.ask(transport, url, on: loop)
                let took = began.duration(to: loop.refreshedNow())
                XCTAssertEqual(first, .answer("here"))
                XCTAssertGreaterThanOrEqual(took, .milliseconds(400))
                XCTAssertLessThan(took, .seconds(5))
                for _ in 0..<3 {
                    let again = loop.refreshedNow()
                    let answer = try await Self.ask(transport, url, on: loop)
                    XCTAssertEqual(answer, .answer("here"))
                    XCTAssertLessThan(again.duration(to: loop.refreshedNow()), .milliseconds(400))
                }
                XCTAssertEqual(transport.openConnections, 0, "the silent ones were closed")
                withExtendedLifetime(hole) {}
            }
        }
    }

    func testARefusalIsNoReasonToWait() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            let names = Names()
            names["three.test"] = ["127.0.0.3", "::1", "127.0.0.1"]
            let transport = try Self.transport(names, on: loop) { $0.connectAttemptDelayMilliseconds = 10_000 }
            let began = loop.refreshedNow()
            let answer = try await Self.ask(transport, "http://three.test:\(provider.port)", on: loop)
            XCTAssertEqual(answer, .answer("here"))
            XCTAssertLessThan(began.duration(to: loop.refreshedNow()), .seconds(5))
        }
    }

    func testTheConnectTimeoutBoundsAllAttemptsTogether() throws {
        try onLoop { actor in
            let loop = actor.loop
            let hole = try BlackHole(at: "127.0.0.2", port: 0)
            let other = try BlackHole(at: "::1", port: hole.port)
            let names = Names()
            names["dark.test"] = ["127.0.0.2", "::1"]
            let transport = try Self.transport(names, on: loop) { $0.connectAttemptDelayMilliseconds = 20 }
            let before = openSockets()
            let result = try await Self.ask(
                transport, "http://dark.test:\(hole.port)", connect: .milliseconds(80), on: loop)
            XCTAssertEqual(result, .failed(.connectTimedOut))
            XCTAssertEqual(transport.openConnections, 0)
            XCTAssertLessThanOrEqual(openSockets(), before)
            withExtendedLifetime((hole, other)) {}
        }
    }

    func testACallerThatLeavesEndsConnectingAtOnce() throws {
        try onLoop { actor in
            let loop = actor.loop
            let hole = try BlackHole(at: "127.0.0.2", port: 0)
            let transport = try Self.transport(on: loop)
            let crowd = Crowd(transport, on: loop)
            try crowd.begin("http://127.0.0.2:\(hole.port)")
            await Self.until("connecting", on: loop) { transport.openConnections == 1 }
            shutdown(crowd.callers[0].peer, Int32(SHUT_RDWR))
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results.map(\.result), [.failed(.callerGone)])
            XCTAssertEqual(transport.openConnections, 0)
            withExtendedLifetime(hole) {}
        }
    }

    // MARK: Names

    func testANameThatMovesTakesItsTrafficAlongWithinItsLife() throws {
        try onLoop { actor in
            let loop = actor.loop
            let old = try Provider("old", at: "127.0.0.1", on: loop)
            let new = try Provider("new", at: "127.0.0.2", port: old.port, on: loop)
            let busy = try Provider("busy", at: "127.0.0.3", port: old.port, holds: true, on: loop)
            defer { for provider in [old, new, busy] { provider.stop() } }
            let names = Names()
            names["moving.test"] = ["127.0.0.3"]
            let metrics = UpstreamMetrics(MetricsRegistry())
            let transport = try Self.transport(names, on: loop, metrics: metrics) { $0.dnsLifeTimeSeconds = 1 }
            let url = "http://moving.test:\(old.port)"
            // One that is in use while the name moves.
            let crowd = Crowd(transport, on: loop)
            try crowd.begin(url)
            _ = await busy.arrivals.wait(beyond: 0, timeout: .seconds(20))
            names["moving.test"] = ["127.0.0.1"]
            await Self.until("looked up again", on: loop) { metrics.found.current >= 2 }
            let first = try await Self.ask(transport, url, on: loop)
            XCTAssertEqual(first, .answer("old"))
            XCTAssertEqual(transport.idleConnections, 1)
            names["moving.test"] = ["127.0.0.2"]
            // Nobody asks meanwhile: it is looked up because there are connections.
            await Self.until("the idle connection closed", on: loop) { transport.idleConnections == 0 }
            let second = try await Self.ask(transport, url, on: loop)
            XCTAssertEqual(second, .answer("new"))
            busy.answers.raise(to: 1)
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results.map(\.result), [.answer("busy")], "what is in use goes on")
            XCTAssertEqual(transport.openConnections, 1, "and closes when it comes back")
            XCTAssertEqual(transport.idleConnections, 1)
            XCTAssertEqual(metrics.closedForAddress.current, 2)
            XCTAssertEqual(metrics.open.current, 1)
        }
    }

    func testConnectionsToAddressesThatStayAreKept() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            let names = Names()
            names["growing.test"] = ["127.0.0.1", "127.0.0.2"]
            let transport = try Self.transport(names, on: loop) { $0.dnsLifeTimeSeconds = 1 }
            let url = "http://growing.test:\(provider.port)"
            _ = try await Self.ask(transport, url, on: loop)
            names["growing.test"] = ["127.0.0.1"]
            await Self.until("looked up again", on: loop) { names.asked.count >= 3 }
            for _ in 0..<3 {
                let answer = try await Self.ask(transport, url, on: loop)
                XCTAssertEqual(answer, .answer("here"))
            }
            XCTAssertEqual(provider.accepted, 1)
        }
    }

    func testANameThatCannotBeLookedUpAnyMoreIsUsedAsItWas() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            let names = Names()
            names["fading.test"] = ["127.0.0.1"]
            let transport = try Self.transport(names, on: loop) { $0.dnsLifeTimeSeconds = 1 }
            let url = "http://fading.test:\(provider.port)"
            _ = try await Self.ask(transport, url, on: loop)
            names["fading.test"] = []
            // Ahead of its end, and again after that.
            await Self.until("looked up twice more", on: loop) { names.asked.count == 3 }
            transport.closeIdle()
            provider.closes = true
            for _ in 0..<3 {
                let answer = try await Self.ask(transport, url, on: loop)
                XCTAssertEqual(answer, .answer("here"))
            }
            XCTAssertEqual(provider.accepted, 4)
            XCTAssertEqual(names.asked.count, 3, "and asked for again only after a while")
            let unknown = try await Self.ask(transport, "http://unknown.test:1", on: loop)
            XCTAssertEqual(unknown, .failed(.connectFailed))
        }
    }

    func testALookUpThatHangsHoldsUpNobodyElse() throws {
        let names = Names()
        defer { names.silence.signal() }
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            names["other.test"] = ["127.0.0.1"]
            let transport = try Self.transport(names, on: loop)
            let crowd = Crowd(transport, on: loop)
            try crowd.begin("http://silent.test:\(provider.port)", connect: .milliseconds(60))
            try crowd.begin("http://silent.test:\(provider.port)")
            await Self.until("asked for", on: loop) { names.asked == ["silent.test"] }
            let answer = try await Self.ask(transport, "http://other.test:\(provider.port)", on: loop)
            XCTAssertEqual(answer, .answer("here"))
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results.map(\.result), [.failed(.connectTimedOut)])
            shutdown(crowd.callers[1].peer, Int32(SHUT_RDWR))
            await crowd.wait(for: 2)
            XCTAssertEqual(crowd.results.last?.result, .failed(.callerGone))
            XCTAssertEqual(names.asked.count { $0 == "silent.test" }, 1, "all wait for one look-up")
        }
    }

    func testTheSystemsResolverKnowsThisMachine() throws {
        XCTAssertTrue(
            Resolver.askSystem("localhost").contains { ["127.0.0.1", "::1"].contains($0.host) },
            "\(Resolver.askSystem("localhost"))")
        XCTAssertEqual(Resolver.askSystem("127.0.0.1").map(\.host), ["127.0.0.1"])
        XCTAssertEqual(Resolver.askSystem("no such name"), [])
        try onLoop { actor in
            let provider = try Provider("here", on: actor.loop)
            defer { provider.stop() }
            let transport = DirectTransport(
                on: actor.loop, resolver: Resolver(), trust: try TLSClientContext(authoritiesFile: ""))
            let answer = try await Self.ask(transport, "http://localhost:\(provider.port)", on: actor.loop)
            XCTAssertEqual(answer, .answer("here"))
        }
    }

    // MARK: Limits

    func testRequestsBeyondTheLimitWaitInOrderAndGetTheConnectionsOfThoseBeforeThem() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", holds: true, on: loop)
            defer { provider.stop() }
            let transport = try Self.transport(on: loop) { $0.connectionsPerThreadMax = 2 }
            let crowd = Crowd(transport, on: loop)
            for _ in 0..<6 { try crowd.begin("http://127.0.0.1:\(provider.port)") }
            _ = await provider.arrivals.wait(beyond: 1, timeout: .seconds(20))
            await Self.until("all wait", on: loop) { transport.waitingRequests == 4 }
            XCTAssertEqual(transport.openConnections, 2)
            for turn in 1...6 {
                provider.answers.raise(to: UInt64(turn))
                await crowd.wait(for: turn)
            }
            XCTAssertEqual(crowd.results.map(\.caller), [0, 1, 2, 3, 4, 5])
            XCTAssertTrue(crowd.results.allSatisfy { $0.result == .answer("here") }, "\(crowd.results)")
            XCTAssertEqual(provider.accepted, 2)
            XCTAssertEqual(transport.idleConnections, 2)
        }
    }

    func testThePlaceOfAConnectionThatClosesGoesToWhoWaits() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", holds: true, on: loop)
            defer { provider.stop() }
            provider.closes = true
            let transport = try Self.transport(on: loop) { $0.connectionsPerThreadMax = 1 }
            let crowd = Crowd(transport, on: loop)
            for _ in 0..<4 { try crowd.begin("http://127.0.0.1:\(provider.port)") }
            await Self.until("all wait", on: loop) { transport.waitingRequests == 3 }
            provider.answers.raise(to: .max / 2)
            await crowd.wait(for: 4)
            XCTAssertEqual(crowd.results.map(\.caller), [0, 1, 2, 3])
            XCTAssertTrue(crowd.results.allSatisfy { $0.result == .answer("here") }, "\(crowd.results)")
            XCTAssertEqual(provider.accepted, 4)
            XCTAssertEqual(transport.openConnections, 0)
        }
    }

    func testARequestThatGoesOutOnceMoreKeepsItsPlaceInLine() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            provider.breaksKept = true
            let transport = try Self.transport(on: loop) {
                $0.connectionsPerThreadMax = 1
                $0.waitingPerThreadMax = 1
            }
            let url = "http://127.0.0.1:\(provider.port)"
            _ = try await Self.ask(transport, url, on: loop)
            XCTAssertEqual(transport.idleConnections, 1)
            let crowd = Crowd(transport, on: loop)
            // On the kept connection, and waiting for it: nobody else may wait.
            for _ in 0..<2 { try crowd.begin(url) }
            await crowd.wait(for: 2)
            XCTAssertEqual(crowd.results.map(\.caller), [0, 1])
            XCTAssertEqual(crowd.results.map(\.result), [.answer("here"), .answer("here")])
            XCTAssertEqual(provider.accepted, 3)
            XCTAssertEqual(transport.openConnections, 1)
        }
    }

    func testWaitingEndsWithTheTimeWithTheCallerAndWithTheQueue() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", holds: true, on: loop)
            defer { provider.stop() }
            let registry = MetricsRegistry()
            let transport = try Self.transport(on: loop, metrics: UpstreamMetrics(registry)) {
                $0.connectionsPerThreadMax = 1
                $0.waitingPerThreadMax = 3
            }
            let url = "http://127.0.0.1:\(provider.port)"
            let crowd = Crowd(transport, on: loop)
            try crowd.begin(url)
            _ = await provider.arrivals.wait(beyond: 0, timeout: .seconds(20))
            try crowd.begin(url, connect: .milliseconds(400))
            try crowd.begin(url)
            try crowd.begin(url)
            await Self.until("all wait", on: loop) { transport.waitingRequests == 3 }
            let full = try await Self.ask(transport, url, on: loop)
            XCTAssertEqual(full, .failed(.connectionsInUse), "the queue is full")
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results[0].result, .failed(.connectionsInUse), "its time is over")
            XCTAssertEqual(crowd.results[0].caller, 1)
            shutdown(crowd.callers[2].peer, Int32(SHUT_RDWR))
            await crowd.wait(for: 2)
            XCTAssertEqual(crowd.results[1].result, .failed(.callerGone))
            XCTAssertEqual(transport.waitingRequests, 1)
            provider.answers.raise(to: .max / 2)
            await crowd.wait(for: 4)
            XCTAssertEqual(crowd.results.map(\.caller), [1, 2, 0, 3])
            XCTAssertEqual(crowd.results[3].result, .answer("here"))
            XCTAssertEqual(transport.idleConnections, 1)
            let text = String(decoding: registry.render(), as: UTF8.self)
            XCTAssertTrue(text.contains("weir_upstream_waits_total 3"), text)
            XCTAssertTrue(text.contains("weir_upstream_waiting_requests 0"), text)
            XCTAssertTrue(
                text.contains("weir_upstream_connect_failures_total{cause=\"connections_in_use\"} 2"), text)
        }
    }

    func testNoMoreConnectionsAreKeptThanMayBe() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("here", holds: true, on: loop)
            defer { provider.stop() }
            let transport = try Self.transport(on: loop) { $0.idleConnectionsPerThreadMax = 2 }
            let crowd = Crowd(transport, on: loop)
            for _ in 0..<5 { try crowd.begin("http://127.0.0.1:\(provider.port)") }
            _ = await provider.arrivals.wait(beyond: 4, timeout: .seconds(20))
            provider.answers.raise(to: .max / 2)
            await crowd.wait(for: 5)
            XCTAssertEqual(transport.idleConnections, 2)
            XCTAssertEqual(transport.openConnections, 2)
        }
    }

    func testProvidersThatNobodyAsksForAreForgottenWhenThereAreTooMany() throws {
        try onLoop(timeout: .seconds(60)) { actor in
            let loop = actor.loop
            let provider = try Provider("here", on: loop)
            defer { provider.stop() }
            let transport = try Self.transport(on: loop)
            let kept = try await Self.ask(transport, "http://127.0.0.1:\(provider.port)", on: loop)
            XCTAssertEqual(kept, .answer("here"))
            for port in 1...1_100 {
                _ = try await Self.ask(transport, "http://host-\(port).test:1", on: loop)
            }
            XCTAssertLessThanOrEqual(transport.poolCount, 1_024)
            XCTAssertEqual(transport.idleConnections, 1, "who has a connection is not forgotten")
            let again = try await Self.ask(transport, "http://127.0.0.1:\(provider.port)", on: loop)
            XCTAssertEqual(again, .answer("here"))
            XCTAssertEqual(provider.accepted, 1)
        }
    }

    // MARK: Descriptors

    func testWithoutADescriptorTheAnswerNamesTheReasonAndIdleConnectionsGoFirst() throws {
        try onLoop { actor in
            let loop = actor.loop
            let one = try Provider("one", on: loop)
            let two = try Provider("two", holds: true, on: loop)
            defer { for provider in [one, two] { provider.stop() } }
            let transport = try Self.transport(on: loop)
            let first = try await Self.ask(transport, "http://127.0.0.1:\(one.port)", on: loop)
            XCTAssertEqual(first, .answer("one"))
            XCTAssertEqual(transport.idleConnections, 1)
            let crowd = Crowd(transport, on: loop)
            try crowd.admit()
            let limit = try DescriptorSqueeze()
            defer { limit.end() }
            // The idle connection to the other provider gives its descriptor.
            crowd.ask("http://127.0.0.1:\(two.port)")
            await Self.until("the idle connection closed", on: loop) { transport.idleConnections == 0 }
            limit.end()
            _ = await two.arrivals.wait(beyond: 0, timeout: .seconds(20))
            let other = try Caller(on: loop, head: CurlTransportTests.plainHead)
            let again = try DescriptorSqueeze()
            let result = try await Self.ask(transport, "http://127.0.0.1:\(two.port)", by: other, on: loop)
            again.end()
            XCTAssertEqual(result, .failed(.descriptorsExhausted))
            two.answers.raise(to: .max / 2)
            await crowd.wait(for: 1)
            XCTAssertEqual(crowd.results.map(\.result), [.answer("two")])
        }
        let error = GatewayError(AttemptError.descriptorsExhausted)
        XCTAssertEqual(error.status, 503)
        XCTAssertEqual(error.code.description, "open_files_limit_reached")
        XCTAssertEqual(GatewayError(AttemptError.connectionsInUse).status, 503)
    }
}

/// No further descriptor for this process until `end`.
private final class DescriptorSqueeze {
    private var before = rlimit()
    private var isOn = true
    private static let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))

    init() throws {
        guard unsafe getrlimit(Self.resource, &before) == 0 else { throw TestFailure("getrlimit: \(errnoText())") }
        // The lowest free number is what the next one would get.
        let next = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        close(next)
        var limit = before
        limit.rlim_cur = rlim_t(next)
        guard unsafe setrlimit(Self.resource, &limit) == 0 else { throw TestFailure("setrlimit: \(errnoText())") }
    }

    func end() {
        guard isOn else { return }
        isOn = false
        _ = unsafe setrlimit(Self.resource, &before)
    }
}

import Foundation
import Glibc
import TestSupport
import XCTest

@testable import DataPlane
@testable import Shared

/// Weir's own connections to providers at https.
final class DirectTLSTests: XCTestCase {
    private var authority: TestAuthority!

    override func setUpWithError() throws { authority = try TestAuthority() }

    override func tearDown() { authority = nil }

    private typealias Caller = CurlTransportTests.Caller

    /// A provider at https on the test's loop, which answers with the body that it got.
    ///
    /// Concurrency: on the loop of the test only.
    private final class Provider: @unchecked Sendable {
        private(set) var resumed: [Bool] = []
        private var listener: Listener!
        /// Closes after each answer, saying so.
        var closes = false

        init(_ context: TLSServerContext, on loop: EventLoop) throws {
            listener = try Listener(
                on: SocketAddress(numeric: "127.0.0.1", port: 0)!, loop: loop, sharesPort: false
            ) { [self] descriptor in
                loop.spawn { [self] _ in
                    guard let connection = try? Connection(adopting: descriptor, on: loop) else { return }
                    defer { connection.close() }
                    let deadline = loop.refreshedNow().advanced(by: .seconds(10))
                    guard (try? await connection.secure(asServer: context, by: deadline)) != nil else { return }
                    resumed.append(connection.isResumed)
                    while let body = try? await Self.readRequest(connection) {
                        connection.output.append(
                            "HTTP/1.1 200 OK\r\ncontent-length: \(body.count)\r\n\(closes ? "connection: close\r\n" : "")\r\n"
                        )
                        connection.output.append(body)
                        guard (try? await connection.flush()) != nil, !closes else { return }
                    }
                }
            }
        }

        var port: UInt16 { listener.address.port }
        func stop() { listener.close() }

        /// Nil at the end of the stream.
        static func readRequest(_ connection: Connection) async throws -> [UInt8]? {
            let head = HTTPHead()
            let input = connection.input
            while try unsafe input.isEmpty || !head.parseRequest(input.readable, headBytesMax: 65_536) {
                if try await connection.fill() == 0 { return nil }
            }
            guard case .length(let length) = head.framing else { throw TestFailure("no length") }
            let end = head.byteCount + Int(length)
            while input.count < end { if try await connection.fill() == 0 { return nil } }
            let body = input.array(head.byteCount..<end)
            input.consume(end)
            return body
        }
    }

    private static func transport(_ authorities: String, on loop: EventLoop) throws -> DirectTransport {
        DirectTransport(on: loop, resolver: Resolver(), trust: try TLSClientContext(authoritiesFile: authorities))
    }

    private static func failure(_ body: () async throws(AttemptError) -> Void) async -> AttemptError? {
        do throws(AttemptError) {
            try await body()
            return nil
        } catch { return error }
    }

    func testConnectionsAreKeptAndNewOnesResumeTheirSession() throws {
        let pair = try authority.issue("provider", for: "IP:127.0.0.1")
        let file = authority.file
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider(TLSServerContext([pair], tickets: TLSTicketKeys()), on: loop)
            defer { provider.stop() }
            let transport = try Self.transport(file, on: loop)
            let target = CurlTransportTests.target("https://127.0.0.1:\(provider.port)")
            // Larger than what is copied into the output buffer, than a record, and than what sockets hold.
            let large = "{\"model\":\"public\",\"n\":\"" + String(repeating: "0123456789abcdef", count: 40_000) + "\"}"
            for body in [CurlTransportTests.bodyText, large, CurlTransportTests.bodyText] {
                let caller = try Caller(on: loop, head: CurlTransportTests.plainHead, body: body)
                let exchange = try await transport.exchange(caller.request(to: target), for: caller.connection)
                let answer = try await CurlTransportTests.readAll(exchange)
                XCTAssertTrue(answer == Array(body.utf8), "\(answer.count) bytes for \(body.utf8.count)")
                exchange.finish()
            }
            XCTAssertEqual(provider.resumed, [false], "one connection for all")
            XCTAssertEqual(transport.idleConnections, 1)
            provider.closes = true
            for _ in 0..<3 {
                let caller = try Caller(on: loop, head: CurlTransportTests.plainHead)
                let exchange = try await transport.exchange(caller.request(to: target), for: caller.connection)
                _ = try await CurlTransportTests.readAll(exchange)
                exchange.finish()
            }
            XCTAssertEqual(provider.resumed, [false, true, true])
            // Other authorities: what the earlier ones let in is not used, and not resumed.
            transport.use(try TLSClientContext(authoritiesFile: ""))
            let caller = try Caller(on: loop, head: CurlTransportTests.plainHead)
            let refused = await Self.failure { () async throws(AttemptError) in
                _ = try await transport.exchange(caller.request(to: target), for: caller.connection)
            }
            XCTAssertEqual(refused, .certificateRefused)
        }
    }

    func testEachWayOfNotGettingAConnectionHasAnErrorOfItsOwn() throws {
        let pairs = [
            try authority.issue("other-host", for: "IP:127.0.0.9"),
            try authority.issue("expired", for: "IP:127.0.0.1", days: -1),
            try TestAuthority(in: authority.folder, name: "unknown").issue("unknown-ca", for: "IP:127.0.0.1"),
        ]
        let file = authority.file
        let plain = try LoopServer { _, responder, _ in await responder.respond(status: 200) }
        defer { plain.stop() }
        try onLoop { actor in
            let loop = actor.loop
            let transport = try Self.transport(file, on: loop)
            func attempt(_ port: UInt16, connect: Duration = .seconds(10)) async throws -> AttemptError? {
                let caller = try Caller(on: loop, head: CurlTransportTests.plainHead)
                let end = loop.refreshedNow().advanced(by: .seconds(20))
                let limits = AttemptLimits(
                    connectBy: loop.now.advanced(by: connect), firstByteBy: end, idleNanoseconds: 20_000_000_000,
                    totalBy: end)
                let target = CurlTransportTests.target("https://127.0.0.1:\(port)")
                return await Self.failure { () async throws(AttemptError) in
                    _ = try await transport.exchange(
                        caller.request(to: target, limits: limits), for: caller.connection)
                }
            }
            for pair in pairs {
                let provider = try Provider(TLSServerContext([pair], tickets: TLSTicketKeys()), on: loop)
                let error = try await attempt(provider.port)
                XCTAssertEqual(error, .certificateRefused, pair.certificateFile)
                provider.stop()
            }
            var silent: [Connection] = []
            let listener = try Listener(
                on: SocketAddress(numeric: "127.0.0.1", port: 0)!, loop: loop, sharesPort: false
            ) { silent.append(try! Connection(adopting: $0, on: loop)) }
            let timedOut = try await attempt(listener.address.port, connect: .milliseconds(60))
            XCTAssertEqual(timedOut, .connectTimedOut)
            XCTAssertEqual(silent.count, 1)
            listener.close()
            let refused = try await attempt(listener.address.port)
            XCTAssertEqual(refused, .connectFailed)
            // A plain server waits for the end of a line, and then says in plain words what it thinks of that.
            let leaving = try Listener(
                on: SocketAddress(numeric: "127.0.0.1", port: 0)!, loop: loop, sharesPort: false
            ) { descriptor in
                loop.spawn { _ in
                    guard let connection = try? Connection(adopting: descriptor, on: loop) else { return }
                    defer { connection.close() }
                    _ = try? await connection.fill()
                    connection.output.append("HTTP/1.1 400 Bad Request\r\n\r\n")
                    try? await connection.flush()
                }
            }
            let handshake = try await attempt(leaving.address.port)
            XCTAssertEqual(handshake, .handshakeFailed)
            leaving.close()
        }
        XCTAssertEqual(GatewayError(AttemptError.certificateRefused).code.description, "upstream_certificate_refused")
        XCTAssertEqual(GatewayError(AttemptError.handshakeFailed).code.description, "upstream_unreachable")
    }

    // MARK: Cut answers

    /// Stands between a provider and Weir, and cuts what the provider says at any byte of what is on the wire.
    ///
    /// Concurrency: on the loop of the test only.
    private final class CuttingRelay: @unchecked Sendable {
        /// The provider's end.
        let provider: Connection
        private let inner: Connection
        private let outer: Connection
        private(set) var forwarded = 0
        private var limit = Int.max
        private var beginning = 0

        init(_ descriptor: Int32, on loop: EventLoop) throws {
            outer = try Connection(adopting: descriptor, on: loop)
            var ends: [Int32] = [-1, -1]
            guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0 else {
                throw TestFailure("socketpair: \(errnoText())")
            }
            provider = try Connection(adopting: ends[0], on: loop)
            inner = try Connection(adopting: ends[1], on: loop)
            loop.spawn { [self] _ in try? await toProvider() }
            loop.spawn { [self] _ in
                try? await fromProvider()
                outer.close()
                inner.close()
            }
        }

        private func toProvider() async throws {
            while try await outer.fill() > 0 {
                inner.output.append(outer.input.array)
                outer.input.removeAll()
                try await inner.flush()
            }
        }

        private func fromProvider() async throws {
            while forwarded < limit {
                if try await inner.fill() == 0 { return }
                let count = min(inner.input.count, limit - forwarded)
                outer.output.append(inner.input.array(0..<count))
                inner.input.removeAll()
                forwarded += count
                try await outer.flush()
            }
        }

        /// All bytes that the provider has sent so far, wherever they are.
        private var sent: Int {
            var waiting: Int32 = 0
            _ = unsafe ioctl(inner.rawDescriptor, UInt(FIONREAD), &waiting)
            return forwarded + inner.input.count + Int(waiting)
        }

        /// Of what the provider sends from now on, `count` bytes pass.
        func cut(after count: Int) {
            beginning = sent
            limit = beginning + count
        }

        /// What the provider has sent since then.
        var sentSinceCut: Int { sent - beginning }
    }

    /// One answer that may be cut: how it is framed, and whether its provider says that it has ended.
    private struct Script {
        var name: String
        var pieces: [String]
        var endsTLS: Bool
        /// The end of the connection is the end of the answer.
        var endsWithConnection: Bool

        static let all = [
            Script(
                name: "length", pieces: ["HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n", "hello ", "world"],
                endsTLS: true,
                endsWithConnection: false),
            Script(
                name: "chunks",
                pieces: [
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "6\r\nhello \r\n",
                    "5\r\nworld\r\n0\r\n\r\n",
                ], endsTLS: true, endsWithConnection: false),
            Script(
                name: "connection", pieces: ["HTTP/1.1 200 OK\r\n\r\n", "hello ", "world"], endsTLS: true,
                endsWithConnection: true),
            Script(
                name: "connection that is lost", pieces: ["HTTP/1.1 200 OK\r\n\r\n", "hello ", "world"], endsTLS: false,
                endsWithConnection: true),
        ]
    }

    /// Concurrency: on the loop of the test only.
    private final class Sizes: @unchecked Sendable {
        var cut = Int.max / 2
        /// Of the answer, and of that and the farewell, in bytes on the wire.
        var answer = 0
        var whole = 0
    }

    func testAnAnswerIsCompleteOnlyWhenItsLastByteAndItsEndHaveCome() throws {
        let pair = try authority.issue("provider", for: "IP:127.0.0.1")
        let file = authority.file
        for script in Script.all {
            try onLoop { actor in
                let loop = actor.loop
                let context = try TLSServerContext([pair], tickets: TLSTicketKeys())
                let sizes = Sizes()
                let listener = try Listener(
                    on: SocketAddress(numeric: "127.0.0.1", port: 0)!, loop: loop, sharesPort: false
                ) { descriptor in
                    loop.spawn { _ in try? await Self.play(script, descriptor, context, sizes, on: loop) }
                }
                defer { listener.close() }
                let transport = try Self.transport(file, on: loop)
                let target = CurlTransportTests.target("https://127.0.0.1:\(listener.address.port)")
                let whole = try await Self.ask(transport, target, on: loop)
                XCTAssertEqual(whole.isComplete, script.endsTLS || !script.endsWithConnection, script.name)
                XCTAssertEqual(whole.body, "hello world")
                let needed = script.endsWithConnection ? sizes.whole : sizes.answer
                XCTAssertGreaterThan(sizes.answer, 3 * 22)
                for cut in 0..<sizes.whole {
                    sizes.cut = cut
                    let result = try await Self.ask(transport, target, on: loop)
                    XCTAssertEqual(result.isComplete, cut >= needed, "\(script.name), cut after \(cut) bytes")
                    XCTAssertTrue("hello world".hasPrefix(result.body))
                }
            }
        }
    }

    private static func play(
        _ script: Script, _ descriptor: Int32, _ context: TLSServerContext, _ sizes: Sizes, on loop: EventLoop
    ) async throws {
        let relay = try CuttingRelay(descriptor, on: loop)
        let connection = relay.provider
        defer { connection.close() }
        try await connection.secure(asServer: context, by: loop.refreshedNow().advanced(by: .seconds(10)))
        guard try await Provider.readRequest(connection) != nil else { return }
        let isMeasured = sizes.whole == 0
        relay.cut(after: sizes.cut)
        for piece in script.pieces {
            connection.output.append(piece)
            try await connection.flush()
        }
        if isMeasured { sizes.answer = relay.sentSinceCut }
        if script.endsTLS { connection.tls?.sayEnd() } else { connection.tls?.endSilently() }
        connection.tls = nil
        if isMeasured { sizes.whole = relay.sentSinceCut }
    }

    private static func ask(
        _ transport: DirectTransport, _ target: CompiledTarget, on loop: EventLoop
    ) async throws -> (isComplete: Bool, body: String) {
        let caller = try Caller(on: loop, head: CurlTransportTests.plainHead)
        let buffer = ByteBuffer()
        do {
            let exchange = try await transport.exchange(caller.request(to: target), for: caller.connection)
            defer { exchange.finish() }
            while try await exchange.read(into: buffer) > 0 {}
            return (true, String(decoding: buffer.array, as: UTF8.self))
        } catch is AttemptError {
            return (false, "")
        } catch let error as UpstreamReadError {
            XCTAssertEqual(error, .cut)
            return (false, String(decoding: buffer.array, as: UTF8.self))
        }
    }
}

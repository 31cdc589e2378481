import Foundation
import Glibc
import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// What a provider sees and what a caller gets, through libcurl and through Weir's own connections.
final class CurlTransportTests: XCTestCase {
    static let bodyText = #"{"model":"public","n":1}"#
    static let requestID = ObjectID(high: 1, low: 2)

    /// A caller's request and the connection it came on, of which `peer` is the other end.
    final class Caller {
        let connection: Connection
        let peer: Int32
        let head: ByteBuffer
        let body: ByteBuffer
        private(set) var parsed = HTTPHead()

        init(on loop: EventLoop, head text: String, body: String = CurlTransportTests.bodyText) throws {
            var ends: [Int32] = [-1, -1]
            guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0 else {
                throw TestFailure("socketpair: \(errnoText())")
            }
            connection = try Connection(adopting: ends[0], on: loop)
            peer = ends[1]
            head = ByteBuffer(Array(text.utf8))
            self.body = ByteBuffer(Array(body.utf8))
            guard try unsafe parsed.parseRequest(head.readable, headBytesMax: 65_536) else {
                throw TestFailure("half a head")
            }
        }

        deinit {
            connection.close()
            close(peer)
        }

        func request(to target: CompiledTarget, edits: JSONEdits = JSONEdits(), limits: AttemptLimits? = nil)
            -> UpstreamRequest
        {
            let now = connection.loop.refreshedNow()
            let end = now.advanced(by: .seconds(20))
            return unsafe UpstreamRequest(
                target: target, path: Array("/chat/completions".utf8),
                authorization: target.credentials.members[0].line,
                requestID: CurlTransportTests.requestID, head: parsed,
                headBytes: head.readable, dialect: .openai, providerDialect: .openai, body: body.readable, edits: edits,
                limits: limits
                    ?? AttemptLimits(connectBy: end, firstByteBy: end, idleNanoseconds: 20_000_000_000, totalBy: end))
        }
    }

    static func target(_ baseURL: String, credential: String? = "secret-1") -> CompiledTarget {
        let provider = PolicyDocument.Provider(id: ObjectID(high: 0, low: 1), name: "p", baseURL: baseURL)
        let model = PolicyDocument.Model(id: ObjectID(high: 0, low: 2), name: "m", kind: .chat)
        let target = CompiledTarget(
            index: 0, provider: provider, model: model,
            target: .init(providerID: provider.id, modelID: model.id),
            credentials: CompiledCredentials([
                credential.map { CompiledCredential(id: provider.id, name: "c", secret: Array($0.utf8)) }
                    ?? CompiledCredential(noneOf: provider)
            ]))!
        target.health = unsafe TargetHealth(
            target.identity, .standard, retryPercent: 10, CredentialHealth(provider.id), on: board,
            metrics: TargetMetrics(MetricsRegistry(), target: "p/m"), now: .now())
        return target
    }

    /// Nobody is told of anything.
    nonisolated(unsafe) private static let board = HealthBoard(MetricsRegistry())

    static let plainHead =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: 24\r\n\r\n"

    static func readAll(_ exchange: any UpstreamExchange) async throws(UpstreamReadError) -> [UInt8] {
        let buffer = ByteBuffer()
        while try await exchange.read(into: buffer) > 0 {}
        return buffer.array
    }

    static func readError(_ exchange: any UpstreamExchange) async -> UpstreamReadError? {
        do throws(UpstreamReadError) {
            _ = try await readAll(exchange)
            return nil
        } catch { return error }
    }

    func testAProviderSeesTheSameRequestThroughBothTransports() throws {
        let server = try LoopServer { request, responder, _ in
            var lines = request.headers.fields.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
            lines.insert("\(request.method) \(request.target)", at: 0)
            lines.append(String(decoding: request.body, as: UTF8.self))
            await responder.respond(status: 200, body: Array(lines.joined(separator: "\n").utf8))
        }
        defer { server.stop() }
        try onLoop { actor in
            let caller = try Caller(
                on: actor.loop,
                head: "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 24\r\nAuthorization: Bearer weir_x\r\nCookie: a=b\r\nAccept-Encoding: br\r\n"
                    + "Connection: keep-alive, x-hop\r\nX-Hop: 1\r\nX-Keep: a  b\r\nX-Empty:\r\nX-Empty-Too: \r\n"
                    + "X-Colon: a:b;c\r\nOpenAI-Beta: v2\r\nX-Weir-Debug: 1\r\nExpect: 100-continue\r\n\r\n")
            var edits = JSONEdits()
            edits.replace(9..<17, with: Array(#""m""#.utf8))
            edits.insert(Array(#""stream":true,"#.utf8), at: 1)
            let target = Self.target(server.url("/v1/"))
            let transports: [any UpstreamTransport] = [
                CurlTransport(on: actor.loop),
                DirectTransport(
                    on: actor.loop, resolver: Resolver(), trust: try TLSClientContext(authoritiesFile: "")),
            ]
            var seen: [String] = []
            for transport in transports {
                let exchange = try await transport.exchange(
                    caller.request(to: target, edits: edits), for: caller.connection)
                seen.append(String(decoding: try await Self.readAll(exchange), as: UTF8.self))
                exchange.finish()
            }
            XCTAssertEqual(seen[0], seen[1])
            XCTAssertEqual(
                seen[0],
                """
                POST /v1/chat/completions
                authorization: Bearer secret-1
                content-length: 33
                content-type: application/json
                host: 127.0.0.1:\(server.port)
                openai-beta: v2
                via: 1.1 weir
                x-colon: a:b;c
                x-empty-too:\u{20}
                x-empty:\u{20}
                x-keep: a  b
                x-request-id: \(Self.requestID)
                {"stream":true,"model":"m","n":1}
                """)
        }
    }

    func testACallerGetsTheSameAnswerThroughBothTransports() throws {
        let server = try LoopServer { _, responder, _ in
            try? await responder.startStream(
                status: 429,
                headers: [
                    ("Content-Type", "text/event-stream; charset=utf-8"), ("Retry-After", "7"), ("Set-Cookie", "a=b"),
                    ("Server", "x"), ("X-RateLimit-Limit-Requests", "9"), ("X-Request-ID", "theirs"),
                    ("OpenAI-Version", "2020"), ("x-Empty", ""),
                ])
            try? await responder.write(Array("data: 1\n\n".utf8))
            try? await responder.write(Array("data: 2\n\n".utf8))
            try? await responder.end()
        }
        defer { server.stop() }
        try onLoop { actor in
            let caller = try Caller(on: actor.loop, head: Self.plainHead)
            let transports: [any UpstreamTransport] = [
                CurlTransport(on: actor.loop),
                DirectTransport(
                    on: actor.loop, resolver: Resolver(), trust: try TLSClientContext(authoritiesFile: "")),
            ]
            var fields: [[UInt8]] = []
            for transport in transports {
                let exchange = try await transport.exchange(
                    caller.request(to: Self.target(server.url())), for: caller.connection)
                XCTAssertEqual(exchange.answer.status, 429)
                XCTAssertTrue(exchange.answer.isEventStream)
                XCTAssertEqual(exchange.answer.waitMilliseconds, 7_000)
                XCTAssertNil(exchange.answer.contentLength)
                fields.append(exchange.forwardedFields.array)
                let body = try await Self.readAll(exchange)
                XCTAssertEqual(body, Array("data: 1\n\ndata: 2\n\n".utf8))
                exchange.finish()
            }
            XCTAssertEqual(fields[0], fields[1])
            let text = String(decoding: fields[0], as: UTF8.self)
            XCTAssertTrue(text.contains("OpenAI-Version: 2020\r\n"))
            XCTAssertFalse(text.lowercased().contains("cookie"))
        }
    }

    func testACallerThatLeavesAbortsTheAttempt() throws {
        let gone = expectation(description: "the provider sees it")
        gone.expectedFulfillmentCount = 2
        let server = try LoopServer { request, responder, loop in
            if request.target.hasPrefix("/body") { try? await responder.startStream(status: 200, headers: []) }
            await responder.waitUntilPeerIsGone(on: loop)
            gone.fulfill()
        }
        defer { server.stop() }
        try onLoop { actor in
            let transport = CurlTransport(on: actor.loop)
            for prefix in ["/head", "/body"] {
                let caller = try Caller(on: actor.loop, head: Self.plainHead)
                let leave = LoopTimer(on: actor.loop) { shutdown(caller.peer, Int32(SHUT_RDWR)) }
                leave.arm(after: .milliseconds(40))
                do throws(AttemptError) {
                    let exchange = try await transport.exchange(
                        caller.request(to: Self.target(server.url(prefix))), for: caller.connection)
                    XCTAssertEqual(prefix, "/body")
                    let error = await Self.readError(exchange)
                    XCTAssertEqual(error, .aborted)
                } catch {
                    XCTAssertEqual(prefix, "/head")
                    XCTAssertEqual(error, .callerGone)
                }
                XCTAssertEqual(transport.transferCount, 0)
            }
        }
        wait(for: [gone], timeout: 10)
    }

    func testFailuresAreTheAttemptsErrors() throws {
        let server = try LoopServer { request, responder, loop in
            switch request.target {
            case "/broken/chat/completions": responder.abort(reset: true)
            case "/noise/chat/completions": try? await responder.sendRaw(Array("noise\r\n\r\n".utf8))
            case "/cut/chat/completions":
                try? await responder.sendRaw(Array("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab".utf8))
            default: await responder.waitUntilPeerIsGone(on: loop)
            }
        }
        defer { server.stop() }
        try onLoop { actor in
            let transport = CurlTransport(on: actor.loop)
            let caller = try Caller(on: actor.loop, head: Self.plainHead)
            let fail = { (url: String, limits: AttemptLimits?) async -> AttemptError? in
                do throws(AttemptError) {
                    _ = try await transport.exchange(
                        caller.request(to: Self.target(url), limits: limits), for: caller.connection)
                    return nil
                } catch { return error }
            }
            var error = await fail(server.url("/broken"), nil)
            XCTAssertEqual(error, .brokenBeforeAnswer)
            error = await fail(server.url("/noise"), nil)
            XCTAssertEqual(error, .malformedAnswer)
            error = await fail("http://127.0.0.1:1/v1", nil)
            XCTAssertEqual(error, .connectFailed)
            let soon = actor.loop.refreshedNow().advanced(by: .milliseconds(60))
            let late = soon.advanced(by: .seconds(20))
            error = await fail(
                server.url("/silent"),
                AttemptLimits(connectBy: late, firstByteBy: soon, idleNanoseconds: 9_000_000_000, totalBy: late))
            XCTAssertEqual(error, .firstTokenTimedOut)
            error = await fail(
                server.url("/silent"),
                AttemptLimits(connectBy: late, firstByteBy: soon, idleNanoseconds: 9_000_000_000, totalBy: soon))
            XCTAssertEqual(error, .totalTimedOut)
            let exchange = try await transport.exchange(
                caller.request(to: Self.target(server.url("/cut"))), for: caller.connection)
            XCTAssertEqual(exchange.answer.contentLength, 9)
            let readError = await Self.readError(exchange)
            XCTAssertEqual(readError, .cut)
            XCTAssertEqual(transport.transferCount, 0)
        }
    }
}

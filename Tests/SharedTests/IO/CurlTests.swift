import Foundation
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Shared

final class CurlTests: XCTestCase {
    private func withServer<Result>(_ handler: @escaping LoopServer.Handler, _ body: (LoopServer) throws -> Result)
        throws
        -> Result
    {
        let server = try LoopServer(handler)
        defer { server.stop() }
        return try body(server)
    }

    /// How a call ended that must not end well.
    private static func failure(
        _ body: () async throws(CurlError) -> Void, file: StaticString = #filePath, line: UInt = #line
    ) async -> CurlError.Kind? {
        do {
            try await body()
            XCTFail("it went well", file: file, line: line)
            return nil
        } catch {
            return error.kind
        }
    }

    // MARK: Whole answers

    func testAWholeAnswerHasItsStatusItsFieldsAndItsBody() throws {
        try withServer { request, responder, _ in
            await responder.respond(
                status: 418, headers: [("x-one", "1"), ("X-Two", " a b "), ("x-one", "2"), ("x-empty", "")],
                body: Array("tea".utf8))
        } _: { server in
            try onLoop { actor in
                let response = try await CurlClient(on: actor.loop).send(method: "GET", url: server.url())
                XCTAssertEqual(response.status, 418)
                XCTAssertEqual(response.body, Array("tea".utf8))
                XCTAssertEqual(response.headers.all("x-one"), ["1", "2"])
                XCTAssertEqual(response.headers.first("x-two"), "a b")
                XCTAssertEqual(response.headers.first("x-empty"), "")
            }
        }
    }

    func testTheRequestArrivesAsItWasGivenAndNothingIsAdded() throws {
        try withServer { request, responder, _ in
            await responder.respond(status: 200, body: request.headBytes + request.body)
        } _: { server in
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                let authority = "127.0.0.1:\(server.port)"
                let send = { (method: String, headers: HTTPHeaders, body: [UInt8]?) async throws in
                    String(
                        decoding: try await client.send(
                            method: method, url: server.url("/a/../b?q=1"), headers: headers,
                            body: body.map(ByteBuffer.init)
                        ).body, as: UTF8.self)
                }
                for method in ["GET", "DELETE"] {
                    let seen = try await send(method, [], nil)
                    XCTAssertEqual(seen, "\(method) /a/../b?q=1 HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
                }
                for method in ["POST", "PUT", "PATCH"] {
                    let seen = try await send(
                        method, [("X-Empty", ""), ("x-a", "b c"), ("Content-Type", "application/json")],
                        Array("{}".utf8))
                    XCTAssertEqual(
                        seen,
                        "\(method) /a/../b?q=1 HTTP/1.1\r\nHost: \(authority)\r\nX-Empty:\r\nx-a: b c\r\n"
                            + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                    let empty = try await send(method, [], nil)
                    XCTAssertEqual(
                        empty, "\(method) /a/../b?q=1 HTTP/1.1\r\nHost: \(authority)\r\nContent-Length: 0\r\n\r\n")
                }
            }
        }
    }

    func testALargeBodyArrivesWholeWithoutWaitingForContinue() throws {
        try withServer { request, responder, _ in
            let digest = SHA256.digest(request.body)
            await responder.respond(status: request.headers.first("expect") == nil ? 200 : 500, body: digest.bytes)
        } _: { server in
            try onLoop { actor in
                var random = SeededRandom(seed: 7)
                let body = (0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                let response = try await CurlClient(on: actor.loop).send(method: "POST", url: server.url(), body: body)
                XCTAssertEqual(response.status, 200)
                XCTAssertEqual(response.body, SHA256.digest(body).bytes)
            }
        }
    }

    func testABodyUpToTheBoundIsTakenAndOneByteMoreIsNot() throws {
        try withServer { request, responder, _ in
            let count = Int(request.queryValue("count")!)!
            await responder.respond(status: 200, body: [UInt8](repeating: 65, count: count))
        } _: { server in
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                let whole = try await client.send(
                    method: "GET", url: server.url("/?count=100000"), bodyBytesMax: 100_000)
                XCTAssertEqual(whole.body.count, 100_000)
                let kind = await Self.failure { () async throws(CurlError) in
                    _ = try await client.send(method: "GET", url: server.url("/?count=100001"), bodyBytesMax: 100_000)
                }
                XCTAssertEqual(kind, .tooLarge)
                XCTAssertEqual(client.transferCount, 0)
            }
        }
    }

    func testAnAnswerWithoutABodyAndAnAnswerToHeadAreComplete() throws {
        try withServer { request, responder, _ in
            await responder.respond(
                status: request.method == "HEAD" ? 200 : 204, body: request.method == "HEAD" ? [1, 2, 3] : [])
        } _: { server in
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                let none = try await client.send(method: "GET", url: server.url())
                XCTAssertEqual(none.status, 204)
                let head = try await client.send(method: "HEAD", url: server.url())
                XCTAssertEqual(head.headers.first("content-length"), "3")
                XCTAssertEqual(head.body, [])
            }
        }
    }

    func testARedirectIsAnAnswer() throws {
        try withServer { _, responder, _ in
            await responder.respond(status: 302, headers: [("location", "http://127.0.0.1:1/")])
        } _: { server in
            try onLoop { actor in
                let response = try await CurlClient(on: actor.loop).send(method: "GET", url: server.url())
                XCTAssertEqual(response.status, 302)
            }
        }
    }

    func testInterimAnswersAndTrailersArePassedOver() throws {
        try withServer { _, responder, _ in
            try? await responder.sendRaw(
                Array(
                    ("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                        + "2\r\nhi\r\n0\r\nx-late: 1\r\n\r\n").utf8))
        } _: { server in
            try onLoop { actor in
                let response = try await CurlClient(on: actor.loop).send(method: "GET", url: server.url())
                XCTAssertEqual(response.status, 200)
                XCTAssertEqual(response.body, Array("hi".utf8))
                XCTAssertEqual(response.headers.fields.map(\.name), ["transfer-encoding"])
            }
        }
    }

    // MARK: Failures

    func testRequestsThatCannotBeSentAreRefusedAtOnce() throws {
        try onLoop { actor in
            let client = CurlClient(on: actor.loop)
            for (url, headers) in [
                ("", [] as HTTPHeaders), ("file:///etc/passwd", []), ("ftp://127.0.0.1/", []), ("http://", []),
                ("http://127.0.0.1:1/", [("x", "a\r\nb: c")]), ("http://127.0.0.1:1/", [("a b", "c")]),
            ] {
                let kind = await Self.failure { () async throws(CurlError) in
                    _ = try await client.send(method: "GET", url: url, headers: headers)
                }
                XCTAssertEqual(kind, .invalidRequest, "\(url) \(headers)")
            }
            XCTAssertEqual(client.transferCount, 0)
        }
    }

    func testARefusedPortIsAConnectError() throws {
        let free = try withServer({ _, _, _ in }) { $0.port }
        try onLoop { actor in
            let kind = await Self.failure { () async throws(CurlError) in
                _ = try await CurlClient(on: actor.loop).send(method: "GET", url: "http://127.0.0.1:\(free)/")
            }
            XCTAssertEqual(kind, .connect)
        }
    }

    func testAPortThatDoesNotAnswerIsAConnectTimeout() throws {
        // A listener whose queue is full: the kernel drops what knocks.
        let full = try FullListener()
        defer { full.close() }
        try onLoop { actor in
            let kind = await Self.failure { () async throws(CurlError) in
                _ = try await CurlClient(on: actor.loop).send(
                    method: "GET", url: "http://127.0.0.1:\(full.port)/", connectTimeout: .milliseconds(80))
            }
            XCTAssertEqual(kind, .connectTimeout)
        }
    }

    func testEachTimeLimitHasItsOwnError() throws {
        try withServer { request, responder, loop in
            if request.path == "/body" {
                try? await responder.startStream(status: 200, headers: [])
                try? await responder.write([1])
            }
            await responder.waitUntilPeerIsGone(on: loop)
        } _: { server in
            try onLoop { actor in
                let multi = CurlMulti(on: actor.loop)
                let read = { (path: String, limits: CurlLimits) async -> CurlError.Kind? in
                    await Self.failure { () async throws(CurlError) in
                        var request = CurlRequest(method: "GET", url: server.url(path))
                        request.limits = limits
                        let transfer = CurlTransfer(request, on: multi)
                        try await transfer.receiveHead()
                        let buffer = ByteBuffer()
                        while try await transfer.read(into: buffer) > 0 {}
                    }
                }
                var limits = CurlLimits()
                limits.firstByte = .milliseconds(60)
                limits.total = .seconds(20)
                var kind = await read("/head", limits)
                XCTAssertEqual(kind, .firstByteTimeout)
                limits = CurlLimits()
                limits.firstByte = .seconds(20)
                limits.idle = .milliseconds(60)
                kind = await read("/body", limits)
                XCTAssertEqual(kind, .idleTimeout)
                limits = CurlLimits()
                limits.idle = .seconds(20)
                limits.total = .milliseconds(60)
                kind = await read("/body", limits)
                XCTAssertEqual(kind, .totalTimeout)
                kind = await read("/head", limits)
                XCTAssertEqual(kind, .totalTimeout)
                XCTAssertEqual(multi.transferCount, 0)
            }
        }
    }

    func testAConnectionThatBreaksIsLostBeforeTheHeadAndCutAfterIt() throws {
        try withServer { request, responder, _ in
            switch request.path {
            case "/lost": responder.abort(reset: false)
            case "/reset": responder.abort(reset: true)
            case "/length":
                try? await responder.sendRaw(Array("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab".utf8))
            case "/chunk":
                try? await responder.sendRaw(
                    Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n".utf8))
            case "/half": try? await responder.sendRaw(Array("HTTP/1.1 200 OK\r\ncontent-".utf8))
            case "/noise": try? await responder.sendRaw(Array("what do you want?\r\n\r\n".utf8))
            default:
                try? await responder.sendRaw(Array("HTTP/1.1 200 OK\r\nbad name: 1\r\ncontent-length: 0\r\n\r\n".utf8))
            }
        } _: { server in
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                for (path, expected) in [
                    ("/lost", CurlError.Kind.lost), ("/reset", .lost), ("/length", .cut), ("/chunk", .cut),
                    ("/half", .lost), ("/noise", .malformed), ("/name", .malformed),
                ] {
                    let kind = await Self.failure { () async throws(CurlError) in
                        _ = try await client.send(method: "GET", url: server.url(path))
                    }
                    XCTAssertEqual(kind, expected, path)
                }
                XCTAssertEqual(client.transferCount, 0)
            }
        }
    }

    func testWhatArrivedBeforeTheCutIsReadBeforeTheError() throws {
        try withServer { _, responder, _ in
            try? await responder.sendRaw(Array("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab".utf8))
        } _: { server in
            try onLoop { actor in
                let transfer = CurlTransfer(
                    CurlRequest(method: "GET", url: server.url()), on: CurlMulti(on: actor.loop))
                try await transfer.receiveHead()
                while !transfer.isOver { await actor.loop.sleep(for: .milliseconds(1)) }
                let buffer = ByteBuffer()
                let count = try await transfer.read(into: buffer)
                XCTAssertEqual(count, 2)
                let kind = await Self.failure { () async throws(CurlError) in _ = try await transfer.read(into: buffer)
                }
                XCTAssertEqual(kind, .cut)
            }
        }
    }

    // MARK: Streams

    func testAReaderThatStopsStopsTheSender() throws {
        let total = 64 * 1024 * 1024
        let sent = CounterBox()
        try withServer { _, responder, _ in
            try? await responder.startStream(status: 200, headers: [])
            let piece = [UInt8](repeating: 7, count: 64 * 1024)
            while sent.value < total {
                do { try await responder.write(piece) } catch { return }
                sent.add(piece.count)
            }
            try? await responder.end()
        } _: { server in
            try onLoop { actor in
                let transfer = CurlTransfer(
                    CurlRequest(method: "GET", url: server.url()), on: CurlMulti(on: actor.loop))
                try await transfer.receiveHead()
                // Until the sender stands still: what is under way is in the sockets' buffers and in 64 KiB here.
                var last = -1
                while last != sent.value {
                    last = sent.value
                    await actor.loop.sleep(for: .milliseconds(60))
                }
                XCTAssertLessThan(last, total / 2)
                XCTAssertLessThanOrEqual(transfer.unreadBytes, CurlTransfer.bufferBytesMax)
                XCTAssertGreaterThan(transfer.unreadBytes, 0)
                let buffer = ByteBuffer()
                var received = 0
                while true {
                    let count = try await transfer.read(into: buffer)
                    if count == 0 { break }
                    XCTAssertLessThanOrEqual(count, CurlTransfer.bufferBytesMax)
                    received += count
                    buffer.removeAll()
                }
                XCTAssertEqual(received, total)
            }
        }
    }

    func testPiecesAreReadWhileTheAnswerGoesOn() throws {
        try withServer { request, responder, loop in
            try? await responder.startStream(status: 200, headers: [])
            try? await responder.write(Array("first".utf8))
            await responder.waitUntilPeerIsGone(on: loop)
        } _: { server in
            try onLoop { actor in
                let multi = CurlMulti(on: actor.loop)
                let transfer = CurlTransfer(CurlRequest(method: "GET", url: server.url()), on: multi)
                try await transfer.receiveHead()
                XCTAssertEqual(transfer.head.status, 200)
                let buffer = ByteBuffer()
                let count = try await transfer.read(into: buffer)
                XCTAssertEqual(count, 5)
                transfer.abort()
                XCTAssertEqual(multi.transferCount, 0)
            }
        }
    }

    func testAbortWakesTheTaskThatWaitsOnce() throws {
        try withServer { request, responder, loop in
            if request.path == "/body" { try? await responder.startStream(status: 200, headers: []) }
            await responder.waitUntilPeerIsGone(on: loop)
        } _: { server in
            try onLoop { actor in
                let multi = CurlMulti(on: actor.loop)
                for path in ["/head", "/body"] {
                    let transfer = CurlTransfer(CurlRequest(method: "GET", url: server.url(path)), on: multi)
                    if path == "/body" { try await transfer.receiveHead() }
                    let timer = LoopTimer(on: actor.loop) {
                        transfer.abort()
                        transfer.abort()
                    }
                    timer.arm(after: .milliseconds(20))
                    let kind = await Self.failure { () async throws(CurlError) in
                        if path == "/body" {
                            _ = try await transfer.read(into: ByteBuffer())
                        } else {
                            try await transfer.receiveHead()
                        }
                    }
                    XCTAssertEqual(kind, .aborted)
                    XCTAssertEqual(multi.transferCount, 0)
                }
            }
        }
    }

    func testADroppedTransferIsAborted() throws {
        let gone = expectation(description: "the server sees it")
        try withServer { _, responder, loop in
            try? await responder.startStream(status: 200, headers: [])
            await responder.waitUntilPeerIsGone(on: loop)
            gone.fulfill()
        } _: { server in
            try onLoop { actor in
                let multi = CurlMulti(on: actor.loop)
                do {
                    let transfer = CurlTransfer(CurlRequest(method: "GET", url: server.url()), on: multi)
                    try await transfer.receiveHead()
                    XCTAssertEqual(multi.transferCount, 1)
                }
                XCTAssertEqual(multi.transferCount, 0)
            }
            wait(for: [gone], timeout: 10)
        }
    }

    // MARK: Many

    func testSequentialTransfersUseOneConnection() throws {
        try withServer { request, responder, _ in
            await responder.respond(status: 200, body: request.body)
        } _: { server in
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                _ = try await client.send(method: "POST", url: server.url(), body: [0])
                let before = openSockets()
                for number in 0..<200 {
                    let body = [UInt8(truncatingIfNeeded: number)]
                    let response = try await client.send(method: "POST", url: server.url(), body: body)
                    XCTAssertEqual(response.body, body)
                }
                XCTAssertEqual(openSockets(), before)
            }
        }
    }

    func testConcurrentTransfersEndAndLeaveNoSocketBehind() throws {
        try withServer { request, responder, _ in
            await responder.respond(status: 200, body: request.body)
        } _: { server in
            // The first use loads what stays open for the process.
            try onLoop { actor in
                _ = try await CurlClient(on: actor.loop).send(method: "GET", url: server.url())
            }
            let before = openSockets()
            let count = CounterBox()
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                let done = LevelSignal(on: actor.loop)
                let shared = LoopBound((client, done))
                for number in 0..<50 {
                    actor.loop.spawn { _ in
                        let (client, done) = shared.value
                        let body = [UInt8](repeating: UInt8(number), count: 1 + number * 4_000)
                        let response = try? await client.send(method: "POST", url: server.url(), body: body)
                        XCTAssertEqual(response?.body, body)
                        count.add(1)
                        done.raise(to: UInt64(count.value))
                    }
                }
                var level: UInt64 = 0
                while level < 50 {
                    let next = await done.wait(beyond: level, timeout: .seconds(20))
                    guard next > level else { return XCTFail("\(level) of 50") }
                    level = next
                }
                XCTAssertEqual(client.transferCount, 0)
            }
            try waitUntil("the server closes its side", detail: { "\(openSockets()) > \(before)" }) {
                openSockets() <= before
            }
        }
    }

    func testAbortedTransfersLeaveNoSocketBehind() throws {
        try withServer { _, responder, loop in
            await responder.waitUntilPeerIsGone(on: loop)
        } _: { server in
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                for _ in 0..<2 {
                    _ = await Self.failure { () async throws(CurlError) in
                        _ = try await client.send(method: "GET", url: server.url(), timeout: .milliseconds(5))
                    }
                }
            }
            let before = openSockets()
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                for _ in 0..<50 {
                    let kind = await Self.failure { () async throws(CurlError) in
                        _ = try await client.send(method: "GET", url: server.url(), timeout: .milliseconds(3))
                    }
                    XCTAssertEqual(kind, .totalTimeout)
                }
                XCTAssertEqual(client.transferCount, 0)
            }
            try waitUntil("the server closes its side", detail: { "\(openSockets()) > \(before)" }) {
                openSockets() <= before
            }
        }
    }

    func testAConnectionThatTheServerClosedIsNotMistakenForAFailure() throws {
        try withServer { request, responder, _ in
            // One answer, kept alive by what it says, and then the connection is gone.
            try? await responder.sendRaw(Array("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi".utf8))
        } _: { server in
            try onLoop { actor in
                let client = CurlClient(on: actor.loop)
                for _ in 0..<20 {
                    let response = try await client.send(method: "POST", url: server.url(), body: [1, 2, 3])
                    XCTAssertEqual(response.body, Array("hi".utf8))
                }
            }
        }
    }

}

/// Concurrency: an atomic.
private final class CounterBox: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .acquiring) }
    func add(_ number: Int) { count.add(number, ordering: .acquiringAndReleasing) }
}

/// Concurrency: made and used on one loop.
private final class LoopBound<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// A port at which nobody is let in any more.
private final class FullListener: @unchecked Sendable {
    let port: UInt16
    private var descriptors: [Int32] = []

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        descriptors.append(listener)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, length) == 0 && listen(listener, 0) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isListening else { throw TestFailure("listen: \(errnoText())") }
        for _ in 0..<3 {
            let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            descriptors.append(caller)
            _ = unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(caller, $0, length) }
            }
        }
    }

    func close() { for descriptor in descriptors { Glibc.close(descriptor) } }
}

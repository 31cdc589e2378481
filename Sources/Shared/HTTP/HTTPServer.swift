/// The header fields of a message at low rates: strings, in order, names compared without case.
public struct HTTPHeaders: Sendable, ExpressibleByArrayLiteral {
    public private(set) var fields: [(name: String, value: String)] = []

    public init() {}
    public init(arrayLiteral elements: (String, String)...) { fields = elements.map { (name: $0.0, value: $0.1) } }
    public init(_ fields: [(String, String)]) { self.fields = fields.map { (name: $0.0, value: $0.1) } }

    public mutating func add(_ name: String, _ value: String) { fields.append((name: name, value: value)) }

    public func first(_ name: String) -> String? { fields.first { Self.isEqual($0.name, name) }?.value }
    public func all(_ name: String) -> [String] { fields.filter { Self.isEqual($0.name, name) }.map(\.value) }

    static func isEqual(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && a.lowercased() == b.lowercased()
    }
}

/// A whole request at low rates.
public struct HTTPRequest: Sendable {
    public var method: String
    /// The request target as it stands on the wire.
    public var target: String
    /// The target without its query, not decoded.
    public var path: String
    /// Percent-decoded, in order.
    public var query: [(name: String, value: String)]
    public var headers: HTTPHeaders
    public var body: [UInt8]
    public var remoteAddress: String
    /// The head exactly as it arrived, with its empty line.
    public var headBytes: [UInt8]

    public func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// Decodes `%41` and `+`; a malformed escape stays as it is.
    public static func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = true) -> String {
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                out.append(value)
                index += 3
                continue
            }
            out.append(plusIsSpace && bytes[index] == UInt8(ascii: "+") ? 0x20 : bytes[index])
            index += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    public static func parseQuery(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            guard let equals = pair.firstIndex(of: "=") else { return (name: percentDecoded(pair), value: "") }
            return (name: percentDecoded(pair[..<equals]), value: percentDecoded(pair[pair.index(after: equals)...]))
        }
    }
}

/// An HTTP/1.1 server for what is asked seldom: the admin API, the fleet API, health and metrics.
///
/// The request path of the data plane has its own loop over the same parsers, without strings.
///
/// Concurrency: belongs to one loop.
public final class HTTPServer {
    public struct Options: Sendable {
        public var host: String
        /// 0: any free port; `port` of the server tells which.
        public var port: UInt16
        public var headBytesMax = 64 * 1024
        public var bodyBytesMax = 32 * 1024 * 1024
        public var headTimeout = Duration.seconds(10)
        /// For the whole body; it is extended by every piece that arrives, so it bounds the silence between pieces.
        public var bodyTimeout = Duration.seconds(30)
        public var idleTimeout = Duration.seconds(75)
        public var connectionsMax = 10_000
        public var sharesPort = false

        public init(host: String = "127.0.0.1", port: UInt16) {
            self.host = host
            self.port = port
        }
    }

    public typealias Handler = (HTTPRequest, HTTPResponder) async -> Void

    private let loop: EventLoop
    private let options: Options
    private let handler: Handler
    private var listener: Listener?
    private var sessions: [ObjectIdentifier: HTTPSession] = [:]
    private(set) var isDraining = false

    public init(on loop: EventLoop, options: Options, handler: @escaping Handler) {
        self.loop = loop
        self.options = options
        self.handler = handler
    }

    public var port: UInt16 { listener?.address.port ?? options.port }

    /// Binds and begins to accept. On the loop.
    public func listen() throws(SystemError) {
        guard let address = SocketAddress(numeric: options.host, port: options.port) else {
            throw SystemError("parse the listen address \(options.host)", code: 22)
        }
        let box = ServerBox(self)
        let loop = loop
        listener = try Listener(on: address, loop: loop, sharesPort: options.sharesPort) { descriptor in
            loop.spawn { _ in await box.server?.serve(descriptor) }
        }
    }

    /// Goes on with the socket of another process, which is the server's from here on.
    public func listen(adopting descriptor: Int32) throws(SystemError) {
        let box = ServerBox(self)
        let loop = loop
        listener = try Listener(adopting: descriptor, loop: loop) { descriptor in
            loop.spawn { _ in await box.server?.serve(descriptor) }
        }
    }

    /// A descriptor of the listening socket, for a process that takes it over.
    public func duplicateListener() -> Int32? { listener?.duplicate() }

    /// Another process accepts from here on.
    public func stopListening() { listener?.close() }

    /// Stops accepting, lets what is in flight finish, then closes what is left at the end of `timeout`.
    public func drain(timeout: Duration) async {
        isDraining = true
        listener?.close()
        for session in sessions.values where session.isIdle { session.connection.abort() }
        let end = loop.refreshedNow().advanced(by: timeout)
        while !sessions.isEmpty, loop.refreshedNow() < end { await loop.sleep(for: .milliseconds(5)) }
        for session in sessions.values { session.connection.abort() }
    }

    private func serve(_ descriptor: Int32) async {
        let remote = peerAddress(of: descriptor)?.host ?? "unknown"
        guard let connection = try? Connection(adopting: descriptor, on: loop) else { return }
        defer { connection.close() }
        guard sessions.count < options.connectionsMax, !isDraining else { return }
        let session = HTTPSession(connection: connection, options: options, remoteAddress: remote)
        sessions[ObjectIdentifier(session)] = session
        defer { sessions[ObjectIdentifier(session)] = nil }
        while !isDraining, let request = await session.nextRequest() {
            let responder = HTTPResponder(session: session, isHead: request.method == "HEAD", server: self)
            await handler(request, responder)
            guard await responder.finish() else { return }
        }
    }
}

/// Lets the accept closure, which must be Sendable, name a server that lives on its loop.
///
/// Concurrency: `server` is read only by tasks of the server's loop.
private final class ServerBox: @unchecked Sendable {
    weak var server: HTTPServer?
    init(_ server: HTTPServer) { self.server = server }
}

/// One connection of an `HTTPServer`.
final class HTTPSession {
    let connection: Connection
    private let options: HTTPServer.Options
    private let remoteAddress: String
    private let head = HTTPHead()
    private(set) var isIdle = true
    var keepsAlive = true
    /// The version that the request came with: 1.0 knows no chunks and has to be told that its connection stays.
    var minorVersion: Int { head.minorVersion }

    init(connection: Connection, options: HTTPServer.Options, remoteAddress: String) {
        self.connection = connection
        self.options = options
        self.remoteAddress = remoteAddress
    }

    /// The next whole request; nil when the connection is over. What is wrong with a request is answered here.
    func nextRequest() async -> HTTPRequest? {
        isIdle = true
        head.restart()
        connection.setDeadline(after: options.idleTimeout)
        do {
            while true {
                if try head.parseRequest(from: connection.input, headBytesMax: options.headBytesMax) { break }
                guard try await connection.fill() > 0 else { return nil }
                if isIdle { connection.setDeadline(after: options.headTimeout) }
                isIdle = false
            }
            isIdle = false
            return try await readRequest()
        } catch let error as HTTPError {
            await refuse(status: error.status, message: error.message)
        } catch ConnectionError.timedOut where !isIdle {
            await refuse(status: 408, message: "The request did not arrive in time.")
        } catch {}
        return nil
    }

    private func readRequest() async throws -> HTTPRequest {
        let input = connection.input
        let text = { (range: Range<Int>) in String(decoding: input.array(range), as: UTF8.self) }
        let target = text(head.targetRange)
        var headers = HTTPHeaders()
        for field in head.fields { headers.add(text(field.nameRange), text(field.valueRange)) }
        var request = HTTPRequest(
            method: text(head.methodRange), target: target, path: text(head.pathRange),
            query: HTTPRequest.parseQuery(text(head.queryRange)[...]), headers: headers, body: [],
            remoteAddress: remoteAddress, headBytes: input.array(0..<head.byteCount))
        keepsAlive = head.keepsAlive
        let framing = head.framing
        if case .length(let length) = framing, length > UInt64(options.bodyBytesMax) { throw HTTPError.bodyTooLarge }
        input.consume(head.byteCount)
        if head.expectsContinue, framing != .none, input.isEmpty {
            connection.output.append("HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.flush()
        }
        request.body = try await readBody(framing)
        connection.clearDeadline()
        return request
    }

    private func readBody(_ framing: HTTPBodyFraming) async throws -> [UInt8] {
        let input = connection.input
        var body: [UInt8] = []
        switch framing {
        case .none, .untilClose: break
        case .length(let length):
            body.reserveCapacity(Int(length))
            while true {
                let taken = min(input.count, Int(length) - body.count)
                unsafe body.append(contentsOf: input.readable[..<taken])
                input.consume(taken)
                if body.count == Int(length) { break }
                connection.setDeadline(after: options.bodyTimeout)
                guard try await connection.fill() > 0 else { throw ConnectionError.broken }
            }
        case .chunked:
            var decoder = ChunkedDecoder()
            reading: while true {
                switch try unsafe decoder.next(input.readable) {
                case .needMore:
                    input.consume(input.count)
                    connection.setDeadline(after: options.bodyTimeout)
                    guard try await connection.fill() > 0 else { throw ConnectionError.broken }
                case .data(let skipping, let count):
                    guard body.count + count <= options.bodyBytesMax else { throw HTTPError.bodyTooLarge }
                    unsafe body.append(contentsOf: input.readable[skipping..<(skipping + count)])
                    input.consume(skipping + count)
                case .end(let skipping):
                    input.consume(skipping)
                    break reading
                }
            }
        }
        input.trim()
        return body
    }

    private func refuse(status: Int, message: String) async {
        var body = Array(#"{"title":""#.utf8)
        body += Array(message.utf8) + Array(#"","status":\#(status)}"#.utf8)
        await sendHead(
            status: status, headers: [("content-type", "application/problem+json")], length: body.count, close: true)
        connection.output.append(body)
        await connection.finishAfterRefusal()
    }

    func sendHead(status: Int, headers: [(String, String)], length: Int?, close: Bool) async {
        let output = connection.output
        output.append("HTTP/1.1 ")
        output.append(decimal: UInt64(status))
        output.append(" ")
        output.append(HTTPStatus.reason(status))
        output.append("\r\n")
        for (name, value) in headers {
            output.append(name)
            output.append(": ")
            output.append(value)
            output.append("\r\n")
        }
        if !headers.contains(where: { HTTPHeaders.isEqual($0.0, "date") }) {
            output.append("date: ")
            output.append(httpDate: WallTime.unixSeconds())
            output.append("\r\n")
        }
        if let length {
            if status >= 200, status != 204, status != 304 {
                output.append("content-length: ")
                output.append(decimal: UInt64(length))
                output.append("\r\n")
            }
        } else if minorVersion > 0 {
            output.append("transfer-encoding: chunked\r\n")
        }
        if close {
            output.append("connection: close\r\n\r\n")
        } else {
            output.append(minorVersion == 0 ? "connection: keep-alive\r\n\r\n" : "\r\n")
        }
    }
}

extension Connection {
    /// Sends what is buffered and closes so that the caller can still read it: a close with unread input would be a reset,
    /// and the answer might be lost. Bounded in time and bytes.
    public func finishAfterRefusal() async {
        forgetTimeout()
        setDeadline(after: .seconds(2))
        do {
            try await flush()
            shutDownWriting()
            var drained = 0
            while drained < 64 * 1024 * 1024 {
                input.removeAll()
                let length = try await fill()
                if length == 0 { break }
                drained += length
            }
        } catch {}
        close()
    }
}

/// The answer to one request of an `HTTPServer`.
public final class HTTPResponder {
    private let session: HTTPSession
    private let isHead: Bool
    private unowned let server: HTTPServer
    private enum State { case open, streaming, done, aborted }
    private var state = State.open

    init(session: HTTPSession, isHead: Bool, server: HTTPServer) {
        self.session = session
        self.isHead = isHead
        self.server = server
    }

    /// True once the caller has closed the connection.
    public var peerIsGone: Bool { session.connection.peerIsGone }

    /// Bounds every write of this answer from now on.
    private static let writeTimeout = Duration.seconds(30)

    /// The whole answer at once. A second call is ignored.
    public func respond(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) async {
        guard state == .open else { return }
        state = .done
        session.connection.setDeadline(after: Self.writeTimeout)
        await session.sendHead(status: status, headers: headers, length: body.count, close: mustClose)
        if !isHead { session.connection.output.append(body) }
        do { try await session.connection.flush() } catch { state = .aborted }
    }

    /// Begins an answer whose length is not known; its body follows with `write`.
    public func startStream(status: Int, headers: [(String, String)]) async throws {
        guard state == .open else { return }
        state = .streaming
        // HTTP/1.0 knows no chunks: the body ends with the connection.
        if session.minorVersion == 0 { session.keepsAlive = false }
        session.connection.setDeadline(after: Self.writeTimeout)
        await session.sendHead(status: status, headers: headers, length: nil, close: mustClose)
        try await flush()
    }

    public func write(_ bytes: [UInt8]) async throws {
        guard state == .streaming, !bytes.isEmpty else { return }
        let output = session.connection.output
        if session.minorVersion == 0 {
            output.append(bytes)
        } else {
            output.append(hexadecimal: UInt64(bytes.count))
            output.append("\r\n")
            output.append(bytes)
            output.append("\r\n")
        }
        try await flush()
    }

    public func end() async throws {
        guard state == .streaming else { return }
        if session.minorVersion > 0 { session.connection.output.append("0\r\n\r\n") }
        try await flush()
        state = .done
    }

    /// Sends bytes as they are, without framing: for faults that no proper answer can have. The connection closes afterwards.
    public func sendRaw(_ bytes: [UInt8]) async throws {
        session.keepsAlive = false
        session.connection.output.append(bytes)
        state = .done
        try await flush()
    }

    /// Closes now; with `reset` so that the peer sees an error rather than an end.
    public func abort(reset: Bool) {
        if reset { session.connection.resetOnClose() }
        session.connection.close()
        state = .aborted
    }

    private func flush() async throws {
        session.connection.setDeadline(after: Self.writeTimeout)
        do { try await session.connection.flush() } catch {
            state = .aborted
            throw error
        }
    }

    private var mustClose: Bool { !session.keepsAlive || server.isDraining }

    /// Called when the handler has returned; false when the connection cannot be used again.
    func finish() async -> Bool {
        switch state {
        case .open:
            await respond(status: 500)
            return !mustClose
        case .streaming:
            // The handler gave up in the middle: no clean end.
            session.connection.close()
            return false
        case .done: return !mustClose
        case .aborted: return false
        }
    }
}

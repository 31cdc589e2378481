import Foundation

/// A blocking HTTP/1.1 client for tests: one connection, kept while the other side keeps it.
///
/// - Shape: one request at a time; not for use from two threads.
public final class HTTPCaller {
    public let port: UInt16
    public var timeout: Duration
    private var connection: RawConnection?
    private var reader: HTTPAnswerReader?

    public init(port: UInt16, timeout: Duration = .seconds(20)) {
        self.port = port
        self.timeout = timeout
    }

    /// Sends a request with `content-length` and reads the whole answer.
    public func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8] = [],
        onBody: (([UInt8]) -> Bool)? = nil
    ) throws -> HTTPAnswer {
        var message = "\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1:\(port)\r\n"
        for (name, value) in headers { message += "\(name): \(value)\r\n" }
        if !body.isEmpty || method != "GET" { message += "content-length: \(body.count)\r\n" }
        message += "\r\n"
        let bytes = Array(message.utf8) + body

        let reused = connection != nil
        if connection == nil { try connect() }
        // A kept connection may have been closed meanwhile; nothing of the answer has come then, so a new one is tried.
        do {
            guard try connection!.send(bytes) else { throw TestFailure("closed while sending") }
            return try finish(reader!.read(bodyless: method == "HEAD", onBody: onBody))
        } catch {
            close()
            guard reused else { throw error }
            try connect()
            try connection!.send(bytes)
            return try finish(reader!.read(bodyless: method == "HEAD", onBody: onBody))
        }
    }

    public func close() {
        connection?.close()
        connection = nil
        reader = nil
    }

    private func connect() throws {
        let connection = try RawConnection(port: port, timeout: timeout)
        self.connection = connection
        reader = HTTPAnswerReader(connection)
    }

    private func finish(_ answer: HTTPAnswer) -> HTTPAnswer {
        if answer.ending != .complete || answer.header("connection")?.lowercased() == "close" { close() }
        return answer
    }
}

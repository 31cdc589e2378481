import Foundation

/// A blocking HTTP/1.1 client for tests: one connection, kept while the other side keeps it.
///
/// - Shape: one request at a time; not for use from two threads.
public final class HTTPCaller {
    public let port: UInt16
    public var timeout: Duration
    private var connection: RawConnection?
    private var reader: HTTPAnswerReader?

    /// False: a connection for each request.
    private let keepsConnection: Bool

    public init(port: UInt16, timeout: Duration = .seconds(20), keepsConnection: Bool = true) {
        self.port = port
        self.timeout = timeout
        self.keepsConnection = keepsConnection
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

        // A kept connection that was closed meanwhile is found out before anything is sent: a request is never sent twice.
        if let kept = connection, try kept.receive(patience: .zero) != nil { close() }
        try connectIfNeeded()
        do {
            // An answer may come although not all was taken: a refusal.
            try connection!.send(bytes)
            return try finish(reader!.read(bodyless: method == "HEAD", onBody: onBody))
        } catch {
            close()
            throw error
        }
    }

    public func connectIfNeeded() throws {
        guard connection == nil else { return }
        let connection = try RawConnection(port: port, timeout: timeout)
        self.connection = connection
        reader = HTTPAnswerReader(connection)
    }

    public func close() {
        connection?.close()
        connection = nil
        reader = nil
    }

    private func finish(_ answer: HTTPAnswer) -> HTTPAnswer {
        if !keepsConnection || answer.ending != .complete || answer.header("connection")?.lowercased() == "close" {
            close()
        }
        return answer
    }
}

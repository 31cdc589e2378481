import Foundation
import Glibc

/// A server for tests that want to decide each answer: one thread for each connection, requests with `content-length` only.
///
/// - Concurrency: the handler is called on the threads of the connections.
public final class RawListener: @unchecked Sendable {
    public struct Request: Sendable {
        public var method: String
        public var target: String
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]
    }

    public struct Response: Sendable {
        public var status: Int
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]

        public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    public let port: UInt16
    private let descriptor: Int32
    private let handler: @Sendable (Request) -> Response

    public init(_ handler: @escaping @Sendable (Request) -> Response) throws {
        self.handler = handler
        (descriptor, port) = try Self.listen()
        Thread { [self] in
            while true {
                let accepted = accept(descriptor, nil, nil)
                guard accepted >= 0 else { return }
                Thread { self.serve(accepted) }.start()
            }
        }.start()
    }

    /// A listening socket on a free port of 127.0.0.1.
    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard code else { throw TestFailure("listen: \(errnoText())") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// No new connections from here on; those there are live on until their callers close them.
    public func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    private func serve(_ socket: Int32) {
        let connection = RawConnection(adopting: socket, timeout: .seconds(120))
        defer { connection.close() }
        var buffer: [UInt8] = []
        func fill() -> Bool {
            guard case .bytes(let bytes)? = try? connection.receive() else { return false }
            buffer += bytes
            return true
        }
        while true {
            var end = buffer.firstRange(of: Array("\r\n\r\n".utf8), from: 0)
            while end == nil {
                guard fill() else { return }
                end = buffer.firstRange(of: Array("\r\n\r\n".utf8), from: 0)
            }
            var lines = String(decoding: buffer[..<end!], as: UTF8.self).components(separatedBy: "\r\n")
            buffer.removeFirst(end! + 4)
            let words = lines.removeFirst().split(separator: " ").map(String.init)
            let headers = lines.map { line in
                let pair = line.split(separator: ":", maxSplits: 1).map(String.init)
                return (
                    name: pair[0].lowercased(),
                    value: pair.count > 1 ? pair[1].trimmingCharacters(in: .whitespaces) : ""
                )
            }
            let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
            while buffer.count < length { guard fill() else { return } }
            let body = Array(buffer[..<length])
            buffer.removeFirst(length)
            let answer = handler(Request(method: words[0], target: words[1], headers: headers, body: body))
            var head = "HTTP/1.1 \(answer.status) Status\r\n"
            for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
            if answer.status != 204 { head += "content-length: \(answer.body.count)\r\n" }
            guard (try? connection.send(Array((head + "\r\n").utf8) + answer.body)) == true else { return }
        }
    }
}

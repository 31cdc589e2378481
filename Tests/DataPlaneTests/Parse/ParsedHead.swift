import Shared
import XCTest

/// A request's head as the server reads it.
enum ParsedHead {
    /// - Parameter fields: the lines of more header fields, each with its line end.
    static func of<Result>(
        _ method: String, _ path: String, _ fields: String = "",
        _ body: (HTTPHead, UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let bytes = Array("\(method) \(path) HTTP/1.1\r\nhost: a\r\n\(fields)\r\n".utf8)
        return try unsafe bytes.withUnsafeBytes { bytes in
            let head = HTTPHead()
            XCTAssertTrue(try unsafe head.parseRequest(bytes, headBytesMax: 8_192))
            return try unsafe body(head, bytes)
        }
    }
}

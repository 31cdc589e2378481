import Foundation

/// An answer as a test sees it.
public struct HTTPAnswer {
    public enum Ending: Equatable, Sendable {
        /// The framing said where the answer ends, and it ended there.
        case complete
        /// The other side closed before that.
        case cut
        case reset
    }

    public var status: Int
    public var headers: [(name: String, value: String)]
    /// Without the framing.
    public var body: [UInt8]
    public var ending: Ending

    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object; empty when it is none.
    public var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    /// `error.code` (OpenAI's shape), whatever is missing.
    public var errorCode: String? { (json["error"] as? [String: Any])?["code"] as? String }
    public var errorType: String? { (json["error"] as? [String: Any])?["type"] as? String }
    public var errorParam: String? { (json["error"] as? [String: Any])?["param"] as? String }

    /// The `data:` lines of a stream.
    public var events: [String] {
        text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data:") }.map {
            $0.dropFirst(5).trimmingCharacters(in: .whitespaces)
        }
    }
}

/// Reads one answer after the other from a connection.
public struct HTTPAnswerReader {
    private let connection: RawConnection
    private var buffer: [UInt8] = []
    private var finished: HTTPAnswer.Ending?

    /// - Parameter after: what has been read of the answer already.
    public init(_ connection: RawConnection, after bytes: [UInt8] = []) {
        self.connection = connection
        buffer = bytes
    }

    /// - Parameter onBody: sees each piece of the body as it comes; false stops the reading.
    /// - Errors: `TestFailure` when the other side falls silent, or ends before a whole head.
    public mutating func read(bodyless: Bool = false, onBody: (([UInt8]) -> Bool)? = nil) throws -> HTTPAnswer {
        var answer = try readHead()
        // Interim answers come before the one that counts.
        while (100...199).contains(answer.status) { answer = try readHead() }
        if bodyless || answer.status == 204 || answer.status == 304 { return answer }
        if answer.header("transfer-encoding")?.lowercased() == "chunked" {
            try readChunks(into: &answer, onBody)
        } else if let text = answer.header("content-length") {
            guard let length = Int(text) else { throw TestFailure("content-length: \(text)") }
            try readBytes(length, into: &answer, onBody)
        } else {
            while try fill() {}
            answer.body = buffer
            buffer = []
            answer.ending = finished == .cut ? .complete : .reset
        }
        return answer
    }

    /// False once the other side has ended.
    private mutating func fill() throws -> Bool {
        guard finished == nil else { return false }
        switch try connection.receive() {
        case .bytes(let bytes): buffer += bytes
        case .end: finished = .cut
        case .reset: finished = .reset
        }
        return finished == nil
    }

    private mutating func readHead() throws -> HTTPAnswer {
        let blank = Array("\r\n\r\n".utf8)
        var searched = 0
        while true {
            if let end = buffer.firstRange(of: blank, from: max(0, searched - 3)) {
                let head = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 4)
                var lines = head.components(separatedBy: "\r\n")
                let parts = lines.removeFirst().split(separator: " ", maxSplits: 2)
                guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
                    throw TestFailure("not an HTTP answer: \(head)")
                }
                let headers = lines.map { line in
                    let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                    return (
                        name: String(pair[0]), value: pair.count > 1 ? pair[1].trimmingCharacters(in: .whitespaces) : ""
                    )
                }
                return HTTPAnswer(status: status, headers: headers, body: [], ending: .complete)
            }
            searched = buffer.count
            guard try fill() else {
                throw TestFailure(
                    "\(finished == .reset ? "reset" : "closed") after \(buffer.count) bytes of a head: "
                        + String(decoding: buffer, as: UTF8.self))
            }
        }
    }

    private mutating func readBytes(_ count: Int, into answer: inout HTTPAnswer, _ onBody: (([UInt8]) -> Bool)?) throws
    {
        var left = count
        while left > 0 {
            if buffer.isEmpty, try !fill() {
                answer.ending = finished ?? .cut
                return
            }
            let piece = Array(buffer.prefix(left))
            buffer.removeFirst(piece.count)
            left -= piece.count
            answer.body += piece
            if let onBody, !onBody(piece) {
                answer.ending = .cut
                return
            }
        }
    }

    private mutating func readChunks(into answer: inout HTTPAnswer, _ onBody: (([UInt8]) -> Bool)?) throws {
        while true {
            guard let line = try readLine() else {
                answer.ending = finished ?? .cut
                return
            }
            guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else { throw TestFailure("chunk size: \(line)") }
            if size == 0 {
                while let trailer = try readLine(), !trailer.isEmpty {}
                return
            }
            try readBytes(size, into: &answer, onBody)
            guard answer.ending == .complete, try readLine() == "" else {
                if answer.ending == .complete { answer.ending = finished ?? .cut }
                return
            }
        }
    }

    private mutating func readLine() throws -> String? {
        while true {
            if let end = buffer.firstRange(of: [13, 10], from: 0) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 2)
                return line
            }
            guard try fill() else { return nil }
        }
    }
}

extension [UInt8] {
    /// Where `pattern` begins at or after `from`.
    func firstRange(of pattern: [UInt8], from: Int) -> Int? {
        // A loop over generic ranges takes a lock of Swift's runtime for each byte of a debug build, for which threads queue.
        unsafe withUnsafeBytes { bytes in
            var start = from
            while start <= bytes.count - pattern.count {
                if unsafe memcmp(bytes.baseAddress! + start, pattern, pattern.count) == 0 { return start }
                start += 1
            }
            return nil
        }
    }
}

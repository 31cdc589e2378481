import TestSupport

/// What is wrong with bytes that should be an HTTP message.
struct WireProblem: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// The head of a message, read by the grammar of RFC 9112 and nothing else: a judge that shares no code with what it judges.
struct WireHead {
    var startLine: String
    var fields: [(name: String, value: String)] = []
    var byteCount: Int

    /// Nil: it is not complete.
    init?(_ bytes: ArraySlice<UInt8>) throws(WireProblem) {
        let blank: [UInt8] = [13, 10, 13, 10]
        guard bytes.count >= 4,
            let end = (bytes.startIndex...(bytes.endIndex - 4)).first(where: {
                bytes[$0..<($0 + 4)].elementsEqual(blank)
            })
        else { return nil }
        byteCount = end + 4 - bytes.startIndex
        let head = bytes[bytes.startIndex..<end]
        var lines: [ArraySlice<UInt8>] = []
        var start = head.startIndex
        for index in head.indices {
            let byte = head[index]
            if byte == 13 {
                guard index + 1 < head.endIndex, head[index + 1] == 10 else { throw WireProblem("a bare CR in a head") }
                lines.append(head[start..<index])
                start = index + 2
            } else if byte == 10 {
                guard index > head.startIndex, head[index - 1] == 13 else { throw WireProblem("a bare LF in a head") }
            } else if byte < 32 && byte != 9 || byte == 127 {
                throw WireProblem("a control character in a head")
            }
        }
        lines.append(head[start...])
        startLine = Self.text(lines[0])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: 58), colon > line.startIndex, line[..<colon].allSatisfy(Self.isToken)
            else { throw WireProblem("no field: \(Self.text(line))") }
            var value = line[(colon + 1)...]
            while let first = value.first, first == 32 || first == 9 { value.removeFirst() }
            while let last = value.last, last == 32 || last == 9 { value.removeLast() }
            fields.append((Self.text(line[..<colon]).lowercased(), Self.text(value)))
        }
    }

    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// Byte for byte, whatever the bytes are.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}

/// An answer as the caller's side of the wire shows it.
struct WireAnswer {
    enum Ending { case complete, cut }

    var status: Int
    var head: WireHead
    var body: [UInt8] = []
    var ending = Ending.complete
}

/// Reads answers from a connection, and takes nothing that the grammar does not allow.
struct WireAnswerReader {
    private let connection: RawConnection
    private var buffer: [UInt8] = []
    private(set) var isOver = false

    init(_ connection: RawConnection) { self.connection = connection }

    /// False once the other side has ended.
    private mutating func fill() throws -> Bool {
        guard !isOver else { return false }
        guard case .bytes(let bytes) = try connection.receive() else {
            isOver = true
            return false
        }
        buffer += bytes
        return true
    }

    /// What follows the last answer, once the other side has ended.
    mutating func rest() throws -> [UInt8] {
        while try fill() {}
        return buffer
    }

    mutating func read(isHead: Bool) throws -> WireAnswer {
        var head = try WireHead(buffer[...])
        while head == nil {
            guard try fill() else {
                throw WireProblem("ended after \(buffer.count) bytes of an answer: \(WireHead.text(buffer.prefix(80)))")
            }
            head = try WireHead(buffer[...])
        }
        let found = head!
        buffer.removeFirst(found.byteCount)
        let status = try Self.status(found)
        var answer = WireAnswer(status: status, head: found)
        let lengths = found.values("content-length")
        let codings = found.values("transfer-encoding")
        guard lengths.count + codings.count <= 1, codings.allSatisfy({ $0 == "chunked" }),
            lengths.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { throw WireProblem("an answer framed by \(lengths) and \(codings)") }
        if status < 200 || status == 204 {
            guard lengths.isEmpty, codings.isEmpty else { throw WireProblem("a \(status) with the length of a body") }
            return answer
        }
        if isHead || status == 304 { return answer }
        if let text = lengths.first {
            answer.ending = try take(Int(text) ?? 0, into: &answer.body) ? .complete : .cut
        } else if !codings.isEmpty {
            answer.ending = try takeChunks(into: &answer.body) ? .complete : .cut
        } else {
            guard found.values("connection") == ["close"] else { throw WireProblem("an answer without an end") }
            answer.body = try rest()
            buffer = []
        }
        return answer
    }

    private static func status(_ head: WireHead) throws(WireProblem) -> Int {
        let line = Array(head.startLine.utf8)
        guard head.startLine.hasPrefix("HTTP/1.1 "), line.count > 12, line[12] == 32,
            let status = Int(head.startLine.dropFirst(9).prefix(3)), (100...599).contains(status)
        else { throw WireProblem("no status line: \(head.startLine)") }
        return status
    }

    private mutating func take(_ count: Int, into body: inout [UInt8]) throws -> Bool {
        while buffer.count < count { guard try fill() else { break } }
        let taken = min(count, buffer.count)
        body += buffer.prefix(taken)
        buffer.removeFirst(taken)
        return taken == count
    }

    private mutating func takeChunks(into body: inout [UInt8]) throws -> Bool {
        while true {
            var line: [UInt8] = []
            guard try takeLine(into: &line) else { return false }
            guard !line.isEmpty, let size = Int(WireHead.text(line), radix: 16), line.first != 43 else {
                throw WireProblem("no chunk size: \(WireHead.text(line))")
            }
            guard try take(size, into: &body) else { return false }
            line = []
            guard try takeLine(into: &line) else { return false }
            guard line.isEmpty else { throw WireProblem("\(WireHead.text(line)) behind a chunk") }
            if size == 0 { return true }
        }
    }

    private mutating func takeLine(into line: inout [UInt8]) throws -> Bool {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                guard end > 0, buffer[end - 1] == 13 else { throw WireProblem("a bare LF in the framing") }
                line = Array(buffer[..<(end - 1)])
                buffer.removeFirst(end + 1)
                return true
            }
            guard try fill() else { return false }
        }
    }
}

/// A request as it arrived upstream.
struct WireRequest {
    var head: WireHead
    var body: [UInt8]

    var id: String { head.values("x-request-id").first ?? "" }

    /// Takes the first request off `bytes`; nil while it is not complete. Requests to providers have one shape only, so
    /// anything else is a problem.
    static func take(from bytes: inout ArraySlice<UInt8>) throws(WireProblem) -> WireRequest? {
        guard let head = try WireHead(bytes) else { return nil }
        guard head.values("transfer-encoding").isEmpty else { throw WireProblem("a coded request upstream") }
        let lengths = head.values("content-length")
        guard lengths.count == 1, let length = Int(lengths[0]), String(length) == lengths[0] else {
            throw WireProblem("content-length upstream: \(lengths)")
        }
        guard bytes.count >= head.byteCount + length else { return nil }
        let body = Array(bytes.dropFirst(head.byteCount).prefix(length))
        bytes = bytes.dropFirst(head.byteCount + length)
        return WireRequest(head: head, body: body)
    }
}

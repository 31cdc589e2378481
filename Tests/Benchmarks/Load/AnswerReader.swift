import Shared

/// Why an answer does not count.
enum AnswerFault: String, Error, CaseIterable {
    /// Not answered at all.
    case refused, closed, timedOut = "timed_out"
    /// Answered wrongly.
    case status, framing, marker, events, unfinished
}

/// Reads answers from a connection, one after another.
///
/// Deliberately not the parser that the gateway uses: a generator that shared its mistakes would not see them.
struct AnswerReader {
    /// The body of the last answer, without its framing.
    let body = ByteBuffer()
    /// When the first byte of the last answer was there.
    private(set) var firstByteAt = MonotonicTime(nanoseconds: 0)

    private enum Framing { case length(Int), chunked }

    /// A head beyond this is a fault.
    private static let headBytesMax = 64 * 1024

    mutating func readAnswer(from connection: Connection) async throws(AnswerFault) {
        body.removeAll()
        if connection.input.isEmpty { try await fill(connection) }
        firstByteAt = .now()
        switch try await readHead(connection) {
        case .length(let length):
            while connection.input.count < length { try await fill(connection) }
            take(length, from: connection.input)
        case .chunked:
            while try await readChunk(connection) {}
        }
    }

    private func fill(_ connection: Connection) async throws(AnswerFault) {
        let length: Int
        do { length = try await connection.fill() } catch { throw error == .timedOut ? .timedOut : .closed }
        guard length > 0 else { throw .closed }
    }

    private func take(_ length: Int, from input: ByteBuffer) {
        unsafe body.append(UnsafeRawBufferPointer(rebasing: input.readable[..<length]))
        input.consume(length)
    }

    // MARK: Head

    private func readHead(_ connection: Connection) async throws(AnswerFault) -> Framing {
        let input = connection.input
        var end = input.find("\r\n\r\n")
        while end == nil {
            guard input.count < Self.headBytesMax else { throw .framing }
            try await fill(connection)
            end = input.find("\r\n\r\n")
        }
        guard let end, let status = input.find("HTTP/1.1 200 "), status == 0 else { throw .status }
        guard let framing = unsafe Self.framing(input.readable, end: end) else { throw .framing }
        input.consume(end + 4)
        return framing
    }

    /// Looks through the head's lines for the one that says how long the body is.
    private static func framing(_ head: UnsafeRawBufferPointer, end: Int) -> Framing? {
        var index = 0
        while index < end {
            switch unsafe head[index] | 0x20 {
            case UInt8(ascii: "c"):
                if unsafe starts(head, at: index, with: "content-length:") {
                    return unsafe length(head, from: index + 15).map(Framing.length)
                }
            case UInt8(ascii: "t"):
                if unsafe starts(head, at: index, with: "transfer-encoding: chunked") { return .chunked }
            default: break
            }
            while index < end, unsafe head[index] != UInt8(ascii: "\n") { index &+= 1 }
            index &+= 1
        }
        return nil
    }

    /// `name` is lower-case.
    private static func starts(_ bytes: UnsafeRawBufferPointer, at start: Int, with name: StaticString) -> Bool {
        guard start + name.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<name.utf8CodeUnitCount
        where unsafe (bytes[start &+ offset] | 0x20) != (name.utf8Start[offset] | 0x20) {
            return false
        }
        return true
    }

    /// The decimal number that begins at `start`, behind spaces; nil where there is none.
    static func length(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, unsafe bytes[index] == UInt8(ascii: " ") { index &+= 1 }
        var value: Int?
        while index < bytes.count, case let digit = unsafe bytes[index] &- 48, digit <= 9, value ?? 0 < 1 << 40 {
            value = (value ?? 0) &* 10 &+ Int(digit)
            index &+= 1
        }
        return value
    }

    // MARK: Chunks

    /// Reads one chunk into `body`; false after the last.
    private func readChunk(_ connection: Connection) async throws(AnswerFault) -> Bool {
        let input = connection.input
        var line = input.find("\r\n")
        while line == nil {
            try await fill(connection)
            line = input.find("\r\n")
        }
        guard let line, let size = unsafe Self.hexadecimal(input.readable, count: line) else { throw .framing }
        let whole = line + 2 + size + 2
        while input.count < whole { try await fill(connection) }
        guard unsafe input.readable[whole - 2] == UInt8(ascii: "\r"),
            unsafe input.readable[whole - 1] == UInt8(ascii: "\n")
        else {
            throw .framing
        }
        input.consume(line + 2)
        if size > 0 { take(size, from: input) }
        input.consume(2)
        return size > 0
    }

    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer, count: Int) -> Int? {
        guard count > 0, count <= 8 else { return nil }
        var value = 0
        for index in 0..<count {
            switch unsafe bytes[index] {
            case let byte where byte >= 48 && byte <= 57: value = value << 4 | Int(byte - 48)
            case let byte where (byte | 0x20) >= 97 && (byte | 0x20) <= 102:
                value = value << 4 | Int((byte | 0x20) - 87)
            default: return nil
            }
        }
        return value
    }

    // MARK: Checks

    /// A plain answer is ours, whole and unaltered where it matters.
    func checkPlain() throws(AnswerFault) {
        guard body.find("\"content\":\"") != nil, body.find(CannedAnswers.marker) != nil else { throw .marker }
        guard unsafe body.readable.last == UInt8(ascii: "}") else { throw .unfinished }
    }

    /// A stream has every event, and its ending is the clean one.
    func checkStream(events expected: Int) throws(AnswerFault) {
        guard body.find("data: [DONE]\n\n", from: max(0, body.count - 14)) != nil else { throw .unfinished }
        guard body.find(CannedAnswers.marker) != nil else { throw .marker }
        var events = 0
        var offset = 0
        while let hit = body.find("\n\n", from: offset) {
            events += 1
            offset = hit + 2
        }
        guard events == expected + 1 else { throw .events }
    }
}

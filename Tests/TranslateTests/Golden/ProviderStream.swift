import Glibc
import Shared
import Translate

/// Takes providers' streams apart as the relay does, and reads them.
struct ProviderStream {
    /// Name and data of one message.
    struct Message: Hashable {
        var name: [UInt8]
        var data: [UInt8]
    }

    let dialect: Dialect
    /// Behind the last whole message.
    private var rest: [UInt8] = []
    private var framer = EventStreamFramer()
    private(set) var messages: [Message] = []

    init(_ dialect: Dialect) { self.dialect = dialect }

    /// The messages of bytes that arrive in these pieces.
    static func messages(of pieces: [ArraySlice<UInt8>], in dialect: Dialect) throws -> [Message] {
        var stream = ProviderStream(dialect)
        for piece in pieces { try stream.feed(piece) }
        try stream.end()
        return stream.messages
    }

    mutating func feed(_ piece: ArraySlice<UInt8>) throws {
        rest.append(contentsOf: piece)
        var used = 0
        if dialect == .bedrock {
            try unsafe rest.withUnsafeBytes { bytes in
                while let message = try unsafe framer.next(UnsafeRawBufferPointer(rebasing: bytes[used...])) {
                    messages.append(unsafe Message(name: Array(message.name), data: Array(message.payload)))
                    used += message.byteCount
                }
            }
        } else {
            while let end = Self.endOfEvent(rest, from: used) {
                append(event: rest[used..<end])
                used = end
            }
        }
        if used > 0 { rest.removeSubrange(..<used) }
    }

    mutating func end() throws {
        if dialect == .bedrock {
            try unsafe rest.withUnsafeBytes { try unsafe framer.end($0) }
        } else if !rest.isEmpty {
            append(event: rest[...])
        }
        rest = []
    }

    // MARK: Server-sent events

    /// Behind the blank line that ends the event at `start`.
    private static func endOfEvent(_ bytes: [UInt8], from start: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var place = start
            while let hit = unsafe memchr(base + place, 0x0a, bytes.count - place) {
                let next = unsafe UnsafeRawPointer(hit) - base + 1
                if next < bytes.count, unsafe bytes[next] == 0x0a { return next + 1 }
                if next + 1 < bytes.count, unsafe bytes[next] == 0x0d, unsafe bytes[next + 1] == 0x0a {
                    return next + 2
                }
                place = next
            }
            return nil
        }
    }

    private mutating func append(event: ArraySlice<UInt8>) {
        var message = Message(name: [], data: [])
        var lines = 0
        for var line in event.split(separator: 0x0a) {
            if line.last == 0x0d { line.removeLast() }
            if let value = Self.value(of: line, after: "event:") { message.name = Array(value) }
            guard let value = Self.value(of: line, after: "data:") else { continue }
            if lines > 0 { message.data.append(0x0a) }
            message.data.append(contentsOf: value)
            lines += 1
        }
        if lines > 0 { messages.append(message) }
    }

    private static func value(of line: ArraySlice<UInt8>, after name: String) -> ArraySlice<UInt8>? {
        guard line.starts(with: name.utf8) else { return nil }
        let value = line.dropFirst(name.utf8.count)
        return value.first == 0x20 ? value.dropFirst() : value
    }
}

extension ProviderStream {
    /// What the messages say, to the end of the connection.
    static func events(of messages: [Message], in dialect: Dialect) throws -> [AnswerEvent] {
        var reader = dialect.codec.streamReader()
        var events: [AnswerEvent] = []
        for message in messages {
            try unsafe message.name.withUnsafeBytes { name in
                try unsafe message.data.withUnsafeBytes { data in
                    try unsafe reader.read(StreamMessage(name: name, data: data), into: &events)
                }
            }
        }
        reader.end(into: &events)
        return events
    }

    static func events(of bytes: [UInt8], in dialect: Dialect) throws -> [AnswerEvent] {
        try events(of: messages(of: [bytes[...]], in: dialect), in: dialect)
    }

    /// The stream that a caller gets.
    static func written(_ events: [AnswerEvent], for caller: Dialect) throws -> [UInt8] {
        var writer = caller.codec.streamWriter(in: DialectCase.context(of: caller))
        var output: [UInt8] = []
        for event in events { try writer.write(event, to: &output) }
        return output
    }
}

/// Why bytes are not an event stream. What follows cannot be trusted: nobody knows where the next message begins.
public enum EventStreamError: Error, Equatable, Sendable {
    /// The message says that it is longer than `EventStreamFramer.messageBytesMax`.
    case messageTooLong(byteCount: Int)
    /// Its headers are longer than `EventStreamFramer.headerBytesMax`.
    case headersTooLong(byteCount: Int)
    /// Its headers would not fit into it.
    case lengthsDisagree(message: Int, headers: Int)
    /// Its two lengths were changed on the way.
    case preludeChecksum(stated: UInt32, computed: UInt32)
    /// Its headers or its payload were.
    case messageChecksum(stated: UInt32, computed: UInt32)
    /// A header ends behind the headers, is of a type that does not exist, or has no name or one that is not UTF-8.
    case malformedHeader(offset: Int)
    /// The stream ended inside a message.
    case truncated(byteCount: Int)
}

extension EventStreamError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .messageTooLong(let count):
            "a message of \(count) bytes, want at most \(EventStreamFramer.messageBytesMax)"
        case .headersTooLong(let count): "headers of \(count) bytes, want at most \(EventStreamFramer.headerBytesMax)"
        case .lengthsDisagree(let message, let headers):
            "a message of \(message) bytes cannot have headers of \(headers) bytes"
        case .preludeChecksum(let stated, let computed):
            "the checksum of a message's lengths is \(Self.hex(computed)), not \(Self.hex(stated))"
        case .messageChecksum(let stated, let computed):
            "the checksum of a message is \(Self.hex(computed)), not \(Self.hex(stated))"
        case .malformedHeader(let offset): "a malformed header at byte \(offset) of a message's headers"
        case .truncated(let count): "the stream ends inside a message, \(count) bytes after it began"
        }
    }

    private static func hex(_ checksum: UInt32) -> String {
        let digits = String(checksum, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// Takes an event stream apart: `application/vnd.amazon.eventstream`.
///
/// - Shape: bytes may arrive in any pieces. The caller keeps those that were not consumed and shows them again, with more behind them;
///   nothing is copied. Each message says how many to consume.
/// - Errors: `EventStreamError`; the framer is finished afterwards.
/// - Source: "Amazon event stream encoding": the length of the message and of its headers and the CRC-32 of both, in four bytes each;
///   headers; payload; the CRC-32 of all before it. Big-endian.
public struct EventStreamFramer: Sendable {
    /// What the encoding allows for a payload. A message is held whole, and nobody's events are as long.
    public static let messageBytesMax = 16 * 1024 * 1024
    /// What the encoding allows.
    public static let headerBytesMax = 128 * 1024

    static let preludeByteCount = 12
    /// Of a message without headers and payload.
    static let messageBytesMin = preludeByteCount + 4

    /// Of the message at the start, once they are known to be right.
    private var lengths: (message: Int, headers: Int)?

    public init() {}

    /// The message that `bytes` begin with; nil when its end has not arrived.
    public mutating func next(_ bytes: UnsafeRawBufferPointer) throws(EventStreamError) -> EventStreamMessage? {
        guard bytes.count >= Self.preludeByteCount else { return nil }
        let lengths: (message: Int, headers: Int)
        if let known = self.lengths { lengths = known } else { lengths = try unsafe Self.readPrelude(bytes) }
        self.lengths = lengths
        guard bytes.count >= lengths.message else { return nil }
        self.lengths = nil
        let message = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<lengths.message])
        try unsafe Self.checkSum(of: message)
        return try unsafe EventStreamMessage(message, headerByteCount: lengths.headers)
    }

    /// The stream has ended, and `rest` was not consumed.
    ///
    /// - Errors: `truncated`, where that is not nothing.
    public func end(_ rest: UnsafeRawBufferPointer) throws(EventStreamError) {
        guard rest.count == 0 else { throw .truncated(byteCount: rest.count) }
    }

    private static func readPrelude(
        _ bytes: UnsafeRawBufferPointer
    ) throws(EventStreamError) -> (message: Int, headers: Int) {
        let stated = unsafe word(bytes, 8)
        let computed = unsafe CRC32.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<8]))
        guard stated == computed else { throw .preludeChecksum(stated: stated, computed: computed) }
        let message = unsafe Int(word(bytes, 0))
        let headers = unsafe Int(word(bytes, 4))
        guard message <= messageBytesMax else { throw .messageTooLong(byteCount: message) }
        guard headers <= headerBytesMax else { throw .headersTooLong(byteCount: headers) }
        guard message >= messageBytesMin + headers else { throw .lengthsDisagree(message: message, headers: headers) }
        return (message, headers)
    }

    private static func checkSum(of message: UnsafeRawBufferPointer) throws(EventStreamError) {
        let end = message.count - 4
        let stated = unsafe word(message, end)
        let computed = unsafe CRC32.checksum(UnsafeRawBufferPointer(rebasing: message[..<end]))
        guard stated == computed else { throw .messageChecksum(stated: stated, computed: computed) }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}

/// One message of an event stream, where it arrived: valid as long as its bytes.
@safe public struct EventStreamMessage {
    /// What its sender calls it.
    public enum Kind: Equatable, Sendable {
        case event
        /// An error that the service's interface describes.
        case exception
        /// Any other, whose text stands in `:error-message` rather than in the payload.
        case error
    }

    public let headers: EventStreamHeaders
    public let payload: UnsafeRawBufferPointer
    /// Of the whole message: to be consumed.
    public let byteCount: Int

    init(_ message: UnsafeRawBufferPointer, headerByteCount: Int) throws(EventStreamError) {
        byteCount = message.count
        let headersEnd = EventStreamFramer.preludeByteCount + headerByteCount
        headers = try unsafe EventStreamHeaders(
            UnsafeRawBufferPointer(rebasing: message[EventStreamFramer.preludeByteCount..<headersEnd]))
        unsafe payload = unsafe UnsafeRawBufferPointer(rebasing: message[headersEnd..<(message.count - 4)])
    }

    /// By `:message-type`; what says nothing is an event.
    public var kind: Kind {
        guard let type = unsafe headers.text(":message-type") else { return .event }
        if unsafe type.elementsEqual("exception".utf8) { return .exception }
        return unsafe type.elementsEqual("error".utf8) ? .error : .event
    }

    /// What happened: `:event-type`, `:exception-type` or `:error-code`, whichever its kind has; empty where it has none.
    public var name: UnsafeRawBufferPointer {
        let name: UnsafeRawBufferPointer? =
            switch kind {
            case .event: unsafe headers.text(":event-type")
            case .exception: unsafe headers.text(":exception-type")
            case .error: unsafe headers.text(":error-code")
            }
        return unsafe name ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }
}

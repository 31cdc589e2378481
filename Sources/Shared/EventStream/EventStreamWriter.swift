/// The headers of a message as they go onto the wire: made once for each kind of message.
///
/// - Source: as `EventStreamHeaders`.
public struct EventStreamHeaderBlock: Hashable, Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// Of an event whose payload is JSON, as services write them.
    public static func event(_ type: String) -> EventStreamHeaderBlock { json(":event-type", type, kind: "event") }

    /// Of an exception whose payload is JSON.
    public static func exception(_ type: String) -> EventStreamHeaderBlock {
        json(":exception-type", type, kind: "exception")
    }

    private static func json(_ name: String, _ type: String, kind: String) -> EventStreamHeaderBlock {
        var block = EventStreamHeaderBlock()
        block.add(name, .string(type))
        block.add(":content-type", .string("application/json"))
        block.add(":message-type", .string(kind))
        return block
    }

    /// A name has 1 to 255 bytes, a string or a list of bytes at most 65,535.
    public mutating func add(_ name: String, _ value: EventStreamHeaderValue) {
        precondition((1...255).contains(name.utf8.count))
        bytes.append(UInt8(name.utf8.count))
        bytes.append(contentsOf: name.utf8)
        switch value {
        case .boolean(true): add(.isTrue)
        case .boolean(false): add(.isFalse)
        case .byte(let value): add(.byte, value)
        case .short(let value): add(.short, value)
        case .integer(let value): add(.integer, value)
        case .long(let value): add(.long, value)
        case .timestamp(let milliseconds): add(.timestamp, milliseconds)
        case .bytes(let value): add(.bytes, counted: value)
        case .string(let value): add(.string, counted: Array(value.utf8))
        case .uuid(let value):
            precondition(value.count == 16)
            add(.uuid)
            bytes.append(contentsOf: value)
        }
        precondition(bytes.count <= EventStreamFramer.headerBytesMax)
    }

    private mutating func add(_ type: EventStreamHeaders.FieldType) { bytes.append(type.rawValue) }

    private mutating func add(_ type: EventStreamHeaders.FieldType, _ value: some FixedWidthInteger) {
        add(type)
        EventStreamWriter.append(value, to: &bytes)
    }

    private mutating func add(_ type: EventStreamHeaders.FieldType, counted value: [UInt8]) {
        add(type)
        EventStreamWriter.append(UInt16(value.count), to: &bytes)
        bytes.append(contentsOf: value)
    }
}

/// Writes messages of an event stream.
public enum EventStreamWriter {
    /// The longest payload behind `headers`.
    public static func payloadBytesMax(behind headers: EventStreamHeaderBlock) -> Int {
        EventStreamFramer.messageBytesMax - EventStreamFramer.messageBytesMin - headers.bytes.count
    }

    /// Appends one message. `payload` is at most `payloadBytesMax` long.
    public static func append(_ headers: EventStreamHeaderBlock, _ payload: [UInt8], to output: inout [UInt8]) {
        precondition(payload.count <= payloadBytesMax(behind: headers))
        let start = output.count
        let byteCount = EventStreamFramer.messageBytesMin + headers.bytes.count + payload.count
        append(UInt32(byteCount), to: &output)
        append(UInt32(headers.bytes.count), to: &output)
        let prelude = checksum(of: output, from: start)
        append(prelude, to: &output)
        output.append(contentsOf: headers.bytes)
        output.append(contentsOf: payload)
        let whole = checksum(of: output, from: start)
        append(whole, to: &output)
    }

    fileprivate static func append(_ value: some FixedWidthInteger, to output: inout [UInt8]) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe output.append(contentsOf: $0) }
    }

    private static func checksum(of output: [UInt8], from start: Int) -> UInt32 {
        unsafe output.withUnsafeBytes { unsafe CRC32.checksum(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }
}

/// What a header of an event stream's message can be.
public enum EventStreamHeaderValue: Hashable, Sendable {
    case boolean(Bool)
    case byte(Int8)
    case short(Int16)
    case integer(Int32)
    case long(Int64)
    case bytes([UInt8])
    case string(String)
    case timestamp(unixMilliseconds: Int64)
    /// 16 bytes.
    case uuid([UInt8])
}

/// The headers of a message, where they arrived.
///
/// - Shape: valid as long as the bytes. Of two headers with one name the first counts.
/// - Errors: `malformedHeader`, when it is made; what is read from it later is there.
/// - Source: "Amazon event stream encoding": a name behind its length in one byte, the type in one byte, the value. Big-endian.
@safe public struct EventStreamHeaders {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) throws(EventStreamError) {
        unsafe self.bytes = unsafe bytes
        var offset = 0
        while offset < bytes.count {
            guard let field = unsafe Field(bytes, at: offset) else { throw .malformedHeader(offset: offset) }
            offset = field.value.upperBound
        }
    }

    /// The text of a header that is one; nil where it is absent or of another type.
    public func text(_ name: StaticString) -> UnsafeRawBufferPointer? {
        guard let field = first(name), field.type == .string else { return nil }
        return unsafe UnsafeRawBufferPointer(rebasing: bytes[field.value])
    }

    public subscript(name: StaticString) -> EventStreamHeaderValue? { first(name).map(value) }

    /// All of them, in their order.
    public var all: [(name: String, value: EventStreamHeaderValue)] {
        var all: [(name: String, value: EventStreamHeaderValue)] = []
        var offset = 0
        while let field = unsafe Field(bytes, at: offset) {
            unsafe all.append((String(decoding: bytes[field.name], as: UTF8.self), value(of: field)))
            offset = field.value.upperBound
        }
        return all
    }

    private func first(_ name: StaticString) -> Field? {
        let wanted = unsafe UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        var offset = 0
        while let field = unsafe Field(bytes, at: offset) {
            if unsafe bytes[field.name].elementsEqual(wanted) { return field }
            offset = field.value.upperBound
        }
        return nil
    }

    private func value(of field: Field) -> EventStreamHeaderValue {
        let place = field.value.lowerBound
        switch field.type {
        case .isTrue: return .boolean(true)
        case .isFalse: return .boolean(false)
        case .byte: return unsafe .byte(Int8(bitPattern: bytes[place]))
        case .short: return unsafe .short(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int16.self)))
        case .integer:
            return unsafe .integer(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)))
        case .long: return unsafe .long(Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)))
        case .bytes: return unsafe .bytes(Array(bytes[field.value]))
        case .string: return unsafe .string(String(decoding: bytes[field.value], as: UTF8.self))
        case .timestamp:
            let milliseconds = unsafe bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)
            return .timestamp(unixMilliseconds: Int64(bigEndian: milliseconds))
        case .uuid: return unsafe .uuid(Array(bytes[field.value]))
        }
    }

    /// The numbers of the types on the wire.
    enum FieldType: UInt8 {
        case isTrue, isFalse, byte, short, integer, long, bytes, string, timestamp, uuid

        /// nil: its length stands before it, in two bytes.
        fileprivate var byteCount: Int? {
            switch self {
            case .isTrue, .isFalse: 0
            case .byte: 1
            case .short: 2
            case .integer: 4
            case .long, .timestamp: 8
            case .uuid: 16
            case .bytes, .string: nil
            }
        }
    }

    /// Where a header lies.
    private struct Field {
        let name: Range<Int>
        let type: FieldType
        let value: Range<Int>

        /// nil where the bytes end before it does, and where there is no such type.
        init?(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
            guard offset < bytes.count else { return nil }
            let nameEnd = unsafe offset + 1 + Int(bytes[offset])
            guard nameEnd > offset + 1, nameEnd < bytes.count, let type = unsafe FieldType(rawValue: bytes[nameEnd])
            else {
                return nil
            }
            var start = nameEnd + 1
            var count = type.byteCount ?? 0
            if type.byteCount == nil {
                guard start + 2 <= bytes.count else { return nil }
                count = unsafe Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt16.self)))
                start += 2
            }
            guard start + count <= bytes.count else { return nil }
            name = (offset + 1)..<nameEnd
            self.type = type
            value = start..<(start + count)
        }
    }
}

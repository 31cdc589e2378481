import TestSupport

/// A message of an AWS event stream, its checksums compared.
///
/// - Source: AWS, "Event stream encoding".
struct EventStreamMessage {
    var fields: [String: String] = [:]
    var payload: [UInt8] = []

    /// - Errors: `TestFailure` for lengths or checksums that are wrong.
    static func all(in bytes: [UInt8]) throws -> [EventStreamMessage] {
        var messages: [EventStreamMessage] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 16 else { throw TestFailure("\(rest.count) bytes left over") }
            let start = rest.startIndex
            let total = Int(number(rest[start..<(start + 4)]))
            guard total >= 16, total <= rest.count else { throw TestFailure("a message of \(total) bytes") }
            messages.append(try EventStreamMessage(Array(rest.prefix(total))))
            rest = rest.dropFirst(total)
        }
        return messages
    }

    private init(_ bytes: [UInt8]) throws {
        let fieldsEnd = 12 + Int(Self.number(bytes[4..<8]))
        let end = bytes.count - 4
        guard Self.number(bytes[8..<12]) == Self.checksum(bytes[..<8]), fieldsEnd <= end,
            Self.number(bytes[end...]) == Self.checksum(bytes[..<end])
        else { throw TestFailure("a checksum is wrong") }
        payload = Array(bytes[fieldsEnd..<end])
        var index = 12
        while index < fieldsEnd {
            let nameEnd = index + 1 + Int(bytes[index])
            guard bytes[nameEnd] == 7 else { throw TestFailure("a field that is no string") }
            let valueStart = nameEnd + 3
            let valueEnd = valueStart + Int(bytes[nameEnd + 1]) << 8 + Int(bytes[nameEnd + 2])
            fields[String(decoding: bytes[(index + 1)..<nameEnd], as: UTF8.self)] = String(
                decoding: bytes[valueStart..<valueEnd], as: UTF8.self)
            index = valueEnd
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    /// CRC-32, bit by bit.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var crc: UInt32 = ~0
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

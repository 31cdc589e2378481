/// A message of an AWS event stream, with its two checksums.
///
/// - Shape: lengths of the whole and of the header fields, checksum of these eight bytes, fields, payload, checksum of all of it. Every
///   number is big-endian.
/// - Source: AWS, "Event stream encoding"; CRC-32 as in RFC 1952 section 8.
enum EventStreamFrame {
    static func bytes(
        _ fields: KeyValuePairs<String, String>, _ payload: [UInt8], breaksChecksum: Bool = false
    ) -> [UInt8] {
        var head: [UInt8] = []
        for (name, value) in fields {
            head.append(UInt8(name.utf8.count))
            head += Array(name.utf8)
            // 7: a string with a length of two bytes.
            head += [7, UInt8(value.utf8.count >> 8), UInt8(value.utf8.count & 255)]
            head += Array(value.utf8)
        }
        var out = bigEndian(UInt32(12 + head.count + payload.count + 4)) + bigEndian(UInt32(head.count))
        out += bigEndian(crc(out))
        out += head + payload
        return out + bigEndian(crc(out) ^ (breaksChecksum ? 1 : 0))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0 as UInt32) { crc, byte in table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc >> 8) }
    }

    private static let table: [UInt32] = (0..<256).map { value in
        (0..<8).reduce(UInt32(value)) { crc, _ in crc & 1 == 1 ? 0xedb8_8320 ^ (crc >> 1) : crc >> 1 }
    }
}

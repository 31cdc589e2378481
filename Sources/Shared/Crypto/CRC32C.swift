import COpenSSL

/// The checksum of what is written to disk and to keys: it finds accidents, not attacks.
///
/// - Source: Castagnoli's polynomial, as in RFC 3720 appendix B.4. By the processor's own instruction where it has one (SSE 4.2:
///   200 bytes in about 30 ns), else by eight tables (about five times slower).
public enum CRC32C {
    public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 { unsafe checksum(bytes, continuing: 0) }

    /// The checksum of what gave `previous`, followed by `bytes`.
    public static func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32) -> UInt32 {
        guard let base = bytes.baseAddress else { return previous }
        return unsafe hasInstruction
            ? ~weir_crc32c(~previous, base, bytes.count) : ~bySlices(~previous, base, bytes.count)
    }

    public static func checksum(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe checksum($0) }
    }

    private static let hasInstruction = weir_has_crc32c() != 0

    // MARK: Tables

    /// `tables[k][b]`: what byte `b` contributes when `k` more bytes follow it in its word.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
            tables[byte] = crc
        }
        for slice in 1..<8 {
            for byte in 0..<256 {
                let crc = tables[(slice - 1) * 256 + byte]
                tables[slice * 256 + byte] = crc >> 8 ^ tables[Int(crc & 0xff)]
            }
        }
        return tables
    }()

    /// What machines without the instruction use. Internal, so that a test on any machine can compare the two.
    static func bySlices(_ register: UInt32, _ bytes: UnsafeRawPointer, _ count: Int) -> UInt32 {
        unsafe tables.withUnsafeBufferPointer { tables in
            var crc = register
            var index = 0
            while index + 8 <= count {
                let word =
                    unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                    ^ UInt64(crc)
                crc = 0
                for slice in 0..<8 {
                    unsafe crc ^= tables[(7 - slice) * 256 + Int(truncatingIfNeeded: word >> UInt64(slice * 8) & 0xff)]
                }
                index += 8
            }
            while index < count {
                let byte = unsafe bytes.load(fromByteOffset: index, as: UInt8.self)
                crc = unsafe crc >> 8 ^ tables[Int((crc ^ UInt32(byte)) & 0xff)]
                index += 1
            }
            return crc
        }
    }
}

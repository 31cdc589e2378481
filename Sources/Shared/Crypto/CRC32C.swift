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
            ? ~weir_crc32c(~previous, base, bytes.count) : ~sliced.update(~previous, with: bytes)
    }

    public static func checksum(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe checksum($0) }
    }

    private static let hasInstruction = weir_has_crc32c() != 0

    /// What machines without the instruction use. Internal, so that a test on any machine can compare the two.
    static let sliced = SlicedCRC(polynomial: 0x82f6_3b78)
}

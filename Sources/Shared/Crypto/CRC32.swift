/// The checksum of event streams: it finds accidents, not attacks.
///
/// - Source: the polynomial of IEEE 802.3, as in RFC 1952 section 8 and in zlib. In software: 100 bytes, a typical event, take about
///   60 ns, and nothing more has to be linked.
public enum CRC32 {
    /// The checksum of what gave `previous`, followed by `bytes`.
    public static func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        unsafe ~sliced.update(~previous, with: bytes)
    }

    public static func checksum(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe checksum($0) }
    }

    private static let sliced = SlicedCRC(polynomial: 0xedb8_8320)
}

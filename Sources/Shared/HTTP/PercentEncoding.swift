/// Bytes as they stand in a URL: all but the unreserved ones as `%2F`.
///
/// - Source: RFC 3986 sections 2.1 and 2.3, digits in upper case. What AWS signs is encoded so, whatever a path would allow.
public enum PercentEncoding {
    /// What may stand in a segment of a path beside the unreserved ones.
    ///
    /// - Source: RFC 3986 section 3.3, `pchar`.
    public static let pathSegment: StaticString = ":@!$&'()*+,;="

    /// - Parameter kept: what stays as it is beside the unreserved ones: `/` for a whole path.
    public static func encode(_ text: some StringProtocol, keeping kept: StaticString = "") -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + 16)
        append(text.utf8, keeping: kept, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    static func append(
        _ bytes: some Sequence<UInt8>, keeping kept: StaticString = "", to out: inout [UInt8]
    ) {
        for byte in bytes {
            if isUnreserved(byte) || kept.withUTF8Buffer({ unsafe $0.contains(byte) }) {
                out.append(byte)
            } else {
                out.append(UInt8(ascii: "%"))
                out.append(digit(byte >> 4))
                out.append(digit(byte & 15))
            }
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }
}

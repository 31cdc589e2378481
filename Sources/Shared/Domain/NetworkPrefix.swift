import Glibc

/// An Internet address of either version, as a number.
///
/// - Shape: IPv4 lies in the low 32 bits of `low`. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is IPv4, so that a
///   dual-stack listener and an IPv4 prefix agree.
public struct IPAddress: Hashable, Sendable {
    public let isIPv4: Bool
    public let high: UInt64
    public let low: UInt64

    public init(ipv4 value: UInt32) {
        isIPv4 = true
        high = 0
        low = UInt64(value)
    }

    public init(ipv6High high: UInt64, low: UInt64) {
        let isMapped = high == 0 && low >> 32 == 0xffff
        isIPv4 = isMapped
        self.high = high
        self.low = isMapped ? low & 0xffff_ffff : low
    }

    public var bitCount: Int { isIPv4 ? 32 : 128 }

    /// Parses the numeric forms only; no zone, no brackets, no port.
    ///
    /// - Source: `inet_pton(3)`: strict dotted quad, RFC 4291 section 2.2.
    public init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if unsafe inet_pton(AF_INET, text, &v4) == 1 {
            self.init(ipv4: UInt32(bigEndian: v4.s_addr))
        } else if unsafe inet_pton(AF_INET6, text, &v6) == 1 {
            let (high, low) = unsafe withUnsafeBytes(of: &v6) {
                unsafe ($0.load(as: UInt64.self).bigEndian, $0.load(fromByteOffset: 8, as: UInt64.self).bigEndian)
            }
            self.init(ipv6High: high, low: low)
        } else {
            return nil
        }
    }
}

extension IPAddress: CustomStringConvertible {
    public var description: String {
        if isIPv4 {
            return [24, 16, 8, 0].map { String((low >> UInt64($0)) & 255) }.joined(separator: ".")
        }
        var bytes = (high.bigEndian, low.bigEndian)
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = unsafe inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// - Source: RFC 4632 section 3.1, RFC 4291 section 2.3.
public struct NetworkPrefix: Hashable, Sendable {
    public let address: IPAddress
    public let length: Int

    /// Nil when `length` is out of range, or when a bit beyond it is set: `10.0.0.1/8` is more likely a slip than a wish.
    public init?(address: IPAddress, length: Int) {
        guard (0...address.bitCount).contains(length) else { return nil }
        self.address = address
        self.length = length
        guard hostBits == 0 else { return nil }
    }

    /// Parses `address/length`, or an address alone, which is the block of that one address.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self.init(address: address, length: address.bitCount)
            return
        }
        let digits = parts[1]
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            digits == "0" || digits.first != "0", let length = Int(digits)
        else { return nil }
        // `::ffff:10.0.0.0/104` counts the 96 bits in front.
        let isMapped = address.isIPv4 && parts[0].contains(":")
        self.init(address: address, length: isMapped ? length - 96 : length)
    }

    public func contains(_ other: IPAddress) -> Bool {
        guard other.isIPv4 == address.isIPv4 else { return false }
        let width = address.bitCount
        if width == 32 {
            return length == 0 || (address.low ^ other.low) >> UInt64(32 - length) == 0
        }
        if length <= 64 {
            return length == 0 || (address.high ^ other.high) >> UInt64(64 - length) == 0
        }
        return address.high == other.high && (address.low ^ other.low) >> UInt64(128 - length) == 0
    }

    /// The bits of `address` beyond the prefix.
    private var hostBits: UInt64 {
        if address.isIPv4 { return address.low & (length == 32 ? 0 : 0xffff_ffff >> UInt64(length)) }
        let high = address.high & (length >= 64 ? 0 : .max >> UInt64(length))
        let low = address.low & (length <= 64 ? .max : length == 128 ? 0 : .max >> UInt64(length - 64))
        return high | low
    }
}

extension NetworkPrefix: CustomStringConvertible {
    public var description: String { "\(address)/\(length)" }
}

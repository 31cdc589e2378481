/// The identity of anything that Weir stores or counts: a UUID, version 7 where Weir makes it.
///
/// - Shape: 128 bits; as text 36 lower-case characters with hyphens.
/// - Source: RFC 9562. Version 7 begins with the time in milliseconds, so that rows inserted together lie together.
public struct ObjectID: Hashable, Sendable, Comparable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static let zero = ObjectID(high: 0, low: 0)

    /// A version 7 identity from a time and 74 random bits; `random` supplies 128, of which the fixed bits are overwritten.
    public init(unixMilliseconds: UInt64, random: (high: UInt64, low: UInt64)) {
        high = (unixMilliseconds << 16) | 0x7000 | (random.high & 0x0fff)
        low = 0x8000_0000_0000_0000 | (random.low & 0x3fff_ffff_ffff_ffff)
    }

    /// When a version 7 identity was made.
    public var unixMilliseconds: Int64 { Int64(high >> 16) }

    public static func < (a: ObjectID, b: ObjectID) -> Bool {
        a.high != b.high ? a.high < b.high : a.low < b.low
    }

    // MARK: Text

    /// Parses 8-4-4-4-12 hexadecimal digits of either case; anything else is nil.
    public init?(_ text: some StringProtocol) {
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        var position = 0
        for byte in text.utf8 {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = Self.hexValue(byte), digits < 32 else { return nil }
                if digits < 16 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
                digits += 1
            }
            position += 1
        }
        guard position == 36, digits == 32 else { return nil }
        self.init(high: halves.0, low: halves.1)
    }

    public static let textByteCount = 36

    /// Writes the 36 bytes of the text form; `room` has exactly that many.
    public func writeText(into room: UnsafeMutableRawBufferPointer) {
        precondition(room.count == Self.textByteCount)
        let base = unsafe room.baseAddress.unsafelyUnwrapped
        let second = Self.digits(high)
        let third = Self.digits(low >> 32)
        unsafe base.storeBytes(of: Self.digits(high >> 32).bigEndian, as: UInt64.self)
        unsafe base.storeBytes(of: UInt32(truncatingIfNeeded: second >> 32).bigEndian, toByteOffset: 9, as: UInt32.self)
        unsafe base.storeBytes(of: UInt32(truncatingIfNeeded: second).bigEndian, toByteOffset: 14, as: UInt32.self)
        unsafe base.storeBytes(of: UInt32(truncatingIfNeeded: third >> 32).bigEndian, toByteOffset: 19, as: UInt32.self)
        unsafe base.storeBytes(of: UInt32(truncatingIfNeeded: third).bigEndian, toByteOffset: 24, as: UInt32.self)
        unsafe base.storeBytes(of: Self.digits(low).bigEndian, toByteOffset: 28, as: UInt64.self)
        let dash = UInt8(ascii: "-")
        unsafe base.storeBytes(of: dash, toByteOffset: 8, as: UInt8.self)
        unsafe base.storeBytes(of: dash, toByteOffset: 13, as: UInt8.self)
        unsafe base.storeBytes(of: dash, toByteOffset: 18, as: UInt8.self)
        unsafe base.storeBytes(of: dash, toByteOffset: 23, as: UInt8.self)
    }

    /// The eight hexadecimal digits of the lower half of `word`, the first highest: a digit becomes a byte by spreading, all at once.
    @inline(__always)
    private static func digits(_ word: UInt64) -> UInt64 {
        var spread = word & 0xffff_ffff
        spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff
        spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff
        spread = (spread | spread << 4) & 0x0f0f_0f0f_0f0f_0f0f
        // One in each byte whose digit is a letter: 39 lie between "9" and "a".
        let letters = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }

    /// The 36 bytes of the text form.
    public var textBytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.textByteCount) { room, count in
            unsafe writeText(into: UnsafeMutableRawBufferPointer(room))
            count = Self.textByteCount
        }
    }

    private static func hexValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 48...57: UInt64(byte - 48)
        case 65...70: UInt64(byte - 55)
        case 97...102: UInt64(byte - 87)
        default: nil
        }
    }
}

extension ObjectID: CustomStringConvertible {
    public var description: String { String(decoding: textBytes, as: UTF8.self) }
}

extension ObjectID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ObjectID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "want a UUID")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

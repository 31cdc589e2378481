/// The SHA-256 of something.
///
/// - Shape: 32 bytes as four big-endian words, so that it is a value without a reference and compares in byte order.
public struct SHA256Digest: Sendable {
    public static let byteCount = 32
    public let word0: UInt64
    public let word1: UInt64
    public let word2: UInt64
    public let word3: UInt64

    public init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Exactly 32 bytes, else nil.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index >> 3 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
        }
        self.init(words.0, words.1, words.2, words.3)
    }

    /// 64 hexadecimal digits in lower case, the one form in which Weir writes a digest; else nil.
    public init?(hex text: some StringProtocol) {
        guard let bytes = Hex.decode(text), Hex.encode(bytes) == text else { return nil }
        self.init(bytes: bytes)
    }

    /// Reads 32 bytes at `bytes`.
    public init(loading bytes: UnsafeRawPointer) {
        unsafe self.init(
            UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)))
    }

    public var firstByte: UInt8 { UInt8(truncatingIfNeeded: word0 >> 56) }

    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(Self.byteCount)
        for word in [word0, word1, word2, word3] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                out.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return out
    }

    public var hex: String { Hex.encode(bytes) }
}

extension SHA256Digest: Hashable {
    /// The first word alone: the bits of a digest are as good as any hash of them.
    public func hash(into hasher: inout Hasher) { hasher.combine(word0) }
}

extension SHA256Digest: Comparable {
    public static func < (a: SHA256Digest, b: SHA256Digest) -> Bool {
        (a.word0, a.word1, a.word2, a.word3) < (b.word0, b.word1, b.word2, b.word3)
    }
}

extension SHA256Digest: CustomStringConvertible {
    public var description: String { hex }
}

extension SHA256Digest: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let digest = SHA256Digest(hex: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "want 64 lower-case hexadecimal digits")
        }
        self = digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}

/// The whole text of a virtual key, as its owner presents it. It exists when a key is made and when one is checked; what
/// is stored is its SHA-256.
///
/// - Shape: `weir_`, the key ID of 12 characters `0-9a-z`, `_`, 43 characters of base64url (32 random bytes), and 6
///   characters `0-9a-v`: the low 30 bits of the CRC-32C of all before them, five bits each, highest first. So a scanner
///   of leaked secrets, and a gateway, can tell a typo from a key without looking anything up.
public struct VirtualKeySecret: Hashable, Sendable {
    public static let prefix = "weir_"
    public static let byteCount = 5 + VirtualKeyID.byteCount + 1 + 43 + 6

    public let text: String
    public let keyID: VirtualKeyID

    private init(text: String, keyID: VirtualKeyID) {
        self.text = text
        self.keyID = keyID
    }

    /// What is stored, and what a data plane looks up.
    public var sha256: SHA256Digest { SHA256.digest(Array(text.utf8)) }

    /// A new secret for a key.
    public static func generate(keyID: VirtualKeyID) -> VirtualKeySecret {
        VirtualKeySecret(keyID: keyID, randomBytes: SecureRandom.bytes(32))
    }

    /// The secret made of these 32 bytes.
    public init(keyID: VirtualKeyID, randomBytes: [UInt8]) {
        precondition(randomBytes.count == 32)
        var bytes = Array(Self.prefix.utf8) + keyID.bytes + [UInt8(ascii: "_")]
        bytes += Array(Base64URL.encode(randomBytes).utf8)
        let checksum = CRC32C.checksum(bytes)
        bytes += (0..<6).map { Self.checksumCharacter(checksum, at: $0) }
        self.init(text: String(decoding: bytes, as: UTF8.self), keyID: keyID)
    }

    /// Nil unless prefix, length, alphabets and checksum are right.
    public init?(parsing text: String) {
        guard let keyID = Self.keyID(of: Array(text.utf8)) else { return nil }
        self.init(text: text, keyID: keyID)
    }

    /// The key ID in the bytes of a whole key; nil unless prefix, length, alphabets and checksum are right.
    public static func keyID(of bytes: [UInt8]) -> VirtualKeyID? {
        unsafe bytes.withUnsafeBytes { unsafe keyID(of: $0) }
    }

    /// The same for bytes where they lie. Allocates nothing.
    public static func keyID(of bytes: UnsafeRawBufferPointer) -> VirtualKeyID? {
        guard bytes.count == byteCount, unsafe bytes[0..<5].elementsEqual(prefix.utf8),
            unsafe bytes[17] == UInt8(ascii: "_")
        else {
            return nil
        }
        var high: UInt64 = 0
        var low: UInt32 = 0
        for index in 5..<13 { high = unsafe high << 8 | UInt64(bytes[index]) }
        for index in 13..<17 { low = unsafe low << 8 | UInt32(bytes[index]) }
        let keyID = VirtualKeyID(high: high, low: low)
        guard keyID.isWellFormed else { return nil }
        for index in 18..<61 where unsafe !isBase64URL(bytes[index]) { return nil }
        let checksum = unsafe CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[0..<61]))
        for index in 0..<6 where unsafe bytes[61 + index] != checksumCharacter(checksum, at: index) { return nil }
        return keyID
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func checksumCharacter(_ checksum: UInt32, at index: Int) -> UInt8 {
        let digit = UInt8(truncatingIfNeeded: checksum >> UInt32(25 - index * 5)) & 31
        return digit < 10 ? 48 + digit : 87 + digit
    }
}

extension VirtualKeySecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret, so that no log line can carry one by accident.
    public var description: String { "weir_\(keyID)_<secret>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["keyID": keyID.description]) }
}

extension VirtualKeyID {
    /// A new one: 62 random bits.
    public static func generate() -> VirtualKeyID {
        // 36 divides 252, so bytes below it are uniform; the others are drawn again.
        var characters = [UInt8]()
        while characters.count < byteCount {
            for byte in SecureRandom.bytes(16) where byte < 252 && characters.count < byteCount {
                let digit = byte % 36
                characters.append(digit < 10 ? 48 + digit : 87 + digit)
            }
        }
        return VirtualKeyID(bytes: characters)!
    }
}

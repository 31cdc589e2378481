import COpenSSL

/// Computes SHA-256, one message after another, with one context: 0.09 us for a virtual key, a third of the one-shot call.
///
/// One for each event loop; it is not for sharing. `SHA256.digest` serves where speed does not matter.
@safe public final class SHA256 {
    // Fetching an algorithm takes locks and a search by name: once per process, never freed.
    private nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil) else { fatalError("libcrypto has no SHA-256") }
        return unsafe algorithm
    }()

    private let context: OpaquePointer

    public init() {
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
        unsafe self.context = unsafe context
        reset()
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    public func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        reset()
        unsafe update(bytes)
        return finish()
    }

    public func hash(_ bytes: [UInt8]) -> SHA256Digest {
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    public static func digest(_ bytes: [UInt8]) -> SHA256Digest { SHA256().hash(bytes) }
    public static func digest(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest { unsafe SHA256().hash(bytes) }

    // MARK: In pieces

    /// Begins a message.
    public func reset() {
        let result = unsafe EVP_DigestInit_ex2(context, Self.algorithm, nil)
        precondition(result == 1)
    }

    public func update(_ bytes: UnsafeRawBufferPointer) {
        let result = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(result == 1)
    }

    public func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// Ends the message; `reset` begins the next one.
    public func finish() -> SHA256Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        return unsafe withUnsafeMutableBytes(of: &words) { out in
            let result = unsafe EVP_DigestFinal_ex(context, out.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
            precondition(result == 1)
            return unsafe SHA256Digest(loading: UnsafeRawPointer(out.baseAddress!))
        }
    }
}

/// A keyed digest.
public enum HMACSHA256 {
    /// - Source: RFC 2104 with SHA-256.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> SHA256Digest {
        // libcrypto takes a nil key to mean "the key of the last call", which an empty array must not become.
        let keyBytes = key.isEmpty ? [0] : key
        var out = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        var length: UInt32 = 0
        let result = unsafe HMAC(
            EVP_sha256(), keyBytes, Int32(key.count), message, message.count, &out, &length)
        unsafe precondition(result != nil && length == 32)
        return SHA256Digest(bytes: out)!
    }

    /// Compares in constant time.
    public static func isValid(_ code: [UInt8], for message: [UInt8], key: [UInt8]) -> Bool {
        constantTimeEqual(code, authenticate(message, key: key).bytes)
    }
}

/// Compares without telling by its duration where the first difference lies. The lengths are not secret.
public func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    unsafe a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
}

/// The same, eight bytes at a time.
public func constantTimeEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt64 = 0
    var index = 0
    while index &+ 8 <= a.count {
        let word = unsafe b.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        unsafe difference |= a.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ word
        index &+= 8
    }
    while index < a.count {
        unsafe difference |= UInt64(a[index] ^ b[index])
        index &+= 1
    }
    return difference == 0
}

import COpenSSL

/// The only owner of a libcrypto key; frees it exactly once.
///
/// - Concurrency: the key is never changed after it is made, and each operation brings its own context, so any thread may use it.
@safe final class KeyHandle: @unchecked Sendable {
    enum Algorithm {
        case ed25519, x25519

        fileprivate var name: String {
            switch self {
            case .ed25519: "ED25519"
            case .x25519: "X25519"
            }
        }
    }

    let key: OpaquePointer

    private init(takingOwnershipOf key: OpaquePointer) { unsafe self.key = unsafe key }

    deinit { unsafe EVP_PKEY_free(key) }

    static let byteCount = 32

    static func generate(_ algorithm: Algorithm) -> KeyHandle {
        // The private key is 32 random bytes for both curves (RFC 8032 section 5.1.5, RFC 7748 section 5).
        guard let handle = KeyHandle(algorithm, privateBytes: SecureRandom.bytes(byteCount)) else {
            fatalError("libcrypto cannot make a key")
        }
        return handle
    }

    convenience init?(_ algorithm: Algorithm, privateBytes: [UInt8]) {
        guard privateBytes.count == Self.byteCount,
            let key = unsafe EVP_PKEY_new_raw_private_key_ex(nil, algorithm.name, nil, privateBytes, privateBytes.count)
        else { return nil }
        unsafe self.init(takingOwnershipOf: key)
    }

    convenience init?(_ algorithm: Algorithm, publicBytes: [UInt8]) {
        guard publicBytes.count == Self.byteCount,
            let key = unsafe EVP_PKEY_new_raw_public_key_ex(nil, algorithm.name, nil, publicBytes, publicBytes.count)
        else { return nil }
        unsafe self.init(takingOwnershipOf: key)
    }

    /// A private key of any algorithm, as text.
    convenience init?(pem: [UInt8]) {
        guard let key = unsafe weir_read_private_key(pem, pem.count) else {
            // Why it is none stands in this thread's error queue, which nobody reads.
            ERR_clear_error()
            return nil
        }
        unsafe self.init(takingOwnershipOf: key)
    }

    var isRSA: Bool { unsafe EVP_PKEY_is_a(key, "RSA") == 1 }
    var bitCount: Int { unsafe Int(EVP_PKEY_get_bits(key)) }

    var publicBytes: [UInt8] {
        var out = [UInt8](repeating: 0, count: Self.byteCount)
        var length = out.count
        let result = unsafe EVP_PKEY_get_raw_public_key(key, &out, &length)
        precondition(result == 1 && length == Self.byteCount)
        return out
    }

    var privateBytes: [UInt8] {
        var out = [UInt8](repeating: 0, count: Self.byteCount)
        var length = out.count
        let result = unsafe EVP_PKEY_get_raw_private_key(key, &out, &length)
        precondition(result == 1 && length == Self.byteCount)
        return out
    }
}

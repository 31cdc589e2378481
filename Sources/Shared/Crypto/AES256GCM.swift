import COpenSSL

/// Authenticated encryption under one key: secrets at rest.
///
/// - Shape: 12 bytes random nonce, ciphertext as long as the plaintext, 16 bytes tag.
/// - Source: NIST SP 800-38D. Random nonces allow 2^32 messages under one key.
public struct AES256GCM: Sendable {
    public static let keyByteCount = 32
    public static let nonceByteCount = 12
    public static let tagByteCount = 16
    public static let overheadByteCount = nonceByteCount + tagByteCount

    private let key: [UInt8]

    /// - Errors: `CryptoError.invalidKey` unless there are 32 bytes.
    public init(key: [UInt8]) throws(CryptoError) {
        guard key.count == Self.keyByteCount else { throw .invalidKey }
        self.key = key
    }

    /// `associatedData` is not encrypted, but opening needs the same: it ties the box to its place (a row's identity).
    public func seal(_ plaintext: [UInt8], associatedData: [UInt8] = []) -> [UInt8] {
        let nonce = SecureRandom.bytes(Self.nonceByteCount)
        return nonce + seal(plaintext, nonce: nonce, associatedData: associatedData)
    }

    /// - Errors: `truncated`, `authenticationFailed`.
    public func open(_ sealed: [UInt8], associatedData: [UInt8] = []) throws(CryptoError) -> [UInt8] {
        guard sealed.count >= Self.overheadByteCount else { throw .truncated }
        let nonce = Array(sealed.prefix(Self.nonceByteCount))
        return try open(Array(sealed.dropFirst(Self.nonceByteCount)), nonce: nonce, associatedData: associatedData)
    }

    // MARK: With a nonce of the caller's

    /// Ciphertext and tag. The same nonce must never be used for two messages under one key.
    func seal(_ plaintext: [UInt8], nonce: [UInt8], associatedData: [UInt8]) -> [UInt8] {
        precondition(nonce.count == Self.nonceByteCount)
        guard let context = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var out = [UInt8](repeating: 0, count: plaintext.count + Self.tagByteCount)
        var length: Int32 = 0
        var isDone = unsafe EVP_EncryptInit_ex2(context, EVP_aes_256_gcm(), key, nonce, nil) == 1
        if !associatedData.isEmpty {
            isDone =
                unsafe isDone
                && EVP_EncryptUpdate(context, nil, &length, associatedData, Int32(associatedData.count)) == 1
        }
        isDone = unsafe isDone && EVP_EncryptUpdate(context, &out, &length, plaintext, Int32(plaintext.count)) == 1
        unsafe out.withUnsafeMutableBytes { bytes in
            let tag = unsafe bytes.baseAddress! + plaintext.count
            isDone =
                unsafe isDone && EVP_EncryptFinal_ex(context, tag.assumingMemoryBound(to: UInt8.self), &length) == 1
            isDone =
                unsafe isDone
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagByteCount), tag) == 1
        }
        precondition(isDone, "AES-256-GCM failed")
        return out
    }

    func open(_ sealed: [UInt8], nonce: [UInt8], associatedData: [UInt8]) throws(CryptoError) -> [UInt8] {
        precondition(nonce.count == Self.nonceByteCount)
        guard sealed.count >= Self.tagByteCount else { throw .truncated }
        guard let context = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let count = sealed.count - Self.tagByteCount
        var tag = Array(sealed.suffix(Self.tagByteCount))
        // At least one byte, so that libcrypto never sees a nil output, which would mean associated data.
        var out = [UInt8](repeating: 0, count: max(1, count))
        var end = [UInt8](repeating: 0, count: 16)
        var length: Int32 = 0
        var isDone = unsafe EVP_DecryptInit_ex2(context, EVP_aes_256_gcm(), key, nonce, nil) == 1
        if !associatedData.isEmpty {
            isDone =
                unsafe isDone
                && EVP_DecryptUpdate(context, nil, &length, associatedData, Int32(associatedData.count)) == 1
        }
        isDone = unsafe isDone && EVP_DecryptUpdate(context, &out, &length, sealed, Int32(count)) == 1
        isDone =
            unsafe isDone && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagByteCount), &tag) == 1
        isDone = unsafe isDone && EVP_DecryptFinal_ex(context, &end, &length) == 1
        guard isDone else {
            ERR_clear_error()
            throw .authenticationFailed
        }
        out.removeLast(out.count - count)
        return out
    }
}

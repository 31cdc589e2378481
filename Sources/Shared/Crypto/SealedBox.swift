import COpenSSL

/// A key that secrets can be sealed to: a data plane's.
///
/// - Source: RFC 7748.
public struct X25519PrivateKey: Sendable {
    fileprivate let handle: KeyHandle

    /// A new key.
    public init() { handle = .generate(.x25519) }

    /// - Errors: `CryptoError.invalidKey` unless there are 32 bytes.
    public init(rawBytes: [UInt8]) throws(CryptoError) {
        guard let handle = KeyHandle(.x25519, privateBytes: rawBytes) else { throw .invalidKey }
        self.handle = handle
    }

    /// 32 bytes. A secret.
    public var rawBytes: [UInt8] { handle.privateBytes }

    /// 32 bytes, for everybody.
    public var publicKey: [UInt8] { handle.publicBytes }

    /// The 32 bytes that only the holders of either private key can compute.
    ///
    /// - Errors: `CryptoError.invalidKey`, also for the few public keys with which every secret would be zero.
    public func sharedSecret(with publicKey: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let peer = KeyHandle(.x25519, publicBytes: publicKey) else { throw .invalidKey }
        guard let context = unsafe EVP_PKEY_CTX_new(handle.key, nil) else { fatalError("out of memory") }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var secret = [UInt8](repeating: 0, count: KeyHandle.byteCount)
        var length = secret.count
        guard unsafe EVP_PKEY_derive_init(context) == 1, unsafe EVP_PKEY_derive_set_peer(context, peer.key) == 1,
            unsafe EVP_PKEY_derive(context, &secret, &length) == 1, length == secret.count
        else {
            ERR_clear_error()
            throw .invalidKey
        }
        return secret
    }
}

/// Bytes that only the holder of an X25519 private key can open: how a provider's secret reaches a data plane.
///
/// - Shape: 32 bytes ephemeral public key, ciphertext, 16 bytes tag. Key and nonce come from HKDF-SHA256 over the shared
///   secret, bound to both public keys. Each box has its own ephemeral key, so the nonce needs no randomness of its own.
public enum SealedBox {
    public static let overheadByteCount = KeyHandle.byteCount + AES256GCM.tagByteCount

    /// - Errors: `CryptoError.invalidKey`.
    public static func seal(
        _ plaintext: [UInt8], to publicKey: [UInt8], associatedData: [UInt8] = []
    ) throws(CryptoError) -> [UInt8] {
        let ephemeral = X25519PrivateKey()
        let ephemeralPublic = ephemeral.publicKey
        let (cipher, nonce) = try derive(
            secret: try ephemeral.sharedSecret(with: publicKey), ephemeral: ephemeralPublic, recipient: publicKey)
        return ephemeralPublic + cipher.seal(plaintext, nonce: nonce, associatedData: associatedData)
    }

    /// - Errors: `truncated`, `invalidKey`, `authenticationFailed`.
    public static func open(
        _ sealed: [UInt8], with key: X25519PrivateKey, associatedData: [UInt8] = []
    ) throws(CryptoError) -> [UInt8] {
        guard sealed.count >= overheadByteCount else { throw .truncated }
        let ephemeral = Array(sealed.prefix(KeyHandle.byteCount))
        let (cipher, nonce) = try derive(
            secret: try key.sharedSecret(with: ephemeral), ephemeral: ephemeral, recipient: key.publicKey)
        return try cipher.open(
            Array(sealed.dropFirst(KeyHandle.byteCount)), nonce: nonce, associatedData: associatedData)
    }

    private static func derive(
        secret: [UInt8], ephemeral: [UInt8], recipient: [UInt8]
    ) throws(CryptoError) -> (AES256GCM, nonce: [UInt8]) {
        let material = HKDF.sha256(
            secret: secret, salt: [], info: Array("weir sealed box 1".utf8) + ephemeral + recipient,
            byteCount: AES256GCM.keyByteCount + AES256GCM.nonceByteCount)
        let cipher = try AES256GCM(key: Array(material.prefix(AES256GCM.keyByteCount)))
        return (cipher, nonce: Array(material.dropFirst(AES256GCM.keyByteCount)))
    }
}

/// Derives keys from a secret.
public enum HKDF {
    /// - Source: RFC 5869 with SHA-256, extract and expand. At most 8,160 bytes.
    public static func sha256(secret: [UInt8], salt: [UInt8], info: [UInt8], byteCount: Int) -> [UInt8] {
        precondition((1...8_160).contains(byteCount))
        var out = [UInt8](repeating: 0, count: byteCount)
        let result = unsafe weir_hkdf_sha256(secret, secret.count, salt, salt.count, info, info.count, &out, byteCount)
        precondition(result == 1, "HKDF failed")
        return out
    }
}

import COpenSSL

/// A key that signs: the control plane's.
///
/// - Source: RFC 8032. A signature takes about 40 us, its verification about 105 us: never per request.
public struct Ed25519PrivateKey: Sendable {
    private let handle: KeyHandle

    /// A new key.
    public init() { handle = .generate(.ed25519) }

    /// - Errors: `CryptoError.invalidKey` unless there are 32 bytes.
    public init(rawBytes: [UInt8]) throws(CryptoError) {
        guard let handle = KeyHandle(.ed25519, privateBytes: rawBytes) else { throw .invalidKey }
        self.handle = handle
    }

    /// The 32-byte seed. A secret.
    public var rawBytes: [UInt8] { handle.privateBytes }

    public var publicKey: Ed25519PublicKey { Ed25519PublicKey(handle: handle, rawBytes: handle.publicBytes) }

    /// The 64 bytes of the signature; the same for the same message.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Ed25519PublicKey.signatureByteCount)
        var length = signature.count
        let began = unsafe EVP_DigestSignInit_ex(context, nil, nil, nil, nil, handle.key, nil)
        precondition(began == 1)
        let signed = unsafe EVP_DigestSign(context, &signature, &length, message, message.count)
        precondition(signed == 1 && length == signature.count)
        return signature
    }
}

/// A key that verifies: what data planes hold of the control plane.
public struct Ed25519PublicKey: Sendable {
    public static let signatureByteCount = 64
    private let handle: KeyHandle
    public let rawBytes: [UInt8]

    fileprivate init(handle: KeyHandle, rawBytes: [UInt8]) {
        self.handle = handle
        self.rawBytes = rawBytes
    }

    /// - Errors: `CryptoError.invalidKey` unless there are 32 bytes.
    public init(rawBytes: [UInt8]) throws(CryptoError) {
        guard let handle = KeyHandle(.ed25519, publicBytes: rawBytes) else { throw .invalidKey }
        self.init(handle: handle, rawBytes: rawBytes)
    }

    /// The first 16 hexadecimal digits of the SHA-256 of the raw key: how an envelope names its signer.
    public var keyID: String { String(SHA256.digest(rawBytes).hex.prefix(16)) }

    public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard signature.count == Self.signatureByteCount, let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, handle.key, nil) == 1 else { return false }
        let result = unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count)
        // A signature that does not match leaves an entry in this thread's error queue, which nobody reads.
        if result != 1 { ERR_clear_error() }
        return result == 1
    }
}

extension Ed25519PublicKey: Hashable {
    public static func == (a: Ed25519PublicKey, b: Ed25519PublicKey) -> Bool { a.rawBytes == b.rawBytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(rawBytes) }
}

import COpenSSL

/// A key that signs with RSA: that of a service account.
///
/// - Source: RFC 8017 section 8.2, RSASSA-PKCS1-v1_5 with SHA-256, which JSON Web Tokens call RS256. A signature takes about a millisecond:
///   never per request.
public struct RSAPrivateKey: Sendable {
    /// Shorter ones are broken, and longer ones are no key that anybody made in earnest.
    public static let bitRange = 2_048...16_384
    private let handle: KeyHandle

    /// - Parameter pem: `PRIVATE KEY` or `RSA PRIVATE KEY`, without a passphrase.
    /// - Errors: `CryptoError.invalidKey` for anything else, and for one of another length than `bitRange`.
    public init(pem: Secret) throws(CryptoError) {
        guard let handle = KeyHandle(pem: Array(pem.reveal().utf8)), handle.isRSA,
            Self.bitRange.contains(handle.bitCount)
        else { throw .invalidKey }
        self.handle = handle
    }

    /// The same for the same message; as long as the key.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_MD_CTX_free(context) }
        let began = unsafe EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, handle.key, nil)
        precondition(began == 1)
        var signature = [UInt8](repeating: 0, count: (handle.bitCount + 7) / 8)
        var length = signature.count
        let signed = unsafe EVP_DigestSign(context, &signature, &length, message, message.count)
        precondition(signed == 1 && length == signature.count)
        return signature
    }

    /// Whether the other half of this key vouches for it.
    public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit_ex(context, nil, "SHA256", nil, nil, handle.key, nil) == 1 else {
            return false
        }
        let result = unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count)
        // A signature that does not match leaves an entry in this thread's error queue, which nobody reads.
        if result != 1 { ERR_clear_error() }
        return result == 1
    }
}

public import Shared

/// Encrypts what the control plane must be able to read again: provider secrets, and answers kept for replays.
///
/// - Shape: AES-256-GCM under the operator's key; the associated data names the place of the row, so that a ciphertext moved
///   to another row, or back from an older version, does not open.
public struct CredentialVault: Sendable {
    private let cipher: AES256GCM
    /// The first 16 hexadecimal digits of the SHA-256 of the key: what tells a wrong key file from the right one.
    public let keyID: String

    /// - Errors: `CryptoError.invalidKey` unless there are 32 bytes.
    public init(key: [UInt8]) throws(CryptoError) {
        cipher = try AES256GCM(key: key)
        keyID = String(SHA256.digest(key).hex.prefix(16))
    }

    public func seal(_ secret: [UInt8], credentialID: ObjectID, version: Int) -> [UInt8] {
        cipher.seal(secret, associatedData: Self.place(credentialID, version))
    }

    /// - Errors: `CryptoError` when the key is another one or the row was tampered with.
    public func open(_ sealed: [UInt8], credentialID: ObjectID, version: Int) throws(CryptoError) -> [UInt8] {
        try cipher.open(sealed, associatedData: Self.place(credentialID, version))
    }

    private static func place(_ id: ObjectID, _ version: Int) -> [UInt8] {
        Array("weir stored credential \(id) \(version)".utf8)
    }

    // MARK: Kept answers

    func seal(answer: [UInt8], scope: String, key: String) -> [UInt8] {
        cipher.seal(answer, associatedData: Array("weir answer \(scope) \(key)".utf8))
    }

    func open(answer sealed: [UInt8], scope: String, key: String) throws(CryptoError) -> [UInt8] {
        try cipher.open(sealed, associatedData: Array("weir answer \(scope) \(key)".utf8))
    }
}

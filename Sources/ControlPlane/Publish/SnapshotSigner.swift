public import Shared

/// Signs manifests as the control plane of one fleet.
public struct SnapshotSigner: Sendable {
    private let key: Ed25519PrivateKey
    /// What data planes trust.
    public let publicKey: Ed25519PublicKey
    /// How an envelope names the signer.
    public let keyID: String

    public init(key: Ed25519PrivateKey) {
        self.key = key
        publicKey = key.publicKey
        keyID = publicKey.keyID
    }

    /// The payload as it is hashed into the next manifest, and the envelope as it is served.
    func sign(_ manifest: Manifest) -> (payload: [UInt8], envelope: [UInt8]) {
        let payload = CanonicalJSON.encode(manifest)
        let signed = SignedEnvelope.preAuthenticationEncoding(payloadType: Manifest.payloadType, payload: payload)
        let envelope = SignedEnvelope(
            payloadType: Manifest.payloadType, payload: Base64.encode(payload),
            signatures: [.init(keyid: keyID, sig: Base64.encode(key.sign(signed)))])
        return (payload, CanonicalJSON.encode(envelope))
    }
}

import Shared

@testable import DataPlane

/// Makes snapshots as a control plane would, and as it should not.
struct SnapshotForge {
    var key = Ed25519PrivateKey()
    var fleet = "test"

    struct Made {
        var manifest: Manifest
        var envelope: [UInt8]
        /// By SHA-256.
        var blobs: [String: [UInt8]]

        var accepted: SnapshotVerifier.Accepted {
            .init(version: manifest.version, payloadSHA256: SHA256.digest(CanonicalJSON.encode(manifest)).hex)
        }
    }

    var verifier: SnapshotVerifier { SnapshotVerifier(fleet: fleet, trustedKeys: [key.publicKey]) }

    static let policy = PolicyDocument(
        providers: [
            .init(id: ObjectID(high: 1, low: 1), name: "stub", baseURL: "http://127.0.0.1:9000/v1")
        ], credentials: [], models: [.init(id: ObjectID(high: 2, low: 1), name: "m", kind: .chat)],
        routes: [
            .init(
                id: ObjectID(high: 3, low: 1), name: "chat", strategy: .priority,
                targets: [.init(providerID: ObjectID(high: 1, low: 1), modelID: ObjectID(high: 2, low: 1))],
                createdUnixSeconds: 0)
        ])

    /// A key whose hash begins with `shard`.
    static func entry(_ shard: UInt8, _ number: UInt64 = 1) -> KeyShard.Entry {
        KeyShard.Entry(
            secretSHA256: SHA256Digest(UInt64(shard) << 56 | number, 0, 0, 0), keyID: VirtualKeyID("abc123xyz789")!,
            organizationID: .zero, teamID: .zero)
    }

    static func shard(_ entries: [KeyShard.Entry]) -> (name: String, bytes: [UInt8]) {
        let shard = entries[0].secretSHA256.firstByte
        return (name: KeyShard.blobName(shard), bytes: KeyShard.encode(shard: shard, entries: entries))
    }

    static func policyBlob(_ policy: PolicyDocument = policy) -> (name: String, bytes: [UInt8]) {
        (name: PolicyDocument.blobName, bytes: CanonicalJSON.encode(policy))
    }

    func make(
        version: UInt64, after previous: Made? = nil, expires: Int64 = .max,
        blobs: [(name: String, bytes: [UInt8])] = [policyBlob(), shard([entry(0xab)])],
        change: (inout Manifest) -> Void = { _ in }
    ) -> Made {
        var manifest = Manifest(
            fleet: fleet, version: version, createdUnixMilliseconds: 1, expiresUnixMilliseconds: expires,
            previousSHA256: previous?.accepted.payloadSHA256,
            blobs: blobs.map { .init(name: $0.name, sha256: SHA256.digest($0.bytes).hex, bytes: $0.bytes.count) })
        change(&manifest)
        return Made(
            manifest: manifest, envelope: sign(CanonicalJSON.encode(manifest)),
            blobs: Dictionary(blobs.map { (SHA256.digest($0.bytes).hex, $0.bytes) }) { first, _ in first })
    }

    func sign(_ payload: [UInt8], type: String = Manifest.payloadType, keyID: String? = nil) -> [UInt8] {
        let message = SignedEnvelope.preAuthenticationEncoding(payloadType: type, payload: payload)
        return CanonicalJSON.encode(
            SignedEnvelope(
                payloadType: type, payload: Base64.encode(payload),
                signatures: [.init(keyid: keyID ?? key.publicKey.keyID, sig: Base64.encode(key.sign(message)))]))
    }
}

import Shared

/// Why a snapshot is refused. The data plane keeps what it has, and says so in its heartbeat.
struct SnapshotRejection: Error, Equatable {
    enum Kind: String, CaseIterable, Sendable {
        /// No trusted key signed it.
        case signature
        case fleet
        /// Not above the highest version ever accepted: an old one played again, or a control plane set back.
        case version
        /// It does not follow the version before it.
        case chain
        case blobHash = "blob_hash"
        case malformed
        /// Something could not be fetched; the next try may succeed.
        case unavailable
    }

    var kind: Kind
    /// Nil when the manifest could not be read far enough.
    var version: UInt64?
    var detail: String
}

/// Decides whether a snapshot is accepted. Pure: bytes and what was accepted before in, a verdict out.
struct SnapshotVerifier {
    /// What was accepted before.
    struct Accepted: Equatable {
        var version: UInt64
        /// Of the manifest's payload bytes.
        var payloadSHA256: String
    }

    let fleet: String
    let trustedKeys: [Ed25519PublicKey]

    /// A manifest that a trusted key signed and that may follow what is in use.
    struct VerifiedManifest: Sendable {
        var manifest: Manifest
        var payloadSHA256: String
    }

    /// - Parameters:
    ///   - minimumVersion: the lowest version that is acceptable: one above the highest ever accepted, or that one itself
    ///     for the copy on the disk.
    ///   - previous: what is in use; the chain is checked when the new version is the next one.
    func verify(
        envelope bytes: [UInt8], minimumVersion: UInt64, previous: Accepted?
    ) throws(SnapshotRejection) -> VerifiedManifest {
        let envelope: SignedEnvelope
        do { envelope = try StrictJSONDecoder.decode(from: bytes) } catch {
            throw SnapshotRejection(kind: .malformed, detail: "envelope: \(error)")
        }
        guard envelope.payloadType == Manifest.payloadType else {
            throw SnapshotRejection(kind: .malformed, detail: "payload type \(envelope.payloadType)")
        }
        guard let payload = Base64.decode(envelope.payload) else {
            throw SnapshotRejection(kind: .malformed, detail: "the payload is not base64")
        }
        // The signature first: nothing of what a stranger says is looked at, and so nothing of it is reported.
        let signed = SignedEnvelope.preAuthenticationEncoding(payloadType: envelope.payloadType, payload: payload)
        guard envelope.signatures.contains(where: { isTrusted($0, for: signed) }) else {
            throw SnapshotRejection(kind: .signature, detail: "no trusted key signed the manifest")
        }
        let manifest: Manifest
        do { manifest = try StrictJSONDecoder.decode(from: payload) } catch {
            throw SnapshotRejection(kind: .malformed, detail: "manifest: \(error)")
        }
        func reject(_ kind: SnapshotRejection.Kind, _ detail: String) -> SnapshotRejection {
            SnapshotRejection(kind: kind, version: manifest.version, detail: detail)
        }
        guard manifest.format == Manifest.currentFormat else { throw reject(.malformed, "format \(manifest.format)") }
        guard manifest.fleet == fleet else { throw reject(.fleet, "it is for the fleet \"\(manifest.fleet)\"") }
        guard manifest.version >= minimumVersion else {
            throw reject(.version, "version \(manifest.version) is below \(minimumVersion)")
        }
        if let previous, manifest.version == previous.version + 1 {
            guard manifest.previousSHA256 == previous.payloadSHA256 else {
                throw reject(.chain, "it does not name version \(previous.version) as the one before it")
            }
        }
        return VerifiedManifest(manifest: manifest, payloadSHA256: SHA256.digest(payload).hex)
    }

    private func isTrusted(_ signature: SignedEnvelope.Signature, for message: [UInt8]) -> Bool {
        guard let bytes = Base64.decode(signature.sig) else { return false }
        return trustedKeys.contains { $0.keyID == signature.keyid && $0.isValid(bytes, for: message) }
    }

    /// Checks every blob against its hash and decodes it strictly.
    ///
    /// - Parameter blobs: by the hash that the manifest names.
    func decode(_ verified: VerifiedManifest, blobs: [String: [UInt8]]) throws(SnapshotRejection) -> DecodedSnapshot {
        let version = verified.manifest.version
        var policy: PolicyDocument?
        var shards = [KeyShard?](repeating: nil, count: 256)
        var names: Set<String> = []
        for blob in verified.manifest.blobs {
            guard names.insert(blob.name).inserted else {
                throw SnapshotRejection(kind: .malformed, version: version, detail: "two blobs \(blob.name)")
            }
            guard let bytes = blobs[blob.sha256] else {
                throw SnapshotRejection(kind: .unavailable, version: version, detail: "blob \(blob.name) is missing")
            }
            guard bytes.count == blob.bytes, SHA256.digest(bytes).hex == blob.sha256 else {
                throw SnapshotRejection(kind: .blobHash, version: version, detail: "blob \(blob.name) has another hash")
            }
            do {
                if blob.name == PolicyDocument.blobName {
                    let decoded: PolicyDocument = try StrictJSONDecoder.decode(from: bytes)
                    policy = decoded
                } else if let shard = KeyShard.shard(ofBlobNamed: blob.name) {
                    shards[Int(shard)] = try KeyShard(validating: bytes, shard: shard)
                } else {
                    throw SnapshotRejection(kind: .malformed, version: version, detail: "unknown blob \(blob.name)")
                }
            } catch let rejection as SnapshotRejection { throw rejection } catch {
                throw SnapshotRejection(kind: .malformed, version: version, detail: "blob \(blob.name): \(error)")
            }
        }
        guard let policy else {
            throw SnapshotRejection(kind: .malformed, version: version, detail: "there is no policy")
        }
        guard policy.format == PolicyDocument.currentFormat else {
            throw SnapshotRejection(kind: .malformed, version: version, detail: "policy format \(policy.format)")
        }
        if let problem = Self.referenceProblem(policy) {
            throw SnapshotRejection(kind: .malformed, version: version, detail: "policy: \(problem)")
        }
        return DecodedSnapshot(manifest: verified.manifest, policy: policy, shards: shards)
    }

    /// What a policy names has to be in it.
    private static func referenceProblem(_ policy: PolicyDocument) -> String? {
        let providers = Set(policy.providers.map(\.id))
        let models = Set(policy.models.map(\.id))
        let credentials = Set(policy.credentials.map(\.id))
        for provider in policy.providers {
            if let id = provider.credentialID, !credentials.contains(id) { return "provider \(provider.name) names no credential" }
            if UpstreamAddress(baseURL: provider.baseURL) == nil { return "provider \(provider.name) has no usable base URL" }
        }
        for route in policy.routes {
            if route.targets.isEmpty { return "route \(route.name) has no targets" }
            for target in route.targets {
                if !providers.contains(target.providerID) { return "route \(route.name) names no provider" }
                if !models.contains(target.modelID) { return "route \(route.name) names no model" }
                if !(1...1_000_000).contains(target.weight) { return "route \(route.name) has a weight of \(target.weight)" }
            }
        }
        return nil
    }
}

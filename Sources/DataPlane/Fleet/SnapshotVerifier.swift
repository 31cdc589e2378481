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
    /// The highest manifest ever accepted.
    struct Accepted: Equatable, Sendable {
        var version: UInt64
        /// Of the manifest's payload bytes.
        var payloadSHA256: String
    }

    /// A manifest is signed once. More signatures are not looked at, so that a stranger cannot make the verifier work.
    static let signaturesMax = 4

    let fleet: String
    let trustedKeys: [Ed25519PublicKey]

    /// A manifest that a trusted key signed and that may follow what is in use.
    struct VerifiedManifest: Sendable {
        var manifest: Manifest
        var payloadSHA256: String
    }

    /// - Parameters:
    ///   - highest: nil before the first. A version below it is refused; its own version only passes with its own bytes, and
    ///     is for whoever lost them; the version after it has to name it.
    func verify(envelope bytes: [UInt8], highest: Accepted?) throws(SnapshotRejection) -> VerifiedManifest {
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
        guard envelope.signatures.prefix(Self.signaturesMax).contains(where: { isTrusted($0, for: signed) }) else {
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
        let payloadSHA256 = SHA256.digest(payload).hex
        if let highest {
            guard manifest.version >= highest.version else {
                throw reject(.version, "version \(manifest.version) is below \(highest.version), which was accepted")
            }
            if manifest.version == highest.version, payloadSHA256 != highest.payloadSHA256 {
                throw reject(.version, "version \(manifest.version) was accepted with other bytes")
            }
            if manifest.version == highest.version + 1, manifest.previousSHA256 != highest.payloadSHA256 {
                throw reject(.chain, "it does not name version \(highest.version) as the one before it")
            }
        }
        return VerifiedManifest(manifest: manifest, payloadSHA256: payloadSHA256)
    }

    private func isTrusted(_ signature: SignedEnvelope.Signature, for message: [UInt8]) -> Bool {
        guard let bytes = Base64.decode(signature.sig) else { return false }
        return trustedKeys.contains { $0.keyID == signature.keyid && $0.isValid(bytes, for: message) }
    }

    /// The bytes of a blob: in memory, or in a file that nobody changes.
    enum BlobContent {
        case bytes([UInt8])
        case file(MappedFile)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(let file): file.count
            }
        }

        var sha256: SHA256Digest {
            switch self {
            case .bytes(let bytes): SHA256.digest(bytes)
            case .file(let file): unsafe SHA256.digest(file.bytes)
            }
        }

        func isExactly(_ blob: Manifest.Blob) -> Bool { count == blob.bytes && sha256.hex == blob.sha256 }
    }

    /// Checks every blob against its hash and decodes it strictly.
    ///
    /// - Parameters:
    ///   - previous: its shards are taken over where the hash is the same: one changed key costs one small shard.
    ///   - content: called for the other blobs; nil when it cannot be had.
    func decode(
        _ verified: VerifiedManifest, previous: DecodedSnapshot? = nil, content: (Manifest.Blob) -> BlobContent?
    ) throws(SnapshotRejection) -> DecodedSnapshot {
        let version = verified.manifest.version
        var policy: PolicyDocument?
        var shards = [KeyShard?](repeating: nil, count: 256)
        var names: Set<String> = []
        for blob in verified.manifest.blobs {
            guard names.insert(blob.name).inserted else {
                throw SnapshotRejection(kind: .malformed, version: version, detail: "two blobs \(blob.name)")
            }
            if let previous, let shard = previous.unchangedShard(blob) {
                shards[Int(shard.shard)] = shard
                continue
            }
            guard let content = content(blob) else {
                throw SnapshotRejection(kind: .unavailable, version: version, detail: "blob \(blob.name) is missing")
            }
            guard content.isExactly(blob) else {
                throw SnapshotRejection(kind: .blobHash, version: version, detail: "blob \(blob.name) has another hash")
            }
            do {
                if blob.name == PolicyDocument.blobName {
                    let bytes =
                        switch content {
                        case .bytes(let bytes): bytes
                        case .file(let file): unsafe Array(file.bytes)
                        }
                    let decoded: PolicyDocument = try StrictJSONDecoder.decode(from: bytes)
                    policy = decoded
                } else if let shard = KeyShard.shard(ofBlobNamed: blob.name) {
                    switch content {
                    case .bytes(let bytes): shards[Int(shard)] = try KeyShard(validating: bytes, shard: shard)
                    case .file(let file): shards[Int(shard)] = try KeyShard(validating: file, shard: shard)
                    }
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
    static func referenceProblem(_ policy: PolicyDocument) -> String? {
        let providers = Set(policy.providers.map(\.id))
        let models = Set(policy.models.map(\.id))
        let credentials = Set(policy.credentials.map(\.id))
        for provider in policy.providers {
            if !credentials.isSuperset(of: provider.allCredentialIDs) {
                return "provider \(provider.name) names no credential"
            }
            if let several = provider.credentialIDs {
                let isOneOrSeveral = provider.credentialID == nil && Set(several).count == several.count
                if !isOneOrSeveral || !(2...PolicyDocument.Provider.credentialCountMax).contains(several.count) {
                    return "provider \(provider.name) has credentials that contradict each other"
                }
            }
            if UpstreamAddress(baseURL: provider.baseURL) == nil {
                return "provider \(provider.name) has no usable base URL"
            }
        }
        for route in policy.routes {
            if let problem = listProblem(PolicyDocument.TargetList(route), providers, models) {
                return "route \(route.name) \(problem)"
            }
            for rule in route.rules ?? [] {
                if let problem = listProblem(PolicyDocument.TargetList(rule), providers, models) {
                    return "route \(route.name), rule \(rule.name) \(problem)"
                }
                if [RouteCondition](rule.when, routeID: route.id, rule: rule.name) == nil {
                    return "route \(route.name), rule \(rule.name) has a condition that cannot be asked"
                }
                if !rule.name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) {
                    return "route \(route.name) has a rule whose name cannot stand in a header"
                }
            }
            if let shadow = route.shadow {
                if let problem = listProblem(PolicyDocument.TargetList(shadow), providers, models) {
                    return "route \(route.name), its shadow \(problem)"
                }
                if !(1...PolicyDocument.Shadow.whole).contains(shadow.share) {
                    return "route \(route.name) mirrors \(shadow.share) hundredths of a percent"
                }
            }
            if let tokens = route.defaultMaxOutputTokens, tokens < 1 {
                return "route \(route.name) has a default of \(tokens) output tokens"
            }
            if !(0...PolicyDocument.Route.admissionWaitMillisecondsMax).contains(route.admissionWaitMilliseconds) {
                return "route \(route.name) lets requests wait \(route.admissionWaitMilliseconds) ms"
            }
        }
        return allowanceProblem(policy.allowances)
    }

    private static func listProblem(
        _ list: PolicyDocument.TargetList, _ providers: Set<ObjectID>, _ models: Set<ObjectID>
    ) -> String? {
        if list.targets.isEmpty { return "has no targets" }
        if list.targets.count > RoutePlan.targetCountMax { return "has \(list.targets.count) targets" }
        for target in list.targets {
            if !providers.contains(target.providerID) { return "names no provider" }
            if !models.contains(target.modelID) { return "names no model" }
        }
        for weight in list.targets.map(\.weight) + list.groups.map(\.weight) where !(1...1_000_000).contains(weight) {
            return "has a weight of \(weight)"
        }
        guard PolicyDocument.Group.areNested(list.groups, targetCount: list.targets.count) else {
            return "has groups that do not lie in each other"
        }
        return nil
    }

    /// A filter may name a route or a model that serves nothing, and so is not in the policy.
    private static func allowanceProblem(_ allowances: [PolicyDocument.Allowance]) -> String? {
        var ids: Set<ObjectID> = []
        var counts: [ObjectID: Int] = [:]
        for allowance in allowances {
            guard ids.insert(allowance.id).inserted else { return "two allowances \(allowance.id)" }
            guard let scope = allowance.scope else { return "allowance \(allowance.id) has not one scope" }
            guard allowance.rule != nil else { return "allowance \(allowance.id) contradicts itself" }
            counts[scope.id, default: 0] += 1
            // More would not fit into a reservation.
            if counts[scope.id, default: 0] > scope.kind.countMax {
                return "more than \(scope.kind.countMax) allowances for \(scope.kind.label) \(scope.id)"
            }
        }
        return nil
    }
}

import Shared
import XCTest

@testable import DataPlane

final class SnapshotVerifierTests: XCTestCase {
    private let forge = SnapshotForge()

    private func verify(
        _ made: SnapshotForge.Made, highest: SnapshotVerifier.Accepted? = nil, with verifier: SnapshotVerifier? = nil
    ) throws -> DecodedSnapshot {
        let verifier = verifier ?? forge.verifier
        let verified = try verifier.verify(envelope: made.envelope, highest: highest)
        return try verifier.decode(verified) { blob in made.blobs[blob.sha256].map { .bytes($0) } }
    }

    private func assertRefused(
        _ made: SnapshotForge.Made, as kind: SnapshotRejection.Kind, highest: SnapshotVerifier.Accepted? = nil,
        _ what: String, line: UInt = #line
    ) {
        XCTAssertThrowsError(try verify(made, highest: highest), what, line: line) {
            XCTAssertEqual(($0 as? SnapshotRejection)?.kind, kind, "\(what): \($0)", line: line)
        }
    }

    func testAGoodSnapshotIsWhole() throws {
        let decoded = try verify(forge.make(version: 1))
        let snapshot = Snapshot(decoded, credentials: [:])
        XCTAssertEqual(snapshot.version, 1)
        XCTAssertEqual(snapshot.policy, SnapshotForge.policy)
        XCTAssertNotNil(snapshot.key(SnapshotForge.entry(0xab).secretSHA256))
        XCTAssertNil(snapshot.key(SnapshotForge.entry(0xab, 2).secretSHA256))
        XCTAssertNil(snapshot.key(SnapshotForge.entry(0xac).secretSHA256))
    }

    func testCredentialsOfAProviderHaveToMakeSense() throws {
        let ids = (1...40).map { ObjectID(high: 4, low: UInt64($0)) }
        func made(_ change: (inout PolicyDocument.Provider) -> Void) -> SnapshotForge.Made {
            var policy = SnapshotForge.policy
            policy.credentials = ids.map { .init(id: $0, name: "k", version: 1, reference: "env:K") }
            change(&policy.providers[0])
            return forge.make(version: 1, blobs: [SnapshotForge.policyBlob(policy)])
        }
        XCTAssertNoThrow(try verify(made { $0.credentialIDs = Array(ids.prefix(32)) }))
        assertRefused(made { $0.credentialIDs = Array(ids.prefix(33)) }, as: .malformed, "too many")
        assertRefused(made { $0.credentialIDs = [ids[0]] }, as: .malformed, "one that is several")
        assertRefused(made { $0.credentialIDs = [ids[0], ids[0]] }, as: .malformed, "one twice")
        assertRefused(made { $0.credentialIDs = [ids[0], .zero] }, as: .malformed, "one that is not there")
        assertRefused(
            made {
                $0.credentialID = ids[0]
                $0.credentialIDs = [ids[0], ids[1]]
            }, as: .malformed, "one and several")
    }

    func testAShadowHasToNameWhatIsThere() throws {
        func made(_ change: (inout PolicyDocument.Shadow) -> Void) -> SnapshotForge.Made {
            var policy = SnapshotForge.policy
            var shadow = PolicyDocument.Shadow(
                target: policy.routes[0].targets[0], share: 1, secretSHA256: SnapshotForge.entry(0xab).secretSHA256)
            change(&shadow)
            policy.routes[0].shadow = shadow
            return forge.make(version: 1, blobs: [SnapshotForge.policyBlob(policy)])
        }
        XCTAssertNoThrow(try verify(made { _ in }))
        XCTAssertNoThrow(try verify(made { $0.share = 10_000 }))
        // A key that was revoked a moment before is no reason to keep the old snapshot.
        XCTAssertNoThrow(try verify(made { $0.secretSHA256 = SnapshotForge.entry(0xac).secretSHA256 }))
        assertRefused(made { $0.share = 0 }, as: .malformed, "none")
        assertRefused(made { $0.share = 10_001 }, as: .malformed, "more than all")
        assertRefused(made { $0.target.modelID = .zero }, as: .malformed, "no model")
        assertRefused(made { $0.target.providerID = .zero }, as: .malformed, "no provider")
    }

    func testEitherOfTwoTrustedKeysIsEnough() throws {
        let other = SnapshotForge()
        let both = SnapshotVerifier(fleet: "test", trustedKeys: [forge.key.publicKey, other.key.publicKey])
        XCTAssertNoThrow(try verify(forge.make(version: 1), with: both))
        XCTAssertNoThrow(try verify(other.make(version: 1), with: both))
    }

    func testSignaturesThatAreNotATrustedKeysAreRefused() throws {
        assertRefused(SnapshotForge().make(version: 1), as: .signature, "signed by a stranger")
        var made = forge.make(version: 1)
        let payload = CanonicalJSON.encode(made.manifest)
        made.envelope = SnapshotForge().sign(payload, keyID: forge.key.publicKey.keyID)
        assertRefused(made, as: .signature, "signed by a stranger under a trusted name")
        made.envelope = forge.sign(payload, keyID: "0000000000000000")
        assertRefused(made, as: .signature, "signed under another name")
        var envelope = try StrictJSONDecoder.decode(SignedEnvelope.self, from: forge.sign(payload))
        envelope.signatures[0].sig = Base64.encode([UInt8](repeating: 0, count: 64))
        made.envelope = CanonicalJSON.encode(envelope)
        assertRefused(made, as: .signature, "no signature at all")
        envelope.signatures = []
        made.envelope = CanonicalJSON.encode(envelope)
        assertRefused(made, as: .signature, "unsigned")
    }

    func testEveryChangedByteOfASignedManifestIsSeen() throws {
        let made = forge.make(version: 1)
        let payload = CanonicalJSON.encode(made.manifest)
        let envelope = try StrictJSONDecoder.decode(SignedEnvelope.self, from: made.envelope)
        for index in payload.indices {
            var changed = payload
            changed[index] ^= 1
            var forged = envelope
            forged.payload = Base64.encode(changed)
            XCTAssertThrowsError(
                try forge.verifier.verify(envelope: CanonicalJSON.encode(forged), highest: nil), "byte \(index)"
            ) { XCTAssertEqual(($0 as? SnapshotRejection)?.kind, .signature) }
        }
    }

    func testAnotherFleetsManifestIsRefused() {
        assertRefused(forge.make(version: 1) { $0.fleet = "another" }, as: .fleet, "another fleet")
    }

    func testVersionsOnlyRise() throws {
        let first = forge.make(version: 5)
        let highest = first.accepted
        assertRefused(forge.make(version: 4), as: .version, highest: highest, "an older one played again")
        assertRefused(
            forge.make(version: 5, blobs: [SnapshotForge.policyBlob()]), as: .version, highest: highest,
            "the same version with other bytes")
        XCTAssertNoThrow(try verify(first, highest: highest), "the same bytes once more, for whoever lost them")
        XCTAssertNoThrow(try verify(forge.make(version: 6, after: first), highest: highest))
    }

    func testTheNextVersionNamesTheOneBeforeIt() {
        let first = forge.make(version: 5)
        assertRefused(forge.make(version: 6), as: .chain, highest: first.accepted, "no predecessor")
        assertRefused(
            forge.make(version: 6, after: forge.make(version: 4)), as: .chain, highest: first.accepted,
            "another predecessor")
    }

    func testAGapInTheVersionsIsAllowed() {
        let first = forge.make(version: 5)
        XCTAssertNoThrow(
            try verify(forge.make(version: 7, after: forge.make(version: 6, after: first)), highest: first.accepted))
    }

    func testWhatIsNotAManifestIsRefused() throws {
        let good = forge.make(version: 1)
        var made = good
        for count in 0..<good.envelope.count {
            made.envelope = Array(good.envelope[..<count])
            assertRefused(made, as: .malformed, "cut at \(count)")
        }
        made.envelope = forge.sign(CanonicalJSON.encode(good.manifest), type: "application/json")
        assertRefused(made, as: .malformed, "another payload type")
        made.envelope = forge.sign(Array(#"{"format":1}"#.utf8))
        assertRefused(made, as: .malformed, "fields missing")
        var payload = CanonicalJSON.encode(good.manifest)
        payload.insert(contentsOf: Array(#""extra":1,"#.utf8), at: 1)
        made.envelope = forge.sign(payload)
        assertRefused(made, as: .malformed, "an unknown field")
        assertRefused(forge.make(version: 1) { $0.format = 2 }, as: .malformed, "another format")
    }

    func testBlobsThatAreNotWhatTheManifestSaysAreRefused() throws {
        let good = forge.make(version: 1)
        for (sha256, bytes) in good.blobs {
            var made = good
            made.blobs[sha256]![bytes.count / 2] ^= 1
            assertRefused(made, as: .blobHash, "a changed byte")
            made.blobs[sha256] = Array(bytes.dropLast())
            assertRefused(made, as: .blobHash, "cut")
            made.blobs[sha256] = bytes + [0]
            assertRefused(made, as: .blobHash, "longer")
            made.blobs[sha256] = nil
            assertRefused(made, as: .unavailable, "missing")
        }
        assertRefused(forge.make(version: 1) { $0.blobs[0].bytes += 1 }, as: .blobHash, "another length")
    }

    func testBlobsThatDoNotDecodeStrictlyAreRefused() {
        let policy = CanonicalJSON.encode(SnapshotForge.policy)
        var unknownField = policy
        unknownField.insert(contentsOf: Array(#""extra":1,"#.utf8), at: 1)
        var old = SnapshotForge.policy
        old.format = 1
        var dangling = SnapshotForge.policy
        dangling.routes[0].targets[0].modelID = .zero
        var noTargets = SnapshotForge.policy
        noTargets.routes[0].targets = []
        func ruled(_ change: (inout PolicyDocument.Rule) -> Void) -> (name: String, bytes: [UInt8]) {
            var policy = SnapshotForge.policy
            var rule = PolicyDocument.Rule(name: "r", when: .init(), targets: policy.routes[0].targets)
            change(&rule)
            policy.routes[0].rules = [rule]
            return SnapshotForge.policyBlob(policy)
        }
        var grouped = SnapshotForge.policy
        grouped.routes[0].groups = [.init(first: 0, count: 2, strategy: .priority)]
        for (what, blobs) in [
            ("an unknown field", [(name: "policy", bytes: unknownField)]),
            ("cut JSON", [(name: "policy", bytes: Array(policy.dropLast()))]),
            ("another format", [SnapshotForge.policyBlob(old)]),
            ("a target without its model", [SnapshotForge.policyBlob(dangling)]),
            ("a route without targets", [SnapshotForge.policyBlob(noTargets)]), ("no policy", []),
            ("a group beyond the list", [SnapshotForge.policyBlob(grouped)]),
            ("a rule without targets", [ruled { $0.targets = [] }]),
            ("a rule's target without its model", [ruled { $0.targets[0].modelID = .zero }]),
            ("a pattern that is none", [ruled { $0.when.lastUserMessageMatches = "(" }]),
            ("a rule whose name is a header's end", [ruled { $0.name = "r\r\nx" }]),
            ("too many targets", [ruled { $0.targets = Array(repeating: $0.targets[0], count: 33) }]),
            ("an unknown blob", [SnapshotForge.policyBlob(), (name: "other", bytes: [1])]),
            ("two policies", [SnapshotForge.policyBlob(), SnapshotForge.policyBlob()]),
            (
                "a shard under another name",
                [
                    SnapshotForge.policyBlob(),
                    (name: "keys/01", bytes: SnapshotForge.shard([SnapshotForge.entry(2)]).bytes),
                ]
            ),
            ("a shard that is not sorted", [SnapshotForge.policyBlob(), (name: "keys/07", bytes: Self.unsortedShard)]),
            (
                "a shard with bytes behind it",
                [
                    SnapshotForge.policyBlob(),
                    (name: "keys/02", bytes: SnapshotForge.shard([SnapshotForge.entry(2)]).bytes + [0]),
                ]
            ),
        ] { assertRefused(forge.make(version: 1, blobs: blobs), as: .malformed, what) }
    }

    private static var unsortedShard: [UInt8] {
        var bytes = KeyShard.encode(shard: 7, entries: [SnapshotForge.entry(7, 1), SnapshotForge.entry(7, 2)])
        let first = Array(bytes[64..<96])
        bytes.replaceSubrange(64..<96, with: bytes[192..<224])
        bytes.replaceSubrange(192..<224, with: first)
        return bytes
    }

    func testAnExpiredSnapshotServesAndSaysSo() throws {
        let snapshot = Snapshot(try verify(forge.make(version: 1, expires: 1_000)), credentials: [:])
        XCTAssertFalse(snapshot.isExpired(atUnixMilliseconds: 999))
        XCTAssertTrue(snapshot.isExpired(atUnixMilliseconds: 1_000))
    }

    func testAShardThatDidNotChangeIsNotAskedFor() throws {
        let blobs = [
            SnapshotForge.policyBlob(), SnapshotForge.shard([SnapshotForge.entry(1)]),
            SnapshotForge.shard([SnapshotForge.entry(2)]),
        ]
        let first = forge.make(version: 1, blobs: blobs)
        let before = try verify(first)
        let changed = [blobs[0], blobs[1], SnapshotForge.shard([SnapshotForge.entry(2), SnapshotForge.entry(2, 9)])]
        let second = forge.make(version: 2, after: first, blobs: changed)
        var asked = [String]()
        let verified = try forge.verifier.verify(envelope: second.envelope, highest: first.accepted)
        let after = try forge.verifier.decode(verified, previous: before) { blob in
            asked.append(blob.name)
            return second.blobs[blob.sha256].map { .bytes($0) }
        }
        XCTAssertEqual(asked, ["policy", "keys/02"])
        let snapshot = Snapshot(after, credentials: [:])
        XCTAssertNotNil(snapshot.key(SnapshotForge.entry(1).secretSHA256))
        XCTAssertNotNil(snapshot.key(SnapshotForge.entry(2, 9).secretSHA256))
    }
}

import Foundation
import Shared
import TestSupport
import XCTest

/// Snapshots that must not be served: forged, replayed, truncated, of another fleet, broken inside. Each is refused with a
/// NACK that `GET /api/v1/nodes` shows, and the last good one goes on serving.
final class SnapshotRefusalTests: FleetTestCase {
    /// The second data plane gets its manifests through the meddler.
    nonisolated(unsafe) private static var meddler: MeddlingFleet?
    nonisolated(unsafe) private static var key = ""

    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard()
        let made = try MeddlingFleet(upstream: fleet.fleetPort)
        unsafe meddler = made
        try fleet.addDataPlane("meddled", environment: ["STUB_KEY": "sk-stub"], fleetPort: made.port)
        unsafe key = try fleet.makeKey("refusal").text
        try fleet.waitUntilConfigured()
        return fleet
    }

    private func meddled(_ fleet: TestFleet) throws -> (node: DataNode, meddler: MeddlingFleet) {
        (try XCTUnwrap(fleet.dataPlanes.first { $0.name == "meddled" }), try unsafe XCTUnwrap(Self.meddler))
    }

    private func status(_ fleet: TestFleet) throws -> [String: Any] {
        try XCTUnwrap(try fleet.list("nodes").first { $0["name"] as? String == "meddled" })
    }

    private func version(_ fleet: TestFleet) throws -> Int { try status(fleet)["snapshot_version"] as? Int ?? 0 }

    /// Serves a forgery made from the last genuine manifest, and checks all that must follow.
    private func assertRefused(
        as reasons: [String], line: UInt = #line,
        _ forge: (_ last: [UInt8], ManifestForge) throws -> MeddlingFleet.Forgery
    ) throws {
        let fleet = try fleet()
        let (node, meddler) = try meddled(fleet)
        try fleet.waitUntilConfigured()
        let last = try XCTUnwrap(meddler.genuine.last)
        let before = try version(fleet)
        let forgery = try forge(last, ManifestForge(fleet: fleet))
        meddler.forge(forgery)
        defer { meddler.forge(nil) }

        var nack: [String: Any]?
        try waitUntil("a NACK is shown", detail: { "\(node.process?.tail() ?? "")" }) {
            nack = try status(fleet)["nack"] as? [String: Any]
            return nack != nil
        }
        let reason = nack?["reason"] as? String ?? ""
        XCTAssertTrue(reasons.contains(reason), "refused as \(reason): \(nack?["detail"] ?? "")", line: line)
        XCTAssertFalse((nack?["detail"] as? String ?? "").isEmpty, line: line)
        XCTAssertEqual(try version(fleet), before, "the refused snapshot is in use", line: line)
        unsafe XCTAssertEqual(try node.caller().chat(Self.key, chatBody("chat")).status, 200, line: line)

        // What comes next in order is accepted, and the NACK is gone.
        meddler.forge(nil)
        try fleet.makeKey("after-\(UUID().uuidString)")
        try fleet.waitUntilConfigured()
        try waitUntil("the NACK is gone") { try status(fleet)["nack"] as? [String: Any] == nil }
        XCTAssertGreaterThan(try version(fleet), before, line: line)
    }

    func testManifestSignedByAnotherKeyIsRefused() throws {
        try assertRefused(as: ["signature"]) { last, _ in
            .init(envelope: ManifestForge(key: Ed25519PrivateKey()).sign(try ManifestForge.successor(of: last)))
        }
    }

    func testManifestSignedByAnotherKeyUnderTheTrustedNameIsRefused() throws {
        try assertRefused(as: ["signature"]) { last, genuine in
            let forged = ManifestForge(key: Ed25519PrivateKey()).sign(try ManifestForge.successor(of: last))
            var envelope = try JSONDecoder().decode(SignedEnvelope.self, from: Data(forged))
            envelope.signatures[0].keyid = genuine.key.publicKey.keyID
            return .init(envelope: CanonicalJSON.encode(envelope))
        }
    }

    func testManifestChangedAfterSigningIsRefused() throws {
        try assertRefused(as: ["signature"]) { last, genuine in
            let forged = genuine.sign(try ManifestForge.successor(of: last))
            var envelope = try JSONDecoder().decode(SignedEnvelope.self, from: Data(forged))
            var payload = try XCTUnwrap(Base64.decode(envelope.payload))
            payload[payload.count / 2] ^= 1
            envelope.payload = Base64.encode(payload)
            return .init(envelope: CanonicalJSON.encode(envelope))
        }
    }

    func testManifestWithoutSignatureIsRefused() throws {
        try assertRefused(as: ["signature"]) { last, genuine in
            let forged = genuine.sign(try ManifestForge.successor(of: last))
            var envelope = try JSONDecoder().decode(SignedEnvelope.self, from: Data(forged))
            envelope.signatures = []
            return .init(envelope: CanonicalJSON.encode(envelope))
        }
    }

    func testReplayedManifestIsRefused() throws {
        let fleet = try fleet()
        // So that there is an older one to replay.
        try fleet.makeKey("replay-\(UUID().uuidString)")
        try fleet.waitUntilConfigured()
        try assertRefused(as: ["version"]) { _, _ in
            unsafe .init(envelope: try XCTUnwrap(Self.meddler?.genuine.first))
        }
    }

    func testTruncatedManifestIsRefused() throws {
        try assertRefused(as: ["malformed"]) { last, genuine in
            .init(envelope: Array(genuine.sign(try ManifestForge.successor(of: last)).dropLast(40)))
        }
    }

    func testManifestOfAnotherFleetIsRefused() throws {
        try assertRefused(as: ["fleet"]) { last, genuine in
            var manifest = try ManifestForge.successor(of: last)
            manifest.fleet = "another"
            return .init(envelope: genuine.sign(manifest))
        }
    }

    func testManifestThatDoesNotChainIsRefused() throws {
        try assertRefused(as: ["chain"]) { last, genuine in
            var manifest = try ManifestForge.successor(of: last)
            manifest.previousSHA256 = SHA256.digest([1]).hex
            return .init(envelope: genuine.sign(manifest))
        }
    }

    func testManifestOfAnotherKindIsRefused() throws {
        try assertRefused(as: ["malformed", "signature"]) { last, genuine in
            let payload = CanonicalJSON.encode(try ManifestForge.successor(of: last))
            return .init(envelope: genuine.sign(payload: payload, type: "application/vnd.weir.other+json"))
        }
    }

    func testManifestWithAnUnknownFieldIsRefused() throws {
        try assertRefused(as: ["malformed"]) { last, genuine in
            var payload = CanonicalJSON.encode(try ManifestForge.successor(of: last))
            payload.insert(contentsOf: Array(#""aaa":1,"#.utf8), at: 1)
            return .init(envelope: genuine.sign(payload: payload))
        }
    }

    func testTruncatedBlobIsRefused() throws {
        try assertRefused(as: ["blob_hash", "blob_size", "blob"]) { last, genuine in
            var manifest = try ManifestForge.successor(of: last)
            let policy = try XCTUnwrap(manifest.blobs.firstIndex { $0.name == PolicyDocument.blobName })
            // A blob that no data plane has yet, of which only the half arrives.
            let whole = Array(repeating: UInt8(ascii: " "), count: 500) + Array("{}".utf8)
            let name = SHA256.digest(whole).hex
            manifest.blobs[policy].sha256 = name
            manifest.blobs[policy].bytes = whole.count
            return .init(envelope: genuine.sign(manifest), blobs: [name: Array(whole.prefix(250))])
        }
    }

    func testPolicyThatDoesNotDecodeStrictlyIsRefused() throws {
        try assertRefused(as: ["malformed", "policy"]) { last, genuine in
            var manifest = try ManifestForge.successor(of: last)
            let policy = try XCTUnwrap(manifest.blobs.firstIndex { $0.name == PolicyDocument.blobName })
            let bytes = Array(
                #"{"allowances":[],"credentials":[],"format":2,"models":[],"providers":[],"routes":[],"surprise":true}"#
                    .utf8)
            let name = SHA256.digest(bytes).hex
            manifest.blobs[policy].sha256 = name
            manifest.blobs[policy].bytes = bytes.count
            return .init(envelope: genuine.sign(manifest), blobs: [name: bytes])
        }
    }

    /// The highest version is kept on disk: who kills the data plane cannot set it back.
    func testReplayAcrossARestartIsRefused() throws {
        let fleet = try fleet()
        let (node, meddler) = try meddled(fleet)
        try fleet.makeKey("restart-\(UUID().uuidString)")
        try fleet.waitUntilConfigured()
        let before = try version(fleet)
        meddler.forge(.init(envelope: try XCTUnwrap(meddler.genuine.first)))
        defer { meddler.forge(nil) }
        node.kill()
        try node.start()
        try waitUntil("the replayed manifest was taken") { meddler.served > 0 }
        try waitUntil("a NACK is shown") { try status(fleet)["nack"] as? [String: Any] != nil }
        XCTAssertEqual(try version(fleet), before)
        unsafe XCTAssertEqual(try node.caller().chat(Self.key, chatBody("chat")).status, 200)
    }
}

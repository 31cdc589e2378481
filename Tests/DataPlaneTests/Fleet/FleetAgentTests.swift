import Foundation
import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// The agent over real sockets and a real folder, against a control plane made of one HTTP server.
final class FleetAgentTests: XCTestCase {
    private var folder = ""
    private let forge = SnapshotForge()

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "weir-fleet-\(UUID().uuidString)"
        try DurableFile.createDirectory(folder)
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

    /// Serves what it is told to, and remembers what it was told.
    private final class FakeControlPlane {
        var latest: SnapshotForge.Made?
        var blobs: [String: [UInt8]] = [:]
        var secrets: [ObjectID: (version: Int, secret: [UInt8])] = [:]
        var heartbeats: [Heartbeat] = []
        var blobRequests: [String] = []
        var tokens: Set<String> = []
        private let loop: EventLoop
        private(set) var server: HTTPServer!

        init(on loop: EventLoop, port: UInt16 = 0) throws {
            self.loop = loop
            server = HTTPServer(on: loop, options: .init(port: port)) { [unowned self] in await answer($0, $1) }
            try server.listen()
        }

        func publish(_ made: SnapshotForge.Made) {
            latest = made
            blobs.merge(made.blobs) { $1 }
        }

        private func answer(_ request: HTTPRequest, _ responder: HTTPResponder) async {
            tokens.insert(request.headers.first("authorization") ?? "")
            let path = request.path
            if path == "/fleet/v1/manifest" {
                let after = UInt64(request.queryValue("after") ?? "") ?? 0
                for _ in 0..<100 where (latest?.manifest.version ?? 0) <= after {
                    await loop.sleep(for: .milliseconds(5))
                }
                guard let latest, latest.manifest.version > after else { return await responder.respond(status: 204) }
                await responder.respond(status: 200, body: latest.envelope)
            } else if path.hasPrefix("/fleet/v1/blobs/") {
                let sha256 = String(path.dropFirst(16))
                blobRequests.append(sha256)
                guard let bytes = blobs[sha256] else { return await responder.respond(status: 404) }
                await responder.respond(status: 200, body: bytes)
            } else if path == "/fleet/v1/heartbeat" {
                if let heartbeat: Heartbeat = try? StrictJSONDecoder.decode(from: request.body) {
                    heartbeats.append(heartbeat)
                }
                await responder.respond(status: 200, body: Array("{}".utf8))
            } else if path == "/fleet/v1/credentials",
                let asked: CredentialRequest = try? StrictJSONDecoder.decode(from: request.body)
            {
                var answer = CredentialAnswer(credentials: [])
                for id in asked.credentialIDs {
                    guard let (version, secret) = secrets[id] else { continue }
                    let bound = CredentialAnswer.SealedCredential.associatedData(id: id, version: version)
                    let sealed = try! SealedBox.seal(
                        secret, to: Base64.decode(asked.sealingPublicKey)!, associatedData: bound)
                    answer.credentials.append(.init(id: id, version: version, sealed: Base64.encode(sealed)))
                }
                await responder.respond(status: 200, body: CanonicalJSON.encode(answer))
            } else {
                await responder.respond(status: 404)
            }
        }
    }

    /// One data plane's fleet side, with the snapshots it handed out.
    private final class Node {
        let agent: FleetAgent
        private(set) var delivered: [Snapshot] = []

        init(_ folder: String, _ forge: SnapshotForge, ports: [UInt16], on loop: EventLoop) throws {
            var configuration = FleetConfiguration()
            configuration.name = forge.fleet
            configuration.controlPlaneURLs = ports.map { "http://127.0.0.1:\($0)" }
            configuration.nodeToken = Secret("weirnode_test")
            configuration.trustedKeys = [Base64.encode(forge.key.publicKey.rawBytes)]
            configuration.nodeName = "node"
            configuration.dataDirectory = folder
            let identity = try NodeIdentity.load(directory: folder)
            let incarnation = ObjectID.random()
            let journal = try Journal(
                directory: folder + "/journal", nodeID: identity.nodeID, incarnation: incarnation,
                configuration: JournalConfiguration())
            var deliver: (Snapshot) -> Void = { _ in }
            agent = FleetAgent(
                configuration, identity: identity, incarnation: incarnation, journal: journal,
                control: try journal.openControlStream(), wallet: Wallet(seed: 1) {},
                reports: FleetReports(MetricsRegistry()), on: loop, hear: { _ in }
            ) {
                deliver($0)
            }
            deliver = { [unowned self] in delivered.append($0) }
        }

        var version: UInt64 { delivered.last?.version ?? 0 }
        var rejection: Heartbeat.Rejection? { agent.status.current.rejection }
    }

    /// Waits for a level, for at most ten seconds.
    private static func wait(_ what: String, on loop: EventLoop, until condition: () -> Bool) async throws {
        let end = loop.refreshedNow().advanced(by: .seconds(10))
        while !condition() {
            if loop.refreshedNow() > end { throw Failure(description: "waited in vain: \(what)") }
            await loop.sleep(for: .milliseconds(5))
        }
    }

    private struct Failure: Error, CustomStringConvertible { var description: String }

    func testSnapshotsArriveAndAreReported() throws {
        let (folder, forge) = (folder, forge)
        try onLoop { actor in
            let loop = actor.loop
            let control = try FakeControlPlane(on: loop)
            let first = forge.make(version: 1)
            control.publish(first)
            let node = try Node(folder, forge, ports: [control.server.port], on: loop)
            try await node.agent.start()
            try await Self.wait("the first", on: loop) { node.version == 1 }
            XCTAssertNotNil(node.delivered[0].key(SnapshotForge.entry(0xab).secretSHA256))
            let asked = control.blobRequests.count
            control.publish(
                forge.make(
                    version: 2, after: first,
                    blobs: [
                        SnapshotForge.policyBlob(), SnapshotForge.shard([SnapshotForge.entry(0xab)]),
                        SnapshotForge.shard([SnapshotForge.entry(0xcd)]),
                    ]))
            try await Self.wait("the second", on: loop) { node.version == 2 }
            XCTAssertEqual(control.blobRequests.count, asked + 1, "only the blob that is new")
            try await Self.wait("its heartbeat", on: loop) { control.heartbeats.last?.snapshotVersion == 2 }
            XCTAssertEqual(control.heartbeats.last?.name, "node")
            XCTAssertEqual(control.tokens, ["Bearer weirnode_test"])
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    func testARefusedSnapshotIsReportedAndTheLastGoodOneStays() throws {
        let (folder, forge) = (folder, forge)
        try onLoop { actor in
            let loop = actor.loop
            let control = try FakeControlPlane(on: loop)
            let first = forge.make(version: 1)
            control.publish(first)
            let node = try Node(folder, forge, ports: [control.server.port], on: loop)
            try await node.agent.start()
            try await Self.wait("the first", on: loop) { node.version == 1 }
            control.publish(SnapshotForge().make(version: 2, after: first))
            try await Self.wait("the NACK", on: loop) { control.heartbeats.last?.rejection != nil }
            XCTAssertEqual(control.heartbeats.last?.rejection?.reason, "signature")
            XCTAssertEqual(control.heartbeats.last?.snapshotVersion, 1)
            XCTAssertEqual(node.delivered.count, 1)
            control.publish(forge.make(version: 2, after: first))
            try await Self.wait("the good one", on: loop) { node.version == 2 }
            XCTAssertNil(node.rejection)
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    func testABlobThatIsCutIsRefusedAndNotKept() throws {
        let (folder, forge) = (folder, forge)
        try onLoop { actor in
            let loop = actor.loop
            let control = try FakeControlPlane(on: loop)
            let made = forge.make(version: 1)
            control.publish(made)
            let sha256 = made.manifest.blobs[1].sha256
            control.blobs[sha256] = Array(made.blobs[sha256]!.dropLast(10))
            let node = try Node(folder, forge, ports: [control.server.port], on: loop)
            try await node.agent.start()
            try await Self.wait("the NACK", on: loop) { node.rejection != nil }
            XCTAssertEqual(node.rejection?.reason, "blob_hash")
            XCTAssertFalse(DurableFile.exists(folder + "/snapshot/blobs/" + sha256))
            control.blobs[sha256] = made.blobs[sha256]
            try await Self.wait("the whole one", on: loop) { node.version == 1 }
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    func testARestartServesFromTheDiskWithoutAControlPlane() throws {
        let (folder, forge) = (folder, forge)
        let made = forge.make(version: 7)
        try runOnce(made)
        try onLoop { actor in
            let node = try Node(folder, forge, ports: [1], on: actor.loop)
            try await node.agent.start()
            XCTAssertEqual(node.version, 7, "before anything else")
            XCTAssertNotNil(node.delivered[0].key(SnapshotForge.entry(0xab).secretSHA256))
            XCTAssertEqual(node.agent.status.snapshotVersion, 7)
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    func testARestartRemembersTheHighestVersion() throws {
        let (folder, forge) = (folder, forge)
        try runOnce(forge.make(version: 7))
        try onLoop { actor in
            let loop = actor.loop
            let control = try FakeControlPlane(on: loop)
            let node = try Node(folder, forge, ports: [control.server.port], on: loop)
            try await node.agent.start()
            // A control plane that was set back answers a poll for versions above 7 with 9, which does not chain, then with 8.
            control.publish(forge.make(version: 8))
            try await Self.wait("the NACK", on: loop) { node.rejection?.reason == "chain" }
            XCTAssertEqual(node.version, 7)
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    func testACorruptStoreIsReportedAndFetchedAnew() throws {
        let (folder, forge) = (folder, forge)
        let made = forge.make(version: 7)
        try runOnce(made)
        let blob = folder + "/snapshot/blobs/" + made.manifest.blobs[1].sha256
        var bytes = try DurableFile.read(blob, limit: 1 << 20)
        bytes[100] ^= 1
        try DurableFile.write(bytes, to: blob)
        try onLoop { actor in
            let loop = actor.loop
            let control = try FakeControlPlane(on: loop)
            let node = try Node(folder, forge, ports: [control.server.port], on: loop)
            try await node.agent.start()
            XCTAssertEqual(node.delivered.count, 0, "what is damaged is not served")
            XCTAssertEqual(node.rejection?.reason, "blob_hash")
            control.publish(made)
            try await Self.wait("the same version once more", on: loop) { node.version == 7 }
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    func testTheNextControlPlaneIsAskedWhenOneIsGone() throws {
        let (folder, forge) = (folder, forge)
        try onLoop { actor in
            let loop = actor.loop
            let control = try FakeControlPlane(on: loop)
            control.publish(forge.make(version: 1))
            let node = try Node(folder, forge, ports: [1, control.server.port], on: loop)
            try await node.agent.start()
            try await Self.wait("a snapshot from the second", on: loop) { node.version == 1 }
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    func testASealedCredentialIsFetchedOnceAndOpenedAfterARestart() throws {
        let (folder, forge) = (folder, forge)
        let id = ObjectID(high: 4, low: 4)
        var policy = SnapshotForge.policy
        policy.credentials = [.init(id: id, name: "key", version: 3, reference: nil)]
        policy.providers[0].credentialID = id
        let made = forge.make(version: 1, blobs: [SnapshotForge.policyBlob(policy)])
        try onLoop { actor in
            let loop = actor.loop
            let control = try FakeControlPlane(on: loop)
            control.secrets[id] = (version: 3, secret: Array("sk-secret".utf8))
            control.publish(made)
            let node = try Node(folder, forge, ports: [control.server.port], on: loop)
            try await node.agent.start()
            try await Self.wait("the credential", on: loop) { node.delivered.last?.credentials[id] != nil }
            XCTAssertEqual(node.delivered.last?.credentials[id], Array("sk-secret".utf8))
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
        for case let path as String in try XCTUnwrap(FileManager.default.enumerator(atPath: folder)) {
            let bytes = FileManager.default.contents(atPath: folder + "/" + path) ?? Data()
            XCTAssertNil(bytes.range(of: Data("sk-secret".utf8)), "\(path) has it in clear")
        }
        try onLoop { actor in
            let node = try Node(folder, forge, ports: [1], on: actor.loop)
            try await node.agent.start()
            XCTAssertEqual(node.delivered.last?.credentials[id], Array("sk-secret".utf8))
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    /// More sealed ones than fit into one request, one in a file, and one that is nowhere.
    func testTheCredentialsOfAPoolComeFromWhereverTheyAre() throws {
        let (folder, forge) = (folder, forge)
        let sealed = (1...UInt64(CredentialRequest.countMax + 5)).map { ObjectID(high: 4, low: $0) }
        let (inFile, nowhere) = (ObjectID(high: 5, low: 1), ObjectID(high: 5, low: 2))
        try DurableFile.write(Array("sk-file\n".utf8), to: folder + "/key")
        var policy = SnapshotForge.policy
        policy.credentials =
            sealed.map { .init(id: $0, name: "sealed", version: 1, reference: nil) } + [
                .init(id: inFile, name: "file", version: 1, reference: "file:\(folder)/key"),
                .init(id: nowhere, name: "nowhere", version: 1, reference: "env:WEIR_TEST_NOT_SET_ANYWHERE"),
            ]
        policy.providers[0].credentialIDs = [nowhere, inFile, sealed[104]]
        let made = forge.make(version: 1, blobs: [SnapshotForge.policyBlob(policy)])
        try onLoop { actor in
            let control = try FakeControlPlane(on: actor.loop)
            for id in sealed { control.secrets[id] = (version: 1, secret: Array("sk-sealed".utf8)) }
            control.publish(made)
            let node = try Node(folder, forge, ports: [control.server.port], on: actor.loop)
            try await node.agent.start()
            try await Self.wait("the credentials", on: actor.loop) {
                node.delivered.last?.credentials.count == sealed.count + 1
            }
            let target = try XCTUnwrap(node.delivered.last.map { CompiledPolicy($0) }?.targets.first)
            XCTAssertNil(target.soleCredential)
            XCTAssertEqual(target.credentials.members.map(\.isUsable), [false, true, true])
            XCTAssertEqual(
                target.credentials.members.map { String(decoding: $0.line, as: UTF8.self) },
                ["", "authorization: Bearer sk-file\r\n", "authorization: Bearer sk-sealed\r\n"])
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }

    func testAnIdentityIsMadeOnceAndItsFolderHasOneOwner() throws {
        var first: NodeIdentity? = try NodeIdentity.load(directory: folder)
        let id = first?.nodeID
        XCTAssertThrowsError(try NodeIdentity.load(directory: folder)) {
            XCTAssertTrue("\($0)".contains("Another process"), "\($0)")
        }
        first = nil
        XCTAssertEqual(try NodeIdentity.load(directory: folder).nodeID, id)
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/node.json")[.posixPermissions] as? Int
        XCTAssertEqual(mode, 0o600)
        try DurableFile.write(Array("{}".utf8), to: folder + "/node.json")
        XCTAssertThrowsError(try NodeIdentity.load(directory: folder))
    }

    /// A process that accepts `made`, stores it, and goes.
    private func runOnce(_ made: SnapshotForge.Made) throws {
        let (folder, forge) = (folder, forge)
        try onLoop { actor in
            let loop = actor.loop
            let control = try FakeControlPlane(on: loop)
            control.publish(made)
            let node = try Node(folder, forge, ports: [control.server.port], on: loop)
            try await node.agent.start()
            try await Self.wait("the snapshot", on: loop) { node.version == made.manifest.version }
            await node.agent.shutDown(deadline: .milliseconds(1), journalEnded: false)
        }
    }
}

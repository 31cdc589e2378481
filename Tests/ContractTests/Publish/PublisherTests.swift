@testable import ControlPlane
import Shared
import TestSupport
import XCTest

final class PublisherTests: XCTestCase {
    private func withServices(
        _ count: Int = 1, options: Publisher.Options = Publisher.Options(),
        _ body: @escaping @Sendable ([ControlPlaneServices], Configurator) async throws -> Void
    ) throws {
        let database = try ControlPlaneDatabase.make("publish")
        try onLoop { actor in
            let services = (0..<count).map { _ in database.services(on: actor.loop, options: options) }
            defer {
                for each in services {
                    each.publisher.stop()
                    each.pool.close()
                }
            }
            let configurator = Configurator(pool: services[0].pool)
            try await configurator.addTenancy()
            try await body(services, configurator)
        }
    }

    /// Everything a data plane checks, over all stored snapshots.
    private static func verifyChain(_ services: ControlPlaneServices, key: Ed25519PublicKey) async throws -> [Manifest]
    {
        var manifests: [Manifest] = []
        var previous: SHA256Digest?
        for row in try await services.pool.query("SELECT envelope FROM snapshots ORDER BY version") {
            let envelope: SignedEnvelope = try StrictJSONDecoder.decode(from: try row.bytes("envelope"))
            let payload = try XCTUnwrap(Base64.decode(envelope.payload))
            let signature = try XCTUnwrap(Base64.decode(try XCTUnwrap(envelope.signatures.first).sig))
            XCTAssertEqual(envelope.signatures.first?.keyid, key.keyID)
            XCTAssertTrue(
                key.isValid(
                    signature,
                    for: SignedEnvelope.preAuthenticationEncoding(payloadType: envelope.payloadType, payload: payload)))
            let manifest = try XCTUnwrap(Manifest(payload: payload))
            XCTAssertEqual(manifest.version, UInt64(manifests.count + 1))
            XCTAssertEqual(manifest.previousSHA256, previous?.hex)
            XCTAssertEqual(manifest.fleet, "test")
            for blob in manifest.blobs {
                let digest = try XCTUnwrap(SHA256Digest(hex: blob.sha256))
                let stored = try await SnapshotStore.blob(digest, services.pool)
                let bytes = try XCTUnwrap(stored, blob.name)
                XCTAssertEqual(bytes.count, blob.bytes)
                XCTAssertEqual(SHA256.digest(bytes), digest)
            }
            previous = SHA256.digest(payload)
            manifests.append(manifest)
        }
        return manifests
    }

    func testASnapshotCarriesPolicyAndKeysAndChainsToTheOneBefore() throws {
        try withServices { services, configurator in
            let one = services[0]
            try await one.publisher.publishIfNeeded()
            try await configurator.addRoute("gpt")
            try await one.pool.execute(
                "INSERT INTO models (id, name, kind) VALUES (gen_random_uuid(), 'unused', 'chat')")
            let digest = try await configurator.addKey("abcdefghijkl", shard: 0x7f, networks: ["10.0.0.0/8"])
            try await one.publisher.publishIfNeeded()
            let nothing = try await one.publisher.publishIfNeeded()
            XCTAssertNil(nothing, "nothing changed since")

            let manifests = try await Self.verifyChain(one, key: one.publisher.signer.publicKey)
            XCTAssertEqual(manifests.map { $0.blobs.map(\.name) }, [["policy"], ["keys/7f", "policy"]])
            XCTAssertEqual(one.snapshots.version.level, 2)

            let last = try XCTUnwrap(manifests.last)
            let policyBytes = try XCTUnwrap(one.snapshots.blob(SHA256Digest(hex: last.blobs[1].sha256)!))
            let policy: PolicyDocument = try StrictJSONDecoder.decode(from: policyBytes)
            XCTAssertEqual(policy.routes.map(\.name), ["gpt"])
            XCTAssertEqual(policy.routes[0].targets.map(\.providerID), [policy.providers[0].id])
            XCTAssertEqual(policy.models.count, 1, "a model that no route has is not shipped")
            XCTAssertEqual(policy.models[0].prices[0].lines.inputPicodollarsPerToken, 2_500_000)
            XCTAssertEqual(policy.models[0].prices[0].effectiveFromUnixSeconds, 1_735_689_600)

            let shardBytes = try XCTUnwrap(one.snapshots.blob(SHA256Digest(hex: last.blobs[0].sha256)!))
            let shard = try KeyShard(validating: shardBytes, shard: 0x7f)
            let found = try XCTUnwrap(shard.find(digest))
            XCTAssertEqual(found.keyID.description, "abcdefghijkl")
            XCTAssertEqual(found.organizationID, configurator.organization)
            XCTAssertEqual(found.allowedNetworks, [NetworkPrefix("10.0.0.0/8")!])
        }
    }

    func testAllowancesTravelWithWhatTheyHangOn() throws {
        try withServices { services, configurator in
            let one = services[0]
            try await configurator.addRoute("gpt")
            let digest = try await configurator.addKey("abcdefghijkl", shard: 0x7f)
            try await configurator.addAllowances(key: "abcdefghijkl", shard: 0x7f)
            try await one.publisher.publishIfNeeded()

            let manifest = try XCTUnwrap(one.snapshots.manifest)
            XCTAssertEqual(manifest.blobs.map(\.name), ["keys/7f", "policy"])
            let policyBytes = try XCTUnwrap(one.snapshots.blob(SHA256Digest(hex: manifest.blobs[1].sha256)!))
            let policy: PolicyDocument = try StrictJSONDecoder.decode(from: policyBytes)
            XCTAssertEqual(policy.allowances.map(\.name), ["budget", "tokens"])
            XCTAssertEqual(policy.allowances.map(\.organizationID), [configurator.organization, nil])
            XCTAssertEqual(policy.allowances.map(\.teamID), [nil, configurator.team])
            XCTAssertEqual(policy.allowances[0].rule?.period, .month)
            XCTAssertEqual(policy.allowances[1].rule?.period, .sliding(seconds: 60))
            XCTAssertEqual(policy.allowances[1].rule?.filter, .route(policy.routes[0].id))
            XCTAssertEqual(policy.routes[0].admissionWaitMilliseconds, 10_000)
            XCTAssertNil(policy.routes[0].defaultMaxOutputTokens)

            let shardBytes = try XCTUnwrap(one.snapshots.blob(SHA256Digest(hex: manifest.blobs[0].sha256)!))
            let key = try XCTUnwrap(try KeyShard(validating: shardBytes, shard: 0x7f).find(digest))
            XCTAssertEqual(key.allowances.map(\.kind), [.requests, .slots])
            XCTAssertEqual(key.allowances.map(\.endUsers), [.each, .only(subject: EndUserSubject.of("ada"))])
        }
    }

    func testOnlyWhatChangedIsBuiltAnew() throws {
        try withServices { services, configurator in
            let publisher = services[0].publisher
            try await configurator.addKey("aaaaaaaaaaaa", shard: 1)
            try await configurator.addKey("bbbbbbbbbbbb", shard: 2)
            try await publisher.publishIfNeeded()

            try await configurator.revokeKey("bbbbbbbbbbbb", shard: 2)
            let second = try await publisher.publishIfNeeded()
            XCTAssertEqual(second?.rebuiltShards, [2])
            XCTAssertEqual(second?.rebuiltPolicy, false)

            try await configurator.addRoute("gpt")
            let third = try await publisher.publishIfNeeded()
            XCTAssertEqual(third?.rebuiltShards, [])
            XCTAssertEqual(third?.rebuiltPolicy, true)

            let manifests = try await Self.verifyChain(services[0], key: services[0].publisher.signer.publicKey)
            XCTAssertEqual(
                manifests.map { $0.blobs.map(\.name) },
                [["keys/01", "keys/02", "policy"], ["keys/01", "policy"], ["keys/01", "policy"]],
                "a shard whose last key went is left out")
        }
    }

    func testARevocationIsAvailableToLongPollsAtOnceAndABurstIsCoalesced() throws {
        try withServices { services, configurator in
            let one = services[0]
            try await configurator.addKey("aaaaaaaaaaaa", shard: 1)
            one.loop.launch { await one.publisher.run() }
            _ = await one.snapshots.version.wait(beyond: 0, timeout: .seconds(5))
            await one.loop.sleep(for: .milliseconds(150))

            try await configurator.revokeKey("aaaaaaaaaaaa", shard: 1)
            let committed = one.loop.refreshedNow()
            one.configurationChanged()
            let version = await one.snapshots.version.wait(beyond: 1, timeout: .seconds(5))
            let elapsed = committed.duration(to: one.loop.refreshedNow())
            XCTAssertEqual(version, 2)
            XCTAssertLessThan(elapsed, .milliseconds(50) * Sanitizer.patience)

            let burst = one.loop.refreshedNow()
            for index in 0..<40 {
                try await configurator.addKey("burst\(1_000_000 + index)", shard: UInt8(index))
                one.configurationChanged()
            }
            let state = try await SnapshotStore.fleetState(one.pool)
            while let last = one.snapshots.latest, let state, last.changeSequence < state.changeSequence,
                burst.duration(to: one.loop.refreshedNow()) < .seconds(5)
            {
                _ = await one.snapshots.version.wait(beyond: last.version, timeout: .seconds(1))
            }
            XCTAssertEqual(one.snapshots.latest?.changeSequence, state?.changeSequence)
            let rounds = Int(burst.duration(to: one.loop.refreshedNow()).wholeMilliseconds / 100) + 2
            XCTAssertLessThanOrEqual(Int(one.snapshots.version.level) - 2, rounds)
            _ = try await Self.verifyChain(one, key: one.publisher.signer.publicKey)
        }
    }

    func testTwoPublishersOverOneDatabaseMakeOneChain() throws {
        try withServices(2) { services, configurator in
            let done = LevelSignal(on: services[0].loop)
            for each in services { each.loop.launch { await each.publisher.run() } }
            for (index, each) in services.enumerated() {
                each.loop.launch {
                    do {
                        let writer = Configurator(
                            pool: each.pool, organization: configurator.organization, team: configurator.team)
                        for round in 0..<30 {
                            try await writer.addKey("twin\(index)\(1_000_000 + round)", shard: UInt8(round))
                            for each in services { each.configurationChanged() }
                        }
                    } catch { XCTFail("\(error)") }
                    done.raise(to: done.level + 1)
                }
            }
            _ = await done.wait(beyond: 1, timeout: .seconds(20))
            for each in services {
                let end = each.loop.refreshedNow().advanced(by: .seconds(5))
                while (each.snapshots.latest?.changeSequence ?? 0) < 60, each.loop.refreshedNow() < end {
                    each.configurationChanged()
                    _ = await each.snapshots.version.wait(
                        beyond: each.snapshots.version.level, timeout: .milliseconds(200))
                }
                XCTAssertEqual(each.snapshots.latest?.changeSequence, 60)
            }
            let manifests = try await Self.verifyChain(services[0], key: services[0].publisher.signer.publicKey)
            XCTAssertEqual(
                services.map { $0.snapshots.version.level }, [UInt64(manifests.count), UInt64(manifests.count)])
            XCTAssertEqual(manifests.last?.blobs.count, 31)
            XCTAssertEqual(services[0].snapshots.envelope, services[1].snapshots.envelope)
        }
    }

    func testASnapshotIsRenewedLongBeforeItExpires() throws {
        let database = try ControlPlaneDatabase.make("renew")
        try onLoop { actor in
            let time = ManualTime(unixMilliseconds: 1_800_000_000_000)
            let services = database.services(on: actor.loop, time: time)
            defer { services.pool.close() }
            try await services.publisher.publishIfNeeded()
            time.advance(by: .seconds(86_399))
            let early = try await services.publisher.publishIfNeeded()
            XCTAssertNil(early)
            time.advance(by: .seconds(1))
            let renewed = try await services.publisher.publishIfNeeded()
            XCTAssertEqual(renewed?.version, 2)
            XCTAssertEqual(renewed?.rebuiltPolicy, false)
            XCTAssertEqual(
                services.snapshots.expiresUnixMilliseconds, time.unixMilliseconds + 7 * 86_400_000)
        }
    }

    func testAnotherSigningKeyPublishesAnew() throws {
        let database = try ControlPlaneDatabase.make("rotate")
        try onLoop { actor in
            let old = database.services(on: actor.loop)
            defer { old.pool.close() }
            try await old.publisher.publishIfNeeded()
            let key = Ed25519PrivateKey()
            let new = ControlPlaneDatabase(settings: database.settings, signing: key, vault: database.vault)
                .services(on: actor.loop)
            defer { new.pool.close() }
            let publication = try await new.publisher.publishIfNeeded()
            XCTAssertEqual(publication?.version, 2)
            XCTAssertEqual(new.snapshots.latest?.signingKeyID, key.publicKey.keyID)
        }
    }

    func testOldSnapshotsAndTheirBlobsGoAndWhatIsNamedStays() throws {
        var options = Publisher.Options()
        options.retention = .zero
        options.keptSnapshots = 2
        try withServices(options: options) { services, configurator in
            let one = services[0]
            for index in 0..<6 {
                try await configurator.addKey("prune\(1_000_000 + index)", shard: 3)
                try await one.publisher.publishIfNeeded()
            }
            let deleted = try await one.publisher.prune()
            XCTAssertEqual(deleted, 4, "the shard's first four states")
            let row = try await one.pool.first("SELECT count(*) AS n, min(version) AS oldest FROM snapshots")
            XCTAssertEqual(try row?.int("n"), 2)
            XCTAssertEqual(try row?.int("oldest"), 5)
            for digest in try XCTUnwrap(one.snapshots.latest.flatMap { Manifest(payload: $0.payload) }).digests {
                let bytes = try await SnapshotStore.blob(digest, one.pool)
                XCTAssertNotNil(bytes)
            }
        }
    }

    func testAFreshControlPlaneServesWhatAnotherPublished() throws {
        try withServices(2) { services, configurator in
            try await configurator.addKey("aaaaaaaaaaaa", shard: 1)
            try await services[0].publisher.publishIfNeeded()
            let nothing = try await services[1].publisher.publishIfNeeded()
            XCTAssertNil(nothing)
            XCTAssertEqual(services[1].snapshots.version.level, 1)
            XCTAssertEqual(services[1].snapshots.envelope, services[0].snapshots.envelope)
            for digest in try XCTUnwrap(services[1].snapshots.latest.flatMap { Manifest(payload: $0.payload) }).digests
            {
                XCTAssertNotNil(services[1].snapshots.blob(digest))
            }
        }
    }
}

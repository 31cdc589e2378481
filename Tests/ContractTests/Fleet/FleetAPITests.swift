@testable import ControlPlane
import Foundation
import Shared
import Synchronization
import TestSupport
import XCTest

/// The fleet API over real sockets and a real database.
final class FleetAPITests: XCTestCase {
    private func withPlane(_ body: (RunningControlPlane) throws -> Void) throws {
        let plane = try RunningControlPlane(try ControlPlaneDatabase.make("fleet"))
        do { try body(plane) } catch {
            try plane.stop()
            throw error
        }
        try plane.stop()
    }

    private static func heartbeat(_ node: ObjectID, rejection: Heartbeat.Rejection? = nil) -> Heartbeat {
        Heartbeat(
            nodeID: node, name: "data-1", incarnation: .random(), startedUnixMilliseconds: 1_800_000_000_000,
            softwareVersion: "0.1", snapshotVersion: 1, snapshotExpired: false, rejection: rejection,
            sealingPublicKey: Base64.encode(X25519PrivateKey().publicKey), journalBytes: 0, unacknowledgedRecords: 0,
            draining: false)
    }

    func testEveryEndpointWantsANodeToken() throws {
        try withPlane { plane in
            let stranger = AccessToken.generate(.node).text
            for (method, path) in [
                ("GET", "/fleet/v1/manifest"), ("GET", "/fleet/v1/blobs/" + String(repeating: "0", count: 64)),
                ("POST", "/fleet/v1/usage"), ("POST", "/fleet/v1/heartbeat"), ("POST", "/fleet/v1/credentials"),
                ("GET", "/fleet/v1/unknown"),
            ] {
                for token in [stranger, "", "weirnode_short", AccessToken.generate(.administrator).text] {
                    let answer = try plane.call(method, path, token: token)
                    XCTAssertEqual(answer.status, 401, "\(method) \(path)")
                    XCTAssertEqual(answer.header("content-type"), "application/problem+json")
                }
            }
            XCTAssertEqual(try plane.call("GET", "/fleet/v1/unknown").status, 404)
            XCTAssertEqual(try plane.call("POST", "/fleet/v1/manifest").status, 405)

            // A revoked token is refused as soon as somebody says that something changed.
            try plane.with { services in
                try await services.pool.execute("UPDATE node_tokens SET revoked_at = now()")
                services.configurationChanged()
            }
            XCTAssertEqual(try plane.call("GET", "/fleet/v1/manifest").status, 401)
        }
    }

    func testExplanationsAreKeptAsTheyComeAndTheFirstOfARequestStays() throws {
        try withPlane { plane in
            let id = ObjectID.random()
            func post(_ body: String) throws -> HTTPAnswer {
                try plane.call("POST", "/fleet/v1/explanations", body: Array(body.utf8))
            }
            func kept() throws -> [String] {
                try plane.with { services in
                    try await services.pool.query("SELECT explanation FROM explanations ORDER BY request_id", [])
                        .map { row throws(StoreError) in try row.json("explanation") }
                }
            }
            let first = #"{"request_id":"\#(id)","route":"chat","note":"\u00e9"}"#
            XCTAssertEqual(try post(#"{"explanations":[\#(first)]}"#).status, 204)
            XCTAssertEqual(try post(#"{"explanations":[{"request_id":"\#(id)","route":"other"}]}"#).status, 204)
            XCTAssertEqual(try kept().count, 1)
            XCTAssertTrue(try kept()[0].contains(#""route":"chat""#))
            let many = Array(repeating: first, count: ExplanationBatch.countMax + 1).joined(separator: ",")
            let long = String(repeating: "x", count: ExplanationBatch.bytesMax)
            for (body, message) in [
                ("{", "not JSON"), ("{}", "explanations: want an array"),
                (#"{"explanations":[\#(many)]}"#, "at most \(ExplanationBatch.countMax)"),
                (#"{"explanations":[\#(first),{}]}"#, "explanations[1].request_id: want a UUID"),
                (#"{"explanations":[{"request_id":"\#(id)","note":"\#(long)"}]}"#, "explanations[0]: at most"),
            ] {
                let refused = try post(body)
                XCTAssertEqual(refused.status, 400)
                XCTAssertTrue(refused.text.contains(message), refused.text)
            }
            // A day later it is gone.
            try plane.with { services in
                try await services.pool.execute("UPDATE explanations SET at = now() - interval '25 hours'")
                try await ExplanationStore.prune(services.pool)
            }
            XCTAssertEqual(try kept(), [])
        }
    }

    func testRefusalsAreKeptOnceAndCheckedFieldByField() throws {
        try withPlane { plane in
            func refused(_ change: (inout RefusedRequests) -> Void = { _ in }) -> RefusedRequests {
                var refused = RefusedRequests(
                    id: ObjectID(high: 1, low: 1), beganUnixMilliseconds: 1_800_000_000_000,
                    virtualKeyID: "abcdefghijkl", route: "chat\u{0}", endpoint: 1, isStream: true, endUser: "",
                    code: "model_not_found", requests: 3, inputTokens: 1, outputTokens: 2, worstNanodollars: 3,
                    worstTokens: 4)
                change(&refused)
                return refused
            }
            func post(_ refusals: [RefusedRequests]) throws -> HTTPAnswer {
                try plane.call(
                    "POST", RefusalBatch.path, body: CanonicalJSON.encode(RefusalBatch(refusals: refusals)))
            }
            for _ in 0..<2 { XCTAssertEqual(try post([refused()]).status, 204) }
            let count = try plane.with { services in
                try await services.pool.first("SELECT sum(requests)::bigint AS n FROM refused_requests")?.int("n")
            }
            XCTAssertEqual(count, 3)
            let long = String(repeating: "x", count: RefusedRequests.textBytesMax + 1)
            for (refusals, message) in [
                (Array(repeating: refused(), count: RefusalBatch.countMax + 1), "at most \(RefusalBatch.countMax)"),
                ([refused { $0.virtualKeyID = "x" }], "refusals[0].virtualKeyID"),
                ([refused(), refused { $0.endpoint = .max }], "refusals[1].endpoint"),
                ([refused { $0.route = long }], "refusals[0].route"),
                ([refused { $0.endUser = long }], "refusals[0].endUser"),
                ([refused { $0.code = long }], "refusals[0].code"),
                ([refused { $0.requests = 0 }], "refusals[0].requests"),
                ([refused { $0.requests = RefusedRequests.requestsMax + 1 }], "refusals[0].requests"),
                ([refused { $0.worstTokens = -1 }], "not negative"),
                ([refused { $0.beganUnixMilliseconds = .max }], "refusals[0].beganUnixMilliseconds"),
            ] {
                let answer = try post(refusals)
                XCTAssertEqual(answer.status, 400)
                XCTAssertTrue(answer.text.contains(message), answer.text)
            }
        }
    }

    func testAManifestIsAnsweredWhenThereIsANewerOne() throws {
        try withPlane { plane in
            let first = try plane.call("GET", "/fleet/v1/manifest")
            XCTAssertEqual(first.status, 200)
            let envelope: SignedEnvelope = try StrictJSONDecoder.decode(from: first.body)
            let manifest = try XCTUnwrap(Manifest(payload: try XCTUnwrap(Base64.decode(envelope.payload))))
            XCTAssertEqual(manifest.version, 1)
            XCTAssertEqual(try plane.call("GET", "/fleet/v1/manifest?after=1").status, 204)
            XCTAssertEqual(try plane.call("GET", "/fleet/v1/manifest?after=1&wait=1").status, 204)
            for bad in ["after=x", "after=-1", "wait=31", "wait=1s"] {
                XCTAssertEqual(try plane.call("GET", "/fleet/v1/manifest?\(bad)").status, 400, bad)
            }

            let blob = try plane.call("GET", "/fleet/v1/blobs/\(manifest.blobs[0].sha256)")
            XCTAssertEqual(blob.status, 200)
            XCTAssertEqual(SHA256.digest(blob.body).hex, manifest.blobs[0].sha256)
            XCTAssertEqual(try plane.call("GET", "/fleet/v1/blobs/\(String(repeating: "0", count: 64))").status, 404)
            XCTAssertEqual(try plane.call("GET", "/fleet/v1/blobs/ABC").status, 400)
        }
    }

    func testALongPollHearsOfAChangeThatAnotherControlPlaneMade() throws {
        try withPlane { plane in
            let settings = plane.database.settings
            let waiting = DispatchQueue(label: "poll")
            let answered = XCTestExpectation(description: "the poll is answered")
            final class Poll: Sendable { let answer = Mutex<(status: Int, version: String?)?>(nil) }
            let poll = Poll()
            let port = plane.fleetPort
            let token = plane.nodeToken
            waiting.async {
                let caller = HTTPCaller(port: port)
                let answer = try? caller.send(
                    "GET", "/fleet/v1/manifest?after=1&wait=20", headers: [("authorization", "Bearer \(token)")])
                poll.answer.withLock {
                    $0 = answer.map { (status: $0.status, version: $0.header("x-weir-snapshot-version")) }
                }
                answered.fulfill()
            }
            // Only NOTIFY tells the running plane of it.
            try onLoop { actor in
                let pool = PostgresPool(on: actor.loop, options: .init(settings: settings))
                defer { pool.close() }
                try await Configurator(pool: pool).addRoute("elsewhere")
            }
            wait(for: [answered], timeout: 4)
            XCTAssertEqual(poll.answer.withLock { $0?.status }, 200)
            XCTAssertEqual(poll.answer.withLock { $0?.version }, "2")
        }
    }

    func testAHeartbeatIsRememberedWithItsRejection() throws {
        try withPlane { plane in
            let node = ObjectID.random()
            var answer = try plane.call(
                "POST", "/fleet/v1/heartbeat", body: CanonicalJSON.encode(Self.heartbeat(node)))
            XCTAssertEqual(answer.status, 200, answer.text)
            var decoded: HeartbeatAnswer = try StrictJSONDecoder.decode(from: answer.body)
            XCTAssertEqual(decoded.latestSnapshotVersion, 1)
            XCTAssertEqual(decoded.liveNodes, 1)

            let rejection = Heartbeat.Rejection(version: 1, reason: "signature", detail: "no", atUnixMilliseconds: 7)
            answer = try plane.call(
                "POST", "/fleet/v1/heartbeat", body: CanonicalJSON.encode(Self.heartbeat(node, rejection: rejection)))
            decoded = try StrictJSONDecoder.decode(from: answer.body)
            XCTAssertEqual(decoded.liveNodes, 1)
            // A write that was under way takes the heartbeat before it; the next heartbeat brings the newest.
            try waitUntil("the refusal is stored") {
                _ = try plane.call(
                    "POST", "/fleet/v1/heartbeat",
                    body: CanonicalJSON.encode(Self.heartbeat(node, rejection: rejection)))
                let stored = try plane.with { services in
                    try await services.pool.first("SELECT rejection FROM nodes")?.optionalJSON("rejection")
                }
                guard let stored else { return false }
                return try StrictJSONDecoder.decode(Heartbeat.Rejection.self, from: Array(stored.utf8)) == rejection
            }

            let bad = try plane.call("POST", "/fleet/v1/heartbeat", body: Array(#"{"nodeID": 1}"#.utf8))
            XCTAssertEqual(bad.status, 400)
            XCTAssertTrue(bad.text.contains("nodeID"), bad.text)
        }
    }

    func testAStoredCredentialOpensOnlyWithTheNodesKey() throws {
        try withPlane { plane in
            let id = ObjectID.random()
            let reference = ObjectID.random()
            try plane.with { services in
                let sealed = services.vault.seal(Array("sk-secret".utf8), credentialID: id, version: 3)
                try await services.pool.execute(
                    "INSERT INTO credentials (id, name, version, ciphertext) VALUES ($1, 'stored', 3, $2)",
                    [.uuid(id), .bytes(sealed)])
                try await services.pool.execute(
                    "INSERT INTO credentials (id, name, reference) VALUES ($1, 'named', 'env:KEY')", [.uuid(reference)])
            }
            let key = X25519PrivateKey()
            let request = CredentialRequest(
                sealingPublicKey: Base64.encode(key.publicKey), credentialIDs: [id, reference, .random()])
            let answer = try plane.call("POST", "/fleet/v1/credentials", body: CanonicalJSON.encode(request))
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertFalse(answer.text.contains("sk-secret"))
            let decoded: CredentialAnswer = try StrictJSONDecoder.decode(from: answer.body)
            XCTAssertEqual(decoded.credentials.map(\.id), [id])
            let sealed = try XCTUnwrap(Base64.decode(decoded.credentials[0].sealed))
            let opened = try SealedBox.open(
                sealed, with: key,
                associatedData: CredentialAnswer.SealedCredential.associatedData(id: id, version: 3))
            XCTAssertEqual(String(decoding: opened, as: UTF8.self), "sk-secret")
        }
    }

    func testUsageIsAcknowledgedOnceAndAGapSaysWhatIsMissing() throws {
        try withPlane { plane in
            let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: 0)
            let settle = UsageSamples.settle(UsageSamples.intent(.random()), index: 0)
            let batch = UsageBatch(stream: stream, firstSequence: 1, records: [.settle(settle)])
            for _ in 1...2 {
                let answer = try plane.call("POST", "/fleet/v1/usage", body: batch.encode())
                XCTAssertEqual(answer.status, 200, answer.text)
                let acknowledgement: UsageAcknowledgement = try StrictJSONDecoder.decode(from: answer.body)
                XCTAssertEqual(acknowledgement.acknowledgedSequence, 1)
            }
            let late = UsageBatch(stream: stream, firstSequence: 5, records: [.settle(settle)])
            let gap = try plane.call("POST", "/fleet/v1/usage", body: late.encode())
            XCTAssertEqual(gap.status, 409)
            XCTAssertEqual(gap.json["acknowledgedSequence"] as? Int, 1)
            XCTAssertEqual(gap.json["expectedSequence"] as? Int, 2)
            var broken = batch.encode()
            broken[broken.count - 1] ^= 1
            XCTAssertEqual(try plane.call("POST", "/fleet/v1/usage", body: broken).status, 400)
        }
    }

    func testWithoutTheDatabaseSnapshotsAreServedAndTheRestSays503() throws {
        let server = try TemporaryPostgres()
        let settings = PostgresSettings(connectionString: try server.createDatabase())
        let database = try ControlPlaneDatabase.make(in: settings)
        let plane = try RunningControlPlane(database)
        let first = try plane.call("GET", "/fleet/v1/manifest")
        XCTAssertEqual(first.status, 200)
        let envelope: SignedEnvelope = try StrictJSONDecoder.decode(from: first.body)
        let manifest = try XCTUnwrap(Manifest(payload: try XCTUnwrap(Base64.decode(envelope.payload))))
        let batch = UsageBatch(
            stream: StreamID(nodeID: .random(), incarnation: .random(), thread: 0), firstSequence: 1,
            records: [.settle(UsageSamples.settle(UsageSamples.intent(.random()), index: 0))]
        ).encode()

        try server.stop()
        XCTAssertEqual(try plane.call("GET", "/fleet/v1/manifest").status, 200)
        XCTAssertEqual(try plane.call("GET", "/fleet/v1/blobs/\(manifest.blobs[0].sha256)").status, 200)
        XCTAssertEqual(
            try plane.call("POST", "/fleet/v1/heartbeat", body: CanonicalJSON.encode(Self.heartbeat(.random()))).status,
            200)
        let stranger = try plane.call("GET", "/fleet/v1/manifest", token: AccessToken.generate(.node).text)
        XCTAssertEqual(stranger.status, 503, "cannot verify is not a 401")
        let usage = try plane.call("POST", "/fleet/v1/usage", body: batch)
        XCTAssertEqual(usage.status, 503)
        XCTAssertEqual(usage.header("retry-after"), "1")
        XCTAssertEqual(try plane.call("GET", "/readyz").status, 200, "data planes can be served")
        XCTAssertTrue(try plane.call("GET", "/readyz").text.contains(#""database":"unavailable""#))

        try server.start()
        try waitUntil("usage is taken again", timeout: .seconds(10)) {
            try plane.call("POST", "/fleet/v1/usage", body: batch).status == 200
        }
        try plane.stop()
        try server.stop()
    }

    func testHealthAndMetricsAreThere() throws {
        try withPlane { plane in
            XCTAssertEqual(try plane.call("GET", "/healthz", token: "").status, 200)
            XCTAssertEqual(try plane.call("GET", "/readyz", token: "").status, 200)
            try waitUntil("the gauges are set") {
                try plane.call("GET", "/metrics", token: "").text.contains("weir_control_snapshot_version 1\n")
            }
            let caller = HTTPCaller(port: plane.adminPort)
            XCTAssertEqual(try caller.send("GET", "/readyz").status, 200)
            XCTAssertEqual(try caller.send("GET", "/api/v1/organizations").status, 404)
            caller.close()
        }
    }

    func testAPortThatIsTakenIsSaidWithItsSetting() throws {
        try withPlane { plane in
            let database = plane.database
            let taken = Int(plane.fleetPort)
            try onLoop { actor in
                var configuration = ControlPlaneConfiguration()
                configuration.databaseURL = Secret(database.settings.connectionString)
                configuration.adminPort = 0
                configuration.fleetPort = taken
                let second = ControlPlane(
                    configuration, keys: ControlPlaneKeys(signing: database.signing, vault: database.vault),
                    on: actor.loop, logOutput: LogOutput(descriptor: 2, level: .error)
                ) { _ in { _, _ in } }
                await assertThrows(
                    CommandFailure(
                        "port \(taken) on 127.0.0.1 is taken by another process: choose another with --fleet-port or WEIR_FLEET_PORT"
                    )
                ) { try await second.start() }
                await second.stop()
            }
        }
    }
}

import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// The prober with real sockets: whom it asks, with what, and when it stops.
final class ProberTests: UpstreamTestCase {
    /// What the prober tells.
    ///
    /// Concurrency: on the loop of the test only.
    private final class Told: @unchecked Sendable {
        var findings: [ObjectID: [ProviderProbe.Finding]] = [:]
        var fleet: [(targets: [String], isDown: Bool)] = []
        let level: LevelSignal
        init(on loop: EventLoop) { level = LevelSignal(on: loop) }
    }

    /// - Parameter change: of the only provider, at `port`, which is asked each second.
    private static func snapshot(
        _ port: UInt16, version: UInt64 = 1, secrets: [String?] = ["sk-0"], isRouted: Bool = true,
        _ change: (inout PolicyDocument.Provider) -> Void = { _ in }
    ) -> Snapshot {
        var document = SnapshotForge.policy
        document.providers = [document.providers[0]]
        document.providers[0].baseURL = "http://127.0.0.1:\(port)/v1"
        document.providers[0].probe = .init(intervalSeconds: 1, timeoutMilliseconds: 200, failures: 1)
        let ids = secrets.indices.map(RoutingFixture.credentialID)
        document.providers[0].credentialID = ids.count == 1 ? ids[0] : nil
        document.providers[0].credentialIDs = ids.count > 1 ? ids : nil
        change(&document.providers[0])
        document.routes = isRouted ? [document.routes[0]] : []
        let made = SnapshotForge().make(version: version, blobs: [])
        let decoded = DecodedSnapshot(
            manifest: made.manifest, policy: document, shards: Array(repeating: nil, count: 256))
        let known = zip(ids, secrets).compactMap { id, secret in secret.map { (id, Array($0.utf8)) } }
        return Snapshot(decoded, credentials: Dictionary(uniqueKeysWithValues: known))
    }

    private static func prober(_ told: Told, on loop: EventLoop) -> Prober {
        Prober(
            on: loop, caBundlePath: nil, registry: MetricsRegistry(), tokens: { _ in nil },
            tellLoops: { news in
                guard case .probed(let id, let finding) = news else { return }
                told.findings[id, default: []].append(finding)
                told.level.raise()
            }, tellFleet: { told.fleet.append(($0.map(\.modelName), $1 != nil)) })
    }

    private static func wait(_ signal: LevelSignal, for level: UInt64) async throws {
        let reached = await signal.wait(beyond: level - 1, timeout: .seconds(20))
        if reached < level { throw TestFailure("waited for \(level), got \(reached)") }
    }

    func testTheTargetOfAShadowIsAmongThoseOfItsProvider() {
        var policy = SnapshotForge.policy
        var target = policy.routes[0].targets[0]
        target.upstreamModelName = "copy"
        policy.routes[0].shadow = .init(
            target: target, share: 1, secretSHA256: SnapshotForge.entry(0xab).secretSHA256)
        let names = Prober.targets(of: policy)[target.providerID]?.map(\.modelName) ?? []
        XCTAssertTrue(names.contains("copy"), "\(names)")
    }

    func testAProviderIsAskedUntilNoRouteNamesIt() throws {
        try onLoop { actor in
            let loop = actor.loop
            let provider = try Provider("up", on: loop)
            defer { provider.stop() }
            let told = Told(on: loop)
            let prober = Self.prober(told, on: loop)
            defer { prober.stop() }
            prober.use(Self.snapshot(provider.port))
            try await Self.wait(told.level, for: 2)
            XCTAssertEqual(provider.accepted, 1, "on one connection")
            let asked = provider.requests
            prober.use(Self.snapshot(provider.port, version: 2, isRouted: false))
            XCTAssertFalse(prober.believes(.probed(SnapshotForge.policy.providers[0].id, .up(asOf: .now()))))
            let other = try Provider("other", on: loop)
            defer { other.stop() }
            // As long as it takes until another one is asked twice.
            let second = Told(on: loop)
            let others = Self.prober(second, on: loop)
            defer { others.stop() }
            others.use(Self.snapshot(other.port))
            try await Self.wait(second.level, for: 2)
            XCTAssertEqual(provider.requests, asked)
        }
    }

    func testOneThatHangsIsDownAndAnotherAddressIsAnotherProvider() throws {
        try onLoop { actor in
            let loop = actor.loop
            let silent = try Provider("silent", holds: true, on: loop)
            let up = try Provider("up", on: loop)
            defer {
                silent.stop()
                up.stop()
            }
            let told = Told(on: loop)
            let prober = Self.prober(told, on: loop)
            defer { prober.stop() }
            prober.use(Self.snapshot(silent.port))
            let id = SnapshotForge.policy.providers[0].id
            let rumour = HealthNews.probed(id, .failed(isDown: true, until: .now()))
            XCTAssertTrue(prober.believes(rumour), "nothing is known yet")
            try await Self.wait(told.level, for: 1)
            guard case .failed(isDown: true, _)? = told.findings[id]?.last else { return XCTFail("\(told.findings)") }
            XCTAssertTrue(prober.believes(rumour))
            prober.use(Self.snapshot(up.port, version: 2))
            try await Self.wait(told.level, for: 2)
            guard case .up? = told.findings[id]?.last else { return XCTFail("\(told.findings)") }
            XCTAssertFalse(prober.believes(rumour), "it has answered here")
            XCTAssertEqual(told.fleet.map(\.isDown), [true, false])
        }
    }

    func testNobodyIsAskedWithoutACredentialThatCanBeUsed() throws {
        XCTAssertNil(ProbeCall(Self.snapshot(1, secrets: [nil])))
        XCTAssertNil(ProbeCall(Self.snapshot(1, secrets: ["a\r\nb: c"])))
        let several = try XCTUnwrap(ProbeCall(Self.snapshot(1, secrets: ["sk-0", nil, "sk-2"])))
        XCTAssertEqual(
            (0...2).map { several.text($0) },
            ["authorization: Bearer sk-0\r\n", "authorization: Bearer sk-2\r\n", "authorization: Bearer sk-0\r\n"])
        XCTAssertEqual(several.url, "http://127.0.0.1:1/v1/models")
        let none = try XCTUnwrap(ProbeCall(Self.snapshot(1, secrets: [])))
        XCTAssertEqual(none.text(), "")
    }

    func testAProbeIsSpokenAsTheProviderIs() throws {
        func call(_ secret: String, _ change: (inout PolicyDocument.Provider) -> Void) throws -> ProbeCall {
            try XCTUnwrap(ProbeCall(Self.snapshot(1, secrets: [secret], change)))
        }
        let anthropic = try call("sk-a") {
            ($0.dialect, $0.baseURL, $0.probe!.path) = (.anthropic, "http://a", "/v1/models")
        }
        XCTAssertEqual(anthropic.text(), "x-api-key: sk-a\r\nanthropic-version: 2023-06-01\r\n")
        XCTAssertEqual(anthropic.url, "http://a/v1/models")
        let gemini = try call("g") { $0.dialect = .gemini }
        XCTAssertEqual(gemini.text(), "x-goog-api-key: g\r\n")
        let azure = try call("sk-z") { ($0.credentialField, $0.query) = ("api-key", "api-version=2024-10-21") }
        XCTAssertEqual(azure.text(), "api-key: sk-z\r\n")
        XCTAssertEqual(azure.url, "http://127.0.0.1:1/v1/models?api-version=2024-10-21")
    }

    func testAProbeIsSignedWhereRequestsAre() throws {
        let secret = #"{"access_key_id":"AKIDEXAMPLE","secret_access_key":"secret","session_token":"token"}"#
        let call = try XCTUnwrap(
            ProbeCall(
                Self.snapshot(1, secrets: [secret]) {
                    ($0.dialect, $0.region, $0.query) = (.bedrock, "us-east-1", "b=2&a=1")
                    ($0.baseURL, $0.probe!.path) = ("https://bedrock.example/prefix", Dialect.bedrock.probePath)
                }))
        var signer = SigV4(
            credentials: .init(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("secret"), sessionToken: Secret("token")),
            region: "us-east-1", service: "bedrock")
        let signature = signer.sign(
            .init(
                method: "GET", path: "/prefix/async-invoke", query: "b=2&a=1",
                headers: [.init("host", "bedrock.example")], payload: SHA256.digest([])), unixSeconds: 1_769_904_000)
        XCTAssertEqual(
            call.text(now: 1_769_904_000),
            "authorization: \(signature.authorization)\r\nx-amz-date: \(signature.date)\r\nx-amz-security-token: token\r\n"
        )
    }

    func testAProbeCarriesTheTokenThatThereIs() throws {
        let secret = String(decoding: try ServiceAccountTests.secret(), as: UTF8.self)
        let call = try XCTUnwrap(
            ProbeCall(
                Self.snapshot(1, secrets: [secret]) {
                    ($0.dialect, $0.credentialKind) = (.gemini, .serviceAccount)
                }))
        let line = "authorization: Bearer ya29\r\n"
        let token = AccessToken(line: Array(line.utf8), goodUntil: .distantFuture)
        XCTAssertEqual(call.text { $0 == RoutingFixture.credentialID(0) ? token : nil }, line)
        XCTAssertEqual(call.text(), "", "what answers to nobody is there too")
    }

    func testWhatSaysThatAProviderIsUp() {
        let up = [200, 204, 301, 400, 401, 403, 404, 405, 409, 425, 429]
        let down = [408, 500, 501, 502, 503, 504, 505, 529, 599]
        for (statuses, isUp) in [(up, true), (down, false)] {
            for status in statuses {
                XCTAssertEqual(ProbeCall.isUp(OutcomeClass(status: status, complaint: .none)), isUp, "\(status)")
            }
        }
        let kinds: [CurlError.Kind] = [
            .connect, .connectTimeout, .certificate, .tls, .lost, .firstByteTimeout, .totalTimeout, .malformed, .cut,
        ]
        for kind in kinds {
            XCTAssertFalse(ProbeCall.isUp(OutcomeClass(AttemptError(CurlError(kind)))), kind.rawValue)
        }
    }
}

extension ProbeCall {
    fileprivate init?(_ snapshot: Snapshot) {
        let provider = snapshot.policy.providers[0]
        self.init(provider, provider.probe!, CompiledCredentials.all(of: snapshot)[provider.id])
    }

    fileprivate func text(
        _ number: UInt64 = 0, now: Int64 = 0, _ token: (ObjectID) -> AccessToken? = { _ in nil }
    ) -> String {
        String(decoding: lines(number: number, nowUnixSeconds: now, token: token), as: UTF8.self)
    }
}

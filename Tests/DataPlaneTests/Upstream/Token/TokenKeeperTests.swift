import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// The keeper of tokens with a real token endpoint: whose key it exchanges, with what, and whom it tells.
final class TokenKeeperTests: XCTestCase {
    /// What the keeper tells.
    ///
    /// Concurrency: on the loop of the test only.
    private final class Told: @unchecked Sendable {
        var news: [TokenNews] = []
        let level: LevelSignal
        init(on loop: EventLoop) { level = LevelSignal(on: loop) }

        func add(_ news: [TokenNews]) {
            self.news += news
            for _ in news { level.raise() }
        }

        func wait(for count: UInt64) async throws {
            let reached = await level.wait(beyond: count - 1, timeout: .seconds(20))
            if reached < count { throw TestFailure("\(reached) news, want \(count)") }
        }

        /// The token, or else the failure.
        var said: [String] {
            news.map { news in
                news.token.map { String(decoding: $0.line.dropFirst(22).dropLast(2), as: UTF8.self) }
                    ?? news.failure?.rawValue ?? "-"
            }
        }
    }

    /// Gives the tokens `1`, `2` and so on, as long as it may.
    private final class Endpoint: Sendable {
        let server: LoopServer

        init() throws {
            let counter = Counter()
            server = try LoopServer { request, responder, _ in
                let form = String(decoding: request.body, as: UTF8.self)
                let isRight =
                    request.method == "POST" && request.path == "/token"
                    && request.headers.first("content-type") == "application/x-www-form-urlencoded"
                    && form.hasPrefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey")
                await responder.respond(
                    status: isRight ? 200 : 400, headers: [],
                    body: Array(#"{"access_token":"\#(counter.next())","expires_in":3600}"#.utf8))
            }
        }
    }

    /// Concurrency: on the loop of the server only.
    private final class Counter: @unchecked Sendable {
        private var count = 0
        func next() -> Int {
            count += 1
            return count
        }
    }

    private static func snapshot(_ secrets: [[UInt8]], version: UInt64 = 1, isRouted: Bool = true) -> Snapshot {
        var document = SnapshotForge.policy
        document.providers = [document.providers[0]]
        document.providers[0].dialect = .gemini
        document.providers[0].credentialKind = .serviceAccount
        let ids = secrets.indices.map(RoutingFixture.credentialID)
        document.providers[0].credentialID = ids.count == 1 ? ids[0] : nil
        document.providers[0].credentialIDs = ids.count > 1 ? ids : nil
        document.routes = isRouted ? [document.routes[0]] : []
        let made = SnapshotForge().make(version: version, blobs: [])
        let decoded = DecodedSnapshot(
            manifest: made.manifest, policy: document, shards: Array(repeating: nil, count: 256))
        return Snapshot(decoded, credentials: Dictionary(uniqueKeysWithValues: zip(ids, secrets)))
    }

    private static func secret(_ port: UInt16, _ changes: [(String, JSONValue?)] = []) throws -> [UInt8] {
        try ServiceAccountTests.secret([("token_uri", .string("http://127.0.0.1:\(port)/token"))] + changes)
    }

    func testAKeyIsExchangedOnceAndAgainForAnotherKey() throws {
        let endpoint = try Endpoint()
        defer { endpoint.server.stop() }
        let port = endpoint.server.port
        try onLoop { actor in
            let told = Told(on: actor.loop)
            let keeper = TokenKeeper(on: actor.loop, caBundlePath: nil, registry: MetricsRegistry()) { told.add($0) }
            defer { keeper.stop() }
            let id = RoutingFixture.credentialID(0)
            keeper.use(Self.snapshot([try Self.secret(port)], isRouted: false))
            XCTAssertTrue(told.news.isEmpty, "nobody needs it")
            keeper.use(Self.snapshot([try Self.secret(port)]))
            try await told.wait(for: 2)
            XCTAssertEqual(told.said, ["-", "1"])
            XCTAssertEqual(keeper.token(of: id)?.line, Array("authorization: Bearer 1\r\n".utf8))
            // Told again, for a loop that has made room for it anew, and not exchanged again.
            keeper.use(Self.snapshot([try Self.secret(port)], version: 2))
            XCTAssertEqual(told.said, ["-", "1", "1"])
            keeper.use(Self.snapshot([try Self.secret(port, [("client_email", .string("other@x"))])], version: 3))
            try await told.wait(for: 5)
            XCTAssertEqual(told.said, ["-", "1", "1", "1", "2"])
            keeper.use(Self.snapshot([], version: 4))
            XCTAssertNil(keeper.token(of: id))
        }
    }

    func testAKeyThatIsNoneIsToldAndOthersServe() throws {
        let endpoint = try Endpoint()
        defer { endpoint.server.stop() }
        let port = endpoint.server.port
        try onLoop { actor in
            let told = Told(on: actor.loop)
            let keeper = TokenKeeper(on: actor.loop, caBundlePath: nil, registry: MetricsRegistry()) { told.add($0) }
            defer { keeper.stop() }
            let broken = try Self.secret(
                port, [("private_key", .string("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))])
            keeper.use(Self.snapshot([broken, try Self.secret(port)]))
            try await told.wait(for: 3)
            XCTAssertEqual(Set(told.said), ["-", "rejected", "1"])
            XCTAssertNil(keeper.token(of: RoutingFixture.credentialID(0)))
            XCTAssertNotNil(keeper.token(of: RoutingFixture.credentialID(1)))
        }
    }

    func testARefusalAndAnEndpointThatIsNotThereAreToldApart() throws {
        let endpoint = try Endpoint()
        let port = endpoint.server.port
        try onLoop { actor in
            let told = Told(on: actor.loop)
            let registry = MetricsRegistry()
            let keeper = TokenKeeper(on: actor.loop, caBundlePath: nil, registry: registry) { told.add($0) }
            defer { keeper.stop() }
            // Another path is refused there.
            keeper.use(
                Self.snapshot([
                    try ServiceAccountTests.secret([("token_uri", .string("http://127.0.0.1:\(port)/other"))])
                ]))
            try await told.wait(for: 2)
            XCTAssertEqual(told.said, ["-", "rejected"])
            endpoint.server.stop()
            keeper.use(Self.snapshot([try Self.secret(port)], version: 2))
            try await told.wait(for: 4)
            XCTAssertEqual(told.said[3], "unavailable")
            let text = String(decoding: registry.render(), as: UTF8.self)
            for outcome in ["granted\"} 0", "rejected\"} 1", "unavailable\"} 1"] {
                XCTAssertTrue(text.contains("outcome=\"\(outcome)"), text)
            }
        }
    }
}

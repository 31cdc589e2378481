import DataPlane
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// The admin API over a database of its own. Every answer is held to what the OpenAPI document says of it.
final class AdminHarness {
    let api: AdminAPI
    let pool: PostgresPool
    let time: ManualTime
    let adminToken: String
    let viewerToken: String
    /// Everything that was answered, to look for secrets in.
    private(set) var answered = ""

    struct Reply {
        var status: Int
        var json: JSONValue
        var headers: [String: String]
        var text: String

        var etag: String { headers["etag"] ?? "" }
        var id: String { json["id"]?.string ?? "" }
        subscript(name: String) -> JSONValue? { json[name] }
        /// What the problem says of its fields: path to message.
        var errors: [String: String] {
            Dictionary(
                (json["errors"]?.array ?? []).map { ($0["field"]?.string ?? "?", $0["message"]?.string ?? "") },
                uniquingKeysWith: { "\($0); \($1)" })
        }
        var problem: String { (json["type"]?.string ?? "").replacingOccurrences(of: Problem.typePrefix, with: "") }
    }

    /// Runs `body` with a harness over a database that is new.
    static func run(timeout: Duration = .seconds(60), _ body: @escaping @Sendable (AdminHarness) async throws -> Void)
        throws
    {
        let connection = try TemporaryPostgres.shared.get().createDatabase("admin")
        try onLoop(timeout: timeout) { actor in
            let pool = PostgresPool(
                on: actor.loop,
                options: .init(settings: PostgresSettings(connectionString: connection), connectionsMax: 4))
            defer { pool.close() }
            _ = try await Migrator(pool: pool).migrate()
            let harness = try await AdminHarness(pool: pool)
            try await body(harness)
        }
    }

    private init(pool: PostgresPool) async throws {
        self.pool = pool
        time = ManualTime(unixMilliseconds: 1_800_000_000_000)
        let vault = try CredentialVault(key: Array(repeating: 7, count: 32))
        adminToken = AccessToken.generate(.administrator).text
        viewerToken = AccessToken.generate(.administrator).text
        try await pool.execute(
            "INSERT INTO fleet_state (fleet, signing_key_id, encryption_key_id) VALUES ('test', 'k', $1)",
            [.text(vault.keyID)])
        for (name, token) in [("root", adminToken), ("viewer", viewerToken)] {
            try await pool.execute(
                "INSERT INTO admin_tokens (id, name, role, sha256) VALUES ($1, $2, $3, $4)",
                [
                    .uuid(.random()), .text(name), .text(name == "root" ? "admin" : "viewer"),
                    .bytes(SHA256.digest(Array(token.utf8)).bytes),
                ])
        }
        let counter = Counter()
        api = AdminAPI(
            database: pool, vault: vault, apiVersion: "1.2.3", time: time,
            log: Logger("test", to: LogOutput(descriptor: -1)), makeReplay: Self.makeReplay,
            onPublication: { counter.value += 1 })
        publicationCount = counter
    }

    static func makeReplay(_ policy: PolicyDocument, keys: [KeyShard.Entry]) throws(ReplayProblem) -> any DecisionReplay
    {
        try PolicyReplay(policy, keys: keys)
    }

    private final class Counter { var value = 0 }
    private let publicationCount: Counter
    var publicationsSoFar: Int { publicationCount.value }

    // MARK: Calls

    /// `token` nil: the admin's; empty: none.
    @discardableResult
    func call(
        _ method: String, _ target: String, _ body: String? = nil, ifMatch: String? = nil, key: String? = nil,
        token: String? = nil,
        headers: [(String, String)] = [], line: UInt = #line
    ) async -> Reply {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        var request = AdminRequest(method: method, path: parts[0])
        if parts.count == 2 {
            request.query = parts[1].split(separator: "&").map { pair in
                let sides = pair.split(separator: "=", maxSplits: 1).map { HTTPRequest.percentDecoded($0) }
                return (name: sides[0], value: sides.count == 2 ? sides[1] : "")
            }
        }
        request.headers = headers.map { (name: $0.0, value: $0.1) }
        let token = token ?? adminToken
        if !token.isEmpty { request.headers.append((name: "Authorization", value: "Bearer \(token)")) }
        if let body {
            request.body = Array(body.utf8)
            if request.header("content-type") == nil {
                request.headers.append((name: "Content-Type", value: "application/json"))
            }
        }
        if let ifMatch { request.headers.append((name: "If-Match", value: ifMatch)) }
        if let key { request.headers.append((name: "Idempotency-Key", value: key)) }
        let answer = await api.answer(request)
        return check(request, answer, line: line)
    }

    private func check(_ request: AdminRequest, _ answer: Answer, line: UInt) -> Reply {
        let text = String(decoding: answer.body, as: UTF8.self)
        answered += text + "\n"
        let headers = Dictionary(
            answer.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        XCTAssertNotNil(headers["x-request-id"], line: line)
        let json = (try? JSONValue(parsing: answer.body)) ?? .null
        if answer.status >= 400 {
            XCTAssertEqual(answer.contentType, Problem.contentType, line: line)
            XCTAssertEqual(OpenAPIDocument.problemSchema.problems(in: json), [], line: line)
        }
        if case .found(let endpoint, _) = api.router.match(method: request.method, rawPath: request.path) {
            let described =
                [endpoint.success.status] + OpenAPIDocument.problems(of: endpoint).map(\.status)
            XCTAssertTrue(
                described.contains(answer.status), "\(endpoint.operationID) answered \(answer.status): \(text)",
                line: line)
            if answer.status < 400 {
                XCTAssertEqual(headers["etag"] != nil, endpoint.answersRevision, endpoint.operationID, line: line)
                XCTAssertEqual(headers["location"] != nil, answer.status == 201, endpoint.operationID, line: line)
            }
            if answer.status < 400,
                let content = endpoint.success.contents.first(where: { $0.type == answer.contentType })
            {
                XCTAssertEqual(content.schema.problems(in: json), [], "\(endpoint.operationID): \(text)", line: line)
            }
        }
        return Reply(status: answer.status, json: json, headers: headers, text: text)
    }

    /// Creates something and expects it to work.
    func create(_ plural: String, _ body: String, line: UInt = #line) async -> Reply {
        let reply = await call("POST", "/api/v1/\(plural)", body, line: line)
        XCTAssertEqual(reply.status, 201, reply.text, line: line)
        return reply
    }

    /// An organization and a team in it.
    func tenancy() async -> (organization: Reply, team: Reply) {
        let organization = await create("organizations", #"{"name": "acme"}"#)
        let team = await create("teams", #"{"name": "search", "organization": "acme"}"#)
        return (organization, team)
    }

    /// A provider and a model, so that routes can be made.
    func upstream() async {
        _ = await create("providers", #"{"name": "stub", "base_url": "http://127.0.0.1:9"}"#)
        _ = await create(
            "models",
            #"{"name": "m1", "prices": [{"input_picodollars_per_token": 5, "output_picodollars_per_token": 7}]}"#)
    }
}

extension AdminHarness {
    /// All names of a list, page by page.
    func names(_ target: String, limit: Int) async -> [String] {
        var names: [String] = []
        var cursor: String?
        repeat {
            let separator = target.contains("?") ? "&" : "?"
            let page = await call("GET", "\(target)\(separator)limit=\(limit)" + (cursor.map { "&cursor=\($0)" } ?? ""))
            XCTAssertEqual(page.status, 200, page.text)
            let items = page["items"]?.array ?? []
            XCTAssertLessThanOrEqual(items.count, limit)
            names += items.compactMap { $0["name"]?.string }
            cursor = page["next_cursor"]?.string
        } while cursor != nil && names.count < 1000
        return names
    }
}

import Shared

/// Talks to the admin REST API.
///
/// - Concurrency: belongs to its loop.
final class AdminClient {
    struct Reply {
        var status: Int
        var etag: String?
        var body: [UInt8]
        var json: JSONValue
    }

    let connection: Connection
    private let curl: CurlClient
    private let loop: EventLoop

    private static let answerBytesMax = 256 << 20
    private static let attemptsMax = 3

    init(_ connection: Connection, on loop: EventLoop) {
        self.connection = connection
        self.loop = loop
        curl = CurlClient(on: loop)
    }

    func get(_ path: String, query: [(name: String, value: String)] = []) async throws -> Reply {
        try await send("GET", path, query: query)
    }

    /// Carries an idempotency key, so that it can be sent again when the answer got lost.
    func post(_ path: String, _ body: JSONValue?) async throws -> Reply {
        try await send(
            "POST", path, body: body.map { ($0, "application/json") },
            headers: [(name: "Idempotency-Key", value: ObjectID.random().description)])
    }

    /// Of what changes nothing: nothing has to be remembered of it.
    func evaluate(_ path: String, _ body: JSONValue) async throws -> Reply {
        try await send("POST", path, body: (body, "application/json"))
    }

    func patch(_ path: String, _ body: JSONValue, revision: String) async throws -> Reply {
        try await send(
            "PATCH", path, body: (body, "application/merge-patch+json"), headers: [(name: "If-Match", value: revision)])
    }

    func delete(_ path: String, revision: String) async throws {
        _ = try await send("DELETE", path, headers: [(name: "If-Match", value: revision)])
    }

    /// Every row of a list, page by page, up to `limit`.
    func list(_ path: String, query: [(name: String, value: String)], limit: Int) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var cursor: String?
        repeat {
            var query = query + [(name: "limit", value: String(min(200, limit - items.count)))]
            if let cursor { query.append((name: "cursor", value: cursor)) }
            let page = try await get(path, query: query).json
            items += page["items"]?.array ?? []
            cursor = page["next_cursor"]?.string
        } while cursor != nil && items.count < limit
        return items
    }

    // MARK: One call

    private struct Request {
        var method: String
        var url: String
        var fields: HTTPHeaders
        var body: [UInt8]?
    }

    private func send(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [],
        body: (JSONValue, type: String)? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> Reply {
        var url = "\(connection.url)/api/v1/\(path)"
        if !query.isEmpty {
            url += "?" + query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        }
        var fields: HTTPHeaders = [
            ("Authorization", "Bearer \(connection.token)"), ("Accept", "application/json"), ("User-Agent", "weir"),
        ]
        for header in headers { fields.add(header.name, header.value) }
        if let body { fields.add("Content-Type", body.type) }
        let request = Request(
            method: method, url: url, fields: fields, body: body?.0.bytes ?? (method == "POST" ? [] : nil))
        return try reply(try await repeating(request, isRepeatable: method == "GET" || method == "POST"))
    }

    /// A GET is harmless twice, and so is a POST with its key; a change with a revision would be refused the second time.
    private func repeating(_ request: Request, isRepeatable: Bool) async throws -> CurlResponse {
        for attempt in 1... {
            let isLast = !isRepeatable || attempt == Self.attemptsMax
            do throws(CurlError) {
                let response = try await curl.send(
                    method: request.method, url: request.url, headers: request.fields,
                    body: request.body.map(ByteBuffer.init),
                    timeout: .seconds(60),
                    bodyBytesMax: Self.answerBytesMax)
                if isLast || !Self.isWorthRepeating(response) { return response }
                await loop.sleep(for: .seconds(1))
            } catch {
                if isLast || error.sentNothing { throw unreachable(error) }
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    private static func isWorthRepeating(_ response: CurlResponse) -> Bool {
        response.status == 503
            || response.status == 409
                && String(decoding: response.body, as: UTF8.self).contains("/request-in-progress\"")
    }

    private func unreachable(_ error: CurlError) -> CommandError {
        CommandError(
            """
            cannot reach the control plane at \(connection.url) (\(connection.urlSource)): \(error)
            Check that weir-control runs there and that the port is its adminPort (7070 unless configured). --url or WEIR_URL names another.
            """)
    }

    private func reply(_ response: CurlResponse) throws -> Reply {
        let json = (try? JSONValue(parsing: response.body)) ?? .null
        guard (200..<300).contains(response.status) else { throw Self.refusal(response.status, json, connection) }
        return Reply(status: response.status, etag: response.headers.first("etag"), body: response.body, json: json)
    }

    /// The problem in the control plane's own words, field by field.
    private static func refusal(_ status: Int, _ problem: JSONValue, _ connection: Connection) -> CommandError {
        guard let title = problem["title"]?.string else {
            return CommandError(
                "\(connection.url) answered \(status) and not as a control plane does. Is it the right URL?")
        }
        var lines = ["\(title) (\(status)). \(problem["detail"]?.string ?? "")"]
        for error in problem["errors"]?.array ?? [] {
            let field = error["field"]?.string ?? ""
            lines.append("  \(field.isEmpty ? "the body" : field): \(error["message"]?.string ?? "")")
        }
        if status >= 500, let id = problem["request_id"]?.string { lines.append("  request \(id)") }
        return CommandError(lines.joined(separator: "\n"), status: status)
    }
}

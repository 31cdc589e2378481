public import Shared

/// The admin API of the control plane: everything under `/api/v1`.
///
/// - Shape: one request is one transaction: who calls, what an idempotency key remembers, the change, its audit and its mark
///   for the publisher commit together or not at all.
public final class AdminAPI {
    /// Of the API, in its document: the major number is the one in the paths.
    public static let version = "1.0.0"
    /// Far above any sensible document of this API.
    static let bodyBytesMax = 1 << 20

    let router: Router
    private let database: PostgresPool
    private let vault: CredentialVault
    private let time: any TimeSource
    private let log: Logger
    /// Called after the commit of a change that data planes must learn of.
    private let onPublication: () -> Void
    private let openAPI: [UInt8]
    private let makeReplay: ReplayMaker

    public init(
        database: PostgresPool, vault: CredentialVault, apiVersion: String = AdminAPI.version,
        time: any TimeSource = SystemTime(),
        log: Logger = Logger("admin"), makeReplay: @escaping ReplayMaker, onPublication: @escaping () -> Void
    ) {
        self.makeReplay = makeReplay
        self.database = database
        self.vault = vault
        self.time = time
        self.log = log
        self.onPublication = onPublication
        let table = AdminEndpoint.table
        router = Router(table)
        openAPI = OpenAPIDocument.write(table, apiVersion: apiVersion).bytes
    }

    /// - Parameter makeReplay: how data planes decide, for plans; this module does not know it.
    public convenience init(_ services: ControlPlaneServices, makeReplay: @escaping ReplayMaker) {
        self.init(
            database: services.pool, vault: services.vault, time: services.time,
            log: Logger("admin", to: services.logOutput), makeReplay: makeReplay,
            onPublication: { services.configurationChanged() })
    }

    /// The handler for an `HTTPServer`.
    public func handle(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        let answer = await answer(AdminRequest(request))
        var headers = answer.headers.map { ($0.name, $0.value) }
        if let type = answer.contentType { headers.append(("Content-Type", type)) }
        await responder.respond(status: answer.status, headers: headers, body: answer.body)
    }

    func answer(_ request: AdminRequest) async -> Answer {
        let requestID = request.wantedRequestID ?? ObjectID.random(unixMilliseconds: time.unixMilliseconds).description
        var answer: Answer
        do {
            answer = try await serve(request, requestID)
        } catch {
            let problem = Problem.from(error)
            note(error, problem, request, requestID)
            answer = problem.answer(requestID: requestID)
        }
        answer.headers.append(.init(name: "X-Request-ID", value: requestID))
        // Answers may carry secrets, and none is good for longer than the moment.
        answer.headers.append(.init(name: "Cache-Control", value: "no-store"))
        return answer
    }

    // MARK: One request

    private func serve(_ request: AdminRequest, _ requestID: String) async throws -> Answer {
        let (endpoint, places) = try route(request)
        if endpoint.access == .open { return Answer(status: 200, body: openAPI) }
        guard request.body.count <= Self.bodyBytesMax else {
            throw Problem(
                kind: .bodyTooLarge,
                detail: "The body has \(request.body.count) bytes; at most \(Self.bodyBytesMax) are taken.")
        }
        let token = try Self.token(of: request)

        var hasPublication = false
        let answer = try await database.transaction(
            isolation: endpoint.isRehearsal ? .repeatableRead : .readCommitted, attempts: 3
        ) { transaction in
            let work = Work(
                database: transaction, vault: vault, administrator: try await administrator(token, in: transaction),
                requestID: requestID, remoteAddress: request.remoteAddress, now: time.unixMilliseconds)
            try Self.authorize(work.administrator, for: endpoint)
            let answer = try await once(request, endpoint, places, work)
            hasPublication = work.hasPublication
            return answer
        }
        if hasPublication { onPublication() }
        if endpoint.method != .get, !endpoint.isRehearsal {
            log.info(
                "change",
                [
                    "request_id": .string(requestID), "operation": .string(endpoint.operationID),
                    "status": .integer(answer.status),
                ])
        }
        return answer
    }

    private func route(_ request: AdminRequest) throws(Problem) -> (AdminEndpoint, places: [String: String]) {
        switch router.match(method: request.method, rawPath: request.path) {
        case .found(let endpoint, let places): return (endpoint, places)
        case .otherMethods(let methods):
            let allowed = methods.joined(separator: ", ")
            throw Problem(
                kind: .methodNotAllowed,
                detail: "\(request.method) does not work here; \(allowed) \(methods.count == 1 ? "does" : "do").",
                headers: [.init(name: "Allow", value: allowed)])
        case .unknown:
            throw Problem(
                kind: .unknownPath,
                detail: "There is nothing at this path. GET /api/v1/openapi.json describes all there is.")
        }
    }

    // MARK: Who may

    private static func token(of request: AdminRequest) throws(Problem) -> SHA256Digest {
        guard let text = request.bearerToken else {
            throw unauthenticated("Send an admin token: Authorization: Bearer weiradm_….")
        }
        guard let digest = AccessToken.digest(of: text, .administrator) else {
            throw unauthenticated(
                "This is not an admin token; it begins with weiradm_ and has 43 characters after that.")
        }
        return digest
    }

    private func administrator(_ token: SHA256Digest, in transaction: PostgresTransaction) async throws -> Administrator
    {
        guard
            let administrator = try await AdminTokenStore.administrator(
                holding: token, now: time.unixMilliseconds, in: transaction)
        else { throw Self.unauthenticated("The admin token is unknown, expired or revoked.") }
        return administrator
    }

    private static func unauthenticated(_ detail: String) -> Problem {
        Problem(
            kind: .unauthenticated, detail: detail,
            headers: [.init(name: "WWW-Authenticate", value: "Bearer realm=\"weir\"")])
    }

    private static func authorize(_ administrator: Administrator, for endpoint: AdminEndpoint) throws(Problem) {
        switch (endpoint.access, administrator.role) {
        case (.open, _), (.viewer, _), (.admin, .admin): return
        case (.admin, .viewer):
            throw Problem(
                kind: .forbidden,
                detail:
                    "The token \(administrator.name.quotedForMessage) has the role viewer, which reads only. Use a token with the role admin."
            )
        }
    }

    // MARK: Once

    /// Performs the request, or gives the answer it had before where its idempotency key says that it was performed.
    private func once(_ request: AdminRequest, _ endpoint: AdminEndpoint, _ places: [String: String], _ work: Work)
        async throws -> Answer
    {
        guard let key = try request.checkedIdempotencyKey(for: endpoint) else {
            return try await perform(request, endpoint, places, work)
        }
        let scope = "admin_token \(work.administrator.id)"
        let digest = request.digest
        guard try await IdempotencyStore.tryLock(scope: scope, key: key, in: work) else {
            throw Problem(
                kind: .requestInProgress,
                detail: "A request with this Idempotency-Key is being processed. Ask again in a moment for its answer.",
                headers: [.init(name: "Retry-After", value: "1")])
        }
        if let kept = try await IdempotencyStore.find(scope: scope, key: key, in: work) {
            guard kept.requestSHA256 == digest else {
                throw Problem(
                    kind: .idempotencyKeyReused,
                    detail:
                        "This Idempotency-Key came with another request within the last 24 hours. Use a new key for a new request."
                )
            }
            let body = try vault.open(answer: kept.sealedBody, scope: scope, key: key)
            return Answer(
                status: kept.status, headers: kept.headers + [.init(name: "Idempotent-Replayed", value: "true")],
                body: body)
        }
        let answer = try await perform(request, endpoint, places, work)
        try await IdempotencyStore.keep(
            KeptAnswer(
                requestSHA256: digest, status: answer.status, headers: answer.headers,
                sealedBody: vault.seal(answer: answer.body, scope: scope, key: key)),
            scope: scope, key: key, in: work)
        return answer
    }

    private func perform(_ request: AdminRequest, _ endpoint: AdminEndpoint, _ places: [String: String], _ work: Work)
        async throws -> Answer
    {
        let call = Call(
            work: work, places: places, queries: try request.checkedQuery(for: endpoint),
            body: try request.checkedBody(for: endpoint), revisions: try request.checkedRevisions(for: endpoint),
            accept: request.header("accept"), makeReplay: makeReplay)
        let answer = try await endpoint.respond(call)
        try await work.finish()
        return answer
    }

    /// What the caller does not get to see goes to the log, with the ID that the caller has.
    private func note(_ error: any Error, _ problem: Problem, _ request: AdminRequest, _ requestID: String) {
        guard problem.kind.status >= 500 else { return }
        log.warning(
            "request failed",
            [
                "request_id": .string(requestID), "method": .string(request.method), "path": .string(request.path),
                "problem": .string(problem.kind.rawValue), "error": .string("\(error)"),
            ])
    }
}

extension AdminRequest {
    init(_ request: HTTPRequest) {
        method = request.method
        path = request.path
        query = request.query
        headers = request.headers.fields.map { (name: $0.name, value: $0.value) }
        body = request.body
        remoteAddress = request.remoteAddress
    }

    /// What makes two requests the same request.
    var digest: SHA256Digest {
        let query = query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return SHA256.digest(Array("\(method) \(path)?\(query)\n".utf8) + body)
    }
}

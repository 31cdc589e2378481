public import Shared

/// What data planes talk to: `/fleet/v1/...` on its own port.
///
/// - Shape: every request carries a node token. Manifests, blobs and heartbeats are answered from memory, so they work while
///   PostgreSQL is away; usage, leases and credentials need it and say 503 then.
/// - Errors: `application/problem+json`.
/// - Concurrency: lives on one loop.
public final class FleetAPI {
    /// What a request may wait for a newer manifest.
    static let waitSecondsMax: Int64 = 30

    private let services: ControlPlaneServices
    private let ingest: UsageIngest
    private let leases: LeaseDesk
    private let recalls: RecallBoard
    private let log: Logger
    private let metrics: Metrics
    private var isDraining = false

    public init(_ services: ControlPlaneServices, usageLimits: UsageLimits = UsageLimits()) {
        self.services = services
        ingest = UsageIngest(
            pool: services.pool, time: services.time, registry: services.registry, limits: usageLimits)
        leases = LeaseDesk(on: services.loop, pool: services.lendingPool, registry: services.registry)
        recalls = RecallBoard(on: services.loop)
        log = Logger("fleet", to: services.logOutput)
        metrics = Metrics(services.registry)
    }

    /// Long polls end at once from here on.
    public func drain() {
        isDraining = true
        leases.drain()
        recalls.drain()
    }

    /// What this API wants to hear of from the database.
    static let channels = [LedgerStore.freedChannel, LedgerStore.recallChannel]

    /// Takes what the database said on one of `channels`.
    func heard(_ channel: String, _ payload: String) {
        switch channel {
        case LedgerStore.freedChannel:
            if let account = LedgerStore.account(payload) { leases.freed(account) }
        case LedgerStore.recallChannel: recalls.heard(payload)
        default: break
        }
    }

    /// What was said before is lost.
    func listeningAnew() { leases.freedAll() }

    public func handle(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        let started = services.loop.now
        var endpoint = "other"
        do throws(FleetProblem) {
            try await authenticate(request)
            switch request.path {
            case "/fleet/v1/manifest":
                endpoint = "manifest"
                try Self.require("GET", request)
                try await manifest(request, responder)
            case "/fleet/v1/usage":
                endpoint = "usage"
                try Self.require("POST", request)
                try await usage(request, responder)
            case "/fleet/v1/leases":
                endpoint = "leases"
                try Self.require("POST", request)
                let asked: LeaseRequest = try Self.decode(request.body)
                await Self.answer(try await leases.answer(asked, while: { !responder.peerIsGone }), responder)
            case "/fleet/v1/recalls":
                endpoint = "recalls"
                try Self.require("GET", request)
                try await recalls(request, responder)
            case "/fleet/v1/heartbeat":
                endpoint = "heartbeat"
                try Self.require("POST", request)
                try await heartbeat(request, responder)
            case "/fleet/v1/credentials":
                endpoint = "credentials"
                try Self.require("POST", request)
                try await credentials(request, responder)
            case ExplanationBatch.path:
                endpoint = "explanations"
                try Self.require("POST", request)
                let found = try ExplanationIntake.explanations(in: request.body)
                do throws(StoreError) { try await ExplanationStore.keep(found, services.pool) } catch {
                    throw problem(error)
                }
                await responder.respond(status: 204)
            case RefusalBatch.path:
                endpoint = "refusals"
                try Self.require("POST", request)
                let batch: RefusalBatch = try Self.decode(request.body)
                try RefusalIntake.check(batch)
                do throws(StoreError) { try await RefusalStore.keep(batch.refusals, services.pool) } catch {
                    throw problem(error)
                }
                await responder.respond(status: 204)
            case let path where path.hasPrefix(Self.blobPrefix):
                endpoint = "blob"
                try Self.require("GET", request)
                try await blob(path.dropFirst(Self.blobPrefix.count), responder)
            default: throw .notFound
            }
            metrics.count(endpoint, failed: false)
        } catch {
            metrics.count(endpoint, failed: true)
            log.log(
                error.status >= 500 ? .warning : .debug, "fleet request refused",
                [
                    "path": .string(request.path), "status": .integer(error.status), "detail": .string(error.detail),
                    "remote": .string(request.remoteAddress),
                    "milliseconds": .integer(started.duration(to: services.loop.now).wholeMilliseconds),
                ])
            var headers = [("content-type", "application/problem+json")]
            if let seconds = error.retryAfterSeconds { headers.append(("retry-after", String(seconds))) }
            if error.status == 401 { headers.append(("www-authenticate", "Bearer")) }
            await responder.respond(status: error.status, headers: headers, body: error.body)
        }
    }

    private static let blobPrefix = "/fleet/v1/blobs/"

    private static func require(_ method: String, _ request: HTTPRequest) throws(FleetProblem) {
        if request.method != method { throw .methodNotAllowed(method) }
    }

    private func authenticate(_ request: HTTPRequest) async throws(FleetProblem) {
        switch await services.nodeTokens.verify(authorization: request.headers.first("authorization")) {
        case .known: return
        case .unknown: throw .unauthorized
        case .unverifiable:
            throw FleetProblem(
                status: 503, title: "Unavailable",
                detail: "The node token cannot be verified while the database is away.",
                retryAfterSeconds: 1)
        }
    }

    // MARK: Snapshots

    private func manifest(_ request: HTTPRequest, _ responder: HTTPResponder) async throws(FleetProblem) {
        let after = try Self.number("after", in: request, default: 0, max: .max)
        let wait = try Self.number("wait", in: request, default: 0, max: UInt64(Self.waitSecondsMax))
        let end = services.loop.refreshedNow().advanced(by: .seconds(Int64(wait)))
        let version = services.snapshots.version
        // In slices, so that a caller that left and a server that stops are noticed.
        while version.level <= after, !isDraining, !responder.peerIsGone {
            let remaining = services.loop.refreshedNow().duration(to: end)
            if remaining <= .zero { break }
            _ = await version.wait(beyond: after, timeout: min(remaining, .seconds(1)))
        }
        guard version.level > after, let envelope = services.snapshots.envelope else {
            await responder.respond(status: 204)
            return
        }
        await responder.respond(
            status: 200,
            headers: [
                ("content-type", "application/json"), ("cache-control", "no-store"),
                ("x-weir-snapshot-version", String(version.level)),
            ], body: envelope)
    }

    private func blob(_ name: Substring, _ responder: HTTPResponder) async throws(FleetProblem) {
        guard let digest = SHA256Digest(hex: name) else {
            throw .badRequest("want 64 hexadecimal digits in lower case")
        }
        var bytes = services.snapshots.blob(digest)
        if bytes == nil {
            do throws(StoreError) { bytes = try await SnapshotStore.blob(digest, services.pool) } catch {
                throw problem(error)
            }
        }
        guard let bytes else { throw .notFound }
        await responder.respond(
            status: 200,
            headers: [
                ("content-type", "application/octet-stream"), ("cache-control", "private, max-age=31536000, immutable"),
                ("etag", "\"\(name)\""),
            ], body: bytes)
    }

    // MARK: Usage

    private func usage(_ request: HTTPRequest, _ responder: HTTPResponder) async throws(FleetProblem) {
        let batch: UsageBatch
        do { batch = try UsageBatch.decode(request.body) } catch {
            throw .badRequest("not a usage batch: \(error)")
        }
        let acknowledged: UInt64
        do throws(UsageIngest.Failure) { acknowledged = try await ingest.apply(batch) } catch {
            switch error {
            case .gap(let expected):
                throw FleetProblem(
                    status: 409, title: "Records are missing",
                    detail: "The batch begins at \(batch.firstSequence); the next record expected is \(expected).",
                    extra: [
                        (name: "acknowledgedSequence", value: Int64(expected) - 1),
                        (name: "expectedSequence", value: Int64(expected)),
                    ])
            case .outOfRange(let field): throw .badRequest("\(field) is out of range")
            case .store(let error): throw problem(error)
            }
        }
        await Self.answer(UsageAcknowledgement(acknowledgedSequence: acknowledged), responder)
    }

    // MARK: Leases

    private func recalls(_ request: HTTPRequest, _ responder: HTTPResponder) async throws(FleetProblem) {
        let wait = try Self.number("wait", in: request, default: 0, max: UInt64(Self.waitSecondsMax))
        for name in ["node", "incarnation"] where request.queryValue(name).flatMap({ ObjectID($0) }) == nil {
            throw .badRequest("\(name): want a UUID")
        }
        guard let incarnation = request.queryValue("incarnation").flatMap({ ObjectID($0) }) else {
            throw .badRequest("incarnation: want a UUID")
        }
        let answer = try await recalls.recalls(
            of: incarnation, wait: .seconds(Int64(wait)), while: { !responder.peerIsGone })
        await Self.answer(answer, responder)
    }

    // MARK: Nodes

    private func heartbeat(_ request: HTTPRequest, _ responder: HTTPResponder) async throws(FleetProblem) {
        let heartbeat: Heartbeat = try Self.decode(request.body)
        guard heartbeat.targetsOut?.count ?? 0 <= TargetOut.countMax else {
            throw .badRequest("targetsOut: at most \(TargetOut.countMax)")
        }
        let live = services.nodes.heard(heartbeat)
        await Self.answer(
            HeartbeatAnswer(
                controlPlaneUnixMilliseconds: services.time.unixMilliseconds,
                latestSnapshotVersion: services.snapshots.version.level, liveNodes: live,
                targetsOut: heartbeat.targetsOut == nil ? nil : services.nodes.targetsOut(besides: heartbeat.nodeID)),
            responder)
    }

    private func credentials(_ request: HTTPRequest, _ responder: HTTPResponder) async throws(FleetProblem) {
        let asked: CredentialRequest = try Self.decode(request.body)
        guard asked.credentialIDs.count <= CredentialRequest.countMax else {
            throw .badRequest("credentialIDs: at most \(CredentialRequest.countMax)")
        }
        guard let publicKey = Base64.decode(asked.sealingPublicKey), publicKey.count == 32 else {
            throw .badRequest("sealingPublicKey: want 32 bytes as base64")
        }
        var answer = CredentialAnswer(credentials: [])
        do throws(StoreError) {
            for stored in try await NodeAccessStore.ciphertexts(asked.credentialIDs, services.pool) {
                do {
                    let secret = try services.vault.open(
                        stored.ciphertext, credentialID: stored.id, version: stored.version)
                    let sealed = try SealedBox.seal(
                        secret, to: publicKey,
                        associatedData: CredentialAnswer.SealedCredential.associatedData(
                            id: stored.id, version: stored.version))
                    answer.credentials.append(
                        .init(id: stored.id, version: stored.version, sealed: Base64.encode(sealed)))
                } catch {
                    // The others are still of use. The data plane says which one it lacks.
                    log.error(
                        "stored credential cannot be opened",
                        ["credential": .text(stored.id), "error": .string("\(error)")])
                }
            }
        } catch { throw problem(error) }
        await Self.answer(answer, responder)
    }

    // MARK: Parts

    private func problem(_ error: StoreError) -> FleetProblem {
        if !error.isTransient { log.error("fleet request failed", ["error": .string("\(error)")]) }
        return .store(error)
    }

    private static func number(
        _ name: String, in request: HTTPRequest, default standard: UInt64, max: UInt64
    ) throws(FleetProblem) -> UInt64 {
        guard let text = request.queryValue(name) else { return standard }
        guard let number = UInt64(text), number <= max else { throw .badRequest("\(name): want an integer 0...\(max)") }
        return number
    }

    private static func decode<Value: Decodable>(_ body: [UInt8]) throws(FleetProblem) -> Value {
        do throws(StrictDecodingError) { return try StrictJSONDecoder.decode(from: body) } catch {
            throw .badRequest(error.description)
        }
    }

    private static func answer(_ value: some Encodable, _ responder: HTTPResponder) async {
        await responder.respond(
            status: 200, headers: [("content-type", "application/json"), ("cache-control", "no-store")],
            body: CanonicalJSON.encode(value))
    }

    private struct Metrics {
        private var cells: [String: (all: CounterCell, failed: CounterCell)] = [:]

        init(_ registry: MetricsRegistry) {
            for endpoint in [
                "manifest", "blob", "usage", "leases", "recalls", "heartbeat", "credentials", "explanations",
                "refusals",
                "other",
            ] {
                cells[endpoint] = (
                    all: registry.counter(
                        "weir_control_fleet_requests_total", help: "Requests of data planes.",
                        labels: ["endpoint": endpoint]),
                    failed: registry.counter(
                        "weir_control_fleet_request_failures_total",
                        help: "Of these, the ones that were refused or failed.",
                        labels: ["endpoint": endpoint])
                )
            }
        }

        func count(_ endpoint: String, failed: Bool) {
            cells[endpoint]?.all.add()
            if failed { cells[endpoint]?.failed.add() }
        }
    }
}

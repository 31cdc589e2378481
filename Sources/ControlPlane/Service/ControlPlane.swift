public import Shared

/// The running control plane: both APIs, the publisher and what goes with them, on one loop.
///
/// - Concurrency: lives on one loop.
public final class ControlPlane {
    public typealias AdminHandler = (HTTPRequest, HTTPResponder) async -> Void

    public let services: ControlPlaneServices
    private let configuration: ControlPlaneConfiguration
    private let fleetAPI: FleetAPI
    private let log: Logger
    private let listener: PostgresListener
    private let alerts: AlertWatch
    private let ledger: LedgerKeeper
    private let ending: LevelSignal
    private var adminServer: HTTPServer!
    private var fleetServer: HTTPServer!
    private var isStopping = false

    /// `makeAdminHandler` gets the services and answers everything on the admin port but health.
    public init(
        _ configuration: ControlPlaneConfiguration, keys: ControlPlaneKeys, on loop: EventLoop,
        logOutput: LogOutput = .standardError,
        makeAdminHandler: (ControlPlaneServices) -> AdminHandler
    ) {
        self.configuration = configuration
        var publisherOptions = Publisher.Options()
        publisherOptions.validity = .seconds(configuration.snapshotValiditySeconds)
        publisherOptions.renewal = .seconds(min(86_400, configuration.snapshotValiditySeconds / 4))
        let services = ControlPlaneServices(
            loop: loop, poolOptions: configuration.poolOptions, signer: keys.signer, vault: keys.vault,
            logOutput: logOutput, publisherOptions: publisherOptions)
        self.services = services
        log = Logger("control", to: logOutput)
        fleetAPI = FleetAPI(services, usageLimits: configuration.usageLimits)
        ending = LevelSignal(on: loop)
        alerts = AlertWatch(
            on: loop, pool: services.pool, registry: services.registry, time: services.time,
            log: Logger("alerts", to: logOutput))
        ledger = LedgerKeeper(
            on: loop, pool: services.pool, writeOffAfter: .seconds(configuration.ledgerWriteOffAfterSeconds),
            registry: services.registry, log: Logger("ledger", to: logOutput))
        listener = PostgresListener(
            on: loop, settings: configuration.postgres,
            channels: [ConfigurationChange.channel, SnapshotStore.channel] + FleetAPI.channels,
            onConnected: { [fleetAPI] in
                services.configurationChanged()
                fleetAPI.listeningAnew()
            },
            onNotification: { [fleetAPI] channel, payload in
                if FleetAPI.channels.contains(channel) {
                    fleetAPI.heard(channel, payload)
                    return
                }
                // What this process published itself needs no look.
                if channel == SnapshotStore.channel, let version = UInt64(payload),
                    version <= services.snapshots.version.level
                {
                    return
                }
                services.configurationChanged()
            })
        Self.registerMetrics(services)

        let adminHandler = makeAdminHandler(services)
        var adminOptions = HTTPServer.Options(host: configuration.adminHost, port: UInt16(configuration.adminPort))
        adminOptions.bodyBytesMax = 4 << 20
        adminServer = HTTPServer(on: loop, options: adminOptions) { [unowned self] request, responder in
            if await answerHealth(request, responder) { return }
            await adminHandler(request, responder)
        }
        var fleetOptions = HTTPServer.Options(host: configuration.fleetHost, port: UInt16(configuration.fleetPort))
        fleetOptions.bodyBytesMax = UsageBatch.bytesMax
        fleetServer = HTTPServer(on: loop, options: fleetOptions) { [unowned self, fleetAPI] request, responder in
            if await answerHealth(request, responder) { return }
            if request.path == "/metrics" {
                await responder.respond(
                    status: 200, headers: [("content-type", MetricsRegistry.contentType)],
                    body: services.registry.render())
                return
            }
            await fleetAPI.handle(request, responder)
        }
    }

    public var adminPort: UInt16 { adminServer.port }
    public var fleetPort: UInt16 { fleetServer.port }

    // MARK: Life

    /// Checks the database, binds both ports and begins to work.
    ///
    /// - Errors: `CommandFailure` that says what to do.
    public func start() async throws {
        try await checkDatabase()
        try listen(adminServer, configuration.adminHost, configuration.adminPort, "adminPort")
        try listen(fleetServer, configuration.fleetHost, configuration.fleetPort, "fleetPort")
        // The first snapshot is there before anybody is told that we are ready.
        do { try await services.publisher.publishIfNeeded() } catch {
            log.error("cannot publish yet", ["error": .string("\(error)")])
        }
        services.loop.launch { [services] in await services.publisher.run() }
        services.loop.launch { [listener] in await listener.run() }
        services.loop.launch { [self] in await keepHouse() }
        services.loop.launch { [alerts] in await alerts.run() }
        services.loop.launch { [ledger] in await ledger.run() }
        log.info(
            "control plane ready",
            [
                "admin_port": .integer(adminPort), "fleet_port": .integer(fleetPort),
                "snapshot": .integer(services.snapshots.version.level),
            ])
    }

    /// Stops taking requests, lets those in flight finish, closes the database.
    public func stop() async {
        if isStopping { return }
        isStopping = true
        log.info("control plane stopping")
        fleetAPI.drain()
        ending.raise(to: 1)
        let timeout = Duration.seconds(configuration.drainTimeoutSeconds)
        await adminServer.drain(timeout: timeout)
        await fleetServer.drain(timeout: timeout)
        services.publisher.stop()
        alerts.stop()
        ledger.stop()
        listener.stop()
        services.pool.close()
        services.lendingPool.close()
        log.info("control plane stopped")
    }

    private func listen(_ server: HTTPServer, _ host: String, _ port: Int, _ setting: String) throws(CommandFailure) {
        do throws(SystemError) { try server.listen() } catch {
            if error.isAddressInUse {
                let field = ControlPlaneConfiguration.fields.first { $0.path == setting }
                throw CommandFailure(
                    "port \(port) on \(host) is taken by another process: choose another with \(field?.flagName ?? setting) or \(field?.environmentName ?? "")"
                )
            }
            throw CommandFailure("cannot listen on \(host):\(port) (\(setting)): \(error)")
        }
    }

    private func checkDatabase() async throws {
        do {
            let missing = try await Migrator(pool: services.pool).missing()
            guard missing.isEmpty else {
                throw CommandFailure(
                    "the database lacks migrations \(missing): run weir-control init or weir-control migrate")
            }
        } catch MigrationError.store(let error) {
            throw CommandFailure("cannot reach the database: \(error.detail)")
        }
        guard let state = try await SnapshotStore.fleetState(services.pool) else {
            throw CommandFailure("the database is not initialised: run weir-control init")
        }
        guard state.encryptionKeyID == services.vault.keyID else {
            throw CommandFailure("\(configuration.encryptionKeyFile) is not the key this database was initialised with")
        }
        if configuration.fleet != ControlPlaneConfiguration().fleet, configuration.fleet != state.fleet {
            throw CommandFailure("the database belongs to the fleet \(state.fleet), not \(configuration.fleet)")
        }
        if state.signingKeyID != services.publisher.signer.keyID {
            log.warning(
                "snapshots are signed with another key than the one init made",
                ["initial": .string(state.signingKeyID), "now": .string(services.publisher.signer.keyID)])
        }
    }

    /// Partitions ahead of need, and what is old out of the way; every hour, and soon again after a failure.
    private func keepHouse() async {
        let usage = UsageKeeper(
            pool: services.pool, time: services.time, limits: configuration.usageLimits, registry: services.registry,
            log: log)
        while !isStopping {
            var pause = Duration.seconds(3600)
            do {
                try await usage.keep()
                try await NodeAccessStore.prune(services.pool)
                try await ExplanationStore.prune(services.pool)
                try await RefusalStore.prune(services.pool)
            } catch {
                log.warning("housekeeping failed", ["error": .string("\(error)")])
                pause = .seconds(60)
            }
            _ = await ending.wait(beyond: 0, timeout: pause)
        }
    }

    // MARK: Health

    /// `/healthz`: the process lives. `/readyz`: it can serve data planes, from memory if need be.
    private func answerHealth(_ request: HTTPRequest, _ responder: HTTPResponder) async -> Bool {
        switch request.path {
        case "/healthz":
            await responder.respond(status: 200, headers: [("content-type", "text/plain")], body: Array("ok\n".utf8))
        case "/readyz":
            let isReady = !isStopping && services.snapshots.version.level > 0
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("database", services.pool.isHealthy ? "available" : "unavailable")
            writer.member("ready", isReady)
            writer.member("snapshotVersion", services.snapshots.version.level)
            writer.member("stopping", isStopping)
            writer.endObject()
            await responder.respond(
                status: isReady ? 200 : 503, headers: [("content-type", "application/json")], body: writer.bytes)
        default: return false
        }
        return true
    }

    /// Gauges are set by a task of the loop: the scrape itself must not touch what lives there from outside.
    private static func registerMetrics(_ services: ControlPlaneServices) {
        ProcessMetrics.register(in: services.registry)
        let gauges =
            [
                ("weir_control_snapshot_version", "The newest snapshot.", { Int64($0.snapshots.version.level) }),
                (
                    "weir_control_snapshot_expires_unix_seconds", "When the newest snapshot expires.",
                    { ($0.snapshots.expiresUnixMilliseconds ?? 0) / 1000 }
                ),
                (
                    "weir_control_database_available", "1: the last attempt to reach PostgreSQL succeeded.",
                    { $0.pool.isHealthy ? 1 : 0 }
                ),
                (
                    "weir_control_database_connections", "Open connections to PostgreSQL.",
                    { Int64($0.pool.connectionCount) }
                ),
                (
                    "weir_control_database_waiters", "Callers that wait for a connection.",
                    { Int64($0.pool.waiterCount) }
                ),
                ("weir_control_nodes", "Data planes heard of within 15 seconds.", { Int64($0.nodes.liveHere) }),
            ] as [(String, String, (ControlPlaneServices) -> Int64)]
        let cells = gauges.map { (cell: services.registry.gauge($0.0, help: $0.1), read: $0.2) }
        services.loop.launch { [weak services] in
            while let loop = services?.loop {
                if let services { for (cell, read) in cells { cell.set(read(services)) } }
                await loop.sleep(for: .seconds(1))
            }
        }
    }
}

/// The keys a control plane needs, read from their files.
public struct ControlPlaneKeys: Sendable {
    public let signing: Ed25519PrivateKey
    public let vault: CredentialVault
    public var signer: SnapshotSigner { SnapshotSigner(key: signing) }

    public init(_ configuration: ControlPlaneConfiguration) throws(CommandFailure) {
        try self.init(
            signing: KeyFile.read(configuration.signingKeyFile, setting: "signingKeyFile"),
            encryption: KeyFile.read(configuration.encryptionKeyFile, setting: "encryptionKeyFile"))
    }

    /// What is wrong with the files, each with its setting.
    public static func problems(_ configuration: ControlPlaneConfiguration) -> [ConfigurationProblem] {
        let files = [
            ("signingKeyFile", configuration.signingKeyFile), ("encryptionKeyFile", configuration.encryptionKeyFile),
        ]
        return files.compactMap { setting, path in
            do throws(CommandFailure) {
                _ = try KeyFile.read(path, setting: setting)
                return nil
            } catch { return ConfigurationProblem(setting, error.description) }
        }
    }

    init(signing: Ed25519PrivateKey, vault: CredentialVault) {
        self.signing = signing
        self.vault = vault
    }

    init(signing: [UInt8], encryption: [UInt8]) throws(CommandFailure) {
        do {
            self.signing = try Ed25519PrivateKey(rawBytes: signing)
            vault = try CredentialVault(key: encryption)
        } catch { throw CommandFailure("a key has another length than 32 bytes") }
    }
}

extension StoreError {
    /// For a person.
    var detail: String {
        switch self {
        case .unavailable(let reason): reason
        case .other(let sqlstate, let message): "\(message) (SQLSTATE \(sqlstate))"
        default: "\(self)"
        }
    }
}

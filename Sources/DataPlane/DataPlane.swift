import Glibc
public import Shared

/// The data plane as a whole: the threads that serve callers, and the loop that talks with the control plane.
///
/// Concurrency: made and driven on the control loop.
public final class DataPlane {
    private let settings: DataPlaneConfiguration
    private let loop: EventLoop
    private let log = Logger("data-plane")
    private let registry = MetricsRegistry()
    private let resolver = Resolver()
    private var threads: [WorkerThread] = []
    private var journal: Journal!
    private var control: ControlStream!
    private var wallet: Wallet!
    private var agent: FleetAgent!
    private var ops: HTTPServer?
    private var tls: TLSKeeper!
    private var policy: CompiledPolicy?
    private var isDraining = false
    public private(set) var port: UInt16 = 0
    public private(set) var tlsPort: UInt16 = 0

    public init(_ settings: DataPlaneConfiguration, on loop: EventLoop) {
        self.settings = settings
        self.loop = loop
    }

    /// Opens what is needed in the order in which it is needed: journal, last good snapshot, threads, listeners.
    ///
    /// - Errors: `StartupProblem`, with what to do about it.
    public func start() async throws(StartupProblem) {
        ProcessMetrics.register(in: registry)
        tls = try TLSKeeper(settings, registry: registry, now: loop.refreshedNow())
        let identity: NodeIdentity
        do { identity = try NodeIdentity.load(directory: settings.fleet.dataDirectory) } catch {
            throw StartupProblem("The data directory cannot be used: \(error)")
        }
        let incarnation = ObjectID.random()
        do {
            let directory = settings.fleet.dataDirectory + "/journal"
            journal = try Journal(
                directory: directory, nodeID: identity.nodeID, incarnation: incarnation,
                configuration: settings.journal.fitting(threads: settings.threadCount))
            // What earlier processes left is settled before anything new begins, and shipped with the rest.
            journal.adopt(
                JournalRecovery.run(
                    directory: directory, nodeID: identity.nodeID, own: incarnation, logger: Logger("journal")))
            journal.register(in: registry)
            control = try journal.openControlStream()
            try journal.start()
        } catch { throw StartupProblem("The journal cannot be opened: \(error)") }
        let keeperCall = KeeperCall(on: loop) { [unowned self] in agent.wakeKeeper() }
        var settings = WalletSettings()
        // Each route says how long its requests wait; this is the most that any may say.
        settings.admissionWait = .milliseconds(Int64(PolicyDocument.Route.admissionWaitMillisecondsMax) + 1_000)
        let random = SecureRandom()
        wallet = Wallet(settings: settings, seed: random.next()) { keeperCall.make() }
        try startThreads()
        agent = FleetAgent(
            self.settings.fleet, identity: identity, incarnation: incarnation, journal: journal, control: control,
            wallet: wallet, on: loop
        ) { [unowned self] snapshot in use(snapshot) }
        do { try await agent.start() } catch { throw StartupProblem("The fleet state cannot be opened: \(error)") }
        registerGauges()
        try startOps()
        if self.settings.servesPlainHTTP { port = try await listen(self.settings.listenPort, field: "listenPort") }
        if let certificates = tls.listener {
            for thread in threads { thread.use(certificates, nil) }
            tlsPort = try await listen(self.settings.tls.listenPort, field: "tls.listenPort", isSecure: true)
        }
        tls.start(on: loop) { [unowned self] in use($0, $1) }
        log.info(
            "serving",
            [
                "port": .integer(port), "tls_port": .integer(tlsPort), "ops_port": .integer(ops?.port ?? 0),
                "threads": .integer(threads.count),
            ])
    }

    private func startThreads() throws(StartupProblem) {
        let accessLog = try openAccessLog()
        for index in 0..<settings.threadCount {
            do {
                let thread = try WorkerThread(index: index)
                let stream = try journal.openStream(thread: UInt32(index))
                thread.prepare(
                    settings: settings, journal: stream, wallet: wallet, registry: registry, accessLog: accessLog,
                    resolver: resolver, trust: tls.trust)
                threads.append(thread)
            } catch { throw StartupProblem("Thread \(index) cannot be started: \(error)") }
        }
        for thread in threads { thread.start() }
    }

    private func openAccessLog() throws(StartupProblem) -> Int32? {
        switch settings.accessLog {
        case "none": return nil
        case "stdout": return STDOUT_FILENO
        default:
            let descriptor = unsafe open(settings.accessLog, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                throw StartupProblem(
                    "The access log \(settings.accessLog) cannot be opened: \(SystemError("open").reason)")
            }
            return descriptor
        }
    }

    private func use(_ snapshot: Snapshot) {
        let compiled = CompiledPolicy(snapshot)
        policy = compiled
        for thread in threads { thread.use(compiled) }
        log.info("snapshot in use", ["version": .integer(snapshot.version), "routes": .integer(compiled.routes.count)])
    }

    private func use(_ listener: TLSServerContext?, _ trust: TLSClientContext?) {
        for thread in threads { thread.use(listener, trust) }
    }

    /// Certificates and authorities are read again, changed or not.
    public func reload() { tls.look(isForced: true) { use($0, $1) } }

    private func listen(
        _ port: Int, field: String, isSecure: Bool = false
    ) async throws(StartupProblem) -> UInt16 {
        guard var address = SocketAddress(numeric: settings.listenHost, port: UInt16(port)) else {
            throw StartupProblem("listenHost is no numeric address")
        }
        // All threads share the port, so the first of them makes sure that no other process has it.
        if address.port != 0 { try probe(address, field: field) }
        for thread in threads {
            let wanted = address
            let opened = await thread.run(
                { worker -> Swift.Result<UInt16, SystemError> in
                    do throws(SystemError) { return .success(try worker.listen(on: wanted, isSecure: isSecure)) } catch
                    {
                        return .failure(error)
                    }
                }, from: loop)
            switch opened {
            case .success(let opened): address.port = opened
            case .failure(let error): throw Self.busy(error, port: Int(address.port), field: field)
            }
        }
        return address.port
    }

    /// Ports that are shared by SO_REUSEPORT would be shared with another weir-data of the same user too, in silence.
    private func probe(_ address: SocketAddress, field: String) throws(StartupProblem) {
        do throws(SystemError) {
            let listener = try Listener(on: address, loop: loop, sharesPort: false) { close($0) }
            listener.close()
        } catch { throw Self.busy(error, port: Int(address.port), field: field) }
    }

    private static func busy(_ error: SystemError, port: Int, field: String) -> StartupProblem {
        let setting = DataPlaneConfiguration.fields.first { $0.path == field }
        guard error.isAddressInUse else { return StartupProblem("Port \(port) cannot be opened: \(error)") }
        return StartupProblem(
            "Port \(port) is taken by another process. Choose another with \(setting?.flagName ?? field)=PORT or "
                + "\(setting?.environmentName ?? field).")
    }

    // MARK: Health and metrics

    private func startOps() throws(StartupProblem) {
        let server = HTTPServer(
            on: loop, options: .init(host: settings.opsHost, port: UInt16(settings.opsPort))
        ) { [unowned self] request, responder in await answerOps(request, responder) }
        do { try server.listen() } catch { throw Self.busy(error, port: settings.opsPort, field: "opsPort") }
        ops = server
    }

    private func answerOps(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        guard request.method == "GET" || request.method == "HEAD" else {
            return await responder.respond(status: 405, headers: [("allow", "GET, HEAD")])
        }
        switch request.path {
        case "/healthz": await responder.respond(status: 200, headers: Self.json, body: Array(#"{"status":"ok"}"#.utf8))
        case "/readyz":
            let (isReady, body) = readiness()
            await responder.respond(status: isReady ? 200 : 503, headers: Self.json, body: body)
        case "/metrics":
            await responder.respond(
                status: 200, headers: [("content-type", MetricsRegistry.contentType)], body: registry.render())
        default: await responder.respond(status: 404, headers: Self.json, body: Array(#"{"status":"not found"}"#.utf8))
        }
    }

    private static let json = [("content-type", "application/json")]

    /// Ready means: this replica can serve a request now.
    private func readiness() -> (isReady: Bool, body: [UInt8]) {
        let status = agent.status.current
        let hinders: String? =
            isDraining
            ? "draining" : policy == nil ? "no snapshot" : journal.refusesIntents ? "cannot record usage" : nil
        let isReady = hinders == nil
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("status", hinders ?? "ready")
        writer.member("snapshot_version", status.snapshotVersion)
        writer.member("snapshot_expired", agent.status.snapshotIsExpired)
        writer.name("rejection")
        if let rejection = status.rejection {
            writer.string("\(rejection.reason): \(rejection.detail)")
        } else {
            writer.null()
        }
        writer.name("journal")
        if let trouble = journal.trouble { writer.string(trouble) } else { writer.null() }
        writer.name("tls")
        if let trouble = tls.trouble { writer.string(trouble) } else { writer.null() }
        writer.endObject()
        return (isReady, writer.bytes)
    }

    private func registerGauges() {
        registry.gauge(
            "weir_snapshot_version", help: "The version of the snapshot in use.",
            read: { [status = agent.status] in Double(status.snapshotVersion) })
        registry.gauge(
            "weir_snapshot_expired", help: "1 while the snapshot in use is past its expiry.",
            read: { [status = agent.status] in status.snapshotIsExpired ? 1 : 0 })
        registry.counter(
            "weir_snapshot_rejections_total", help: "Snapshots that were refused.",
            read: { [status = agent.status] in Double(status.current.rejections) })
    }

    // MARK: Stop

    /// Readiness off, no new connections, requests in flight finish, the journal is shipped.
    public func drain() async {
        isDraining = true
        tls.stop()
        agent.beginDraining()
        let end = loop.refreshedNow().advanced(by: .milliseconds(settings.drainTimeoutMilliseconds))
        for thread in threads { await thread.run({ $0.beginDraining() }, from: loop) }
        var open = 1
        while open > 0, loop.refreshedNow() < end {
            open = 0
            for thread in threads { open += await thread.run({ $0.openConnections }, from: loop) }
            if open > 0 { await loop.sleep(for: .milliseconds(5)) }
        }
        if open > 0 {
            log.warning("the drain time is over", ["connections": .integer(open)])
            for thread in threads { await thread.run({ $0.abortAll() }, from: loop) }
            // Each aborted request still settles and records before its task ends.
            for _ in 0..<200 {
                open = 0
                for thread in threads { open += await thread.run({ $0.openConnections }, from: loop) }
                if open == 0 { break }
                await loop.sleep(for: .milliseconds(5))
            }
        }
        // With its last settle a stream is at its end, and the next start has nothing to replay.
        let isEmpty = open == 0
        for thread in threads { await thread.run({ $0.close(endingJournal: isEmpty) }, from: loop) }
        await agent.shutDown(deadline: .seconds(10), journalEnded: isEmpty)
        await ops?.drain(timeout: .milliseconds(500))
        for thread in threads {
            thread.loop.stop()
            thread.loop.join()
        }
        journal.shutdown()
        if isEmpty { journal.removeOwnDirectory() }
        log.info("stopped")
    }
}

/// Why the process cannot start, in words for whoever starts it.
public struct StartupProblem: Error, CustomStringConvertible {
    public var description: String
    init(_ description: String) { self.description = description }
}

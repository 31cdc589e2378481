import Glibc
public import Shared

/// The data plane as a whole: the threads that serve callers, and the loop that talks with the control plane.
///
/// Concurrency: made and driven on the control loop.
public final class DataPlane {
    let settings: DataPlaneConfiguration
    let loop: EventLoop
    let log = Logger("data-plane")
    let registry = MetricsRegistry()
    private let resolver = Resolver()
    private(set) var threads: [WorkerThread] = []
    private(set) var journal: Journal!
    private(set) var neighbours: JournalNeighbours!
    private var control: ControlStream!
    private var wallet: Wallet!
    private(set) var agent: FleetAgent!
    private(set) var prober: Prober!
    private(set) var tokens: TokenKeeper!
    private(set) var watchdog: Watchdog!
    private(set) var identity: NodeIdentity!
    private(set) var incarnation = ObjectID.random()
    var ops: HTTPServer?
    var door: TakeOverDoor?
    private(set) var tls: TLSKeeper!
    private(set) var snapshot: Snapshot?
    var isDraining = false
    /// What is listened on, once it is.
    var ports: [ListenerRole: UInt16] = [:]
    /// Called once, when another process serves in the place of this one.
    let handedOver: @Sendable () -> Void

    public init(
        _ settings: DataPlaneConfiguration, on loop: EventLoop, handedOver: @escaping @Sendable () -> Void = {}
    ) {
        self.settings = settings
        self.loop = loop
        self.handedOver = handedOver
    }

    /// Opens what is needed in the order in which it is needed: journal, last good snapshot, threads, listeners.
    ///
    /// - Parameter takingOver: from the process that uses the data folder, if there is one.
    /// - Errors: `StartupProblem`, with what to do about it.
    public func start(takingOver: Bool = false) async throws(StartupProblem) {
        ProcessMetrics.register(in: registry)
        tls = try TLSKeeper(settings, registry: registry, now: loop.refreshedNow())
        let predecessor = takingOver ? try await askPredecessor() : nil
        do {
            identity = try NodeIdentity.load(
                directory: settings.fleet.dataDirectory, inheriting: predecessor?.takeLock())
        } catch {
            throw StartupProblem("The data directory cannot be used: \(error)")
        }
        do {
            let directory = settings.fleet.dataDirectory + "/journal"
            journal = try Journal(
                directory: directory, nodeID: identity.nodeID, incarnation: incarnation,
                configuration: settings.journal.fitting(threads: settings.threadCount))
            // What earlier processes left is settled before anything new begins, and shipped with the rest.
            let finding = JournalRecovery.survey(
                directory: directory, nodeID: identity.nodeID, known: [incarnation], isAlone: predecessor == nil,
                logger: Logger("journal"))
            journal.adopt(finding.earlier)
            journal.register(in: registry)
            neighbours = JournalNeighbours(journal, on: loop) { [unowned self] found in agent.ship(found) }

            control = try journal.openControlStream()
            try journal.start()
        } catch { throw StartupProblem("The journal cannot be opened: \(error)") }
        let keeperCall = LoopCall(on: loop) { [unowned self] in agent.wakeKeeper() }
        var settings = WalletSettings()
        // Each route says how long its requests wait; this is the most that any may say.
        settings.admissionWait = .milliseconds(Int64(PolicyDocument.Route.admissionWaitMillisecondsMax) + 1_000)
        let random = SecureRandom()
        wallet = Wallet(settings: settings, seed: random.next()) { keeperCall.make() }
        let reports = FleetReports(registry)
        try startThreads(reports)
        let authorities = self.settings.upstreamCAFile.isEmpty ? nil : self.settings.upstreamCAFile
        tokens = TokenKeeper(on: loop, caBundlePath: authorities, registry: registry) { [unowned self] news in
            for thread in threads { thread.hear(news) }
        }
        prober = Prober(
            on: loop, caBundlePath: authorities, registry: registry, tokens: { [unowned self] in tokens.token(of: $0) },
            tellLoops: { [unowned self] news in for thread in threads { thread.hear([news]) } },
            tellFleet: { [unowned self] in agent.probed($0, downUntil: $1) })
        agent = FleetAgent(
            self.settings.fleet, identity: identity, incarnation: incarnation, journal: journal, control: control,
            wallet: wallet, reports: reports, on: loop,
            hear: { [unowned self] news in
                let news = news.filter(prober.believes)
                for thread in threads { thread.hear(news) }
            }
        ) { [unowned self] snapshot in use(snapshot) }
        do { try await agent.start() } catch { throw StartupProblem("The fleet state cannot be opened: \(error)") }
        registerGauges()
        try startWatchdog()
        if let certificates = tls.listener { for thread in threads { thread.use(certificates, nil) } }
        if let predecessor {
            try await serve(insteadOf: predecessor)
        } else {
            try startOps()
            for role in roles { try await listen(role) }
        }
        tls.start(on: loop) { [unowned self] in use($0, $1) }
        openDoor()
        log.info(
            "serving",
            [
                "port": .integer(ports[.plain] ?? 0), "tls_port": .integer(ports[.tls] ?? 0),
                "ops_port": .integer(ops?.port ?? 0), "threads": .integer(threads.count),
            ])
    }

    private func startThreads(_ reports: FleetReports) throws(StartupProblem) {
        let accessLog = try openAccessLog()
        let descriptors = DescriptorLimit.raise(for: settings.connectionsMax, log: log)
        let limits = ConnectionLimits(
            connectionsMax: descriptors.connections(wanted: settings.connectionsMax),
            perSourceMax: settings.connectionsPerSourceMax)
        let memory = MemoryBudget(limit: settings.bufferBytesMax)
        registerLimits(limits, memory)
        for index in 0..<settings.threadCount {
            do {
                let thread = try WorkerThread(index: index, gatherMilliseconds: settings.streamGatherMilliseconds)
                let stream = try journal.openStream(thread: UInt32(index))
                thread.prepare(
                    settings: settings, journal: stream, wallet: wallet, registry: registry, accessLog: accessLog,
                    resolver: resolver, trust: tls.trust, limits: limits, memory: memory,
                    reports: reports)
                threads.append(thread)
            } catch { throw StartupProblem("Thread \(index) cannot be started: \(error)") }
        }
        let told = FleetCall(on: loop) { [unowned self] news in
            agent.heard(news)
            prober.heard(news)
            tokens.heard(news)
        }
        for thread in threads { thread.tell(threads.filter { $0 !== thread }) { told.make($0) } }
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

    private func registerLimits(_ limits: ConnectionLimits, _ memory: MemoryBudget) {
        registry.gauge(
            "weir_connections_limit", help: "Connections of callers that are let in at most.",
            read: { Double(limits.connectionsMax) })
        registry.gauge(
            "weir_buffer_bytes", help: "Memory that connections and their buffers hold.", read: { Double(memory.held) })
        registry.gauge(
            "weir_buffer_bytes_limit", help: "Memory beyond which new work is refused.",
            read: { Double(memory.limit) })
    }

    private func startWatchdog() throws(StartupProblem) {
        let abortAfter = settings.loopStallAbortMilliseconds
        do {
            watchdog = try Watchdog(
                threads.map(\.loop) + [loop], stall: .milliseconds(settings.loopStallMilliseconds),
                abortAfter: abortAfter > 0 ? .milliseconds(abortAfter) : nil)
        } catch { throw StartupProblem("The watchdog cannot be started: \(error)") }
        watchdog.register(in: registry)
        watchdog.start()
    }

    private func use(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        // Each has its own: counting the references to a shared one would be a write to a shared cache line, several times a request.
        for thread in threads { thread.use(CompiledPolicy(snapshot)) }
        tokens.use(snapshot)
        prober.use(snapshot)
        log.info(
            "snapshot in use",
            ["version": .integer(snapshot.version), "routes": .integer(snapshot.policy.routes.count)])
    }

    private func use(_ listener: TLSServerContext?, _ trust: TLSClientContext?) {
        for thread in threads { thread.use(listener, trust) }
    }

    /// Certificates and authorities are read again, changed or not.
    public func reload() { tls.look(isForced: true) { use($0, $1) } }

    // MARK: Listening

    /// What the settings want to be listened on.
    var roles: [ListenerRole] {
        ListenerRole.allCases.filter { $0 == .plain ? settings.servesPlainHTTP : tls.listener != nil }
    }

    func wantedAddress(_ role: ListenerRole) throws(StartupProblem) -> SocketAddress {
        let port = role == .plain ? settings.listenPort : settings.tls.listenPort
        guard let address = SocketAddress(numeric: settings.listenHost, port: UInt16(port)) else {
            throw StartupProblem("listenHost is no numeric address")
        }
        return address
    }

    func listen(_ role: ListenerRole) async throws(StartupProblem) {
        var address = try wantedAddress(role)
        // All threads share the port, so the first of them makes sure that no other process has it.
        if address.port != 0 { try probe(address, role) }
        for thread in threads { address.port = try await listen(on: address, as: role, thread) }
        ports[role] = address.port
    }

    func listen(
        on address: SocketAddress, as role: ListenerRole, _ thread: WorkerThread
    ) async throws(StartupProblem) -> UInt16 {
        let opened = await thread.run(
            { worker -> Swift.Result<UInt16, SystemError> in
                do throws(SystemError) { return .success(try worker.listen(on: address, as: role)) } catch {
                    return .failure(error)
                }
            }, from: loop)
        switch opened {
        case .success(let port): return port
        case .failure(let error): throw Self.busy(error, port: Int(address.port), field: role.portField)
        }
    }

    /// Ports that are shared by SO_REUSEPORT would be shared with another weir-data of the same user too, in silence.
    private func probe(_ address: SocketAddress, _ role: ListenerRole) throws(StartupProblem) {
        do throws(SystemError) {
            let listener = try Listener(on: address, loop: loop, sharesPort: false) { close($0) }
            listener.close()
        } catch { throw Self.busy(error, port: Int(address.port), field: role.portField) }
    }

    static func busy(_ error: SystemError, port: Int, field: String) -> StartupProblem {
        let setting = DataPlaneConfiguration.fields.first { $0.path == field }
        guard error.isAddressInUse else { return StartupProblem("Port \(port) cannot be opened: \(error)") }
        return StartupProblem(
            "Port \(port) is taken by another process. Choose another with \(setting?.flagName ?? field)=PORT or "
                + "\(setting?.environmentName ?? field).")
    }
}

/// Why the process cannot start, in words for whoever starts it.
public struct StartupProblem: Error, CustomStringConvertible {
    public var description: String
    init(_ description: String) { self.description = description }
}

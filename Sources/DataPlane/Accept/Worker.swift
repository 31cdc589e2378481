import Shared
import Synchronization

/// One event loop that serves callers: its listener, its connections, and the stages that their requests go through.
///
/// Concurrency: made and used on its loop only; other threads reach it with `EventLoop.post`.
final class Worker {
    private let loop: EventLoop
    private let settings: DataPlaneConfiguration
    private let stages: Stages
    private let pipeline: RequestPipeline
    private let recorder: Recorder
    private let metrics: LoopMetrics
    private let direct: DirectTransport
    private let tlsMetrics: TLSMetrics
    /// One of each role; more where another process with more threads was taken over.
    private var listeners: [(role: ListenerRole, listener: Listener)] = []
    /// What new connections of the TLS listener are shown.
    private var certificates: TLSServerContext?
    private var sessions: [ObjectIdentifier: Session] = [:]
    private var stage = DrainStage.serving
    private var upkeep: LoopTimer!
    private let handshakesMax: Int
    private let log = Logger("worker")
    private let limits: ConnectionLimits
    private let memory: LoopMemory
    private let refused = RefusedConnections()
    private let answers = IntakeAnswers()
    private var restsCounted: UInt64 = 0
    private var reference: WorkerReference!

    /// How far the end of the process is.
    private enum DrainStage {
        case serving
        /// Callers are told, and still served.
        case announced
        /// Only what has begun.
        case draining
        /// The time is over.
        case over
    }

    /// A connection, and whether a request, or its handshake, is under way on it.
    private final class Session {
        let client: ClientStream
        var isServing = false
        init(_ client: ClientStream) { self.client = client }
    }

    init(
        on loop: EventLoop, settings: DataPlaneConfiguration, journal: JournalStream, wallet: Wallet,
        registry: MetricsRegistry, accessLog: Int32?, resolver: Resolver, trust: TLSClientContext,
        limits: ConnectionLimits, memory: MemoryBudget, reports: FleetReports
    ) {
        self.loop = loop
        self.settings = settings
        metrics = LoopMetrics(registry, loop: loop)
        tlsMetrics = TLSMetrics(registry)
        recorder = Recorder(
            journal: journal, wallet: wallet, metrics: metrics, accessLog: accessLog.map { LineBuffer(descriptor: $0) },
            reports: reports)
        direct = DirectTransport(
            on: loop, resolver: resolver, trust: trust, settings: settings, metrics: UpstreamMetrics(registry))
        stages = Stages(
            on: loop, settings: settings,
            transports: Transports(
                direct: direct,
                curl: CurlTransport(
                    on: loop, caBundlePath: settings.upstreamCAFile.isEmpty ? nil : settings.upstreamCAFile)),
            recorder: recorder, wallet: wallet, registry: registry)
        pipeline = RequestPipeline(stages)
        handshakesMax = max(1, settings.tls.handshakesMax / settings.threadCount)
        self.limits = limits
        self.memory = LoopMemory(memory, counting: loop.buffers.held)
        loop.spinNanoseconds = UInt64(settings.spinMicroseconds) * 1000
        reference = WorkerReference(self)
        upkeep = LoopTimer(on: loop) { [unowned self] in keepUp() }
        upkeep.arm(after: Self.upkeepInterval)
    }

    /// How long a line of the access log waits at most.
    private static let upkeepInterval = Duration.milliseconds(100)
    private var upkeepTurns = 0

    private func keepUp() {
        recorder.flushAccessLog()
        stages.shedding.look(loop.now)
        upkeepTurns += 1
        if upkeepTurns % 50 == 0 { direct.prune() }
        memory.look()
        refused.sweep(now: loop.now)
        let rests = listeners.reduce(0) { $0 + $1.listener.restCount }
        if rests > restsCounted {
            metrics.acceptRests.add(rests - restsCounted)
            restsCounted = rests
        }
        upkeep.arm(after: Self.upkeepInterval)
    }

    func use(_ policy: CompiledPolicy) { stages.use(policy) }

    /// What this loop finds out about targets, the others hear, and the fleet.
    func tell(_ others: [WorkerThread], _ fleet: @escaping @Sendable (HealthNews) -> Void) {
        stages.health.tellOthers = { news in
            for other in others { other.hear([news]) }
            fleet(news)
        }
    }

    func hear(_ news: [HealthNews]) {
        let now = loop.refreshedNow()
        for news in news { stages.health.hear(news, now) }
    }

    func hear(_ news: [TokenNews]) { for news in news { stages.health.hear(news) } }

    func use(_ certificates: TLSServerContext) { self.certificates = certificates }
    func use(_ trust: TLSClientContext) { direct.use(trust) }

    /// Opens the listener; the kernel spreads connections over the loops that share the port.
    func listen(on address: SocketAddress, as role: ListenerRole) throws(SystemError) -> UInt16 {
        let opened = try Listener(
            on: address, loop: loop, sharesPort: true, refuse: refusing(role), accept: accepting(role))
        listeners.append((role: role, listener: opened))
        return opened.address.port
    }

    /// Goes on with the listening socket of another process.
    func listen(adopting descriptor: Int32, as role: ListenerRole) throws(SystemError) {
        let adopted = try Listener(
            adopting: descriptor, loop: loop, refuse: refusing(role), accept: accepting(role))
        listeners.append((role: role, listener: adopted))
    }

    private func accepting(_ role: ListenerRole) -> (Int32) -> Void {
        { [unowned self] in admit($0, isSecure: role == .tls) }
    }

    /// For those who come while there is no descriptor: the one that they got is needed again at once.
    private func refusing(_ role: ListenerRole) -> (Int32) -> Void {
        { [unowned self] in refuse($0, isSecure: role == .tls, .tooManyConnections, lingers: false) }
    }

    /// A descriptor of each listening socket, for a process that takes them over.
    func duplicateListeners(_ role: ListenerRole) -> [Int32] {
        listeners.compactMap { $0.role == role ? $0.listener.duplicate() : nil }
    }

    /// Lets a connection in, or says why not: without a task, before anything of it is read.
    private func admit(_ descriptor: Int32, isSecure: Bool) {
        let source = peerAddress(of: descriptor).flatMap(IPAddress.init)
        guard !memory.isShort else { return refuse(descriptor, isSecure: isSecure, .overloaded) }
        switch limits.admit(source) {
        case .tooMany: return refuse(descriptor, isSecure: isSecure, .tooManyConnections)
        case .tooManyFromSource: return refuse(descriptor, isSecure: isSecure, .tooManyFromSource)
        case .admitted: break
        }
        let reference = reference!
        loop.spawnUnisolated { await reference.worker?.serve(descriptor, from: source, isSecure: isSecure) }
    }

    private func refuse(_ descriptor: Int32, isSecure: Bool, _ error: IntakeError, lingers: Bool = true) {
        metrics.refusedConnection(error).add()
        // Before a handshake there is nothing that a caller who wants TLS could read.
        guard !isSecure else { return refused.close(descriptor) }
        refused.refuse(descriptor, with: answers.answer(error), now: loop.now, lingers: lingers)
    }

    private func serve(_ descriptor: Int32, from source: IPAddress?, isSecure: Bool) async {
        defer {
            limits.close(source)
            for (_, listener) in listeners { listener.resume() }
        }
        let connection: Connection
        do { connection = try Connection(adopting: descriptor, on: loop) } catch { return }
        defer { connection.close() }
        guard stage != .over else { return }
        let session = Session(ClientStream(connection, source: source, settings: settings, memory: memory))
        session.client.isEnding = stage == .draining
        sessions[ObjectIdentifier(session)] = session
        memory.connectionOpened()
        metrics.connections.add(1)
        metrics.acceptedConnections.add()
        defer {
            sessions[ObjectIdentifier(session)] = nil
            memory.connectionClosed()
            metrics.connections.add(-1)
        }
        let client = session.client
        do throws(ParseError) {
            if isSecure {
                session.isServing = true
                guard try await shakeHands(on: connection) else { return }
                session.isServing = false
            }
            while try await client.nextHead() {
                session.isServing = true
                if stage != .serving { client.mustClose = true }
                guard await pipeline.serve(client) else { return }
                session.isServing = false
            }
        } catch {
            // There is no head to go by, so this is outside the pipeline: the framing is in doubt, and the connection closes.
            await refuse(error, client)
        }
    }

    /// False: the connection is over.
    private func shakeHands(on connection: Connection) async throws(ParseError) -> Bool {
        guard let certificates else { return false }
        // Handshakes cost a hundred times what a request does, and memory before anybody is known.
        guard tlsMetrics.underWayCount < handshakesMax else {
            tlsMetrics.refuse()
            return false
        }
        tlsMetrics.began()
        do throws(TLSFailure) {
            let deadline = loop.refreshedNow().advanced(by: .milliseconds(settings.tls.handshakeTimeoutMilliseconds))
            try await connection.secure(asServer: certificates, by: deadline)
            tlsMetrics.succeeded(isResumed: connection.isResumed)
            return true
        } catch {
            tlsMetrics.failed(error)
            if error == .plainHTTP { throw .plainHTTP }
            log.debug("a caller's TLS handshake failed", ["cause": .text("\(error)")])
            return false
        }
    }

    private func refuse(_ error: ParseError, _ client: ClientStream) async {
        let context = stages.begin()
        let outcome = Outcome.refused(GatewayError(error))
        metrics.count(outcome, context, elapsedMicroseconds: 0, overheadMicroseconds: 0)
        client.mustClose = true
        _ = await stages.finish(outcome, client, context)
    }

    // MARK: Drain

    /// Answers that begin from here on say that their connection ends; everything else goes on.
    func announceEnd() {
        stage = .announced
        for session in sessions.values where session.isServing && !session.client.hasStarted {
            session.client.mustClose = true
        }
    }

    /// No new connections; what is silent closes, what is in flight finishes.
    ///
    /// - Parameter handedOver: another process accepts from here on.
    func beginDraining(handedOver: Bool) {
        stage = .draining
        for (_, listener) in listeners { if handedOver { listener.close() } else { listener.finish() } }
        // Nobody waits for them, and they would be waited for.
        stages.shadows.stop()
        for session in sessions.values {
            session.client.isEnding = true
            // A request that has arrived in the meantime is served.
            if !session.isServing, session.client.connection.isQuiet() { session.client.connection.abort() }
        }
    }

    /// Another process accepts from here on.
    func closeListeners() { for (_, listener) in listeners { listener.close() } }

    /// Of callers, and shadows, which settle like requests.
    var openConnections: Int { sessions.count + stages.shadows.count }

    /// Cuts what is in flight off from its provider, so that each caller is told that its answer ends here.
    func cutAll() {
        stage = .over
        for session in sessions.values { session.client.cutByStop() }
    }

    /// Gives up what is left.
    func abortAll() {
        for session in sessions.values { session.client.connection.abort() }
    }

    /// The last thing that happens on this loop. The journal's stream ends here unless a request is still open.
    func close(endingJournal: Bool) {
        direct.closeIdle()
        refused.closeAll()
        recorder.close(endingJournal: endingJournal)
    }
}

/// What those are told who are not let in, made once.
private struct IntakeAnswers {
    private let tooManyConnections = GatewayError(IntakeError.tooManyConnections).wholeAnswer
    private let tooManyFromSource = GatewayError(IntakeError.tooManyFromSource).wholeAnswer
    private let overloaded = GatewayError(IntakeError.overloaded).wholeAnswer

    func answer(_ error: IntakeError) -> [UInt8] {
        switch error {
        case .tooManyConnections: tooManyConnections
        case .tooManyFromSource: tooManyFromSource
        case .overloaded: overloaded
        }
    }
}

/// Lets a Sendable closure of the listener name the worker, which lives on its loop.
///
/// Concurrency: `worker` is read by tasks of the worker's loop only, and written before the first of them starts.
final class WorkerReference: @unchecked Sendable {
    private(set) weak var worker: Worker?
    init(_ worker: Worker) { self.worker = worker }
}

extension IPAddress {
    init(_ address: SocketAddress) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in 0..<8 {
            high = high << 8 | UInt64(address.bytes[index])
            low = low << 8 | UInt64(address.bytes[index + 8])
        }
        if address.isIPv6 {
            self.init(ipv6High: high, low: low)
        } else {
            self.init(ipv4: UInt32(truncatingIfNeeded: low))
        }
    }
}

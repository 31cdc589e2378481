import Shared

/// The connections to one provider's host and port on one loop, the last used first: it is the warmest, and the others can grow old.
///
/// Concurrency: on its loop only; what the resolver has found is handed over there.
final class UpstreamPool: @unchecked Sendable {
    private let host: String
    private let port: UInt16
    private let loop: EventLoop
    private let resolver: Resolver
    private let metrics: UpstreamMetrics
    private let attemptDelay: Duration
    private let idleMax: Int
    /// Nil: plain.
    private let sessions: TLSSessionStore?
    private let isNumeric: Bool
    private var name: HostAddresses
    private var order = AddressOrder()
    private var quota: ConnectionQuota<CheckOut>
    private var idle: [UpstreamConnection] = []
    /// How many may be idle now: none while somebody waits for one. What a connection that comes back has to pass is one comparison.
    private var idleRoom: Int
    /// Another one with other authorities, and with each address that the name loses: what a connection has to suit to be kept.
    private var generation = 0
    private var trustGeneration = 0
    /// Those who wait for the name to be looked up.
    private var asking: [CheckOut] = []
    private var refresh: LoopTimer!
    private var hasEnded = false
    /// Since when there is no connection and nobody waits for one, as seen by `prune`.
    private(set) var unusedSince = MonotonicTime.distantFuture
    private var complainedAt = MonotonicTime(nanoseconds: 0)
    private let log = Logger("upstream")

    /// Shorter than the idle timeouts of the usual servers (60 to 75 s), so that Weir closes first.
    private static let idleTime = Duration.seconds(50)
    /// What is known of a provider that nobody asks for is kept so long.
    private static let unusedTime = Duration.seconds(3_600)
    /// A provider that cannot be trusted, or found, says so with every attempt; the log need not.
    private static let complaintInterval = Duration.seconds(10)

    init(
        host: String, port: UInt16, isTLS: Bool, on loop: EventLoop, resolver: Resolver,
        settings: DataPlaneConfiguration, metrics: UpstreamMetrics
    ) {
        self.host = host
        self.port = port
        self.loop = loop
        self.resolver = resolver
        self.metrics = metrics
        let upstream = settings.upstream
        attemptDelay = .milliseconds(upstream.connectAttemptDelayMilliseconds)
        idleMax = upstream.idleConnectionsPerThreadMax
        idleRoom = idleMax
        quota = ConnectionQuota(
            openMax: upstream.connectionsPerThreadMax > 0 ? upstream.connectionsPerThreadMax : settings.connectionsMax,
            waitingMax: upstream.waitingPerThreadMax)
        sessions = isTLS ? TLSSessionStore() : nil
        name = HostAddresses(
            lifeTime: .seconds(upstream.dnsLifeTimeSeconds), staleTime: .seconds(upstream.dnsStaleTimeSeconds))
        let numeric = SocketAddress(numeric: host, port: port)
        isNumeric = numeric != nil
        if let numeric { _ = name.found([numeric], at: loop.now) }
        refresh = LoopTimer(on: loop) { [unowned self] in refreshName() }
    }

    var idleCount: Int { idle.count }
    var openCount: Int { quota.open }
    var waitingCount: Int { quota.waiting }

    // MARK: Kept connections

    /// A kept connection that is still there; nil: one has to be opened, or waited for.
    func takeKept() -> UpstreamConnection? {
        while let kept = idle.popLast() {
            if kept.connection.isQuiet() {
                kept.wasReused = true
                return kept
            }
            kept.close()
        }
        return nil
    }

    func checkIn(_ upstream: UpstreamConnection) {
        guard idle.count < idleRoom, upstream.generation == generation else { return lookAt(upstream) }
        upstream.idleSince = loop.now
        // It stays filed: taking it out and filing it again would cost each request more than finding it there once.
        upstream.connection.setDeadline(.distantFuture)
        idle.append(upstream)
    }

    /// For a connection that comes back while others wait, or after something has changed.
    private func lookAt(_ upstream: UpstreamConnection) {
        if upstream.generation != generation {
            guard upstream.trust == trustGeneration else { return upstream.close() }
            guard name.addresses.contains(upstream.address) else { return move(upstream) }
            upstream.generation = generation
        }
        if let next = quota.next() {
            upstream.connection.setDeadline(.distantFuture)
            next.grant = .connection(upstream)
            next.wake()
            return setIdleRoom()
        }
        guard idle.count < idleRoom else { return upstream.close() }
        checkIn(upstream)
    }

    private func setIdleRoom() { idleRoom = quota.waiting > 0 ? 0 : idleMax }

    /// Other authorities decide from now on: nothing that the earlier ones let in is used again.
    func forgetTrust() {
        guard let sessions else { return }
        generation += 1
        trustGeneration += 1
        sessions.removeAll()
        closeIdle()
    }

    func prune() {
        let oldest = loop.now.nanoseconds &- UInt64(Self.idleTime.wholeNanoseconds)
        idle.removeAll { kept in
            guard kept.idleSince.nanoseconds < oldest || kept.connection.peerIsGone else { return false }
            kept.close()
            return true
        }
        unusedSince = isUnused ? min(unusedSince, loop.now) : .distantFuture
    }

    func closeIdle() {
        let kept = idle
        idle.removeAll()
        for upstream in kept { upstream.close() }
    }

    var oldestIdle: MonotonicTime { idle.first?.idleSince ?? .distantFuture }

    func closeOldest() {
        guard !idle.isEmpty else { return }
        idle.removeFirst().close()
    }

    // MARK: Being forgotten

    /// No connection refers to it, and no request.
    var isUnused: Bool { quota.open == 0 && quota.waiting == 0 }

    func isForgotten(at now: MonotonicTime) -> Bool {
        isUnused && now.nanoseconds &- min(now, unusedSince).nanoseconds >= UInt64(Self.unusedTime.wholeNanoseconds)
    }

    func end() {
        hasEnded = true
        refresh.cancel()
    }

    // MARK: New connections

    /// A connection for a request for which no kept one was left: one that comes back, or a new one with its handshake done.
    ///
    /// - Parameter hasPlace: the request has closed one and kept its place: it does not wait in line again.
    func open(
        _ waiting: CheckOut, trusting trust: TLSClientContext, hasPlace: Bool
    ) async throws(AttemptError) -> UpstreamConnection {
        let trustedBy = trustGeneration
        do throws(AttemptError) {
            if !hasPlace, let granted = try await place(for: waiting) { return granted }
            do throws(AttemptError) { return try await connect(waiting, trusting: trust, trustedBy) } catch {
                placeIsFree()
                throw error
            }
        } catch {
            if error != .callerGone { metrics.failed(error) }
            throw error
        }
    }

    /// Waits until there may be one more. Nil: there may; else a connection that came back meanwhile.
    private func place(for waiting: CheckOut) async throws(AttemptError) -> UpstreamConnection? {
        switch quota.ask(waiting) {
        case .open:
            metrics.open.add(1)
            return nil
        case .refused: throw .connectionsInUse
        case .wait: break
        }
        setIdleRoom()
        metrics.waits.add()
        metrics.waiting.add(1)
        defer { metrics.waiting.add(-1) }
        while true {
            if let grant = waiting.grant {
                waiting.grant = nil
                return try use(grant, waiting)
            }
            if waiting.isOver {
                _ = quota.leave(waiting)
                setIdleRoom()
                throw waiting.isAborted ? .callerGone : .connectionsInUse
            }
            await waiting.pause()
        }
    }

    private func use(
        _ grant: CheckOut.Grant, _ waiting: CheckOut
    ) throws(AttemptError) -> UpstreamConnection? {
        switch grant {
        case .place:
            guard !waiting.isAborted else {
                placeIsFree()
                throw .callerGone
            }
            return nil
        case .connection(let upstream):
            guard !waiting.isAborted else {
                checkIn(upstream)
                throw .callerGone
            }
            if upstream.connection.isQuiet() {
                upstream.wasReused = true
                return upstream
            }
            upstream.closeKeepingPlace()
            return nil
        }
    }

    /// A connection was closed, or could not be opened.
    func placeIsFree() {
        if let next = quota.closed() {
            next.grant = .place
            next.wake()
            setIdleRoom()
        } else {
            metrics.open.add(-1)
        }
    }

    private func connect(
        _ waiting: CheckOut, trusting trust: TLSClientContext, _ trustedBy: Int
    ) async throws(AttemptError) -> UpstreamConnection {
        var candidates = try await addresses(for: waiting)
        while true {
            let (address, connection) = try await dial(candidates, waiting)
            guard let sessions else { return opened(connection, to: address, trust: trustedBy) }
            waiting.handshake = connection
            defer { waiting.handshake = nil }
            do throws(TLSFailure) {
                try await connection.secure(asClientOf: host, trust, sessions: sessions, by: waiting.deadline)
            } catch {
                connection.close()
                guard !waiting.isAborted else { throw .callerGone }
                complain(error)
                order.failed(address, at: loop.now)
                candidates.removeAll { $0 == address }
                // The name's other addresses have no more time, and the same certificate.
                guard AttemptError(error) == .handshakeFailed, !candidates.isEmpty else { throw AttemptError(error) }
                continue
            }
            guard !waiting.isAborted else {
                connection.close()
                throw .callerGone
            }
            return opened(connection, to: address, trust: trustedBy)
        }
    }

    private func dial(
        _ candidates: [SocketAddress], _ waiting: CheckOut
    ) async throws(AttemptError) -> (SocketAddress, Connection) {
        let dial = Dial(order.ordered(candidates, at: loop.now), delay: attemptDelay, for: waiting)
        defer { for address in dial.failed { order.failed(address, at: loop.now) } }
        let (address, connection) = try await dial.run()
        order.succeeded(address)
        return (address, connection)
    }

    private func opened(_ connection: Connection, to address: SocketAddress, trust: Int) -> UpstreamConnection {
        metrics.opened.add()
        // The name may have lost the address meanwhile, and authorities may have changed: then it serves this request only.
        let isCurrent = trust == trustGeneration && name.addresses.contains(address)
        return UpstreamConnection(
            connection, to: address, pool: self, trust: trust, generation: isCurrent ? generation : -1)
    }

    private func complain(_ failure: TLSFailure) {
        let reason: String
        switch failure {
        case .certificateRefused(let text), .refused(let text): reason = text
        case .timedOut, .aborted, .peerLeft, .plainHTTP: return
        }
        guard mayComplain() else { return }
        log.warning(
            "a provider's TLS handshake failed",
            ["host": .text(host), "cause": .text(failure.label.description), "reason": .text(reason)])
    }

    private func mayComplain() -> Bool {
        guard loop.now >= complainedAt else { return false }
        complainedAt = loop.now.advanced(by: Self.complaintInterval)
        return true
    }

    // MARK: The name

    private func addresses(for waiting: CheckOut) async throws(AttemptError) -> [SocketAddress] {
        guard !isNumeric else { return name.addresses }
        var patience: MonotonicTime?
        while true {
            let now = loop.refreshedNow()
            let decision = name.ask(at: now)
            if decision.looksUp { lookUp() }
            switch decision.verdict {
            case .use: return name.addresses
            case .fail: throw .connectFailed
            case .wait: break
            case .waitBriefly:
                let end = patience ?? now.advanced(by: HostAddresses.patience)
                patience = end
                if now >= end { return name.addresses }
            }
            if waiting.isOver { throw waiting.error }
            asking.append(waiting)
            await waiting.pause(until: patience ?? .distantFuture)
            asking.removeAll { $0 === waiting }
        }
    }

    private func lookUp() { resolver.resolve(host, on: loop) { [self] in lookedUp($0) } }

    /// Ahead of need, so that no request waits for a name that is in use, and a name that moves takes its traffic along.
    private func refreshName() {
        if !isUnused, name.refresh() { lookUp() }
    }

    private func lookedUp(_ found: [SocketAddress]) {
        let now = loop.refreshedNow()
        if found.isEmpty {
            name.failed(at: now)
            metrics.notFound.add()
            if mayComplain() {
                log.warning(
                    "a provider's name could not be looked up",
                    ["host": .text(host), "addresses_known": .integer(name.addresses.count)])
            }
        } else {
            metrics.found.add()
            let addresses = found.map { SocketAddress(bytes: $0.bytes, isIPv6: $0.isIPv6, port: port) }
            if name.found(addresses, at: now) { leaveOldAddresses() }
        }
        if !hasEnded { refresh.arm(after: name.refreshTime) }
        for waiting in asking { waiting.wake() }
    }

    /// Closes what is idle and connected to an address that the name does not have any more; what is in use closes when it comes back.
    private func leaveOldAddresses() {
        log.debug(
            "a provider's name has other addresses", ["host": .text(host), "addresses": .integer(name.addresses.count)])
        order.keep(name.addresses)
        generation += 1
        let kept = idle
        idle.removeAll()
        for upstream in kept {
            if name.addresses.contains(upstream.address) {
                upstream.generation = generation
                idle.append(upstream)
            } else {
                move(upstream)
            }
        }
    }

    private func move(_ upstream: UpstreamConnection) {
        metrics.closedForAddress.add()
        upstream.close()
    }
}

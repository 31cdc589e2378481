import Shared

/// The conversation of one data plane with its control planes: snapshots in, heartbeats and usage out.
///
/// Concurrency: belongs to the control loop.
final class FleetAgent {
    let status = FleetStatus()
    private let configuration: FleetConfiguration
    private let identity: NodeIdentity
    private let incarnation: ObjectID
    private let journal: Journal
    private let loop: EventLoop
    private let client: FleetClient
    private let shipper: UsageShipper
    private let wallet: Wallet
    private let explanations: ExplanationOutbox
    private let refusals: RefusalOutbox
    private let keeper: LeaseKeeper
    private let deliver: (Snapshot) -> Void
    private let health = FleetHealth()
    /// Takes news of targets to the loops.
    private let hear: ([HealthNews]) -> Void
    private var credentials: CredentialKeeper!
    private var sync: SnapshotSync!
    private let heartbeatDue: LevelSignal
    /// Raised once, when everything ends: whoever waits waits on it.
    private let stopping: LevelSignal
    private var liveTasks = 0
    private let startedUnixMilliseconds = WallTime.unixMilliseconds()
    private let log = Logger("fleet")
    private var current: DecodedSnapshot?
    private var lacksCredentials = false
    /// The last heartbeat was not taken.
    private var isCutOff = false

    init(
        _ configuration: FleetConfiguration, identity: NodeIdentity, incarnation: ObjectID, journal: Journal,
        control: ControlStream, wallet: Wallet, reports: FleetReports, on loop: EventLoop,
        hear: @escaping ([HealthNews]) -> Void,
        deliver: @escaping (Snapshot) -> Void
    ) {
        self.configuration = configuration
        self.identity = identity
        self.incarnation = incarnation
        self.journal = journal
        self.loop = loop
        self.wallet = wallet
        explanations = reports.explanations
        refusals = reports.refusals
        self.deliver = deliver
        self.hear = hear
        let client = FleetClient(configuration, on: loop)
        self.client = client
        heartbeatDue = LevelSignal(on: loop)
        stopping = LevelSignal(on: loop)
        let shipper = UsageShipper(journal: journal, control: control, on: loop) { batch in
            await Self.ship(batch, with: client)
        }
        self.shipper = shipper
        keeper = LeaseKeeper(
            wallet, client: client, control: control, nodeID: identity.nodeID, incarnation: incarnation, on: loop,
            stopping: stopping, shipNow: { shipper.shipNow() })
    }

    /// Delivers the last good snapshot from the disk, if there is one, and begins to follow the control plane.
    func start() async throws(FleetStateError) {
        do throws(FileError) {
            let store = try SnapshotStore(dataDirectory: configuration.dataDirectory)
            credentials = try CredentialKeeper(
                identity: identity, dataDirectory: configuration.dataDirectory,
                environment: ProcessEnvironment.variables())
            sync = SnapshotSync(configuration, store: store, client: client, status: status, stopping: stopping)
        } catch { throw FleetStateError(description: "\(error)") }
        // Without the control plane, which may be away and must not be waited for.
        if let restored = try sync.restore() { await use(restored, completing: false) }
        spawn { await $0.follow() }
        spawn { await $0.sendHeartbeats() }
        spawn { await $0.completeCredentials() }
        spawn { await $0.sendExplanations() }
        spawn { await $0.sendRefusals() }
        spawn { agent in
            await agent.keeper.run { body in agent.spawn { await body($0.keeper) } }
        }
        spawn { await $0.keeper.followRecalls() }
        shipper.start()
    }

    /// Ships what other processes of this node have left, besides the rest.
    func ship(_ adopted: [EarlierIncarnation]) { shipper.ship(adopted) }

    /// The wallet has something to ask or to give back.
    func wakeKeeper() { keeper.wake() }

    private func spawn(_ body: @escaping @Sendable (FleetAgent) async -> Void) {
        let agent = AgentReference(self)
        liveTasks += 1
        loop.spawn { _ in
            await body(agent.value)
            agent.value.liveTasks -= 1
        }
    }

    private func follow() async {
        await sync.run(
            deliver: { await self.use($0, completing: true) },
            changed: { self.heartbeatDue.raise(to: self.heartbeatDue.level + 1) })
    }

    /// Hands the snapshot on at once, with the secrets that are here: a revoked key must not wait for a credential. Those
    /// that have to be fetched follow.
    private func use(_ decoded: DecodedSnapshot, completing: Bool) async {
        current = decoded
        let resolved = await credentials.resolve(decoded.policy.credentials, from: nil)
        lacksCredentials = resolved.count < decoded.policy.credentials.count
        deliver(Snapshot(decoded, credentials: resolved))
        if completing { await complete(decoded, known: resolved) }
    }

    private func complete(_ decoded: DecodedSnapshot, known: [ObjectID: [UInt8]]) async {
        guard lacksCredentials else { return }
        let resolved = await credentials.resolve(decoded.policy.credentials, from: client)
        // A newer snapshot may have come while this one waited.
        guard current?.manifest.version == decoded.manifest.version, resolved != known else { return }
        lacksCredentials = resolved.count < decoded.policy.credentials.count
        deliver(Snapshot(decoded, credentials: resolved))
    }

    /// Tries again for what could not be resolved: a secret that appears later is used without a new snapshot.
    private func completeCredentials() async {
        while await stopping.wait(beyond: 0, timeout: .seconds(2)) == 0 {
            guard lacksCredentials, let current else { continue }
            await complete(current, known: await credentials.resolve(current.policy.credentials, from: nil))
        }
    }

    // MARK: Heartbeats

    private static let heartbeatInterval = Duration.seconds(1)
    private static let heartbeatRest = Duration.milliseconds(20)

    private func sendHeartbeats() async {
        while stopping.level == 0 {
            let level = heartbeatDue.level
            await sendHeartbeat()
            _ = await heartbeatDue.wait(beyond: level, timeout: Self.heartbeatInterval)
            // What comes close together goes together.
            await loop.sleep(for: Self.heartbeatRest)
        }
    }

    private func sendHeartbeat() async {
        let state = status.current
        // The process that took this one over speaks for the node.
        if state.isHandedOver { return }
        let heartbeat = Heartbeat(
            nodeID: identity.nodeID, name: nodeName, incarnation: incarnation,
            startedUnixMilliseconds: startedUnixMilliseconds, softwareVersion: WeirVersion.current,
            snapshotVersion: state.snapshotVersion, snapshotExpired: status.snapshotIsExpired,
            rejection: state.rejection,
            sealingPublicKey: Base64.encode(identity.sealingKey.publicKey), journalBytes: journal.allocatedBytes,
            unacknowledgedRecords: journal.unacknowledgedRecords, draining: state.isDraining,
            targetsOut: health.reports(loop.refreshedNow()))
        do {
            let response = try await client.send(
                "POST", "/fleet/v1/heartbeat", contentType: "application/json",
                body: ByteBuffer(CanonicalJSON.encode(heartbeat)),
                timeout: .seconds(3),
                bodyBytesMax: 64 * 1024)
            guard response.status == 200 else {
                isCutOff = true
                return log.warning("the heartbeat was refused", ["status": .integer(response.status)])
            }
            let answer: HeartbeatAnswer = try StrictJSONDecoder.decode(from: response.body)
            wallet.setLiveNodes(answer.liveNodes)
            if let reports = answer.targetsOut, !reports.isEmpty {
                hear(FleetHealth.news(of: reports, loop.refreshedNow()))
            }
            if isCutOff { shipper.tryAgain() }
            isCutOff = false
        } catch {
            isCutOff = true
            log.debug("the heartbeat was not taken", ["error": .text("\(error)")])
        }
    }

    /// What a loop found out about a target. The others hear of it with the next heartbeat, which goes out now where it matters.
    func heard(_ news: HealthNews) {
        if health.heard(news) { heartbeatDue.raise(to: heartbeatDue.level + 1) }
    }

    /// What probes found of a provider with these targets.
    func probed(_ targets: [TargetIdentity], downUntil: MonotonicTime?) {
        if health.probed(targets, downUntil: downUntil) { heartbeatDue.raise() }
    }

    private var nodeName: String {
        configuration.nodeName.isEmpty ? HostName.current : configuration.nodeName
    }

    // MARK: Usage

    private static func ship(_ batch: ByteBuffer, with client: FleetClient) async -> ShipAnswer {
        do {
            let response = try await client.send(
                "POST", "/fleet/v1/usage", contentType: "application/octet-stream", body: batch, timeout: .seconds(15),
                bodyBytesMax: 64 * 1024)
            switch response.status {
            case 200:
                let answer: UsageAcknowledgement = try StrictJSONDecoder.decode(from: response.body)
                return .acknowledged(answer.acknowledgedSequence)
            case 409:
                let tree = try JSONValue(parsing: response.body)
                guard let expected = tree["expectedSequence"]?.number?.integer(as: UInt64.self) else {
                    return .unavailable("a conflict without a number")
                }
                return .expected(expected)
            default: return .unavailable("the control plane answered with \(response.status)")
            }
        } catch { return .unavailable("\(error)") }
    }

    // MARK: Explanations

    private func sendExplanations() async {
        while await stopping.wait(beyond: 0, timeout: .seconds(1)) == 0 {
            while await sendOldestExplanations() {}
        }
    }

    /// True where some were taken.
    private func sendOldestExplanations() async -> Bool {
        guard let batch = explanations.body(), await report(batch.bytes, to: ExplanationBatch.path) else {
            return false
        }
        explanations.sent(batch.count)
        return true
    }

    // MARK: Refusals

    /// Requests that are alike are one row for so long.
    private static let refusalInterval = Duration.seconds(5)

    private func sendRefusals() async {
        while await stopping.wait(beyond: 0, timeout: Self.refusalInterval) == 0 {
            while await sendOldestRefusals() {}
        }
    }

    /// True where some were taken and there may be more.
    private func sendOldestRefusals() async -> Bool {
        guard let batch = refusals.batch(), await report(CanonicalJSON.encode(batch), to: RefusalBatch.path) else {
            return false
        }
        refusals.sent(batch.refusals.count)
        return batch.refusals.count == RefusalBatch.countMax
    }

    /// True where the control plane is done with it: it keeps it, or refuses it (as an older one does that does not know what it is), and would
    /// refuse it again. False where it could not be reached, or could not keep it now.
    private func report(_ body: [UInt8], to path: String) async -> Bool {
        do {
            let response = try await client.send(
                "POST", path, contentType: "application/json", body: ByteBuffer(body), timeout: .seconds(5),
                bodyBytesMax: 64 * 1024)
            if response.status >= 500 { return false }
            if response.status != 204 {
                log.warning("a report was refused", ["path": .string(path), "status": .integer(response.status)])
            }
            return true
        } catch { return false }
    }

    // MARK: Stop

    /// - Parameter handedOver: another process of this node serves from here on.
    func beginDraining(handedOver: Bool) {
        status.update { ($0.isDraining, $0.isHandedOver) = (true, handedOver) }
        heartbeatDue.raise(to: heartbeatDue.level + 1)
    }

    /// Ships what the journal holds, for at most `deadline`; what is left is shipped by the next start.
    ///
    /// - Parameter journalEnded: all streams but the control stream have ended, and that may end too.
    /// - Returns: whether everything is shipped.
    @discardableResult
    func shutDown(deadline: Duration, journalEnded: Bool) async -> Bool {
        keeper.returnEverything()
        _ = await sendOldestExplanations()
        _ = await sendOldestRefusals()
        let isShipped = await shipper.drain(deadline: deadline, closingOwn: journalEnded)
        if !isShipped { log.warning("the journal is not empty: the next start ships the rest") }
        stopping.raise(to: 1)
        heartbeatDue.raise(to: heartbeatDue.level + 1)
        // The long poll among them. A call that ends this way may be followed by one more, which ends so too.
        while liveTasks > 0 {
            client.abortAll()
            await loop.sleep(for: .milliseconds(1))
        }
        return isShipped
    }
}

/// Lets the tasks of the loop name the agent, which lives on that loop.
///
/// Concurrency: used by tasks of the agent's loop only.
private final class AgentReference: @unchecked Sendable {
    let value: FleetAgent
    init(_ value: FleetAgent) { self.value = value }
}

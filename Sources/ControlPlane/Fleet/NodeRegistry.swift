import Shared

/// What the data planes last said of themselves.
///
/// - Shape: in memory at once; in the database when something changed that people look at (version, refusal, draining, a new
///   process), else every few seconds. Without a database heartbeats are still answered.
/// - Concurrency: lives on one loop.
public final class NodeRegistry {
    private struct Node {
        var heartbeat: Heartbeat
        var heardAt: MonotonicTime
        var writtenAt: MonotonicTime?
        var written: Heartbeat?
        var isWriting = false
    }

    private let loop: EventLoop
    private let pool: PostgresPool
    private let log: Logger
    private var nodes: [ObjectID: Node] = [:]
    private var fleetCount = 0
    private var countedAt: MonotonicTime?
    /// What data planes said of targets that other control planes heard of, when it was read.
    private var targetsElsewhere: [ObjectID: [TargetOut]] = [:]
    private var targetsReadAt: MonotonicTime?

    static let liveFor = Duration.seconds(15)
    private static let writeInterval = Duration.seconds(5)
    private static let countInterval = Duration.seconds(5)
    /// As often as data planes ask.
    private static let targetsInterval = Duration.seconds(1)
    /// More than this many data planes in one fleet is somebody inventing identities.
    private static let nodesMax = 10_000

    init(on loop: EventLoop, pool: PostgresPool, log: Logger) {
        self.loop = loop
        self.pool = pool
        self.log = log
    }

    /// Takes a heartbeat; answers how many data planes the fleet has. Never waits for the database.
    func heard(_ heartbeat: Heartbeat) -> Int {
        let now = loop.now
        if nodes[heartbeat.nodeID] == nil, nodes.count >= Self.nodesMax { forgetSilent(before: now) }
        var node = nodes[heartbeat.nodeID] ?? Node(heartbeat: heartbeat, heardAt: now)
        if let rejection = heartbeat.rejection, node.heartbeat.rejection != rejection || node.written == nil {
            log.warning(
                "data plane refused a snapshot",
                [
                    "node": .text(heartbeat.nodeID), "name": .string(heartbeat.name),
                    "version": .text(rejection.version),
                    "reason": .string(rejection.reason), "detail": .string(rejection.detail),
                ])
        }
        node.heartbeat = heartbeat
        node.heardAt = now
        let isDue = node.writtenAt.map { $0.duration(to: now) >= Self.writeInterval } ?? true
        let differs = node.written.map { !heartbeat.looksLike($0) } ?? true
        if isDue || differs, !node.isWriting {
            node.isWriting = true
            write(heartbeat)
        }
        nodes[heartbeat.nodeID] = node
        countFleet()
        return max(fleetCount, liveHere)
    }

    /// What all data planes but this one have set aside; of several that say the same, the one that says so for longest.
    func targetsOut(besides nodeID: ObjectID) -> [TargetOut] {
        let now = loop.now
        readTargetsElsewhere(now)
        var longest: [TargetOut] = []
        func add(_ reports: [TargetOut], heardAt: MonotonicTime) {
            for report in reports {
                guard let left = report.after(milliseconds: Int(heardAt.duration(to: now).wholeMilliseconds)) else {
                    continue
                }
                guard let known = longest.firstIndex(where: { $0.isSame(as: left) }) else {
                    if longest.count < TargetOut.countMax { longest.append(left) }
                    continue
                }
                longest[known].milliseconds = max(longest[known].milliseconds, left.milliseconds)
            }
        }
        for (id, node) in nodes where id != nodeID { add(node.heartbeat.targetsOut ?? [], heardAt: node.heardAt) }
        if let readAt = targetsReadAt {
            for (id, reports) in targetsElsewhere where id != nodeID && nodes[id] == nil {
                add(reports, heardAt: readAt)
            }
        }
        return longest
    }

    private func readTargetsElsewhere(_ now: MonotonicTime) {
        guard targetsReadAt.map({ $0.duration(to: now) >= Self.targetsInterval }) ?? true else { return }
        targetsReadAt = now
        loop.launch { [self] in
            do throws(StoreError) { targetsElsewhere = try await NodeAccessStore.targetsOut(pool) } catch {
                targetsElsewhere = [:]
            }
            targetsReadAt = loop.now
        }
    }

    private func write(_ heartbeat: Heartbeat) {
        loop.launch { [self] in
            do throws(StoreError) {
                try await NodeAccessStore.record(heartbeat, pool)
                nodes[heartbeat.nodeID]?.writtenAt = loop.now
                nodes[heartbeat.nodeID]?.written = heartbeat
            } catch {
                // The next heartbeat tries again.
            }
            nodes[heartbeat.nodeID]?.isWriting = false
        }
    }

    /// Data planes that this control plane heard of within the last 15 seconds.
    public var liveHere: Int {
        let now = loop.now
        return nodes.values.count { $0.heardAt.duration(to: now) < Self.liveFor }
    }

    /// Keeps the number over all control planes up to date, as well as the database allows.
    private func countFleet() {
        let now = loop.now
        guard countedAt.map({ $0.duration(to: now) >= Self.countInterval }) ?? true else { return }
        countedAt = now
        loop.launch { [self] in
            do throws(StoreError) { fleetCount = try await NodeAccessStore.liveNodes(pool) } catch { fleetCount = 0 }
        }
    }

    private func forgetSilent(before now: MonotonicTime) {
        nodes = nodes.filter { $0.value.heardAt.duration(to: now) < Self.liveFor }
    }
}

extension Heartbeat {
    private func saysTheSame(of targets: [TargetOut], as others: [TargetOut]) -> Bool {
        // One that grew was set aside anew.
        targets.count == others.count
            && zip(targets, others).allSatisfy { $0.isSame(as: $1) && $0.milliseconds <= $1.milliseconds }
    }

    /// Whether nothing differs that somebody may be waiting to see.
    fileprivate func looksLike(_ other: Heartbeat) -> Bool {
        incarnation == other.incarnation && name == other.name && snapshotVersion == other.snapshotVersion
            && snapshotExpired == other.snapshotExpired && rejection == other.rejection
            && sealingPublicKey == other.sealingPublicKey && draining == other.draining
            && saysTheSame(of: targetsOut ?? [], as: other.targetsOut ?? [])
    }
}

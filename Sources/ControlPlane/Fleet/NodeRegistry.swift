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
    }

    private let loop: EventLoop
    private let pool: PostgresPool
    private let log: Logger
    private var nodes: [ObjectID: Node] = [:]
    private var fleetCount: (count: Int, readAt: MonotonicTime)?

    static let liveFor = Duration.seconds(15)
    private static let writeInterval = Duration.seconds(5)
    private static let countInterval = Duration.seconds(5)
    /// More than this many data planes in one fleet is somebody inventing identities.
    private static let nodesMax = 10_000

    init(on loop: EventLoop, pool: PostgresPool, log: Logger) {
        self.loop = loop
        self.pool = pool
        self.log = log
    }

    /// Takes a heartbeat; answers how many data planes the fleet has.
    func heard(_ heartbeat: Heartbeat) async -> Int {
        let now = loop.now
        var node = nodes[heartbeat.nodeID] ?? Node(heartbeat: heartbeat, heardAt: now)
        if let rejection = heartbeat.rejection, node.heartbeat.rejection != rejection || node.written == nil {
            log.warning(
                "data plane refused a snapshot",
                [
                    "node": .text(heartbeat.nodeID), "name": .string(heartbeat.name), "version": .text(rejection.version),
                    "reason": .string(rejection.reason), "detail": .string(rejection.detail),
                ])
        }
        node.heartbeat = heartbeat
        node.heardAt = now
        let isDue = node.writtenAt.map { $0.duration(to: now) >= Self.writeInterval } ?? true
        let differs = node.written.map { !heartbeat.looksLike($0) } ?? true
        if nodes[heartbeat.nodeID] == nil, nodes.count >= Self.nodesMax { forgetSilent(before: now) }
        if isDue || differs {
            node.writtenAt = now
            node.written = heartbeat
            nodes[heartbeat.nodeID] = node
            do throws(StoreError) { try await NodeAccessStore.record(heartbeat, pool) } catch {
                // Written with the next heartbeat.
                nodes[heartbeat.nodeID]?.writtenAt = nil
            }
        } else {
            nodes[heartbeat.nodeID] = node
        }
        return await liveCount()
    }

    /// Data planes that this control plane heard of within the last 15 seconds.
    public var liveHere: Int {
        let now = loop.now
        return nodes.values.count { $0.heardAt.duration(to: now) < Self.liveFor }
    }

    /// Over all control planes while the database is there.
    private func liveCount() async -> Int {
        if let fleetCount, fleetCount.readAt.duration(to: loop.now) < Self.countInterval {
            return max(fleetCount.count, liveHere)
        }
        fleetCount = (count: fleetCount?.count ?? 0, readAt: loop.now)
        do throws(StoreError) {
            fleetCount = (count: try await NodeAccessStore.liveNodes(pool), readAt: loop.now)
        } catch { fleetCount = (count: 0, readAt: loop.now) }
        return max(fleetCount?.count ?? 0, liveHere)
    }

    private func forgetSilent(before now: MonotonicTime) {
        nodes = nodes.filter { $0.value.heardAt.duration(to: now) < Self.liveFor }
    }
}

extension Heartbeat {
    /// Whether nothing differs that somebody may be waiting to see.
    fileprivate func looksLike(_ other: Heartbeat) -> Bool {
        incarnation == other.incarnation && name == other.name && snapshotVersion == other.snapshotVersion
            && snapshotExpired == other.snapshotExpired && rejection == other.rejection
            && sealingPublicKey == other.sealingPublicKey && draining == other.draining
    }
}

import Shared
import Synchronization

/// How many connections of callers the process has, in all and by source.
///
/// One count for all loops: the kernel spreads connections over them by a hash, so that a share for each loop would be used
/// up on one while there is room on the others.
///
/// Concurrency: for any loop. The count is an atomic and each shard is under its mutex; both are touched when a connection
/// opens and closes, and never by a request.
final class ConnectionLimits: Sendable {
    enum Verdict { case admitted, tooMany, tooManyFromSource }

    let connectionsMax: Int
    /// 0: none.
    let perSourceMax: Int
    private let open = Atomic<Int>(0)
    private let shards: [Shard]

    private final class Shard: Sendable {
        let counts = Mutex<[SourceNetwork: Int]>([:])
    }

    /// So that loops seldom wait for each other.
    private static let shardCount = 16

    init(connectionsMax: Int, perSourceMax: Int) {
        self.connectionsMax = connectionsMax
        self.perSourceMax = perSourceMax
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// Counts a connection from `source`. One that is admitted is given back by `close`.
    func admit(_ source: IPAddress?) -> Verdict {
        guard open.add(1, ordering: .relaxed).newValue <= connectionsMax else {
            open.subtract(1, ordering: .relaxed)
            return .tooMany
        }
        guard perSourceMax > 0, let network = source.map(SourceNetwork.init) else { return .admitted }
        let isAdmitted = shard(network).counts.withLock { counts in
            let count = counts[network, default: 0]
            guard count < perSourceMax else { return false }
            counts[network] = count + 1
            return true
        }
        if isAdmitted { return .admitted }
        open.subtract(1, ordering: .relaxed)
        return .tooManyFromSource
    }

    func close(_ source: IPAddress?) {
        open.subtract(1, ordering: .relaxed)
        guard perSourceMax > 0, let network = source.map(SourceNetwork.init) else { return }
        shard(network).counts.withLock { counts in
            // Kept only while there is something to count, so that the table is never larger than what is open.
            if let count = counts[network] { counts[network] = count > 1 ? count - 1 : nil }
        }
    }

    var openCount: Int { open.load(ordering: .relaxed) }
    /// Sources that have a connection.
    var sourceCount: Int { shards.reduce(0) { $0 + $1.counts.withLock { $0.count } } }

    private func shard(_ network: SourceNetwork) -> Shard {
        shards[Int(truncatingIfNeeded: (network.prefix &* 0x9e37_79b9_7f4a_7c15) >> 60) % Self.shardCount]
    }
}

/// Where connections are counted together: an IPv4 address, or the /64 that an IPv6 host has for itself.
///
/// - Source: RFC 4291 section 2.5.1: the lower half of an address is the host's own to choose.
struct SourceNetwork: Hashable {
    let isIPv4: Bool
    let prefix: UInt64

    init(_ address: IPAddress) {
        isIPv4 = address.isIPv4
        prefix = address.isIPv4 ? address.low : address.high
    }
}

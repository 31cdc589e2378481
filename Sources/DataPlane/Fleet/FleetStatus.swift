import Shared
import Synchronization

/// What the data plane knows of its standing in the fleet, for readiness, metrics and heartbeats.
///
/// Concurrency: everything is under one mutex.
final class FleetStatus: Sendable {
    struct State: Sendable {
        /// 0: none in use.
        var snapshotVersion: UInt64 = 0
        var expiresUnixMilliseconds = Int64.max
        /// The last refused manifest, until a later one is accepted.
        var rejection: Heartbeat.Rejection?
        var rejections: UInt64 = 0
        var isDraining = false
        /// Another process of this node serves in the place of this one.
        var isHandedOver = false
    }

    private let state = Mutex(State())

    var current: State { state.withLock { $0 } }
    func update(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    var snapshotVersion: UInt64 { current.snapshotVersion }
    var snapshotIsExpired: Bool { WallTime.unixMilliseconds() >= current.expiresUnixMilliseconds }
}

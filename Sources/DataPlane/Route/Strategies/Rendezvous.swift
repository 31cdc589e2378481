import Shared

/// Keeps what has the same key at the same target, on every replica, without anybody remembering anything.
///
/// - Shape: each target has a rank for each key, made of the two alone; the highest that has room is chosen. When a target goes away, only
///   its own keys move, each to the target that was second for it, and they come back with it; a new one takes an even share from all.
/// - Shape: a target with more than its part of the requests in flight is passed over: one busy key, or an unlucky spread of few keys, does
///   not pile everything upon one target while others are idle.
/// - Source: Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (1998); Mirrokni, Thorup and Zadimoghaddam,
///   "Consistent hashing with bounded loads" (2018).
enum Rendezvous {
    /// The bound of a target: this many hundredths of the average. The lower, the more even is the load, and the more often does a key leave
    /// its place. It is the least of what HAProxy's documentation calls reasonable (125 to 200): a provider that queues is worse than a
    /// prompt that is read anew.
    static let boundPercent = 125

    /// Below this many in flight a target is never passed over: one loop has few requests at a time, so that its average says nothing, and
    /// the parallel requests of one conversation should not be scattered for want of others.
    static let inFlightAlwaysAllowed = 4

    /// The target as every process and every snapshot knows it.
    ///
    /// - Parameter upstreamModelName: as the provider is asked for it.
    static func identity(provider: ObjectID, model: ObjectID, upstreamModelName: [UInt8]) -> UInt64 {
        var hash = StableHash()
        hash.add(provider)
        hash.add(model)
        unsafe upstreamModelName.withUnsafeBytes { unsafe hash.add($0) }
        return hash.value
    }

    @inline(__always)
    static func rank(key: UInt64, identity: UInt64) -> UInt64 { StableHash.mixed(key ^ identity) }

    /// How many requests a target may have in flight, the new one included.
    ///
    /// - Parameter inFlight: of all available targets together, without the new one.
    static func bound(inFlight: Int, targets: Int) -> Int {
        max(inFlightAlwaysAllowed, ((inFlight + 1) * boundPercent + 100 * targets - 1) / (100 * targets))
    }

    /// The index of the target to try next; nil when none is available. For the one after that, the tried one is not available any more.
    ///
    /// - Parameters:
    ///   - isAvailable: asked twice of each target, so it only looks.
    ///   - identity: `TargetHealth.rendezvousIdentity`.
    ///   - inFlight: `TargetLoad.inFlight`.
    @inline(__always)
    static func choose(
        count: Int, key: UInt64, isAvailable: (Int) -> Bool, identity: (Int) -> UInt64, inFlight: (Int) -> Int
    ) -> Int? {
        var available = 0
        var total = 0
        for index in 0..<count where isAvailable(index) {
            available += 1
            total += inFlight(index)
        }
        guard available > 0 else { return nil }
        let bound = bound(inFlight: total, targets: available)
        var best: Int?
        var highest: UInt64 = 0
        // Somebody always has room: the bound is above the average.
        for index in 0..<count where isAvailable(index) && inFlight(index) < bound {
            let rank = rank(key: key, identity: identity(index))
            if best == nil || rank > highest {
                best = index
                highest = rank
            }
        }
        return best
    }
}

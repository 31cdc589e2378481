/// Decides when a loop that is woken again and again for little looks after what arrives at intervals instead.
///
/// - Shape: pure; a bucket. Each arrival fills it by one, each interval lets one out. It fills where arrivals come more often than one in an
///   interval, and only there does an interval save anything; it is empty a few intervals after they have become rare.
/// - Units: nanoseconds of one monotonic clock.
struct WakeModeration {
    let interval: UInt64
    /// Arrivals wait for the end of their interval.
    private(set) var isGathering = false
    private var level: UInt64 = 0
    private var last: UInt64 = 0

    /// So many intervals without an arrival end it, and half as many arrivals in quick succession begin it.
    static let depth: UInt64 = 16

    init(interval: UInt64) { self.interval = interval }

    /// The loop looked at `now` and found `count` arrivals.
    mutating func looked(at now: UInt64, found count: Int) {
        let elapsed = now &- last
        last = now
        let drained = level > elapsed ? level - elapsed : 0
        level = min(drained + UInt64(count) * interval, Self.depth * interval)
        // In quick succession is within an interval.
        isGathering = isGathering ? level > 0 : level > (Self.depth / 2 - 1) * interval
    }
}

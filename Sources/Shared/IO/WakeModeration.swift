/// Decides when a loop that is woken again and again for little looks after what arrives at intervals instead.
///
/// - Shape: pure; a bucket that loses one in an interval. While arrivals wake the loop each wake adds one: it fills where they do so more than once in an
///   interval, and only there is anything to save. While they wait for the interval's end a look adds one and a half where it finds several, which saved
///   something, and nothing where it finds none, which was a wake for nothing: it stays full until a third of the looks are such.
/// - Units: nanoseconds of one monotonic clock.
struct WakeModeration {
    let interval: UInt64
    /// Arrivals wait for the end of their interval.
    private(set) var isGathering = false
    private var level: UInt64 = 0
    private var last: UInt64 = 0

    /// So many intervals without an arrival end it, and half as many wakes in quick succession begin it.
    private static let depth: UInt64 = 16

    init(interval: UInt64) { self.interval = interval }

    /// The loop looked at `now` and found `count` arrivals; it was `awoken` to look, or was awake.
    mutating func looked(at now: UInt64, found count: Int, awoken: Bool) {
        let elapsed = now &- last
        last = now
        let drained = level > elapsed ? level - elapsed : 0
        level = min(drained + worth(of: count, awoken), Self.depth * interval)
        // In quick succession is within an interval.
        isGathering = isGathering ? level >= interval : level > (Self.depth / 2 - 1) * interval
    }

    private func worth(of count: Int, _ awoken: Bool) -> UInt64 {
        if count == 0 { return 0 }
        if isGathering { return count > 1 ? interval + interval / 2 : interval }
        return awoken ? interval : 0
    }
}

import Shared

/// How many requests the provider takes in a minute. What its answers say of that is its dialect's.
///
/// - Shape: a window of a minute that begins with a request, and the next one with the first request behind it.
struct RequestRate {
    private static let period = Duration.seconds(60)

    let limit: Int
    private var used = 0
    private var ends = MonotonicTime(nanoseconds: 0)

    init(limit: Int) { self.limit = limit }

    var left: Int { limit - used }

    /// False where nothing is left.
    mutating func take(at now: MonotonicTime) -> Bool {
        if now >= ends {
            used = 0
            ends = now.advanced(by: Self.period)
        }
        guard used < limit else { return false }
        used += 1
        return true
    }

    func millisecondsLeft(at now: MonotonicTime) -> UInt64 {
        (max(ends, now).nanoseconds - now.nanoseconds + 999_999) / 1_000_000
    }
}

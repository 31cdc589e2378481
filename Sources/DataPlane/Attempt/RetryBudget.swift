import Shared

/// How many retries a target may get, so that an outage is not amplified: a share of its requests, and a few a second where those are rare.
///
/// - Shape: pure; a bucket that each request fills by `percent` hundredths of a retry, and each second by `perSecond` retries.
/// - Units: the balance is in hundredths of a retry.
struct RetryBudget {
    /// A target with a request now and then gets its retries all the same.
    private static let perSecond: UInt64 = 1
    /// What can be saved up: enough for the requests that are in flight together when something hiccups, and too little to hurt.
    private static let retriesMax: UInt64 = 10

    var percent: Int
    private var balance = retriesMax * 100
    private var filledAt: MonotonicTime

    init(percent: Int, now: MonotonicTime) {
        self.percent = percent
        filledAt = now
    }

    /// A request comes, whatever becomes of it.
    @inline(__always)
    mutating func earn() {
        if balance < Self.retriesMax * 100 { balance = min(balance + UInt64(percent), Self.retriesMax * 100) }
    }

    /// Takes one retry, if there is one.
    mutating func take(_ now: MonotonicTime) -> Bool {
        if percent > 0, now > filledAt {
            let earned = (now.nanoseconds - filledAt.nanoseconds) / (10_000_000 / Self.perSecond)
            balance = min(balance + min(earned, Self.retriesMax * 100), Self.retriesMax * 100)
            filledAt = filledAt.advanced(byNanoseconds: earned * (10_000_000 / Self.perSecond))
        }
        guard balance >= 100, percent > 0 else { return false }
        balance -= 100
        return true
    }
}

import Shared

/// How soon one stream ships again: at once as long as it does so rarely, so that a request's usage is known when somebody looks, and four times
/// a second where it has something to say all the time. Each batch is a transaction, whose cost for the database, and for whoever shares its
/// processors, hardly depends on what is in it.
///
/// - Shape: pure; a bucket of `burst` batches, one of which comes back every `interval`. A full batch has more behind it: it does not wait and takes
///   nothing.
struct ShippingPace {
    static let interval = Duration.milliseconds(250)
    static let burst = 4

    /// When the bucket is full again, if nothing is shipped until then.
    private var fullAt: MonotonicTime?

    /// How long to wait after a batch that was acknowledged, so that what comes meanwhile goes together; nil: not at all.
    mutating func pause(after batch: JournalBatch, at now: MonotonicTime) -> Duration? {
        guard batch.recordCount < UsageBatch.recordsMax else { return nil }
        // Who is in a hurry does not wait, and leaves no more debt behind than one interval.
        let full = min(
            max(fullAt ?? now, now).advanced(by: Self.interval), now.advanced(by: Self.interval * Self.burst))
        fullAt = full
        let early = now.advanced(by: Self.interval * (Self.burst - 1))
        return full > early ? early.duration(to: full) : nil
    }
}

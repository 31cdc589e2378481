/// What was added during the last period, in 1,200 steps: the settled amount of a window that slides.
///
/// - Shape: amounts lie in buckets of a 1,200th of the period, by the time they were added. A bucket leaves when its *end* is a full
///   period old, so what is summed is never less than what was really added in any period.
/// - Units: milliseconds since 1970 or of any other clock, but always of the same one.
public struct SlidingSum: Hashable, Sendable {
    struct Bucket: Hashable, Sendable {
        var index: Int64
        var amount: Int64
    }

    public let periodMilliseconds: Int64
    /// 50 ms of a minute, 72 s of a day: fine enough that a limit loses less than a thousandth of its period.
    public let bucketMilliseconds: Int64
    /// Rising by index; at most 1,202, whatever is added.
    private var buckets: [Bucket] = []

    public static let steps: Int64 = 1_200

    public init(periodMilliseconds: Int64) {
        precondition(periodMilliseconds > 0)
        self.periodMilliseconds = periodMilliseconds
        bucketMilliseconds = (periodMilliseconds + Self.steps - 1) / Self.steps
    }

    public func total(at now: Int64) -> Int64 {
        var sum: Int64 = 0
        for bucket in buckets where !hasLeft(bucket, at: now) { sum = sum.addingSaturating(bucket.amount) }
        return sum
    }

    /// A clock that went back adds to the newest bucket.
    public mutating func add(_ amount: Int64, at now: Int64) {
        expire(at: now)
        let index = now / bucketMilliseconds
        if let last = buckets.last, last.index >= index {
            buckets[buckets.count - 1].amount = last.amount.addingSaturating(amount)
        } else {
            buckets.append(Bucket(index: index, amount: amount))
        }
    }

    /// Takes out what was added at `time` and proved unspent: at most what that bucket still has, nothing once it has left.
    ///
    /// - Parameter slack: how much later it may have been added. The first bucket comes first, so that what others have added meanwhile
    ///   is counted too long rather than not long enough.
    /// - Returns: how much was taken out.
    public mutating func remove(
        _ amount: Int64, addedAt time: Int64, slack: Int64 = 0, at now: Int64
    ) -> Int64 {
        expire(at: now)
        var left = amount
        // No other bucket will do: what lies there was added by others, and is spent.
        let places = (time / bucketMilliseconds)...((time + slack) / bucketMilliseconds)
        for position in buckets.indices where places.contains(buckets[position].index) {
            let removed = min(left, buckets[position].amount)
            buckets[position].amount -= removed
            left -= removed
        }
        return amount - left
    }

    /// Whether what was added at `time` is counted no more.
    public func hasLeft(addedAt time: Int64, at now: Int64) -> Bool {
        (time / bucketMilliseconds + 1) * bucketMilliseconds + periodMilliseconds <= now
    }

    /// How long until the sum is at most `most`, if nothing is added: 0 when it is already.
    public func milliseconds(untilAtMost most: Int64, at now: Int64) -> Int64 {
        var sum = total(at: now)
        guard sum > most else { return 0 }
        for bucket in buckets where !hasLeft(bucket, at: now) {
            sum -= bucket.amount
            if sum <= most { return leaves(bucket) - now }
        }
        return periodMilliseconds
    }

    public var isEmpty: Bool { buckets.isEmpty }

    private func leaves(_ bucket: Bucket) -> Int64 { (bucket.index + 1) * bucketMilliseconds + periodMilliseconds }
    private func hasLeft(_ bucket: Bucket, at now: Int64) -> Bool { leaves(bucket) <= now }

    private mutating func expire(at now: Int64) {
        var gone = 0
        while gone < buckets.count, hasLeft(buckets[gone], at: now) { gone += 1 }
        if gone > 0 { buckets.removeFirst(gone) }
    }
}

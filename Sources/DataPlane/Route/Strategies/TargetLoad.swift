import Glibc
import Shared

/// How busy a target is from here, and how long it lets callers wait for their first token.
///
/// - Shape: the requests in flight, and a moving average of the times to the first token that believes bad news at once and good news
///   slowly: a sample above it takes its place, one below it pulls it down by how long ago the last one was. A target that becomes slow is
///   avoided from its first slow answer on.
/// - Shape: what is not known is for the best. A target without a sample scores 0 until a request is on its way to it, and then comes behind
///   all that have one: exactly one request finds out, instead of everybody's meanwhile. The same holds for a target that was slow once.
///   Its average decays toward 0 while nobody waits for a first token there, so that its turn to be tried again comes; once somebody does
///   it counts in full again, until there is a newer sample.
/// - Units: nanoseconds.
/// - Source: the peak-EWMA balancer of Finagle, which Linkerd uses too: cost = average x (requests in flight + 1). Theirs decays on every
///   reading, busy or not, so that a target looks better the longer it lets callers wait; this one does not.
///
/// Failures: an attempt that was given up for a timeout observes the time that it waited. One that failed sooner observes nothing, since
/// a quick refusal is no quick answer; to keep requests away from it is the breaker's part.
struct TargetLoad {
    /// How fast what was measured is forgotten: after so long a share of 1/e of it is left. Ten seconds as in both sources: long enough to
    /// see through the pauses of a model that answers every few seconds, short enough that a bad minute is not held against it for ten.
    static let memoryNanoseconds: UInt64 = 10_000_000_000

    /// Behind every score that a measured time can make, in front of overflow.
    private static let unmeasured = UInt64.max / 2

    private(set) var inFlight = 0
    /// Of those in flight, the ones whose first token has not come.
    private var waiting = 0
    /// As of `measuredAt`.
    private var averageNanoseconds = 0.0
    /// Of the newest sample; nil when there was none.
    private var measuredAt: MonotonicTime?

    /// An attempt goes out. Each is followed by exactly one `end`, and by at most one `firstToken` before that.
    mutating func begin() {
        inFlight += 1
        waiting += 1
    }

    /// The first token of an attempt came, so long after its `begin`.
    mutating func firstToken(afterNanoseconds sample: UInt64, at now: MonotonicTime) {
        precondition(waiting > 0)
        waiting -= 1
        observe(sample, at: now)
    }

    /// The first token of an attempt was waited for in vain, for so long. Its `end` comes besides.
    mutating func timedOut(afterNanoseconds sample: UInt64, at now: MonotonicTime) { observe(sample, at: now) }

    /// The attempt is over, however it ended.
    mutating func end(afterFirstToken: Bool) {
        precondition(inFlight > 0)
        inFlight -= 1
        if !afterFirstToken { waiting -= 1 }
    }

    private mutating func observe(_ sample: UInt64, at now: MonotonicTime) {
        let sample = Double(sample)
        let left = remembered(at: now)
        averageNanoseconds = sample >= averageNanoseconds ? sample : averageNanoseconds * left + sample * (1 - left)
        measuredAt = max(now, measuredAt ?? now)
    }

    /// The average as it stood at the newest sample; nil before the first sample.
    var firstTokenNanoseconds: UInt64? { measuredAt == nil ? nil : UInt64(averageNanoseconds) }

    /// What another request would have to put up with: the lower, the better.
    func score(at now: MonotonicTime) -> UInt64 {
        guard measuredAt != nil else {
            return waiting == 0 ? 0 : Self.unmeasured.addingSaturating(UInt64(inFlight))
        }
        let average = waiting == 0 ? averageNanoseconds * remembered(at: now) : averageNanoseconds
        let score = average * Double(inFlight + 1)
        return score < Double(Self.unmeasured) ? UInt64(score) : Self.unmeasured
    }

    /// The share of what was measured last that still counts: 1 at once, toward 0 later.
    private func remembered(at now: MonotonicTime) -> Double {
        // A reading of the clock that is older than the sample is of the same turn of the loop.
        guard let measuredAt, now > measuredAt else { return measuredAt == nil ? 0 : 1 }
        return exp(-Double(now.nanoseconds - measuredAt.nanoseconds) / Double(Self.memoryNanoseconds))
    }
}

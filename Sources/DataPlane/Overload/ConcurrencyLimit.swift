import Glibc
import Shared

/// How many requests may be in flight at one target, found by how long its first tokens take.
///
/// A provider that has room answers as fast for ten requests as for one. One that has none answers each of them later. So the limit goes by
/// a gradient: what the first token takes when there is room (the long term), times a tolerance, over what it takes now (the short term). It
/// grows by a part of its square root, which is the queue that it leaves room for, and only while requests really reach it. Where a provider
/// says that it is too much, or does not answer at all, the limit shrinks by a quarter at once.
///
/// The weak point of such a limit is the long term: while all slots are taken for minutes, nobody sees how fast the provider would be with
/// room, and a slow drift would be believed. So under load the long term hardly rises, and when it was not confirmed for a minute the limit
/// halves for some answers, and takes what those took. Where slots do not become free for that in time, as under long streams, it goes on
/// without, and tries again after twice the time. And where half of the requests wait as long as all did, they are not what makes the
/// provider slow: then that is the long term from now on.
///
/// - Shape: pure; time comes in as an argument. A window ends with its last sample. Samples of requests that began before it say what the
///   limit before it came to, and are not counted.
/// - Units: logarithms (base 2) of nanoseconds for times, so that a mean is not one slow answer; requests for the limit.
struct ConcurrencyLimit {
    private(set) var rule: PolicyDocument.Concurrency
    /// So many may be in flight.
    private(set) var current = 1
    private var estimate: Double
    /// Doubles with every window until the first that is slow.
    private var isStarting = true
    /// The mean time to the first token where there is room; nil before the first window is over.
    private var longTerm: Double?
    /// When the long term was last seen to hold, or measured anew.
    private var confirmedAt: MonotonicTime?
    /// Since when the limit is halved to measure it.
    private var probingSince: MonotonicTime?
    private var confirmationTime = Self.confirmationTimeMin
    /// Requests that began before this were sent under another limit.
    private var windowBegan: MonotonicTime
    private var shrunkAt: MonotonicTime
    private var sum = 0.0
    private var count = 0
    private var begunCount = 0
    private var peak = 0
    /// The mean of the last window.
    private var shortTerm = 0.0
    /// Of a decline that is under way: how many were in flight when it began, and the longest that they waited since.
    private var declineFrom: (peak: Int, shortTerm: Double)?

    /// A first token may take so much longer than with room before the limit shrinks: what prompts of all sizes differ by from window to window.
    private static let tolerance = 1.25
    /// What one window may take away, at most.
    private static let gradientMin = 0.5
    /// Of its square root, what a limit that is used grows by: with 8 slots 1.4, with 100 slots 5.
    private static let roomShare = 0.5
    private static let shrinkFactor = 0.75
    /// Low enough that the first window is measured with room at nearly any provider; three windows later it is 32.
    private static let startMax = 4
    private static let windowSamples = 8...32
    /// Enough at the start, where no more can come before slots are given back: streams hold theirs long after the first token.
    private static let startSamples = 4
    /// Half of the load must take away a quarter of the time (0.4 in powers of two), or it is not the load.
    private static let relief = 0.4
    /// Within this of the long term (2^0.1: 7 %), a window confirms it.
    private static let confirmation = 0.1
    private static let confirmationTimeMin: UInt64 = 60_000_000_000
    private static let confirmationTimeMax = 16 * confirmationTimeMin
    /// A measurement takes at most so many first tokens' time for slots to become free, and twice what its answers take; and at least two
    /// seconds. Whoever waits for a slot waits for that as well.
    private static let probeTokens = 4.0
    private static let probeTimeMin = 2e9

    /// - Parameter start: where it begins; nil: low, to rise fast.
    init(_ rule: PolicyDocument.Concurrency, startingAt start: Int? = nil, at now: MonotonicTime) {
        self.rule = rule
        estimate = Double(start ?? min(max(rule.min, Self.startMax), rule.max))
        if start != nil { isStarting = false }
        windowBegan = now
        shrunkAt = now
        settle()
    }

    /// Keeps what was found out, within the new bounds. One that was fixed has found out nothing.
    mutating func use(_ rule: PolicyDocument.Concurrency, at now: MonotonicTime) {
        guard rule != self.rule else { return }
        guard isAdaptive else {
            self = ConcurrencyLimit(rule, at: now)
            return
        }
        self.rule = rule
        settle()
    }

    var isAdaptive: Bool { rule.min < rule.max }

    // MARK: What happens

    /// A request was let in; it is one of `inFlight`.
    @inline(__always)
    mutating func began(inFlight: Int) {
        begunCount += 1
        if inFlight > peak { peak = inFlight }
    }

    /// The first token of a request that was let in at `begun`.
    mutating func firstToken(begunAt begun: MonotonicTime, at now: MonotonicTime) {
        guard isAdaptive, begun >= windowBegan else { return }
        sum += log2(Double(max(1, now.nanoseconds &- begun.nanoseconds)))
        count += 1
        let wanted =
            probingSince == nil
            ? min(max(2 * current, Self.windowSamples.lowerBound), Self.windowSamples.upperBound)
            : Self.windowSamples.lowerBound
        let isAllThereIs =
            isStarting && peak >= current && count >= begunCount && count >= min(current, Self.startSamples)
        if count >= wanted || isAllThereIs { endWindow(now) } else { look(at: now) }
    }

    /// The provider said that it is too much (429, 529), or kept a request that was let in at `begun` waiting until its time was over.
    ///
    /// What was under way when the limit last shrank says nothing of the one that holds now: many refusals at once shrink it once.
    mutating func pushedBack(begunAt begun: MonotonicTime, at now: MonotonicTime) {
        guard isAdaptive, begun >= shrunkAt else { return }
        estimate *= Self.shrinkFactor
        shrunkAt = now
        isStarting = false
        probingSince = nil
        beginWindow(now)
        settle()
    }

    // MARK: Windows

    private mutating func endWindow(_ now: MonotonicTime) {
        let short = sum / Double(count)
        let peak = peak
        shortTerm = short
        beginWindow(now)
        if probingSince != nil {
            probingSince = nil
            (longTerm, confirmedAt) = (short, now)
            confirmationTime = Self.confirmationTimeMin
            return settle()
        }
        let long = learn(short, isUsed: 2 * peak > current, now)
        guard 2 * peak > current else { return }
        let gradient = min(1, max(Self.gradientMin, Self.tolerance * exp2(long - short)))
        let isReached = peak >= current
        if gradient < 1 {
            isStarting = false
            if isNotTheLoad(short, peak) {
                (longTerm, confirmedAt, declineFrom) = (short, now, nil)
                return
            }
        } else {
            declineFrom = nil
        }
        if isStarting, isReached {
            estimate *= 2
        } else {
            estimate = estimate * gradient + (isReached ? Self.roomShare * estimate.squareRoot() : 0)
        }
        if isReached, let confirmedAt, now.nanoseconds &- confirmedAt.nanoseconds >= confirmationTime {
            probingSince = now
        }
        settle()
    }

    /// Whether a limit that has halved since first tokens became slow has not made them faster.
    private mutating func isNotTheLoad(_ short: Double, _ peak: Int) -> Bool {
        guard let from = declineFrom else {
            declineFrom = (peak, short)
            return false
        }
        guard 2 * peak <= from.peak else {
            declineFrom?.shortTerm = max(from.shortTerm, short)
            return false
        }
        if from.shortTerm - short < Self.relief { return true }
        declineFrom = (peak, short)
        return false
    }

    /// The long term as it was before the window. Where there was room a window is as good as the ones before it; where there was none, a
    /// slow one is more likely the load than the provider.
    private mutating func learn(_ short: Double, isUsed: Bool, _ now: MonotonicTime) -> Double {
        guard let long = longTerm else {
            (longTerm, confirmedAt) = (short, now)
            return short
        }
        let weight: Double
        if !isUsed {
            weight = 1.0 / 4
        } else if short < long {
            // At the start there are few answers in a window, and room.
            weight = isStarting ? 1.0 / 4 : 1.0 / 16
        } else {
            weight = short - long > log2(Self.tolerance) ? 0 : 1.0 / 64
        }
        longTerm = long + (short - long) * weight
        if !isUsed || short - long <= Self.confirmation { confirmedAt = now }
        return long
    }

    /// Somebody finds no slot: a measurement that takes too long is given up.
    mutating func look(at now: MonotonicTime) {
        guard let began = probingSince else { return }
        let rounds = Double(Self.windowSamples.lowerBound) / Double(current)
        let most = max(Self.probeTimeMin, (Self.probeTokens + 2 * rounds) * exp2(shortTerm))
        guard Double(now.nanoseconds &- began.nanoseconds) >= most else { return }
        probingSince = nil
        confirmedAt = now
        confirmationTime = min(2 * confirmationTime, Self.confirmationTimeMax)
        beginWindow(now)
        settle()
    }

    private mutating func beginWindow(_ now: MonotonicTime) {
        windowBegan = now
        sum = 0
        count = 0
        begunCount = 0
        peak = 0
    }

    private mutating func settle() {
        estimate = max(1, min(max(estimate, Double(rule.min)), Double(rule.max)))
        current = probingSince == nil ? Int(estimate) : max(1, rule.min, Int(estimate / 2))
    }
}

import Shared

/// The token of one credential, and when it is exchanged for a newer one.
///
/// - Shape: a pure state machine; time and chance are passed in. One exchange at a time: `begin` when `dueAt` has come, then `ended`.
struct TokenRefresh {
    private(set) var token: AccessToken?
    /// Of the last exchange; nil: it has brought a token, or there was none yet.
    private(set) var failure: TokenFailure?
    private(set) var dueAt: MonotonicTime
    private(set) var isUnderWay = false
    /// A provider has refused the token since it came.
    private var isDoubted = false
    private var grantedAt: MonotonicTime?
    private var backoff = Backoff(first: .milliseconds(500), most: .seconds(30))

    /// A newer one is asked for when a quarter of the time is left, or this.
    private static let aheadMax = Duration.seconds(300)
    /// What is in flight when a token expires shall be taken still: a twentieth of its time, or this.
    private static let marginMax = Duration.seconds(10)
    /// A key that was refused is shown again: somebody may have put right what ails it.
    private static let rejectedPause = Duration.seconds(60)
    /// A token that was refused sooner after it came is not what ails.
    private static let doubtAfter = Duration.seconds(10)

    /// The first is due at once.
    init(_ now: MonotonicTime) { dueAt = now }

    mutating func begin() { isUnderWay = true }

    /// - Parameter began: when the exchange was begun: the time of a token runs from some moment after it.
    mutating func ended(
        _ answer: TokenAnswer, began: MonotonicTime, _ now: MonotonicTime,
        using random: inout some RandomNumberGenerator
    ) {
        isUnderWay = false
        switch answer {
        case .granted(let line, let lifetime):
            token = AccessToken(
                line: line, goodUntil: began.advanced(by: lifetime - min(lifetime / 20, Self.marginMax)))
            let ahead = min(lifetime / 4, Self.aheadMax)
            // Replicas that began together ask again one after the other.
            let spread = UInt64.random(in: 0...UInt64(max(0, (ahead / 4).wholeNanoseconds)), using: &random)
            dueAt = began.advanced(by: lifetime - ahead - .nanoseconds(Int64(clamping: spread)))
            (failure, grantedAt, isDoubted) = (nil, now, false)
            backoff.reset()
        case .failed(let failure, _):
            self.failure = failure
            // What the provider has refused, and cannot be renewed, is worth nothing; other tokens serve to their end.
            if failure == .rejected, isDoubted { token = nil }
            dueAt = now.advanced(by: failure == .rejected ? Self.rejectedPause : backoff.next(using: &random))
        }
    }

    /// Another key is shown from here on, at once. What the earlier one brought serves until it brings something.
    mutating func changeKey(_ now: MonotonicTime) {
        (failure, isUnderWay, dueAt) = (nil, false, now)
        backoff.reset()
    }

    /// The provider has refused what went out with it.
    mutating func refused(_ now: MonotonicTime) {
        guard let grantedAt, grantedAt.duration(to: now) >= Self.doubtAfter, !isDoubted else { return }
        isDoubted = true
        dueAt = min(dueAt, now)
    }
}

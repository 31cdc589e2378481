import Shared

/// Whether one provider is up, by what its probes came to, and when it is asked again.
///
/// - Shape: a pure state machine; time and chance are passed in. One probe at a time: `begin` when `dueAt` has come, then `ended`.
struct ProviderProbe {
    /// What the loops are told.
    enum Finding: Equatable, Sendable {
        /// It has answered a probe that was sent at this moment.
        case up(asOf: MonotonicTime)
        /// A probe has failed, and where it `isDown` enough of them in a row. Until the next one must have ended: who hears nothing more,
        /// because nobody asks any more, does not believe it for ever.
        case failed(isDown: Bool, until: MonotonicTime)
    }

    private(set) var rule: PolicyDocument.Probe
    private(set) var dueAt: MonotonicTime
    private(set) var isUnderWay = false
    /// Its last `rule.failures` probes have failed.
    private(set) var isDown = false
    private var failures = 0
    /// The last one was answered, so what others say is not believed.
    private(set) var wasAnswered = false

    /// How soon it is asked where requests have found that a target fails.
    private static let soon: ClosedRange<UInt64> = 500_000_000...1_000_000_000

    /// The first is due at any moment within an interval: what begins together does not go on together.
    init(_ rule: PolicyDocument.Probe, _ now: MonotonicTime, using random: inout some RandomNumberGenerator) {
        self.rule = rule
        dueAt = now.advanced(byNanoseconds: UInt64.random(in: 0...rule.intervalNanoseconds, using: &random))
    }

    /// Another rule from here on, as far as the same is asked for; what was found out stays. One that is due later than the new interval
    /// wants is due anew.
    mutating func use(
        _ rule: PolicyDocument.Probe, _ now: MonotonicTime, using random: inout some RandomNumberGenerator
    ) {
        guard rule != self.rule else { return }
        self.rule = rule
        dueAt = min(
            dueAt, now.advanced(byNanoseconds: UInt64.random(in: 0...rule.intervalNanoseconds, using: &random)))
    }

    mutating func begin(_ now: MonotonicTime, using random: inout some RandomNumberGenerator) {
        isUnderWay = true
        let interval = rule.intervalNanoseconds
        dueAt = now.advanced(
            byNanoseconds: UInt64.random(in: (interval / 10 * 9)...(interval / 10 * 11), using: &random))
    }

    /// The breaker of one of its targets has opened: what a probe finds is waited for.
    mutating func hasten(_ now: MonotonicTime, using random: inout some RandomNumberGenerator) {
        dueAt = min(dueAt, now.advanced(byNanoseconds: UInt64.random(in: Self.soon, using: &random)))
    }

    /// - Parameter began: when it was sent.
    mutating func ended(isAnswered: Bool, began: MonotonicTime, _ now: MonotonicTime) -> Finding {
        isUnderWay = false
        wasAnswered = isAnswered
        guard !isAnswered else {
            failures = 0
            isDown = false
            return .up(asOf: began)
        }
        failures = min(failures + 1, rule.failures)
        isDown = failures >= rule.failures
        return .failed(
            isDown: isDown,
            until: max(dueAt, now).advanced(byNanoseconds: rule.timeoutNanoseconds + rule.slackNanoseconds))
    }
}

extension PolicyDocument.Probe {
    var intervalNanoseconds: UInt64 { UInt64(max(1, intervalSeconds)) * 1_000_000_000 }
    var timeoutNanoseconds: UInt64 { CompiledTarget.nanoseconds(max(1, timeoutMilliseconds)) }
    /// Between the end of a probe and the moment when a loop has heard of it.
    fileprivate var slackNanoseconds: UInt64 { 1_000_000_000 }

    /// Within this time from any moment a probe begins and ends, if anybody still asks.
    var turnNanoseconds: UInt64 { intervalNanoseconds / 10 * 11 + timeoutNanoseconds + slackNanoseconds }
}

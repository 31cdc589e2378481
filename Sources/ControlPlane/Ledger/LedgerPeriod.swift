public import Shared

/// When an allowance's amounts begin anew. It never changes after the allowance was created.
public enum LedgerPeriod: Hashable, Sendable {
    /// Never: money for good, and slots.
    case total
    /// With the calendar of an IANA time zone.
    case calendar(CalendarUnit, timeZone: String)
    /// All the time: what was settled during the last so many seconds counts.
    case sliding(seconds: Int64)

    public enum CalendarUnit: String, Hashable, Sendable, CaseIterable {
        case day, week, month
    }

    public var slidingMilliseconds: Int64? {
        guard case .sliding(let seconds) = self else { return nil }
        return max(1, seconds).multipliedSaturating(by: 1_000)
    }
}

/// What the ledger has to know of an allowance.
public struct LedgerTerms: Hashable, Sendable {
    public var kind: AllowanceKind
    public var period: LedgerPeriod
    public var limit: Int64

    public init(kind: AllowanceKind, period: LedgerPeriod, limit: Int64) {
        self.kind = kind
        self.period = period
        self.limit = limit
    }

    /// How long a lease may be spent from after its ask was sent.
    ///
    /// Rates: one period, after which whatever was spent before it has left the window anyway. The others: two minutes, long enough for a
    /// restart of the control plane, short enough that a lost replica is noticed.
    public var leaseMilliseconds: Int64 {
        switch kind {
        case .money, .slots: 120_000
        case .tokens, .requests: period.slidingMilliseconds ?? 120_000
        }
    }
}

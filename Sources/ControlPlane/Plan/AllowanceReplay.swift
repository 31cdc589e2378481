import Shared

/// An allowance as a plan needs it.
struct PlannedAllowance: Equatable {
    var rule: AllowanceRule
    var name: String
    var timeZone: String

    /// As the ledger counts it.
    var period: LedgerPeriod {
        switch rule.period {
        case .none, .total: .total
        case .day: .calendar(.day, timeZone: timeZone)
        case .week: .calendar(.week, timeZone: timeZone)
        case .month: .calendar(.month, timeZone: timeZone)
        case .sliding(let seconds): .sliding(seconds: seconds)
        }
    }
}

/// What an allowance was charged before the time that is replayed.
struct EarlierCharge: Equatable {
    var allowanceID: ObjectID
    var window: AccountWindow
    /// Charged at the latest then.
    var untilUnixMilliseconds: Int64
    var amount: Int64
}

/// Counts replayed requests in their allowances, with the windows of the ledger.
///
/// - Shape: a request is refused where what it really took does not fit behind what was settled before it. Reservations are not replayed, so
///   live requests may be refused a little sooner. Slots are not replayed.
/// - Shape: money begins with what was charged before; each end user's own share, rates and what is new with nothing.
struct AllowanceReplay {
    /// What came of one allowance, over all of its accounts and windows.
    struct Figures: Equatable {
        /// When a request was first refused, or all of the money was spent.
        var ranOutUnixMilliseconds: Int64?
        var refused: Int64 = 0
    }

    private struct Account {
        var span: WindowSchedule.Span
        var window: LedgerWindow
    }

    /// About 300 bytes each, more where they slide. What comes beyond is not limited, and said to be so.
    static let accountsMax = 100_000

    private let periods: [ObjectID: LedgerPeriod]
    private let earlier: [ObjectID: [EarlierCharge]]
    private let schedule: WindowSchedule
    private var accounts: [AccountKey: Account] = [:]
    private(set) var figures: [ObjectID: Figures] = [:]
    /// Requests that were not counted somewhere, because there were too many accounts.
    private(set) var uncounted: Int64 = 0

    init(_ allowances: [PlannedAllowance], earlier: [EarlierCharge], schedule: WindowSchedule = .gregorian) {
        periods = Dictionary(allowances.map { ($0.rule.id, $0.period) }, uniquingKeysWith: { first, _ in first })
        // A sliding sum takes what is older first.
        self.earlier = Dictionary(grouping: earlier, by: \.allowanceID).mapValues { charges in
            charges.sorted { $0.untilUnixMilliseconds < $1.untilUnixMilliseconds }
        }
        self.schedule = schedule
    }

    /// Counts a request in all its allowances, or in none.
    ///
    /// - Parameter now: of the request; never before that of the last one.
    /// - Returns: the code of the error that refuses it; nil where it passes.
    mutating func admit(_ allowances: [ReplayedAllowance], cost: Money, tokens: Int64, at now: Int64) -> String? {
        if let refusing = refusing(allowances, cost: cost, tokens: tokens, at: now) {
            ranOut(refusing.rule.id, at: now)
            figures[refusing.rule.id]?.refused += 1
            return refusing.rule.kind == .money ? "budget_exceeded" : "rate_limit_exceeded"
        }
        for allowance in allowances where allowance.rule.kind != .slots {
            guard settled(allowance, at: now) != nil else {
                uncounted += 1
                continue
            }
            let amount = Self.amount(of: allowance.rule.kind, cost, tokens)
            accounts[allowance.account]?.window.settle(amount, at: now)
            guard allowance.rule.kind == .money, amount > 0, let account = accounts[allowance.account] else { continue }
            if account.window.settled(at: now) >= allowance.rule.limit { ranOut(allowance.rule.id, at: now) }
        }
        return nil
    }

    /// The first allowance in which so much does not fit; nil where it fits in all of them. Counts nothing.
    mutating func refusing(
        _ allowances: [ReplayedAllowance], cost: Money, tokens: Int64, at now: Int64
    ) -> ReplayedAllowance? {
        for allowance in allowances where allowance.rule.mode != .soft && allowance.rule.kind != .slots {
            guard let settled = settled(allowance, at: now) else { continue }
            let amount = Self.amount(of: allowance.rule.kind, cost, tokens)
            if amount > 0, settled.addingSaturating(amount) > allowance.rule.limit { return allowance }
        }
        return nil
    }

    private static func amount(of kind: AllowanceKind, _ cost: Money, _ tokens: Int64) -> Int64 {
        switch kind {
        case .money: cost.nanodollars
        case .tokens: tokens
        case .requests: 1
        case .slots: 0
        }
    }

    private mutating func ranOut(_ id: ObjectID, at now: Int64) {
        var found = figures[id] ?? Figures()
        found.ranOutUnixMilliseconds = found.ranOutUnixMilliseconds ?? now
        figures[id] = found
    }

    /// What stands in the account's current window; nil where there is no room for the account.
    private mutating func settled(_ allowance: ReplayedAllowance, at now: Int64) -> Int64? {
        let key = allowance.account
        if let account = accounts[key], account.span.endUnixMilliseconds.map({ now < $0 }) ?? true {
            return account.window.settled(at: now)
        }
        guard let period = periods[key.allowanceID], accounts[key] != nil || accounts.count < Self.accountsMax else {
            return nil
        }
        let span = schedule.span(of: period, at: now)
        var window = LedgerWindow(slidingMilliseconds: period.slidingMilliseconds)
        if accounts[key] == nil, allowance.rule.kind == .money, key.subject == 0 {
            for charge in earlier[key.allowanceID] ?? [] where Self.belongs(charge, to: span, period) {
                window.settle(charge.amount, at: min(now, charge.untilUnixMilliseconds))
            }
        }
        accounts[key] = Account(span: span, window: window)
        return window.settled(at: now)
    }

    /// Without a lease: to the window that was current.
    private static func belongs(
        _ charge: EarlierCharge, to span: WindowSchedule.Span, _ period: LedgerPeriod
    ) -> Bool {
        guard charge.window == .unleased else { return charge.window == span.window }
        return charge.untilUnixMilliseconds > span.window.startUnixSeconds.multipliedSaturating(by: 1000)
    }
}

import Shared

/// What an allowance has spent, holds and has left: one row for each of its accounts.
struct AllowanceReport {
    /// One account: the allowance itself, or the share of one end user.
    struct Account {
        /// nil: everybody together.
        var subject: UInt64?
        /// nil as well where only records named the end user.
        var endUser: String?
        /// Where the period has a calendar.
        var periodStart: Int64?
        /// nil: never, or all the time.
        var resetsAt: Int64?
        var figures: LedgerFigures
    }

    var allowance: Allowance
    var accounts: [Account]

    /// - Parameters:
    ///   - subject: only this account; nil: all, a page of them.
    ///   - after: the subject that the page comes after.
    static func make(
        _ allowance: Allowance, subject: UInt64? = nil, after: UInt64? = nil, limit: Int = 1, in work: Work
    ) async throws -> AllowanceReport {
        guard allowance.endUser == EndUserPart.eachLabel, subject == nil else {
            let found = try await LedgerStore.figures(
                of: [allowance.id], subject: subject ?? 0, in: work.database)
            let account = found.first.map { Self.account(of: allowance, $0, now: work.now) }
            return AllowanceReport(
                allowance: allowance,
                accounts: [account ?? untouched(allowance, subject: subject, now: work.now)])
        }
        let found = try await LedgerStore.figures(of: allowance.id, after: after, limit: limit, in: work.database)
        return AllowanceReport(
            allowance: allowance, accounts: found.map { Self.account(of: allowance, $0, now: work.now) })
    }

    /// The one account of each allowance; none for those that have one for each end user.
    static func make(_ allowances: [Allowance], in work: Work) async throws -> [AllowanceReport] {
        let found = try await LedgerStore.figures(of: allowances.map(\.id), subject: 0, in: work.database)
        let byAllowance = Dictionary(
            found.map { ($0.account.allowanceID, $0) }, uniquingKeysWith: { first, _ in first })
        return allowances.map { allowance in
            guard allowance.endUser != EndUserPart.eachLabel else { return Self(allowance: allowance, accounts: []) }
            let account = byAllowance[allowance.id].map { Self.account(of: allowance, $0, now: work.now) }
            return Self(
                allowance: allowance, accounts: [account ?? untouched(allowance, subject: nil, now: work.now)])
        }
    }

    private static func account(
        of allowance: Allowance, _ found: LedgerStore.AccountFigures, now: Int64
    ) -> Account {
        // The end of a calendar period is known to the millisecond; what the ledger says of it began to age on its way here.
        let start = found.figures.window.startUnixSeconds * 1_000
        let end = WindowSchedule.gregorian.span(of: allowance.ledgerPeriod, at: start).endUnixMilliseconds
        return Account(
            subject: found.account.subject == 0 ? nil : found.account.subject, endUser: found.endUser,
            periodStart: found.figures.window == .whole ? nil : start,
            resetsAt: end ?? found.figures.resetMilliseconds.map { now + $0 }, figures: found.figures)
    }

    /// Nobody has asked for it yet.
    private static func untouched(_ allowance: Allowance, subject: UInt64?, now: Int64) -> Account {
        let span = WindowSchedule.gregorian.span(of: allowance.ledgerPeriod, at: now)
        let figures = LedgerFigures(
            window: span.window, resetMilliseconds: span.endUnixMilliseconds.map { $0 - now }, limit: allowance.limit,
            settled: 0, lent: 0, inDoubt: 0, debt: 0, writtenOff: 0)
        return Account(
            subject: subject, endUser: nil,
            periodStart: span.window == .whole ? nil : span.window.startUnixSeconds * 1_000,
            resetsAt: span.endUnixMilliseconds, figures: figures)
    }

    // MARK: Answers

    /// Of the amounts: they are integers, and money has the same in dollars beside them.
    static let amountNames = ["limit", "settled", "lent", "in_doubt", "debt", "written_off", "remaining"]

    func json(_ account: Account) -> JSONValue {
        let figures = account.figures
        let amounts = [
            figures.limit, figures.settled, figures.lent, figures.inDoubt, figures.debt, figures.writtenOff,
            figures.remaining,
        ]
        var fields: [(name: String, value: JSONValue)] = [
            ("end_user", .optional(account.endUser) { .string($0) }),
            ("end_user_hash", .optional(account.subject) { .string(Self.hash(of: $0)) }),
            ("period_start", .optional(account.periodStart) { .time($0) }),
            ("resets_at", .optional(account.resetsAt) { .time($0) }),
            ("used_percent", .optional(Self.percent(figures.settled, of: figures.limit)) { .int($0) }),
        ]
        for (name, amount) in zip(Self.amountNames, amounts) { fields.append((name, .int(amount))) }
        for (name, amount) in zip(Self.amountNames, amounts) {
            fields.append(
                ("\(name)_usd", allowance.isMoney ? .string(Money(nanodollars: amount).dollars) : .null))
        }
        return .record(fields)
    }

    /// For listing: the allowance, and its account where it has but one.
    var json: JSONValue {
        .record([
            ("allowance", allowance.json), ("unit", .string(allowance.unit)),
            ("account", .optional(accounts.first) { json($0) }),
        ])
    }

    /// Of what is spent, rounded down; nil where the limit is 0.
    static func percent(_ settled: Int64, of limit: Int64) -> Int64? {
        guard limit > 0 else { return nil }
        let product = settled.multipliedFullWidth(by: 100)
        let (quotient, _) = limit.dividingFullWidth(product)
        return quotient
    }

    static func hash(of subject: UInt64) -> String {
        let digits = String(subject, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension Allowance {
    /// What its amounts count.
    var unit: String { isMoney ? "nanodollars" : kind.label }

    var ledgerPeriod: LedgerPeriod {
        switch period {
        case .none, .total: .total
        case .day: .calendar(.day, timeZone: timeZone)
        case .week: .calendar(.week, timeZone: timeZone)
        case .month: .calendar(.month, timeZone: timeZone)
        case .sliding(let seconds): .sliding(seconds: seconds)
        }
    }

    /// Counts as spent what is lent to data planes that were not heard of since their leases ended.
    static func writeOff(_ id: String, in work: Work) async throws -> (allowance: Allowance, LedgerStore.WriteOff) {
        let allowance = try await get(id, in: work, locking: true)
        let written = try await LedgerStore.writeOff(allowance.id, in: work.database)
        // What changes nothing is no noise in the audit.
        if written.accounts > 0 {
            work.record(
                "write_off", noun, id: allowance.id, name: allowance.name, after: allowance.json(writtenOff: written))
        }
        return (allowance, written)
    }

    func json(writtenOff written: LedgerStore.WriteOff) -> JSONValue {
        .record([
            ("accounts", .int(Int64(written.accounts))), ("unit", .string(unit)), ("amount", .int(written.amount)),
            ("amount_usd", isMoney ? .string(Money(nanodollars: written.amount).dollars) : .null),
        ])
    }
}

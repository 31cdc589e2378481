public import Shared

/// By how much one account was charged too much or too little for a request.
///
/// - Units: what the allowance counts; both numbers are differences, negative for what was too much.
public struct LedgerCorrection: Hashable, Sendable {
    public var account: AccountKey
    public var window: AccountWindow
    /// When the ledger booked the charge, in Unix milliseconds: says which bucket of a sliding window has it.
    public var bookedUnixMilliseconds: Int64
    /// Of what the lease covered; for the window `.unleased` of what was spent without one.
    public var charged: Int64
    public var debt: Int64

    public init(
        account: AccountKey, window: AccountWindow, bookedUnixMilliseconds: Int64, charged: Int64, debt: Int64
    ) {
        self.account = account
        self.window = window
        self.bookedUnixMilliseconds = bookedUnixMilliseconds
        self.charged = charged
        self.debt = debt
    }

    /// Of a charge and what it should have been; nil where they are the same.
    init?(of old: ChargeLine, to new: ChargeLine, bookedUnixMilliseconds: Int64) {
        self.init(
            account: old.account, window: old.window, bookedUnixMilliseconds: bookedUnixMilliseconds,
            charged: Self.difference(old.amount, new.amount), debt: Self.difference(old.debt, new.debt))
        if charged == 0 && debt == 0 { return nil }
    }

    /// Amounts are foreign and may be as large as a number can be: two differences always have a sum.
    private static func difference(_ old: Int64, _ new: Int64) -> Int64 {
        min(max(new.subtractingSaturating(old), -differenceMax), differenceMax)
    }

    private static let differenceMax: Int64 = 1 << 62 - 1
}

extension ChargeLine {
    /// The same with another total. What is less is taken from the debt first; what is more is debt, for no lease covers it.
    func corrected(to total: Int64) -> ChargeLine {
        var line = self
        if total > amount.addingSaturating(debt) {
            line.debt = total - amount
        } else {
            line.amount = min(amount, total)
            line.debt = total - line.amount
        }
        return line
    }
}

/// What an allowance counts, and so what its amounts mean.
///
/// - Units: `money` in nanodollars, `tokens` in tokens, `requests` in requests, `slots` in requests in flight.
public enum AllowanceKind: UInt8, Hashable, Sendable, CaseIterable {
    case money = 1
    case tokens = 2
    /// Spent when a request is admitted, whatever becomes of it.
    case requests = 3
    /// Never spent: a slot comes back when its request ends.
    case slots = 4

    public var label: String {
        switch self {
        case .money: "money"
        case .tokens: "tokens"
        case .requests: "requests"
        case .slots: "slots"
        }
    }
}

/// One sum in the ledger: an allowance, or one end user's share of an allowance that holds for each end user.
public struct AccountKey: Hashable, Sendable {
    public var allowanceID: ObjectID
    /// `EndUserSubject.of` the end user's label; 0 for an allowance that counts everybody together.
    public var subject: UInt64

    public init(allowanceID: ObjectID, subject: UInt64 = 0) {
        self.allowanceID = allowanceID
        self.subject = subject
    }
}

extension AccountKey: Comparable {
    /// The order in which accounts are locked, everywhere.
    public static func < (a: AccountKey, b: AccountKey) -> Bool {
        (a.allowanceID, a.subject) < (b.allowanceID, b.subject)
    }
}

/// The period of an account that an amount belongs to. Only the control plane decides when one ends and the next begins.
///
/// - Units: the Unix second at which a calendar period began; `whole` for what has no calendar (totals, sliding windows, slots).
public struct AccountWindow: Hashable, Sendable, Comparable {
    public var startUnixSeconds: Int64

    public init(startUnixSeconds: Int64) { self.startUnixSeconds = startUnixSeconds }

    public static let whole = AccountWindow(startUnixSeconds: 0)
    /// Spent without a lease (soft allowances, and rates while the control plane is away): booked in the window that is current
    /// when the record arrives.
    public static let unleased = AccountWindow(startUnixSeconds: -1)

    public static func < (a: AccountWindow, b: AccountWindow) -> Bool { a.startUnixSeconds < b.startUnixSeconds }
}

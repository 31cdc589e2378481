import Shared

/// What a wallet has of one account, and how it stands with the ledger.
///
/// - Shape: everything granted in `window` is either `free`, `held` by requests, spent, or given back.
/// - Units: times in monotonic nanoseconds, 0 for never.
struct WalletAccount: Sendable {
    var key: AccountKey
    var kind: AllowanceKind
    var endUser: String?
    var slidingMilliseconds: Int64

    // MARK: The lease
    /// nil before the first answer.
    var window: AccountWindow?
    /// The running sum that the ledger knows too.
    var grantedTotal: Int64 = 0
    var free: Int64 = 0
    /// By requests under way, in the current window.
    var held: Int64 = 0
    /// Reservation lines that name this account, of any window.
    var lines: Int32 = 0
    var leaseEnd: UInt64 = 0
    var leaseNanoseconds: UInt64 = 0

    // MARK: The ledger's last answer
    var hasAnswer = false
    var limit: Int64
    var settled: Int64 = 0
    var lent: Int64 = 0
    /// When the window ends; 0: it does not.
    var resetAt: UInt64 = 0
    var spentSinceAnswer: Int64 = 0
    /// Spent before that, by records that the ledger had not applied.
    var unapplied: Int64 = 0
    var exhaustedUntil: UInt64 = 0
    /// Amounts from this on are exhausted: a smaller one may still fit.
    var exhaustedAmount: Int64 = 0
    var retryAt: UInt64 = 0
    /// The ledger has no such allowance (any more).
    var unknownUntil: UInt64 = 0
    var isBlocked = false

    // MARK: Asking
    var isAskOpen = false
    var askSequence: Int64 = 0
    var askSentAt: UInt64 = 0
    var askWait: UInt64 = 0
    /// When the oldest ask without an answer was sent.
    var pendingSince: UInt64 = 0
    /// When the ask was sent whose answer never came, while none has come since.
    var outageSince: UInt64 = 0
    var refuseUntil: UInt64 = 0
    var askNotBefore: UInt64 = 0
    var failures: UInt8 = 0
    var isAskable = false
    /// The keeper was not told: it finds the account at its next look.
    var isAskableInTime = false
    var wantsRenewal = false
    /// It may have been known before and forgotten: the first ask only learns the running sum.
    var needsSync = false
    var recalledUntil: UInt64 = 0

    // MARK: Use
    var snapshotLimit: Int64
    var lastUsed: UInt64 = 0
    var isActive = false
    var burnPerSecond: Int64 = 0
    /// With less than this free it asks for more: what burns in a second.
    var lowWater: Int64 = 0
    var spentSinceMark: Int64 = 0
    var mark: UInt64 = 0

    // MARK: Who waits
    /// Slots of waiting requests, by ticket.
    var queue: [Int32] = []
    /// The ticket of the first; `Int64.max` when nobody waits.
    var headTicket: Int64 = .max

    init(line: borrowing WalletLine, now: UInt64) {
        key = line.account
        kind = line.kind
        endUser = line.endUser
        slidingMilliseconds = line.slidingMilliseconds
        limit = line.limit
        snapshotLimit = line.limit
        mark = now
        lastUsed = now
    }

    var isRate: Bool { slidingMilliseconds > 0 && (kind == .tokens || kind == .requests) }
    /// What could still be spent if everything lent came back.
    var roomIfAllReturned: Int64 { max(0, limit.subtractingSaturating(settled)) }
}

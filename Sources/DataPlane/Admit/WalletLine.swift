package import Shared

/// One allowance that applies to a request, and the most the request can take of it.
package struct WalletLine: Hashable, Sendable {
    package var kind: AllowanceKind
    package var account: AccountKey
    /// The end user's label, where the account is one end user's.
    package var endUser: String?
    /// Never refuses: what is spent is booked without a lease.
    package var isSoft = false
    /// The period of a rate; 0 where the window does not slide.
    package var slidingMilliseconds: Int64 = 0
    /// As the snapshot has it. The ledger decides by its own; this one serves when the ledger is away.
    package var limit: Int64
    package var amount: Int64

    package init(
        kind: AllowanceKind, account: AccountKey, endUser: String? = nil, isSoft: Bool = false,
        slidingMilliseconds: Int64 = 0, limit: Int64, amount: Int64
    ) {
        self.kind = kind
        self.account = account
        self.endUser = endUser
        self.isSoft = isSoft
        self.slidingMilliseconds = slidingMilliseconds
        self.limit = limit
        self.amount = amount
    }
}

/// Names what a request holds, or its place in the queue. Good for one settle, release or cancel.
package struct HoldID: Hashable, Sendable {
    package var slot: UInt32
    package var generation: UInt32
}

/// What a wallet says to a request.
package enum WalletOutcome: Hashable, Sendable {
    case held(HoldID)
    /// Neither granted nor refused yet: ask again (`claim`) when it was woken.
    case waits(HoldID)
    case refused(WalletRefusal)
}

/// Why a request may not begin, in the figures that its answer gives.
package struct WalletRefusal: Hashable, Sendable {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// It could not fit even if everything held were settled at nothing: 402 for money, 429 for rates and slots.
        case exhausted
        /// The ledger did not answer in time: 503.
        case unavailable
        /// Others held what it needs for as long as its route lets it wait: 503 for money, 429 for rates and slots.
        case busy
        /// The queue, or the table of accounts, is full: 503.
        case overloaded
    }

    package var reason: Reason
    package var kind: AllowanceKind
    package var account: AccountKey
    /// Which of the request's lines it was.
    package var line: Int
    package var limit: Int64
    /// What is spent; of slots, what is in use.
    package var settled: Int64
    /// The largest amount that would not be refused now: what a request that may be clamped is lowered to.
    package var fits: Int64
    /// Until the window ends; nil: never, or it slides.
    package var resetMilliseconds: Int64?
    package var retryAfterMilliseconds: Int64?
}

/// One rate limit as the headers of an answer show it.
package struct RateFigure: Hashable, Sendable {
    package var limit: Int64
    package var remaining: Int64
    package var resetMilliseconds: Int64
}

/// The tightest rate limits of a request.
package struct RateFigures: Hashable, Sendable {
    package var requests: RateFigure?
    package var tokens: RateFigure?

    /// The tighter one stays.
    mutating func add(_ figure: RateFigure, of kind: AllowanceKind) {
        switch kind {
        case .requests: if requests.map({ figure.remaining < $0.remaining }) ?? true { requests = figure }
        case .tokens: if tokens.map({ figure.remaining < $0.remaining }) ?? true { tokens = figure }
        case .money, .slots: break
        }
    }
}

package struct WalletSettings: Sendable {
    /// How long a request waits for what others hold.
    package var admissionWait: Duration = .seconds(10)
    /// So long a request waits for a ledger that cannot be reached, or cannot say, for something better.
    package var outageWait: Duration = .milliseconds(250)
    /// After this without a word the ledger counts as unreachable too. Longer, because slow is not away: a request that its money would
    /// have let in must not be sent off because a machine was busy.
    package var silenceWait: Duration = .seconds(1)
    /// Beyond the time for which an answer may be held back; then the ask is given up.
    package var askTimeout: Duration = .seconds(2)
    /// How long the ledger may hold back the answer to an ask that it called blocked before.
    package var heldAnswer: Duration = .milliseconds(500)
    /// How long a verdict of "unreachable" stands for requests that come after it.
    package var outageTrust: Duration = .milliseconds(500)
    /// How long an "exhausted" is believed. Then one request asks again: limits are raised, doubt is resolved.
    package var exhaustedTrust: Duration = .milliseconds(250)
    /// The same for rates, whose answers say exactly when there is room again; still bounded, since limits are raised.
    package var exhaustedRateTrust: Duration = .seconds(1)
    package var exhaustedRateTrustLeast: Duration = .milliseconds(5)
    /// An account not used for so long returns what it has.
    package var idle: Duration = .seconds(1)
    /// After a recall nothing is kept for later for so long.
    package var recallHold: Duration = .milliseconds(250)
    /// A request beyond these is refused: 503.
    package var waitersMax = 16_384
    package var accountsMax = 65_536
    /// How many times a request may find one of its allowances taken while it waited for another, before it keeps its place in all of them.
    package var flipsMax = 2

    package init() {}
}

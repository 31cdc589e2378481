/// `POST /fleet/v1/leases`: what a data plane wants to borrow. One request carries the asks of all its accounts.
///
/// Nothing here counts by messages. A holder's lease of an account is the running sum `grantedTotal` of all it was ever granted in that
/// window, so that a lost answer is made good by the next one and a repeated one changes nothing.
public struct LeaseRequest: Hashable, Sendable, Codable {
    public var nodeID: ObjectID
    /// The holder: leases belong to one process, not to its threads.
    public var incarnation: ObjectID
    /// How long the control plane may hold back the answer while every ask in it is blocked.
    public var waitMilliseconds: Int
    public var asks: [Ask]

    public init(nodeID: ObjectID, incarnation: ObjectID, waitMilliseconds: Int, asks: [Ask]) {
        self.nodeID = nodeID
        self.incarnation = incarnation
        self.waitMilliseconds = waitMilliseconds
        self.asks = asks
    }

    public static let asksMax = 1_000
    public static let waitMillisecondsMax = 2_000

    public struct Ask: Hashable, Sendable, Codable {
        public var allowanceID: ObjectID
        /// The end user's label, for an allowance that holds for each end user; nil otherwise.
        public var endUser: String?
        /// Rises with every ask of this account by this incarnation. An ask that is not newer than the last one seen is answered, and
        /// grants nothing.
        public var sequence: Int64
        /// The window whose `grantedTotal` follows; nil before the first answer.
        public var windowStartUnixSeconds: Int64?
        /// What the holder knows that it was granted in that window.
        public var grantedTotal: Int64
        /// What is missing for the first request that waits; 0 when none does.
        public var need: Int64
        /// What would last for a while: at least `need`.
        public var want: Int64

        public init(
            allowanceID: ObjectID, endUser: String?, sequence: Int64, windowStartUnixSeconds: Int64?,
            grantedTotal: Int64, need: Int64, want: Int64
        ) {
            self.allowanceID = allowanceID
            self.endUser = endUser
            self.sequence = sequence
            self.windowStartUnixSeconds = windowStartUnixSeconds
            self.grantedTotal = grantedTotal
            self.need = need
            self.want = want
        }
    }
}

/// The answer: one grant for each ask, in their order.
public struct LeaseAnswer: Hashable, Sendable, Codable {
    public var grants: [Grant]

    public init(grants: [Grant]) { self.grants = grants }

    public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
        /// `grantedTotal` covers `need`, and what more there is.
        case granted
        /// The room is there but lent to others, who have been called to give it back. Ask again.
        case blocked
        /// What is settled leaves no room for `need` in this window.
        case exhausted
        /// The ledger has no such allowance (any more).
        case unknown
    }

    public struct Grant: Hashable, Sendable, Codable {
        public var allowanceID: ObjectID
        public var endUser: String?
        public var verdict: Verdict
        /// The window that is current at the ledger.
        public var windowStartUnixSeconds: Int64
        /// Until the window ends: for `Retry-After` and reset headers. nil: it never does, or slides.
        public var resetMilliseconds: Int64?
        /// All that this incarnation was ever granted in this window.
        public var grantedTotal: Int64
        /// How long the lease may be spent from, counted from when the ask was sent.
        public var leaseMilliseconds: Int64
        /// When an exhausted sliding window has room for `need` again; for a calendar window the same as `resetMilliseconds`.
        public var retryAfterMilliseconds: Int64?
        public var limit: Int64
        /// Debt included.
        public var settled: Int64
        /// To everybody.
        public var lent: Int64
        /// Of it, to this incarnation: what it has, and what it spent or gave back by records that were not applied yet.
        public var holderLent: Int64

        public init(
            allowanceID: ObjectID, endUser: String?, verdict: Verdict, windowStartUnixSeconds: Int64,
            resetMilliseconds: Int64?, grantedTotal: Int64, leaseMilliseconds: Int64, retryAfterMilliseconds: Int64?,
            limit: Int64, settled: Int64, lent: Int64, holderLent: Int64
        ) {
            self.allowanceID = allowanceID
            self.endUser = endUser
            self.verdict = verdict
            self.windowStartUnixSeconds = windowStartUnixSeconds
            self.resetMilliseconds = resetMilliseconds
            self.grantedTotal = grantedTotal
            self.leaseMilliseconds = leaseMilliseconds
            self.retryAfterMilliseconds = retryAfterMilliseconds
            self.limit = limit
            self.settled = settled
            self.lent = lent
            self.holderLent = holderLent
        }
    }
}

/// The answer to `GET /fleet/v1/recalls?node=...&incarnation=...&wait=...`, a long poll: accounts of which the holder gives back
/// all that no request in flight holds, and for 250 ms borrows no more than its requests need.
public struct RecallAnswer: Hashable, Sendable, Codable {
    public var recalls: [Recall]

    public init(recalls: [Recall]) { self.recalls = recalls }

    public struct Recall: Hashable, Sendable, Codable {
        public var allowanceID: ObjectID
        public var endUser: String?
        public var windowStartUnixSeconds: Int64

        public init(allowanceID: ObjectID, endUser: String?, windowStartUnixSeconds: Int64) {
            self.allowanceID = allowanceID
            self.endUser = endUser
            self.windowStartUnixSeconds = windowStartUnixSeconds
        }
    }
}

/// Stands for an end user's label in an account.
public enum EndUserSubject {
    /// The first eight bytes of the label's SHA-256, never 0, which stands for everybody together.
    public static func of(_ label: String) -> UInt64 { of(label, hashingBy: SHA256()) }

    /// The same without a context of its own, for the request path.
    public static func of(_ label: String, hashingBy hasher: SHA256) -> UInt64 {
        var label = label
        return label.withUTF8 { unsafe max(1, hasher.hash(UnsafeRawBufferPointer($0)).word0) }
    }
}

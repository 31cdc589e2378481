public import Shared

/// Who holds a lease: one process of a data plane.
public struct LeaseHolder: Hashable, Sendable, Comparable {
    public var nodeID: ObjectID
    public var incarnation: ObjectID

    public init(nodeID: ObjectID, incarnation: ObjectID) {
        self.nodeID = nodeID
        self.incarnation = incarnation
    }

    public init(_ stream: StreamID) { self.init(nodeID: stream.nodeID, incarnation: stream.incarnation) }

    public static func < (a: LeaseHolder, b: LeaseHolder) -> Bool {
        (a.nodeID, a.incarnation) < (b.nodeID, b.incarnation)
    }
}

/// What one holder was lent in one window.
public struct LedgerLease: Hashable, Sendable {
    /// All that was ever granted: a running sum, so that an answer can be lost or repeated.
    public internal(set) var grantedTotal: Int64 = 0
    /// Granted, and neither settled nor returned.
    public internal(set) var lent: Int64 = 0
    /// Counted as settled although no record said so; a late record finds it here.
    public internal(set) var writtenOff: Int64 = 0
    /// When the oldest part of it was written off; says which bucket of a sliding window has it.
    public internal(set) var writtenOffAt: Int64 = 0
    /// After this the holder may not spend what it has, unless it asks again.
    public internal(set) var endsAt: Int64 = 0
    public internal(set) var recalledAt: Int64 = .min
}

/// One window of one account.
///
/// - Shape: `lent` is the sum over `leases`; nothing in it is ever negative.
public struct LedgerWindow: Hashable, Sendable {
    /// Of a window that does not slide.
    private var settledWhole: Int64 = 0
    private var settledSliding: SlidingSum?
    public internal(set) var lent: Int64 = 0
    /// All that was ever spent beyond a lease.
    public internal(set) var debt: Int64 = 0
    /// All that was ever spent without a lease: soft allowances, and rates while the control plane was away.
    public internal(set) var unleased: Int64 = 0
    public internal(set) var leases: [LeaseHolder: LedgerLease] = [:]

    init(slidingMilliseconds: Int64?) {
        settledSliding = slidingMilliseconds.map { SlidingSum(periodMilliseconds: $0) }
    }

    public func settled(at now: Int64) -> Int64 { settledSliding?.total(at: now) ?? settledWhole }

    mutating func settle(_ amount: Int64, at now: Int64) {
        guard amount > 0 else { return }
        if settledSliding != nil {
            settledSliding?.add(amount, at: now)
        } else {
            settledWhole = settledWhole.addingSaturating(amount)
        }
    }

    /// Takes back what had been settled at `time`, or up to `slack` later.
    ///
    /// - Returns: how much of it was still counted.
    mutating func unsettle(_ amount: Int64, settledAt time: Int64, slack: Int64 = 0, at now: Int64) -> Int64 {
        if settledSliding != nil { return settledSliding?.remove(amount, addedAt: time, slack: slack, at: now) ?? 0 }
        settledWhole = max(0, settledWhole - amount)
        return amount
    }

    /// A charge is booked a little later than its event says: the records before it come first.
    private static let bookingSlack: Int64 = 2_000

    /// Changes by a difference what had been settled at `time`.
    ///
    /// - Returns: whether something was freed.
    mutating func correct(_ difference: Int64, settledAt time: Int64, at now: Int64) -> Bool {
        if settledSliding?.hasLeft(addedAt: time, at: now) == true { return false }
        if difference > 0 {
            settle(difference, at: now)
            return false
        }
        _ = unsettle(-difference, settledAt: time, slack: Self.bookingSlack, at: now)
        return true
    }

    func millisecondsUntilSettled(atMost most: Int64, at now: Int64) -> Int64? {
        most < 0 ? nil : settledSliding?.milliseconds(untilAtMost: most, at: now)
    }

    var slides: Bool { settledSliding != nil }
}

/// An ask that did not fit and whose holder still asks.
public struct LedgerWaiter: Hashable, Sendable {
    public internal(set) var holder: LeaseHolder
    public internal(set) var ask: LeaseRequest.Ask
    /// It loses its place then.
    public internal(set) var livesUntil: Int64
}

/// One account: the window that is current, those before it that are still lent, and who waits.
public struct LedgerAccount: Sendable {
    struct HolderState: Sendable {
        var lastAskSequence: Int64 = 0
        var lastHeard: Int64 = .min
    }

    public let key: AccountKey
    public let endUser: String?
    /// The latest time seen. The clock may go back (another database after a failover); the account does not.
    public internal(set) var clock: Int64 = .min
    public internal(set) var current: WindowSchedule.Span
    public internal(set) var windows: [AccountWindow: LedgerWindow] = [:]
    /// First come, first served.
    public internal(set) var waiters: [LedgerWaiter] = []
    var holders: [LeaseHolder: HolderState] = [:]

    mutating func asked(_ holder: LeaseHolder) {
        holders[holder, default: HolderState()].lastHeard = clock
    }

    /// Records come all the time: not each of them is worth a row.
    mutating func heard(_ holder: LeaseHolder) {
        let last = holders[holder]?.lastHeard ?? .min
        guard last.addingSaturating(LeaseLedger.heardMilliseconds) <= clock else { return }
        holders[holder, default: HolderState()].lastHeard = clock
    }

    mutating func dropDeadWaiters() { waiters.removeAll { $0.livesUntil < clock } }

    /// Holders of the current window, and whoever asked during the last two seconds: among whom what is free is divided.
    func holderCount(asker: LeaseHolder, in window: LedgerWindow) -> Int64 {
        var count: Int64 = 1
        for (holder, state) in holders where holder != asker {
            let isRecent = state.lastHeard >= clock - LeaseLedger.recentMilliseconds
            if isRecent || (window.leases[holder]?.lent ?? 0) > 0 { count += 1 }
        }
        return count
    }

    func isInDoubt(_ lease: LedgerLease, of holder: LeaseHolder, leaseMilliseconds: Int64) -> Bool {
        guard lease.lent > 0 else { return false }
        let heard = holders[holder]?.lastHeard ?? .min
        return clock > lease.endsAt && clock > heard.addingSaturating(leaseMilliseconds)
    }
}

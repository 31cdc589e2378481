public import Shared

/// A holder that is to give back what it does not use.
public struct LedgerRecall: Hashable, Sendable {
    public var holder: LeaseHolder
    public var recall: RecallAnswer.Recall

    public init(holder: LeaseHolder, recall: RecallAnswer.Recall) {
        self.holder = holder
        self.recall = recall
    }
}

/// What the ledger says to one ask, and whom else that concerns.
public struct LedgerAnswer: Hashable, Sendable {
    public var grant: LeaseAnswer.Grant
    public var recalls: [LedgerRecall] = []
    /// Whoever waits behind this ask may fit now: try the account's waiters again.
    public var freesOthers = false

    public init(grant: LeaseAnswer.Grant) { self.grant = grant }
}

/// What a change of the terms sets in motion.
public struct LedgerEffects: Hashable, Sendable {
    public var recalls: [LedgerRecall] = []
    /// Accounts whose waiters may fit now.
    public var freed: [AccountKey] = []

    public init() {}
}

/// An account as reports show it.
public struct LedgerFigures: Hashable, Sendable {
    public var window: AccountWindow
    public var resetMilliseconds: Int64?
    public var limit: Int64
    public var settled: Int64
    public var lent: Int64
    /// Part of `lent`: held by processes that were not heard of since their lease ended.
    public var inDoubt: Int64
    /// Part of `settled`.
    public var debt: Int64
    /// Part of `settled`.
    public var writtenOff: Int64

    /// What could still be lent if everything came back unspent.
    public var remaining: Int64 { max(0, limit.subtractingSaturating(settled)) }
}

extension LeaseLedger {
    /// The current window of an account; nil when nobody has asked for it yet.
    public mutating func figures(_ key: AccountKey, now: Int64) -> LedgerFigures? {
        guard let limit = terms[key.allowanceID]?.limit, let account = advanced(key, to: now),
            let window = account.windows[account.current.window]
        else { return nil }
        return LedgerFigures(
            window: account.current.window,
            resetMilliseconds: account.current.endUnixMilliseconds.map { $0 - account.clock },
            limit: limit, settled: window.settled(at: account.clock), lent: window.lent,
            inDoubt: inDoubt(in: window, of: account), debt: window.debt,
            writtenOff: window.leases.values.reduce(0) { $0 + $1.writtenOff })
    }

    private func inDoubt(in window: LedgerWindow, of account: LedgerAccount) -> Int64 {
        guard let terms = terms[account.key.allowanceID] else { return 0 }
        return window.leases.reduce(0) { sum, entry in
            account.isInDoubt(entry.value, of: entry.key, leaseMilliseconds: terms.leaseMilliseconds)
                ? sum + entry.value.lent : sum
        }
    }

    /// Those of an account that still wait, first come first: what to try again when it is freed.
    public mutating func waiters(of key: AccountKey, now: Int64) -> [LedgerWaiter] {
        advanced(key, to: now)?.waiters.filter { $0.livesUntil >= now } ?? []
    }

    /// What contradicts itself in the books of an account; empty when all is well.
    public func contradictions(in key: AccountKey) -> [String] {
        guard let account = accounts[key] else { return [] }
        var found: [String] = []
        for (id, window) in account.windows {
            let name = "\(key.allowanceID)/\(key.subject)/\(id.startUnixSeconds)"
            let sum = window.leases.values.reduce(Int64(0)) { $0 + $1.lent }
            if sum != window.lent { found.append("\(name): lent \(window.lent), leases have \(sum)") }
            if window.lent < 0 || window.debt < 0 || window.settled(at: account.clock) < 0 {
                found.append("\(name): negative")
            }
            for lease in window.leases.values
            where lease.lent < 0 || lease.writtenOff < 0 || lease.lent > lease.grantedTotal {
                found.append(
                    "\(name): a lease of \(lease.lent) of \(lease.grantedTotal), written off \(lease.writtenOff)")
            }
        }
        return found
    }
}

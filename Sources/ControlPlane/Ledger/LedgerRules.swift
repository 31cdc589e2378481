/// The rules of the ledger that the simulation breaks, one at a time, to show that it would notice.
///
/// Only targets of this package can make a value other than `sound`, and only the simulation does: a public `LeaseLedger` has the sound one.
package struct LedgerRules: Sendable, Equatable {
    /// Lend only what is neither settled nor lent. Broken: what is lent is not looked at.
    package var countsLent = true
    /// Doubt resolves to "spent". Broken: a lease that expires is free again.
    package var keepsExpiredLeases = true

    package init() {}
    package static let sound = LedgerRules()
}

/// The rules of the wallet that the simulation breaks to show that it would notice. Only the sound value is made in the product: the
/// other initializer is reachable from this package's simulation alone.
package struct WalletRules: Sendable, Equatable {
    /// What is given back is no longer free. Broken: it is given back and kept.
    package var returnsLeaveWallet = true

    /// An answer is worth what its running sum has beyond the one that is known. Broken: beyond the one that the ask knew.
    package var creditsOnce = true

    package init() {}
    package static let sound = WalletRules()
}

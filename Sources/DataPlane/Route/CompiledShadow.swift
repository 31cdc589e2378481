import Shared

/// Where a share of a route's requests is sent once more, and in whose name.
///
/// Concurrency: immutable but for `shadowing`, which belongs to the loop that the policy was made for.
final class CompiledShadow: Sendable {
    /// Of one target.
    let tree: TargetTree
    /// Hundredths of a percent.
    let share: Int
    /// What the key is found by.
    let secretSHA256: SHA256Digest
    /// Set once, before the first request is served by the policy.
    @safe nonisolated(unsafe) var shadowing: RouteShadowing!

    /// What stands in for a rule's name: no rule has it, since those can stand in headers.
    static let treeName = "\u{0}shadow"

    init(_ shadow: PolicyDocument.Shadow, tree: TargetTree) {
        self.tree = tree
        share = shadow.share
        secretSHA256 = shadow.secretSHA256
    }
}

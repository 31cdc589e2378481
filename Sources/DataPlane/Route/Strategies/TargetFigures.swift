/// What one loop has seen of a target, and routes by.
///
/// - Shape: the same object for the same provider, model and name of the model in every route, and over every snapshot, since it is the
///   same machine that answers.
///
/// Concurrency: belongs to its loop.
final class TargetFigures {
    /// As `Rendezvous.identity`.
    let identity: UInt64
    var load = TargetLoad()
    var headroom = RateHeadroom()

    init(identity: UInt64) { self.identity = identity }

    /// The figures for the targets of another snapshot, in their order: those there were already, and new ones for new targets.
    ///
    /// - Shape: once for each snapshot and loop, not for each request. What no target has any more is dropped; attempts under way keep
    ///   theirs by reference.
    static func carriedOver(from old: [TargetFigures], to identities: [UInt64]) -> [TargetFigures] {
        var known = Dictionary(old.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
        return identities.map { identity in
            if let figures = known[identity] { return figures }
            let figures = TargetFigures(identity: identity)
            known[identity] = figures
            return figures
        }
    }
}

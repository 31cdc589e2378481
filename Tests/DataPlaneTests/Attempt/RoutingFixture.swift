import Shared

@testable import DataPlane

/// A route with targets at providers of their own, and the health of each.
struct RoutingFixture {
    let policy: CompiledPolicy
    let board = HealthBoard(MetricsRegistry())
    var plan: RoutePlan { policy.plans[0][0] }

    static let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

    /// - Parameters:
    ///   - fallbacks: `on` of each target.
    ///   - pool: the credentials that all providers take turns with, and which of them can be resolved.
    init(
        _ fallbacks: [[PolicyDocument.FallbackCause]?], credentialOf shared: ObjectID? = nil, pool: [Bool] = [],
        _ change: (inout PolicyDocument.Route) -> Void = { _ in },
        provider: (inout PolicyDocument.Provider) -> Void = { _ in }
    ) {
        var document = SnapshotForge.policy
        document.providers = fallbacks.indices.map { index in
            var made = document.providers[0]
            made.id = ObjectID(high: 7, low: UInt64(index + 1))
            made.name = "p\(index)"
            made.credentialID = shared
            if pool.count > 1 { made.credentialIDs = pool.indices.map(Self.credentialID) }
            provider(&made)
            return made
        }
        document.routes = [document.routes[0]]
        document.routes[0].targets = fallbacks.enumerated().map { index, causes in
            .init(providerID: document.providers[index].id, modelID: document.models[0].id, on: causes)
        }
        change(&document.routes[0])
        self.init(document, pool: pool)
    }

    init(_ document: PolicyDocument, version: UInt64 = 1, pool: [Bool] = []) {
        let made = SnapshotForge().make(version: version, blobs: [])
        let decoded = DecodedSnapshot(
            manifest: made.manifest, policy: document, shards: Array(repeating: nil, count: 256))
        let resolved = pool.indices.filter { pool[$0] }
        policy = CompiledPolicy(
            Snapshot(
                decoded,
                credentials: Dictionary(
                    uniqueKeysWithValues: resolved.map { (Self.credentialID($0), Array("sk-\($0)".utf8)) })))
        board.take(policy, now: Self.start)
        RuleMetrics(MetricsRegistry()).take(policy)
    }

    static func credentialID(_ place: Int) -> ObjectID { ObjectID(high: 8, low: UInt64(place + 1)) }

    func health(_ place: Int) -> TargetHealth { plan.targets[place].health }
}

extension TargetHealth {
    /// A whole attempt.
    func saw(_ outcome: OutcomeClass, waitMilliseconds: UInt64? = nil, _ now: MonotonicTime) {
        end(begin(now), outcome, waitMilliseconds: waitMilliseconds, now)
    }
}

extension MonotonicTime {
    func plus(milliseconds: UInt64) -> MonotonicTime { advanced(byNanoseconds: milliseconds * 1_000_000) }
}

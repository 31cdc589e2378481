import Shared

/// All of a configuration that decides on the requests of some keys.
struct PlanConfiguration: Sendable {
    var policy: PolicyDocument
    var keys: [KeyShard.Entry]
    var allowances: [PlannedAllowance]

    /// As the publisher would read it now.
    static func read(
        forKeys keys: [VirtualKeyID], _ executor: any PostgresExecutor
    ) async throws(StoreError) -> PlanConfiguration {
        PlanConfiguration(
            policy: try await PolicyStore.policy(executor),
            keys: try await KeyShardStore.entries(ofKeys: keys, executor),
            allowances: try await PlanStore.allowances(ofKeys: keys, executor))
    }

    /// As if all of it had been in force since a moment.
    ///
    /// Prices begin in the future or now, and what a plan is asked is what they would have made of what was: so the first of the prices that
    /// another configuration does not have holds for all of the time, in the place of those that both have. Where there is none, a model that got its
    /// first price since has had it all the time.
    func inForce(since moment: Int64, now: Int64, besides other: PlanConfiguration? = nil) -> PlanConfiguration {
        let known = other.map { Set($0.policy.models.flatMap(\.prices).map(\.id)) }
        var result = self
        result.policy.models = policy.models.map { model in
            var model = model
            if let first = model.prices.first, first.effectiveFromUnixSeconds <= now / 1000 {
                model.prices[0].effectiveFromUnixSeconds = min(first.effectiveFromUnixSeconds, moment / 1000)
            }
            guard let known, var new = model.prices.first(where: { !known.contains($0.id) }) else { return model }
            new.effectiveFromUnixSeconds = min(new.effectiveFromUnixSeconds, moment / 1000)
            // The last that has begun applies.
            model.prices = model.prices.filter { known.contains($0.id) } + [new]
            return model
        }
        return result
    }

    /// The keys whose callers may come from other networks than in another configuration.
    func keysOfOtherNetworks(than other: PlanConfiguration) -> Set<VirtualKeyID> {
        let networks = Dictionary(other.keys.map { ($0.keyID, $0.allowedNetworks) }, uniquingKeysWith: { a, _ in a })
        return Set(
            keys.filter { !$0.allowedNetworks.isEmpty && networks[$0.keyID] != $0.allowedNetworks }.map(\.keyID))
    }
}

extension PolicyDocument.Route {
    /// Whether another route chooses as this one does.
    func chooses(as other: PolicyDocument.Route) -> Bool {
        targets == other.targets && groups == other.groups && rules == other.rules && strategy == other.strategy
            && sticky == other.sticky
    }
}

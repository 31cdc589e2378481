import Shared

/// A rule of a route, made ready.
///
/// Concurrency: immutable but for `requests`, which belongs to the loop that the policy was made for.
final class CompiledRule: Sendable {
    let name: [UInt8]
    let conditions: [RouteCondition]
    let tree: TargetTree
    /// Set once, before the first request is served by the policy.
    @safe nonisolated(unsafe) var requests: CounterCell!

    init(_ rule: PolicyDocument.Rule, routeID: ObjectID, tree: TargetTree) {
        name = Array(rule.name.utf8)
        // What this program cannot ask does not hold. The verifier refuses such a snapshot.
        conditions = [RouteCondition](rule.when, routeID: routeID, rule: rule.name) ?? [.any([])]
        self.tree = tree
    }
}

/// Counts the requests that rules decided, on one loop.
///
/// - Shape: cells outlive snapshots, and belong to a rule by the names of its route and its own.
final class RuleMetrics {
    private struct Key: Hashable {
        var route: [UInt8]
        var rule: [UInt8]
    }

    private let registry: MetricsRegistry
    private var cells: [Key: CounterCell] = [:]

    init(_ registry: MetricsRegistry) { self.registry = registry }

    func take(_ policy: CompiledPolicy) {
        for route in policy.routes {
            for rule in route.rules ?? [] {
                let key = Key(route: route.name, rule: rule.name)
                let cell =
                    cells[key]
                    ?? registry.counter(
                        "weir_rule_requests_total", help: "Requests that a rule of their route decided.",
                        labels: [
                            "route": String(decoding: route.name, as: UTF8.self),
                            "rule": String(decoding: rule.name, as: UTF8.self),
                        ])
                cells[key] = cell
                rule.requests = cell
            }
        }
    }
}

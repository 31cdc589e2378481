import Shared

/// What one loop counts of a target. Its cells are its own; the registry adds them up when it is read.
final class TargetMetrics {
    private let registry: MetricsRegistry
    private let target: String
    private var attempts: OutcomeCounters
    let retries: CounterCell
    let retriesRefused: CounterCell
    private let opened: CounterCell
    private let closed: CounterCell
    let rumours: CounterCell
    private var leftOut: [PolicyDocument.ModelFeature: CounterCell] = [:]

    init(_ registry: MetricsRegistry, target: String) {
        self.registry = registry
        self.target = target
        attempts = OutcomeCounters(
            registry, "weir_attempts_total", help: "Attempts at a target by what they came to.",
            of: (name: "target", value: target))
        func retries(_ isGranted: String) -> CounterCell {
            registry.counter(
                "weir_retries_total", help: "Retries at a target, and those that its retry budget did not allow.",
                labels: ["target": target, "granted": isGranted])
        }
        self.retries = retries("yes")
        retriesRefused = retries("no")
        func changes(_ change: String) -> CounterCell {
            registry.counter(
                "weir_breaker_changes_total",
                help:
                    "Times that a loop set a target aside for failures, took it back, or heard of it from another data plane.",
                labels: ["target": target, "change": change])
        }
        opened = changes("opened")
        closed = changes("closed")
        rumours = changes("heard")
    }

    func gate() -> GateMetrics { GateMetrics(registry, target: target) }

    @inline(__always)
    func count(_ outcome: OutcomeClass) { attempts.count(outcome) }

    /// A request was planned without the target, whose model lacks these.
    func countLeftOut(for features: ModelFeatures) {
        for feature in features.names {
            let cell =
                leftOut[feature]
                ?? registry.counter(
                    "weir_targets_left_out_total",
                    help: "Requests that were planned without a target, by what they want and its model lacks.",
                    labels: ["target": target, "feature": feature.rawValue])
            leftOut[feature] = cell
            cell.add()
        }
    }

    func count(_ change: Breaker.Change) {
        switch change {
        case .opened: opened.add()
        case .closed: closed.add()
        }
    }
}

import Shared

/// What one loop counts of the limit on a target's concurrency, and of the queue in front of it.
final class GateMetrics {
    let limit: GaugeCell
    let inFlight: GaugeCell
    let queued: GaugeCell
    let waits: HistogramCell
    let passedOver: CounterCell
    /// By rank of the class.
    private let turnedAway: [CounterCell]
    private let displaced: [CounterCell]
    private let expired: [CounterCell]

    init(_ registry: MetricsRegistry, target: String) {
        let labels: MetricLabels = ["target": target]
        limit = registry.gauge(
            "weir_concurrency_limit", help: "Requests that may be in flight at a target; 0: its provider has no limit.",
            labels: labels)
        inFlight = registry.gauge(
            "weir_concurrency_in_flight", help: "Requests that hold a slot of a target.", labels: labels)
        queued = registry.gauge(
            "weir_concurrency_queued", help: "Requests that wait for a slot of a target.", labels: labels)
        waits = registry.histogram(
            "weir_concurrency_wait_seconds", help: "How long requests waited for a slot, of those that had to.",
            labels: labels, buckets: .slowDurations)
        passedOver = registry.counter(
            "weir_concurrency_passed_over_total",
            help: "Requests that another target took because this one had no slot free.", labels: labels)
        func refused(_ reason: String) -> [CounterCell] {
            KeyPriority.allCases.map { priority in
                registry.counter(
                    "weir_concurrency_refused_total",
                    help:
                        "Requests that got no slot: the queue was full, a higher class took the place, or the wait was too long.",
                    labels: ["target": target, "reason": reason, "priority": priority.rawValue])
            }
        }
        turnedAway = refused("full")
        displaced = refused("displaced")
        expired = refused("expired")
    }

    deinit { for gauge in [limit, inFlight, queued] { gauge.set(0) } }

    func turnedAway(_ priority: KeyPriority) { turnedAway[priority.rank].add() }
    func displaced(_ priority: KeyPriority) { displaced[priority.rank].add() }
    func expired(_ priority: KeyPriority) { expired[priority.rank].add() }
}

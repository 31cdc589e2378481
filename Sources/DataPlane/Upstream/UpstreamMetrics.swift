import Shared

/// What one event loop counts of its connections to providers. None of it is touched by a request that finds a kept connection.
final class UpstreamMetrics {
    private let registry: MetricsRegistry
    let open: GaugeCell
    /// Looked at every few seconds.
    let idle: GaugeCell
    let waiting: GaugeCell
    let opened: CounterCell
    let waits: CounterCell
    let found: CounterCell
    let notFound: CounterCell
    let closedForAddress: CounterCell
    private var failures: [String: CounterCell] = [:]

    init(_ registry: MetricsRegistry) {
        self.registry = registry
        open = registry.gauge(
            "weir_upstream_connections", help: "Connections to providers, in use, kept or being opened.")
        idle = registry.gauge(
            "weir_upstream_idle_connections", help: "Connections to providers that are kept and not in use.")
        waiting = registry.gauge(
            "weir_upstream_waiting_requests", help: "Requests that wait for a connection to a provider to become free.")
        opened = registry.counter("weir_upstream_connections_opened_total", help: "Connections opened to providers.")
        waits = registry.counter(
            "weir_upstream_waits_total", help: "Requests that had to wait for a connection to become free.")
        func lookups(_ result: String) -> CounterCell {
            registry.counter(
                "weir_upstream_lookups_total", help: "Look-ups of providers' names.", labels: ["result": result])
        }
        found = lookups("found")
        notFound = lookups("failed")
        closedForAddress = registry.counter(
            "weir_upstream_connections_moved_total",
            help: "Connections closed because their provider's name does not have their address any more.")
    }

    func failed(_ error: AttemptError) {
        let label = error.label.description
        if failures[label] == nil {
            failures[label] = registry.counter(
                "weir_upstream_connect_failures_total",
                help: "Attempts that got no connection to their provider, by cause.", labels: ["cause": label])
        }
        failures[label]!.add()
    }
}

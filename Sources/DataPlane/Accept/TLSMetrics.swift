import Shared

/// What one event loop counts of the handshakes of its callers.
final class TLSMetrics {
    private let registry: MetricsRegistry
    private let full: CounterCell
    private let resumed: CounterCell
    private let underWay: GaugeCell
    private let refused: CounterCell
    private var failures: [String: CounterCell] = [:]

    init(_ registry: MetricsRegistry) {
        self.registry = registry
        let help = "TLS handshakes of callers that succeeded."
        full = registry.counter("weir_tls_handshakes_total", help: help, labels: ["kind": "full"])
        resumed = registry.counter("weir_tls_handshakes_total", help: help, labels: ["kind": "resumed"])
        underWay = registry.gauge("weir_tls_handshakes_under_way", help: "TLS handshakes of callers under way.")
        refused = registry.counter(
            "weir_tls_handshakes_refused_total", help: "Connections closed because too many handshakes were under way.")
    }

    /// Handshakes under way on this loop.
    private(set) var underWayCount = 0 {
        didSet { underWay.set(Int64(underWayCount)) }
    }

    func began() { underWayCount += 1 }

    func refuse() { refused.add() }

    func succeeded(isResumed: Bool) {
        underWayCount -= 1
        (isResumed ? resumed : full).add()
    }

    func failed(_ failure: TLSFailure) {
        underWayCount -= 1
        let label = failure.label.description
        if failures[label] == nil {
            failures[label] = registry.counter(
                "weir_tls_handshake_failures_total", help: "TLS handshakes of callers that failed, by cause.",
                labels: ["cause": label])
        }
        failures[label]!.add()
    }
}

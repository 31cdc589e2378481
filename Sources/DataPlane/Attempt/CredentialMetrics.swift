import Shared

/// What one loop counts of a credential that is one of several. Its cells are its own; the registry adds them up when it is read.
final class CredentialMetrics {
    private let registry: MetricsRegistry
    private let name: String
    /// By `OutcomeClass`; most of them never come.
    private var attempts = [CounterCell?](repeating: nil, count: OutcomeClass.allCases.count)

    init(_ registry: MetricsRegistry, name: String) {
        self.registry = registry
        self.name = name
    }

    func count(_ outcome: OutcomeClass) {
        if let cell = attempts[Int(outcome.rawValue)] { return cell.add() }
        let cell = registry.counter(
            "weir_credential_attempts_total",
            help: "Attempts with a credential that is one of several, by what they came to.",
            labels: ["credential": name, "outcome": outcome.label.description])
        attempts[Int(outcome.rawValue)] = cell
        cell.add()
    }
}

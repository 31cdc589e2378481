import Shared

/// Attempts by what they came to, as one loop counts them of something that has a name. Most classes never come, and have no cell before.
struct OutcomeCounters {
    private let registry: MetricsRegistry
    private let metric: String
    private let help: String
    /// The label that says of what, and its value.
    private let label: (name: String, value: String)
    private var cells = [CounterCell?](repeating: nil, count: OutcomeClass.allCases.count)

    init(_ registry: MetricsRegistry, _ metric: String, help: String, of label: (name: String, value: String)) {
        self.registry = registry
        self.metric = metric
        self.help = help
        self.label = label
    }

    @inline(__always)
    mutating func count(_ outcome: OutcomeClass) {
        if let cell = cells[Int(outcome.rawValue)] { return cell.add() }
        countFirst(outcome)
    }

    private mutating func countFirst(_ outcome: OutcomeClass) {
        let labels = MetricLabels([label, (name: "outcome", value: outcome.label.description)])
        let cell = registry.counter(metric, help: help, labels: labels)
        cells[Int(outcome.rawValue)] = cell
        cell.add()
    }
}

import Shared

/// Events by what they came to, as one loop counts them: a series for each case.
struct ResultCounters<Result: CaseIterable & Equatable & RawRepresentable<String>> {
    private let cells: [CounterCell]

    /// - Parameters:
    ///   - label: that holds the case.
    ///   - owner: the label in front of it, and its value; nil: there is none.
    init(
        _ registry: MetricsRegistry, _ metric: String, help: String, label: String = "result",
        of owner: (name: String, value: String)? = nil
    ) {
        cells = Result.allCases.map { result in
            registry.counter(
                metric, help: help,
                labels: MetricLabels([owner, (name: label, value: result.rawValue)].compactMap(\.self)))
        }
    }

    func count(_ result: Result) {
        for (cell, known) in zip(cells, Result.allCases) where known == result { cell.add() }
    }
}

extension CompiledRoute {
    var metricLabel: (name: String, value: String) { (name: "route", value: String(decoding: name, as: UTF8.self)) }
}

import Synchronization

/// The labels of one series, in the order in which they are written.
public struct MetricLabels: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    let pairs: [Pair]

    struct Pair: Hashable, Sendable {
        var name: String
        var value: String
    }

    public init(_ pairs: [(name: String, value: String)]) {
        for pair in pairs {
            precondition(MetricsRegistry.isName(pair.name, allowsColon: false), "not a label: \(pair.name)")
        }
        self.pairs = pairs.map { Pair(name: $0.name, value: $0.value) }
    }

    public init(dictionaryLiteral elements: (String, String)...) { self.init(elements.map { (name: $0, value: $1) }) }

    public static let none = MetricLabels([])
}

/// All metrics of a process, and their text.
///
/// Whoever counts asks for a cell of its own, once; cells of one name and labels are added up when read. So counting costs no
/// lock and no shared cache line, and each thread registers what it counts.
///
/// - Errors: traps when one name is given two meanings: that is a mistake in the program. Beyond `seriesMax` series of one
///   name, further cells work but are not shown, and `weir_metrics_hidden_series` counts them.
/// - Source: Prometheus text format 0.0.4; names and units as `promtool check metrics` wants them.
/// - Concurrency: `state` is under a mutex, which registering and reading take and counting does not.
public final class MetricsRegistry: Sendable {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    public static let seriesMax = 2_000

    private enum Kind: String { case counter, gauge, histogram }

    private struct Series {
        var counters: [CounterCell] = []
        var gauges: [GaugeCell] = []
        var histograms: [HistogramCell] = []
        var read: (@Sendable () -> Double)?
    }

    private struct Family {
        var kind: Kind
        var help: String
        var buckets: HistogramBuckets?
        var series: [MetricLabels: Series] = [:]
        var order: [MetricLabels] = []
    }

    private struct State {
        var families: [String: Family] = [:]
        var hiddenSeries = 0
    }

    private let state = Mutex(State())

    public init() {}

    // MARK: Registering

    /// Counts events; the name ends in `_total`.
    public func counter(_ name: String, help: String, labels: MetricLabels = .none) -> CounterCell {
        precondition(name.hasSuffix("_total"), "a counter's name ends in _total: \(name)")
        let cell = CounterCell()
        add(name, .counter, help, labels) { $0.counters.append(cell) }
        return cell
    }

    public func gauge(_ name: String, help: String, labels: MetricLabels = .none) -> GaugeCell {
        precondition(!name.hasSuffix("_total"), "only a counter's name ends in _total: \(name)")
        let cell = GaugeCell()
        add(name, .gauge, help, labels) { $0.gauges.append(cell) }
        return cell
    }

    public func histogram(
        _ name: String, help: String, labels: MetricLabels = .none, buckets: HistogramBuckets
    ) -> HistogramCell {
        let cell = HistogramCell(buckets)
        add(name, .histogram, help, labels, buckets) { $0.histograms.append(cell) }
        return cell
    }

    /// A gauge whose value is asked for when it is read. `read` runs on the reading thread and must not use this registry.
    public func gauge(
        _ name: String, help: String, labels: MetricLabels = .none, read: @escaping @Sendable () -> Double
    ) {
        precondition(!name.hasSuffix("_total"), "only a counter's name ends in _total: \(name)")
        add(name, .gauge, help, labels) { $0.read = read }
    }

    /// A counter that somebody else keeps.
    public func counter(
        _ name: String, help: String, labels: MetricLabels = .none, read: @escaping @Sendable () -> Double
    ) {
        precondition(name.hasSuffix("_total"), "a counter's name ends in _total: \(name)")
        add(name, .counter, help, labels) { $0.read = read }
    }

    private func add(
        _ name: String, _ kind: Kind, _ help: String, _ labels: MetricLabels, _ buckets: HistogramBuckets? = nil,
        _ body: (inout Series) -> Void
    ) {
        precondition(Self.isName(name, allowsColon: true) && !help.isEmpty, "not a metric: \(name)")
        state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind, help: help, buckets: buckets)
            precondition(
                family.kind == kind && family.help == help && family.buckets == buckets, "two metrics called \(name)")
            if family.series[labels] == nil {
                guard family.order.count < Self.seriesMax else {
                    state.hiddenSeries += 1
                    return
                }
                family.order.append(labels)
            }
            body(&family.series[labels, default: Series()])
            state.families[name] = family
        }
    }

    static func isName(_ text: String, allowsColon: Bool) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
                || allowsColon && $0 == UInt8(ascii: ":")
        }
    }

    // MARK: Reading

    /// The text, families by name, series in the order of their registration.
    public func render() -> [UInt8] {
        // The lock is held for copying references only; values are read, and callbacks called, outside it.
        let (families, hidden) = state.withLock { ($0.families, $0.hiddenSeries) }
        var text = MetricsText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.header(name, help: family.help, type: family.kind.rawValue)
            for labels in family.order {
                guard let series = family.series[labels] else { continue }
                if let buckets = family.buckets {
                    Self.render(series.histograms, name, labels, buckets, to: &text)
                    continue
                }
                if let read = series.read {
                    text.sample(name, labels, value: read())
                } else if family.kind == .counter {
                    text.sample(name, labels, count: series.counters.reduce(0) { $0 &+ $1.current })
                } else {
                    text.sample(name, labels, signed: series.gauges.reduce(0) { $0 &+ $1.current })
                }
            }
        }
        text.header(
            "weir_metrics_hidden_series", help: "Series left out because one name had too many.", type: "gauge")
        text.sample("weir_metrics_hidden_series", .none, signed: Int64(hidden))
        return text.bytes
    }

    private static func render(
        _ cells: [HistogramCell], _ name: String, _ labels: MetricLabels, _ buckets: HistogramBuckets,
        to text: inout MetricsText
    ) {
        var total: UInt64 = 0
        let counts = cells.map(\.counts)
        for index in 0...buckets.bounds.count {
            total &+= counts.reduce(0) { $0 &+ $1[index] }
            let bound =
                index < buckets.bounds.count ? MetricsText.text(Double(buckets.bounds[index]) * buckets.scale) : "+Inf"
            text.sample(name + "_bucket", labels, le: bound, count: total)
        }
        text.sample(name + "_sum", labels, value: Double(cells.reduce(0) { $0 &+ $1.sum }) * buckets.scale)
        text.sample(name + "_count", labels, count: total)
    }
}

/// The lines of the Prometheus text format.
private struct MetricsText {
    private(set) var bytes: [UInt8] = []

    mutating func header(_ name: String, help: String, type: String) {
        line("# HELP \(name) \(Self.escape(help, quotes: false))")
        line("# TYPE \(name) \(type)")
    }

    mutating func sample(_ name: String, _ labels: MetricLabels, le: String? = nil, count: UInt64) {
        line("\(name)\(Self.text(labels, le)) \(count)")
    }

    mutating func sample(_ name: String, _ labels: MetricLabels, signed: Int64) {
        line("\(name)\(Self.text(labels, nil)) \(signed)")
    }

    mutating func sample(_ name: String, _ labels: MetricLabels, value: Double) {
        line("\(name)\(Self.text(labels, nil)) \(Self.text(value))")
    }

    private mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(0x0a)
    }

    /// Twelve digits at most, which hides the noise of scaling (0.0001 rather than 9.999999999999999e-05); whole numbers
    /// without a point.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value.magnitude < 9e15, value == value.rounded() { return String(Int64(value)) }
        guard value.magnitude < 9e6, value.magnitude >= 1e-9 else { return "\(value)" }
        let rounded = (value * 1e9).rounded() / 1e9
        return "\(rounded)"
    }

    private static func text(_ labels: MetricLabels, _ le: String?) -> String {
        var parts = labels.pairs.map { "\($0.name)=\"\(escape($0.value, quotes: true))\"" }
        if let le { parts.append("le=\"\(le)\"") }
        return parts.isEmpty ? "" : "{" + parts.joined(separator: ",") + "}"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var out = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\"" where quotes: out += "\\\""
            default: out.unicodeScalars.append(character)
            }
        }
        return out
    }
}

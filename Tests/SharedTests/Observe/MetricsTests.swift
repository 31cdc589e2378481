@testable import Shared
import XCTest

final class MetricsTests: XCTestCase {
    private func text(_ registry: MetricsRegistry) -> [String] {
        String(decoding: registry.render(), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.contains("weir_metrics_hidden_series") }
    }

    func testCellsOfOneSeriesAreAddedUp() {
        let registry = MetricsRegistry()
        let cells = (0..<3).map { _ in
            registry.counter("weir_requests_total", help: "Requests.", labels: ["outcome": "completed"])
        }
        let failed = registry.counter("weir_requests_total", help: "Requests.", labels: ["outcome": "failed"])
        let gauges = (0..<2).map { _ in registry.gauge("weir_connections", help: "Open connections.") }
        for (index, cell) in cells.enumerated() { cell.add(UInt64(index + 1)) }
        failed.add()
        gauges[0].set(5)
        gauges[1].add(-2)
        XCTAssertEqual(
            text(registry),
            [
                "# HELP weir_connections Open connections.", "# TYPE weir_connections gauge", "weir_connections 3",
                "# HELP weir_requests_total Requests.", "# TYPE weir_requests_total counter",
                #"weir_requests_total{outcome="completed"} 6"#, #"weir_requests_total{outcome="failed"} 1"#,
            ])
    }

    func testHistogramsAreCumulativeAndInBaseUnits() {
        let registry = MetricsRegistry()
        let buckets = HistogramBuckets(bounds: [100, 1_000, 2_500_000], scale: 1e-6)
        let cells = (0..<2).map { _ in
            registry.histogram("weir_overhead_seconds", help: "Own time.", labels: ["a": "b"], buckets: buckets)
        }
        cells[0].observe(0)
        cells[0].observe(100)
        cells[1].observe(101)
        cells[1].observe(9_000_000)
        XCTAssertEqual(
            text(registry).dropFirst(2),
            [
                #"weir_overhead_seconds_bucket{a="b",le="0.0001"} 2"#,
                #"weir_overhead_seconds_bucket{a="b",le="0.001"} 3"#,
                #"weir_overhead_seconds_bucket{a="b",le="2.5"} 3"#, #"weir_overhead_seconds_bucket{a="b",le="+Inf"} 4"#,
                #"weir_overhead_seconds_sum{a="b"} 9.000201"#, #"weir_overhead_seconds_count{a="b"} 4"#,
            ])
    }

    func testHelpAndLabelsAreEscaped() {
        let registry = MetricsRegistry()
        registry.gauge("weir_x", help: "A \\ and\na \"line\".", labels: ["l": "\"\\\n"]) { 0.5 }
        XCTAssertEqual(
            text(registry),
            [#"# HELP weir_x A \\ and\na "line"."#, "# TYPE weir_x gauge", #"weir_x{l="\"\\\n"} 0.5"#])
    }

    func testValuesAreWrittenAsShortAsTheyAre() {
        let registry = MetricsRegistry()
        for (index, value) in [0, -1, 1.5, 1e-5, 1e20, .infinity, -.infinity, .nan].enumerated() {
            registry.gauge("weir_v", help: "Values.", labels: ["i": "\(index)"]) { value }
        }
        XCTAssertEqual(
            text(registry).dropFirst(2).map { String($0.split(separator: " ")[1]) },
            ["0", "-1", "1.5", "1e-05", "1e+20", "+Inf", "-Inf", "NaN"])
    }

    func testSeriesBeyondTheBoundAreCountedAndNotShown() {
        let registry = MetricsRegistry()
        for index in 0..<(MetricsRegistry.seriesMax + 3) {
            registry.counter("weir_y_total", help: "Y.", labels: ["i": "\(index)"]).add()
        }
        XCTAssertEqual(text(registry).count, MetricsRegistry.seriesMax + 2)
        XCTAssertTrue(String(decoding: registry.render(), as: UTF8.self).contains("weir_metrics_hidden_series 3\n"))
    }

    func testEveryBoundOfTheStandardBucketsIsWrittenWithoutNoise() {
        let registry = MetricsRegistry()
        _ = registry.histogram("weir_a_seconds", help: "A.", buckets: .fastDurations)
        _ = registry.histogram("weir_b_seconds", help: "B.", buckets: .slowDurations)
        let bounds = text(registry).compactMap { $0.split(separator: "\"").dropFirst().first }
        XCTAssertEqual(
            bounds.joined(separator: " "),
            "1e-05 2.5e-05 5e-05 0.0001 0.00025 0.0005 0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 +Inf "
                + "0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 30 60 120 300 600 +Inf")
    }

    func testTheProcessDescribesItself() throws {
        let registry = MetricsRegistry()
        ProcessMetrics.register(in: registry)
        let values = Dictionary(
            uniqueKeysWithValues: text(registry).filter { !$0.hasPrefix("#") }.map { line in
                let parts = line.split(separator: " ")
                return (String(parts[0]), Double(parts[1])!)
            })
        XCTAssertGreaterThan(values["process_resident_memory_bytes"]!, 1_000_000)
        XCTAssertGreaterThan(values["process_open_fds"]!, 2)
        XCTAssertGreaterThan(values["process_max_fds"]!, 2)
        XCTAssertGreaterThan(values["process_cpu_seconds_total"]!, 0)
        XCTAssertGreaterThan(values["process_start_time_seconds"]!, 1.6e9)
    }
}

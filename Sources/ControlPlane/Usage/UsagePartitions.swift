import Shared

/// Makes the partitions of `usage_events` before they are needed.
final class UsagePartitions {
    private let pool: PostgresPool
    /// Days since 1970 whose partition is known to exist.
    private var known: Set<Int64> = []

    init(pool: PostgresPool) { self.pool = pool }

    static func day(of unixMilliseconds: Int64) -> Int64 {
        unixMilliseconds / 86_400_000 - (unixMilliseconds % 86_400_000 < 0 ? 1 : 0)
    }

    func ensure(days: Set<Int64>) async throws {
        for day in days.subtracting(known).sorted() {
            try await UsagePartitionStore.create(day: day, pool)
            known.insert(day)
        }
        if known.count > 1_000 { known.removeAll() }
    }

    /// Something was dropped: look again.
    func forget() { known.removeAll() }
}

/// Keeps the partitions of `usage_events`: those of the days to come are made, those beyond the retention are dropped, one at a
/// time and by one control plane.
///
/// - Concurrency: lives on one loop.
final class UsageKeeper {
    private let pool: PostgresPool
    private let time: any TimeSource
    private let limits: UsageLimits
    private let partitions: UsagePartitions
    private let log: Logger
    private let metrics: Metrics

    /// A database that is away for a weekend, or a control plane that is stopped for it, must not stop ingestion at midnight.
    private static let daysAhead: Int64 = 3

    init(
        pool: PostgresPool, time: any TimeSource, limits: UsageLimits, registry: MetricsRegistry, log: Logger
    ) {
        self.pool = pool
        self.time = time
        self.limits = limits
        self.log = log
        partitions = UsagePartitions(pool: pool)
        metrics = Metrics(registry)
    }

    func keep() async throws {
        let today = UsagePartitions.day(of: time.unixMilliseconds)
        try await partitions.ensure(days: Set(today...today + Self.daysAhead))
        if limits.retentionDays > 0 { try await drop(before: today - limits.retentionDays) }
        // What belongs to a partition goes with it. A correction without an event waits as long as the records of a stream are believed.
        try await UsageCorrectionStore.forget(
            before: limits.retentionDays > 0 ? today - limits.retentionDays : nil,
            waitingSince: time.unixMilliseconds - LedgerStore.keepMilliseconds, pool)
        let left = try await UsagePartitionStore.list(pool)
        metrics.partitions.set(Int64(left.count))
        metrics.bytes.set(left.reduce(0) { $0 + $1.bytes })
        metrics.oldest.set((left.first?.day ?? 0) * 86_400)
    }

    private func drop(before day: Int64) async throws {
        let old = try await UsagePartitionStore.list(pool).filter { $0.day < day }
        metrics.due.set(Int64(old.count))
        for (index, partition) in old.enumerated() {
            guard try await UsagePartitionStore.drop(day: partition.day, pool) else { return }
            metrics.dropped.add()
            metrics.due.set(Int64(old.count - index - 1))
            log.info(
                "usage events dropped after their retention",
                [
                    "day": .string(UsagePartitionStore.date(partition.day)),
                    "events_estimated": .integer(partition.rows), "bytes": .integer(partition.bytes),
                    "partitions_left": .integer(old.count - index - 1),
                ])
        }
    }

    private struct Metrics {
        let partitions: GaugeCell
        let bytes: GaugeCell
        let oldest: GaugeCell
        let due: GaugeCell
        let dropped: CounterCell

        init(_ registry: MetricsRegistry) {
            partitions = registry.gauge("weir_control_usage_partitions", help: "Days of single usage events.")
            bytes = registry.gauge(
                "weir_control_usage_partition_bytes", help: "Bytes of single usage events with their indexes.")
            oldest = registry.gauge(
                "weir_control_usage_oldest_day_unix_seconds", help: "The first day whose events are kept.")
            due = registry.gauge(
                "weir_control_usage_partitions_due", help: "Days beyond the retention that are still to be dropped.")
            dropped = registry.counter(
                "weir_control_usage_partitions_dropped_total", help: "Days of events dropped by this control plane.")
        }
    }
}

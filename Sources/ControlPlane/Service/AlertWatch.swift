import Shared

/// Looks for allowances that crossed a threshold, says so in the log and the metrics, and keeps it for `GET /api/v1/alerts`.
///
/// - Concurrency: lives on one loop; `run` is a task of its own until `stop`.
final class AlertWatch {
    /// Late enough to cost nothing, early enough for a person.
    static let interval = Duration.seconds(5)
    private static let pruneInterval = Duration.seconds(3600)
    private static let retentionMilliseconds: Int64 = 400 * 86_400_000

    private let pool: PostgresPool
    private let loop: EventLoop
    private let time: any TimeSource
    private let log: Logger
    private let raised: CounterCell
    private let ending: LevelSignal

    init(on loop: EventLoop, pool: PostgresPool, registry: MetricsRegistry, time: any TimeSource, log: Logger) {
        self.loop = loop
        self.pool = pool
        self.time = time
        self.log = log
        ending = LevelSignal(on: loop)
        raised = registry.counter(
            "weir_control_allowance_alerts_total", help: "Thresholds of allowances that were crossed, raised here.")
    }

    func stop() { ending.raise(to: 1) }

    func run() async {
        var nextPrune = loop.refreshedNow()
        var isFailing = false
        while ending.level == 0 {
            do {
                try await look()
                if loop.refreshedNow() >= nextPrune {
                    nextPrune = loop.now.advanced(by: Self.pruneInterval)
                    _ = try await AlertStore.prune(before: time.unixMilliseconds - Self.retentionMilliseconds, pool)
                }
                isFailing = false
            } catch {
                if !isFailing { log.warning("cannot look for alerts", ["error": .string("\(error)")]) }
                isFailing = true
            }
            _ = await ending.wait(beyond: 0, timeout: Self.interval)
        }
    }

    /// One round. Returns what it raised.
    @discardableResult
    func look() async throws -> [AllowanceAlert] {
        let alerts = try await pool.transaction { transaction in
            try await AlertStore.raise(in: transaction, now: time.unixMilliseconds)
        }
        for alert in alerts {
            raised.add()
            log.warning(
                "allowance crossed a threshold",
                [
                    "alert_id": .string(alert.id.description), "allowance_id": .string(alert.allowanceID.description),
                    "allowance": .string(alert.allowanceName), "end_user": .string(alert.endUser ?? ""),
                    "threshold_percent": .integer(alert.thresholdPercent),
                    "settled_usd": .string(Money(nanodollars: alert.settled).dollars),
                    "limit_usd": .string(Money(nanodollars: alert.limit).dollars),
                ])
        }
        return alerts
    }
}

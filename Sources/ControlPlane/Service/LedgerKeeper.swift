import Shared

/// Keeps the ledger small, and resolves doubt where the operator has set after how long.
///
/// - Concurrency: lives on one loop; `run` is a task of its own until `stop`. Several control planes may do it at once.
final class LedgerKeeper {
    /// Early enough for a setting in minutes.
    private static let writeOffInterval = Duration.seconds(60)
    private static let sweepInterval = Duration.seconds(3_600)
    /// Accounts of one transaction, each locked until its end.
    private static let accountsMax = 200

    private let pool: PostgresPool
    private let loop: EventLoop
    private let log: Logger
    /// Zero: doubt stays until an operator resolves it.
    private let writeOffAfter: Duration
    private let written: CounterCell
    private let swept: CounterCell
    private let ending: LevelSignal

    init(on loop: EventLoop, pool: PostgresPool, writeOffAfter: Duration, registry: MetricsRegistry, log: Logger) {
        self.loop = loop
        self.pool = pool
        self.writeOffAfter = writeOffAfter
        self.log = log
        ending = LevelSignal(on: loop)
        written = registry.counter(
            "weir_control_ledger_written_off_accounts_total",
            help:
                "Accounts of which a doubtful part was counted as spent because ledgerWriteOffAfterSeconds had passed.")
        swept = registry.counter(
            "weir_control_ledger_swept_rows_total", help: "Rows of the ledger that nobody needed any more.")
    }

    func stop() { ending.raise(to: 1) }

    func run() async {
        var nextSweep = loop.refreshedNow()
        var isFailing = false
        while ending.level == 0 {
            do throws(StoreError) {
                try await writeOff()
                if loop.refreshedNow() >= nextSweep {
                    try await sweep()
                    nextSweep = loop.now.advanced(by: Self.sweepInterval)
                }
                isFailing = false
            } catch {
                if !isFailing { log.warning("the ledger cannot be kept", ["error": .string("\(error)")]) }
                isFailing = true
            }
            _ = await ending.wait(beyond: 0, timeout: Self.writeOffInterval)
        }
    }

    /// Counts as spent what was in doubt for long enough.
    func writeOff(now: Int64? = nil) async throws(StoreError) {
        guard writeOffAfter > .zero else { return }
        while ending.level == 0 {
            let found = try await LedgerStore.writeOff(
                nil, beyond: writeOffAfter, accountsMax: Self.accountsMax, now: now, in: pool)
            if found.accounts > 0 {
                written.add(UInt64(found.accounts))
                log.warning(
                    "what lost data planes still held was counted as spent",
                    [
                        "accounts": .integer(found.accounts),
                        "after_seconds": .integer(writeOffAfter.wholeMilliseconds / 1_000),
                    ])
            }
            if found.accounts < Self.accountsMax { return }
        }
    }

    private func sweep() async throws(StoreError) {
        var sweep = LedgerStore.Sweep(went: 0, next: nil)
        repeat {
            sweep = try await LedgerStore.sweep(after: sweep.next, in: pool)
            swept.add(UInt64(sweep.went))
        } while sweep.next != nil && ending.level == 0
    }
}

import Shared

/// Applies the records of data planes, each exactly once.
///
/// - Shape: one transaction for one batch. The row of the stream is locked first; what it has acknowledged is skipped, events and
///   the hourly sums of those really inserted follow, then the new acknowledgement and what the records move in the ledger. A batch that was
///   applied before changes nothing.
/// - Concurrency: lives on one loop; any number of control planes may apply batches of one stream at once.
final class UsageIngest {
    enum Failure: Error, Equatable {
        /// Records before the batch's first one are missing.
        case gap(expected: UInt64)
        case outOfRange(String)
        case store(StoreError)
    }

    private let pool: PostgresPool
    private let time: any TimeSource
    private let partitions: UsagePartitions
    private let metrics: Metrics

    init(pool: PostgresPool, time: any TimeSource, registry: MetricsRegistry) {
        self.pool = pool
        self.time = time
        partitions = UsagePartitions(pool: pool)
        metrics = Metrics(registry)
    }

    /// The clocks of data planes are believed within these bounds; outside, an event is booked at the nearest of them, so that one
    /// broken clock cannot make thousands of partitions.
    private static let pastMillisecondsMax: Int64 = 35 * 86_400_000
    private static let futureMillisecondsMax: Int64 = 3_600_000

    /// Returns the sequence up to which everything is durable now.
    func apply(_ batch: UsageBatch) async throws(Failure) -> UInt64 {
        guard batch.stream.thread <= UInt32(Int32.max) else { throw .outOfRange("thread") }
        guard batch.firstSequence >= 1, batch.firstSequence < UInt64(Int64.max) - UInt64(UsageBatch.recordsMax) else {
            throw .outOfRange("firstSequence")
        }
        let now = time.unixMilliseconds
        let oldest = now - Self.pastMillisecondsMax
        let newest = now + Self.futureMillisecondsMax
        do {
            try await partitions.ensure(
                days: Set(
                    batch.records.compactMap { record in
                        guard case .settle(let settle) = record else { return nil }
                        return UsagePartitions.day(of: min(max(settle.intent.startedUnixMilliseconds, oldest), newest))
                    }))
            let result = try await pool.transaction(attempts: 4) { transaction in
                let acknowledged = try await UsageStore.lockStream(batch.stream, in: transaction)
                guard !batch.records.isEmpty, batch.lastSequence > acknowledged else {
                    return Applied(acknowledged: acknowledged, events: 0, inserted: 0, lost: 0)
                }
                guard batch.firstSequence <= acknowledged + 1 else { throw Failure.gap(expected: acknowledged + 1) }
                let new = batch.records.dropFirst(Int(acknowledged + 1 - batch.firstSequence))
                var columns = UsageColumns()
                var booking = LedgerBooking()
                var isEnd = false
                var lost = 0
                for record in new {
                    booking.add(record)
                    switch record {
                    case .intent: break
                    case .settle(let settle):
                        columns.append(
                            settle,
                            startedUnixMilliseconds: min(max(settle.intent.startedUnixMilliseconds, oldest), newest))
                    case .streamEnd: isEnd = true
                    case .lost: lost += 1
                    case .returned, .incarnationClosed, .repeated: break
                    }
                }
                var inserted = 0
                if columns.count > 0 {
                    inserted = try await UsageStore.insert(columns, node: batch.stream.nodeID, in: transaction)
                }
                try await UsageStore.acknowledge(batch.stream, upTo: batch.lastSequence, isEnd: isEnd, in: transaction)
                // Last, because many batches of many data planes share the rows of an account, and hold them until the commit.
                let holder = LeaseHolder(batch.stream)
                try await LedgerStore.apply(booking, from: holder, in: transaction)
                for incarnation in booking.closed {
                    try await UsageStore.endStreams(
                        of: incarnation, node: holder.nodeID, except: batch.stream, in: transaction)
                    try await LedgerStore.close(
                        LeaseHolder(nodeID: holder.nodeID, incarnation: incarnation), in: transaction)
                }
                return Applied(acknowledged: batch.lastSequence, events: columns.count, inserted: inserted, lost: lost)
            }
            metrics.events.add(UInt64(result.inserted))
            metrics.repeated.add(UInt64(result.events - result.inserted))
            metrics.lost.add(UInt64(result.lost))
            return result.acknowledged
        } catch let failure as Failure {
            throw failure
        } catch let error as StoreError {
            // Whatever a lost commit did, the same batch again is harmless.
            throw .store(error)
        } catch {
            preconditionFailure("only the errors above are thrown here: \(error)")
        }
    }

    private struct Applied: Sendable {
        var acknowledged: UInt64
        var events: Int
        var inserted: Int
        var lost: Int
    }

    private struct Metrics {
        let events: CounterCell
        let repeated: CounterCell
        let lost: CounterCell

        init(_ registry: MetricsRegistry) {
            events = registry.counter("weir_control_usage_events_total", help: "Usage events stored.")
            repeated = registry.counter(
                "weir_control_usage_repeated_events_total",
                help: "Usage events beyond the stream's sequence whose request was known already. Expected: none.")
            lost = registry.counter(
                "weir_control_usage_lost_records_total",
                help: "Records that a data plane could not read from its damaged journal. Expected: none.")
        }
    }
}

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
            try await UsageStore.createPartition(day: day, pool)
            known.insert(day)
        }
        if known.count > 1_000 { known.removeAll() }
    }
}

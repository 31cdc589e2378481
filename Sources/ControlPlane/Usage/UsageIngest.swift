import Shared

/// Applies the records of data planes, each exactly once.
///
/// - Shape: one transaction for one batch. The row of the stream is locked first; what it has acknowledged is skipped; then come the
///   events, the sums of those really inserted, the new acknowledgement, and what the records move in the ledger. A batch that was
///   applied before changes nothing.
///   What can be read or made beforehand (partitions, tags, end users) is, so that the transaction is short.
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
    private let limits: UsageLimits
    private let partitions: UsagePartitions
    private let tagSets: UsageTagSets
    private let endUsers: UsageEndUsers
    private let metrics: Metrics

    init(
        pool: PostgresPool, time: any TimeSource, registry: MetricsRegistry, limits: UsageLimits = UsageLimits()
    ) {
        self.pool = pool
        self.time = time
        self.limits = limits
        partitions = UsagePartitions(pool: pool)
        tagSets = UsageTagSets(pool: pool, setsMax: limits.tagSetsMax)
        endUsers = UsageEndUsers(pool: pool, labelsMax: limits.endUsersPerHourMax)
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
        do {
            let applied = try await applied(batch)
            metrics.events.add(UInt64(applied.inserted))
            metrics.repeated.add(UInt64(applied.repeated))
            metrics.late.add(UInt64(applied.late))
            metrics.otherEndUser.add(UInt64(applied.otherEndUser))
            metrics.otherTags.add(UInt64(applied.otherTags))
            metrics.lost.add(UInt64(applied.lost))
            return applied.acknowledged
        } catch let failure as Failure {
            throw failure
        } catch let error as StoreError {
            // Whatever a lost commit did, the same batch again is harmless.
            throw .store(error)
        } catch {
            preconditionFailure("only the errors above are thrown here: \(error)")
        }
    }

    /// Events are expected to be new and are copied in at once. Where one is known, the transaction is gone, and the next looks at
    /// each. Where a partition went away between being seen and being written, it is looked for again.
    private func applied(_ batch: UsageBatch) async throws -> Applied {
        var looksAtEach = false
        for _ in 1...3 {
            let entries = try await entries(of: batch)
            do {
                return try await pool.transaction(attempts: 4) { transaction in
                    try await apply(batch, entries, lookingAtEach: looksAtEach, in: transaction)
                }
            } catch StoreError.conflict where !looksAtEach {
                looksAtEach = true
            } catch StoreError.other(let sqlstate, _) where sqlstate == Self.noPartition {
                partitions.forget()
            }
        }
        throw StoreError.unavailable("the partitions of usage_events are being changed")
    }

    /// check_violation: what the server says when no partition takes a row.
    private static let noPartition = "23514"

    /// By the place of their record in the batch; nil for records that are no settle.
    private func entries(of batch: UsageBatch) async throws -> [UsageEntry?] {
        let now = time.unixMilliseconds
        let oldest = now - Self.pastMillisecondsMax
        let newest = now + Self.futureMillisecondsMax
        let oldestDay = limits.retentionDays > 0 ? UsagePartitions.day(of: now) - limits.retentionDays : Int64.min
        var entries: [UsageEntry?] = []
        entries.reserveCapacity(batch.records.count)
        var days: Set<Int64> = []
        var keys: Set<VirtualKeyID> = []
        var places: Set<EndUserPlace> = []
        for record in batch.records {
            guard case .settle(let settle) = record else {
                entries.append(nil)
                continue
            }
            let started = min(max(settle.intent.startedUnixMilliseconds, oldest), newest)
            let day = UsagePartitions.day(of: started)
            if day >= oldestDay { days.insert(day) }
            keys.insert(settle.intent.virtualKeyID)
            if !settle.intent.endUser.isEmpty { places.insert(EndUserPlace(settle, started)) }
            entries.append(
                UsageEntry(
                    settle: settle, startedUnixMilliseconds: started, tagSet: UsageTagSets.none, endUser: "",
                    isKept: day >= oldestDay))
        }
        if keys.isEmpty { return entries }
        try await partitions.ensure(days: days)
        let sets = try await tagSets.sets(of: keys)
        for place in places { try await endUsers.prepare(place.organizationID, hour: place.hour) }
        for index in entries.indices {
            guard let intent = entries[index]?.settle.intent, let started = entries[index]?.startedUnixMilliseconds
            else { continue }
            let label = intent.endUser.forPostgres
            let hour = started - (started % 3_600_000 + 3_600_000) % 3_600_000
            entries[index]?.tagSet = sets[intent.virtualKeyID] ?? UsageTagSets.none
            entries[index]?.endUser =
                endUsers.admits(label, of: intent.organizationID, hour: hour) ? label : nil
        }
        return entries
    }

    private struct EndUserPlace: Hashable {
        var organizationID: ObjectID
        var hour: Int64

        init(_ settle: SettleRecord, _ started: Int64) {
            organizationID = settle.intent.organizationID
            hour = started - (started % 3_600_000 + 3_600_000) % 3_600_000
        }
    }

    private func apply(
        _ batch: UsageBatch, _ entries: [UsageEntry?], lookingAtEach: Bool, in transaction: PostgresTransaction
    ) async throws -> Applied {
        let acknowledged = try await UsageStore.lockStream(batch.stream, in: transaction)
        guard !batch.records.isEmpty, batch.lastSequence > acknowledged else {
            return Applied(acknowledged: acknowledged)
        }
        guard batch.firstSequence <= acknowledged + 1 else { throw Failure.gap(expected: acknowledged + 1) }
        let known = Int(acknowledged + 1 - batch.firstSequence)
        let records = batch.records.dropFirst(known)
        let new = entries.dropFirst(known).compactMap { $0 }
        let kept = new.filter(\.isKept)
        var counted = new
        if !kept.isEmpty {
            if lookingAtEach {
                var missing = try await UsageStore.insertMissing(kept, node: batch.stream.nodeID, in: transaction)
                counted = new.filter { !$0.isKept || missing.remove($0.settle.intent.requestID) != nil }
            } else {
                try await UsageStore.insert(kept, node: batch.stream.nodeID, in: transaction)
            }
        }
        var booking = LedgerBooking()
        for record in records { booking.add(record) }
        let holder = LeaseHolder(batch.stream)
        // Before any sum is locked: a batch of such a stream may hold its row and wait for the sums.
        for incarnation in booking.closed {
            try await UsageStore.endStreams(
                of: incarnation, node: holder.nodeID, except: batch.stream, in: transaction)
        }
        // The sums are where batches meet: their rows are locked from here to the commit, so they come late.
        try await UsageStore.add(UsageRollup(counted), in: transaction)
        let isEnd = batch.records.last == .streamEnd
        try await UsageStore.acknowledge(batch.stream, upTo: batch.lastSequence, isEnd: isEnd, in: transaction)
        // Last, because many batches of many data planes share the rows of an account, and hold them until the commit.
        try await LedgerStore.apply(booking, from: holder, in: transaction)
        for incarnation in booking.closed {
            try await LedgerStore.close(LeaseHolder(nodeID: holder.nodeID, incarnation: incarnation), in: transaction)
        }
        let lost = records.count { if case .lost = $0 { true } else { false } }
        return Applied(acknowledged: batch.lastSequence, new: new, counted: counted, lost: lost)
    }

    private struct Applied: Sendable {
        var acknowledged: UInt64
        var inserted = 0
        var repeated = 0
        var late = 0
        var otherEndUser = 0
        var otherTags = 0
        var lost = 0

        init(acknowledged: UInt64) { self.acknowledged = acknowledged }

        init(acknowledged: UInt64, new: [UsageEntry], counted: [UsageEntry], lost: Int) {
            self.acknowledged = acknowledged
            self.lost = lost
            for entry in counted {
                if entry.isKept { inserted += 1 } else { late += 1 }
                if entry.endUser == nil { otherEndUser += 1 }
                if entry.tagSet == UsageTagSets.other { otherTags += 1 }
            }
            repeated = new.count - counted.count
        }
    }

    private struct Metrics {
        let events: CounterCell
        let repeated: CounterCell
        let late: CounterCell
        let otherEndUser: CounterCell
        let otherTags: CounterCell
        let lost: CounterCell

        init(_ registry: MetricsRegistry) {
            events = registry.counter("weir_control_usage_events_total", help: "Usage events stored.")
            repeated = registry.counter(
                "weir_control_usage_repeated_events_total",
                help: "Usage events beyond the stream's sequence whose request was known already. Expected: none.")
            late = registry.counter(
                "weir_control_usage_late_events_total",
                help: "Usage events older than the retention: added to the sums, not stored.")
            otherEndUser = registry.counter(
                "weir_control_usage_other_end_user_events_total",
                help: "Usage events whose end user came after the bound of the hour: in the sums without its label.")
            otherTags = registry.counter(
                "weir_control_usage_other_tags_events_total",
                help: "Usage events whose tags came after the bound: in the sums without their tags.")
            lost = registry.counter(
                "weir_control_usage_lost_records_total",
                help: "Records that a data plane could not read from its damaged journal. Expected: none.")
        }
    }
}

/// The bounds of what is kept of usage.
public struct UsageLimits: Equatable, Sendable {
    /// Single events are kept this long; 0: for ever.
    public var retentionDays: Int64 = 90
    /// End users of one organization that get sums of their own within an hour.
    public var endUsersPerHourMax = 10_000
    /// Distinct sets of tags that get sums of their own.
    public var tagSetsMax = 10_000

    public init(retentionDays: Int64 = 90, endUsersPerHourMax: Int = 10_000, tagSetsMax: Int = 10_000) {
        self.retentionDays = retentionDays
        self.endUsersPerHourMax = endUsersPerHourMax
        self.tagSetsMax = tagSetsMax
    }
}

import Shared

/// Applies the records of data planes, each exactly once.
///
/// - Shape: while a transaction is under way, the batches that arrive wait, and go into the next one together: they share the rows of
///   the sums and of the ledger, which would otherwise be written once for each, one batch waiting for the other. In the transaction the rows of
///   the streams are locked first; what they have acknowledged is skipped; then come the events, the corrections of these and of
///   earlier ones, the sums of those really inserted and really corrected, the new acknowledgements, and what all of that moves in the
///   ledger. A batch that was applied before changes nothing, and one that cannot be applied spoils no other.
///   What can be read or made beforehand (partitions, tags, end users) is, so that the transaction is short.
/// - Errors: `Failure`; 503 when the database is away or `waitingMax` batches wait here.
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
    private var waiting: [Arrival] = []
    private var transactions = 0
    private var isStarting = false

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

    /// One batch, from its arrival to its transaction's end.
    private final class Arrival {
        let batch: UsageBatch
        /// By the place of their record in the batch; nil for records that are no settle.
        let entries: [UsageEntry?]
        let decided: LevelSignal
        var outcome: Result<Applied, Failure>?

        init(_ batch: UsageBatch, _ entries: [UsageEntry?], on loop: EventLoop) {
            self.batch = batch
            self.entries = entries
            decided = LevelSignal(on: loop)
        }

        func end(_ outcome: Result<Applied, Failure>) {
            self.outcome = outcome
            decided.raise(to: 1)
        }
    }

    /// So that the database has work while one of them waits for the disk and this program makes the next. More of them only wait for each
    /// other's rows.
    private static let transactionsMax = 3
    /// Enough for four full batches, and few enough that sums of `UsageEntry.amountMax` fit.
    private static let recordsMax = 4 * UsageBatch.recordsMax
    /// Each is a megabyte and its records.
    private static let waitingMax = 256
    /// Longer than the statements of a transaction, tried again and again, may take.
    private static let patience = Duration.seconds(120)

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
            metrics.count(applied.corrections)
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

    /// Where a partition went away between being seen and being written, it is looked for again.
    private func applied(_ batch: UsageBatch) async throws -> Applied {
        for _ in 1...3 {
            let entries = try await entries(of: batch)
            guard waiting.count < Self.waitingMax else {
                throw StoreError.unavailable("\(Self.waitingMax) batches wait already")
            }
            let arrival = Arrival(batch, entries, on: pool.loop)
            enqueue(arrival)
            _ = await arrival.decided.wait(beyond: 0, timeout: Self.patience)
            switch arrival.outcome {
            case .success(let applied)?: return applied
            case .failure(.store(.other(let sqlstate, _)))? where sqlstate == Self.noPartition: partitions.forget()
            case .failure(let failure)?: throw failure
            case nil: throw StoreError.timeout
            }
        }
        throw StoreError.unavailable("the partitions of usage_events are being changed")
    }

    // MARK: Together

    private func enqueue(_ arrival: Arrival) {
        waiting.append(arrival)
        if isStarting || transactions >= Self.transactionsMax { return }
        isStarting = true
        // In a task of its own, so that what else this turn of the loop brings goes along.
        pool.loop.launch { [self] in
            isStarting = false
            transactions += 1
            while !waiting.isEmpty { await apply(takeGroup()) }
            transactions -= 1
        }
    }

    /// Those that came first, of different streams: a stream's second batch wants to see what its first one did.
    private func takeGroup() -> [Arrival] {
        var group: [Arrival] = []
        var left: [Arrival] = []
        var streams: Set<StreamID> = []
        var records = 0
        for arrival in waiting {
            records += arrival.batch.records.count
            if group.isEmpty || records <= Self.recordsMax && !streams.contains(arrival.batch.stream) {
                group.append(arrival)
                streams.insert(arrival.batch.stream)
            } else {
                left.append(arrival)
            }
        }
        waiting = left
        return group
    }

    /// Applies all in one transaction. Where one of them spoils it, each gets its own.
    ///
    /// Events are expected to be new and are copied in at once. Where one is known, the transaction is gone, and the next looks at each.
    private func apply(_ group: [Arrival]) async {
        metrics.transactions.add()
        do {
            end(group, try await transaction(group, lookingAtEach: false))
        } catch StoreError.conflict where group.count == 1 {
            do { end(group, try await transaction(group, lookingAtEach: true)) } catch { end(group, error) }
        } catch let error as StoreError where group.count > 1 && !error.meansDatabaseIsAway {
            for arrival in group { await apply([arrival]) }
        } catch {
            end(group, error)
        }
    }

    private func transaction(_ group: [Arrival], lookingAtEach: Bool) async throws -> [Result<Applied, Failure>] {
        try await pool.transaction(attempts: 4) { transaction in
            try await apply(group, lookingAtEach: lookingAtEach, in: transaction)
        }
    }

    private func end(_ group: [Arrival], _ outcomes: [Result<Applied, Failure>]) {
        for (arrival, outcome) in zip(group, outcomes) { arrival.end(outcome) }
    }

    private func end(_ group: [Arrival], _ error: any Error) {
        guard let error = error as? StoreError else { preconditionFailure("not an error of the store: \(error)") }
        for arrival in group { arrival.end(.failure(.store(error))) }
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
            let entry = UsageEntry(
                settle: settle, nodeID: batch.stream.nodeID, startedUnixMilliseconds: started,
                tagSet: UsageTagSets.none, endUser: "", isKept: day >= oldestDay)
            if !settle.intent.endUser.isEmpty { places.insert(EndUserPlace(entry)) }
            entries.append(entry)
        }
        if keys.isEmpty { return entries }
        try await partitions.ensure(days: days)
        let sets = try await tagSets.sets(of: keys)
        for place in places { try await endUsers.prepare(place.organizationID, hour: place.hour) }
        for index in entries.indices {
            guard let intent = entries[index]?.settle.intent, let hour = entries[index]?.hourUnixMilliseconds
            else { continue }
            let label = intent.endUser.forPostgres
            entries[index]?.tagSet = sets[intent.virtualKeyID] ?? UsageTagSets.none
            entries[index]?.endUser =
                endUsers.admits(label, of: intent.organizationID, hour: hour) ? label : nil
        }
        return entries
    }

    private struct EndUserPlace: Hashable {
        var organizationID: ObjectID
        var hour: Int64

        init(_ entry: UsageEntry) {
            organizationID = entry.settle.intent.organizationID
            hour = entry.hourUnixMilliseconds
        }
    }

    /// The part of a batch that is new.
    private struct Part {
        /// Its place in the group.
        var index: Int
        var batch: UsageBatch
        var records: ArraySlice<JournalRecord>
        var entries: [UsageEntry]
    }

    private func apply(
        _ group: [Arrival], lookingAtEach: Bool, in transaction: PostgresTransaction
    ) async throws -> [Result<Applied, Failure>] {
        let acknowledged = try await UsageStore.lockStreams(group.map(\.batch.stream), in: transaction)
        var outcomes: [Result<Applied, Failure>] = []
        var parts: [Part] = []
        for (index, arrival) in group.enumerated() {
            let batch = arrival.batch
            let known = acknowledged[index]
            outcomes.append(.success(Applied(acknowledged: known)))
            guard !batch.records.isEmpty, batch.lastSequence > known else { continue }
            guard batch.firstSequence <= known + 1 else {
                outcomes[index] = .failure(.gap(expected: known + 1))
                continue
            }
            let first = Int(known + 1 - batch.firstSequence)
            parts.append(
                Part(
                    index: index, batch: batch, records: batch.records[first...],
                    entries: arrival.entries[first...].compactMap { $0 }))
        }
        if parts.isEmpty { return outcomes }

        let new = parts.flatMap(\.entries)
        let kept = new.filter(\.isKept)
        var inserted: Set<ObjectID>?
        if !kept.isEmpty {
            if lookingAtEach {
                inserted = try await UsageStore.insertMissing(kept, in: transaction)
            } else {
                try await UsageStore.insert(kept, in: transaction)
            }
        }
        let bookings = parts.map { LedgerBooking($0.records, from: LeaseHolder($0.batch.stream)) }
        // Before any sum is locked: a batch of such a stream may hold its row and wait for the sums.
        for (part, booking) in zip(parts, bookings) {
            for holder in booking.closed {
                try await UsageStore.endStreams(
                    of: holder.incarnation, node: holder.nodeID, except: part.batch.stream, in: transaction)
            }
        }
        var counted: [UsageEntry] = []
        for part in parts {
            let ofPart = part.entries.filter { entry in
                !entry.isKept || inserted?.remove(entry.settle.intent.requestID) != nil || inserted == nil
            }
            outcomes[part.index] = .success(
                Applied(
                    acknowledged: part.batch.lastSequence, new: part.entries, counted: ofPart,
                    lost: part.records.count { if case .lost = $0 { true } else { false } }))
            counted += ofPart
        }
        let (corrections, counts) = try await UsageCorrections.meet(
            parts.lazy.flatMap(\.records), counted, in: transaction)
        // Told of once, by whichever batch.
        if case .success(var applied) = outcomes[parts[0].index] {
            applied.corrections = counts
            outcomes[parts[0].index] = .success(applied)
        }
        // The sums are where transactions meet: their rows are locked from here to the commit, so they come late.
        try await UsageStore.add(UsageRollup(counted, corrections), in: transaction)
        try await UsageStore.acknowledge(
            parts.map { ($0.batch.stream, $0.batch.lastSequence, $0.batch.records.last == .streamEnd) },
            in: transaction)
        // Last, because lending waits for these rows.
        try await LedgerStore.apply(bookings, corrections: corrections.flatMap(\.ledger), in: transaction)
        return outcomes
    }

    private struct Applied: Sendable {
        var acknowledged: UInt64
        var inserted = 0
        var repeated = 0
        var late = 0
        var otherEndUser = 0
        var otherTags = 0
        var lost = 0
        var corrections = UsageCorrections.Counts()

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

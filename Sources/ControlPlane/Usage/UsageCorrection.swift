import Shared

/// A usage event that gets what its request took in the end: the row as it is, and as it is to be.
struct UsageCorrection {
    /// A charge as the event has it, and the kind of its allowance; nil: that is deleted.
    struct Charge {
        var line: ChargeLine
        var kind: AllowanceKind?
    }

    /// The row of the event.
    struct Event {
        var requestID: ObjectID
        /// Since 1970.
        var day: Int64
        var key: UsageRollupKey
        /// nil: its label came after the bound, and counts without its name.
        var endUser: String?
        var usage: TokenUsage
        var usageReported: Bool
        var cost: Int64
        var charges: [Charge]
        /// When the ledger booked it, in Unix milliseconds.
        var bookedUnixMilliseconds: Int64
    }

    let event: Event
    let usage: TokenUsage
    let cost: Int64
    /// By the place of the event's.
    let charges: [ChargeLine]

    init(_ event: Event, by record: CorrectionRecord) {
        self.event = event
        usage = record.usage
        let cost = UsageEntry.bounded(record.cost.nanodollars)
        self.cost = cost
        charges = event.charges.map { charge in
            switch charge.kind {
            case .money: charge.line.corrected(to: cost)
            case .tokens: charge.line.corrected(to: Int64(record.usage.input) + Int64(record.usage.output))
            // A request is one whatever it took. What a deleted allowance counted nobody knows.
            case .requests, .slots, nil: charge.line
            }
        }
    }

    /// What is to be added to the sums.
    var sums: UsageRollup.Sums {
        var sums = UsageRollup.tokens(of: usage) &- UsageRollup.tokens(of: event.usage)
        sums[UsageCounter.estimatedRequests.rawValue] = event.usageReported ? 0 : -1
        sums[UsageCounter.cost.rawValue] = cost - event.cost
        return sums
    }

    /// What is to be booked.
    var ledger: [LedgerCorrection] {
        zip(event.charges, charges).compactMap { old, new in
            LedgerCorrection(of: old.line, to: new, bookedUnixMilliseconds: event.bookedUnixMilliseconds)
        }
    }
}

/// Brings together events and their corrections, in the transaction that applies either.
///
/// - Shape: whichever comes first leaves a row, whichever comes second finds it. The first correction of a request counts. An event beyond its
///   retention is not corrected: its sums and its charges stay what they were.
/// - Concurrency: to be called behind the events and before the sums: it locks the rows of its requests in the order of their IDs, and whoever
///   holds one of them waits for nothing but sums and the ledger.
enum UsageCorrections {
    /// What became of the corrections of a transaction.
    struct Counts: Sendable {
        /// Events that were corrected.
        var applied = 0
        /// Whose event has not come yet.
        var early = 0
        /// Whose event is gone with its retention.
        var late = 0
        /// Not the first of their request.
        var repeated = 0
    }

    /// One request that comes up in a transaction.
    struct Request {
        var id: ObjectID
        /// Its event, new with this transaction.
        var entry: UsageEntry?
        var correction: CorrectionRecord?
    }

    /// Whether the usage of such a request is told later.
    static func mayFollow(_ entry: UsageEntry) -> Bool { entry.settle.intent.endpoint == .batches }

    /// - Parameter entries: events that are new with this transaction.
    /// - Returns: the events that are corrected now, their rows written already; the sums and the ledger are the caller's.
    static func meet(
        _ records: some Sequence<JournalRecord>, _ entries: [UsageEntry], in transaction: PostgresTransaction
    ) async throws(StoreError) -> (corrections: [UsageCorrection], counts: Counts) {
        var counts = Counts()
        let requests = requests(records, entries, &counts)
        if requests.isEmpty { return ([], counts) }
        let open = try await UsageCorrectionStore.meet(requests, in: transaction)
        var corrections: [UsageCorrection] = []
        if open.contains(where: { $0.day != nil }) {
            corrections = try await UsageCorrectionStore.corrections(open, in: transaction)
            try await UsageCorrectionStore.apply(corrections, in: transaction)
        }
        counts.applied = corrections.count
        counts.early = open.count { $0.day == nil }
        counts.late = open.count - counts.early - counts.applied
        let known = Set(open.map(\.requestID))
        counts.repeated += requests.count { $0.correction != nil && !known.contains($0.id) }
        return (corrections, counts)
    }

    /// In the order of their IDs, each once.
    private static func requests(
        _ records: some Sequence<JournalRecord>, _ entries: [UsageEntry], _ counts: inout Counts
    ) -> [Request] {
        var requests: [ObjectID: Request] = [:]
        for record in records {
            guard case .correction(let correction) = record else { continue }
            let id = correction.requestID
            if requests[id] == nil {
                requests[id] = Request(id: id, correction: correction)
            } else {
                counts.repeated += 1
            }
        }
        for entry in entries where entry.isKept && mayFollow(entry) {
            let id = entry.settle.intent.requestID
            requests[id, default: Request(id: id)].entry = entry
        }
        return requests.values.sorted { $0.id < $1.id }
    }
}

import Shared

/// The ledger as it lies in the database: what `LeaseLedger` decides on values, done on rows.
///
/// - Shape: every function is one statement, which calls a function of the migration `0005-ledger.sql`; run on the pool it is a transaction of
///   its own. Accounts are locked in one order everywhere, so that any number of control planes may call at once.
/// - Units: `now` is Unix milliseconds; nil is the database's clock, which is what everything but tests gives.
/// - Errors: `StoreError`. An ask whose answer was lost is harmless: the next one is answered with the running sums.
enum LedgerStore {
    /// What other sessions say: those who wait for an account may fit now.
    static let freedChannel = "weir_ledger"
    /// A holder is to give back what it does not use.
    static let recallChannel = "weir_recall"

    /// The account that a notification of `freedChannel` names.
    static func account(_ payload: String) -> AccountKey? {
        let parts = payload.split(separator: " ")
        guard parts.count == 2, let id = ObjectID(parts[0]), let subject = Int64(parts[1]) else { return nil }
        return AccountKey(allowanceID: id, subject: UInt64(bitPattern: subject))
    }

    // MARK: Lending

    /// One ask and who asks.
    struct PendingAsk: Sendable {
        var ask: LeaseRequest.Ask
        var holder: LeaseHolder
        /// How long its answer may be held back.
        var waitMilliseconds: Int

        var account: AccountKey {
            AccountKey(allowanceID: ask.allowanceID, subject: ask.endUser.map(EndUserSubject.of) ?? 0)
        }
    }

    /// What the ledger said to one ask.
    struct Decision: Sendable {
        var grant: LeaseAnswer.Grant
        /// The incarnations it called to give back; they hear of it by `recallChannel`.
        var recalled: [ObjectID]
        /// Whoever waits behind it may fit now; they hear of it by `freedChannel`.
        var freesOthers: Bool
    }

    static let asksMax = 1_000

    /// Decides up to `asksMax` asks together; the answers have their order. Asks of one account are decided in that order too.
    static func ask(
        _ asks: [PendingAsk], now: Int64? = nil, in executor: any PostgresExecutor
    ) async throws(StoreError) -> [Decision] {
        precondition(asks.count <= asksMax)
        if asks.isEmpty { return [] }
        let rows = try await executor.query(
            "SELECT * FROM ledger_ask($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            [
                .optional(now) { .int64($0) }, .int64Array(asks.map { Int64($0.waitMilliseconds) }),
                .uuidArray(asks.map(\.ask.allowanceID)),
                .int64Array(asks.map { Int64(bitPattern: $0.account.subject) }),
                .textArray(asks.map { ($0.ask.endUser ?? "").forPostgres }), .uuidArray(asks.map(\.holder.nodeID)),
                .uuidArray(asks.map(\.holder.incarnation)), .int64Array(asks.map(\.ask.sequence)),
                .int64Array(asks.map { $0.ask.windowStartUnixSeconds ?? unknownWindow }),
                .int64Array(asks.map(\.ask.grantedTotal)), .int64Array(asks.map(\.ask.need)),
                .int64Array(asks.map(\.ask.want)),
            ])
        var decisions = [Decision?](repeating: nil, count: asks.count)
        for row in rows {
            let index = try row.int("ordinal") - 1
            guard asks.indices.contains(index) else { throw .mismatch("an answer to no ask: \(index)") }
            decisions[index] = try decision(row, on: asks[index].ask)
        }
        let answered = decisions.compactMap { $0 }
        guard answered.count == asks.count else { throw .mismatch("an ask without an answer") }
        return answered
    }

    /// No window has this start: what a holder says that knows none yet.
    private static let unknownWindow: Int64 = -1

    private static func decision(_ row: PostgresRow, on ask: LeaseRequest.Ask) throws(StoreError) -> Decision {
        let label = try row.text("verdict")
        guard let verdict = LeaseAnswer.Verdict(rawValue: label) else { throw .mismatch("verdict \(label)") }
        return Decision(
            grant: LeaseAnswer.Grant(
                allowanceID: ask.allowanceID, endUser: ask.endUser, verdict: verdict,
                windowStartUnixSeconds: try row.optionalInt64("window_start") ?? 0,
                resetMilliseconds: try row.optionalInt64("reset_ms"),
                grantedTotal: try row.optionalInt64("granted_total") ?? 0,
                leaseMilliseconds: try row.optionalInt64("lease_ms") ?? 0,
                retryAfterMilliseconds: try row.optionalInt64("retry_after_ms"),
                limit: try row.optionalInt64("limit_amount") ?? 0, settled: try row.optionalInt64("settled") ?? 0,
                lent: try row.optionalInt64("lent") ?? 0, holderLent: try row.optionalInt64("holder_lent") ?? 0),
            recalled: try row.uuids("recalled"), freesOthers: try row.bool("frees_others"))
    }

    // MARK: Booking

    /// Books what the records of some holders say, and then closes those of the same nodes that are over. Part of the transaction that
    /// acknowledges the records, which makes it happen once; its last part, because whoever asks for one of these accounts waits until it ends.
    ///
    /// - Parameter corrections: booked behind the records, which may be of the same requests.
    static func apply(
        _ bookings: [LedgerBooking], corrections: [LedgerCorrection] = [], now: Int64? = nil,
        in executor: any PostgresExecutor
    ) async throws(StoreError) {
        // The accounts of both are locked in one order, before either is booked.
        if !corrections.isEmpty { try await lock(bookings, corrections, now: now, in: executor) }
        try await apply(bookings, now: now, in: executor)
        if !corrections.isEmpty { try await apply(corrections, now: now, in: executor) }
    }

    private static func apply(
        _ bookings: [LedgerBooking], now: Int64?, in executor: any PostgresExecutor
    ) async throws(StoreError) {
        let lines = bookings.flatMap { booking in booking.lines.map { (holder: booking.holder, line: $0) } }
        let closed = bookings.flatMap(\.closed)
        if lines.isEmpty && closed.isEmpty { return }
        _ = try await executor.first(
            "SELECT ledger_apply($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            [
                .optional(now) { .int64($0) }, .uuidArray(lines.map(\.holder.nodeID)),
                .uuidArray(lines.map(\.holder.incarnation)), .uuidArray(lines.map(\.line.account.allowanceID)),
                .int64Array(lines.map { Int64(bitPattern: $0.line.account.subject) }),
                .int64Array(lines.map(\.line.window.startUnixSeconds)), .int64Array(lines.map(\.line.charged)),
                .int64Array(lines.map(\.line.debt)), .int64Array(lines.map(\.line.returned)),
                .uuidArray(closed.map(\.nodeID)), .uuidArray(closed.map(\.incarnation)),
            ])
    }

    private static func lock(
        _ bookings: [LedgerBooking], _ corrections: [LedgerCorrection], now: Int64?, in executor: any PostgresExecutor
    ) async throws(StoreError) {
        let lines = bookings.flatMap(\.lines)
        let closed = bookings.flatMap(\.closed)
        let accounts = lines.map(\.account) + corrections.map(\.account)
        _ = try await executor.first(
            "SELECT ledger_lock(ledger_now($1), $2, $3, NULL, $4, $5, $6)",
            [
                .optional(now) { .int64($0) }, .uuidArray(accounts.map(\.allowanceID)),
                .int64Array(accounts.map { Int64(bitPattern: $0.subject) }),
                // An account that is to be charged is made; one that is to be corrected is there, or there is nothing to correct.
                .boolArray(lines.map { $0.charged > 0 || $0.debt > 0 } + corrections.map { _ in false }),
                .uuidArray(closed.map(\.nodeID)), .uuidArray(closed.map(\.incarnation)),
            ])
    }

    private static func apply(
        _ corrections: [LedgerCorrection], now: Int64?, in executor: any PostgresExecutor
    ) async throws(StoreError) {
        _ = try await executor.first(
            "SELECT ledger_correct($1, $2, $3, $4, $5, $6, $7)",
            [
                .optional(now) { .int64($0) }, .uuidArray(corrections.map(\.account.allowanceID)),
                .int64Array(corrections.map { Int64(bitPattern: $0.account.subject) }),
                .int64Array(corrections.map(\.window.startUnixSeconds)),
                .int64Array(corrections.map(\.bookedUnixMilliseconds)), .int64Array(corrections.map(\.charged)),
                .int64Array(corrections.map(\.debt)),
            ])
    }

    // MARK: Figures and doubt

    /// One account as reports show it.
    struct AccountFigures: Sendable, Hashable {
        var account: AccountKey
        /// The label it was first asked for by; nil for everybody together, or when only records named it.
        var endUser: String?
        var figures: LedgerFigures
        /// All that records ever charged in this window, doubt excluded: what the usage events of the window add up to.
        var charged: Int64
    }

    static let figuresMax = 10_000

    /// The accounts of some allowances, by allowance and subject. An allowance that nobody has asked for yet has none.
    ///
    /// - Parameter subject: only this one (0: everybody together); nil: all, `figuresMax` at most.
    static func figures(
        of allowanceIDs: [ObjectID], subject: UInt64? = nil, now: Int64? = nil, in executor: any PostgresExecutor
    ) async throws(StoreError) -> [AccountFigures] {
        try await figures(of: allowanceIDs, subject: subject, after: nil, limit: figuresMax, now: now, in: executor)
    }

    /// A page of the accounts of an allowance that holds for each end user: up to `limit` after that of `after`.
    static func figures(
        of allowanceID: ObjectID, after: UInt64?, limit: Int, now: Int64? = nil, in executor: any PostgresExecutor
    ) async throws(StoreError) -> [AccountFigures] {
        try await figures(of: [allowanceID], subject: nil, after: after, limit: limit, now: now, in: executor)
    }

    private static func figures(
        of allowanceIDs: [ObjectID], subject: UInt64?, after: UInt64?, limit: Int, now: Int64?,
        in executor: any PostgresExecutor
    ) async throws(StoreError) -> [AccountFigures] {
        let rows = try await executor.query(
            "SELECT * FROM ledger_figures($1, $2, $3, $4, $5)",
            [
                .optional(now) { .int64($0) }, .uuidArray(allowanceIDs),
                .optional(subject) { .int64(Int64(bitPattern: $0)) },
                .optional(after) { .int64(Int64(bitPattern: $0)) }, .integer(limit),
            ])
        var found: [AccountFigures] = []
        for row in rows {
            found.append(
                AccountFigures(
                    account: AccountKey(
                        allowanceID: try row.uuid("allowance_id"),
                        subject: UInt64(bitPattern: try row.int64("subject"))),
                    endUser: try row.optionalText("end_user"),
                    figures: LedgerFigures(
                        window: AccountWindow(startUnixSeconds: try row.int64("window_start")),
                        resetMilliseconds: try row.optionalInt64("reset_ms"), limit: try row.int64("limit_amount"),
                        settled: try row.int64("settled"), lent: try row.int64("lent"),
                        inDoubt: try row.int64("in_doubt"), debt: try row.int64("debt"),
                        writtenOff: try row.int64("written_off")),
                    charged: try row.int64("charged")))
        }
        return found
    }

    struct WriteOff: Sendable, Hashable {
        var accounts: Int
        var amount: Int64
    }

    /// Counts as spent what is in doubt: lent to holders that were not heard of since their lease ended, and for `beyond` more.
    /// Records that arrive after all find it written off and are not counted twice.
    ///
    /// - Parameter allowanceID: nil: of every allowance. At most `accountsMax` accounts at a time; call again while as many are found.
    static func writeOff(
        _ allowanceID: ObjectID?, beyond: Duration = .zero, accountsMax: Int = figuresMax, now: Int64? = nil,
        in executor: any PostgresExecutor
    ) async throws(StoreError) -> WriteOff {
        let row = try await executor.first(
            "SELECT * FROM ledger_write_off_all($1, $2, $3, $4)",
            [
                .optional(now) { .int64($0) }, .optional(allowanceID) { .uuid($0) },
                .int64(beyond.wholeMilliseconds), .integer(accountsMax),
            ])
        guard let row else { throw .mismatch("no answer to a write-off") }
        return WriteOff(accounts: try row.int("accounts"), amount: try row.int64("amount"))
    }

    // MARK: Keeping it small

    /// An account, in the order in which they are swept.
    struct SweepPlace: Sendable {
        fileprivate var allowanceID: ObjectID
        fileprivate var subject: Int64
    }

    struct Sweep: Sendable {
        /// Rows that went.
        var went: Int
        /// Where to go on; nil: that was all.
        var next: SweepPlace?
    }

    /// Records of holders are believed for 35 days, so what they might name is kept for a day more.
    static let keepMilliseconds: Int64 = 36 * 86_400_000

    /// Forgets what nobody needs any more of some accounts. One control plane at a time; the others are told that nothing is left.
    static func sweep(
        after place: SweepPlace? = nil, now: Int64? = nil, in executor: any PostgresExecutor
    ) async throws(StoreError) -> Sweep {
        let row = try await executor.first(
            "SELECT * FROM ledger_sweep($1, $2, $3, $4, 1000, 50)",
            [
                .optional(now) { .int64($0) }, .int64(keepMilliseconds), .optional(place) { .uuid($0.allowanceID) },
                .optional(place) { .int64($0.subject) },
            ])
        guard let row else { throw .mismatch("no answer to a sweep") }
        var sweep = Sweep(went: try row.int("went"))
        if let allowanceID = try row.optionalUUID("last_allowance_id") {
            sweep.next = SweepPlace(allowanceID: allowanceID, subject: try row.int64("last_subject"))
        }
        return sweep
    }
}

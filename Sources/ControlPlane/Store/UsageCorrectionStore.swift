import Shared

/// Rows of `usage_corrections`, and what they change in `usage_events`.
enum UsageCorrectionStore {
    /// A request that has its correction, and has not got it.
    struct Open {
        var requestID: ObjectID
        /// Of its event, since 1970; nil: it has not come.
        var day: Int64?
        var isOther: Bool
        var bookedUnixMilliseconds: Int64
        var record: CorrectionRecord
    }

    // MARK: Meeting

    /// Leaves what is new of some requests, given in the order of their IDs, and finds what was left before. Their rows are locked until the
    /// end of the transaction.
    ///
    /// - Returns: those that are to be corrected, or wait for it. What was corrected before is not among them.
    static func meet(
        _ requests: [UsageCorrections.Request], in transaction: PostgresTransaction
    ) async throws(StoreError) -> [Open] {
        let usages = requests.map { $0.correction?.usage ?? .zero }
        let rows = try await transaction.query(
            meetText,
            [
                .uuidArray(requests.map(\.id)), .boolArray(requests.map { $0.entry != nil }),
                .boolArray(requests.map { $0.correction != nil }),
                .timestampArray(unixMilliseconds: requests.map { ($0.entry?.day ?? 0) * 86_400_000 }),
                .boolArray(requests.map { $0.entry.map { $0.endUser == nil } ?? false }),
                .int64Array(requests.map { UsageEntry.bounded($0.correction?.cost.nanodollars ?? 0) }),
                .int64Array(usages.map { Int64($0.serviceTier.rawValue) }),
            ] + counters.map { counter in .int64Array(usages.map { Int64($0[keyPath: counter.path]) }) })
        return try rows.map { (row) throws(StoreError) in try open(row) }
    }

    private static func open(_ row: PostgresRow) throws(StoreError) -> Open {
        Open(
            requestID: try row.uuid("request_id"), day: try row.optionalInt64("day_number"),
            isOther: try row.optionalBool("is_other") ?? false,
            bookedUnixMilliseconds: try row.optionalInt64("booked_ms") ?? 0,
            record: CorrectionRecord(
                requestID: try row.uuid("request_id"), usage: try usage(row),
                cost: Money(nanodollars: try row.int64("cost_nanodollars"))))
    }

    /// Columns of both tables.
    private static var counters: [(column: String, path: WritableKeyPath<TokenUsage, UInt32>)] {
        [
            ("input_tokens", \.input), ("cached_input_tokens", \.cachedInput),
            ("cache_write_5m_tokens", \.cacheWrite5m),
            ("cache_write_1h_tokens", \.cacheWrite1h), ("audio_input_tokens", \.audioInput),
            ("image_input_tokens", \.imageInput), ("output_tokens", \.output), ("reasoning_tokens", \.reasoning),
            ("audio_output_tokens", \.audioOutput), ("image_output_tokens", \.imageOutput),
        ]
    }

    private static func usage(_ row: PostgresRow) throws(StoreError) -> TokenUsage {
        var usage = TokenUsage()
        for counter in counters { usage[keyPath: counter.path] = UInt32(clamping: try row.int64(counter.column)) }
        let tier = try row.int64("service_tier")
        guard let serviceTier = UInt8(exactly: tier).flatMap({ ServiceTier(rawValue: $0) }) else {
            throw .mismatch("service tier \(tier)")
        }
        usage.serviceTier = serviceTier
        return usage
    }

    /// The values of a correction, but for the parameters' types.
    private static let columns = ["cost_nanodollars", "service_tier"] + counters.map(\.column)

    /// A row that has its correction keeps it; one that was applied stays as it is, and is locked all the same.
    private static let meetText: String = {
        let types = ["uuid", "boolean", "boolean", "timestamptz", "boolean"] + columns.map { _ in "bigint" }
        let names = ["request_id", "has_event", "has_correction", "day", "is_other"] + columns
        let arrays = types.enumerated().map { "$\($0.offset + 1)::\($0.element)[]" }
        let values = columns.map { "CASE WHEN t.has_correction THEN t.\($0) END" }
        let updates = columns.map {
            "\($0) = CASE WHEN c.cost_nanodollars IS NULL THEN excluded.\($0) ELSE c.\($0) END"
        }
        return """
            WITH met AS (
                INSERT INTO usage_corrections AS c (request_id, day, is_other, booked_ms, \(columns.joined(separator: ", ")))
                SELECT t.request_id, CASE WHEN t.has_event THEN (t.day AT TIME ZONE 'UTC')::date END,
                    CASE WHEN t.has_event THEN t.is_other END, CASE WHEN t.has_event THEN ledger_now(NULL) END,
                    \(values.joined(separator: ", "))
                FROM unnest(\(arrays.joined(separator: ", "))) AS t (\(names.joined(separator: ", ")))
                ORDER BY t.request_id
                ON CONFLICT (request_id) DO UPDATE SET day = coalesce(c.day, excluded.day),
                    is_other = coalesce(c.is_other, excluded.is_other), booked_ms = coalesce(c.booked_ms, excluded.booked_ms),
                    \(updates.joined(separator: ", "))
                WHERE c.applied_at IS NULL
                RETURNING c.*
            )
            SELECT *, day - date '1970-01-01' AS day_number FROM met WHERE cost_nanodollars IS NOT NULL
            """
    }()

    // MARK: The events

    /// Reads the events of requests that are open. One beyond the retention is not there.
    static func corrections(
        _ open: [Open], in transaction: PostgresTransaction
    ) async throws(StoreError) -> [UsageCorrection] {
        let days = open.compactMap(\.day)
        guard let first = days.min(), let last = days.max() else { return [] }
        var byID: [ObjectID: Open] = [:]
        for request in open where request.day != nil { byID[request.requestID] = request }
        let rows = try await transaction.query(
            """
            SELECT e.*, e.day - date '1970-01-01' AS day_number, ARRAY(
                    SELECT coalesce(a.kind, '') FROM unnest(e.charge_allowances) WITH ORDINALITY AS c (id, place)
                    LEFT JOIN allowances a ON a.id = c.id ORDER BY c.place) AS charge_kinds
            FROM usage_events e WHERE e.request_id = ANY ($1) AND \(withinDays("e.day", "$2", "$3"))
            """,
            [.uuidArray(byID.keys.sorted())] + bounds(first, last))
        var corrections: [UsageCorrection] = []
        for row in rows {
            guard let request = byID[try row.uuid("request_id")], try row.int64("day_number") == request.day else {
                continue
            }
            corrections.append(UsageCorrection(try event(row, of: request), by: request.record))
        }
        return corrections
    }

    /// So that no partition is looked into but those of the days between.
    private static func withinDays(_ column: String, _ first: String, _ last: String) -> String {
        """
        \(column) >= (\(first)::timestamptz AT TIME ZONE 'UTC')::date \
        AND \(column) <= (\(last)::timestamptz AT TIME ZONE 'UTC')::date
        """
    }

    private static func bounds(_ first: Int64, _ last: Int64) -> [PostgresValue] {
        [.timestamp(unixMilliseconds: first * 86_400_000), .timestamp(unixMilliseconds: last * 86_400_000)]
    }

    private static func event(_ row: PostgresRow, of request: Open) throws(StoreError) -> UsageCorrection.Event {
        let kinds = try row.texts("charge_kinds")
        let lines = try UsageEventStore.charges(row)
        return UsageCorrection.Event(
            requestID: request.requestID, day: try row.int64("day_number"), key: try key(row),
            endUser: request.isOther ? nil : try row.text("end_user"), usage: try usage(row),
            usageReported: try row.bool("usage_reported"), cost: try row.int64("cost_nanodollars"),
            charges: zip(lines, kinds).map { .init(line: $0, kind: AllowanceKind(label: $1)) },
            bookedUnixMilliseconds: request.bookedUnixMilliseconds)
    }

    private static func key(_ row: PostgresRow) throws(StoreError) -> UsageRollupKey {
        guard let endpoint = UInt8(exactly: try row.int64("endpoint")).flatMap({ Endpoint(rawValue: $0) }),
            let outcome = UInt8(exactly: try row.int64("outcome")).flatMap({ RequestOutcome(rawValue: $0) }),
            let virtualKeyID = VirtualKeyID(try row.text("virtual_key_id"))
        else { throw .mismatch("a usage event that no control plane wrote") }
        return UsageRollupKey(
            hourUnixMilliseconds: UsageEntry.hour(of: try row.unixMilliseconds("started_at")),
            organizationID: try row.uuid("organization_id"), teamID: try row.uuid("team_id"),
            virtualKeyID: virtualKeyID, routeID: try row.uuid("route_id"), providerID: try row.uuid("provider_id"),
            modelID: try row.uuid("model_id"), endpoint: endpoint, outcome: outcome,
            tagSet: Int32(clamping: try row.int64("tag_set")))
    }

    /// Writes what events are corrected to, and that they are.
    static func apply(
        _ corrections: [UsageCorrection], in transaction: PostgresTransaction
    ) async throws(StoreError) {
        let days = corrections.map(\.event.day)
        guard let first = days.min(), let last = days.max() else { return }
        let usages = corrections.map(\.usage)
        try await transaction.execute(
            applyText,
            [
                .uuidArray(corrections.map(\.event.requestID)),
                .timestampArray(unixMilliseconds: days.map { $0 * 86_400_000 }),
            ] + bounds(first, last) + [
                .textArray(corrections.map { Self.numbers($0.charges) }), .int64Array(corrections.map(\.cost)),
                .int64Array(usages.map { Int64($0.serviceTier.rawValue) }),
            ] + counters.map { counter in .int64Array(usages.map { Int64($0[keyPath: counter.path]) }) })
    }

    /// An array of the database, in its words; empty where there are none.
    private static func numbers(_ charges: [ChargeLine]) -> String {
        if charges.isEmpty { return "" }
        return "{" + charges.flatMap(UsageStore.numbers).map(String.init).joined(separator: ",") + "}"
    }

    private static let applyText: String = {
        let types = ["uuid", "timestamptz"] + ["text"] + columns.map { _ in "bigint" }
        let names = ["request_id", "day", "charge_values"] + columns
        // The days of the partitions are the third and the fourth.
        let arrays = zip([1, 2] + (5..<5 + columns.count + 1), types).map { "$\($0)::\($1)[]" }
        return """
            WITH corrected AS (
                UPDATE usage_events e SET \(columns.map { "\($0) = t.\($0)" }.joined(separator: ", ")),
                    charge_values = CASE WHEN t.charge_values = '' THEN e.charge_values ELSE t.charge_values::bigint[] END,
                    usage_reported = true, corrected_at = now()
                FROM unnest(\(arrays.joined(separator: ", "))) AS t (\(names.joined(separator: ", ")))
                WHERE e.request_id = t.request_id AND e.day = (t.day AT TIME ZONE 'UTC')::date
                    AND \(withinDays("e.day", "$3", "$4"))
                RETURNING e.request_id
            )
            UPDATE usage_corrections c SET applied_at = now() FROM corrected n WHERE c.request_id = n.request_id
            """
    }()

    // MARK: Retention

    /// Forgets what belongs to events of days that are over, and corrections whose event has not come for so long. Rows that somebody is at
    /// stay for the next time, and so do those beyond the first hundred thousand.
    static func forget(before day: Int64?, waitingSince unixMilliseconds: Int64, _ pool: PostgresPool) async throws {
        try await pool.execute(
            """
            DELETE FROM usage_corrections WHERE request_id IN (
                SELECT request_id FROM usage_corrections
                WHERE day < ($1::timestamptz AT TIME ZONE 'UTC')::date OR (day IS NULL AND received_at < $2)
                LIMIT 100000 FOR UPDATE SKIP LOCKED)
            """,
            [
                .optional(day) { .timestamp(unixMilliseconds: $0 * 86_400_000) },
                .timestamp(unixMilliseconds: unixMilliseconds),
            ])
    }
}

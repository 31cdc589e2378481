import Shared

/// What an account had settled when it crossed a threshold of its allowance.
struct AllowanceAlert {
    var id: ObjectID
    var at: Int64
    var allowanceID: ObjectID
    var allowanceName: String
    /// 0: everybody together.
    var subject: UInt64
    var endUser: String?
    /// nil where the period has no calendar.
    var periodStart: Int64?
    var thresholdPercent: Int
    var settled: Int64
    var limit: Int64
}

/// Rows of `allowance_alerts`.
enum AlertStore {
    /// For taking turns among control planes; an arbitrary number: "alrt" in ASCII.
    private static let advisoryLock: Int64 = 0x616c_7274
    /// So that the first round over a big fleet is no flood; the next one goes on.
    static let raisedMax = 1_000

    private static let columns = """
        l.id, l.at, l.allowance_id, a.name, l.subject, l.end_user, l.window_start, a.period, l.threshold_percent, l.settled,
            l.limit_amount
        """

    /// Raises what has crossed a threshold and was not raised before, in the current window of each account.
    ///
    /// - Shape: one at a time over all control planes: who finds another at it has nothing to do. A rolling period raises a threshold
    ///   again when a whole period has passed since.
    static func raise(in transaction: PostgresTransaction, now: Int64) async throws(StoreError) -> [AllowanceAlert] {
        let turn = try await transaction.first(
            "SELECT pg_try_advisory_xact_lock($1) AS is_mine", [.int64(advisoryLock)])
        guard try turn?.bool("is_mine") == true else { return [] }
        let crossed = try await transaction.query(
            """
            SELECT a.id AS allowance_id, c.subject, c.end_user, t.percent AS threshold_percent, w.settled, a.limit_amount,
                CASE WHEN a.period = 'sliding' THEN $1::bigint / 1000 ELSE w.window_start END AS window_start
            FROM allowances a
                JOIN ledger_accounts c ON c.allowance_id = a.id
                JOIN ledger_windows w ON w.allowance_id = c.allowance_id AND w.subject = c.subject
                    AND w.window_start = c.window_start
                CROSS JOIN LATERAL unnest(a.alert_thresholds) AS t (percent)
            WHERE a.kind = 'money' AND w.settled > 0
                AND w.settled::numeric * 100 >= a.limit_amount::numeric * t.percent
                AND NOT EXISTS (
                    SELECT FROM allowance_alerts l
                    WHERE l.allowance_id = a.id AND l.subject = c.subject AND l.threshold_percent = t.percent
                        AND l.limit_amount = a.limit_amount
                        AND CASE WHEN a.period = 'sliding' THEN l.window_start > $1::bigint / 1000 - a.sliding_seconds
                            ELSE l.window_start = w.window_start END)
            ORDER BY a.id, c.subject, t.percent LIMIT $2
            """, [.int64(now), .integer(raisedMax)])
        if crossed.isEmpty { return [] }
        let ids = crossed.map { _ in ObjectID.random(unixMilliseconds: now) }.sorted()
        func column(_ name: String) throws(StoreError) -> PostgresValue {
            .int64Array(try crossed.map { (row) throws(StoreError) in try row.int64(name) })
        }
        let rows = try await transaction.query(
            """
            WITH raised AS (
                INSERT INTO allowance_alerts (id, allowance_id, subject, window_start, threshold_percent, settled,
                    limit_amount, end_user, at)
                SELECT n.id, n.allowance_id, n.subject, n.window_start, n.percent, n.settled, n.limit_amount, c.end_user, $8
                FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::integer[], $6::bigint[], $7::bigint[])
                        AS n (id, allowance_id, subject, window_start, percent, settled, limit_amount)
                    JOIN ledger_accounts c ON c.allowance_id = n.allowance_id AND c.subject = n.subject
                ON CONFLICT DO NOTHING RETURNING *)
            SELECT \(columns) FROM raised l JOIN allowances a ON a.id = l.allowance_id ORDER BY l.id
            """,
            [
                .uuidArray(ids),
                .uuidArray(try crossed.map { (row) throws(StoreError) in try row.uuid("allowance_id") }),
                try column("subject"), try column("window_start"), try column("threshold_percent"),
                try column("settled"), try column("limit_amount"), .timestamp(unixMilliseconds: now),
            ])
        return try rows.map { (row) throws(StoreError) in try alert(row) }
    }

    /// Newest first.
    static func page(_ request: ListRequest, in work: Work) async throws -> [AllowanceAlert] {
        func time(_ name: String) -> PostgresValue {
            .optional(request.filters[name].flatMap { RFC3339.parse($0) }) { .timestamp(unixMilliseconds: $0) }
        }
        return try await work.database.query(
            """
            SELECT \(columns) FROM allowance_alerts l JOIN allowances a ON a.id = l.allowance_id
            WHERE ($1::uuid IS NULL OR l.id < $1) AND ($2::uuid IS NULL OR l.allowance_id = $2)
                AND ($3::timestamptz IS NULL OR l.at >= $3) AND ($4::timestamptz IS NULL OR l.at < $4)
            ORDER BY l.id DESC LIMIT $5
            """,
            [
                .optional(request.after) { .uuid($0) },
                .optional(request.filters["allowance_id"].flatMap { ObjectID($0) }) { .uuid($0) }, time("from"),
                time("to"), .integer(request.fetchCount),
            ]
        ).map(alert)
    }

    /// Returns how many went.
    static func prune(before: Int64, _ executor: any PostgresExecutor) async throws(StoreError) -> Int {
        try await executor.execute(
            "DELETE FROM allowance_alerts WHERE at < $1", [.timestamp(unixMilliseconds: before)])
    }

    private static func alert(_ row: PostgresRow) throws(StoreError) -> AllowanceAlert {
        let start = try row.int64("window_start")
        let unit = AllowancePeriod.Unit(label: try row.text("period"))
        return AllowanceAlert(
            id: try row.uuid("id"), at: try row.unixMilliseconds("at"), allowanceID: try row.uuid("allowance_id"),
            allowanceName: try row.text("name"), subject: UInt64(bitPattern: try row.int64("subject")),
            endUser: try row.optionalText("end_user"),
            periodStart: unit == .sliding || start == 0 ? nil : start * 1_000,
            thresholdPercent: try row.int("threshold_percent"), settled: try row.int64("settled"),
            limit: try row.int64("limit_amount"))
    }
}

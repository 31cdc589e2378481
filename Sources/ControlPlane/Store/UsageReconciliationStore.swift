import Shared

/// Reads what is compared: see `UsageReconciliation`.
enum UsageReconciliationStore {
    static func days(_ days: Range<Int64>, in work: Work) async throws -> [UsageReconciliation.Day] {
        func sums(_ name: String, _ table: String) -> String {
            """
            \(name) AS (
                SELECT (hour AT TIME ZONE 'UTC')::date AS day, sum(requests) AS requests, sum(cost_nanodollars) AS cost,
                    sum(input_tokens) AS input, sum(output_tokens) AS output
                FROM \(table) WHERE hour >= $1 AND hour < $2 GROUP BY 1)
            """
        }
        func columns(_ name: String) -> String {
            ["requests", "cost", "input", "output"].map { column in
                "least(coalesce(\(name).\(column), 0), \(Int64.max))::bigint AS \(name)_\(column)"
            }.joined(separator: ", ")
        }
        let rows = try await work.database.query(
            """
            WITH \(sums("narrow", "usage_rollups_hourly")), \(sums("wide", "usage_rollups_hourly_end_user")),
            events AS (
                SELECT day, count(*) AS requests, sum(cost_nanodollars) AS cost, sum(input_tokens) AS input,
                    sum(output_tokens) AS output
                FROM usage_events
                WHERE day >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND day < ($2::timestamptz AT TIME ZONE 'UTC')::date
                GROUP BY 1),
            kept AS (
                SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'usage_events'::regclass AND c.relname ~ '^usage_events_[0-9]{8}$')
            SELECT day, day - date '1970-01-01' AS number, kept.day IS NOT NULL OR events.day IS NOT NULL AS is_kept,
                \(columns("events")), \(columns("narrow")), \(columns("wide"))
            FROM narrow FULL JOIN wide USING (day) FULL JOIN events USING (day) LEFT JOIN kept USING (day) ORDER BY day
            """, parameters(days))
        return try rows.map { (row) throws(StoreError) in
            let events = try figures("events", row)
            return UsageReconciliation.Day(
                day: try row.int64("number"), events: try row.bool("is_kept") ? events : nil,
                sums: try figures("narrow", row), endUserSums: try figures("wide", row))
        }
    }

    private static func figures(_ name: String, _ row: PostgresRow) throws(StoreError) -> UsageReconciliation.Figures {
        .init(
            requests: try row.int64("\(name)_requests"), cost: try row.int64("\(name)_cost"),
            inputTokens: try row.int64("\(name)_input"), outputTokens: try row.int64("\(name)_output"))
    }

    /// Every allowance that was charged in these days.
    static func allowances(_ days: Range<Int64>, in work: Work) async throws -> [UsageReconciliation.Allowance] {
        let ledger = try await work.database.first("SELECT to_regclass('ledger_windows') IS NOT NULL AS is_there")
        let hasLedger = try ledger?.bool("is_there") == true
        let rows = try await work.database.query(
            """
            WITH events AS (
                SELECT c.allowance_id, sum(e.charge_values[c.place * 4 - 1]::numeric + e.charge_values[c.place * 4]) AS amount
                FROM usage_events e, unnest(e.charge_allowances) WITH ORDINALITY AS c (allowance_id, place)
                WHERE e.day >= ($1::timestamptz AT TIME ZONE 'UTC')::date
                    AND e.day < ($2::timestamptz AT TIME ZONE 'UTC')::date AND e.charge_allowances IS NOT NULL
                GROUP BY 1),
            kept AS (
                SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'usage_events'::regclass AND c.relname ~ '^usage_events_[0-9]{8}$'),
            sums AS (
                SELECT allowance_id, sum(amount::numeric + debt) FILTER (WHERE day IN (SELECT day FROM kept)) AS amount
                FROM usage_charges_daily
                WHERE day >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND day < ($2::timestamptz AT TIME ZONE 'UTC')::date
                GROUP BY 1),
            touched AS (SELECT allowance_id FROM events UNION SELECT allowance_id FROM sums),
            total AS (
                SELECT allowance_id, sum(amount::numeric + debt) AS amount FROM usage_charges_daily
                WHERE allowance_id IN (SELECT allowance_id FROM touched) GROUP BY 1)
            SELECT t.allowance_id, a.name, a.kind, \(bounded("events.amount")) AS events, \(bounded("sums.amount")) AS sums,
                \(bounded("total.amount")) AS total, \(hasLedger ? "l.charged" : "NULL::bigint AS charged")
            FROM touched t LEFT JOIN events USING (allowance_id) LEFT JOIN sums USING (allowance_id)
                LEFT JOIN total USING (allowance_id) LEFT JOIN allowances a ON a.id = t.allowance_id
                \(hasLedger ? ledgerJoin : "")
            ORDER BY a.name, t.allowance_id LIMIT 10000
            """, parameters(days))
        return try rows.map { (row) throws(StoreError) in
            UsageReconciliation.Allowance(
                id: try row.uuid("allowance_id"), name: try row.optionalText("name"),
                kind: try row.optionalText("kind").flatMap { AllowanceKind(label: $0) },
                events: try row.int64("events"),
                sums: try row.int64("sums"), sumsOfAllDays: try row.int64("total"),
                ledger: try row.optionalInt64("charged"))
        }
    }

    /// All that records ever charged, in all windows of all accounts, forgotten ones included. What was written off is not in it.
    private static let ledgerJoin = """
        LEFT JOIN LATERAL (
            SELECT \(bounded("sum(charged)")) AS charged FROM (
                SELECT charged FROM ledger_windows w WHERE w.allowance_id = t.allowance_id
                UNION ALL SELECT charged FROM ledger_forgotten f WHERE f.allowance_id = t.allowance_id
            ) every
            HAVING count(*) > 0
        ) l ON true
        """

    private static func bounded(_ sum: String) -> String { "least(coalesce(\(sum), 0), \(Int64.max))::bigint" }

    private static func parameters(_ days: Range<Int64>) -> [PostgresValue] {
        [
            .timestamp(unixMilliseconds: days.lowerBound * 86_400_000),
            .timestamp(unixMilliseconds: days.upperBound * 86_400_000),
        ]
    }
}

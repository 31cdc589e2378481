import Shared

/// The partitions of `usage_events`, one for each UTC day.
enum UsagePartitionStore {
    struct Partition: Equatable {
        /// Since 1970.
        var day: Int64
        var bytes: Int64
        /// As the server estimates them.
        var rows: Int64
    }

    /// Oldest first.
    static func list(_ executor: any PostgresExecutor) async throws(StoreError) -> [Partition] {
        let rows = try await executor.query(
            """
            SELECT to_date(right(c.relname, 8), 'YYYYMMDD') - date '1970-01-01' AS day,
                pg_total_relation_size(c.oid) AS bytes, greatest(c.reltuples, 0)::bigint AS rows
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'usage_events'::regclass AND c.relname ~ '^usage_events_[0-9]{8}$' ORDER BY 1
            """)
        return try rows.map { (row) throws(StoreError) in
            Partition(day: try row.int64("day"), bytes: try row.int64("bytes"), rows: try row.int64("rows"))
        }
    }

    /// Makes the partition of a day, if it is not there.
    ///
    /// - Shape: a table of its own that is then attached. `CREATE TABLE ... PARTITION OF` would lock the whole of `usage_events`
    ///   and wait for everybody who reads it; this waits for nobody. Two control planes may do it at once, so they take turns.
    static func create(day: Int64, _ pool: PostgresPool) async throws {
        let name = name(day)
        let exists = """
            SELECT EXISTS (SELECT FROM pg_inherits
                WHERE inhparent = 'usage_events'::regclass AND inhrelid = to_regclass($1)) AS is_there
            """
        if try await pool.first(exists, [.text(name)])?.bool("is_there") == true { return }
        try await pool.transaction { transaction in
            try await transaction.script("SELECT pg_advisory_xact_lock(\(lock))")
            if try await transaction.first(exists, [.text(name)])?.bool("is_there") == true { return }
            try await transaction.script(
                """
                CREATE TABLE IF NOT EXISTS \(name) (LIKE usage_events INCLUDING ALL);
                ALTER TABLE usage_events ATTACH PARTITION \(name) FOR VALUES FROM ('\(date(day))') TO ('\(date(day + 1))')
                """)
        }
    }

    /// Drops the partition of a day. False: another control plane is at work on partitions; it will be done by it.
    ///
    /// - Shape: it needs `usage_events` for itself for a moment. Where a long report holds it, ingestion must not stand in line behind
    ///   this: it gives up after a second.
    /// - Errors: `StoreError.timeout` then.
    static func drop(day: Int64, _ pool: PostgresPool) async throws -> Bool {
        try await pool.transaction { transaction in
            let turn = try await transaction.first("SELECT pg_try_advisory_xact_lock(\(lock)) AS is_ours")
            guard try turn?.bool("is_ours") == true else { return false }
            try await transaction.script("SET LOCAL lock_timeout = 1000; DROP TABLE IF EXISTS \(name(day))")
            return true
        }
    }

    /// "wuse": another number than any other advisory lock of the program.
    private static let lock: Int64 = 0x7775_7365

    private static func name(_ day: Int64) -> String { "usage_events_" + date(day).filter { $0 != "-" } }

    static func date(_ day: Int64) -> String { String(RFC3339.text(unixMilliseconds: day * 86_400_000).prefix(10)) }
}

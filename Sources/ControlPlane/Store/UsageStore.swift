import Shared

/// Usage events as arrays, one for each column: what `unnest` takes in one round trip.
struct UsageColumns {
    private(set) var count = 0
    private var requestIDs: [ObjectID] = []
    private var started: [Int64] = []
    private var organizations: [ObjectID] = []
    private var teams: [ObjectID] = []
    private var keys: [String] = []
    private var routes: [ObjectID] = []
    private var providers: [ObjectID] = []
    private var models: [ObjectID] = []
    private var prices: [ObjectID] = []
    private var endUsers: [String] = []
    private var streams: [Bool] = []
    private var reported: [Bool] = []
    private var numbers: [[Int64]] = Array(repeating: [], count: Self.numberNames.count)

    /// The integer columns, in the order of `append`.
    static let numberNames = [
        "endpoint", "outcome", "status", "attempts", "input_tokens", "cached_input_tokens", "cache_write_5m_tokens",
        "cache_write_1h_tokens", "audio_input_tokens", "output_tokens", "reasoning_tokens", "audio_output_tokens",
        "cost_nanodollars", "reserved_nanodollars", "duration_microseconds", "first_token_microseconds",
        "overhead_microseconds", "relayed_bytes",
    ]

    mutating func append(_ settle: SettleRecord, startedUnixMilliseconds: Int64) {
        let intent = settle.intent
        let usage = settle.usage
        count += 1
        requestIDs.append(intent.requestID)
        started.append(startedUnixMilliseconds)
        organizations.append(intent.organizationID)
        teams.append(intent.teamID)
        keys.append(intent.virtualKeyID.description.forPostgres)
        routes.append(intent.routeID)
        providers.append(intent.providerID)
        models.append(intent.modelID)
        prices.append(intent.priceID)
        endUsers.append(intent.endUser.forPostgres)
        streams.append(intent.isStream)
        reported.append(settle.usageReported)
        let row: [Int64] = [
            Int64(intent.endpoint.rawValue), Int64(settle.outcome.rawValue), Int64(settle.status),
            Int64(settle.attempts),
            Int64(usage.input), Int64(usage.cachedInput), Int64(usage.cacheWrite5m), Int64(usage.cacheWrite1h),
            Int64(usage.audioInput), Int64(usage.output), Int64(usage.reasoning), Int64(usage.audioOutput),
            settle.cost.nanodollars, intent.reserved.nanodollars, Int64(settle.durationMicroseconds),
            Int64(settle.firstTokenMicroseconds), Int64(settle.overheadMicroseconds),
            Int64(clamping: settle.relayedBytes),
        ]
        for (index, value) in row.enumerated() { numbers[index].append(value) }
    }

    fileprivate static let names =
        [
            "request_id", "started_at", "organization_id", "team_id", "virtual_key_id", "route_id", "provider_id",
            "model_id",
            "price_id", "end_user", "is_stream", "usage_reported",
        ] + numberNames

    fileprivate static let types =
        ["uuid", "timestamptz", "uuid", "uuid", "text", "uuid", "uuid", "uuid", "uuid", "text", "boolean", "boolean"]
        + Array(repeating: "bigint", count: numberNames.count)

    fileprivate var parameters: [PostgresValue] {
        [
            .uuidArray(requestIDs), .timestampArray(unixMilliseconds: started), .uuidArray(organizations),
            .uuidArray(teams), .textArray(keys), .uuidArray(routes), .uuidArray(providers), .uuidArray(models),
            .uuidArray(prices), .textArray(endUsers), .boolArray(streams), .boolArray(reported),
        ] + numbers.map { .int64Array($0) }
    }
}

/// Rows of `usage_streams`, `usage_events` and `usage_rollups_hourly`, as they are written.
enum UsageStore {
    /// Locks the stream's row until the end of the transaction; answers what it has acknowledged.
    static func lockStream(_ stream: StreamID, in transaction: PostgresTransaction) async throws(StoreError) -> UInt64 {
        let key: [PostgresValue] = [.uuid(stream.nodeID), .uuid(stream.incarnation), .integer(stream.thread)]
        try await transaction.execute(
            "INSERT INTO usage_streams (node_id, incarnation, thread) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", key)
        let row = try await transaction.first(
            """
            SELECT acknowledged_sequence FROM usage_streams
            WHERE node_id = $1 AND incarnation = $2 AND thread = $3 FOR UPDATE
            """, key)
        return UInt64(try row?.int64("acknowledged_sequence") ?? 0)
    }

    static func acknowledge(
        _ stream: StreamID, upTo sequence: UInt64, isEnd: Bool, in transaction: PostgresTransaction
    ) async throws(StoreError) {
        try await transaction.execute(
            """
            UPDATE usage_streams SET acknowledged_sequence = $4, ended = ended OR $5, updated_at = now()
            WHERE node_id = $1 AND incarnation = $2 AND thread = $3
            """,
            [
                .uuid(stream.nodeID), .uuid(stream.incarnation), .integer(stream.thread), .integer(sequence),
                .bool(isEnd),
            ])
    }

    /// Ends all streams of an incarnation that is closed. Its own control stream cannot say so again where a machine went down
    /// and took the end of it.
    static func endStreams(
        of incarnation: ObjectID, node: ObjectID, except current: StreamID, in transaction: PostgresTransaction
    ) async throws(StoreError) {
        try await transaction.execute(
            """
            UPDATE usage_streams SET ended = true
            WHERE node_id = $1 AND incarnation = $2 AND NOT ended AND NOT (incarnation = $3 AND thread = $4)
            """,
            [.uuid(node), .uuid(incarnation), .uuid(current.incarnation), .integer(current.thread)])
    }

    /// Inserts the events that are new and adds exactly those to the hourly sums. Returns how many were new.
    static func insert(
        _ columns: UsageColumns, node: ObjectID, in transaction: PostgresTransaction
    ) async throws(StoreError) -> Int {
        let row = try await transaction.first(insertText, columns.parameters + [.uuid(node)])
        return try row?.int("inserted") ?? 0
    }

    private static let keyColumns = [
        "organization_id", "team_id", "virtual_key_id", "route_id", "provider_id", "model_id", "endpoint", "outcome",
    ]
    private static let sumColumns = [
        "input_tokens", "cached_input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "audio_input_tokens",
        "output_tokens", "reasoning_tokens", "audio_output_tokens", "cost_nanodollars", "duration_microseconds",
        "overhead_microseconds",
    ]

    /// One statement for all. The sums are taken over what the insert returned, so an event that was there already is not added
    /// again; their rows are locked in the order of their key, so that two batches cannot block each other.
    private static let insertText: String = {
        let names = UsageColumns.names.joined(separator: ", ")
        let arrays = UsageColumns.types.enumerated().map { "$\($0.offset + 1)::\($0.element)[]" }.joined(
            separator: ", ")
        let node = "$\(UsageColumns.types.count + 1)::uuid"
        let key = (["hour"] + keyColumns).joined(separator: ", ")
        let returned = (["started_at"] + keyColumns + ["usage_reported"] + sumColumns).joined(separator: ", ")
        let sums = sumColumns.map { "sum(\($0))::bigint" }.joined(separator: ", ")
        let updates = (["requests", "estimated_requests"] + sumColumns)
            .map { "\($0) = r.\($0) + excluded.\($0)" }.joined(separator: ", ")
        return """
            WITH inserted AS (
                INSERT INTO usage_events (\(names), day, node_id)
                SELECT \(names), (started_at AT TIME ZONE 'UTC')::date, \(node)
                FROM unnest(\(arrays)) AS t (\(names))
                ON CONFLICT DO NOTHING
                RETURNING \(returned)
            ), summed AS (
                INSERT INTO usage_rollups_hourly AS r (\(key), requests, estimated_requests, \(sumColumns.joined(separator: ", ")))
                SELECT date_trunc('hour', started_at, 'UTC') AS hour, \(keyColumns.joined(separator: ", ")), count(*),
                    count(*) FILTER (WHERE NOT usage_reported), \(sums)
                FROM inserted GROUP BY \(key) ORDER BY \(key)
                ON CONFLICT (\(key)) DO UPDATE SET \(updates)
            )
            SELECT count(*) AS inserted FROM inserted
            """
    }()

    /// The partition of one UTC day. Two control planes may make it at once, so they take turns.
    static func createPartition(day: Int64, _ pool: PostgresPool) async throws {
        let from = date(day)
        let name = "usage_events_" + from.filter { $0 != "-" }
        let exists = try await pool.first("SELECT to_regclass($1) IS NOT NULL AS is_there", [.text(name)])
        if try exists?.bool("is_there") == true { return }
        try await pool.transaction { transaction in
            try await transaction.script("SELECT pg_advisory_xact_lock(\(partitionLock))")
            try await transaction.script(
                """
                CREATE TABLE IF NOT EXISTS \(name) PARTITION OF usage_events
                FOR VALUES FROM ('\(from)') TO ('\(date(day + 1))')
                """)
        }
    }

    /// Drops the partitions of days before `day`. The hourly sums stay.
    static func dropPartitions(before day: Int64, _ pool: PostgresPool) async throws -> [String] {
        let limit = "usage_events_" + date(day).filter { $0 != "-" }
        let rows = try await pool.query(
            """
            SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'usage_events'::regclass AND c.relname < $1 ORDER BY 1
            """, [.text(limit)])
        let names = try rows.map { try $0.text("name") }
        for name in names { try await pool.execute("DROP TABLE IF EXISTS \(name)") }
        return names
    }

    /// "wuse": another number than any other advisory lock of the program.
    private static let partitionLock: Int64 = 0x7775_7365

    private static func date(_ day: Int64) -> String {
        String(RFC3339.text(unixMilliseconds: day * 86_400_000).prefix(10))
    }
}

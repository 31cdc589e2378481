import Shared

/// Rows of `usage_streams`, `usage_events` and the sums, as they are written.
enum UsageStore {
    // MARK: Streams

    /// Locks the rows of streams, each of them another one, until the end of the transaction; answers what each has acknowledged.
    static func lockStreams(
        _ streams: [StreamID], in transaction: PostgresTransaction
    ) async throws(StoreError) -> [UInt64] {
        var known = try await locked(streams, in: transaction)
        if known.count < streams.count {
            try await transaction.execute(
                """
                INSERT INTO usage_streams (node_id, incarnation, thread)
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS t (node_id, incarnation, thread)
                ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
                """, keys(streams))
            known = try await locked(streams, in: transaction)
        }
        return streams.map { known[$0] ?? 0 }
    }

    private static func locked(
        _ streams: [StreamID], in transaction: PostgresTransaction
    ) async throws(StoreError) -> [StreamID: UInt64] {
        let rows = try await transaction.query(
            """
            SELECT node_id, incarnation, thread, acknowledged_sequence FROM usage_streams
            WHERE (node_id, incarnation, thread) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[]))
            ORDER BY node_id, incarnation, thread FOR UPDATE
            """, keys(streams))
        var known: [StreamID: UInt64] = [:]
        for row in rows {
            let stream = StreamID(
                nodeID: try row.uuid("node_id"), incarnation: try row.uuid("incarnation"),
                thread: UInt32(try row.int64("thread")))
            known[stream] = UInt64(try row.int64("acknowledged_sequence"))
        }
        return known
    }

    private static func keys(_ streams: [StreamID]) -> [PostgresValue] {
        [
            .uuidArray(streams.map(\.nodeID)), .uuidArray(streams.map(\.incarnation)),
            .int64Array(streams.map { Int64($0.thread) }),
        ]
    }

    /// Writes up to which sequence streams of `lockStreams` are durable with this transaction, and whether that is their end.
    static func acknowledge(
        _ news: [(stream: StreamID, sequence: UInt64, isEnd: Bool)], in transaction: PostgresTransaction
    ) async throws(StoreError) {
        try await transaction.execute(
            """
            UPDATE usage_streams s
            SET acknowledged_sequence = t.sequence, ended = s.ended OR t.is_end, updated_at = now()
            FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::boolean[])
                AS t (node_id, incarnation, thread, sequence, is_end)
            WHERE s.node_id = t.node_id AND s.incarnation = t.incarnation AND s.thread = t.thread
            """,
            keys(news.map(\.stream)) + [
                .int64Array(news.map { Int64($0.sequence) }), .boolArray(news.map(\.isEnd)),
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

    // MARK: Events

    /// Inserts events of which none is there.
    ///
    /// - Errors: `StoreError.conflict` when one is; the transaction is lost then.
    static func insert(_ entries: [UsageEntry], in transaction: PostgresTransaction) async throws(StoreError) {
        _ = try await transaction.copy(copyText("usage_events"), rows(entries))
    }

    /// Inserts the events that are not there. Returns these.
    static func insertMissing(
        _ entries: [UsageEntry], in transaction: PostgresTransaction
    ) async throws(StoreError) -> Set<ObjectID> {
        try await transaction.script(
            "CREATE TEMPORARY TABLE usage_staging (LIKE usage_events INCLUDING DEFAULTS) ON COMMIT DROP")
        _ = try await transaction.copy(copyText("usage_staging"), rows(entries))
        let names = columns.joined(separator: ", ")
        let inserted = try await transaction.query(
            """
            INSERT INTO usage_events (\(names)) SELECT \(names) FROM usage_staging ON CONFLICT DO NOTHING
            RETURNING request_id
            """)
        var ids: Set<ObjectID> = []
        for row in inserted { ids.insert(try row.uuid("request_id")) }
        return ids
    }

    /// In the order of `append`.
    private static let columns = [
        "request_id", "day", "started_at", "organization_id", "team_id", "virtual_key_id", "route_id", "provider_id",
        "model_id", "price_id", "endpoint", "outcome", "is_stream", "end_user", "status", "attempts", "input_tokens",
        "cached_input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "audio_input_tokens", "output_tokens",
        "reasoning_tokens", "audio_output_tokens", "usage_reported", "cost_nanodollars", "reserved_nanodollars",
        "duration_microseconds", "first_token_microseconds", "overhead_microseconds", "relayed_bytes", "node_id",
        "tag_set", "charge_allowances", "charge_values", "service_tier", "image_input_tokens", "image_output_tokens",
        "shadow_of",
    ]

    private static func copyText(_ table: String) -> String {
        "COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN (FORMAT binary)"
    }

    private static func rows(_ entries: [UsageEntry]) -> PostgresCopyRows {
        var rows = PostgresCopyRows(reserving: entries.count * 640)
        for entry in entries { append(entry, to: &rows) }
        return rows
    }

    private static func append(_ entry: UsageEntry, to rows: inout PostgresCopyRows) {
        let settle = entry.settle
        let intent = settle.intent
        let usage = settle.usage
        rows.begin(columns: columns.count)
        rows.put(intent.requestID)
        rows.put(unixDay: entry.day)
        rows.put(unixMilliseconds: entry.startedUnixMilliseconds)
        rows.put(intent.organizationID)
        rows.put(intent.teamID)
        rows.put(intent.virtualKeyID)
        rows.put(intent.routeID)
        rows.put(intent.providerID)
        rows.put(intent.modelID)
        rows.put(intent.priceID)
        rows.put(Int16(intent.endpoint.rawValue))
        rows.put(Int16(settle.outcome.rawValue))
        rows.put(intent.isStream)
        rows.put(text: intent.endUser)
        rows.put(Int32(settle.status))
        rows.put(Int32(settle.attempts))
        rows.put(Int64(usage.input))
        rows.put(Int64(usage.cachedInput))
        rows.put(Int64(usage.cacheWrite5m))
        rows.put(Int64(usage.cacheWrite1h))
        rows.put(Int64(usage.audioInput))
        rows.put(Int64(usage.output))
        rows.put(Int64(usage.reasoning))
        rows.put(Int64(usage.audioOutput))
        rows.put(settle.usageReported)
        rows.put(entry.cost)
        rows.put(entry.reserved)
        rows.put(Int64(settle.durationMicroseconds))
        rows.put(Int64(settle.firstTokenMicroseconds))
        rows.put(Int64(settle.overheadMicroseconds))
        rows.put(Int64(clamping: settle.relayedBytes))
        rows.put(entry.nodeID)
        rows.put(entry.tagSet)
        let charges = entry.charges
        if charges.isEmpty {
            rows.putNull()
            rows.putNull()
        } else {
            rows.put(charges.map(\.account.allowanceID))
            rows.put(charges.flatMap(numbers))
        }
        rows.put(Int16(usage.serviceTier.rawValue))
        rows.put(Int64(usage.imageInput))
        rows.put(Int64(usage.imageOutput))
        if let shadowOf = intent.shadowOf { rows.put(shadowOf) } else { rows.putNull() }
    }

    /// A charge as four numbers of `charge_values`.
    static func numbers(_ charge: ChargeLine) -> [Int64] {
        [Int64(bitPattern: charge.account.subject), charge.window.startUnixSeconds, charge.amount, charge.debt]
    }

    // MARK: Sums

    /// Adds a batch's sums, some of which may be differences.
    ///
    /// - Shape: the rows are locked in the order of the arrays, the tables in this order, by everybody: two control
    /// planes can wait for each other but not block each other.
    static func add(_ rollup: UsageRollup, in transaction: PostgresTransaction) async throws(StoreError) {
        // The many rows that few batches share come before the few that all share.
        if !rollup.wide.isEmpty {
            try await transaction.execute(
                wideText,
                keyColumns(rollup.wide.map(\.key)) + [
                    .boolArray(rollup.wide.map(\.isOther)), .textArray(rollup.wide.map(\.endUser)),
                ] + counters(rollup.wide.map(\.sums)))
        }
        if !rollup.narrow.isEmpty {
            try await transaction.execute(
                narrowText,
                keyColumns(rollup.narrow.map(\.key)) + counters(rollup.narrow.map(\.sums))
                    + buckets(rollup.narrow.map(\.durations)) + buckets(rollup.narrow.map(\.firstTokens)))
        }
        if !rollup.charges.isEmpty {
            try await transaction.execute(
                chargesText,
                [
                    .timestampArray(unixMilliseconds: rollup.charges.map { $0.day * 86_400_000 }),
                    .uuidArray(rollup.charges.map(\.allowanceID)),
                    .int64Array(rollup.charges.map(\.window.startUnixSeconds)),
                    .int64Array(rollup.charges.map(\.count)), .int64Array(rollup.charges.map(\.amount)),
                    .int64Array(rollup.charges.map(\.debt)),
                ])
        }
    }

    private static func keyColumns(_ keys: [UsageRollupKey]) -> [PostgresValue] {
        [
            .timestampArray(unixMilliseconds: keys.map(\.hourUnixMilliseconds)),
            .uuidArray(keys.map(\.organizationID)), .uuidArray(keys.map(\.teamID)),
            .textArray(keys.map(\.virtualKeyID.description)), .uuidArray(keys.map(\.routeID)),
            .uuidArray(keys.map(\.providerID)), .uuidArray(keys.map(\.modelID)),
            .int64Array(keys.map { Int64($0.endpoint.rawValue) }), .int64Array(keys.map { Int64($0.outcome.rawValue) }),
            .int64Array(keys.map { Int64($0.tagSet) }),
        ]
    }

    private static func counters(_ sums: [UsageRollup.Sums]) -> [PostgresValue] {
        UsageCounter.allCases.map { counter in .int64Array(sums.map { $0[counter.rawValue] }) }
    }

    private static func buckets(_ buckets: [UsageRollup.Buckets]) -> [PostgresValue] {
        (0..<UsageHistogram.bucketCount).map { index in .int64Array(buckets.map { $0[index] }) }
    }

    private static let keys: [(name: String, type: String)] = [
        ("hour", "timestamptz"), ("organization_id", "uuid"), ("team_id", "uuid"), ("virtual_key_id", "text"),
        ("route_id", "uuid"), ("provider_id", "uuid"), ("model_id", "uuid"), ("endpoint", "bigint"),
        ("outcome", "bigint"), ("tag_set", "bigint"),
    ]

    private static let narrowText: String = {
        func bucketColumns(_ name: String) -> [(name: String, type: String)] {
            (0..<UsageHistogram.bucketCount).map { ("\(name)_\($0)", "bigint") }
        }
        func made(_ name: String) -> String { "ARRAY[\(bucketColumns(name).map(\.name).joined(separator: ", "))]" }
        func added(_ column: String) -> String {
            let elements = (1...UsageHistogram.bucketCount).map { "r.\(column)[\($0)] + excluded.\(column)[\($0)]" }
            return "\(column) = ARRAY[\(elements.joined(separator: ", "))]"
        }
        let arrays = ["duration_buckets", "first_token_buckets"]
        return upsert(
            into: "usage_rollups_hourly", keys: keys, plain: counterColumns,
            source: keys + counterColumns + bucketColumns("duration") + bucketColumns("first_token"),
            made: [("duration_buckets", made("duration")), ("first_token_buckets", made("first_token"))],
            updates: arrays.map(added))
    }()

    private static let wideText = upsert(
        into: "usage_rollups_hourly_end_user", keys: keys + [("is_other", "boolean"), ("end_user", "text")],
        plain: counterColumns, source: keys + [("is_other", "boolean"), ("end_user", "text")] + counterColumns)

    private static let chargesText: String = {
        let sums = ["charges", "amount", "debt"].map { ($0, "bigint") }
        return upsert(
            into: "usage_charges_daily",
            keys: [("day", "timestamptz"), ("allowance_id", "uuid"), ("window_start", "bigint")], plain: sums,
            source: [("day", "timestamptz"), ("allowance_id", "uuid"), ("window_start", "bigint")] + sums)
    }()

    private static let counterColumns = UsageCounter.allCases.map { (name: $0.column, type: "bigint") }

    private static func upsert(
        into table: String, keys: [(name: String, type: String)], plain: [(name: String, type: String)],
        source: [(name: String, type: String)], made: [(name: String, text: String)] = [], updates: [String] = []
    ) -> String {
        let stored = (keys + plain).map(\.name)
        let arrays = source.enumerated().map { "$\($0.offset + 1)::\($0.element.type)[]" }
        let sums = plain.map { column in
            "\(column.name) = \(saturatingSum("r.\(column.name)", "excluded.\(column.name)"))"
        }
        return """
            INSERT INTO \(table) AS r (\((stored + made.map(\.name)).joined(separator: ", ")))
            SELECT \((stored + made.map(\.text)).joined(separator: ", "))
            FROM unnest(\(arrays.joined(separator: ", "))) AS t (\(source.map(\.name).joined(separator: ", ")))
            ON CONFLICT (\(keys.map(\.name).joined(separator: ", "))) DO UPDATE SET
                \((sums + updates).joined(separator: ", "))
            """
    }

    /// What data planes say is foreign. A sum that does not fit stops at the end: an error would keep the batch, and every later one
    /// of its stream, out for ever. What a correction takes out leaves nothing at least: the row is that of its event, so it is there.
    private static func saturatingSum(_ a: String, _ b: String) -> String {
        "CASE WHEN \(a) > \(Int64.max) - greatest(\(b), 0) THEN \(Int64.max) ELSE greatest(\(a) + \(b), 0) END"
    }
}

import Shared

/// Reads what a plan goes by.
enum PlanStore {
    /// One plan at a time, over all control planes: until the end of the transaction, or false.
    static func tryLock(_ executor: any PostgresExecutor) async throws(StoreError) -> Bool {
        let row = try await executor.first(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('weir plan', 0)) AS locked")
        return try row?.bool("locked") ?? false
    }

    /// The rows of usage events that began in a span of time.
    private static let span = """
        started_at >= $1 AND started_at < $2 AND day >= ($1::timestamptz AT TIME ZONE 'UTC')::date
            AND day <= ($2::timestamptz AT TIME ZONE 'UTC')::date
        """

    private static func bounds(_ span: Range<Int64>) -> [PostgresValue] {
        [.timestamp(unixMilliseconds: span.lowerBound), .timestamp(unixMilliseconds: span.upperBound)]
    }

    /// Whose requests there are, served or refused, at most so many.
    static func keys(
        _ span: Range<Int64>, limit: Int, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [VirtualKeyID] {
        try await executor.query(
            """
            SELECT virtual_key_id FROM usage_events WHERE \(Self.span) AND shadow_of IS NULL
            UNION SELECT virtual_key_id FROM refused_requests WHERE began >= $1 AND began < $2 LIMIT $3
            """,
            bounds(span) + [.integer(limit)]
        ).map { (row) throws(StoreError) in try key(row) }
    }

    /// The next requests behind one, in the order of their time. Shadows are nobody's requests.
    static func requests(
        _ span: Range<Int64>, after last: ObjectID, limit: Int, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [RecordedRequest] {
        try await executor.query(
            """
            SELECT request_id, started_at, virtual_key_id, route_id, provider_id, model_id, endpoint, outcome,
                is_stream, end_user, status, input_tokens, cached_input_tokens, cache_write_5m_tokens,
                cache_write_1h_tokens, audio_input_tokens, image_input_tokens, output_tokens, reasoning_tokens,
                audio_output_tokens, image_output_tokens, service_tier, cost_nanodollars
            FROM usage_events WHERE \(Self.span) AND shadow_of IS NULL AND (started_at, request_id) > ($1, $3)
            ORDER BY started_at, request_id LIMIT $4
            """, bounds(span) + [.uuid(last), .integer(limit)]
        ).map(request)
    }

    /// The next refusals behind one, in the order of their time.
    static func refusals(
        _ span: Range<Int64>, after last: ObjectID, limit: Int, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [RecordedRefusal] {
        try await executor.query(
            """
            SELECT id, began, virtual_key_id, route, endpoint, is_stream, end_user, requests, input_tokens, output_tokens,
                worst_nanodollars, worst_tokens
            FROM refused_requests WHERE began >= $1 AND began < $2 AND (began, id) > ($1, $3)
            ORDER BY began, id LIMIT $4
            """, bounds(span) + [.uuid(last), .integer(limit)]
        ).map(refusal)
    }

    private static func refusal(_ row: PostgresRow) throws(StoreError) -> RecordedRefusal {
        let requests = max(1, try row.int64("requests"))
        func mean(_ column: String) throws(StoreError) -> Int64 { try row.int64(column) / requests }
        guard let endpoint = UInt8(exactly: try row.int64("endpoint")).flatMap({ Endpoint(rawValue: $0) }) else {
            throw .mismatch("a refused request has an unknown endpoint")
        }
        return RecordedRefusal(
            request: RecordedRequest(
                requestID: try row.uuid("id"), startedUnixMilliseconds: try row.unixMilliseconds("began"),
                virtualKeyID: try key(row), routeID: .zero, providerID: .zero, modelID: .zero, endpoint: endpoint,
                isStream: try row.bool("is_stream"), endUser: try row.text("end_user"), outcome: .completed,
                status: 200,
                usage: TokenUsage(
                    input: UInt32(clamping: try mean("input_tokens")),
                    output: UInt32(clamping: try mean("output_tokens"))),
                cost: .zero),
            route: Array(try row.text("route").utf8), requests: requests,
            worst: Money(nanodollars: try mean("worst_nanodollars")), worstTokens: try mean("worst_tokens"))
    }

    private static func key(_ row: PostgresRow) throws(StoreError) -> VirtualKeyID {
        let text = try row.text("virtual_key_id")
        guard let key = VirtualKeyID(text) else { throw .mismatch("a usage event names the key \(text)") }
        return key
    }

    private static func request(_ row: PostgresRow) throws(StoreError) -> RecordedRequest {
        func code<Code: RawRepresentable<UInt8>>(_ column: String) throws(StoreError) -> Code {
            let number = try row.int64(column)
            guard let code = UInt8(exactly: number).flatMap({ Code(rawValue: $0) }) else {
                throw .mismatch("column \(column) holds \(number)")
            }
            return code
        }
        func tokens(_ column: String) throws(StoreError) -> UInt32 { UInt32(clamping: try row.int64(column)) }
        return RecordedRequest(
            requestID: try row.uuid("request_id"), startedUnixMilliseconds: try row.unixMilliseconds("started_at"),
            virtualKeyID: try key(row), routeID: try row.uuid("route_id"), providerID: try row.uuid("provider_id"),
            modelID: try row.uuid("model_id"), endpoint: try code("endpoint"), isStream: try row.bool("is_stream"),
            endUser: try row.text("end_user"), outcome: try code("outcome"), status: try row.int("status"),
            usage: TokenUsage(
                input: try tokens("input_tokens"), cachedInput: try tokens("cached_input_tokens"),
                cacheWrite5m: try tokens("cache_write_5m_tokens"), cacheWrite1h: try tokens("cache_write_1h_tokens"),
                audioInput: try tokens("audio_input_tokens"), imageInput: try tokens("image_input_tokens"),
                output: try tokens("output_tokens"), reasoning: try tokens("reasoning_tokens"),
                audioOutput: try tokens("audio_output_tokens"), imageOutput: try tokens("image_output_tokens"),
                serviceTier: try code("service_tier")),
            cost: Money(nanodollars: try row.int64("cost_nanodollars")))
    }

    // MARK: Allowances

    /// The allowances that requests of these keys can meet, and the zones that their periods go by.
    static func allowances(
        ofKeys keys: [VirtualKeyID], _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [PlannedAllowance] {
        try await executor.query(
            """
            SELECT \(AllowanceRows.columns), name, time_zone FROM allowances
            WHERE virtual_key_id IS NULL OR virtual_key_id IN (SELECT id FROM virtual_keys WHERE key_id = ANY($1))
            ORDER BY id
            """, [.textArray(keys.map(\.description))]
        ).map { (row) throws(StoreError) in
            PlannedAllowance(
                rule: try AllowanceRows.rule(row), name: try row.text("name"), timeZone: try row.text("time_zone"))
        }
    }

    /// What was charged to allowances on the days before the one of `moment`.
    static func charges(
        to allowances: [ObjectID], beforeDayOf moment: Int64, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [EarlierCharge] {
        try await executor.query(
            """
            SELECT allowance_id, window_start, (day + 1)::timestamp AT TIME ZONE 'UTC' AS until, amount + debt AS amount
            FROM usage_charges_daily
            WHERE allowance_id = ANY($1) AND day < ($2::timestamptz AT TIME ZONE 'UTC')::date
            ORDER BY day
            """, [.uuidArray(allowances), .timestamp(unixMilliseconds: moment)]
        ).map(charge)
    }

    /// What requests charged that began in a span of time within one day.
    static func charges(
        to allowances: [ObjectID], in span: Range<Int64>, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [EarlierCharge] {
        // Four numbers for each allowance: subject, window, amount and debt.
        try await executor.query(
            """
            SELECT c.allowance_id, e.charge_values[4 * c.n - 2] AS window_start, $2::timestamptz AS until,
                sum(e.charge_values[4 * c.n - 1] + e.charge_values[4 * c.n])::bigint AS amount
            FROM usage_events e CROSS JOIN LATERAL unnest(e.charge_allowances) WITH ORDINALITY AS c (allowance_id, n)
            WHERE \(Self.span) AND c.allowance_id = ANY($3)
            GROUP BY 1, 2
            """, bounds(span) + [.uuidArray(allowances)]
        ).map(charge)
    }

    private static func charge(_ row: PostgresRow) throws(StoreError) -> EarlierCharge {
        EarlierCharge(
            allowanceID: try row.uuid("allowance_id"),
            window: AccountWindow(startUnixSeconds: try row.int64("window_start")),
            untilUnixMilliseconds: try row.unixMilliseconds("until"), amount: try row.int64("amount"))
    }
}

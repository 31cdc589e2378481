import Shared

/// Rows of `refused_requests`.
enum RefusalStore {
    /// As far back as plans go; and beyond so many rows the oldest go, an hour at a time.
    static let countMax: Int64 = 500_000

    static func keep(_ refusals: [RefusedRequests], _ executor: any PostgresExecutor) async throws(StoreError) {
        try await executor.execute(
            """
            INSERT INTO refused_requests (id, began, virtual_key_id, route, endpoint, is_stream, end_user, code, requests,
                input_tokens, output_tokens, worst_nanodollars, worst_tokens)
            SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::smallint[], $6::boolean[],
                $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
            ON CONFLICT DO NOTHING
            """,
            [
                .uuidArray(refusals.map(\.id)),
                .timestampArray(unixMilliseconds: refusals.map(\.beganUnixMilliseconds)),
                .textArray(refusals.map(\.virtualKeyID)), .textArray(refusals.map(\.route.forPostgres)),
                .int64Array(refusals.map { Int64($0.endpoint) }), .boolArray(refusals.map(\.isStream)),
                .textArray(refusals.map(\.endUser.forPostgres)), .textArray(refusals.map(\.code.forPostgres)),
                .int64Array(refusals.map(\.requests)), .int64Array(refusals.map(\.inputTokens)),
                .int64Array(refusals.map(\.outputTokens)), .int64Array(refusals.map(\.worstNanodollars)),
                .int64Array(refusals.map(\.worstTokens)),
            ])
    }

    static func prune(_ executor: any PostgresExecutor) async throws(StoreError) {
        try await executor.execute(
            """
            DELETE FROM refused_requests WHERE began < now() - make_interval(hours => $1::int)
                OR began < (SELECT began FROM refused_requests ORDER BY began DESC OFFSET $2 LIMIT 1)
            """, [.int64(Planner.Bounds.hours.upperBound), .int64(countMax)])
    }
}

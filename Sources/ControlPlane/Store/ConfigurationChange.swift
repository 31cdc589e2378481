/// The mark that every change of configuration leaves in its own transaction, from which the publisher knows what to rebuild.
public enum ConfigurationChange {
    /// The channel on which other control planes hear of it.
    static let channel = "weir_change"

    /// Records a change as part of the transaction that makes it. Call it last: it takes the one row that orders all
    /// changes, and holds it until the commit.
    ///
    /// - Shape: `shards` are the first bytes of the hashes of the secrets whose entries changed: for a revoked key those of all of
    ///   its secrets, for a new allowed route of a key as well. `changesPolicy` is false when nothing but virtual keys changed.
    /// - Returns: the sequence of the change, for the audit entry.
    @discardableResult
    public static func record(
        in transaction: PostgresTransaction, shards: Set<UInt8> = [], changesPolicy: Bool = true
    ) async throws(StoreError) -> Int64 {
        let row = try await transaction.first(
            """
            UPDATE fleet_state SET change_sequence = change_sequence + 1,
                policy_sequence = CASE WHEN $1 THEN change_sequence + 1 ELSE policy_sequence END
            RETURNING change_sequence
            """, [.bool(changesPolicy)])
        guard let row else {
            throw .other(sqlstate: "", message: "the database is not initialised: run weir-control init")
        }
        let sequence = try row.int64("change_sequence")
        if !shards.isEmpty {
            try await transaction.execute(
                """
                INSERT INTO key_shards (shard, change_sequence) SELECT shard, $2 FROM unnest($1::smallint[]) AS t (shard)
                ON CONFLICT (shard) DO UPDATE SET change_sequence = excluded.change_sequence
                """, [.int64Array(shards.sorted().map { Int64($0) }), .int64(sequence)])
        }
        try await transaction.execute("SELECT pg_notify('\(channel)', $1)", [.text(String(sequence))])
        return sequence
    }
}

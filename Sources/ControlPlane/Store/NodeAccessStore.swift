import Shared

/// Rows of `node_tokens` and `nodes`, as the fleet API needs them.
enum NodeAccessStore {
    /// The digests of all tokens that are good.
    static func liveTokens(_ executor: any PostgresExecutor) async throws(StoreError) -> [SHA256Digest: String] {
        var tokens: [SHA256Digest: String] = [:]
        for row in try await executor.query("SELECT sha256, name FROM node_tokens WHERE revoked_at IS NULL") {
            if let digest = SHA256Digest(bytes: try row.bytes("sha256")) { tokens[digest] = try row.text("name") }
        }
        return tokens
    }

    static func insertToken(
        id: ObjectID, name: String, sha256: SHA256Digest, _ executor: any PostgresExecutor
    ) async throws(StoreError) {
        try await executor.execute(
            "INSERT INTO node_tokens (id, name, sha256) VALUES ($1, $2, $3)",
            [.uuid(id), .text(name), .bytes(sha256.bytes)])
    }

    static func record(_ heartbeat: Heartbeat, _ executor: any PostgresExecutor) async throws(StoreError) {
        let rejection = heartbeat.rejection.map { String(decoding: CanonicalJSON.encode($0), as: UTF8.self) }
        let targetsOut =
            (heartbeat.targetsOut ?? []).isEmpty
            ? nil : String(decoding: CanonicalJSON.encode(heartbeat.targetsOut), as: UTF8.self)
        try await executor.execute(
            """
            INSERT INTO nodes (
                id, name, incarnation, started_at, software_version, snapshot_version, snapshot_expired, rejection,
                sealing_public_key, journal_bytes, unacknowledged_records, draining, targets_out)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, incarnation = excluded.incarnation,
                started_at = excluded.started_at, software_version = excluded.software_version,
                snapshot_version = excluded.snapshot_version, snapshot_expired = excluded.snapshot_expired,
                rejection = excluded.rejection, sealing_public_key = excluded.sealing_public_key,
                journal_bytes = excluded.journal_bytes, unacknowledged_records = excluded.unacknowledged_records,
                draining = excluded.draining, targets_out = excluded.targets_out, last_seen_at = now()
            """,
            [
                .uuid(heartbeat.nodeID), .text(heartbeat.name.forPostgres), .uuid(heartbeat.incarnation),
                .timestamp(unixMilliseconds: heartbeat.startedUnixMilliseconds),
                .text(heartbeat.softwareVersion.forPostgres), .int64(Int64(clamping: heartbeat.snapshotVersion)),
                .bool(heartbeat.snapshotExpired), .optional(rejection) { .json($0.forPostgres) },
                .text(heartbeat.sealingPublicKey.forPostgres), .int64(heartbeat.journalBytes),
                .int64(heartbeat.unacknowledgedRecords), .bool(heartbeat.draining),
                .optional(targetsOut) { .json($0.forPostgres) },
            ])
    }

    /// Data planes heard of by any control plane within the last 15 seconds.
    static func liveNodes(_ executor: any PostgresExecutor) async throws(StoreError) -> Int {
        try await executor.first("SELECT count(*) AS n FROM nodes WHERE last_seen_at > now() - interval '15 seconds'")?
            .int("n") ?? 0
    }

    /// What data planes have set aside, with what is left of it now.
    static func targetsOut(_ executor: any PostgresExecutor) async throws(StoreError) -> [ObjectID: [TargetOut]] {
        let rows = try await executor.query(
            """
            SELECT id, targets_out, (extract(epoch FROM now() - last_seen_at) * 1000)::bigint AS age FROM nodes
            WHERE targets_out IS NOT NULL AND last_seen_at > now() - interval '15 seconds'
            """, [])
        var found: [ObjectID: [TargetOut]] = [:]
        for row in rows {
            guard let text = try row.optionalJSON("targets_out") else { continue }
            let reports: [TargetOut]
            do { reports = try StrictJSONDecoder.decode(from: Array(text.utf8)) } catch {
                // Of another version of this program.
                continue
            }
            let age = Int(try row.int64("age"))
            found[try row.uuid("id")] = reports.compactMap { $0.after(milliseconds: age) }
        }
        return found
    }

    /// Forgets the data planes that have been gone for long.
    static func prune(_ executor: any PostgresExecutor) async throws(StoreError) {
        try await executor.execute("DELETE FROM nodes WHERE last_seen_at < now() - interval '7 days'")
    }

    /// The stored secrets among `ids`, still encrypted. References are not among them: data planes resolve those themselves.
    static func ciphertexts(
        _ ids: [ObjectID], _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [(id: ObjectID, version: Int, ciphertext: [UInt8])] {
        try await executor.query(
            "SELECT id, version, ciphertext FROM credentials WHERE id = ANY($1) AND ciphertext IS NOT NULL ORDER BY id",
            [.uuidArray(ids)]
        ).map { row throws(StoreError) in
            (id: try row.uuid("id"), version: try row.int("version"), ciphertext: try row.bytes("ciphertext"))
        }
    }
}

extension String {
    /// PostgreSQL has no NUL in text. What comes from outside and must not be refused for it (a usage event would hold up all
    /// that are behind it) goes through here.
    var forPostgres: String {
        utf8.contains(0) ? String(decoding: utf8.filter { $0 != 0 }, as: UTF8.self) : self
    }
}

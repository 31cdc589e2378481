import Shared

/// A snapshot as the database keeps it.
struct StoredSnapshot: Sendable {
    var version: UInt64
    /// It contains every change up to this one.
    var changeSequence: Int64
    var createdUnixMilliseconds: Int64
    var expiresUnixMilliseconds: Int64
    var payloadSHA256: SHA256Digest
    var signingKeyID: String
    /// The manifest's bytes as signed.
    var payload: [UInt8]
    /// The DSSE envelope's bytes as served.
    var envelope: [UInt8]
}

/// What a publisher must know of the snapshot before its own.
struct SnapshotHeader: Sendable {
    var version: UInt64
    var changeSequence: Int64
    var createdUnixMilliseconds: Int64
    var expiresUnixMilliseconds: Int64
    var payloadSHA256: SHA256Digest
    var signingKeyID: String
}

/// A piece of a snapshot with its content.
struct Blob: Sendable {
    var name: String
    var sha256: SHA256Digest
    var bytes: [UInt8]

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        sha256 = SHA256.digest(bytes)
    }
}

/// What the one row of `fleet_state` says.
struct FleetState: Sendable {
    var fleet: String
    var changeSequence: Int64
    var policySequence: Int64
    var signingKeyID: String
    var encryptionKeyID: String
}

/// Rows of `fleet_state`, `snapshots`, `blobs` and `key_shards`.
enum SnapshotStore {
    /// The channel on which control planes hear of a new snapshot; the payload is its version.
    static let channel = "weir_snapshot"

    /// nil: the database is not initialised.
    static func fleetState(_ executor: any PostgresExecutor) async throws(StoreError) -> FleetState? {
        let row = try await executor.first(
            "SELECT fleet, change_sequence, policy_sequence, signing_key_id, encryption_key_id FROM fleet_state")
        guard let row else { return nil }
        return FleetState(
            fleet: try row.text("fleet"), changeSequence: try row.int64("change_sequence"),
            policySequence: try row.int64("policy_sequence"), signingKeyID: try row.text("signing_key_id"),
            encryptionKeyID: try row.text("encryption_key_id"))
    }

    /// Waits until no other publisher is at work. Must be the first statement of its transaction: see `publisher_turn`.
    static func takeTurn(in transaction: PostgresTransaction) async throws(StoreError) {
        try await transaction.script("LOCK TABLE publisher_turn IN EXCLUSIVE MODE")
    }

    static func latest(_ executor: any PostgresExecutor) async throws(StoreError) -> StoredSnapshot? {
        let row = try await executor.first(
            """
            SELECT version, change_sequence, created_at, expires_at, payload_sha256, signing_key_id, payload, envelope
            FROM snapshots ORDER BY version DESC LIMIT 1
            """)
        guard let row else { return nil }
        guard let digest = SHA256Digest(bytes: try row.bytes("payload_sha256")) else {
            throw .mismatch("payload_sha256 has another length")
        }
        return StoredSnapshot(
            version: UInt64(try row.int64("version")), changeSequence: try row.int64("change_sequence"),
            createdUnixMilliseconds: try row.unixMilliseconds("created_at"),
            expiresUnixMilliseconds: try row.unixMilliseconds("expires_at"), payloadSHA256: digest,
            signingKeyID: try row.text("signing_key_id"), payload: try row.bytes("payload"),
            envelope: try row.bytes("envelope"))
    }

    /// The newest one without its bytes, which are tens of kilobytes that the publisher has in memory already.
    static func latestHeader(_ executor: any PostgresExecutor) async throws(StoreError) -> SnapshotHeader? {
        let row = try await executor.first(
            """
            SELECT version, change_sequence, created_at, expires_at, payload_sha256, signing_key_id
            FROM snapshots ORDER BY version DESC LIMIT 1
            """)
        guard let row else { return nil }
        guard let digest = SHA256Digest(bytes: try row.bytes("payload_sha256")) else {
            throw .mismatch("payload_sha256 has another length")
        }
        return SnapshotHeader(
            version: UInt64(try row.int64("version")), changeSequence: try row.int64("change_sequence"),
            createdUnixMilliseconds: try row.unixMilliseconds("created_at"),
            expiresUnixMilliseconds: try row.unixMilliseconds("expires_at"), payloadSHA256: digest,
            signingKeyID: try row.text("signing_key_id"))
    }

    static func latestVersion(_ executor: any PostgresExecutor) async throws(StoreError) -> UInt64 {
        let row = try await executor.first("SELECT coalesce(max(version), 0) AS version FROM snapshots")
        return UInt64(try row?.int64("version") ?? 0)
    }

    /// The shards of keys that changed after `sequence`.
    static func shards(changedAfter sequence: Int64, _ executor: any PostgresExecutor) async throws(StoreError)
        -> [UInt8]
    {
        try await executor.query(
            "SELECT shard FROM key_shards WHERE change_sequence > $1 ORDER BY shard", [.int64(sequence)]
        ).map { row throws(StoreError) in UInt8(truncatingIfNeeded: try row.int64("shard")) }
    }

    static func insert(
        _ snapshot: StoredSnapshot, newBlobs: [Blob], in transaction: PostgresTransaction
    ) async throws(StoreError) {
        // Bounded pieces: a first snapshot of a big fleet is hundreds of megabytes.
        var rest = newBlobs[...]
        while !rest.isEmpty {
            var piece: [Blob] = []
            var bytes = 0
            while let blob = rest.first, piece.isEmpty || bytes + blob.bytes.count <= 16 << 20 {
                piece.append(blob)
                bytes += blob.bytes.count
                rest = rest.dropFirst()
            }
            try await transaction.execute(
                """
                INSERT INTO blobs (sha256, bytes) SELECT * FROM unnest($1::bytea[], $2::bytea[])
                ON CONFLICT (sha256) DO UPDATE SET referenced_at = now()
                """, [.bytesArray(piece.map(\.sha256.bytes)), .bytesArray(piece.map(\.bytes))])
        }
        try await transaction.execute(
            """
            INSERT INTO snapshots (
                version, change_sequence, created_at, expires_at, payload_sha256, signing_key_id, payload, envelope)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .integer(snapshot.version), .int64(snapshot.changeSequence),
                .timestamp(unixMilliseconds: snapshot.createdUnixMilliseconds),
                .timestamp(unixMilliseconds: snapshot.expiresUnixMilliseconds), .bytes(snapshot.payloadSHA256.bytes),
                .text(snapshot.signingKeyID), .bytes(snapshot.payload), .bytes(snapshot.envelope),
            ])
        try await transaction.execute("SELECT pg_notify('\(channel)', $1)", [.text(String(snapshot.version))])
    }

    static func blob(_ sha256: SHA256Digest, _ executor: any PostgresExecutor) async throws(StoreError) -> [UInt8]? {
        try await executor.first("SELECT bytes FROM blobs WHERE sha256 = $1", [.bytes(sha256.bytes)])?.bytes("bytes")
    }

    static func blobs(
        _ digests: [SHA256Digest], _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [SHA256Digest: [UInt8]] {
        var found: [SHA256Digest: [UInt8]] = [:]
        for row in try await executor.query(
            "SELECT sha256, bytes FROM blobs WHERE sha256 = ANY($1)", [.bytesArray(digests.map(\.bytes))])
        {
            if let digest = SHA256Digest(bytes: try row.bytes("sha256")) { found[digest] = try row.bytes("bytes") }
        }
        return found
    }

    // MARK: Pruning

    /// The manifests that stay: the newest `keep`, and whatever is younger than `seconds`.
    static func prune(
        keep: Int, youngerThanSeconds seconds: Int, in transaction: PostgresTransaction
    ) async throws(StoreError) -> [[UInt8]] {
        try await transaction.execute(
            """
            DELETE FROM snapshots WHERE created_at < now() - make_interval(secs => $2::bigint)
                AND version <= (SELECT max(version) FROM snapshots) - $1
            """, [.integer(keep), .integer(seconds)])
        return try await transaction.query("SELECT payload FROM snapshots").map { row throws(StoreError) in
            try row.bytes("payload")
        }
    }

    static func pruneBlobs(
        except digests: [SHA256Digest], youngerThanSeconds seconds: Int, in transaction: PostgresTransaction
    ) async throws(StoreError) -> Int {
        try await transaction.execute(
            """
            DELETE FROM blobs WHERE referenced_at < now() - make_interval(secs => $2::bigint) AND NOT EXISTS (
                SELECT FROM unnest($1::bytea[]) AS kept (sha256) WHERE kept.sha256 = blobs.sha256)
            """, [.bytesArray(digests.map(\.bytes)), .integer(seconds)])
    }
}

import Shared

/// An answer that was given before, kept for the same request to come again.
struct KeptAnswer {
    var requestSHA256: SHA256Digest
    var status: Int
    var headers: [Problem.Header]
    /// Sealed with the operator's key: the answer to the creation of a key carries its secret.
    var sealedBody: [UInt8]
}

/// Rows of `idempotency_keys`.
enum IdempotencyStore {
    static let lifetimeMilliseconds: Int64 = 24 * 3_600_000

    /// Holds the key until the end of the transaction; false when another request holds it.
    static func tryLock(scope: String, key: String, in work: Work) async throws(StoreError) -> Bool {
        let row = try await work.database.first(
            "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked",
            [.text("weir idempotency \(scope) \(key)")])
        return try row?.bool("locked") ?? false
    }

    static func find(scope: String, key: String, in work: Work) async throws(StoreError) -> KeptAnswer? {
        guard
            let row = try await work.database.first(
                """
                SELECT request_sha256, status, headers, body FROM idempotency_keys
                WHERE scope = $1 AND key = $2 AND created_at > $3
                """, [.text(scope), .text(key), .timestamp(unixMilliseconds: work.now - lifetimeMilliseconds)])
        else { return nil }
        guard let digest = SHA256Digest(bytes: try row.bytes("request_sha256")) else {
            throw .mismatch("idempotency_keys.request_sha256")
        }
        return KeptAnswer(
            requestSHA256: digest, status: try row.int("status"),
            headers: try row.object("headers").fieldList.map { .init(name: $0.name, value: $0.value.string ?? "") },
            sealedBody: try row.bytes("body"))
    }

    /// Keeps an answer, and forgets a few old ones: as many are deleted as are added, and then some.
    static func keep(_ answer: KeptAnswer, scope: String, key: String, in work: Work) async throws(StoreError) {
        try await work.database.execute(
            """
            DELETE FROM idempotency_keys WHERE (scope, key) IN (
                SELECT scope, key FROM idempotency_keys WHERE created_at <= $1 ORDER BY created_at LIMIT 20
                FOR UPDATE SKIP LOCKED)
            """, [.timestamp(unixMilliseconds: work.now - lifetimeMilliseconds)])
        try await work.database.execute(
            """
            INSERT INTO idempotency_keys (scope, key, request_sha256, status, headers, body, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (scope, key) DO UPDATE SET request_sha256 = excluded.request_sha256, status = excluded.status,
                headers = excluded.headers, body = excluded.body, created_at = excluded.created_at
            """,
            [
                .text(scope), .text(key), .bytes(answer.requestSHA256.bytes), .integer(answer.status),
                .object(.record(answer.headers.map { ($0.name, .string($0.value)) })), .bytes(answer.sealedBody),
                .timestamp(unixMilliseconds: work.now),
            ])
    }
}

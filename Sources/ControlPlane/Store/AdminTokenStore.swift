import Shared

/// Rows of `admin_tokens`.
enum AdminTokenStore {
    private static let select = "SELECT id, name, role, expires_at, revoked_at, created_at FROM admin_tokens"

    /// Who owns a token that is live now.
    static func administrator(
        holding digest: SHA256Digest, now: Int64, in database: PostgresTransaction
    ) async throws(StoreError) -> Administrator? {
        guard
            let row = try await database.first(
                """
                SELECT id, name, role FROM admin_tokens
                WHERE sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
                """, [.bytes(digest.bytes), .timestamp(unixMilliseconds: now)])
        else { return nil }
        return Administrator(id: try row.uuid("id"), name: try row.text("name"), role: try row.choice("role"))
    }

    static func page(_ request: ListRequest, in work: Work) async throws -> [AdminToken] {
        try await work.database.query(
            select + " WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2",
            [.optional(request.after) { .uuid($0) }, .integer(request.fetchCount)]
        ).map(token)
    }

    static func find(_ id: ObjectID, in work: Work) async throws -> AdminToken? {
        try await work.database.first(select + " WHERE id = $1", [.uuid(id)]).map(token)
    }

    static func insert(_ token: AdminToken, sha256: SHA256Digest, in work: Work) async throws {
        try await work.insert(
            AdminToken.noun, naming: token.name,
            "INSERT INTO admin_tokens (id, name, role, sha256, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                .uuid(token.id), .text(token.name), .text(token.role.rawValue), .bytes(sha256.bytes),
                .optional(token.expiresAt) { .timestamp(unixMilliseconds: $0) },
                .timestamp(unixMilliseconds: token.createdAt),
            ])
    }

    /// Two administrators who revoke each other at the same time must not both succeed.
    static func lockAll(in work: Work) async throws {
        _ = try await work.database.query("SELECT id FROM admin_tokens WHERE revoked_at IS NULL ORDER BY id FOR UPDATE")
    }

    static func countOfOtherAdministrators(than id: ObjectID, in work: Work) async throws -> Int {
        let row = try await work.database.first(
            """
            SELECT count(*) AS count FROM admin_tokens
            WHERE id <> $1 AND role = 'admin' AND revoked_at IS NULL AND expires_at IS NULL
            """, [.uuid(id)])
        return try row?.int("count") ?? 0
    }

    static func revoke(_ id: ObjectID, in work: Work) async throws {
        try await work.database.execute(
            "UPDATE admin_tokens SET revoked_at = $2 WHERE id = $1",
            [.uuid(id), .timestamp(unixMilliseconds: work.now)])
    }

    private static func token(_ row: PostgresRow) throws(StoreError) -> AdminToken {
        AdminToken(
            id: try row.uuid("id"), name: try row.text("name"), role: try row.choice("role"),
            expiresAt: try row.optionalUnixMilliseconds("expires_at"),
            revokedAt: try row.optionalUnixMilliseconds("revoked_at"),
            createdAt: try row.unixMilliseconds("created_at"))
    }
}

import Shared

/// Rows of `node_tokens`.
enum NodeTokenStore {
    private static let select = "SELECT id, name, revoked_at, created_at FROM node_tokens"

    static func page(_ request: ListRequest, in work: Work) async throws -> [NodeToken] {
        try await work.database.query(
            select + " WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2",
            [.optional(request.after) { .uuid($0) }, .integer(request.fetchCount)]
        ).map(token)
    }

    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> NodeToken? {
        try await work.database.first(select + " WHERE id = $1" + (locking ? " FOR UPDATE" : ""), [.uuid(id)]).map(
            token)
    }

    static func insert(_ token: NodeToken, sha256: SHA256Digest, in work: Work) async throws {
        try await work.insert(
            NodeToken.noun, naming: token.name,
            "INSERT INTO node_tokens (id, name, sha256, created_at) VALUES ($1, $2, $3, $4)",
            [.uuid(token.id), .text(token.name), .bytes(sha256.bytes), .timestamp(unixMilliseconds: token.createdAt)])
    }

    static func revoke(_ id: ObjectID, in work: Work) async throws {
        try await work.database.execute(
            "UPDATE node_tokens SET revoked_at = $2 WHERE id = $1", [.uuid(id), .timestamp(unixMilliseconds: work.now)])
    }

    private static func token(_ row: PostgresRow) throws(StoreError) -> NodeToken {
        NodeToken(
            id: try row.uuid("id"), name: try row.text("name"),
            revokedAt: try row.optionalUnixMilliseconds("revoked_at"),
            createdAt: try row.unixMilliseconds("created_at"))
    }
}

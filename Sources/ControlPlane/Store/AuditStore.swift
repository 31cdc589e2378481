import Shared

/// One change: who did what to which object, and how it looked before and after. Never a secret.
struct AuditEntry {
    var id: ObjectID
    var at: Int64
    var actorKind = "admin_token"
    var actorID: ObjectID?
    var actorName: String
    var action: String
    var resourceKind: String
    var resourceID: ObjectID?
    var resourceName: String?
    var changeSequence: Int64?
    var requestID: String?
    var remoteAddress: String?
    var before: JSONValue?
    var after: JSONValue?
}

/// Rows of `audit_entries`: appended and read, never changed.
enum AuditStore {
    static func append(_ entry: AuditEntry, changeSequence: Int64?, in database: PostgresTransaction)
        async throws(StoreError)
    {
        let changes = JSONValue.record([("before", entry.before ?? .null), ("after", entry.after ?? .null)])
        try await database.execute(
            """
            INSERT INTO audit_entries (id, at, actor_kind, actor_id, actor_name, action, resource_kind, resource_id,
                resource_name, change_sequence, request_id, remote_address, changes)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            [
                .uuid(entry.id), .timestamp(unixMilliseconds: entry.at), .text(entry.actorKind),
                .optional(entry.actorID) { .uuid($0) }, .text(entry.actorName), .text(entry.action),
                .text(entry.resourceKind),
                .optional(entry.resourceID) { .uuid($0) }, .optional(entry.resourceName) { .text($0) },
                .optional(changeSequence) { .int64($0) }, .optional(entry.requestID) { .text($0) },
                .optional(entry.remoteAddress) { .text($0) }, .object(changes),
            ])
    }

    /// Newest first.
    static func page(_ request: ListRequest, in work: Work) async throws -> [AuditEntry] {
        func time(_ name: String) -> PostgresValue {
            .optional(request.filters[name].flatMap { RFC3339.parse($0) }) { .timestamp(unixMilliseconds: $0) }
        }
        return try await work.database.query(
            """
            SELECT id, at, actor_kind, actor_id, actor_name, action, resource_kind, resource_id, resource_name,
                change_sequence, request_id, remote_address, changes
            FROM audit_entries
            WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR resource_kind = $2)
                AND ($3::uuid IS NULL OR resource_id = $3) AND ($4::text IS NULL OR action = $4)
                AND ($5::text IS NULL OR actor_name = $5) AND ($6::timestamptz IS NULL OR at >= $6)
                AND ($7::timestamptz IS NULL OR at < $7) AND ($8::text IS NULL OR request_id = $8)
            ORDER BY id DESC LIMIT $9
            """,
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["resource_kind"]) { .text($0) },
                .optional(request.filters["resource_id"].flatMap { ObjectID($0) }) { .uuid($0) },
                .optional(request.filters["action"]) { .text($0) }, .optional(request.filters["actor"]) { .text($0) },
                time("from"), time("to"), .optional(request.filters["request_id"]) { .text($0) },
                .integer(request.fetchCount),
            ]
        ).map(entry)
    }

    private static func entry(_ row: PostgresRow) throws(StoreError) -> AuditEntry {
        let changes = try row.object("changes")
        return AuditEntry(
            id: try row.uuid("id"), at: try row.unixMilliseconds("at"), actorKind: try row.text("actor_kind"),
            actorID: try row.optionalUUID("actor_id"), actorName: try row.text("actor_name"),
            action: try row.text("action"),
            resourceKind: try row.text("resource_kind"), resourceID: try row.optionalUUID("resource_id"),
            resourceName: try row.optionalText("resource_name"),
            changeSequence: try row.optionalInt64("change_sequence"),
            requestID: try row.optionalText("request_id"), remoteAddress: try row.optionalText("remote_address"),
            before: changes["before"].flatMap { $0 == .null ? nil : $0 },
            after: changes["after"].flatMap { $0 == .null ? nil : $0 })
    }
}

import Shared

/// Rows of `organizations`.
enum OrganizationStore {
    private static let select = "SELECT id, name, metadata, revision, created_at, updated_at FROM organizations"

    static func page(_ request: ListRequest, in work: Work) async throws -> [Organization] {
        try await work.database.query(
            select + " WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR name = $2) ORDER BY id LIMIT $3",
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["name"]) { .text($0) },
                .integer(request.fetchCount),
            ]
        ).map(organization)
    }

    static func resolve(_ reference: String, in work: Work) async throws -> Reference? {
        try await Reference.resolve(reference, in: "organizations", work)
    }

    fileprivate static func organization(_ row: PostgresRow) throws(StoreError) -> Organization {
        var organization = Organization(id: try row.uuid("id"), now: try row.unixMilliseconds("created_at"))
        organization.name = try row.text("name")
        organization.metadata = try row.object("metadata")
        organization.revision = try row.int64("revision")
        organization.updatedAt = try row.unixMilliseconds("updated_at")
        return organization
    }

    fileprivate static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Organization? {
        try await work.database.query(select + " WHERE id = $1" + (locking ? " FOR UPDATE" : ""), [.uuid(id)])
            .first.map(organization)
    }
}

extension Organization {
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Organization? {
        try await OrganizationStore.find(id, locking: locking, in: work)
    }

    func insert(in work: Work) async throws {
        try await work.insert(
            Self.noun, naming: name,
            "INSERT INTO organizations (id, name, metadata, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
            [.uuid(id), .text(name), .object(metadata), .timestamp(unixMilliseconds: createdAt)])
    }

    func save(in work: Work) async throws -> Organization {
        var saved = self
        saved.revision = try await work.update(
            Self.noun, naming: name,
            """
            UPDATE organizations SET name = $2, metadata = $3, revision = revision + 1, updated_at = $4
            WHERE id = $1 RETURNING revision
            """,
            [.uuid(id), .text(name), .object(metadata), .timestamp(unixMilliseconds: work.now)])
        saved.updatedAt = work.now
        return saved
    }

    func remove(in work: Work) async throws {
        try await work.database.execute("DELETE FROM organizations WHERE id = $1", [.uuid(id)])
    }

    func referrers(in work: Work) async throws -> [String] {
        try await work.referrers("team", "SELECT name FROM teams WHERE organization_id = $1 ORDER BY id LIMIT $2", id)
            + work.referrers(
                "allowance", "SELECT name FROM allowances WHERE organization_id = $1 ORDER BY id LIMIT $2", id)
    }
}

import Shared

/// Rows of `teams`.
enum TeamStore {
    private static let select = """
        SELECT t.id, t.organization_id, o.name AS organization_name, t.name, t.metadata, t.revision, t.created_at, t.updated_at
        FROM teams t JOIN organizations o ON o.id = t.organization_id
        """

    static func page(_ request: ListRequest, in work: Work) async throws -> [Team] {
        try await work.database.query(
            select + """
                 WHERE ($1::uuid IS NULL OR t.id > $1) AND ($2::text IS NULL OR t.name = $2)
                AND ($3::text IS NULL OR o.name = $3 OR o.id::text = $3) ORDER BY t.id LIMIT $4
                """,
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["name"]) { .text($0) },
                .optional(request.filters["organization"]) { .text($0) }, .integer(request.fetchCount),
            ]
        ).map(team)
    }

    /// A team by its ID, by `organization/team`, or by its name where only one team has it.
    static func resolve(_ reference: String, in work: Work) async throws -> Team? {
        let parts = reference.split(separator: "/", maxSplits: 1).map(String.init)
        let rows = try await work.database.query(
            select + """
                 WHERE t.id::text = lower($1) OR t.name = $1 OR ($2::text IS NOT NULL AND o.name = $2 AND t.name = $3)
                ORDER BY t.id LIMIT 2
                """,
            [
                .text(reference), parts.count == 2 ? .text(parts[0]) : .null,
                parts.count == 2 ? .text(parts[1]) : .null,
            ])
        return rows.count == 1 ? try team(rows[0]) : nil
    }

    fileprivate static func team(_ row: PostgresRow) throws(StoreError) -> Team {
        var team = Team(id: try row.uuid("id"), now: try row.unixMilliseconds("created_at"))
        team.organizationID = try row.uuid("organization_id")
        team.organizationName = try row.text("organization_name")
        team.name = try row.text("name")
        team.metadata = try row.object("metadata")
        team.revision = try row.int64("revision")
        team.updatedAt = try row.unixMilliseconds("updated_at")
        return team
    }

    fileprivate static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Team? {
        try await work.database.query(select + " WHERE t.id = $1" + (locking ? " FOR UPDATE OF t" : ""), [.uuid(id)])
            .first.map(team)
    }
}

extension Team {
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Team? {
        try await TeamStore.find(id, locking: locking, in: work)
    }

    func insert(in work: Work) async throws {
        try await work.insert(
            Self.noun, naming: name,
            """
            INSERT INTO teams (id, organization_id, name, metadata, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $5)
            """,
            [.uuid(id), .uuid(organizationID), .text(name), .object(metadata), .timestamp(unixMilliseconds: createdAt)])
    }

    func save(in work: Work) async throws -> Team {
        var saved = self
        saved.revision = try await work.update(
            Self.noun, naming: name,
            """
            UPDATE teams SET name = $2, metadata = $3, revision = revision + 1, updated_at = $4
            WHERE id = $1 RETURNING revision
            """,
            [.uuid(id), .text(name), .object(metadata), .timestamp(unixMilliseconds: work.now)])
        saved.updatedAt = work.now
        return saved
    }

    func remove(in work: Work) async throws {
        try await work.database.execute("DELETE FROM teams WHERE id = $1", [.uuid(id)])
    }

    func referrers(in work: Work) async throws -> [String] {
        try await work.referrers(
            "virtual key", "SELECT name FROM virtual_keys WHERE team_id = $1 ORDER BY id LIMIT $2", id)
            + work.referrers("allowance", "SELECT name FROM allowances WHERE team_id = $1 ORDER BY id LIMIT $2", id)
    }
}

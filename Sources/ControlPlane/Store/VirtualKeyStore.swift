import Shared

/// Rows of `virtual_keys` with their live `virtual_key_secrets`.
enum VirtualKeyStore {
    private static let select = """
        SELECT k.id, k.key_id, k.team_id, t.name AS team_name, t.organization_id, o.name AS organization_name, k.name,
            k.allowed_route_ids, k.allowed_networks, k.priority, k.may_explain, k.tags, k.metadata, k.expires_at, k.revoked_at, k.revision, k.created_at,
            k.updated_at
        FROM virtual_keys k JOIN teams t ON t.id = k.team_id JOIN organizations o ON o.id = t.organization_id
        """

    static func page(_ request: ListRequest, in work: Work) async throws -> [VirtualKey] {
        let rows = try await work.database.query(
            select + """
                 WHERE ($1::uuid IS NULL OR k.id > $1) AND ($2::text IS NULL OR k.name = $2)
                AND ($3::text IS NULL OR t.name = $3 OR t.id::text = $3)
                AND ($4::text IS NULL OR o.name = $4 OR o.id::text = $4)
                AND ($5::text IS NULL OR $5 = CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
                    WHEN k.expires_at <= $6 THEN 'expired' ELSE 'active' END)
                ORDER BY k.id LIMIT $7
                """,
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["name"]) { .text($0) },
                .optional(request.filters["team"]) { .text($0) },
                .optional(request.filters["organization"]) { .text($0) },
                .optional(request.filters["status"]) { .text($0) }, .timestamp(unixMilliseconds: work.now),
                .integer(request.fetchCount),
            ])
        return try await complete(rows, in: work)
    }

    static func find(_ id: String, locking: Bool, in work: Work) async throws -> VirtualKey? {
        let rows = try await work.database.query(
            select + " WHERE k.id = $1 OR k.key_id = $2" + (locking ? " FOR UPDATE OF k" : ""),
            [.optional(ObjectID(id)) { .uuid($0) }, .text(id)])
        return try await complete(rows, in: work).first
    }

    /// A key by its ID, by its key ID, by `team/name`, or by its name where only one key has it.
    static func resolve(_ reference: String, in work: Work) async throws -> Reference? {
        let parts = reference.split(separator: "/", maxSplits: 1).map(String.init)
        let rows = try await work.database.query(
            """
            SELECT k.id, k.name FROM virtual_keys k JOIN teams t ON t.id = k.team_id
            WHERE k.id = $1 OR k.key_id = $2 OR k.name = $2 OR ($3::text IS NOT NULL AND t.name = $3 AND k.name = $4)
            ORDER BY k.id LIMIT 2
            """,
            [
                .optional(ObjectID(reference)) { .uuid($0) }, .text(reference),
                parts.count == 2 ? .text(parts[0]) : .null, parts.count == 2 ? .text(parts[1]) : .null,
            ])
        guard rows.count == 1 else { return nil }
        return Reference(id: try rows[0].uuid("id"), name: try rows[0].text("name"))
    }

    /// Adds what lies in other tables: the live secrets and the names of the routes.
    private static func complete(_ rows: [PostgresRow], in work: Work) async throws -> [VirtualKey] {
        if rows.isEmpty { return [] }
        let secrets = try await liveSecrets(of: rows.map { (row) throws(StoreError) in try row.uuid("id") }, in: work)
        var routeIDs: Set<ObjectID> = []
        for row in rows { routeIDs.formUnion(try row.optionalUUIDs("allowed_route_ids") ?? []) }
        let routes = try await routeNames(routeIDs, in: work)
        return try rows.map { (row) throws(StoreError) in
            guard let keyID = VirtualKeyID(try row.text("key_id")) else { throw .mismatch("virtual_keys.key_id") }
            var key = VirtualKey(id: try row.uuid("id"), keyID: keyID, now: try row.unixMilliseconds("created_at"))
            key.team = Reference(id: try row.uuid("team_id"), name: try row.text("team_name"))
            key.organization = Reference(id: try row.uuid("organization_id"), name: try row.text("organization_name"))
            key.name = try row.text("name")
            key.allowedRoutes = try row.optionalUUIDs("allowed_route_ids").map { ids in
                ids.compactMap { id in routes[id].map { Reference(id: id, name: $0) } }.sorted { $0.name < $1.name }
            }
            key.allowedNetworks = try row.texts("allowed_networks")
            key.priority = try row.choice("priority")
            key.mayExplain = try row.bool("may_explain")
            key.tags = try row.object("tags")
            key.metadata = try row.object("metadata")
            key.expiresAt = try row.optionalUnixMilliseconds("expires_at")
            key.revokedAt = try row.optionalUnixMilliseconds("revoked_at")
            key.secrets = secrets[key.id] ?? []
            key.revision = try row.int64("revision")
            key.updatedAt = try row.unixMilliseconds("updated_at")
            key.asOf = work.now
            return key
        }
    }

    private static func liveSecrets(of keys: [ObjectID], in work: Work) async throws -> [ObjectID: [VirtualKey.Secret]]
    {
        let rows = try await work.database.query(
            """
            SELECT id, virtual_key_id, sha256, expires_at, created_at FROM virtual_key_secrets
            WHERE virtual_key_id = ANY($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
            ORDER BY virtual_key_id, created_at, id
            """, [.uuidArray(keys), .timestamp(unixMilliseconds: work.now)])
        var secrets: [ObjectID: [VirtualKey.Secret]] = [:]
        for row in rows {
            guard let digest = SHA256Digest(bytes: try row.bytes("sha256")) else {
                throw StoreError.mismatch("virtual_key_secrets.sha256")
            }
            secrets[try row.uuid("virtual_key_id"), default: []].append(
                VirtualKey.Secret(
                    id: try row.uuid("id"), sha256: digest, expiresAt: try row.optionalUnixMilliseconds("expires_at"),
                    createdAt: try row.unixMilliseconds("created_at")))
        }
        return secrets
    }

    private static func routeNames(_ ids: Set<ObjectID>, in work: Work) async throws -> [ObjectID: String] {
        if ids.isEmpty { return [:] }
        var names: [ObjectID: String] = [:]
        for row in try await work.database.query(
            "SELECT id, name FROM routes WHERE id = ANY($1)", [.uuidArray(Array(ids))])
        {
            names[try row.uuid("id")] = try row.text("name")
        }
        return names
    }

    // MARK: Secrets

    static func insert(_ secret: VirtualKey.Secret, of key: VirtualKey, in work: Work) async throws {
        try await work.database.execute(
            "INSERT INTO virtual_key_secrets (id, virtual_key_id, sha256, created_at) VALUES ($1, $2, $3, $4)",
            [
                .uuid(secret.id), .uuid(key.id), .bytes(secret.sha256.bytes),
                .timestamp(unixMilliseconds: secret.createdAt),
            ])
    }

    static func revokeSecrets(of key: VirtualKey, in work: Work) async throws {
        try await work.database.execute(
            "UPDATE virtual_key_secrets SET revoked_at = $2 WHERE virtual_key_id = $1 AND revoked_at IS NULL",
            [.uuid(key.id), .timestamp(unixMilliseconds: work.now)])
    }

    /// Ends secrets after an overlap, or at once when there is none.
    static func end(_ secrets: [VirtualKey.Secret], after overlapSeconds: Int64, in work: Work) async throws {
        if secrets.isEmpty { return }
        try await work.database.execute(
            overlapSeconds == 0
                ? "UPDATE virtual_key_secrets SET revoked_at = $2 WHERE id = ANY($1)"
                : "UPDATE virtual_key_secrets SET expires_at = $2 WHERE id = ANY($1)",
            [.uuidArray(secrets.map(\.id)), .timestamp(unixMilliseconds: work.now + overlapSeconds * 1000)])
    }
}

extension VirtualKey {
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> VirtualKey? {
        try await VirtualKeyStore.find(id.description, locking: locking, in: work)
    }

    func insert(in work: Work) async throws {
        try await work.insert(
            Self.noun, naming: name,
            """
            INSERT INTO virtual_keys (id, key_id, team_id, name, allowed_route_ids, allowed_networks, tags, metadata,
                expires_at, revoked_at, priority, may_explain, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
            """,
            [.uuid(id), .text(keyID.description), .uuid(team.id)] + columns + [.timestamp(unixMilliseconds: createdAt)])
    }

    func save(in work: Work) async throws -> VirtualKey {
        var saved = self
        saved.revision = try await work.update(
            Self.noun, naming: name,
            """
            UPDATE virtual_keys SET name = $2, allowed_route_ids = $3, allowed_networks = $4, tags = $5, metadata = $6,
                expires_at = $7, revoked_at = $8, priority = $9, may_explain = $10,
                revision = revision + 1, updated_at = $11
            WHERE id = $1 RETURNING revision
            """, [.uuid(id)] + columns + [.timestamp(unixMilliseconds: work.now)])
        saved.updatedAt = work.now
        return saved
    }

    private var columns: [PostgresValue] {
        [
            .text(name), .optional(allowedRoutes) { .uuidArray($0.map(\.id)) }, .textArray(allowedNetworks),
            .object(tags),
            .object(metadata), .optional(expiresAt) { .timestamp(unixMilliseconds: $0) },
            .optional(revokedAt) { .timestamp(unixMilliseconds: $0) }, .text(priority.rawValue),
            .bool(mayExplain),
        ]
    }

    /// Routes that charge their shadows to it.
    func referrers(in work: Work) async throws -> [String] {
        try await work.referrers(
            "route", "SELECT name FROM routes WHERE shadow_virtual_key_id = $1 ORDER BY id LIMIT $2", id)
    }

    func remove(in work: Work) async throws {
        try await work.database.execute("DELETE FROM virtual_keys WHERE id = $1", [.uuid(id)])
    }
}

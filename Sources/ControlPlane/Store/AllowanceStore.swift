import Shared

/// Rows of `allowances`.
enum AllowanceStore {
    private static let select = """
        SELECT a.id, a.kind, a.mode, a.period, a.sliding_seconds, a.limit_amount, a.end_user, a.route_id, a.model_id,
            a.name, a.organization_id, a.team_id, a.virtual_key_id, a.time_zone, a.alert_thresholds, a.metadata,
            a.revision, a.created_at, a.updated_at, r.name AS route_name, m.name AS model_name,
            CASE WHEN a.virtual_key_id IS NOT NULL THEN k.name WHEN a.team_id IS NOT NULL THEN t.name ELSE o.name END
                AS owner_name
        FROM allowances a
            LEFT JOIN virtual_keys k ON k.id = a.virtual_key_id
            LEFT JOIN teams t ON t.id = coalesce(a.team_id, k.team_id)
            JOIN organizations o ON o.id = coalesce(a.organization_id, t.organization_id)
            LEFT JOIN routes r ON r.id = a.route_id
            LEFT JOIN models m ON m.id = a.model_id
        """

    /// The filters by owner take all that lies within: those of an organization include those of its teams and their keys.
    static func page(_ request: ListRequest, in work: Work) async throws -> [Allowance] {
        try await work.database.query(
            select + """
                 WHERE ($1::uuid IS NULL OR a.id > $1) AND ($2::text IS NULL OR a.name = $2)
                AND ($3::text IS NULL OR o.name = $3 OR o.id::text = $3)
                AND ($4::text IS NULL OR t.name = $4 OR t.id::text = $4)
                AND ($5::text IS NULL OR k.name = $5 OR k.key_id = $5 OR k.id::text = $5)
                AND ($6::text IS NULL OR $6 = CASE WHEN a.virtual_key_id IS NOT NULL THEN 'virtual_key'
                    WHEN a.team_id IS NOT NULL THEN 'team' ELSE 'organization' END)
                AND ($7::text IS NULL OR a.kind = $7) AND ($8::text IS NULL OR a.end_user = $8)
                AND ($9::text IS NULL OR r.name = $9 OR r.id::text = $9)
                AND ($10::text IS NULL OR m.name = $10 OR m.id::text = $10)
                ORDER BY a.id LIMIT $11
                """,
            [.optional(request.after) { .uuid($0) }]
                + ["name", "organization", "team", "virtual_key", "scope", "kind", "end_user", "route", "model"].map {
                    .optional(request.filters[$0]) { .text($0) }
                } + [.integer(request.fetchCount)]
        ).map(allowance)
    }

    private static func allowance(_ row: PostgresRow) throws(StoreError) -> Allowance {
        let rule = try AllowanceRows.rule(row)
        var allowance = Allowance(id: rule.id, now: try row.unixMilliseconds("created_at"))
        allowance.name = try row.text("name")
        let owners: [(AllowanceScope, ObjectID?)] = [
            (.organization, try row.optionalUUID("organization_id")), (.team, try row.optionalUUID("team_id")),
            (.virtualKey, try row.optionalUUID("virtual_key_id")),
        ]
        guard let owner = owners.first(where: { $0.1 != nil }), let ownerID = owner.1 else {
            throw .mismatch("allowance \(rule.id) hangs on nothing")
        }
        allowance.scope = owner.0
        allowance.owner = Reference(id: ownerID, name: try row.text("owner_name"))
        allowance.endUser = try row.optionalText("end_user")
        if let id = try row.optionalUUID("route_id") {
            allowance.route = Reference(id: id, name: try row.text("route_name"))
        }
        if let id = try row.optionalUUID("model_id") {
            allowance.model = Reference(id: id, name: try row.text("model_name"))
        }
        allowance.kind = rule.kind
        allowance.period = rule.period
        allowance.timeZone = try row.text("time_zone")
        allowance.limit = rule.limit
        allowance.mode = rule.mode
        allowance.alertThresholds = try row.int64s("alert_thresholds").map { Int($0) }
        allowance.metadata = try row.object("metadata")
        allowance.revision = try row.int64("revision")
        allowance.updatedAt = try row.unixMilliseconds("updated_at")
        return allowance
    }

    /// By its ID, or by its name where only one allowance has it.
    static func resolve(_ reference: String, in work: Work) async throws -> Reference? {
        let rows = try await work.database.query(
            "SELECT id, name FROM allowances WHERE id = $1 OR name = $2 ORDER BY id LIMIT 2",
            [.optional(ObjectID(reference)) { .uuid($0) }, .text(reference)])
        guard rows.count == 1 else { return nil }
        return Reference(id: try rows[0].uuid("id"), name: try rows[0].text("name"))
    }

    fileprivate static func find(_ id: ObjectID, in work: Work) async throws -> Allowance? {
        try await work.database.first(select + " WHERE a.id = $1", [.uuid(id)]).map(allowance)
    }

    /// Those of one virtual key, whose row is locked, ready to be deleted.
    static func all(ofKey key: ObjectID, in work: Work) async throws -> [Allowance] {
        var allowances = try await work.database.query(
            select + " WHERE a.virtual_key_id = $1 ORDER BY a.id", [.uuid(key)]
        ).map(allowance)
        for index in allowances.indices {
            allowances[index].keyShards = try await shards(of: allowances[index], in: work)
        }
        return allowances
    }

    /// Locks what an allowance hangs on, and counts the allowances it has.
    ///
    /// A change of a key's allowances and a rotation of the key must not pass each other: the rotation's new entry would lie in a
    /// shard that the change does not mark.
    static func lockOwner(of allowance: Allowance, in work: Work) async throws -> Int {
        let scope = allowance.scope
        guard
            try await work.database.first(
                "SELECT id FROM \(scope.table) WHERE id = $1 FOR NO KEY UPDATE", [.uuid(allowance.owner.id)]) != nil
        else { throw ResourceError.notFound(scope.noun, allowance.owner.name) }
        let row = try await work.database.first(
            "SELECT count(*) AS n FROM allowances WHERE \(scope.column) = $1", [.uuid(allowance.owner.id)])
        return try row?.int("n") ?? 0
    }

    /// The ledger's windows are the database's: it must know the zone, not only this program.
    static func knowsTimeZone(_ name: String, in work: Work) async throws -> Bool {
        if name == Allowance.timeZoneDefault { return true }
        return try await work.database.first("SELECT name FROM pg_timezone_names WHERE name = $1", [.text(name)]) != nil
    }

    /// Where the entries of an allowance's virtual key lie; empty for other scopes.
    static func shards(of allowance: Allowance, in work: Work) async throws -> Set<UInt8> {
        guard allowance.scope == .virtualKey else { return [] }
        let rows = try await work.database.query(
            """
            SELECT DISTINCT shard FROM virtual_key_secrets WHERE virtual_key_id = $1 AND revoked_at IS NULL
            """, [.uuid(allowance.owner.id)])
        return Set(try rows.map { (row) throws(StoreError) in UInt8(truncatingIfNeeded: try row.int("shard")) })
    }
}

extension Allowance {
    /// Locks its owner before the allowance itself, as a creation and the deletion of a key do.
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Allowance? {
        guard let found = try await AllowanceStore.find(id, in: work) else { return nil }
        guard locking else { return found }
        _ = try await AllowanceStore.lockOwner(of: found, in: work)
        try await work.database.execute("SELECT id FROM allowances WHERE id = $1 FOR UPDATE", [.uuid(id)])
        guard var locked = try await AllowanceStore.find(id, in: work) else { return nil }
        locked.keyShards = try await AllowanceStore.shards(of: locked, in: work)
        return locked
    }

    func insert(in work: Work) async throws {
        try await work.insert(
            Self.noun, naming: name,
            """
            INSERT INTO allowances (id, \(scope.column), end_user, route_id, model_id, name, kind, period, sliding_seconds,
                time_zone, limit_amount, mode, alert_thresholds, metadata, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::smallint[], $14, $15, $15)
            """,
            [
                .uuid(id), .uuid(owner.id), .optional(endUser) { .text($0) }, .optional(route) { .uuid($0.id) },
                .optional(model) { .uuid($0.id) }, .text(name), .text(kind.label), .text(period.unit.label),
                period.slidingSeconds == 0 ? .null : .int64(period.slidingSeconds), .text(timeZone), .int64(limit),
                .text(mode.label), .int64Array(alertThresholds.map { Int64($0) }), .object(metadata),
                .timestamp(unixMilliseconds: createdAt),
            ])
    }

    func save(in work: Work) async throws -> Allowance {
        var saved = self
        saved.revision = try await work.update(
            Self.noun, naming: name,
            """
            UPDATE allowances SET name = $2, limit_amount = $3, mode = $4, alert_thresholds = $5::smallint[], metadata = $6,
                revision = revision + 1, updated_at = $7
            WHERE id = $1 RETURNING revision
            """,
            [
                .uuid(id), .text(name), .int64(limit), .text(mode.label),
                .int64Array(alertThresholds.map { Int64($0) }), .object(metadata),
                .timestamp(unixMilliseconds: work.now),
            ])
        saved.updatedAt = work.now
        return saved
    }

    func remove(in work: Work) async throws {
        try await work.database.execute("DELETE FROM allowances WHERE id = $1", [.uuid(id)])
    }
}

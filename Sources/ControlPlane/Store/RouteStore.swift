import Shared

/// Rows of `routes` with their `route_targets`.
enum RouteStore {
    private static let select = """
        SELECT \(columns.joined(separator: ", ")), revision, created_at, updated_at,
            (SELECT p.name FROM providers p WHERE p.id = shadow_provider_id) AS shadow_provider,
            (SELECT m.name FROM models m WHERE m.id = shadow_model_id) AS shadow_model,
            (SELECT k.name FROM virtual_keys k WHERE k.id = shadow_virtual_key_id) AS shadow_virtual_key
        FROM routes
        """

    /// Those that a caller of the API can set, behind the ID.
    static let columns = [
        "id", "name", "strategy", "default_max_output_tokens", "admission_wait_milliseconds", "metadata", "sticky_by",
        "sticky_header", "retries_max", "retries_first", "total_timeout_milliseconds", "refuses_when_all_are_out",
        "hedge_percent_max", "hedge_after_milliseconds", "hedge_plain_answers", "resumes_max", "unsupported_parameters",
        "keep_alive_milliseconds", "target_groups", "rules",
        "shadow_provider_id", "shadow_model_id", "shadow_upstream_model_name", "shadow_share", "shadow_virtual_key_id",
    ]

    static func page(_ request: ListRequest, in work: Work) async throws -> [Route] {
        let routes = try await work.database.query(
            select + " WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR name = $2) ORDER BY id LIMIT $3",
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["name"]) { .text($0) },
                .integer(request.fetchCount),
            ]
        ).map(route)
        return try await withTargets(routes, in: work)
    }

    static func resolve(_ reference: String, in work: Work) async throws -> Reference? {
        try await Reference.resolve(reference, in: "routes", work)
    }

    /// Without its targets and those of its rules.
    private static func route(_ row: PostgresRow) throws(StoreError) -> (route: Route, rules: [StoredRule]) {
        var route = Route(id: try row.uuid("id"), now: try row.unixMilliseconds("created_at"))
        route.name = try row.text("name")
        route.strategy = try row.choice("strategy")
        route.defaultMaxOutputTokens = try row.optionalInt("default_max_output_tokens")
        route.admissionWaitMilliseconds = try row.int("admission_wait_milliseconds")
        route.sticky = try row.sticky()
        route.retriesMax = try row.int("retries_max")
        route.retriesFirst = try row.bool("retries_first")
        route.totalTimeoutMilliseconds = try row.optionalInt("total_timeout_milliseconds")
        route.refusesWhenAllAreOut = try row.bool("refuses_when_all_are_out")
        route.hedge = try row.hedge()
        route.resumesMax = try row.int("resumes_max")
        route.unsupportedParameters = try row.optionalChoice("unsupported_parameters")
        route.keepAliveMilliseconds = try row.optionalInt("keep_alive_milliseconds")
        route.shadow = try shadow(row)
        route.groups = try row.targetGroups() ?? []
        route.metadata = try row.object("metadata")
        route.revision = try row.int64("revision")
        route.updatedAt = try row.unixMilliseconds("updated_at")
        return (route, try row.routeRules())
    }

    private static func shadow(_ row: PostgresRow) throws(StoreError) -> Route.Shadow? {
        guard let providerID = try row.optionalUUID("shadow_provider_id") else { return nil }
        return Route.Shadow(
            target: Route.Target(
                provider: Reference(id: providerID, name: try row.text("shadow_provider")),
                model: Reference(id: try row.uuid("shadow_model_id"), name: try row.text("shadow_model")),
                upstreamModelName: try row.optionalText("shadow_upstream_model_name")),
            share: try row.int("shadow_share"),
            virtualKey: Reference(
                id: try row.uuid("shadow_virtual_key_id"), name: try row.text("shadow_virtual_key")))
    }

    private static func withTargets(
        _ routes: [(route: Route, rules: [StoredRule])], in work: Work
    ) async throws -> [Route] {
        if routes.isEmpty { return [] }
        let rows = try await work.database.query(
            """
            SELECT t.route_id, t.provider_id, p.name AS provider_name, t.model_id, m.name AS model_name,
                t.upstream_model_name, t.weight, t.fallback_on
            FROM route_targets t JOIN providers p ON p.id = t.provider_id JOIN models m ON m.id = t.model_id
            WHERE t.route_id = ANY($1) ORDER BY t.route_id, t.position
            """, [.uuidArray(routes.map(\.route.id))])
        var targets: [ObjectID: [Route.Target]] = [:]
        for row in rows {
            targets[try row.uuid("route_id"), default: []].append(
                Route.Target(
                    provider: Reference(id: try row.uuid("provider_id"), name: try row.text("provider_name")),
                    model: Reference(id: try row.uuid("model_id"), name: try row.text("model_name")),
                    upstreamModelName: try row.optionalText("upstream_model_name"), weight: try row.int("weight"),
                    on: try row.optionalChoices("fallback_on")))
        }
        return try routes.map { route, rules throws(StoreError) in
            var route = route
            let (own, ofRules) = try StoredRule.divide(targets[route.id] ?? [], among: rules)
            route.targets = own
            route.rules = zip(rules, ofRules).map(Route.Rule.init)
            return route
        }
    }

    fileprivate static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Route? {
        let found = try await work.database.query(
            select + " WHERE id = $1" + (locking ? " FOR UPDATE" : ""), [.uuid(id)]
        ).map(route)
        return try await withTargets(found, in: work).first
    }

    fileprivate static func saveTargets(of route: Route, in work: Work) async throws {
        try await work.database.execute("DELETE FROM route_targets WHERE route_id = $1", [.uuid(route.id)])
        for (position, target) in (route.targets + route.rules.flatMap(\.targets)).enumerated() {
            try await work.database.execute(
                """
                INSERT INTO route_targets (route_id, position, provider_id, model_id, upstream_model_name, weight,
                    fallback_on)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                [
                    .uuid(route.id), .integer(position), .uuid(target.provider.id), .uuid(target.model.id),
                    .optional(target.upstreamModelName) { .text($0) }, .integer(target.weight),
                    .optional(target.on) { .textArray($0.map(\.rawValue)) },
                ])
        }
    }
}

extension Route {
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Route? {
        try await RouteStore.find(id, locking: locking, in: work)
    }

    func insert(in work: Work) async throws {
        let columns = RouteStore.columns
        let time = "$\(columns.count + 1)"
        try await work.insert(
            Self.noun, naming: name,
            """
            INSERT INTO routes (\(columns.joined(separator: ", ")), created_at, updated_at)
            VALUES (\(columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")), \(time), \(time))
            """, values + [.timestamp(unixMilliseconds: createdAt)])
        try await RouteStore.saveTargets(of: self, in: work)
    }

    func save(in work: Work) async throws -> Route {
        var saved = self
        let columns = RouteStore.columns
        let changes = columns.enumerated().dropFirst().map { "\($1) = $\($0 + 1)" }.joined(separator: ", ")
        saved.revision = try await work.update(
            Self.noun, naming: name,
            """
            UPDATE routes SET \(changes), revision = revision + 1, updated_at = $\(columns.count + 1)
            WHERE id = $1 RETURNING revision
            """, values + [.timestamp(unixMilliseconds: work.now)])
        try await RouteStore.saveTargets(of: self, in: work)
        saved.updatedAt = work.now
        return saved
    }

    /// In the order of the columns.
    private var values: [PostgresValue] {
        [
            .uuid(id), .text(name), .text(strategy.rawValue), .optional(defaultMaxOutputTokens) { .integer($0) },
            .integer(admissionWaitMilliseconds), .object(metadata), .optional(sticky) { .text($0.by.rawValue) },
            .optional(sticky?.header) { .text($0) }, .integer(retriesMax), .bool(retriesFirst),
            .optional(totalTimeoutMilliseconds) { .integer($0) }, .bool(refusesWhenAllAreOut),
            .optional(hedge) { .integer($0.percentMax) }, .optional(hedge?.afterMilliseconds) { .integer($0) },
            .optional(hedge) { .bool($0.includesPlainAnswers ?? false) }, .integer(resumesMax),
            .optional(unsupportedParameters) { .text($0.rawValue) },
            .optional(keepAliveMilliseconds) { .integer($0) },
            groups.isEmpty ? .null : .canonicalJSON(groups),
            rules.isEmpty ? .null : .canonicalJSON(rules.map(StoredRule.init)),
            .optional(shadow) { .uuid($0.target.provider.id) }, .optional(shadow) { .uuid($0.target.model.id) },
            .optional(shadow?.target.upstreamModelName) { .text($0) }, .optional(shadow) { .integer($0.share) },
            .optional(shadow) { .uuid($0.virtualKey.id) },
        ]
    }

    func remove(in work: Work) async throws {
        try await work.database.execute("DELETE FROM routes WHERE id = $1", [.uuid(id)])
    }

    /// Deleting a route that a live key is limited to would silently turn that key into one that may use nothing.
    func referrers(in work: Work) async throws -> [String] {
        try await work.referrers(
            "virtual key",
            """
            SELECT name FROM virtual_keys
            WHERE $1 = ANY(allowed_route_ids) AND revoked_at IS NULL ORDER BY id LIMIT $2
            """, id)
            + work.referrers("allowance", "SELECT name FROM allowances WHERE route_id = $1 ORDER BY id LIMIT $2", id)
    }
}

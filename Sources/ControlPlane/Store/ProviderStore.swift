import Shared

/// Rows of `providers`.
enum ProviderStore {
    private static let select = """
        SELECT p.id, p.name, p.dialect, p.base_url, p.transport, p.credential_id, c.name AS credential_name,
            p.connect_timeout_milliseconds, p.first_token_timeout_milliseconds, p.idle_timeout_milliseconds,
            p.total_timeout_milliseconds, p.retry_budget_percent, p.when_caller_leaves, \(ruleColumns.map { "p.\($0)" }.joined(separator: ", ")),
            p.metadata, p.revision, p.created_at, p.updated_at
        FROM providers p LEFT JOIN credentials c ON c.id = p.credential_id
        """

    /// Behind the columns that every provider has.
    static let ruleColumns =
        PolicyDocument.Breaker.columns + PolicyDocument.Concurrency.columns + ["prefix_continuation"]
        + PolicyDocument.Probe.columns + PolicyDocument.Quirks.columns + ["credential_field", "query", "region"]
        + ["credential_kind", "path_version"]

    static func page(_ request: ListRequest, in work: Work) async throws -> [Provider] {
        let providers = try await work.database.query(
            select
                + " WHERE ($1::uuid IS NULL OR p.id > $1) AND ($2::text IS NULL OR p.name = $2) ORDER BY p.id LIMIT $3",
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["name"]) { .text($0) },
                .integer(request.fetchCount),
            ]
        ).map(provider)
        return try await withCredentials(providers, in: work)
    }

    static func resolve(_ reference: String, in work: Work) async throws -> Reference? {
        try await Reference.resolve(reference, in: "providers", work)
    }

    fileprivate static func provider(_ row: PostgresRow) throws(StoreError) -> Provider {
        var provider = Provider(id: try row.uuid("id"), now: try row.unixMilliseconds("created_at"))
        provider.name = try row.text("name")
        provider.dialect = try row.choice("dialect")
        provider.baseURL = try row.text("base_url")
        provider.transport = try row.choice("transport")
        if let id = try row.optionalUUID("credential_id") {
            provider.credential = Reference(id: id, name: try row.text("credential_name"))
        }
        provider.connectTimeoutMilliseconds = try row.int("connect_timeout_milliseconds")
        provider.firstTokenTimeoutMilliseconds = try row.int("first_token_timeout_milliseconds")
        provider.idleTimeoutMilliseconds = try row.int("idle_timeout_milliseconds")
        provider.totalTimeoutMilliseconds = try row.int("total_timeout_milliseconds")
        provider.breaker = try row.settings()
        provider.retryBudgetPercent = try row.int("retry_budget_percent")
        provider.concurrency = try row.settings()
        provider.probe = try row.settings()
        provider.quirks = try row.settings()
        provider.credentialField = try row.optionalText("credential_field")
        provider.query = try row.optionalText("query")
        provider.region = try row.optionalText("region")
        provider.credentialKind = try row.optionalChoice("credential_kind")
        provider.pathVersion = try row.optionalChoice("path_version")
        provider.whenCallerLeaves = try row.choice("when_caller_leaves")
        provider.prefixContinuation = try row.optionalChoice("prefix_continuation")
        provider.metadata = try row.object("metadata")
        provider.revision = try row.int64("revision")
        provider.updatedAt = try row.unixMilliseconds("updated_at")
        return provider
    }

    fileprivate static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Provider? {
        let found = try await work.database.query(
            select + " WHERE p.id = $1" + (locking ? " FOR UPDATE OF p" : ""), [.uuid(id)]
        ).map(provider)
        return try await withCredentials(found, in: work).first
    }

    private static func withCredentials(_ providers: [Provider], in work: Work) async throws -> [Provider] {
        if providers.isEmpty { return providers }
        let rows = try await work.database.query(
            """
            SELECT t.provider_id, t.credential_id, c.name AS credential_name
            FROM provider_credentials t JOIN credentials c ON c.id = t.credential_id
            WHERE t.provider_id = ANY($1) ORDER BY t.provider_id, t.position
            """, [.uuidArray(providers.map(\.id))])
        var credentials: [ObjectID: [Reference]] = [:]
        for row in rows {
            credentials[try row.uuid("provider_id"), default: []].append(
                Reference(id: try row.uuid("credential_id"), name: try row.text("credential_name")))
        }
        return providers.map { provider in
            var provider = provider
            provider.credentials = credentials[provider.id]
            return provider
        }
    }

    fileprivate static func saveCredentials(of provider: Provider, in work: Work) async throws {
        try await work.database.execute(
            "DELETE FROM provider_credentials WHERE provider_id = $1", [.uuid(provider.id)])
        for (position, credential) in (provider.credentials ?? []).enumerated() {
            try await work.database.execute(
                "INSERT INTO provider_credentials (provider_id, position, credential_id) VALUES ($1, $2, $3)",
                [.uuid(provider.id), .integer(position), .uuid(credential.id)])
        }
    }
}

extension Provider {
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Provider? {
        try await ProviderStore.find(id, locking: locking, in: work)
    }

    func insert(in work: Work) async throws {
        let ruleColumns = ProviderStore.ruleColumns
        let time = "$\(14 + ruleColumns.count)"
        try await work.insert(
            Self.noun, naming: name,
            """
            INSERT INTO providers (id, name, dialect, base_url, transport, credential_id, connect_timeout_milliseconds,
                first_token_timeout_milliseconds, idle_timeout_milliseconds, total_timeout_milliseconds, metadata,
                retry_budget_percent, when_caller_leaves, \(ruleColumns.joined(separator: ", ")), created_at, updated_at)
            VALUES (\((1...(13 + ruleColumns.count)).map { "$\($0)" }.joined(separator: ", ")), \(time), \(time))
            """, columns + [.timestamp(unixMilliseconds: createdAt)])
        try await ProviderStore.saveCredentials(of: self, in: work)
    }

    func save(in work: Work) async throws -> Provider {
        var saved = self
        let ruleColumns = ProviderStore.ruleColumns
        let rules = ruleColumns.enumerated().map { "\($1) = $\($0 + 14)" }.joined(separator: ", ")
        saved.revision = try await work.update(
            Self.noun, naming: name,
            """
            UPDATE providers SET name = $2, dialect = $3, base_url = $4, transport = $5, credential_id = $6,
                connect_timeout_milliseconds = $7, first_token_timeout_milliseconds = $8, idle_timeout_milliseconds = $9,
                total_timeout_milliseconds = $10, metadata = $11, retry_budget_percent = $12, when_caller_leaves = $13,
                \(rules),
                revision = revision + 1, updated_at = $\(14 + ruleColumns.count)
            WHERE id = $1 RETURNING revision
            """, columns + [.timestamp(unixMilliseconds: work.now)])
        try await ProviderStore.saveCredentials(of: self, in: work)
        saved.updatedAt = work.now
        return saved
    }

    private var columns: [PostgresValue] {
        [
            .uuid(id), .text(name), .text(dialect.rawValue), .text(baseURL), .text(transport.rawValue),
            .optional(credential) { .uuid($0.id) }, .integer(connectTimeoutMilliseconds),
            .integer(firstTokenTimeoutMilliseconds), .integer(idleTimeoutMilliseconds),
            .integer(totalTimeoutMilliseconds),
            .object(metadata), .integer(retryBudgetPercent), .text(whenCallerLeaves.rawValue),
        ] + Breaker.values(breaker) + Concurrency.values(concurrency)
            + [.optional(prefixContinuation) { .text($0.rawValue) }] + Probe.values(probe) + Quirks.values(quirks)
            + [credentialField, query, region, credentialKind?.rawValue, pathVersion?.rawValue].map {
                .optional($0) { .text($0) }
            }
    }

    func remove(in work: Work) async throws {
        try await work.database.execute("DELETE FROM providers WHERE id = $1", [.uuid(id)])
    }

    func referrers(in work: Work) async throws -> [String] {
        try await work.referrers(
            "route",
            """
            SELECT r.name FROM routes r
            WHERE r.shadow_provider_id = $1
                OR EXISTS (SELECT 1 FROM route_targets t WHERE t.route_id = r.id AND t.provider_id = $1)
            ORDER BY r.id LIMIT $2
            """, id)
    }
}

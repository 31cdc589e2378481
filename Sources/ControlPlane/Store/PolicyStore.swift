import Shared

/// Reads what the blob `policy` consists of. Ordered by ID throughout, so that the same configuration has the same bytes.
enum PolicyStore {
    static func policy(_ executor: any PostgresExecutor) async throws(StoreError) -> PolicyDocument {
        PolicyDocument(
            providers: try await providers(executor), credentials: try await credentials(executor),
            models: try await models(executor), routes: try await routes(executor),
            allowances: try await allowances(executor))
    }

    private static func providers(
        _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [PolicyDocument.Provider] {
        var pools: [ObjectID: [ObjectID]] = [:]
        for row in try await executor.query(
            "SELECT provider_id, credential_id FROM provider_credentials ORDER BY provider_id, position")
        {
            pools[try row.uuid("provider_id"), default: []].append(try row.uuid("credential_id"))
        }
        return try await executor.query(
            """
            SELECT id, name, dialect, base_url, transport, credential_id, connect_timeout_milliseconds,
                first_token_timeout_milliseconds, idle_timeout_milliseconds, total_timeout_milliseconds,
                retry_budget_percent, when_caller_leaves, \((ProviderStore.ruleColumns).joined(separator: ", "))
            FROM providers ORDER BY id
            """
        ).map { row throws(StoreError) in
            let id = try row.uuid("id")
            // A pool of one is that one.
            let pool = pools[id] ?? []
            return PolicyDocument.Provider(
                id: id, name: try row.text("name"), dialect: try row.known("dialect"),
                baseURL: try row.text("base_url"), transport: try row.known("transport"),
                credentialID: pool.count == 1 ? pool[0] : try row.optionalUUID("credential_id"),
                credentialIDs: pool.count > 1 ? pool : nil,
                connectTimeoutMilliseconds: try row.int("connect_timeout_milliseconds"),
                firstTokenTimeoutMilliseconds: try row.int("first_token_timeout_milliseconds"),
                idleTimeoutMilliseconds: try row.int("idle_timeout_milliseconds"),
                totalTimeoutMilliseconds: try row.int("total_timeout_milliseconds"),
                breaker: (try row.settings() as PolicyDocument.Breaker?).flatMap { $0.unless(.standard) },
                retryBudgetPercent: try row.int("retry_budget_percent").unless(
                    PolicyDocument.Provider.retryBudgetPercentDefault),
                concurrency: try row.settings(),
                whenCallerLeaves: (try row.known("when_caller_leaves") as PolicyDocument.Provider.CallerLeaves)
                    .unless(.cancel),
                prefixContinuation: try row.optionalChoice("prefix_continuation"),
                probe: try row.settings(),
                quirks: (try row.settings() as PolicyDocument.Quirks?).flatMap { $0.unless(.standard) },
                credentialField: try row.optionalText("credential_field"), query: try row.optionalText("query"),
                region: try row.optionalText("region"), credentialKind: try row.optionalChoice("credential_kind"),
                pathVersion: try row.optionalChoice("path_version"))
        }
    }

    private static func credentials(
        _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [PolicyDocument.Credential] {
        try await executor.query("SELECT id, name, version, reference FROM credentials ORDER BY id").map {
            row throws(StoreError) in
            PolicyDocument.Credential(
                id: try row.uuid("id"), name: try row.text("name"), version: try row.int("version"),
                reference: try row.optionalText("reference"))
        }
    }

    private static func isUsed(_ model: String) -> String {
        """
        (EXISTS (SELECT FROM route_targets t WHERE t.model_id = \(model))
            OR EXISTS (SELECT FROM routes r WHERE r.shadow_model_id = \(model)))
        """
    }

    /// Those that some route sends requests to: a whole price book may have been imported, of which a fleet uses little.
    private static func models(_ executor: any PostgresExecutor) async throws(StoreError) -> [PolicyDocument.Model] {
        var prices: [ObjectID: [PolicyDocument.Price]] = [:]
        for row in try await executor.query(
            """
            SELECT p.* FROM model_prices p WHERE \(isUsed("p.model_id"))
            ORDER BY p.model_id, p.effective_from
            """)
        {
            let price = PolicyDocument.Price(
                id: try row.uuid("id"), effectiveFromUnixSeconds: try row.unixMilliseconds("effective_from") / 1000,
                lines: try row.priceLines(), tiers: try row.priceTiers())
            prices[try row.uuid("model_id"), default: []].append(price)
        }
        return try await executor.query(
            """
            SELECT m.id, m.name, m.kind, m.max_output_tokens, m.max_input_tokens, m.unsupported_features
            FROM models m WHERE \(isUsed("m.id")) ORDER BY m.id
            """
        ).map {
            row throws(StoreError) in
            let id = try row.uuid("id")
            return PolicyDocument.Model(
                id: id, name: try row.text("name"), kind: try row.known("kind"),
                maxOutputTokens: try row.optionalInt("max_output_tokens"),
                maxInputTokens: try row.optionalInt("max_input_tokens"), prices: prices[id] ?? [],
                unsupportedFeatures: try row.choices("unsupported_features").unless([]))
        }
    }

    /// A route without targets serves nothing and would refuse the whole snapshot: it is left out.
    private static func routes(_ executor: any PostgresExecutor) async throws(StoreError) -> [PolicyDocument.Route] {
        var targets: [ObjectID: [PolicyDocument.Target]] = [:]
        for row in try await executor.query(
            """
            SELECT route_id, provider_id, model_id, upstream_model_name, weight, fallback_on FROM route_targets
            ORDER BY route_id, position
            """)
        {
            let target = PolicyDocument.Target(
                providerID: try row.uuid("provider_id"), modelID: try row.uuid("model_id"),
                upstreamModelName: try row.optionalText("upstream_model_name"), weight: try row.int("weight"),
                on: try row.optionalChoices("fallback_on"))
            targets[try row.uuid("route_id"), default: []].append(target)
        }
        var routes: [PolicyDocument.Route] = []
        for row in try await executor.query(
            """
            SELECT id, name, strategy, default_max_output_tokens, admission_wait_milliseconds, sticky_by, sticky_header,
                retries_max, retries_first, total_timeout_milliseconds, refuses_when_all_are_out, hedge_percent_max,
                hedge_after_milliseconds, hedge_plain_answers, resumes_max, unsupported_parameters,
                keep_alive_milliseconds, target_groups, rules, created_at,
                shadow_provider_id, shadow_model_id, shadow_upstream_model_name, shadow_share, (
                    SELECT s.sha256 FROM virtual_key_secrets s JOIN virtual_keys k ON k.id = s.virtual_key_id
                    WHERE k.id = shadow_virtual_key_id AND s.revoked_at IS NULL AND k.revoked_at IS NULL
                    ORDER BY s.expires_at DESC NULLS FIRST, s.created_at DESC, s.id LIMIT 1) AS shadow_sha256
            FROM routes ORDER BY id
            """)
        {
            let id = try row.uuid("id")
            guard let all = targets[id] else { continue }
            let stored = try row.routeRules()
            let (targets, ofRules) = try StoredRule.divide(all, among: stored)
            routes.append(
                PolicyDocument.Route(
                    id: id, name: try row.text("name"), strategy: try row.known("strategy"), targets: targets,
                    groups: try row.targetGroups(),
                    rules: stored.isEmpty ? nil : zip(stored, ofRules).map { $0.published($1) },
                    defaultMaxOutputTokens: try row.optionalInt("default_max_output_tokens"),
                    admissionWaitMilliseconds: try row.int("admission_wait_milliseconds"), sticky: try row.sticky(),
                    retriesMax: try row.int("retries_max").unless(PolicyDocument.Route.retriesMaxDefault),
                    retriesFirst: try row.bool("retries_first").unless(false),
                    totalTimeoutMilliseconds: try row.optionalInt("total_timeout_milliseconds"),
                    refusesWhenAllAreOut: try row.bool("refuses_when_all_are_out").unless(false),
                    hedge: try row.hedge(), resumesMax: try row.int("resumes_max").unless(0), shadow: try shadow(row),
                    unsupportedParameters: (try row.optionalChoice("unsupported_parameters")
                        as PolicyDocument.UnsupportedParameters?).flatMap { $0.unless(.refuse) },
                    keepAliveMilliseconds: try row.optionalInt("keep_alive_milliseconds"),
                    createdUnixSeconds: try row.unixMilliseconds("created_at") / 1000))
        }
        return routes
    }

    /// By the newest live secret of its key. A key without one is charged nothing, so there is no shadow.
    private static func shadow(_ row: PostgresRow) throws(StoreError) -> PolicyDocument.Shadow? {
        guard let bytes = try row.optionalBytes("shadow_sha256") else { return nil }
        guard let digest = SHA256Digest(bytes: bytes) else { throw .mismatch("virtual_key_secrets.sha256") }
        return PolicyDocument.Shadow(
            target: PolicyDocument.Target(
                providerID: try row.uuid("shadow_provider_id"), modelID: try row.uuid("shadow_model_id"),
                upstreamModelName: try row.optionalText("shadow_upstream_model_name")),
            share: try row.int("shadow_share"), secretSHA256: digest)
    }

    /// Those of virtual keys are in the shards of the keys: there may be as many of them as of keys.
    private static func allowances(
        _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [PolicyDocument.Allowance] {
        try await executor.query(
            """
            SELECT \(AllowanceRows.columns), name, organization_id, team_id FROM allowances
            WHERE virtual_key_id IS NULL ORDER BY id
            """
        ).map { row throws(StoreError) in
            let rule = try AllowanceRows.rule(row)
            return PolicyDocument.Allowance(
                id: rule.id, name: try row.text("name"), organizationID: try row.optionalUUID("organization_id"),
                teamID: try row.optionalUUID("team_id"), kind: rule.kind, mode: rule.mode, period: rule.period,
                limit: rule.limit, endUser: try row.optionalText("end_user"),
                routeID: try row.optionalUUID("route_id"), modelID: try row.optionalUUID("model_id"))
        }
    }
}

extension PostgresRow {
    /// A text column that holds one of an enumeration's raw values.
    fileprivate func known<Choice: RawRepresentable<String>>(_ column: String) throws(StoreError) -> Choice {
        let text = try text(column)
        guard let choice = Choice(rawValue: text) else {
            throw .mismatch("column \(column) has the unknown value \(text)")
        }
        return choice
    }
}

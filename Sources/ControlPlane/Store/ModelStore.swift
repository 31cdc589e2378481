import Shared

/// Rows of `models` with their `model_prices`.
enum ModelStore {
    private static let select =
        """
        SELECT id, name, kind, max_output_tokens, max_input_tokens, unsupported_features, metadata, revision, created_at,
            updated_at
        FROM models
        """

    static func page(_ request: ListRequest, in work: Work) async throws -> [Model] {
        let models = try await work.database.query(
            select + " WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR name = $2) ORDER BY id LIMIT $3",
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["name"]) { .text($0) },
                .integer(request.fetchCount),
            ]
        ).map(model)
        return try await withPrices(models, in: work)
    }

    static func resolve(_ reference: String, in work: Work) async throws -> Reference? {
        try await Reference.resolve(reference, in: "models", work)
    }

    /// The kinds that these models are of.
    static func kinds(_ ids: [ObjectID], in work: Work) async throws -> Set<Model.Kind> {
        let rows = try await work.database.query(
            "SELECT DISTINCT kind FROM models WHERE id = ANY($1)", [.uuidArray(ids)])
        return Set(try rows.map { (row) throws(StoreError) in try row.choice("kind") })
    }

    private static func model(_ row: PostgresRow) throws(StoreError) -> Model {
        var model = Model(id: try row.uuid("id"), now: try row.unixMilliseconds("created_at"))
        model.name = try row.text("name")
        model.kind = try row.choice("kind")
        model.maxOutputTokens = try row.optionalInt("max_output_tokens")
        model.maxInputTokens = try row.optionalInt("max_input_tokens")
        model.unsupportedFeatures = try row.choices("unsupported_features")
        model.metadata = try row.object("metadata")
        model.revision = try row.int64("revision")
        model.updatedAt = try row.unixMilliseconds("updated_at")
        return model
    }

    private static func withPrices(_ models: [Model], in work: Work) async throws -> [Model] {
        if models.isEmpty { return models }
        let rows = try await work.database.query(
            """
            SELECT id, model_id, effective_from, tiers, \(PriceLines.fields.map(\.name).joined(separator: ", "))
            FROM model_prices WHERE model_id = ANY($1) ORDER BY model_id, effective_from
            """, [.uuidArray(models.map(\.id))])
        var prices: [ObjectID: [Model.Price]] = [:]
        for row in rows {
            prices[try row.uuid("model_id"), default: []].append(
                Model.Price(
                    id: try row.uuid("id"), effectiveFrom: try row.unixMilliseconds("effective_from"),
                    lines: try row.priceLines(), tiers: try row.priceTiers()))
        }
        return models.map { model in
            var model = model
            model.prices = prices[model.id] ?? []
            return model
        }
    }

    fileprivate static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Model? {
        let found = try await work.database.query(
            select + " WHERE id = $1" + (locking ? " FOR UPDATE" : ""), [.uuid(id)]
        ).map(model)
        return try await withPrices(found, in: work).first
    }

    /// Rows of prices are never changed: those that are not wanted any more have not begun, and are deleted; new ones are
    /// inserted.
    fileprivate static func savePrices(of model: Model, in work: Work) async throws {
        try await work.database.execute(
            "DELETE FROM model_prices WHERE model_id = $1 AND id <> ALL($2) AND effective_from > $3",
            [.uuid(model.id), .uuidArray(model.prices.map(\.id)), .timestamp(unixMilliseconds: work.now)])
        let names = PriceLines.fields.map(\.name)
        let places = (0..<names.count).map { "$\($0 + 6)" }.joined(separator: ", ")
        for price in model.prices {
            try await work.database.execute(
                """
                INSERT INTO model_prices (id, model_id, effective_from, created_at, tiers, \(names.joined(separator: ", ")))
                VALUES ($1, $2, $3, $4, $5, \(places)) ON CONFLICT (id) DO NOTHING
                """,
                [
                    .uuid(price.id), .uuid(model.id), .timestamp(unixMilliseconds: price.effectiveFrom),
                    .timestamp(unixMilliseconds: work.now), .object(.array(price.tiers.map(\.json))),
                ] + PriceLines.fields.map { field in .optional(field.get(price.lines)) { .int64($0) } })
        }
    }
}

extension Model {
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Model? {
        try await ModelStore.find(id, locking: locking, in: work)
    }

    func insert(in work: Work) async throws {
        try await work.insert(
            Self.noun, naming: name,
            """
            INSERT INTO models (id, name, kind, max_output_tokens, max_input_tokens, unsupported_features, metadata,
                created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
            """, columns + [.timestamp(unixMilliseconds: createdAt)])
        try await ModelStore.savePrices(of: self, in: work)
    }

    func save(in work: Work) async throws -> Model {
        var saved = self
        saved.revision = try await work.update(
            Self.noun, naming: name,
            """
            UPDATE models SET name = $2, kind = $3, max_output_tokens = $4, max_input_tokens = $5,
                unsupported_features = $6, metadata = $7, revision = revision + 1, updated_at = $8
            WHERE id = $1 RETURNING revision
            """, columns + [.timestamp(unixMilliseconds: work.now)])
        try await ModelStore.savePrices(of: self, in: work)
        saved.updatedAt = work.now
        return saved
    }

    private var columns: [PostgresValue] {
        [
            .uuid(id), .text(name), .text(kind.rawValue), .optional(maxOutputTokens) { .integer($0) },
            .optional(maxInputTokens) { .integer($0) }, .textArray(unsupportedFeatures.map(\.rawValue)),
            .object(metadata),
        ]
    }

    func remove(in work: Work) async throws {
        try await work.database.execute("DELETE FROM models WHERE id = $1", [.uuid(id)])
    }

    func referrers(in work: Work) async throws -> [String] {
        try await work.referrers(
            "route",
            """
            SELECT r.name FROM routes r
            WHERE r.shadow_model_id = $1
                OR EXISTS (SELECT 1 FROM route_targets t WHERE t.route_id = r.id AND t.model_id = $1)
            ORDER BY r.id LIMIT $2
            """, id)
            + work.referrers("allowance", "SELECT name FROM allowances WHERE model_id = $1 ORDER BY id LIMIT $2", id)
    }
}

extension PostgresRow {
    /// The price lines of a row of `model_prices`.
    func priceLines() throws(StoreError) -> PriceLines {
        var lines = PriceLines(inputPicodollarsPerToken: 0, outputPicodollarsPerToken: 0)
        for field in PriceLines.fields { field.set(&lines, try optionalInt64(field.name)) }
        return lines
    }

    func priceTiers() throws(StoreError) -> [PriceTier] {
        (try object("tiers").array ?? []).map { PriceTier(Fields($0)) }
    }
}

import Shared

/// Rows of `credentials`. Ciphertexts are opened here for one purpose: the hint of their last characters.
enum CredentialStore {
    private static let select = """
        SELECT id, name, version, reference, ciphertext, metadata, revision, created_at, updated_at FROM credentials
        """

    static func page(_ request: ListRequest, in work: Work) async throws -> [Credential] {
        try await work.database.query(
            select + " WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR name = $2) ORDER BY id LIMIT $3",
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["name"]) { .text($0) },
                .integer(request.fetchCount),
            ]
        ).map { try credential($0, in: work) }
    }

    static func resolve(_ reference: String, in work: Work) async throws -> Reference? {
        try await Reference.resolve(reference, in: "credentials", work)
    }

    fileprivate static func credential(_ row: PostgresRow, in work: Work) throws -> Credential {
        var credential = Credential(id: try row.uuid("id"), now: try row.unixMilliseconds("created_at"))
        credential.name = try row.text("name")
        credential.version = try row.int("version")
        if let reference = try row.optionalText("reference") {
            credential.source = .reference(reference)
        } else {
            let sealed = try row.bytes("ciphertext")
            // A value that cannot be opened (another operator's key) is still listed, so that it can be replaced.
            let value = try? work.vault.open(sealed, credentialID: credential.id, version: credential.version)
            credential.source = .sealed(
                sealed, hint: value.map { Credential.hint(of: String(decoding: $0, as: UTF8.self)) } ?? "unreadable")
        }
        credential.metadata = try row.object("metadata")
        credential.revision = try row.int64("revision")
        credential.updatedAt = try row.unixMilliseconds("updated_at")
        return credential
    }

    fileprivate static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Credential? {
        try await work.database.query(select + " WHERE id = $1" + (locking ? " FOR UPDATE" : ""), [.uuid(id)])
            .first.map { try credential($0, in: work) }
    }
}

extension Credential {
    static func find(_ id: ObjectID, locking: Bool, in work: Work) async throws -> Credential? {
        try await CredentialStore.find(id, locking: locking, in: work)
    }

    func insert(in work: Work) async throws {
        try await work.insert(
            Self.noun, naming: name,
            """
            INSERT INTO credentials (id, name, version, reference, ciphertext, metadata, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
            """, columns + [.timestamp(unixMilliseconds: createdAt)])
    }

    func save(in work: Work) async throws -> Credential {
        var saved = self
        saved.revision = try await work.update(
            Self.noun, naming: name,
            """
            UPDATE credentials SET name = $2, version = $3, reference = $4, ciphertext = $5, metadata = $6,
                revision = revision + 1, updated_at = $7
            WHERE id = $1 RETURNING revision
            """, columns + [.timestamp(unixMilliseconds: work.now)])
        saved.updatedAt = work.now
        return saved
    }

    private var columns: [PostgresValue] {
        var reference = PostgresValue.null
        var ciphertext = PostgresValue.null
        switch source {
        case .reference(let text): reference = .text(text)
        case .sealed(let bytes, _): ciphertext = .bytes(bytes)
        }
        return [.uuid(id), .text(name), .integer(version), reference, ciphertext, .object(metadata)]
    }

    func remove(in work: Work) async throws {
        try await work.database.execute("DELETE FROM credentials WHERE id = $1", [.uuid(id)])
    }

    func referrers(in work: Work) async throws -> [String] {
        try await work.referrers(
            "provider",
            """
            SELECT p.name FROM providers p
            WHERE p.credential_id = $1
                OR EXISTS (SELECT FROM provider_credentials t WHERE t.provider_id = p.id AND t.credential_id = $1)
            ORDER BY p.id LIMIT $2
            """, id)
    }
}

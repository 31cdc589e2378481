import Shared

/// What an administrator, or a program of theirs, presents to this API. The text is shown once, at creation.
struct AdminToken {
    static let noun = Noun(singular: "admin token", plural: "admin-tokens", type: "AdminToken")

    var id: ObjectID
    var name: String
    var role: Administrator.Role
    var expiresAt: Int64?
    var revokedAt: Int64?
    var createdAt: Int64

    static func create(_ fields: Fields, in work: Work) async throws -> (AdminToken, AccessToken) {
        var token = AdminToken(
            id: work.newID(), name: fields.text("name") ?? "", role: .admin, expiresAt: fields.time("expires_at"),
            revokedAt: nil, createdAt: work.now)
        fields.take("role", into: &token.role)
        if let expiresAt = token.expiresAt, expiresAt <= work.now {
            throw ResourceError.invalid([
                FieldProblem(path: "expires_at", message: "has passed; give a time to come or leave it out")
            ])
        }
        let secret = AccessToken.generate(.administrator)
        try await AdminTokenStore.insert(token, sha256: secret.sha256, in: work)
        work.record("create", noun, id: token.id, name: token.name, after: token.json)
        return (token, secret)
    }

    static func get(_ id: String, in work: Work, locking: Bool = false) async throws -> AdminToken {
        guard let parsed = ObjectID(id), let token = try await AdminTokenStore.find(parsed, in: work) else {
            throw ResourceError.notFound(noun, id)
        }
        return token
    }

    /// The last token that can change anything stays: without it only `weir-control` on the host could help.
    static func revoke(_ id: String, in work: Work) async throws -> AdminToken {
        try await AdminTokenStore.lockAll(in: work)
        let before = try await get(id, in: work)
        guard before.revokedAt == nil else { return before }
        if before.role == .admin, try await AdminTokenStore.countOfOtherAdministrators(than: before.id, in: work) == 0 {
            throw ResourceError.conflict(
                "This is the last admin token that is live and does not expire. Create another one first, or nobody can use this API."
            )
        }
        var token = before
        token.revokedAt = work.now
        try await AdminTokenStore.revoke(token.id, in: work)
        work.record("revoke", noun, id: token.id, name: token.name, before: before.json, after: token.json)
        return token
    }

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("name", .string(name)), ("role", .string(role.rawValue)),
            ("expires_at", .optional(expiresAt) { .time($0) }), ("revoked_at", .optional(revokedAt) { .time($0) }),
            ("created_at", .time(createdAt)),
        ])
    }
}

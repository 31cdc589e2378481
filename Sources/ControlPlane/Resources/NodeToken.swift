import Shared

/// What data planes present to the fleet API. The text is shown once, at creation.
struct NodeToken {
    static let noun = Noun(singular: "node token", plural: "node-tokens", type: "NodeToken")

    var id: ObjectID
    var name: String
    var revokedAt: Int64?
    var createdAt: Int64

    static func create(_ fields: Fields, in work: Work) async throws -> (NodeToken, AccessToken) {
        let token = NodeToken(id: work.newID(), name: fields.text("name") ?? "", revokedAt: nil, createdAt: work.now)
        let secret = AccessToken.generate(.node)
        try await NodeTokenStore.insert(token, sha256: secret.sha256, in: work)
        work.record("create", noun, id: token.id, name: token.name, after: token.json, publishing: .access)
        return (token, secret)
    }

    static func get(_ id: String, in work: Work, locking: Bool = false) async throws -> NodeToken {
        guard let parsed = ObjectID(id), let token = try await NodeTokenStore.find(parsed, locking: locking, in: work)
        else {
            throw ResourceError.notFound(noun, id)
        }
        return token
    }

    static func revoke(_ id: String, in work: Work) async throws -> NodeToken {
        let before = try await get(id, in: work, locking: true)
        guard before.revokedAt == nil else { return before }
        var token = before
        token.revokedAt = work.now
        try await NodeTokenStore.revoke(token.id, in: work)
        work.record(
            "revoke", noun, id: token.id, name: token.name, before: before.json, after: token.json, publishing: .access)
        return token
    }

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("name", .string(name)), ("revoked_at", .optional(revokedAt) { .time($0) }),
            ("created_at", .time(createdAt)),
        ])
    }
}

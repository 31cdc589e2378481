import Shared

/// A credential that clients present. Its secrets are stored as hashes; the text exists in the answer that creates it.
struct VirtualKey: ManagedObject {
    static let noun = Noun(singular: "virtual key", plural: "virtual-keys", type: "VirtualKey")

    static let networkCountMax = 64
    static let routeCountMax = 1_000
    static let tagCountMax = 32
    /// The database writes tags with a blank after each colon and comma, and the shard of the key bounds what it writes.
    static let tagsBytesMax = KeyShard.tagsBytesMax - 2 * tagCountMax
    /// 90 days: a secret that nobody exchanges in that time is not being rotated.
    static let overlapSecondsRange: ClosedRange<Int64> = 0...7_776_000
    static let overlapSecondsDefault: Int64 = 86_400

    /// One of the at most two live secrets.
    struct Secret: Equatable {
        var id: ObjectID
        var sha256: SHA256Digest
        /// The end of the overlap, for the older of two.
        var expiresAt: Int64?
        var createdAt: Int64
    }

    enum Status: String, CaseIterable { case active, expired, revoked }

    var id: ObjectID
    var keyID: VirtualKeyID
    var team = Reference(id: .zero, name: "")
    var organization = Reference(id: .zero, name: "")
    var name = ""
    /// nil: all routes.
    var allowedRoutes: [Reference]?
    /// Empty: from anywhere.
    var allowedNetworks: [String] = []
    var priority = KeyPriority.normal
    /// Its requests may ask how they went.
    var mayExplain = false
    var tags = JSONValue.record([])
    var metadata = JSONValue.record([])
    var expiresAt: Int64?
    var revokedAt: Int64?
    /// The live ones, oldest first.
    var secrets: [Secret] = []
    var revision: Int64 = 1
    var createdAt: Int64
    var updatedAt: Int64
    /// When this was read: what "live" and "expired" mean.
    var asOf: Int64

    init(id: ObjectID, now: Int64) {
        self.init(id: id, keyID: .generate(), now: now)
    }

    init(id: ObjectID, keyID: VirtualKeyID, now: Int64) {
        self.id = id
        self.keyID = keyID
        createdAt = now
        updatedAt = now
        asOf = now
    }

    var status: Status {
        if revokedAt != nil { return .revoked }
        if let expiresAt, expiresAt <= asOf { return .expired }
        return .active
    }

    /// The entry of each secret repeats what the key allows.
    var publication: Publication { .keys(shards: Set(secrets.map(\.sha256.firstByte))) }

    mutating func apply(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        var problems: [FieldProblem] = []
        fields.take("name", into: &name)
        fields.take("priority", into: &priority)
        fields.take("may_explain", into: &mayExplain)
        fields.take("tags", into: &tags)
        fields.take("metadata", into: &metadata)
        if let networks = fields.texts("allowed_networks") {
            allowedNetworks = networks.compactMap { NetworkPrefix($0)?.description }
        }
        fields.takeTime("expires_at", into: &expiresAt)
        if fields.has("expires_at"), let expiresAt, expiresAt <= work.now {
            problems.append(
                FieldProblem(
                    path: "expires_at", message: "has passed; give a time to come, null for none, or revoke the key"))
        }
        if let reference = fields.text("team") {
            if let found = try await TeamStore.resolve(reference, in: work) {
                team = Reference(id: found.id, name: found.name)
                organization = Reference(id: found.organizationID, name: found.organizationName)
            } else {
                problems.append(
                    FieldProblem(
                        path: "team",
                        message:
                            "no single team is called \(reference.quotedForMessage); give its ID, its name, or organization/team where several have the name"
                    ))
            }
        }
        if fields.isNull("allowed_routes") { allowedRoutes = nil }
        if let references = fields.texts("allowed_routes") {
            var routes: [Reference] = []
            for (index, reference) in references.enumerated() {
                if let route = try await RouteStore.resolve(reference, in: work) {
                    if !routes.contains(route) { routes.append(route) }
                } else {
                    problems.append(.unknown("allowed_routes[\(index)]", Route.noun, reference))
                }
            }
            allowedRoutes = routes.sorted { $0.name < $1.name }
        }
        return problems
    }

    // MARK: Secrets

    /// A new key and the one text of its secret.
    static func issue(_ fields: Fields, in work: Work) async throws -> (VirtualKey, VirtualKeySecret) {
        var key = VirtualKey(id: work.newID(), now: work.now)
        let problems = try await key.apply(fields, in: work)
        guard problems.isEmpty else { throw ResourceError.invalid(problems) }
        try await key.insert(in: work)
        let secret = try await key.addSecret(in: work)
        work.record("create", of: key, after: key.json)
        return (key, secret)
    }

    /// Revoking twice is no error: what was asked for is so.
    static func revoke(_ id: String, in work: Work) async throws -> VirtualKey {
        let before = try await get(id, in: work, locking: true)
        guard before.revokedAt == nil else { return before }
        var key = before
        key.revokedAt = work.now
        // While the secrets are still listed: it is their entries that disappear.
        let publication = key.publication
        try await VirtualKeyStore.revokeSecrets(of: key, in: work)
        key.secrets = []
        key = try await key.save(in: work)
        work.record(
            "revoke", noun, id: key.id, name: key.name, before: before.json, after: key.json, publishing: publication)
        try await key.publishShadows(in: work)
        return key
    }

    /// A second secret; the first one lives on for the overlap.
    static func rotate(_ id: String, overlapSeconds: Int64, in work: Work) async throws -> (
        VirtualKey, VirtualKeySecret
    ) {
        let before = try await get(id, in: work, locking: true)
        guard before.status == .active else {
            throw ResourceError.conflict(
                "The key is \(before.status.rawValue); only an active key can be rotated. Create a new one.")
        }
        if before.secrets.count >= 2, overlapSeconds > 0 {
            let end = before.secrets.compactMap(\.expiresAt).min().map { RFC3339.text(unixMilliseconds: $0) } ?? "later"
            throw ResourceError.conflict(
                "Two secrets of the key are live, the older one until \(end). Wait until then, or rotate with overlap_seconds 0, which ends both at once."
            )
        }
        var key = before
        let old = key.secrets
        try await VirtualKeyStore.end(old, after: overlapSeconds, in: work)
        key.secrets =
            overlapSeconds == 0
            ? []
            : old.map { secret in
                var secret = secret
                secret.expiresAt = work.now + overlapSeconds * 1000
                return secret
            }
        let secret = try await key.addSecret(in: work)
        key = try await key.save(in: work)
        work.record(
            "rotate", noun, id: key.id, name: key.name, before: before.json, after: key.json,
            publishing: .keys(shards: Set((old + key.secrets).map(\.sha256.firstByte))))
        try await key.publishShadows(in: work)
        return (key, secret)
    }

    /// The policy names a key that shadows are charged to by its newest secret.
    private func publishShadows(in work: Work) async throws {
        if try await !referrers(in: work).isEmpty { work.publishPolicy() }
    }

    private mutating func addSecret(in work: Work) async throws -> VirtualKeySecret {
        let text = VirtualKeySecret.generate(keyID: keyID)
        let secret = Secret(id: work.newID(), sha256: text.sha256, expiresAt: nil, createdAt: work.now)
        try await VirtualKeyStore.insert(secret, of: self, in: work)
        secrets.append(secret)
        return text
    }

    /// By its ID or by the key ID that stands in the key's text and in usage events.
    static func get(_ id: String, in work: Work, locking: Bool = false) async throws -> VirtualKey {
        guard ObjectID(id) != nil || VirtualKeyID(id) != nil,
            let key = try await VirtualKeyStore.find(id, locking: locking, in: work)
        else {
            throw ResourceError.notFound(noun, id)
        }
        return key
    }

    /// A key in use does not vanish by one slip: it is revoked first, deleted after.
    static func delete(_ id: String, matching revisions: RevisionMatch, in work: Work) async throws {
        let key = try await get(id, in: work, locking: true)
        try revisions.check(key.revision)
        guard key.status != .active else {
            throw ResourceError.conflict("The key is active. Revoke it first (POST \(noun.collection)/\(id)/revoke).")
        }
        let referrers = try await key.referrers(in: work)
        guard referrers.isEmpty else { throw ResourceError.stillReferenced(noun, by: referrers) }
        try await Allowance.deleteAll(ofKey: key.id, in: work)
        try await key.remove(in: work)
        work.record("delete", of: key, before: key.json)
    }

    static func update(_ id: String, matching revisions: RevisionMatch, _ fields: Fields, in work: Work) async throws
        -> VirtualKey
    {
        let before = try await get(id, in: work, locking: true)
        try revisions.check(before.revision)
        guard before.revokedAt == nil else {
            throw ResourceError.conflict("The key is revoked, and that cannot be undone. Create a new one.")
        }
        var key = before
        let problems = try await key.apply(fields, in: work)
        guard problems.isEmpty else { throw ResourceError.invalid(problems) }
        guard key.json != before.json else { return before }
        key = try await key.save(in: work)
        work.record("update", of: key, before: before.json, after: key.json)
        return key
    }

    // MARK: Answers

    var json: JSONValue { .record(fields) }

    /// The answer to a creation or a rotation: the only one with the text.
    func json(with secret: VirtualKeySecret) -> JSONValue { .record(fields + [("key", .string(secret.text))]) }

    private var fields: [(name: String, value: JSONValue)] {
        [
            ("id", .id(id)), ("key_id", .string(keyID.description)), ("team_id", .id(team.id)),
            ("team", .string(team.name)),
            ("organization_id", .id(organization.id)), ("organization", .string(organization.name)),
            ("name", .string(name)),
            ("status", .string(status.rawValue)), ("expires_at", .optional(expiresAt) { .time($0) }),
            ("revoked_at", .optional(revokedAt) { .time($0) }),
            ("allowed_routes", .optional(allowedRoutes) { .strings($0.map(\.name)) }),
            ("allowed_networks", .strings(allowedNetworks)), ("priority", .string(priority.rawValue)),
            ("may_explain", .boolean(mayExplain)), ("tags", tags),
            ("metadata", metadata),
            ("secrets", .array(secrets.map(\.json))), ("revision", .int(revision)), ("created_at", .time(createdAt)),
            ("updated_at", .time(updatedAt)),
        ]
    }
}

extension VirtualKey.Secret {
    var json: JSONValue {
        .record([
            ("id", .id(id)), ("created_at", .time(createdAt)), ("expires_at", .optional(expiresAt) { .time($0) }),
        ])
    }
}

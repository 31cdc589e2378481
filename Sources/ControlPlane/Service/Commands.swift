public import Shared

/// The commands of `weir-control` besides `serve`: each does one thing and ends.
///
/// - Errors: `CommandFailure`, one line for the person at the terminal.
public struct Commands {
    private let configuration: ControlPlaneConfiguration
    private let pool: PostgresPool

    public init(_ configuration: ControlPlaneConfiguration, on loop: EventLoop) {
        self.configuration = configuration
        pool = PostgresPool(on: loop, options: configuration.poolOptions)
    }

    /// What `init` did and made. Secrets in it are shown once and never again.
    public struct Initialization: Sendable {
        public var fleet: String
        public var publicKey: String
        public var keyID: String
        public var appliedMigrations: [Int]
        /// nil: the database was initialised before and no new token was asked for.
        public var adminToken: String?

        public var json: String {
            var writer = JSONWriter()
            writer.beginObject()
            if let adminToken { writer.member("adminToken", adminToken) }
            writer.name("appliedMigrations")
            writer.beginArray()
            for number in appliedMigrations { writer.integer(number) }
            writer.endArray()
            writer.member("fleet", fleet)
            writer.member("keyID", keyID)
            writer.member("publicKey", publicKey)
            writer.endObject()
            return String(decoding: writer.bytes, as: UTF8.self)
        }

        public var text: String {
            var lines = ["fleet       \(fleet)", "public key  \(publicKey)", "key ID      \(keyID)"]
            if let adminToken {
                lines += [
                    "admin token \(adminToken)", "", "The token is shown once. Keep it; it is stored only as a hash.",
                ]
            } else {
                lines += ["", "This database was initialised before. --new-admin-token makes another admin token."]
            }
            return lines.joined(separator: "\n")
        }
    }

    /// Creates what is missing: schema, keys, fleet, first admin token. Running it again changes nothing.
    public func initialize(newAdminToken: Bool) async throws -> Initialization {
        let applied = try await migrate()
        let signing = try KeyFile.readOrCreate(configuration.signingKeyFile, setting: "signingKeyFile")
        let encryption = try KeyFile.readOrCreate(configuration.encryptionKeyFile, setting: "encryptionKeyFile")
        let keys = try ControlPlaneKeys(signing: signing.key, encryption: encryption.key)
        let fleet = configuration.fleet
        return try await inStore {
            try await pool.transaction { transaction in
                let isFirst =
                    try await transaction.execute(
                        """
                        INSERT INTO fleet_state (fleet, signing_key_id, encryption_key_id) VALUES ($1, $2, $3)
                        ON CONFLICT DO NOTHING
                        """, [.text(fleet), .text(keys.signer.keyID), .text(keys.vault.keyID)]) == 1
                guard let state = try await SnapshotStore.fleetState(transaction) else {
                    throw CommandFailure("fleet_state is empty")
                }
                guard state.encryptionKeyID == keys.vault.keyID else {
                    throw CommandFailure(
                        "this database was initialised with another encryption key than \(configuration.encryptionKeyFile)"
                    )
                }
                var token: AccessToken?
                if isFirst || newAdminToken {
                    token = try await Self.makeAdminToken(isFirst: isFirst, in: transaction)
                }
                return Initialization(
                    fleet: state.fleet, publicKey: Base64.encode(keys.signing.publicKey.rawBytes),
                    keyID: keys.signer.keyID, appliedMigrations: applied, adminToken: token?.text)
            }
        }
    }

    /// Returns the numbers of the migrations it applied.
    public func migrate() async throws -> [Int] {
        do { return try await Migrator(pool: pool).migrate() } catch {
            if case .store(let error) = error { throw CommandFailure("cannot reach the database: \(error.detail)") }
            throw CommandFailure(error.description)
        }
    }

    /// A new token for data planes, shown once.
    public func makeNodeToken(name: String) async throws -> String {
        guard !name.isEmpty, name.utf8.count <= 100 else {
            throw CommandFailure("a node token needs a name of 1 to 100 bytes")
        }
        let token = AccessToken.generate(.node)
        try await inStore {
            try await pool.transaction { transaction in
                let id = ObjectID.random()
                try await NodeAccessStore.insertToken(id: id, name: name, sha256: token.sha256, transaction)
                try await Self.audit("create", kind: "node_token", id: id, name: name, in: transaction)
            }
        }
        return token.text
    }

    /// The raw Ed25519 key as base64: what data planes are told to trust.
    public static func publicKey(_ configuration: ControlPlaneConfiguration) throws(CommandFailure) -> String {
        let seed = try KeyFile.read(configuration.signingKeyFile, setting: "signingKeyFile")
        do { return Base64.encode(try Ed25519PrivateKey(rawBytes: seed).publicKey.rawBytes) } catch {
            throw CommandFailure("\(configuration.signingKeyFile) does not hold a key")
        }
    }

    private static func makeAdminToken(isFirst: Bool, in transaction: PostgresTransaction) async throws -> AccessToken {
        let token = AccessToken.generate(.administrator)
        let id = ObjectID.random()
        let name = isFirst ? "first" : "init-\(id.description.suffix(12))"
        try await transaction.execute(
            "INSERT INTO admin_tokens (id, name, role, sha256) VALUES ($1, $2, 'admin', $3)",
            [.uuid(id), .text(name), .bytes(token.sha256.bytes)])
        try await audit("create", kind: "admin_token", id: id, name: name, in: transaction)
        return token
    }

    private static func audit(
        _ action: String, kind: String, id: ObjectID, name: String, in transaction: PostgresTransaction
    ) async throws(StoreError) {
        try await transaction.execute(
            """
            INSERT INTO audit_entries (id, actor_kind, actor_name, action, resource_kind, resource_id, resource_name)
            VALUES ($1, 'command', 'weir-control', $2, $3, $4, $5)
            """, [.uuid(ObjectID.random()), .text(action), .text(kind), .uuid(id), .text(name)])
    }

    private func inStore<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as StoreError {
            switch error {
            case .conflict: throw CommandFailure("that name is taken")
            case .other(let sqlstate, _) where sqlstate == "42P01":
                throw CommandFailure("the database is not initialised: run weir-control init")
            default: throw CommandFailure("the database: \(error.detail)")
            }
        }
    }
}

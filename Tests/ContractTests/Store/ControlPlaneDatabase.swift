@testable import ControlPlane
import Shared
import TestSupport

/// An initialised database for one test, and services over it.
struct ControlPlaneDatabase: Sendable {
    let settings: PostgresSettings
    let signing: Ed25519PrivateKey
    let vault: CredentialVault

    /// Empty, migrated, with its row in `fleet_state`.
    static func make(_ name: String = "control") throws -> ControlPlaneDatabase {
        try make(in: PostgresSettings(connectionString: try TemporaryPostgres.shared.get().createDatabase(name)))
    }

    static func make(in settings: PostgresSettings) throws -> ControlPlaneDatabase {
        let database = ControlPlaneDatabase(
            settings: settings, signing: Ed25519PrivateKey(), vault: try CredentialVault(key: SecureRandom.bytes(32)))
        try onLoop { actor in
            let pool = PostgresPool(on: actor.loop, options: .init(settings: settings))
            defer { pool.close() }
            _ = try await Migrator(pool: pool).migrate()
            try await pool.execute(
                "INSERT INTO fleet_state (fleet, signing_key_id, encryption_key_id) VALUES ('test', $1, $2)",
                [.text(database.signing.publicKey.keyID), .text(database.vault.keyID)])
        }
        return database
    }

    func services(
        on loop: EventLoop, options: Publisher.Options = Publisher.Options(), time: any TimeSource = SystemTime()
    ) -> ControlPlaneServices {
        ControlPlaneServices(
            loop: loop, poolOptions: .init(settings: settings), signer: SnapshotSigner(key: signing), vault: vault,
            time: time, logOutput: LogOutput(descriptor: 2, level: .error), publisherOptions: options)
    }
}

/// Configuration written the way the admin API writes it: in a transaction that ends with the mark of the change.
struct Configurator {
    let pool: PostgresPool
    var organization = ObjectID.random()
    var team = ObjectID.random()

    func addTenancy() async throws {
        try await pool.transaction { transaction in
            try await transaction.execute(
                "INSERT INTO organizations (id, name) VALUES ($1, 'acme')", [.uuid(organization)])
            try await transaction.execute(
                "INSERT INTO teams (id, organization_id, name) VALUES ($1, $2, 'search')",
                [.uuid(team), .uuid(organization)])
        }
    }

    /// A key whose secret's hash begins with `shard`.
    @discardableResult
    func addKey(_ keyID: String, shard: UInt8, networks: [String] = []) async throws -> SHA256Digest {
        let digest = SHA256Digest(bytes: [shard] + SecureRandom.bytes(31))!
        try await pool.transaction { transaction in
            let id = ObjectID.random()
            try await transaction.execute(
                """
                INSERT INTO virtual_keys (id, key_id, team_id, name, allowed_networks) VALUES ($1, $2, $3, $2, $4)
                """, [.uuid(id), .text(keyID), .uuid(team), .textArray(networks)])
            try await transaction.execute(
                "INSERT INTO virtual_key_secrets (id, virtual_key_id, sha256) VALUES ($1, $2, $3)",
                [.uuid(ObjectID.random()), .uuid(id), .bytes(digest.bytes)])
            try await ConfigurationChange.record(in: transaction, shards: [shard], changesPolicy: false)
        }
        return digest
    }

    func revokeKey(_ keyID: String, shard: UInt8) async throws {
        try await pool.transaction { transaction in
            try await transaction.execute(
                "UPDATE virtual_keys SET revoked_at = now() WHERE key_id = $1", [.text(keyID)])
            try await ConfigurationChange.record(in: transaction, shards: [shard], changesPolicy: false)
        }
    }

    /// A provider, a priced model and a route between them.
    func addRoute(_ name: String) async throws {
        try await pool.transaction { transaction in
            let provider = ObjectID.random()
            let model = ObjectID.random()
            let route = ObjectID.random()
            try await transaction.execute(
                "INSERT INTO providers (id, name, dialect, base_url) VALUES ($1, $2, 'openai', 'http://127.0.0.1:9')",
                [.uuid(provider), .text("provider-\(name)")])
            try await transaction.execute(
                "INSERT INTO models (id, name, kind, max_output_tokens) VALUES ($1, $2, 'chat', 4096)",
                [.uuid(model), .text("model-\(name)")])
            try await transaction.execute(
                """
                INSERT INTO model_prices (id, model_id, effective_from, input_picodollars_per_token, output_picodollars_per_token)
                VALUES ($1, $2, '2025-01-01', 2500000, 10000000)
                """, [.uuid(ObjectID.random()), .uuid(model)])
            try await transaction.execute(
                "INSERT INTO routes (id, name, strategy) VALUES ($1, $2, 'priority')", [.uuid(route), .text(name)])
            try await transaction.execute(
                "INSERT INTO route_targets (route_id, position, provider_id, model_id) VALUES ($1, 0, $2, $3)",
                [.uuid(route), .uuid(provider), .uuid(model)])
            try await ConfigurationChange.record(in: transaction)
        }
    }
    /// One for the organization, one for the team and the only route, two for a key.
    func addAllowances(key: String, shard: UInt8) async throws {
        try await pool.transaction { transaction in
            let ids = (1...4).map { ObjectID(high: 0xa0, low: $0) }
            try await transaction.execute(
                """
                INSERT INTO allowances (id, organization_id, name, kind, period, limit_amount, mode)
                VALUES ($1, $2, 'budget', 'money', 'month', 1000000000, 'automatic')
                """, [.uuid(ids[0]), .uuid(organization)])
            try await transaction.execute(
                """
                INSERT INTO allowances (id, team_id, name, kind, period, sliding_seconds, limit_amount, mode, route_id)
                SELECT $1::uuid, $2::uuid, 'tokens', 'tokens', 'sliding', 60, 50000, 'strict', id FROM routes
                """, [.uuid(ids[1]), .uuid(team)])
            try await transaction.execute(
                """
                INSERT INTO allowances (id, virtual_key_id, name, kind, period, sliding_seconds, limit_amount, mode, end_user)
                SELECT $2::uuid, id, 'requests', 'requests', 'sliding', 86400, 100, 'strict', '*' FROM virtual_keys WHERE key_id = $1
                UNION ALL
                SELECT $3::uuid, id, 'slots', 'slots', 'none', NULL, 4, 'strict', 'ada' FROM virtual_keys WHERE key_id = $1
                """, [.text(key), .uuid(ids[2]), .uuid(ids[3])])
            try await ConfigurationChange.record(in: transaction, shards: [shard], changesPolicy: true)
        }
    }
}

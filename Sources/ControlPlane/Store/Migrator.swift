public import Shared

/// One step of the schema.
public struct Migration: Sendable {
    public let number: Int
    public let name: String
    public let text: String

    public init(number: Int, name: String, text: String) {
        self.number = number
        self.name = name
        self.text = text
    }

    private init(_ number: Int, _ name: String, _ embedded: [UInt8]) {
        self.init(number: number, name: name, text: String(decoding: embedded, as: UTF8.self))
    }

    public var sha256: SHA256Digest { SHA256.digest(Array(text.utf8)) }

    /// All steps this binary knows, `Migrations/NNNN-name.sql` in order. The build embeds each file as bytes under its own
    /// name with the first digit replaced.
    public static let all: [Migration] = [
        Migration(1, "initial", PackageResources._001_initial_sql),
        Migration(2, "prices", PackageResources._002_prices_sql),
        Migration(3, "usage", PackageResources._003_usage_sql),
        Migration(4, "allowances", PackageResources._004_allowances_sql),
        Migration(5, "ledger", PackageResources._005_ledger_sql),
        Migration(6, "allowance-alerts", PackageResources._006_allowance_alerts_sql),
        Migration(7, "usage-service-tier", PackageResources._007_usage_service_tier_sql),
        Migration(8, "routing-rules", PackageResources._008_routing_rules_sql),
        Migration(9, "targets-out", PackageResources._009_targets_out_sql),
        Migration(10, "hedges", PackageResources._010_hedges_sql),
        Migration(11, "route-rules", PackageResources._011_route_rules_sql),
        Migration(12, "provider-rules", PackageResources._012_provider_rules_sql),
        Migration(13, "overload", PackageResources._013_overload_sql),
        Migration(14, "explanations", PackageResources._014_explanations_sql),
        Migration(15, "refusals", PackageResources._015_refusals_sql),
        Migration(16, "probes", PackageResources._016_probes_sql),
        Migration(17, "shadows", PackageResources._017_shadows_sql),
        Migration(18, "resumes", PackageResources._018_resumes_sql),
        Migration(19, "dialects", PackageResources._019_dialects_sql),
        Migration(20, "begun-answers-and-keep-alives", PackageResources._020_begun_answers_and_keep_alives_sql),
        Migration(21, "responses", PackageResources._021_responses_sql),
        Migration(22, "vertex", PackageResources._022_vertex_sql),
        Migration(23, "corrections", PackageResources._023_corrections_sql),
    ]
}

/// Why the schema could not be brought up to date.
public enum MigrationError: Error, Equatable, Sendable, CustomStringConvertible {
    case store(StoreError)
    /// The database was migrated by a newer version of the program.
    case newerSchema(database: Int, binary: Int)
    /// A migration that was applied has another text now.
    case changed(number: Int)
    case failed(number: Int, StoreError)

    public var description: String {
        switch self {
        case .store(let error): "\(error)"
        case .newerSchema(let database, let binary):
            "the database has schema \(database), this program knows \(binary): run a newer weir-control"
        case .changed(let number): "migration \(number) is not the one that was applied to this database"
        case .failed(let number, let error): "migration \(number) failed: \(error)"
        }
    }
}

/// Brings the schema forward, one migration a transaction.
///
/// - Shape: any number of processes may do it at the same time: an advisory lock lets one at a time through, and the next
///   finds the work done.
/// - Errors: `MigrationError`; the migrations before the one that failed stay applied.
public struct Migrator {
    private let pool: PostgresPool
    private let migrations: [Migration]

    public init(pool: PostgresPool, migrations: [Migration] = Migration.all) {
        self.pool = pool
        self.migrations = migrations
    }

    /// An arbitrary number, the same in every version: "weir" in ASCII.
    static let advisoryLock: Int64 = 0x7765_6972

    /// A change of a big table takes what it takes.
    private static let timeout = Duration.seconds(3600)

    /// Applies what is missing. Returns the numbers it applied.
    public func migrate() async throws(MigrationError) -> [Int] {
        var applied: [Int] = []
        try await prepare()
        for migration in migrations {
            do {
                let isNew = try await pool.transaction { transaction in
                    try await transaction.script("SET LOCAL statement_timeout = 0", timeout: .seconds(10))
                    // Held to the end of the transaction.
                    try await transaction.script(
                        "SELECT pg_advisory_xact_lock(\(Self.advisoryLock))", timeout: Self.timeout)
                    let done = try await self.applied(in: transaction)
                    try check(done)
                    guard done[migration.number] == nil else { return false }
                    try await transaction.script(migration.text, timeout: Self.timeout)
                    try await transaction.execute(
                        "INSERT INTO schema_migrations (number, name, sha256) VALUES ($1, $2, $3)",
                        [.integer(migration.number), .text(migration.name), .bytes(migration.sha256.bytes)])
                    return true
                }
                if isNew { applied.append(migration.number) }
            } catch let error as MigrationError {
                throw error
            } catch let error as StoreError {
                throw error.isTransient ? .store(error) : .failed(number: migration.number, error)
            } catch {
                preconditionFailure("a transaction throws what its body throws: \(error)")
            }
        }
        return applied
    }

    /// Checks without changing anything that this binary and the schema fit each other.
    ///
    /// - Errors: `MigrationError.newerSchema`, `.changed`.
    /// - Returns: the migrations that are missing.
    public func missing() async throws(MigrationError) -> [Int] {
        do {
            let exists = try await pool.first("SELECT to_regclass('schema_migrations') IS NOT NULL AS is_there")
            guard try exists?.bool("is_there") == true else { return migrations.map(\.number) }
            let done = try await applied(in: pool)
            try check(done)
            return migrations.map(\.number).filter { done[$0] == nil }
        } catch let error as MigrationError {
            throw error
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            preconditionFailure("only the two errors above are thrown here: \(error)")
        }
    }

    /// The table of what was applied. Under the lock, because two sessions that create it at once get errors of many kinds.
    private func prepare() async throws(MigrationError) {
        do {
            try await pool.transaction { transaction in
                try await transaction.script("SET LOCAL statement_timeout = 0", timeout: .seconds(10))
                try await transaction.script(
                    "SELECT pg_advisory_xact_lock(\(Self.advisoryLock))", timeout: Self.timeout)
                try await transaction.script(
                    """
                    CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL,
                        sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
                    """)
            }
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            preconditionFailure("a transaction throws what its body throws: \(error)")
        }
    }

    private func applied(in executor: any PostgresExecutor) async throws(StoreError) -> [Int: SHA256Digest] {
        var done: [Int: SHA256Digest] = [:]
        for row in try await executor.query("SELECT number, sha256 FROM schema_migrations ORDER BY number") {
            done[try row.int("number")] = SHA256Digest(bytes: try row.bytes("sha256"))
        }
        return done
    }

    private func check(_ done: [Int: SHA256Digest]) throws(MigrationError) {
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.number, $0.sha256) })
        let newest = known.keys.max() ?? 0
        if let newer = done.keys.max(), newer > newest { throw .newerSchema(database: newer, binary: newest) }
        for (number, digest) in done.sorted(by: { $0.key < $1.key }) where known[number] != digest {
            throw .changed(number: number)
        }
    }
}

public import Shared

/// The settings of `weir-control`.
public struct ControlPlaneConfiguration: ProcessConfiguration, Equatable {
    /// A libpq connection string or URL.
    public var databaseURL = Secret("")
    public var databaseConnectionsMax = 8
    public var databaseStatementTimeoutMilliseconds = 10_000

    public var adminHost = "127.0.0.1"
    public var adminPort = 7070
    public var fleetHost = "127.0.0.1"
    public var fleetPort = 7071

    /// Stands in every manifest; data planes refuse those of another fleet. Only `init` writes it into the database.
    public var fleet = "default"
    public var signingKeyFile = "/var/lib/weir/control/signing.key"
    public var encryptionKeyFile = "/var/lib/weir/control/encryption.key"

    public var snapshotValiditySeconds = 7 * 86_400
    public var usageEventRetentionDays = 90
    public var usageEndUsersPerHourMax = 10_000
    public var usageTagSetsMax = 10_000
    public var ledgerWriteOffAfterSeconds = 0
    public var drainTimeoutSeconds = 10
    public var logLevel = LogLevel.info

    public init() {}

    public static let section = "controlPlane"

    public static let fields: [ConfigurationField] = [
        ConfigurationField("databaseURL", .secret, "PostgreSQL: a connection string or URL."),
        .integer(
            "databaseConnectionsMax", 2...200,
            "Connections to PostgreSQL at most, besides the one that listens and two for lending."),
        .integer("databaseStatementTimeoutMilliseconds", 100...600_000, "A statement that takes longer is ended."),
        ConfigurationField("adminHost", .string, "Address of the admin API."),
        .integer("adminPort", 0...65_535, "Port of the admin API."),
        ConfigurationField("fleetHost", .string, "Address of the fleet API."),
        .integer("fleetPort", 0...65_535, "Port of the fleet API, with health and metrics."),
        ConfigurationField("fleet", .string, "Name of the fleet, fixed when the database is initialised."),
        ConfigurationField("signingKeyFile", .string, "The Ed25519 key that signs snapshots."),
        ConfigurationField("encryptionKeyFile", .string, "The key that stored provider secrets are encrypted with."),
        .integer("snapshotValiditySeconds", 3_600...31_536_000, "How long a snapshot is good; it is renewed daily."),
        .integer(
            "usageEventRetentionDays", 0...36_500,
            "Single usage events are kept this long; 0: for ever. Hourly sums stay."),
        .integer(
            "usageEndUsersPerHourMax", 0...1_000_000,
            "End users of an organization that get hourly sums of their own; those that come later in the hour are summed as one."
        ),
        .integer(
            "usageTagSetsMax", 0...1_000_000,
            "Different sets of tags that get hourly sums of their own; those that come later are summed as one."),
        .integer(
            "ledgerWriteOffAfterSeconds", 0...31_536_000,
            "What a lost data plane holds of allowances counts as spent so long after its lease ended; 0: when an administrator says so."
        ),
        .integer("drainTimeoutSeconds", 0...600, "How long requests in flight may take at the end."),
        .choice("logLevel", LogLevel.self, "What is logged."),
    ]

    public func validate() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        if databaseURL.isEmpty {
            problems.append(
                ConfigurationProblem("databaseURL", want: "postgresql://user@host/database or host=... dbname=..."))
        }
        if adminPort != 0, adminPort == fleetPort, adminHost == fleetHost {
            problems.append(ConfigurationProblem("fleetPort", want: "another port than adminPort"))
        }
        if fleet.isEmpty || fleet.utf8.count > 100 {
            problems.append(ConfigurationProblem("fleet", want: "1 to 100 bytes"))
        }
        for (path, file) in [("signingKeyFile", signingKeyFile), ("encryptionKeyFile", encryptionKeyFile)]
        where !file.hasPrefix("/") && !file.hasPrefix(".") {
            problems.append(ConfigurationProblem(path, want: "a path that begins with / or ."))
        }
        return problems
    }

    var postgres: PostgresSettings {
        PostgresSettings(
            connectionString: databaseURL.reveal(),
            statementTimeout: .milliseconds(databaseStatementTimeoutMilliseconds))
    }

    var usageLimits: UsageLimits {
        UsageLimits(
            retentionDays: Int64(usageEventRetentionDays), endUsersPerHourMax: usageEndUsersPerHourMax,
            tagSetsMax: usageTagSetsMax)
    }

    var poolOptions: PostgresPool.Options { .init(settings: postgres, connectionsMax: databaseConnectionsMax) }
}

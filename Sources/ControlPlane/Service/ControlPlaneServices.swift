public import Shared

/// What the APIs of the control plane work with.
///
/// - Concurrency: all of it lives on one loop.
public final class ControlPlaneServices {
    public let loop: EventLoop
    public let pool: PostgresPool
    /// For asks alone: callers wait for them, so they neither queue behind ingestion nor hang as long as it may.
    let lendingPool: PostgresPool
    public let publisher: Publisher
    public let snapshots: SnapshotCache
    public let nodes: NodeRegistry
    public let vault: CredentialVault
    public let time: any TimeSource
    public let registry: MetricsRegistry
    public let logOutput: LogOutput
    let nodeTokens: NodeTokens

    public init(
        loop: EventLoop, poolOptions: PostgresPool.Options, signer: SnapshotSigner, vault: CredentialVault,
        time: any TimeSource = SystemTime(), registry: MetricsRegistry = MetricsRegistry(),
        logOutput: LogOutput = .standardError, publisherOptions: Publisher.Options = Publisher.Options()
    ) {
        self.loop = loop
        self.vault = vault
        self.time = time
        self.registry = registry
        self.logOutput = logOutput
        pool = PostgresPool(on: loop, options: poolOptions)
        lendingPool = PostgresPool(on: loop, options: poolOptions.forLending)
        let log = Logger("store", to: logOutput)
        pool.onAvailabilityChange = { isAvailable, detail in
            if isAvailable {
                log.info("database available", ["detail": .string(detail)])
            } else {
                log.error("database unavailable", ["detail": .string(detail)])
            }
        }
        snapshots = SnapshotCache(on: loop)
        publisher = Publisher(
            on: loop, pool: pool, signer: signer, cache: snapshots, registry: registry, time: time,
            options: publisherOptions, log: Logger("publisher", to: logOutput))
        nodes = NodeRegistry(on: loop, pool: pool, log: Logger("fleet", to: logOutput))
        nodeTokens = NodeTokens(on: loop, pool: pool)
    }

    /// To be called after the commit of a change that `ConfigurationChange.record` was part of.
    public func configurationChanged() {
        nodeTokens.invalidate()
        publisher.configurationChanged()
    }
}

extension PostgresPool.Options {
    /// Data planes give an ask up after a second or two; what takes longer would only keep later asks from being tried.
    fileprivate var forLending: PostgresPool.Options {
        var options = self
        options.connectionsMax = LeaseDesk.transactionsMax
        options.acquireTimeout = .seconds(1)
        options.settings.connectTimeout = min(settings.connectTimeout, .seconds(2))
        options.settings.statementTimeout = min(settings.statementTimeout, .seconds(2))
        return options
    }
}

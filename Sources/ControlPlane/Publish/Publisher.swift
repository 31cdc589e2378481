public import Shared

/// Turns the configuration in the database into signed snapshots.
///
/// - Shape: the first change after a pause is published at once, those that follow at most every `interval`; a poll catches what no
///   notification told. Any number of control planes may publish over one database: they take turns, and who finds
///   everything published does nothing. Only what changed is built anew: `policy` when something in it changed, a shard of
///   keys when one of its keys did.
/// - Errors: none escape `run`. While publishing fails, the snapshots before stay in force, a metric counts, the log says why.
/// - Concurrency: lives on one loop; `run` is a task of its own until `stop`.
public final class Publisher {
    public struct Options: Sendable {
        /// The least time from one publication to the next.
        public var interval = Duration.milliseconds(100)
        /// How long a change can go unnoticed when every notification is lost.
        public var pollInterval = Duration.seconds(5)
        public var validity = Duration.seconds(7 * 86_400)
        /// A snapshot this old is published again, unchanged, with a new expiry.
        public var renewal = Duration.seconds(86_400)
        /// What a data plane may still be fetching.
        public var retention = Duration.seconds(600)
        public var pruneInterval = Duration.seconds(60)
        public var keptSnapshots = 10

        public init() {}
    }

    /// One publication.
    struct Publication: Sendable {
        var version: UInt64
        var rebuiltPolicy: Bool
        var rebuiltShards: [UInt8]
    }

    private let loop: EventLoop
    private let pool: PostgresPool
    let signer: SnapshotSigner
    private let cache: SnapshotCache
    private let time: any TimeSource
    private let options: Options
    private let log: Logger
    private let metrics: Metrics
    private let wanted: LevelSignal
    private var isStopped = false
    private var nextPrune: MonotonicTime

    public init(
        on loop: EventLoop, pool: PostgresPool, signer: SnapshotSigner, cache: SnapshotCache,
        registry: MetricsRegistry, time: any TimeSource = SystemTime(), options: Options = Options(),
        log: Logger = Logger("publisher")
    ) {
        self.loop = loop
        self.pool = pool
        self.signer = signer
        self.cache = cache
        self.time = time
        self.options = options
        self.log = log
        metrics = Metrics(registry)
        wanted = LevelSignal(on: loop)
        nextPrune = loop.now
    }

    /// Something was committed that a snapshot should contain. Returns at once.
    public func configurationChanged() {
        if !isStopped { wanted.raise(to: wanted.level + 1) }
    }

    public func stop() {
        isStopped = true
        wanted.raise(to: .max)
    }

    public func run() async {
        var handled: UInt64 = 0
        var isFailing = false
        while !isStopped {
            let start = loop.refreshedNow()
            // Read before the work: what is wanted meanwhile is published by the next round.
            handled = wanted.level
            do {
                try await publishIfNeeded()
                if isFailing { log.info("publishing again") }
                isFailing = false
                try await pruneIfDue()
            } catch {
                metrics.failures.add()
                if !isFailing { log.error("cannot publish", ["error": .string("\(error)")]) }
                isFailing = true
            }
            if isStopped { return }
            let pause = loop.refreshedNow().duration(to: start.advanced(by: options.interval))
            if pause > .zero { await loop.sleep(for: pause) }
            _ = await wanted.wait(beyond: handled, timeout: isFailing ? .milliseconds(250) : options.pollInterval)
        }
    }

    /// Publishes what is not published yet, and brings the cache up to date.
    @discardableResult
    func publishIfNeeded() async throws -> Publication? {
        let started = loop.refreshedNow()
        let built: Built?
        do {
            built = try await pool.transaction(isolation: .repeatableRead, attempts: 3) { transaction in
                try await build(in: transaction)
            }
        } catch StoreError.conflict {
            // Only where somebody inserted a snapshot without taking a turn: look again.
            throw StoreError.serialization
        }
        guard let built else {
            try await cache.refresh(from: pool)
            return nil
        }
        // The blobs that were not rebuilt are in the cache already, except after a start.
        if built.reused.allSatisfy({ cache.blob($0) != nil }) {
            let blobs = Dictionary(built.blobs.map { ($0.sha256, $0.bytes) }, uniquingKeysWith: { first, _ in first })
            cache.install(built.snapshot, manifest: built.manifest, blobs: blobs)
        } else {
            try await cache.refresh(from: pool)
        }
        metrics.publications.add()
        metrics.duration.observe(UInt64(started.duration(to: loop.refreshedNow()).wholeMicroseconds))
        log.info(
            "snapshot published",
            [
                "version": .integer(built.snapshot.version), "policy": .boolean(built.publication.rebuiltPolicy),
                "shards": .integer(built.publication.rebuiltShards.count),
                "microseconds": .integer(started.duration(to: loop.refreshedNow()).wholeMicroseconds),
            ])
        return built.publication
    }

    // MARK: Building

    private struct Built: Sendable {
        var snapshot: StoredSnapshot
        var manifest: Manifest
        /// What was built anew.
        var blobs: [Blob]
        /// What the manifest names besides.
        var reused: [SHA256Digest]
        var publication: Publication
    }

    /// nil: all is published.
    private func build(in transaction: PostgresTransaction) async throws(StoreError) -> Built? {
        try await SnapshotStore.takeTurn(in: transaction)
        guard let state = try await SnapshotStore.fleetState(transaction) else {
            throw .other(sqlstate: "", message: "the database is not initialised: run weir-control init")
        }
        let last = try await SnapshotStore.latestHeader(transaction)
        let lastManifest = try await manifest(of: last, in: transaction)
        let now = time.unixMilliseconds
        if let last, lastManifest != nil, last.changeSequence >= state.changeSequence,
            last.signingKeyID == signer.keyID,
            now < last.createdUnixMilliseconds + options.renewal.wholeMilliseconds,
            now < last.expiresUnixMilliseconds
        {
            return nil
        }

        var references = Dictionary(
            (lastManifest?.blobs ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var blobs: [Blob] = []
        // After a manifest that cannot be read everything is built anew, as for the first.
        let published = lastManifest == nil ? -1 : last?.changeSequence ?? -1
        let needsPolicy = state.policySequence > published || references[PolicyDocument.blobName] == nil
        if needsPolicy {
            blobs.append(
                Blob(
                    name: PolicyDocument.blobName,
                    bytes: CanonicalJSON.encode(try await PolicyStore.policy(transaction))))
        }
        let shards =
            lastManifest == nil
            ? Array(0...255) : try await SnapshotStore.shards(changedAfter: published, transaction)
        // In pieces, so that a first snapshot does not hold every row of every key at once.
        for start in stride(from: 0, to: shards.count, by: 16) {
            let piece = Array(shards[start..<min(start + 16, shards.count)])
            let entries = try await KeyShardStore.entries(piece, transaction)
            for shard in piece {
                let name = KeyShard.blobName(shard)
                references[name] = nil
                if let entries = entries[shard], !entries.isEmpty {
                    blobs.append(Blob(name: name, bytes: KeyShard.encode(shard: shard, entries: entries)))
                }
            }
        }
        if needsPolicy { references[PolicyDocument.blobName] = nil }
        let reused = references.values.compactMap { SHA256Digest(hex: $0.sha256) }
        for blob in blobs {
            references[blob.name] = .init(name: blob.name, sha256: blob.sha256.hex, bytes: blob.bytes.count)
        }

        let manifest = Manifest(
            fleet: state.fleet, version: (last?.version ?? 0) + 1, createdUnixMilliseconds: now,
            expiresUnixMilliseconds: now + options.validity.wholeMilliseconds,
            previousSHA256: last?.payloadSHA256.hex, blobs: references.values.sorted { $0.name < $1.name })
        let signed = signer.sign(manifest)
        let snapshot = StoredSnapshot(
            version: manifest.version, changeSequence: state.changeSequence, createdUnixMilliseconds: now,
            expiresUnixMilliseconds: manifest.expiresUnixMilliseconds, payloadSHA256: SHA256.digest(signed.payload),
            signingKeyID: signer.keyID, payload: signed.payload, envelope: signed.envelope)
        try await SnapshotStore.insert(snapshot, newBlobs: blobs, in: transaction)
        return Built(
            snapshot: snapshot, manifest: manifest, blobs: blobs, reused: reused,
            publication: Publication(version: manifest.version, rebuiltPolicy: needsPolicy, rebuiltShards: shards))
    }

    /// nil: there is none, or it cannot be read.
    private func manifest(
        of header: SnapshotHeader?, in transaction: PostgresTransaction
    ) async throws(StoreError) -> Manifest? {
        guard let header else { return nil }
        if let known = cache.latest, known.version == header.version, known.payloadSHA256 == header.payloadSHA256 {
            return cache.manifest
        }
        return try await SnapshotStore.latest(transaction).flatMap { Manifest(payload: $0.payload) }
    }

    // MARK: Pruning

    private func pruneIfDue() async throws {
        guard loop.now >= nextPrune else { return }
        nextPrune = loop.now.advanced(by: options.pruneInterval)
        try await prune()
    }

    /// Deletes old snapshots, and the blobs that no snapshot names any more. Under the publishers' turn, because a
    /// publication may name an old blob again.
    @discardableResult
    func prune() async throws -> Int {
        let seconds = Int(options.retention.wholeMilliseconds / 1000)
        return try await pool.transaction { transaction in
            try await SnapshotStore.takeTurn(in: transaction)
            let kept = try await SnapshotStore.prune(
                keep: options.keptSnapshots, youngerThanSeconds: seconds, in: transaction)
            let digests = Set(kept.flatMap { Manifest(payload: $0)?.digests ?? [] })
            return try await SnapshotStore.pruneBlobs(
                except: Array(digests), youngerThanSeconds: seconds, in: transaction)
        }
    }

    private struct Metrics {
        let publications: CounterCell
        let failures: CounterCell
        let duration: HistogramCell

        init(_ registry: MetricsRegistry) {
            publications = registry.counter(
                "weir_control_snapshots_published_total", help: "Snapshots this control plane published.")
            failures = registry.counter(
                "weir_control_publish_failures_total", help: "Rounds of the publisher that failed.")
            duration = registry.histogram(
                "weir_control_publish_seconds", help: "From the beginning of a publication to its availability.",
                buckets: .fastDurations)
        }
    }
}

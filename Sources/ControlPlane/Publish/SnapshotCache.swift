public import Shared

/// The newest snapshot in memory, so that data planes are served while PostgreSQL is away.
///
/// - Shape: `version.level` is the newest version; a blob is there before the version that names it. The blobs of the
///   snapshot before stay, for data planes that are in the middle of fetching it.
/// - Concurrency: lives on one loop.
public final class SnapshotCache {
    public let version: LevelSignal
    private(set) var latest: StoredSnapshot?
    private(set) var manifest: Manifest?
    private var blobs: [SHA256Digest: [UInt8]] = [:]
    private var names: Set<SHA256Digest> = []
    private var previousNames: Set<SHA256Digest> = []

    public init(on loop: EventLoop) { version = LevelSignal(on: loop) }

    /// Nil until there is a snapshot.
    public var envelope: [UInt8]? { latest?.envelope }
    public var expiresUnixMilliseconds: Int64? { latest?.expiresUnixMilliseconds }
    public var blobBytes: Int { blobs.values.reduce(0) { $0 + $1.count } }

    public func blob(_ sha256: SHA256Digest) -> [UInt8]? { blobs[sha256] }

    /// Takes a newer snapshot; an older one is ignored.
    func install(_ snapshot: StoredSnapshot, manifest: Manifest, blobs new: [SHA256Digest: [UInt8]]) {
        guard snapshot.version > version.level else { return }
        blobs.merge(new) { first, _ in first }
        previousNames = names
        names = Set(manifest.digests)
        blobs = blobs.filter { names.contains($0.key) || previousNames.contains($0.key) }
        latest = snapshot
        self.manifest = manifest
        version.raise(to: snapshot.version)
    }

    /// Fetches what other control planes published since.
    func refresh(from pool: PostgresPool) async throws(StoreError) {
        guard try await SnapshotStore.latestVersion(pool) > version.level,
            let snapshot = try await SnapshotStore.latest(pool)
        else { return }
        guard let manifest = Manifest(payload: snapshot.payload) else {
            throw .mismatch("snapshot \(snapshot.version) cannot be read")
        }
        var found: [SHA256Digest: [UInt8]] = [:]
        var missing = manifest.digests.filter { blobs[$0] == nil }[...]
        while !missing.isEmpty {
            let piece = Array(missing.prefix(16))
            missing = missing.dropFirst(piece.count)
            found.merge(try await SnapshotStore.blobs(piece, pool)) { first, _ in first }
        }
        install(snapshot, manifest: manifest, blobs: found)
    }
}

extension Manifest {
    /// nil: not a manifest.
    init?(payload: [UInt8]) {
        guard let manifest: Manifest = try? StrictJSONDecoder.decode(from: payload) else { return nil }
        self = manifest
    }

    var digests: [SHA256Digest] { blobs.compactMap { SHA256Digest(hex: $0.sha256) } }
}

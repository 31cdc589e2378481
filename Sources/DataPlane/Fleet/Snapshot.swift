import Shared

/// One accepted version of the whole configuration, with the credentials that could be resolved for it.
///
/// Concurrency: immutable; any thread may read it.
final class Snapshot: Sendable {
    let version: UInt64
    let expiresUnixMilliseconds: Int64
    let policy: PolicyDocument
    /// By the first byte of the secret's hash; nil where no key begins with it.
    private let shards: [KeyShard?]
    /// Only those that could be resolved.
    let credentials: [ObjectID: [UInt8]]

    init(_ decoded: DecodedSnapshot, credentials: [ObjectID: [UInt8]]) {
        version = decoded.manifest.version
        expiresUnixMilliseconds = decoded.manifest.expiresUnixMilliseconds
        policy = decoded.policy
        shards = decoded.shards
        self.credentials = credentials
    }

    func key(_ digest: SHA256Digest) -> KeyShard.Match? { shards[Int(digest.firstByte)]?.find(digest) }

    func isExpired(atUnixMilliseconds now: Int64) -> Bool { now >= expiresUnixMilliseconds }
}

/// What a manifest and its blobs say, checked.
struct DecodedSnapshot: Sendable {
    var manifest: Manifest
    var policy: PolicyDocument
    var shards: [KeyShard?]

    /// The shard that a blob of a later manifest names again, with the same hash.
    func unchangedShard(_ blob: Manifest.Blob) -> KeyShard? {
        guard let index = KeyShard.shard(ofBlobNamed: blob.name), let shard = shards[Int(index)],
            manifest.blobs.contains(blob)
        else { return nil }
        return shard
    }
}

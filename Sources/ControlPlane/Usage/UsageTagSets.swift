import Shared

/// Which set of tags each virtual key has, as a number.
///
/// - Shape: read from the key when its events arrive and believed for `freshFor`. At `setsMax` distinct sets further ones count
///   as `other`: their events are in every sum, but in no tag's row.
/// - Concurrency: lives on one loop.
final class UsageTagSets {
    /// No tags; also a key that is gone.
    static let none: Int32 = 0
    static let other: Int32 = -1

    private let pool: PostgresPool
    private let setsMax: Int
    private var keys: [VirtualKeyID: Known] = [:]
    private var sets: [SHA256Digest: Int32] = [:]

    private struct Known {
        var set: Int32
        var until: MonotonicTime
    }

    /// How old a key's tags may be. Long enough that reading them costs nothing beside the events.
    private static let freshFor = Duration.seconds(5)
    private static let keysMax = 200_000

    init(pool: PostgresPool, setsMax: Int) {
        self.pool = pool
        self.setsMax = setsMax
    }

    /// The sets of `wanted`, each of them.
    func sets(of wanted: Set<VirtualKeyID>) async throws(StoreError) -> [VirtualKeyID: Int32] {
        let now = pool.loop.now
        let stale = wanted.filter { key in keys[key].map { $0.until < now } ?? true }
        if !stale.isEmpty {
            if keys.count + stale.count > Self.keysMax { keys.removeAll() }
            let tags = try await UsageTagSetStore.tags(of: stale, pool)
            let until = now.advanced(by: Self.freshFor)
            for key in stale {
                var set = Self.none
                if let text = tags[key] { set = try await number(of: text) }
                keys[key] = Known(set: set, until: until)
            }
        }
        // Another batch may have emptied the table of keys while this one waited.
        return Dictionary(uniqueKeysWithValues: wanted.map { ($0, keys[$0]?.set ?? Self.other) })
    }

    private func number(of tags: String) async throws(StoreError) -> Int32 {
        if tags == "{}" { return Self.none }
        let digest = SHA256.digest(Array(tags.utf8))
        if let set = sets[digest] { return set }
        guard let set = try await UsageTagSetStore.number(of: tags, digest, setsMax: setsMax, pool) else {
            return Self.other
        }
        if sets.count >= setsMax { sets.removeAll() }
        sets[digest] = set
        return set
    }
}

/// Rows of `usage_tag_sets`.
enum UsageTagSetStore {
    /// The tags that keys have now, as text; keys without tags and keys that are gone are left out.
    static func tags(
        of keys: Set<VirtualKeyID>, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [VirtualKeyID: String] {
        let rows = try await executor.query(
            "SELECT key_id, tags::text AS tags FROM virtual_keys WHERE key_id = ANY($1) AND tags <> '{}'",
            [.textArray(keys.map(\.description))])
        var tags: [VirtualKeyID: String] = [:]
        for row in rows {
            if let key = VirtualKeyID(try row.text("key_id")) { tags[key] = try row.text("tags") }
        }
        return tags
    }

    /// The number of a set, which is made if need be. nil: it is new, and there are `setsMax` already.
    static func number(
        of tags: String, _ digest: SHA256Digest, setsMax: Int, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> Int32? {
        let find = "SELECT id FROM usage_tag_sets WHERE sha256 = $1"
        if let row = try await executor.first(find, [.bytes(digest.bytes)]) { return Int32(try row.int64("id")) }
        // The two sets that are always there do not count. Two control planes may pass the bound together by one.
        try await executor.execute(
            """
            INSERT INTO usage_tag_sets (tags, sha256) SELECT $1::jsonb, $2
            WHERE (SELECT count(*) FROM usage_tag_sets) - 2 < $3 ON CONFLICT DO NOTHING
            """, [.json(tags), .bytes(digest.bytes), .integer(setsMax)])
        return try await executor.first(find, [.bytes(digest.bytes)]).map { (row) throws(StoreError) in
            Int32(try row.int64("id"))
        }
    }
}

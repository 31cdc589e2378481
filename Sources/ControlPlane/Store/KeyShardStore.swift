import Shared

/// Reads the live secrets of virtual keys, shard by shard.
enum KeyShardStore {
    /// The entries of `shards` by shard. A secret that expired a day ago is left out: until then its caller is told that the
    /// key has expired, afterwards that it is unknown.
    static func entries(
        _ shards: [UInt8], _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [UInt8: [KeyShard.Entry]] {
        Dictionary(
            grouping: try await entries(
                where: "s.shard = ANY($1::smallint[])", .int64Array(shards.map { Int64($0) }), executor),
            by: \.secretSHA256.firstByte)
    }

    /// The entries of some keys, over all shards.
    static func entries(
        ofKeys keys: [VirtualKeyID], _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [KeyShard.Entry] {
        try await entries(where: "k.key_id = ANY($1::text[])", .textArray(keys.map(\.description)), executor)
    }

    /// - Parameter condition: on a secret `s` or its key `k`, by one parameter.
    private static func entries(
        where condition: StaticString, _ parameter: PostgresValue, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [KeyShard.Entry] {
        var entries: [KeyShard.Entry] = []
        let allowances = try await allowances(where: condition, parameter, executor)
        for row in try await executor.query(
            """
            SELECT s.sha256, k.id, k.key_id, t.organization_id, k.team_id, least(k.expires_at, s.expires_at) AS expires_at,
                k.allowed_route_ids, k.allowed_networks, k.priority, k.may_explain, k.tags
            FROM virtual_key_secrets s JOIN virtual_keys k ON k.id = s.virtual_key_id JOIN teams t ON t.id = k.team_id
            WHERE \(condition) AND s.revoked_at IS NULL AND k.revoked_at IS NULL
                AND coalesce(least(k.expires_at, s.expires_at) > now() - interval '1 day', true)
            ORDER BY s.sha256
            """, [parameter])
        {
            guard let digest = SHA256Digest(bytes: try row.bytes("sha256")),
                let keyID = VirtualKeyID(try row.text("key_id"))
            else { throw .mismatch("a virtual key has a malformed hash or ID") }
            var networks: [NetworkPrefix] = []
            for text in try row.texts("allowed_networks") {
                guard let network = NetworkPrefix(text) else {
                    throw .mismatch("virtual key \(keyID) allows the network \(text)")
                }
                networks.append(network)
            }
            let tags = try row.json("tags")
            let entry = KeyShard.Entry(
                secretSHA256: digest, keyID: keyID, organizationID: try row.uuid("organization_id"),
                teamID: try row.uuid("team_id"),
                // 0 means never, so a key that expired with the year 1969 gets a second more.
                expiresUnixSeconds: try row.optionalUnixMilliseconds("expires_at").map { max(1, $0 / 1000) } ?? 0,
                allowedRoutes: try row.optionalUUIDs("allowed_route_ids"), allowedNetworks: networks,
                priority: try row.choice("priority"), mayExplain: try row.bool("may_explain"),
                tagsJSON: tags == "{}" ? [] : Array(tags.utf8),
                allowances: allowances[try row.uuid("id")] ?? [])
            entries.append(entry)
        }
        return entries
    }

    /// By virtual key, of the keys that have such a secret.
    private static func allowances(
        where condition: StaticString, _ parameter: PostgresValue, _ executor: any PostgresExecutor
    ) async throws(StoreError) -> [ObjectID: [AllowanceRule]] {
        var allowances: [ObjectID: [AllowanceRule]] = [:]
        for row in try await executor.query(
            """
            SELECT \(AllowanceRows.columns), virtual_key_id FROM allowances
            WHERE virtual_key_id IN (
                SELECT s.virtual_key_id FROM virtual_key_secrets s JOIN virtual_keys k ON k.id = s.virtual_key_id
                WHERE \(condition) AND s.revoked_at IS NULL)
            ORDER BY id
            """, [parameter])
        {
            allowances[try row.uuid("virtual_key_id"), default: []].append(try AllowanceRows.rule(row))
        }
        return allowances
    }
}

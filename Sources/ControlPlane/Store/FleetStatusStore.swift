import Shared

/// A data plane as its last heartbeat left it.
struct Node {
    static let noun = Noun(singular: "node", plural: "nodes", type: "Node")
    /// Data planes that were heard of within this time are live.
    static let liveMilliseconds: Int64 = 15_000

    var id: ObjectID
    var name: String
    var incarnation: ObjectID
    var startedAt: Int64
    var softwareVersion: String
    var snapshotVersion: Int64
    var snapshotExpired: Bool
    /// The last manifest it refused.
    var rejection: JSONValue?
    var journalBytes: Int64
    var unacknowledgedRecords: Int64
    /// Streams whose end has not arrived and may never: of earlier processes, and of the last one while it is not heard of.
    var unendedStreams: Int64
    var draining: Bool
    var firstSeenAt: Int64
    var lastSeenAt: Int64

    func json(now: Int64) -> JSONValue {
        let age = max(0, now - lastSeenAt)
        return .record([
            ("id", .id(id)), ("name", .string(name)), ("live", .boolean(age <= Self.liveMilliseconds)),
            ("age_ms", .int(age)), ("snapshot_version", .int(snapshotVersion)),
            ("snapshot_expired", .boolean(snapshotExpired)),
            (
                "nack",
                .optional(rejection) { rejection in
                    .record([
                        ("version", rejection["version"] ?? .null), ("reason", rejection["reason"] ?? .string("")),
                        ("detail", rejection["detail"] ?? .string("")),
                        ("at", .time(rejection["atUnixMilliseconds"]?.integer ?? 0)),
                    ])
                }
            ),
            ("draining", .boolean(draining)), ("software_version", .string(softwareVersion)),
            ("journal_bytes", .int(journalBytes)), ("unacknowledged_records", .int(unacknowledgedRecords)),
            ("unended_streams", .int(unendedStreams)),
            ("incarnation", .id(incarnation)), ("started_at", .time(startedAt)), ("first_seen_at", .time(firstSeenAt)),
            ("last_seen_at", .time(lastSeenAt)),
        ])
    }

    static func get(_ id: String, in work: Work) async throws -> Node {
        guard let parsed = ObjectID(id), let node = try await FleetStatusStore.node(parsed, in: work) else {
            throw ResourceError.notFound(noun, id)
        }
        return node
    }
}

/// The newest snapshot, and whether changes wait for the next one.
struct SnapshotStatus {
    var fleet: String
    /// 0: none was published yet.
    var version: Int64
    var createdAt: Int64?
    var expiresAt: Int64?
    /// Changes that were committed after it.
    var pendingChanges: Int64

    var json: JSONValue {
        .record([
            ("fleet", .string(fleet)), ("version", .int(version)), ("created_at", .optional(createdAt) { .time($0) }),
            ("expires_at", .optional(expiresAt) { .time($0) }), ("pending_changes", .int(pendingChanges)),
        ])
    }
}

/// Reads `nodes` and `snapshots`, which the fleet API and the publisher write.
enum FleetStatusStore {
    private static let select = """
        SELECT id, name, incarnation, started_at, software_version, snapshot_version, snapshot_expired, rejection,
            journal_bytes, unacknowledged_records, draining, first_seen_at, last_seen_at,
            (SELECT count(*) FROM usage_streams s WHERE s.node_id = nodes.id AND NOT s.ended
                AND (s.incarnation <> nodes.incarnation OR nodes.last_seen_at < now() - interval '15 seconds')
            ) AS unended_streams
        FROM nodes
        """

    static func page(_ request: ListRequest, in work: Work) async throws -> [Node] {
        try await work.database.query(
            select + """
                 WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR name = $2)
                AND ($3::boolean IS NULL OR $3 = (last_seen_at >= $4)) ORDER BY id LIMIT $5
                """,
            [
                .optional(request.after) { .uuid($0) }, .optional(request.filters["name"]) { .text($0) },
                .optional(request.filters["live"]) { .bool($0 == "true") },
                .timestamp(unixMilliseconds: work.now - Node.liveMilliseconds), .integer(request.fetchCount),
            ]
        ).map(node)
    }

    static func node(_ id: ObjectID, in work: Work) async throws -> Node? {
        try await work.database.first(select + " WHERE id = $1", [.uuid(id)]).map(node)
    }

    static func snapshot(in work: Work) async throws -> SnapshotStatus {
        let row = try await work.database.first(
            """
            SELECT f.fleet, coalesce(s.version, 0) AS version, s.created_at, s.expires_at,
                f.change_sequence - coalesce(s.change_sequence, 0) AS pending
            FROM fleet_state f LEFT JOIN (SELECT * FROM snapshots ORDER BY version DESC LIMIT 1) s ON true
            """)
        guard let row else { throw StoreError.mismatch("fleet_state is empty") }
        return SnapshotStatus(
            fleet: try row.text("fleet"), version: try row.int64("version"),
            createdAt: try row.optionalUnixMilliseconds("created_at"),
            expiresAt: try row.optionalUnixMilliseconds("expires_at"),
            pendingChanges: try row.int64("pending"))
    }

    private static func node(_ row: PostgresRow) throws(StoreError) -> Node {
        Node(
            id: try row.uuid("id"), name: try row.text("name"), incarnation: try row.uuid("incarnation"),
            startedAt: try row.unixMilliseconds("started_at"), softwareVersion: try row.text("software_version"),
            snapshotVersion: try row.int64("snapshot_version"), snapshotExpired: try row.bool("snapshot_expired"),
            rejection: try row.optionalJSON("rejection") == nil ? nil : try row.object("rejection"),
            journalBytes: try row.int64("journal_bytes"),
            unacknowledgedRecords: try row.int64("unacknowledged_records"),
            unendedStreams: try row.int64("unended_streams"),
            draining: try row.bool("draining"), firstSeenAt: try row.unixMilliseconds("first_seen_at"),
            lastSeenAt: try row.unixMilliseconds("last_seen_at"))
    }
}

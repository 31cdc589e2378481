import Shared

extension Node {
    static let schema = ObjectShape(
        name: "Node", description: "A data plane as its last heartbeat left it.",
        properties: [
            .id, .readOnly("name", .text(.free)), .readOnly("live", .flag, "Heard of within the last 15 seconds."),
            .readOnly("age_ms", .integer(0...Int64.max), "Milliseconds since the last heartbeat."),
            .readOnly("snapshot_version", .integer(0...Int64.max), "0: none accepted yet."),
            .readOnly("snapshot_expired", .flag),
            .readOnly(
                "nack",
                .object([
                    .readOnly("version", .integer(0...Int64.max), nullable: true), .readOnly("reason", .text(.free)),
                    .readOnly("detail", .text(.free)), .readOnly("at", .text(.dateTime)),
                ]), "The last snapshot that it refused, until it accepts a later one.", nullable: true),
            .readOnly("draining", .flag), .readOnly("software_version", .text(.free)),
            .readOnly("journal_bytes", .integer(0...Int64.max)),
            .readOnly("unacknowledged_records", .integer(0...Int64.max)),
            .readOnly(
                "unended_streams", .integer(0...Int64.max),
                "Journal streams whose end has not arrived: of earlier processes, and of the last one while it is not live. What it used since may be missing here."
            ),
            .readOnly("incarnation", .text(.uuid), "A new one for every start."),
            .readOnly("started_at", .text(.dateTime)),
            .readOnly("first_seen_at", .text(.dateTime)), .readOnly("last_seen_at", .text(.dateTime)),
        ]
    ).answer
}

extension SnapshotStatus {
    static let schema = ObjectShape(
        name: "Snapshot", description: "The newest snapshot of the configuration.",
        properties: [
            .readOnly("fleet", .text(.free)),
            .readOnly("version", .integer(0...Int64.max), "0: none was published yet."),
            .readOnly("created_at", .text(.dateTime), nullable: true),
            .readOnly("expires_at", .text(.dateTime), nullable: true),
            .readOnly(
                "pending_changes", .integer(0...Int64.max),
                "Changes that are not in it yet; 0 within a fraction of a second."),
        ]
    ).answer
}

extension AdminEndpoint {
    static var nodes: [AdminEndpoint] {
        let noun = Node.noun
        let filters = [
            QueryParameter.name,
            QueryParameter("live", Schema(.choice(["true", "false"]), "Only those that are, or are not, live.")),
        ]
        return [
            .list(noun, of: Node.schema, "Lists the data planes.", filters: filters) { call in
                let request = try call.list(noun.plural)
                let rows = try await FleetStatusStore.page(request, in: call.work)
                let now = call.work.now
                return .page(noun.plural, Page(overfetched: rows, limit: request.page.limit) { $0.id.description }) {
                    $0.json(now: now)
                }
            },
            .get(noun, of: Node.schema, "Gets a data plane.") { call in
                .json(try await Node.get(call.id, in: call.work).json(now: call.work.now))
            },
        ]
    }

    static var snapshot: [AdminEndpoint] {
        [
            AdminEndpoint(
                method: .get, path: PathPattern("/api/v1/snapshot"), access: .viewer, operationID: "getSnapshot",
                tag: "snapshot",
                summary: "Gets the state of the newest snapshot.",
                success: .json(200, "The newest snapshot.", SnapshotStatus.schema)
            ) { call in
                .json(try await FleetStatusStore.snapshot(in: call.work).json)
            }
        ]
    }
}

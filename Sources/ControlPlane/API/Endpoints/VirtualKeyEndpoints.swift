import Shared

extension VirtualKey {
    static let shape = ObjectShape(
        name: "VirtualKey",
        description: "A credential that clients present to a data plane. Weir stores hashes of its secrets only.",
        properties: [
            .id,
            .readOnly("key_id", .text(.keyID), "The public part of the key's text; usage events name the key by it."),
            .readOnly("team_id", .text(.uuid)),
            .init(
                name: "team",
                schema: Schema(
                    .text(.reference),
                    "ID, name, or organization/team where several have the name; answers carry the name.",
                    example: .string("search")), mode: .createOnly, isRequired: true),
            .readOnly("organization_id", .text(.uuid)), .readOnly("organization", .text(.free)),
            .name(.name, "Unique in the team.", example: "search-backend"),
            .readOnly("status", .choice(Status.allCases.map(\.rawValue))),
            .init(
                name: "expires_at", schema: Schema(.text(.dateTime), "A time to come; null: never."), isNullable: true,
                standard: .null),
            .readOnly("revoked_at", .text(.dateTime), nullable: true),
            .init(
                name: "allowed_routes",
                schema: Schema(
                    .list(of: Schema(.text(.reference)), count: 0...routeCountMax),
                    "Names or IDs of routes; answers carry the names. null: all routes. An empty list: none."),
                isNullable: true,
                standard: .null),
            .init(
                name: "allowed_networks",
                schema: Schema(
                    .list(of: Schema(.text(.network)), count: 0...networkCountMax),
                    "Networks that callers may come from. Empty: any."),
                standard: .array([])),
            .init(
                name: "priority",
                schema: Schema(
                    .choice(KeyPriority.allCases.map(\.rawValue)),
                    "Who goes first where not all can be served: in the queue of a target, and when a data plane is overloaded."
                ),
                standard: .string(KeyPriority.normal.rawValue)),
            .init(
                name: "may_explain",
                schema: Schema(
                    .flag,
                    "Its requests may ask, with the header `x-weir-explain: 1`, how they went: that names providers, prices and limits."
                ), standard: .boolean(false)),
            .init(
                name: "tags",
                schema: Schema(
                    .map(of: Schema(.text(.line(bytesMax: 200))), countMax: tagCountMax, bytesMax: tagsBytesMax),
                    "Travel with the key to the data planes.",
                    example: .record([("cost_center", .string("4711"))])), standard: .record([])),
            .metadata,
            .readOnly(
                "secrets",
                .list(
                    of: Schema(
                        .object([
                            .readOnly("id", .text(.uuid)), .readOnly("created_at", .text(.dateTime)),
                            .readOnly(
                                "expires_at", .text(.dateTime), "The end of a rotation's overlap.", nullable: true),
                        ])), count: 0...2), "The live secrets, oldest first; one, or two during a rotation."),
            .revision, .createdAt, .updatedAt,
        ])

    /// With the text, which exists in this answer only.
    static let issued = ObjectShape(
        name: "IssuedVirtualKey",
        description: "A virtual key with the text of its new secret. The text is shown this once.",
        properties: shape.properties + [
            .readOnly("key", .text(.free), "`weir_<key ID>_<secret><checksum>`; keep it, Weir cannot show it again.")
        ])

    static let rotation = Schema(
        .object([
            .init(
                name: "overlap_seconds",
                schema: Schema(.integer(overlapSecondsRange), "How long the old secret stays good; 0 ends it at once."),
                standard: .int(overlapSecondsDefault))
        ]), name: "VirtualKeyRotation")
}

extension AdminEndpoint {
    static var virtualKeys: [AdminEndpoint] {
        let (noun, shape) = (VirtualKey.noun, VirtualKey.shape)
        let filters = [
            QueryParameter.name,
            QueryParameter("team", Schema(.text(.reference), "Only those of this team (ID or name).")),
            QueryParameter("organization", Schema(.text(.reference), "Only those of this organization (ID or name).")),
            QueryParameter(
                "status", Schema(.choice(VirtualKey.Status.allCases.map(\.rawValue)), "Only those in this state.")),
        ]
        return [
            .list(noun, of: shape.answer, "Lists virtual keys.", filters: filters) { call in
                let request = try call.list(noun.plural)
                let rows = try await VirtualKeyStore.page(request, in: call.work)
                return .page(
                    noun.plural, Page(overfetched: rows, limit: request.page.limit) { $0.id.description }, \.json)
            },
            .create(
                noun, shape, answering: VirtualKey.issued.answer,
                "Creates a virtual key; its text is in this answer only."
            ) { call in
                let (key, secret) = try await VirtualKey.issue(call.body, in: call.work)
                return .created(noun, key.id, key.json(with: secret), revision: key.revision)
            },
            .get(noun, of: shape.answer, "Gets a virtual key by its ID or its key ID.") { call in
                .object(try await VirtualKey.get(call.id, in: call.work))
            },
            .update(noun, shape, "Changes what a virtual key may do.") { call in
                .object(try await VirtualKey.update(call.id, matching: call.revisions, call.body, in: call.work))
            },
            .delete(noun, "Deletes a virtual key that is revoked or expired. Its usage stays.") { call in
                try await VirtualKey.delete(call.id, matching: call.revisions, in: call.work)
                return .gone
            },
            .action(noun, "revoke", answering: shape.answer, "Revokes a virtual key for good, with all its secrets.") {
                call in
                .object(try await VirtualKey.revoke(call.id, in: call.work))
            },
            .action(
                noun, "rotate", body: VirtualKey.rotation, answering: VirtualKey.issued.answer,
                "Makes a second secret; the old one stays good for the overlap."
            ) { call in
                let overlap = call.body.integer("overlap_seconds") ?? VirtualKey.overlapSecondsDefault
                let (key, secret) = try await VirtualKey.rotate(call.id, overlapSeconds: overlap, in: call.work)
                return .json(key.json(with: secret), revision: key.revision)
            },
        ]
    }
}

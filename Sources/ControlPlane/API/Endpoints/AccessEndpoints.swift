import Shared

extension AdminToken {
    static let shape = ObjectShape(
        name: "AdminToken",
        description: "What an administrator or a program presents to this API. Weir stores its hash only.",
        properties: [
            .id, .name(.name, "Unique among the tokens that are not revoked.", example: "ci"),
            .init(
                name: "role",
                schema: Schema(
                    .choice(Administrator.Role.allCases.map(\.rawValue)),
                    "`viewer` reads everything and changes nothing."),
                standard: .string("admin")),
            .init(
                name: "expires_at", schema: Schema(.text(.dateTime), "A time to come; null: never."), isNullable: true,
                standard: .null),
            .readOnly("revoked_at", .text(.dateTime), nullable: true), .createdAt,
        ])

    static let issued = ObjectShape(
        name: "IssuedAdminToken", description: "An admin token with its text, which is shown this once.",
        properties: shape.properties + [
            .readOnly("token", .text(.free), "`weiradm_…`; keep it, Weir cannot show it again.")
        ])
}

extension NodeToken {
    static let shape = ObjectShape(
        name: "NodeToken", description: "What data planes present to the fleet API. Weir stores its hash only.",
        properties: [
            .id, .name(.name, "Unique among the tokens that are not revoked.", example: "cluster-eu"),
            .readOnly("revoked_at", .text(.dateTime), nullable: true), .createdAt,
        ])

    static let issued = ObjectShape(
        name: "IssuedNodeToken", description: "A node token with its text, which is shown this once.",
        properties: shape.properties + [
            .readOnly("token", .text(.free), "`weirnode_…`; keep it, Weir cannot show it again.")
        ])
}

extension AdminEndpoint {
    static var adminTokens: [AdminEndpoint] {
        let (noun, shape) = (AdminToken.noun, AdminToken.shape)
        return [
            .list(noun, of: shape.answer, "Lists admin tokens.") { call in
                let request = try call.list(noun.plural)
                let rows = try await AdminTokenStore.page(request, in: call.work)
                return .page(
                    noun.plural, Page(overfetched: rows, limit: request.page.limit) { $0.id.description }, \.json)
            },
            .create(
                noun, shape, answering: AdminToken.issued.answer,
                "Creates an admin token; its text is in this answer only."
            ) { call in
                let (token, secret) = try await AdminToken.create(call.body, in: call.work)
                return .created(noun, token.id, token.json.with("token", .string(secret.text)))
            },
            .get(noun, of: shape.answer, "Gets an admin token.") { call in
                .json(try await AdminToken.get(call.id, in: call.work).json)
            },
            .action(
                noun, "revoke", answering: shape.answer,
                "Revokes an admin token, unless it is the last one that can change anything."
            ) { call in
                .json(try await AdminToken.revoke(call.id, in: call.work).json)
            },
        ]
    }

    static var nodeTokens: [AdminEndpoint] {
        let (noun, shape) = (NodeToken.noun, NodeToken.shape)
        return [
            .list(noun, of: shape.answer, "Lists node tokens.") { call in
                let request = try call.list(noun.plural)
                let rows = try await NodeTokenStore.page(request, in: call.work)
                return .page(
                    noun.plural, Page(overfetched: rows, limit: request.page.limit) { $0.id.description }, \.json)
            },
            .create(
                noun, shape, answering: NodeToken.issued.answer,
                "Creates a node token; its text is in this answer only."
            ) { call in
                let (token, secret) = try await NodeToken.create(call.body, in: call.work)
                return .created(noun, token.id, token.json.with("token", .string(secret.text)))
            },
            .get(noun, of: shape.answer, "Gets a node token.") { call in
                .json(try await NodeToken.get(call.id, in: call.work).json)
            },
            .action(
                noun, "revoke", answering: shape.answer,
                "Revokes a node token; data planes that use it keep serving from what they have."
            ) { call in
                .json(try await NodeToken.revoke(call.id, in: call.work).json)
            },
        ]
    }

    static var auditEntries: [AdminEndpoint] {
        let noun = Noun(singular: "audit entry", plural: "audit-entries", type: "AuditEntry")
        let filters = [
            QueryParameter("resource_kind", Schema(.text(.line(bytesMax: 64)), "Such as `virtual_key`.")),
            QueryParameter("resource_id", Schema(.text(.uuid), "Only those of this object.")),
            QueryParameter(
                "action",
                Schema(.text(.line(bytesMax: 64)), "Such as `create`, `update`, `delete`, `revoke`, `rotate`.")),
            QueryParameter("actor", Schema(.text(.line(bytesMax: 200)), "The name of the admin token.")),
            QueryParameter("request_id", Schema(.text(.line(bytesMax: 64)), "Only those of this request.")),
            QueryParameter("from", Schema(.text(.dateTime), "Only those since then.")),
            QueryParameter("to", Schema(.text(.dateTime), "Only those before then.")),
        ]
        var endpoint = AdminEndpoint.list(
            noun, of: AuditEntry.schema, "Lists audit entries, newest first.", filters: filters
        ) { call in
            let request = try call.list(noun.plural)
            let rows = try await AuditStore.page(request, in: call.work)
            return .page(noun.plural, Page(overfetched: rows, limit: request.page.limit) { $0.id.description }, \.json)
        }
        endpoint.operationID = "listAuditEntries"
        return [endpoint]
    }
}

extension AuditEntry {
    static let schema = ObjectShape(
        name: "AuditEntry",
        description: "One change: who did what to which object, and how it looked before and after, without secrets.",
        properties: [
            .id, .readOnly("at", .text(.dateTime)), .readOnly("actor_kind", .text(.free)),
            .readOnly("actor_id", .text(.uuid), nullable: true),
            .readOnly("actor", .text(.free)), .readOnly("action", .text(.free)),
            .readOnly("resource_kind", .text(.free)),
            .readOnly("resource_id", .text(.uuid), nullable: true),
            .readOnly("resource_name", .text(.free), nullable: true),
            .readOnly(
                "change_sequence", .integer(0...Int64.max),
                "Its place in the order of changes; null where data planes had nothing to learn.", nullable: true),
            .readOnly("request_id", .text(.free), nullable: true),
            .readOnly("remote_address", .text(.free), nullable: true),
            .readOnly("before", .freeObject(bytesMax: .max), nullable: true),
            .readOnly("after", .freeObject(bytesMax: .max), nullable: true),
        ]
    ).answer

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("at", .time(at)), ("actor_kind", .string(actorKind)),
            ("actor_id", .optional(actorID) { .id($0) }),
            ("actor", .string(actorName)), ("action", .string(action)), ("resource_kind", .string(resourceKind)),
            ("resource_id", .optional(resourceID) { .id($0) }),
            ("resource_name", .optional(resourceName) { .string($0) }),
            ("change_sequence", .optional(changeSequence) { .int($0) }),
            ("request_id", .optional(requestID) { .string($0) }),
            ("remote_address", .optional(remoteAddress) { .string($0) }), ("before", before ?? .null),
            ("after", after ?? .null),
        ])
    }
}

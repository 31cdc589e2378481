import Shared

extension AdminEndpoint {
    /// Every endpoint of the admin API.
    static var table: [AdminEndpoint] {
        organizations + teams + virtualKeys + providers + credentials + models + routes + allowances + alerts + nodes
            + nodeTokens
            + adminTokens
            + usage + explanations + plans + auditEntries + snapshot + [openAPI]
    }

    /// What this API is, for programs. The one endpoint without a token: it says nothing about this installation.
    static var openAPI: AdminEndpoint {
        AdminEndpoint(
            method: .get, path: PathPattern("/api/v1/openapi.json"), access: .open, operationID: "getOpenAPI",
            tag: "description",
            summary: "This document.",
            success: .json(200, "An OpenAPI 3.1 document.", Schema(.freeObject(bytesMax: .max)))
        ) { _ in preconditionFailure("answered without a call") }
    }
}

/// Fields that many objects share.
extension Schema.Property {
    static let id = Schema.Property(
        name: "id", schema: Schema(.text(.uuid), example: .string("01936f4e-5a3c-7b1d-9c2e-4f6a8b0c1d2e")),
        mode: .readOnly)
    static let revision = Schema.Property(
        name: "revision", schema: Schema(.integer(1...Int64.max), "Rises with every change; in quotes it is the ETag."),
        mode: .readOnly)
    static let createdAt = Schema.Property(name: "created_at", schema: Schema(.text(.dateTime)), mode: .readOnly)
    static let updatedAt = Schema.Property(name: "updated_at", schema: Schema(.text(.dateTime)), mode: .readOnly)
    static let metadata = Schema.Property(
        name: "metadata", schema: Schema(.freeObject(bytesMax: 16_384), "Yours; Weir keeps it and gives it back."),
        standard: .record([]))

    static func name(_ format: TextFormat = .name, _ description: String? = nil, example: String) -> Schema.Property {
        Schema.Property(
            name: "name", schema: Schema(.text(format), description, example: .string(example)), isRequired: true)
    }

    static func readOnly(_ name: String, _ shape: Schema.Shape, _ description: String? = nil, nullable: Bool = false)
        -> Schema.Property
    {
        Schema.Property(
            name: name, schema: Schema(shape, description), mode: .readOnly, isRequired: true, isNullable: nullable)
    }
}

extension AdminEndpoint.QueryParameter {
    static let name = AdminEndpoint.QueryParameter(
        "name", Schema(.text(.line(bytesMax: 200)), "Only the one of this name."))
}

import Shared

/// Writes the OpenAPI 3.1 document of a table of endpoints.
///
/// - Source: OpenAPI 3.1.1; JSON Schema 2020-12.
struct OpenAPIDocument {
    private var schemas: [(name: String, value: JSONValue)] = []
    private let endpoints: [AdminEndpoint]

    init(_ endpoints: [AdminEndpoint]) { self.endpoints = endpoints }

    static func write(_ endpoints: [AdminEndpoint], apiVersion: String) -> JSONValue {
        var document = OpenAPIDocument(endpoints)
        let paths = document.paths()
        _ = document.reference(to: problemSchema)
        return .record([
            ("openapi", .string("3.1.1")),
            (
                "info",
                .record([
                    ("title", .string("Weir control plane")),
                    ("version", .string(apiVersion)),
                    (
                        "description",
                        .string(
                            "The admin API of Weir, an LLM gateway. Conventions, errors and examples: docs/api.md. Unknown fields are refused; every change needs the revision it applies to; every answer carries `x-request-id`."
                        )
                    ),
                    ("license", .record([("name", .string("Apache-2.0")), ("identifier", .string("Apache-2.0"))])),
                ])
            ),
            ("servers", .array([.record([("url", .string("/"))])])),
            ("security", .array([.record([("adminToken", .array([]))])])),
            ("tags", .array(document.tags().map { .record([("name", .string($0))]) })),
            ("paths", paths),
            (
                "components",
                .record([
                    (
                        "securitySchemes",
                        .record([
                            (
                                "adminToken",
                                .record([
                                    ("type", .string("http")), ("scheme", .string("bearer")),
                                    ("bearerFormat", .string("weiradm_…")),
                                    ("description", .string("An admin token: `Authorization: Bearer weiradm_…`.")),
                                ])
                            )
                        ])
                    ),
                    ("schemas", .record(document.schemas.sorted { $0.name < $1.name })),
                ])
            ),
        ])
    }

    private func tags() -> [String] {
        var tags: [String] = []
        for endpoint in endpoints where !tags.contains(endpoint.tag) { tags.append(endpoint.tag) }
        return tags
    }

    private mutating func paths() -> JSONValue {
        var paths: [(name: String, value: JSONValue)] = []
        for endpoint in endpoints {
            let operation = (name: endpoint.method.rawValue.lowercased(), value: self.operation(endpoint))
            if let index = paths.firstIndex(where: { $0.name == endpoint.path.text }) {
                paths[index].value = .record((paths[index].value.fieldList) + [operation])
            } else {
                paths.append((endpoint.path.text, .record([operation])))
            }
        }
        return .record(paths)
    }

    // MARK: One operation

    private mutating func operation(_ endpoint: AdminEndpoint) -> JSONValue {
        var fields: [(name: String, value: JSONValue)] = [
            ("operationId", .string(endpoint.operationID)),
            ("tags", .array([.string(endpoint.tag)])),
            ("summary", .string(endpoint.summary)),
        ]
        if let description = endpoint.description { fields.append(("description", .string(description))) }
        if endpoint.access == .open { fields.append(("security", .array([]))) }
        let parameters = self.parameters(endpoint)
        if !parameters.isEmpty { fields.append(("parameters", .array(parameters))) }
        if let body = endpoint.body {
            let type = endpoint.method == .patch ? JSONValue.mergePatchMediaType : JSONValue.mediaType
            var contents = [
                (name: JSONValue.mediaType, value: JSONValue.record([("schema", reference(to: body.schema))]))
            ]
            if type != JSONValue.mediaType { contents.append((type, contents[0].value)) }
            fields.append(("requestBody", .record([("required", .boolean(true)), ("content", .record(contents))])))
        }
        fields.append(("responses", .record(responses(endpoint))))
        return .record(fields)
    }

    private mutating func parameters(_ endpoint: AdminEndpoint) -> [JSONValue] {
        var parameters = endpoint.path.placeNames.map { name in
            Self.parameter(name, in: "path", required: true, schema: .record([("type", .string("string"))]), nil)
        }
        for query in endpoint.queries {
            var schema = query.schema
            let description = schema.description
            schema.description = nil
            parameters.append(
                Self.parameter(query.name, in: "query", required: false, schema: reference(to: schema), description))
        }
        if endpoint.needsRevision {
            parameters.append(
                Self.parameter(
                    "If-Match", in: "header", required: true, schema: .record([("type", .string("string"))]),
                    "The `ETag` of the revision that the change applies to."))
        }
        if endpoint.takesIdempotencyKey {
            parameters.append(
                Self.parameter(
                    "Idempotency-Key", in: "header", required: false,
                    schema: .record([("type", .string("string")), ("minLength", .int(1)), ("maxLength", .int(200))]),
                    "The same key with the same body within 24 hours gives the first answer again, and nothing is done twice."
                ))
        }
        return parameters
    }

    private static func parameter(
        _ name: String, in place: String, required: Bool, schema: JSONValue, _ description: String?
    ) -> JSONValue {
        var fields: [(name: String, value: JSONValue)] = [
            ("name", .string(name)), ("in", .string(place)), ("required", .boolean(required)), ("schema", schema),
        ]
        if let description { fields.append(("description", .string(description))) }
        return .record(fields)
    }

    private mutating func responses(_ endpoint: AdminEndpoint) -> [(name: String, value: JSONValue)] {
        var success: [(name: String, value: JSONValue)] = [("description", .string(endpoint.success.description))]
        var headers: [(name: String, value: JSONValue)] = [
            ("x-request-id", Self.header("The request's ID, also in the log and the audit."))
        ]
        if endpoint.answersRevision {
            headers.append(("ETag", Self.header("The revision in quotes, for `If-Match`.")))
        }
        if endpoint.success.status == 201 { headers.append(("Location", Self.header("The path of what was created."))) }
        if endpoint.takesIdempotencyKey {
            headers.append(("Idempotent-Replayed", Self.header("`true`: this is the answer to an earlier request.")))
        }
        success.append(("headers", .record(headers)))
        if !endpoint.success.contents.isEmpty {
            success.append(
                (
                    "content",
                    .record(
                        endpoint.success.contents.map { ($0.type, .record([("schema", reference(to: $0.schema))])) })
                ))
        }
        var responses = [(name: "\(endpoint.success.status)", value: JSONValue.record(success))]
        for (status, kinds) in Self.problems(of: endpoint) {
            let titles = kinds.map { "\($0.title) (`\($0.rawValue)`)." }.joined(separator: " ")
            responses.append(
                (
                    "\(status)",
                    .record([
                        ("description", .string(titles)),
                        (
                            "content",
                            .record([(Problem.contentType, .record([("schema", reference(to: Self.problemSchema))]))])
                        ),
                    ])
                ))
        }
        return responses
    }

    private static func header(_ description: String) -> JSONValue {
        .record([("description", .string(description)), ("schema", .record([("type", .string("string"))]))])
    }

    /// The problems an endpoint can answer, by status: its own and those of every endpoint.
    static func problems(of endpoint: AdminEndpoint) -> [(status: Int, kinds: [Problem.Kind])] {
        var kinds = endpoint.problems
        if endpoint.access != .open { kinds += [.unauthenticated, .databaseUnavailable] }
        if endpoint.access == .admin { kinds.append(.forbidden) }
        if endpoint.body != nil { kinds += [.malformedRequest, .bodyTooLarge, .unsupportedMediaType] }
        if endpoint.takesIdempotencyKey { kinds += [.requestInProgress, .idempotencyKeyReused] }
        if endpoint.needsRevision { kinds += [.preconditionRequired, .staleRevision] }
        kinds.append(.internalError)
        let statuses = Set(kinds.map(\.status)).sorted()
        return statuses.map { status in
            (status, Problem.Kind.allCases.filter { $0.status == status && kinds.contains($0) })
        }
    }

    static let problemSchema = Schema(
        .object([
            .init(
                name: "type", schema: Schema(.choice(Problem.Kind.allCases.map { Problem.typePrefix + $0.rawValue })),
                isRequired: true),
            .init(name: "title", schema: Schema(.text(.free)), isRequired: true),
            .init(name: "status", schema: Schema(.integer(400...599)), isRequired: true),
            .init(name: "detail", schema: Schema(.text(.free)), isRequired: true),
            .init(
                name: "errors",
                schema: Schema(
                    .list(
                        of: Schema(
                            .object([
                                .init(
                                    name: "field", schema: Schema(.text(.free), example: .string("targets[0].model")),
                                    isRequired: true),
                                .init(name: "message", schema: Schema(.text(.free)), isRequired: true),
                            ])), count: 0...Problem.errorCountMax),
                    "Every field that is wrong, and what would be right.")),
            .init(name: "request_id", schema: Schema(.text(.free)), isRequired: true),
        ]), name: "Problem", "An error (RFC 9457).")

    // MARK: Schemas

    /// A `$ref` for a named schema, which is written once; the schema itself for others.
    private mutating func reference(to schema: Schema) -> JSONValue {
        guard let name = schema.name else { return inline(schema) }
        if !schemas.contains(where: { $0.name == name }) {
            schemas.append((name, .null))
            let value = inline(schema)
            schemas[schemas.firstIndex { $0.name == name }!].value = value
        }
        return .record([("$ref", .string("#/components/schemas/\(name)"))])
    }

    private mutating func inline(_ schema: Schema) -> JSONValue {
        var fields: [(name: String, value: JSONValue)]
        switch schema.shape {
        case .text(let format): fields = [("type", .string("string"))] + format.facets
        case .integer(let range):
            fields = [
                ("type", .string("integer")), ("minimum", .int(range.lowerBound)), ("maximum", .int(range.upperBound)),
            ]
        case .flag: fields = [("type", .string("boolean"))]
        case .choice(let choices):
            fields = [("type", .string("string")), ("enum", .array(choices.map { .string($0) }))]
        case .list(let element, let count):
            fields = [
                ("type", .string("array")), ("items", reference(to: element)),
                ("minItems", .int(Int64(count.lowerBound))),
                ("maxItems", .int(Int64(count.upperBound))),
            ]
        case .choices(let choices, let countMin):
            fields = [
                ("type", .string("array")), ("items", inline(Schema(.choice(choices)))),
                ("minItems", .int(Int64(countMin))),
                ("maxItems", .int(Int64(choices.count))), ("uniqueItems", .boolean(true)),
            ]
        case .object(let properties): fields = object(properties)
        case .either(let plain, let other, _):
            fields = [("anyOf", .array([reference(to: plain), reference(to: other)]))]
        case .hundredths(let range):
            fields = [
                ("type", .string("number")), ("minimum", .int(range.lowerBound / 100)),
                ("maximum", .int(range.upperBound / 100)),
            ]
        case .map(let element, let countMax, _):
            fields = [
                ("type", .string("object")), ("additionalProperties", reference(to: element)),
                ("maxProperties", .int(Int64(countMax))),
            ]
        case .freeObject: fields = [("type", .string("object"))]
        }
        if let description = schema.description { fields.append(("description", .string(description))) }
        if let example = schema.example { fields.append(("examples", .array([example]))) }
        return .record(fields)
    }

    private mutating func object(_ properties: [Schema.Property]) -> [(name: String, value: JSONValue)] {
        let fields = properties.map { property in
            (name: property.name, value: self.property(property))
        }
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        var out: [(name: String, value: JSONValue)] = [("type", .string("object")), ("properties", .record(fields))]
        if !required.isEmpty { out.append(("required", .array(required))) }
        out.append(("additionalProperties", .boolean(false)))
        return out
    }

    private mutating func property(_ property: Schema.Property) -> JSONValue {
        var value = reference(to: property.schema)
        if property.isNullable {
            value = .record([("anyOf", .array([value, .record([("type", .string("null"))])]))])
        }
        var extra: [(name: String, value: JSONValue)] = []
        if let standard = property.standard { extra.append(("default", standard)) }
        if property.mode == .readOnly { extra.append(("readOnly", .boolean(true))) }
        if property.mode == .writeOnly { extra.append(("writeOnly", .boolean(true))) }
        return extra.isEmpty ? value : .record(value.fieldList + extra)
    }
}

import Shared

/// One row of the table that requests are routed by and the OpenAPI document is written from.
///
/// - Shape: there is no way to add an endpoint without saying what it is, takes and answers: the initializers ask for it.
struct AdminEndpoint {
    enum Method: String, CaseIterable { case get = "GET", post = "POST", patch = "PATCH", delete = "DELETE" }

    /// Who may call it. A viewer may read everything and change nothing.
    enum Access { case open, viewer, admin }

    /// A parameter of the query string.
    struct QueryParameter: Sendable {
        var name: String
        var schema: Schema

        init(_ name: String, _ schema: Schema) {
            self.name = name
            self.schema = schema
        }
    }

    struct Success {
        var status: Int
        var description: String
        var contents: [Content]

        struct Content {
            var type: String
            var schema: Schema
        }
    }

    var method: Method
    var path: PathPattern
    var access: Access
    var operationID: String
    var tag: String
    var summary: String
    var description: String?
    var queries: [QueryParameter] = []
    /// nil: a body is refused.
    var body: Body?
    var success: Success
    /// What it can answer beyond the problems that every endpoint can.
    var problems: [Problem.Kind] = []
    /// The change applies to the revision that `If-Match` names.
    var needsRevision = false
    /// It reads a state of the database that does not change meanwhile, and leaves it as it was.
    var isRehearsal = false
    var respond: (Call) async throws -> Answer

    /// The answer is one object that has revisions.
    var answersRevision: Bool {
        guard case .object(let properties)? = success.contents.first?.schema.shape else { return false }
        return properties.contains { $0.name == "revision" }
    }

    /// What a body must be. `problems` may know more than the schema, so that its messages are better.
    struct Body {
        var schema: Schema
        var problems: (JSONValue) -> [FieldProblem]

        init(_ schema: Schema) {
            self.schema = schema
            problems = schema.problems(in:)
        }

        init(_ shape: ObjectShape, creating: Bool) {
            schema = creating ? shape.create : shape.update
            problems = { shape.problems(in: $0, creating: creating) }
        }
    }

    /// The endpoint retries safely with an idempotency key.
    var takesIdempotencyKey: Bool { method == .post && !isRehearsal }
}

/// What a resource is called: in paths, in the document, in messages.
struct Noun: Equatable {
    /// `virtual key`, in messages.
    var singular: String
    /// `virtual-keys`, in paths.
    var plural: String
    /// `VirtualKey`, in operation IDs and components.
    var type: String

    /// `virtual_key`, in the audit.
    var kind: String { singular.split(separator: " ").joined(separator: "_") }
    var typePlural: String { type + "s" }
    var collection: String { "/api/v1/\(plural)" }
    var item: String { "/api/v1/\(plural)/{id}" }
}

extension AdminEndpoint {
    static func list(
        _ noun: Noun, of schema: Schema, _ summary: String, filters: [QueryParameter] = [], access: Access = .viewer,
        _ respond: @escaping (Call) async throws -> Answer
    ) -> AdminEndpoint {
        let page = Schema(
            .object([
                .init(
                    name: "items", schema: Schema(.list(of: schema, count: 0...PageRequest.limitRange.upperBound)),
                    isRequired: true),
                .init(
                    name: "next_cursor",
                    schema: Schema(.text(.free), "Pass it as `cursor` for the next page; null on the last."),
                    isRequired: true, isNullable: true),
            ]), name: (schema.name ?? noun.type) + "Page")
        return AdminEndpoint(
            method: .get, path: PathPattern(noun.collection), access: access, operationID: "list\(noun.typePlural)",
            tag: noun.plural, summary: summary, queries: filters + pageParameters,
            success: Success(
                status: 200, description: "One page.", contents: [.init(type: JSONValue.mediaType, schema: page)]),
            problems: [.invalidFields], respond: respond)
    }

    static func get(
        _ noun: Noun, of schema: Schema, _ summary: String, _ respond: @escaping (Call) async throws -> Answer
    ) -> AdminEndpoint {
        AdminEndpoint(
            method: .get, path: PathPattern(noun.item), access: .viewer, operationID: "get\(noun.type)",
            tag: noun.plural,
            summary: summary, success: .json(200, "The \(noun.singular).", schema), problems: [.notFound],
            respond: respond)
    }

    static func create(
        _ noun: Noun, _ shape: ObjectShape, answering schema: Schema? = nil, _ summary: String,
        _ respond: @escaping (Call) async throws -> Answer
    ) -> AdminEndpoint {
        AdminEndpoint(
            method: .post, path: PathPattern(noun.collection), access: .admin, operationID: "create\(noun.type)",
            tag: noun.plural, summary: summary, body: Body(shape, creating: true),
            success: .json(201, "The \(noun.singular) as created.", schema ?? shape.answer),
            problems: [.invalidFields, .alreadyExists], respond: respond)
    }

    static func update(
        _ noun: Noun, _ shape: ObjectShape, _ summary: String, _ respond: @escaping (Call) async throws -> Answer
    ) -> AdminEndpoint {
        AdminEndpoint(
            method: .patch, path: PathPattern(noun.item), access: .admin, operationID: "update\(noun.type)",
            tag: noun.plural, summary: summary,
            description:
                "A merge patch (RFC 7396): absent fields stay as they are, null clears a field that can be null, arrays and objects are replaced as a whole.",
            body: Body(shape, creating: false),
            success: .json(200, "The \(noun.singular) after the change.", shape.answer),
            problems: [.invalidFields, .notFound, .alreadyExists], needsRevision: true, respond: respond)
    }

    static func delete(_ noun: Noun, _ summary: String, _ respond: @escaping (Call) async throws -> Answer)
        -> AdminEndpoint
    {
        AdminEndpoint(
            method: .delete, path: PathPattern(noun.item), access: .admin, operationID: "delete\(noun.type)",
            tag: noun.plural, summary: summary,
            success: Success(status: 204, description: "It is gone.", contents: []),
            problems: [.notFound, .stillReferenced], needsRevision: true, respond: respond)
    }

    /// Something done to one object that is not a change of its fields: `POST /api/v1/virtual-keys/{id}/revoke`.
    static func action(
        _ noun: Noun, _ verb: String, body: Schema? = nil, answering schema: Schema, _ summary: String,
        _ respond: @escaping (Call) async throws -> Answer
    ) -> AdminEndpoint {
        AdminEndpoint(
            method: .post, path: PathPattern("\(noun.item)/\(verb)"), access: .admin,
            operationID: "\(verb)\(noun.type)",
            tag: noun.plural, summary: summary, body: body.map { Body($0) },
            success: .json(200, "The \(noun.singular) afterwards.", schema), problems: [.notFound, .conflict],
            respond: respond)
    }

    static var pageParameters: [QueryParameter] {
        let range = PageRequest.limitRange
        return [
            QueryParameter(
                "limit",
                Schema(
                    .integer(Int64(range.lowerBound)...Int64(range.upperBound)),
                    "Rows in a page; \(PageRequest.limitDefault) by default.")),
            QueryParameter("cursor", Schema(.text(.line(bytesMax: 500)), "`next_cursor` of the page before.")),
        ]
    }
}

extension AdminEndpoint.Success {
    static func json(_ status: Int, _ description: String, _ schema: Schema) -> AdminEndpoint.Success {
        AdminEndpoint.Success(
            status: status, description: description, contents: [.init(type: JSONValue.mediaType, schema: schema)])
    }
}

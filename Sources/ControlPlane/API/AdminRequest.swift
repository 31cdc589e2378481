import Shared

/// A request to the admin API, as far as it matters here.
struct AdminRequest {
    var method: String
    /// Undecoded, without the query.
    var path: String
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var remoteAddress = ""

    /// The first header of this name in any case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    // MARK: Credentials

    /// The token of `Authorization: Bearer <token>`; nil when there is none.
    var bearerToken: Substring? {
        guard let value = header("authorization") else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].trimmed
    }

    // MARK: Checks of what an endpoint takes

    /// The parameters of the query that the endpoint knows; anything else is a problem, and so is a repeated one.
    func checkedQuery(for endpoint: AdminEndpoint) throws(Problem) -> [String: String] {
        var values: [String: String] = [:]
        var problems: [FieldProblem] = []
        for (name, value) in query {
            let place = "query:\(name)"
            guard let parameter = endpoint.queries.first(where: { $0.name == name }) else {
                let known = endpoint.queries.map(\.name).sorted().joined(separator: ", ")
                problems.append(
                    FieldProblem(
                        path: place,
                        message: known.isEmpty
                            ? "is not known; this endpoint takes no query" : "is not known; known are \(known)"))
                continue
            }
            guard values[name] == nil else {
                problems.append(FieldProblem(path: place, message: "is given twice; give it once"))
                continue
            }
            // In a query everything is text: numbers are checked as the numbers they spell.
            var typed = JSONValue.string(value)
            if case .integer = parameter.schema.shape, let number = Int64(value) { typed = .int(number) }
            problems += parameter.schema.problems(in: typed).map { FieldProblem(path: place, message: $0.message) }
            values[name] = value
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return values
    }

    /// The body as JSON that the endpoint accepts. An endpoint without a body refuses one, rather than ignore it.
    func checkedBody(for endpoint: AdminEndpoint) throws(Problem) -> JSONValue {
        guard let wanted = endpoint.body else {
            guard body.isEmpty else { throw .malformed("This endpoint takes no body; leave it out.") }
            return .record([])
        }
        if body.isEmpty, wanted.problems(.record([])).isEmpty { return .record([]) }
        let types =
            endpoint.method == .patch ? [JSONValue.mergePatchMediaType, JSONValue.mediaType] : [JSONValue.mediaType]
        let type = header("content-type").map { mediaType(of: $0) } ?? ""
        guard types.contains(type) else {
            throw Problem(
                kind: .unsupportedMediaType,
                detail: type.isEmpty
                    ? "The Content-Type header is missing; want \(types.joined(separator: " or "))."
                    : "The Content-Type is \(type); want \(types.joined(separator: " or ")).")
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body)
        } catch {
            if case .duplicateField(let name) = error.kind { throw .invalid(name, "is given twice; give it once") }
            throw .malformed("The body is not valid JSON: \(error).")
        }
        let problems = wanted.problems(value)
        guard problems.isEmpty else { throw .invalid(problems) }
        return value
    }

    private func mediaType(of header: String) -> String {
        String(header.prefix { $0 != ";" }).lowercased()[...].trimmed.description
    }

    /// What `If-Match` allows, where the endpoint needs to be told.
    func checkedRevisions(for endpoint: AdminEndpoint) throws(Problem) -> RevisionMatch? {
        guard endpoint.needsRevision else { return nil }
        guard let header = header("if-match") else {
            throw Problem(
                kind: .preconditionRequired,
                detail:
                    "Send If-Match with the ETag of the revision that the change applies to (GET the object first), or * for any."
            )
        }
        guard let revisions = RevisionMatch(ifMatch: header) else {
            throw .invalid("header:If-Match", "want an entity tag in quotes such as \"3\", a list of them, or *")
        }
        return revisions
    }

    /// The idempotency key, where the endpoint takes one and the caller sent one.
    func checkedIdempotencyKey(for endpoint: AdminEndpoint) throws(Problem) -> String? {
        guard endpoint.takesIdempotencyKey, let key = header("idempotency-key") else { return nil }
        guard (1...200).contains(key.utf8.count), key.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw .invalid("header:Idempotency-Key", "want 1...200 printable ASCII characters without blanks")
        }
        return key
    }

    /// The caller's own request ID where it is a sensible one.
    var wantedRequestID: String? {
        guard let id = header("x-request-id"), (1...64).contains(id.utf8.count),
            id.utf8.allSatisfy({ byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                    || byte == 46
                    || byte == 95
            })
        else { return nil }
        return id
    }
}

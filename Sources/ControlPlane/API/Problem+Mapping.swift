import Shared

/// Every error that can reach the API becomes a problem here.
extension Problem {
    static func from(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as ResourceError: from(error)
        case let error as StoreError: from(error)
        default:
            Problem(kind: .internalError, detail: "The request failed. The log has the reason under its request ID.")
        }
    }

    static func from(_ error: ResourceError) -> Problem {
        switch error {
        case .invalid(let problems): return .invalid(problems)
        case .notFound(let noun, let id):
            return Problem(
                kind: .notFound,
                detail:
                    "There is no \(noun.singular) \(id.quotedForMessage). GET \(noun.collection) lists what there is.")
        case .alreadyExists(let noun, let field, let value):
            return Problem(
                kind: .alreadyExists, detail: "A \(noun.singular) called \(value.quotedForMessage) exists already.",
                errors: [
                    FieldProblem(
                        path: field, message: "is taken; choose another, or change the existing \(noun.singular)")
                ])
        case .stillReferenced(let noun, let by):
            return Problem(
                kind: .stillReferenced,
                detail:
                    "The \(noun.singular) is still used by \(by.joined(separator: ", ")). Change or delete those first."
            )
        case .conflict(let detail): return Problem(kind: .conflict, detail: detail)
        case .staleRevision(let current):
            return Problem(
                kind: .staleRevision,
                detail:
                    "The object is at revision \(current). GET it, look at what changed, and send its ETag with the change.",
                headers: [Header(name: "ETag", value: "\"\(current)\"")])
        }
    }

    /// What a caller may know of a database error: whether to come again, never the statement.
    static func from(_ error: StoreError) -> Problem {
        switch error {
        case .unavailable:
            return unavailable("The control plane cannot reach its database. Nothing was changed; try again.")
        case .timeout: return unavailable("The database did not answer in time. Nothing was changed; try again.")
        case .serialization:
            return unavailable(
                "Others changed the same objects at the same time. Nothing was changed; try again.", retryAfter: 1)
        case .commitUnknown:
            return unavailable(
                "The connection to the database broke while the change was being committed: it may have happened or not. Send the request again with the same Idempotency-Key, or look first."
            )
        case .conflict:
            return Problem(kind: .conflict, detail: "The change collides with an object that exists already.")
        case .reference:
            return Problem(
                kind: .conflict,
                detail:
                    "Something that the change refers to was deleted, or is still in use, since it was checked. Look again."
            )
        case .mismatch, .other:
            return Problem(
                kind: .internalError, detail: "The request failed. The log has the reason under its request ID.")
        }
    }

    private static func unavailable(_ detail: String, retryAfter: Int = 2) -> Problem {
        Problem(
            kind: .databaseUnavailable, detail: detail,
            headers: [Header(name: "Retry-After", value: String(retryAfter))])
    }

    func answer(requestID: String) -> Answer {
        var fields: [(name: String, value: JSONValue)] = [
            ("type", .string(Problem.typePrefix + kind.rawValue)), ("title", .string(kind.title)),
            ("status", .int(Int64(kind.status))), ("detail", .string(detail)),
        ]
        if !errors.isEmpty {
            fields.append(
                (
                    "errors",
                    .array(
                        errors.map {
                            .record([("field", .string(String($0.path.prefix(200)))), ("message", .string($0.message))])
                        })
                ))
        }
        fields.append(("request_id", .string(requestID)))
        return Answer(
            status: kind.status, headers: headers, contentType: Problem.contentType,
            body: JSONValue.record(fields).bytes)
    }
}

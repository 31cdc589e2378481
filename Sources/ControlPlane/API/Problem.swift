import Shared

/// An error answer of the admin API: what went wrong, what to do about it, and which fields are to blame.
///
/// - Shape: `application/problem+json`; `type` is `https://weir.dev/problems/<slug>` and is what programs branch on.
/// - Source: RFC 9457.
struct Problem: Error, Equatable {
    var kind: Kind
    var detail: String
    var errors: [FieldProblem] = []
    /// Headers beside the body: `Retry-After`, `Allow`, `ETag`.
    var headers: [Header] = []

    struct Header: Equatable {
        var name: String
        var value: String
    }

    /// Every error the admin API can answer with: slug, status and title are one row each, here and nowhere else.
    enum Kind: String, CaseIterable {
        case malformedRequest = "malformed-request"
        case invalidFields = "invalid-fields"
        case unauthenticated
        case forbidden
        case unknownPath = "unknown-path"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case alreadyExists = "already-exists"
        case stillReferenced = "still-referenced"
        case conflict
        case requestInProgress = "request-in-progress"
        case staleRevision = "stale-revision"
        case bodyTooLarge = "body-too-large"
        case unsupportedMediaType = "unsupported-media-type"
        case idempotencyKeyReused = "idempotency-key-reused"
        case preconditionRequired = "precondition-required"
        case internalError = "internal-error"
        case databaseUnavailable = "database-unavailable"

        var status: Int {
            switch self {
            case .malformedRequest, .invalidFields: 400
            case .unauthenticated: 401
            case .forbidden: 403
            case .unknownPath, .notFound: 404
            case .methodNotAllowed: 405
            case .alreadyExists, .stillReferenced, .conflict, .requestInProgress: 409
            case .staleRevision: 412
            case .bodyTooLarge: 413
            case .unsupportedMediaType: 415
            case .idempotencyKeyReused: 422
            case .preconditionRequired: 428
            case .internalError: 500
            case .databaseUnavailable: 503
            }
        }

        var title: String {
            switch self {
            case .malformedRequest: "The request is malformed"
            case .invalidFields: "Some fields are not valid"
            case .unauthenticated: "A valid admin token is needed"
            case .forbidden: "The token's role does not allow this"
            case .unknownPath: "There is nothing at this path"
            case .notFound: "There is no such object"
            case .methodNotAllowed: "The path does not take this method"
            case .alreadyExists: "An object of this name exists already"
            case .stillReferenced: "The object is still in use"
            case .conflict: "The object's state does not allow this"
            case .requestInProgress: "The same request is still being processed"
            case .staleRevision: "The object has changed since it was read"
            case .bodyTooLarge: "The body is too large"
            case .unsupportedMediaType: "The content type is not supported"
            case .idempotencyKeyReused: "The idempotency key was used for another request"
            case .preconditionRequired: "An If-Match header is needed"
            case .internalError: "Something went wrong in the control plane"
            case .databaseUnavailable: "The database cannot be reached"
            }
        }
    }

    static let typePrefix = "https://weir.dev/problems/"
    static let contentType = "application/problem+json"

    /// More than these help nobody, and a body of a megabyte can make many.
    static let errorCountMax = 100

    static func invalid(_ errors: [FieldProblem]) -> Problem {
        var detail = errors.count == 1 ? "1 field is not valid." : "\(errors.count) fields are not valid."
        if errors.count > errorCountMax { detail += " The first \(errorCountMax) are listed." }
        return Problem(kind: .invalidFields, detail: detail, errors: Array(errors.prefix(errorCountMax)))
    }

    static func invalid(_ field: String, _ message: String) -> Problem {
        invalid([FieldProblem(path: field, message: message)])
    }

    static func malformed(_ detail: String) -> Problem { Problem(kind: .malformedRequest, detail: detail) }
}

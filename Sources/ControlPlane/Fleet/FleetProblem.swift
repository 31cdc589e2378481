import Shared

/// An answer of the fleet API that is not a success.
///
/// - Source: RFC 9457. `retryAfterSeconds` is set where the same request may succeed later.
struct FleetProblem: Error {
    var status: Int
    var title: String
    var detail: String
    var retryAfterSeconds: Int?
    var extra: [(name: String, value: Int64)] = []

    static func badRequest(_ detail: String) -> FleetProblem {
        FleetProblem(status: 400, title: "Bad request", detail: detail)
    }
    static let unauthorized = FleetProblem(
        status: 401, title: "Unauthorized", detail: "A node token is required: Authorization: Bearer weirnode_...")
    static let notFound = FleetProblem(status: 404, title: "Not found", detail: "There is no such resource.")
    static func methodNotAllowed(_ allowed: String) -> FleetProblem {
        FleetProblem(status: 405, title: "Method not allowed", detail: "Use \(allowed).")
    }
    /// 503 where trying again may help, 500 where it is a bug of ours.
    static func store(_ error: StoreError) -> FleetProblem {
        switch error {
        case .unavailable, .timeout, .serialization, .commitUnknown:
            FleetProblem(
                status: 503, title: "Unavailable", detail: "The database cannot be reached at the moment.",
                retryAfterSeconds: 1)
        case .conflict, .reference, .mismatch, .other:
            FleetProblem(status: 500, title: "Internal error", detail: "The request failed; the log says why.")
        }
    }

    var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("detail")
        writer.string(detail)
        for (name, value) in extra {
            writer.name(name)
            writer.integer(value)
        }
        writer.name("status")
        writer.integer(status)
        writer.name("title")
        writer.string(title)
        writer.endObject()
        return writer.bytes
    }
}

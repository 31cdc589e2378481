import Shared

/// Why a resource refuses.
enum ResourceError: Error, Equatable {
    case invalid([FieldProblem])
    case notFound(Noun, String)
    /// Something else has this name (or what else must be unique).
    case alreadyExists(Noun, field: String, value: String)
    /// Who still needs it, in words.
    case stillReferenced(Noun, by: [String])
    /// The state of the object does not allow it.
    case conflict(String)
    case staleRevision(current: Int64)
}

/// What can go wrong between the control plane and PostgreSQL.
public enum StoreError: Error, Equatable, Sendable {
    /// The database cannot be reached, has no free connection in time, or dropped the connection before the statement took
    /// effect in a transaction that was never committed. Trying again later helps.
    case unavailable(String)
    /// The statement ran longer than it may, or waited that long for a lock. It has had no effect.
    case timeout
    /// The connection was lost while a commit was on its way: it may have happened or not. Never retried blindly.
    case commitUnknown
    /// A unique or exclusion constraint; the name says which.
    case conflict(constraint: String)
    /// A foreign key: what is named does not exist, or what is deleted is still in use.
    case reference(constraint: String)
    /// A serialization failure or a deadlock: the whole transaction may be tried again.
    case serialization
    /// A column or parameter has another type than the program expects: a bug in a statement.
    case mismatch(String)
    /// Any other answer of the server.
    case other(sqlstate: String, message: String)

    /// Whether the same call may succeed later without a change to it.
    public var isTransient: Bool {
        switch self {
        case .unavailable, .timeout, .serialization: true
        case .commitUnknown, .conflict, .reference, .mismatch, .other: false
        }
    }

    /// Nothing else would fare better now.
    var meansDatabaseIsAway: Bool {
        switch self {
        case .unavailable, .timeout, .commitUnknown: true
        case .serialization, .conflict, .reference, .mismatch, .other: false
        }
    }

    /// The metric label.
    public var label: String {
        switch self {
        case .unavailable: "unavailable"
        case .timeout: "timeout"
        case .commitUnknown: "commit_unknown"
        case .conflict: "conflict"
        case .reference: "reference"
        case .serialization: "serialization"
        case .mismatch: "mismatch"
        case .other: "other"
        }
    }

    /// Sorts a server error by its SQLSTATE.
    ///
    /// - Source: PostgreSQL manual, appendix A.
    static func server(sqlstate: String, message: String, constraint: String?) -> StoreError {
        switch sqlstate {
        case "23505", "23P01": return .conflict(constraint: constraint ?? "")
        case "23503": return .reference(constraint: constraint ?? "")
        case "40001", "40P01": return .serialization
        // query_canceled is what statement_timeout answers; lock_not_available is lock_timeout.
        case "57014", "55P03": return .timeout
        // Shutdown, crash, starting up, too many connections, idle transaction ended, and the whole connection class.
        case "57P01", "57P02", "57P03", "57P05", "53300", "25P03": return .unavailable("\(sqlstate): \(message)")
        default:
            if sqlstate.hasPrefix("08") { return .unavailable("\(sqlstate): \(message)") }
            return .other(sqlstate: sqlstate, message: message)
        }
    }
}

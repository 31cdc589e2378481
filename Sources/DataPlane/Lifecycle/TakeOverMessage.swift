import Shared

/// What one process tells the other while it takes over.
///
/// - Shape: a JSON object in each message. The new process says `hello`; the old one answers `offer` and as many `listeners` as it takes, with
///   descriptors beside them, or `refused`. Once the new one serves it says `serving`; the old one answers `draining`, and that is the moment
///   from which it is over for the old one. Whichever side goes away before leaves the other as it was.
/// - Source: docs/decisions/0018-taking-over.md
struct TakeOverMessage: Codable, Equatable {
    enum Kind: String, Codable { case hello, offer, listeners, refused, serving, draining }

    /// Raised when an older process could not understand a newer one any more.
    static let protocolVersion = 1
    /// The name of the socket in the data folder.
    static let socketName = "take-over"

    var kind: Kind
    var `protocol` = Self.protocolVersion
    var software = WeirVersion.current
    /// `hello`: how long the new process may take until it serves.
    var timeoutMilliseconds: Int?
    /// `offer`: how many listening sockets of callers follow.
    var listeners: Int?
    /// `listeners`: what the sockets are for.
    var role: ListenerRole?
    /// `refused`: in words.
    var reason: String?

    init(_ kind: Kind) { self.kind = kind }

    var bytes: [UInt8] { CanonicalJSON.encode(self) }

    /// Members that this version does not know are left alone: they are those of a newer one.
    init(_ bytes: [UInt8]) throws(MessageSocket.Failure) {
        guard let tree = try? JSONValue(parsing: bytes),
            let kind = tree["kind"]?.string.flatMap({ Kind(rawValue: $0) }),
            let version = tree["protocol"]?.number?.int64
        else { throw .malformed }
        self.kind = kind
        self.protocol = Int(clamping: version)
        software = tree["software"]?.string ?? "unknown"
        timeoutMilliseconds = tree["timeoutMilliseconds"]?.number?.int64.map { Int(clamping: $0) }
        listeners = tree["listeners"]?.number?.int64.map { Int(clamping: $0) }
        role = tree["role"]?.string.flatMap { ListenerRole(rawValue: $0) }
        reason = tree["reason"]?.string
    }
}

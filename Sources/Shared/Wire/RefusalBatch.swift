/// `POST /fleet/v1/refusals`: requests of known keys that a data plane refused before it began them, counted.
///
/// - Shape: JSON. Nothing depends on them: what is lost is missing in plans.
public struct RefusalBatch: Hashable, Sendable, Codable {
    public static let path = "/fleet/v1/refusals"
    /// In one call.
    public static let countMax = 200

    public var refusals: [RefusedRequests]

    public init(refusals: [RefusedRequests]) { self.refusals = refusals }
}

/// Requests that were alike, within some seconds.
public struct RefusedRequests: Hashable, Sendable, Codable {
    /// Makes a repetition harmless.
    public var id: ObjectID
    /// Of the first of them.
    public var beganUnixMilliseconds: Int64
    public var virtualKeyID: String
    /// What they asked for, whether or not there is such a route; cut at `textBytesMax`.
    public var route: String
    /// The raw value of `Endpoint`.
    public var endpoint: UInt8
    public var isStream: Bool
    public var endUser: String
    /// Of the error that their callers got.
    public var code: String
    public var requests: Int64
    /// Sums of what they would have used, about.
    public var inputTokens: Int64
    public var outputTokens: Int64
    /// Sums of what they would have held of money and of tokens; 0 where they came to no targets.
    public var worstNanodollars: Int64
    public var worstTokens: Int64

    public init(
        id: ObjectID, beganUnixMilliseconds: Int64, virtualKeyID: String, route: String, endpoint: UInt8,
        isStream: Bool, endUser: String, code: String, requests: Int64, inputTokens: Int64, outputTokens: Int64,
        worstNanodollars: Int64, worstTokens: Int64
    ) {
        self.id = id
        self.beganUnixMilliseconds = beganUnixMilliseconds
        self.virtualKeyID = virtualKeyID
        self.route = route
        self.endpoint = endpoint
        self.isStream = isStream
        self.endUser = endUser
        self.code = code
        self.requests = requests
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.worstNanodollars = worstNanodollars
        self.worstTokens = worstTokens
    }

    /// Of the route, the end user and the code.
    public static let textBytesMax = 128

    /// Of one row: more than a data plane refuses within the seconds that a row stands for.
    public static let requestsMax: Int64 = 1_000_000

    /// As much of a text as there is room for.
    public static func cut(_ text: [UInt8]) -> String {
        var cut = String(decoding: text.prefix(textBytesMax), as: UTF8.self)
        while cut.utf8.count > textBytesMax { cut.removeLast() }
        return cut
    }
}

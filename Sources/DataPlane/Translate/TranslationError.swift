public import Shared

/// Why something cannot be said in another dialect, or cannot be read in its own.
public enum TranslationError: Error, Hashable, Sendable {
    /// A caller's request is not as its dialect wants it. `field` as a path: `messages[2].content[0].type`.
    case invalid(field: String, reason: String)
    /// The target has no way to say it, whatever the route allows to be dropped.
    case inexpressible(field: String, reason: String)
    /// A provider's answer or event is not as its dialect wants it.
    case malformed(String)
    /// More than may be held at once, in bytes.
    case tooLarge(limit: Int)
}

/// An error that a provider reported, or that Weir reports in its place.
public struct ProviderError: Hashable, Sendable {
    /// What dialects distinguish.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case invalidRequest, authentication, permission, notFound, tooLarge, rateLimit, quota, overloaded, timeout,
            server
    }

    /// 0 where it came inside a stream, without one.
    public var status: Int
    public var kind: Kind
    public var message: String
    /// The provider's own, finer word.
    public var code: String?
    /// The field of the request that it is about.
    public var param: String?
    /// Members of the error object besides those that its dialect has.
    public var details = JSONObject()
    /// When another attempt is welcome, where the body says so.
    public var retryAfterMilliseconds: Int64?

    public init(
        status: Int, kind: Kind, message: String, code: String? = nil, param: String? = nil,
        retryAfterMilliseconds: Int64? = nil
    ) {
        self.status = status
        self.kind = kind
        self.message = message
        self.code = code
        self.param = param
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }
}

extension ProviderError.Kind {
    /// Of an answer of which nothing more is known.
    public init(status: Int) {
        switch status {
        case 401: self = .authentication
        case 402: self = .quota
        case 403: self = .permission
        case 404: self = .notFound
        case 408, 504: self = .timeout
        case 413: self = .tooLarge
        case 429: self = .rateLimit
        case 503, 529: self = .overloaded
        case 400..<500: self = .invalidRequest
        default: self = .server
        }
    }
}

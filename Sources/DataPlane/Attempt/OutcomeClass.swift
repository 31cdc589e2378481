import Shared

/// What an attempt came to, in the words in which it is decided what follows.
///
/// - Shape: `rule` is the one place that says what each class means; `docs/reliability.md` holds the same table, and a test compares them.
enum OutcomeClass: UInt8, CaseIterable {
    /// A success, or the begin of one.
    case answered
    case connectFailed, connectTimedOut, tlsFailed, broken, malformed
    case firstTokenTimedOut, stalled, totalTimedOut
    /// Of the request itself: any 4xx that is not below.
    case invalid
    case contextTooLong, contentFiltered, bodyTooLarge
    case credentialRejected, permissionDenied, quotaExhausted, modelNotFound
    case requestTimeout, conflict, tooEarly, rateLimited
    case serverError, notImplemented, overloaded
    /// No attempt was made: there is no credential, no place for a connection, no slot, or no descriptor.
    case credentialUnavailable, tokenUnavailable, connectionsInUse, concurrencyLimited, descriptorsExhausted
    /// No attempt was made: the target has no way to say what the request asks.
    case inexpressible
    /// All targets are set aside, and the route wants none of them tried.
    case allTargetsOut
    case callerGone, stopped
    /// The other attempt of a hedged request answered sooner.
    case hedgeLost

    /// What follows from a class.
    struct Rule: Equatable {
        /// Who is set aside.
        enum Cooled: String {
            case nobody, target, credential
            /// Limits of rate belong to the credential; with only one, that is the same as the target, but for its other models.
            case credentialOfSeveral = "credential of several, else target"
        }
        /// What the target's breaker counts.
        enum Counted: String { case nothing, success, failure }

        /// Another attempt at the same target may end better, soon.
        var retries: Bool
        /// As what fallbacks know it; nil: no other target is tried.
        var cause: PolicyDocument.FallbackCause?
        var cooled = Cooled.nobody
        /// How long, where the provider does not say.
        var coolMilliseconds: UInt64 = 0
        var counted: Counted
        /// The provider's own answer goes to the caller as it is, once no other target is left to try.
        var isVerdict = false

        /// Where a provider has several credentials, another one may do better, at once.
        var isOfCredential: Bool { cooled == .credential || cooled == .credentialOfSeveral }
    }

    var rule: Rule {
        switch self {
        case .answered: Rule(retries: false, cause: nil, counted: .success, isVerdict: true)
        case .connectFailed: Rule(retries: true, cause: .error, counted: .failure)
        case .connectTimedOut: Rule(retries: true, cause: .timeout, counted: .failure)
        // The same handshake ends in the same way.
        case .tlsFailed: Rule(retries: false, cause: .error, counted: .failure)
        case .broken: Rule(retries: true, cause: .error, counted: .failure)
        case .malformed: Rule(retries: false, cause: .error, counted: .failure)
        // Waited for long enough already; a second wait of the same length helps nobody.
        case .firstTokenTimedOut, .stalled: Rule(retries: false, cause: .timeout, counted: .failure)
        case .totalTimedOut: Rule(retries: false, cause: nil, counted: .failure)
        case .invalid: Rule(retries: false, cause: nil, counted: .success, isVerdict: true)
        case .contextTooLong, .bodyTooLarge:
            Rule(retries: false, cause: .contextLength, counted: .success, isVerdict: true)
        case .contentFiltered: Rule(retries: false, cause: .contentFilter, counted: .success, isVerdict: true)
        // Of the credential, not of the model: whoever uses another one is as well as before.
        case .credentialRejected:
            Rule(retries: false, cause: .error, cooled: .credential, coolMilliseconds: 30_000, counted: .nothing)
        // Of the credential with this model: with another one it may serve.
        case .permissionDenied:
            Rule(retries: false, cause: .error, cooled: .target, coolMilliseconds: 30_000, counted: .nothing)
        case .quotaExhausted:
            Rule(retries: false, cause: .rateLimit, cooled: .credential, coolMilliseconds: 60_000, counted: .nothing)
        case .modelNotFound:
            Rule(
                retries: false, cause: .error, cooled: .target, coolMilliseconds: 30_000, counted: .nothing,
                isVerdict: true)
        case .requestTimeout: Rule(retries: true, cause: .timeout, counted: .failure)
        case .conflict: Rule(retries: true, cause: .error, counted: .nothing, isVerdict: true)
        case .tooEarly: Rule(retries: true, cause: .error, counted: .nothing)
        case .rateLimited:
            Rule(
                retries: true, cause: .rateLimit, cooled: .credentialOfSeveral, coolMilliseconds: 1_000,
                counted: .nothing)
        case .serverError: Rule(retries: true, cause: .error, counted: .failure)
        case .notImplemented: Rule(retries: false, cause: .error, counted: .failure)
        case .overloaded:
            Rule(retries: true, cause: .error, cooled: .target, coolMilliseconds: 500, counted: .failure)
        case .credentialUnavailable: Rule(retries: false, cause: .error, counted: .nothing)
        // Of one credential; it comes back by itself, and soon, as a rule.
        case .tokenUnavailable:
            Rule(retries: false, cause: .error, cooled: .credential, coolMilliseconds: 1_000, counted: .nothing)
        // It has waited in line already.
        case .connectionsInUse, .concurrencyLimited: Rule(retries: false, cause: .rateLimit, counted: .nothing)
        // Another target needs a descriptor too.
        case .descriptorsExhausted: Rule(retries: false, cause: .error, counted: .nothing)
        // Another target may speak the caller's dialect.
        case .inexpressible: Rule(retries: false, cause: .error, counted: .nothing)
        case .allTargetsOut, .callerGone, .stopped, .hedgeLost: Rule(retries: false, cause: nil, counted: .nothing)
        }
    }

    /// In logs, metrics and `docs/reliability.md`.
    var label: StaticString {
        switch self {
        case .answered: "answered"
        case .connectFailed: "connect_failed"
        case .connectTimedOut: "connect_timeout"
        case .tlsFailed: "tls_failed"
        case .broken: "broken"
        case .malformed: "malformed"
        case .firstTokenTimedOut: "first_token_timeout"
        case .stalled: "stalled"
        case .totalTimedOut: "total_timeout"
        case .invalid: "invalid"
        case .contextTooLong: "context_length"
        case .contentFiltered: "content_filter"
        case .bodyTooLarge: "too_large"
        case .credentialRejected: "credential_rejected"
        case .permissionDenied: "permission_denied"
        case .quotaExhausted: "quota_exhausted"
        case .modelNotFound: "model_not_found"
        case .requestTimeout: "request_timeout"
        case .conflict: "conflict"
        case .tooEarly: "too_early"
        case .rateLimited: "rate_limited"
        case .serverError: "server_error"
        case .notImplemented: "not_implemented"
        case .overloaded: "overloaded"
        case .credentialUnavailable: "credential_unavailable"
        case .tokenUnavailable: "token_unavailable"
        case .connectionsInUse: "connections_in_use"
        case .concurrencyLimited: "concurrency_limited"
        case .descriptorsExhausted: "no_descriptor"
        case .inexpressible: "inexpressible"
        case .allTargetsOut: "all_targets_out"
        case .callerGone: "caller_gone"
        case .stopped: "stopped"
        case .hedgeLost: "hedge_lost"
        }
    }
}

// MARK: Which class an outcome is of

extension OutcomeClass {
    /// - Parameter complaint: what the provider's error body says, where it was read.
    init(status: Int, complaint: ProviderComplaint) {
        switch status {
        case ..<400: self = .answered
        case 401: self = .credentialRejected
        case 402: self = .quotaExhausted
        case 403: self = complaint == .contentFilter ? .contentFiltered : .permissionDenied
        case 404: self = .modelNotFound
        case 408: self = .requestTimeout
        case 409: self = .conflict
        case 413: self = .bodyTooLarge
        case 425: self = .tooEarly
        case 429: self = complaint == .quota ? .quotaExhausted : .rateLimited
        case 501, 505: self = .notImplemented
        case 529: self = .overloaded
        case 500...: self = .serverError
        default:
            switch complaint {
            case .contextLength: self = .contextTooLong
            case .contentFilter: self = .contentFiltered
            case .quota: self = .quotaExhausted
            case .none: self = .invalid
            }
        }
    }

    /// Before the first byte has reached the caller.
    init(_ error: AttemptError) {
        switch error {
        case .connectFailed: self = .connectFailed
        case .certificateRefused, .handshakeFailed: self = .tlsFailed
        case .connectTimedOut: self = .connectTimedOut
        case .firstTokenTimedOut: self = .firstTokenTimedOut
        case .stalled: self = .stalled
        case .totalTimedOut: self = .totalTimedOut
        case .brokenBeforeAnswer: self = .broken
        case .malformedAnswer, .answerTooLarge: self = .malformed
        case .credentialUnavailable: self = .credentialUnavailable
        case .tokenUnavailable: self = .tokenUnavailable
        case .connectionsInUse: self = .connectionsInUse
        case .concurrencyLimited: self = .concurrencyLimited
        case .descriptorsExhausted: self = .descriptorsExhausted
        case .upstream(let outcome, _, _): self = outcome
        case .inexpressible: self = .inexpressible
        case .unknownObject, .listTooLong: self = .invalid
        case .allTargetsOut: self = .allTargetsOut
        case .callerGone, .uploadFailed: self = .callerGone
        case .stopped: self = .stopped
        }
    }

    /// After it: nothing is tried any more, but the target's breaker counts it.
    init(_ error: RelayError) {
        switch error {
        case .cut: self = .broken
        case .malformed: self = .malformed
        case .idleTimedOut: self = .stalled
        case .totalTimedOut: self = .totalTimedOut
        case .failedByProvider: self = .serverError
        case .callerGone: self = .callerGone
        case .stopped: self = .stopped
        }
    }
}

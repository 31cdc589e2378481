import Shared
import Translate

/// What a caller is told when Weir itself answers: status, and the OpenAI-style error body.
///
/// - Shape: every case of every stage's error becomes one of these in this file, and nowhere else. `docs/errors.md` is the
///   readable copy of the tables below.
struct GatewayError: Error, Equatable {
    var status: Int
    var type: StaticString
    var code: StaticString
    /// The request field that is to blame.
    var param: String?
    /// Never carries an upstream URL or a credential.
    var message: String
    /// For the log alone.
    var operatorDetail: String = ""
    var retryAfterSeconds: UInt64?
    /// The same where a second is too coarse: clients that know it come back in time.
    var retryAfterMilliseconds: UInt64?
    /// What a refusal by an allowance says besides.
    var allowance: AllowanceAnswer?
    /// The method that the endpoint takes, on a 405.
    var allow: StaticString?
    /// The connection cannot be read any further: its framing is in doubt, or its body was not read.
    var closesConnection = false
    /// What a client that repeats requests by itself is told not to repeat: `x-should-retry: false`.
    var isNotWorthARetry = false
    /// What it may repeat although it might think otherwise: `x-should-retry: true`.
    var isWorthARetry = false

    static func == (a: GatewayError, b: GatewayError) -> Bool {
        a.status == b.status && a.code.description == b.code.description && a.message == b.message
            && a.param == b.param
    }
}

extension GatewayError {
    init(_ error: AuthenticationError) {
        switch error {
        case .missingKey:
            self.init(
                status: 401, type: "invalid_request_error", code: "missing_api_key",
                message: "No virtual key was sent. Send it as 'Authorization: Bearer weir_...'.", isNotWorthARetry: true
            )
        case .unknownKey:
            self.init(
                status: 401, type: "invalid_request_error", code: "invalid_api_key",
                message: "The virtual key is not valid: it is unknown or was revoked.", isNotWorthARetry: true)
        case .expiredKey:
            self.init(
                status: 401, type: "invalid_request_error", code: "expired_api_key",
                message: "The virtual key has expired.", isNotWorthARetry: true)
        case .sourceNotAllowed:
            self.init(
                status: 403, type: "invalid_request_error", code: "source_not_allowed",
                message: "The virtual key may not be used from this network.", isNotWorthARetry: true)
        case .unverifiable:
            self.init(
                status: 503, type: "server_error", code: "key_unverifiable",
                message: "Virtual keys cannot be verified yet. Try again shortly.", retryAfterSeconds: 1)
        }
        // The body was not read: strangers cannot fill memory. What is left of it is not read either.
        closesConnection = true
    }

    init(_ error: ParseError) {
        switch error {
        case .notJSON(let problem):
            self.init(
                status: 400, type: "invalid_request_error", code: "invalid_json",
                message: "The request body is not valid JSON: \(problem).")
        case .missingModel:
            self.init(
                status: 400, type: "invalid_request_error", code: "missing_required_parameter", param: "model",
                message: "The field 'model' is missing.")
        case .modelIsNoString:
            self.init(
                status: 400, type: "invalid_request_error", code: "invalid_type", param: "model",
                message: "The field 'model' must be a string.")
        case .duplicateField(let field):
            self.init(
                status: 400, type: "invalid_request_error", code: "duplicate_parameter", param: field.description,
                message: "The field '\(field)' stands in the body more than once. Send it once.")
        case .wrongType(let field, let want):
            self.init(
                status: 400, type: "invalid_request_error", code: "invalid_type", param: field.description,
                message: "The field '\(field)' must be \(want).")
        case .invalidField(let field, let reason):
            self.init(
                status: 400, type: "invalid_request_error", code: "invalid_value",
                param: field.isEmpty ? nil : field,
                message: field.isEmpty
                    ? "The request body cannot be used: \(reason)." : "The field '\(field)' cannot be used: \(reason).")
        case .bodyTooLarge(let limit):
            self.init(
                status: 413, type: "invalid_request_error", code: "request_too_large",
                message: "The request body is larger than \(limit) bytes.", closesConnection: true)
        case .bodyIncomplete:
            self.init(
                status: 400, type: "invalid_request_error", code: "incomplete_body",
                message: "The connection ended before the whole request body had arrived.", closesConnection: true)
        case .bodyTooSlow:
            self.init(
                status: 408, type: "invalid_request_error", code: "request_timeout",
                message: "The request did not arrive in time.", closesConnection: true)
        case .overloaded: self.init(IntakeError.overloaded)
        case .encodedBody:
            self.init(
                status: 415, type: "invalid_request_error", code: "unsupported_content_encoding",
                message: "Compressed request bodies are not supported. Send the body without Content-Encoding.",
                closesConnection: true)
        case .framing(let problem):
            self.init(
                status: problem.status, type: "invalid_request_error", code: "malformed_request",
                message: problem.message,
                closesConnection: true)
        case .plainHTTP:
            self.init(
                status: 400, type: "invalid_request_error", code: "https_required",
                message: "This port speaks TLS only. Use https:// in the base URL.", closesConnection: true)
        }
    }

    init(_ error: IntakeError) {
        switch error {
        case .tooManyConnections:
            self.init(
                status: 503, type: "server_error", code: "too_many_connections",
                message: "The gateway has as many connections as it may have. Try again shortly.", retryAfterSeconds: 1)
        case .tooManyFromSource:
            self.init(
                status: 429, type: "requests", code: "too_many_connections_from_source",
                message:
                    "This address has as many connections to the gateway as it may have. Close some, or use them again.",
                retryAfterSeconds: 1)
        case .overloaded:
            self.init(
                status: 503, type: "server_error", code: "overloaded",
                message: "The gateway has no memory left for new work. Try again shortly.", retryAfterSeconds: 1)
        }
        closesConnection = true
    }

    /// - Parameter id: of the request. Whoever is told the same time comes back at the same time, so what is told differs.
    init(_ error: OverloadError, spread id: ObjectID) {
        switch error {
        case .late:
            let wait = 1_000 + id.low & 2_047
            self.init(
                status: 503, type: "server_error", code: "overloaded",
                message: "The gateway has more to do than it can at the moment. Try again shortly.",
                retryAfterSeconds: (wait + 999) / 1_000, retryAfterMilliseconds: wait, isWorthARetry: true)
        }
    }

    init(_ error: RouteError) {
        switch error {
        case .unknownEndpoint:
            self.init(
                status: 404, type: "invalid_request_error", code: "unknown_endpoint",
                message:
                    "There is no such endpoint. Weir serves /v1/chat/completions, /v1/completions, /v1/embeddings, /v1/moderations, /v1/rerank, /v1/images/generations, /v1/audio/speech, /v1/audio/transcriptions, /v1/audio/translations, /v1/images/edits, /v1/files, /v1/batches, /v1/messages, /v1beta/models/{model}:generateContent, /model/{model}/converse and /v1/models."
            )
        case .methodNotAllowed(let allow):
            self.init(
                status: 405, type: "invalid_request_error", code: "method_not_allowed",
                message: "The endpoint does not take this method.", allow: allow.allowed)
        case .methodNotImplemented:
            self.init(
                status: 501, type: "invalid_request_error", code: "method_not_implemented",
                message: "There is no endpoint that takes this method.")
        case .unknownModel(let name):
            self.init(
                status: 404, type: "invalid_request_error", code: "model_not_found", param: "model",
                message:
                    "The model '\(name)' does not exist or this key may not use it. GET /v1/models lists what it may use."
            )
        case .unknownObject(let collection, let id):
            self.init(
                status: 404, type: "invalid_request_error", code: "object_not_found", param: "id",
                message:
                    "This key has nothing under the identity '\(id.prefix(200))'. GET /v1/\(collection.label) lists what it has.",
                isNotWorthARetry: true)
        case .unnamedProvider:
            self.init(
                status: 400, type: "invalid_request_error", code: "missing_route", param: StoredPlaces.routeField,
                message:
                    "This key reaches several providers, each of which keeps files of its own. Name a model that is served by the one that is meant in the header 'x-weir-route'.",
                isNotWorthARetry: true)
        case .noKeeper:
            self.init(
                status: 400, type: "invalid_request_error", code: "model_not_supported", param: StoredPlaces.routeField,
                message: "Nothing that this key may use is served by a provider that keeps files and batches.",
                isNotWorthARetry: true)
        case .wrongKind(let name):
            self.init(
                status: 400, type: "invalid_request_error", code: "model_not_supported", param: "model",
                message: "The model '\(name)' does not serve this endpoint.")
        case .lacking(let field, let lacks):
            self.init(
                status: 400, type: "invalid_request_error", code: "unsupported_parameter", param: field,
                message:
                    "No model that serves this request can take '\(field)': \(lacks). Leave it out, or have the route drop what its targets cannot take (unsupported_parameters).",
                isNotWorthARetry: true)
        }
    }

    init(_ error: AdmissionError, nowUnixMilliseconds: Int64) {
        switch error {
        case .journalFull:
            self.init(
                status: 503, type: "server_error", code: "journal_full",
                message: "The gateway cannot record usage at the moment and takes no new work.", retryAfterSeconds: 5)
        case .unbounded(let problem):
            switch problem {
            case .unpriced:
                self.init(
                    status: 403, type: "invalid_request_error", code: "model_not_priced", param: "model",
                    message: problem.description)
            case .unboundedOutput:
                self.init(
                    status: 400, type: "invalid_request_error", code: "unbounded_output",
                    param: "max_completion_tokens", message: problem.description)
            case .unboundedMedia:
                self.init(
                    status: 400, type: "invalid_request_error", code: "unbounded_output", param: "model",
                    message: problem.description)
            case .unboundedInput:
                self.init(
                    status: 400, type: "invalid_request_error", code: "unbounded_input", param: "messages",
                    message: problem.description)
            }
        case .allowance(let refusal, let scope, let name):
            self.init(refusal, scope, name, nowUnixMilliseconds)
        case .callerGone: self.init(AttemptError.callerGone)
        case .stopped: self.init(AttemptError.stopped)
        }
    }

    private init(_ refusal: WalletRefusal, _ scope: AllowanceScope, _ name: String?, _ nowUnixMilliseconds: Int64) {
        let answer = AllowanceAnswer(
            kind: refusal.kind, scope: scope, name: name ?? refusal.account.allowanceID.description,
            limit: refusal.limit, settled: refusal.settled,
            // Periods end at whole seconds; what is left of one was counted from a moment that has passed.
            resetsAtUnixMilliseconds: refusal.resetMilliseconds.map {
                (nowUnixMilliseconds + max(0, $0) + 500) / 1_000 * 1_000
            },
            waitMilliseconds: refusal.retryAfterMilliseconds)
        let wait = refusal.retryAfterMilliseconds.map { UInt64(max(1, $0)) }
        switch (refusal.reason, refusal.kind) {
        case (.exhausted, .money):
            self.init(
                status: 402, type: "budget_exceeded", code: "budget_exceeded",
                message:
                    "The budget '\(answer.name)' of this \(scope.phrase) does not cover this request: \(Money(nanodollars: refusal.settled)) of \(Money(nanodollars: refusal.limit)) is spent."
            )
            retryAfterSeconds = nil
        case (.exhausted, .requests):
            self.init(
                status: 429, type: "requests", code: "rate_limit_exceeded",
                message:
                    "The limit '\(answer.name)' of this \(scope.phrase) is reached: \(refusal.limit) requests in its period."
            )
        case (.exhausted, .tokens):
            self.init(
                status: 429, type: "tokens", code: "rate_limit_exceeded",
                message:
                    "The limit '\(answer.name)' of this \(scope.phrase) has no room for this request: \(refusal.limit) tokens in its period. A smaller max_completion_tokens needs less."
            )
        case (.exhausted, .slots), (.busy, .slots):
            self.init(
                status: 429, type: "requests", code: "concurrency_limit_exceeded",
                message:
                    "The limit '\(answer.name)' of this \(scope.phrase) is reached: \(refusal.limit) requests at a time."
            )
        case (.busy, .requests), (.busy, .tokens):
            self.init(
                status: 429, type: refusal.kind == .tokens ? "tokens" : "requests", code: "rate_limit_exceeded",
                message: "The limit '\(answer.name)' of this \(scope.phrase) is taken by requests in flight.")
        case (.busy, .money):
            self.init(
                status: 503, type: "server_error", code: "budget_busy",
                message:
                    "Requests in flight hold what is left of the budget '\(answer.name)' of this \(scope.phrase). It was not refused; try again when they have ended."
            )
        case (.unavailable, _):
            self.init(
                status: 503, type: "server_error", code: "budget_unavailable",
                message:
                    "An allowance cannot be verified at the moment: the control plane does not answer. Try again shortly."
            )
        case (.overloaded, _):
            self.init(
                status: 503, type: "server_error", code: "admission_overloaded",
                message: "Too many requests wait for their allowances. Try again shortly.")
        }
        allowance = answer
        // Money does not come back by asking.
        isNotWorthARetry = status == 402
        guard status != 402 else { return }
        // Clients wait for a minute at most, whatever they are told, and then come too early again.
        isNotWorthARetry = wait.map { $0 > 60_000 } ?? false
        retryAfterMilliseconds = wait ?? 1_000
        retryAfterSeconds = ((wait ?? 1_000) + 999) / 1_000
    }

    /// The answer when no target is left to try; `error` is that of the last attempt.
    init(_ error: AttemptError) {
        switch error {
        case .certificateRefused:
            self.init(
                status: 502, type: "server_error", code: "upstream_certificate_refused",
                message: "The model provider's certificate is not trusted.", isNotWorthARetry: true)
        case .connectFailed, .handshakeFailed, .brokenBeforeAnswer:
            self.init(
                status: 502, type: "server_error", code: "upstream_unreachable",
                message: "The model provider could not be reached.")
        case .connectTimedOut, .firstTokenTimedOut, .stalled, .totalTimedOut:
            self.init(
                status: 504, type: "server_error", code: "upstream_timeout",
                message: "The model provider did not answer in time.")
            // All the time that there was is used up; the same again would take as long.
            isNotWorthARetry = error == .totalTimedOut
        case .malformedAnswer:
            self.init(
                status: 502, type: "server_error", code: "upstream_malformed",
                message: "The model provider's answer could not be understood.")
        case .answerTooLarge:
            self.init(
                status: 502, type: "server_error", code: "upstream_answer_too_large",
                message: "The model provider's answer is too large.")
        case .credentialUnavailable, .tokenUnavailable:
            self.init(
                status: 503, type: "server_error", code: "credential_unavailable",
                message: "The credential for the model provider is not available.", retryAfterSeconds: 5)
        case .connectionsInUse:
            self.init(
                status: 503, type: "server_error", code: "upstream_connections_in_use",
                message:
                    "All connections that the gateway may have to the model provider are in use. Try again shortly.",
                retryAfterSeconds: 1)
        case .concurrencyLimited:
            self.init(
                status: 503, type: "server_error", code: "upstream_concurrency_limited",
                message:
                    "As many requests are in flight at the model provider as it serves well, and none ended in time. Try again shortly.",
                retryAfterSeconds: 1)
        case .descriptorsExhausted:
            self.init(
                status: 503, type: "server_error", code: "open_files_limit_reached",
                message: "The gateway has as many open files as it may have, and cannot reach the model provider.",
                retryAfterSeconds: 1)
        case .inexpressible(let field, let reason):
            self.init(
                status: 400, type: "invalid_request_error", code: "unsupported_parameter",
                param: field.isEmpty ? nil : field,
                message: field.isEmpty
                    ? "The model that this request was routed to cannot take it: \(reason)."
                    : "The model that this request was routed to cannot take '\(field)': \(reason).",
                isNotWorthARetry: true)
        case .unknownObject(let collection, let id): self.init(RouteError.unknownObject(collection, id: id))
        case .listTooLong:
            self.init(
                status: 400, type: "invalid_request_error", code: "list_too_long", param: "after",
                message:
                    "The provider keeps so much for others in front of what this key has that the gateway has not looked that far. Ask for what follows an object that is known ('after').",
                isNotWorthARetry: true)
        case .allTargetsOut(let wait):
            self.init(
                status: 503, type: "server_error", code: "all_targets_out",
                message: "All targets of this model are set aside after failures. Try again shortly.",
                retryAfterSeconds: max(1, (wait + 999) / 1_000), retryAfterMilliseconds: max(1, wait))
        case .upstream(let outcome, let status, let wait):
            self.init(outcome, status: status, retryAfterSeconds: wait.map { ($0 + 999) / 1_000 })
            if retryAfterSeconds != nil { retryAfterMilliseconds = wait }
        case .callerGone, .uploadFailed:
            self.init(
                status: 499, type: "invalid_request_error", code: "caller_gone", message: "The caller left.",
                closesConnection: true)
        case .stopped:
            // Nobody else has been asked to wait longer, so another replica can take it at once.
            self.init(
                status: 503, type: "server_error", code: "gateway_stopping",
                message: "The gateway stops, and the request was not finished in the time that was left.",
                retryAfterSeconds: 1, closesConnection: true)
        }
    }

    /// When the last attempt ended in an error of the provider that is no verdict on the request.
    private init(_ outcome: OutcomeClass, status upstream: Int, retryAfterSeconds: UInt64?) {
        switch outcome {
        case .rateLimited:
            self.init(
                status: 429, type: "requests", code: "upstream_rate_limited",
                message: "The model provider's rate limit is reached.", retryAfterSeconds: retryAfterSeconds,
                isNotWorthARetry: retryAfterSeconds.map { $0 > 60 } ?? false)
        case .quotaExhausted:
            self.init(
                status: 503, type: "server_error", code: "upstream_quota_exhausted",
                message: "The gateway's quota at the model provider is used up.", isNotWorthARetry: true)
        case .credentialRejected, .permissionDenied:
            self.init(
                status: 502, type: "server_error", code: "upstream_credential_rejected",
                message: "The model provider refused the gateway's credential.", isNotWorthARetry: true)
        default:
            self.init(
                status: 502, type: "server_error", code: "upstream_error",
                message: upstream < 400
                    ? "The model provider reported an error." : "The model provider answered with status \(upstream).",
                retryAfterSeconds: retryAfterSeconds,
                isNotWorthARetry: outcome == .notImplemented)
        }
    }

    /// The whole answer to a connection of which nothing was read, so that there is no request to give an ID to.
    var wholeAnswer: [UInt8] {
        let body = body
        let output = ByteBuffer()
        output.append("HTTP/1.1 ")
        output.append(decimal: UInt64(status))
        output.append(" ")
        output.append(HTTPStatus.reason(status))
        output.append("\r\ncontent-type: application/json\r\nretry-after: ")
        output.append(decimal: retryAfterSeconds ?? 1)
        output.append("\r\ncontent-length: ")
        output.append(decimal: UInt64(body.count))
        output.append("\r\nconnection: close\r\n\r\n")
        output.append(body)
        return output.array
    }

    /// As the clients of a dialect read it.
    func body(in dialect: Dialect) -> [UInt8] {
        dialect == .openai ? body : dialect.codec.body(of: ProviderError(self))
    }

    /// `{"error":{...}}` as OpenAI's clients read it.
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("error")
        writer.beginObject()
        writer.member("message", message)
        writer.member("type", type.description)
        writer.name("param")
        if let param { writer.string(param) } else { writer.null() }
        writer.member("code", code.description)
        if let allowance { writer.members(allowance.members) }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

extension AllowanceAnswer {
    /// Members of the error object, beyond those that its dialect has.
    fileprivate var members: JSONObject {
        var members: JSONObject = ["scope": .string(scope.label), "allowance": .string(name)]
        if kind == .money {
            members["limit_usd"] = .string(Money(nanodollars: limit).dollars)
            members["spent_usd"] = .string(Money(nanodollars: settled).dollars)
        } else {
            members["limit"] = .number(JSONNumber(limit))
            members["used"] = .number(JSONNumber(settled))
        }
        members["resets_at"] = resetsAtUnixMilliseconds.map { .string(RFC3339.text(unixMilliseconds: $0)) } ?? .null
        return members
    }
}

extension AllowanceScope {
    /// As a sentence names it.
    fileprivate var phrase: StaticString {
        switch self {
        case .organization: "organization"
        case .team: "team"
        case .virtualKey: "virtual key"
        }
    }
}

extension ProviderError {
    /// What Weir itself says, for callers of other dialects than OpenAI's.
    init(_ error: GatewayError) {
        let kind: Kind =
            switch error.code.description {
            case "budget_exceeded": .quota
            case "overloaded", "journal_full": .overloaded
            default: Kind(status: error.status)
            }
        self.init(
            status: error.status, kind: kind, message: error.message, code: error.code.description, param: error.param)
        if let allowance = error.allowance { details = allowance.members }
    }
}

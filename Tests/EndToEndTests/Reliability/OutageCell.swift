/// One way in which a target can fail, and what Weir is expected to make of it.
struct OutageFault {
    enum Phase: String { case before, after }
    enum Form: String, CaseIterable { case plain, stream }

    /// As `docs/reliability.md` names the class.
    var outcome: String
    /// What the stub provider is asked for; empty: the provider is not there at all.
    var fault: String
    var provider = "stub"
    var phase = Phase.before
    var forms = Form.allCases
    /// The same target is tried again where there is no other.
    var isRetried = false
    /// What a fallback has to take, so that it is tried; nil: none is.
    var cause: String?
    /// What the caller sees where nothing else is left.
    var status = 200
    var code: String?
    /// A credential and provider of its own, because it sets those aside.
    var spoilsCredential = false
    /// All slots of its target are taken: another one is begun with where there is one.
    var isFull = false
    /// Nothing of it arrives at the stub provider.
    var isUnheard = false
    var totalTimeoutMilliseconds: Int?
    /// Another attempt can go on behind it.
    var isResumable = false

    var attemptsAlone: Int { isRetried ? 3 : 1 }

    /// Every class before the first byte, and everything that can befall an answer behind it.
    static let all: [OutageFault] = [
        OutageFault(
            outcome: "connect_failed", fault: "", provider: "nobody", isRetried: true, cause: "error", status: 502,
            code: "upstream_unreachable", isUnheard: true),
        OutageFault(
            outcome: "connect_timeout", fault: "", provider: "silent", isRetried: true, cause: "timeout", status: 504,
            code: "upstream_timeout", isUnheard: true),
        OutageFault(
            outcome: "tls_failed", fault: "", provider: "plain-text", cause: "error", status: 502,
            code: "upstream_unreachable", isUnheard: true),
        OutageFault(
            outcome: "broken", fault: "close-before-head", isRetried: true, cause: "error", status: 502,
            code: "upstream_unreachable"),
        OutageFault(
            outcome: "broken", fault: "reset-before-head", isRetried: true, cause: "error", status: 502,
            code: "upstream_unreachable"),
        OutageFault(
            outcome: "broken", fault: "reset-mid-head", isRetried: true, cause: "error", status: 502,
            code: "upstream_unreachable"),
        OutageFault(
            outcome: "broken", fault: "cut-mid-stream;after=50", forms: [.plain], isRetried: true, cause: "error",
            status: 502, code: "upstream_unreachable"),
        OutageFault(
            outcome: "broken", fault: "cut-mid-stream;after=0", forms: [.stream], isRetried: true, cause: "error",
            status: 502, code: "upstream_unreachable"),
        OutageFault(
            outcome: "malformed", fault: "malformed-chunk;after=0", forms: [.stream], cause: "error", status: 502,
            code: "upstream_malformed"),
        OutageFault(
            outcome: "first_token_timeout", fault: "stall-before-head", provider: "impatient", cause: "timeout",
            status: 504, code: "upstream_timeout"),
        OutageFault(
            outcome: "stalled", fault: "stall-after-head", provider: "impatient", cause: "timeout", status: 504,
            code: "upstream_timeout"),
        OutageFault(
            outcome: "total_timeout", fault: "stall-before-head", status: 504, code: "upstream_timeout",
            totalTimeoutMilliseconds: 1_000),
        OutageFault(outcome: "invalid", fault: "status-400", status: 400),
        OutageFault(outcome: "invalid", fault: "status-422", status: 422),
        OutageFault(
            outcome: "context_length", fault: "status-400;code=context_length_exceeded", cause: "context_length",
            status: 400),
        OutageFault(
            outcome: "content_filter", fault: "status-400;code=content_filter", cause: "content_filter", status: 400),
        OutageFault(outcome: "too_large", fault: "status-413", cause: "context_length", status: 413),
        OutageFault(
            outcome: "credential_rejected", fault: "status-401", cause: "error", status: 502,
            code: "upstream_credential_rejected", spoilsCredential: true),
        OutageFault(
            outcome: "permission_denied", fault: "status-403", cause: "error", status: 502,
            code: "upstream_credential_rejected"),
        OutageFault(
            outcome: "quota_exhausted", fault: "status-402", cause: "rate_limit", status: 503,
            code: "upstream_quota_exhausted", spoilsCredential: true),
        OutageFault(
            outcome: "quota_exhausted", fault: "status-429;code=insufficient_quota", cause: "rate_limit", status: 503,
            code: "upstream_quota_exhausted", spoilsCredential: true),
        OutageFault(outcome: "model_not_found", fault: "status-404", cause: "error", status: 404),
        OutageFault(
            outcome: "request_timeout", fault: "status-408", isRetried: true, cause: "timeout", status: 502,
            code: "upstream_error"),
        OutageFault(outcome: "conflict", fault: "status-409", isRetried: true, cause: "error", status: 409),
        OutageFault(
            outcome: "too_early", fault: "status-425", isRetried: true, cause: "error", status: 502,
            code: "upstream_error"),
        OutageFault(
            outcome: "rate_limited", fault: "status-429", isRetried: true, cause: "rate_limit", status: 429,
            code: "upstream_rate_limited"),
        OutageFault(
            outcome: "rate_limited", fault: "status-429;retry-after=30", cause: "rate_limit", status: 429,
            code: "upstream_rate_limited"),
        OutageFault(
            outcome: "server_error", fault: "status-500", isRetried: true, cause: "error", status: 502,
            code: "upstream_error"),
        OutageFault(
            outcome: "server_error", fault: "status-502", isRetried: true, cause: "error", status: 502,
            code: "upstream_error"),
        OutageFault(
            outcome: "server_error", fault: "status-503", isRetried: true, cause: "error", status: 502,
            code: "upstream_error"),
        OutageFault(
            outcome: "server_error", fault: "status-504", isRetried: true, cause: "error", status: 502,
            code: "upstream_error"),
        OutageFault(
            outcome: "not_implemented", fault: "status-501", cause: "error", status: 502, code: "upstream_error"),
        OutageFault(
            outcome: "overloaded", fault: "status-529", isRetried: true, cause: "error", status: 502,
            code: "upstream_error"),
        OutageFault(
            outcome: "credential_unavailable", fault: "", provider: "penniless", cause: "error", status: 503,
            code: "credential_unavailable", isUnheard: true),
        OutageFault(
            outcome: "concurrency_limited", fault: "slow;first=60000", provider: "full", cause: "rate_limit",
            status: 503, code: "upstream_concurrency_limited", isFull: true, isUnheard: true),
        OutageFault(
            outcome: "broken", fault: "cut-mid-stream;after=4;tokens=20;chunk=10", phase: .after, forms: [.stream],
            isResumable: true),
        OutageFault(
            outcome: "broken", fault: "reset-mid-stream;after=4;tokens=20;chunk=10", phase: .after, forms: [.stream],
            isResumable: true),
        OutageFault(
            outcome: "broken", fault: "missing-done;tokens=20;chunk=10", phase: .after, forms: [.stream]),
        OutageFault(
            outcome: "broken", fault: "cut-mid-stream;after=1300000;tokens=400000", phase: .after, forms: [.plain]),
        OutageFault(
            outcome: "broken", fault: "reset-mid-stream;after=1300000;tokens=400000", phase: .after, forms: [.plain]),
        OutageFault(
            outcome: "malformed", fault: "malformed-chunk;after=4;tokens=20;chunk=10", phase: .after, forms: [.stream],
            isResumable: true),
        OutageFault(
            outcome: "malformed", fault: "malformed-framing;after=4;tokens=20;chunk=10", phase: .after,
            forms: [.stream], isResumable: true),
        OutageFault(
            outcome: "stalled", fault: "stall-mid-stream;after=4;tokens=20;chunk=10", provider: "impatient",
            phase: .after, forms: [.stream], isResumable: true),
        OutageFault(
            outcome: "total_timeout", fault: "slow;chunk=100;tokens=100", phase: .after, forms: [.stream],
            totalTimeoutMilliseconds: 1_000),
    ]
}

/// One request of the matrix.
struct OutageCell {
    var number: Int
    var fault: OutageFault
    var form: OutageFault.Form
    var hasFallback: Bool
    /// The route has streams that break off gone on with, and the provider of the fallback can.
    var resumes: Bool

    /// The public name of its route.
    var route: String { "cell-\(number)" }
    /// A target of its own, so that what one cell does to its health is not seen by another.
    var modelName: String { "\(route)\(fault.fault.isEmpty ? "" : "+" + fault.fault)" }
    /// To its first target alone.
    var fillingRoute: String { "fill-\(number)" }
    var fallbackModelName: String { "good-\(number)" }
    var provider: String { fault.spoilsCredential ? "spoilt-\(number)" : fault.provider }

    /// The fallback is there and takes the failure.
    var isSaved: Bool { hasFallback && fault.cause != nil && fault.phase == .before }
    /// The fallback goes on where the first target broke off.
    var isResumed: Bool { hasFallback && resumes && fault.isResumable }
    var status: Int { isSaved ? 200 : fault.status }
    /// A target that failed is not returned to, and the fallback answers. One that is full has not failed: it is not tried.
    var attempts: Int {
        if isSaved { return fault.isFull ? 1 : 2 }
        return isResumed ? 2 : fault.attemptsAlone
    }

    static let all: [OutageCell] = {
        var cells: [OutageCell] = []
        for fault in OutageFault.all {
            for form in fault.forms {
                for hasFallback in [true, false] {
                    for resumes in fault.phase == .after && form == .stream ? [false, true] : [false] {
                        cells.append(
                            OutageCell(
                                number: cells.count, fault: fault, form: form, hasFallback: hasFallback,
                                resumes: resumes))
                    }
                }
            }
        }
        return cells
    }()
}

import Shared

/// Errors as Google's servers report them: `{"error": {"code", "message", "status", "details"}}`, sometimes as the only element of an array.
///
/// - Source: Google, `google.rpc.Status`, `google.rpc.Code`, "Error details"; Gemini's "Troubleshooting guide".
enum GeminiErrors {
    /// Of a body that is no error object: as much of it as a message may have.
    private static let textBytesMax = 1_000

    // MARK: Reading

    static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        // What is not JSON is a message all the same.
        if let value = try? unsafe JSONValue(parsing: body, allowing: .all), let error = errorObject(value) {
            return read(error, status: status)
        }
        let text = unsafe String(decoding: body.prefix(textBytesMax), as: UTF8.self)
        let message = text.isEmpty ? "the provider answered with status \(status)" : text
        return ProviderError(status: status, kind: .init(status: status), message: message)
    }

    /// The error that a body or a message of a stream is; nil where it is something else.
    static func errorObject(_ value: JSONValue) -> JSONObject? {
        (value.array?.first ?? value)["error"]?.object
    }

    /// - Parameter status: of the answer; 0 inside a stream, where the error itself says one.
    static func read(_ error: JSONObject, status: Int) -> ProviderError {
        let code = error["code"].flatMap(GeminiNames.whole).flatMap { Int(exactly: $0) } ?? 0
        let word = error["status"]?.string ?? ""
        let status = status == 0 ? code : status
        let details = Details(error["details"]?.array ?? [])
        var kind = kind(word) ?? .init(status: status)
        if let message = error["message"]?.string, kind == .rateLimit, isSpent(message) { kind = .quota }
        if details.isDailyQuota { kind = .quota }
        // An unknown key is a bad request to Google; to all others it is what it is.
        if details.reason == "API_KEY_INVALID" { kind = .authentication }
        return ProviderError(
            status: status, kind: kind, message: error["message"]?.string ?? "the provider reported an error",
            code: details.reason ?? (word.isEmpty ? nil : word), param: details.field,
            retryAfterMilliseconds: details.retryAfterMilliseconds)
    }

    private static func kind(_ word: String) -> ProviderError.Kind? {
        switch word {
        case "INVALID_ARGUMENT", "OUT_OF_RANGE", "UNIMPLEMENTED": .invalidRequest
        // A country or a project that may not, or has no billing: the request itself is right.
        case "FAILED_PRECONDITION", "PERMISSION_DENIED": .permission
        case "UNAUTHENTICATED": .authentication
        case "NOT_FOUND": .notFound
        case "RESOURCE_EXHAUSTED": .rateLimit
        case "UNAVAILABLE": .overloaded
        case "DEADLINE_EXCEEDED": .timeout
        case "INTERNAL", "UNKNOWN", "DATA_LOSS", "ABORTED", "CANCELLED": .server
        default: nil
        }
    }

    /// Money that was paid ahead is gone: waiting does not help.
    private static func isSpent(_ message: String) -> Bool { message.lowercased().contains("credits are depleted") }

    private struct Details {
        var reason: String?
        var field: String?
        var retryAfterMilliseconds: Int64?
        /// A quota by the day: no attempt of this credential succeeds before the next one.
        var isDailyQuota = false

        init(_ values: [JSONValue]) {
            for value in values {
                guard let type = value["@type"]?.string else { continue }
                if type.hasSuffix("ErrorInfo") {
                    reason = value["reason"]?.string
                } else if type.hasSuffix("BadRequest") {
                    field = value["fieldViolations"]?.array?.first?["field"]?.string
                } else if type.hasSuffix("RetryInfo") {
                    retryAfterMilliseconds = value["retryDelay"]?.string.flatMap(Self.milliseconds)
                } else if type.hasSuffix("QuotaFailure") {
                    let violations = value["violations"]?.array ?? []
                    isDailyQuota = violations.contains { $0["quotaId"]?.string?.contains("PerDay") == true }
                }
            }
        }

        private static func milliseconds(_ duration: String) -> Int64? {
            unsafe Array(duration.utf8).withUnsafeBytes { unsafe WaitHint.milliseconds($0, nowUnixMilliseconds: 0) }
        }
    }

    // MARK: Writing

    static func body(of error: ProviderError) -> [UInt8] {
        var writer = JSONWriter()
        write(error, to: &writer)
        return writer.bytes
    }

    static func write(_ error: ProviderError, to writer: inout JSONWriter) {
        let (code, word) = status(error.kind)
        writer.beginObject()
        writer.name("error")
        writer.beginObject()
        writer.member("code", error.status == 0 ? code : error.status)
        writer.member("message", error.message)
        writer.member("status", word)
        if let details = details(error, word) {
            writer.name("details")
            details.write(to: &writer)
        }
        writer.endObject()
        writer.endObject()
    }

    private static func status(_ kind: ProviderError.Kind) -> (code: Int, word: String) {
        switch kind {
        case .invalidRequest: (400, "INVALID_ARGUMENT")
        case .authentication: (401, "UNAUTHENTICATED")
        case .permission: (403, "PERMISSION_DENIED")
        case .notFound: (404, "NOT_FOUND")
        case .tooLarge: (413, "INVALID_ARGUMENT")
        case .rateLimit, .quota: (429, "RESOURCE_EXHAUSTED")
        case .overloaded: (503, "UNAVAILABLE")
        case .timeout: (504, "DEADLINE_EXCEEDED")
        case .server: (500, "INTERNAL")
        }
    }

    private static func details(_ error: ProviderError, _ word: String) -> JSONValue? {
        var details: [JSONValue] = []
        func add(_ type: String, _ members: JSONObject) {
            var detail: JSONObject = ["@type": .string("type.googleapis.com/google.rpc." + type)]
            for member in members.members { detail[member.name] = member.value }
            details.append(.object(detail))
        }
        let code = error.code.flatMap { $0 == word ? nil : $0 }
        if code != nil || !error.details.members.isEmpty {
            var reason: JSONObject = ["reason": .string(code ?? word)]
            if !error.details.members.isEmpty { reason["metadata"] = metadata(error.details) }
            add("ErrorInfo", reason)
        }
        if let param = error.param {
            let violation = JSONValue.object(["field": .string(param), "description": .string(error.message)])
            add("BadRequest", ["fieldViolations": .array([violation])])
        }
        if let wait = error.retryAfterMilliseconds { add("RetryInfo", ["retryDelay": .string(duration(wait))]) }
        return details.isEmpty ? nil : .array(details)
    }

    /// Texts only: that is what clients expect there.
    private static func metadata(_ details: JSONObject) -> JSONValue {
        var texts = JSONObject()
        for member in details.members where member.value != .null {
            texts[member.name] = .string(member.value.string ?? String(decoding: member.value.bytes, as: UTF8.self))
        }
        return .object(texts)
    }

    /// - Source: Protocol Buffers, `Duration` in JSON: seconds, with three digits behind the point or none.
    private static func duration(_ milliseconds: Int64) -> String {
        let (seconds, rest) = max(0, milliseconds).quotientAndRemainder(dividingBy: 1_000)
        guard rest > 0 else { return "\(seconds)s" }
        let digits = String(rest)
        return "\(seconds)." + String(repeating: "0", count: 3 - digits.count) + digits + "s"
    }
}

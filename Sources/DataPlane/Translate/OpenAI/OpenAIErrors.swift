import Shared

/// Errors: OpenAI's own shape, and what servers of this dialect have in its place.
enum OpenAIErrors {
    // MARK: Reading

    /// - Shape: `{"error": {...}}`, with Azure's `innererror` in it; `{"error": "..."}`; the members without `error` around them (Mistral, older
    ///   vLLM); `{"detail": ...}` (FastAPI); the first of a list of such; or no JSON at all.
    static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        if let json = try? unsafe JSONValue(parsing: body, allowing: .all) { return error(status: status, from: json) }
        let text = unsafe String(decoding: body.prefix(messageBytesMax), as: UTF8.self)
        // A page of some server in between says nothing to a caller.
        let isPage = text.drop { $0.isWhitespace }.hasPrefix("<")
        return made(status: status, message: isPage ? nil : text, type: nil, code: nil, param: nil)
    }

    static func error(status: Int, from json: JSONValue) -> ProviderError {
        if let first = json.array?.first { return error(status: status, from: first) }
        guard let value = json["error"], value != .null else {
            let detail = detail(json["detail"])
            return made(
                status: status != 0 ? status : inner(json["code"]) ?? 0, message: message(json) ?? detail.message,
                type: json["type"]?.string,
                code: word(json["code"]), param: json["param"]?.string ?? detail.field)
        }
        return made(
            status: status != 0 ? status : inner(value["status"]) ?? inner(value["code"]) ?? 0,
            message: message(value) ?? message(json), type: value["type"]?.string ?? value["status"]?.string,
            code: word(value["code"]) ?? word(value["innererror"]?["code"]), param: value["param"]?.string)
    }

    private static func message(_ value: JSONValue) -> String? {
        value.string ?? value["message"]?.string ?? value["message"].flatMap { detail($0["detail"]).message }
    }

    /// A code that is a number is the status once more.
    private static func word(_ code: JSONValue?) -> String? {
        code?.string.flatMap { $0.isEmpty || Int($0) != nil ? nil : $0 }
    }

    private static func inner(_ value: JSONValue?) -> Int? {
        let status = value?.number?.integer(as: Int.self) ?? value?.string.flatMap { Int($0) }
        return status.flatMap { (400..<600).contains($0) ? $0 : nil }
    }

    /// FastAPI: a text, or a list of what is wrong with which field.
    private static func detail(_ value: JSONValue?) -> (message: String?, field: String?) {
        guard let first = value?.array?.first else { return (value?.string ?? value?["message"]?.string, nil) }
        let path = (first["loc"]?.array ?? []).compactMap { $0.string ?? $0.number?.text }.drop { $0 == "body" }
        return (first["msg"]?.string ?? first.string, path.isEmpty ? nil : path.joined(separator: "."))
    }

    private static let messageBytesMax = 4_096

    private static func made(
        status: Int, message: String?, type: String?, code: String?, param: String?
    ) -> ProviderError {
        let unworded: ProviderError.Kind =
            if status != 0 { .init(status: status) } else {
                type == "invalid_request_error" ? .invalidRequest : .server
            }
        let kind = kind(ofWord: code) ?? kind(ofWord: type) ?? unworded
        let finer = code ?? type.flatMap { isPlain($0) ? nil : $0 }
        let text = message.flatMap { $0.isEmpty ? nil : $0 }
        return ProviderError(
            status: status, kind: kind, message: text ?? "The model provider reported an error with status \(status).",
            code: finer, param: param)
    }

    /// Words that say less than a status does.
    private static func isPlain(_ type: String) -> Bool {
        ["invalid_request_error", "server_error", "api_error", "error", "BadRequestError"].contains(type)
    }

    /// What a code or a type says beyond its status; nil: nothing.
    private static func kind(ofWord word: String?) -> ProviderError.Kind? {
        switch word {
        case "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance",
            "credit_balance_too_low":
            .quota
        case "rate_limit_exceeded", "rate_limit_error", "rate_limited", "requests", "tokens", "RESOURCE_EXHAUSTED":
            .rateLimit
        case "invalid_api_key", "authentication_error", "invalid_authentication", "UNAUTHENTICATED": .authentication
        case "permission_error", "permission_denied", "PERMISSION_DENIED", "unsupported_country_region_territory":
            .permission
        case "model_not_found", "not_found", "not_found_error", "NOT_FOUND", "DeploymentNotFound", "NotFoundError":
            .notFound
        case "overloaded_error", "engine_overloaded", "engine_overloaded_error", "service_unavailable",
            "service_unavailable_error", "server_overloaded", "UNAVAILABLE":
            .overloaded
        case "timeout", "timeout_error", "request_timeout", "DEADLINE_EXCEEDED": .timeout
        case "request_too_large": .tooLarge
        case "context_length_exceeded", "content_filter", "content_policy_violation", "INVALID_ARGUMENT":
            .invalidRequest
        default: nil
        }
    }

    // MARK: Writing

    static func body(of error: ProviderError) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 128 + error.message.utf8.count)
        write(error, to: &writer)
        return writer.bytes
    }

    static func write(_ error: ProviderError, to writer: inout JSONWriter) {
        let words = words(for: error.kind)
        writer.beginObject()
        writer.name("error")
        writer.beginObject()
        writer.member("message", error.message)
        writer.member("type", words.type)
        writer.member("param", error.param.map { .string($0) } ?? .null)
        writer.member("code", (error.code ?? words.code).map { .string($0) } ?? .null)
        writer.members(error.details)
        writer.endObject()
        writer.endObject()
    }

    /// OpenAI's types, and the codes by which its clients know what has no type of its own.
    private static func words(for kind: ProviderError.Kind) -> (type: String, code: String?) {
        switch kind {
        case .invalidRequest: ("invalid_request_error", nil)
        case .authentication: ("invalid_request_error", "invalid_api_key")
        case .permission: ("invalid_request_error", "permission_denied")
        case .notFound: ("invalid_request_error", "not_found")
        case .tooLarge: ("invalid_request_error", "request_too_large")
        case .rateLimit: ("requests", "rate_limit_exceeded")
        case .quota: ("insufficient_quota", "insufficient_quota")
        case .overloaded: ("server_error", "service_unavailable")
        case .timeout: ("server_error", "timeout")
        case .server: ("server_error", nil)
        }
    }
}

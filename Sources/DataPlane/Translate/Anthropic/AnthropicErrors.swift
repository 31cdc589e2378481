import Shared

/// Errors, whole and inside a stream: `{"type": "error", "error": {"type": ..., "message": ...}, "request_id": ...}`.
///
/// - Source: Anthropic, "Errors".
enum AnthropicErrors {
    // MARK: Reading

    static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        do throws(JSONError) {
            return error(status: status, from: try unsafe JSONValue(parsing: body, allowing: .all))
        } catch {
            // A proxy on the way answered in its own words, or nobody said anything.
            let text = unsafe String(decoding: body.prefix(textBytesMax), as: UTF8.self)
            return ProviderError(
                status: status, kind: .init(status: status),
                message: text.isBlank || text.hasPrefix("<") ? silence(status) : text.withoutTrailingSpace)
        }
    }

    /// - Parameter status: 0 inside a stream.
    static func error(status: Int, from value: JSONValue) -> ProviderError {
        let detail = value["error"] ?? value
        let type = detail["type"]?.string
        let message =
            detail["message"]?.string ?? detail.string ?? value["message"]?.string ?? value["detail"]?.string
            ?? silence(status)
        var kind =
            type.flatMap(ProviderError.Kind.init(anthropic:))
            ?? (status == 0 ? ProviderError.Kind.server : ProviderError.Kind(status: status))
        // Told as a request that is wrong, but no other request would fare better.
        if kind == .invalidRequest, message.contains(emptyAccount) { kind = .quota }
        return ProviderError(
            status: status, kind: kind, message: message, code: type == "error" ? nil : type,
            param: detail["param"]?.string)
    }

    /// As much of a text that is no JSON as a caller gets to see.
    private static let textBytesMax = 512
    private static let emptyAccount = "credit balance is too low"

    private static func silence(_ status: Int) -> String {
        status == 0 ? "The provider broke off its answer." : "The provider answered with status \(status)."
    }

    // MARK: Writing

    static func body(of error: ProviderError) -> [UInt8] {
        var writer = JSONWriter()
        write(error, to: &writer)
        return writer.bytes
    }

    /// The same in the body of an answer and in an event of a stream.
    static func write(_ error: ProviderError, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "error")
            writer.name("error")
            writer.object { writer in
                writer.member("type", error.kind.anthropic)
                writer.member("message", error.message)
                writer.members(error.details)
            }
            // The identity of the request is in the head of the answer, where clients look first.
            writer.name("request_id")
            writer.null()
        }
    }
}

extension ProviderError.Kind {
    init?(anthropic type: String) {
        switch type {
        case "invalid_request_error", "conflict_error": self = .invalidRequest
        case "authentication_error": self = .authentication
        case "permission_error": self = .permission
        case "not_found_error": self = .notFound
        case "request_too_large": self = .tooLarge
        case "rate_limit_error": self = .rateLimit
        case "billing_error": self = .quota
        case "overloaded_error": self = .overloaded
        case "timeout_error": self = .timeout
        case "api_error": self = .server
        default: return nil
        }
    }

    var anthropic: String {
        switch self {
        case .invalidRequest: "invalid_request_error"
        case .authentication: "authentication_error"
        case .permission: "permission_error"
        case .notFound: "not_found_error"
        case .tooLarge: "request_too_large"
        case .rateLimit: "rate_limit_error"
        case .quota: "billing_error"
        case .overloaded: "overloaded_error"
        case .timeout: "timeout_error"
        case .server: "api_error"
        }
    }
}

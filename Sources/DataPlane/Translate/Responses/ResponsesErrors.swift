import Shared

/// Errors inside of responses; whole bodies of errors are those of OpenAI's chats.
enum ResponsesErrors {
    // MARK: Reading

    /// Of the member `error` of a response that failed, or of an event of the type `error`.
    static func error(_ value: JSONValue) -> ProviderError {
        var error = OpenAIErrors.error(status: 0, from: .object(["error": value]))
        // There is no status that would say whose fault it is.
        if error.kind == .server, let kind = error.code.flatMap(kind(ofCode:)) { error.kind = kind }
        return error
    }

    /// Of the codes that only responses have.
    private static func kind(ofCode code: String) -> ProviderError.Kind? {
        switch code {
        case "server_is_overloaded", "slow_down": .overloaded
        case "vector_store_timeout": .timeout
        case "bio_policy", "cyber_policy", "misalignment_policy_violation", "data_residency_mismatch",
            "unsupported_image_media_type", "empty_image_file", "failed_to_download_image":
            .invalidRequest
        case let code where code.hasPrefix("invalid_") || code.hasPrefix("image_"): .invalidRequest
        default: nil
        }
    }

    // MARK: Writing

    /// The member `error` of a response that failed.
    static func write(_ error: ProviderError, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("code", code(of: error))
        writer.member("message", error.message)
        writer.endObject()
    }

    /// What an event of the type `error` says.
    static func writeMembers(of error: ProviderError, to writer: inout JSONWriter) {
        writer.member("code", code(of: error))
        writer.member("message", error.message)
        writer.member("param", error.param.map { .string($0) } ?? .null)
    }

    private static let contextTooLong = "context_length_exceeded"

    /// Those of OpenAI's that say what to do next: agents shorten their context, wait, or give up.
    private static func code(of error: ProviderError) -> String {
        switch error.kind {
        case .rateLimit: "rate_limit_exceeded"
        case .quota: "insufficient_quota"
        case .invalidRequest: error.code == contextTooLong ? contextTooLong : "invalid_prompt"
        case .tooLarge: "invalid_prompt"
        case .overloaded: "server_is_overloaded"
        case .authentication, .permission, .notFound, .timeout, .server: "server_error"
        }
    }
}

import Shared

/// Errors inside of responses; whole bodies of errors are those of OpenAI's chats.
enum ResponsesErrors {
    // MARK: Reading

    /// Of the member `error` of a response that failed, or of an event of the type `error`.
    static func error(_ value: JSONValue) -> ProviderError {
        OpenAIErrors.error(status: 0, from: .object(["error": value]))
    }

    // MARK: Writing

    /// The member `error` of a response that failed.
    static func write(_ error: ProviderError, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("code", code(of: error))
        writer.member("message", error.message)
        writer.endObject()
    }

    /// OpenAI's clients know these and some that are about images.
    private static func code(of error: ProviderError) -> String {
        switch error.kind {
        case .rateLimit, .quota: "rate_limit_exceeded"
        case .invalidRequest, .tooLarge: "invalid_prompt"
        case .authentication, .permission, .notFound, .overloaded, .timeout, .server: "server_error"
        }
    }
}

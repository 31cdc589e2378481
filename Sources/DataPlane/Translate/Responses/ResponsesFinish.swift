import Shared

/// Why a model stopped, in this dialect's words, which has none for most: a response is `completed`, whatever it ends with, or `incomplete`.
///
/// - Source: OpenAI, "The response object", `status` and `incomplete_details`.
enum ResponsesFinish {
    /// - Parameter response: whole.
    /// - Parameter hasCalls: a tool of the caller's was called.
    static func reason(of response: JSONObject, hasCalls: Bool, hasRefused: Bool) -> FinishReason {
        let status = response["status"]?.string
        if let word = response["incomplete_details"]?["reason"]?.string {
            switch word {
            case "max_output_tokens", "max_tokens", "length": return .length
            case "content_filter": return .contentFilter
            default: return .other(word)
            }
        }
        if status == "incomplete" { return .length }
        if status == "cancelled" { return .other("cancelled") }
        if hasCalls { return .toolCalls }
        return hasRefused ? .refusal : .stop
    }

    /// nil: the response is complete. Callers' clients know these two words. What was cut for another reason is not said to be complete.
    static func incompleteReason(_ reason: FinishReason, hasRefused: Bool) -> String? {
        switch reason {
        case .stop, .stopSequence, .toolCalls: nil
        case .length, .pause, .other: "max_output_tokens"
        case .contentFilter: "content_filter"
        case .refusal: hasRefused ? nil : "content_filter"
        }
    }
}

extension ResponsesThoughts {
    /// What stands between the texts of one summary, where they become one thought.
    static let separator = "\n\n"
}

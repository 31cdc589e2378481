import Shared

/// Why a model stopped, in this dialect's words.
///
/// - Source: OpenAI, "The chat completion object", `finish_reason`; the words of Mistral, Together, DeepSeek and vLLM.
enum OpenAIFinish {
    /// - Parameter hasCalls: OpenAI says `stop` where the caller made the model call a tool, and some servers always do.
    /// - Parameter hasRefused: and where the model declined, in a member of its own.
    static func reason(_ word: String, hasCalls: Bool, hasRefused: Bool, stop: String?) -> FinishReason {
        switch word {
        case "stop", "eos", "end_turn", "complete", "COMPLETE":
            if hasCalls { return .toolCalls }
            if hasRefused { return .refusal }
            return stop == nil ? .stop : .stopSequence
        case "stop_sequence": return .stopSequence
        case "length", "max_tokens", "model_length", "MAX_TOKENS": return .length
        case "tool_calls", "function_call", "tool_call", "tool_use": return .toolCalls
        case "content_filter", "safety", "SAFETY": return .contentFilter
        case "refusal": return .refusal
        default: return .other(word)
        }
    }

    /// Callers' clients know five words. What was cut for a reason that none of them says is not said to be complete.
    static func word(_ reason: FinishReason?, hasCalls: Bool, hasRefused: Bool) -> String {
        switch reason {
        case nil: hasCalls ? "tool_calls" : "stop"
        case .stop, .stopSequence: "stop"
        case .length, .pause, .other: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter: "content_filter"
        case .refusal: hasRefused ? "stop" : "content_filter"
        }
    }
}

/// The tier in which a request is to be served, or was.
enum OpenAITier {
    /// Of a request; Anthropic has a word of its own for no other tier than the usual one.
    static func wanted(_ name: String) -> String { name == "standard_only" ? "default" : name }

    /// What callers' clients know.
    static func word(_ name: String) -> String {
        switch name {
        case "auto", "default", "flex", "scale", "priority", "fast": return name
        default:
            switch ServiceTier(reported: name) {
            case .flex?: return "flex"
            case .priority?: return "priority"
            case .standard?, .batch?: return "default"
            case nil, .ultrafast?, .fast?: return name
            }
        }
    }
}

/// `usage`, both ways.
///
/// - Shape: what `TokenUsage` has no place for is extras: predictions, costs, numbers of searches.
enum OpenAICounts {
    private static let promptDetails = "prompt_tokens_details"
    private static let completionDetails = "completion_tokens_details"
    private static let names = ["prompt_tokens", "completion_tokens", "total_tokens"]
    private static let promptNames = [
        "cached_tokens", "audio_tokens", "image_tokens", "cache_write_tokens", "cache_creation_input_tokens",
    ]
    private static let completionNames = ["reasoning_tokens", "audio_tokens", "image_tokens"]

    // MARK: Reading

    /// nil where the input is not counted.
    static func usage(_ value: JSONValue?, tier: String?) -> TokenUsage? {
        guard let value, value.object != nil else { return nil }
        let usage = unsafe value.bytes.withRawBytes { bytes in
            unsafe OpenAIUsage(scanning: bytes, in: 0..<bytes.count)?.normalized
        }
        guard var usage else { return nil }
        usage.serviceTier = tier.flatMap { ServiceTier(reported: $0) } ?? .standard
        return usage
    }

    static func extras(_ value: JSONValue?) -> Extras {
        Extras(
            ofUsage: value, besides: names,
            details: [(promptDetails, promptNames), (completionDetails, completionNames)],
            in: .openai)
    }

    // MARK: Writing

    static func write(_ usage: TokenUsage, _ extras: Extras = Extras(), to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("prompt_tokens", usage.input)
        writer.member("completion_tokens", usage.output)
        writer.member("total_tokens", UInt64(usage.input) + UInt64(usage.output))
        writer.name(promptDetails)
        writer.beginObject()
        writer.member("cached_tokens", usage.cachedInput)
        writer.member("audio_tokens", usage.audioInput)
        if usage.imageInput > 0 { writer.member("image_tokens", usage.imageInput) }
        let written = UInt64(usage.cacheWrite5m) + UInt64(usage.cacheWrite1h)
        if written > 0 { writer.member("cache_write_tokens", written) }
        writer.members(extras.rest(of: promptDetails))
        writer.endObject()
        writer.name(completionDetails)
        writer.beginObject()
        writer.member("reasoning_tokens", usage.reasoning)
        writer.member("audio_tokens", usage.audioOutput)
        if usage.imageOutput > 0 { writer.member("image_tokens", usage.imageOutput) }
        let rest = extras.rest(of: completionDetails)
        for name in ["accepted_prediction_tokens", "rejected_prediction_tokens"]
        where !rest.contains(where: { $0.name == name }) { writer.member(name, 0) }
        writer.members(rest)
        writer.endObject()
        writer.members(of: extras, but: [promptDetails, completionDetails])
        writer.endObject()
    }
}

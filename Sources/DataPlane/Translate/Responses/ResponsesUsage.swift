public import Shared

/// `usage`, both ways.
///
/// - Shape: cached and written tokens are inside the input, reasoning is inside the output, as in OpenAI's chats. OpenAI's clients require
///   both objects of details. What `TokenUsage` has no place for is extras.
/// - Source: OpenAI, "The response object", `usage`.
public enum ResponsesUsage {
    private static let inputDetails = "input_tokens_details"
    private static let outputDetails = "output_tokens_details"
    private static let names = ["input_tokens", "output_tokens", "total_tokens"]
    private static let inputNames = ["cached_tokens", "cache_write_tokens", "audio_tokens", "image_tokens"]
    private static let outputNames = ["reasoning_tokens", "audio_tokens", "image_tokens"]

    // MARK: Reading

    /// nil where the input or the output is not counted.
    public static func usage(_ value: JSONValue?, tier: String?) -> TokenUsage? {
        guard let value, let input = count(value, "input_tokens"), let output = count(value, "output_tokens") else {
            return nil
        }
        var counts = OpenAIUsage()
        counts.prompt = input
        counts.completion = output
        counts.total = count(value, "total_tokens") ?? 0
        let inside = value[inputDetails] ?? .null
        counts.cached = count(inside, "cached_tokens") ?? 0
        counts.cacheWrite = count(inside, "cache_write_tokens") ?? 0
        counts.audioInput = count(inside, "audio_tokens") ?? 0
        counts.imageInput = count(inside, "image_tokens") ?? 0
        let outside = value[outputDetails] ?? .null
        counts.reasoning = count(outside, "reasoning_tokens") ?? 0
        counts.audioOutput = count(outside, "audio_tokens") ?? 0
        counts.imageOutput = count(outside, "image_tokens") ?? 0
        var usage = counts.normalized
        usage.serviceTier = tier.flatMap { ServiceTier(reported: $0) } ?? .standard
        return usage
    }

    private static func count(_ value: JSONValue, _ name: String) -> UInt64? {
        value[name]?.number?.integer(as: UInt64.self)
    }

    static func extras(_ value: JSONValue?) -> Extras {
        Extras(
            ofUsage: value, besides: names, details: [(inputDetails, inputNames), (outputDetails, outputNames)],
            in: .responses)
    }

    // MARK: Writing

    static func write(_ usage: TokenUsage, _ extras: Extras = Extras(), to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("input_tokens", usage.input)
        writer.name(inputDetails)
        writer.beginObject()
        writer.member("cached_tokens", usage.cachedInput)
        writer.member("cache_write_tokens", UInt64(usage.cacheWrite5m) + UInt64(usage.cacheWrite1h))
        if usage.audioInput > 0 { writer.member("audio_tokens", usage.audioInput) }
        if usage.imageInput > 0 { writer.member("image_tokens", usage.imageInput) }
        writer.members(extras.rest(of: inputDetails, in: .responses))
        writer.endObject()
        writer.member("output_tokens", usage.output)
        writer.name(outputDetails)
        writer.beginObject()
        writer.member("reasoning_tokens", usage.reasoning)
        if usage.audioOutput > 0 { writer.member("audio_tokens", usage.audioOutput) }
        if usage.imageOutput > 0 { writer.member("image_tokens", usage.imageOutput) }
        writer.members(extras.rest(of: outputDetails, in: .responses))
        writer.endObject()
        writer.member("total_tokens", UInt64(usage.input) + UInt64(usage.output))
        writer.members(extras.members(for: .responses), but: [inputDetails, outputDetails])
        writer.endObject()
    }
}

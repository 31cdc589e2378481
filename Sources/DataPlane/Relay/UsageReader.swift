import Shared

/// Reads the usage numbers of OpenAI-like answers. What they mean is in `OpenAIUsage`.
enum UsageReader {
    private static let names = JSONFieldNames(
        "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details",
        "prompt_cache_hit_tokens")
    private static let promptNames = JSONFieldNames(
        "cached_tokens", "audio_tokens", "image_tokens", "cache_write_tokens", "cache_creation_input_tokens")
    private static let completionNames = JSONFieldNames("reasoning_tokens", "audio_tokens", "image_tokens")

    /// The numbers of a `usage` object at `range`; nil when it is none, or lacks the count of the input.
    static func read(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) -> TokenUsage? {
        guard let fields = try? unsafe JSONObjectFields(scanning: bytes, in: range, for: names),
            let prompt = unsafe fields[0]?.uint64(in: bytes)
        else { return nil }
        // What is there and no count is not taken for 0: an estimate is nearer.
        if let completion = fields[1], completion.kind != .null, unsafe completion.uint64(in: bytes) == nil {
            return nil
        }
        var usage = OpenAIUsage()
        usage.prompt = prompt
        usage.completion = unsafe count(fields[1], bytes)
        usage.total = unsafe count(fields[2], bytes)
        // DeepSeek's name for it, beside the common one.
        usage.cached = unsafe count(fields[5], bytes)
        if let details = fields[3], details.kind == .object,
            let inner = try? unsafe JSONObjectFields(scanning: bytes, in: details.range, for: promptNames)
        {
            usage.cached = unsafe max(usage.cached, count(inner[0], bytes))
            usage.audioInput = unsafe count(inner[1], bytes)
            usage.imageInput = unsafe count(inner[2], bytes)
            // Qwen's name for it, beside OpenAI's.
            usage.cacheWrite = unsafe max(count(inner[3], bytes), count(inner[4], bytes))
        }
        if let details = fields[4], details.kind == .object,
            let inner = try? unsafe JSONObjectFields(scanning: bytes, in: details.range, for: completionNames)
        {
            usage.reasoning = unsafe count(inner[0], bytes)
            usage.audioOutput = unsafe count(inner[1], bytes)
            usage.imageOutput = unsafe count(inner[2], bytes)
        }
        return usage.normalized
    }

    /// The tier that an answer's `service_tier` names; the standard one when it is absent or unknown.
    static func serviceTier(_ field: JSONField?, _ bytes: UnsafeRawBufferPointer) -> ServiceTier {
        guard let name = unsafe field?.string(in: bytes) else { return .standard }
        return ServiceTier(reported: String(decoding: name, as: UTF8.self)) ?? .standard
    }

    private static func count(_ field: JSONField?, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
        unsafe field?.uint64(in: bytes) ?? 0
    }
}

import Shared

/// Reads the usage numbers of OpenAI-like answers.
enum UsageReader {
    private static let names = JSONFieldNames(
        "prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details")
    private static let promptNames = JSONFieldNames("cached_tokens", "audio_tokens")
    private static let completionNames = JSONFieldNames("reasoning_tokens", "audio_tokens")

    /// The numbers of a `usage` object at `range`; nil when it is none, or lacks the count of the input.
    ///
    /// OpenAI counts cached tokens inside `prompt_tokens` and reasoning inside `completion_tokens`, and so does `TokenUsage`.
    static func read(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) -> TokenUsage? {
        guard let fields = try? unsafe JSONObjectFields(scanning: bytes, in: range, for: names),
            let input = unsafe count(fields[0], bytes)
        else { return nil }
        var usage = unsafe TokenUsage(input: input, output: count(fields[1], bytes) ?? 0)
        if let details = fields[2], details.kind == .object,
            let inner = try? unsafe JSONObjectFields(scanning: bytes, in: details.range, for: promptNames)
        {
            usage.cachedInput = unsafe min(count(inner[0], bytes) ?? 0, usage.input)
            usage.audioInput = unsafe min(count(inner[1], bytes) ?? 0, usage.input - usage.cachedInput)
        }
        if let details = fields[3], details.kind == .object,
            let inner = try? unsafe JSONObjectFields(scanning: bytes, in: details.range, for: completionNames)
        {
            usage.reasoning = unsafe min(count(inner[0], bytes) ?? 0, usage.output)
            usage.audioOutput = unsafe min(count(inner[1], bytes) ?? 0, usage.output - usage.reasoning)
        }
        return usage
    }

    private static func count(_ field: JSONField?, _ bytes: UnsafeRawBufferPointer) -> UInt32? {
        unsafe field?.uint64(in: bytes).map { UInt32(clamping: $0) }
    }
}

/// Usage numbers, read in the pass that also proves their text to be JSON.
///
/// - Shape: of two members with one name the last counts, as with most parsers.
extension OpenAIUsage {
    private static let answerNames = JSONFieldNames("usage", "service_tier")
    private static let names = JSONFieldNames(
        "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details",
        "prompt_cache_hit_tokens")
    private static let promptNames = JSONFieldNames(
        "cached_tokens", "audio_tokens", "image_tokens", "cache_write_tokens", "cache_creation_input_tokens")
    private static let completionNames = JSONFieldNames("reasoning_tokens", "audio_tokens", "image_tokens")

    /// What an answer says about itself.
    public struct Answer: Sendable {
        /// nil when there is none that can be read.
        public fileprivate(set) var usage: OpenAIUsage?
        public fileprivate(set) var serviceTier: JSONField?
    }

    /// Reads a whole answer, which must be one object.
    public static func answer(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> Answer {
        var answer = Answer()
        var scanner = unsafe JSONScanner(bytes, in: 0..<bytes.count)
        try unsafe scanner.members(named: answerNames, in: bytes) { scanner, index throws(JSONError) in
            switch index {
            case 0: answer.usage = try unsafe usage(&scanner, bytes)
            case 1: answer.serviceTier = try scanner.field(after: answer.serviceTier)
            default: _ = try scanner.skipValue()
            }
        }
        try scanner.expectEnd()
        return answer
    }

    /// The numbers of a `usage` object at `range`; nil when it is none, or lacks the count of the input.
    public init?(scanning bytes: UnsafeRawBufferPointer, in range: Range<Int>) {
        var scanner = unsafe JSONScanner(bytes, in: range)
        guard let usage = try? unsafe Self.usage(&scanner, bytes), scanner.peek() == nil else { return nil }
        self = usage
    }

    private static func usage(
        _ scanner: inout JSONScanner, _ bytes: UnsafeRawBufferPointer
    ) throws(JSONError) -> OpenAIUsage? {
        guard scanner.peek() == UInt8(ascii: "{") else {
            _ = try scanner.skipValue()
            return nil
        }
        var usage = OpenAIUsage()
        var prompt: UInt64?
        // What is there and no count is not taken for 0: an estimate is nearer.
        var completionIsUnreadable = false
        var cached: UInt64 = 0
        var cacheHits: UInt64 = 0
        try unsafe scanner.members(named: names, in: bytes) { scanner, index throws(JSONError) in
            switch index {
            case 0: prompt = try unsafe scanner.count(in: bytes).value
            case 1:
                let count = try unsafe scanner.count(in: bytes)
                usage.completion = count.value ?? 0
                completionIsUnreadable = count.value == nil && count.kind != .null
            case 2: usage.total = try unsafe scanner.count(in: bytes).value ?? 0
            case 3:
                cached = 0
                (usage.audioInput, usage.imageInput, usage.cacheWrite) = (0, 0, 0)
                try unsafe details(&scanner, promptNames, bytes) { place, count in
                    switch place {
                    case 0: cached = count
                    case 1: usage.audioInput = count
                    case 2: usage.imageInput = count
                    // Qwen's name for it, beside OpenAI's.
                    default: usage.cacheWrite = max(usage.cacheWrite, count)
                    }
                }
            case 4:
                (usage.reasoning, usage.audioOutput, usage.imageOutput) = (0, 0, 0)
                try unsafe details(&scanner, completionNames, bytes) { place, count in
                    switch place {
                    case 0: usage.reasoning = count
                    case 1: usage.audioOutput = count
                    default: usage.imageOutput = count
                    }
                }
            // DeepSeek's name for what was cached, beside the common one.
            case 5: cacheHits = try unsafe scanner.count(in: bytes).value ?? 0
            default: _ = try scanner.skipValue()
            }
        }
        guard let prompt, !completionIsUnreadable else { return nil }
        usage.prompt = prompt
        usage.cached = max(cached, cacheHits)
        return usage
    }

    /// The counts in an object of details; anything else in its place says nothing.
    @inline(__always)
    private static func details(
        _ scanner: inout JSONScanner, _ names: JSONFieldNames, _ bytes: UnsafeRawBufferPointer,
        _ body: (_ place: Int, _ count: UInt64) -> Void
    ) throws(JSONError) {
        guard scanner.peek() == UInt8(ascii: "{") else {
            _ = try scanner.skipValue()
            return
        }
        try unsafe scanner.members(named: names, in: bytes) { scanner, index throws(JSONError) in
            if let index {
                body(index, try unsafe scanner.count(in: bytes).value ?? 0)
            } else {
                _ = try scanner.skipValue()
            }
        }
    }
}

extension JSONScanner {
    /// Steps over a value: a number without sign, fraction and exponent that fits has a value.
    fileprivate mutating func count(
        in bytes: UnsafeRawBufferPointer
    ) throws(JSONError) -> (kind: JSONKind, value: UInt64?) {
        if let value = skipCount() { return (.number, value) }
        let start = position
        let kind = try skipValue()
        return (kind, unsafe kind == .number ? JSONField.integer(bytes, start..<position) : nil)
    }

    fileprivate mutating func field(after earlier: JSONField?) throws(JSONError) -> JSONField {
        _ = peek()
        let start = position
        let kind = try skipValue()
        return JSONField(start: start, end: position, kind: kind, occurrences: (earlier?.occurrences ?? 0) + 1)
    }
}

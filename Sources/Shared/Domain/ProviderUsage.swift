/// The usage numbers of each dialect in its own terms, and what they mean in ours.
///
/// - Shape: pure. Absent counts are 0. Parts beyond their total are cut to it, where the dialect counts them inside.

/// - Source: OpenAI, "The chat completion object", `usage`.
public struct OpenAIUsage: Hashable, Sendable {
    /// Cached, audio and image tokens included.
    public var prompt: UInt64 = 0
    /// Reasoning and audio tokens included, at OpenAI. Some that speak this dialect (xAI, Gemini) leave reasoning out and
    /// show it in `total` only.
    public var completion: UInt64 = 0
    public var total: UInt64 = 0
    public var cached: UInt64 = 0
    /// Written to the cache, billed instead of input by those that bill it (OpenAI from GPT-5.6 on).
    public var cacheWrite: UInt64 = 0
    public var audioInput: UInt64 = 0
    public var imageInput: UInt64 = 0
    public var reasoning: UInt64 = 0
    public var audioOutput: UInt64 = 0
    public var imageOutput: UInt64 = 0

    public init() {}

    public var normalized: TokenUsage {
        // What the total has beyond its parts was billed as output that the parts leave out.
        let sum = prompt.addingSaturating(completion)
        let onTop = total > sum ? total - sum : 0
        let output = completion.addingSaturating(onTop)
        let cached = min(cached, prompt)
        let written = min(cacheWrite, prompt - cached)
        let plain = prompt - cached - written
        let audio = min(audioInput, plain)
        let reasoning = min(max(self.reasoning, onTop), output)
        let audioOut = min(audioOutput, output - reasoning)
        return TokenUsage(
            input: UInt32(clamping: prompt), cachedInput: UInt32(clamping: cached),
            cacheWrite5m: UInt32(clamping: written), audioInput: UInt32(clamping: audio),
            imageInput: UInt32(clamping: min(imageInput, plain - audio)), output: UInt32(clamping: output),
            reasoning: UInt32(clamping: reasoning), audioOutput: UInt32(clamping: audioOut),
            imageOutput: UInt32(clamping: min(imageOutput, output - reasoning - audioOut)))
    }
}

/// - Source: Anthropic, "Messages", `usage`.
public struct AnthropicUsage: Hashable, Sendable {
    /// Cached tokens, read or written, come on top.
    public var input: UInt64 = 0
    public var cacheRead: UInt64 = 0
    /// For any time.
    public var cacheCreation: UInt64 = 0
    /// The parts of `cacheCreation`; an older answer does not tell them apart, and wrote for five minutes.
    public var cacheCreation5m: UInt64 = 0
    public var cacheCreation1h: UInt64 = 0
    /// Thinking included.
    public var output: UInt64 = 0
    public var serviceTier = ServiceTier.standard
    /// `speed` is `fast`: what the answer was served at, which need not be what was asked for.
    public var isFast = false

    public init() {}

    public var normalized: TokenUsage {
        let written = max(cacheCreation, cacheCreation5m.addingSaturating(cacheCreation1h))
        return TokenUsage(
            input: UInt32(clamping: input.addingSaturating(cacheRead).addingSaturating(written)),
            cachedInput: UInt32(clamping: cacheRead), cacheWrite5m: UInt32(clamping: written - cacheCreation1h),
            cacheWrite1h: UInt32(clamping: cacheCreation1h), output: UInt32(clamping: output),
            serviceTier: isFast ? .fast : serviceTier)
    }
}

/// - Source: Gemini, "GenerateContentResponse", `usageMetadata`.
public struct GeminiUsage: Hashable, Sendable {
    /// Cached tokens included.
    public var prompt: UInt64 = 0
    /// What tools put before the model: on top of `prompt`.
    public var toolUsePrompt: UInt64 = 0
    public var cachedContent: UInt64 = 0
    public var candidates: UInt64 = 0
    /// On top of `candidates`.
    public var thoughts: UInt64 = 0
    /// By modality, cached ones included; and the cached ones of them.
    public var promptAudio: UInt64 = 0
    public var promptImage: UInt64 = 0
    public var cachedAudio: UInt64 = 0
    public var cachedImage: UInt64 = 0
    public var candidatesAudio: UInt64 = 0
    public var candidatesImage: UInt64 = 0
    public var serviceTier = ServiceTier.standard

    public init() {}

    public var normalized: TokenUsage {
        let input = prompt.addingSaturating(toolUsePrompt)
        let cached = min(cachedContent, prompt)
        let audio = min(promptAudio - min(cachedAudio, promptAudio), prompt - cached)
        let image = min(promptImage - min(cachedImage, promptImage), prompt - cached - audio)
        let audioOut = min(candidatesAudio, candidates)
        return TokenUsage(
            input: UInt32(clamping: input), cachedInput: UInt32(clamping: cached), audioInput: UInt32(clamping: audio),
            imageInput: UInt32(clamping: image), output: UInt32(clamping: candidates.addingSaturating(thoughts)),
            reasoning: UInt32(clamping: thoughts), audioOutput: UInt32(clamping: audioOut),
            imageOutput: UInt32(clamping: min(candidatesImage, candidates - audioOut)), serviceTier: serviceTier)
    }
}

extension ServiceTier {
    /// What a provider calls the tier it used; nil for a name that is not known.
    ///
    /// - Source: OpenAI `service_tier` (auto, default, flex, priority alias fast, ultrafast, scale), Anthropic `usage.service_tier` (standard, priority,
    ///   batch), Gemini `trafficType`.
    public init?(reported name: some StringProtocol) {
        switch name {
        // Capacity that was paid for ahead (scale, provisioned throughput) has no price by the token; the list price stands in.
        case "auto", "default", "standard", "scale", "ON_DEMAND", "PROVISIONED_THROUGHPUT": self = .standard
        case "flex", "ON_DEMAND_FLEX": self = .flex
        case "priority", "fast", "ON_DEMAND_PRIORITY": self = .priority
        case "ultrafast": self = .ultrafast
        case "batch": self = .batch
        default: return nil
        }
    }
}

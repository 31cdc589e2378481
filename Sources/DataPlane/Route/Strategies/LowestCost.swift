import Shared

/// The target at which a request would cost least.
enum LowestCost {
    /// What the request would cost by a price; nil without one.
    @inline(__always)
    static func cost(of estimate: UsageEstimate, by price: CompiledPrice?) -> Money? {
        price.map { $0.sheet.cost(of: estimate.usage) }
    }

    /// The index of the target to try next; nil when none is available. For the one after that, the tried one is not available any more.
    ///
    /// - Shape: equals in the order of the list. Targets without a price come last, in the order of the list too: what something costs that
    ///   nobody has priced is not known, and not nothing.
    @inline(__always)
    static func choose(count: Int, isAvailable: (Int) -> Bool, cost: (Int) -> Money?) -> Int? {
        var best: Int?
        var least: Money?
        for index in 0..<count where isAvailable(index) {
            let cost = cost(index)
            if best == nil || isLess(cost, least) {
                best = index
                least = cost
            }
        }
        return best
    }

    @inline(__always)
    private static func isLess(_ a: Money?, _ b: Money?) -> Bool {
        guard let a else { return false }
        return b.map { a < $0 } ?? true
    }
}

/// About what a request will use: enough to put targets in an order, never to hold or charge money by, see `WorstCase` for that.
///
/// - Shape: the same for every target of a route. What matters of it is how input and output are to each other, because a target may be the
///   cheaper one for long prompts and the dearer one for long answers, and in which tier of a price sheet the input falls.
struct UsageEstimate: Equatable {
    var usage: TokenUsage

    /// Of English text and code under the tokenizers of the large providers: OpenAI's own rule of thumb.
    private static let bytesPerToken: UInt64 = 4
    /// What GPT-4o makes of an image of 1024 x 1024 pixels at high and at low detail.
    private static let highDetailImageTokens: UInt64 = 765
    private static let lowDetailImageTokens: UInt64 = 85
    /// `PromptMeasure.audioTokens` is a bound for the slowest codec; at the usual rates it is about ten times too high.
    private static let audioBoundPerToken: UInt64 = 10
    /// A chat answer of some paragraphs. Callers' own bounds are mostly set far above what is used, so they count only where they are lower.
    static let outputTokensUsual: UInt64 = 512

    init(inputTokens: UInt64, imageTokens: UInt64 = 0, audioTokens: UInt64 = 0, outputTokens: UInt64) {
        usage = TokenUsage(
            input: UInt32(clamping: inputTokens.addingSaturating(imageTokens).addingSaturating(audioTokens)),
            audioInput: UInt32(clamping: audioTokens), imageInput: UInt32(clamping: imageTokens),
            output: UInt32(clamping: outputTokens))
    }

    init(of request: ParsedRequest) {
        let prompt = request.prompt
        var output: UInt64 = 0
        if request.endpoint.writesText {
            let bound =
                request.clampedOutputTokensMax ?? request.outputTokensMax ?? request.injectedOutputTokensMax ?? .max
            output = min(bound, Self.outputTokensUsual).multipliedSaturating(by: request.choiceCount)
        }
        self.init(
            inputTokens: prompt.textTokens / Self.bytesPerToken,
            imageTokens: UInt64(prompt.imagesHighDetail) * Self.highDetailImageTokens
                + UInt64(prompt.imagesLowDetail) * Self.lowDetailImageTokens,
            audioTokens: prompt.audioTokens / Self.audioBoundPerToken, outputTokens: output)
    }
}

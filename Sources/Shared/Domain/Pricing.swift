/// The prices of one model in one tier.
///
/// - Units: picodollars (1e-12 USD) per token; `request` is picodollars per request. $2.50 per million tokens is 2,500,000.
/// - Shape: an absent line is charged at the line it is a part of (`cachedInput` at `input`, `reasoning` at `output`), so
///   that leaving one out is never free.
public struct PriceLines: Hashable, Sendable, Codable {
    public var inputPicodollarsPerToken: Int64
    public var cachedInputPicodollarsPerToken: Int64?
    public var cacheWrite5mPicodollarsPerToken: Int64?
    public var cacheWrite1hPicodollarsPerToken: Int64?
    public var audioInputPicodollarsPerToken: Int64?
    public var imageInputPicodollarsPerToken: Int64?
    public var outputPicodollarsPerToken: Int64
    public var reasoningPicodollarsPerToken: Int64?
    public var audioOutputPicodollarsPerToken: Int64?
    public var imageOutputPicodollarsPerToken: Int64?
    public var requestPicodollars: Int64?

    public init(
        inputPicodollarsPerToken: Int64, cachedInputPicodollarsPerToken: Int64? = nil,
        cacheWrite5mPicodollarsPerToken: Int64? = nil, cacheWrite1hPicodollarsPerToken: Int64? = nil,
        audioInputPicodollarsPerToken: Int64? = nil, imageInputPicodollarsPerToken: Int64? = nil,
        outputPicodollarsPerToken: Int64, reasoningPicodollarsPerToken: Int64? = nil,
        audioOutputPicodollarsPerToken: Int64? = nil, imageOutputPicodollarsPerToken: Int64? = nil,
        requestPicodollars: Int64? = nil
    ) {
        self.inputPicodollarsPerToken = inputPicodollarsPerToken
        self.cachedInputPicodollarsPerToken = cachedInputPicodollarsPerToken
        self.cacheWrite5mPicodollarsPerToken = cacheWrite5mPicodollarsPerToken
        self.cacheWrite1hPicodollarsPerToken = cacheWrite1hPicodollarsPerToken
        self.audioInputPicodollarsPerToken = audioInputPicodollarsPerToken
        self.imageInputPicodollarsPerToken = imageInputPicodollarsPerToken
        self.outputPicodollarsPerToken = outputPicodollarsPerToken
        self.reasoningPicodollarsPerToken = reasoningPicodollarsPerToken
        self.audioOutputPicodollarsPerToken = audioOutputPicodollarsPerToken
        self.imageOutputPicodollarsPerToken = imageOutputPicodollarsPerToken
        self.requestPicodollars = requestPicodollars
    }

    /// The highest price accepted for a line: $1 per token. 2^32 tokens at it need 72 bits, so the multiplication is done in
    /// 128 bits.
    public static let maximumPicodollarsPerToken: Int64 = 1_000_000_000_000

    /// What `usage` costs: each line is rounded up to a nanodollar once, then the lines are added.
    ///
    /// - Parameter requests: how often the price of a request is charged: an image or a search counts as one.
    public func cost(of usage: TokenUsage, requests: UInt64 = 1) -> Money {
        let inputParts =
            UInt64(usage.cachedInput) + UInt64(usage.cacheWrite5m) + UInt64(usage.cacheWrite1h)
            + UInt64(usage.audioInput) + UInt64(usage.imageInput)
        let outputParts = UInt64(usage.reasoning) + UInt64(usage.audioOutput) + UInt64(usage.imageOutput)
        // A provider whose parts exceed its total is charged by the parts.
        let plainInput = UInt64(usage.input) > inputParts ? UInt64(usage.input) - inputParts : 0
        let plainOutput = UInt64(usage.output) > outputParts ? UInt64(usage.output) - outputParts : 0
        let input = inputPicodollarsPerToken
        let output = outputPicodollarsPerToken
        var total = Self.line(plainInput, input)
        total += Self.line(UInt64(usage.cachedInput), cachedInputPicodollarsPerToken ?? input)
        total += Self.line(UInt64(usage.cacheWrite5m), cacheWrite5mPicodollarsPerToken ?? input)
        total += Self.line(UInt64(usage.cacheWrite1h), cacheWrite1hPicodollarsPerToken ?? input)
        total += Self.line(UInt64(usage.audioInput), audioInputPicodollarsPerToken ?? input)
        total += Self.line(UInt64(usage.imageInput), imageInputPicodollarsPerToken ?? input)
        total += Self.line(plainOutput, output)
        total += Self.line(UInt64(usage.reasoning), reasoningPicodollarsPerToken ?? output)
        total += Self.line(UInt64(usage.audioOutput), audioOutputPicodollarsPerToken ?? output)
        total += Self.line(UInt64(usage.imageOutput), imageOutputPicodollarsPerToken ?? output)
        total += Self.line(requests, requestPicodollars ?? 0)
        return total
    }

    /// The most that a usage within `bound` can cost: every token at the dearest line that it could be charged by.
    ///
    /// The usage may lie in up to nine lines of tokens that are each rounded up, the bound in five: the difference is added.
    public func worstCase(_ bound: UsageBound) -> Money {
        let text = dearestInput
        let output = dearestOutput(mayAnswerAudio: bound.mayAnswerAudio)
        var total = Self.line(bound.textInput, text)
        total += Self.line(bound.imageInput, max(text, imageInputPicodollarsPerToken ?? 0))
        total += Self.line(bound.audioInput, max(text, audioInputPicodollarsPerToken ?? 0))
        total += Self.line(bound.unknownInput, dearestInputOfAnyKind)
        total += Self.line(bound.output, output)
        total += Self.line(bound.requests, requestPicodollars ?? 0)
        if total > .zero { total += Money(nanodollars: 9) }
        return total
    }

    /// The most output tokens with which `worstCase` of `bound` stays within `money`; nil when not even none do.
    public func outputTokens(of bound: UsageBound, within money: Money) -> UInt64? {
        var inputOnly = bound
        inputOnly.output = 0
        let left = money - worstCase(inputOnly)
        guard left >= .zero else { return nil }
        let output = dearestOutput(mayAnswerAudio: bound.mayAnswerAudio)
        guard output > 0 else { return .max }
        // A free input has not paid for the rounding yet.
        let rounding: Int64 = left == money ? 9 : 0
        let budget = UInt64(max(0, left.nanodollars - rounding)).multipliedFullWidth(by: 1000)
        guard budget.high < UInt64(output) else { return .max }
        return UInt64(output).dividingFullWidth(budget).quotient
    }

    var sellsOutput: Bool { dearestOutput(mayAnswerAudio: true) > 0 }
    var sellsTokens: Bool { sellsOutput || dearestInputOfAnyKind > 0 }

    private func dearestOutput(mayAnswerAudio: Bool) -> Int64 {
        max(
            max(outputPicodollarsPerToken, reasoningPicodollarsPerToken ?? 0),
            max(imageOutputPicodollarsPerToken ?? 0, mayAnswerAudio ? audioOutputPicodollarsPerToken ?? 0 : 0))
    }

    private var dearestInput: Int64 {
        // Two at a time: with more, `max` takes an array.
        max(
            max(inputPicodollarsPerToken, cachedInputPicodollarsPerToken ?? 0),
            max(cacheWrite5mPicodollarsPerToken ?? 0, cacheWrite1hPicodollarsPerToken ?? 0))
    }

    private var dearestInputOfAnyKind: Int64 {
        max(dearestInput, max(audioInputPicodollarsPerToken ?? 0, imageInputPicodollarsPerToken ?? 0))
    }

    /// One line, rounded up. Saturates at a sixteenth of the range, $576 million, so that the sum of the eleven lines cannot
    /// overflow either.
    private static func line(_ count: UInt64, _ picodollars: Int64) -> Money {
        let product = count.multipliedFullWidth(by: UInt64(max(0, picodollars)))
        let limit = UInt64(Int64.max / 16)
        guard product.high == 0, product.low <= UInt64.max - 999 else {
            let whole = UInt128(product.high) << 64 | UInt128(product.low)
            return Money(nanodollars: Int64(UInt64(clamping: min(UInt128(limit), (whole + 999) / 1000))))
        }
        return Money(nanodollars: Int64(min(limit, (product.low + 999) / 1000)))
    }
}

/// The most that a request can use, by the kinds of tokens that have prices of their own.
///
/// - Shape: disjoint counts. `unknownInput` is input of which only an upper bound is known, not its kind.
public struct UsageBound: Hashable, Sendable {
    public var textInput: UInt64
    public var imageInput: UInt64
    public var audioInput: UInt64
    public var unknownInput: UInt64
    /// Of all choices together, reasoning included.
    public var output: UInt64
    public var mayAnswerAudio: Bool
    /// It asks for a faster answer by itself, beside the service tier (`ServiceTier.fast`).
    public var mayBeFast: Bool
    /// How often the price of a request can be charged.
    public var requests: UInt64 = 1

    public init(
        textInput: UInt64 = 0, imageInput: UInt64 = 0, audioInput: UInt64 = 0, unknownInput: UInt64 = 0,
        output: UInt64 = 0, mayAnswerAudio: Bool = true, mayBeFast: Bool = false
    ) {
        self.textInput = textInput
        self.imageInput = imageInput
        self.audioInput = audioInput
        self.unknownInput = unknownInput
        self.output = output
        self.mayAnswerAudio = mayAnswerAudio
        self.mayBeFast = mayBeFast
    }

    /// Input of every kind; saturating, since callers choose some of the numbers.
    public var input: UInt64 {
        textInput.addingSaturating(imageInput).addingSaturating(audioInput).addingSaturating(unknownInput)
    }
}

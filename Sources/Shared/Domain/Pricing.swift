/// What a provider says it processed for one request, normalized over the dialects.
///
/// - Shape: `input` and `output` are totals. The other counts are parts of them, never additions, so that no token can be
///   charged twice: `cachedInput`, `cacheWrite5m`, `cacheWrite1h` and `audioInput` lie in `input`; `reasoning` and
///   `audioOutput` lie in `output`.
public struct TokenUsage: Hashable, Sendable, Codable {
    public var input: UInt32
    public var cachedInput: UInt32
    public var cacheWrite5m: UInt32
    public var cacheWrite1h: UInt32
    public var audioInput: UInt32
    public var output: UInt32
    public var reasoning: UInt32
    public var audioOutput: UInt32

    public init(
        input: UInt32 = 0, cachedInput: UInt32 = 0, cacheWrite5m: UInt32 = 0, cacheWrite1h: UInt32 = 0,
        audioInput: UInt32 = 0, output: UInt32 = 0, reasoning: UInt32 = 0, audioOutput: UInt32 = 0
    ) {
        self.input = input
        self.cachedInput = cachedInput
        self.cacheWrite5m = cacheWrite5m
        self.cacheWrite1h = cacheWrite1h
        self.audioInput = audioInput
        self.output = output
        self.reasoning = reasoning
        self.audioOutput = audioOutput
    }

    public static let zero = TokenUsage()
}

/// The prices of one model from one date on.
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
    public var outputPicodollarsPerToken: Int64
    public var reasoningPicodollarsPerToken: Int64?
    public var audioOutputPicodollarsPerToken: Int64?
    public var requestPicodollars: Int64?

    public init(
        inputPicodollarsPerToken: Int64, cachedInputPicodollarsPerToken: Int64? = nil,
        cacheWrite5mPicodollarsPerToken: Int64? = nil, cacheWrite1hPicodollarsPerToken: Int64? = nil,
        audioInputPicodollarsPerToken: Int64? = nil, outputPicodollarsPerToken: Int64,
        reasoningPicodollarsPerToken: Int64? = nil, audioOutputPicodollarsPerToken: Int64? = nil,
        requestPicodollars: Int64? = nil
    ) {
        self.inputPicodollarsPerToken = inputPicodollarsPerToken
        self.cachedInputPicodollarsPerToken = cachedInputPicodollarsPerToken
        self.cacheWrite5mPicodollarsPerToken = cacheWrite5mPicodollarsPerToken
        self.cacheWrite1hPicodollarsPerToken = cacheWrite1hPicodollarsPerToken
        self.audioInputPicodollarsPerToken = audioInputPicodollarsPerToken
        self.outputPicodollarsPerToken = outputPicodollarsPerToken
        self.reasoningPicodollarsPerToken = reasoningPicodollarsPerToken
        self.audioOutputPicodollarsPerToken = audioOutputPicodollarsPerToken
        self.requestPicodollars = requestPicodollars
    }

    /// The highest price accepted for a line: $1 per token. With it no product below can pass `Int64`:
    /// 2^32 tokens x 1e12 picodollars needs 72 bits, so the multiplication is done in 128 bits and saturates.
    public static let maximumPicodollarsPerToken: Int64 = 1_000_000_000_000

    /// What `usage` costs: each line is rounded up to a nanodollar once, then the lines are added.
    public func cost(of usage: TokenUsage) -> Money {
        let inputParts =
            UInt64(usage.cachedInput) + UInt64(usage.cacheWrite5m) + UInt64(usage.cacheWrite1h)
            + UInt64(usage.audioInput)
        let outputParts = UInt64(usage.reasoning) + UInt64(usage.audioOutput)
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
        total += Self.line(plainOutput, output)
        total += Self.line(UInt64(usage.reasoning), reasoningPicodollarsPerToken ?? output)
        total += Self.line(UInt64(usage.audioOutput), audioOutputPicodollarsPerToken ?? output)
        total += Self.line(1, requestPicodollars ?? 0)
        return total
    }

    /// The most a request can cost: every input token at the dearest input line, every output token at the dearest output line.
    public func worstCase(inputTokens: UInt64, outputTokens: UInt64) -> Money {
        let input = max(
            inputPicodollarsPerToken, cachedInputPicodollarsPerToken ?? 0, cacheWrite5mPicodollarsPerToken ?? 0,
            max(cacheWrite1hPicodollarsPerToken ?? 0, audioInputPicodollarsPerToken ?? 0))
        let output = max(
            outputPicodollarsPerToken, reasoningPicodollarsPerToken ?? 0, audioOutputPicodollarsPerToken ?? 0)
        return Self.line(inputTokens, input) + Self.line(outputTokens, output) + Self.line(1, requestPicodollars ?? 0)
    }

    private static func line(_ count: UInt64, _ picodollars: Int64) -> Money {
        let product = count.multipliedFullWidth(by: UInt64(max(0, picodollars)))
        // A sixteenth of the range, so that the sum of the nine lines cannot overflow either.
        guard product.high == 0, product.low < UInt64(Int64.max) / 16 else {
            return Money(nanodollars: Int64.max / 16_000)
        }
        return Money(nanodollars: Int64((product.low + 999) / 1000))
    }
}

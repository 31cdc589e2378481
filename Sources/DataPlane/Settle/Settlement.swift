import Shared

/// From what a provider said to what it cost.
enum Settlement {
    /// Fills in price and cost of an outcome; estimates the usage where an answer came without numbers.
    static func settle(_ outcome: Outcome, _ context: RequestContext) {
        guard let target = outcome.target, let request = context.request else { return }
        outcome.price = target.price(atUnixSeconds: context.startedUnixSeconds)
        if isBilled(outcome), !outcome.usageReported { outcome.usage = estimate(request, outcome) }
        guard let price = outcome.price, isBilled(outcome) else { return }
        outcome.cost = price.sheet.cost(of: outcome.usage)
    }

    /// A provider bills what it answered: not its own failures, and not its refusals.
    private static func isBilled(_ outcome: Outcome) -> Bool {
        switch outcome.kind {
        case .completed: outcome.status < 300
        case .cut, .cancelled, .interrupted: true
        case .failed: false
        }
    }

    /// By the rule of thumb of four bytes of text a token in, and a token for each chunk that came out.
    private static func estimate(_ request: ParsedRequest, _ outcome: Outcome) -> TokenUsage {
        TokenUsage(input: UInt32(clamping: (request.prompt.textTokens + 3) / 4), output: outcome.estimatedOutput)
    }
}

import Shared

/// From what a provider said to what it cost.
enum Settlement {
    /// Fills in price and cost of an outcome; estimates the usage where an answer came without numbers.
    static func settle(_ outcome: inout Outcome, _ context: RequestContext) {
        guard let target = outcome.target, let request = context.request else { return }
        outcome.price = target.price(atUnixSeconds: context.startedUnixSeconds)
        if isBilled(outcome), !outcome.usageReported { outcome.usage = estimate(request, outcome) }
        guard let price = outcome.price, isBilled(outcome) else { return }
        outcome.cost = price.lines.cost(of: outcome.usage)
    }

    /// A provider bills what it answered: not its own failures, and not its refusals.
    private static func isBilled(_ outcome: Outcome) -> Bool {
        switch outcome.kind {
        case .completed: outcome.status < 300
        case .cut, .cancelled, .interrupted: true
        case .failed: false
        }
    }

    /// By the rule of thumb of four bytes a token in, and a token for each chunk that came out.
    private static func estimate(_ request: ParsedRequest, _ outcome: Outcome) -> TokenUsage {
        TokenUsage(input: UInt32(clamping: (request.bodyBytes + 3) / 4), output: outcome.estimatedOutput)
    }

    /// The most that a request can cost over all targets of its plan: what it is charged if this process dies before it
    /// settles. No tokenizer makes more than one token of a byte.
    static func worstCase(_ request: ParsedRequest, _ plan: RoutePlan, nowUnixSeconds: Int64) -> Money {
        var worst = Money.zero
        for index in plan.order {
            let target = plan.policy.targets[index]
            guard let price = target.price(atUnixSeconds: nowUnixSeconds) else { continue }
            let cap = request.outputTokensMax ?? UInt64(target.model.maxOutputTokens ?? defaultOutputTokensMax)
            let (product, overflow) = cap.multipliedReportingOverflow(by: request.choiceCount)
            let output = request.endpoint == .embeddings ? 0 : overflow ? .max : product
            worst = max(worst, price.lines.worstCase(inputTokens: UInt64(request.bodyBytes), outputTokens: output))
        }
        return worst
    }

    /// For a model whose limit nobody has entered: above what current models answer with.
    private static let defaultOutputTokensMax = 128 * 1024
}

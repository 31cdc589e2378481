import Shared

/// From what a provider said to what it cost.
enum Settlement {
    /// Fills in price and cost of an outcome.
    ///
    /// Where a provider worked and its numbers never came, the usage is an estimate. Where money or tokens are limited, the estimate
    /// is not good enough: doubt counts as spent, so the request costs all that it held.
    static func settle(_ outcome: Outcome, _ context: RequestContext) {
        guard let target = outcome.target, let request = context.request else { return }
        defer {
            if let hedge = context.hedge { settle(hedge, besides: outcome, context) }
            if !context.broken.isEmpty { for broken in context.broken { settle(broken.outcome, broken.context) } }
        }
        outcome.price = target.price(atUnixSeconds: context.startedUnixSeconds)
        if let stored = request.stored { return settle(stored, outcome) }
        guard isBilled(outcome), !request.endpoint.isFree else { return }
        if request.endpoint.isFreeWithoutPrice, outcome.price == nil { return }
        if !outcome.usageReported, request.endpoint.makesMedia { takeAsAsked(outcome, request, target) }
        if !outcome.usageReported {
            if outcome.usage == .zero { outcome.usage = estimate(request, outcome) }
            if let held = context.held {
                outcome.cost = held.cost
                outcome.tokens = held.tokens
                return
            }
        }
        outcome.tokens = UInt64(outcome.usage.input) + UInt64(outcome.usage.output)
        if let price = outcome.price {
            outcome.cost = price.cost(of: outcome.usage, requests: units(request, outcome))
        }
    }

    /// A batch is charged its worst case until its provider has said what it used. Everything else that is kept costs nothing, whatever usage
    /// stands in the answer: that is of the batches which it shows.
    private static func settle(_ stored: StoredRequest, _ outcome: Outcome) {
        outcome.usage = .zero
        outcome.usageReported = true
        guard let batch = stored.batch, isBilled(outcome) else { return }
        outcome.usage = batch.usage
        outcome.usageReported = false
        outcome.cost = batch.worst.cost
        outcome.tokens = batch.worst.tokens
    }

    /// How often the price of a request is charged.
    private static func units(_ request: ParsedRequest, _ outcome: Outcome) -> UInt64 {
        request.endpoint.makesMedia ? request.unitsMax : outcome.units
    }

    /// What is sold by the piece is known without being told: images, and text by its characters where nothing is taken for the sound.
    private static func takeAsAsked(_ outcome: Outcome, _ request: ParsedRequest, _ target: CompiledTarget) {
        if request.endpoint == .speech {
            guard !target.sellsOutput else { return }
            outcome.usage = TokenUsage(input: UInt32(clamping: request.characterCount))
            outcome.usageReported = true
        } else if !target.sellsTokens {
            outcome.usageReported = true
        }
    }

    /// The same for the one of two attempts that lost, once the request itself is settled. It worked on the same input as the other. Of its
    /// output nobody knows more than that a stream had not begun, and that a plain answer is finished by many whether or not it is waited for.
    static func settle(_ hedge: SideAttempt, besides outcome: Outcome, _ context: RequestContext) {
        let lost = hedge.outcome
        guard let target = lost.target, let request = context.request else { return }
        lost.price = target.price(atUnixSeconds: hedge.context.startedUnixSeconds)
        guard isBilled(lost), hedge.wasSent, isBilled(outcome) else { return }
        lost.usage = estimate(request, lost)
        if outcome.usageReported, outcome.usage.input > 0 { lost.usage.input = outcome.usage.input }
        if !request.isStream { lost.usage.output = outcome.usage.output }
        lost.tokens = UInt64(lost.usage.input) + UInt64(lost.usage.output)
        if let price = lost.price { lost.cost = price.cost(of: lost.usage) }
    }

    /// A provider bills what it answered: not its own failures, and not its refusals.
    private static func isBilled(_ outcome: Outcome) -> Bool { isBilled(outcome.kind, status: outcome.status) }

    static func isBilled(_ outcome: RequestOutcome, status: Int) -> Bool {
        switch outcome {
        case .completed: status < 300
        case .cut, .cancelled, .interrupted: true
        case .failed: false
        }
    }

    /// By the rule of thumb of four bytes of text a token in, and a token for each chunk that came out.
    private static func estimate(_ request: ParsedRequest, _ outcome: Outcome) -> TokenUsage {
        TokenUsage(
            input: UInt32(clamping: (request.prompt.textTokens + 3) / 4),
            output: max(outcome.estimatedOutput, request.estimatedOutputTokens))
    }
}

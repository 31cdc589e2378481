import Shared

/// The most that a request can use and cost over all targets of its plan: what it holds while it is under way, and what it is
/// charged if this process dies before it settles.
///
/// - Shape: pure. Upper bounds: never below what any target of the plan can bill, unless `problem` says that there is none.
struct WorstCase: Equatable {
    /// By the dearest target.
    private(set) var cost = Money.zero
    /// Input and output of the target that can use most.
    private(set) var tokens: UInt64 = 0
    /// The bound of the answer that has to be written into the request, because the caller gave none.
    private(set) var injectedOutputTokensMax: UInt64?
    /// Why `cost` and `tokens` bound nothing. A request with a problem does not pass where money is limited.
    private(set) var problem: Problem?

    enum Problem: Error, Equatable {
        /// No price of this model has begun.
        case unpriced(model: String)
        /// The request limits its answer in no way, and neither do the route and the model.
        case unboundedOutput(model: String)
        /// The model answers with tokens that no request limits, and has no limit either.
        case unboundedMedia(model: String)
        /// The request names input whose size it does not show, and the model's limit is not known either.
        case unboundedInput(model: String)
    }

    /// - Parameters:
    ///   - routeOutputTokensMax: the route's `default_max_output_tokens`.
    init(
        of request: borrowing ParsedRequest, _ plan: borrowing RoutePlan, routeOutputTokensMax: UInt64? = nil,
        nowUnixSeconds: Int64
    ) {
        // Nothing is billed, so nothing is held.
        if request.endpoint.isFree { return }
        if let stored = request.stored {
            if let batch = stored.batch { self = batch.worst }
            return
        }
        if request.endpoint.writesText, request.outputTokensMax == nil {
            injectedOutputTokensMax = routeOutputTokensMax
        }
        for place in plan.targets.indices {
            let target = plan.targets[place]
            if request.endpoint.isFreeWithoutPrice, target.price(atUnixSeconds: nowUnixSeconds) == nil { continue }
            let bound = bound(of: request, by: target)
            tokens = max(tokens, bound.input.addingSaturating(bound.output))
            guard let price = target.price(atUnixSeconds: nowUnixSeconds) else {
                note(.unpriced(model: target.model.name))
                continue
            }
            cost = max(cost, price.worstCase(bound, onlyStandard: request.wantsStandardTier))
        }
    }

    /// What is left to fear once the target that answers has counted the input.
    init(of request: ParsedRequest, counted usage: TokenUsage, by target: CompiledTarget, nowUnixSeconds: Int64) {
        injectedOutputTokensMax = request.injectedOutputTokensMax
        var bound = bound(of: request, by: target)
        bound.audioInput = UInt64(usage.audioInput)
        bound.imageInput = UInt64(usage.imageInput)
        bound.textInput = UInt64(usage.input) - min(UInt64(usage.input), bound.audioInput + bound.imageInput)
        bound.unknownInput = 0
        take(bound, of: target, nowUnixSeconds) { $0.worstCase(bound, onlyStandard: request.wantsStandardTier) }
    }

    /// Of one request in a batch that `target` works on.
    init(ofBatched request: ParsedRequest, by target: CompiledTarget, nowUnixSeconds: Int64) {
        if request.endpoint.isFreeWithoutPrice, target.price(atUnixSeconds: nowUnixSeconds) == nil { return }
        let bound = bound(of: request, by: target)
        take(bound, of: target, nowUnixSeconds) { $0.worstCase(bound, in: .batch) }
    }

    /// What one target can bill of a bound.
    private mutating func take(
        _ bound: UsageBound, of target: CompiledTarget, _ nowUnixSeconds: Int64, _ cost: (PriceSheet) -> Money
    ) {
        tokens = bound.input.addingSaturating(bound.output)
        guard let price = target.price(atUnixSeconds: nowUnixSeconds) else {
            return note(.unpriced(model: target.model.name))
        }
        self.cost = cost(price.sheet)
    }

    /// Of nothing.
    init() {}

    /// Of one more request that is held, and charged, together with the others.
    mutating func add(_ other: WorstCase) {
        cost = Money(nanodollars: cost.nanodollars.addingSaturating(other.cost.nanodollars))
        tokens = tokens.addingSaturating(other.tokens)
        if let found = other.problem { note(found) }
    }

    /// The most output tokens that one choice may have so that `money` covers every target; nil when not even one fits.
    ///
    /// - Shape: what mode `clamp` writes into the request. At most the bound that the request has already.
    static func outputTokensMax(
        within money: Money, of request: ParsedRequest, _ plan: RoutePlan, routeOutputTokensMax: UInt64? = nil,
        nowUnixSeconds: Int64
    ) -> UInt64? {
        guard request.endpoint.writesText else { return nil }
        var least = UInt64.max
        var unused = WorstCase(injecting: routeOutputTokensMax)
        for target in plan.targets {
            guard let price = target.price(atUnixSeconds: nowUnixSeconds) else { return nil }
            let bound = unused.bound(of: request, by: target)
            guard
                let output = price.sheet.outputTokens(
                    of: bound, within: money, onlyStandard: request.wantsStandardTier)
            else { return nil }
            least = min(least, min(output, bound.output))
        }
        return perChoice(least, request)
    }

    /// The same for an allowance of tokens.
    static func outputTokensMax(
        withinTokens tokens: UInt64, of request: ParsedRequest, _ plan: RoutePlan, routeOutputTokensMax: UInt64? = nil
    ) -> UInt64? {
        guard request.endpoint.writesText else { return nil }
        var least = UInt64.max
        var unused = WorstCase(injecting: routeOutputTokensMax)
        for target in plan.targets {
            let bound = unused.bound(of: request, by: target)
            guard bound.input < tokens else { return nil }
            least = min(least, min(tokens - bound.input, bound.output))
        }
        return perChoice(least, request)
    }

    private init(injecting routeOutputTokensMax: UInt64?) { injectedOutputTokensMax = routeOutputTokensMax }

    private static func perChoice(_ output: UInt64, _ request: ParsedRequest) -> UInt64? {
        guard output > request.predictionBytes else { return nil }
        let each = (output - request.predictionBytes) / request.choiceCount
        return each > 0 ? each : nil
    }

    // MARK: Tokens

    /// What the provider puts around the messages itself: the longest system prompt that a template of an open model brings
    /// along (gpt-oss, about 130 tokens), doubled.
    private static let hiddenTokens: UInt64 = 256
    /// With tools: Anthropic documents up to 530 tokens (346 with its current models), OpenAI's rendering needs about 20.
    private static let hiddenTokensWithTools: UInt64 = 1024
    /// What stands in for a bound where there is none and none is needed: above what current models take and give.
    private static let fallbackOutputTokensMax: UInt64 = 128 * 1024
    private static let fallbackInputTokensMax: UInt64 = 1024 * 1024

    private mutating func bound(of request: ParsedRequest, by target: CompiledTarget) -> UsageBound {
        let prompt = request.prompt
        var bound = UsageBound(mayAnswerAudio: request.mayAnswerAudio)
        let textTokens = request.isWrittenAnew(for: target) ? request.translatedTextTokensMax : prompt.textTokens
        bound.textInput = textTokens + (request.hasTools ? Self.hiddenTokensWithTools : Self.hiddenTokens)
        if prompt.imagesHighDetail > 0 || prompt.imagesLowDetail > 0 {
            let image = ImageTokens.bound(model: target.model.name)
            bound.imageInput =
                UInt64(prompt.imagesHighDetail) * image.highDetail + UInt64(prompt.imagesLowDetail) * image.lowDetail
        }
        bound.audioInput = prompt.audioTokens
        if prompt.hasUnknownInput {
            // The whole request has no more input than the model takes: what is known is a part of that.
            if target.model.maxInputTokens == nil { note(.unboundedInput(model: target.model.name)) }
            let each = target.model.maxInputTokens.map { UInt64(max(0, $0)) } ?? Self.fallbackInputTokensMax
            let most = each.multipliedSaturating(by: request.inputCount)
            bound.unknownInput = most > bound.input ? most - bound.input : 0
        }
        bound.requests = request.unitsMax
        if request.endpoint.makesMedia {
            if target.model.maxOutputTokens == nil, target.sellsOutput {
                note(.unboundedMedia(model: target.model.name))
            }
            bound.output = UInt64(max(0, target.model.maxOutputTokens ?? 0))
                .addingSaturating(request.addedOutputTokens).multipliedSaturating(by: request.choiceCount)
            return bound
        }
        guard request.endpoint.writesText else { return bound }
        let limit =
            request.clampedOutputTokensMax ?? request.outputTokensMax ?? injectedOutputTokensMax
            ?? target.model.maxOutputTokens.map { UInt64(max(0, $0)) }
        if limit == nil { note(.unboundedOutput(model: target.model.name)) }
        bound.output = (limit ?? Self.fallbackOutputTokensMax).multipliedSaturating(by: request.choiceCount)
            .addingSaturating(request.predictionBytes)
        return bound
    }

    private mutating func note(_ problem: Problem) { if self.problem == nil { self.problem = problem } }
}

extension WorstCase.Problem: CustomStringConvertible {
    /// What is missing and how to mend it; fit for callers and operators alike.
    var description: String {
        switch self {
        case .unpriced(let model):
            "The model '\(model)' has no price, so that its cost cannot be limited. Give it one (`weir models add-price`), or remove the money allowance."
        case .unboundedOutput(let model):
            "Nothing limits the answer, so that its cost cannot be limited. Set 'max_completion_tokens' in the request, default_max_output_tokens on the route, or max_output_tokens on the model '\(model)'."
        case .unboundedMedia(let model):
            "Nothing limits the tokens of the answer, so that its cost cannot be limited. Set max_output_tokens on the model '\(model)'."
        case .unboundedInput(let model):
            "The request has input whose size it does not show, so that its cost cannot be limited. Set max_input_tokens on the model '\(model)', or send the content itself."
        }
    }
}

/// Prices that apply instead of the standard ones.
///
/// - Shape: all lines of its own; nothing is taken over from the standard prices. `aboveInputTokens` counts every input token
///   of the request, cached ones included; the tier applies when there are more.
public struct PriceTier: Hashable, Sendable, Codable {
    public var serviceTier: ServiceTier
    public var aboveInputTokens: UInt32
    public var lines: PriceLines

    public init(serviceTier: ServiceTier = .standard, aboveInputTokens: UInt32 = 0, lines: PriceLines) {
        self.serviceTier = serviceTier
        self.aboveInputTokens = aboveInputTokens
        self.lines = lines
    }
}

/// What a model costs in every tier.
///
/// A request is priced as a whole in one tier, as the providers do: of the tiers of its service tier the one with the highest
/// `aboveInputTokens` below its input. A service tier without prices of its own is charged at the standard ones.
public struct PriceSheet: Hashable, Sendable {
    public var lines: PriceLines
    public var tiers: [PriceTier]

    public init(lines: PriceLines, tiers: [PriceTier] = []) {
        self.lines = lines
        self.tiers = tiers
    }

    public static let tierCountMax = 16

    /// The lines by which a request with so many input tokens is charged.
    public func lines(inputTokens: UInt32, serviceTier: ServiceTier) -> PriceLines {
        var found: PriceTier?
        for tier in tiers where tier.serviceTier == serviceTier {
            // At exactly 0 a tier covers a request without input too.
            guard tier.aboveInputTokens < inputTokens || tier.aboveInputTokens == 0 else { continue }
            if found.map({ $0.aboveInputTokens < tier.aboveInputTokens }) ?? true { found = tier }
        }
        if let found { return found.lines }
        return serviceTier == .standard ? lines : lines(inputTokens: inputTokens, serviceTier: .standard)
    }

    /// - Parameter requests: see `PriceLines.cost`.
    public func cost(of usage: TokenUsage, requests: UInt64 = 1) -> Money {
        // Most have no tiers, and what chooses among them copies what it finds.
        if tiers.isEmpty { return lines.cost(of: usage, requests: requests) }
        return lines(inputTokens: usage.input, serviceTier: usage.serviceTier).cost(of: usage, requests: requests)
    }

    /// Some line of it is for tokens of answers.
    public var sellsOutput: Bool { ([lines] + tiers.map(\.lines)).contains(where: \.sellsOutput) }

    /// Some line of it is for tokens.
    public var sellsTokens: Bool { ([lines] + tiers.map(\.lines)).contains(where: \.sellsTokens) }

    /// The most that a usage within `bound` can cost in any tier that it can fall into.
    ///
    /// - Parameter onlyStandard: the caller asked for the standard service tier, which no provider then leaves for a dearer one.
    public func worstCase(_ bound: UsageBound, onlyStandard: Bool = false) -> Money {
        var worst = lines.worstCase(bound)
        for tier in tiers where applies(tier, to: bound, onlyStandard) {
            worst = max(worst, tier.lines.worstCase(bound))
        }
        return worst
    }

    /// The same for what is asked for in one service tier, by those who sell it for less than any other and in no other.
    public func worstCase(_ bound: UsageBound, in serviceTier: ServiceTier) -> Money {
        let own = tiers.filter { $0.serviceTier == serviceTier }
        // What is shorter than its own prices begin is charged at the standard ones.
        var worst =
            own.contains { $0.aboveInputTokens == 0 } ? Money.zero : worstCase(bound, onlyStandard: true)
        for tier in own where tier.aboveInputTokens == 0 || UInt64(tier.aboveInputTokens) < bound.input {
            worst = max(worst, tier.lines.worstCase(bound))
        }
        return worst
    }

    /// The most output tokens with which `worstCase` stays within `money`; nil when not even none do.
    public func outputTokens(of bound: UsageBound, within money: Money, onlyStandard: Bool = false) -> UInt64? {
        guard var least = lines.outputTokens(of: bound, within: money) else { return nil }
        for tier in tiers where applies(tier, to: bound, onlyStandard) {
            guard let count = tier.lines.outputTokens(of: bound, within: money) else { return nil }
            least = min(least, count)
        }
        return least
    }

    private func applies(_ tier: PriceTier, to bound: UsageBound, _ onlyStandard: Bool) -> Bool {
        (tier.aboveInputTokens == 0 || UInt64(tier.aboveInputTokens) < bound.input)
            && (!onlyStandard || tier.serviceTier == .standard)
            // No provider serves fast what was not asked for so.
            && (tier.serviceTier != .fast || bound.mayBeFast)
    }
}

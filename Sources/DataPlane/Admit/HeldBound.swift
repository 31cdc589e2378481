import Shared

/// What a request under way holds in allowances that limit money or tokens.
///
/// - Shape: an upper bound of what the provider can bill, and the way to give a part of it back before the request ends.
struct HeldBound {
    private(set) var cost: Money
    private(set) var tokens: UInt64
    private let wallet: Wallet
    private let id: HoldID
    private var isTightened = false

    init(_ worst: WorstCase, _ reservation: borrowing Reservation, in wallet: Wallet) {
        cost = worst.cost
        tokens = worst.tokens
        id = reservation.id
        self.wallet = wallet
    }

    /// The provider has counted the input, before its answer is whole: what was held for more input than that is free again.
    ///
    /// Once for each request, whose `lines` say what it holds. Its answer has begun, so no other target will be tried.
    mutating func tighten(
        to usage: TokenUsage, of request: ParsedRequest, holding lines: [ReservationLine], by target: CompiledTarget,
        nowUnixSeconds: Int64,
        now: MonotonicTime
    ) {
        guard !isTightened else { return }
        isTightened = true
        let worst = WorstCase(of: request, counted: usage, by: target, nowUnixSeconds: nowUnixSeconds)
        guard worst.problem == nil else { return }
        cost = min(cost, worst.cost)
        tokens = min(tokens, worst.tokens)
        for (index, line) in lines.enumerated() {
            switch line.kind {
            case .money: wallet.tighten(id, line: index, to: cost.nanodollars, now: now)
            case .tokens: wallet.tighten(id, line: index, to: Int64(clamping: tokens), now: now)
            case .requests, .slots: break
            }
        }
    }
}

import Shared
import Translate

/// What a batch that is over has cost, by what its provider says of it.
///
/// - Source: OpenAI API reference, "The batch object": `status`, `request_counts`, `usage`.
enum BatchBill {
    /// In place of the worst case that its making was charged; nil: it is not over, or its provider does not say what it used.
    ///
    /// - Parameter target: of its model, for the prices.
    static func correction(
        of batch: JSONObject, _ origin: BatchOrigin, by target: CompiledTarget
    ) -> CorrectionRecord? {
        guard let status = batch["status"]?.string, overStates.contains(status) else { return nil }
        let answered = count(batch["request_counts"]?["completed"])
        // Some providers fill in zeros for what they do not count. Nobody answers without having read anything.
        if let usage = ResponsesUsage.usage(batch["usage"], tier: ServiceTier.batch.label),
            answered == 0 || usage.input > 0 || usage.output > 0
        {
            let price = target.price(atUnixSeconds: origin.requestID.unixMilliseconds / 1_000)
            return CorrectionRecord(
                requestID: origin.requestID, usage: usage,
                cost: price.map { cost(usage, requests: answered ?? 1, $0.sheet) } ?? .zero)
        }
        // Nothing of it was answered, so nothing was used.
        guard answered == 0 else { return nil }
        return CorrectionRecord(
            requestID: origin.requestID, usage: TokenUsage(serviceTier: .batch), cost: .zero)
    }

    private static let overStates: Set<String> = ["completed", "failed", "expired", "cancelled"]

    private static func count(_ value: JSONValue?) -> UInt64? { value?.number?.integer(as: UInt64.self) }

    /// Which lines of the prices apply is a question of each request's length, of which the batch tells the mean.
    private static func cost(_ usage: TokenUsage, requests: UInt64, _ sheet: PriceSheet) -> Money {
        let mean = UInt32(clamping: UInt64(usage.input) / max(1, requests))
        return sheet.lines(inputTokens: mean, serviceTier: .batch).cost(of: usage, requests: requests)
    }
}

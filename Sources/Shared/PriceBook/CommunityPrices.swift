/// Reads the community's `model_prices_and_context_window.json`, the format of LiteLLM.
///
/// - Shape: an object of objects, prices as dollars per token. A price's name is a line, then optionally `_above_1hr` (writes
///   for an hour), `_above_NNNk_tokens` (from that input on) and `_batches`, `_flex`, `_priority` or `_ultrafast`.
public enum CommunityPrices {
    /// The entries whose provider and name `isWanted` accepts.
    ///
    /// - Errors: `PriceBook.Problem` for a text that is not of this format.
    public static func read(
        _ bytes: [UInt8], isWanted: (_ provider: String, _ name: String) -> Bool
    ) throws -> PriceBook {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: bytes) } catch {
            throw PriceBook.Problem("it is no JSON: \(error)")
        }
        guard let models = value.object else { throw PriceBook.Problem("it holds no object of models") }
        var book = PriceBook()
        for member in models.members where member.name != "sample_spec" {
            guard let fields = member.value.object, let provider = fields["litellm_provider"]?.string else {
                throw PriceBook.Problem("\"\(member.name)\" is no object with a litellm_provider")
            }
            let name = ownName(member.name, provider: provider)
            guard isWanted(provider, name) else { continue }
            switch entry(name, provider, fields, &book.unknownFields) {
            case .success(let entry): book.entries.append(entry)
            case .failure(let problem): book.skipped.append((member.name, problem.description))
            }
        }
        return book
    }

    /// The book puts the seller before some names: `mistral/mistral-large-latest`.
    private static func ownName(_ name: String, provider: String) -> String {
        name.hasPrefix(provider + "/") ? String(name.dropFirst(provider.utf8.count + 1)) : name
    }

    private struct Place: Hashable {
        var service: ServiceTier
        var above: UInt32
    }

    private static func entry(
        _ name: String, _ provider: String, _ fields: JSONObject, _ unknown: inout [String: Int]
    ) -> Result<PriceBookEntry, PriceBook.Problem> {
        let kind: PolicyDocument.Model.Kind
        switch fields["mode"]?.string {
        case "chat", "responses": kind = .chat
        case "embedding": kind = .embedding
        case let mode: return .failure(.init("mode \(mode ?? "unknown") is not one that Weir serves"))
        }
        var prices: [Place: [PriceLines.Name: Int64]] = [:]
        var notes: [String] = []
        for member in fields.members {
            guard let (line, place) = price(named: member.name) else {
                if !isKnown(member.name) {
                    unknown[member.name, default: 0] += 1
                    notes.append("\(member.name) is left out")
                }
                continue
            }
            guard !isNull(member.value) else { continue }
            guard let text = member.value.number?.text, let price = DecimalPrice(text, scale: 12),
                price.picodollars <= PriceLines.maximumPicodollarsPerToken
            else { return .failure(.init("\(member.name) is no price between $0 and $1")) }
            if price.isRounded { notes.append("\(member.name) is rounded to \(price.picodollars) picodollars") }
            prices[place, default: [:]][line] = price.picodollars
        }
        let base = prices[Place(service: .standard, above: 0)] ?? [:]
        guard base[.input] != nil || base[.output] != nil else {
            return .failure(.init("it has no price by the token"))
        }
        guard base[.input] != nil, base[.output] != nil || kind == .embedding else {
            return .failure(.init("it has a price for one of input and output only"))
        }
        return .success(
            PriceBookEntry(
                name: name, provider: provider, kind: kind, maxOutputTokens: limit(fields["max_output_tokens"]),
                maxInputTokens: limit(fields["max_input_tokens"]), sheet: sheet(prices, base),
                source: text(fields["source"]),
                notes: notes))
    }

    /// Every tier with all of its lines. What a tier does not say is what the standard prices say; for a service tier above a
    /// bound, the dearer of the service tier's price and that of the bound, so that a gap in the book is never cheap.
    private static func sheet(_ prices: [Place: [PriceLines.Name: Int64]], _ base: [PriceLines.Name: Int64])
        -> PriceSheet
    {
        let services = Set(prices.keys.map(\.service))
        let bounds = Set(prices.keys.map(\.above))
        var tiers: [PriceTier] = []
        for service in ServiceTier.allCases where services.contains(service) {
            for above in bounds.sorted() where service != .standard || above != 0 {
                let own = prices[Place(service: service, above: above)] ?? [:]
                let serviceOnly = prices[Place(service: service, above: 0)] ?? [:]
                let boundOnly = prices[Place(service: .standard, above: above)] ?? [:]
                var lines = PriceLines(inputPicodollarsPerToken: 0, outputPicodollarsPerToken: 0)
                for line in PriceLines.Name.allCases {
                    let standard = base[line]
                    let fallback = [serviceOnly[line], boundOnly[line]].compactMap { $0 }.max()
                    lines[line] = own[line] ?? fallback ?? standard
                }
                tiers.append(PriceTier(serviceTier: service, aboveInputTokens: above, lines: lines))
            }
        }
        var lines = PriceLines(inputPicodollarsPerToken: 0, outputPicodollarsPerToken: 0)
        for line in PriceLines.Name.allCases { lines[line] = base[line] }
        return PriceSheet(lines: lines, tiers: tiers)
    }

    // MARK: Names

    private static let lines: [String: PriceLines.Name] = [
        "input_cost_per_token": .input, "output_cost_per_token": .output, "cache_read_input_token_cost": .cachedInput,
        "cache_creation_input_token_cost": .cacheWrite5m, "cache_creation_input_token_cost_above_1hr": .cacheWrite1h,
        "input_cost_per_audio_token": .audioInput, "output_cost_per_audio_token": .audioOutput,
        "input_cost_per_image_token": .imageInput, "output_cost_per_image_token": .imageOutput,
        "output_cost_per_reasoning_token": .reasoning, "input_cost_per_request": .request,
    ]

    private static func price(named name: String) -> (PriceLines.Name, Place)? {
        var rest = name
        var service = ServiceTier.standard
        for (suffix, tier) in [
            ("_batches", ServiceTier.batch), ("_flex", .flex), ("_priority", .priority), ("_ultrafast", .ultrafast),
        ] where rest.hasSuffix(suffix) {
            rest.removeLast(suffix.utf8.count)
            service = tier
            break
        }
        var above: UInt32 = 0
        let parts = rest.split(separator: "_", omittingEmptySubsequences: false)
        if parts.count > 3, parts[parts.count - 1] == "tokens", parts[parts.count - 3] == "above" {
            let text = parts[parts.count - 2]
            guard text.hasSuffix("k"), let thousands = UInt32(text.dropLast()), thousands > 0, thousands < 4_000_000
            else {
                return nil
            }
            above = thousands * 1000
            rest = parts.dropLast(3).joined(separator: "_")
        }
        guard let line = lines[rest] else { return nil }
        return (line, Place(service: service, above: above))
    }

    /// What is said about a model besides its prices.
    private static func isKnown(_ name: String) -> Bool {
        name.hasPrefix("supports_") || name.hasPrefix("supported_") || name.hasPrefix("max_")
            || [
                "litellm_provider", "mode", "source", "metadata", "deprecation_date", "rpm", "tpm", "rpd",
                "output_vector_size", "tool_use_system_prompt_tokens", "prompt_cache_min_tokens", "comment", "notes",
                "model_family", "display_name",
            ].contains(name)
    }

    private static func isNull(_ value: JSONValue) -> Bool { value == .null }

    private static func text(_ value: JSONValue?) -> String? { value?.string.map { String($0.prefix(500)) } }

    private static func limit(_ value: JSONValue?) -> Int? {
        // Some say 8192.0 or "8192"; what is no plain number limits nothing.
        guard let number = value?.number?.int64, number > 0, number <= Int64(Int32.max) else { return nil }
        return Int(number)
    }
}

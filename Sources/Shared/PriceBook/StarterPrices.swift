/// Reads the book that comes with Weir, and others in its format.
///
/// - Shape: `{"format": 1, "models": [{"name", "provider", "kind", "source", "date", limits, "prices", "tiers"}]}`; prices
///   are decimal texts.
/// - Units: dollars per million tokens; `request` in dollars.
public enum StarterPrices {
    public static func read(
        _ bytes: [UInt8], isWanted: (_ provider: String, _ name: String) -> Bool
    ) throws -> PriceBook {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: bytes) } catch {
            throw PriceBook.Problem("it is no JSON: \(error)")
        }
        guard value["format"]?.number?.int64 == 1, let models = value["models"]?.array else {
            throw PriceBook.Problem("it is no book of format 1")
        }
        var book = PriceBook()
        for model in models {
            guard let name = model["name"]?.string, let provider = model["provider"]?.string,
                let source = model["source"]?.string, let date = model["date"]?.string,
                let kind = PolicyDocument.Model.Kind(rawValue: model["kind"]?.string ?? "chat"),
                let prices = model["prices"]
            else { throw PriceBook.Problem("a model lacks one of name, provider, source, date, kind, prices") }
            book.providers.insert(provider)
            guard isWanted(provider, name) else { continue }
            let known = [
                "name", "provider", "source", "date", "kind", "prices", "tiers", "max_output_tokens",
                "max_input_tokens",
                "note",
            ]
            for member in model.object?.members ?? [] where !known.contains(member.name) {
                throw PriceBook.Problem("\(name): unknown field \(member.name)")
            }
            let tiers = try (model["tiers"]?.array ?? []).map { tier in
                guard let service = ServiceTier(label: tier["service_tier"]?.string ?? "standard") else {
                    throw PriceBook.Problem("\(name): unknown service tier")
                }
                let above = tier["above_input_tokens"]?.number?.integer(as: UInt32.self) ?? 0
                return PriceTier(
                    serviceTier: service, aboveInputTokens: above,
                    lines: try lines(tier, name, besides: ["service_tier", "above_input_tokens"]))
            }
            book.entries.append(
                PriceBookEntry(
                    name: name, provider: provider, kind: kind,
                    maxOutputTokens: model["max_output_tokens"]?.number?.integer(as: Int.self),
                    maxInputTokens: model["max_input_tokens"]?.number?.integer(as: Int.self),
                    sheet: PriceSheet(lines: try lines(prices, name, besides: []), tiers: tiers), source: source,
                    date: date, notes: model["note"]?.string.map { [$0] } ?? []))
        }
        return book
    }

    private static func lines(_ value: JSONValue, _ model: String, besides: [String]) throws -> PriceLines {
        var lines = PriceLines(inputPicodollarsPerToken: 0, outputPicodollarsPerToken: 0)
        var given: Set<PriceLines.Name> = []
        for member in value.object?.members ?? [] where !besides.contains(member.name) {
            guard let name = PriceLines.Name(rawValue: member.name), let text = member.value.string,
                let price = DecimalPrice(text, scale: name == .request ? 12 : 6), !price.isRounded,
                price.picodollars <= PriceLines.maximumPicodollarsPerToken
            else { throw PriceBook.Problem("\(model): \(member.name) is no exact price") }
            lines[name] = price.picodollars
            given.insert(name)
        }
        guard given.contains(.input), given.contains(.output) else {
            throw PriceBook.Problem("\(model): input and output need a price each")
        }
        return lines
    }
}

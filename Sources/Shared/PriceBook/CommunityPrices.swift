/// Reads the community's `model_prices_and_context_window.json`, the format of LiteLLM.
///
/// - Shape: an object of objects, prices as dollars per token. A price's name is a line, then optionally `_above_1hr` (writes
///   for an hour), `_above_NNNk_tokens` (from that input on) and `_batches`, `_flex`, `_priority` or `_ultrafast`;
///   `tiered_pricing` lists the same lines by ranges of input.
/// - Errors: an entry that cannot be read is skipped with its reason, so that one mistake does not hold up the others.
public enum CommunityPrices {
    /// The entries whose provider and name `isWanted` accepts.
    ///
    /// - Errors: `PriceBook.Problem` for a text that is not of this format.
    public static func read(
        _ bytes: [UInt8], isWanted: (_ provider: String, _ name: String) -> Bool
    ) throws -> PriceBook {
        do throws(JSONError) { _ = try JSONText.validate(bytes) } catch {
            throw PriceBook.Problem("it is no JSON: \(error)")
        }
        guard let members = JSONMembers.split(bytes) else { throw PriceBook.Problem("it holds no object of models") }
        var book = PriceBook()
        var texts: [String: ArraySlice<UInt8>] = [:]
        var isOfThisFormat = false
        for (full, text) in members where full != "sample_spec" {
            let fields: JSONObject?
            var flaw: PriceBook.Problem?
            do throws(JSONError) {
                let value = try JSONValue(parsing: Array(text))
                fields = value.object
                if fields == nil { flaw = .init("it is no object") }
            } catch {
                fields = nil
                flaw = .init("it cannot be read: \(error), counted from the entry's beginning")
            }
            let provider = fields?["litellm_provider"]?.string
            isOfThisFormat = isOfThisFormat || provider != nil
            if flaw == nil, provider == nil { flaw = .init("it has no litellm_provider, which says who sells it") }
            // The book puts the seller before some names; people know both forms.
            let name = ownName(full, provider: provider ?? "")
            if let provider { book.providers.insert(provider) }
            guard isWanted(provider ?? "", name) || isWanted(provider ?? "", full) else { continue }
            if let first = texts[full] {
                if first != text {
                    book.entries.removeAll { $0.bookName == full }
                    book.skipped.append((full, "the book has it twice, and not the same; remove one"))
                }
                continue
            }
            texts[full] = text
            guard flaw == nil, let fields, let provider else {
                book.skipped.append((full, flaw?.description ?? "it cannot be read"))
                continue
            }
            switch entry(name, provider, fields, &book.unknownFields) {
            case .success(var entry):
                entry.bookName = full
                book.entries.append(entry)
            case .failure(let problem): book.skipped.append((full, problem.description))
            }
        }
        guard isOfThisFormat || members.isEmpty else {
            throw PriceBook.Problem("none of what it holds is an object with a litellm_provider")
        }
        return book
    }

    /// Without the seller: `mistral/mistral-large-latest`, `vertex_ai/claude-x` of `vertex_ai-anthropic_models`.
    private static func ownName(_ name: String, provider: String) -> String {
        guard let slash = name.firstIndex(of: "/"), slash != name.startIndex else { return name }
        let first = name[..<slash]
        guard provider == first || provider.hasPrefix("\(first)-") || provider.hasPrefix("\(first)_") else {
            return name
        }
        let rest = name[name.index(after: slash)...]
        return rest.isEmpty ? name : String(rest)
    }

    private struct Place: Hashable {
        var service: ServiceTier
        var above: UInt32
    }

    private typealias Prices = [Place: [PriceLines.Name: Int64]]

    private static func entry(
        _ name: String, _ provider: String, _ fields: JSONObject, _ unknown: inout [String: Int]
    ) -> Result<PriceBookEntry, PriceBook.Problem> {
        let kind: PolicyDocument.Model.Kind
        switch fields["mode"]?.string {
        case "chat", "responses": kind = .chat
        case "embedding": kind = .embedding
        case nil: return .failure(.init("it has no mode; Weir takes chat, responses and embedding"))
        case let mode?:
            return .failure(.init("mode is \"\(mode)\"; Weir imports chat, responses and embedding"))
        }
        var prices: Prices = [:]
        var notes: [String] = []
        // What providers of a bound "from 200,000 on" sell is dearer at exactly that many tokens already.
        let isInclusive = provider == "xai"
        do throws(PriceBook.Problem) {
            for member in fields.members where member.name != "tiered_pricing" {
                guard let (line, named) = price(named: member.name) else {
                    if !isKnown(member.name) {
                        unknown[member.name, default: 0] += 1
                        notes.append("\(member.name) is left out")
                    }
                    continue
                }
                var place = named
                if isInclusive, place.above > 0 { place.above -= 1 }
                guard let price = try picodollars(member.value, member.name, &notes) else { continue }
                // Two names for one line: the dearer, should they differ.
                prices[place, default: [:]][line] = max(price, prices[place]?[line] ?? 0)
            }
            if let ranges = fields["tiered_pricing"], ranges != .null {
                try readRanges(ranges, into: &prices, &notes)
            }
        } catch { return .failure(error) }
        let base = prices[Place(service: .standard, above: 0)] ?? [:]
        guard base[.input] != nil || base[.output] != nil else {
            return .failure(.init("it has no price by the token; create the model by hand if it is sold by the token"))
        }
        guard base[.input] != nil, base[.output] != nil || kind == .embedding else {
            let missing = base[.input] == nil ? "input_cost_per_token" : "output_cost_per_token"
            return .failure(.init("it has no \(missing); add it, 0 if that is free"))
        }
        let sheet = sheet(prices, base)
        guard sheet.tiers.count <= PriceSheet.tierCountMax else {
            return .failure(.init("it has \(sheet.tiers.count) tiers; Weir takes \(PriceSheet.tierCountMax)"))
        }
        if base.values.allSatisfy({ $0 == 0 }) { notes.append("it costs nothing by the book, so no budget stops it") }
        if let date = fields["deprecation_date"]?.string { notes.append("it ends on \(date.prefix(20))") }
        return .success(
            PriceBookEntry(
                name: name, provider: provider, kind: kind,
                // The older field bounds both where a book does not say it apart.
                maxOutputTokens: limit(fields, "max_output_tokens", &notes)
                    ?? (kind == .chat ? limit(fields, "max_tokens", &notes) : nil),
                maxInputTokens: limit(fields, "max_input_tokens", &notes), sheet: sheet,
                source: text(fields["source"]),
                notes: notes))
    }

    /// A price as a number or, as some write it, as text; nil for null.
    private static func picodollars(
        _ value: JSONValue, _ field: String, _ notes: inout [String]
    ) throws(PriceBook.Problem) -> Int64? {
        guard value != .null else { return nil }
        guard let text = value.number?.text ?? value.string, let price = DecimalPrice(text, scale: 12),
            price.picodollars <= PriceLines.maximumPicodollarsPerToken
        else {
            throw PriceBook.Problem("\(field) is \(shown(value)), want dollars per token from 0 to 1, such as 2.5e-06")
        }
        guard price.isRounded else { return price.picodollars }
        // What costs something is never taken for free.
        let picodollars = max(1, price.picodollars)
        notes.append("\(field) is rounded to \(picodollars) picodollars")
        return picodollars
    }

    /// - Source: LiteLLM, `tiered_pricing`: the range holds counts above its beginning up to its end, and all tokens of the request
    ///   cost what it says.
    private static func readRanges(
        _ ranges: JSONValue, into prices: inout Prices, _ notes: inout [String]
    ) throws(PriceBook.Problem) {
        guard let ranges = ranges.array else { throw PriceBook.Problem("tiered_pricing is no list of ranges") }
        for range in ranges {
            guard let fields = range.object, let start = fields["range"]?.array?.first,
                let above = DecimalPrice(start.number?.text ?? start.string ?? "", scale: 0), !above.isRounded,
                let above = UInt32(exactly: above.picodollars), above <= UInt32(Int32.max)
            else {
                throw PriceBook.Problem("tiered_pricing has a range that begins at no count of tokens")
            }
            for member in fields.members where member.name != "range" {
                guard let (line, place) = price(named: member.name), place.above == 0 else {
                    notes.append("tiered_pricing: \(member.name) is left out")
                    continue
                }
                guard let price = try picodollars(member.value, "tiered_pricing: \(member.name)", &notes) else {
                    continue
                }
                prices[Place(service: place.service, above: above), default: [:]][line] = price
            }
        }
    }

    /// Every tier with all of its lines. What a tier does not say is what the standard prices say; for a service tier above a
    /// bound, the dearer of the service tier's price and that of the bound, so that a gap in the book is never cheap.
    private static func sheet(_ prices: Prices, _ base: [PriceLines.Name: Int64]) -> PriceSheet {
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
        "input_cost_per_token_cache_hit": .cachedInput,
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
            guard text.hasSuffix("k"), let thousands = UInt32(text.dropLast()), thousands > 0, thousands < 2_000_000
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

    private static func text(_ value: JSONValue?) -> String? { value?.string.map { String($0.prefix(500)) } }

    /// Some write 8192.0 or "8192". What is no count limits nothing, and is said.
    private static func limit(_ fields: JSONObject, _ name: String, _ notes: inout [String]) -> Int? {
        guard let value = fields[name], value != .null else { return nil }
        guard let text = value.number?.text ?? value.string, let count = DecimalPrice(text, scale: 0),
            !count.isRounded, (1...Int64(Int32.max)).contains(count.picodollars)
        else {
            notes.append("\(name) is \(shown(value)), no count of tokens: left out")
            return nil
        }
        return Int(count.picodollars)
    }

    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .number(let number): String(number.text.prefix(40))
        case .string(let text): "\"\(text.prefix(40))\""
        case .boolean(let flag): String(flag)
        case .null: "null"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// The members of an object as they stand, duplicates included: what is wrong with one says nothing about the others.
private enum JSONMembers {
    /// - Shape: `bytes` is valid JSON.
    /// - Errors: nil for what is no object.
    static func split(_ bytes: [UInt8]) -> [(name: String, value: ArraySlice<UInt8>)]? {
        var members: [(name: String, value: ArraySlice<UInt8>)] = []
        var depth = 0
        var start = 0
        var name: String?
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if depth == 0, byte != UInt8(ascii: "{") {
                guard isBlank(byte) || !members.isEmpty || name != nil else { return nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                let quote = index - 1
                while bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
                index += 1
                if depth == 1, name == nil {
                    name = (try? JSONValue(parsing: Array(bytes[quote..<index])))?.string ?? ""
                }
            case UInt8(ascii: ":") where depth == 1: start = index
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 1, let found = name {
                    members.append((found, trimmed(bytes[start..<(index - 1)])))
                    name = nil
                }
                if byte != UInt8(ascii: ",") { depth -= 1 }
            default: break
            }
        }
        return members
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}

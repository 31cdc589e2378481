import Shared

/// Prices as people know them, in dollars per million tokens. A dollar per million tokens is a million picodollars per token.
enum ModelPrices {
    private static let lines: [(flag: String, field: String, help: String)] = [
        ("input-price", "input_picodollars_per_token", "Input tokens."),
        ("cached-input-price", "cached_input_picodollars_per_token", "Input tokens read from the vendor's cache."),
        (
            "cache-write-5m-price", "cache_write_5m_picodollars_per_token",
            "Input tokens written to the cache for 5 minutes."
        ),
        (
            "cache-write-1h-price", "cache_write_1h_picodollars_per_token",
            "Input tokens written to the cache for an hour."
        ),
        ("audio-input-price", "audio_input_picodollars_per_token", "Audio input tokens."),
        ("image-input-price", "image_input_picodollars_per_token", "Image input tokens."),
        ("output-price", "output_picodollars_per_token", "Output tokens."),
        ("reasoning-price", "reasoning_picodollars_per_token", "Reasoning tokens."),
        ("audio-output-price", "audio_output_picodollars_per_token", "Audio output tokens."),
        ("image-output-price", "image_output_picodollars_per_token", "Image output tokens."),
    ]

    private static let flags =
        lines.map { Flag($0.flag, "USD", "\($0.help) Dollars per million, exact: 2.50.") } + [
            Flag("effective-from", "TIME", "When the price begins (default now).")
        ]

    static let create = Verb(
        name: "create", help: "Creates one, with its first price.", ownFlags: flags, fields: .creation
    ) { command in
        var body = try command.body().object ?? JSONObject()
        if let price = try price(command.invocation) { body["prices"] = .array([price]) }
        return command.show(try await command.client.post(command.resource.path, .object(body)).json)
    }

    static let addPrice = Verb(
        name: "add-price", help: "Adds a price to those of a model.", takesSubject: true, ownFlags: flags
    ) { command in
        guard let price = try price(command.invocation) else {
            throw UsageError("no price: give --input-price and --output-price")
        }
        let found = try await command.find()
        let prices = (found.json["prices"]?.array ?? []) + [price]
        let reply = try await command.client.patch(
            found.path, BodyField.record([("prices", .array(prices))]), revision: found.etag)
        return command.show(reply.json)
    }

    private static func price(_ invocation: Invocation) throws -> JSONValue? {
        var fields: [(String, JSONValue)] = []
        for line in lines {
            guard let text = invocation.flag(line.flag) else { continue }
            guard let picodollars = picodollarsPerToken(dollarsPerMillion: text) else {
                throw UsageError(
                    "--\(line.flag): got \"\(text)\", want dollars per million tokens with at most six decimals, such as 2.50"
                )
            }
            fields.append((line.field, .number(JSONNumber(picodollars))))
        }
        if fields.isEmpty {
            if invocation.has("effective-from") { throw UsageError("--effective-from without a price") }
            return nil
        }
        if let time = invocation.flag("effective-from") { fields.append(("effective_from", .string(time))) }
        return BodyField.record(fields)
    }

    /// Decimal to integer without a detour over binary fractions; nil for what is not exact.
    static func picodollarsPerToken(dollarsPerMillion text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard parts[0].utf8.count <= 7, fraction.utf8.count <= 6, !parts[0].isEmpty,
            parts.count == 1 || !fraction.isEmpty,
            (parts[0] + fraction).utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int64(parts[0] + fraction + String(repeating: "0", count: 6 - fraction.utf8.count))
    }

    /// The price that applies now, in dollars per million tokens.
    static func current(_ model: JSONValue, _ line: String) -> JSONValue {
        let now = RFC3339.text(unixMilliseconds: WallTime.unixMilliseconds())
        // The times are of one form and length, so that their texts compare as they do.
        let begun = (model["prices"]?.array ?? []).last { ($0["effective_from"]?.string ?? "~") <= now }
        guard let picodollars = begun?["\(line)_picodollars_per_token"]?.number?.int64 else { return .null }
        return .string(Money(nanodollars: picodollars * 1000).dollars)
    }
}

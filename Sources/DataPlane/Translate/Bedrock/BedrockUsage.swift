import Shared

/// The tokens of an answer in Bedrock's terms, and in ours.
///
/// - Source: `TokenUsage` of the service model: `inputTokens` leaves out what was read from and written to caches, as Anthropic's does.
enum BedrockUsage {
    /// What is left over goes into `extras`.
    static func usage(_ value: JSONValue?, tier: String?, extras: inout Extras) -> TokenUsage? {
        guard let object = value?.object else { return nil }
        var counts = AnthropicUsage()
        var total: UInt64?
        for member in object.members {
            switch member.name {
            case "inputTokens": counts.input = count(member.value)
            case "outputTokens": counts.output = count(member.value)
            case "cacheReadInputTokens": counts.cacheRead = count(member.value)
            case "cacheWriteInputTokens": counts.cacheCreation = count(member.value)
            case "cacheDetails": read(member.value, into: &counts)
            case "totalTokens": total = count(member.value)
            default: extras.add(member.name, member.value, of: .bedrock)
            }
        }
        if let tier { counts.serviceTier = ServiceTier(reported: tier) ?? .standard }
        let usage = counts.normalized
        // Models differ in whether caches count here; it is kept where it is not what it would be here.
        if let total, total != Self.total(usage) {
            extras.add("totalTokens", .number(JSONNumber(total)), of: .bedrock)
        }
        return usage
    }

    private static func read(_ details: JSONValue, into counts: inout AnthropicUsage) {
        for detail in details.array ?? [] {
            let tokens = count(detail["inputTokens"] ?? .null)
            switch detail["ttl"]?.string {
            case "1h": counts.cacheCreation1h = counts.cacheCreation1h.addingSaturating(tokens)
            default: counts.cacheCreation5m = counts.cacheCreation5m.addingSaturating(tokens)
            }
        }
    }

    private static func count(_ value: JSONValue) -> UInt64 { value.number?.integer(as: UInt64.self) ?? 0 }

    private static func total(_ usage: TokenUsage) -> UInt64 { UInt64(usage.input) + UInt64(usage.output) }

    /// `"usage": {...}`.
    static func write(_ usage: TokenUsage, _ extras: Extras, to writer: inout JSONWriter) {
        let written = UInt64(usage.cacheWrite5m) + UInt64(usage.cacheWrite1h)
        let cached = UInt64(usage.cachedInput) + written
        writer.name("usage")
        writer.object { writer in
            writer.member("inputTokens", UInt64(usage.input) - min(cached, UInt64(usage.input)))
            writer.member("outputTokens", usage.output)
            if let own = extras.member("totalTokens", of: .bedrock) {
                writer.name("totalTokens")
                own.write(to: &writer)
            } else {
                writer.member("totalTokens", total(usage))
            }
            if usage.cachedInput > 0 { writer.member("cacheReadInputTokens", usage.cachedInput) }
            if written > 0 {
                writer.member("cacheWriteInputTokens", written)
                writer.name("cacheDetails")
                writer.array { writer in
                    for (ttl, tokens) in [("1h", usage.cacheWrite1h), ("5m", usage.cacheWrite5m)] where tokens > 0 {
                        writer.object { writer in
                            writer.member("ttl", ttl)
                            writer.member("inputTokens", tokens)
                        }
                    }
                }
            }
            BedrockBlockWriter.add(extras.members(for: .bedrock).filter { $0.name != "totalTokens" }, to: &writer)
        }
    }
}

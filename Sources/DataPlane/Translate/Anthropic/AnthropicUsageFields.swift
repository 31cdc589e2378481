import Shared

/// Usage as Anthropic writes it, and what it means.
///
/// - Shape: counts in the order of their coming. Those of a stream are running totals; some who speak this dialect tell the input at the
///   beginning only, some at the end only, and so the greatest of each counts.
/// - Source: Anthropic, "Messages", `usage`; "Prompt caching", tracking cache performance.
struct AnthropicUsageFields {
    private var usage = AnthropicUsage()
    private var thinking: UInt64 = 0
    /// As it was named.
    private(set) var serviceTier: String?
    /// There was any.
    private(set) var isKnown = false

    private static let names: Set<String> = [
        "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation",
        "service_tier",
    ]

    mutating func merge(_ value: JSONValue?) {
        guard let object = value?.object else { return }
        isKnown = true
        for member in object.members {
            switch member.name {
            case "input_tokens": usage.input.raise(to: member.value)
            case "output_tokens": usage.output.raise(to: member.value)
            case "cache_read_input_tokens": usage.cacheRead.raise(to: member.value)
            case "cache_creation_input_tokens": usage.cacheCreation.raise(to: member.value)
            case "cache_creation":
                usage.cacheCreation5m.raise(to: member.value["ephemeral_5m_input_tokens"])
                usage.cacheCreation1h.raise(to: member.value["ephemeral_1h_input_tokens"])
            case "output_tokens_details": thinking.raise(to: member.value["thinking_tokens"])
            case "service_tier":
                guard let tier = member.value.string else { continue }
                serviceTier = tier
                usage.serviceTier = ServiceTier(reported: tier) ?? .standard
            case "speed": usage.isFast = member.value.string == "fast"
            default: break
            }
        }
    }

    var tokens: TokenUsage {
        var tokens = usage.normalized
        tokens.reasoning = min(UInt32(clamping: thinking), tokens.output)
        return tokens
    }

    /// What `value` says besides the counts.
    static func extras(of value: JSONValue?) -> Extras {
        var extras = Extras()
        for member in value?.object?.members ?? [] where !names.contains(member.name) {
            extras.add(member.name, member.value, of: .anthropic)
        }
        return extras
    }

    // MARK: Writing

    /// - Parameter serviceTier: as the provider named it. Anthropic's clients know three names.
    static func write(
        _ usage: TokenUsage, serviceTier: String?, extras: [JSONObject.Member] = [], to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writeCounts(usage, to: &writer)
            writer.name("cache_creation")
            writer.object { writer in
                writer.member("ephemeral_5m_input_tokens", usage.cacheWrite5m)
                writer.member("ephemeral_1h_input_tokens", usage.cacheWrite1h)
            }
            let hasDetails = extras.contains { $0.name == "output_tokens_details" }
            if !hasDetails { writeDetails(usage, to: &writer) }
            writer.member("service_tier", tier(serviceTier, usage.serviceTier))
            if usage.serviceTier == .fast, !extras.contains(where: { $0.name == "speed" }) {
                writer.member("speed", "fast")
            }
            AnthropicBlockWriter.write(extras, to: &writer)
        }
    }

    /// At the end of a stream: the totals alone.
    static func writeFinal(_ usage: TokenUsage, to writer: inout JSONWriter) {
        writer.object { writer in
            writeCounts(usage, to: &writer)
            writeDetails(usage, to: &writer)
        }
    }

    /// Anthropic counts as input what was neither read from the cache nor written to it.
    private static func writeCounts(_ usage: TokenUsage, to writer: inout JSONWriter) {
        let written = UInt64(usage.cacheWrite5m) + UInt64(usage.cacheWrite1h)
        let cached = UInt64(usage.cachedInput) + written
        writer.member("input_tokens", UInt64(usage.input) - min(cached, UInt64(usage.input)))
        writer.member("cache_creation_input_tokens", written)
        writer.member("cache_read_input_tokens", usage.cachedInput)
        writer.member("output_tokens", usage.output)
    }

    private static func writeDetails(_ usage: TokenUsage, to writer: inout JSONWriter) {
        guard usage.reasoning > 0 else { return }
        writer.name("output_tokens_details")
        writer.object { $0.member("thinking_tokens", usage.reasoning) }
    }

    private static func tier(_ name: String?, _ tier: ServiceTier) -> String {
        switch name {
        case "standard", "priority", "batch": return name ?? "standard"
        default: break
        }
        switch tier {
        case .priority: return "priority"
        case .batch: return "batch"
        case .standard, .flex, .ultrafast, .fast: return "standard"
        }
    }
}

extension UInt64 {
    /// A count that is none leaves it as it is.
    fileprivate mutating func raise(to value: JSONValue?) {
        guard let count = value?.number?.integer(as: UInt64.self) else { return }
        self = Swift.max(self, count)
    }
}

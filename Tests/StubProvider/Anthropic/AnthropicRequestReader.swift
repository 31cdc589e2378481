import Shared

/// Reads Anthropic's requests, and refuses what Anthropic refuses. The conversation itself is `AnthropicTurns`' affair.
///
/// - Source: Anthropic API reference, "Messages"; the messages of its errors.
struct AnthropicRequestReader {
    typealias Field = RequestField<AnthropicWording>

    let signatures: ThoughtSignatures
    let version: AnthropicVersion
    /// The request is only to be counted: it has no answer to speak of.
    let onlyCounts: Bool
    let hasBetas: Bool

    private static let shared = [
        "model", "messages", "system", "tools", "tool_choice", "thinking", "cache_control", "output_config", "speed",
        "user_profile_id", "workspace_id",
    ]
    private static let ofSampling = ["temperature", "top_p", "top_k"]
    private static let ofAnswers = [
        "max_tokens", "stream", "stop_sequences", "metadata", "service_tier",
        "container", "diagnostics", "inference_geo",
    ]
    private static let ofBetas = ["context_management", "mcp_servers", "output_format", "betas", "fallbacks"]

    mutating func read(_ bytes: [UInt8]) throws(ProviderError) -> ProviderRequest {
        let body: Field
        do { body = Field(try JSONValue(parsing: bytes)) } catch {
            throw .refused("The request body is not valid JSON: \(error)")
        }
        try body.only(
            Self.shared + (onlyCounts ? [] : Self.ofAnswers) + (hasBetas ? Self.ofBetas : [])
                + (onlyCounts || version == .second ? [] : Self.ofSampling))
        var request = ProviderRequest(model: try body.required("model").string())
        request.promptTokens = Tokens.perPrompt
        if !onlyCounts { try readBounds(of: body, into: &request) }
        if let system = body.optional("system") { request.promptTokens += try tokens(ofSystem: system) }
        try readThinking(body, &request)
        var turns = AnthropicTurns(signatures: signatures, version: version, thinks: request.thinking != .off)
        try turns.read(try body.required("messages"))
        request.promptTokens += turns.promptTokens
        request.prefix = turns.prefix
        var offer = try readTools(body, &request)
        offer.text = turns.lastText
        request.toolCalls = offer.calls
        if let output = body.optional("output_config") { request.format = try format(output) }
        return request
    }

    // MARK: Bounds and sampling

    private func readBounds(of body: Field, into request: inout ProviderRequest) throws(ProviderError) {
        let bound = try body.required("max_tokens")
        request.outputTokensMax = try bound.integer()
        guard request.outputTokensMax ?? 0 >= 1 else {
            throw .refused("max_tokens: Input should be greater than or equal to 1")
        }
        request.isStream = try body.optional("stream")?.boolean() ?? false
        for name in ["temperature", "top_p"] {
            guard let field = body.optional(name) else { continue }
            let value = try field.number()
            guard value >= 0 else { throw .refused("\(name): Input should be greater than or equal to 0") }
            guard value <= 1 else { throw .refused("\(name): Input should be less than or equal to 1") }
        }
        if let topK = body.optional("top_k"), try topK.integer() < 0 {
            throw .refused("top_k: Input should be greater than or equal to 0")
        }
        if let stops = body.optional("stop_sequences") {
            for stop in try stops.elements() {
                let text = try stop.string()
                guard !text.isBlank else {
                    throw .refused("stop_sequences: each stop sequence must contain non-whitespace")
                }
                request.stops.append(text)
            }
        }
        if let metadata = body.optional("metadata") {
            try metadata.only(["user_id"])
            if let user = metadata.optional("user_id"), try user.string().count > 256 {
                throw .refused("metadata.user_id: String should have at most 256 characters")
            }
        }
        if let tier = body.optional("service_tier"), !["auto", "standard_only"].contains(try tier.string()) {
            throw .refused("service_tier: Input should be 'auto' or 'standard_only'")
        }
    }

    private func tokens(ofSystem system: Field) throws(ProviderError) -> Int {
        if let text = system.value.string { return Tokens.perMessage + Tokens.text(text) }
        var tokens = Tokens.perMessage
        for block in try system.elements() {
            try block.only(["type", "text", "cache_control", "citations"])
            guard try block.required("type").string() == "text" else {
                throw .refused("\(block.path).type: Input should be 'text'")
            }
            let text = try block.required("text").string()
            guard !text.isEmpty else { throw .refused("system: text content blocks must be non-empty") }
            tokens += Tokens.text(text)
        }
        return tokens
    }

    // MARK: Thinking

    private func readThinking(_ body: Field, _ request: inout ProviderRequest) throws(ProviderError) {
        guard let thinking = body.optional("thinking") else { return }
        let type = try thinking.required("type").string()
        switch type {
        case "disabled":
            try thinking.only(["type"])
            return
        case "enabled":
            try thinking.only(["type", "budget_tokens", "display"])
            let budget = try thinking.required("budget_tokens").integer()
            guard budget >= 1024 else {
                throw .refused("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
            }
            guard onlyCounts || budget < request.outputTokensMax ?? 0 else {
                throw .refused("`max_tokens` must be greater than `thinking.budget_tokens`.")
            }
        case "adaptive", "between_tools": try thinking.only(["type", "display"])
        default:
            throw .refused(
                "thinking: Input tag '\(type)' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'"
            )
        }
        request.thinking = try thinking.optional("display")?.string() == "omitted" ? .hidden : .shown
        if let temperature = body.optional("temperature"), try temperature.number() != 1 {
            throw .refused("`temperature` may only be set to 1 when thinking is enabled.")
        }
        if body.optional("top_k") != nil { throw .refused("`top_k` must be unset when thinking is enabled.") }
        if let topP = body.optional("top_p"), try topP.number() < 0.95 {
            throw .refused("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.")
        }
        if let choice = body.optional("tool_choice")?.optional("type")?.value.string,
            choice == "any" || choice == "tool"
        {
            throw .refused("Thinking may not be enabled when tool_choice forces tool use.")
        }
    }

    // MARK: Tools

    private func readTools(_ body: Field, _ request: inout ProviderRequest) throws(ProviderError) -> ToolOffer {
        var offer = ToolOffer()
        let tools = body.optional("tools")
        for tool in try tools?.elements() ?? [] {
            offer.tools.append(try Self.tool(tool))
            guard Set(offer.tools.map(\.name)).count == offer.tools.count else {
                throw .refused("tools: Tool names must be unique.")
            }
        }
        if let tools { request.promptTokens += Tokens.json(tools.value) }
        guard let choice = body.optional("tool_choice") else { return offer }
        guard tools != nil else { throw .refused("tool_choice may only be specified while providing `tools`.") }
        let type = try choice.required("type").string()
        try choice.only(
            ["type"] + (type == "none" ? [] : ["disable_parallel_tool_use"]) + (type == "tool" ? ["name"] : []))
        switch type {
        case "auto": offer.demand = .automatic
        case "any": offer.demand = .always
        case "none": offer.demand = .never
        case "tool":
            let name = try choice.required("name").string()
            guard offer.tools.contains(where: { $0.name == name }) else {
                throw .refused("tool_choice.tool: Tool '\(name)' not found in provided tools")
            }
            offer.demand = .named(name)
        default:
            throw .refused(
                "tool_choice: Input tag '\(type)' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'"
            )
        }
        offer.allowsParallelCalls = try choice.optional("disable_parallel_tool_use")?.boolean() != true
        return offer
    }

    private static func tool(_ tool: Field) throws(ProviderError) -> (name: String, schema: JSONValue?) {
        let type = try tool.optional("type")?.string() ?? "custom"
        let name = try tool.required("name").string()
        // Those that Anthropic runs itself have fields of their own.
        guard type == "custom" else { return (name, nil) }
        let path = "\(tool.path).custom"
        let custom = Field(tool.value, at: path)
        try custom.only([
            "type", "name", "description", "input_schema", "cache_control", "strict", "allowed_callers",
            "defer_loading",
            "eager_input_streaming", "input_examples",
        ])
        guard name.isName(of: \.isInToolName, countMax: 128) else {
            throw .refused("\(path).name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")
        }
        if let description = custom.optional("description") { _ = try description.string() }
        let schema = try custom.required("input_schema")
        try check(schema: schema)
        return (name, schema.value)
    }

    private static func check(schema: Field) throws(ProviderError) {
        _ = try schema.object()
        let type = try schema.required("type").string()
        guard type == "object" else { throw .refused("\(schema.path).type: Input should be 'object'") }
        for name in ["oneOf", "anyOf", "allOf"] where schema.optional(name) != nil {
            throw .refused(
                "\(schema.path): input_schema does not support oneOf, allOf, or anyOf at the top level")
        }
        let isValid =
            (schema.optional("properties")?.value.object?.members ?? []).allSatisfy {
                $0.value.kind == .object || $0.value.kind == .boolean
            } && (schema.optional("required")?.value.array ?? []).allSatisfy { $0.string != nil }
            && schema.optional("properties").map { $0.kind == .object } ?? true
        guard isValid else {
            throw .refused(
                "\(schema.path): JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12)."
            )
        }
    }

    // MARK: The form of the answer

    private func format(_ output: Field) throws(ProviderError) -> String? {
        try output.only(["effort", "format"])
        if let effort = output.optional("effort") {
            guard ["low", "medium", "high", "xhigh", "max"].contains(try effort.string()) else {
                throw .refused("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'")
            }
        }
        guard let format = output.optional("format") else { return nil }
        try format.only(["type", "schema"])
        guard try format.required("type").string() == "json_schema" else {
            throw .refused("output_config.format.type: Input should be 'json_schema'")
        }
        let schema = try format.required("schema")
        _ = try schema.object()
        try Self.check(closed: schema.value)
        return SampleValue(schema: schema.value).json
    }

    /// Every object of a schema for answers says that it has no other members.
    private static func check(closed schema: JSONValue) throws(ProviderError) {
        guard let object = schema.object else { return }
        if object["type"]?.string == "object", object["additionalProperties"] != .boolean(false) {
            throw .refused(
                "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false"
            )
        }
        for name in ["properties", "$defs", "definitions"] {
            for member in object[name]?.object?.members ?? [] { try check(closed: member.value) }
        }
        if let items = object["items"] { try check(closed: items) }
        for name in ["anyOf", "allOf"] {
            for one in object[name]?.array ?? [] { try check(closed: one) }
        }
    }
}

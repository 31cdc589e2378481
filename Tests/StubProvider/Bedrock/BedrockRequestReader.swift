import Shared

/// Reads Bedrock's requests, and refuses what Bedrock refuses. The conversation itself is `BedrockMessages`' affair.
///
/// - Source: Amazon Bedrock Runtime API reference, "Converse"; the messages of its errors.
struct BedrockRequestReader {
    typealias Field = RequestField<BedrockWording>

    let signatures: ThoughtSignatures
    let onlyCounts: Bool

    private static let members = [
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields",
        "promptVariables", "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier",
        "outputConfig",
    ]

    mutating func read(_ bytes: [UInt8], model: String) throws(ProviderError) -> ProviderRequest {
        var body: Field
        do { body = Field(try JSONValue(parsing: bytes)) } catch {
            throw ProviderError(status: 400, type: "SerializationException", message: "\(error)")
        }
        if onlyCounts {
            try body.only(["input"])
            let input = try body.required("input")
            try input.only(["converse"])
            body = try input.required("converse")
            try body.only(["messages", "system", "toolConfig", "additionalModelRequestFields"])
        } else {
            try body.only(Self.members)
        }
        var request = ProviderRequest(model: model)
        request.promptTokens = Tokens.perPrompt
        if let system = body.optional("system") { request.promptTokens += try tokens(ofSystem: system) }
        if let inference = body.optional("inferenceConfig") { try read(inference, into: &request) }
        var offer = try readTools(body, &request)
        if let fields = body.optional("additionalModelRequestFields") {
            try readAdditional(fields, body, &request, &offer)
        }
        var messages = BedrockMessages(
            signatures: signatures, thinks: request.thinking != .off, hasTools: body.optional("toolConfig") != nil)
        try messages.read(try body.required("messages"))
        request.promptTokens += messages.promptTokens
        request.prefix = messages.prefix
        offer.text = messages.lastText
        request.toolCalls = offer.calls
        try readRest(body, &request)
        return request
    }

    private func tokens(ofSystem system: Field) throws(ProviderError) -> Int {
        var tokens = Tokens.perMessage
        for block in try system.elements() {
            let object = try block.object()
            try block.only(["text", "cachePoint", "guardContent"])
            guard object.members.count == 1 else { throw .oneMember(of: block) }
            guard let text = block.optional("text") else { continue }
            guard try !text.string().isEmpty else {
                throw .constraint(text.path, "''", "have length greater than or equal to 1")
            }
            tokens += Tokens.text(try text.string())
        }
        return tokens
    }

    private func read(_ inference: Field, into request: inout ProviderRequest) throws(ProviderError) {
        try inference.only(["maxTokens", "temperature", "topP", "stopSequences"])
        if let bound = inference.optional("maxTokens") {
            request.outputTokensMax = try bound.integer()
            guard try bound.integer() >= 1 else {
                throw .constraint(bound.path, "'\(try bound.integer())'", "have value greater than or equal to 1")
            }
        }
        for name in ["temperature", "topP"] {
            guard let field = inference.optional(name) else { continue }
            let value = try field.number()
            guard value <= 1 else { throw .constraint(field.path, "'\(value)'", "have value less than or equal to 1") }
            guard value >= 0 else {
                throw .constraint(field.path, "'\(value)'", "have value greater than or equal to 0")
            }
        }
        for stop in try inference.optional("stopSequences")?.elements() ?? [] {
            guard try !stop.string().isEmpty else {
                throw .constraint(stop.path, "''", "have length greater than or equal to 1")
            }
            guard try !stop.string().isBlank else {
                throw .ofModel("stop_sequences: each stop sequence must contain non-whitespace")
            }
            request.stops.append(try stop.string())
        }
    }

    // MARK: Tools

    private func readTools(_ body: Field, _ request: inout ProviderRequest) throws(ProviderError) -> ToolOffer {
        var offer = ToolOffer()
        guard let config = body.optional("toolConfig") else { return offer }
        try config.only(["tools", "toolChoice"])
        let tools = try config.required("tools")
        guard try !tools.elements().isEmpty else {
            throw .constraint(tools.path, "'[]'", "have length greater than or equal to 1")
        }
        for tool in try tools.elements() {
            try tool.only(["toolSpec", "systemTool", "cachePoint"])
            guard try tool.object().members.count == 1 else { throw .oneMember(of: tool) }
            if let spec = tool.optional("toolSpec") { offer.tools.append(try Self.tool(spec)) }
        }
        guard !offer.tools.isEmpty else {
            throw .validation("The toolConfig field at tools must contain at least one toolSpec.")
        }
        guard Set(offer.tools.map(\.name)).count == offer.tools.count else {
            throw .validation("The toolConfig field at tools contains duplicate tool names.")
        }
        request.promptTokens += Tokens.json(tools.value)
        if let choice = config.optional("toolChoice") { offer.demand = try demand(choice, offer) }
        return offer
    }

    private func demand(_ choice: Field, _ offer: ToolOffer) throws(ProviderError) -> ToolOffer.Demand {
        try choice.only(["auto", "any", "tool"])
        guard try choice.object().members.count == 1 else { throw .oneMember(of: choice) }
        if let tool = choice.optional("tool") {
            let name = try tool.required("name").string()
            guard offer.tools.contains(where: { $0.name == name }) else {
                throw .validation("The tool name \(name) at toolConfig.toolChoice.tool is not among the tools.")
            }
            return .named(name)
        }
        return choice.optional("any") != nil ? .always : .automatic
    }

    private static func tool(_ spec: Field) throws(ProviderError) -> (name: String, schema: JSONValue?) {
        try spec.only(["name", "description", "inputSchema", "strict"])
        let name = try spec.required("name").string()
        guard name.utf8.count <= 64 else {
            throw .constraint("\(spec.path).name", "'\(name)'", "have length less than or equal to 64")
        }
        guard name.isName(of: \.isInToolName, countMax: 64) else {
            throw .constraint(
                "\(spec.path).name", "'\(name)'", "satisfy regular expression pattern: [a-zA-Z0-9_-]+")
        }
        if let description = spec.optional("description"), try description.string().isEmpty {
            throw .constraint(description.path, "''", "have length greater than or equal to 1")
        }
        let input = try spec.required("inputSchema")
        try input.only(["json"])
        let schema = try input.required("json")
        guard schema.kind == .object else {
            throw .validation(
                "The format of the value at \(schema.path) is invalid. Provide a json object for the field and try again."
            )
        }
        guard schema.value["type"]?.string == "object" else {
            throw .validation("The value at \(schema.path).type must be one of the following: object.")
        }
        return (name, schema.value)
    }

    // MARK: What the model behind it takes

    private static let additional = [
        "thinking", "top_k", "anthropic_beta", "reasoning_config", "reasoningConfig", "reasoning_effort",
        "inferenceConfig", "output_config", "metadata", "tool_choice",
    ]

    private func readAdditional(
        _ fields: Field, _ body: Field, _ request: inout ProviderRequest, _ offer: inout ToolOffer
    ) throws(ProviderError) {
        for member in try fields.object().members where !Self.additional.contains(member.name) {
            throw .ofModel(
                "Malformed input request: #: extraneous key [\(member.name)] is not permitted, please reformat your input and try again."
            )
        }
        if fields.value["tool_choice"]?["disable_parallel_tool_use"]?.boolean == true {
            offer.allowsParallelCalls = false
        }
        let thinking =
            fields.optional("thinking") ?? fields.optional("reasoning_config") ?? fields.optional("reasoningConfig")
        guard let thinking, let type = thinking.value["type"]?.string, type != "disabled" else { return }
        if type == "enabled", thinking.path.hasSuffix("thinking") || thinking.path.hasSuffix("reasoning_config") {
            guard let budget = thinking.value["budget_tokens"]?.number?.integer(as: Int.self), budget >= 1024 else {
                throw .ofModel("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
            }
            guard onlyCounts || budget < request.outputTokensMax ?? .max else {
                throw .ofModel("`max_tokens` must be greater than `thinking.budget_tokens`.")
            }
        }
        request.thinking = .shown
        let inference = body.optional("inferenceConfig")
        if let temperature = inference?.optional("temperature"), try temperature.number() != 1 {
            throw .ofModel("`temperature` may only be set to 1 when thinking is enabled.")
        }
        if let topP = inference?.optional("topP"), try topP.number() < 0.95 {
            throw .ofModel("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.")
        }
        switch offer.demand {
        case .always, .named: throw .ofModel("Thinking may not be enabled when tool_choice forces tool use.")
        case .automatic, .never: break
        }
    }

    private func readRest(_ body: Field, _ request: inout ProviderRequest) throws(ProviderError) {
        if let output = body.optional("outputConfig") {
            try output.only(["textFormat", "effort"])
            if let format = output.optional("textFormat") { request.format = try Self.format(format) }
        }
        if let tier = body.optional("serviceTier") {
            try tier.only(["type"])
            let type = try tier.required("type").string()
            guard ["priority", "default", "flex", "reserved"].contains(type) else {
                throw .constraint(
                    "serviceTier.type", "'\(type)'", "satisfy enum value set: [priority, default, flex, reserved]")
            }
        }
        if let metadata = body.optional("requestMetadata") {
            let members = try metadata.object().members
            guard (1...16).contains(members.count) else {
                throw .constraint("requestMetadata", "'\(members.count)'", "have length between 1 and 16")
            }
            for member in members {
                let text = try Field(member.value, at: "requestMetadata.\(member.name)").string()
                let isPlain = text.utf8.allSatisfy { $0.isLetterOrDigit || " \t\n:_@$#=/+,-.".utf8.contains($0) }
                guard isPlain, text.utf8.count <= 256 else {
                    throw .constraint(
                        "requestMetadata.\(member.name)", "'\(text)'",
                        "satisfy regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}")
                }
            }
        }
    }

    private static func format(_ format: Field) throws(ProviderError) -> String {
        try format.only(["type", "structure"])
        let type = try format.required("type").string()
        guard type == "json_schema" else {
            throw .constraint(format.path + ".type", "'\(type)'", "satisfy enum value set: [json_schema]")
        }
        let structure = try format.required("structure")
        try structure.only(["jsonSchema"])
        let schema = try structure.required("jsonSchema")
        try schema.only(["schema", "name", "description"])
        let text = try schema.required("schema").string()
        guard let tree = try? JSONValue(parsing: Array(text.utf8)), tree.kind == .object else {
            throw .validation("The value at \(schema.path).schema is not a valid JSON schema.")
        }
        return SampleValue(schema: tree).json
    }
}

extension ProviderError {
    static func oneMember(of field: RequestField<BedrockWording>) -> ProviderError {
        .validation("The value at \(field.path) must have exactly one member set.")
    }
}

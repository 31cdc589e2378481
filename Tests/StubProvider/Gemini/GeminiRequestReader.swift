import Shared

/// Reads Gemini's requests, and refuses what Gemini refuses. The conversation itself is `GeminiContents`' affair.
///
/// - Source: Gemini API reference, "Generating content", "Caching" (Schema); the messages of its errors.
struct GeminiRequestReader {
    typealias Field = RequestField<GeminiWording>

    let signatures: ThoughtSignatures
    let onlyCounts: Bool

    private static let members = [
        "model", "contents", "systemInstruction", "tools", "toolConfig", "safetySettings", "generationConfig",
        "cachedContent", "serviceTier", "store", "labels", "continuationToken",
    ]

    mutating func read(_ bytes: [UInt8], model: String) throws(ProviderError) -> ProviderRequest {
        var body: Field
        do { body = Field(try JSONValue(parsing: bytes)) } catch {
            throw .invalidArgument("Invalid JSON payload received. \(error)")
        }
        if onlyCounts {
            try body.only(["contents", "generateContentRequest"])
            if let inner = body.optional("generateContentRequest") { body = Field(inner.value) }
        }
        try body.only(Self.members)
        var request = ProviderRequest(model: model)
        request.promptTokens = Tokens.perPrompt
        if let system = body.optional("systemInstruction") {
            var contents = GeminiContents(signatures: signatures, thinks: false)
            request.promptTokens += Tokens.perMessage
            try contents.readInstruction(system)
            request.promptTokens += contents.promptTokens
        }
        if let generation = body.optional("generationConfig") { try read(generation, into: &request) }
        guard let list = body.optional("contents"), list.value.array?.isEmpty == false else {
            throw .invalidArgument("* GenerateContentRequest.contents: contents is not specified\n")
        }
        var contents = GeminiContents(signatures: signatures, thinks: request.thinking != .off)
        try contents.read(list)
        request.promptTokens += contents.promptTokens
        request.prefix = contents.prefix
        var offer = try readTools(body, &request)
        offer.text = contents.lastText
        request.toolCalls = offer.calls
        for setting in try body.optional("safetySettings")?.elements() ?? [] {
            try setting.only(["category", "threshold", "method"])
        }
        return request
    }

    // MARK: How an answer is made

    private static let generationMembers = [
        "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities",
        "candidateCount", "maxOutputTokens", "temperature", "topP", "topK", "seed", "presencePenalty",
        "frequencyPenalty", "responseLogprobs", "logprobs", "enableEnhancedCivicAnswers", "speechConfig",
        "thinkingConfig", "imageConfig", "mediaResolution", "responseFormat", "audioTranscriptionConfig",
    ]

    private func read(_ generation: Field, into request: inout ProviderRequest) throws(ProviderError) {
        try generation.only(Self.generationMembers)
        let ranges: [(String, ClosedRange<Double>)] = [
            ("temperature", 0...2), ("topP", 0...1), ("presencePenalty", -2...2), ("frequencyPenalty", -2...2),
        ]
        for (name, range) in ranges {
            guard let field = generation.optional(name), !range.contains(try field.number()) else { continue }
            throw .invalidArgument(
                "* GenerateContentRequest.\(field.path): \(field.path.split(separator: ".").last ?? "") must be in the range [\(range.lowerBound), \(range.upperBound)].\n"
            )
        }
        for name in ["topK", "seed", "logprobs"] { _ = try generation.optional(name)?.integer() }
        if let bound = generation.optional("maxOutputTokens") {
            request.outputTokensMax = try bound.integer()
            guard request.outputTokensMax ?? 0 >= 1 else {
                throw .invalidArgument("* GenerateContentRequest.\(bound.path): max_output_tokens must be positive.\n")
            }
        }
        request.choices = try generation.optional("candidateCount")?.integer() ?? 1
        guard (1...8).contains(request.choices) else {
            throw .invalidArgument(
                "* GenerateContentRequest.generation_config.candidate_count: candidate_count must be in the range [1, 8].\n"
            )
        }
        if let stops = generation.optional("stopSequences") {
            for stop in try stops.elements() { request.stops.append(try stop.string()) }
            guard request.stops.count <= 5 else {
                throw .invalidArgument(
                    "* GenerateContentRequest.\(stops.path): at most 5 stop sequences are allowed.\n")
            }
        }
        request.format = try format(generation)
        try readThinking(generation, &request)
    }

    private func format(_ generation: Field) throws(ProviderError) -> String? {
        let type = try generation.optional("responseMimeType")?.string()
        guard type == nil || ["text/plain", "application/json", "text/x.enum"].contains(type) else {
            throw .invalidArgument(
                "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and `text/x.enum`.\n"
            )
        }
        let schemas = ["responseSchema", "responseJsonSchema"].compactMap { generation.optional($0) }
        guard schemas.isEmpty || type == "application/json" || type == "text/x.enum" else {
            throw .invalidArgument(
                "* GenerateContentRequest.\(schemas[0].path): only allowed for response_mime_type `application/json`.\n"
            )
        }
        guard schemas.count < 2 else {
            throw .invalidArgument("response_schema and response_json_schema cannot both be set.")
        }
        if let schema = generation.optional("responseSchema") { try GeminiSchema.check(schema) }
        guard type == "application/json" else { return nil }
        return schemas.first.map { SampleValue(schema: $0.value).json } ?? #"{"answer": "an answer"}"#
    }

    private func readThinking(_ generation: Field, _ request: inout ProviderRequest) throws(ProviderError) {
        guard let thinking = generation.optional("thinkingConfig") else { return }
        try thinking.only(["includeThoughts", "thinkingBudget", "thinkingLevel"])
        let budget = try thinking.optional("thinkingBudget")?.integer()
        let level = try thinking.optional("thinkingLevel")?.string()
        guard budget == nil || level == nil else {
            throw .invalidArgument("You can only set only one of thinking budget and thinking level.")
        }
        guard level.map({ ["minimal", "low", "medium", "high"].contains($0.lowercased()) }) ?? true else {
            throw GeminiWording.mistyped(
                "generation_config.thinking_config.thinking_level", want: .string, found: .string(level ?? ""))
        }
        guard budget ?? 0 >= -1 else {
            throw .invalidArgument(
                "The thinking budget \(budget ?? 0) is invalid. Please choose a value between 0 and 24576.")
        }
        guard budget != 0 else { return }
        request.thinking = try thinking.optional("includeThoughts")?.boolean() == true ? .shown : .hidden
    }

    // MARK: Tools

    private func readTools(_ body: Field, _ request: inout ProviderRequest) throws(ProviderError) -> ToolOffer {
        var offer = ToolOffer()
        for tool in try body.optional("tools")?.elements() ?? [] {
            try tool.only([
                "functionDeclarations", "googleSearch", "googleSearchRetrieval", "codeExecution", "urlContext",
                "computerUse", "fileSearch", "googleMaps", "mcpServers",
            ])
            for function in try tool.optional("functionDeclarations")?.elements() ?? [] {
                offer.tools.append(try Self.tool(function))
            }
            request.promptTokens += Tokens.json(tool.value)
        }
        if let twice = Dictionary(grouping: offer.tools, by: \.name).first(where: { $0.value.count > 1 }) {
            throw .invalidArgument("Duplicate function declaration found: \(twice.key)")
        }
        guard let config = body.optional("toolConfig") else { return offer }
        try config.only(["functionCallingConfig", "retrievalConfig", "includeServerSideToolInvocations"])
        guard let calling = config.optional("functionCallingConfig") else { return offer }
        try calling.only(["mode", "allowedFunctionNames", "streamFunctionCallArguments"])
        let mode = try calling.optional("mode")?.string() ?? "AUTO"
        var allowed: [String] = []
        for name in try calling.optional("allowedFunctionNames")?.elements() ?? [] { allowed.append(try name.string()) }
        guard allowed.isEmpty || mode == "ANY" || mode == "VALIDATED" else {
            throw .invalidArgument(
                "Please set allowed_function_names only when function calling mode is ANY.")
        }
        if let stranger = allowed.first(where: { name in !offer.tools.contains { $0.name == name } }) {
            throw .invalidArgument("allowed_function_names contains a name that is not declared: \(stranger)")
        }
        switch mode {
        case "AUTO", "VALIDATED", "MODE_UNSPECIFIED": offer.demand = .automatic
        case "NONE": offer.demand = .never
        case "ANY":
            offer.demand = .always
            if !allowed.isEmpty { offer.tools.removeAll { !allowed.contains($0.name) } }
        default: throw GeminiWording.mistyped("\(calling.path).mode", want: .string, found: .string(mode))
        }
        return offer
    }

    private static func tool(_ function: Field) throws(ProviderError) -> (name: String, schema: JSONValue?) {
        try function.only([
            "name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior",
        ])
        let name = try function.required("name").string()
        let isName =
            name.isName(of: { $0.isInToolName || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }, countMax: 64)
            && !(name.first?.isNumber ?? true) && name.first != "-" && name.first != "." && name.first != ":"
        guard isName else {
            throw .invalidArgument(
                "* GenerateContentRequest.\(function.path).name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n"
            )
        }
        _ = try function.optional("description")?.string()
        let other = function.optional("parametersJsonSchema")
        guard let parameters = function.optional("parameters") else { return (name, other?.value) }
        guard other == nil else {
            throw .invalidArgument(
                "* GenerateContentRequest.\(function.path): only one of parameters and parameters_json_schema may be set.\n"
            )
        }
        try GeminiSchema.check(parameters)
        let type = try parameters.optional("type")?.string().uppercased()
        guard type == "OBJECT" else {
            throw .invalidArgument("* GenerateContentRequest.\(parameters.path).type: must be OBJECT\n")
        }
        return (name, parameters.value)
    }
}

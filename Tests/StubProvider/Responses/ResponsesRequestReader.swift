import Shared

/// Reads requests for responses, and refuses what OpenAI refuses. The conversation itself is `ResponsesItems`' affair.
///
/// - Source: OpenAI API reference, "Create a model response"; the messages of its errors.
struct ResponsesRequestReader {
    typealias Field = RequestField<ResponsesWording>

    let signatures: ThoughtSignatures
    let kept: KeptResponses
    /// The request is only to be counted: it has no answer to speak of.
    let onlyCounts: Bool

    private static let shared = [
        "model", "input", "instructions", "conversation", "previous_response_id", "parallel_tool_calls", "reasoning",
        "text", "tool_choice", "tools", "truncation",
    ]
    private static let ofAnswers = [
        "access_programs", "background", "context_management", "image", "include", "max_output_tokens",
        "max_tool_calls", "metadata", "moderation", "prompt", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "safety_identifier", "service_tier", "store", "stream", "stream_options",
        "temperature", "top_logprobs", "top_p", "user",
    ]
    private static let includable = [
        "file_search_call.results", "web_search_call.results", "web_search_call.action.sources",
        "message.input_image.image_url", "computer_call_output.output.image_url", "code_interpreter_call.outputs",
        "reasoning.encrypted_content", "message.output_text.logprobs",
    ]

    func read(_ bytes: [UInt8]) throws(ProviderError) -> ProviderRequest {
        let body = Field(try ProviderRequest.object(bytes))
        try body.only(Self.shared + (onlyCounts ? [] : Self.ofAnswers))
        var request = ProviderRequest(model: try body.required("model").string())
        request.isStream = try body.optional("stream")?.boolean() ?? false
        request.outputTokensMax = try body.optional("max_output_tokens")?.integer(from: 16)
        try checkSampling(body)
        try checkWords(body)
        request.thinking = try thinking(body)
        let items = try conversation(body)
        request.promptTokens = Tokens.perPrompt + items.promptTokens
        request.prefix = items.prefix
        if let instructions = try body.optional("instructions")?.string() {
            request.promptTokens += Tokens.perMessage + Tokens.text(instructions)
        }
        let tools = try ResponsesTools(of: body)
        request.promptTokens += tools.tokens
        var offer = tools.offer
        offer.text = items.lastText
        request.toolCalls = offer.calls
        request.format = try format(of: body, items)
        request.response = try response(to: body, tools, items)
        return request
    }

    // MARK: What bounds and steers

    private func checkSampling(_ body: Field) throws(ProviderError) {
        _ = try body.optional("temperature")?.decimal(from: 0, to: 2)
        _ = try body.optional("top_p")?.decimal(from: 0, to: 1)
        _ = try body.optional("top_logprobs")?.integer(from: 0, to: 20)
        _ = try body.optional("max_tool_calls")?.integer(from: 1)
        _ = try body.optional("parallel_tool_calls")?.boolean()
        _ = try body.optional("metadata")?.metadata()
        if let options = body.optional("stream_options") {
            try options.only(["include_obfuscation"])
            _ = try options.optional("include_obfuscation")?.boolean()
            guard body.optional("stream")?.value.boolean == true else {
                throw .invalid(
                    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                    param: "stream_options")
            }
        }
        guard try body.optional("background")?.boolean() != true else {
            throw .invalid("Background mode is not played here.", param: "background")
        }
    }

    private func checkWords(_ body: Field) throws(ProviderError) {
        try body.optional("truncation")?.word(of: ["auto", "disabled"])
        try body.optional("service_tier")?.word(
            of: ["auto", "default", "flex", "scale", "priority", "fast", "ultrafast"])
        try body.optional("prompt_cache_retention")?.word(of: ["in_memory", "in-memory", "24h"])
        for name in ["prompt_cache_key", "safety_identifier", "user"] {
            _ = try body.optional(name)?.string(charactersMax: name == "user" ? 512 : 64)
        }
        for element in try body.optional("include")?.elements() ?? [] { try element.word(of: Self.includable) }
    }

    /// The model thinks where the request says how, and shows it where a summary is asked for.
    private func thinking(_ body: Field) throws(ProviderError) -> ProviderRequest.Thinking {
        guard let reasoning = body.optional("reasoning") else { return .off }
        try reasoning.only(["context", "effort", "generate_summary", "mode", "summary"])
        let effort = try reasoning.optional("effort")?.word(
            of: ["none", "minimal", "low", "medium", "high", "xhigh", "max"])
        var isShown = false
        for name in ["summary", "generate_summary"] {
            guard let summary = reasoning.optional(name) else { continue }
            try summary.word(of: ["auto", "concise", "detailed"])
            isShown = true
        }
        return effort == "none" ? .off : isShown ? .shown : .hidden
    }

    // MARK: What was said

    private func conversation(_ body: Field) throws(ProviderError) -> ResponsesItems {
        for (name, what) in [("conversation", "Conversation"), ("prompt", "Prompt")] {
            guard let found = body.optional(name) else { continue }
            let id = found.value.string ?? found.optional("id")?.value.string ?? ""
            throw ProviderError(
                status: 404, type: "invalid_request_error", message: "\(what) with id '\(id)' not found.", param: name)
        }
        var items = ResponsesItems(signatures: signatures, kept: kept)
        if let previous = body.optional("previous_response_id") {
            let id = try previous.id(beginningWith: "resp")
            guard let response = kept[id] else {
                throw .invalid(
                    "Previous response with id '\(id)' not found.", param: "previous_response_id",
                    code: "previous_response_not_found")
            }
            try items.read(kept: response.items)
        }
        try items.read(try body.required("input"))
        return items
    }

    // MARK: The form of the answer

    private func format(of body: Field, _ items: ResponsesItems) throws(ProviderError) -> String? {
        guard let text = body.optional("text") else { return nil }
        try text.only(["format", "verbosity"])
        try text.optional("verbosity")?.word(of: ["low", "medium", "high"])
        guard let format = text.optional("format") else { return nil }
        switch try format.required("type").word(of: ["text", "json_schema", "json_object"]) {
        case "json_schema":
            try format.only(["type", "name", "schema", "strict", "description"])
            let name = try format.required("name").name()
            let schema = try format.required("schema")
            _ = try schema.object()
            if try format.optional("strict")?.boolean() == true {
                let checked = StrictSchema(
                    what: "response_format '\(name)'", path: schema.path, code: "invalid_json_schema")
                try checked.check(schema.value)
            }
            return SampleValue(schema: schema.value).json
        case "json_object":
            try format.only(["type"])
            guard items.mentionsJSON else {
                throw .invalid(
                    "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
                    param: "input")
            }
            return #"{"answer":"an answer"}"#
        default:
            try format.only(["type"])
            return nil
        }
    }

    // MARK: What the response repeats

    private func response(
        to body: Field, _ tools: ResponsesTools, _ items: ResponsesItems
    ) throws(ProviderError) -> ResponsesRequest {
        func sent(_ name: String, or value: JSONValue = .null) -> JSONValue { body.optional(name)?.value ?? value }
        let text = sent("text")
        let isStored = try body.optional("store")?.boolean() ?? true
        let echo: JSONValue = [
            "background": false, "instructions": sent("instructions"), "max_output_tokens": sent("max_output_tokens"),
            "max_tool_calls": sent("max_tool_calls"),
            "parallel_tool_calls": sent("parallel_tool_calls", or: true),
            "previous_response_id": sent("previous_response_id"), "prompt_cache_key": sent("prompt_cache_key"),
            "reasoning": [
                "effort": sent("reasoning")["effort"] ?? .null, "summary": sent("reasoning")["summary"] ?? .null,
            ],
            "safety_identifier": sent("safety_identifier"), "service_tier": "default", "store": .boolean(isStored),
            "temperature": sent("temperature", or: .number(JSONNumber(1))),
            "text": [
                "format": text["format"] ?? ["type": "text"], "verbosity": text["verbosity"] ?? "medium",
            ],
            "tool_choice": sent("tool_choice", or: "auto"), "tools": .array(tools.echo),
            "top_logprobs": sent("top_logprobs", or: 0), "top_p": sent("top_p", or: .number(JSONNumber(1))),
            "truncation": sent("truncation", or: "disabled"), "user": sent("user"),
            "metadata": sent("metadata", or: [:]),
        ]
        var response = ResponsesRequest(echo: echo, mark: kept.mark)
        response.isStored = isStored
        response.showsEncryptedReasoning =
            body.optional("include")?.value.array?.contains("reasoning.encrypted_content") == true
        response.obfuscates = body.optional("stream_options")?.value["include_obfuscation"]?.boolean ?? true
        response.items = items.items
        return response
    }
}

import Shared

// What OpenAI's requests say. Whatever is not named here is let pass.
//
// - Source: OpenAI API reference, "Chat completions" and "Create embeddings".
extension ProviderRequest {
    /// - Errors: the provider's 400.
    init(chat body: [UInt8], isStrict: Bool) throws(ProviderError) {
        let object = try Self.object(body)
        self.init(model: try Self.model(object))
        guard let messages = object["messages"] else {
            throw .invalid(
                "Missing required parameter: 'messages'.", param: "messages", code: "missing_required_parameter")
        }
        guard let messages = messages.array else {
            throw .invalid("Invalid type for 'messages': expected an array of objects.", param: "messages")
        }
        guard !messages.isEmpty else {
            throw .invalid("Invalid 'messages': empty array.", param: "messages", code: "empty_array")
        }
        promptTokens = Tokens.perPrompt
        for (index, message) in messages.enumerated() {
            guard message.object != nil else {
                throw .invalid(
                    "Invalid type for 'messages[\(index)]': expected an object.", param: "messages[\(index)]")
            }
            promptTokens += Tokens.perMessage + Self.tokens(of: message["content"])
            if let calls = message["tool_calls"] { promptTokens += Tokens.json(calls) }
        }
        if isStrict { try OpenAIStrictness.check(object, messages) }
        if let last = messages.last, last["role"]?.string == "assistant" {
            prefix = last["content"]?.string
            if last["prefix"]?.boolean == true { continuation = .prefix }
            if object["continue_final_message"]?.boolean == true, object["add_generation_prompt"]?.boolean == false {
                continuation = .continueFinalMessage
            }
        }
        isStream = object["stream"]?.boolean ?? false
        includesUsage = object["stream_options"]?["include_usage"]?.boolean ?? false
        outputTokensMax =
            (object["max_completion_tokens"] ?? object["max_tokens"])?.number?.integer(as: Int.self).map { max(0, $0) }
        choices = object["n"]?.number?.integer(as: Int.self) ?? 1
        guard (1...128).contains(choices) else { throw .invalid("Invalid 'n': want 1 to 128.", param: "n") }
        stops = object["stop"]?.string.map { [$0] } ?? object["stop"]?.array?.compactMap(\.string) ?? []
        format = Self.format(object["response_format"])
        if let tools = object["tools"] {
            promptTokens += Tokens.json(tools)
            toolCalls = Self.offer(tools.array ?? [], object, messages).calls
        }
    }

    /// - Errors: the provider's 400.
    init(embeddings body: [UInt8], seed: UInt64) throws(ProviderError) {
        let object = try Self.object(body)
        self.init(model: try Self.model(object))
        guard let input = object["input"] else {
            throw .invalid("Missing required parameter: 'input'.", param: "input", code: "missing_required_parameter")
        }
        switch input {
        case .string(let text): add(input: text, seed: seed)
        case .array(let items) where !items.isEmpty:
            if items.allSatisfy({ $0.number != nil }) {
                add(tokens: items, seed: seed)
            } else {
                for item in items {
                    switch item {
                    case .string(let text): add(input: text, seed: seed)
                    case .array(let tokens): add(tokens: tokens, seed: seed)
                    default: throw .invalid("Invalid type for 'input'.", param: "input")
                    }
                }
            }
        default: throw .invalid("Invalid 'input': want a string or an array that is not empty.", param: "input")
        }
        wantsBase64 = object["encoding_format"]?.string == "base64"
        dimensions = object["dimensions"]?.number?.integer(as: Int.self) ?? 64
        guard (1...4096).contains(dimensions) else { throw .invalid("Invalid 'dimensions'.", param: "dimensions") }
    }

    mutating func add(input text: String, seed: UInt64) {
        inputs.append(AnswerText.fingerprint(of: text.utf8, seed: seed))
        promptTokens += max(1, Tokens.text(text))
    }

    private mutating func add(tokens: [JSONValue], seed: UInt64) {
        inputs.append(
            AnswerText.fingerprint(of: tokens.flatMap { Array(($0.number?.text ?? "").utf8) + [0] }, seed: seed))
        promptTokens += tokens.count
    }

    /// A body of OpenAI's.
    static func object(_ body: [UInt8]) throws(ProviderError) -> JSONValue {
        do {
            let value = try JSONValue(parsing: body)
            guard value.object != nil else { throw ProviderError.invalid("The body is not a JSON object.") }
            return value
        } catch let error as ProviderError {
            throw error
        } catch {
            throw .invalid("We could not parse the JSON body of your request: \(error)")
        }
    }

    static func model(_ object: JSONValue) throws(ProviderError) -> String {
        guard let model = object["model"]?.string, !model.isEmpty else {
            throw .invalid("you must provide a model parameter", param: "model")
        }
        return model
    }

    private static func tokens(of content: JSONValue?) -> Int {
        switch content {
        case .string(let text): return Tokens.text(text)
        case .array(let parts):
            return parts.reduce(0) { sum, part in
                part["type"]?.string == "text"
                    ? sum + Tokens.text(part["text"]?.string ?? "") : sum + Tokens.perImage
            }
        default: return 0
        }
    }

    private static func format(_ format: JSONValue?) -> String? {
        switch format?["type"]?.string {
        case "json_object": #"{"answer":"an answer"}"#
        case "json_schema":
            // A schema that says nothing is answered in words, which fit it too.
            format?["json_schema"]?["schema"].flatMap { $0.object?.members.isEmpty == false ? $0 : nil }
                .map { SampleValue(schema: $0).json }
        default: nil
        }
    }

    private static func offer(_ tools: [JSONValue], _ object: JSONValue, _ messages: [JSONValue]) -> ToolOffer {
        var offer = ToolOffer()
        for function in tools.compactMap({ $0["function"] }) {
            guard let name = function["name"]?.string else { continue }
            offer.tools.append((name, function["parameters"]))
        }
        let choice = object["tool_choice"]
        if let name = choice?["function"]?["name"]?.string {
            offer.demand = .named(name)
        } else if choice?.string == "none" {
            offer.demand = .never
        } else if choice?.string == "required" {
            offer.demand = .always
        }
        offer.allowsParallelCalls = object["parallel_tool_calls"]?.boolean ?? true
        if let last = messages.last, last["role"]?.string != "tool" {
            switch last["content"] {
            case .string(let text): offer.text = text
            case .array(let parts): offer.text = parts.compactMap { $0["text"]?.string }.joined(separator: "\n")
            default: break
            }
        }
        return offer
    }
}

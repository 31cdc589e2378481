import Shared

/// What the provider needs to know of a request to answer it.
struct ProviderRequest {
    /// As it came, with the fault behind its `+` if it has one.
    var model: String
    var isStream = false
    var includesUsage = false
    /// The caller's cap on the answer.
    var outputTokensMax: Int?
    var choices = 1
    /// The tool that the answer is to call, with arguments that fit its schema.
    var toolCall: (name: String, arguments: String)?
    var promptTokens = 0
    /// Embeddings: one fingerprint per input.
    var inputs: [UInt64] = []
    var wantsBase64 = false
    var dimensions = 64
    /// The assistant's message at the end of the chat, as the beginning of the answer.
    var prefix: String?
    /// How the provider is asked to go on with it.
    var continuation = Continuation.assistantMessage

    enum Continuation: String {
        case assistantMessage = "assistant_message"
        case prefix
        case prefixEchoed = "prefix_echoed"
        case continueFinalMessage = "continue_final_message"
    }

    /// - Errors: the provider's 400.
    init(chat body: [UInt8]) throws(ProviderError) {
        let object = try Self.object(body)
        model = try Self.model(object)
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
            if let calls = message["tool_calls"] { promptTokens += Tokens.text(bytes: Self.textBytes(of: calls)) }
        }
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
        if let tools = object["tools"] {
            promptTokens += Tokens.text(bytes: Self.textBytes(of: tools))
            toolCall = Self.toolCall(tools.array ?? [], choice: object["tool_choice"], messages: messages)
        }
    }

    /// - Errors: the provider's 400.
    init(embeddings body: [UInt8], seed: UInt64) throws(ProviderError) {
        let object = try Self.object(body)
        model = try Self.model(object)
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

    private mutating func add(input text: String, seed: UInt64) {
        inputs.append(AnswerText.fingerprint(of: text.utf8, seed: seed))
        promptTokens += max(1, Tokens.text(bytes: text.utf8.count))
    }

    private mutating func add(tokens: [JSONValue], seed: UInt64) {
        inputs.append(
            AnswerText.fingerprint(of: tokens.flatMap { Array(($0.number?.text ?? "").utf8) + [0] }, seed: seed))
        promptTokens += tokens.count
    }

    private static func object(_ body: [UInt8]) throws(ProviderError) -> JSONValue {
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

    private static func model(_ object: JSONValue) throws(ProviderError) -> String {
        guard let model = object["model"]?.string, !model.isEmpty else {
            throw .invalid("you must provide a model parameter", param: "model")
        }
        return model
    }

    private static func tokens(of content: JSONValue?) -> Int {
        switch content {
        case .string(let text): return Tokens.text(bytes: text.utf8.count)
        case .array(let parts):
            return parts.reduce(0) { sum, part in
                part["type"]?.string == "text"
                    ? sum + Tokens.text(bytes: part["text"]?.string?.utf8.count ?? 0) : sum + Tokens.perImage
            }
        default: return 0
        }
    }

    /// The bytes of all names and strings below `value`.
    private static func textBytes(of value: JSONValue) -> Int {
        switch value {
        case .string(let text): text.utf8.count
        case .array(let items): items.reduce(0) { $0 + textBytes(of: $1) }
        case .object(let object):
            object.members.reduce(0) { $0 + $1.name.utf8.count + textBytes(of: $1.value) }
        case .number(let number): number.text.utf8.count
        case .boolean, .null: 4
        }
    }

    /// Calls a tool when told to (`required`, or one by name), or when the last message asks for it by name.
    private static func toolCall(
        _ tools: [JSONValue], choice: JSONValue?, messages: [JSONValue]
    ) -> (name: String, arguments: String)? {
        if choice?.string == "none" { return nil }
        let functions = tools.compactMap { $0["function"] }
        var chosen: JSONValue?
        if let name = choice?["function"]?["name"]?.string {
            chosen = functions.first { $0["name"]?.string == name }
        } else if choice?.string == "required" {
            chosen = functions.first
        } else if case .string(let text)? = messages.last?["content"] {
            chosen = functions.first { $0["name"]?.string.map { text.contains($0) } ?? false }
        }
        guard let chosen, let name = chosen["name"]?.string else { return nil }
        let properties = chosen["parameters"]?["properties"]?.object?.members ?? []
        var arguments: [UInt8] = [UInt8(ascii: "{")]
        for (index, property) in properties.enumerated() {
            if index > 0 { arguments.append(UInt8(ascii: ",")) }
            arguments.append(jsonString: property.name)
            arguments.append(UInt8(ascii: ":"))
            switch (property.value["type"]?.string, property.value["enum"]?.array?.first?.string) {
            case (_, let value?): arguments.append(jsonString: value)
            case ("integer", _), ("number", _): arguments.append(text: "7")
            case ("boolean", _): arguments.append(text: "true")
            case ("array", _): arguments.append(text: "[]")
            case ("object", _): arguments.append(text: "{}")
            default: arguments.append(jsonString: "a \(property.name)")
            }
        }
        arguments.append(UInt8(ascii: "}"))
        return (name, String(decoding: arguments, as: UTF8.self))
    }
}

/// An answer that is an error, in the shape OpenAI gives it.
struct ProviderError: Error {
    var status: Int
    var type: String
    var message: String
    var param: String?
    var code: String?

    static func invalid(_ message: String, param: String? = nil, code: String? = nil) -> ProviderError {
        ProviderError(status: 400, type: "invalid_request_error", message: message, param: param, code: code)
    }

    /// The error a provider would answer with this status.
    init(status: Int, code: String?) {
        self.status = status
        let (type, message, usual): (String, String, String?) =
            switch status {
            case 401:
                (
                    "invalid_request_error", "Incorrect API key provided: stub. You can find your keys nowhere.",
                    "invalid_api_key"
                )
            case 403:
                ("invalid_request_error", "Your project does not have access to this model.", "model_not_available")
            case 404:
                (
                    "invalid_request_error", "The model does not exist or you do not have access to it.",
                    "model_not_found"
                )
            case 400..<429: ("invalid_request_error", "The provider refuses this request.", nil)
            case 429:
                code == "insufficient_quota"
                    ? ("insufficient_quota", "You exceeded your current quota, please check your plan.", nil)
                    : ("requests", "Rate limit reached for requests.", "rate_limit_exceeded")
            case 503: ("server_error", "The server is currently overloaded with other requests.", nil)
            default: ("server_error", "The server had an error while processing your request.", nil)
            }
        self.type = type
        self.message = message
        self.code = code ?? usual
    }

    init(status: Int, type: String, message: String, param: String?, code: String?) {
        self.status = status
        self.type = type
        self.message = message
        self.param = param
        self.code = code
    }

    var body: [UInt8] {
        var out: [UInt8] = []
        out.append(text: "{\n  \"error\": {\n    \"message\": ")
        out.append(jsonString: message)
        out.append(text: ",\n    \"type\": ")
        out.append(jsonString: type)
        out.append(text: ",\n    \"param\": ")
        if let param { out.append(jsonString: param) } else { out.append(text: "null") }
        out.append(text: ",\n    \"code\": ")
        if let code { out.append(jsonString: code) } else { out.append(text: "null") }
        out.append(text: "\n  }\n}\n")
        return out
    }
}

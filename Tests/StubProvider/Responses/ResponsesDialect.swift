import Shared

/// OpenAI's Responses API.
///
/// - Source: OpenAI API reference, "Create a model response", "Get input token counts", "Streaming events".
enum ResponsesDialect: OpenAIServed {
    static let endpoint = "responses"

    static func call(_ request: HTTPRequest) -> ProviderCall? {
        switch (request.method, request.path) {
        case ("POST", "/v1/responses"): ProviderCall(Self.self, .answer)
        case ("POST", "/v1/responses/input_tokens"): ProviderCall(Self.self, .countTokens)
        default: nil
        }
    }

    // MARK: Requests

    static func read(
        _ call: ProviderCall, _ request: HTTPRequest, _ context: ReadingContext
    ) throws(ProviderError) -> ProviderRequest {
        try ResponsesRequestReader(
            signatures: context.signatures, kept: context.responses, onlyCounts: call.operation == .countTokens
        ).read(request.body)
    }

    // MARK: Answers

    static func body(of answer: ProviderAnswer) -> [UInt8] { ResponsesAnswer(answer).body }

    static func events(of answer: ProviderAnswer, usageOnEach: Bool) -> [StreamEvent] { ResponsesAnswer(answer).events }

    static func ending(of answer: ProviderAnswer, isMarked: Bool) -> [UInt8] {
        isMarked ? ResponsesAnswer(answer).ending : []
    }

    static func kept(of answer: ProviderAnswer) -> KeptResponse? { ResponsesAnswer(answer).kept }

    static func brokenEvent(_ kind: BrokenEvent) -> [UInt8] {
        Array(
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"del\n\n"
                .utf8)
    }

    static func body(ofCount tokens: Int) -> [UInt8] {
        let count: JSONValue = ["object": "response.input_tokens", "input_tokens": .count(tokens)]
        return count.bytes(.indented)
    }

    // MARK: Errors

    static func event(of error: ProviderError, in answer: ProviderAnswer, after events: Int) -> [UInt8] {
        frame(
            "error",
            [
                "type": "error", "code": .string(orNull: error.code ?? error.type), "message": .string(error.message),
                "param": .string(orNull: error.param), "sequence_number": .count(events),
            ])
    }

    static func failure(_ error: ProviderError, of answer: ProviderAnswer, after events: Int?) -> [UInt8]? {
        ResponsesAnswer(answer).failure(error, after: events)
    }
}

/// - Source: the messages of OpenAI's errors.
enum ResponsesWording: RequestWording {
    /// Where the members that chat completions have went.
    private static let moved = [
        "messages": "input", "max_tokens": "max_output_tokens", "max_completion_tokens": "max_output_tokens",
        "response_format": "text.format", "reasoning_effort": "reasoning.effort", "verbosity": "text.verbosity",
    ]

    static func path(_ parent: String, _ name: String) -> String { parent.isEmpty ? name : "\(parent).\(name)" }
    static func path(_ parent: String, _ index: Int) -> String { "\(parent)[\(index)]" }

    static func missing(_ path: String) -> ProviderError {
        .invalid("Missing required parameter: '\(path)'.", param: path, code: "missing_required_parameter")
    }

    static func mistyped(_ path: String, want: JSONKind, found: JSONValue) -> ProviderError {
        mistyped(path, want: name(of: want), found: found)
    }

    static func mistyped(_ path: String, want: String, found: JSONValue) -> ProviderError {
        .invalid(
            "Invalid type for '\(path)': expected \(want), but got \(name(of: found.kind)) instead.", param: path,
            code: "invalid_type")
    }

    static func unknown(_ name: String, in path: String) -> ProviderError {
        if path.isEmpty, let place = moved[name] {
            return .invalid(
                "Unsupported parameter: '\(name)'. In the Responses API, this parameter has moved to '\(place)'.",
                param: name, code: "unsupported_parameter")
        }
        let place = self.path(path, name)
        return .invalid("Unknown parameter: '\(place)'.", param: place, code: "unknown_parameter")
    }

    static func unsupported(_ value: String, at path: String, want: [String]) -> ProviderError {
        let list = want.map { "'\($0)'" }
        let supported = (list.count > 1 ? list.dropLast().joined(separator: ", ") + ", and " : "") + (list.last ?? "")
        return .invalid(
            "Invalid value: '\(value)'. Supported values are: \(supported).", param: path, code: "invalid_value")
    }

    private static func name(of kind: JSONKind) -> String {
        switch kind {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}

extension RequestField where Wording == ResponsesWording {
    /// One of these words.
    @discardableResult
    func word(of words: [String]) throws(ProviderError) -> String {
        let word = try string()
        guard words.contains(word) else { throw ResponsesWording.unsupported(word, at: path, want: words) }
        return word
    }

    func integer(from least: Int, to most: Int = .max) throws(ProviderError) -> Int {
        let number = try integer()
        if number < least { throw outside("integer_below_min_value", "integer below minimum", ">= \(least)") }
        if number > most { throw outside("integer_above_max_value", "integer above maximum", "<= \(most)") }
        return number
    }

    func decimal(from least: Double, to most: Double) throws(ProviderError) -> Double {
        let number = try number()
        if number < least { throw outside("decimal_below_min_value", "decimal below minimum", ">= \(least)") }
        if number > most { throw outside("decimal_above_max_value", "decimal above maximum", "<= \(most)") }
        return number
    }

    private func outside(_ code: String, _ what: String, _ want: String) -> ProviderError {
        .invalid(
            "Invalid '\(path)': \(what) value. Expected a value \(want), but got \(value.number?.text ?? "") instead.",
            param: path, code: code)
    }

    func string(charactersMax: Int) throws(ProviderError) -> String {
        let text = try string()
        guard text.count <= charactersMax else {
            throw .invalid(
                "Invalid '\(path)': string too long. Expected a string with maximum length \(charactersMax), but got a string with length \(text.count) instead.",
                param: path, code: "string_above_max_length")
        }
        return text
    }

    /// What a caller writes on what is his: 16 pairs of strings at most, the names of 64 characters and the values of 512.
    func metadata() throws(ProviderError) -> JSONValue {
        let members = try object().members
        guard members.count <= 16 else {
            throw .invalid(
                "Invalid '\(path)': too many properties. Expected an object with at most 16 properties, but got an object with \(members.count) properties instead.",
                param: path, code: "object_above_max_properties")
        }
        for member in members {
            guard member.name.count <= 64 else {
                throw .invalid(
                    "Invalid '\(path)': property name too long. Expected one of at most 64 characters, but got one of \(member.name.count).",
                    param: path, code: "property_name_above_max_length")
            }
            _ = try RequestField(member.value, at: ResponsesWording.path(path, member.name))
                .string(charactersMax: 512)
        }
        return value
    }

    /// What functions and schemas may be called.
    func name() throws(ProviderError) -> String {
        let name = try string(charactersMax: 64)
        guard name.isName(of: \.isInToolName, countMax: 64) else {
            throw .invalid(
                "Invalid '\(path)': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                param: path, code: "invalid_value")
        }
        return name
    }

    func id(beginningWith prefix: String) throws(ProviderError) -> String {
        let id = try string(charactersMax: 64)
        guard id.hasPrefix(prefix) else {
            throw .invalid(
                "Invalid '\(path)': '\(id)'. Expected an ID that begins with '\(prefix)'.", param: path,
                code: "invalid_value")
        }
        return id
    }
}

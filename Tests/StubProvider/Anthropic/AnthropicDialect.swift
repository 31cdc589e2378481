import Shared

/// Anthropic's Messages API.
///
/// - Source: Anthropic API reference, "Messages", "Count tokens in a Message", "List Models", "Errors".
enum AnthropicDialect: ProviderDialect {
    static let endpoint = "messages"
    static let contentType = "application/json"
    static let modelsDefault = ["claude-sonnet-4-5", "claude-haiku-4-5"]

    static func call(_ request: HTTPRequest) -> ProviderCall? {
        switch (request.method, request.path) {
        case ("POST", "/v1/messages"): return ProviderCall(Self.self, .answer)
        case ("POST", "/v1/messages/count_tokens"): return ProviderCall(Self.self, .countTokens)
        case (_, let path) where path.hasPrefix("/v1/messages"): return ProviderCall(Self.self, .unknown)
        case ("GET", let path) where request.headers.first("anthropic-version") != nil:
            if path == "/v1/models" { return ProviderCall(Self.self, .models) }
            guard path.hasPrefix("/v1/models/") else { return nil }
            let name = HTTPRequest.percentDecoded(path.dropFirst("/v1/models/".count), plusIsSpace: false)
            return ProviderCall(Self.self, .models, model: name)
        default: return nil
        }
    }

    // MARK: Requests

    /// Its own clients have sent the key as a bearer token since their second version.
    static func key(of request: HTTPRequest) -> String? {
        request.headers.first("x-api-key") ?? request.bearerToken
    }

    static func admit(_ request: HTTPRequest, key: String?) throws(ProviderError) {
        guard let sent = self.key(of: request), !sent.isEmpty else {
            throw ProviderError(status: 401, type: "authentication_error", message: "x-api-key header is required")
        }
        guard key == nil || key == sent else { throw error(status: 401, code: nil) }
        guard let version = request.headers.first("anthropic-version") else {
            throw .refused("anthropic-version: header is required")
        }
        guard AnthropicVersion(rawValue: version) != nil else {
            throw .refused("anthropic-version: \"\(version)\" is not a valid version")
        }
    }

    static func read(
        _ call: ProviderCall, _ request: HTTPRequest, _ context: ReadingContext
    ) throws(ProviderError) -> ProviderRequest {
        var reader = AnthropicRequestReader(
            signatures: context.signatures,
            version: request.headers.first("anthropic-version").flatMap { AnthropicVersion(rawValue: $0) } ?? .first,
            onlyCounts: call.operation == .countTokens,
            hasBetas: request.headers.first("anthropic-beta") != nil)
        return try reader.read(request.body)
    }

    // MARK: Answers

    static func streamContentType(of request: ProviderRequest) -> String { "text/event-stream; charset=utf-8" }

    static func body(of answer: ProviderAnswer) -> [UInt8] { AnthropicAnswer(answer).body }

    static func events(of answer: ProviderAnswer, usageOnEach: Bool) -> [StreamEvent] {
        AnthropicAnswer(answer).events
    }

    static func ending(of answer: ProviderAnswer, isMarked: Bool) -> [UInt8] {
        AnthropicAnswer(answer).ending(isMarked: isMarked)
    }

    static func brokenEvent(_ kind: BrokenEvent) -> [UInt8] {
        Array(
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_de\n\n"
                .utf8)
    }

    static func body(ofCount tokens: Int) -> [UInt8] { Array("{\"input_tokens\":\(tokens)}".utf8) }

    static func body(ofModels names: [String], only name: String?) -> [UInt8] {
        func model(_ name: String) -> JSONValue {
            [
                "type": "model", "id": .string(name), "display_name": .string(name),
                "created_at": "2025-09-29T00:00:00Z", "lifecycle": "active", "max_input_tokens": 200_000,
                "max_tokens": 64_000,
            ]
        }
        if let name { return model(name).bytes }
        let list: JSONValue = [
            "data": .array(names.map(model)), "has_more": false,
            "first_id": names.first.map { .string($0) } ?? .null, "last_id": names.last.map { .string($0) } ?? .null,
        ]
        return list.bytes
    }

    // MARK: Errors

    static func error(status: Int, code: String?) -> ProviderError {
        let (type, message) =
            switch status {
            case 401: ("authentication_error", "invalid x-api-key")
            case 402: ("billing_error", "Your credit balance is too low to access the Anthropic API.")
            case 403: ("permission_error", "Your API key does not have permission to use the specified resource.")
            case 404: ("not_found_error", "Not found")
            case 413: ("request_too_large", "Request exceeds the maximum size")
            case 429: ("rate_limit_error", "Number of requests has exceeded your per-minute rate limit.")
            case 400..<500: ("invalid_request_error", "The provider refuses this request.")
            case 504: ("timeout_error", "The request timed out.")
            case 503, 529: ("overloaded_error", "Overloaded")
            default: ("api_error", "Internal server error")
            }
        return ProviderError(status: status, type: code ?? type, message: message)
    }

    static func error(unknownModel name: String) -> ProviderError {
        ProviderError(status: 404, type: "not_found_error", message: "model: \(name)")
    }

    static func error(unknownPath request: HTTPRequest) -> ProviderError { error(status: 404, code: nil) }

    static func body(of error: ProviderError, number: UInt64) -> [UInt8] { tree(of: error, number: number).bytes }

    static func fields(of error: ProviderError) -> [(String, String)] { [] }

    static func event(of error: ProviderError, in answer: ProviderAnswer, after events: Int) -> [UInt8] {
        frame("error", tree(of: error, number: answer.number))
    }

    private static func tree(of error: ProviderError, number: UInt64) -> JSONValue {
        [
            "type": "error", "error": ["type": .string(error.type), "message": .string(error.message)],
            "request_id": .string(requestID(number)),
        ]
    }

    // MARK: Header fields

    private static func requestID(_ number: UInt64) -> String { "req_011CStub\(number)" }

    static func fields(number: UInt64) -> [(String, String)] {
        [("request-id", requestID(number)), ("anthropic-organization-id", "stub")]
    }

    static func fields(of rate: RequestRate, at now: MonotonicTime) -> [(String, String)] {
        let ends = WallTime.unixSeconds() + Int64((rate.millisecondsLeft(at: now) + 999) / 1_000)
        return [
            ("anthropic-ratelimit-requests-limit", "\(rate.limit)"),
            ("anthropic-ratelimit-requests-remaining", "\(rate.left)"),
            ("anthropic-ratelimit-requests-reset", RFC3339.text(unixMilliseconds: ends * 1_000)),
        ]
    }

    static func fields(waiting milliseconds: UInt64) -> [(String, String)] {
        [("retry-after", "\((milliseconds + 999) / 1_000)")]
    }
}

/// - Source: Anthropic API reference, "Versions".
enum AnthropicVersion: String {
    case first = "2023-06-01"
    /// Takes no sampling parameters, no documents in what the assistant said, and no citations in what the user said.
    case second = "2026-10-21"
}

extension ProviderError {
    /// Anthropic's verdict on a request.
    static func refused(_ message: String) -> ProviderError {
        ProviderError(status: 400, type: "invalid_request_error", message: message)
    }
}

/// - Source: the messages of Anthropic's errors.
enum AnthropicWording: RequestWording {
    static func path(_ parent: String, _ name: String) -> String { parent.isEmpty ? name : "\(parent).\(name)" }
    static func path(_ parent: String, _ index: Int) -> String { "\(parent).\(index)" }
    static func missing(_ path: String) -> ProviderError { .refused("\(path): Field required") }

    static func mistyped(_ path: String, want: JSONKind, found: JSONValue) -> ProviderError {
        let name =
            switch want {
            case .object: "dictionary"
            case .array: "list"
            case .string: "string"
            case .number: "number"
            case .boolean: "boolean"
            case .null: "null"
            }
        return .refused("\(path): Input should be a valid \(name)")
    }

    static func unknown(_ name: String, in path: String) -> ProviderError {
        .refused("\(self.path(path, name)): Extra inputs are not permitted")
    }
}

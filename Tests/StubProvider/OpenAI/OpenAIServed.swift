import Shared

/// What all APIs of OpenAI's server have in common: who may ask, what goes wrong and how it says so, and what it tells in header fields.
///
/// - Source: OpenAI API reference, "Authentication", "Error codes", "Rate limits", "List models".
protocol OpenAIServed: ProviderDialect {}

extension OpenAIServed {
    static var contentType: String { "application/json" }
    static var modelsDefault: [String] { ["gpt-4o-mini", "gpt-4o", "text-embedding-3-small"] }

    // MARK: Requests

    static func key(of request: HTTPRequest) -> String? {
        request.headers.first("authorization").map { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : $0 }
    }

    static func admit(_ request: HTTPRequest, key: String?) throws(ProviderError) {
        guard let key, request.headers.first("authorization") != "Bearer " + key else { return }
        throw ProviderError(status: 401, code: nil)
    }

    // MARK: Answers

    static func streamContentType(of request: ProviderRequest) -> String { "text/event-stream; charset=utf-8" }

    static func body(ofModels names: [String], only name: String?) -> [UInt8] {
        var body = Array("{\n  \"object\": \"list\",\n  \"data\": [".utf8)
        for (index, name) in names.enumerated() {
            body.append(text: (index > 0 ? "," : "") + "\n    {\"id\": ")
            body.append(jsonString: name)
            body.append(text: ", \"object\": \"model\", \"created\": 1700000000, \"owned_by\": \"stub\"}")
        }
        body.append(text: "\n  ]\n}\n")
        return body
    }

    // MARK: Errors

    static func error(status: Int, code: String?) -> ProviderError { ProviderError(status: status, code: code) }

    static func error(unknownModel name: String) -> ProviderError {
        ProviderError(
            status: 404, type: "invalid_request_error",
            message: "The model `\(name)` does not exist or you do not have access to it.", code: "model_not_found")
    }

    static func error(unknownPath request: HTTPRequest) -> ProviderError {
        ProviderError(
            status: 404, type: "invalid_request_error", message: "Invalid URL (\(request.method) \(request.path))")
    }

    static func body(of error: ProviderError, number: UInt64) -> [UInt8] {
        var out: [UInt8] = []
        out.append(text: "{\n  \"error\": {\n    \"message\": ")
        out.append(jsonString: error.message)
        out.append(text: ",\n    \"type\": ")
        out.append(jsonString: error.type)
        out.append(text: ",\n    \"param\": ")
        if let param = error.param { out.append(jsonString: param) } else { out.append(text: "null") }
        out.append(text: ",\n    \"code\": ")
        if let code = error.code { out.append(jsonString: code) } else { out.append(text: "null") }
        out.append(text: "\n  }\n}\n")
        return out
    }

    static func fields(of error: ProviderError) -> [(String, String)] { [] }

    // MARK: Header fields

    static func fields(number: UInt64) -> [(String, String)] {
        [
            ("openai-organization", "stub"), ("openai-version", "2020-10-01"), ("x-request-id", "req_stub_\(number)"),
        ]
    }

    static func fields(of rate: RequestRate, at now: MonotonicTime) -> [(String, String)] {
        [
            ("x-ratelimit-limit-requests", "\(rate.limit)"), ("x-ratelimit-remaining-requests", "\(rate.left)"),
            ("x-ratelimit-reset-requests", "\(rate.millisecondsLeft(at: now))ms"),
        ]
    }

    static func fields(waiting milliseconds: UInt64) -> [(String, String)] { [("retry-after-ms", "\(milliseconds)")] }
}

extension ProviderError {
    static func invalid(_ message: String, param: String? = nil, code: String? = nil) -> ProviderError {
        ProviderError(status: 400, type: "invalid_request_error", message: message, param: param, code: code)
    }

    /// The error that OpenAI would answer with this status.
    fileprivate init(status: Int, code: String?) {
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
        self.init(status: status, type: type, message: message, code: code ?? usual)
    }
}

import Shared

/// The Gemini API.
///
/// - Source: Gemini API reference, "Generating content", "Counting tokens", "Embeddings", "Models"; google.rpc error details.
enum GeminiDialect: ProviderDialect {
    static let endpoint = "generate_content"
    static let contentType = "application/json; charset=UTF-8"
    static let modelsDefault = ["gemini-2.5-flash", "gemini-2.5-pro"]

    static func call(_ request: HTTPRequest) -> ProviderCall? {
        let path = request.path
        let isOwn =
            path.hasPrefix("/v1beta/") || request.headers.first("x-goog-api-key") != nil || isVertex(request)
        for list in ["/v1beta/models", "/v1/models", vertexModels(path)].compactMap(\.self) {
            if path == list, request.method == "GET", isOwn { return ProviderCall(Self.self, .models) }
            guard path.hasPrefix(list + "/") else { continue }
            let name = HTTPRequest.percentDecoded(path.dropFirst(list.count + 1), plusIsSpace: false)
            guard request.method == "POST" else {
                return isOwn && request.method == "GET" ? ProviderCall(Self.self, .models, model: name) : nil
            }
            for (action, operation, isStream) in [
                (":generateContent", .answer, false), (":streamGenerateContent", .answer, true),
                (":countTokens", .countTokens, false), (":embedContent", .embeddings, false),
                (":batchEmbedContents", .embeddings, false),
            ] as [(String, ProviderCall.Operation, Bool)] where name.hasSuffix(action) {
                var call = ProviderCall(
                    Self.self, operation, model: String(name.dropLast(action.count)), isStream: isStream)
                call.isBatch = action.hasPrefix(":batch")
                return call
            }
        }
        return isOwn ? ProviderCall(Self.self, .unknown) : nil
    }

    // MARK: Vertex AI

    /// The beginning of a path of Vertex AI, to the end of what it calls a list of models; nil for the Gemini API's.
    private static func vertexModels(_ path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 8, parts[1] == "v1", parts[2] == "projects", !parts[3].isEmpty, parts[4] == "locations",
            !parts[5].isEmpty, parts[6] == "publishers", parts[7] == "google", parts[8] == "models"
        else { return nil }
        return parts[..<9].joined(separator: "/")
    }

    static func isVertex(_ request: HTTPRequest) -> Bool { vertexModels(request.path) != nil }

    // MARK: Requests

    static func key(of request: HTTPRequest) -> String? {
        if isVertex(request) { return request.bearerToken }
        return request.headers.first("x-goog-api-key") ?? request.queryValue("key")
    }

    static func admit(_ request: HTTPRequest, key: String?) throws(ProviderError) {
        guard let sent = self.key(of: request), !sent.isEmpty else {
            throw ProviderError(
                status: 403, type: "PERMISSION_DENIED",
                message:
                    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."
            )
        }
        guard key == nil || key == sent else {
            throw .invalidArgument(
                "API key not valid. Please pass a valid API key.",
                details: [
                    [
                        "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
                        "domain": "googleapis.com", "metadata": ["service": "generativelanguage.googleapis.com"],
                    ]
                ])
        }
    }

    static func read(
        _ call: ProviderCall, _ request: HTTPRequest, _ context: ReadingContext
    ) throws(ProviderError) -> ProviderRequest {
        if call.operation == .embeddings {
            return try ProviderRequest(
                geminiEmbedding: request.body, model: call.model ?? "", isBatch: call.isBatch, seed: context.seed)
        }
        var reader = GeminiRequestReader(signatures: context.signatures, onlyCounts: call.operation == .countTokens)
        var read = try reader.read(request.body, model: call.model ?? "")
        read.isStream = call.isStream
        read.isArrayStream = call.isStream && request.queryValue("alt") != "sse"
        return read
    }

    // MARK: Answers

    static func streamContentType(of request: ProviderRequest) -> String {
        request.isArrayStream ? contentType : "text/event-stream"
    }

    static func body(of answer: ProviderAnswer) -> [UInt8] {
        answer.request.operation == .embeddings ? GeminiEmbedding.body(of: answer) : GeminiAnswer(answer).body
    }

    static func events(of answer: ProviderAnswer, usageOnEach: Bool) -> [StreamEvent] { GeminiAnswer(answer).events }

    static func ending(of answer: ProviderAnswer, isMarked: Bool) -> [UInt8] {
        GeminiAnswer(answer).ending(isMarked: isMarked)
    }

    static func brokenEvent(_ kind: BrokenEvent) -> [UInt8] {
        Array("data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \r\n\r\n".utf8)
    }

    static func body(ofCount tokens: Int) -> [UInt8] {
        let body: JSONValue = [
            "totalTokens": .count(tokens), "promptTokensDetails": [["modality": "TEXT", "tokenCount": .count(tokens)]],
        ]
        return lines(body)
    }

    static func body(ofModels names: [String], only name: String?) -> [UInt8] {
        func model(_ name: String) -> JSONValue {
            [
                "name": "models/\(name)", "version": "001", "displayName": .string(name),
                "description": "A model of the stub provider.", "inputTokenLimit": 1_048_576,
                "outputTokenLimit": 65_536,
                "supportedGenerationMethods": ["generateContent", "countTokens"], "temperature": 1, "topP": 1,
                "topK": 64, "maxTemperature": 2, "thinking": true,
            ]
        }
        return lines(name.map(model) ?? ["models": .array(names.map(model))])
    }

    static func lines(_ body: JSONValue) -> [UInt8] { body.bytes(.indented) + Array("\n".utf8) }

    // MARK: Errors

    static func error(status: Int, code: String?) -> ProviderError {
        let (type, message) =
            switch status {
            case 401: ("UNAUTHENTICATED", "Request had invalid authentication credentials.")
            case 400: ("INVALID_ARGUMENT", "The provider refuses this request.")
            case 403: ("PERMISSION_DENIED", "Your API key does not have permission to use this model.")
            case 404: ("NOT_FOUND", "Requested entity was not found.")
            case 429:
                ("RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.")
            case 499: ("CANCELLED", "The operation was cancelled.")
            case 400..<500: ("FAILED_PRECONDITION", "The provider refuses this request.")
            case 503: ("UNAVAILABLE", "The model is overloaded. Please try again later.")
            case 504: ("DEADLINE_EXCEEDED", "The request timed out. Please try again.")
            default: ("INTERNAL", "An internal error has occurred. Please retry.")
            }
        return ProviderError(status: status, type: code ?? type, message: message)
    }

    static func error(unknownModel name: String) -> ProviderError {
        ProviderError(
            status: 404, type: "NOT_FOUND",
            message:
                "models/\(name) is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods."
        )
    }

    static func error(unknownPath request: HTTPRequest) -> ProviderError { error(status: 404, code: nil) }

    static func body(of error: ProviderError, number: UInt64) -> [UInt8] { lines(tree(of: error)) }

    static func fields(of error: ProviderError) -> [(String, String)] { [] }

    static func event(of error: ProviderError, in answer: ProviderAnswer, after events: Int) -> [UInt8] {
        Array("data: ".utf8) + tree(of: error).bytes(.spaced) + Array("\r\n\r\n".utf8)
    }

    private static func tree(of error: ProviderError) -> JSONValue {
        let inner: JSONValue = [
            "code": .count(error.status), "message": .string(error.message), "status": .string(error.type),
        ]
        return ["error": inner.adding("details", error.details.isEmpty ? nil : .array(error.details))]
    }

    // MARK: Header fields

    static func fields(number: UInt64) -> [(String, String)] {
        [("x-gemini-service-tier", "standard"), ("server-timing", "gfet4t7; dur=\(number % 1_000)")]
    }

    static func fields(of rate: RequestRate, at now: MonotonicTime) -> [(String, String)] { [] }

    static func fields(waiting milliseconds: UInt64) -> [(String, String)] {
        [("retry-after", "\((milliseconds + 999) / 1_000)")]
    }
}

extension ProviderError {
    /// Gemini's verdict on a request.
    static func invalidArgument(_ message: String, details: [JSONValue] = []) -> ProviderError {
        ProviderError(status: 400, type: "INVALID_ARGUMENT", message: message, details: details)
    }
}

/// - Source: the messages of Gemini's errors. Places are named as in its protocol buffers, whichever spelling came.
enum GeminiWording: RequestWording {
    static func path(_ parent: String, _ name: String) -> String {
        parent.isEmpty ? snake(name) : "\(parent).\(snake(name))"
    }
    static func path(_ parent: String, _ index: Int) -> String { "\(parent)[\(index)]" }

    static func canonical(_ name: String) -> String {
        guard name.contains("_") else { return name }
        let words = name.split(separator: "_")
        return (words.prefix(1).map(String.init) + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() })
            .joined()
    }

    private static func snake(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }

    static func missing(_ path: String) -> ProviderError {
        .invalidArgument("* GenerateContentRequest.\(path): missing field.\n")
    }

    static func mistyped(_ path: String, want: JSONKind, found: JSONValue) -> ProviderError {
        let text = String(decoding: found.bytes, as: UTF8.self)
        return violation(
            "Invalid value at '\(path)' (TYPE_\(want == .number ? "INT32" : "\(want)".uppercased())), \(text)", path)
    }

    static func unknown(_ name: String, in path: String) -> ProviderError {
        let place = path.isEmpty ? "" : " at '\(path)'"
        return violation("Invalid JSON payload received. Unknown name \"\(name)\"\(place): Cannot find field.", path)
    }

    private static func violation(_ message: String, _ path: String) -> ProviderError {
        var violation: JSONValue = [:]
        if !path.isEmpty { violation = violation.adding("field", .string(path)) }
        return .invalidArgument(
            message,
            details: [
                [
                    "@type": "type.googleapis.com/google.rpc.BadRequest",
                    "fieldViolations": [violation.adding("description", .string(message))],
                ]
            ])
    }
}

import Shared

/// Amazon Bedrock's Converse, with a bearer key.
///
/// - Source: Amazon Bedrock Runtime API reference, "Converse", "ConverseStream", "CountTokens"; the service model of the AWS SDKs.
enum BedrockDialect: ProviderDialect {
    static let endpoint = "converse"
    static let contentType = "application/json"
    static let modelsDefault: [String] = []

    static func call(_ request: HTTPRequest) -> ProviderCall? {
        guard request.path.hasPrefix("/model/") else { return nil }
        guard request.method == "POST" else { return ProviderCall(Self.self, .unknown) }
        for (action, operation, isStream) in [
            ("/converse", .answer, false), ("/converse-stream", .answer, true), ("/count-tokens", .countTokens, false),
        ] as [(String, ProviderCall.Operation, Bool)] where request.path.hasSuffix(action) {
            let name = request.path.dropFirst("/model/".count).dropLast(action.count)
            return ProviderCall(
                Self.self, operation, model: HTTPRequest.percentDecoded(name, plusIsSpace: false), isStream: isStream)
        }
        return ProviderCall(Self.self, .unknown)
    }

    // MARK: Requests

    static func key(of request: HTTPRequest) -> String? { request.bearerToken }

    static func admit(_ request: HTTPRequest, key: String?) throws(ProviderError) {
        guard let field = request.headers.first("authorization") else {
            throw ProviderError(
                status: 403, type: "MissingAuthenticationTokenException", message: "Missing Authentication Token")
        }
        guard let sent = self.key(of: request), !sent.isEmpty else {
            throw ProviderError(
                status: 403, type: "IncompleteSignatureException",
                message: "'\(field.prefix(24))' is not a bearer token, and signatures are not taken here")
        }
        guard key == nil || key == sent else { throw error(status: 403, code: nil) }
    }

    static func read(
        _ call: ProviderCall, _ request: HTTPRequest, _ context: ReadingContext
    ) throws(ProviderError) -> ProviderRequest {
        var reader = BedrockRequestReader(signatures: context.signatures, onlyCounts: call.operation == .countTokens)
        var read = try reader.read(request.body, model: call.model ?? "")
        read.isStream = call.isStream
        return read
    }

    // MARK: Answers

    static func streamContentType(of request: ProviderRequest) -> String { "application/vnd.amazon.eventstream" }

    static func body(of answer: ProviderAnswer) -> [UInt8] { BedrockAnswer(answer).body }

    static func events(of answer: ProviderAnswer, usageOnEach: Bool) -> [StreamEvent] { BedrockAnswer(answer).events }

    static func ending(of answer: ProviderAnswer, isMarked: Bool) -> [UInt8] {
        isMarked ? BedrockAnswer(answer).ending : []
    }

    static func brokenEvent(_ kind: BrokenEvent) -> [UInt8] {
        switch kind {
        case .content: frame("contentBlockDelta", Array("{\"contentBlockIndex\":0,\"delta\":{\"text\":".utf8))
        case .checksum:
            frame(
                "contentBlockDelta", Array("{\"contentBlockIndex\":0,\"delta\":{\"text\":\"broken\"}}".utf8),
                breaksChecksum: true)
        }
    }

    static func frame(_ name: String, _ payload: [UInt8], breaksChecksum: Bool = false) -> [UInt8] {
        EventStreamFrame.bytes(
            [":event-type": name, ":content-type": "application/json", ":message-type": "event"], payload,
            breaksChecksum: breaksChecksum)
    }

    static func body(ofCount tokens: Int) -> [UInt8] { Array("{\"inputTokens\":\(tokens)}".utf8) }

    /// Models are listed by another service.
    static func body(ofModels names: [String], only name: String?) -> [UInt8] { [] }

    // MARK: Errors

    static func error(status: Int, code: String?) -> ProviderError {
        let (type, message) =
            switch status {
            case 401, 403:
                ("AccessDeniedException", "Authentication failed: Please make sure your API Key is valid.")
            case 404:
                (
                    "ResourceNotFoundException",
                    "Could not resolve the foundation model from the provided model identifier."
                )
            case 408: ("ModelTimeoutException", "The model took too long to respond.")
            case 424: ("ModelErrorException", "The model could not process the request.")
            case 429: ("ThrottlingException", "Too many requests, please wait before trying again.")
            case 400..<500: ("ValidationException", "The provider refuses this request.")
            case 503: ("ServiceUnavailableException", "Bedrock is unable to process your request.")
            default:
                (
                    "InternalServerException",
                    "The system encountered an unexpected error during processing. Try your request again."
                )
            }
        return ProviderError(status: status, type: code ?? type, message: message)
    }

    static func error(unknownModel name: String) -> ProviderError {
        .validation("The provided model identifier is invalid.")
    }

    static func error(unknownPath request: HTTPRequest) -> ProviderError {
        ProviderError(status: 404, type: "UnknownOperationException", message: "")
    }

    static func body(of error: ProviderError, number: UInt64) -> [UInt8] {
        let body: JSONValue = ["message": .string(error.message)]
        return body.bytes
    }

    static func fields(of error: ProviderError) -> [(String, String)] {
        [("x-amzn-errortype", "\(error.type):http://internal.amazon.com/coral/com.amazon.bedrock/")]
    }

    static func event(of error: ProviderError, in answer: ProviderAnswer, after events: Int) -> [UInt8] {
        let name = error.type.prefix(1).lowercased() + error.type.dropFirst()
        return EventStreamFrame.bytes(
            [":exception-type": name, ":content-type": "application/json", ":message-type": "exception"],
            body(of: error, number: answer.number))
    }

    // MARK: Header fields

    static func fields(number: UInt64) -> [(String, String)] {
        let digits = String(number, radix: 16)
        let last = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        return [("x-amzn-requestid", "00000000-0000-4000-8000-\(last)")]
    }

    static func fields(of rate: RequestRate, at now: MonotonicTime) -> [(String, String)] { [] }
    static func fields(waiting milliseconds: UInt64) -> [(String, String)] { [] }
}

extension ProviderError {
    /// Bedrock's verdict on a request.
    static func validation(_ message: String) -> ProviderError {
        ProviderError(status: 400, type: "ValidationException", message: message)
    }

    /// The verdict of the model behind it.
    static func ofModel(_ message: String) -> ProviderError {
        .validation("The model returned the following errors: \(message)")
    }

    static func constraint(_ path: String, _ value: String, _ wants: String) -> ProviderError {
        .validation(
            "1 validation error detected: Value \(value) at '\(path)' failed to satisfy constraint: Member must \(wants)"
        )
    }
}

/// - Source: the messages of Bedrock's errors.
enum BedrockWording: RequestWording {
    static func path(_ parent: String, _ name: String) -> String { parent.isEmpty ? name : "\(parent).\(name)" }
    static func path(_ parent: String, _ index: Int) -> String { "\(parent).\(index)" }
    static func missing(_ path: String) -> ProviderError { .constraint(path, "null", "not be null") }

    static func mistyped(_ path: String, want: JSONKind, found: JSONValue) -> ProviderError {
        ProviderError(
            status: 400, type: "SerializationException",
            message: "\("\(found.kind)".uppercased())_VALUE can not be converted to \(want.description) (\(path))")
    }

    static func unknown(_ name: String, in path: String) -> ProviderError {
        .validation(
            "Malformed input request: #\(path.isEmpty ? "" : "/\(path)"): extraneous key [\(name)] is not permitted, please reformat your input and try again."
        )
    }
}

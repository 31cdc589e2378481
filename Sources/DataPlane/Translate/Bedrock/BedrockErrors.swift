import Shared

/// Errors of Bedrock: those of an answer, and those inside a stream.
///
/// - Source: the exceptions of Converse and ConverseStream in the service model. A whole answer names its exception in the header
///   `x-amzn-errortype`, a stream in the name of the message, where it begins with a small letter.
enum BedrockErrors {
    // MARK: Reading

    static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        let object = unsafe object(body)
        let type = object?["__type"]?.string ?? object?["code"]?.string
        // Some names come with a namespace in front: `com.amazon.coral.service#ExpiredTokenException`.
        let code = type?.split(separator: "#").last.map(String.init)
        let message = unsafe object.flatMap(message) ?? text(body)
        let kind = kind(of: code) ?? kind(ofMessage: message) ?? ProviderError.Kind(status: status)
        return ProviderError(
            status: status, kind: kind,
            message: message.isEmpty ? "Bedrock answered \(status) and said nothing" : message,
            code: code)
    }

    /// A message of a stream whose name is no event's.
    static func error(named name: String, from body: UnsafeRawBufferPointer) -> ProviderError {
        let code = name.prefix(1).uppercased() + name.dropFirst()
        let object = unsafe object(body)
        let message = object.flatMap(message) ?? object?["originalMessage"]?.string
        return ProviderError(status: 0, kind: kind(of: code) ?? .server, message: message ?? code, code: code)
    }

    private static func object(_ body: UnsafeRawBufferPointer) -> JSONObject? {
        do throws(JSONError) {
            return try unsafe JSONValue(parsing: body, allowing: .all).object
        } catch {
            return nil  // Something else than Bedrock answered.
        }
    }

    private static func message(_ object: JSONObject) -> String? {
        object["message"]?.string ?? object["Message"]?.string
    }

    /// As much as a message may be.
    private static func text(_ body: UnsafeRawBufferPointer) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(rebasing: body.prefix(textBytesMax)), as: UTF8.self)
    }

    private static let textBytesMax = 1_024

    private static func kind(of code: String?) -> ProviderError.Kind? {
        switch code {
        case "ValidationException": .invalidRequest
        case "AccessDeniedException": .permission
        case "ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException",
            "MissingAuthenticationTokenException", "IncompleteSignatureException", "InvalidClientTokenId":
            .authentication
        case "ResourceNotFoundException": .notFound
        case "ThrottlingException": .rateLimit
        case "ServiceQuotaExceededException": .quota
        case "ModelNotReadyException", "ServiceUnavailableException": .overloaded
        case "ModelTimeoutException": .timeout
        case "InternalServerException", "ModelErrorException", "ModelStreamErrorException": .server
        default: nil
        }
    }

    /// Without the header, a 403 that is about the credential tells it by its words alone.
    private static func kind(ofMessage message: String) -> ProviderError.Kind? {
        message.contains("security token") || message.contains("request signature we calculated")
            ? .authentication : nil
    }

    // MARK: Writing

    static func body(of error: ProviderError) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.member("message", error.message) }
        return writer.bytes
    }

    static func type(of error: ProviderError) -> String {
        if let code = error.code, kind(of: code) == error.kind { return code }
        return switch error.kind {
        case .invalidRequest, .tooLarge: "ValidationException"
        case .authentication: "UnrecognizedClientException"
        case .permission: "AccessDeniedException"
        case .notFound: "ResourceNotFoundException"
        case .rateLimit: "ThrottlingException"
        case .quota: "ServiceQuotaExceededException"
        case .overloaded: "ServiceUnavailableException"
        case .timeout: "ModelTimeoutException"
        case .server: "InternalServerException"
        }
    }

    /// The name of an exception inside a stream. AWS's clients know these five there and no others.
    static func streamType(of error: ProviderError) -> String {
        switch error.kind {
        case .invalidRequest, .tooLarge, .authentication, .permission, .notFound: "validationException"
        case .rateLimit, .quota: "throttlingException"
        case .overloaded: "serviceUnavailableException"
        case .timeout: "modelStreamErrorException"
        case .server:
            error.code == "ModelStreamErrorException" ? "modelStreamErrorException" : "internalServerException"
        }
    }
}

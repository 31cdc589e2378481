public import Shared

/// Amazon Bedrock's Converse: one interface for many vendors' models. Callers of boto3 speak it, and Bedrock answers in it.
///
/// - Shape: nothing but the entry points; each direction is a file beside this one. Streams are binary: `EventStreamFramer` takes their
///   framing off, and the stream writer puts it on.
/// - Source: Amazon Bedrock's API reference, "Converse" and "ConverseStream", and botocore's service model of `bedrock-runtime`.
public enum BedrockConverse: DialectCodec {
    public static let dialect = Dialect.bedrock

    // MARK: Requests

    public static func conversation(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        var reader = try BedrockRequestReader(body, of: call)
        return try reader.read()
    }

    public static func request(
        _ conversation: Conversation, for target: TargetTraits
    ) throws(TranslationError) -> RenderedRequest {
        try conversation.checkTie(to: dialect)
        var writer = BedrockRequestWriter(conversation, target)
        return try writer.request()
    }

    /// The model's ID encoded as botocore does, colons and slashes of an ARN included. The path is signed as it stands here and must be
    /// sent so.
    public static func path(model: String, isStream: Bool) -> String {
        "/model/\(PercentEncoding.encode(model))/converse\(isStream ? "-stream" : "")"
    }

    // MARK: Answers

    public static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        try BedrockAnswerReader.answer(from: body)
    }

    public static func body(of answer: Answer, in context: AnswerContext) -> [UInt8] {
        BedrockAnswerWriter.body(of: answer, in: context)
    }

    // MARK: Streams

    /// Clients take a message whose type they do not know for a fault.
    public static var keepAlive: [UInt8] { [] }

    public static func streamReader() -> any StreamReader { BedrockStreamReader() }

    public static func streamWriter(in context: AnswerContext) -> any StreamWriter {
        BedrockStreamWriter(in: context)
    }

    // MARK: Errors

    public static func error(status: Int, from body: UnsafeRawBufferPointer) -> ProviderError {
        unsafe BedrockErrors.error(status: status, from: body)
    }

    public static func body(of error: ProviderError) -> [UInt8] { BedrockErrors.body(of: error) }

    /// What `x-amzn-errortype` says of an error, from which AWS's clients make their exceptions.
    public static func errorType(_ error: ProviderError) -> String { BedrockErrors.type(of: error) }
}

import Shared

/// OpenAI's endpoints, as all that are compatible have them.
///
/// - Source: OpenAI API reference.
enum OpenAIDialect: OpenAIServed {
    static let endpoint = "chat"

    static func call(_ request: HTTPRequest) -> ProviderCall? {
        switch (request.method, request.path) {
        case ("POST", "/v1/chat/completions"): ProviderCall(Self.self, .answer)
        case ("POST", "/v1/completions"): ProviderCall(Self.self, .completion)
        case ("POST", "/v1/embeddings"): ProviderCall(Self.self, .embeddings)
        case ("POST", "/v1/moderations"): ProviderCall(Self.self, .moderation)
        case ("POST", "/v1/rerank"): ProviderCall(Self.self, .rerank)
        case ("POST", "/v1/images/generations"): ProviderCall(Self.self, .images)
        case ("POST", "/v1/audio/speech"): ProviderCall(Self.self, .speech)
        case ("POST", "/v1/images/edits"): ProviderCall(Self.self, .imageEdit)
        case ("POST", "/v1/audio/transcriptions"), ("POST", "/v1/audio/translations"):
            ProviderCall(Self.self, .transcription)
        // Two others have a list there, and clients that say who they are.
        case ("GET", "/v1/models")
        where request.headers.first("anthropic-version") == nil && request.headers.first("x-goog-api-key") == nil:
            ProviderCall(Self.self, .models)
        default: ObjectCall(request).map { ProviderCall(Self.self, .object($0)) }
        }
    }

    // MARK: Requests

    static func read(
        _ call: ProviderCall, _ request: HTTPRequest, _ context: ReadingContext
    ) throws(ProviderError) -> ProviderRequest {
        var read: ProviderRequest
        switch call.operation {
        case .embeddings: read = try ProviderRequest(embeddings: request.body, seed: context.seed)
        case .completion: read = try ProviderRequest(completion: request.body)
        case .moderation: read = try ProviderRequest(moderation: request.body, seed: context.seed)
        case .rerank: read = try ProviderRequest(rerank: request.body, seed: context.seed)
        case .images: read = try ProviderRequest(images: request.body, seed: context.seed)
        case .speech: read = try ProviderRequest(speech: request.body, seed: context.seed)
        case .imageEdit: read = try ProviderRequest(imageEdit: try FormBody(request), seed: context.seed)
        case .transcription: read = try ProviderRequest(transcription: try FormBody(request))
        default: read = try ProviderRequest(chat: request.body, isStrict: context.isStrict)
        }
        read.operation = call.operation
        return read
    }

    // MARK: Answers

    static func streamContentType(of request: ProviderRequest) -> String {
        let isSound = request.operation == .speech && !request.wantsSoundEvents
        return isSound ? "audio/mpeg" : "text/event-stream; charset=utf-8"
    }

    static func body(of answer: ProviderAnswer) -> [UInt8] {
        switch answer.request.operation {
        case .completion: OpenAICompletion(answer).body
        case .embeddings: OpenAIAnswer(answer).embeddingsBody
        case .moderation: OpenAIVerdicts.moderations(answer)
        case .rerank: OpenAIVerdicts.ranking(answer)
        case .images, .imageEdit: OpenAIImages(answer).body
        case .transcription: OpenAITranscription(answer).body
        default: OpenAIAnswer(answer).chatBody
        }
    }

    static func events(of answer: ProviderAnswer, usageOnEach: Bool) -> [StreamEvent] {
        switch answer.request.operation {
        case .completion: OpenAICompletion(answer).events(usageOnEach: usageOnEach)
        case .images, .imageEdit: OpenAIImages(answer).events
        case .transcription: OpenAITranscription(answer).events
        case .speech: OpenAISpeech(answer).events
        default: OpenAIAnswer(answer).events(usageOnEach: usageOnEach)
        }
    }

    static func ending(of answer: ProviderAnswer, isMarked: Bool) -> [UInt8] {
        // Their last events say that they are.
        if [.images, .imageEdit, .speech, .transcription].contains(answer.request.operation) { return [] }
        var usage: [UInt8] = []
        if answer.request.includesUsage, answer.showsUsage {
            usage =
                answer.request.operation == .completion
                ? OpenAICompletion(answer).usageEvent : OpenAIAnswer(answer).usageEvent
        }
        return usage + Array((isMarked ? "data: [DONE]\n\n" : "").utf8)
    }

    static func brokenEvent(_ kind: BrokenEvent) -> [UInt8] {
        Array("data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"delta\":{\"content\":\n\n".utf8)
    }

    static func body(ofCount tokens: Int) -> [UInt8] { [] }

    // MARK: Errors

    static func event(of error: ProviderError, in answer: ProviderAnswer, after events: Int) -> [UInt8] {
        let body: JSONValue = [
            "error": [
                "message": .string(error.message), "type": .string(error.type), "param": .string(orNull: error.param),
                "code": .string(orNull: error.code),
            ]
        ]
        return Array("data: ".utf8) + body.bytes + Array("\n\n".utf8)
    }
}

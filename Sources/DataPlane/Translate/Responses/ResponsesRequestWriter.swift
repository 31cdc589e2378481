import Shared

/// Writes requests for providers.
struct ResponsesRequestWriter {
    init(_ conversation: Conversation, for target: TargetTraits) {}

    mutating func request() throws(TranslationError) -> RenderedRequest {
        throw .malformed("requests of responses are not written")
    }
}

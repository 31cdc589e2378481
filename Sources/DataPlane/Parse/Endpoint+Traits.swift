import Shared

/// What sets the endpoints apart for the stages.
extension Endpoint {
    /// It answers with text whose length its request bounds, and streams it in OpenAI's chunks.
    @inline(__always)
    var writesText: Bool { self == .chatCompletions || self == .completions }

    /// Providers take nothing for it.
    var isFree: Bool { self == .tokenCount }

    /// Of the models that serve it.
    var modelKind: PolicyDocument.Model.Kind {
        switch self {
        case .chatCompletions, .completions, .tokenCount: .chat
        case .embeddings: .embedding
        }
    }
}

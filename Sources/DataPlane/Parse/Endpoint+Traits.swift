import Shared

/// What sets the endpoints apart for the stages.
extension Endpoint {
    /// It answers with text whose length its request bounds, and streams it in OpenAI's chunks.
    @inline(__always)
    var writesText: Bool { self == .chatCompletions || self == .completions }

    /// Where providers of OpenAI's dialect serve it, behind their base URL, where requests only pass; nil: the dialects have places of their own.
    var passedPath: String? {
        switch self {
        case .chatCompletions, .embeddings, .tokenCount: nil
        case .completions: "/completions"
        case .moderations: "/moderations"
        case .rerank: "/rerank"
        case .imageGenerations: "/images/generations"
        case .imageEdits: "/images/edits"
        case .speech: "/audio/speech"
        case .transcriptions: "/audio/transcriptions"
        case .translations: "/audio/translations"
        case .files: "/files"
        case .batches: "/batches"
        }
    }

    /// Providers take nothing for it.
    var isFree: Bool { self == .tokenCount }

    /// Most providers take nothing for it: a model without a price is free.
    var isFreeWithoutPrice: Bool { self == .moderations }

    /// It answers with tokens that are no text, and that only the model's own bound limits.
    var makesMedia: Bool { self == .imageGenerations || self == .speech || isForm }

    /// Its requests are forms with files.
    @inline(__always)
    var isForm: Bool { self == .transcriptions || self == .translations || self == .imageEdits }

    var isOfImages: Bool { self == .imageGenerations || self == .imageEdits }

    /// Shadows are sent of it.
    var isMirrored: Bool {
        switch self {
        case .chatCompletions, .completions, .embeddings: true
        case .tokenCount, .moderations, .rerank, .imageGenerations, .speech, .transcriptions, .translations,
            .imageEdits, .files, .batches:
            false
        }
    }

    /// Of the models that serve it; nil: it is the provider's, whatever its models are.
    var modelKind: PolicyDocument.Model.Kind? {
        switch self {
        case .chatCompletions, .completions, .tokenCount: .chat
        case .embeddings: .embedding
        case .moderations: .moderation
        case .rerank: .rerank
        case .imageGenerations, .imageEdits: .image
        case .transcriptions, .translations: .transcription
        case .speech: .speech
        case .files, .batches: nil
        }
    }
}

import Shared
import Translate

/// What one attempt sends, and how its answer is read: the caller's own body with a few bytes changed where caller and provider speak the
/// same dialect, else a translation.
@safe struct Rendition {
    let body: UnsafeRawBufferPointer
    private(set) var edits: JSONEdits
    /// In which the provider is asked.
    let dialect: Dialect
    /// What `body` lies in, where it is not the caller's.
    private let text: ByteBuffer?
    /// Nil: the answer passes as it comes.
    let translation: AnswerTranslation?

    /// - Parameter body: of the request in OpenAI's dialect.
    /// - Errors: `inexpressible`, where the target cannot be told what is asked, and the route does not let it be dropped.
    init(
        of request: ParsedRequest, _ body: UnsafeRawBufferPointer, for target: CompiledTarget,
        with credential: CompiledCredential, _ context: RequestContext
    ) throws(AttemptError) {
        let route = context.plan?.route
        dialect = target.dialect(for: request.dialect)
        if !request.isWrittenAnew(for: target) {
            text = nil
            try request.files?.check(target)
            guard let foreign = request.foreign else {
                let sendsBody = request.stored?.call.sendsBody ?? true
                unsafe self.body = unsafe sendsBody ? body : UnsafeRawBufferPointer(start: nil, count: 0)
                edits =
                    if let transcript = context.transcript {
                        unsafe ContinuationRequest.edits(for: request, body, at: target, behind: transcript)
                    } else if let stored = request.stored {
                        stored.edits
                    } else if request.isForm {
                        FormRequest.edits(for: request, target)
                    } else {
                        unsafe RequestParser.edits(for: request, body, modelNameJSON: target.modelNameJSON)
                    }
                request.files?.apply(to: &edits)
                translation = nil
                return
            }
            try foreign.previous?.pin?.check(target)
            unsafe self.body = unsafe foreign.body.readable
            edits = foreign.embedding?.edits(for: target) ?? ForeignEdits.edits(for: request, foreign, target)
            request.files?.apply(to: &edits)
            translation =
                request.endpoint == .chatCompletions
                ? AnswerTranslation(from: dialect, for: request, context) : nil
            if dialect == .responses {
                translation?.naming = ResponseNaming(ProviderPin(target, credential), foreign.previous)
            }
            return
        }
        guard request.endpoint == .chatCompletions else {
            throw .inexpressible(
                field: "", reason: "its API does not serve '\(request.endpoint.label)' as it was asked for")
        }
        let rendered = try unsafe Self.rendered(request, body, in: dialect, for: target, on: route)
        let text = ByteBuffer(rendered.body)
        self.text = text
        unsafe self.body = unsafe text.readable
        edits = JSONEdits()
        translation = AnswerTranslation(from: dialect, for: request, rendered, context)
    }

    private static func rendered(
        _ request: ParsedRequest, _ body: UnsafeRawBufferPointer, in dialect: Dialect, for target: CompiledTarget,
        on route: CompiledRoute?
    ) throws(AttemptError) -> RenderedRequest {
        var conversation: Conversation
        do { conversation = try unsafe request.conversation(body) } catch { throw AttemptError(untranslatable: error) }
        let bound = request.clampedOutputTokensMax ?? conversation.outputTokensMax ?? request.injectedOutputTokensMax
        conversation.outputTokensMax = bound ?? route?.defaultMaxOutputTokens.map { UInt64(max(1, $0)) }
        let rendered: RenderedRequest
        do { rendered = try dialect.codec.request(conversation, for: target.traits) } catch {
            throw AttemptError(untranslatable: ParseError(error))
        }
        // What was held for the request covers no more.
        let textTokens = unsafe rendered.body.withUnsafeBytes {
            unsafe PromptMeasurer.measure($0, messages: nil).textTokens
        }
        guard textTokens - min(textTokens, conversation.mediaBytes) <= request.translatedTextTokensMax else {
            throw .inexpressible(field: "", reason: "its translation is much longer than the request")
        }
        if route?.dropsUnsupported != true, let lost = rendered.dropped.first ?? rendered.adjusted.first {
            let reason =
                rendered.dropped.isEmpty
                ? "the model takes it only with another value" : "the model's API has nothing of the kind"
            throw .inexpressible(
                field: lost,
                reason:
                    "\(reason); leave it out, or have the route drop what its targets cannot take (unsupported_parameters)"
            )
        }
        return rendered
    }
}

extension AttemptError {
    fileprivate init(untranslatable error: ParseError) {
        let refusal = GatewayError(error)
        self = .inexpressible(
            field: refusal.param ?? "",
            reason: refusal.operatorDetail.isEmpty ? refusal.message : refusal.operatorDetail)
    }
}

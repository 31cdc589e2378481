import Shared
import Translate

/// What one attempt sends, and how its answer is read: the caller's own body with a few bytes changed where caller and provider speak the
/// same dialect, else a translation.
///
/// Not copyable, and made by a function, which borrows what it is made of: a copy, and the arguments of an initializer, would count a
/// reference for each part.
@safe struct Rendition: ~Copyable {
    let body: UnsafeRawBufferPointer
    private(set) var edits: JSONEdits
    /// In which the provider is asked.
    let dialect: Dialect
    /// What `body` lies in, where it is not the caller's.
    private let text: ByteBuffer?
    /// Nil: the answer passes as it comes.
    let translation: AnswerTranslation?

    private init(
        _ body: UnsafeRawBufferPointer, edits: consuming JSONEdits, in dialect: Dialect, text: ByteBuffer? = nil,
        _ translation: AnswerTranslation? = nil
    ) {
        unsafe self.body = unsafe body
        self.edits = edits
        self.dialect = dialect
        self.text = text
        self.translation = translation
    }

    /// - Parameter body: of the request in OpenAI's dialect.
    /// - Errors: `inexpressible`, where the target cannot be told what is asked, and the route does not let it be dropped.
    static func of(
        _ request: ParsedRequest, _ body: UnsafeRawBufferPointer, for target: CompiledTarget,
        with credential: CompiledCredential, _ context: RequestContext
    ) throws(AttemptError) -> Rendition {
        let dialect = target.dialect(for: request.dialect)
        guard !request.isWrittenAnew(for: target) else {
            return try unsafe written(request, body, in: dialect, for: target, context)
        }
        try request.files?.check(target)
        if let foreign = request.foreign {
            return try edited(request, foreign, in: dialect, for: target, with: credential, context)
        }
        var edits =
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
        let sendsBody = request.stored?.call.sendsBody ?? true
        return unsafe Rendition(
            sendsBody ? body : UnsafeRawBufferPointer(start: nil, count: 0), edits: edits, in: dialect)
    }

    /// What came in another dialect, for a provider that speaks it too.
    @inline(never)
    private static func edited(
        _ request: ParsedRequest, _ foreign: ForeignRequest, in dialect: Dialect, for target: CompiledTarget,
        with credential: CompiledCredential, _ context: RequestContext
    ) throws(AttemptError) -> Rendition {
        try foreign.previous?.pin?.check(target)
        var edits = foreign.embedding?.edits(for: target) ?? ForeignEdits.edits(for: request, foreign, target)
        request.files?.apply(to: &edits)
        let translation =
            request.endpoint == .chatCompletions ? AnswerTranslation(from: dialect, for: request, context) : nil
        if dialect == .responses {
            translation?.naming = ResponseNaming(ProviderPin(target, credential), foreign.previous)
        }
        return unsafe Rendition(foreign.body.readable, edits: edits, in: dialect, translation)
    }

    /// What is asked in one dialect, for a provider that speaks another one.
    @inline(never)
    private static func written(
        _ request: ParsedRequest, _ body: UnsafeRawBufferPointer, in dialect: Dialect, for target: CompiledTarget,
        _ context: RequestContext
    ) throws(AttemptError) -> Rendition {
        guard request.endpoint == .chatCompletions else {
            throw .inexpressible(
                field: "", reason: "its API does not serve '\(request.endpoint.label)' as it was asked for")
        }
        let rendered = try unsafe Self.rendered(request, body, in: dialect, for: target, on: context.plan?.route)
        let text = ByteBuffer(rendered.body)
        return unsafe Rendition(
            text.readable, edits: JSONEdits(), in: dialect, text: text,
            AnswerTranslation(from: dialect, for: request, rendered, context))
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

import Shared
import Translate

/// The few facts about a request that the stages need. The body itself stays bytes.
///
/// A class, because the ranges it holds make it too large to be copied from stage to stage.
final class ParsedRequest {
    let endpoint: Endpoint
    /// The value of `model`, as a range of the body, quotes included.
    let model: JSONField
    var isStream = false
    /// What the caller said about usage in its stream: nil when it said nothing.
    var includesUsage: Bool?
    /// Fields of the body, for editing it.
    let fields: JSONObjectFields
    /// Fields of `stream_options`, when it is an object.
    var streamOptions: JSONObjectFields?
    var streamOptionsField: JSONField?
    /// What the caller set as the bound of its answer; nil when nothing.
    var outputTokensMax: UInt64?
    /// The bound that Weir writes into a request that has none, because an allowance needs one.
    var injectedOutputTokensMax: UInt64?
    /// The lower bound that an allowance leaves: replaces the caller's, or the injected one.
    var clampedOutputTokensMax: UInt64?
    var choiceCount: UInt64 = 1
    /// How many inputs there are that each may be as long as the model takes.
    var inputCount: UInt64 = 1
    /// How often the price of a request can be charged for it.
    var unitsMax: UInt64 = 1
    /// What each choice may have on top of the model's bound.
    var addedOutputTokens: UInt64 = 0
    /// Of the text that is to be spoken.
    var characterCount: UInt64 = 0
    /// About what it will answer, where nobody says so afterwards; 0: that is found in the answer.
    var estimatedOutputTokens: UInt32 = 0
    /// How much it puts before a model.
    var prompt = PromptMeasure()
    /// An answer that the caller expects; what differs from it is billed on top of the answer.
    var predictionBytes: UInt64 = 0
    /// False when the caller named the kinds of output and sound was not among them.
    var mayAnswerAudio = true
    /// The caller asked for the provider's standard service tier by name.
    var wantsStandardTier = false
    var hasTools = false
    /// The caller's own label, cut at a bound.
    var endUser = ""
    let bodyBytes: Int
    /// Its body is a form.
    var isForm = false
    /// What is left of its body, where that passes while it arrives.
    var upload: BodyUpload?
    /// The request as its caller sent it, where that was in another dialect: all of the above is of its translation.
    private(set) var foreign: ForeignRequest?
    /// What it wants of the files and batches that a provider keeps; nil: it is for a model.
    var stored: StoredRequest?
    /// A conversation that a provider of another dialect had a part in brings that one's signatures along, in places where those of its own dialect
    /// would not take them. Looked for on routes that mix dialects.
    private(set) var carriesForeignSignatures = false
    /// What goes to providers of other dialects; read from the body when it is first needed.
    private var knownConversation: Conversation?

    init(endpoint: Endpoint, model: JSONField, fields: JSONObjectFields, bodyBytes: Int) {
        self.endpoint = endpoint
        self.model = model
        self.fields = fields
        self.bodyBytes = bodyBytes
    }

    /// - Parameter label: the caller's, of any length.
    func setEndUser(_ label: [UInt8]) {
        endUser = String(decoding: label.prefix(IntentRecord.endUserBytesMax), as: UTF8.self)
        while endUser.utf8.count > IntentRecord.endUserBytesMax { endUser.removeLast() }
    }

    /// Weir asks for the usage on its own account, and hides the extra chunk from the caller.
    var injectsUsage: Bool { isStream && endpoint.writesText && includesUsage != true }

    /// It was translated. What goes to providers of its own dialect may say more than the translation.
    func came(as foreign: ForeignRequest) {
        self.foreign = foreign
        prompt.textTokens = max(prompt.textTokens, foreign.textTokens)
        if foreign.hasUnknownInput { prompt.hasUnknownInput = true }
        guard let embedding = foreign.embedding else { return }
        inputCount = embedding.contentCount
        prompt.hasUnknownInput = embedding.hasUnknownInput
    }

    /// Looks whether it carries signatures of other dialects, before anything is held for it.
    ///
    /// - Parameter body: of the request in OpenAI's dialect.
    func lookForForeignSignatures(_ body: UnsafeRawBufferPointer) {
        // What goes on from a response of one provider goes to that provider as it is.
        guard endpoint == .chatCompletions, foreign?.previous == nil else { return }
        carriesForeignSignatures = unsafe CarriedSignatures.stand(in: foreign?.body.readable ?? body)
    }

    /// Whether a target gets it in other words than the caller's: translated, or without foreign signatures.
    func isWrittenAnew(for target: CompiledTarget) -> Bool {
        target.dialect(for: dialect) != dialect || carriesForeignSignatures
    }

    /// The most that the texts of a request may come to that is written anew; what does not fit is not sent. The same content takes more
    /// words in some dialects: each part in an object of its own, schemas without references.
    var translatedTextTokensMax: UInt64 { prompt.textTokens + prompt.textTokens / 2 + 4_096 }

    /// The files that it names; nil: none that Weir knows of.
    var files: FileReferences?

    /// Nobody is asked beside the target that it is sent to.
    var isNeverHedged: Bool { upload != nil || stored != nil }

    /// Who keeps what it goes on from, or asks for.
    var pin: ProviderPin? { foreign?.previous?.pin ?? stored?.pin ?? files?.pin }

    /// In which the caller speaks.
    var dialect: Dialect { foreign?.dialect ?? .openai }

    /// The request in no provider's words.
    ///
    /// - Parameter body: of the request in OpenAI's dialect.
    func conversation(_ body: UnsafeRawBufferPointer) throws(ParseError) -> Conversation {
        if let known = foreign?.conversation ?? knownConversation { return known }
        let conversation = try unsafe RequestTranslation.conversation(body, of: InboundCall(), in: .openai, endpoint)
        knownConversation = conversation
        return conversation
    }
}

/// Reads the facts of a body in one pass that also proves it to be JSON.
enum RequestParser {
    private enum Field {
        static let model = 0, stream = 1, streamOptions = 2, maxTokens = 3, maxCompletionTokens = 4, n = 5, user = 6,
            messages = 7, tools = 8, functions = 9, prediction = 10, modalities = 11, serviceTier = 12,
            webSearch = 13
    }

    private static let names = JSONFieldNames(
        "model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "user", "messages", "tools",
        "functions", "prediction", "modalities", "service_tier", "web_search_options")
    private static let optionNames = JSONFieldNames("include_usage")

    private static func names(of endpoint: Endpoint) -> JSONFieldNames {
        endpoint == .chatCompletions ? names : PassedFields.names
    }

    static func parse(_ body: UnsafeRawBufferPointer, endpoint: Endpoint) throws(ParseError) -> ParsedRequest {
        let fields: JSONObjectFields
        do { fields = try unsafe JSONObjectFields(scanning: body, for: names(of: endpoint)) } catch {
            throw .notJSON(error)
        }
        guard let model = fields[Field.model] else { throw .missingModel }
        // Which of two decides is read differently by different parsers: routed by one and served by another would be
        // a way around every rule about models.
        guard model.occurrences == 1 else { throw .duplicateField("model") }
        guard model.kind == .string else { throw .modelIsNoString }
        let request = ParsedRequest(endpoint: endpoint, model: model, fields: fields, bodyBytes: body.count)
        if endpoint.writesText { try unsafe readStreaming(body, fields, request) }
        switch endpoint {
        case .chatCompletions: try unsafe readBounds(body, fields, request)
        case .completions: try unsafe CompletionRequest.read(body, fields, request)
        case .moderations: try unsafe ModerationRequest.read(body, fields, request)
        case .rerank: try unsafe RerankRequest.read(body, fields, request)
        case .imageGenerations: try unsafe ImageRequest.read(body, fields, request)
        case .speech: try unsafe SpeechRequest.read(body, fields, request)
        case .transcriptions, .translations, .imageEdits: preconditionFailure("a form is not read as JSON")
        case .files, .batches: preconditionFailure("what a provider keeps is not asked of a model")
        case .embeddings, .tokenCount: request.prompt = unsafe PromptMeasurer.measure(body, messages: nil)
        }
        if let user = unsafe fields[Field.user]?.string(in: body) { request.setEndUser(user) }
        return request
    }

    /// What bounds the tokens of a chat. A number that Weir cannot read is refused rather than passed on: the provider might
    /// read it, and the bound would be another.
    private static func readBounds(
        _ body: UnsafeRawBufferPointer, _ fields: JSONObjectFields, _ request: ParsedRequest
    ) throws(ParseError) {
        try unsafe readOutputBounds(body, fields, request)
        if let n = try unsafe whole(fields[Field.n], "n", body) { request.choiceCount = max(1, n) }
        if let messages = fields[Field.messages], messages.occurrences > 1 { throw .duplicateField("messages") }
        request.prompt = unsafe PromptMeasurer.measure(body, messages: fields[Field.messages])
        if let search = fields[Field.webSearch], search.kind != .null { request.prompt.hasUnknownInput = true }
        if let prediction = fields[Field.prediction], prediction.kind != .null {
            request.predictionBytes = UInt64(prediction.end - prediction.start)
        }
        request.hasTools = isGiven(fields[Field.tools]) || isGiven(fields[Field.functions])
        if let modalities = fields[Field.modalities], modalities.kind == .array, modalities.occurrences == 1 {
            request.mayAnswerAudio =
                unsafe !UnsafeRawBufferPointer(rebasing: body[modalities.range]).elementsEqual(#"["text"]"#.utf8)
        }
        request.wantsStandardTier = unsafe isStandardTier(fields[Field.serviceTier], body)
    }

    /// The caller asked for the standard service tier by name.
    static func isStandardTier(_ field: JSONField?, _ body: UnsafeRawBufferPointer) -> Bool {
        guard let field, field.occurrences == 1 else { return false }
        return unsafe field.withString(in: body) { unsafe $0.elementsEqual("default".utf8) } ?? false
    }

    /// The greater of two names of one bound, since it is the provider who knows which of them counts.
    static func readOutputBounds(
        _ body: UnsafeRawBufferPointer, _ fields: JSONObjectFields, _ request: ParsedRequest
    ) throws(ParseError) {
        for (index, name) in [(Field.maxCompletionTokens, "max_completion_tokens"), (Field.maxTokens, "max_tokens")]
            as [(Int, StaticString)]
        {
            guard let value = try unsafe whole(fields[index], name, body) else { continue }
            request.outputTokensMax = max(request.outputTokensMax ?? 0, value)
        }
    }

    /// A field that is a whole number; nil when it is absent or null.
    static func whole(
        _ field: JSONField?, _ name: StaticString, _ body: UnsafeRawBufferPointer
    ) throws(ParseError) -> UInt64? {
        guard let field, field.kind != .null || field.occurrences > 1 else { return nil }
        guard field.occurrences == 1 else { throw .duplicateField(name) }
        guard let value = unsafe field.uint64(in: body) else { throw .wrongType(field: name, want: "a whole number") }
        return value
    }

    private static func isGiven(_ field: JSONField?) -> Bool { field.map { $0.kind != .null } ?? false }

    static func readStreaming(
        _ body: UnsafeRawBufferPointer, _ fields: JSONObjectFields, _ request: ParsedRequest
    ) throws(ParseError) {
        if let stream = fields[Field.stream], stream.kind != .null {
            guard stream.occurrences == 1 else { throw .duplicateField("stream") }
            guard let value = unsafe stream.bool(in: body) else {
                throw .wrongType(field: "stream", want: "true or false")
            }
            request.isStream = value
        }
        guard request.isStream, let options = fields[Field.streamOptions] else { return }
        guard options.occurrences == 1 else { throw .duplicateField("stream_options") }
        request.streamOptionsField = options
        guard options.kind == .object else {
            guard options.kind == .null else { throw .wrongType(field: "stream_options", want: "an object") }
            return
        }
        let inner: JSONObjectFields
        do { inner = try unsafe JSONObjectFields(scanning: body, in: options.range, for: optionNames) } catch {
            throw .notJSON(error)
        }
        request.streamOptions = inner
        guard let include = inner[0], include.kind != .null else { return }
        guard include.occurrences == 1 else { throw .duplicateField("stream_options.include_usage") }
        guard let value = unsafe include.bool(in: body) else {
            throw .wrongType(field: "stream_options.include_usage", want: "true or false")
        }
        request.includesUsage = value
    }

    /// Whether the model may call something: many clients send an empty list of tools.
    static func offersTools(_ request: ParsedRequest, _ body: UnsafeRawBufferPointer) -> Bool {
        [Field.tools, Field.functions].contains { name in
            guard let field = request.fields[name], field.kind == .array else { return false }
            var walker = unsafe JSONWalker(body, from: field.start + 1, to: field.end)
            return walker.next() != UInt8(ascii: "]")
        }
    }

    /// Where the messages of a chat lie in its body; nil when it has none.
    static func messages(of request: ParsedRequest) -> JSONField? { request.fields[Field.messages] }

    /// What has to change in the body for one target: the model's name, the bound of the answer where an allowance sets one, and the
    /// request for usage. Every other byte stays.
    ///
    /// - Parameter spentTokens: about as many of the answer the caller has already.
    static func edits(
        for request: ParsedRequest, _ body: UnsafeRawBufferPointer, modelNameJSON: [UInt8], spentTokens: UInt64 = 0
    ) -> JSONEdits {
        var edits = JSONEdits()
        if unsafe !HTTPBytes.isExactly(body, request.model.range, modelNameJSON) {
            edits.replace(request.model.range, with: modelNameJSON)
        }
        var bound = request.clampedOutputTokensMax ?? request.injectedOutputTokensMax
        if spentTokens > 0 {
            bound = (bound ?? request.outputTokensMax).map { max(1, $0 - min(spentTokens, $0)) }
        }
        if let bound {
            if request.endpoint == .completions {
                CompletionRequest.setOutputBound(bound, request.fields, &edits)
            } else {
                setOutputBound(bound, request.fields, &edits)
            }
        }
        guard request.injectsUsage else { return edits }
        if let options = request.streamOptions {
            edits.set("include_usage", at: 0, of: options, to: trueBytes)
        } else if let field = request.streamOptionsField {
            edits.replace(field.range, with: optionsBytes)
        } else {
            edits.set("stream_options", at: Field.streamOptions, of: request.fields, to: optionsBytes)
        }
        return edits
    }

    /// Both names of the bound mean the same; a caller who used the older one has it lowered, nobody gets both.
    private static func setOutputBound(_ bound: UInt64, _ fields: JSONObjectFields, _ edits: inout JSONEdits) {
        let value = Array(String(bound).utf8)
        let hasOld = isGiven(fields[Field.maxTokens])
        if hasOld { edits.set("max_tokens", at: Field.maxTokens, of: fields, to: value) }
        if !hasOld || isGiven(fields[Field.maxCompletionTokens]) {
            edits.set("max_completion_tokens", at: Field.maxCompletionTokens, of: fields, to: value)
        }
    }

    private static let trueBytes = Array("true".utf8)
    private static let optionsBytes = Array(#"{"include_usage":true}"#.utf8)
}

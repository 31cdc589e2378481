import Shared
import Translate

/// What a request wants of a model, as far as somebody asks.
///
/// - Shape: pure. A chat in OpenAI's dialect is walked over only for what the facts of its parsing leave open; of one in another dialect the
///   conversation is looked at, which says more than its translation.
enum RequestDemands {
    /// - Parameters:
    ///   - body: of the request in OpenAI's dialect.
    ///   - features: what some target lacks; nothing else is looked for.
    static func of(
        _ request: ParsedRequest, _ body: UnsafeRawBufferPointer, among features: ModelFeatures
    ) -> ModelFeatures {
        guard request.endpoint == .chatCompletions else { return [] }
        if let foreign = request.foreign { return of(foreign.conversation).intersection(features) }
        var found: ModelFeatures = []
        if features.contains(.tools), unsafe RequestParser.offersTools(request, body) { found.insert(.tools) }
        if request.prompt.imagesHighDetail > 0 || request.prompt.imagesLowDetail > 0 { found.insert(.images) }
        if request.prompt.audioTokens > 0 { found.insert(.audio) }
        // What is measured as text, images or sound is nothing else.
        if request.prompt.hasUnknownInput, !features.isDisjoint(with: [.documents, .audio]) {
            found.formUnion(unsafe parts(request, body))
        }
        if features.contains(.begunAnswers), unsafe endsWithTheAssistant(request, body) { found.insert(.begunAnswers) }
        if !features.isDisjoint(with: [.jsonSchema, .reasoning, .audio]) {
            let top = unsafe BodyFacts.topLevel(body)
            if top.wantsSchema { found.insert(.jsonSchema) }
            if top.wantsReasoning { found.insert(.reasoning) }
            if top.wantsSound { found.insert(.audio) }
        }
        return found.intersection(features)
    }

    // MARK: OpenAI's dialect

    private static func parts(_ request: ParsedRequest, _ body: UnsafeRawBufferPointer) -> ModelFeatures {
        guard var messages = unsafe MessageReader(request, body) else { return [] }
        var found: ModelFeatures = []
        while messages.nextMessage() {
            while let name = messages.nextName() {
                guard name == .content else {
                    messages.skipValue()
                    continue
                }
                messages.partTypes { type in
                    if unsafe HTTPBytes.isExactly(body, type, "file") { found.insert(.documents) }
                    if unsafe HTTPBytes.isExactly(body, type, "input_audio") { found.insert(.audio) }
                }
            }
        }
        return found
    }

    private static func endsWithTheAssistant(_ request: ParsedRequest, _ body: UnsafeRawBufferPointer) -> Bool {
        guard var messages = unsafe MessageReader(request, body) else { return false }
        var isAssistants = false
        while messages.nextMessage() {
            isAssistants = false
            while let name = messages.nextName() {
                guard name == .role else {
                    messages.skipValue()
                    continue
                }
                isAssistants = messages.string().map { unsafe HTTPBytes.isExactly(body, $0, "assistant") } ?? false
            }
        }
        return isAssistants
    }

    // MARK: Others

    private static func of(_ conversation: Conversation) -> ModelFeatures {
        var found: ModelFeatures = []
        if !conversation.tools.isEmpty { found.insert(.tools) }
        if case .schema? = conversation.format { found.insert(.jsonSchema) }
        if conversation.reasoning?.amount?.asksForThoughts == true { found.insert(.reasoning) }
        if conversation.turns.last?.role == .assistant { found.insert(.begunAnswers) }
        for turn in conversation.turns { add(turn.parts, to: &found) }
        return found
    }

    private static func add(_ parts: [Part], to found: inout ModelFeatures) {
        for part in parts {
            switch part.content {
            case .image: found.insert(.images)
            case .document: found.insert(.documents)
            case .audio: found.insert(.audio)
            case .toolResult(let result): add(result.parts, to: &found)
            default: break
            }
        }
    }
}

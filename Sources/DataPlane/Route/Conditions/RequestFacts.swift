import Shared

/// What conditions can ask of one request.
///
/// - Shape: what takes a walk over the body is found when the first condition asks for it, and kept for the others.
///
/// Concurrency: of one request, while it is routed; `texts` is of its loop.
@safe struct RequestFacts {
    let request: ParsedRequest
    let caller: Caller
    let head: HTTPHead
    let headBytes: UnsafeRawBufferPointer
    let body: UnsafeRawBufferPointer
    let requestID: ObjectID
    let nowUnixSeconds: Int64
    private let texts: TextScratch

    private var foundTopLevel: BodyFacts.TopLevel?
    private var foundTokens: UInt64?
    private var hasText = false
    private var foundLanguage: PolicyDocument.Condition.Language??
    private var foundConversation: UInt64??

    init(
        _ request: ParsedRequest, of caller: Caller, head: HTTPHead, headBytes: UnsafeRawBufferPointer,
        body: UnsafeRawBufferPointer, requestID: ObjectID, nowUnixSeconds: Int64, texts: TextScratch
    ) {
        self.request = request
        self.caller = caller
        self.head = head
        unsafe self.headBytes = unsafe headBytes
        unsafe self.body = unsafe body
        self.requestID = requestID
        self.nowUnixSeconds = nowUnixSeconds
        self.texts = texts
    }

    mutating func estimatedInputTokens() -> UInt64 {
        if let foundTokens { return foundTokens }
        let tokens = UInt64(UsageEstimate(of: request).usage.input)
        foundTokens = tokens
        return tokens
    }

    mutating func has(_ feature: PolicyDocument.Condition.Feature) -> Bool {
        switch feature {
        case .tools: request.hasTools
        case .images: request.prompt.imagesHighDetail > 0 || request.prompt.imagesLowDetail > 0
        case .audio: request.prompt.audioTokens > 0
        case .jsonSchema: topLevel().wantsSchema
        }
    }

    mutating func hasMetadata(_ match: CompiledMatch) -> Bool {
        guard let metadata = topLevel().metadata else { return false }
        return unsafe BodyFacts.hasMember(match.name, match.values, in: metadata, of: body)
    }

    func hasHeader(_ match: CompiledMatch) -> Bool {
        for field in head.fields where Int(field.nameCount) == match.name.count {
            guard unsafe HTTPText.isSame(field.nameRange, of: headBytes, asLowerCase: match.name) else { continue }
            guard let values = match.values else { return true }
            for value in values where unsafe headBytes[field.valueRange].elementsEqual(value) { return true }
        }
        return false
    }

    mutating func lastUserMessage(has pattern: TextPattern) -> Bool {
        findText()
        return unsafe texts.bytes.withUnsafeBytes { unsafe pattern.isFound(in: $0) }
    }

    mutating func language() -> PolicyDocument.Condition.Language? {
        if let foundLanguage { return foundLanguage }
        findText()
        let language = unsafe texts.bytes.withUnsafeBytes { unsafe LanguageGuess.language(of: $0) }
        foundLanguage = .some(language)
        return language
    }

    /// What a canary goes by; the virtual key where the request does not say.
    mutating func canaryKey(_ canary: CompiledCanary) -> UInt64 {
        let key: UInt64? =
            switch canary.by {
            case .key: nil
            case .endUser: StickyKey.endUser(request.endUser)
            case .header: unsafe StickyKey.header(named: canary.header, in: head, headBytes)
            case .conversation: conversation()
            case .request: StickyKey.request(requestID)
            }
        return key ?? StickyKey.virtualKey(caller.key.keyID)
    }

    // MARK: Found once

    private mutating func topLevel() -> BodyFacts.TopLevel {
        if let foundTopLevel { return foundTopLevel }
        let found = unsafe BodyFacts.topLevel(body)
        foundTopLevel = found
        return found
    }

    private mutating func conversation() -> UInt64? {
        if let foundConversation { return foundConversation }
        let found = unsafe StickyKey.conversation(of: request, body)
        foundConversation = .some(found)
        return found
    }

    private mutating func findText() {
        if hasText { return }
        hasText = true
        texts.bytes.removeAll(keepingCapacity: true)
        unsafe BodyFacts.lastUserText(of: request, body, to: &texts.bytes, countMax: TextScratch.textBytesMax)
    }
}

/// Where the last message of the user is put while a request is routed; reused from request to request.
final class TextScratch {
    /// More of a message is not looked at: its end is rarely where it says what it is about, and looking takes time from all others.
    static let textBytesMax = 16 * 1024

    var bytes: [UInt8] = []
}

/// Something named, as bytes; without values any will do.
struct CompiledMatch: Sendable {
    let name: [UInt8]
    let values: [[UInt8]]?

    init(_ match: PolicyDocument.Condition.Match) {
        name = Array(match.name.utf8)
        values =
            match.values.contains(PolicyDocument.Condition.Match.anyValue) ? nil : match.values.map { Array($0.utf8) }
    }
}

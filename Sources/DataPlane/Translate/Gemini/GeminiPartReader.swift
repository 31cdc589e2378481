import Shared

/// Reads parts of contents, of callers' requests and of providers' answers.
///
/// - Shape: a `thoughtSignature` of a part that is neither a call nor a thought becomes a thought of its own behind the part, without text,
///   so that no other dialect has to know of it; the writer puts the two together again.
struct GeminiPartReader {
    private var ids: GeminiCallIDs
    /// The signature of a call goes into its identity too: so with answers, which may go to callers that have no other place for it.
    private let signsIDs: Bool

    /// For a caller's request.
    init() {
        ids = GeminiCallIDs()
        signsIDs = false
    }

    /// For a provider's answer.
    init(answer fingerprint: UInt64) {
        ids = GeminiCallIDs(answer: fingerprint)
        signsIDs = true
    }

    mutating func beginContent(_ index: Int, beginsStep: Bool) { ids.beginContent(index, beginsStep: beginsStep) }

    /// Of a caller: strict.
    ///
    /// - Errors: `invalid`, naming the field.
    mutating func append(
        _ value: JSONValue, at path: FieldPath, to parts: inout [Part]
    ) throws(TranslationError) {
        var members = try MemberReader(gemini: value, at: path)
        if isNative(members) {
            parts.append(Part(.native(value, of: .gemini)))
            return
        }
        let signature = try members.string("thoughtSignature").flatMap { $0.isEmpty ? nil : $0 }
        if let call = try members.message("functionCall") {
            try append(call, signature: signature, of: members, to: &parts)
        } else if let response = try members.message("functionResponse") {
            let result = try toolResult(response)
            append(.toolResult(result), signature: signature, of: members, to: &parts)
        } else if let data = try members.message("inlineData") {
            append(try inline(data), signature: signature, of: members, to: &parts)
        } else if let file = try members.message("fileData") {
            append(try stored(file), signature: signature, of: members, to: &parts)
        } else if let text = try members.string("text") {
            try append(text, signature: signature, of: &members, to: &parts)
        } else if !members.isExhausted {
            parts.append(Part(.native(value, of: .gemini)))
        } else if signature != nil {
            try append("", signature: signature, of: &members, to: &parts)
        } else {
            throw path.wants("a part with text or data")
        }
    }

    /// Of a provider: what cannot be read is kept whole.
    mutating func appendLenient(_ value: JSONValue, to parts: inout [Part]) {
        do {
            try append(value, at: .body, to: &parts)
        } catch {
            if value.object?.members.isEmpty == false { parts.append(Part(.native(value, of: .gemini))) }
        }
    }

    // MARK: Kinds

    /// A thought that is no text, such as the draft of an image, which is no part of the answer.
    private func isNative(_ members: MemberReader) -> Bool {
        var members = members
        guard members.value("thought") == .boolean(true) else { return false }
        return (members.value("inlineData") ?? members.value("fileData")) != nil
    }

    private func append(
        _ text: String, signature: String?, of members: inout MemberReader, to parts: inout [Part]
    ) throws(TranslationError) {
        guard try members.boolean("thought") == true else {
            if text.isEmpty, let signature {
                var thinking = Thinking(signature: signature, origin: .gemini)
                // It stood by itself, and goes back so.
                thinking.extras.add("text", .string(""), of: .gemini)
                parts.append(Part(.thinking(thinking)))
            } else {
                append(.text(text), signature: signature, of: members, to: &parts)
            }
            return
        }
        guard let signature, var foreign = GeminiThoughts.foreign(text, signature: signature) else {
            let thinking = Thinking(text: text, signature: signature, origin: .gemini)
            append(.thinking(thinking), signature: nil, of: members, to: &parts)
            return
        }
        // It came in pieces, as streams do, and its provider knows it by the whole.
        while foreign.sealed == nil, case .thinking(let piece) = parts.last?.content, piece.origin == .gemini,
            piece.signature == nil
        {
            foreign.text = (piece.text ?? "") + (foreign.text ?? "")
            parts.removeLast()
        }
        parts.append(Part(.thinking(foreign)))
    }

    private func append(
        _ content: Part.Content, signature: String?, of members: MemberReader, to parts: inout [Part]
    ) {
        var part = Part(content)
        part.extras = members.leftovers(of: .gemini)
        parts.append(part)
        if let signature { parts.append(Part(.thinking(Thinking(signature: signature, origin: .gemini)))) }
    }

    private mutating func append(
        _ call: MemberReader, signature: String?, of members: MemberReader, to parts: inout [Part]
    ) throws(TranslationError) {
        var call = call
        let name = try call.requiredString("name")
        var id = ids.id(ofCall: name, given: try call.string("id").flatMap { $0.isEmpty ? nil : $0 })
        if signsIDs { id = SignedCallID.joining(id, signature) }
        let arguments = try call.object("args").map { String(decoding: JSONValue.object($0).bytes, as: UTF8.self) }
        var toolCall = ToolCall(id: id, name: name, arguments: arguments ?? "{}", signature: signature)
        toolCall.extras = call.leftovers(of: .gemini)
        append(.toolCall(toolCall), signature: nil, of: members, to: &parts)
    }

    private func inline(_ data: MemberReader) throws(TranslationError) -> Part.Content {
        var data = data
        let type = try data.string("mimeType")
        var media = Media(.data(GeminiBytes.standard(try data.requiredString("data"))), type: type)
        try finish(&media, &data)
        return GeminiMediaTypes.content(of: media)
    }

    private func stored(_ file: MemberReader) throws(TranslationError) -> Part.Content {
        var file = file
        let uri = try file.requiredString("fileUri")
        let isAtGoogle = uri.hasPrefix("gs://") || uri.hasPrefix("https://generativelanguage.googleapis.com/")
        var media = Media(isAtGoogle ? .file(uri) : .url(uri), type: try file.string("mimeType"))
        try finish(&media, &file)
        return GeminiMediaTypes.content(of: media)
    }

    private func finish(_ media: inout Media, _ members: inout MemberReader) throws(TranslationError) {
        media.title = try members.string("displayName")
        media.extras = members.leftovers(of: .gemini)
        // Whose name it is: another dialect's title is not sent to Gemini, which takes names only from some callers.
        if media.title != nil { media.extras.add("displayName", .null, of: .gemini) }
    }

    // MARK: Results

    private mutating func toolResult(_ response: MemberReader) throws(TranslationError) -> ToolResult {
        var response = response
        let name = try response.requiredString("name")
        let given = try response.string("id").flatMap { $0.isEmpty ? nil : $0 }
        var result = ToolResult(callID: ids.id(ofResponse: name, given: given), name: name, parts: [])
        let object = try response.object("response") ?? JSONObject()
        let path = response.path
        let media = try response.array("parts") ?? []
        result.extras = response.leftovers(of: .gemini)
        GeminiResponses.read(object, into: &result)
        for (index, value) in media.enumerated() {
            var members = try MemberReader(gemini: value, at: path["parts"][index])
            if let data = try members.message("inlineData") {
                result.parts.append(Part(try inline(data)))
            } else if let file = try members.message("fileData") {
                result.parts.append(Part(try stored(file)))
            } else if members.isExhausted {
                throw members.path.wants("a part with data")
            } else {
                result.parts.append(Part(.native(value, of: .gemini)))
            }
        }
        return result
    }
}

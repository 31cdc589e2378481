import Shared

/// Writes the history: `contents` and `systemInstruction`.
extension GeminiRequestWriter {
    /// A content to be written: turns of one role that follow each other.
    struct Content {
        var isModel: Bool
        var parts: [Part] = []
        /// Of the contents that it came from, in this dialect.
        var members: [JSONObject.Member] = []
    }

    /// The calls so far by their identities: which function, and which of all calls.
    typealias Calls = [String: (name: String, place: Int)]

    /// A signature that says that there is none, for a call that another model made or whose caller lost it.
    ///
    /// - Source: Google, "Thought signatures", on histories from other models.
    static let skippedSignature = "skip_thought_signature_validator"

    /// - Errors: `inexpressible` where nobody says anything.
    mutating func writeHistory() throws(TranslationError) {
        var (system, contents) = gather()
        if !target.capabilities.systemMessages, !system.isEmpty {
            if contents.first?.isModel != false { contents.insert(Content(isModel: false), at: 0) }
            contents[0].parts.insert(contentsOf: system, at: 0)
            system = []
        } else if contents.isEmpty, !system.isEmpty {
            // Instructions alone are refused; said by the user they ask for the same.
            contents = [Content(isModel: false, parts: system)]
            system = []
            rendered.adjust("messages[].role")
        }
        guard !contents.isEmpty else {
            throw .inexpressible(field: "messages", reason: "Gemini wants a message that is not empty")
        }
        write(contents)
        guard !system.isEmpty else { return }
        writer.name("systemInstruction")
        writer.beginObject()
        writer.name("parts")
        writer.beginArray()
        GeminiPartWriter.write(system, to: &writer)
        writer.endArray()
        for turn in conversation.turns where turn.role == .system {
            for member in turn.extras.members(for: .gemini) { GeminiPartWriter.write(member, to: &writer) }
        }
        writer.endObject()
    }

    // MARK: What is written

    private mutating func gather() -> (system: [Part], contents: [Content]) {
        var system: [Part] = []
        var contents: [Content] = []
        for turn in conversation.turns {
            drop(turn.extras, under: "messages[].")
            if turn.name != nil { rendered.drop("messages[].name") }
            let parts = turn.parts.filter { isKept($0) }.map { written($0) }
            if turn.role == .system || turn.role == .developer {
                system += parts.filter { isInstruction($0) }
                continue
            }
            guard !parts.isEmpty else { continue }
            let isModel = turn.role == .assistant
            if contents.last?.isModel != isModel { contents.append(Content(isModel: isModel)) }
            contents[contents.count - 1].parts += parts
            contents[contents.count - 1].members += turn.extras.members(for: .gemini)
        }
        return (system, contents)
    }

    /// A signature that stood on a text has come back from a caller of another dialect as a thought that is empty.
    private func written(_ part: Part) -> Part {
        guard !isOurs, case .thinking(var thinking) = part.content, thinking.text?.isEmpty == true else { return part }
        thinking.text = nil
        return Part(.thinking(thinking))
    }

    private mutating func isInstruction(_ part: Part) -> Bool {
        switch part.content {
        case .text: return true
        // Of Gemini's own callers: the provider knows best.
        case .native: return true
        default:
            rendered.drop("messages[].content")
            return false
        }
    }

    /// Whether Gemini can be told the part; what it cannot be told is reported.
    private mutating func isKept(_ part: Part) -> Bool {
        switch part.content {
        // An empty text is refused, and says nothing.
        case .text(let text), .refusal(let text): if text.isEmpty { return false }
        case .thinking(let thinking): return thinking.origin == .gemini
        case .image(let media): if !isKept(media, target.capabilities.images, "image_url") { return false }
        case .document(let media): if !isKept(media, target.capabilities.documents, "file") { return false }
        case .audio(let media): if !isKept(media, target.capabilities.audio, "input_audio") { return false }
        case .video(let media): if !isKept(media, true, "video_url") { return false }
        case .toolCall(let call):
            drop(call.extras, under: "messages[].")
            if !GeminiPartWriter.isObject(call.arguments) {
                rendered.adjust("messages[].tool_calls[].function.arguments")
            }
        case .toolResult(let result):
            drop(result.extras, under: "messages[].")
        case .native(let value, let origin):
            if origin != .gemini {
                rendered.drop("messages[]." + (value["type"]?.string ?? value.object?.names.first ?? "content"))
                return false
            }
        }
        drop(part.extras, under: "messages[].")
        return true
    }

    private mutating func isKept(_ media: Media, _ isCapable: Bool, _ name: String) -> Bool {
        guard isCapable, GeminiPartWriter.canWrite(media) else {
            rendered.drop("messages[]." + name)
            return false
        }
        if let detail = media.detail, detail != "auto" { rendered.drop("messages[].image_url.detail") }
        // Names of files are not told, and not missed: OpenAI wants one of every document, and no model answers by them.
        drop(media.extras, under: "messages[].")
        return true
    }

    // MARK: Writing

    private mutating func write(_ contents: [Content]) {
        // Google checks signatures from the last thing that the user said on: what answers a call is no such thing.
        let loopStart = contents.lastIndex { !$0.isModel && !$0.parts.contains(where: \.isToolResult) } ?? -1
        let wantsSignatures = family.wantsSignatures && target.capabilities.reasoning
        var calls: Calls = [:]
        writer.name("contents")
        writer.beginArray()
        for (index, content) in contents.enumerated() {
            writer.beginObject()
            writer.member("role", content.isModel ? "model" : "user")
            writer.name("parts")
            writer.beginArray()
            write(content.parts, isSigned: wantsSignatures && index > loopStart, noting: &calls)
            writer.endArray()
            for member in content.members { GeminiPartWriter.write(member, to: &writer) }
            writer.endObject()
        }
        writer.endArray()
    }

    /// - Parameter isSigned: the first call needs a signature. Calls beside it have none, by Google's own making.
    private mutating func write(_ parts: [Part], isSigned: Bool, noting calls: inout Calls) {
        var needsSignature = isSigned
        var beside: [Part] = []
        let parts = Self.ordered(parts, calls)
        for (index, part) in parts.enumerated() {
            let extras = part.extras.members(for: .gemini)
            switch part.content {
            case .toolCall(let call):
                write(call, extras, orElse: needsSignature ? Self.skippedSignature : nil, noting: &calls)
                needsSignature = false
            case .toolResult(let result): beside += write(result, extras, calls)
            default:
                guard !GeminiPartWriter.isAttached(index, in: parts) else { continue }
                GeminiPartWriter.write(part, followedBy: parts.dropFirst(index + 1).first, to: &writer)
            }
        }
        GeminiPartWriter.write(beside, to: &writer)
    }

    private mutating func write(
        _ call: ToolCall, _ extras: [JSONObject.Member], orElse signature: String?, noting calls: inout Calls
    ) {
        let (id, carried) = SignedCallID.split(call.id)
        calls[id] = (call.name, calls.count)
        GeminiPartWriter.write(
            call, id: written(id), name: names.name(for: call.name), signature: call.signature ?? carried ?? signature,
            extras: extras, to: &writer)
    }

    /// Results of one function in the order of their calls: without identities Gemini has nothing else to pair them by.
    private static func ordered(_ parts: [Part], _ calls: Calls) -> [Part] {
        var places: [String: [Int]] = [:]
        for (index, part) in parts.enumerated() {
            guard case .toolResult(let result) = part.content else { continue }
            if let call = calls[SignedCallID.plain(result.callID)] { places[call.name, default: []].append(index) }
        }
        var ordered = parts
        for indices in places.values where indices.count > 1 {
            let sorted = indices.sorted { Self.place(parts[$0], calls) < Self.place(parts[$1], calls) }
            for (slot, source) in zip(indices, sorted) { ordered[slot] = parts[source] }
        }
        return ordered
    }

    private static func place(_ part: Part, _ calls: Calls) -> Int {
        guard case .toolResult(let result) = part.content else { return .max }
        return calls[SignedCallID.plain(result.callID)]?.place ?? .max
    }

    /// The identity that Gemini gets: none that was made up on the way.
    private func written(_ id: String) -> String? { id.isEmpty || GeminiCallIDs.isMade(id) ? nil : id }

    /// - Returns: media that have to stand beside the result.
    private mutating func write(_ result: ToolResult, _ extras: [JSONObject.Member], _ calls: Calls) -> [Part] {
        let id = SignedCallID.plain(result.callID)
        let name = calls[id]?.name ?? result.name ?? id
        let media = result.parts.filter { $0.isMedia && isKept($0) }
        let inside = media.filter { $0.isOwn || family.takesMediaInResults && $0.isInlineMedia }
        writer.beginObject()
        writer.name("functionResponse")
        writer.beginObject()
        if let id = written(id) { writer.member("id", id) }
        writer.member("name", names.name(for: name))
        writer.name("response")
        GeminiResponses.object(of: result).write(to: &writer)
        if !inside.isEmpty {
            writer.name("parts")
            writer.beginArray()
            GeminiPartWriter.write(inside, to: &writer)
            writer.endArray()
        }
        for member in result.extras.members(for: .gemini) where !GeminiResponses.isTextName(member) {
            GeminiPartWriter.write(member, to: &writer)
        }
        writer.endObject()
        for member in extras { GeminiPartWriter.write(member, to: &writer) }
        writer.endObject()
        return media.filter { !inside.contains($0) }
    }
}

extension Part {
    fileprivate var isToolResult: Bool { if case .toolResult = content { true } else { false } }

    fileprivate var isMedia: Bool {
        switch content {
        case .image, .audio, .video: true
        // A text that came as a document is text.
        case .document(let media): if case .text = media.source { false } else { true }
        default: isOwn
        }
    }

    /// Of a kind that only Gemini knows.
    fileprivate var isOwn: Bool { if case .native(_, of: .gemini) = content { true } else { false } }

    fileprivate var isInlineMedia: Bool {
        switch content {
        case .image(let media), .document(let media), .audio(let media), .video(let media):
            GeminiPartWriter.isInline(media)
        default: false
        }
    }
}
